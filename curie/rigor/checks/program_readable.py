"""Can the program be read at all? Asked at the setup gate."""

import ast

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.source import SHIPPED, Source, parsed, python_files, sources

_HIDING = frozenset({"eval", "exec", "compile", "marshal.loads", "pickle.loads", "__import__"})
_LOADING = frozenset({"importlib.import_module", "runpy.run_path", "runpy.run_module"})


def program_readable(evidence: SetupEvidence) -> Finding:
    """Fail when a file does not parse, or runs code that stands nowhere in the files.

    What a reader cannot see no check has seen either. Mended by plain code. In a workspace that a
    person brought, code made at run time is a warning.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    files = python_files(setup)
    if not files:
        return failed("the program has no Python file", remedy="rebuild")
    broken = [p for f in files if isinstance(p := parsed(f), str)]
    if broken:
        return failed(f"does not parse: {listed(broken)}", remedy="rebuild")
    hidden = [place for s in sources(setup) for place in _hidden(s)]
    if hidden and setup.written_by == "technician":
        return failed(f"code made at run time: {listed(hidden)}", remedy="rebuild")
    if hidden:
        return warned(f"code made at run time: {listed(hidden)}")
    return passed(f"{len(files)} Python files")


def _hidden(source: Source) -> list[str]:
    return [
        f"{name} at {source.at(call)}"
        for call, name in source.calls()
        if name in _HIDING or (name in _LOADING and not _is_fixed(call))
    ]


def _is_fixed(call: ast.Call) -> bool:
    """Whether it stands in the program which module is loaded."""
    return bool(call.args) and isinstance(call.args[0], ast.Constant)
