"""Is it clear who writes the program? Asked at the plan gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, passed


def program_declared(evidence: PlanEvidence) -> Finding:
    """Fail unless a program is declared exactly where the system brings none.

    Without it there is nothing to run; beside a shipped one it would replace what was validated.
    The factors and metrics in force must be those of whichever program runs. Mended by declaring
    the program, or by leaving it out.
    """
    plan, system = evidence.plan, evidence.system
    if plan.system != system.name:
        return failed(f"the plan is for {plan.system}, not {system.name}", remedy="again")
    if system.brings_program and plan.program is not None:
        return failed(f"{system.name} brings its program; declare none", remedy="again")
    if not system.brings_program and plan.program is None:
        return failed(f"{system.name} brings no program; declare one", remedy="again")
    source = plan.program or system
    if (plan.factors, plan.metrics) != (source.factors, source.metrics):
        return failed("factors or metrics are not those of the program", remedy="again")
    return passed("the technician writes it" if plan.program else f"{system.name} brings it")
