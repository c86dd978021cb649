"""Output is capped and made harmless."""

from hypothesis import given
from hypothesis import strategies as st

from curie.sandbox.output import Capped, plain


def collected(chunks: list[bytes], cap: int) -> Capped:
    capped = Capped(cap)
    for chunk in chunks:
        capped.feed(chunk)
    return capped


@given(st.lists(st.text(alphabet="abcdef\n", max_size=40).map(str.encode), max_size=30))
def test_head_and_tail_are_kept_and_every_lost_byte_is_counted(chunks):
    whole = b"".join(chunks).decode()
    capped = collected(chunks, 64)
    if len(whole) <= 64:
        assert capped.text() == whole
        assert capped.dropped == 0
    else:
        assert capped.dropped == len(whole) - 64
        gap = f"\n[{capped.dropped} bytes dropped]\n"
        assert capped.text() == whole[:32] + gap + whole[-32:]


@given(st.text())
def test_no_control_code_but_tab_and_newline_is_left(text):
    kept = plain(text)
    assert all(c in "\n\t" or (ord(c) >= 0x20 and not 0x7F <= ord(c) <= 0x9F) for c in kept)
    assert plain(kept) == kept


def test_colours_titles_and_turned_text_are_stripped():
    text = "\x1b[1;31mred\x1b[0m \x1b]0;title\x07ok\x1b(B \u202eevil\u202c\r\nnext\rlast"
    assert plain(text) == "red ok evil\nnext\nlast"


def test_bytes_that_are_no_text_do_not_break_it():
    assert collected([b"\xff\xfe ok"], 64).text().endswith(" ok")
