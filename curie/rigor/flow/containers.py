"""Methods of lists, sets, dictionaries and texts."""

import ast
from collections.abc import Callable

from curie.rigor.flow.calls import Calls
from curie.rigor.flow.marks import LOOPED
from curie.rigor.flow.operations import applied, plain
from curie.rigor.flow.value import Grade, Items, Table, Value, depths, join, joined, origin, worked

_TEXT = frozenset(
    {
        "format", "join", "split", "rsplit", "strip", "lstrip", "rstrip", "encode", "decode",
        "replace", "lower", "upper", "title", "capitalize", "startswith", "endswith", "index",
        "find", "rfind", "count", "hex", "zfill", "partition", "rpartition", "removeprefix",
        "removesuffix", "splitlines", "isdigit", "translate", "swapcase", "casefold", "fromhex",
        "bit_length", "bit_count", "as_integer_ratio", "is_integer", "conjugate", "to_bytes",
    }
)  # fmt: skip
_ADDS = frozenset({"append", "add", "appendleft", "insert", "extend", "extendleft", "put"})
_TAKES = frozenset({"pop", "popleft", "remove", "discard", "get"})


class Containers(Calls):
    """The part of the walk that knows what collections do."""

    def of_items(
        self, whole: Value, items: Items, name: str, args: list[Value], node: ast.AST
    ) -> Value | None:
        """A method of a list or a set; None: not known here."""
        if name in _ADDS and args:
            self._add(items, name, args)
            return Value(None)
        if name in _TAKES:
            return self._take(whole, items, args)
        if name in ("sort", "reverse"):
            self.callbacks(args, node)
            self._reorder(items, name)
            return Value(None)
        if name in ("copy", "tolist", "astype", "union", "difference", "intersection"):
            cells = None if items.cells is None else list(items.cells)
            return Value(Items(cells, items.rest, items.kind, items.size), whole.grade, whole.marks)
        if name == "clear" and self.sure:
            items.cells = []
            return Value(None)
        return None

    def _add(self, items: Items, name: str, args: list[Value]) -> None:
        values = [self.governed(self.kept(args[-1]))]
        if name.startswith("extend"):
            cells = self.cells(args[-1])
            values = [self.governed(self.each(args[-1]))] if cells is None else list(cells)
            if cells is None:
                items.cells, items.rest = None, join(items.like(), values[0])
        if items.cells is not None and self.sure:
            items.cells += values
            counted = self.counted_up(items.size, values[0])
            rounds = [Value(marks=c.marks) for c in self.control if c.round]
            items.size = origin([counted.blurred(), *rounds])
            return
        empty = items.cells == []
        like = joined(values, Value())
        items.rest = like if empty else join(items.like(), like)
        items.cells = None
        loops = [Value(grade=c.grade, marks=c.marks) for c in self.control]
        items.size = origin([items.size.blurred(), *loops])

    def kept(self, value: Value) -> Value:
        """What one round of a loop leaves for the next."""
        return value.marked({LOOPED}) if self.looping and value.grade > Grade.WRITTEN else value

    def _take(self, whole: Value, items: Items, args: list[Value]) -> Value:
        if items.cells and self.sure and not args:
            return items.cells.pop().marked(whole.marks, whole.grade)
        like = items.like().marked(whole.marks, whole.grade)
        if items.cells is not None:
            items.rest, items.cells = like, None
        return like

    def _reorder(self, items: Items, name: str) -> None:
        if name == "reverse" and items.cells is not None:
            items.cells.reverse()
            return
        try:
            known = [plain(c) for c in items.cells or []]
            order = sorted(range(len(known)), key=known.__getitem__)
        except (TypeError, ValueError):
            items.rest, items.cells = items.like(), None
            return
        if items.cells is not None:
            items.cells[:] = [items.cells[i] for i in order]

    def of_table(
        self, whole: Value, table: Table, name: str, args: list[Value], named: dict[str, Value]
    ) -> Value | None:
        """A method of a dictionary; None: not known here."""
        kinds: dict[str, Callable[[Table, list[Value]], Value]] = {
            "get": self._get, "pop": self._get, "setdefault": self._set_default,
            "items": self._pairs, "keys": self._keys, "values": self._values,
            "popitem": self._pairs, "most_common": self._pairs, "copy": self._copy,
        }  # fmt: skip
        if name == "update":
            return self._update(table, args, named)
        if name == "move_to_end":
            return Value(None)
        if name == "clear" and self.sure:
            table.cells.clear()
            return Value(None)
        how = kinds.get(name)
        return how(table, args).marked(whole.marks, whole.grade) if how else None

    def _get(self, table: Table, args: list[Value]) -> Value:
        key = args[0] if args else Value()
        default = args[1] if len(args) > 1 else Value(None)
        chosen = {f"picked:{m.removeprefix('factor:')}" for m in key.marks if "factor:" in m}
        marks = key.marks | chosen
        if key.is_plain and key.known in table.cells:
            return table.cells[key.known].marked(marks)
        if key.is_plain and table.rest is None:
            return default.marked(marks)
        bent = Grade.SHAPED if key.grade is Grade.NOISE else key.grade
        return join(table.like(), default).blurred().marked(marks, bent)

    def _set_default(self, table: Table, args: list[Value]) -> Value:
        found = self._get(table, args)
        if args and not (args[0].is_plain and args[0].known in table.cells):
            self.put(table, args[0], self.governed(args[1] if len(args) > 1 else Value(None)))
            return args[1] if len(args) > 1 and found.known is None else found
        return found

    def _pairs(self, table: Table, _args: list[Value]) -> Value:
        pairs = [Value(Items([Value(k), v], kind="tuple")) for k, v in table.cells.items()]
        if table.rest is None:
            return Value(Items(pairs))
        unknown = Value(grade=table.rest.grade, marks=table.rest.marks)
        return Value(Items(None, Value(Items([unknown, table.like()], kind="tuple"))))

    def _keys(self, table: Table, _args: list[Value]) -> Value:
        if table.rest is None:
            return Value(Items([Value(k) for k in table.cells]))
        return Value(Items(None, Value(grade=table.rest.grade, marks=table.rest.marks)))

    def _values(self, table: Table, _args: list[Value]) -> Value:
        if table.rest is None:
            return Value(Items(list(table.cells.values())))
        return Value(Items(None, table.like()))

    def _copy(self, table: Table, _args: list[Value]) -> Value:
        return Value(Table(dict(table.cells), table.rest, table.kind))

    def _update(self, table: Table, args: list[Value], named: dict[str, Value]) -> Value:
        for key, value in named.items():
            table.cells[key] = self.governed(value)
        for other in args:
            if isinstance(other.known, Table):
                for key, value in other.known.cells.items():
                    table.cells[key] = self.governed(value)
                table.rest = other.known.rest or table.rest
            else:
                table.rest = self.governed(self.each(other)).blurred()
        return Value(None)

    def of_text(self, whole: Value, name: str, args: list[Value]) -> Value | None:
        """A method of a text or a number; None: not known here."""
        if name == "joinpath" and args:
            return applied(lambda a, *b: "/".join([a, *b]), [whole, *args], origin([whole, *args]))
        if name in ("resolve", "absolute", "expanduser"):
            return whole
        if name in ("with_name", "with_suffix") and args:
            return args[0]
        if name not in _TEXT:
            return None
        like = origin([whole, *args])
        return applied(lambda text, *more: getattr(text, name)(*more), [whole, *args], like)

    def length(self, value: Value) -> Value:
        """How many things something holds."""
        match value.known:
            case Items(cells=list(cells), size=size):
                return Value(len(cells), value.grade, value.marks | size.marks)
            case Items(size=size) if size.is_plain and size.known is not None:
                return size.marked(value.marks, value.grade)
            case Items(size=size):
                deep = depths(value)
                grade = Grade.WORK if Grade.WORK in (deep.grade, size.grade) else size.grade
                grade = Grade.WORK if grade is Grade.SHAPED else grade
                return worked(Value(grade=grade, marks=size.marks | deep.marks | {LOOPED}))
            case Table(cells=cells, rest=None):
                return Value(len(cells), value.grade, value.marks)
            case str() | bytes():
                return Value(len(value.known), value.grade, value.marks)
            case _:
                deep = depths(value)
                grade = deep.grade if deep.grade is Grade.WORK else Grade.WRITTEN
                return worked(Value(grade=grade, marks=deep.marks | {LOOPED}))
