"""The Docker backend's own promises: images, base, pool."""

import secrets
import time
from pathlib import Path

import pytest

from curie.domain.errors import SandboxUnavailable
from curie.domain.system import Resources
from curie.sandbox.box import BoxSpec
from curie.sandbox.docker import DockerSandbox, connect
from curie.sandbox.docker_base import Source, ensure_base, pull
from curie.sandbox.docker_profile import container_options, host_options
from curie.sandbox.manifest import load
from tests.sandbox.registry import image, registry

TINY = Path(__file__).parents[1] / "conformance" / "tiny"
SYSTEM = load(TINY)

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    sandbox = DockerSandbox(connect(), state=tmp_path_factory.mktemp("s"), workers=2, say=print)
    yield sandbox
    sandbox.close()


@pytest.fixture
def client():
    client = connect()
    yield client
    client.close()


def spec(sandbox: DockerSandbox, **changes: object) -> BoxSpec:
    fields = {
        "run": secrets.token_hex(4),
        "image": sandbox.build(SYSTEM, TINY),
        "resources": SYSTEM.resources,
        "time_limit_s": 10.0,
    }
    return BoxSpec(**{**fields, **changes})


def containers(client, run: str) -> list[str]:
    return [c["Id"] for c in client.api.containers(all=True, filters={"label": f"run={run}"})]


