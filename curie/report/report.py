"""What a rendered report is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure in two formats, and the words that stand for it."""

    name: str
    """Of its files, without a suffix: letters, digits and dashes only."""
    title: str
    alt: str
    """What it shows, with n and the interval's level, for those who cannot see it."""
    svg: bytes
    png: bytes

    @property
    def path(self) -> str:
        """Where the Markdown finds it, relative to itself."""
        return f"figures/{self.name}.svg"


@dataclass(frozen=True)
class Report:
    """A report as a value; `write` puts it into a folder, `html` makes one page of it."""

    title: str
    markdown: str
    figures: tuple[Figure, ...]
