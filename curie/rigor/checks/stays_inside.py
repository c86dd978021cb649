"""Does the program see only what its trial gives it? Asked at the setup gate."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.source import SHIPPED, Source, last_name, sources

_PATH = re.compile(r"^/[A-Za-z_][\w.-]*(?:/[\w.*-]*)*$")
_GIVEN = ("/trial", "/dataset", "/dev/null")
_OWN_SIZE = (
    "/proc/self/status", "/proc/self/statm", "/proc/self/stat", "/proc/self/io", "/proc/cpuinfo",
    "/proc/meminfo", "/sys/fs/cgroup",
)  # fmt: skip
"""What a program may ask about itself and its limits."""
_ROOTS = frozenset({"proc", "sys", "etc", "root", "tmp", "var", "run", "mnt", "work", "dev"})
"""Folders that are meant even where no opening is seen: /home/x may be a route of a server."""
_OPENERS = frozenset(
    {
        "open", "Path", "PurePath", "listdir", "scandir", "walk", "glob", "iglob", "chdir", "stat",
        "exists", "isfile", "isdir", "join", "joinpath", "loadtxt", "genfromtxt", "read_csv",
        "memmap",
    }
)  # fmt: skip
_HOME = frozenset(
    {"pathlib.Path.home", "os.path.expanduser", "os.getenv", "os.environb", "os.pardir"}
)
_SETTERS = frozenset({"setdefault", "update"})
_READS = frozenset({"read_text", "read_bytes", "load", "loads"})


def stays_inside(evidence: SetupEvidence) -> Finding:
    """Fail when the program reads outside its folder, its environment, or a result file.

    From there it could learn which arm it is, copy another trial's numbers, or hang on something
    that the next machine lacks. Its dataset and its own files are fine, and so is telling
    libraries how many threads to use. Mended by reading config.json alone.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = [place for s in sources(setup) for place in _outside(s)]
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("reads its own folder and the dataset only")


def _outside(source: Source) -> Iterator[str]:
    for text in source.texts():
        said = str(text.value)
        path = said if _is_start(source, text) else f".{said}"
        if _leads_out(path, opened=_is_opened(source, text)):
            yield f"path {text.value!r} at {source.at(text)}"
    for node in source.nodes:
        if source.dotted(node) == "os.environ" and not _only_sets(source, node):
            yield f"reads the environment at {source.at(node)}"
        elif isinstance(node, ast.Attribute | ast.Name) and source.dotted(node) in _HOME:
            yield f"{source.dotted(node)} at {source.at(node)}"
    yield from _reads_results(source)


def _leads_out(text: str, *, opened: bool) -> bool:
    """Whether a text is a path out of the folder; unless it is opened, only a sure one is."""
    parts = PurePosixPath(text).parts
    if ".." in parts:
        return opened or len(parts) > 1
    if text.startswith("~/"):
        return True
    if not _PATH.match(text) or any(_under(text, top) for top in (*_GIVEN, *_OWN_SIZE)):
        return False
    return opened or parts[1] in _ROOTS


def _under(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}/")


def _is_start(source: Source, text: ast.AST) -> bool:
    """Whether a path can start here, rather than go on after something it is added to."""
    match source.parents.get(text):
        case ast.BinOp(op=ast.Add(), right=right):
            return right is not text
        case ast.JoinedStr(values=values):
            return values[0] is text
        case _:
            return True


def _is_opened(source: Source, text: ast.AST) -> bool:
    """Whether a text is, or is put together to, what a call opens; through one name at most."""
    whole = text
    while isinstance(above := source.parents.get(whole), ast.BinOp | ast.JoinedStr):
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Div):
            return True
        whole = above
    if _is_argument(source, whole):
        return True
    if not isinstance(above, ast.Assign):
        return False
    names = {t.id for t in above.targets if isinstance(t, ast.Name)}
    return any(
        isinstance(n, ast.Name) and n.id in names and _is_argument(source, n) for n in source.nodes
    )


def _is_argument(source: Source, node: ast.AST) -> bool:
    call = source.parents.get(node)
    return isinstance(call, ast.Call) and node in call.args and last_name(call.func) in _OPENERS


def _only_sets(source: Source, environ: ast.AST) -> bool:
    """`os.environ["OMP_NUM_THREADS"] = "1"` tells; it does not ask."""
    match source.parents.get(environ):
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case ast.Attribute(attr=attr):
            return attr in _SETTERS
        case _:
            return False


def _reads_results(source: Source) -> Iterator[str]:
    """Reads of a result.json, which the program is to write and nobody else's to see."""
    names = {
        t.id
        for n in source.nodes
        if isinstance(n, ast.Assign) and _mentions_result(n.value, frozenset())
        for t in n.targets
        if isinstance(t, ast.Name)
    }
    known = frozenset(names)
    for call, name in source.calls():
        opened = call.args[0] if call.args and name in ("open", "io.open") else None
        if opened is None and isinstance(call.func, ast.Attribute):
            opens = call.func.attr == "open" or call.func.attr in _READS
            opened = call.func.value if opens else None
        if opened is not None and _mentions_result(opened, known) and not _writes(call):
            yield f"reads a result file at {source.at(call)}"


def _mentions_result(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether an expression is made of a result file's name, without calls that hide it."""
    return any(
        (isinstance(n, ast.Constant) and isinstance(n.value, str) and "result.json" in n.value)
        or (isinstance(n, ast.Name) and n.id in names)
        for n in ast.walk(node)
    )


def _writes(call: ast.Call) -> bool:
    if last_name(call.func) in _READS:
        return False
    at = 1 if isinstance(call.func, ast.Name) else 0
    modes = [*call.args[at : at + 1], *(k.value for k in call.keywords if k.arg == "mode")]
    return any(isinstance(m, ast.Constant) and set("wax") & set(str(m.value)) for m in modes)
