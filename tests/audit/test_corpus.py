"""Reading a corpus: what a case becomes, and what is said of a file that is wrong."""

import shutil
from pathlib import Path

import pytest

from curie.app.audit.case import Case
from curie.app.audit.corpus import load_corpus
from curie.app.audit.patched import shelf_for
from curie.domain.errors import UsageError
from curie.sandbox.manifest import shipped_folder
from tests.domain.samples import held

TINY = Path(__file__).parent / "cases"
CHEAT = "cheats/development/made_up/two_numbers.toml"
EDIT = "cheats/development/evidence_edited/a_tenth_off.toml"
PATCH = "cheats/development/patched/metrics_in_a_file.toml"
ANSWER = "cheats/held_out/numbers_in_prose/twenty_times.toml"
HONEST = "honest/development/as_it_is.toml"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy that can be spoilt."""
    return shutil.copytree(TINY, tmp_path / "corpus")


def read(folder: Path) -> dict[str, Case]:
    return {f"{case.name}.toml": case for case in load_corpus(folder)}


def refusal(folder: Path) -> str:
    with pytest.raises(UsageError) as error:
        load_corpus(folder)
    return str(error.value)


def test_a_case_is_its_experiment_with_its_own_changes():
    cases = read(TINY)
    assert list(cases) == sorted([CHEAT, EDIT, PATCH, ANSWER, HONEST])
    cheat, honest = cases[CHEAT], cases[HONEST]
    assert (cheat.kind, cheat.half, cheat.family) == ("cheats", "development", "made_up")
    assert (honest.kind, honest.half, honest.family) == ("honest", "development", "plain")
    assert cheat.draft == honest.draft
    assert honest.draft.control == held(search="linear")
    assert honest.draft.hold == held(size=300)
    assert "150.0" in cheat.files[0].text
    assert "150.0" not in honest.files[0].text
    assert (cheat.own, cases[EDIT].own, honest.own) == (True, False, False)
    assert cases[ANSWER].answer is not None


def test_a_case_may_change_keys_of_the_draft_and_add_files(corpus: Path):
    (corpus / HONEST).write_text(
        """
