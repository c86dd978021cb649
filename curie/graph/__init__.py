"""The loop: small steps on LangGraph, and the table of ways back.

A step reads the ledger, calls one thing, adds the fact, and moves the cursor. Each step derives the
id of the fact it is about to add from the cursor and adds nothing that is already there, so that a
step which was interrupted can simply be done again. To add a step: one function, its name in
`state.StepName` and in `loop.STEPS`, and whatever leads to it in `moves`.
"""
