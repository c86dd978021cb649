"""One trial: `python -m sandboxes.vector_index FOLDER` reads config.json, writes result.json."""

import sys
from pathlib import Path

from sandboxes.contract import read_config, write_result
from sandboxes.vector_index import measure
from sandboxes.vector_index.settings import BadSettings, limits, read_settings

BAD_SETTINGS = 2
"""Exit code when the settings describe no trial."""


def main(folder: Path) -> int:
    """Run the trial of that folder; the exit code."""
    config = read_config(folder)
    try:
        trial = read_settings(config.settings)
    except BadSettings as error:
        print(f"vector_index: {folder / 'config.json'}: {error}", file=sys.stderr)
        return BAD_SETTINGS
    readings = measure.run(trial, config.seed)
    write_result(
        folder,
        config,
        metrics={
            "recall": (readings.recall, "share"),
            "distance_computations": (readings.distance_computations, "comparisons/query"),
            "latency_ms": (readings.latency_ms, "ms"),
            "queries_per_s": (1e3 / readings.latency_ms, "queries/s"),
            "memory_mib": (readings.memory_mib, "MiB"),
            "build_time_s": (readings.build_time_s, "s"),
        },
        series={"passes_ms": (readings.passes_ms, "ms")},
        warnings=limits(trial, cpus=measure.usable_cpus()),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
