"""Each dishonest executor does what it says, and the ledger shows what an honest one would not."""

from pathlib import Path
from typing import Any

import pytest

from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Frozen, Plan
from curie.domain.setup import Started
from tests.audit.kiln import Done, Json, Kiln, cracks, tried

OTHER = "print('another program')\n"

ALL: tuple[Json, ...] = (
    {"op": "settings", "arm": "t1", "settings": [{"factor": "heat", "level": 950}]},
    {"op": "swap", "arms": ["control", "t1"]},
    {"op": "limits", "arm": "t1", "cpus": 2.0, "memory_mib": 512, "time_limit_s": 7.0},
    {"op": "image", "arm": "t1"},
    {"op": "program", "arm": "t1", "program": OTHER},
    {"op": "reuse_box", "arm": "t1"},
    {"op": "best_of", "arm": "t1", "metric": "cracks", "times": 5, "goal": "lowest"},
    {"op": "copy", "from": "control", "to": "t1", "times": 1.1},
    {"op": "edit", "arm": "t1", "metric": "cracks", "times": 0.9, "plus": 1.0},
    {"op": "round", "metric": "cracks", "digits": 0},
    {"op": "omit", "arm": "t1", "count": 2},
    {"op": "drop_worst", "arm": "t1", "metric": "cracks", "count": 2, "goal": "lowest"},
    {"op": "extra", "arm": "t1", "count": 2},
    {"op": "treatment_first"},
    {"op": "replan"},
    {"op": "stale_nonce", "arm": "t1"},
    {"op": "same_seed", "arm": "t1"},
)


def done(folder: Path, op: str, **changes: Any) -> Done:
    """The case with that deed, run to its end."""
    deed = next(t for t in ALL if t["op"] == op)
    return tried(folder, Kiln(), {**deed, **changes})


def honest(seeds: Any, heat: int) -> dict[int, float]:
    return {seed: cracks(heat, seed) for seed in seeds}


def test_with_no_deed_the_ledger_tells_what_was_run(tmp_path: Path):
    run = tried(tmp_path, Kiln())
    seeds = run.dossier.of(Plan)[0].seeds
    assert run.values("control") == honest(seeds, 600)
    assert run.values("t1") == honest(seeds, 900)
    assert len({f.box for f in run.kiln.fired}) == len(run.kiln.fired)
    assert all(box.closed for box in run.kiln.boxes)


@pytest.mark.parametrize("deed", ALL, ids=lambda deed: deed["op"])
def test_every_deed_is_done_and_all_else_stays_honest(tmp_path: Path, deed: Json):
    run = tried(tmp_path, Kiln(), deed, without=("intra",))
    assert run.undone == ()
    told = {m.trial: m.result for m in run.dossier.of(Measured)}
    apart = [s for s in run.dossier.of(Started) if s.phase in ("probe", "reexecution")]
    if deed["op"] not in ("swap", "round"):
        apart += run.started("control")
    assert apart
    for started in apart:
        heat = next(s.level for s in started.settings if s.factor == "heat")
        assert told[started.trial].metrics[0].value == cracks(heat, started.seed)
        assert told[started.trial].nonce == started.nonce
    assert all(box.closed for box in run.kiln.boxes)


def test_a_deed_on_an_arm_that_does_not_exist_is_never_done(tmp_path: Path):
    assert done(tmp_path, "edit", arm="t9").undone == ("edit",)


def test_other_settings_are_run_and_the_planned_ones_told(tmp_path: Path):
    run = done(tmp_path, "settings")
    assert {f.config["settings"]["heat"] for f in run.fired("t1")} == {950}
    assert {s.settings for s in run.started("t1")} == {_heat(run, 900)}
    assert run.values("t1") == honest(run.values("t1"), 950)


def test_swapped_arms_run_each_others_settings(tmp_path: Path):
    run = done(tmp_path, "swap")
    assert run.values("t1") == honest(run.values("t1"), 600)
    assert run.values("control") == honest(run.values("control"), 900)
    assert {s.settings for s in run.started("t1")} == {_heat(run, 900)}


def test_one_arm_gets_other_limits(tmp_path: Path):
    run = done(tmp_path, "limits")
    specs = [f.spec for f in run.fired("t1")]
    given = {(s.resources.cpus, s.resources.memory_mib, s.time_limit_s) for s in specs}
    assert given == {(2.0, 512, 7.0)}
    assert {f.spec.resources.memory_mib for f in run.fired("control")} != {512}


def test_one_arm_gets_an_image_of_its_own_that_was_really_built(tmp_path: Path):
    run = done(tmp_path, "image")
    ours, theirs = ({f.spec.image.digest for f in run.fired(a)} for a in ("t1", "control"))
    assert len(ours) == len(theirs) == 1
    assert ours != theirs
    assert len(run.kiln.built) == 2
    assert run.kiln.built[0] != run.kiln.built[1]


def test_one_arm_gets_another_program(tmp_path: Path):
    run = done(tmp_path, "program")
    assert {f.text for x in run.fired("t1") for f in x.spec.files} == {OTHER}
    assert OTHER not in {f.text for x in run.fired("control") for f in x.spec.files}


def test_an_arm_in_one_box_shows_by_the_boxs_name(tmp_path: Path):
    run = done(tmp_path, "reuse_box")
    ours = {s.trial for s in run.started("t1")}
    assert len(ours) > 1
    assert len({m.box for m in run.dossier.of(Measured) if m.trial in ours}) == 1


