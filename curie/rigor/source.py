"""Programs as their syntax says, for the checks that read without running."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from curie.domain.setup import Setup, SourceFile

SHIPPED = "the program is shipped with curie; its files are pinned and its tests read it"


@dataclass(frozen=True)
class Source:
    """One file, parsed."""

    path: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the file."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node that each node stands in."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def imported(self) -> dict[str, str]:
        """What imported names stand for: `np` for numpy, `clock` for time.perf_counter."""
        names: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name if alias.asname else alias.name.split(".")[0]
                    names[alias.asname or top] = top
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return names

    @cached_property
    def modules(self) -> dict[str, int]:
        """The modules that are imported, in full, and on which line."""
        found: dict[str, int] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found.update({alias.name: node.lineno for alias in node.names})
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module] = node.lineno
                found.update({f"{node.module}.{a.name}": node.lineno for a in node.names})
        return found

    @cached_property
    def docstrings(self) -> frozenset[ast.AST]:
        """Texts that stand alone: they do nothing."""
        return frozenset(
            node.value
            for node in self.nodes
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )

    def dotted(self, node: ast.AST) -> str:
        """The full name of `np.random.seed` where its root is imported; else an empty text."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id, "")
        if isinstance(node, ast.Attribute):
            root = self.dotted(node.value)
            return f"{root}.{node.attr}" if root else ""
        return ""

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with the full name of what is called; an own or built-in name as it stands."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                own = node.func.id if isinstance(node.func, ast.Name) else ""
                yield node, self.dotted(node.func) or own

    def texts(self) -> Iterator[ast.Constant]:
        """Every text constant that is not a docstring."""
        for node in self.nodes:
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node not in self.docstrings
            ):
                yield node

    def at(self, node: ast.AST) -> str:
        """Where a node stands, for a finding."""
        return f"{self.path}:{getattr(node, 'lineno', 0)}"


def last_name(node: ast.AST) -> str:
    """The last part of a name: `normal` of `rng.normal`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def python_files(setup: Setup) -> tuple[SourceFile, ...]:
    """The files of a setup that Python runs."""
    return tuple(f for f in setup.files if f.path.endswith(".py"))


def sources(setup: Setup) -> tuple[Source, ...]:
    """The files that parse; `program_readable` stops the others."""
    return tuple(s for f in python_files(setup) if isinstance(s := parsed(f), Source))


def parsed(file: SourceFile) -> Source | str:
    """A file's syntax, or why it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Source(file.path, ast.parse(file.text))
    except SyntaxError as error:
        return f"{file.path}:{error.lineno}: {error.msg}"
    except (ValueError, RecursionError) as error:
        return f"{file.path}: cannot be parsed: {error}"
