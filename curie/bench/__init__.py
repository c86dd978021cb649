"""Benchmark questions with their answer keys, and what follows from them: grades and tables.

To add a question: one TOML file under `benchmark_questions/<suite>/`; see `questions.py` for its
fields. Agents are handed the text alone: no type of theirs has a field for the key.
"""
