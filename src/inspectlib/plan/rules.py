"""Each rule as whole-number arithmetic on what its inputs have.

Ratings are positions on their scale, choices the place of their option. What a rule gives no value is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import cast

import attrs

from inspectlib.graph import Node
from inspectlib.kinds import Absence, Kind
from inspectlib.plan.reading import Reading
from inspectlib.plan.terms import (
    FALSE,
    NULL,
    TRUE,
    Term,
    absent_or,
    add,
    both,
    choose,
    coalesce,
    compare,
    const,
    either,
    greatest,
    is_null,
    least,
    multiply,
    negate,
    quotient,
    tally,
)
from inspectlib.plan.values import BEST, WORST, Mode, Value, common, next_above, scored, scores_of, whole
from inspectlib.rules import (
    AllRule,
    AnyRule,
    BandRule,
    CountRule,
    DiscretionRule,
    GivenRule,
    HighestRule,
    LiftRule,
    LimitRule,
    LowestRule,
    MeanRule,
    NotRule,
    PanelRule,
    ShareRule,
    ShiftRule,
    TableRule,
    TestRule,
    TotalRule,
)
from inspectlib.rules.table import Table
from inspectlib.scales import Better, Rounding

__all__ = ["ruled"]


def ruled(reading: Reading, node: Node, mode: Mode, inputs: list[Value]) -> Value:
    """What the rule of a node gives.

    Args:
        reading: what the columns say.
        node: the node.
        mode: under what assumption.
        inputs: what its inputs have.
    """
    return _RULES[type(node.rule)](_Rules(reading), node, mode, inputs)


class _Rules:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def given(self, node: Node, mode: Mode, _: list[Value]) -> Value:
        if node.type.kind is Kind.ANSWERS:
            return self._answers(node, mode)
        rule = node.rule
        assert isinstance(rule, (GivenRule, PanelRule))
        stated, column = self.reading.stated(node)
        silent = is_null(stated)
        open_ = silent if rule.missing == "open" else FALSE
        na = self.reading.inapplicable(column, stated)
        if rule.missing == Absence.NOT_APPLICABLE:
            na = either(na, silent)
        if mode.end and open_ is not FALSE:
            low, high = self.reading.ends(node)
            stated = coalesce(stated, const(high if self.reading.end(node, mode) == BEST else low))
        value = self.reading.value_in(column, stated)
        if node.type.kind is Kind.FLAG:
            value = compare("gt", value, const(0))
        per = const(column.unit if column and node.type.kind is Kind.NUMBER else 1)
        return Value(value, per, na=na, open=open_)

    def _answers(self, node: Node, mode: Mode) -> Value:
        yes, of, still = (self.reading.said("tallies", node.of, part) for part in ("yes", "of", "open"))
        silent = both(is_null(yes), is_null(of), is_null(still))
        yes, of, still = (greatest(coalesce(part, const(0)), const(0)) for part in (yes, of, still))
        missing = choose(silent, const(1), still) if node.name in self.reading.openable else const(0)
        open_ = compare("gt", missing, const(0))
        if mode.end and open_ is not FALSE:
            end = self.reading.end(node, mode)
            if end == BEST:
                yes = add(yes, missing)
            if end in (WORST, BEST):
                of = add(of, missing)
        if mode.leaf:
            yes = add(yes, const(mode.change))
        return Value(yes, of, open=open_)

    def share(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        (answers,) = inputs
        none = compare("le", answers.per, const(0))
        value = absent_or(none, answers.num)
        return Value(value, answers.per, na=none)

    def band(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        (of,) = inputs
        bands = node.binding.bands
        assert bands is not None
        num, per = of.num, of.per
        if bands.rounding is Rounding.WHOLE_PERCENT:
            doubled = multiply(const(2), per)
            rounded = quotient(add(multiply(const(200), num), per), greatest(doubled, const(1)))
            num, per = rounded, const(100)
        edges = [self._beyond(num, per, edge, "gt" if stays else "ge") for edge, stays in node.binding.edges]
        if bands.better is Better.LOWER:
            # Counted from the other end, so that each implies those before it.
            return Value(tally(negate(edge) for edge in reversed(edges)), na=of.na)
        return Value(tally(edges), na=of.na)

    def _beyond(self, num: Term, per: Term, edge: Fraction, op: str) -> Term:
        """Whether a number compares with an edge."""
        if per.constant:
            # One number to compare with, instead of a product on either side.
            assert isinstance(per.value, int)
            exact = edge * per.value
            if exact.denominator == 1:
                return compare(op, num, const(exact.numerator))
            if self.reading.whole:
                floor = exact.numerator // exact.denominator
                if op == "eq":
                    return choose(is_null(num), NULL, FALSE) if num.null else FALSE
                return compare("gt", num, const(floor)) if op in {"ge", "gt"} else compare("le", num, const(floor))
        elif self.reading.whole and edge.denominator > per.high >= 1:
            # No fraction with so small a denominator lies on the edge. Comparing with the next one above it is the
            # same, and needs smaller products, however many decimals the edge has.
            if op == "eq":
                return absent_or(is_null(num), FALSE)
            edge = next_above(edge, int(per.high), strictly=op in {"gt", "le"})
            op = {"gt": "ge", "le": "lt"}.get(op, op)
        return compare(op, multiply(num, const(edge.denominator)), multiply(per, const(edge.numerator)))

    def lowest(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        pick = greatest if isinstance(node.rule, HighestRule) else least
        nums, per = common(inputs)
        return Value(pick(*nums), per)

    def total(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        rule, binding = node.rule, node.binding
        assert isinstance(rule, TotalRule)
        if not binding.weights:  # the mean that one total stands for
            (total,) = inputs
            assert binding.scale is not None
            top = binding.scale.top_score
            points = multiply(total.num, const(top.numerator))
            return Value(points, multiply(total.per, const(top.denominator)), na=total.na)
        nums, per = common(inputs)
        unit = 1
        scores: list[Term] = []
        if binding.scale is not None:
            known = [weight * score for weight in binding.weights for score in scores_of(binding.scale)]
            unit = lcm(*(number.denominator for number in known), *(weight.denominator for weight in binding.weights))
            scores = [
                scored(num, weight * unit, binding.scale) for num, weight in zip(nums, binding.weights, strict=True)
            ]
        else:
            unit = lcm(*(weight.denominator for weight in binding.weights))
            scores = [
                multiply(num, const(whole(weight * unit))) for num, weight in zip(nums, binding.weights, strict=True)
            ]
        rated = [is_null(score) for score in scores]
        weight = add(
            *(
                choose(none, const(0), const(whole(part * unit)))
                for none, part in zip(rated, binding.weights, strict=True)
            )
        )
        points = add(*(coalesce(score, const(0)) for score in scores))
        none = either(*rated) if rule.unrated == "not rated" else both(*rated)
        points = absent_or(none, points)
        if isinstance(rule, MeanRule):
            return Value(points, multiply(weight, per) if per.low != 1 or per.high != 1 else weight)
        if binding.scale is None:
            return Value(points, multiply(per, const(unit)))
        top = binding.scale.top_score
        # Both in the same units, so that they are points out of the most there could be.
        return Value(
            multiply(points, const(top.denominator)), multiply(weight, const(top.numerator)), unit * top.denominator
        )

    def limit(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        of, when = inputs
        assert isinstance(node.binding.level, int)
        level = const(node.binding.level)
        limited = greatest(of.num, level) if isinstance(node.rule, LiftRule) else least(of.num, level)
        limited = absent_or(is_null(of.num), limited)
        return Value(choose(coalesce(when.num, FALSE), limited, of.num), na=of.na)

    def shift(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        of = inputs[0]
        assert node.binding.scale is not None and isinstance(node.binding.level, int)
        steps: Term = const(node.binding.level)
        if len(inputs) > 1:
            by = inputs[1]
            half_up = quotient(add(multiply(const(2), by.num), by.per), multiply(const(2), by.per))
            steps = coalesce(half_up, const(0))
        moved = add(of.num, steps)
        top = len(node.binding.scale.ratings) - 1
        kept = least(greatest(coalesce(moved, const(0)), const(0)), const(top))
        return Value(absent_or(is_null(moved), kept), na=of.na)

    def count(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        rule = node.rule
        assert isinstance(rule, CountRule) and isinstance(node.binding.level, int)
        op = "le" if rule.at_least is None else "ge"
        level = const(node.binding.level)
        return Value(add(const(0), *(coalesce(compare(op, value.num, level), FALSE) for value in inputs)))

    def test(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        (of,) = inputs
        rule, level = node.rule, node.binding.level
        assert isinstance(rule, TestRule)
        if isinstance(level, str):
            options = self.reading.graph.nodes[node.inputs[0]].type.options
            return Value(compare("eq", of.num, const(options.index(level))), na=of.na)
        words = {"at_least": "ge", "above": "gt", "at_most": "le", "below": "lt"}
        op = next(op for word, op in words.items() if getattr(rule, word) is not None)
        return Value(self._beyond(of.num, of.per, Fraction(level), op), na=of.na)

    def every(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        any_ = isinstance(node.rule, AnyRule)
        join, neutral = (either, FALSE) if any_ else (both, TRUE)
        none = both(*(is_null(value.num) for value in inputs))
        return Value(absent_or(none, join(*(coalesce(value.num, neutral) for value in inputs))))

    def negated(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        return Value(negate(inputs[0].num), na=inputs[0].na)

    def table(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        table = node.binding.table
        assert isinstance(table, Table)
        outcomes, unit = list(table.outcomes), 1
        if node.type.kind is Kind.NUMBER:
            unit = lcm(*(cast("Fraction", outcome).denominator for outcome in outcomes))
        found: Term = NULL
        for row in reversed(range(len(outcomes))):
            outcome = outcomes[row]
            if node.type.kind is Kind.CHOICE:
                value = const(node.type.options.index(cast("str", outcome)))
            elif node.type.kind is Kind.NUMBER:
                value = const(whole(cast("Fraction", outcome) * unit))
            else:
                value = const(cast("int", outcome))
            if found is NULL:
                found = value  # exactly one row fits, so where no other does it is the last
                continue
            fits = both(
                *(
                    self._cell(column.cells[row], name, value_)
                    for column, name, value_ in zip(table.columns, node.inputs, inputs, strict=True)
                )
            )
            found = choose(fits, value, found)
        needed = [is_null(v.num) for v, column in zip(inputs, table.columns, strict=True) if not column.takes_absent]
        return Value(absent_or(either(*needed), found), const(unit))

    def _cell(self, texts: Sequence[str], name: str, value: Value) -> Term:
        """Whether a value fits a cell of a table."""
        if not texts:
            return TRUE
        node = self.reading.graph.nodes[name]
        fits: list[Term] = []
        for text in texts:
            if text == "absent":
                fits.append(is_null(value.num))
                continue
            op, edge = "eq", text
            for prefix, name_ in (("at least ", "ge"), ("at most ", "le"), ("above ", "gt"), ("below ", "lt")):
                if node.type.kind is not Kind.CHOICE and text.startswith(prefix):
                    op, edge = name_, text.removeprefix(prefix)
            if node.type.kind is Kind.FLAG:
                wanted = value.num if edge == "True" else negate(value.num)
            elif node.type.kind is Kind.CHOICE:
                wanted = compare("eq", value.num, const(node.type.options.index(edge)))
            else:
                wanted = self._beyond(value.num, value.per, Fraction(edge), op)
            fits.append(coalesce(wanted, FALSE))
        return either(*fits)

    def panel(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        rule = node.rule
        assert isinstance(rule, PanelRule)
        said = self.given(node, mode, [])
        guides = dict(zip((slot.name for slot in rule.slots()), inputs, strict=True))
        bounded = said.num
        if "floor" in guides:
            bounded = greatest(bounded, guides["floor"].num)
        if "ceiling" in guides:
            bounded = least(bounded, guides["ceiling"].num)
        bounded = absent_or(is_null(said.num), bounded)
        if not rule.binding and guides:
            reason = coalesce(self.reading.said("panel", node.name, "reason"), FALSE)
            if mode.end and node.name in self.reading.openable:
                reason = either(reason, is_null(self.reading.stated(node)[0]))
            bounded = choose(reason, said.num, bounded)
        return Value(bounded, na=said.na, open=said.open)

    def discretion(self, node: Node, mode: Mode, inputs: list[Value]) -> Value:
        return attrs.evolve(inputs[0], open=FALSE)


_Compute = Callable[[_Rules, Node, Mode, list[Value]], Value]
#: How each rule is computed, from what its inputs have.
_RULES: Mapping[type, _Compute] = {
    GivenRule: _Rules.given,
    ShareRule: _Rules.share,
    BandRule: _Rules.band,
    LowestRule: _Rules.lowest,
    HighestRule: _Rules.lowest,
    TotalRule: _Rules.total,
    MeanRule: _Rules.total,
    LimitRule: _Rules.limit,
    LiftRule: _Rules.limit,
    ShiftRule: _Rules.shift,
    CountRule: _Rules.count,
    TestRule: _Rules.test,
    AllRule: _Rules.every,
    AnyRule: _Rules.every,
    NotRule: _Rules.negated,
    TableRule: _Rules.table,
    PanelRule: _Rules.panel,
    DiscretionRule: _Rules.discretion,
}
