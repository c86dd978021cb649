"""Facts to Markdown, figures and HTML: the report is made from the ledger alone.

No clock, no dice, no environment: the same dossier gives the same bytes a year later. To add a
section: a pure view over the dossier here, its words in `report.md.j2`. Every value that the
template prints is escaped unless it is `markdown.Md`, because questions, plans and program output
are written by others.
"""

from curie.report.files import write
from curie.report.page import html
from curie.report.rendering import render
from curie.report.report import Figure, Report

__all__ = ["Figure", "Report", "html", "render", "write"]
