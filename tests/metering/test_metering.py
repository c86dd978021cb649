"""What the host says of itself, against other sources."""

import os
import platform
import socket
import subprocess
from pathlib import Path

import pytest

from curie.metering.energy import EnergyReading, read_energy
from curie.metering.machine import host, load_per_core


def test_the_host_is_described_as_other_tools_describe_it():
    seen = host()
    cores = subprocess.run(["nproc", "--all"], capture_output=True, text=True, check=True).stdout
    assert seen.cores == int(cores)
    meminfo = Path("/proc/meminfo").read_text(encoding="ascii")
    total_kib = next(
        int(line.split()[1]) for line in meminfo.splitlines() if line.startswith("MemTotal")
    )
    assert seen.memory_mib == pytest.approx(total_kib / 1024, rel=0.01)
    assert platform.python_version() in seen.python
    assert seen.cpu


def test_the_host_keeps_its_name_to_itself():
    name = socket.gethostname()
    if len(name) > 4:
        assert name not in host().canonical()


def test_load_is_per_core():
    assert load_per_core() * (os.cpu_count() or 1) == pytest.approx(os.getloadavg()[0], abs=0.2)


def zone(folder, name: str, count: int, wrap: int = 1000) -> None:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "energy_uj").write_text(f"{count}\n")
    (folder / name / "max_energy_range_uj").write_text(f"{wrap}\n")


def test_energy_is_the_sum_over_packages_and_leaves_their_parts_out(tmp_path):
    for name, count in (("intel-rapl:0", 100), ("intel-rapl:1", 50), ("intel-rapl:0:0", 7)):
        zone(tmp_path, name, count)
    before = read_energy(tmp_path)
    zone(tmp_path, "intel-rapl:0", 400)
    zone(tmp_path, "intel-rapl:1", 60)
    zone(tmp_path, "intel-rapl:0:0", 999)
    assert read_energy(tmp_path).joules_since(before) == pytest.approx(310e-6)


def test_a_counter_that_wrapped_is_unrolled(tmp_path):
    zone(tmp_path, "intel-rapl:0", 900, wrap=1000)
    before = read_energy(tmp_path)
    zone(tmp_path, "intel-rapl:0", 100, wrap=1000)
    assert read_energy(tmp_path).joules_since(before) == pytest.approx(200e-6)


def test_without_counters_energy_is_not_measured_rather_than_zero(tmp_path):
    assert read_energy(tmp_path).joules_since(read_energy(tmp_path)) is None
    one = EnergyReading(zones=(("intel-rapl:0", 1, 10),))
    assert one.joules_since(EnergyReading(zones=())) is None
