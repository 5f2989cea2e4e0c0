"""A rule as a formula, for those who check it."""

from __future__ import annotations

from inspectlib.exact import fraction_text
from inspectlib.graph import Node
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

__all__ = ["formula"]

_SIGNS = {"at least ": "≥ ", "at most ": "≤ ", "above ": "> ", "below ": "< "}


def formula(node: Node) -> str:
    """What the rule of a node computes, in signs; its inputs by their names."""
    names, rule = node.inputs, node.rule
    match rule:
        case GivenRule():
            computed = f"given {rule.kind}"
        case ShareRule():
            computed = f"yes({names[0]}) / applicable({names[0]})"
        case BandRule():
            computed = f"band[{rule.bands}]({names[0]})"
        case LimitRule():  # a lift too
            bound = "max" if isinstance(rule, LiftRule) else "min"
            computed = f"{bound}({names[0]}, {rule.to}) if {names[1]}, else {names[0]}"
        case LowestRule():  # the highest too
            computed = f"{'max' if isinstance(rule, HighestRule) else 'min'}({', '.join(names)})"
        case TotalRule():  # the mean too
            computed = _sum(node, rule)
        case ShiftRule():
            by = f"{int(rule.by):+d}" if len(names) == 1 else f"+ round half up({names[1]})"
            computed = f"clamp({names[0]} {by[0]} {by[1:].strip()})"
        case CountRule():
            computed = f"#{{x in {', '.join(names)}: x {_signed(rule.condition())}}}"
        case TestRule():
            condition = f"= {rule.equals}" if rule.equals is not None else _signed(rule.condition())
            computed = f"{names[0]} {condition}"
        case AllRule():  # any too
            computed = f" {'or' if isinstance(rule, AnyRule) else 'and'} ".join(names)
        case NotRule():
            computed = f"not {names[0]}"
        case TableRule():
            computed = f"table({', '.join(names)})"
        case PanelRule():
            computed = _panel(rule)
        case DiscretionRule():
            bands = "1 band" if rule.bands == 1 else f"{rule.bands} bands"
            computed = f"{names[0]}, or a departure within {bands}"
        case _:
            raise AssertionError(f"a formula for {rule.tag}")
    return f"{node.name} = {computed}"


def _sum(node: Node, rule: TotalRule) -> str:
    """A sum or mean of scores or numbers, with its weights."""
    if isinstance(rule, MeanRule) and not node.binding.weights:
        return f"points({node.inputs[0]}) / rated({node.inputs[0]})"
    value = "score({})" if node.binding.scale else "{}"
    weights = dict(zip(node.inputs, node.binding.weights, strict=True))
    parts = [
        ("" if weights[name] == 1 else f"{fraction_text(weights[name])} \N{MULTIPLICATION SIGN} ") + value.format(name)
        for name in node.inputs
    ]
    if not isinstance(rule, MeanRule):
        return " + ".join(parts)
    divisor = "number rated" if set(weights.values()) == {1} else "weights of those rated"
    return f"({' + '.join(parts)}) / {divisor}"


def _panel(rule: PanelRule) -> str:
    guided = "panel"
    if rule.floor is not None:
        guided = f"max({guided}, {rule.floor})"
    if rule.ceiling is not None:
        guided = f"min({guided}, {rule.ceiling})"
    reason = rule.floor is not None or rule.ceiling is not None
    return guided + (", or panel with a recorded reason" if reason and not rule.binding else "")


def _signed(condition: str) -> str:
    """``at least Good`` as ``≥ Good``."""
    for words, sign in _SIGNS.items():
        if condition.startswith(words):
            return sign + condition.removeprefix(words)
    return f"= {condition}"
