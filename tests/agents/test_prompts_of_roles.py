"""What the models are told: everything that they need, and nothing that gives answers away."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from curie.agents.briefs import AnalystBrief, ReviewerBrief, TechnicianBrief
from curie.agents.technician import source_file
from curie.domain.binding import FIELDS, bind
from curie.domain.outcome import Result
from curie.domain.plan import Program, Varied
from curie.domain.system import Factor, Metric
from curie.prompts import PromptBook, prompts_folder
from curie.rigor import SetupEvidence, judge
from tests.agents.asking import brief, systems
from tests.agents.test_model_roles import FOUND
from tests.domain.samples import KILN, PLAN, SETUP, VERDICT, held

ROOT = Path(__file__).parents[2]
BOOK = PromptBook(prompts_folder())
ASKED = brief("How does efSearch change recall?")
CACHE = PLAN.but(
    factors=(
        Factor(name="policy", type="str", default="lru", levels=("lru", "fifo")),
        Factor(name="capacity", type="int", default=64, low=1, high=4096),
    ),
    metrics=(
        Metric(name="hit_share", unit="share", noise="seeded"),
        Metric(name="replay_ms", unit="ms", noise="timing"),
    ),
    vary=(
        Varied(factor="policy", levels=("lru", "fifo")),
        Varied(factor="capacity", levels=(16, 64)),
    ),
)
TOLD = TechnicianBrief(plan=PLAN, system=KILN, actions_left=5)


def text(role, told):
    system, user = BOOK.render(role, told).messages
    return system.content, user.content


def test_the_architect_is_told_every_factor_metric_and_need_of_every_system():
    _, user = text("architect", ASKED)
    for system in systems():
        for named in (*system.factors, *system.metrics):
            assert f"- {named.name}: " in user
    assert "does nothing unless index=hnsw" in user
    assert "(a workbench: the plan declares the program)" in user


def test_the_architect_is_not_told_what_was_published_about_a_system():
    user = text("architect", ASKED)[1]
    for system in systems():
        for published in system.claims:
            assert published.figure not in user
            assert published.source not in user


def test_only_tested_kinds_of_claims_are_explained_to_the_architect():
    system, _ = text("architect", ASKED.but(tested=("trend",)))
    assert "- trend: " in system
    assert "- law: " not in system
    assert "- ranking: " not in system


def test_programs_are_explained_only_where_a_system_brings_none():
    shipped = tuple(s for s in systems() if s.brings_program)
    assert "# Systems without a program" in text("architect", ASKED)[0]
    assert "# Systems without a program" not in text("architect", ASKED.but(systems=shipped))[0]


def test_the_architect_is_told_why_its_plan_was_refused_and_what_the_person_said():
    told = ASKED.but(earlier=(PLAN,), verdicts=(VERDICT,), comments=("hotter",), trials_left=77)
    _, user = text("architect", told)
    for part in ("power: too few", "- hotter", "At most 77 trials", "p1 on kiln"):
        assert part in user
    assert "control: there is one" not in user


def test_the_technician_is_told_names_units_and_levels_to_the_letter():
    program = Program(purpose="fire a pot", factors=PLAN.factors, metrics=PLAN.metrics)
    _, user = text("technician", TOLD.but(plan=PLAN.but(program=program)))
    for part in ('- shrinkage: unit "%"', "- peak_c: float in °C, from 600 to 1300", "fire a pot"):
        assert part in user
    assert "- peak_c at [900.0, 1000.0, 1100.0]" in user


def test_the_technician_is_shown_the_config_that_lies_in_its_folder():
    told = TOLD.but(config='{"seed": 900001}', command_limit_s=45.0)
    system, user = text("technician", told)
    assert 'config.json:\n````\n{"seed": 900001}\n````' in user
    assert "longer than 45 s" in system


def test_numbers_that_lie_close_together_can_be_told_apart_by_the_analyst():
    near = FOUND.analyses[0].but(estimate=208_429.2, low=208_354.9, high=208_503.5)
    _, user = text("analyst", FOUND.but(analyses=(near,)))
    assert "208,430 in [208,350, 208,500]" in user


def test_the_last_action_is_announced():
    assert "last action: finish" in text("technician", TOLD.but(actions_left=1))[1]


def example() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", text("technician", TOLD)[0], re.DOTALL)
    return code


@pytest.mark.parametrize("policy", ["lru", "fifo"])
def test_the_technicians_example_runs_as_a_trial_and_its_counts_repeat(tmp_path, policy):
    (tmp_path / "program.py").write_text(example())
    shares = []
    for seed in (1, 1, 2):
        settings = {"policy": policy, "capacity": 64}
        config = {"version": 1, "system": "kiln", "seed": seed, "nonce": "n", "settings": settings}
        (tmp_path / "config.json").write_text(json.dumps(config))
        subprocess.run(
            [sys.executable, "program.py", "."],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            check=True,
            timeout=60,
        )
        result = Result.model_validate_json((tmp_path / "result.json").read_text())
        shares.append(result.value("hit_share"))
        assert 0 < shares[-1] < 1
        assert result.value("replay_ms") > 0
    assert shares[0] == shares[1] != shares[2]


def test_the_technicians_example_would_pass_the_reading_at_the_setup_gate():
    setup = SETUP.but(written_by="technician", files=(source_file("program.py", example()),))
    evidence = SetupEvidence(plan=CACHE, system=KILN, setup=setup)
    readings = {
        "program_readable", "factors_read", "factors_used", "results_computed", "errors_surface",
        "clocks_untouched", "seeds_obeyed", "stays_inside", "no_way_out",
    }  # fmt: skip
    findings = {f.check: f for f in judge("setup", evidence, subject="s1", round=1).findings}
    assert readings <= findings.keys()
    assert {findings[name].status for name in readings} == {"passed"}


def test_the_reviewer_reads_the_whole_program():
    files = tuple(source_file(f"part{i}.py", f"x = {i}\n" * 300) for i in range(3))
    told = ReviewerBrief(plan=PLAN, system=KILN, setup=SETUP.but(files=files))
    _, user = text("reviewer", told)
    for file in files:
        assert file.text.rstrip() in user


def test_the_analyst_is_shown_the_numbers_and_the_references_that_stand_for_them():
    system, user = text("analyst", FOUND)
    assert "slope per °C is 0.012000 in [0.011000, 0.013000] %/°C" in user
    for field in FIELDS:
        assert field in system


def test_the_example_sentence_for_the_analyst_can_be_bound():
    system, _ = text("analyst", FOUND)
    (sentence,) = re.findall(r'A good sentence: "(.*)"', system)
    bound = bind(sentence, (FOUND.analyses[1].but(id="c1"),))
    assert bound.startswith("With peak_c=1100 the energy is lower than with peak_c=900")


def test_an_exploratory_finding_is_marked_for_the_analyst():
    told: AnalystBrief = FOUND.but(analyses=tuple(a.but(exploratory=True) for a in FOUND.analyses))
    assert "## c1: supported (exploratory)" in text("analyst", told)[1]


@pytest.mark.parametrize("role", ["technician", "architect"])
def test_settings_are_told_as_factor_and_level(role):
    held_plan = PLAN.but(hold=held(glaze="ash"))
    told = TOLD.but(plan=held_plan) if role == "technician" else ASKED.but(earlier=(held_plan,))
    assert "glaze=ash" in text(role, told)[1]
