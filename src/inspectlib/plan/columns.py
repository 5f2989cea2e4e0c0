"""The columns of a plan: what each can hold, as whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from math import ceil, floor, lcm

import attrs

from inspectlib.graph import Framework
from inspectlib.kinds import Kind, Score
from inspectlib.plan.values import plain
from inspectlib.rows import Meaning, column_meanings

__all__ = ["MAX_CASES", "Column", "plan_columns", "share_of"]

#: No sample has more cases; so much fits whatever is computed from it.
MAX_CASES = 10_000_000
#: A number that is computed, and also stated, is no larger.
_FAR = 1_000_000


@attrs.frozen(kw_only=True)
class Column:
    """A column that a plan reads, as whole numbers.

    Attributes:
        name: the name of the column.
        meaning: what it is in an evidence file: heading, node and part.
        kind: the kind of value; of a reason a flag, whether there is one.
        labels: of a rating its scale, of a choice its options, by position.
        low: the least it can be; no whole number only where numbers are read as fractions.
        high: the most it can be.
        unit: of a number or share, how many units make 1.
        whole: of a number or share, whether it is counted in units; it is read as a fraction otherwise.
        ratio: of a share, whether a denominator comes with it, instead of the unit and at most as large.
        silent: whether it can say nothing.
        absent: whether it can say that there is no value: `not_rated` or `not_applicable`.
    """

    name: str
    meaning: Meaning
    kind: Kind
    labels: tuple[str, ...] = ()
    low: int | Fraction
    high: int | Fraction
    unit: int = 1
    whole: bool = True
    ratio: bool = False
    silent: bool = True
    absent: bool = True

    @property
    def variable(self) -> str:
        """What the terms of a plan call it."""
        return f"said {self.name}"

    @property
    def per(self) -> str:
        """What the terms of a plan call its denominator, if it comes with one."""
        return f"said {self.name} per"

    @property
    def floor(self) -> int:
        """What is below this is no value."""
        return floor(min(self.low, 0))

    @property
    def not_rated(self) -> int:
        """What the column holds where the evidence states that it is not rated."""
        return self.floor - 1

    @property
    def not_applicable(self) -> int:
        """What the column holds where the evidence states that it is not applicable."""
        return self.floor - 2


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
        return Column(name=name, meaning=meaning, kind=kind, low=plain(least), high=plain(most), whole=False)
    # The bounds are whole numbers of units too.
    unit = lcm(unit, least.denominator, most.denominator)
    low, high = plain(least * unit), plain(most * unit)
    return Column(name=name, meaning=meaning, kind=kind, low=low, high=high, unit=unit)


def share_of(framework: Framework, question: str) -> str | None:
    """The node that is the share of sufficient answers to a key question."""
    return next(
        (n for n, node in framework.graph.nodes.items() if node.type.kind is Kind.SHARE and node.of == question), None
    )
