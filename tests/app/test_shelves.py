"""Who wrote the program of a system: curie's own systems are trusted, a person's are read."""

import shutil
from pathlib import Path

from curie.app.shelves import shelves
from curie.sandbox.manifest import shipped_folder


def own_system(folder: Path) -> Path:
    """A copy of a shipped system under a name of its own."""
    workspace = shutil.copytree(shipped_folder() / "perseus", folder / "mine")
    manifest = workspace / "manifest.toml"
    text = manifest.read_text(encoding="utf-8").replace('name = "perseus"', 'name = "mine"', 1)
    manifest.write_text(text, encoding="utf-8")
    return workspace


def test_a_workspace_with_a_manifest_is_not_taken_for_a_shipped_system(tmp_path: Path):
    (mine,) = shelves(None, own_system(tmp_path))
    assert mine.system.name == "mine"
    assert (mine.shipped, mine.written_by) == (False, "workspace")


def test_what_is_shipped_is_shipped_and_the_workbench_has_a_program_to_be_written():
    written = {shelf.system.name: shelf.written_by for shelf in shelves(None, None)}
    assert written["perseus"] == "shipped"
    assert written["workbench"] == "technician"


def test_a_workspace_without_a_manifest_is_material_for_the_technician(tmp_path: Path):
    (tmp_path / "notes.py").write_text("X = 1\n", encoding="utf-8")
    (bench,) = shelves(None, tmp_path)
    assert (bench.system.name, bench.written_by) == ("workbench", "technician")
