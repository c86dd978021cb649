"""Reads a corpus of cases: experiments that cases share, and what each case changes.

    experiments/NAME.toml             about, system, [draft], program
    cheats/HALF/FAMILY/NAME.toml      about, experiment, families, and what is wrong
    honest/HALF/NAME.toml             the same, with nothing wrong

HALF is `development` or `held_out`. What a case may change is `program`, `files`, keys of
`[draft]`, `[[patch]]`, `[[tamper]]` and `[answer]`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from curie.agents.technician import source_file
from curie.app.audit.case import HALVES, Case, Patch, Spoken
from curie.app.audit.tampers import AnyTamper, OtherProgram
from curie.domain.claim import metrics_of
from curie.domain.errors import UsageError
from curie.domain.fact import Fact
from curie.domain.plan import Draft
from curie.domain.spelling import spelled_out
from curie.domain.system import System
from curie.sandbox.manifest import find, load, nearest

PROGRAM = "program.py"
PAIRS = "pairs"
"""The folder of cheats that are two at once."""

F = TypeVar("F", bound=Fact)


class Experiment(Fact):
    """What several cases start from."""

    about: str = Field(min_length=1)
    system: str
    program: str = ""
    draft: dict[str, Any]


class _Written(Fact):
    """A case as its file spells it."""

    about: str = Field(min_length=1)
    experiment: str
    families: tuple[str, ...] = Field(min_length=1)
    program: str = ""
    files: dict[str, str] = Field(default_factory=dict)
    draft: dict[str, Any] = Field(default_factory=dict)
    patch: tuple[Patch, ...] = ()
    tamper: tuple[AnyTamper, ...] = ()
    answer: Spoken | None = None


def load_corpus(folder: Path) -> tuple[Case, ...]:
    """All cases below a folder, by name. UsageError names the file, the key and what is wrong."""
    if not (folder / "experiments").is_dir():
        raise UsageError(
            f"{folder}: holds no folder `experiments`; give the one that holds the corpus"
        )
    experiments = {
        path.stem: _parsed(path, Experiment) for path in sorted(folder.glob("experiments/*.toml"))
    }
    paths = sorted(p for kind in ("cheats", "honest") for p in folder.glob(f"{kind}/**/*.toml"))
    if not paths:
        raise UsageError(f"{folder}: holds no case; they belong below `cheats` and `honest`")
    return tuple(load_case(path, folder, experiments) for path in paths)


def load_case(path: Path, folder: Path, experiments: Mapping[str, Experiment]) -> Case:
    """The case of one file, named by its place below `folder`."""
    written = _parsed(path, _Written)
    parts = path.relative_to(folder).with_suffix("").parts
    _check_place(path, parts, written)
    experiment = experiments.get(written.experiment)
    if experiment is None:
        near = nearest(written.experiment, experiments)
        raise UsageError(f"{path}: experiment: there is no {written.experiment!r}; {near}")
    system = _system(experiment.system, folder / "experiments" / f"{written.experiment}.toml")
    raw = {**experiment.draft, **written.draft, "system": system.name}
    draft = _made(path, Draft, _shaped(raw), under="draft")
    _check_deeds(path, written, system)
    return _made(
        path,
        Case,
        {
            "name": "/".join(parts),
            "kind": parts[0],
            "half": parts[1],
            "about": written.about,
            "family": parts[2] if parts[0] == "cheats" else written.families[0],
            "families": written.families,
            "draft": draft,
            "files": _files(path, written, experiment, system),
            "patches": written.patch,
            "tampers": written.tamper,
            "answer": written.answer,
            "own": _own(written),
            "timed": _timed(draft, system),
        },
    )


@cache
def _system(name: str, path: Path) -> System:
    """The shipped system that the experiment in `path` names."""
    try:
        return load(find(name))
    except UsageError as error:
        raise UsageError(f"{path}: system: {error}") from error


def _check_place(path: Path, parts: tuple[str, ...], written: _Written) -> None:
    depth = 4 if parts[0] == "cheats" else 3
    if len(parts) != depth or parts[1] not in HALVES:
        where = "cheats/HALF/FAMILY/NAME.toml" if depth == 4 else "honest/HALF/NAME.toml"
        raise UsageError(f"{path}: its place should be {where}, with HALF {' or '.join(HALVES)}")
    if depth == 4 and not _changes(written):
        raise UsageError(f"{path}: changes nothing of its experiment, so it is no cheat")
    if depth == 4 and parts[2] == PAIRS and len(written.families) < 2:
        raise UsageError(f"{path}: families: a case in {PAIRS!r} names at least two")
    if depth == 4 and parts[2] not in (PAIRS, written.families[0]):
        raise UsageError(
            f"{path}: families: the first is {written.families[0]!r}, the folder's is {parts[2]!r}"
        )


def _own(written: _Written) -> bool:
    """Whether the case is another experiment, before anybody tampers with it or tells it."""
    return bool(written.program or written.files or written.draft or written.patch)


def _changes(written: _Written) -> bool:
    return _own(written) or bool(written.tamper) or written.answer is not None


def _check_deeds(path: Path, written: _Written, system: System) -> None:
    """Whether what the case changes can be changed on its system."""
    if written.patch and not system.brings_program:
        raise UsageError(f"{path}: patch: {system.name} has no program; give `program` instead")
    if system.brings_program and (written.program or written.files):
        raise UsageError(f"{path}: program: {system.name} brings its own; change it by `patch`")
    if system.brings_program and any(isinstance(t, OtherProgram) for t in written.tamper):
        raise UsageError(f"{path}: tamper: op program needs a system whose program is written")


def _files(
    path: Path, written: _Written, experiment: Experiment, system: System
) -> tuple[Any, ...]:
    program = written.program or experiment.program
    if system.brings_program:
        return ()
    if not program.strip():
        raise UsageError(f"{path}: program: neither the case nor {written.experiment} has one")
    if PROGRAM in written.files:
        raise UsageError(f"{path}: files: {PROGRAM} is given by `program`")
    named = {PROGRAM: program, **written.files}
    return tuple(source_file(name, text) for name, text in sorted(named.items()))


def _timed(draft: Draft, system: System) -> bool:
    metrics = draft.program.metrics if draft.program else system.metrics
    claimed = {name for h in draft.hypotheses for name in metrics_of(h.claim)}
    return any(m.noise == "timing" for m in metrics if m.name in claimed)


def _shaped(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A draft with its tables of settings as lists of settings."""
    shaped = dict(spelled_out(dict(draft)))
    for key in ("control", "hold"):
        if isinstance(draft.get(key), dict):
            shaped[key] = [{"factor": f, "level": level} for f, level in draft[key].items()]
    return shaped


def _parsed(path: Path, kind: type[F]) -> F:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    if "tamper" in raw:
        raw["tamper"] = spelled_out(raw["tamper"])
    return _made(path, kind, raw)


def _made(path: Path, kind: type[F], fields: Mapping[str, Any], *, under: str = "") -> F:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in (under, *first["loc"]) if part != "")
        raise UsageError(f"{path}: {where}: {first['msg']}") from error
