"""An explanation as text and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from inspectlib.closeness import Closeness, ShareFacts
from inspectlib.derivation import Step
from inspectlib.exact import percent_text
from inspectlib.missing import missing_words
from inspectlib.wording import RuleText

if TYPE_CHECKING:
    from inspectlib.explain import Explanation

__all__ = ["markdown", "text"]


@attrs.frozen
class _Line:
    """A line of a section: how deep it stands, what it says, and whether it is a remark on the line it stands under."""

    depth: int
    says: str
    remark: bool = False


@attrs.frozen
class _Section:
    """A heading and what stands under it."""

    heading: str
    lines: tuple[_Line, ...]


def text(explanation: Explanation, *, full: bool) -> str:
    """The explanation as plain text."""
    parts = []
    for section in _sections(explanation, full=full):
        lines = [section.heading]
        lines += [f"{'   ' * line.depth}{'- ' if line.remark else ''}{line.says}" for line in section.lines]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def markdown(explanation: Explanation, *, full: bool) -> str:
    """The explanation as Markdown: a heading for each section, its lines as nested lists."""
    parts = []
    for level, section in enumerate(_sections(explanation, full=full)):
        heading = f"{'##' if level else '#'} {_escaped(section.heading)}"
        outermost = min((line.depth for line in section.lines), default=0)
        lines = [f"{'  ' * (line.depth - outermost)}- {_escaped(line.says)}" for line in section.lines]
        parts.append("\n".join([heading, "", *lines]))
    return "\n\n".join(parts)


def _escaped(says: str) -> str:
    """A text in which Markdown sees nothing but text."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(says.split()))


def _sections(explanation: Explanation, *, full: bool) -> Iterator[_Section]:
    short = explanation.short
    answer = (_Line(1, sentence, remark=True) for sentence in short.sentences)
    yield _Section(f"{short.title}: {short.has}", tuple(answer))
    if not full:
        return
    numbers: dict[RuleText, int] = {}
    yield _Section("How it came about", tuple(_tree(explanation, numbers)))
    yield _Section("Enough for it", tuple(_reasons(explanation)))
    if explanation.missing:
        yield _Section("Open evidence, what matters most first", tuple(_missing(explanation)))
    if explanation.closeness.shares:
        yield _Section("How close it is", tuple(_closeness(explanation.closeness)))
    yield _Section("Rules", tuple(_rules(numbers)))


def _tree(explanation: Explanation, numbers: dict[RuleText, int]) -> Iterator[_Line]:
    """The steps as a tree; the rules that they name are numbered as they come."""
    for depth, step, first in explanation.walk():
        if not first:
            yield _Line(depth, f"{step.title}: {step.has} (see above)")
            continue
        refs = "".join(f" [{numbers.setdefault(rule.rule, len(numbers) + 1)}]" for rule in step.rules)
        yield _Line(depth, f"{step.title}: {step.has}{refs}")
        for reason in (*step.because, *_undeciding(step)):
            yield _Line(depth + 1, reason, remark=True)


def _undeciding(step: Step) -> Iterator[str]:
    """The inputs that were looked at and did not decide."""
    others = [f"{taken.node} {taken.has}" for rule in step.rules for taken in rule.inputs if not taken.decided]
    if others:
        yield f"did not decide: {', '.join(others)}"


def _reasons(explanation: Explanation) -> Iterator[_Line]:
    if explanation.standards:
        yield _Line(1, f"of the standards, whatever the others are: {', '.join(explanation.standards)}", remark=True)
    for piece in explanation.reasons.pieces:
        yield _Line(1, f"{piece.title}: {piece.says}", remark=True)
    if not explanation.reasons.pieces:
        yield _Line(1, "it is the same without any evidence", remark=True)


def _missing(explanation: Explanation) -> Iterator[_Line]:
    for piece in explanation.missing:
        settles = " can settle it alone" if piece.can_settle else ""
        yield _Line(1, f"{missing_words(piece)}{settles}", remark=True)
        for way in piece.ways:
            yield _Line(2, f"{way.comes_out}: {way.then}", remark=True)


def _closeness(closeness: Closeness) -> Iterator[_Line]:
    for share in closeness.shares:
        yield _Line(1, f"{share.title}: {_share_words(share, closeness)}", remark=True)
        for word in share.words():
            yield _Line(2, word, remark=True)
    for words in closeness.one_answer:
        yield _Line(1, words, remark=True)
    for words in closeness.grounds:
        yield _Line(1, f"a ground for a departure: {words}", remark=True)
    yield _Line(1, f"the {percent_text(closeness.confidence)} interval: {closeness.assumption}", remark=True)


def _share_words(share: ShareFacts, closeness: Closeness) -> str:
    words = f"{share.yes} of {share.of}, {percent_text(share.share)}"
    words += f", {share.rating}" if share.rating else ""
    if share.interval is None:
        return words
    low, high = share.interval
    return f"{words}; {percent_text(closeness.confidence)} interval {percent_text(low)} to {percent_text(high)}"


def _rules(numbers: dict[RuleText, int]) -> Iterator[_Line]:
    for rule, number in numbers.items():
        yield _Line(0, f"[{number}] {rule.words}")
        yield _Line(1, f"{rule.basis}: {rule.source}")
        if rule.note:
            yield _Line(1, rule.note)
