"""What the columns of a row say of the nodes of a rule graph."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

import attrs

from inspectlib.graph import Framework, Node
from inspectlib.kinds import Kind, Score
from inspectlib.plan.columns import Column
from inspectlib.plan.terms import (
    NULL,
    Term,
    absent_or,
    both,
    choose,
    coalesce,
    compare,
    const,
    is_null,
    multiply,
    variable,
)
from inspectlib.plan.values import BEST, WORST, Mode, Value, plain, whole
from inspectlib.rules import GivenRule, PanelRule

__all__ = ["Reading"]


class Reading:
    """What the columns say.

    Args:
        framework: the framework.
        columns: the columns that there are.
    """

    def __init__(self, framework: Framework, columns: Sequence[Column]) -> None:
        self.graph = framework.graph
        self.columns = tuple(columns)
        #: Whether every number is whole, so that between two whole ones there is none.
        self.whole = all(column.whole for column in self.columns)
        self._by_meaning = {column.meaning: column for column in columns}
        #: The evidence that can be open in some row, and all that rests on it.
        self.openable = {name for name in self.graph.nodes if self._can_be_open(self.graph.nodes[name])}
        self.touched: set[str] = set(self.openable)
        for name in self.graph.nodes if self.openable else ():
            if not self.touched.isdisjoint(self.graph.inputs[name]):
                self.touched.add(name)

    def column(self, heading: str, node: str, part: str) -> Column | None:
        """The column of a meaning."""
        return self._by_meaning.get((heading, node, part))

    def said(self, heading: str, node: str, part: str) -> Term:
        """What a column holds; missing where there is no such column."""
        column = self.column(heading, node, part)
        if column is None:
            return NULL
        low = column.not_applicable if column.absent else column.low
        return variable(column.variable, low, column.high, null=column.silent, flag=part == "reason")

    @staticmethod
    def states_none(column: Column | None, said: Term) -> Term:
        """Whether a column states that there is no value."""
        floor = const(column.floor if column else 0)
        return compare("lt", coalesce(said, floor), floor)

    @staticmethod
    def inapplicable(column: Column | None, said: Term) -> Term:
        """Whether a column states that it is not applicable."""
        return compare("eq", coalesce(said, const(0)), const(column.not_applicable if column else -2))

    def value_in(self, column: Column | None, said: Term) -> Term:
        """The value in a column, missing where it says nothing or that there is none."""
        found = absent_or(self.states_none(column, said), said)
        if column is None or found is said:
            return found
        return attrs.evolve(found, low=column.low, high=column.high)

    def stated(self, node: Node) -> tuple[Term, Column | None]:
        """What is stated of a node, `NOT_RATED` and `NOT_APPLICABLE` included; the column it stands in."""
        if isinstance(node.rule, PanelRule):
            heading, part = "panel", "rating"
        elif node.type.kind is Kind.RATING:
            heading, part = "ratings", "rating"
        else:
            heading, part = "values", "score"
        return self.said(heading, node.name, part), self.column(heading, node.name, part)

    def instead(self, node: Node, stated: Term, column: Column | None, computed: Value) -> Value:
        """What is stated, else what is computed."""
        if column is None:
            return computed
        silent = is_null(stated)
        value = self.value_in(column, stated)
        per: Term = const(1)
        if node.type.kind is Kind.FLAG:
            value = compare("gt", value, const(0))
        elif node.type.kind in (Kind.NUMBER, Kind.SHARE):
            per = variable(column.per, 1, column.unit) if column.ratio else const(column.unit)
        elif node.type.kind is Kind.SCORE:
            full, unit = node.range[1], const(computed.unit)
            assert isinstance(full, Score)
            most = self.said("values", node.name, "max")
            value = multiply(value, unit)
            per = coalesce(multiply(most, unit), const(whole(full.max * computed.unit)))
        return Value(
            choose(silent, computed.num, value),
            choose(silent, computed.per, per),
            computed.unit,
            choose(silent, computed.na, self.inapplicable(column, stated)),
            both(silent, computed.open),
        )

    @staticmethod
    def end(node: Node, mode: Mode) -> str:
        """The completion of one piece of open evidence, turned round where better evidence harms."""
        return {WORST: BEST, BEST: WORST}.get(mode.end, mode.end) if node.name in mode.harmed else mode.end

    def ends(self, node: Node) -> tuple[int | Fraction, int | Fraction]:
        """The worst and the best that evidence can be."""
        if isinstance(node.rule, PanelRule) or node.type.kind is Kind.RATING:
            assert node.binding.scale is not None
            return 0, len(node.binding.scale.ratings) - 1
        if node.type.kind is Kind.CHOICE:
            return 0, len(node.type.options) - 1
        if node.type.kind is Kind.FLAG:
            return 0, 1
        column = self.stated(node)[1]
        unit = column.unit if column else 1
        low, high = (plain(cast("Fraction", end) * unit) for end in node.range)
        return low, high

    def _can_be_open(self, node: Node) -> bool:
        if not node.rule.takes_evidence:
            return False
        if node.type.kind is Kind.ANSWERS:
            parts = [self.column("tallies", node.of, part) for part in ("yes", "of", "open")]
            if parts[2] is not None and parts[2].high > 0:
                return True
            return not any(column is not None and not column.silent for column in parts)
        assert isinstance(node.rule, (GivenRule, PanelRule))
        column = self.stated(node)[1]
        return node.rule.missing == "open" and (column is None or column.silent)
