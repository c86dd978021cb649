"""The rules of style that no linter knows. Each test lists every place that breaks its rule."""

import ast
import re
from collections.abc import Iterator

import pytest

from curie.agents import BRIEFS
from tests.shape.sources import ROOT, FunctionNode, Source, sources

PRODUCT = sources("curie", "sandboxes")
TESTS = sources("tests")
LINES, TEST_LINES, FUNCTION_LINES = 300, 500, 40
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
LAST_WORDS = {"curie/rigor/gates.py", "curie/cli/main.py"}
"""Where anything may be caught: a check crashed; the command line's last word."""


def length(function: FunctionNode) -> int:
    """Lines from `def` to the end, without the docstring."""
    end = function.end_lineno or function.lineno
    first = function.body[0]
    doc = ast.get_docstring(function, clean=False)
    counted = (first.end_lineno or first.lineno) - first.lineno + 1 if doc is not None else 0
    return end - function.lineno + 1 - counted


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {s.name: len(s.text.splitlines()) for s in PRODUCT + TESTS}
    limits = {s.name: TEST_LINES if s in TESTS else LINES for s in PRODUCT + TESTS}
    assert {name: n for name, n in lengths.items() if n > limits[name]} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {f"{s.name}:{f.name}": length(f) for s in PRODUCT + TESTS for f in s.functions()}
    assert {name: n for name, n in lengths.items() if n > FUNCTION_LINES} == {}


def test_the_length_of_a_function_leaves_out_its_docstring() -> None:
    (function,) = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n').body
    assert isinstance(function, FunctionNode)
    assert length(function) == 2


def test_no_file_has_a_name_that_says_nothing() -> None:
    parts = {s.name: set(s.path.relative_to(ROOT).with_suffix("").parts) for s in PRODUCT + TESTS}
    assert [name for name, words in parts.items() if words & VAGUE] == []


def catches_all(source: Source) -> Iterator[int]:
    """Lines that catch every error there is; one that raises it again does not keep it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {getattr(c, "id", "") for c in caught if c is not None}
            again = any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node))
            if (node.type is None or names & {"Exception", "BaseException"}) and not again:
                yield node.lineno
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "suppress":
            suppressed = {getattr(a, "id", "") for a in node.args}
            yield from [node.lineno] if suppressed & {"Exception", "BaseException"} else []


def test_everything_is_caught_in_two_places_at_most() -> None:
    places = {s.name: list(catches_all(s)) for s in PRODUCT}
    loose = {name: lines for name, lines in places.items() if lines and name not in LAST_WORDS}
    assert loose == {}
    assert all(len(lines) <= 1 for lines in places.values())


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("try: f()\nexcept Exception: pass", [2]),
        ("try: f()\nexcept (OSError, BaseException) as e: g(e)", [2]),
        ("try: f()\nexcept: pass", [2]),
        ("with contextlib.suppress(Exception): f()", [1]),
        ("try: f()\nexcept BaseException:\n    g()\n    raise", []),
        ("try: f()\nexcept OSError: pass", []),
    ],
)
def test_the_rule_sees_what_catches_everything(text: str, caught: list[int]) -> None:
    assert list(catches_all(Source(path=ROOT / "x.py", text=text, tree=ast.parse(text)))) == caught


def test_nothing_is_left_to_do_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\braise NotImplementedError\b")
    here = ROOT / "tests/shape/test_shape.py"
    assert [s.name for s in PRODUCT + TESTS if s.path != here and later.search(s.text)] == []


def test_no_test_replaces_a_part_of_the_program_by_a_mock() -> None:
    mocks = [
        f"{s.name}: {name}"
        for s in TESTS
        for name in s.aliases().values()
        if name.startswith(("unittest.mock", "mock", "pytest_mock"))
    ]
    patches = [
        f"{s.name}:{node.lineno}"
        for s in TESTS
        for name, node in s.calls()
        if name in ("monkeypatch.setattr", "monkeypatch.setitem", "mocker.patch")
    ]
    assert mocks + patches == []


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Functions and classes that others may use, with the methods of the latter."""
    for node in body:
        if isinstance(node, FunctionNode | ast.ClassDef) and not node.name.startswith("_"):
            overload = any(getattr(d, "id", "") == "overload" for d in node.decorator_list)
            if not overload:
                yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def test_every_public_name_says_what_it_gives() -> None:
    silent = [
        f"{s.name}:{name}"
        for s in PRODUCT
        for name, node in (("", s.tree), *public(s.tree.body))
        if isinstance(node, ast.Module | ast.ClassDef | FunctionNode)
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_only_the_command_line_prints() -> None:
    inside = [s for s in sources("curie") if not s.name.startswith("curie/cli/")]
    assert [
        f"{s.name}:{n.lineno}" for s in inside for name, n in s.calls() if name == "print"
    ] == []


def claims(function: ast.AST) -> bool:
    """Whether something is asserted in it, or an error or warning is expected."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("raises", "warns", "fail"):
            return True
    return False


def untested(source: Source, elsewhere: frozenset[str]) -> list[str]:
    """Tests that claim nothing, by themselves or through a function that they call."""
    named = {f.name: f for f in source.functions()}
    claiming = {name for name, f in named.items() if claims(f)} | elsewhere
    for _ in range(3):  # a test may call a function that calls one that asserts
        for name, function in named.items():
            calls = {getattr(c.func, "id", getattr(c.func, "attr", "")) for c in _calls(function)}
            if calls & claiming:
                claiming.add(name)
    return [n for n in named if n.startswith("test_") and n not in claiming]


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    return (n for n in ast.walk(function) if isinstance(n, ast.Call))


def test_every_test_claims_something() -> None:
    shared = frozenset(
        f.name
        for s in TESTS
        if not s.path.name.startswith("test_")
        for f in s.functions()
        if claims(f)
    )
    assert [f"{s.name}:{n}" for s in TESTS for n in untested(s, shared)] == []


def test_a_test_file_has_tests() -> None:
    empty = [
        s.name
        for s in TESTS
        if s.path.name.startswith("test_")
        and not any(f.name.startswith("test_") for f in s.functions())
    ]
    assert empty == []


def test_every_role_that_a_model_plays_has_its_template_and_no_template_is_orphaned() -> None:
    templates = {p.name.removesuffix(".md.j2") for p in (ROOT / "prompts").glob("*.md.j2")}
    assert templates == set(BRIEFS)


def test_the_top_of_the_project_holds_what_everybody_looks_for_and_no_more() -> None:
    files = {"pyproject.toml", "README.md", "Makefile"}
    folders = {"curie", "benchmark_questions", "sandboxes", "prompts", "tests", "reports"}
    seen = {p.name for p in ROOT.iterdir() if not p.name.startswith((".", "__pycache__"))}
    made = {"dist", "build"}  # what a build leaves; git ignores them
    assert seen - files - folders - made == set()
