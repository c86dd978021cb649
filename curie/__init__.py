"""Curie answers questions about computer systems by rigorous experiment."""

__version__ = "0.1.0"
