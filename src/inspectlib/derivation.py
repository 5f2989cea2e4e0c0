"""How a node came to what it has: step by step down to the counts, each rule with its source, inputs and value."""

from __future__ import annotations

from typing import Any

import attrs

from inspectlib.evaluate import Interval
from inspectlib.graph import NO_RATING, Node, Role
from inspectlib.kinds import Absent
from inspectlib.outcome import shown, shown_data
from inspectlib.rating import Rated
from inspectlib.reasons import deciding
from inspectlib.rules import (
    BandRule,
    DiscretionRule,
    HighestRule,
    LowestRule,
    Names,
    ShareRule,
    TotalRule,
)
from inspectlib.wording import RuleText, band_words, departure_words, evidence_words, has_words, rule_text

__all__ = ["AppliedRule", "Step", "Taken", "Why", "deciding_inputs", "derive", "why"]


@attrs.frozen(kw_only=True)
class Taken:
    """An input that a rule took.

    Attributes:
        node: the node.
        has: what it has, in words.
        decided: whether it decided.
    """

    node: str
    has: str
    decided: bool


@attrs.frozen(kw_only=True)
class AppliedRule:
    """A rule as it was applied.

    Attributes:
        node: the node that it gives the value of.
        has: what it gave, in words; where a value was stated or departed to instead, what the rule computes.
        value: the same as data: a rating by its name, a number exactly; None where there is none or it is open.
        inputs: what it was applied to.
        rule: the rule.
    """

    node: str
    has: str
    value: Any
    inputs: tuple[Taken, ...]
    rule: RuleText


@attrs.frozen
class Why:
    """What a node has and why, for short.

    Attributes:
        has: what it has, in words.
        because: why, with the figures.
        decided_by: the standards, key questions and named nodes that decided.
    """

    has: str
    because: tuple[str, ...]
    decided_by: Names


@attrs.frozen(kw_only=True)
class Step:
    """One step: a standard, a key question or another named node.

    Attributes:
        node: the node.
        title: what it is called.
        has: what it has, in words.
        because: why, with the figures.
        rules: the rules that led to it, the last one first.
        inputs: the nodes that decided, each with a step of its own.
    """

    node: str
    title: str
    has: str
    because: tuple[str, ...]
    rules: tuple[AppliedRule, ...]
    inputs: tuple[str, ...]


def derive(rated: Rated, name: str) -> tuple[Step, ...]:
    """The steps that led to what a node has, its own step first; each node once.

    Raises:
        UnknownNode: the framework has no such node.
    """
    framework = rated.framework
    steps: dict[str, Step] = {}
    todo = [name]
    for step in todo:
        if step not in steps:
            found = _unrated_step(rated, step) if step in framework.unrated else _step(rated, framework.graph[step])
            steps[step] = found
            todo.extend(found.inputs)
    return tuple(steps.values())


def _unrated_step(rated: Rated, name: str) -> Step:
    """The step of a standard or key question that is not rated: what is reported of it."""
    unrated, graph = rated.framework.unrated[name], rated.framework.graph
    parts = [graph[part] for part in unrated.parts if part in graph.nodes]
    reported = (f"{part.title}: {has_words(part, rated.results[part.name].value)}" for part in parts)
    return Step(
        node=name,
        title=unrated.title,
        has=f"not rated: {NO_RATING}",
        because=tuple(reported),
        rules=tuple(_applied(rated, part) for part in parts),
        inputs=tuple(part for part in unrated.parts if part not in graph.nodes),
    )


def why(rated: Rated, node: Node) -> Why:
    """What a node has and why: its own rule, and those inside it that have no name of their own."""
    return _why(rated, node)[0]


def _why(rated: Rated, node: Node) -> tuple[Why, list[Node]]:
    """What a node has and why; the node, and the steps inside it that have no name of their own."""
    nodes, inside = rated.framework.graph.nodes, [node]
    because, decided = list[str](), list[str]()
    for part in inside:
        inputs = deciding_inputs(rated, part)
        because.append(_because(rated, part, inputs))
        for name in inputs:
            other = nodes[name]
            if other.role is Role.PART:
                inside.append(other)
            else:
                decided.append(name)
    found = tuple(dict.fromkeys(reason for reason in because if reason))
    return Why(has_words(node, rated.results[node.name].value), found, tuple(dict.fromkeys(decided))), inside


def _step(rated: Rated, node: Node) -> Step:
    """The step of a node, with the steps inside it that have no name of their own."""
    found, inside = _why(rated, node)
    return Step(
        node=node.name,
        title=node.title,
        has=found.has,
        because=found.because,
        rules=tuple(_applied(rated, part) for part in inside),
        inputs=found.decided_by,
    )


def _applied(rated: Rated, node: Node) -> AppliedRule:
    """The rule of a node as it was applied."""
    graph, computed = rated.framework.graph, rated.results[node.name].computed
    decided = deciding_inputs(rated, node)
    taken = (
        Taken(node=name, has=has_words(graph[name], rated.results[name].value), decided=name in decided)
        for name in node.inputs
    )
    return AppliedRule(
        node=node.name,
        has=has_words(node, computed),
        value=None if isinstance(computed, (Interval, Absent)) else shown_data(shown(node, computed)),
        inputs=tuple(taken),
        rule=rule_text(rated.framework, node),
    )


def deciding_inputs(rated: Rated, node: Node) -> tuple[str, ...]:
    """The inputs that decided; all of them while something is open."""
    computed = rated.results[node.name].computed
    if node.name in rated.intake.given:
        return ()
    if isinstance(computed, Interval):
        return node.inputs
    found = deciding(node, computed, rated.values, rated.panels.get(node.name))
    # Where a guide let the panel's rating stand, it was looked at all the same.
    return found or node.inputs


def _because(rated: Rated, node: Node, inputs: Names) -> str:
    """Why a node has what it has, with the figures; nothing where the next step inside it says so."""
    result, graph = rated.results[node.name], rated.framework.graph
    if node.name in rated.intake.given:
        return "it is stated so in the evidence"
    if isinstance(node.rule, DiscretionRule):
        return departure_words(rated, node)
    if node.rule.takes_evidence:
        return evidence_words(rated, node)
    if isinstance(result.value, Interval):
        # A key question is open because its answers are, and they say so.
        return "" if node.role in (Role.PART, Role.QUESTION) else "evidence beneath it is still open"
    if isinstance(result.value, Absent):
        return ""  # what it has says the reason
    if isinstance(node.rule, ShareRule):
        return ""
    if isinstance(node.rule, BandRule):
        return band_words(rated, node)
    if isinstance(node.rule, TotalRule) and len(node.inputs) > 1:
        return f"{len(inputs)} of {len(node.inputs)} are rated"
    shown = [f"{graph[name].title} is {has_words(graph[name], rated.results[name].value)}" for name in inputs]
    if isinstance(node.rule, (LowestRule, HighestRule)) and node.binding.scale:
        return f"{node.rule.tag} of {len(node.inputs)}: {', '.join(shown)}"
    return ", ".join(shown)
