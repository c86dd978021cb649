"""The checks that read programs: cheats that each must stop, and honest odd ones that none may.

The programs lie in `programs/`, as texts, so that nothing imports or formats them. A cheat is named
`<check that stops it>--<how it cheats>`.
"""

import statistics
from pathlib import Path

import pytest

from curie.domain.plan import Varied
from curie.domain.system import Metric
from curie.rigor import GATES, SetupEvidence, judge
from curie.rigor.checks.program_readable import program_readable
from curie.rigor.checks.seeds_obeyed import seeds_obeyed
from curie.rigor.flow import flow
from curie.sandbox import manifest
from tests.rigor.build import COMPARISONS, DEPTH, SORT_MS, arm, plan
from tests.rigor.trials import program, setup, source

PROGRAMS = Path(__file__).parent / "programs"
SYSTEMS = Path(__file__).parents[2] / "sandboxes"
READERS = tuple(
    check
    for check in GATES["setup"]
    if check.__name__
    in {
        "files_pinned", "program_readable", "factors_read", "factors_used", "results_computed",
        "errors_surface", "clocks_untouched", "seeds_obeyed", "stays_inside", "no_way_out",
        "effort_equal", "results_unscaled", "failures_not_guessed", "units_agree", "time_of_work",
        "seed_followed", "trial_starts_bare", "result_is_last", "comparisons_honest",
        "levels_named_right", "factor_as_given", "best_not_kept", "work_counts",
        "nothing_remembered",
    }
)  # fmt: skip


ALWAYS_IN_COMPANY = {"factors_read", "factors_used"}
"""Who neither reads nor uses its factor reports what no work stands behind, as a rule."""


LARGE = 9_000
CALLS_ALL = """
from sandboxes.contract import read_config, write_result
config = read_config(".")
for name, value in list(globals().items()):
    write_result(".", config, {name: (value, "1")})
"""


def texts(kind):
    """The programs of a kind, by name."""
    files = sorted((PROGRAMS / kind).glob("*.py.txt"))
    return [pytest.param(f.read_text("utf-8"), id=f.name.removesuffix(".py.txt")) for f in files]


ACCURACY = Metric(name="test_accuracy", unit="share", low=0.0, high=1.0, noise="seeded")


def read(evidence):
    """What the readers say of a program; a plan that measures an accuracy as well."""
    measured = plan(metrics=(COMPARISONS, SORT_MS, DEPTH, ACCURACY))
    asked = type(evidence)(measured, evidence.system, evidence.setup)
    return judge("setup", asked, subject="s1", round=1, checks=READERS)


@pytest.mark.parametrize("text", texts("honest"))
def test_an_honest_program_is_let_pass_however_odd(text):
    assert read(program(text)).failures == ()


@pytest.mark.parametrize(
    ("check", "text"),
    [pytest.param(p.id.split("--")[0], *p.values, id=p.id) for p in texts("cheats")],
)
def test_a_cheat_is_stopped_by_the_check_that_looks_for_it(check, text):
    failures = {f.check: f for f in read(program(text)).failures}
    assert check in failures
    assert failures[check].remedy == "rebuild"


def test_every_reader_has_a_cheat_that_it_alone_stops():
    reasons = {p.id: {f.check for f in read(program(*p.values)).failures} for p in texts("cheats")}
    alone = {next(iter(r)) for i, r in reasons.items() if len(r) == 1 and i.split("--")[0] in r}
    assert {i.split("--")[0] for i in reasons} - alone == ALWAYS_IN_COMPANY


def test_every_reader_has_a_cheat_that_it_stops():
    stopped = {p.id.split("--")[0] for p in texts("cheats")}
    assert {c.__name__ for c in READERS} - stopped == {"files_pinned"}


