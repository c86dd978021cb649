"""The benchmark of the statistics: whether verdicts err as seldom as they promise.

Experiments are made up whose truth is known, and the product's own analysis judges them: the very
function that judges real trials, on tables that look like those of real trials. A cell is a kind of
claim, a family of noise, a number of replicates, and whether it may stop early. In each cell three
rates are counted: definite verdicts where there is nothing to find, intervals that hold the truth,
and effects found, against the power that a plan would have promised.

To add a claim: one `World` in `worlds.py`. To add a noise: one function in `noise.py`.
"""
