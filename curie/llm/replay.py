"""`replay/<run>`: the answers of a recorded run, for as long as the same things are asked."""

import difflib
from collections.abc import Sequence

from curie.domain.call import Message, ModelCall
from curie.domain.errors import ModelMisbehaved
from curie.llm.prices import FREE
from curie.llm.voice import Asked, Said
from curie.llm.ways import without_schema


class ReplayVoice:
    """Plays back the calls of a run, found by role and number.

    Only the answer that was accepted in the end is played; a call that never had one fails again.
    ModelMisbehaved with a diff where the prompt is not the recorded one.
    """

    tries = 1
    max_tokens = 0
    price = FREE

    def __init__(self, name: str, calls: Sequence[ModelCall]) -> None:
        self.name = name
        self._calls = {(c.role, c.number, c.attempt): c for c in calls}

    def say(self, asked: Asked) -> Said:
        """The recorded answer."""
        role, number = asked.prompt.role, asked.number
        tries = [c for (r, n, _), c in sorted(self._calls.items()) if (r, n) == (role, number)]
        problem = self._difference(asked, tries)
        text = tries[-1].answer if tries and not problem else ""
        error = ModelMisbehaved(problem) if problem else None
        return Said(text, "replay", asked.prompt.messages, error=error)

    def _difference(self, asked: Asked, tries: list[ModelCall]) -> str:
        """Why the recorded call is no answer to this one; empty if it is."""
        role, number = asked.prompt.role, asked.number
        at = f"{self.name}, call {number} of the {role}"
        if not tries:
            made = len({n for r, n, _ in self._calls if r == role})
            return f"{at}: the recorded run has {made} calls of this role; record it anew"
        first, last = tries[0], tries[-1]
        before, now = without_schema(first.way, first.messages), asked.prompt.messages
        if before != now:
            return f"{at}: the prompt differs from the recorded one; record it anew\n" + _diff(
                before, now
            )
        if last.want != asked.want.__name__:
            return f"{at}: recorded as {last.want}, now wanted as {asked.want.__name__}"
        return f"{at}: it failed when it was recorded, too: {last.problem}" if last.problem else ""


def _diff(before: tuple[Message, ...], now: tuple[Message, ...]) -> str:
    return "\n".join(
        difflib.unified_diff(_lines(before), _lines(now), "recorded", "now", lineterm="", n=2)
    )


def _lines(messages: tuple[Message, ...]) -> list[str]:
    return [line for m in messages for line in (f"[{m.role}]", *m.content.splitlines())]
