"""What is asked, and what may be spent on the answer."""

from pydantic import Field

from curie.domain.fact import Fact


class Budget(Fact):
    """What a run may spend; None is without limit."""

    usd: float | None = Field(default=None, ge=0)
    trials: int | None = Field(default=None, ge=1)
    minutes: float | None = Field(default=None, gt=0)


class FolderCopy(Fact):
    """A folder of the person's, identified by its content."""

    name: str
    sha256: str
    """Over sorted relative paths and contents."""
    files: int
    size_bytes: int


class Question(Fact):
    """A question in words, and what it may use."""

    text: str = Field(min_length=1)
    system: str | None = None
    """The system to ask, when the person named it."""
    budget: Budget = Budget()
    workspace: FolderCopy | None = None
    dataset: FolderCopy | None = None
