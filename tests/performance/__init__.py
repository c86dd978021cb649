"""What curie itself costs. `make bench` prints it; nothing here is a test, for no limit is sound.

Every number is a wall time on a machine that may be busy: measurements take turns, so that a slow
minute falls on all of them, and the load average stands beside them. A new measurement is a module
here and a table in `__main__.py`.
"""
