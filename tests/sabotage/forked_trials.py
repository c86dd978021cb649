"""Runs trials of one program, each in a process of its own that is forked, and prints the results.

A trial starts in milliseconds, because what programs import is imported before the fork. Reads a
JSON job from stdin and writes a list of JSON results to stdout: the metrics, or null for a trial
that failed. Only for the corpus' own tests; the audit runs every case in a real sandbox.
"""

import importlib
import json
import os
import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

HEAVY = ("numpy", "scipy.stats", "pandas", "sklearn.linear_model")
"""What is worth importing once for all trials of a program."""


def run(job: dict[str, Any]) -> list[Any]:
    """The results of the job's trials, in their order."""
    sys.dont_write_bytecode = True
    for name in HEAVY:
        if name.partition(".")[0] in job["program"]:
            importlib.import_module(name)
    return [_trial(job, trial) for trial in job["trials"]]


def _trial(job: dict[str, Any], trial: dict[str, Any]) -> Any:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in {**job["files"], "program.py": job["program"]}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        config = {"version": 1, "system": "workbench", "nonce": "n", **trial}
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        child = os.fork()
        if child == 0:
            _become(folder)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            return None
        return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def _become(folder: Path) -> None:
    """Runs the program in this process and ends it."""
    code = 1
    try:
        os.chdir(folder)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        sys.argv = ["program.py", "."]
        sys.path.insert(0, str(folder))
        runpy.run_path("program.py", run_name="__main__")
        code = 0
    finally:
        os._exit(code)  # no handler of the parent may run in the child


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
