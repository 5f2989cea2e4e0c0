"""The worst and the best value that a node can ever have, found from the polarity of its rule."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from inspectlib.kinds import Kind, PanelRating, Polarity, Score, Tally, Value
from inspectlib.rules import Binding, Given, GivenRule, PanelRule, Rule
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
    return _value(rule, binding, worst), _value(rule, binding, best)


def _value(rule: Rule, binding: Binding, inputs: Sequence[Given]) -> Value:
    value = rule.value(binding, inputs)
    assert isinstance(value, (Tally, Fraction, int, Score, str))
    return value
