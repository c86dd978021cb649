"""Texts of others stay inert, whatever they hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from curie.report.markdown import code, fence, inline

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NASTY = st.text(alphabet="ab1 \\`*_[]()<>|~$#!&;:-+=./{}\n\t\"'é", max_size=40)


def shown(markdown: str) -> str:
    """What a reader sees of one paragraph, by the tokens of an independent parser."""
    tokens = PARSER.parse(markdown)
    assert [t.type for t in tokens] in (
        [],
        ["paragraph_open", "inline", "paragraph_close"],
    ), markdown
    children = [c for t in tokens for c in t.children or ()]
    assert {c.type for c in children} <= {"text", "text_special"}, markdown
    return "".join(c.content for c in children)


@given(NASTY)
def test_any_text_is_shown_as_itself_and_as_nothing_else(text):
    assert shown(inline(text)) == " ".join(text.split())


@given(NASTY, NASTY)
def test_any_text_fits_into_one_cell_of_a_table(left, right):
    table = f"| a | b |\n|:--|:--|\n| {inline(left)} | {inline(right)} |\n"
    cells = [t.content for t in PARSER.parse(table) if t.type == "inline"]
    assert len(cells) == 4
    assert [shown(c) for c in cells[2:]] == [" ".join(t.split()) for t in (left, right)]


@given(st.text(alphabet="ab `~\n-#<|", max_size=60))
def test_a_fence_holds_everything_and_cannot_be_broken_out_of(output):
    tokens = PARSER.parse(f"before\n\n{fence(output)}\n\nafter\n")
    kinds = [t.type for t in tokens]
    assert kinds.count("fence") == 1
    assert kinds.count("paragraph_open") == 2
    content = next(t.content for t in tokens if t.type == "fence")
    assert content.strip("\n") == output.strip("\n")


@given(st.text(alphabet="ab` ", min_size=1, max_size=20))
def test_a_code_span_shows_its_text(text):
    tokens = PARSER.parse(f"x {code(text)} y")
    spans = [c.content for t in tokens for c in t.children or () if c.type == "code_inline"]
    assert [s.strip() for s in spans] == [" ".join(text.split())]


@pytest.mark.parametrize("name", ["recall_at_10", "p99", "a.b", "x-y", "ef_search=64", "≤ 0.05"])
def test_ordinary_names_stay_readable_in_the_source(name):
    assert inline(name) == name


def test_a_bare_address_does_not_become_a_link():
    # GitHub links what starts with a scheme and `://` or with `www.`, unless a sign is escaped.
    assert inline("see https://evil.example/x") == r"see https\://evil.example/x"
    assert inline("see www.evil.example") == r"see www\.evil.example"


@pytest.mark.parametrize("control", ["\x1b[31m", "\u202e", "\x00", "\u2028"])
def test_control_characters_are_made_visible(control):
    for text in (inline(f"a{control}b"), fence(f"a{control}b"), code(f"a{control}b")):
        assert control[0] not in text
        assert re.search("a.*b", text)
