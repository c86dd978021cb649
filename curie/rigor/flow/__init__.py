"""What a program does with its settings, found by walking through it without running it.

`flow(plan, setup)` walks through the program once for each arm of the plan, with that arm's
settings filled in, so that branches, tables and registries of the varied factor are resolved as
they will be in the trial. Draws, clocks, data and all that is not understood stay unknown, and
every value keeps where it came from and how much lies behind it (`value.Grade`). Loops are walked
until one more round would change nothing that matters.

A walk that cannot tell says so: what is not understood counts as work, and a program that is too
large to be followed is not accused of anything.
"""

from curie.rigor.flow.machine import Event
from curie.rigor.flow.reading import Flow, Walk, flow
from curie.rigor.flow.value import Grade, Value

__all__ = ["Event", "Flow", "Grade", "Value", "Walk", "flow"]
