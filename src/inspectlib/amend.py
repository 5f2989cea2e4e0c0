"""Evidence with something of it changed: answers, statements, departures, and open evidence filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from inspectlib.counting import counted_cases, unit_numbers
from inspectlib.errors import Disagreement
from inspectlib.evidence import Answer, Case, Count, Evidence, Statement
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework
from inspectlib.kinds import Kind, Tally

__all__ = ["change_answers", "fill_answers", "put", "put_rating", "put_tally"]


def change_answers(framework: Framework, evidence: Evidence, question: str, more: int) -> Evidence:
    """So many answers to a key question changed from no to yes, or from yes to no when `more` is negative.

    Where they are answers of cases, those of the first cases are changed, by the names of the cases; where units are
    pooled, those that stand in the evidence itself, and then those of the first units.

    Raises:
        Disagreement: there are not so many answers to change.
    """
    left = abs(more)
    for unit, number in _places(framework, evidence, question):
        part = evidence.units[unit] if unit else evidence
        count = _count(part, number)
        moved = min(left, (count.of - count.yes if more > 0 else count.yes) if count else 0)
        if count and moved:
            left -= moved
            changed = _with_answers(part, number, moved, from_yes=more < 0)
            evidence = _with_part(evidence, unit, changed)
    if left:
        raise Disagreement(f"{question} has not so many answers to change: {left} of {abs(more)} are not there")
    return evidence


def fill_answers(framework: Framework, evidence: Evidence, question: str, sufficient: int) -> Evidence:
    """The open answers to a key question filled in: so many sufficient, all others insufficient."""
    for unit, number in _places(framework, evidence, question):
        part = evidence.units[unit] if unit else evidence
        count = _count(part, number)
        if count and count.open:
            here = min(sufficient, count.open)
            sufficient -= here
            evidence = _with_part(evidence, unit, _filled(part, number, count, here))
    return evidence


def put(evidence: Evidence, heading: str, node: str, statement: Statement | None) -> Evidence:
    """The evidence with a statement under a heading, or without it."""
    entries = {**getattr(evidence, heading)}
    if statement is None:
        entries.pop(node, None)
    else:
        entries[node] = statement
    changed: dict[str, Any] = {heading: FrozenMapping(entries)}
    return attrs.evolve(evidence, **changed)


def put_rating(evidence: Evidence, heading: str, node: str, rating: str) -> Evidence:
    """The evidence with a rating wherever it is stated, its reason kept; under a heading where it is not stated yet."""
    stated = [where for where in ("ratings", "panel") if node in getattr(evidence, where)] or [heading]
    for where in stated:
        reason = getattr(evidence, where).get(node, Statement("")).reason
        evidence = put(evidence, where, node, Statement(rating, reason))
    return evidence


def put_tally(evidence: Evidence, question: str, tally: Tally) -> Evidence:
    """The evidence with answers to a key question that it says nothing of yet."""
    tallies = {**evidence.tallies, question: Count(tally.yes, tally.of)}
    return attrs.evolve(evidence, tallies=FrozenMapping(tallies))


def _places(framework: Framework, evidence: Evidence, question: str) -> Iterator[tuple[str, str]]:
    """Where answers to a key question stand: the unit, empty for the evidence itself, and the number there."""
    yield "", question
    known = {node.of for node in framework.graph.nodes.values() if node.type.kind is Kind.ANSWERS}
    for name in sorted(evidence.units, key=natural):
        numbers = unit_numbers(framework.data, known, name, evidence.units[name])
        for there in sorted(numbers, key=natural):
            if numbers[there] == question:
                yield name, there


def _count(part: Evidence, question: str) -> Count | None:
    return part.tallies.get(question) or counted_cases(part.cases).get(question)


def _with_part(evidence: Evidence, unit: str, part: Evidence) -> Evidence:
    """The evidence with that of one of its units, or all of it, replaced."""
    if not unit:
        return part
    return attrs.evolve(evidence, units=FrozenMapping({**evidence.units, unit: part}))


def _with_answers(part: Evidence, question: str, moved: int, *, from_yes: bool) -> Evidence:
    """So many answers turned round, in the cases and in the tally, whichever there are."""
    before, after = (Answer.YES, Answer.NO) if from_yes else (Answer.NO, Answer.YES)
    if question in part.tallies:
        count = part.tallies[question]
        turned = attrs.evolve(count, yes=count.yes + (-moved if from_yes else moved))
        part = attrs.evolve(part, tallies=FrozenMapping({**part.tallies, question: turned}))
    able = [case for case in _by_name(part.cases) if case.answers.get(question) is before]
    return _answered(part, question, dict.fromkeys(map(_key, able[:moved]), after))


def _filled(part: Evidence, question: str, count: Count, sufficient: int) -> Evidence:
    """All open answers filled in, in the cases and in the tally, whichever there are."""
    if question in part.tallies:
        filled = Count(count.yes + sufficient, count.of + count.open)
        part = attrs.evolve(part, tallies=FrozenMapping({**part.tallies, question: filled}))
    listed = any(question in case.answers for case in part.cases if not case.asked)
    still_open = [
        _key(case)
        for case in _by_name(part.cases)
        if question not in case.answers and (question in case.asked or (listed and not case.asked))
    ]
    answers = (Answer.YES if place < sufficient else Answer.NO for place in range(len(still_open)))
    return _answered(part, question, dict(zip(still_open, answers, strict=True)))


def _answered(part: Evidence, question: str, answers: Mapping[tuple[str, str], Answer]) -> Evidence:
    """The evidence with the answers of some of its cases."""
    cases = (
        attrs.evolve(case, answers=FrozenMapping({**case.answers, question: answers[_key(case)]}))
        if _key(case) in answers
        else case
        for case in part.cases
    )
    return attrs.evolve(part, cases=tuple(cases)) if answers else part


def _key(case: Case) -> tuple[str, str]:
    return case.unit, case.id


def _by_name(cases: tuple[Case, ...]) -> list[Case]:
    return sorted(cases, key=lambda case: (natural(case.unit), natural(case.id)))
