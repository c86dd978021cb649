from curie.domain.setup import SourceFile
from tests.domain.samples import SETUP

A = SourceFile(path="a.py", sha256="1" * 64, text="a")
B = SourceFile(path="b.py", sha256="2" * 64, text="b")


def test_the_hash_of_the_code_does_not_depend_on_the_order_of_files() -> None:
    assert SETUP.but(files=(A, B)).code_sha256 == SETUP.but(files=(B, A)).code_sha256


def test_the_hash_of_the_code_changes_with_a_file_its_name_or_its_absence() -> None:
    variants = [(A, B), (A,), (A, B.but(path="c.py")), (A, B.but(sha256="3" * 64))]
    assert len({SETUP.but(files=files).code_sha256 for files in variants}) == len(variants)


def test_the_open_doors_are_what_the_sandbox_does_not_guard() -> None:
    assert [g.name for g in SETUP.posture.open_doors] == ["disk"]
