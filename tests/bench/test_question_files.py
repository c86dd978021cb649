"""The file format of benchmark questions."""

import pytest

from curie.bench.questions import load_questions
from curie.domain.claim import Difference, Trend
from curie.domain.errors import UsageError
from curie.domain.setting import Setting

GOOD = """
text = "Is it faster?"
system = "tiny"
difficulty = "hard"
trap = true
why = "by definition"

[[key]]
kind = "trend"
metric = "speed"
factor = "x"
shape = "rises"

[[key]]
kind = "difference"
metric = "speed"
a = { x = 1, mode = "fast" }
b = { x = 2 }
direction = "lower"
where = { exact = true }
"""


def put(folder, text, name="suite/tiny/one.toml"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_question_is_named_by_its_place_and_its_key_is_typed(tmp_path):
    put(tmp_path, GOOD)
    (question,) = load_questions(tmp_path)
    assert question.name == "suite/tiny/one"
    assert (question.text, question.difficulty, question.trap) == ("Is it faster?", "hard", True)
    assert question.key == (
        Trend(metric="speed", factor="x", shape="rises"),
        Difference(
            metric="speed",
            a=(Setting(factor="x", level=1), Setting(factor="mode", level="fast")),
            b=(Setting(factor="x", level=2),),
            direction="lower",
            where=(Setting(factor="exact", level=True),),
        ),
    )


def test_questions_come_in_the_order_of_their_names(tmp_path):
    for name in ("b/two.toml", "a/one.toml", "b/one.toml"):
        put(tmp_path, GOOD, name)
    put(tmp_path, "not a question", "a/notes.md")
    assert [q.name for q in load_questions(tmp_path)] == ["a/one", "b/one", "b/two"]


def test_a_folder_without_questions_has_none_and_a_missing_one_is_an_error(tmp_path):
    assert load_questions(tmp_path) == ()
    with pytest.raises(UsageError, match="no such folder"):
        load_questions(tmp_path / "absent")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('text = "Is', "text = Is", "not valid TOML"),
        ('difficulty = "hard"', 'difficulty = "brutal"', "difficulty"),
        ('why = "by definition"', "", "why: Field required"),
        ("trap = true", 'trap = true\nanswer = "yes"', "answer: Extra inputs"),
        ('kind = "trend"', 'kind = "hunch"', "key.0"),
        ('shape = "rises"', 'shape = "soars"', "shape"),
        ("a = { x = 1, mode", "a = { x = [1], mode", "key.1"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong_in_it(tmp_path, old, new, complaint):
    assert old in GOOD
    path = put(tmp_path, GOOD.replace(old, new))
    with pytest.raises(UsageError) as told:
        load_questions(tmp_path)
    assert str(path) in str(told.value)
    assert complaint in str(told.value)


def test_a_question_without_a_key_is_refused(tmp_path):
    put(tmp_path, GOOD.split("[[key]]")[0])
    with pytest.raises(UsageError, match="key: Field required"):
        load_questions(tmp_path)
