"""Does chance come from the seed, and from nothing else? Asked at the setup gate."""

import ast
from collections.abc import Iterator

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.literals import Literals
from curie.rigor.source import SHIPPED, Source, sources

_SEEDERS = frozenset(
    {
        "random.seed", "random.Random", "numpy.random.seed", "numpy.random.default_rng",
        "numpy.random.RandomState", "torch.manual_seed",
    }
)  # fmt: skip
_GLOBAL = {"random.": "random.seed", "numpy.random.": "numpy.random.seed"}
_OF_THE_WORLD = ("random.SystemRandom", "os.urandom", "uuid.uuid1", "uuid.uuid4")
_TELLS_TIME = ("time.", "datetime.", "os.getpid", "os.urandom", "secrets.")


def seeds_obeyed(evidence: SetupEvidence) -> Finding:
    """Fail when the program draws without a seed, from the time, or never looks at its seed.

    The same settings and seed must give the same trial, else nobody can confirm it; and another
    seed must give another, else replicates are copies of one trial. A fixed seed beside the given
    one is a warning. Mended by making every generator from the seed of config.json.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    files = sources(setup)
    wrong = [place for s in files for place in _unseeded(s)]
    fixed = [place for s in files for place in _fixed(s)]
    reads_seed = any(_reads_seed(s) for s in files)
    if _has_seeded(evidence.plan) and not reads_seed:
        wrong += ["the seed of config.json is never looked at", *fixed]
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    if fixed and _has_seeded(evidence.plan):
        return warned(f"a fixed seed beside the given one: {listed(fixed)}")
    return passed("chance comes from the seed")


def _has_seeded(plan: Plan) -> bool:
    return any(m.noise == "seeded" for m in plan.metrics)


def _unseeded(source: Source) -> Iterator[str]:
    """Generators without a seed, or with one that the world decides."""
    seeded = {name for _, name in source.calls()}
    later = _seeded_later(source)
    for call, name in source.calls():
        where = source.at(call)
        given = [*call.args, *(k.value for k in call.keywords)]
        if call in later:
            continue
        if name in _SEEDERS and (not given or _is_none(given[0])):
            yield f"{name} without a seed at {where}"
        elif name in _SEEDERS and any(_asks_world(source, a) for a in given):
            yield f"{name} with a seed from outside at {where}"
        elif name.startswith(("secrets.", *_OF_THE_WORLD)):
            yield f"{name} at {where}"
        elif (seeder := _global_seeder(name)) is not None and seeder not in seeded:
            yield f"{name} with no call of {seeder} at {where}"


def _seeded_later(source: Source) -> set[ast.AST]:
    """Generators that are made bare and then told their seed: `dice.seed(config.seed)`."""
    names = {
        call.func.value.id
        for call, name in source.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "seed"
        and isinstance(call.func.value, ast.Name)
        and not name
        and call.args
        and not _is_none(call.args[0])
    }
    return {
        node.value
        for node in source.nodes
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id in names for t in node.targets)
    }


def _global_seeder(name: str) -> str | None:
    """Who seeds the hidden generator behind `random.gauss` and its like."""
    for prefix, seeder in _GLOBAL.items():
        rest = name.removeprefix(prefix)
        if (
            name.startswith(prefix)
            and name not in _SEEDERS
            and "." not in rest
            and rest[:1].islower()
        ):
            return seeder
    return None


def _fixed(source: Source) -> list[str]:
    literals = Literals(source)
    return [
        f"{name} with a fixed seed at {source.at(call)}"
        for call, name in source.calls()
        if name in _SEEDERS and call.args and literals.written(call.args[0])
    ]


def _reads_seed(source: Source) -> bool:
    if any(t.value == "seed" for t in source.texts()):
        return True
    for node in source.nodes:
        match node:
            case ast.Attribute(attr="seed", ctx=ast.Load()) if not source.dotted(node):
                return True
            case ast.Name(id="seed", ctx=ast.Load()):
                return True
            case _:
                continue
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _asks_world(source: Source, node: ast.expr) -> bool:
    return any(source.dotted(n).startswith(_TELLS_TIME) for n in ast.walk(node))
