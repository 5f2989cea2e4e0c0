"""Open evidence: what of it a node still rests on, and which of it matters most.

Each piece is tried by itself, all else left open: what the node can still become when it comes out one way or another.
A piece matters more the more it can narrow the interval: first those that can settle the node by themselves, then by
how much they can take from its best and add to its worst, in ratings. Where that is the same, what they can do to the
total or mean that the rating is the band of decides, then how many answers are open, then their numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import attrs

from inspectlib.completions import ends, every_stretch
from inspectlib.evaluate import Completions, Interval, open_beneath
from inspectlib.evidence import Count
from inspectlib.exact import percent_text
from inspectlib.framework import natural
from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Kind, PanelRating, Polarity, Score, Tally
from inspectlib.rating import Rated
from inspectlib.rules import BandRule, DiscretionRule, Given, LimitRule, ShiftRule
from inspectlib.wording import has_words

__all__ = ["MissingEvidence", "WayOut", "missing", "missing_words"]


@attrs.frozen(kw_only=True)
class WayOut:
    """One way in which a piece of open evidence can come out.

    Attributes:
        comes_out: how, in words.
        then: what the node has then, all else still open, in words.
        settles: whether the node is settled by it.
        narrows: whether the node has another interval then, or is settled.
    """

    comes_out: str
    then: str
    settles: bool
    narrows: bool


@attrs.frozen(kw_only=True)
class MissingEvidence:
    """A piece of open evidence that a node rests on.

    Attributes:
        node: the key question or other node that it speaks of.
        title: what that is called.
        open: how many answers are open; None where that is not known, and of what is no answers.
        can_settle: whether it can settle the node by itself, all else still open.
        narrows: by how many ratings (or points, or how much of a number) it can narrow the interval of the node: what
            it can take from the best and what it can add to the worst, together.
        number: the total, mean or share that the rating is the band of, if it is of any.
        narrows_number: by how much it can narrow the interval of that.
        ways: how it can come out, and what the node has then: the worst first, then the best.
    """

    node: str
    title: str
    open: int | None
    can_settle: bool
    narrows: Fraction
    number: str | None
    narrows_number: Fraction | None
    ways: tuple[WayOut, ...]


def missing(rated: Rated, name: str) -> tuple[MissingEvidence, ...]:
    """The open evidence that a node rests on, what matters most first; none where the node is settled.

    Raises:
        UnknownNode: the framework has no such node.
    """
    if name in rated.framework.unrated:
        return ()
    graph = rated.framework.graph
    if not isinstance(rated.results[graph[name].name].value, Interval):
        return ()
    number = _number_beneath(graph, graph[name])
    found: list[tuple[tuple[object, ...], MissingEvidence]] = []
    for leaf in open_beneath(graph, rated.intake, name):
        node, count = graph[leaf], rated.intake.open[leaf]
        tried = [(said, _with(rated, leaf, said)) for said in _ways(graph, name, leaf, count)]
        values = [completions.result(name).value for _, completions in tried]
        narrows = _narrowing(rated.results[name].value, values)
        numbers = [completions.result(number).value for _, completions in tried] if number else []
        ways = tuple(
            WayOut(
                comes_out=_comes_out(node, said, count),
                then=has_words(graph[name], value),
                settles=not isinstance(value, Interval),
                narrows=value != rated.results[name].value,
            )
            for (said, _), value in zip(tried, values, strict=True)
        )
        finer = _narrowing(rated.results[number].value, numbers) if number else None
        piece = MissingEvidence(
            node=node.of,
            title=graph[node.of].title if node.of in graph.nodes else node.title,
            open=count.open if count else None,
            can_settle=any(way.settles for way in ways),
            narrows=narrows,
            number=number,
            narrows_number=finer,
            ways=ways,
        )
        order = (not piece.can_settle, -narrows, -(finer or 0), -(piece.open or 0), natural(piece.node))
        found.append((order, piece))
    return tuple(piece for _, piece in sorted(found, key=lambda pair: pair[0]))


def missing_words(piece: MissingEvidence) -> str:
    """What a piece is called, and how many answers are open."""
    how_many = "" if piece.open is None else f" ({piece.open} answer{'' if piece.open == 1 else 's'} open)"
    return f"{piece.title}{how_many}"


def _with(rated: Rated, leaf: str, said: Given) -> Completions:
    """What all can become once one piece of open evidence has come out."""
    intake = rated.intake
    still_open = {other: count for other, count in intake.open.items() if other != leaf}
    known = attrs.evolve(intake, settled={**intake.settled, leaf: said}, open=still_open)
    return Completions(rated.framework.graph, known)


def _ways(graph: RuleGraph, name: str, leaf: str, count: Count | None) -> Sequence[Given]:
    """How a piece can come out: at its ends; where what lies between may matter by itself, in every stretch."""
    node = graph[leaf]
    counted = node.type.kind in (Kind.ANSWERS, Kind.NUMBER)
    monotone = graph.effect(leaf).get(name) is not Polarity.EITHER
    every = None if counted and monotone else every_stretch(graph, leaf, count)
    return tuple(dict.fromkeys(every or ends(node, count)))


def _comes_out(node: Node, said: Given, count: Count | None) -> str:
    """How a piece comes out, in words."""
    if isinstance(said, Tally):
        if not said.of:
            return "it applies to no case"
        if count is None:
            return {0: "no answer is sufficient", said.of: "all answers are sufficient"}.get(
                said.yes, f"{percent_text(Fraction(said.yes, said.of))} of the answers are sufficient"
            )
        more, answered = said.yes - count.yes, said.of - count.of
        if not answered:
            return "none of the open cases is applicable"
        return f"{more} of {answered} more answers are sufficient"
    if isinstance(said, PanelRating):
        assert node.binding.scale is not None
        return node.binding.scale.ratings[said.position]
    return has_words(node, said)


def _narrowing(before: Given | Interval, after: Sequence[Given | Interval]) -> Fraction:
    """What can be taken from the best and added to the worst, together; nothing where values have no order."""
    whole, parts = _span(before), [span for value in after if (span := _span(value))]
    if whole is None or not parts:
        return Fraction(0)
    lowest_best, highest_worst = min(best for _, best in parts), max(worst for worst, _ in parts)
    return max(Fraction(0), whole[1] - lowest_best) + max(Fraction(0), highest_worst - whole[0])


def _span(value: Given | Interval) -> tuple[Fraction, Fraction] | None:
    """The worst and the best as numbers."""
    if isinstance(value, Interval):
        worst, best = _as_number(value.worst), _as_number(value.best)
        return (worst, best) if worst is not None and best is not None else None
    number = _as_number(value)
    return None if number is None else (number, number)


def _as_number(value: Given) -> Fraction | None:
    if isinstance(value, Score):
        return value.points
    if isinstance(value, Tally):
        return Fraction(value.yes, value.of) if value.of else None
    return Fraction(value) if isinstance(value, (int, Fraction)) else None


def _number_beneath(graph: RuleGraph, node: Node) -> str | None:
    """The number that a rating is the band of, seen through what may limit, move or depart from it."""
    while isinstance(node.rule, (DiscretionRule, LimitRule, ShiftRule)):  # and the lift
        node = graph[node.slots["of"][0]]
    return node.inputs[0] if isinstance(node.rule, BandRule) else None
