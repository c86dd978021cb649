"""Arithmetic and comparisons over values that are only partly known."""

import ast
import math
import operator
from collections.abc import Callable, Iterable
from typing import Any

from curie.rigor.flow.marks import LOOPED, PASSING, factors
from curie.rigor.flow.value import UNKNOWN, Grade, Items, Table, Value, depths, origin, worked

BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
COMPARES: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: lambda a, b: a is b or (type(a) is type(b) and a == b),
    ast.IsNot: lambda a, b: not (a is b or (type(a) is type(b) and a == b)),
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
WRONG = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, MemoryError)
"""What plain arithmetic over unfamiliar values may end in; then the value stays unknown."""
_HUGE = 10**30
_MOST = 4096


def plain(value: Value, deep: int = 3) -> Any:
    """The Python value, with its cells. ValueError where it is not wholly known."""
    if value.is_plain:
        return value.known
    if deep and isinstance(value.known, Items) and value.known.cells is not None:
        if len(value.known.cells) > _MOST:
            raise ValueError("too long")
        cells = [plain(c, deep - 1) for c in value.known.cells]
        return {"tuple": tuple, "set": set}.get(value.known.kind, list)(cells)
    if deep and isinstance(value.known, Table) and value.known.rest is None:
        return {k: plain(v, deep - 1) for k, v in value.known.cells.items()}
    raise ValueError("not known")


def wrapped(found: Any, like: Value) -> Value:
    """A Python value that was made of others."""
    match found:
        case bool() | int() | float() | str() | bytes() | None:
            return Value(found, like.grade, like.marks)
        case list() | tuple() | set() | frozenset():
            kind = "tuple" if isinstance(found, tuple) else "list"
            if isinstance(found, set | frozenset):
                kind = "set"
            return Value(Items([wrapped(c, like) for c in found], kind=kind), marks=like.marks)
        case dict():
            return Value(Table({k: wrapped(v, like) for k, v in found.items()}), marks=like.marks)
        case _:
            return Value(UNKNOWN, like.grade, like.marks)


def applied(does: Callable[..., Any], args: Iterable[Value], like: Value) -> Value:
    """What a pure function of Python makes of known values; something unknown otherwise."""
    try:
        found = does(*(plain(a) for a in args))
    except (*WRONG, RecursionError):
        return Value(UNKNOWN, like.grade, like.marks)
    if isinstance(found, complex) or (isinstance(found, int) and abs(found) > _HUGE):
        return Value(UNKNOWN, like.grade, like.marks)
    return wrapped(found, like)


def binary(op: ast.operator, left: Value, right: Value) -> Value:
    """Two values in an operation."""
    like = Value(UNKNOWN, _grade(op, left, right), handling(op, left, right))
    if isinstance(op, ast.MatMult):
        return worked(like)
    if isinstance(op, ast.Div) and isinstance(right.known, str):
        return Value(f"?/{right.known}", like.grade, like.marks)  # a path
    if isinstance(left.known, Items) and isinstance(op, ast.Add | ast.Mult):
        return _together(op, left, right, like)
    if isinstance(op, ast.Mult) and isinstance(right.known, Items):
        return _together(op, right, left, like)
    if not (left.is_plain and right.is_plain) or _too_large(op, left.known, right.known):
        return like
    return applied(BINARY.get(type(op), operator.matmul), (left, right), like)


_POWERS = {1e3: 3, 1e6: 6, 1e9: 9}
_TIMES = {"ns": -9, "us": -6, "ms": -3, "s": 0, "ks": 3}


def handling(op: ast.operator, left: Value, right: Value) -> frozenset[str]:
    """The marks of two values in an operation, and of how the one changes the other's scale."""
    one, other = depths(left), depths(right)
    marks = one.marks | other.marks
    if isinstance(op, ast.Div) and other.grade is Grade.WRITTEN and one.grade is Grade.WORK:
        own = {m for m in other.marks if m.startswith("factor:")}
        if not any(m.startswith("picked:") for m in other.marks):
            marks = one.marks | (other.marks - own)  # a share, or so much per unit of the factor
    for a, b, known in ((one, other, right), (other, one, left)):
        chosen = {m for m in b.marks if m.startswith("picked:") and known.is_plain}
        if a.grade is Grade.WORK and b.grade is Grade.WRITTEN and chosen:
            marks |= {f"{PASSING}scaled:{m.removeprefix('picked:')}" for m in chosen}
    return _rescaled(op, left, right, marks)


def _rescaled(op: ast.operator, left: Value, right: Value, marks: frozenset[str]) -> frozenset[str]:
    """Units that are carried along: seconds times a thousand are milliseconds."""
    units = {m for m in marks if m.startswith(f"{PASSING}unit:")}
    if not units or isinstance(op, ast.Add | ast.Sub):
        return marks
    by = right.known if isinstance(right.known, int | float) else left.known
    over = isinstance(op, ast.Div)
    power = _POWERS.get(by) if isinstance(by, int | float) and not isinstance(by, bool) else None
    if power is None:
        return marks if over or by == 1 else marks - units
    moved = set()
    for unit in units:
        at = _TIMES.get(unit.rpartition(":")[2])
        new = None if at is None else at + (power if over else -power)
        moved |= {f"{PASSING}unit:{k}" for k, v in _TIMES.items() if v == new}
    return (marks - units) | moved


