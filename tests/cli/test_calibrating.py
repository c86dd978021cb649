"""`curie calibrate`: data to stdout, a report where it is asked for."""

import json

from curie.app.calibration.report import markdown
from curie.app.calibration.results import Calibration
from tests.cli.conftest import Curie


def test_the_command_prints_the_cells_and_writes_the_report(curie: Curie, tmp_path):
    words = ["calibrate", "--claim", "difference", "--family", "normal", "--n", "5", "--runs", "20"]
    ran = curie(*words, "--report", str(tmp_path), "--json")
    got = Calibration.model_validate(json.loads(ran.out))
    assert {"claim", "family", "n", "adaptive", "accepted", "false_positive"} <= set(
        json.loads(ran.out)["cells"][0]
    )
    report = (tmp_path / "report.md").read_text("utf-8")
    assert report == markdown(got)
    assert "## Difference" in report
    assert "false +" in curie(*words, "--workers", "1").out
