"""Every shipped system is whole: manifest, README, pinned packages, tests, sound claims."""

import re
import tomllib
from pathlib import Path

import pytest

from curie.domain.claim import Claim, factors_of, metrics_of
from curie.domain.errors import UsageError
from curie.domain.setting import Level, Settings
from curie.domain.system import System
from curie.sandbox.manifest import load, shipped
from curie.sandbox.packages import Target, pins

ROOT = Path(__file__).resolve().parents[2]
SYSTEMS = sorted(shipped())
WITH_PROGRAM = [name for name in SYSTEMS if load(shipped()[name]).brings_program]


def levels_of(claim: Claim) -> list[Level]:
    """The levels of the scanned factor that a claim names."""
    fields = claim.model_dump()
    levels = [*fields.get("levels", ()), fields.get("level")]
    levels += [level for group in fields.get("order", ()) for level in group]
    return [level for level in levels if level is not None]


def settings_of(claim: Claim) -> Settings:
    """All settings that a claim names, on either side."""
    found = [*claim.where]
    for side in ("a", "b"):
        found += getattr(claim, side, ())
    return tuple(found)


def complaints(system: System, claim: Claim, held: Settings = ()) -> list[str]:
    """What this system does not know of what a claim speaks of."""
    wrong = [f"metric {m}" for m in metrics_of(claim) if system.metric(m) is None]
    wrong += [f"factor {f}" for f in factors_of(claim) if system.factor(f) is None]
    for setting in (*settings_of(claim), *held):
        factor = system.factor(setting.factor)
        if factor is None or not factor.allows(setting.level):
            wrong.append(f"setting {setting}")
    for level in levels_of(claim):
        factor = system.factor(factors_of(claim)[0])
        if factor is None or not factor.allows(level):
            wrong.append(f"level {level}")
    return wrong


def test_the_systems_of_this_release_are_shipped():
    assert {"perseus", "vector_index", "workbench"} <= set(SYSTEMS)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_is_named_like_its_folder_and_can_be_found_by_words(name):
    system = load(shipped()[name])
    assert system.name == name
    assert system.words
    assert all(f.words and f.about for f in system.factors)
    assert all(m.words and m.about for m in system.metrics)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_says_in_its_readme_what_is_real_and_what_is_modelled(name):
    lines = (shipped()[name] / "README.md").read_text(encoding="utf-8").splitlines()
    headings = {line.lstrip("# ").strip() for line in lines if line.startswith("#")}
    assert {"What is real", "What is modelled"} <= headings


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_has_its_image_and_its_tests(name):
    folder = shipped()[name]
    dockerfile = (folder / "Dockerfile").read_text(encoding="utf-8")
    assert "ARG BASE\nFROM ${BASE}\n" in dockerfile
    assert list((ROOT / "tests" / "sandboxes" / name).glob("test_*.py"))


@pytest.mark.parametrize("name", SYSTEMS)
def test_all_packages_that_a_system_asks_for_are_pinned_and_hashed(name):
    asked, pinned = (shipped()[name] / f"requirements.{end}" for end in ("in", "txt"))
    assert asked.is_file() == pinned.is_file()  # a system may do with the standard library
    lines = asked.read_text(encoding="utf-8").splitlines() if asked.is_file() else []
    wanted = {re.split(r"[<>=!~; \[]", line)[0].lower() for line in lines if line.strip()}
    chosen = pins(pinned, Target(python="3.11", glibc_minor=36))
    assert wanted <= {pin.package.name.lower() for pin in chosen}
    assert all("--hash=sha256:" in pin.line for pin in chosen)


@pytest.mark.parametrize("name", WITH_PROGRAM)
def test_a_system_with_a_program_can_be_started_and_measures_something(name):
    system = load(shipped()[name])
    assert (shipped()[name] / "__main__.py").is_file()
    assert system.factors
    assert system.metrics
    assert system.claims


@pytest.mark.parametrize("name", WITH_PROGRAM)
def test_published_claims_speak_of_what_the_system_knows(name):
    system = load(shipped()[name])
    wrong = {
        published.id: found
        for published in system.claims
        if (found := complaints(system, published.claim, published.settings))
    }
    assert wrong == {}


@pytest.mark.parametrize("name", WITH_PROGRAM)
def test_defaults_baselines_and_needs_are_allowed_levels(name):
    system = load(shipped()[name])
    for factor in system.factors:
        assert factor.allows(factor.default), factor.name
        assert factor.baseline is None or factor.allows(factor.baseline), factor.name
        for need in factor.needs:
            assert system.factor(need.factor).allows(need.level), factor.name


@pytest.mark.parametrize("name", WITH_PROGRAM)
def test_a_noisy_metric_says_how_noisy_it_is(name):
    for metric in load(shipped()[name]).metrics:
        if metric.noise == "timing":
            assert metric.spread_share > 0, metric.name
        if metric.noise == "deterministic":
            assert metric.spread_share == 0, metric.name


def test_a_factor_cannot_need_a_setting_that_cannot_be(tmp_path):
    text = (shipped()["vector_index"] / "manifest.toml").read_text(encoding="utf-8")
    (tmp_path / "manifest.toml").write_text(text.replace('index = "hnsw" }', 'index = "tree" }'))
    with pytest.raises(UsageError, match="ef_search needs index=tree"):
        load(tmp_path)


def test_a_claim_over_unknown_names_would_be_noticed():
    system = load(shipped()["vector_index"])
    path = shipped()["vector_index"] / "manifest.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["claims"]
    known = system.claims[0].claim
    assert complaints(system, known) == []
    assert complaints(system, known.but(metric="speed")) == ["metric speed"]
    assert complaints(system, known.but(factor="depth")) == ["factor depth"]
    assert complaints(system, known, (system.factor("m").needs[0].but(level="tree"),)) == [
        "setting index=tree"
    ]
