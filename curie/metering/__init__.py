"""What the host itself can say of a trial: `machine.py` the host, `energy.py` its counters.

Wall time, CPU time and memory of a trial come from its box; to add a meter: one module here.
"""
