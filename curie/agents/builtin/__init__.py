"""The built-in scientist: the roles as plain code over the manifests.

It needs no key and no network, and holds no answers: it reads the question by the words of the
manifests (`match.py`, `reading.py`, with `levels.py` and `bounds.py` for its numbers), decides what
kind of claim is asked for (`intents.py`), designs the plan (`architect.py`), and puts measured
analyses into words (`analyst.py`). What it cannot read it refuses, saying what it did understand.
To teach it a word, add the word to the manifest that it belongs to, or to `lexicon.py` if it says
what is to be done with a metric.
"""
