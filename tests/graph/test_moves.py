"""The table of moves, walked at random: whatever the gates say, a run is safe and ends."""

from dataclasses import dataclass, field
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curie.agents.design import LOOKS
from curie.domain.verdict import REMEDIES, Finding, GateName, Remedy, Verdict
from curie.graph.loop import LONGEST, STEPS
from curie.graph.moves import JUDGED, NEXT, ONWARD, after, back, leads
from curie.graph.state import WAYS_BACK, Cursor, Move, StepName, start

GATE_NAMES: tuple[GateName, ...] = get_args(GateName)
STEP_NAMES: tuple[StepName, ...] = get_args(StepName)
LAP = len(ONWARD) + len(JUDGED) - 1
"""Steps from the plan to the end, the longest way: all of them, but only one way to end."""
PLAN_LOOKS = 2
"""Looks that a plan may have: an early one and its last."""

BOUND = LAP * (WAYS_BACK + LOOKS * PLAN_LOOKS)
"""A lap for each way back, one for each look of each plan: the last of these ends."""

FORWARD: dict[GateName, StepName] = {
    "plan": "approve",
    "setup": "control",
    "control": "treat",
    "evidence": "analyse",
    "answer": "close",
}
REBUILDS: dict[Remedy, StepName] = {"again": "prepare", "rebuild": "prepare", "replan": "plan"}
BACK: dict[GateName, dict[Remedy, StepName]] = {
    "plan": {"again": "plan", "replan": "plan"},
    "setup": REBUILDS,
    "control": REBUILDS,
    "evidence": REBUILDS,
    "answer": {"again": "conclude"},
}
"""Where each gate may send a run, written down once more, by hand."""


def verdict(gate: GateName, remedy: Remedy, *, accepted: bool, crashed: bool = False) -> Verdict:
    """What a gate says; a check that crashed stands among the failures like any other."""
    found = Finding(check="c", status="error" if crashed else "failed", detail="", remedy=remedy)
    return Verdict(
        gate=gate,
        subject="s1",
        round=1,
        findings=() if accepted else (found,),
        accepted=accepted,
        remedy=remedy,
    )


def cursor(**changes: int) -> Cursor:
    return {**start(WAYS_BACK), **changes}  # type: ignore[typeddict-item]


@dataclass
class Walk:
    """Interprets the table as the loop does, with a draw wherever the world has a say."""

    draw: st.DataObject
    at: Cursor = field(default_factory=lambda: start(WAYS_BACK))
    steps: list[StepName] = field(default_factory=list)
    said: dict[int, Verdict] = field(default_factory=dict)
    """The verdict at that place of `steps`."""
    counters: list[int] = field(default_factory=list)

    def go(self) -> "Walk":
        while self.at["step"] != "end":
            here = self.at["step"]
            assert len(self.steps) < LONGEST
            move = self.one(here)
            assert move["step"] in leads(here)
            self.steps.append(here)
            self.counters.append(self.at["ways_back"])
            self.at = {**self.at, **move}
        return self

    def one(self, here: StepName) -> Move:
        if here in JUDGED:
            accepted, crashed = self.draw.draw(st.booleans()), self.draw.draw(st.booleans())
            remedy = "none" if accepted else self.draw.draw(st.sampled_from(REMEDIES))
            said = verdict(JUDGED[here], remedy, accepted=accepted, crashed=crashed)
            self.said[len(self.steps)] = said
            return after(said, self.at)
        match here:
            case "analyse":
                if self.at["look"] < PLAN_LOOKS and self.draw.draw(st.booleans()):
                    return Move(step="control", look=self.at["look"] + 1)
                looks = self.at["looks"] + 1
                more = looks < LOOKS and self.draw.draw(st.booleans())
                return Move(step=ONWARD[here][more], looks=looks)
            case "approve":
                to = self.draw.draw(st.sampled_from(ONWARD[here]))
                return back(to, self.at) if to == "plan" else Move(step=to)
            case "plan":
                return Move(step=self.draw.draw(st.sampled_from(ONWARD[here])), look=1)
            case _:
                return Move(step=ONWARD[here][0])


def walks(test):
    """A random walk to its end, as the test's only argument."""

    @settings(max_examples=50)
    @given(draw=st.data())
    def walked(draw):
        test(Walk(draw).go())

    walked.__name__ = test.__name__
    return walked


@walks
def test_every_run_ends_within_the_bound_that_its_counters_give(walk):
    assert len(walk.steps) <= BOUND < LONGEST
    assert walk.steps[-1] in ("close", "give_up")
    assert walk.at["looks"] <= LOOKS


