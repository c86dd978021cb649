"""Models that say what a test wrote down, through the real dialogue."""

import json
from pathlib import Path

from curie.domain.fact import Fact
from curie.llm.dialogue import Dialogue
from curie.llm.scripted import ScriptedVoice
from tests.llm.drafts import Ledger

Says = Fact | dict[str, object] | str


def scripted(folder: Path, role: str, *answers: Says) -> tuple[Dialogue, Ledger]:
    """A model that gives these answers in turn, and what was asked of it."""
    return _model(folder, role, [_entry(a) for a in answers])


def mending(folder: Path, role: str, *tries: Says) -> tuple[Dialogue, Ledger]:
    """A model whose first answer needs so many tries."""
    return _model(folder, role, [{"tries": [_entry(t) for t in tries]}])


def _model(folder: Path, role: str, lines: list[dict[str, object]]) -> tuple[Dialogue, Ledger]:
    path = folder / "script.json"
    path.write_text(json.dumps({role: lines}))
    ledger = Ledger()
    return Dialogue(ScriptedVoice(path), ledger.logbook), ledger


def _entry(says: Says) -> dict[str, object]:
    match says:
        case str():
            return {"text": says}
        case dict():
            return {"answer": says}
        case _:
            return {"answer": says.model_dump(mode="json")}


def shown(ledger: Ledger, call: int = -1) -> str:
    """All that the model was shown in one call."""
    return "\n".join(m.content for m in ledger.calls[call].messages)
