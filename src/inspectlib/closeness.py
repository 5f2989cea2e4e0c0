"""How close a rating is: the facts that a ratings panel weighs when it uses its professional discretion.

For information only. What of them allows a departure is in the rules of the framework, and no rating uses the interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs

from inspectlib.completions import ends
from inspectlib.discretion import grounds_for, one_answer_away
from inspectlib.evaluate import Interval, fixed_values, open_beneath
from inspectlib.exact import percent_text
from inspectlib.graph import Framework, Node
from inspectlib.kinds import Absent, Tally
from inspectlib.proportion import share_interval
from inspectlib.rating import Rated
from inspectlib.rules import BandRule, DiscretionRule, Names, ShareRule

__all__ = ["ASSUMPTION", "Closeness", "ShareFacts", "closeness"]

#: Near an edge, where the rules of a node name no distance of their own: so many percentage points at most.
WITHIN_POINTS = Fraction(5)
#: A small sample, where the rules of a node name no size of their own: so many cases at most.
SMALL_SAMPLE = 5

ASSUMPTION = (
    "it takes the cases for a random sample of very many, each answer independent of the others; the samples of "
    "inspections are chosen with care from few cases, so it is a rough guide, for information only: no rating uses it; "
    "its bounds are rounded outward to a tenth of a percentage point"
)


@attrs.frozen(kw_only=True)
class ShareFacts:
    """How close the share of a key question is to another band.

    Attributes:
        node: the key question.
        title: what it is called.
        yes: the sufficient answers.
        of: the applicable cases.
        share: the share.
        rating: the rating of its band; None where shares are not banded.
        edge: the nearest edge of its bands, if there are any.
        points: how many percentage points it is from that edge.
        near: whether that is near.
        one_more: the rating with one more sufficient answer among the same cases, where it is different.
        one_fewer: the rating with one fewer, where it is different.
        small_sample: whether the sample is small.
        other_rounding: the rating if it were rounded to a whole percentage before banding, or not rounded where it is,
            where that is different.
        interval: the exact interval of the share at the chosen confidence, rounded outward; None for too many cases.
    """

    node: str
    title: str
    yes: int
    of: int
    share: Fraction
    rating: str | None
    edge: Fraction | None
    points: Fraction | None
    near: bool
    one_more: str | None
    one_fewer: str | None
    small_sample: bool
    other_rounding: str | None
    interval: tuple[Fraction, Fraction] | None

    def words(self) -> tuple[str, ...]:
        """What is close about it, in words; nothing where nothing is."""
        found = []
        if self.near and self.edge is not None and self.points is not None:
            found.append(f"{_points(self.points)} from the edge at {percent_text(self.edge)}")
        if self.one_more:
            found.append(f"{self.one_more} with one more sufficient answer")
        if self.one_fewer:
            found.append(f"{self.one_fewer} with one fewer sufficient answer")
        if self.small_sample:
            found.append(f"a sample of {self.of}")
        if self.other_rounding:
            found.append(f"{self.other_rounding} if shares were rounded the other way before banding")
        return tuple(found)


@attrs.frozen(kw_only=True)
class Closeness:
    """How close a node is to another rating.

    Attributes:
        node: the node.
        title: what it is called.
        within_points: how many percentage points from an edge count as near.
        sample_at_most: how many cases count as a small sample.
        confidence: the confidence of the intervals.
        shares: the shares beneath it, by key question.
        one_answer: which single answers would change what it has; empty too while evidence beneath it is open.
        grounds: which grounds for a departure from its rating are met, where the rules name any.
        assumption: what the intervals take for granted.
    """

    node: str
    title: str
    within_points: Fraction
    sample_at_most: int
    confidence: Fraction
    shares: tuple[ShareFacts, ...]
    one_answer: tuple[str, ...]
    grounds: tuple[str, ...]
    assumption: str = ASSUMPTION


def closeness(rated: Rated, name: str, confidence: Fraction) -> Closeness:
    """How close a node is to another rating.

    Args:
        rated: the rated inspection.
        name: the node.
        confidence: the confidence of the intervals, between 0 and 1.

    Raises:
        UnknownNode: the framework has no such node.
    """
    framework, graph = rated.framework, rated.framework.graph
    unrated = framework.unrated.get(name)
    rule = None if unrated else graph[name].rule
    within, small = WITHIN_POINTS, SMALL_SAMPLE
    if isinstance(rule, DiscretionRule):
        within = within if rule.within_points is None else rule.within_points
        small = small if rule.sample_at_most is None else rule.sample_at_most
    one_answer: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    if not unrated and _settled(rated, name):
        # What is open lies beneath stated values then, so it can be taken to be anything.
        anything = {leaf: ends(graph[leaf], None)[0] for leaf in rated.intake.open}
        evidence = {**anything, **rated.values, **rated.panels}
        one_answer = tuple(one_answer_away(graph, name, evidence, _stated(rated, name)))
        if isinstance(rule, DiscretionRule) and graph.below(name) <= rated.values.keys():
            grounds = grounds_for(graph, name, rated.values, rated.intake.given).met
    return Closeness(
        node=name,
        title=unrated.title if unrated else graph[name].title,
        within_points=within,
        sample_at_most=small,
        confidence=confidence,
        shares=tuple(
            _facts(rated, share, tally, within=within, small=small, confidence=confidence)
            for share, tally in _shares(rated, _scope(framework, name))
        ),
        one_answer=one_answer,
        grounds=grounds,
    )


def _settled(rated: Rated, name: str) -> bool:
    """Whether a node has a value, and nothing that it is computed from is open."""
    graph, intake = rated.framework.graph, rated.intake
    computed_from = (open_beneath(graph, intake, i) for i in graph.inputs[name])
    return (
        name not in intake.open
        and not isinstance(rated.results[name].computed, (Interval, Absent))
        and not any(computed_from)
    )


def _stated(rated: Rated, name: str) -> dict[str, Any]:
    """The values that stand; a departure at the node itself is put aside, so that its computed rating is looked at."""
    return {node: value for node, value in fixed_values(rated.intake).items() if node != name}


def _scope(framework: Framework, name: str) -> Names:
    """The nodes beneath a node, itself included; of what is not rated, its parts."""
    graph, found, todo = framework.graph, set[str](), [name]
    while todo:
        part = todo.pop()
        if part in framework.unrated:
            todo.extend(framework.unrated[part].parts)
        else:
            found |= graph.below(part)
    return graph.sort(found)


def _shares(rated: Rated, scope: Names) -> Iterator[tuple[Node, Tally]]:
    """The settled shares of counted answers."""
    graph = rated.framework.graph
    for node in (graph[name] for name in scope):
        if isinstance(node.rule, ShareRule) and isinstance(rated.values.get(node.name), Fraction):
            tally = rated.values.get(node.inputs[0])
            if isinstance(tally, Tally) and tally.of:
                yield node, tally


def _facts(
    rated: Rated, share: Node, tally: Tally, *, within: Fraction, small: int, confidence: Fraction
) -> ShareFacts:
    framework, graph = rated.framework, rated.framework.graph
    value = Fraction(tally.yes, tally.of)
    band = next((n for n in graph.nodes.values() if isinstance(n.rule, BandRule) and n.inputs == (share.name,)), None)
    edges = [edge for edge, _ in band.binding.edges] if band else []
    edge = min(edges, key=lambda edge: (abs(value - edge), edge), default=None)
    points = None if edge is None else abs(value - edge) * 100
    rating = _rating(band, value)

    def if_different(other: Fraction, *, other_rounding: bool = False) -> str | None:
        found = _rating(band, other, other_rounding=other_rounding) if 0 <= other <= 1 else rating
        return None if found == rating else found

    of = share.of
    title = (
        framework.unrated[of].title if of in framework.unrated else graph[of if of in graph.nodes else share.name].title
    )
    return ShareFacts(
        node=of,
        title=title,
        yes=tally.yes,
        of=tally.of,
        share=value,
        rating=rating,
        edge=edge,
        points=points,
        near=points is not None and points <= within,
        one_more=if_different(Fraction(tally.yes + 1, tally.of)),
        one_fewer=if_different(Fraction(tally.yes - 1, tally.of)),
        small_sample=tally.of <= small,
        other_rounding=if_different(value, other_rounding=True),
        interval=share_interval(tally.yes, tally.of, confidence),
    )


def _rating(band: Node | None, share: Fraction, *, other_rounding: bool = False) -> str | None:
    """The rating of a share."""
    if band is None or band.binding.scale is None:
        return None
    position = band.value([share], other_rounding=other_rounding)
    assert isinstance(position, int)
    return band.binding.scale.ratings[position]


def _points(points: Fraction) -> str:
    """A distance for people, to a tenth of a point."""
    text = percent_text(points / 100).removesuffix("%")
    exactly = "" if (points * 10).denominator == 1 else "about "
    return f"{exactly}{text} percentage point" + ("" if text == "1" else "s")
