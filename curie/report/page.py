"""The report as one HTML page: figures and style inside, no script, nothing from elsewhere."""

import base64
import re
from collections.abc import Mapping, MutableMapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from curie.report.report import Report

_FOLD = re.compile(r"<details><summary>[^<>&]*</summary>|</details>")
"""The only HTML that our template writes. Texts of others cannot: every `<` of theirs is escaped,
and markdown-it is told to let no HTML through."""


def html(report: Report) -> str:
    """The page. Texts of others are escaped; a figure is shown by its own bytes."""
    pictures = {f.path: base64.b64encode(f.svg).decode() for f in report.figures}
    body = _parser().render(report.markdown, {"pictures": pictures})
    frame = _resource("page.html")
    parts = {"title": escape(report.title), "style": _resource("page.css"), "body": body}
    return re.sub(r"\{\{ (\w+) \}\}", lambda m: parts[m[1]], frame)


def _resource(name: str) -> str:
    return files("curie.report").joinpath(name).read_text(encoding="utf-8")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("folds", _folds)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _folds(state: StateCore) -> None:
    """Turn the paragraphs that open and close a fold back into HTML."""
    kept: list[Token] = []
    tokens = iter(state.tokens)
    for token in tokens:
        if token.type != "paragraph_open":
            kept.append(token)
            continue
        words, end = next(tokens), next(tokens)
        if _FOLD.fullmatch(words.content):
            kept.append(Token("html_block", "", 0, content=f"{words.content}\n"))
        else:
            kept += [token, words, end]
    state.tokens = kept


def _image(
    _self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """One of our own figures, by its bytes; any other picture by its words alone."""
    token = tokens[index]
    pictures: Mapping[str, str] = env["pictures"]
    words = escape(_self.renderInlineAsText(token.children, options, env))
    bytes64 = pictures.get(str(token.attrs.get("src", "")))
    if bytes64 is None:
        return words
    return f'<img alt="{words}" src="data:image/svg+xml;base64,{bytes64}">'


def _table_open(_self: RendererHTML, *_: object) -> str:
    return '<div class="wide"><table>\n'


def _table_close(_self: RendererHTML, *_: object) -> str:
    return "</table></div>\n"
