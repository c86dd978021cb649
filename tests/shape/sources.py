"""The project's own Python files, parsed; what the shape tests look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its path in the project."""
        return self.path.relative_to(ROOT).as_posix()

    def functions(self) -> Iterator[FunctionNode]:
        """Every function and method, nested ones included."""
        return (n for n in ast.walk(self.tree) if isinstance(n, FunctionNode))

    def aliases(self) -> dict[str, str]:
        """What imported names stand for: `np` is `numpy`, `now` may be `time.time`."""
        known: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    first = name.name.split(".")[0]
                    known[name.asname or first] = name.name if name.asname else first
            elif isinstance(node, ast.ImportFrom) and node.module:
                known |= {n.asname or n.name: f"{node.module}.{n.name}" for n in node.names}
        return known

    def uses(self) -> Iterator[tuple[str, ast.expr]]:
        """Full names of everything that is reached through an import, with where."""
        known = self.aliases()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute | ast.Name):
                full = dotted(node).split(".")
                if full[0] in known:
                    yield ".".join([known[full[0]], *full[1:]]), node

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Full names of the imported functions that are called, with the call."""
        known = self.aliases()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                full = dotted(node.func).split(".")
                yield ".".join([known.get(full[0], full[0]), *full[1:]]), node


def dotted(node: ast.expr) -> str:
    """`a.b.c` for such an expression; an empty first part where it starts with something else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}"
        case _:
            return ""


def parsed(path: Path) -> Source:
    """One file, parsed."""
    text = path.read_text(encoding="utf-8")
    return Source(path=path, text=text, tree=ast.parse(text))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """All Python files under these folders of the project."""
    found = (p for folder in folders for p in sorted((ROOT / folder).rglob("*.py")))
    return tuple(parsed(p) for p in found)
