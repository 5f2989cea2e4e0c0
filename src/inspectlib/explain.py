"""Why a node has what it has: step by step down to the counts, each rule with its basis and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from inspectlib.evaluate import Interval
from inspectlib.exact import fraction_text, percent_text
from inspectlib.graph import Node
from inspectlib.kinds import Absent, Kind, Score, Tally
from inspectlib.rating import Rated
from inspectlib.reasons import deciding
from inspectlib.rules import BandRule, Given, PanelRule, TotalRule

__all__ = ["Explanation", "Step", "explain", "rule_words", "source_text"]


@attrs.frozen(kw_only=True)
class Step:
    """One step of an explanation.

    Attributes:
        node: the node.
        title: what it is called.
        has: what it has, in words.
        because: why, with the figures.
        rule: its rule in words.
        basis: the basis of the rule.
        source: the source of the rule, with the section.
        note: what the framework remarks on the rule.
        inputs: the nodes that decided, each with a step of its own.
    """

    node: str
    title: str
    has: str
    because: str
    rule: str
    basis: str
    source: str
    note: str
    inputs: tuple[str, ...]


@attrs.frozen
class Explanation:
    """Why a node has what it has.

    Attributes:
        node: the node explained.
        steps: the node's own step first; each node once.
    """

    node: str
    steps: tuple[Step, ...]

    def walk(self) -> Iterator[tuple[int, Step, bool]]:
        """The steps as a tree: depth, step, and whether it comes for the first time."""
        steps = {step.node: step for step in self.steps}
        seen = set[str]()
        todo = [(0, self.node)]
        while todo:
            depth, name = todo.pop()
            first = name not in seen
            seen.add(name)
            yield depth, steps[name], first
            if first:
                todo.extend((depth + 1, inner) for inner in reversed(steps[name].inputs))

    def text(self) -> str:
        """The explanation for people, indented as a tree."""
        lines = []
        for depth, step, first in self.walk():
            indent = "  " * depth
            if not first:
                lines.append(f"{indent}{step.title}: {step.has} (explained above)")
                continue
            lines.append(f"{indent}{step.title}: {step.has}")
            lines.append(f"{indent}  because {step.because}")
            lines.append(f"{indent}  rule: {step.rule} [{step.basis}: {step.source}]")
            if step.note:
                lines.append(f"{indent}  note: {step.note}")
        return "\n".join(lines)

    def data(self) -> dict[str, Any]:
        """The explanation as JSON."""
        return {
            "format": "inspectlib/explanation/1",
            "node": self.node,
            "steps": [{**attrs.asdict(step), "inputs": list(step.inputs)} for step in self.steps],
        }


def explain(rated: Rated, name: str = "overall") -> Explanation:
    """Explain a node of a rated inspection.

    Raises:
        UnknownNode: the framework has no such node.
    """
    graph = rated.framework.graph
    steps: dict[str, Step] = {}
    todo = [graph[name].name]
    while todo:
        node = graph[todo.pop(0)]
        if node.name not in steps:
            steps[node.name] = _step(rated, node)
            todo.extend(steps[node.name].inputs)
    return Explanation(name, tuple(steps.values()))


def _step(rated: Rated, node: Node) -> Step:
    return Step(
        node=node.name,
        title=node.title,
        has=has_words(node, rated.results[node.name].value),
        because=_because(rated, node),
        rule=rule_words(rated.framework.graph.nodes, node),
        basis=str(node.rule.basis),
        source=source_text(rated, node),
        note=node.rule.note,
        inputs=_inputs(rated, node),
    )


def source_text(rated: Rated, node: Node) -> str:
    """The title of the source of a node's rule, with the section."""
    source = rated.framework.data.sources[node.rule.source]
    return source.title + (f", {node.rule.section}" if node.rule.section else "")


def rule_words(nodes: Mapping[str, Node], node: Node) -> str:
    """A rule in words, its inputs called by their titles."""
    called = {slot: [nodes[name].title for name in names] for slot, names in node.slots.items()}
    return node.rule.words(called, node.binding)


def has_words(node: Node, value: Given | Interval) -> str:
    """What a node has, in words."""
    if isinstance(value, Interval):
        if value.worst == value.best:
            ends = has_words(node, value.worst)
        else:
            ends = f"{has_words(node, value.worst)} to {has_words(node, value.best)}"
        return f"open, {ends}" + (", or no rating" if value.absent else "")
    if isinstance(value, Absent):
        return f"{value.state}: {value.reason}"
    if isinstance(value, Tally):
        return f"{value.yes} of {value.of}"
    if isinstance(value, Score):
        return f"{fraction_text(value.points)} of {fraction_text(value.max)}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return f"{percent_text(value)}" if node.type.kind is Kind.SHARE else fraction_text(value)
    if isinstance(value, int) and node.binding.scale:
        return node.binding.scale.ratings[value]
    return str(value)


