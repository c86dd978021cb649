"""The few sentences that curie itself says to a model, from the files in `texts/`."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template


@cache
def _template(name: str) -> Template:
    source = (files("curie.llm") / "texts" / f"{name}.md.j2").read_text(encoding="utf-8")
    env = Environment(  # noqa: S701 - the text goes to a model, not to a browser
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return env.from_string(source)


def plain(schema: str) -> str:
    """What to answer with, for a server that knows no structured answers."""
    return _template("plain").render(schema=schema)


def correction(problem: str, schema: str) -> str:
    """What was wrong with an answer; with the schema, if any, for one who may not have seen it."""
    return _template("correction").render(problem=problem, schema=schema)
