"""The middle of the program is handed its time, its dice and its settings: it never takes them."""

import ast

import pytest

from tests.shape.sources import ROOT, Source, sources

PURE = ("curie/domain", "curie/rigor", "curie/stats", "curie/report")
CLOCKS = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.",
)
SURROUNDINGS = ("os.environ", "os.getenv", "os.getpid", "os.urandom", "pathlib.Path.cwd")
OWN_DICE = {"random.Random", "numpy.random.Generator", "numpy.random.SeedSequence"}
SEEDED = {"random.Random", "numpy.random.default_rng", "numpy.random.SeedSequence"}


def taken(source: Source) -> list[str]:
    """What the file reads of the world: clock, environment, or dice that nobody handed to it."""
    found = []
    for name, node in source.uses():
        if name.startswith(CLOCKS) or name.startswith(SURROUNDINGS):
            found.append(f"{source.name}:{node.lineno}: {name}")
    return found + shared_dice(source)


def shared_dice(source: Source) -> list[str]:
    """Calls to the process-wide dice, and own dice without a seed."""
    found = []
    for name, call in source.calls():
        unseeded = name in SEEDED and not (call.args or call.keywords)
        everybodys = name.startswith(("random.", "numpy.random.")) and name not in OWN_DICE | SEEDED
        if unseeded or everybodys or name == "random.SystemRandom":
            found.append(f"{source.name}:{call.lineno}: {name}")
    return found


def test_the_middle_reads_no_clock_no_environment_and_throws_no_dice_of_its_own() -> None:
    assert [line for s in sources(*PURE) for line in taken(s)] == []


def test_nouns_checks_and_statistics_open_no_file() -> None:
    opened = [
        f"{s.name}:{node.lineno}: {name}"
        for s in sources("curie/domain", "curie/rigor", "curie/stats")
        for name, node in [*s.uses(), *s.calls()]
        if name in ("open", "pathlib.Path") or name.startswith("pathlib.Path.")
    ]
    assert opened == []


def test_nothing_throws_the_dice_that_the_whole_process_shares() -> None:
    names = {"secrets", "uuid"}
    inside = [s for s in sources("curie", "sandboxes") if not names & set(s.aliases())]
    assert [line for s in inside for line in shared_dice(s)] == []


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import UTC, datetime\nx = datetime.now(UTC)",
        "import datetime as dt\nx = dt.datetime.utcnow()",
        "import datetime\nx = datetime.date.today()",
        "from time import perf_counter\nx = perf_counter()",
        "import time\nclock = time.time",
        "import random\nx = random.random()",
        "from random import choice\nx = choice([1])",
        "import random\nx = random.Random()",
        "import numpy as np\nnp.random.seed(1)",
        "import numpy as np\nx = np.random.default_rng()",
        "from numpy.random import normal\nx = normal()",
        "import os\nx = os.environ['HOME']",
        "import os\nx = os.getenv('HOME')",
        "from os import environ\nx = environ['HOME']",
    ],
)
def test_the_rule_sees_each_way_to_take_something(text: str) -> None:
    assert taken(Source(path=ROOT / "x.py", text=text, tree=ast.parse(text))) != []


@pytest.mark.parametrize(
    "text",
    [
        "import random\ndef f(rng: random.Random) -> float:\n    return rng.random()",
        "import random\nx = random.Random(7)",
        "import numpy as np\nx = np.random.default_rng(7).normal()",
        "from datetime import datetime\nx = datetime(2026, 1, 1)",
        "import os\nos.replace('a', 'b')",
    ],
)
def test_the_rule_lets_pass_what_is_handed_in(text: str) -> None:
    assert taken(Source(path=ROOT / "x.py", text=text, tree=ast.parse(text))) == []