@walks
def test_no_treatment_runs_before_its_control_is_accepted(walk):
    for place, step in enumerate(walk.steps):
        if step == "treat":
            assert walk.steps[place - 2 : place] == ["control", "vet_control"]
            assert walk.said[place - 1].accepted


@walks
def test_no_control_runs_before_its_plan_and_its_setup_are_accepted(walk):
    for place, step in enumerate(walk.steps):
        if step == "control":
            accepted = [walk.steps[i] for i, v in walk.said.items() if i < place and v.accepted]
            # At the plan's next look the control goes on where the evidence was accepted.
            further = walk.steps[place - 1] == "analyse"
            assert accepted[-1] == ("vet_evidence" if further else "vet_setup")
            built = max(i for i in range(place) if walk.steps[i] == "prepare")
            planned = max(i for i in range(place) if walk.steps[i] == "plan")
            assert planned < built
            assert {"approve", "freeze"} <= set(walk.steps[planned:built])
            assert walk.said[planned + 1].accepted


@walks
def test_no_analysis_rests_on_evidence_that_is_not_accepted(walk):
    for place, step in enumerate(walk.steps):
        if step == "analyse":
            assert walk.steps[place - 1] == "vet_evidence"
            assert walk.said[place - 1].accepted


@walks
def test_a_run_is_only_closed_as_answered_after_an_accepted_answer(walk):
    if walk.steps[-1] == "close":
        assert walk.steps[-2] == "vet_answer"
        assert walk.said[len(walk.steps) - 2].accepted


@walks
def test_every_way_back_spends_exactly_one_and_nothing_else_does(walk):
    after_all = [*walk.counters[1:], walk.at["ways_back"]]
    followed = [*walk.steps[1:], "end"]
    for place, (step, to) in enumerate(zip(walk.steps, followed, strict=True)):
        spent = walk.counters[place] - after_all[place]
        sent_back = place in walk.said and not walk.said[place].accepted and to != "give_up"
        commented = (step, to) == ("approve", "plan")
        assert spent == (1 if sent_back or commented else 0)
    assert min(after_all) >= 0


@walks
def test_a_rejected_verdict_never_leads_forward(walk):
    for place, said in walk.said.items():
        to = [*walk.steps, "end"][place + 1]
        if not said.accepted:
            assert to != FORWARD[said.gate]
            assert to == "give_up" or to in walk.steps[: place + 1]


@pytest.mark.parametrize("gate", GATE_NAMES)
@pytest.mark.parametrize("remedy", REMEDIES)
@pytest.mark.parametrize("left", [0, 1, WAYS_BACK])
def test_every_gate_and_remedy_has_its_place(gate, remedy, left):
    rejected = after(verdict(gate, remedy, accepted=False), cursor(ways_back=left))
    to = BACK[gate].get(remedy)
    expected = (
        Move(step="give_up")
        if to is None or left == 0
        else Move(step=to, ways_back=left - 1)
    )  # fmt: skip
    assert rejected == expected
    assert after(verdict(gate, remedy, accepted=True), cursor(ways_back=left)) == Move(
        step=FORWARD[gate]
    )


def test_the_table_names_no_way_that_is_not_written_here():
    by_hand = {(g, r): to for g, ways in BACK.items() for r, to in ways.items()}
    by_hand |= {(g, "none"): to for g, to in FORWARD.items()}
    assert by_hand == NEXT


def test_every_step_is_judged_or_leads_on_and_has_a_function():
    assert set(JUDGED).isdisjoint(ONWARD)
    assert set(JUDGED) | set(ONWARD) == set(STEPS) == set(STEP_NAMES) - {"end"}
    assert set(JUDGED.values()) == set(GATE_NAMES)


def test_only_the_end_is_terminal_and_every_step_can_be_reached():
    assert [step for step in STEP_NAMES if not leads(step)] == ["end"]
    seen, edge = set(), {start(WAYS_BACK)["step"]}
    while edge:
        seen |= edge
        edge = {to for step in edge for to in leads(step)} - seen
    assert seen == set(STEP_NAMES)


@pytest.mark.parametrize("step", [s for s in STEP_NAMES if s != "end"])
def test_the_end_can_be_reached_from_every_step(step):
    seen, edge = set(), {step}
    while edge:
        seen |= edge
        edge = {to for here in edge for to in leads(here)} - seen
    assert "end" in seen


def test_the_end_is_only_reached_by_closing_or_giving_up():
    assert {s for s in STEP_NAMES if "end" in leads(s)} == {"close", "give_up"}
    assert leads("give_up") == leads("close") == {"end"}
