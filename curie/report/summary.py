"""What a run says in one sentence, in one paragraph, and as JSON; bound to facts by code."""

from typing import Any

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer, Stated
from curie.domain.binding import bind, told, unbound_numbers
from curie.domain.call import ModelCall
from curie.domain.dossier import Closed, Dossier
from curie.domain.errors import CurieError
from curie.domain.outcome import Measured
from curie.domain.plan import Frozen, Plan
from curie.domain.verdict import Verdict
from curie.domain.wording import claim_text

WORDS = {
    "supported": "Supported",
    "refuted": "Refuted",
    "mixed": "Mixed",
    "inconclusive": "Inconclusive",
    "gave_up": "No answer",
}
"""The verdict on the question, as a reader meets it."""

UNFINISHED = "Not finished"

_NUMBERS = ("verdict", "estimate", "low", "high", "unit", "p", "n")


def standing_answer(dossier: Dossier) -> Answer | None:
    """The answer that holds: the newest one, if the answer gate (or the end of the run) let it.

    None while the run is under way. An answer that gave up needs no gate: it claims nothing.
    """
    answer = dossier.last(Answer)
    if answer is None or answer.verdict == "gave_up":
        return answer
    closed = dossier.last(Closed)
    gate = _gate_on(dossier, answer)
    accepted = gate.accepted if gate else closed is not None
    return answer if accepted and (closed is None or closed.how == "answered") else None


def gave_up(dossier: Dossier) -> bool:
    """Whether the run ended without a validated answer."""
    closed = dossier.last(Closed)
    answer = standing_answer(dossier)
    ended = closed is not None and (closed.how == "gave_up" or answer is None)
    return ended or (answer is not None and answer.verdict == "gave_up")


def claimed(dossier: Dossier) -> tuple[Analysis, ...]:
    """The analyses that the report stands for: none before the end, none when the run gave up."""
    if standing_answer(dossier) is None or gave_up(dossier):
        return ()
    return dossier.final_analyses()


def stated(dossier: Dossier) -> tuple[Stated, ...]:
    """What the baseline claims, in its own words; nothing in any other run."""
    answer = standing_answer(dossier)
    return answer.stated if answer is not None else ()


def verdict_word(dossier: Dossier) -> str:
    """The verdict on the question in a word or two: `Supported`, `No answer`, `Not finished`."""
    if gave_up(dossier):
        return WORDS["gave_up"]
    answer = standing_answer(dossier)
    return WORDS[answer.verdict] if answer else UNFINISHED


def one_sentence(dossier: Dossier) -> str:
    """The verdict and the first sentence of the answer. CurieError on an unbound number."""
    return f"{verdict_word(dossier)}: {_after_word(dossier)[0]}"


def answer_text(dossier: Dossier) -> str:
    """The answer's sentences with every reference replaced by its fact.

    CurieError where a number is bound to no fact: such a sentence is never printed.
    """
    return " ".join(_sentences(dossier))


def answer_after_word(dossier: Dossier) -> str:
    """The answer's sentences as they stand behind the verdict's word, without saying it again."""
    return " ".join(_after_word(dossier))


def limits(dossier: Dossier) -> tuple[str, ...]:
    """What the answer and its plans say of their limits, each once.

    Where a language model wrote one, a number that no fact stands behind is blacked out.
    """
    frozen = {f.plan for f in dossier.of(Frozen)}
    planned = tuple(text for p in dossier.of(Plan) if p.id in frozen for text in p.limits)
    answer = standing_answer(dossier)
    if answer is None or answer.verdict == "gave_up":
        return tuple(dict.fromkeys((*(answer.limits if answer else ()), *planned)))
    stated = answer.limits
    if any(call.role == "analyst" for call in dossier.of(ModelCall)):
        known = {w for m in dossier.of(Measured) for w in m.result.warnings} | set(planned)
        stated = tuple(t if t in known else _without_numbers(t) for t in stated)
    return tuple(dict.fromkeys((*stated, *planned)))


def claims_json(dossier: Dossier) -> list[dict[str, Any]]:
    """The claims of a finished run, as `curie ask --json` prints them.

    Those of a baseline are as it stated them.
    """
    return [_stated_json(s) for s in stated(dossier)] or [
        {
            "id": a.id,
            "kind": a.claim.kind,
            "text": told(a),
            "verdict": a.verdict,
            "estimate": a.estimate,
            "low": a.low,
            "high": a.high,
            "unit": a.unit,
            "p": a.p,
            "n": a.n,
        }
        for a in claimed(dossier)
    ]


def _stated_json(claim: Stated) -> dict[str, Any]:
    numbers = claim.model_dump(exclude={"claim"})
    return {
        "id": claim.id,
        "kind": claim.claim.kind,
        "text": claim_text(claim.claim),
        **{name: numbers[name] for name in _NUMBERS},
    }


def _sentences(dossier: Dossier) -> tuple[str, ...]:
    answer = standing_answer(dossier)
    if answer is None:
        ended = dossier.last(Closed) is not None
        return (
            ("The run ended before an answer passed the checks; it claims nothing.",)
            if ended
            else ("The run has no answer yet; nothing is claimed.",)
        )
    if dossier.opened.agent == "baseline":
        return tuple(s.text for s in answer.sentences)
    return tuple(
        _bound(dossier, answer, number, sentence.text)
        for number, sentence in enumerate(answer.sentences, start=1)
    )


def _after_word(dossier: Dossier) -> tuple[str, ...]:
    sentences, lead = _sentences(dossier), f"{verdict_word(dossier)}: "
    if all(s.startswith(lead) for s in sentences):
        return tuple(s.removeprefix(lead) for s in sentences)
    return sentences


def _bound(dossier: Dossier, answer: Answer, number: int, text: str) -> str:
    try:
        return bind(text, dossier.final_analyses())
    except ValueError as error:
        raise CurieError(
            f"run {dossier.run}, answer {answer.id}, sentence {number}: {error}; no report is made "
            "of it: the sentence must name its fact, as in {{ claim.c1.estimate }}"
        ) from error


def _without_numbers(text: str) -> str:
    for loose in sorted(unbound_numbers(text), key=len, reverse=True):
        text = text.replace(loose, "▮")
    return text


def _gate_on(dossier: Dossier, answer: Answer) -> Verdict | None:
    """The newest verdict of the answer gate since this answer was given."""
    for entry in reversed(dossier.entries):
        if entry.body == answer:
            return None
        if isinstance(entry.body, Verdict) and entry.body.gate == "answer":
            return entry.body if entry.body.subject == answer.id else None
    return None
