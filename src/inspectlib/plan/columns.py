"""The columns of a plan: what each can hold, as whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from math import ceil, lcm

import attrs

from inspectlib.graph import Framework
from inspectlib.kinds import Kind, Score
from inspectlib.plan.planner import Column
from inspectlib.rows import column_meanings

__all__ = ["MAX_CASES", "plan_columns", "share_of"]

#: No sample has more cases; so much fits whatever is computed from it.
MAX_CASES = 10_000_000
#: A number that is computed, and also stated, is no larger.
_FAR = 1_000_000


def plan_columns(
    framework: Framework, names: Iterable[str], *, complete: Collection[str] = (), unit: int | None = None
) -> tuple[Column, ...]:
    """The columns of evidence among the names, in their order.

    Args:
        framework: the framework.
        names: the names of the columns.
        complete: those that hold a value in every row.
        unit: in how many parts of one numbers and shares are counted; read as fractions unless given.
    """
    meanings = column_meanings(framework)
    found = (_column(framework, name, meanings[name], unit) for name in names if name in meanings)
    return tuple(
        attrs.evolve(column, silent=False, absent=False) if column.name in complete else column for column in found
    )


def _column(framework: Framework, name: str, meaning: tuple[str, str, str], unit: int | None) -> Column:
    heading, node_name, part = meaning
    if heading == "tallies":
        return Column(name=name, meaning=meaning, kind=Kind.ANSWERS, low=0, high=MAX_CASES)
    if part == "reason":
        return Column(name=name, meaning=meaning, kind=Kind.FLAG, low=0, high=1, silent=False, absent=False)
    node = framework.graph[node_name]
    kind = node.type.kind
    if kind in (Kind.RATING, Kind.FLAG, Kind.CHOICE):
        scale = node.binding.scale
        labels = {Kind.FLAG: ("no", "yes"), Kind.CHOICE: node.type.options}.get(kind, scale.ratings if scale else ())
        return Column(name=name, meaning=meaning, kind=kind, labels=labels, low=0, high=len(labels) - 1)
    if kind is Kind.SCORE:
        full = node.range[1]
        assert isinstance(full, Score)
        return Column(name=name, meaning=meaning, kind=kind, low=0, high=ceil(full.max), absent=part != "max")
    far = (Fraction(-_FAR), Fraction(_FAR))
    least, most = (Fraction(0), Fraction(1)) if kind is Kind.SHARE else node.type.bounds or far
    if unit is None:
        return Column(name=name, meaning=meaning, kind=kind, low=_plain(least), high=_plain(most), whole=False)
    # The bounds are whole numbers of units too.
    unit = lcm(unit, least.denominator, most.denominator)
    low, high = _plain(least * unit), _plain(most * unit)
    return Column(name=name, meaning=meaning, kind=kind, low=low, high=high, unit=unit)


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def share_of(framework: Framework, question: str) -> str | None:
    """The node that is the share of sufficient answers to a key question."""
    return next(
        (n for n, node in framework.graph.nodes.items() if node.type.kind is Kind.SHARE and node.of == question), None
    )
