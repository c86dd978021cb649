"""The machine on which trials run. No name and no address: reports are shared."""

import importlib.util
import os
import platform
from pathlib import Path

from curie.domain.setup import Host


def host() -> Host:
    """CPU, memory, kernel, Python and GPUs of this machine."""
    return Host(
        cpu=_cpu_model(),
        cores=os.cpu_count() or 1,
        memory_mib=_memory_mib(),
        kernel=f"{platform.system()} {platform.release()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        gpus=gpu_names(),
    )


def load_per_core() -> float:
    """Runnable processes per core over the last minute."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def gpu_names() -> tuple[str, ...]:
    """`name, memory, driver` of each GPU; none without the extra `gpu` or without a driver."""
    if importlib.util.find_spec("pynvml") is None:
        return ()
    import pynvml  # noqa: PLC0415 - an extra that few have

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return ()
    try:
        driver = pynvml.nvmlSystemGetDriverVersion()
        handles = map(pynvml.nvmlDeviceGetHandleByIndex, range(pynvml.nvmlDeviceGetCount()))
        return tuple(
            f"{pynvml.nvmlDeviceGetName(handle)}, "
            f"{pynvml.nvmlDeviceGetMemoryInfo(handle).total // 2**20} MiB, driver {driver}"
            for handle in handles
        )
    finally:
        pynvml.nvmlShutdown()


def _cpu_model() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or platform.machine()
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return platform.machine()


def _memory_mib() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
