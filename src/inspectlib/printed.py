"""A judgement as people read it on a terminal: a table, and a summary in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from inspectlib.colours import grade
from inspectlib.exact import percent_text
from inspectlib.graph import NO_RATING
from inspectlib.judgement import Judgement
from inspectlib.missing import missing_words
from inspectlib.outcome import Outcome, State

__all__ = ["decided_by", "limits", "remarks", "summary", "table"]

#: So many pieces of open evidence are named in a summary.
MOST_MISSING = 3

_RATING_STYLES = ("red", "yellow", "green", "bold green")


def table(judgement: Judgement) -> Table:
    """The standards with their ratings; shares where none is rated; every node where there are no standards."""
    service, framework = judgement.service or "Inspection", judgement.framework.id
    standards = [outcome for outcome in judgement.outcomes.values() if outcome.section == "standards"]
    if standards and all(outcome.reason == NO_RATING for outcome in standards):
        return _share_table(judgement, f"{service}, shares of sufficient cases by {framework}, which gives no ratings")
    found = _empty(f"{service}, rated by {framework}")
    summed_up = (judgement.total, judgement.overall)
    nodes = [outcome for outcome in judgement.outcomes.values() if outcome not in summed_up]
    for column in ("standard" if standards else "node", "rating", "decided by", "limited by, departures"):
        found.add_column(column, overflow="fold")
    for outcome in standards or nodes:
        rating = Text(outcome.text(), style=_style(judgement, outcome))
        found.add_row(outcome.title, rating, decided_by(judgement, outcome), remarks(judgement, outcome))
    return found


def _share_table(judgement: Judgement, title: str) -> Table:
    """The standards and key questions, with the share of each question."""
    found = _empty(title)
    for column in ("standard, key question", "share", "sufficient"):
        found.add_column(column, overflow="fold")
    for outcome in judgement.outcomes.values():
        if outcome.section == "standards":
            found.add_row(Text(outcome.title, style="bold"))
        elif outcome.section == "questions":
            count = outcome.count
            share = "" if outcome.share is None else percent_text(outcome.share)
            applies = "not applicable" if count and not (count.of or count.open) else str(count or "open")
            found.add_row(f"  {outcome.title}", share, applies)
    return found


def _empty(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)


def _style(judgement: Judgement, outcome: Outcome) -> str:
    position = judgement.position(outcome.node)
    return "" if position is None else _RATING_STYLES[grade(*position)]


def decided_by(judgement: Judgement, outcome: Outcome) -> str:
    """The key questions that decided a standard, with share and count; or who did."""
    questions = []
    for name in outcome.decided_by:
        question = judgement.outcomes[name]
        if question.section == "questions" and question.share is not None and question.count:
            questions.append(f"{question.title} {percent_text(question.share)} ({question.count})")
    if questions:
        return "\n".join(questions)
    return f"panel: {outcome.panel}" if outcome.panel else ""


def remarks(judgement: Judgement, outcome: Outcome) -> str:
    """What limited a rating, what it departs from and why, and what else a reader must know of it, a line each."""
    found = []
    if outcome.limited_by:
        limit = judgement.outcomes[outcome.limited_by]
        found.append(f"{limit.title}: {limit.text()}")
    if outcome.departure:
        found.append(f"departs from {outcome.computed}: {outcome.departure.reason}")
    if outcome.other_rounding:
        found.append(f"{outcome.other_rounding} if shares were rounded the other way")
    if outcome.reason:
        found.append(outcome.reason)
    if outcome.settled_early:
        found.append("settled: open evidence beneath it can no longer change it")
    return "\n".join(found)


def summary(judgement: Judgement) -> str:
    """The score, the overall rating, and what limited or departed, in sentences; nothing where nothing is rated."""
    lines = list(_summary_lines(judgement))
    return "\n".join(["", *lines, ""]) if lines else ""


def _summary_lines(judgement: Judgement) -> Iterator[str]:
    if judgement.total:
        yield f"{judgement.total.title}: {judgement.total.text()}"
    if judgement.overall:
        yield f"{judgement.overall.title}: {judgement.overall.text()}"
        yield from remarks(judgement, judgement.overall).splitlines()
    yield from limits(judgement)


def limits(judgement: Judgement) -> Iterator[str]:
    """For each standard that was limited, a sentence that says by what and why."""
    for outcome in judgement.outcomes.values():
        if outcome.limited_by and outcome.section == "standards":
            chain = [outcome.node, outcome.limited_by]
            steps = judgement.explain(outcome.node).steps
            reasons = [reason for step in steps if step.node in chain for reason in step.because]
            yield f"{outcome.title} was limited to {outcome.rating}: {'; '.join(reasons)}"
    if judgement.overall and judgement.overall.state is State.OPEN:
        matters = [missing_words(piece) for piece in judgement.missing()[:MOST_MISSING]]
        yield f"Open evidence that matters most to it: {'; '.join(matters)}"
