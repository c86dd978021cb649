"""Plays the four roles of a language model: it answers from the text of the prompt alone.

It holds what a role has to know beforehand (a draft, a program and how to mend it); who is asked,
what was refused, what was done so far and what was found it reads in the prompt, as a model would.
"""

import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.llm.behaviours import Request

Json = dict[str, Any]


@dataclass
class Roles:
    """For `Loopback`: one reply for each request, by the role that the prompt names."""

    draft: Json
    program: str = ""
    """What the technician writes first."""
    mended: str = ""
    """What it writes over a program that was refused."""
    asked: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    """What stood in each prompt, the oldest first."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Json:
        prompt = "\n".join(m["content"] for m in request["messages"])
        named = re.match(r"You are (?:the|a sceptical) (\w+)\b", prompt)
        assert named, f"no role is named in {prompt[:80]!r}"
        role = named[1]
        with self._lock:
            self.asked[role] += 1
            self.told.append(prompt)
        match role:
            case "architect":
                return self.draft
            case "technician":
                return self._step(prompt.split("# The plan")[1])
            case "reviewer":
                return {"concerns": [], "trustworthy": "```" in prompt}
            case "analyst":
                return prose(prompt)
        raise AssertionError(f"nobody plays the {role}")

    def _step(self, prompt: str) -> Json:
        """Write, run, finish: whatever the list of actions says is next."""
        refused = "# Why the program was refused" in prompt
        _, _, done = prompt.partition("# What you did so far")
        if "1. write program.py" not in done:
            text = self.mended if refused else self.program
            return step({"do": "write", "path": "program.py", "content": text})
        if "2. run " not in done:
            return step({"do": "run", "command": "python program.py ."})
        assert "exit code 0" in done, done
        return step({"do": "finish"})


def step(action: Json) -> Json:
    """One action of the technician's."""
    return {"why": "it is next", "action": action}


FOUND = re.compile(r"^## (c\d+): (\w+).*\nClaim: .*\nFound: (.+)$", re.MULTILINE)


def prose(prompt: str) -> Json:
    """A sentence for each claim that the prompt shows, with references in place of numbers."""
    return {
        "sentences": [
            {"text": sentence(claim, verdict, found), "claims": [claim]}
            for claim, verdict, found in FOUND.findall(prompt)
        ],
        "limits": ["Nothing was tried but the settings that were run."],
    }


def sentence(claim: str, verdict: str, found: str) -> str:
    """What was found on one claim."""
    metric, interval = (f"{{{{ claim.{claim}.{name} }}}}" for name in ("metric", "interval"))
    if verdict == "inconclusive":
        return f"It is undecided what becomes of {metric}."
    return f"For {metric} it is {verdict}, and what was found is: {found} (interval {interval})."


def setting(factor: str, level: object) -> Json:
    """A factor at a level."""
    return {"factor": factor, "level": level}


def trend(claim: str, metric: str, factor: str, *where: Json) -> Json:
    """An open trend: how does the metric go along the factor?"""
    body = {"kind": "trend", "metric": metric, "factor": factor, "shape": None}
    return {"id": claim, "claim": {**body, "where": list(where)}, "why": "it is asked"}


def draft(system: str, *hypotheses: Json, vary: dict[str, list[Any]], **more: object) -> Json:
    """A whole draft; the control has the first level of each varied factor."""
    return {
        "system": system,
        "understood": f"What becomes of the metrics of {system} along {', '.join(vary)}.",
        "hypotheses": list(hypotheses),
        "vary": [{"factor": name, "levels": levels} for name, levels in vary.items()],
        "control": [setting(name, levels[0]) for name, levels in vary.items()],
        "hold": [],
        "design": "one_at_a_time",
        "replicates": None,
        "program": None,
        "limits": ["Only a few levels are run."],
        **more,
    }


def pair(metric: str, a: Json, b: Json, **claim: object) -> Json:
    """The parts of a claim about two sides."""
    return {"metric": metric, "a": [a], "b": [b], "where": [], **claim}


def factor(name: str, kind: str, levels: list[Any], **bounds: object) -> Json:
    """A declared factor of a program that is to be written; its first level is the default."""
    return {
        "name": name, "type": kind, "unit": "", "about": f"The {name}.", "default": levels[0],
        "levels": levels, "low": None, "high": None, "words": [], "level_words": [],
        "baseline": None, "needs": [], **bounds,
    }  # fmt: skip
