"""An empty Python for programs that are written for one question; `example.py` is one.

This package holds no mechanism of its own. The program that is written lies in the trial's folder
as `program.py`, runs as `python program.py .`, and obeys `sandboxes.contract`.
"""