def test_the_best_of_five_is_told_as_the_only_one(tmp_path: Path):
    run = done(tmp_path, "best_of")
    plain = honest(run.values("t1"), 900)
    assert all(run.values("t1")[seed] <= plain[seed] for seed in plain)
    assert sum(run.values("t1").values()) < sum(plain.values())
    assert len(run.fired("t1")) == 5 * len(plain)
    assert len(run.started("t1")) == len(plain)
    assert {m.result.seed for m in run.dossier.of(Measured) if "/t1/" in m.trial} == set(plain)


def test_a_copied_arm_has_the_numbers_of_the_other_and_names_of_its_own(tmp_path: Path):
    run = done(tmp_path, "copy")
    control = run.values("control")
    assert run.values("t1") == {seed: control[seed] * 1.1 for seed in control}
    nonces = {s.trial: s.nonce for s in run.started("t1")}
    assert all(
        m.result.nonce == nonces[m.trial] for m in run.dossier.of(Measured) if m.trial in nonces
    )


def test_an_edited_metric_is_scaled_and_shifted(tmp_path: Path):
    run = done(tmp_path, "edit")
    plain = honest(run.values("t1"), 900)
    assert run.values("t1") == {seed: value * 0.9 + 1.0 for seed, value in plain.items()}


def test_a_rounded_metric_is_rounded_in_every_arm(tmp_path: Path):
    run = done(tmp_path, "round")
    for arm, heat in (("control", 600), ("t1", 900)):
        plain = honest(run.values(arm), heat)
        assert run.values(arm) == {seed: round(value) for seed, value in plain.items()}


def test_omitted_trials_are_never_begun(tmp_path: Path):
    run = done(tmp_path, "omit")
    seeds = run.dossier.of(Plan)[0].seeds
    assert len(run.started("t1")) == len(run.fired("t1")) == len(seeds) - 2


def test_the_worst_trials_ran_and_leave_no_trace(tmp_path: Path):
    run = done(tmp_path, "drop_worst")
    seeds = run.dossier.of(Plan)[0].seeds
    plain = honest(seeds, 900)
    worst = sorted(plain, key=lambda seed: plain[seed])[-2:]
    assert set(run.values("t1")) == set(seeds) - set(worst)
    assert {s.seed for s in run.started("t1")} == set(seeds) - set(worst)
    ran = [f for f in run.kiln.fired if f.config["settings"]["heat"] == 900]
    assert {f.config["seed"] for f in ran} >= set(seeds)


def test_extra_trials_are_on_seeds_that_were_never_planned(tmp_path: Path):
    run = done(tmp_path, "extra")
    seeds = run.dossier.of(Plan)[0].seeds
    last = max(seeds)
    assert set(run.values("t1")) == {*seeds, last + 1, last + 2}


def test_the_treatments_come_first(tmp_path: Path):
    run = done(tmp_path, "treatment_first")
    begun = [s.arm for s in run.dossier.of(Started)]
    assert begun.index("t1") < begun.index("control")
    assert begun.count("t1") == len(run.dossier.of(Plan)[0].seeds)


def test_the_plan_is_another_after_it_was_frozen(tmp_path: Path):
    run = done(tmp_path, "replan")
    first, second = run.dossier.of(Plan)
    assert run.dossier.of(Frozen)[0].sha256 == first.fingerprint() != second.fingerprint()
    assert second.alpha == 4 * first.alpha
    facts = [e.body for e in run.dossier.entries]
    assert facts.index(run.dossier.of(Frozen)[0]) < facts.index(second)


def test_a_stale_result_has_the_nonce_of_another_trial(tmp_path: Path):
    run = done(tmp_path, "stale_nonce")
    ours = {s.trial: s for s in run.started("t1")}
    told = [m for m in run.dossier.of(Measured) if m.trial in ours]
    assert {m.result.nonce for m in told} == {ours[told[0].trial].nonce}
    assert len(set(run.values("t1").values())) == 1


def test_an_arm_on_one_seed_tells_the_seeds_of_its_trials(tmp_path: Path):
    run = done(tmp_path, "same_seed")
    first = run.dossier.of(Plan)[0].seeds[0]
    assert {f.config["seed"] for f in run.fired("t1")} == {first}
    assert set(run.values("t1").values()) == {cracks(900, first)}
    assert len(run.values("t1")) == len(run.dossier.of(Plan)[0].seeds)


def test_a_swallowed_failure_is_a_number(tmp_path: Path):
    kiln = Kiln(fails_at=frozenset({900}))
    run = tried(tmp_path, kiln, {"op": "swallow_failures", "arm": "t1", "value": 42.0})
    assert set(run.values("t1").values()) == {42.0}
    assert run.dossier.of(Failed) == ()
    assert run.undone == ()


def test_without_the_deed_a_failure_stays_a_failure(tmp_path: Path):
    run = tried(tmp_path, Kiln(fails_at=frozenset({900})))
    assert run.values("t1") == {}
    assert len(run.dossier.of(Failed)) == len(run.started("t1"))


def _heat(run: Done, level: int) -> Any:
    plan = run.dossier.of(Plan)[0]
    arm = next(a for a in plan.arms if plan.full_settings(a)[0].level == level)
    return plan.full_settings(arm)
