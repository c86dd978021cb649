"""Perseus: pipeline-parallel training without energy bloat (SOSP'24), as a system under test.

`pipeline.py` is the schedule, `curves.py` what a computation may cost, `mechanism.py` the published
algorithm, `model.py` the GPUs, `baselines.py` what to beat, `simulate.py` one trial. To add a
planner: one function in `baselines.py`, one line in `simulate.py`, one level in `manifest.toml`.
"""
