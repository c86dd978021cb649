"""Places that run commands and protect the host from them.

`box.py` is the port. Two backends implement it, `docker.py` and `process.py`, both held to
`tests/conformance/`. To add a backend: one file with a class that satisfies `Sandbox`, one line in
`backends.py`, one line in the conformance suite's list.
"""
