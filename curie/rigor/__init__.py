"""rigor."""