def _together(op: ast.operator, left: Value, right: Value, like: Value) -> Value:
    """Lists that are added, or repeated."""
    items: Items = left.known
    arrays = "array" in (items.kind, getattr(right.known, "kind", ""))
    if not arrays and isinstance(right.known, Items) and isinstance(op, ast.Add):
        if items.cells is not None and right.known.cells is not None:
            return Value(Items([*items.cells, *right.known.cells], kind=items.kind))
        return Value(Items(None, _either(items, right.known), items.kind), marks=like.marks)
    if isinstance(op, ast.Mult) and not arrays:
        times = right.known
        if items.cells is not None and isinstance(times, int) and len(items.cells) * times <= 64:
            return Value(Items(items.cells * times, kind=items.kind), marks=like.marks)
        return Value(Items(None, items.like(), items.kind, right), marks=like.marks)
    cell = Value(UNKNOWN, max(like.grade, items.like().grade), like.marks)
    return Value(Items(None, cell, "array", items.size), marks=like.marks)


def _either(one: Items, other: Items) -> Value:
    return origin([one.like(), other.like()])


def _too_large(op: ast.operator, left: Any, right: Any) -> bool:
    if isinstance(left, str | bytes) or isinstance(right, str | bytes):
        return isinstance(op, ast.Mult)
    if isinstance(op, ast.Pow | ast.LShift):
        return not isinstance(right, int | float) or abs(right) > 64 or abs(left) > 10**6
    return False


def _grade(op: ast.operator, left: Value, right: Value) -> Grade:
    """Noise that is moved or stretched is noise; noise times noise is a shape."""
    one, other = depths(left).grade, depths(right).grade
    high = max(one, other)
    if isinstance(op, ast.MatMult):
        return Grade.WORK
    if high is not Grade.NOISE:
        return high
    if isinstance(op, ast.Add | ast.Sub):
        return Grade.NOISE
    stretches = isinstance(op, ast.Mult | ast.Div | ast.FloorDiv) and (
        other is Grade.WRITTEN or (one is Grade.WRITTEN and isinstance(op, ast.Mult))
    )
    return Grade.NOISE if stretches else Grade.SHAPED


def unary(op: ast.unaryop, value: Value) -> Value:
    """A value with a sign, or its negation."""
    does: dict[type[ast.unaryop], Callable[[Any], Any]] = {
        ast.USub: operator.neg,
        ast.UAdd: operator.pos,
        ast.Not: operator.not_,
        ast.Invert: operator.invert,
    }
    if isinstance(op, ast.Not) and not value.is_plain:
        known = truth(value)
        found = UNKNOWN if known is None else not known
        return Value(found, depths(value).grade, depths(value).marks)
    if not value.is_plain:
        return depths(value)
    return applied(does[type(op)], (value,), value)


def compared(op: ast.cmpop, left: Value, right: Value) -> Value:
    """The answer to a comparison."""
    like = origin([left, right])
    if isinstance(op, ast.In | ast.NotIn):
        return _contained(op, left, right, like)
    if isinstance(op, ast.Is | ast.IsNot) and None in (left.known, right.known):
        other = left.known if right.known is None else right.known
        if other is not None and other is not UNKNOWN:
            return Value(isinstance(op, ast.IsNot), like.grade, like.marks)
    if left.known is right.known and left.is_known and isinstance(op, ast.Is):
        return wrapped(found=True, like=like)
    if like.grade is Grade.NOISE:
        like = Value(UNKNOWN, Grade.SHAPED, like.marks)
    return applied(COMPARES[type(op)], (left, right), worked(like))


def _contained(op: ast.cmpop, left: Value, right: Value, like: Value) -> Value:
    """Whether something is in a collection; the keys of a table are known where it is closed."""
    if isinstance(right.known, Table) and right.known.rest is None and left.is_plain:
        inside = left.known in right.known.cells
        return Value(inside is isinstance(op, ast.In), left.grade, left.marks | right.marks)
    if like.grade is Grade.NOISE:
        like = Value(UNKNOWN, Grade.SHAPED, like.marks)
    return applied(COMPARES[type(op)], (left, right), like)


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None: not known."""
    match value.known:
        case bool() | int() | float() | str() | bytes() | None:
            return bool(value.known)
        case Items(cells=cells):
            return None if cells is None else bool(cells)
        case Table(cells=cells, rest=rest):
            return True if cells else None if rest is not None else False
        case _:
            return None


def gathered(value: Value, counted: Value, varied: frozenset[str]) -> Value:
    """What a sum or a mean makes of many values like this one.

    Many draws with one mean and one spread are still noise, unless a varied factor says how many.
    """
    deep = depths(value)
    marks = deep.marks | counted.marks
    if LOOPED in marks or factors(counted.marks):
        marks |= {LOOPED}
    if deep.grade is Grade.WRITTEN:
        return Value(UNKNOWN, counted.grade if counted.grade > Grade.NOISE else deep.grade, marks)
    if deep.grade is Grade.NOISE and not (factors(counted.marks) & varied):
        return Value(UNKNOWN, Grade.NOISE, marks)
    if deep.grade is Grade.WORK:
        return Value(UNKNOWN, Grade.WORK, marks | {f"{PASSING}mean"})
    made = worked(Value(UNKNOWN, Grade.WORK, marks))
    return made.marked({f"{PASSING}mean"})


def curve(value: Value) -> Value:
    """What a function without straight lines makes of a value."""
    deep = depths(value)
    bent = Grade.SHAPED if deep.grade is Grade.NOISE else deep.grade
    return Value(UNKNOWN, bent, deep.marks)


def is_whole(number: object) -> bool:
    """Whether this is a finite number."""
    return isinstance(number, int | float) and math.isfinite(number)
