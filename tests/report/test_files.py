"""Reports in folders."""

import re
import stat

import pytest

from curie.domain.errors import NotReady
from curie.report import Figure, Report, render, write
from tests.report import dossiers as d


def report(*names: str) -> Report:
    figures = tuple(Figure(name=n, title=n, alt=n, svg=b"<svg/>", png=b"PNG") for n in names)
    return Report(title="T", markdown="# T µ\n", figures=figures)


def test_the_markdown_finds_each_of_its_figures(tmp_path):
    path = write(render(d.dossier()), tmp_path / "new" / "folder")
    links = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", path.read_text(encoding="utf-8"))
    assert len(links) == 3
    assert all((path.parent / link).read_bytes().startswith(b"<?xml") for link in links)
    assert len(list((path.parent / "figures").glob("*.png"))) == 3


def test_writing_again_replaces_the_report_and_its_stale_figures(tmp_path):
    write(report("old", "kept"), tmp_path)
    (tmp_path / "figures" / "notes.txt").write_text("mine")
    path = write(report("kept"), tmp_path)
    assert path == tmp_path / "report.md"
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert left == {"report.md", "figures/kept.svg", "figures/kept.png", "figures/notes.txt"}


def test_others_may_read_a_report(tmp_path):
    assert stat.S_IMODE(write(report(), tmp_path).stat().st_mode) == 0o644


def test_a_place_that_cannot_hold_a_report_gets_a_clear_message(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotReady, match=r"file: the report cannot be written: .*another folder"):
        write(report(), tmp_path / "file")


def test_an_old_report_stays_whole_when_the_new_one_cannot_be_written(tmp_path):
    write(report("a"), tmp_path)
    before = (tmp_path / "report.md").read_bytes()
    (tmp_path / "figures" / "b.svg").mkdir()
    with pytest.raises(NotReady):
        write(report("a", "b"), tmp_path)
    assert (tmp_path / "report.md").read_bytes() == before
    assert not list(tmp_path.rglob(".*"))
