"""What evidence can say of a node, as far as the rules can tell it apart: a share for each band, every rating, none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Tally
from inspectlib.rules import BandRule, Given, PanelRule, TestRule
from inspectlib.rules.table import Table

__all__ = ["NOT_APPLICABLE", "NOT_RATED", "edges_of", "letters", "shares_told_apart", "teller"]

#: More different values of one number are not tried one by one.
MAX_LETTERS = 200

#: A node without a value; why it has none, no rule asks.
NOT_RATED = Absent(Absence.NOT_RATED, "")
NOT_APPLICABLE = Absent(Absence.NOT_APPLICABLE, "")


def letters(graph: RuleGraph, name: str) -> tuple[Given, ...] | None:
    """What evidence can say of a node, as far as its rules can tell it apart, the worst first; None for no end of it.

    A node without a value comes last.
    """
    node = graph[name]
    kind, scale = node.type, node.binding.scale
    if kind.kind is Kind.RATING and scale:
        positions = range(len(scale.ratings))
        if isinstance(node.rule, PanelRule):
            reasons = (False, True) if node.inputs and not node.rule.binding else (False,)
            return (*(PanelRating(p, has_reason=r) for p in positions for r in reasons), NOT_RATED)
        return (*positions, NOT_RATED)
    if kind.kind is Kind.ANSWERS:
        return (*_tallies(graph, name), Tally(0, 0))
    if kind.kind is Kind.FLAG:
        return False, True, NOT_RATED
    if kind.kind is Kind.CHOICE:
        return (*kind.options, NOT_RATED)
    if kind.bounds and kind.step:
        steps = int((kind.bounds[1] - kind.bounds[0]) / kind.step)
        if steps < MAX_LETTERS:
            return (*(kind.bounds[0] + step * kind.step for step in range(steps + 1)), NOT_RATED)
    return None


def _tallies(graph: RuleGraph, answers: str) -> tuple[Tally, ...]:
    """A tally for each share that the rules can tell from the others, the lowest first."""
    tell, ordered = teller(graph, answers), shares_told_apart(graph, answers)
    found: dict[object, Fraction] = {}
    for share in sorted([*ordered, *((low + high) / 2 for low, high in pairwise(ordered))]):
        found.setdefault(tell(share), share)
    return tuple(Tally(share.numerator, share.denominator) for share in found.values())


def _amounts(graph: RuleGraph, name: str) -> tuple[list[str], list[Node]]:
    """Where a number is used: the node itself, or for answers the shares that are made of them; and by which nodes."""
    answers = graph[name].type.kind is Kind.ANSWERS
    amounts = list(graph.users[name]) if answers else [name]
    users = graph.sort({user for amount in amounts for user in graph.users[amount]})
    return amounts, [graph[user] for user in users]


def edges_of(graph: RuleGraph, name: str) -> set[Fraction]:
    """The numbers, or for answers the shares, at which some rule begins to say something else."""
    amounts, users = _amounts(graph, name)
    return {edge for user in users for edge in _edges(user, amounts)}


def shares_told_apart(graph: RuleGraph, answers: str) -> tuple[Fraction, ...]:
    """The shares, from 0 to 1, at which any rule begins to say something else, with or without rounding.

    All shares strictly between two of them are alike to the rules.
    """
    return tuple(sorted({Fraction(0), Fraction(1), *(edge for edge in edges_of(graph, answers) if 0 < edge < 1)}))


def teller(graph: RuleGraph, name: str) -> Callable[[Fraction], object]:
    """A function from a number, or for answers a share, to all that the rules make of it."""
    amounts, users = _amounts(graph, name)
    return lambda number: tuple(_told(user, number, amounts) for user in users)


def _edges(node: Node, amounts: Sequence[str]) -> set[Fraction]:
    """The numbers at which a rule begins to say something else; of a table also some between."""
    if isinstance(node.rule, BandRule) and node.binding.bands:
        found = {edge for edge, _ in node.binding.edges}
        if node.binding.of is not Kind.SHARE:
            return found
        for edge, stays in node.binding.edges:
            # Rounded half up, the first whole percentage that is past the edge begins half a percentage point lower.
            percent = floor(edge * 100) + 1 if stays else ceil(edge * 100)
            found.add(Fraction(2 * percent - 1, 200))
        return found
    if isinstance(node.rule, TestRule):
        return {Fraction(node.binding.level)} if isinstance(node.binding.level, (int, Fraction)) else set()
    table = node.binding.table
    if not isinstance(table, Table):
        return set()
    columns = [column for name, column in zip(node.inputs, table.columns, strict=True) if name in amounts]
    return {atom for column in columns for atom in column.atoms if isinstance(atom, Fraction)}


def _told(node: Node, number: Fraction, amounts: Sequence[str]) -> object:
    """What a rule makes of a number, as far as that can be said without its other inputs."""
    if isinstance(node.rule, (BandRule, TestRule)):
        return node.rule.value(node.binding, [number])
    table = node.binding.table
    if not isinstance(table, Table):
        return number
    columns = [column for name, column in zip(node.inputs, table.columns, strict=True) if name in amounts]
    return tuple(tuple(test(number) for test in column.tests) for column in columns)
