"""A plan for people: its words, and what they say to it."""

import math
from collections.abc import Callable, Iterator

from curie.app.request import Approve
from curie.domain.plan import Approval, Plan
from curie.domain.setting import settings_text
from curie.domain.wording import claim_text, percent

PROMPT = "Run this plan? yes, no, or what to change: "


def plan_lines(plan: Plan) -> Iterator[str]:
    """What would be run and tested, with the power of it; one thought a line."""
    yield f"Plan {plan.id} on {plan.system}, {plan.fingerprint()[:16]}"
    yield f"Understood: {plan.understood}"
    if plan.program is not None:
        yield f"A program will be written: {plan.program.purpose}"
    for hypothesis in plan.hypotheses:
        yield f"Claim {hypothesis.id}: {claim_text(hypothesis.claim)}"
    for arm in plan.arms:
        yield f"Arm {arm.id} ({arm.role}): {settings_text(arm.settings)}"
    if plan.hold:
        yield f"Held: {settings_text(plan.hold)}"
    yield f"Seeds: {', '.join(str(seed) for seed in plan.seeds)}"
    count = trial_count(plan)
    yield f"Trials: {count}, with probes and re-executions besides"
    yield from _power_lines(plan)
    for limit in plan.limits:
        yield f"Limit: {limit}"


def trial_count(plan: Plan) -> int:
    """Control and treatment trials of a plan."""
    return len(plan.trials("control")) + len(plan.trials("treatment"))


def asking(show: Callable[[str], None], read: Callable[[str], str]) -> Approve:
    """Shows each plan line by line and reads what the person says to it.

    Anything but yes or no is a comment, which the architect gets; an empty line is asked again.
    """

    def approve(plan: Plan) -> Approval:
        for line in plan_lines(plan):
            show(line)
        said = ""
        while not said:
            said = read(PROMPT).strip()
        return understood(plan, said)

    return approve


def agreeing(show: Callable[[str], None]) -> Approve:
    """Shows each plan and says yes to it."""

    def approve(plan: Plan) -> Approval:
        for line in plan_lines(plan):
            show(line)
        return Approval(plan=plan.id, said="yes")

    return approve


def understood(plan: Plan, said: str) -> Approval:
    """A person's words as an approval."""
    match said.lower():
        case "yes" | "y":
            return Approval(plan=plan.id, said="yes")
        case "no" | "n":
            return Approval(plan=plan.id, said="no")
        case _:
            return Approval(plan=plan.id, said="comment", comment=said)


def _power_lines(plan: Plan) -> Iterator[str]:
    for power in plan.power:
        if power.exact:
            yield f"Power for {power.hypothesis}: exact, one replicate is as good as many"
            continue
        yield (
            f"Power for {power.hypothesis}: {percent(_down(power.power))} to see a change of "
            f"{percent(power.smallest_effect_share)} at a spread of {percent(power.spread_share)} "
            f"({power.source})"
        )


def _down(share: float) -> float:
    """Cut to a whole percent, so that nearly certain is not shown as certain."""
    return math.floor(share * 100) / 100