@pytest.mark.parametrize("name", ["workbench", "vector_index", "perseus"])
def test_the_shipped_systems_would_be_let_pass_if_a_technician_had_written_them(name):
    files = sorted((SYSTEMS / name).glob("*.py"))
    pinned = [source(f.read_text("utf-8"), f.name) for f in files]
    evidence = program("", *pinned)
    quiet = {"factors_read", "factors_used"} if name != "workbench" else set()
    assert [f for f in read(evidence).failures if f.check not in quiet] == []


@pytest.mark.parametrize(
    ("name", "factor", "levels"),
    [
        ("perseus", "planner", ("all_max", "perseus", "envpipe")),
        ("vector_index", "index", ("flat", "hnsw", "ivf_pq")),
        ("vector_index", "ef_search", (8, 64)),
    ],
)
def test_a_shipped_system_that_a_person_hands_in_is_followed_and_let_pass(name, factor, levels):
    known = manifest.load(SYSTEMS / name)
    files = [f for f in (SYSTEMS / name).rglob("*") if f.suffix in (".py", ".csv", ".toml")]
    pinned = [source(f.read_text("utf-8"), str(f.relative_to(SYSTEMS / name))) for f in files]
    arms = [arm("control" if i == 0 else f"t{i}", **{factor: x}) for i, x in enumerate(levels)]
    asked = plan(
        system=name,
        factors=known.factors,
        metrics=known.metrics,
        vary=(Varied(factor=factor, levels=levels),),
        arms=tuple(arms),
    )
    handed = setup(written_by="workspace", files=tuple(pinned), argv=("python", "-m", name, "."))
    evidence = SetupEvidence(plan=asked, system=known, setup=handed)
    verdict = judge("setup", evidence, subject="s1", round=1, checks=READERS)
    assert verdict.failures == ()
    assert flow(asked, handed).understood


@pytest.mark.parametrize("letter", "bcdfghkmnopqstuw")
def test_no_reader_crashes_on_a_program_of_pythons_own(letter):
    library = Path(statistics.__file__).parent
    small = [f for f in sorted(library.glob(f"{letter}*.py")) if f.stat().st_size < LARGE]
    for file in small[:2]:
        text = file.read_text("utf-8") + CALLS_ALL
        assert [f for f in read(program(text)).findings if f.status == "error"] == [], file.name


def test_a_shipped_program_is_not_read_at_all():
    cheat = (PROGRAMS / "cheats" / "results_computed--constant.py.txt").read_text("utf-8")
    verdict = read(program(cheat, written_by="shipped"))
    assert verdict.accepted
    assert {f.status for f in verdict.findings if f.check != "files_pinned"} == {"skipped"}


def test_a_persons_own_code_may_start_programs_and_the_report_says_so():
    text = (PROGRAMS / "cheats" / "no_way_out--shell.py.txt").read_text("utf-8")
    verdict = read(program(text, written_by="workspace"))
    assert {f.check: f.status for f in verdict.findings}["no_way_out"] == "warned"
    assert verdict.accepted


def test_a_program_without_python_cannot_be_read():
    shell = setup(written_by="technician", files=(source("#!/bin/sh\n", "run.sh"),))
    evidence = program("")
    assert program_readable(type(evidence)(evidence.plan, evidence.system, shell)).status == (
        "failed"
    )


def test_a_fixed_seed_beside_the_given_one_is_a_warning():
    honest = (PROGRAMS / "honest" / "fixed_data_seeded_queries.py.txt").read_text("utf-8")
    assert seeds_obeyed(program(honest)).status == "warned"


def test_where_nothing_is_declared_seeded_a_fixed_seed_is_no_matter():
    fixed = (PROGRAMS / "cheats" / "seeds_obeyed--fixed.py.txt").read_text("utf-8")
    evidence = program(fixed)
    calm = plan(metrics=(SORT_MS, DEPTH))
    assert seeds_obeyed(type(evidence)(calm, evidence.system, evidence.setup)).status == "passed"


def test_a_finding_says_where_to_look():
    text = (PROGRAMS / "cheats" / "no_way_out--shell.py.txt").read_text("utf-8")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "os.system" in row)
    assert f"program.py:{line}" in read(program(text)).failures[0].detail
