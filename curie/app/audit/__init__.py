"""Measures the checks: planted cheats that should be stopped, honest work that should not.

A case is a file (`case.py` says what is in it, `corpus.py` reads it). It is taken through the
product's own loop by a scripted crew (`crew.py`), with dishonest executors between the sandbox and
the ledger where the case asks for them: `tampers` says what each does, `hand.py` and `bent.py`
do it. `one_case.py` runs one case, `audit.py` many, `tally.py` counts, `words.py` tells.

To add a dishonest deed: see `tampers`.
"""
