"""From a rule graph to a plan: every rule as whole-number arithmetic over the columns of a row.

Ratings are positions on their scale, choices the place of their option, shares and other numbers a numerator beside a
denominator, so that comparing them is a product on either side. What the framework gives no value is missing. Open
evidence is handled as in `inspectlib.evaluate`: by the completions in which all that is open is worst, best or absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import floor, lcm
from typing import cast

import attrs

from inspectlib.graph import Framework, Node
from inspectlib.kinds import Absence, Kind, Polarity, Score
from inspectlib.plan.terms import (
    FALSE,
    NULL,
    ONE,
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
    variable,
)
from inspectlib.rows import Meaning
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
    WithoutInput,
)
from inspectlib.rules.table import Table
from inspectlib.scales import Better, Rounding, Scale

__all__ = ["Check", "Column", "Plan", "Result", "Step", "make_plan"]


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
    silent: bool = True
    absent: bool = True

    @property
    def variable(self) -> str:
        """What the terms of a plan call it."""
        return f"said {self.name}"

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


@attrs.frozen
class Step:
    """A step of a plan: a name for a term, and the node whose rule it is part of."""

    name: str
    node: str
    term: Term


@attrs.frozen
class Check:
    """Something that must not be.

    Attributes:
        column: the column that it is a fault of.
        wrong: the condition.
        code: the code of the fault.
        message: what is wrong.
    """

    column: str
    wrong: Term
    code: str
    message: str


@attrs.frozen(kw_only=True)
class Result:
    """What a plan gives for a node.

    Attributes:
        node: the node.
        kind: its kind of value.
        labels: of a rating its scale, of a choice its options, by position.
        value: the value, missing where there is none or where it is open; of a number the numerator.
        per: of a number or share the denominator, of a score its maximum.
        unit: of a score, how many units make a point.
        not_applicable: whether it has no value because it is not applicable.
        open: whether it is open.
        worst: the worst that an open rating can become.
        best: the best that an open rating can become.
        may_be_absent: whether what is open can turn out to have no value.
    """

    node: str
    kind: Kind
    labels: tuple[str, ...]
    value: Term
    per: Term
    unit: int
    not_applicable: Term
    open: Term
    worst: Term
    best: Term
    may_be_absent: Term


@attrs.frozen
class Plan:
    """How to get from the columns of a row to its results, with whole numbers alone.

    Attributes:
        columns: the columns that are read.
        steps: what is computed, each from columns and earlier steps.
        checks: what must not be; the first that holds is the fault of the row.
        results: the results.
    """

    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    results: tuple[Result, ...]


def make_plan(
    framework: Framework, columns: Sequence[Column], results: Sequence[str], *, intervals: bool = True
) -> Plan:
    """A plan.

    Args:
        framework: the framework.
        columns: the columns that there are.
        results: the nodes wanted.
        intervals: whether to plan what open results can become; else they are only said to be open.
    """
    return _Planner(framework, columns, intervals=intervals).plan(results)


@attrs.frozen
class _Value:
    """What a node has: a value or nothing, as terms.

    Attributes:
        num: position, flag, numerator or points; missing where there is no value.
        per: denominator or maximum; never missing.
        unit: how many units of `num` and `per` make 1, of a score.
        na: whether it is missing because it is not applicable.
        open: whether evidence beneath it is open, and it is not stated.
    """

    num: Term
    per: Term = ONE
    unit: int = 1
    na: Term = FALSE
    open: Term = FALSE


#: The completions of open evidence. As given, what is open is missing.
_AS_GIVEN, _WORST, _BEST, _ABSENT = "", "worst", "best", "absent"


@attrs.frozen
class _Mode:
    """Under what assumption a node is computed.

    Attributes:
        end: which completion of open evidence.
        harmed: the evidence whose worst and best are turned round.
        leaf: the key question of which one answer is changed, and no departure counts.
        change: by how much.
    """

    end: str = _AS_GIVEN
    harmed: frozenset[str] = frozenset()
    leaf: str = ""
    change: int = 0


_PLAIN = _Mode()


class _Planner:
    def __init__(self, framework: Framework, columns: Sequence[Column], *, intervals: bool) -> None:
        self.graph = framework.graph
        self.columns = tuple(columns)
        #: Whether every number is whole, so that between two whole ones there is none.
        self.whole = all(column.whole for column in self.columns)
        self.intervals = intervals
        self.by_meaning = {column.meaning: column for column in columns}
        self.steps: list[Step] = []
        self.checks: list[Check] = []
        self.known: dict[tuple[str, _Mode], _Value] = {}
        #: What the rule gives, where a value is stated or departed to.
        self.ruled: dict[tuple[str, _Mode], _Value] = {}
        self.names: set[str] = set()
        self.beneath: dict[str, frozenset[str]] = {}
        #: The evidence that can be open in some row, and all that rests on it.
        self.openable = {name for name in self.graph.nodes if self._can_be_open(self.graph.nodes[name])}
        self.touched: set[str] = set(self.openable)
        for name in self.graph.nodes if self.openable else ():
            if not self.touched.isdisjoint(self.graph.inputs[name]):
                self.touched.add(name)
        self.effects: dict[str, dict[str, Polarity]] = {}

    def plan(self, results: Sequence[str]) -> Plan:
        needed = dict.fromkeys(name for result in results for name in (result,))
        stated = [c.meaning[1] for c in self.columns if c.meaning[0] != "tallies"]
        for name in self.graph.sort(set(self._all_below([*needed, *stated]))):
            self.value(name, _PLAIN)
        for column in self.columns:
            self._check(column)
        found = tuple(self._result(name) for name in needed)
        order = {column.name: place for place, column in enumerate(self.columns)}
        checks = sorted(self.checks, key=lambda check: order[check.column])
        return Plan(self.columns, self._needed(checks, found), tuple(checks), found)

    def _needed(self, checks: Iterable[Check], results: Iterable[Result]) -> tuple[Step, ...]:
        """The steps that anything comes of."""
        needed: set[object] = set()
        wanted = [check.wrong for check in checks]
        for result in results:
            wanted += [result.value, result.per, result.not_applicable, result.open]
            wanted += [result.worst, result.best, result.may_be_absent]
        for term in wanted:
            needed |= _variables(term)
        kept: list[Step] = []
        for step in reversed(self.steps):
            if step.name in needed:
                kept.append(step)
                needed |= _variables(step.term)
        return tuple(reversed(kept))

    def _all_below(self, names: Iterable[str]) -> Iterator[str]:
        seen: set[str] = set()
        todo = [name for name in names if name in self.graph.nodes]
        todo += [f"{c.meaning[1]}.answers" for c in self.columns if f"{c.meaning[1]}.answers" in self.graph.nodes]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                yield name
                todo.extend(self.graph.inputs[name])

    # What the columns say

    def column(self, heading: str, node: str, part: str) -> Column | None:
        return self.by_meaning.get((heading, node, part))

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

    # Values of nodes

    def value(self, name: str, mode: _Mode) -> _Value:
        """What a node has."""
        mode = self._reduced(name, mode)
        if (name, mode) not in self.known:
            # Inputs first and one by one: graphs can be deeper than Python lets functions call each other.
            todo = [(name, mode)]
            while todo:
                node, under = todo[-1]
                lower = [(i, self._reduced(i, under)) for i in self.graph.inputs[node]]
                lower = [key for key in lower if key not in self.known]
                if lower:
                    todo.extend(reversed(lower))
                    continue
                todo.pop()
                if (node, under) not in self.known:
                    self.known[node, under] = self._settled(self.graph.nodes[node], under)
        return self.known[name, mode]

    def _reduced(self, name: str, mode: _Mode) -> _Mode:
        """The mode as far as it matters to a node."""
        if mode is _PLAIN:
            return mode
        end = mode.end if name in self.touched else _AS_GIVEN
        harmed = mode.harmed & self._below(name) if end and mode.harmed else frozenset[str]()
        leaf = mode.leaf if mode.leaf and mode.leaf in self._below(name) else ""
        return _Mode(end, harmed, leaf, mode.change if leaf else 0) if end or leaf else _PLAIN

    def _below(self, name: str) -> frozenset[str]:
        if name not in self.beneath:
            self.beneath[name] = self.graph.below(name)
        return self.beneath[name]

    def step(self, name: str, node: str, term: Term) -> Term:
        """A name for a term, unless it is one already."""
        if term.op in {"const", "var"}:
            return term
        unique, number = name, 1
        while unique in self.names:
            number += 1
            unique = f"{name} {number}"
        self.names.add(unique)
        self.steps.append(Step(unique, node, term))
        return variable(unique, term.low, term.high, null=term.null, flag=term.flag)

    def _settled(self, node: Node, mode: _Mode) -> _Value:
        computed = self._computed(node, mode)
        if node.rule.takes_evidence:
            return self._named(node, mode, computed, "")
        stated, column = self.stated(node)
        departed = NULL if mode.leaf else self.said("departures", node.name, "rating")
        if stated is NULL and departed is NULL:
            return self._named(node, mode, computed, "")
        computed = self._named(node, mode, computed, "computed")
        self.ruled[node.name, mode] = computed
        found = self._instead(node, stated, column, computed)
        if departed is not NULL:
            found = self._instead(node, departed, self.column("departures", node.name, "rating"), found)
        return self._named(node, mode, found, "")

    def computed(self, name: str, mode: _Mode) -> _Value:
        """What the rule of a node computes, whatever is stated of it."""
        self.value(name, mode)
        key = (name, self._reduced(name, mode))
        return self.ruled.get(key) or self.known[key]

    def _instead(self, node: Node, stated: Term, column: Column | None, computed: _Value) -> _Value:
        """What is stated, else what is computed."""
        if column is None:
            return computed
        silent = is_null(stated)
        value = self.value_in(column, stated)
        per: Term = const(1)
        if node.type.kind is Kind.FLAG:
            value = compare("gt", value, const(0))
        elif node.type.kind in (Kind.NUMBER, Kind.SHARE):
            per = const(column.unit)
        elif node.type.kind is Kind.SCORE:
            full, unit = node.range[1], const(computed.unit)
            assert isinstance(full, Score)
            most = self.said("values", node.name, "max")
            value = multiply(value, unit)
            per = coalesce(multiply(most, unit), const(_whole(full.max * computed.unit)))
        return _Value(
            choose(silent, computed.num, value),
            choose(silent, computed.per, per),
            computed.unit,
            choose(silent, computed.na, self.inapplicable(column, stated)),
            both(silent, computed.open),
        )

    def _named(self, node: Node, mode: _Mode, value: _Value, what: str) -> _Value:
        """The value with a name for each of its terms."""
        words = [
            node.name,
            mode.end,
            *(["turned"] if mode.harmed else []),
            *([mode.leaf, f"{mode.change:+}"] if mode.leaf else []),
            what,
        ]
        name = " ".join(word for word in words if word)
        return _Value(
            self.step(name, node.name, value.num),
            self.step(f"{name} per", node.name, value.per),
            value.unit,
            self.step(f"{name} not applicable", node.name, value.na),
            self.step(f"{name} open", node.name, value.open),
        )

    # The rules

    def _computed(self, node: Node, mode: _Mode) -> _Value:
        inputs = [self.value(name, mode) for name in self.graph.inputs[node.name]]
        found = _RULES[type(node.rule)](self, node, mode, inputs)
        opened = FALSE if mode.end else either(*(value.open for value in inputs), found.open)
        return attrs.evolve(found, open=opened)

    def given(self, node: Node, mode: _Mode, _: list[_Value]) -> _Value:
        if node.type.kind is Kind.ANSWERS:
            return self._answers(node, mode)
        rule = node.rule
        assert isinstance(rule, (GivenRule, PanelRule))
        stated, column = self.stated(node)
        silent = is_null(stated)
        open_ = silent if rule.missing == "open" else FALSE
        na = self.inapplicable(column, stated)
        if rule.missing == Absence.NOT_APPLICABLE:
            na = either(na, silent)
        if mode.end and open_ is not FALSE:
            low, high = self._ends(node)
            stated = coalesce(stated, const(high if self._end(node, mode) == _BEST else low))
        value = self.value_in(column, stated)
        if node.type.kind is Kind.FLAG:
            value = compare("gt", value, const(0))
        per = const(column.unit if column and node.type.kind is Kind.NUMBER else 1)
        return _Value(value, per, na=na, open=open_)

    @staticmethod
    def _end(node: Node, mode: _Mode) -> str:
        """The completion of one piece of open evidence, turned round where better evidence harms."""
        return {_WORST: _BEST, _BEST: _WORST}.get(mode.end, mode.end) if node.name in mode.harmed else mode.end

    def _ends(self, node: Node) -> tuple[int | Fraction, int | Fraction]:
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
        low, high = (_plain(cast("Fraction", end) * unit) for end in node.range)
        return low, high

    def _answers(self, node: Node, mode: _Mode) -> _Value:
        yes, of, still = (self.said("tallies", node.of, part) for part in ("yes", "of", "open"))
        silent = both(is_null(yes), is_null(of), is_null(still))
        yes, of, still = (greatest(coalesce(part, const(0)), const(0)) for part in (yes, of, still))
        missing = choose(silent, const(1), still) if node.name in self.openable else const(0)
        open_ = compare("gt", missing, const(0))
        if mode.end and open_ is not FALSE:
            end = self._end(node, mode)
            if end == _BEST:
                yes = add(yes, missing)
            if end in (_WORST, _BEST):
                of = add(of, missing)
        if mode.leaf:
            yes = add(yes, const(mode.change))
        return _Value(yes, of, open=open_)

    def share(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        (answers,) = inputs
        none = compare("le", answers.per, const(0))
        value = absent_or(none, answers.num)
        return _Value(value, answers.per, na=none)

    def band(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
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
            return _Value(tally(negate(edge) for edge in reversed(edges)), na=of.na)
        return _Value(tally(edges), na=of.na)

    def _beyond(self, num: Term, per: Term, edge: Fraction, op: str) -> Term:
        """Whether a number compares with an edge."""
        if per.constant:
            # One number to compare with, instead of a product on either side.
            assert isinstance(per.value, int)
            exact = edge * per.value
            if exact.denominator == 1:
                return compare(op, num, const(exact.numerator))
            if self.whole:
                floor = exact.numerator // exact.denominator
                if op == "eq":
                    return choose(is_null(num), NULL, FALSE) if num.null else FALSE
                return compare("gt", num, const(floor)) if op in {"ge", "gt"} else compare("le", num, const(floor))
        elif self.whole and edge.denominator > per.high >= 1:
            # No fraction with so small a denominator lies on the edge. Comparing with the next one above it is the
            # same, and needs smaller products, however many decimals the edge has.
            if op == "eq":
                return absent_or(is_null(num), FALSE)
            edge = _next_above(edge, int(per.high), strictly=op in {"gt", "le"})
            op = {"gt": "ge", "le": "lt"}.get(op, op)
        return compare(op, multiply(num, const(edge.denominator)), multiply(per, const(edge.numerator)))

    def lowest(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        pick = greatest if isinstance(node.rule, HighestRule) else least
        nums, per = _common(inputs)
        return _Value(pick(*nums), per)

    def total(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        rule, binding = node.rule, node.binding
        assert isinstance(rule, TotalRule)
        if not binding.weights:  # the mean that one total stands for
            (total,) = inputs
            assert binding.scale is not None
            top = binding.scale.top_score
            points = multiply(total.num, const(top.numerator))
            return _Value(points, multiply(total.per, const(top.denominator)), na=total.na)
        nums, per = _common(inputs)
        unit = 1
        scores: list[Term] = []
        if binding.scale is not None:
            known = [weight * score for weight in binding.weights for score in _scores(binding.scale)]
            unit = lcm(*(number.denominator for number in known), *(weight.denominator for weight in binding.weights))
            scores = [
                _score(num, weight * unit, binding.scale) for num, weight in zip(nums, binding.weights, strict=True)
            ]
        else:
            unit = lcm(*(weight.denominator for weight in binding.weights))
            scores = [
                multiply(num, const(_whole(weight * unit))) for num, weight in zip(nums, binding.weights, strict=True)
            ]
        rated = [is_null(score) for score in scores]
        weight = add(
            *(
                choose(none, const(0), const(_whole(part * unit)))
                for none, part in zip(rated, binding.weights, strict=True)
            )
        )
        points = add(*(coalesce(score, const(0)) for score in scores))
        none = either(*rated) if rule.unrated == "not rated" else both(*rated)
        points = absent_or(none, points)
        if isinstance(rule, MeanRule):
            return _Value(points, multiply(weight, per) if per.low != 1 or per.high != 1 else weight)
        if binding.scale is None:
            return _Value(points, multiply(per, const(unit)))
        top = binding.scale.top_score
        # Both in the same units, so that they are points out of the most there could be.
        return _Value(
            multiply(points, const(top.denominator)), multiply(weight, const(top.numerator)), unit * top.denominator
        )

    def limit(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        of, when = inputs
        assert isinstance(node.binding.level, int)
        level = const(node.binding.level)
        limited = greatest(of.num, level) if isinstance(node.rule, LiftRule) else least(of.num, level)
        limited = absent_or(is_null(of.num), limited)
        return _Value(choose(coalesce(when.num, FALSE), limited, of.num), na=of.na)

    def shift(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
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
        return _Value(absent_or(is_null(moved), kept), na=of.na)

    def count(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        rule = node.rule
        assert isinstance(rule, CountRule) and isinstance(node.binding.level, int)
        op = "le" if rule.at_least is None else "ge"
        level = const(node.binding.level)
        return _Value(add(const(0), *(coalesce(compare(op, value.num, level), FALSE) for value in inputs)))

    def test(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        (of,) = inputs
        rule, level = node.rule, node.binding.level
        assert isinstance(rule, TestRule)
        if isinstance(level, str):
            options = self.graph.nodes[node.inputs[0]].type.options
            return _Value(compare("eq", of.num, const(options.index(level))), na=of.na)
        words = {"at_least": "ge", "above": "gt", "at_most": "le", "below": "lt"}
        op = next(op for word, op in words.items() if getattr(rule, word) is not None)
        return _Value(self._beyond(of.num, of.per, Fraction(level), op), na=of.na)

    def every(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        any_ = isinstance(node.rule, AnyRule)
        join, neutral = (either, FALSE) if any_ else (both, TRUE)
        none = both(*(is_null(value.num) for value in inputs))
        return _Value(absent_or(none, join(*(coalesce(value.num, neutral) for value in inputs))))

    def negated(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        return _Value(negate(inputs[0].num), na=inputs[0].na)

    def table(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
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
                value = const(_whole(cast("Fraction", outcome) * unit))
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
        return _Value(absent_or(either(*needed), found), const(unit))

    def _cell(self, texts: Sequence[str], name: str, value: _Value) -> Term:
        """Whether a value fits a cell of a table."""
        if not texts:
            return TRUE
        node = self.graph.nodes[name]
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

    def panel(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
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
            reason = coalesce(self.said("panel", node.name, "reason"), FALSE)
            if mode.end and node.name in self.openable:
                reason = either(reason, is_null(self.stated(node)[0]))
            bounded = choose(reason, said.num, bounded)
        return _Value(bounded, na=said.na, open=said.open)

    def discretion(self, node: Node, mode: _Mode, inputs: list[_Value]) -> _Value:
        return attrs.evolve(inputs[0], open=FALSE)

    # What must not be

    def _wrong(self, column: Column, wrong: Term, code: str, message: str) -> None:
        if wrong is not FALSE:
            named = self.step(f"{column.name} {code}", column.meaning[1], wrong)
            self.checks.append(Check(column.name, named, code, message))

    def _check(self, column: Column) -> None:
        heading, name, part = column.meaning
        said = self.said(*column.meaning)
        if heading == "tallies":
            self._check_tally(column, said)
            return
        node = self.graph.nodes[name]
        if part in {"reason", "max"}:
            main = self.column(heading, name, "score" if part == "max" else "rating")
            given = coalesce(said, FALSE) if part == "reason" else negate(is_null(said))
            if main is not None:
                wrong = both(given, is_null(self.said(*main.meaning)))
                self._wrong(main, wrong, "missing-key", f"{main.name!r} is empty beside {column.name!r}")
            return
        if heading == "departures":
            self._check_departure(column, node, said)
            return
        if node.type.step is not None and node.rule.takes_evidence:
            self._check_step(column, node, said)
        if node.type.kind is Kind.SCORE:
            self._check_score(column, node, said)
        if not node.rule.takes_evidence:
            self._check_agrees(column, node, said)

    def _check_tally(self, column: Column, said: Term) -> None:
        name, part = column.meaning[1:]
        others = [self.column("tallies", name, other) for other in ("yes", "of", "open") if other != part]
        present = [self.said(*other.meaning) for other in others if other is not None]
        inapplicable = self.inapplicable(column, said)
        counted = [compare("ge", coalesce(other, const(-1)), const(0)) for other in present]
        self._wrong(column, both(inapplicable, either(*counted)), "not-exact", "it is not applicable and also counted")
        if part != "open":
            wrong = both(is_null(said), either(*counted))
            self._wrong(column, wrong, "missing-key", f"{column.name!r} is empty beside what is counted")
        if part == "of" and column.absent:
            # Text has words for it; a column of numbers has only its 0.
            still = coalesce(self.said("tallies", name, "open"), const(0))
            none = both(compare("eq", coalesce(said, const(-1)), const(0)), compare("eq", still, const(0)))
            self._wrong(column, none, "bad-tally", "where the question applies to no case, write not applicable")
        if part == "of" and others[0] is None:
            wrong = compare("ge", coalesce(said, const(-1)), const(0))
            self._wrong(column, wrong, "missing-key", f"{name}.yes is missing beside it")
        if part == "yes":
            of = coalesce(self.said("tallies", name, "of"), const(0))
            wrong = both(compare("ge", of, const(0)), compare("gt", coalesce(said, const(0)), of))
            self._wrong(column, wrong, "bad-tally", f"more are sufficient than {name} applies to")

    def _check_step(self, column: Column, node: Node, said: Term) -> None:
        bounds, step = node.type.bounds, node.type.step
        if step is None or bounds is None:
            return
        parts = lcm(step.denominator, bounds[0].denominator)
        per = const(_whole(step * parts) * column.unit)
        away = add(multiply(said, const(parts)), const(-_whole(bounds[0] * parts) * column.unit))
        away = coalesce(away, const(0))
        whole = multiply(quotient(away, per), per)
        there = negate(either(is_null(said), self.states_none(column, said)))
        message = f"it is not among {bounds[0]}, {bounds[0] + step} and so on"
        self._wrong(column, both(there, negate(compare("eq", whole, away))), "off-scale", message)

    def _check_score(self, column: Column, node: Node, said: Term) -> None:
        full, scale, weights = node.range[1], node.binding.scale, set(node.binding.weights)
        assert isinstance(full, Score) and scale is not None
        most = coalesce(self.said("values", node.name, "max"), const(_whole(full.max)))
        step = min(weights) * scale.top_score if len(weights) == 1 else None
        there = negate(either(is_null(said), self.states_none(column, said)))
        wrong = either(compare("lt", most, const(1)), compare("gt", most, const(_whole(full.max))))
        if step is not None:
            steps = multiply(most, const(step.denominator))
            whole = multiply(quotient(steps, const(step.numerator)), const(step.numerator))
            wrong = either(wrong, negate(compare("eq", whole, steps)))
        message = f"{node.name} can have no such maximum; with every part rated it is {full.max}"
        self._wrong(column, both(there, wrong), "off-scale", message)
        beyond = compare("gt", coalesce(said, const(0)), most)
        self._wrong(column, both(there, beyond), "off-scale", f"that is no total that {node.name} can have")

    def _check_agrees(self, column: Column, node: Node, said: Term) -> None:
        plain = self.computed(node.name, _PLAIN)
        stated = self._instead(node, said, column, plain)
        there = negate(is_null(said))
        none = is_null(stated.num)
        agrees = both(none, is_null(plain.num))
        agrees = either(agrees, both(negate(none), coalesce(self._same(node, stated, plain), FALSE)))
        if node.name in self.touched and plain.open is not FALSE:
            agrees = choose(plain.open, self._within(node, stated), agrees)
            self._wrong(column, both(there, self._unbounded(node, plain.open)), "open-evidence", _UNBOUNDED)
        message = f"{node.name} is stated otherwise than the evidence beneath it gives"
        if isinstance(node.rule, DiscretionRule):
            message += "; record a departure with its reason if the panel departs"
        self._wrong(column, both(there, negate(agrees)), "disagreement", message)

    def _same(self, node: Node, one: _Value, other: _Value) -> Term:
        if node.type.kind is Kind.FLAG:
            return either(
                both(coalesce(one.num, FALSE), coalesce(other.num, FALSE)),
                both(
                    negate(is_null(one.num)),
                    negate(is_null(other.num)),
                    negate(coalesce(one.num, TRUE)),
                    negate(coalesce(other.num, TRUE)),
                ),
            )
        if node.type.kind is Kind.SCORE:
            points = compare("eq", one.num, other.num)
            return both(coalesce(points, FALSE), compare("eq", one.per, other.per))
        return _cross("eq", one, other)

    def _corners(self, node: str) -> list[_Mode]:
        """The completions that bound what a node can become."""
        signs = self._signs(node)
        harmed = frozenset(leaf for leaf, sign in signs.items() if sign is Polarity.HARMS)
        # Only answers can turn out to apply to nothing.
        vanish = any(self.graph.nodes[leaf].type.kind is Kind.ANSWERS for leaf in signs)
        return [_Mode(end, harmed) for end in ((_WORST, _BEST, _ABSENT) if vanish else (_WORST, _BEST))]

    def _within(self, node: Node, stated: _Value) -> Term:
        """Whether what is stated can still become."""
        corners = [self.computed(node.name, mode) for mode in self._corners(node.name)]
        none = either(*(is_null(corner.num) for corner in corners))
        if node.type.kind is Kind.FLAG:
            inside = either(*(self._same(node, stated, corner) for corner in corners))
        elif node.type.kind is Kind.SCORE:
            above = either(*(coalesce(compare("ge", stated.num, corner.num), FALSE) for corner in corners))
            below = either(*(coalesce(compare("le", stated.num, corner.num), FALSE) for corner in corners))
            inside = both(above, below)
        else:
            above = either(*(coalesce(_cross("ge", stated, corner), FALSE) for corner in corners))
            below = either(*(coalesce(_cross("ge", corner, stated), FALSE) for corner in corners))
            inside = both(above, below)
        return choose(is_null(stated.num), none, inside)

    def _signs(self, name: str) -> dict[str, Polarity]:
        """What better evidence of each that can be open does to a node."""
        if not self.effects:
            self.effects = {leaf: dict(self.graph.effect(leaf)) for leaf in self.openable}
        return {leaf: effects[name] for leaf, effects in self.effects.items() if name in effects}

    def _unbounded(self, node: Node, opened: Term) -> Term:
        """Whether three completions do not bound what a node can become."""
        either_way = [leaf for leaf, sign in self._signs(node.name).items() if sign is Polarity.EITHER]
        wrong = either(*(self.value(leaf, _PLAIN).open for leaf in self.graph.sort(either_way)))
        for name in self.graph.sort(self.doubtful.get(node.name, ())):
            vanishes = either(*(is_null(self.value(name, mode).num) for mode in self._corners(name)))
            if name in self.doubtful.get(name, ()):
                vanishes = TRUE
            wrong = either(wrong, both(self.value(name, _PLAIN).open, vanishes))
        return both(opened, wrong)

    @cached_property
    def doubtful(self) -> Mapping[str, frozenset[str]]:
        """For nodes that three completions may not bound, the inputs at fault somewhere beneath.

        Those are inputs that a rule goes on without when they turn out absent, and that cannot be what their absence
        then stands for. Where even the worst rating scores, it is the score itself.
        """
        ends: dict[str, tuple[bool, bool]] = {}  # of what can turn out absent: whether it can be the worst, the best
        found: dict[str, frozenset[str]] = {}
        for name, node in self.graph.nodes.items():
            if name not in self.touched:
                continue
            if node.type.kind is Kind.ANSWERS:
                ends[name] = True, True
                continue
            vanishing = [i for i in node.inputs if i in ends]
            doubts = {
                i
                for slot in node.rule.slots()
                for i in node.slots[slot.name]
                if i in ends and self._stands_for_more(i, ends[i], slot.without)
            }
            scale = node.binding.scale
            if node.type.kind is Kind.SCORE and scale is not None and scale.score(0) > 0:
                doubts.add(name)
            doubts = doubts.union(*(found.get(i, ()) for i in node.inputs))
            if doubts:
                found[name] = frozenset(doubts)
            if vanishing:
                worst, best = (all(ends[i][end] for i in vanishing) for end in (0, 1))
                keeps_worst, keeps_best = self._keeps_ends(node)
                ends[name] = worst and keeps_worst, best and keeps_best
        return found

    def _stands_for_more(self, name: str, ends: tuple[bool, bool], without: WithoutInput) -> bool:
        if without is WithoutInput.PASSES:
            return False
        if self.graph.nodes[name].type.kind not in (Kind.RATING, Kind.FLAG):
            return True
        return (without is not WithoutInput.AS_WORST and not ends[1]) or (
            without is not WithoutInput.AS_BEST and not ends[0]
        )

    def _keeps_ends(self, node: Node) -> tuple[bool, bool]:
        """Whether the worst and the best input give the worst and the best there can be."""
        rule = node.rule
        if isinstance(rule, BandRule):
            given = self.graph.nodes[node.inputs[0]].range
            numbers = [
                end.points / end.max if isinstance(end, Score) else Fraction(cast("Fraction", end)) for end in given
            ]
            bands, edges = node.binding.bands, node.binding.edges
            assert bands is not None
            spans = {bands.position(number, edges, bands.rounding) for number in numbers} == {0, len(edges)}
            return spans, spans
        if isinstance(rule, ShiftRule):
            steps = node.binding.level
            fixed = len(node.inputs) == 1 and isinstance(steps, int)
            return fixed and cast("int", steps) <= 0, fixed and cast("int", steps) >= 0
        if isinstance(rule, LimitRule):
            lifts = isinstance(rule, LiftRule)
            return not lifts, lifts
        kept = isinstance(rule, (ShareRule, LowestRule, TotalRule, DiscretionRule))
        return kept, kept

    def _check_departure(self, column: Column, node: Node, said: Term) -> None:
        rule = node.rule
        assert isinstance(rule, DiscretionRule)
        there = negate(is_null(said))
        reason = coalesce(self.said("departures", node.name, "reason"), FALSE)
        self._wrong(column, both(there, negate(reason)), "reason-missing", "the departure has no recorded reason")
        none = self.states_none(column, said)
        self._wrong(column, both(there, none), "off-scale", "a departure must be to a rating")
        computed = self.computed(node.name, _PLAIN)
        below = self._below(node.name)
        opened = either(*(self.value(leaf, _PLAIN).open for leaf in self.graph.sort(self.openable & below)))
        message = "evidence beneath it is still open, so there is no computed rating to depart from"
        self._wrong(column, both(there, opened), "departure-refused", message)
        self._wrong(column, both(there, is_null(computed.num)), "departure-refused", "there is nothing to depart from")
        to, from_ = coalesce(said, const(0)), coalesce(computed.num, const(0))
        self._wrong(column, both(there, compare("eq", to, from_)), "departure-refused", "that is the computed rating")
        far = either(compare("gt", to, add(from_, const(rule.bands))), compare("gt", from_, add(to, const(rule.bands))))
        message = f"the rules allow {rule.bands} {'band' if rule.bands == 1 else 'bands'} at most"
        self._wrong(column, both(there, far), "departure-refused", message)
        if rule.grounds:
            met = self._grounds(node, rule)
            message = f"not eligible: it is not so that {' or '.join(rule.grounds)}"
            self._wrong(column, both(there, negate(met)), "departure-refused", message)

    def _grounds(self, node: Node, rule: DiscretionRule) -> Term:
        of = node.slots["of"][0]
        beneath = self.graph.sort(self._below(of))
        shared: list[tuple[Node, _Value, str]] = []
        for name in beneath:
            band = self.graph.nodes[name]
            if isinstance(band.rule, BandRule) and band.binding.of is Kind.SHARE:
                shared.append((band, self.value(band.inputs[0], _PLAIN), band.inputs[0]))
        met: list[Term] = []
        for band, share, share_name in shared:
            lowest = both(
                negate(is_null(share.num)),
                *(coalesce(_cross("ge", other, share), TRUE) for _, other, _ in shared if other is not share),
            )
            if rule.within_points is not None:
                for edge, _ in band.binding.edges:
                    scaled = multiply(share.num, const(100 * edge.denominator * rule.within_points.denominator))
                    at = multiply(share.per, const(100 * edge.numerator * rule.within_points.denominator))
                    reach = multiply(share.per, const(rule.within_points.numerator * edge.denominator))
                    near = both(
                        coalesce(compare("le", scaled, add(at, reach)), FALSE),
                        coalesce(compare("le", at, add(scaled, reach)), FALSE),
                    )
                    met.append(both(lowest, near))
            answers = next(iter(self.graph.inputs[share_name]), None)
            if (
                rule.sample_at_most is not None
                and answers is not None
                and self.graph.nodes[answers].type.kind is Kind.ANSWERS
            ):
                few = compare("le", self.value(answers, _PLAIN).per, const(rule.sample_at_most))
                met.append(both(lowest, few))
        if rule.one_answer:
            now = self.value(of, _PLAIN).num
            for name in beneath:
                if self.graph.nodes[name].type.kind is not Kind.ANSWERS:
                    continue
                answers_ = self.value(name, _PLAIN)
                for change in (-1, 1):
                    yes = add(answers_.num, const(change))
                    able = both(compare("ge", yes, const(0)), compare("le", yes, answers_.per))
                    then = self.value(of, _Mode(leaf=name, change=change)).num
                    same = choose(is_null(then), is_null(now), coalesce(compare("eq", then, now), FALSE))
                    met.append(both(able, negate(same)))
        return either(*met)

    # What comes of it

    def _result(self, name: str) -> Result:
        node = self.graph.nodes[name]
        scale = node.binding.scale if node.type.kind is Kind.RATING else None
        labels = scale.ratings if scale else node.type.options
        plain = self.value(name, _PLAIN)
        if plain.open is FALSE or not self.intervals:
            return Result(
                node=name, kind=node.type.kind, labels=labels, value=plain.num, per=plain.per, unit=plain.unit,
                not_applicable=plain.na, open=plain.open, worst=NULL, best=NULL, may_be_absent=FALSE,
            )  # fmt: skip
        corners = [self.value(name, mode) for mode in self._corners(name)]
        column = next((c for c in self.columns if c.meaning[1] == name), self.columns[0])
        self._wrong(column, self._unbounded(node, plain.open), "open-evidence", f"{name}: {_UNBOUNDED}")
        absent = either(*(is_null(corner.num) for corner in corners))
        vanished = both(*(is_null(corner.num) for corner in corners))
        first, *others = corners
        same = both(*(coalesce(self._same(node, first, other), FALSE) for other in others))
        settled = both(negate(absent), same)
        value, per = absent_or(negate(settled), first.num), first.per
        if node.type.kind is Kind.FLAG:
            nums = [choose(coalesce(c.num, FALSE), const(1), absent_or(is_null(c.num), const(0))) for c in corners]
        else:
            nums = [corner.num for corner in corners]
        step = self.step
        return Result(
            node=name,
            kind=node.type.kind,
            labels=labels,
            value=step(f"{name} settled", name, value),
            per=per,
            unit=first.unit,
            not_applicable=step(f"{name} settled not applicable", name, both(*(corner.na for corner in corners))),
            open=step(f"{name} still open", name, both(negate(settled), negate(vanished))),
            worst=step(f"{name} least", name, least(*nums)) if node.type.kind in _ORDERED else NULL,
            best=step(f"{name} most", name, greatest(*nums)) if node.type.kind in _ORDERED else NULL,
            may_be_absent=step(f"{name} may be absent", name, absent),
        )


_ORDERED = (Kind.RATING, Kind.FLAG, Kind.CHOICE)
_UNBOUNDED = "open evidence that can help as well as harm; rate this inspection by itself"


def _variables(term: Term) -> set[object]:
    """The names in a term."""
    found: set[object] = set()
    todo = [term]
    while todo:
        part = todo.pop()
        if part.op == "var":
            found.add(part.value)
        todo.extend(part.args)
    return found


def _whole(number: Fraction) -> int:
    assert number.denominator == 1, f"{number} is no whole number of units"
    return number.numerator


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _next_above(edge: Fraction, most: int, *, strictly: bool) -> Fraction:
    """The least fraction above an edge, or on it unless strictly, whose denominator is no larger than the most."""
    near = edge.limit_denominator(most)
    if near > edge or (near == edge and not strictly):
        return near
    # Its neighbour in the Farey sequence.
    numerator, denominator = near.numerator, near.denominator
    other = -pow(numerator, -1, denominator) % denominator if denominator > 1 else 0
    other += (most - other) // denominator * denominator
    return Fraction(numerator * other + 1, denominator * other)


def _cross(op: str, one: _Value, other: _Value) -> Term:
    """Whether one number compares with another."""
    if one.per.constant and other.per.constant and one.per.value == other.per.value:
        return compare(op, one.num, other.num)
    return compare(op, multiply(one.num, other.per), multiply(other.num, one.per))


def _common(values: Sequence[_Value]) -> tuple[list[Term], Term]:
    """The numerators of several numbers over one denominator."""
    fixed = lcm(*(cast("int", value.per.value) for value in values if value.per.constant))
    loose = list(dict.fromkeys(value.per for value in values if not value.per.constant))
    nums: list[Term] = []
    for value in values:
        factor: Term = const(fixed // cast("int", value.per.value)) if value.per.constant else const(fixed)
        for other in loose:
            if other is not value.per:
                factor = multiply(factor, _positive(other))
        nums.append(multiply(value.num, factor))
    per: Term = const(fixed)
    for other in loose:
        per = multiply(per, _positive(other))
    return nums, per


def _positive(per: Term) -> Term:
    """A denominator, 1 where there is no number to divide."""
    return greatest(per, const(1))


def _scores(scale: Scale) -> list[Fraction]:
    return [scale.score(position) for position in range(len(scale.ratings))]


def _score(position: Term, weight: Fraction, scale: Scale) -> Term:
    """The weighted score of a rating, which is a whole number of units."""
    scores = [_whole(weight * score) for score in _scores(scale)]
    step = scores[1] - scores[0]
    if all(score == scores[0] + place * step for place, score in enumerate(scores)):
        return add(const(scores[0]), multiply(position, const(step)))
    found: Term = const(scores[-1])
    for place in reversed(range(len(scores) - 1)):
        found = choose(coalesce(compare("le", position, const(place)), FALSE), const(scores[place]), found)
    return absent_or(is_null(position), found)


_Compute = Callable[[_Planner, Node, _Mode, list[_Value]], _Value]
#: How each rule is computed.
_RULES: Mapping[type, _Compute] = {
    GivenRule: _Planner.given,
    ShareRule: _Planner.share,
    BandRule: _Planner.band,
    LowestRule: _Planner.lowest,
    HighestRule: _Planner.lowest,
    TotalRule: _Planner.total,
    MeanRule: _Planner.total,
    LimitRule: _Planner.limit,
    LiftRule: _Planner.limit,
    ShiftRule: _Planner.shift,
    CountRule: _Planner.count,
    TestRule: _Planner.test,
    AllRule: _Planner.every,
    AnyRule: _Planner.every,
    NotRule: _Planner.negated,
    TableRule: _Planner.table,
    PanelRule: _Planner.panel,
    DiscretionRule: _Planner.discretion,
}
