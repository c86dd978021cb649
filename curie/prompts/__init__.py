"""What a role is told: a `Brief`, put into words by its template. The loader only.

The words are in `prompts/<role>.md.j2`, one file a role. To add a role's prompt: a template there,
and the class of its brief in `curie.agents.BRIEFS`.
"""

from curie.prompts.book import Brief, PromptBook, prompts_folder

__all__ = ["Brief", "PromptBook", "prompts_folder"]
