"""A program as the workbench runs it: comparisons and time of two ways to sort.

In a trial it lies in the trial's folder and runs as `python program.py .`. Factors: `algorithm`
(insertion or merge) and `size`. Metrics: `comparisons`, which the seed and the settings decide,
and `sort_ms`, in which the machine has a say.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sandboxes.contract import read_config, write_result

Sorted = tuple[list[float], int]


def insertion_sort(values: list[float]) -> Sorted:
    """The values in order, and how many pairs were compared."""
    ordered: list[float] = []
    comparisons = 0
    for value in values:
        at = len(ordered)
        while at > 0:
            comparisons += 1
            if ordered[at - 1] <= value:
                break
            at -= 1
        ordered.insert(at, value)
    return ordered, comparisons


def merge_sort(values: list[float]) -> Sorted:
    """The values in order, and how many pairs were compared."""
    if len(values) <= 1:
        return list(values), 0
    middle = len(values) // 2
    left, in_left = merge_sort(values[:middle])
    right, in_right = merge_sort(values[middle:])
    merged, between = _merge(left, right)
    return merged, in_left + in_right + between


def _merge(left: list[float], right: list[float]) -> Sorted:
    merged: list[float] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    # Each pass of the loop compared one pair and took one value.
    return merged + left[i:] + right[j:], i + j


ALGORITHMS: dict[str, Callable[[list[float]], Sorted]] = {
    "insertion": insertion_sort,
    "merge": merge_sort,
}


def main(folder: Path) -> None:
    """Run the trial of that folder. ValueError for settings that mean nothing here."""
    config = read_config(folder)
    name, size = config.settings["algorithm"], config.settings["size"]
    if name not in ALGORITHMS:
        raise ValueError(f"algorithm is {name!r}; give one of {', '.join(ALGORITHMS)}")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ValueError(f"size is {size!r}; give a whole number of values, 0 or more")
    dice = random.Random(config.seed)
    values = [dice.random() for _ in range(size)]
    start = time.perf_counter()
    ordered, comparisons = ALGORITHMS[str(name)](values)
    sort_ms = (time.perf_counter() - start) * 1e3
    if ordered != sorted(values):
        raise RuntimeError(f"{name} did not sort")
    write_result(
        folder,
        config,
        metrics={"comparisons": (comparisons, "comparisons"), "sort_ms": (sort_ms, "ms")},
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
