"""A hostile program for `curie doctor --sandbox`: it tries what a box must stop."""
