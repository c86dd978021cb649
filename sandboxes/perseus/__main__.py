"""The trial contract: `python -m sandboxes.perseus FOLDER` makes result.json of config.json."""

import sys
from pathlib import Path

from sandboxes.contract import read_config, write_result
from sandboxes.perseus.settings import settings_of
from sandboxes.perseus.simulate import run

BAD_SETTINGS = 2
"""Exit code when the settings describe no trial."""


def main(folder: Path) -> int:
    """Run the trial of that folder; the exit code."""
    config = read_config(folder)
    try:
        settings = settings_of(config.settings)
    except ValueError as error:
        print(f"perseus: {folder / 'config.json'}: {error}", file=sys.stderr)
        return BAD_SETTINGS
    outcome = run(settings, config.seed)
    write_result(folder, config, outcome.metrics, warnings=outcome.warnings)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
