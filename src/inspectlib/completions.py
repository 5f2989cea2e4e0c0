"""What open evidence can still become: the ends, and one completion for each stretch that the rules can tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from inspectlib.evidence import Count
from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Absent, Kind, PanelRating, Tally
from inspectlib.letters import edges_of, letters, shares_told_apart
from inspectlib.rules import BandRule, Given, PanelRule, TableRule, TestRule

__all__ = ["ends", "every_stretch"]

#: So many sizes of a sample are tried in search of one that has a share in a stretch. Only a stretch narrower than one
#: part in as many can have none among them and some beyond.
MAX_SIZES = 10_000


def ends(node: Node, count: Count | None) -> tuple[Given, Given, Given]:
    """The worst and the best completion of open evidence, and the one in which nothing applies, if there is one.

    Args:
        node: a node that takes evidence.
        count: the answers so far; None where the evidence says nothing of it.
    """
    if node.type.kind is Kind.ANSWERS:
        count = count or Count(0, 0, 1)
        most = count.of + count.open
        return Tally(count.yes, most), Tally(count.yes + count.open, most), Tally(count.yes, count.of)
    if isinstance(node.rule, PanelRule) and node.binding.scale:
        # With a reason the panel may go beyond a guide that is not binding, so that is still possible too.
        worst, best = PanelRating(0, has_reason=True), PanelRating(len(node.binding.scale.ratings) - 1, has_reason=True)
        return worst, best, worst
    low, high = node.range
    return low, high, low


def every_stretch(graph: RuleGraph, name: str, count: Count | None) -> Sequence[Given] | None:
    """A completion for each stretch of completions that the rules can tell from the others; None for no end of them.

    Args:
        graph: the rule graph.
        name: a node that takes evidence.
        count: the answers so far; None where the evidence says nothing of it.
    """
    if graph[name].type.kind is Kind.ANSWERS:
        return tuple(_tallies(shares_told_apart(graph, name), count))
    found = _numbers(graph, name) or letters(graph, name)
    if found is None:
        return None
    # That evidence states "not rated" is not foreseen; and with a reason the panel can all that it can without.
    stated = (value for value in found if not isinstance(value, Absent))
    panel = (PanelRating(v.position, has_reason=True) if isinstance(v, PanelRating) else v for v in stated)
    return tuple(dict.fromkeys(panel))


def _numbers(graph: RuleGraph, name: str) -> tuple[Fraction, ...] | None:
    """The numbers of a node whose users only compare them, one for each stretch; None where one reckons with them."""
    kind, users = graph[name].type, [graph.nodes[user] for user in graph.users[name]]
    if kind.bounds is None or not all(isinstance(node.rule, (BandRule, TestRule, TableRule)) for node in users):
        return None
    least, most = kind.bounds
    edges = {edge for edge in edges_of(graph, name) if least < edge < most}
    ordered = sorted({least, most, *edges})
    if kind.step is None:
        return tuple(sorted({*ordered, *((low + high) / 2 for low, high in pairwise(ordered))}))
    steps = {floor((edge - least) / kind.step) + up for edge in ordered for up in (0, 1)}
    return tuple(number for step in sorted(steps) if (number := least + step * kind.step) <= most)


def _tallies(shares: Sequence[Fraction], count: Count | None) -> Iterator[Tally]:
    """A tally with each of some shares, and one with a share between each two, as far as there can be one."""
    if count is None:  # there can be any number of cases
        between = [(low + high) / 2 for low, high in pairwise(shares)]
        yield from (Tally(*share.as_integer_ratio()) for share in sorted([*shares, *between]))
        yield Tally(0, 0)
        return
    found = [_tally_of(share, count) for share in shares]
    found += [_tally_between(low, high, count) for low, high in pairwise(shares)]
    yield from (tally for tally in found if tally is not None)
    if not count.of:
        yield Tally(0, 0)


def _tally_of(share: Fraction, count: Count) -> Tally | None:
    """A tally with exactly this share."""
    no, (yes, of) = count.of - count.yes, share.as_integer_ratio()
    if (not yes and count.yes) or (yes == of and no):
        return None
    least = max(1, _up(count.yes, yes), _up(no, of - yes))
    return Tally(least * yes, least * of) if least * of <= count.of + count.open else None


def _tally_between(low: Fraction, high: Fraction, count: Count) -> Tally | None:
    """A tally with a share strictly between two."""
    no, most = count.of - count.yes, count.of + count.open
    first = max(1, count.of, floor(count.yes / high), floor(no / (1 - low)))
    for of in range(first, min(most, first + MAX_SIZES) + 1):
        yes = max(count.yes, floor(low * of) + 1)
        if yes <= min(of - no, ceil(high * of) - 1):
            return Tally(yes, of)
    # Rather too much than too little is held possible where not every size was tried.
    return Tally(*((low + high) / 2).as_integer_ratio()) if most > first + MAX_SIZES else None


def _up(number: int, by: int) -> int:
    """A quotient rounded up; none where nothing is divided by nothing."""
    return -(-number // by) if by else 0
