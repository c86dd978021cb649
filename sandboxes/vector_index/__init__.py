"""Approximate nearest-neighbour indexes of faiss, built and searched for real.

`settings.py` reads what a trial is given, `workload.py` draws the vectors, `mechanism.py` builds
and searches an index, `measure.py` scores it against exact search. To add a kind of index: one
branch in `mechanism.build`, one in `Built.comparisons`, one level in the manifest.
"""