def _inputs(rated: Rated, node: Node) -> tuple[str, ...]:
    """The inputs that a step goes on to: those that decided; all of them while something is open."""
    result = rated.results[node.name]
    if node.name in rated.intake.given:
        return ()
    if isinstance(result.computed, Interval) or any(name not in rated.values for name in node.inputs):
        return node.inputs
    found = deciding(node, result.computed, {**rated.values, node.name: result.computed}, rated.panels.get(node.name))
    if isinstance(node.rule, PanelRule) and not found:
        return node.inputs  # the guide was looked at, and let the panel's rating stand
    return found


def _because(rated: Rated, node: Node) -> str:
    """Why a node has what it has, with the figures."""
    result, graph = rated.results[node.name], rated.framework.graph
    if node.name in rated.intake.given:
        return "it is stated so in the evidence"
    if node.name in rated.intake.departures:
        _, reason = rated.intake.departures[node.name]
        computed = has_words(node, result.computed)
        grounds = "; ".join(rated.grounds[node.name])
        allowed = f", which the rules allow because {grounds}" if grounds else ""
        return f"the panel departed from the computed rating {computed}{allowed}; its reason: {reason}"
    if node.rule.takes_evidence:
        return _evidence_words(rated, node)
    if isinstance(result.value, Interval):
        return "evidence beneath it is still open"
    if isinstance(result.value, Absent):
        return result.value.reason
    shown = [f"{graph[name].title} is {has_words(graph[name], rated.results[name].value)}" for name in _inputs(rated, node)]
    if isinstance(node.rule, BandRule):
        return _band_words(rated, node)
    if isinstance(node.rule, TotalRule) and len(shown) > 1:
        return f"{len(shown)} of {len(node.inputs)} are rated: {', '.join(shown)}"
    return " and ".join(shown)


def _evidence_words(rated: Rated, node: Node) -> str:
    """What the evidence says, or the panel."""
    panel = rated.panels.get(node.name)
    if panel and node.binding.scale and isinstance(node.rule, PanelRule):
        said = f"the panel rated it {node.binding.scale.ratings[panel.position]}"
        reason = rated.intake.reasons.get(node.name)
        said += f" (its reason: {reason})" if reason else ""
        if any(name not in rated.values for name in node.inputs):
            return said
        guided = node.rule.guided(panel, [rated.values[name] for name in node.inputs])
        crossed = guided.limited_by or guided.departs_from
        if not crossed:
            return said
        guide = rated.framework.graph[node.slots[crossed][0]]
        bound = f"{guide.title} is {has_words(guide, rated.values[guide.name])}"
        if guided.departs_from:
            return f"{said}; {bound}, and the panel recorded its reason for departing"
        why = "which always binds" if node.rule.binding else "and no reason for departing is recorded"
        return f"{said}; {bound}, {why}"
    if node.name in rated.intake.open:
        count = rated.intake.open[node.name]
        if node.type.kind is Kind.ANSWERS and count:
            return f"{count.yes} of {count.of} answers are sufficient so far, and {count.open} are open"
        return "the evidence says nothing of it yet"
    value = rated.values[node.name]
    if isinstance(value, Tally):
        if not value.of:
            return "it applies to no case"
        return f"{value.yes} of {value.of} applicable cases have a sufficient answer"
    return value.reason if isinstance(value, Absent) else "it is stated so in the evidence"


def _band_words(rated: Rated, node: Node) -> str:
    """The number, its band, and how its neighbours would round."""
    number, bands, scale = rated.values[node.inputs[0]], node.binding.bands, node.binding.scale
    position = rated.values[node.name]
    assert bands is not None and scale is not None and isinstance(position, int)
    share = node.binding.of is Kind.SHARE
    band = next(band for label, band in bands.bands.items() if scale.position(label) == position)
    shown = has_words(rated.framework.graph[node.inputs[0]], number)
    words = f"{shown} is in the band {band.words(percent_text if share else fraction_text)}"
    if share and isinstance(node.rule, BandRule):
        answers = [v for n in rated.framework.graph.inputs[node.inputs[0]] if isinstance(v := rated.values[n], Tally)]
        words = f"{answers[0].yes} of {answers[0].of} is {words}" if answers else words
        other = node.rule.banded(node.binding, number, node.rule.other_rounding(node.binding))
        if other != position:
            how = "rounded to a whole percentage" if bands.rounding == "exact" else "not rounded"
            words += f" ({how} before banding it would be {has_words(node, other)})"
    return words
