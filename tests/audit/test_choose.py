"""Which cases are tried, and how they are counted."""

from pathlib import Path

import pytest
from scipy import stats

from curie.app.audit.audit import Audit
from curie.app.audit.case import Case
from curie.app.audit.choose import Choice, chosen, corpus_folder
from curie.app.audit.one_case import Tried
from curie.app.audit.tally import audit_json, cheats, families, honest, meets
from curie.app.audit.words import interval, notes, total_rows
from curie.domain.errors import UsageError
from curie.stats.intervals import wilson
from tests.audit.kiln import case

CASES = tuple(
    case(name=f"{kind}/{half}/{family}/{n}", kind=kind, half=half, family=family)
    for kind, family in (("cheats", "lies"), ("cheats", "tables"), ("honest", "plain"))
    for half in ("development", "held_out")
    for n in range(3)
)


def names(*cases: Case) -> set[str]:
    return {c.name for c in cases}


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (Choice(), 18),
        (Choice(half="held_out"), 9),
        (Choice(only=("lies",)), 6),
        (Choice(only=("lies", "honest/*")), 12),
        (Choice(only=("lies",), half="development"), 3),
        (Choice(only=("*/tables/2",)), 2),
        (Choice(only=("2",)), 6),
        (Choice(sample=5), 5),
        (Choice(sample=500), 18),
    ],
)
def test_cases_are_chosen_by_name_family_half_and_lot(choice: Choice, count: int):
    picked = chosen(CASES, choice)
    assert len(names(*picked)) == len(picked) == count
    assert [c for c in CASES if c in picked] == list(picked)


def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another():
    assert chosen(CASES, Choice(sample=5, seed=1)) == chosen(CASES, Choice(sample=5, seed=1))
    drawn = [names(*chosen(CASES, Choice(sample=5, seed=seed))) for seed in range(5)]
    assert len({frozenset(d) for d in drawn}) > 1


def test_a_corpus_is_named_or_found_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert corpus_folder(tmp_path) == tmp_path
    (tmp_path / "tests/sabotage/experiments").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert corpus_folder(None).resolve() == tmp_path / "tests/sabotage"


def ended(kind: str, how: str, *, half: str = "development", family: str = "lies") -> Tried:
    return Tried.model_validate(
        {
            "case": f"{kind}/{half}/{family}/{how}",
            "kind": kind,
            "half": half,
            "family": family,
            "how": how,
            "gate": "setup" if how == "stopped" else "",
            "checks": ("seeds_obeyed",) if how == "stopped" else (),
            "why": "supported" if how == "let_through" else "because",
        }
    )


AUDIT = Audit(
    (
        ended("cheats", "stopped"),
        ended("cheats", "stopped", half="held_out"),
        ended("cheats", "let_through", family="tables"),
        ended("cheats", "broken", family="tables"),
        ended("honest", "stopped", family="plain"),
        ended("honest", "let_through", family="plain", half="held_out"),
    ),
    planned=6,
    sandbox="process",
)


def test_what_broke_does_not_count():
    assert cheats(AUDIT).as_json() == {"n": 3, "stopped": 2}
    assert cheats(AUDIT, "held_out").as_json() == {"n": 1, "stopped": 1}
    assert honest(AUDIT).as_json() == {"n": 2, "stopped": 1}
    assert families(AUDIT)["tables"].as_json() == {"n": 1, "stopped": 0}
    assert [b["case"] for b in audit_json(AUDIT)["broken"]] == ["cheats/development/tables/broken"]


def test_what_slipped_through_and_what_was_a_false_alarm_is_named():
    found = audit_json(AUDIT)
    assert found["missed"] == [
        {
            "case": "cheats/development/tables/let_through",
            "family": "tables",
            "half": "development",
            "why": "supported",
        }
    ]
    assert [(f["case"], f["gate"], f["checks"]) for f in found["false_alarms"]] == [
        ("honest/development/plain/stopped", "setup", ["seeds_obeyed"])
    ]
    said = dict(notes(AUDIT))
    assert "seeds_obeyed" in said["False alarms"][0]
    assert "tables" in said["Slipped through"][0]


@pytest.mark.parametrize(
    ("catch", "alarm", "met"),
    [(0.6, 0.5, True), (0.7, 0.5, False), (0.6, 0.4, False), (0.0, 1.0, True)],
)
def test_a_demand_is_on_both_shares(catch: float, alarm: float, met: bool):
    assert meets(AUDIT, catch=catch, alarm=alarm) is met


def test_no_case_meets_no_demand():
    none = Audit(AUDIT.tried[:3], planned=3, sandbox="process")
    assert not meets(none, catch=0.0, alarm=1.0)


def test_each_half_has_its_row_and_all_have_one():
    assert [row[0] for row in total_rows(AUDIT)] == ["development", "held out", "all cases"]
    assert total_rows(AUDIT)[-1][1] == "2 of 3 (66.7 %)"
    assert interval(cheats(AUDIT)) == "20.8 % to 93.9 %"


@pytest.mark.parametrize(("hits", "of"), [(0, 7), (7, 7), (2, 3), (118, 120), (1, 400)])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_wilsons_interval_is_that_of_scipy(hits: int, of: int, confidence: float):
    theirs = stats.binomtest(hits, of).proportion_ci(confidence, method="wilson")
    assert wilson(hits, of, confidence) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_of_none_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_glob_that_means_nothing_is_refused():
    with pytest.raises(UsageError, match="is like this"):
        chosen(CASES, Choice(only=("tabels",)))
