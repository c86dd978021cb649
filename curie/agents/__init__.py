"""The roles: a brief in, one typed value out.

`roles.py` says what each role takes and gives, `briefs.py` all that it is told. The modules
`architect`, `technician`, `reviewer` and `analyst` are played by a language model, with the text in
`prompts/<role>.md.j2`; `builtin/` plays the same roles as plain code. `baseline` is no role among
them: one model that answers alone, to compare with. To add a role: its brief, its
Protocol, one module, one template, its name in `BRIEFS`, and its step in the loop.
"""

from curie.agents.briefs import (
    AnalystBrief,
    ArchitectBrief,
    BaselineBrief,
    ReviewerBrief,
    TechnicianBrief,
)
from curie.prompts import Brief

BRIEFS: dict[str, type[Brief]] = {
    "architect": ArchitectBrief,
    "technician": TechnicianBrief,
    "reviewer": ReviewerBrief,
    "analyst": AnalystBrief,
    "baseline": BaselineBrief,
}
"""What each role's template may use: the fields of its brief, and nothing else."""
