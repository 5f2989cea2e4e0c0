"""The judgement of one inspection as a report that stands by itself: a page of HTML, or Markdown."""

from __future__ import annotations

from inspectlib.graph import Framework
from inspectlib.judgement import Judgement
from inspectlib.report.content import Content
from inspectlib.report.markdown import markdown
from inspectlib.report.page import page

__all__ = ["report"]


def report(framework: Framework, judgement: Judgement, as_: str = "html") -> str:
    """The report of an inspection.

    Args:
        framework: the framework that it was rated under.
        judgement: what `inspectlib.rate` gave, not a record read without its framework.
        as_: ``html``, a page that needs nothing else and runs no script, or ``markdown``.
    """
    forms = {"html": page, "markdown": markdown}
    if as_ not in forms:
        raise ValueError(f"a report is html or markdown, not {as_!r}")
    return forms[as_](Content.of(framework, judgement))
