"""The report says what the ledger holds, and claims nothing more."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer
from curie.domain.binding import interval_text
from curie.domain.call import Message, ModelCall
from curie.domain.dossier import Closed, Opened
from curie.domain.errors import CurieError, LedgerBroken
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Approval, Frozen, Plan
from curie.domain.question import Question
from curie.domain.setup import Setup, Started
from curie.domain.verdict import Finding, Verdict
from curie.report import html, render
from tests.report import dossiers as d

ROOT = Path(__file__).parents[2]
SECTIONS = [
    "Verdicts",
    "Figures",
    "Plan",
    "Checks",
    "Failed trials",
    "Warnings of the program under test",
    "Limits",
    "What is real and what is modelled",
    "Sandbox",
    "Provenance",
    "How to reproduce it",
]


def text_of(facts=None) -> str:
    """The Markdown without figures, which take most of the time and have tests of their own."""
    bare = [
        (who, b.but(levels=()) if isinstance(b, Analysis) else b) for who, b in facts or d.facts()
    ]
    return render(d.dossier(bare)).markdown


def section(markdown: str, title: str) -> str:
    return markdown.split(f"\n## {title}\n")[1].split("\n## ")[0]


def with_failure(**changes):
    """The answered run, in which the last trial failed."""
    facts = d.facts()
    last = max(i for i, (_, b) in enumerate(facts) if isinstance(b, Measured))
    trial = d.trials(d.plan())[-1]
    facts[last] = ("executor", d.failed(trial, **changes))
    return facts, trial


def test_the_same_dossier_gives_the_same_bytes():
    assert render(d.dossier()) == render(d.dossier())


def test_another_process_with_another_hash_seed_gives_the_same_bytes():
    program = (
        "import hashlib; from tests.report import dossiers as d; from curie.report import *\n"
        "r = render(d.dossier()); h = hashlib.sha256(r.markdown.encode() + html(r).encode())\n"
        "[h.update(f.svg + f.png) for f in r.figures]; print(h.hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo"))
    }
    assert len(hashes) == 1


def test_sections_come_in_their_order():
    markdown = render(d.dossier()).markdown
    assert re.findall(r"^## (.*)$", markdown, re.MULTILINE) == SECTIONS


def test_the_title_is_the_question_and_the_verdict_comes_first():
    title, _, answer, *_ = text_of().splitlines()
    assert title == f"# {d.QUESTION}"
    assert answer.startswith("**Supported.** Recall rises")


def test_every_number_of_the_answer_is_an_analysis_number():
    c1, _, c3 = d.dossier().final_analyses()
    paragraph = text_of().splitlines()[2].replace("\\", "")
    for name in ("ef_search=512", "ef_search=16"):
        paragraph = paragraph.replace(name, "")
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", paragraph)]
    assert numbers == pytest.approx([c1.estimate, 0.001, c3.estimate, c3.low, c3.high], rel=0.005)
    assert interval_text(c3) in paragraph


def test_an_unbound_number_stops_the_report():
    facts = d.replaced(d.facts(), Answer, d.answer("Recall rises by 30 %."))
    with pytest.raises(CurieError, match=r"answer a1, sentence 1: .*30.*claim\.c1\.estimate"):
        text_of(facts)


def test_the_verdict_table_has_a_row_for_each_claim():
    rows = [r for r in section(text_of(), "Verdicts").splitlines() if r.startswith("| c")]
    assert len(rows) == 3
    c3 = d.dossier().final_analyses()[2]
    for part in ("latency_us is higher", "95 % in", "< 0.001", f"| {c3.n} |", "**supported**"):
        assert part in rows[2]


def test_a_failed_trial_appears_with_its_reason_settings_and_output():
    facts, trial = with_failure(output="line one\nTraceback: boom\n", exit_code=3, why="exit")
    failures = section(text_of(facts), "Failed trials")
    for part in (trial.id, "exit code 3", "ef_search=", "Traceback: boom"):
        assert part in failures


def test_a_missing_trial_is_counted_in_the_first_paragraphs_and_named_in_the_plan():
    facts, trial = with_failure()
    markdown = text_of(facts)
    assert "Incomplete: 47 of 48 planned trials were measured; missing: 1." in markdown
    assert f"Missing: {trial.id}" in section(markdown, "Plan")
    assert "Nothing deviated" not in markdown


def test_a_run_that_gave_up_claims_nothing():
    gave_up = d.answer("The control did not work.", verdict="gave_up", limits=("no baseline",))
    facts = d.replaced(d.facts(), Answer, gave_up)
    facts = d.replaced(facts, Closed, Closed(how="gave_up", exit_code=5))
    report = render(d.dossier(facts))
    assert report.figures == ()
    assert "**No answer.** The control did not work." in report.markdown
    assert "Nothing is claimed" in section(report.markdown, "Verdicts")
    assert "supported" not in report.markdown
    assert "no baseline" in section(report.markdown, "Limits")


def test_a_run_under_way_says_that_it_is_not_finished():
    for cut in (1, 2, 3, 5, 6, 20, len(d.facts()) - 3):
        report = render(d.dossier(d.facts()[:cut]))
        assert "**Not finished.**" in report.markdown
        assert report.figures == ()
        assert "supported" not in report.markdown


def test_an_answer_that_its_gate_refused_is_not_told():
    refused = d.verdict("answer", "a1", accepted=False, remedy="again")
    facts = [f for f in d.facts() if not isinstance(f[1], Closed)]
    facts[-1] = ("gatekeeper", refused)
    assert "**Not finished.**" in text_of(facts)


def test_the_process_sandbox_names_its_open_doors_first_and_in_the_limits():
    ready = d.setup(posture=d.posture("process"))
    markdown = text_of(d.facts(ready=ready))
    first = markdown.split("\n## ")[0]
    assert "process sandbox (Linux 6.1), not in containers" in first
    assert "reading other files" in first
    assert "shares the file system" in section(markdown, "Limits")
    assert "| reading other files | **off** |" in section(markdown, "Sandbox")


def test_docker_is_named_too():
    assert "Docker containers (Docker 27.3.1" in text_of().split("\n## ")[0]


def test_a_frozen_plan_is_shown_with_its_hash():
    plan = section(text_of(), "Plan")
    assert d.plan().fingerprint() in plan
    assert "| ef512 | treatment | ef_search=512 |" in plan
    assert "Nothing deviated from the plan." in plan


def test_a_plan_that_differs_from_its_promise_is_told():
    facts = d.replaced(d.facts(), Frozen, Frozen(plan="p1", sha256="0" * 64))
    assert "it deviates from what was promised" in section(text_of(facts), "Plan")


def test_a_promise_without_a_plan_is_a_broken_ledger():
    facts = [f for f in d.facts()[:5] if not isinstance(f[1], Plan)]
    with pytest.raises(LedgerBroken, match="plan p1 was frozen"):
        text_of(facts)


def test_a_later_plan_says_what_it_follows_and_why_and_supersedes():
    later = d.plan(
        id="p2", after="p1", because="c1 was inconclusive", exploratory=True, order_seed=5
    )
    facts = d.facts()
    outcomes = [(t, d.measured(t)) for t in d.trials(d.plan())]
    first = d.analysis("c1", d.claims()[0].claim, outcomes)
    again = first.but(plan="p2", estimate=0.5, low=0.4, high=0.6, exploratory=True)
    facts[-3:-3] = [
        ("architect", later),
        ("gatekeeper", Frozen(plan="p2", sha256=later.fingerprint())),
        ("statistician", again),
    ]
    markdown = text_of(facts)
    assert "follows plan p1 because: c1 was inconclusive" in markdown
    assert "explore and confirm nothing" in markdown
    verdicts = section(markdown, "Verdicts")
    assert "0.500, 95 %" in verdicts.split("superseded")[0]
    assert "(exploratory)" in verdicts
    assert "| p1 | c1:" in verdicts.split("superseded")[1]


def test_rejected_drafts_and_a_persons_words_are_told():
    facts = d.facts()
    no_control = Finding(check="control_present", status="failed", detail="no control arm")
    facts[3:3] = [
        ("gatekeeper", d.verdict("plan", "p1", no_control, accepted=False, remedy="again"))
    ]
    facts.insert(6, ("user", Approval(plan="p1", said="comment", comment="more seeds | please")))
    plan = section(text_of(facts), "Plan")
    assert "control_present: no control arm" in plan
    assert "A person said comment: more seeds \\| please" in plan


def test_checks_that_failed_are_told_in_full_and_passed_ones_are_folded():
    facts = d.facts()
    failed = Finding(check="reexecution_agrees", status="failed", detail="recall moved by 0.2")
    facts[-4:-4] = [
        ("gatekeeper", d.verdict("evidence", "p1", failed, accepted=False, remedy="rebuild"))
    ]
    checks = section(text_of(facts), "Checks")
    assert "sent back: rebuild" in checks
    loud, quiet = checks.split("<details>")
    assert "**reexecution_agrees** (evidence gate on p1, round 1) **failed**: recall moved" in loud
    assert "steady_host" in loud
    assert "complete (as it should be)" in quiet


def test_confessions_of_the_program_are_counted_once_each():
    facts = [
        (who, b.but(result=b.result.but(warnings=("queue unstable",))))
        if isinstance(b, Measured)
        else (who, b)
        for who, b in d.facts()
    ]
    told = section(text_of(facts), "Warnings of the program under test")
    assert told.strip() == "- queue unstable (48 trials)"


def test_time_is_summed_by_phase_and_energy_is_said_to_be_unmeasured():
    rows = [r for r in section(text_of(), "Provenance").splitlines() if r.startswith("| ")]
    assert "| control | 8 | 8 | 0 | 10.0 s | 8.80 s | not measured |" in rows
    assert "| treatment | 40 | 40 | 0 | 50.0 s | 44.0 s | not measured |" in rows
    assert "| all | 48 | 48 | 0 | 60.0 s | 52.8 s | not measured |" in rows


def call(role: str, **changes: object) -> ModelCall:
    return ModelCall(
        role=role,
        number=1,
        attempt=1,
        model="openai/test",
        template_sha256="0" * 64,
        want="Draft",
        way="tool",
        messages=(Message(role="user", content="?"),),
        answer="{}",
        tokens_in=100,
        tokens_out=20,
        usd=0.25,
    ).but(**changes)


def test_model_calls_are_added_up_by_role():
    facts = d.facts(asked=d.opened(model="openai/test"))
    facts[2:2] = [("loop", call("architect")), ("loop", call("architect", number=2, usd=None))]
    provenance = section(text_of(facts), "Provenance")
    assert "| architect | openai/test | 2 | 200 | 40 | 0.250 (and 1 of unknown price) |" in (
        provenance
    )


def test_without_a_model_the_built_in_scientist_is_named():
    assert "No language model was used: the built-in scientist" in text_of()


def test_numbers_that_a_model_put_into_the_limits_are_blacked_out():
    facts = d.replaced(
        d.facts(), Answer, d.answer(limits=("Valid to 40 %.", "Only one data distribution."))
    )
    facts.insert(2, ("loop", call("analyst")))
    limits = section(text_of(facts), "Limits")
    assert "Valid to ▮ %." in limits
    assert "40" not in limits


def test_a_nasty_question_stays_inert_in_title_table_and_page():
    nasty = "Is `a|b` <script>alert(1)</script> ![x](http://evil.example/x.png)\n# faster?"
    facts = d.facts(asked=d.opened(question=Question(text=nasty)), planned=d.plan(understood=nasty))
    report = render(d.dossier(facts))
    page = html(report)
    assert report.markdown.splitlines()[1] == ""
    assert "<script" not in page
    assert "<img" not in page.split('src="data:')[0].replace('<img alt="recall', "")
    assert page.count("<h1>") == 1


def test_nasty_output_stays_inside_its_fence():
    nasty = "```\n## Injected\n<script>alert(1)</script>\n``````\n</details>\n| x |"
    facts, _ = with_failure(output=nasty, detail="<b>|`oops`")
    report = render(d.dossier(facts))
    page = html(report)
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("<h2>") == len(SECTIONS)
    assert "&lt;script&gt;alert(1)" in page


def test_every_fact_shown_comes_escaped():
    bad = "<i>|`*x*`"
    ready = d.setup(notes=bad, image=d.setup().image.but(packages=()))
    planned = d.plan(limits=(bad,), understood=bad, because=bad, after="p0")
    facts = d.facts(asked=d.opened(curie_version=bad), planned=planned, ready=ready)
    page = html(render(d.dossier(facts)))
    assert "<i>" not in page
    assert "<em>x</em>" not in page


def test_the_secret_of_the_nonces_is_not_printed():
    assert "never shown" not in text_of()


def test_a_trial_begun_again_after_a_crash_counts_once():
    facts = d.facts()
    again = next(b for _, b in facts if isinstance(b, Started))
    facts.insert(9, ("executor", again))
    assert "All 48 planned trials were measured." in text_of(facts)


def test_a_failed_first_try_does_not_make_the_run_incomplete():
    facts = d.facts()
    at = next(i for i, (_, b) in enumerate(facts) if isinstance(b, Measured))
    facts.insert(at, ("executor", d.failed(d.trials(d.plan())[0], why="killed")))
    markdown = text_of(facts)
    assert "All 48 planned trials" in markdown
    assert "failed: killed" in section(markdown, "Failed trials")


def test_a_dossier_without_its_first_fact_is_a_broken_ledger():
    with pytest.raises(LedgerBroken, match="never opened"):
        text_of([f for f in d.facts() if not isinstance(f[1], Opened)])


def test_kinds_used_here_are_all_told():
    """No fact of the run is left out: each of these kinds leaves a trace."""
    markdown = text_of()
    for trace in ("cd" * 32, d.setup().code_sha256, "numpy 2.1.3", "a CPU, 2 cores", "seed"):
        assert trace in markdown
    kinds = {type(b) for _, b in d.facts()}
    assert {Plan, Frozen, Setup, Verdict, Measured, Answer} <= kinds
    assert Failed not in kinds