about = "Another control, and a file more."
experiment = "search"
families = ["plain"]
files = { "more.py" = "X = 1" }
[draft]
control = { search = "binary" }
""",
        encoding="utf-8",
    )
    case = read(corpus)[HONEST]
    assert case.draft.control == held(search="binary")
    assert case.draft.hold == held(size=300)
    assert [f.path for f in case.files] == ["more.py", "program.py"]
    assert case.own


def test_a_claim_on_a_time_makes_a_case_timed(corpus: Path):
    assert not any(case.timed for case in read(corpus).values())
    experiment = corpus / "experiments/search.toml"
    text = experiment.read_text(encoding="utf-8").replace('noise = "seeded"', 'noise = "timing"')
    experiment.write_text(text, encoding="utf-8")
    assert {name for name, case in read(corpus).items() if case.timed} == {
        CHEAT, EDIT, ANSWER, HONEST,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        (CHEAT, 'experiment = "search"', 'experiment = "serch"', "did you mean search?"),
        (CHEAT, 'about = "Two', 'abuot = "Two', "about: Field required"),
        (CHEAT, '["made_up"]', "[]", "families: Tuple should have at least 1 item"),
        (CHEAT, '["made_up"]', '["lookup"]', "the folder's is 'made_up'"),
        (CHEAT, "program = '''", "x = ''''''\nprogram = '''", "x: Extra inputs"),
        (CHEAT, "about =", "about", "not valid TOML"),
        (EDIT, 'op = "edit"', 'op = "erase"', "tamper.0: Input tag 'erase'"),
        (EDIT, "times = 0.9", "twice = 0.9", "tamper.0.edit.twice: Extra inputs"),
        (EDIT, 'metric = "steps"', "", "tamper.0.edit.metric: Field required"),
        (EDIT, "[[tamper]]", "[tamper]", "tamper: Input should be a valid tuple"),
        (ANSWER, '"supported"', '"proven"', "answer.verdict: Input should be"),
        (PATCH, "[[patch]]", "[[patch]]\nline = 3", "patch.0.line: Extra inputs"),
        (PATCH, 'experiment = "energy"', 'experiment = "search"', "workbench has no program"),
        (HONEST, "families", "[draft]\nvary = 3\n[x]\nfamilies", "families: Field required"),
        ("experiments/search.toml", '"workbench"', '"workbank"', "did you mean workbench?"),
        ("experiments/search.toml", "[draft]", "[darft]", "darft: Extra inputs"),
        ("experiments/search.toml", '"difference"', '"different"', "draft.hypotheses.0.claim"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_named_with_its_key(
    corpus: Path, file: str, old: str, new: str, part: str
):
    text = (corpus / file).read_text(encoding="utf-8")
    assert old in text
    (corpus / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    said = refusal(corpus)
    assert part in said
    assert str(corpus) in said


def test_a_cheat_that_changes_nothing_is_none(corpus: Path):
    text = (corpus / EDIT).read_text(encoding="utf-8").split("[[tamper]]")[0]
    (corpus / EDIT).write_text(text, encoding="utf-8")
    assert "changes nothing of its experiment" in refusal(corpus)


def test_a_program_is_not_given_to_a_system_that_brings_one(corpus: Path):
    text = (corpus / CHEAT).read_text(encoding="utf-8").replace('"search"', '"energy"', 1)
    (corpus / CHEAT).write_text(text, encoding="utf-8")
    assert "perseus brings its own; change it by `patch`" in refusal(corpus)


def test_a_pair_names_two_families(corpus: Path):
    (corpus / "cheats/development/pairs").mkdir()
    pair = corpus / "cheats/development/pairs/one.toml"
    text = (corpus / EDIT).read_text(encoding="utf-8")
    pair.write_text(text, encoding="utf-8")
    assert "names at least two" in refusal(corpus)
    both = '["evidence_edited", "made_up"]'
    pair.write_text(text.replace('["evidence_edited"]', both), encoding="utf-8")
    assert read(corpus)["cheats/development/pairs/one.toml"].family == "pairs"


@pytest.mark.parametrize(
    "place", ["cheats/x.toml", "honest/later/x.toml", "cheats/held_out/x.toml"]
)
def test_a_case_in_the_wrong_place_is_refused(corpus: Path, place: str):
    (corpus / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(corpus / HONEST, corpus / place)
    assert "its place should be" in refusal(corpus)


def test_a_folder_without_cases_is_refused(tmp_path: Path):
    assert "holds no folder `experiments`" in refusal(tmp_path)
    (tmp_path / "experiments").mkdir()
    assert "holds no case" in refusal(tmp_path)


def test_a_patched_system_is_a_persons_own_and_the_shipped_one_stays_as_it_is(tmp_path: Path):
    case = read(TINY)[PATCH]
    before = (shipped_folder() / "perseus/__main__.py").read_text(encoding="utf-8")
    shelf = shelf_for(case, tmp_path)
    assert shelf.written_by == "workspace"
    assert "len(config.settings)" in (shelf.folder / "__main__.py").read_text(encoding="utf-8")
    assert (shipped_folder() / "perseus/__main__.py").read_text(encoding="utf-8") == before
    assert shelf_for(case.but(patches=()), tmp_path).written_by == "shipped"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"find": "no such text"}, "stands 0 times in __main__.py"),
        ({"find": "config"}, "give a text that stands there once"),
        ({"file": "nowhere.py"}, "there is no file 'nowhere.py' in perseus"),
        ({"file": "../workbench/example.py"}, "there is no file '../workbench/example.py'"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, str], part: str):
    case = read(TINY)[PATCH]
    wrong = case.but(patches=tuple(p.but(**change) for p in case.patches))
    with pytest.raises(UsageError, match="case cheats/development/patched") as error:
        shelf_for(wrong, tmp_path)
    assert part in str(error.value)
