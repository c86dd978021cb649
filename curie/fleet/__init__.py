"""Machines that run trials. `port.py` is the shape, `local.py` this machine, `devices.py` its GPUs.

To add a fleet: one file with a class that satisfies `Fleet`.
"""
