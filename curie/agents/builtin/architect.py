"""The built-in architect: reads the question and designs the plan."""

from curie.agents.briefs import ArchitectBrief
from curie.agents.builtin.intents import hypotheses
from curie.agents.builtin.reading import Reading, read
from curie.domain.errors import NotAnswerable
from curie.domain.plan import Draft, Varied
from curie.domain.setting import Setting, level_text, settings_text
from curie.domain.wording import claim_text


class BuiltinArchitect:
    """Designs by the words of the manifests alone."""

    def draft(self, brief: ArchitectBrief) -> Draft:
        """The design that answers the question as understood.

        NotAnswerable when it cannot be read, or when the gate sent the same reading back: plain
        code would only say the same again.
        """
        if brief.comments:
            raise NotAnswerable(
                "the built-in scientist cannot take a comment into account; say it in the question "
                "(factors, levels, metrics), or ask with --model openai/<name>"
            )
        last = brief.verdicts[-1] if brief.verdicts else None
        if last is not None and last.gate == "plan":
            found = "; ".join(f"{f.check}: {f.detail}" for f in last.failures)
            raise NotAnswerable(
                f"the built-in scientist's plan was refused ({found}), and it would draft the "
                "same again; say levels and settings in the question, or ask with "
                "--model openai/<name>"
            )
        reading = read(brief.question.text, brief.systems)
        subject = reading.subject
        return Draft(
            system=reading.system.name,
            understood=understood(reading),
            hypotheses=hypotheses(reading),
            vary=(Varied(factor=subject.factor.name, levels=subject.levels),),
            control=(Setting(factor=subject.factor.name, level=subject.against),),
            hold=reading.hold,
            limits=(*reading.assumed, f"One operating point: {_point(reading)}."),
        )


def understood(reading: Reading) -> str:
    """What the question was taken to mean, for the person to check."""
    subject = reading.subject
    levels = ", ".join(level_text(x) for x in subject.levels)
    held = f", with {settings_text(reading.hold)}" if reading.hold else ""
    claims = "; ".join(claim_text(h.claim) for h in hypotheses(reading))
    return (
        f"On {reading.system.name}, vary {subject.factor.name} over {levels} (control: "
        f"{level_text(subject.against)}){held}, and test: {claims}."
    )


def _point(reading: Reading) -> str:
    named = {reading.subject.factor.name, *(s.factor for s in reading.hold)}
    rest = tuple(
        Setting(factor=f.name, level=f.default)
        for f in reading.system.factors
        if f.name not in named
    )
    return f"every other factor at its default ({settings_text(rest)})"
