"""A trial as the program sees it: its files, its config, its result."""

import ast
import json
import posixpath
from pathlib import PurePosixPath

from curie.rigor.flow.library import LibraryCalls
from curie.rigor.flow.machine import Args, Frame, Named
from curie.rigor.flow.operations import applied, wrapped
from curie.rigor.flow.value import Grade, Items, Library, Scope, Table, Value, origin
from curie.rigor.source import Source

_CONFIG = frozenset({"file:config.json"})
_READS = frozenset({"read_text", "read_bytes", "read"})
_CONTRACT = ("sandboxes.contract.", "contract.")


class Trial(LibraryCalls):
    """A whole walk."""

    def run(self, start: Source) -> None:
        """Walk through the program from its first line."""
        scope = Scope(start)
        scope.names["__name__"] = Value("__main__")
        scope.names["__file__"] = Value(start.path)
        self.modules[start.path] = Value(scope)
        self.frames.append(Frame(scope, ""))
        self.execute(start.tree.body, scope)

    def module(self, name: str) -> Value:
        """What an import gives: a file of the program, or something of a library."""
        path = self._path(name)
        if path is None:
            return Value(Library(name, fields=self._told(name)))
        if path not in self.modules:
            scope = Scope(self.files[path])
            scope.names["__name__"] = Value(name)
            scope.names["__file__"] = Value(path)
            self.modules[path] = Value(scope)
            self.frames.append(Frame(scope, ""))
            self.execute(self.files[path].tree.body, scope)
            self.frames.pop()
        return self.modules[path]

    def _path(self, name: str) -> str | None:
        """The program's own file of that name, if there is one."""
        parts = name.split(".")
        if not parts[-1] or name.startswith("sandboxes.contract"):
            return None
        for path in self.files:
            pure = PurePosixPath(path)
            own = pure.parent.parts if pure.name == "__init__.py" else (*pure.parts[:-1], pure.stem)
            shorter = parts[-len(own) :] if own else []
            if own and list(own) in (parts, shorter) and (len(parts) == len(own) or len(own)):
                return path
        return None

    def _told(self, name: str) -> dict[str, Value]:
        if name == "sys":
            return {"argv": Value(Items([Value("program.py"), Value(".")]))}
        if name == "math":
            return {"pi": Value(3.141592653589793), "e": Value(2.718281828459045),
                    "inf": Value(float("inf")), "tau": Value(6.283185307179586)}  # fmt: skip
        return {}

    def special(self, name: str, args: Args, named: Named, node: ast.AST) -> Value | None:
        """What the contract and the files of a trial have to say."""
        last = name.rsplit(".", 1)[-1]
        if last == "read_config" and name.startswith(_CONTRACT):
            return self.config(node)
        if last == "write_result" and name.startswith(_CONTRACT):
            metrics = named.get("metrics", args[2] if len(args) > 2 else Value())
            self.write(metrics, node)
            return Value(None)
        if name in ("json.load", "json.loads") and args:
            return self._parsed(args[0])
        if name in ("json.dump", "json.dumps") and args:
            self._dumped(args[0], node)
            return Value(Library("text()", tuple(args)), grade=Grade.WORK)
        if name in ("os.path.join", "posixpath.join"):
            return applied(lambda *p: "/".join(p), args, origin(args))
        if name in ("os.path.dirname", "os.path.basename", "os.path.normpath"):
            return applied(getattr(posixpath, last), args, origin(args))
        if name in ("io.open", "codecs.open"):
            return self.builtin("open", args, named, node)
        return None

    def config(self, node: ast.AST) -> Value:
        """The config of this arm's trial."""
        self.note("config", "", node, self.source)
        fields = self._fields()
        return Value(Library("config()", (), fields))

    def _fields(self) -> dict[str, Value]:
        return {
            "settings": Value(Table(dict(self.settings))),
            "seed": Value(marks=frozenset({"seed"})),
            "nonce": Value(marks=frozenset({"nonce"})),
            "system": Value(marks=frozenset({"system"})),
            "version": Value(1),
            "dataset": Value(grade=Grade.WORK, marks=frozenset({"dataset"})),
        }

    def _of_made(self, held: Library, args: Args, named: Named, node: ast.AST) -> Value:
        maker, _, last = held.name.rpartition("().")
        if maker == "open" and held.made:
            opened = held.made[0].known
            if last in ("write", "writelines"):
                return Value(None)
            if last in _READS and isinstance(opened, Library) and opened.made:
                return self.content(opened.made[0])
            if last == "close":
                return Value(None)
        return super()._of_made(held, args, named, node)

    def _of_receiver(
        self, whole: Value, name: str, args: Args, named: Named, node: ast.AST
    ) -> Value:
        if isinstance(whole.known, str) and name in _READS:
            return self.content(whole)
        if isinstance(whole.known, str) and name == "open":
            return self.builtin("open", [whole, *args], named, node)
        if name in ("write_text", "write_bytes"):
            self.note("open", name, node, self.source, [whole, Value("w")])
            return Value(None)
        return super()._of_receiver(whole, name, args, named, node)

    def _of_value(self, value: Value, name: str) -> Value:
        if isinstance(value.known, str) and name in ("parent", "name", "stem", "suffix"):
            return Value(str(getattr(PurePosixPath(value.known), name)), marks=value.marks)
        return super()._of_value(value, name)

    def content(self, path: Value) -> Value:
        """What stands in a file."""
        name = PurePosixPath(path.known).name if isinstance(path.known, str) else ""
        if name == "config.json":
            return Value(marks=_CONFIG)
        if "dataset" in path.marks:
            return Value(grade=Grade.WORK, marks=path.marks)
        for own, text in self.texts.items():
            if PurePosixPath(own).name == name:
                return Value(text, marks=frozenset({f"file:{name}"}))
        return Value(grade=path.grade, marks=path.marks | {f"file:{name}"})

    def _parsed(self, given: Value) -> Value:
        """JSON out of a text or an open file."""
        held = given.known
        if isinstance(held, Library) and held.name.startswith("open()") and held.made:
            given = self.content(held.made[0])
        if given.marks >= _CONFIG:
            return Value(Table(self._fields()))
        if isinstance(given.known, str):
            try:
                return wrapped(json.loads(given.known), given)
            except ValueError:
                return given.blurred()
        return given

    def _dumped(self, given: Value, node: ast.AST) -> None:
        table = given.known
        if isinstance(table, Table) and "metrics" in table.cells:
            self.write(table.cells["metrics"], node)

    def write(self, metrics: Value, node: ast.AST) -> None:
        """The result is written: by name, value and unit."""
        event = self.note("write", "", node, self.source, [metrics])
        held = metrics.known
        if isinstance(held, Table):
            for name, value in held.cells.items():
                self._metric(str(name), value, event)
        for row in self.cells(metrics) or [] if isinstance(held, Items) else []:
            if isinstance(row.known, Table) and "name" in row.known.cells:
                cells = row.known.cells
                unit = cells.get("unit", Value())
                self._report(str(cells["name"].known), cells.get("value", Value()), unit, event)

    def _metric(self, name: str, value: Value, event: object) -> None:
        pair = self.cells(value) if isinstance(value.known, Items) else None
        if pair is not None and len(pair) > 1:
            self._report(name, pair[0].marked(value.marks, value.grade), pair[1], event)
        elif not isinstance(value.known, Items):
            self._report(name, value, Value(), event)

    def _report(self, name: str, value: Value, unit: Value, event: object) -> None:
        self.reported[name].append((self.governed(value), unit, event))  # type: ignore[arg-type]
