"""Rigor: pure checks over frozen evidence, and the gates that they make up.

A gate is shown its evidence (`gather` picks it from a dossier) and `judge` gives a `Verdict`:
accepted, or what could mend it. Nothing here runs, reads, writes or rolls dice, so that old
evidence can be judged again by today's checks.

To add a check:
1. write `checks/<name>.py` with one function `<name>(evidence) -> Finding`, where the evidence is
   that of its gate (`evidence.py`). It ends with `passed`, `failed`, `warned` or `skipped` of
   `finding.py`. The first line of its docstring says when it fails ("Fail when …", or "Warn when …"
   if it stops nothing); the rest says why that matters and what mends it. The module's own first
   line asks the check's question and names its gates.
2. name it in `GATES` in `gates.py`, and in `PROBED` if it looks at trials. A check can stand in
   several gates. `catalogue.py` makes `curie checks` of it.
3. in `tests/rigor`, one test in which it fails and one in which it passes; a reader of programs
   must also pass the honest odd ones in `test_programs.py`.

What several checks ask lives beside them: arms and levels in `design.py`, programs as syntax in
`source.py`, `literals.py` and `lookups.py`, programs as they will run arm by arm in `flow/`, loops
whose work nobody sees in `liveness.py`, probes in `probing.py` and `live.py`, closeness of
numbers in `agreement.py`, words of sentences in `speech.py`.
"""

from curie.rigor.catalogue import Entry, catalogue, entries_of, near_names
from curie.rigor.evidence import (
    AnswerEvidence,
    ControlEvidence,
    Evidence,
    PlanEvidence,
    SetupEvidence,
    TrialEvidence,
    TrialLog,
)
from curie.rigor.gates import GATES, Check, judge
from curie.rigor.gather import (
    answer_evidence,
    control_evidence,
    plan_evidence,
    setup_evidence,
    trial_evidence,
)
from curie.rigor.probing import SAMPLE, factor_probe
from curie.rigor.switches import every_switch, switched_off, unprobed

__all__ = [
    "GATES",
    "SAMPLE",
    "AnswerEvidence",
    "Check",
    "ControlEvidence",
    "Entry",
    "Evidence",
    "PlanEvidence",
    "SetupEvidence",
    "TrialEvidence",
    "TrialLog",
    "answer_evidence",
    "catalogue",
    "control_evidence",
    "entries_of",
    "every_switch",
    "factor_probe",
    "judge",
    "near_names",
    "plan_evidence",
    "setup_evidence",
    "switched_off",
    "trial_evidence",
    "unprobed",
]
