"""The built-in scientist: the roles as plain code over the manifests.

It needs no key and no network, and holds no answers: it reads the question by the words of the
manifests (`match.py`), decides what kind of claim is asked for (`intents.py`), designs the plan
(`architect.py`), and puts measured analyses into words (`analyst.py`). What it cannot read it
refuses, saying what it did understand.
"""
