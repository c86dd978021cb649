"""The process backend's own promises."""

import subprocess
from pathlib import Path

import pytest

from curie.domain.errors import SandboxUnavailable
from curie.domain.system import System
from curie.sandbox.box import BoxSpec
from curie.sandbox.manifest import load
from curie.sandbox.process import ProcessSandbox

TINY = Path(__file__).parents[1] / "conformance" / "tiny"
SYSTEM = load(TINY)


def sandbox_at(folder: Path, **options: bool) -> ProcessSandbox:
    return ProcessSandbox(state=folder, say=print, **options)


def kernel_gives_namespaces() -> bool:
    argv = ["unshare", "-Urmpnf", "--mount-proc", "true"]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def test_it_isolates_wherever_the_kernel_gives_namespaces(tmp_path):
    posture = sandbox_at(tmp_path).posture()
    isolated = next(g.on for g in posture.guards if g.name == "network")
    assert isolated == kernel_gives_namespaces()


def test_without_namespaces_it_says_what_it_does_not_protect_from(tmp_path):
    posture = sandbox_at(tmp_path, isolate=False).posture()
    assert "no namespaces" in posture.engine
    open_doors = {g.name for g in posture.open_doors}
    assert {"network", "host files", "secrets", "processes", "memory limit"} <= open_doors


def test_both_backends_speak_of_the_same_guards(tmp_path):
    from curie.sandbox.docker_profile import engine_guards, fixed_guards

    names = {g.name for g in (*fixed_guards(), *engine_guards({}, ""))}
    assert {g.name for g in sandbox_at(tmp_path).posture().guards} == names


def test_an_image_is_named_by_its_content(tmp_path):
    sandbox = sandbox_at(tmp_path / "state")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "__main__.py").write_text("print(1)\n")
    one, same = sandbox.build(SYSTEM, mine), sandbox.build(SYSTEM, mine)
    (mine / "__main__.py").write_text("print(2)\n")
    other = sandbox.build(SYSTEM, mine)
    assert one == same
    assert one.digest != other.digest


def test_a_system_from_a_workspace_runs_under_its_own_name(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "__main__.py").write_text("import sys; print(sys.argv[1], __package__)\n")
    system = System(
        name="my_own",
        title="",
        about="",
        real="",
        modelled="",
        mode="measured",
        time_limit_s=5,
    )
    sandbox = sandbox_at(tmp_path / "state")
    image = sandbox.build(system, mine)
    spec = BoxSpec(run="r", image=image, resources=system.resources, time_limit_s=5)
    box = sandbox.open(spec)
    try:
        ran = box.exec(("python", "-m", "sandboxes.my_own", "."), timeout_s=5)
    finally:
        sandbox.close()
    assert ran.stdout == ". sandboxes.my_own\n"


def test_an_image_whose_files_are_gone_says_how_to_get_them_back(tmp_path):
    sandbox = sandbox_at(tmp_path / "state")
    image = sandbox.build(SYSTEM, TINY)
    spec = BoxSpec(run="r", image=image, resources=SYSTEM.resources, time_limit_s=5)
    with pytest.raises(SandboxUnavailable, match="curie sandbox build"):
        sandbox_at(tmp_path / "elsewhere").open(spec)


def test_boxes_leave_no_folder_behind(tmp_path):
    sandbox = sandbox_at(tmp_path)
    spec = BoxSpec(
        run="r", image=sandbox.build(SYSTEM, TINY), resources=SYSTEM.resources, time_limit_s=5
    )
    sandbox.open(spec).write("x", b"1")
    sandbox.close()
    assert not [p for p in (tmp_path / "boxes").rglob("*") if p.is_file()]