def until(holds, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def test_the_engine_reports_the_whole_profile_of_a_box(sandbox, client):
    wanted = spec(sandbox, resources=Resources(cpus=1.5, memory_mib=200, disk_mib=9, pids=50))
    box = sandbox.open(wanted)
    try:
        seen = client.api.inspect_container(box.id)
    finally:
        box.close()
    limits = seen["HostConfig"]
    assert limits["NetworkMode"] == "none"
    assert limits["CapDrop"] == ["ALL"]
    assert not limits["CapAdd"]
    assert not limits["Privileged"]
    assert limits["SecurityOpt"] == ["no-new-privileges:true"]
    assert limits["ReadonlyRootfs"]
    assert limits["Memory"] == limits["MemorySwap"] == 200 * 2**20
    assert limits["NanoCpus"] == 1_500_000_000
    assert limits["PidsLimit"] == 50
    assert limits["Init"]
    assert limits["IpcMode"] == "private"
    assert not limits["Binds"]
    assert not limits["Devices"]
    assert "size=9m" in limits["Tmpfs"]["/trial"]
    assert seen["Config"]["User"] == "10001:10001"
    assert seen["Config"]["Labels"]["app"] == "curie"
    assert seen["Config"]["Labels"]["run"] == wanted.run


def test_gpus_are_given_by_the_exact_ids_that_are_leased(sandbox):
    needs = spec(sandbox, resources=Resources(gpus=2), devices=("GPU-a", "GPU-b"))
    (request,) = host_options(needs)["device_requests"]
    assert request["DeviceIDs"] == ["GPU-a", "GPU-b"]
    assert request["Count"] == 0
    assert "gpus" not in str(container_options(needs, environment={}))
    for leased in ((), ("GPU-a",)):
        with pytest.raises(SandboxUnavailable):
            host_options(spec(sandbox, resources=Resources(gpus=2), devices=leased))


def test_unchanged_content_is_not_built_again_and_changed_content_is(sandbox, client, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "__main__.py").write_text(f"print('{secrets.token_hex(8)}')\n")
    said = []
    other = DockerSandbox(connect(), state=tmp_path / "state", workers=1, say=said.append)
    try:
        one, same = other.build(SYSTEM, mine), other.build(SYSTEM, mine)
        assert one == same
        assert said == ["building the image of tiny"]
        (mine / "__main__.py").write_text("print('changed')\n")
        changed = other.build(SYSTEM, mine)
        assert changed.digest != one.digest
        assert len(one.digest) == len("sha256:") + 64
    finally:
        other.close()
        for built in (one, changed):
            client.api.remove_image(built.name)


def test_a_system_may_bring_its_own_dockerfile(sandbox, client, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "Dockerfile").write_text(
        "ARG BASE\nFROM ${BASE}\nCOPY sandboxes /opt/curie/sandboxes\n"
        "RUN echo brought > /opt/curie/own\nWORKDIR /trial\n"
    )
    built = sandbox.build(SYSTEM, mine)
    box = sandbox.open(spec(sandbox, image=built))
    try:
        assert box.exec(["cat", "/opt/curie/own"], timeout_s=5).stdout == "brought\n"
    finally:
        box.close()
        until(lambda: not containers(client, "x"))
        client.api.remove_image(built.name, force=True)


def test_a_build_that_fails_shows_the_end_of_its_log(sandbox, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "Dockerfile").write_text(
        "ARG BASE\nFROM ${BASE}\nRUN echo the compiler is missing && false\n"
    )
    with pytest.raises(SandboxUnavailable, match="the compiler is missing") as caught:
        sandbox.build(SYSTEM, mine)
    assert "curie sandbox build" in str(caught.value)


def test_expected_boxes_are_made_ready_and_each_is_used_once(sandbox, client):
    wanted = spec(sandbox)
    sandbox.expect(wanted, 4)
    assert until(lambda: sandbox.ready(wanted) == 3), "two workers, so three boxes are kept ready"
    boxes = []
    for opened in range(1, 5):
        boxes.append(sandbox.open(wanted))
        assert until(lambda left=4 - opened: sandbox.ready(wanted) == min(3, left))
    assert len({box.id for box in boxes}) == 4
    assert all(box.exec(["true"], timeout_s=5).exit_code == 0 for box in boxes)
    assert len(containers(client, wanted.run)) == 4, "no more are made than are expected"
    for box in boxes:
        box.close()
    assert until(lambda: not containers(client, wanted.run))


def test_a_warm_box_that_died_is_not_handed_out(sandbox, client):
    wanted = spec(sandbox)
    sandbox.expect(wanted, 1)
    assert until(lambda: sandbox.ready(wanted) == 1)
    client.api.remove_container(containers(client, wanted.run)[0], force=True)
    box = sandbox.open(wanted)
    try:
        assert box.exec(["true"], timeout_s=5).exit_code == 0
    finally:
        box.close()


def test_nothing_is_prepared_for_boxes_that_want_a_quiet_machine(sandbox, client):
    wanted = spec(sandbox, quiet=True)
    sandbox.expect(wanted, 3)
    box = sandbox.open(wanted)
    assert containers(client, wanted.run) == [box.id]
    box.close()
    assert containers(client, wanted.run) == []


def test_a_box_that_someone_removes_is_unavailable_and_not_a_failed_command(sandbox, client):
    box = sandbox.open(spec(sandbox))
    client.api.remove_container(box.id, force=True)
    with pytest.raises(SandboxUnavailable):
        box.exec(["true"], timeout_s=5)
    box.close()


def test_a_program_that_ends_its_own_container_is_a_failed_command(sandbox):
    box = sandbox.open(spec(sandbox))
    try:
        ran = box.exec(["sh", "-c", "kill -9 -1; sleep 5"], timeout_s=8)
        assert ran.exit_code in (None, 137)
        assert not ran.timed_out
    finally:
        box.close()


def test_a_base_image_is_pulled_by_digest_where_a_registry_has_it(client):
    digest, blobs = image()
    with registry(blobs) as address:
        source = Source(f"{address}/curie-test", digest)
        problem = pull(client, source, "curie-test:pulled")
    assert problem is None
    try:
        assert client.images.get("curie-test:pulled").attrs["RepoDigests"] == [str(source)]
    finally:
        client.api.remove_image("curie-test:pulled")
        client.api.remove_image(str(source))


def test_the_base_image_is_made_once_and_found_again(sandbox, client):
    said = []
    assert ensure_base(client, said.append) == sandbox.base()
    assert said == []


@pytest.mark.parametrize("silent", [False, True])
def test_a_registry_that_lacks_the_image_or_never_answers_is_given_up(client, silent):
    with registry({}, silent=silent) as address:
        source = Source(f"{address}/curie-test", "sha256:" + "0" * 64)
        problem = pull(client, source, "curie-test:none", first_word_s=2.0)
    assert problem
