"""Which probes and re-executions are run, and what is put into their boxes."""

from curie.domain.setting import level_of
from curie.graph.trials import before, probe_seeds, probes, reexecutions
from curie.rigor.probing import BASE, NONSENSE, SEED_TOO, USED, wanted_probes
from tests.rigor.build import plan, size_plan
from tests.rigor.trials import measured, setup, started

WRITTEN = setup(written_by="technician")


def arms(trials):
    return [t.arm for t in trials]


def test_a_shipped_program_gets_the_probes_that_its_gate_asks_for_and_no_more():
    assert tuple(arms(probes(plan(), setup()))) == wanted_probes(plan())


def test_a_written_program_is_also_given_a_used_box_and_inputs_that_it_has_to_refuse():
    more = {t.arm: t for t in probes(plan(), WRITTEN)}
    assert more.keys() - set(wanted_probes(plan())) == {
        SEED_TOO,
        USED,
        "probe:missing algorithm",
        "probe:nonsense algorithm",
    }
    assert level_of(more["probe:missing algorithm"].settings, "algorithm") is None
    assert level_of(more["probe:nonsense algorithm"].settings, "algorithm") == NONSENSE
    assert {t.phase for t in more.values() if " " in t.arm and t.arm != SEED_TOO} == {"refusal"}
    assert more[USED].settings == more[BASE].settings


def test_a_program_is_also_tried_without_its_data_set():
    assert "probe:missing data" in arms(probes(plan(), WRITTEN.but(dataset_sha256="0" * 64)))


def test_probes_run_on_seeds_of_the_plan_so_that_no_program_knows_them():
    assert {t.seed for t in probes(plan(), WRITTEN)} == set(plan().seeds[:3])
    assert probe_seeds(plan(seeds=(7,))) == (7, 8, 9)


def test_another_seed_and_a_moved_factor_run_before_the_probe_of_a_used_box_only():
    tried = probes(plan(), WRITTEN)
    used = next(t for t in tried if t.arm == USED)
    first, second = before(plan(), used, WRITTEN)
    assert (first.seed, first.settings) != (used.seed, used.settings)
    assert second.settings != used.settings
    assert {before(plan(), t, WRITTEN) for t in tried if t is not used} == {()}


def test_every_arm_has_a_trial_among_those_that_are_run_once_more():
    many = size_plan(levels=(1, 2, 3, 4, 5, 6))
    starts = [started(t) for p in ("control", "treatment") for t in many.trials(p)]
    outcomes = [measured(s) for s in starts]
    sample = reexecutions(many, outcomes, starts)
    assert sorted(arms(sample)) == sorted(a.id for a in many.arms)
    assert sample == reexecutions(many, outcomes, starts)
    other = many.but(order_seed=8)
    assert sample != reexecutions(other, outcomes, starts)
