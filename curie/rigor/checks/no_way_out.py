"""Does the program keep to its own process? Asked at the setup gate."""

from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.source import SHIPPED, Source, sources

_MODULES = frozenset(
    {
        "socket", "ssl", "requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client",
        "ftplib", "smtplib", "telnetlib", "xmlrpc.client", "websockets", "subprocess", "ctypes",
        "cffi", "pty",
    }
)  # fmt: skip
_CALLS = ("os.system", "os.popen", "os.fork", "os.exec", "os.spawn", "os.posix_spawn", "os.setsid")


def no_way_out(evidence: SetupEvidence) -> Finding:
    """Fail when the program uses the network, starts other programs, or reaches below Python.

    What runs outside the process escapes its time, its limits and every reader. Threads and
    multiprocessing are fine. Mended by doing the work in Python. In a workspace that a person
    brought it is a warning: the sandbox holds it all the same.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    found = [place for s in sources(setup) for place in _exits(s)]
    if not found:
        return passed("no network, no other programs")
    if setup.written_by == "workspace":
        return warned(listed(found))
    return failed(listed(found), remedy="rebuild")


def _exits(source: Source) -> Iterator[str]:
    for module, line in source.modules.items():
        if module in _MODULES or module.split(".")[0] in _MODULES:
            yield f"imports {module} at {source.path}:{line}"
    for call, name in source.calls():
        if name.startswith(_CALLS):
            yield f"{name} at {source.at(call)}"
        elif name == "importlib.import_module":
            wanted = {str(getattr(a, "value", "")) for a in call.args}
            yield from (f"imports {m} at {source.at(call)}" for m in sorted(wanted & _MODULES))
