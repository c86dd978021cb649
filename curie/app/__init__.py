"""One function a use case, and the only wiring.

The command line calls these functions and prints what they return; they raise `CurieError`s. To add
a use case: one module here, one command in `curie.cli`.
"""
