"""The command line: it parses, calls `curie.app`, prints, and gives an exit code.

Data goes to stdout, everything else to stderr. What is heavy is imported inside the commands, so
that `curie --help` and shell completion are fast. To add a command: one function in the module of
its kind (`asking`, `reading`, `trying`), registered in `main.build`.
"""
