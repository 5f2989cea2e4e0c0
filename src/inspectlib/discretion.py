"""Professional discretion: whether the rules allow a departure from a computed rating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from inspectlib.evaluate import settle
from inspectlib.exact import fraction_text, percent_text
from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Kind, Tally
from inspectlib.rules import BandRule, DiscretionRule, Given, Names

__all__ = ["Grounds", "grounds_for", "one_answer_away"]


@attrs.frozen
class Grounds:
    """The grounds on which a rating may be departed from.

    Attributes:
        met: the grounds that are met, in words with their figures.
        lowest: the lowest share beneath the rating, with the node of its key question.
    """

    met: tuple[str, ...]
    lowest: tuple[str, Fraction] | None


@attrs.frozen
class _Shared:
    """A band of a share beneath a rating."""

    node: Node
    share: Fraction
    tally: Tally


def grounds_for(graph: RuleGraph, name: str, values: Mapping[str, Given], stated: Mapping[str, Given]) -> Grounds:
    """The grounds met for a departure at a node, judged on the settled values beneath its computed rating.

    Args:
        graph: the rule graph.
        name: the node.
        values: the settled values.
        stated: those of them that were stated for nodes that are also computed.
    """
    node = graph[name]
    rule = node.rule
    assert isinstance(rule, DiscretionRule)
    beneath = graph.sort(graph.below(node.slots["of"][0]))
    shared = list(_shared(graph, beneath, values))
    lowest = min((s.share for s in shared), default=None)
    low = [s for s in shared if s.share == lowest]
    met: list[str] = []
    if rule.within_points is not None:
        met.extend(_near_an_edge(low, rule.within_points))
    if rule.one_answer:
        met.extend(one_answer_away(graph, node.slots["of"][0], values, stated))
    if rule.sample_at_most is not None:
        met.extend(f"{s.node.of} comes from {s.tally.of} cases" for s in low if s.tally.of <= rule.sample_at_most)
    return Grounds(tuple(met), (low[0].node.of, low[0].share) if low else None)


def _shared(graph: RuleGraph, beneath: Names, values: Mapping[str, Given]) -> Iterator[_Shared]:
    for name in beneath:
        node = graph[name]
        if not isinstance(node.rule, BandRule) or node.binding.of is not Kind.SHARE:
            continue
        share_name = node.slots["of"][0]
        share = values[share_name]
        tally = values[graph[share_name].slots["of"][0]]
        if isinstance(share, Fraction) and isinstance(tally, Tally):
            yield _Shared(node, share, tally)


def _near_an_edge(low: list[_Shared], points: Fraction) -> Iterator[str]:
    for s in low:
        for edge, _ in s.node.binding.edges:
            if abs(s.share - edge) * 100 <= points:
                near = f"{fraction_text(points)} points of {percent_text(edge)}"
                yield f"{s.node.of} has {percent_text(s.share)}, within {near}"


def one_answer_away(
    graph: RuleGraph, of: str, values: Mapping[str, Given], stated: Mapping[str, Given]
) -> Iterator[str]:
    """Change one answer at a time from yes to no or back, and see whether the value of a node changes.

    Args:
        graph: the rule graph.
        of: the node.
        values: the settled values of what is beneath it, of all evidence among them; of a panel, what it said.
        stated: those of them that stand whatever the rules compute.
    """
    beneath = graph.sort(graph.below(of))
    before = settle(graph, values, stated, only=beneath)[0][of]
    for name in beneath:
        tally = values.get(name)
        if not isinstance(tally, Tally):
            continue
        for change, words in ((-1, "insufficient"), (1, "sufficient")):
            if not 0 <= tally.yes + change <= tally.of:
                continue
            changed: dict[str, Given] = {**values, name: Tally(tally.yes + change, tally.of)}
            if settle(graph, changed, stated, only=beneath)[0][of] != before:
                yield f"one more {words} answer to {graph[name].of} would change the rating"
