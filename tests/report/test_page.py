"""One page that needs nothing from elsewhere and runs nothing."""

import base64
import re
from html.parser import HTMLParser

from curie.report import Figure, Report, html, render
from tests.report import dossiers as d

VOID = {"meta", "img", "br", "hr", "link"}


class Reader(HTMLParser):
    """Collects tags and attributes, and sees whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def tiny(markdown: str) -> Report:
    figure = Figure(name="c1-x", title="x", alt="x", svg=b"<svg>here</svg>", png=b"")
    return Report(title="T <b>&", markdown=markdown, figures=(figure,))


def test_the_page_refers_to_nothing_outside_itself():
    reader = read(html(render(d.dossier())))
    assert not {"script", "link", "iframe", "object", "a"} & set(reader.tags)
    for tag, name, value in reader.attributes:
        assert not name.startswith("on")
        if name == "style":
            assert value in ("text-align:left", "text-align:right")
        if name in ("src", "href", "srcset", "action", "poster", "data"):
            assert value.startswith("data:image/svg+xml;base64,"), (tag, name)


def test_a_browser_is_told_to_load_nothing():
    policy = [v for _, n, v in read(html(tiny("x"))).attributes if n == "content"]
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in policy


def test_figures_are_shown_by_their_own_bytes():
    page = html(tiny("![what it shows](figures/c1-x.svg)"))
    encoded = re.findall(r'alt="what it shows" src="data:image/svg\+xml;base64,([^"]*)"', page)
    assert [base64.b64decode(e) for e in encoded] == [b"<svg>here</svg>"]


def test_any_other_picture_is_shown_by_its_words():
    page = html(tiny('![<gone>"](https://evil.example/x.png)'))
    assert "img" not in read(page).tags
    assert "&lt;gone&gt;" in page


def test_html_in_the_markdown_is_shown_as_text():
    page = html(tiny("<script>alert(1)</script>\n\na <b onclick=x>b</b>\n\n<details><p></details>"))
    assert "script" not in read(page).tags
    assert "&lt;b onclick=x&gt;" in page


def test_our_own_folds_are_folds():
    page = html(tiny("<details><summary>Packages: 3</summary>\n\nnumpy\n\n</details>\n"))
    assert "<details><summary>Packages: 3</summary>\n<p>numpy</p>\n</details>" in page


def test_the_title_is_escaped():
    assert "<title>T &lt;b&gt;&amp;</title>" in html(tiny("x"))


def test_the_words_of_the_frame_in_a_report_are_not_filled_in():
    assert "{{ style }}" in html(tiny("a `{{ style }}`"))


def test_the_page_has_a_dark_and_a_printed_form():
    page = html(tiny("x"))
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
