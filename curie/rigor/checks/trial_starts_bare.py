"""Does a trial find nothing of another one? Asked at the setup gate."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from curie.domain.setup import Setup
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Event, Flow, flow
from curie.rigor.source import SHIPPED, Source, last_name, sources

_SHELVES = frozenset(
    {"shelve", "dbm", "sqlite3", "diskcache", "cachetools.file", "joblib.Memory", "klepto"}
)
_SHARED = frozenset({"tempfile.gettempdir", "tempfile.gettempprefix", "tempfile.tempdir"})
_ASKS = frozenset({"exists", "is_file", "isfile", "lexists", "access"})
_LISTS = frozenset({"glob", "rglob", "iterdir", "listdir", "scandir", "iglob", "walk"})
_LISTED_BY = frozenset({"os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob"})
_MISSING = frozenset({"FileNotFoundError", "OSError", "IOError"})
_OPENS = frozenset({"open", "read_text", "read_bytes", "load", "loadtxt", "read_csv"})


def trial_starts_bare(evidence: SetupEvidence) -> Finding:
    """Fail when the program keeps something on disk for later, or looks what an earlier one left.

    A cache on disk, a file that is read if it happens to be there, and a listing of the folder make
    one trial depend on another, and replicates are no longer independent. Files of the program's
    own and files that are made and read in one trial by a fixed name are fine. Mended by computing
    everything in the trial.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = [place for s in sources(setup) for place in _kept(s, setup)]
    wrong += _rewritten(flow(evidence.plan, setup), setup)
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("keeps nothing on disk, and looks for nothing")


def _rewritten(told: Flow, setup: Setup) -> list[str]:
    """Files of the program's own that it writes to."""
    own = {PurePosixPath(f.path).name for f in setup.files}
    return list(
        dict.fromkeys(
            f"writes to its own file at {event.where}"
            for walk in told.walks
            for event in walk.events
            if event.kind == "open" and _writes(event) and _name(event) in own
        )
    )


def _name(event: Event) -> str:
    known = event.values[0].known if event.values else None
    return PurePosixPath(known).name if isinstance(known, str) else ""


def _writes(event: Event) -> bool:
    modes = [v.known for v in event.values[1:] if isinstance(v.known, str)]
    return any(set("wax") & set(m) for m in modes)


def _kept(source: Source, setup: Setup) -> Iterator[str]:
    for module, line in source.modules.items():
        if module in _SHELVES or module.split(".")[0] in _SHELVES:
            yield f"{module} at {source.path}:{line}"
    for call, name in source.calls():
        if name in _SHARED:
            yield f"{name} at {source.at(call)}"
        elif _is_question(call) and not _about_own(call, setup):
            yield f"what it does depends on whether a file is there, at {source.at(call)}"
        elif (name in _LISTED_BY or _lists(source, call, name)) and not _has_data(setup):
            yield f"lists a folder at {source.at(call)}"
    yield from _tries(source, setup)


def _is_question(call: ast.Call) -> bool:
    return last_name(call.func) in _ASKS and (
        isinstance(call.func, ast.Attribute) or bool(call.args)
    )


def _about_own(call: ast.Call, setup: Setup) -> bool:
    """Whether the file asked for is one of the program's own, by its name."""
    own = {PurePosixPath(f.path).name for f in setup.files if not f.path.endswith(".json")}
    own |= {"config.json"}
    texts = {str(n.value) for n in ast.walk(call) if isinstance(n, ast.Constant)}
    return any(PurePosixPath(t).name in own for t in texts) or "dataset" in ast.dump(call)


def _lists(source: Source, call: ast.Call, name: str) -> bool:
    if last_name(call.func) not in _LISTS or not isinstance(call.func, ast.Attribute):
        return False
    if "dataset" in ast.dump(call.func):
        return False
    return name.startswith(("os.", "glob.", "pathlib.")) or _looks_like_path(source, call.func)


def _looks_like_path(source: Source, func: ast.Attribute) -> bool:
    """Whether `x.glob(...)` is asked of a path: nothing else has these methods."""
    return func.attr in ("glob", "rglob", "iterdir")


def _has_data(setup: Setup) -> bool:
    return any(not f.path.endswith((".py", ".json")) for f in setup.files)


def _tries(source: Source, setup: Setup) -> Iterator[str]:
    """A file that is opened on trial: where it is missing, the program goes on without it."""
    for node in source.nodes:
        if not isinstance(node, ast.Try) or not any(_is_missing(h) for h in node.handlers):
            continue
        for inner in (n for statement in node.body for n in ast.walk(statement)):
            if not isinstance(inner, ast.Call) or last_name(inner.func) not in _OPENS:
                continue
            if not _about_own(inner, setup) and not _given(inner):
                yield f"a file is read if it is there, at {source.at(inner)}"


def _is_missing(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    goes_on = not any(isinstance(n, ast.Raise) for n in ast.walk(handler))
    return goes_on and any(last_name(k) in _MISSING for k in kinds if k is not None)


def _given(call: ast.Call) -> bool:
    """Whether it is something of the machine, as a limit of a cgroup is."""
    texts = [n.value for n in ast.walk(call) if isinstance(n, ast.Constant)]
    return any(isinstance(t, str) and t.startswith(("/proc", "/sys")) for t in texts) or (
        isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
        and call.func.value.id in ("quota", "path", "stdin")
    )  # fmt: skip
