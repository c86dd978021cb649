"""The nouns of the project: frozen values, no input or output, no clock, no dice.

To add a noun: one class in the module of its kind, derived from `Fact`; if it is written to the
ledger, give it a `fact` literal, name it in `dossier.AnyFact`, and say in `curie.store.rights` who
may write it.
"""
