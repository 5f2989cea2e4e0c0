"""The worst and the best value that a node can ever have, found from its rule and the ranges of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from inspectlib.kinds import Kind, PanelRating, Polarity, Score, Tally, Value
from inspectlib.rules import (
    AllRule,
    Binding,
    CountRule,
    Given,
    GivenRule,
    LimitRule,
    LowestRule,
    MeanRule,
    PanelRule,
    Rule,
    ShiftRule,
    TotalRule,
)
from inspectlib.rules.table import Table

__all__ = ["Range", "value_range"]

#: The worst and the best value; of a choice, which has no order, the first and the last option.
Range = tuple[Value, Value]


def given_range(binding: Binding) -> Range:
    """The bounds of what the evidence can give."""
    kind = binding.type
    if kind.kind is Kind.ANSWERS:
        return Tally(0, 1), Tally(1, 1)
    if kind.kind is Kind.RATING and binding.scale:
        return 0, len(binding.scale.ratings) - 1
    if kind.kind is Kind.CHOICE:
        return kind.options[0], kind.options[-1]
    return kind.bounds or (False, True)


def value_range(rule: Rule, binding: Binding, polarity: Sequence[Polarity], inputs: Sequence[Range]) -> Range:
    """The worst and the best value of a rule from those of its inputs; wide enough, at times wider."""
    if isinstance(rule, GivenRule):
        return given_range(binding)
    if isinstance(binding.table, Table):
        outcomes = [outcome for outcome in binding.table.outcomes if isinstance(outcome, (int, Fraction))]
        return (min(outcomes), max(outcomes)) if outcomes else (binding.type.options[0], binding.type.options[-1])
    if Polarity.EITHER in polarity:
        return False, True
    worst: list[Given] = [high if p is Polarity.HARMS else low for p, (low, high) in zip(polarity, inputs, strict=True)]
    best: list[Given] = [low if p is Polarity.HARMS else high for p, (low, high) in zip(polarity, inputs, strict=True)]
    if isinstance(rule, PanelRule) and binding.scale:
        # A panel may depart from a guide that is not binding, so its reach is the whole scale then.
        worst.insert(0, PanelRating(0, has_reason=True))
        best.insert(0, PanelRating(len(binding.scale.ratings) - 1, has_reason=True))
    return _with_absence(rule, binding, inputs, (_value(rule, binding, worst), _value(rule, binding, best)))


def _with_absence(rule: Rule, binding: Binding, inputs: Sequence[Range], reach: Range) -> Range:
    """The range with room for what comes of inputs that turn out to have no value."""
    if isinstance(rule, CountRule):
        return Fraction(0), Fraction(len(inputs))
    if isinstance(rule, PanelRule) and binding.scale:
        return 0, len(binding.scale.ratings) - 1
    if isinstance(rule, TotalRule):
        return _sum_range(rule, binding, inputs, reach)
    if isinstance(rule, (LowestRule, AllRule)):  # the highest and any are among them
        return _spanned(inputs)
    if isinstance(rule, (LimitRule, ShiftRule)):  # and so is the lift
        return _spanned([reach, inputs[0]])
    return reach


def _sum_range(rule: TotalRule, binding: Binding, inputs: Sequence[Range], reach: Range) -> Range:
    """A total or mean of some of its inputs, whichever of them there are."""
    if not binding.weights:
        assert binding.scale is not None
        return binding.scale.score(0), binding.scale.top_score
    numbers = [(_number(binding, low), _number(binding, high)) for low, high in inputs]
    if isinstance(rule, MeanRule):
        return min(low for low, _ in numbers), max(high for _, high in numbers)
    lows = [weight * low for weight, (low, _) in zip(binding.weights, numbers, strict=True)]
    highs = [weight * high for weight, (_, high) in zip(binding.weights, numbers, strict=True)]
    if isinstance(reach[1], Score):
        return Score(min(lows), reach[1].max), reach[1]
    below = sum((low for low in lows if low < 0), Fraction(0))
    above = sum((high for high in highs if high > 0), Fraction(0))
    return below or min(lows), above or max(highs)


def _spanned(ranges: Sequence[Range]) -> Range:
    """The narrowest range around several."""
    lows = [low for low, _ in ranges if isinstance(low, (int, Fraction))]
    highs = [high for _, high in ranges if isinstance(high, (int, Fraction))]
    return min(lows), max(highs)


def _number(binding: Binding, value: Value) -> Fraction:
    assert isinstance(value, (int, Fraction))
    return binding.scale.score(int(value)) if binding.scale else Fraction(value)


def _value(rule: Rule, binding: Binding, inputs: Sequence[Given]) -> Value:
    value = rule.value(binding, inputs)
    assert isinstance(value, (Tally, Fraction, int, Score, str))
    return value
