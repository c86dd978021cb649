"""Texts of others inside Markdown: shown as they are, never obeyed.

A question, a reason in a plan or the output of a program may hold anything: pipes that break a
table, backticks, `<script>`, images that phone home, bidirectional controls. `inline` and `fence`
make them inert both for GitHub, which lets some HTML through, and for our own page, which lets
none.
"""

import re
import unicodedata

_ALWAYS = re.compile(r"([\\`*\[\]|~$])")
_LONE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_TAG = re.compile(r"<(?=[^\s\d=])")
_ENTITY = re.compile(r"&(?=[#A-Za-z])")
_HASH = re.compile(r"(^|\s)#")
_AUTOLINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_BLOCK_START = re.compile(r"^([-+=>])")
_BACKTICKS = re.compile(r"`+")


class Md(str):
    """A text that is Markdown already, and is not escaped again."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text without characters that steer a terminal or turn the reading direction around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else "�"
        for c in text
    )


def inline(text: str) -> Md:
    """Any text as one line of Markdown that shows just this text, also in a table cell."""
    line = " ".join(visible(text).split())
    line = _ALWAYS.sub(r"\\\1", line)
    line = _LONE_UNDERSCORE.sub(r"\\_", line)
    line = _TAG.sub(r"\\<", line)
    line = _ENTITY.sub(r"\\&", line)
    line = _HASH.sub(r"\1\\#", line)
    line = _AUTOLINK.sub(_unlinked, line)
    line = _LIST_NUMBER.sub(r"\1\\\2", line)
    return Md(_BLOCK_START.sub(r"\\\1", line))


def escaped(value: object) -> str:
    """What the template prints for a value: Markdown as it is, anything else made inert."""
    return value if isinstance(value, Md) else inline(str(value))


def code(text: str) -> Md:
    """A name, hash or path as a code span; not for table cells with pipes of others in them."""
    line = " ".join(visible(text).split()) or " "
    ticks = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return Md(f"{ticks}{pad}{line}{pad}{ticks}")


def fence(text: str, language: str = "text") -> Md:
    """Any text as a code block that it cannot break out of."""
    shown = visible(text).strip("\n")
    ticks = "`" * max(3, _longest_run(shown) + 1)
    return Md(f"{ticks}{language}\n{shown}\n{ticks}")


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _unlinked(match: re.Match[str]) -> str:
    return match[0].replace("://", "\\://").replace(".", "\\.")
