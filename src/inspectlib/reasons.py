"""Which inputs of a rule decided its value."""

from __future__ import annotations

from collections.abc import Mapping

from inspectlib.graph import Node, Role, RuleGraph
from inspectlib.kinds import Absent, PanelRating
from inspectlib.rules import (
    AllRule,
    AnyRule,
    CountRule,
    Given,
    HighestRule,
    LimitRule,
    LowestRule,
    PanelRule,
    TotalRule,
)

__all__ = ["deciding", "deciding_published", "limiting"]


def limiting(node: Node, values: Mapping[str, Given], panel: PanelRating | None) -> str | None:
    """The node whose limit or lift changed the settled rating of this one."""
    if any(name not in values for name in node.inputs):
        return None
    if isinstance(node.rule, PanelRule) and panel:
        crossed = node.rule.guided(panel, [values[name] for name in node.inputs]).limited_by
        return node.slots[crossed][0] if crossed else None
    if isinstance(node.rule, LimitRule) and values[node.slots["of"][0]] != values[node.name]:
        return node.slots["when"][0]
    return None


def deciding(node: Node, value: Given, values: Mapping[str, Given], panel: PanelRating | None) -> tuple[str, ...]:
    """The inputs that decided the settled value of a rule; none when those that did are still open."""
    present = [name for name in node.inputs if name in values and not isinstance(values[name], Absent)]
    rule = node.rule
    if isinstance(rule, (LowestRule, HighestRule)) and not isinstance(value, Absent):
        return tuple(name for name in present if values[name] == value)
    if len(present) < len(node.inputs) and any(name not in values for name in node.inputs):
        return ()
    if isinstance(value, Absent) or not present:
        return node.inputs
    if isinstance(rule, PanelRule):
        limit = limiting(node, values, panel)
        return (limit,) if limit else ()
    if isinstance(rule, LimitRule):
        return node.inputs if values[node.inputs[0]] != value else (node.inputs[0],)
    if isinstance(rule, CountRule):
        counted = tuple(name for name in present if rule.counts(node.binding, values[name]))
        return counted or tuple(present)
    if isinstance(rule, AllRule):
        # One false input decides that not all hold, one true input that any does.
        wanted = isinstance(rule, AnyRule)
        return tuple(name for name in present if values[name] is wanted) if value is wanted else tuple(present)
    return tuple(present) if isinstance(rule, TotalRule) else node.inputs


def deciding_published(
    graph: RuleGraph, node: Node, value: Given, values: Mapping[str, Given], panels: Mapping[str, PanelRating]
) -> tuple[str, ...]:
    """The standards, key questions and named nodes that decided a value: the steps inside them passed over."""
    found: list[str] = []
    todo = [(node, value)]
    for step, given in todo:
        for name in deciding(step, given, values, panels.get(step.name)):
            if graph[name].role is Role.PART:
                todo.append((graph[name], values[name]))
            else:
                found.append(name)
    return tuple(dict.fromkeys(found))
