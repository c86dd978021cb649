"""The shape of the shipped templates: each fits the brief of its role."""

import pytest

from curie.agents import BRIEFS
from curie.prompts import PromptBook, prompts_folder


def test_every_role_has_a_template_and_every_template_a_role():
    assert set(PromptBook(prompts_folder()).roles()) == set(BRIEFS)


@pytest.mark.parametrize("role", sorted(BRIEFS))
def test_a_template_uses_only_fields_of_its_brief(role):
    assert PromptBook(prompts_folder()).names(role) <= set(BRIEFS[role].model_fields)


@pytest.mark.parametrize("role", sorted(BRIEFS))
def test_a_template_holds_no_schema_of_its_own(role):
    text = (prompts_folder() / f"{role}.md.j2").read_text(encoding="utf-8")
    assert '"properties"' not in text
    assert '"required"' not in text
