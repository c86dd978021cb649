"""The checks, one pure function a file. `curie.rigor` says how to add one."""
