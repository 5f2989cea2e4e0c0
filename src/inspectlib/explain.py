"""Why a node has what it has: step by step down to the counts, each rule with its basis and source."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs

from inspectlib.evaluate import Interval
from inspectlib.exact import fraction_text, percent_text
from inspectlib.graph import NO_RATING, Framework, Node, Role, RuleGraph
from inspectlib.kinds import Absent, Kind, Tally
from inspectlib.outcome import shown, shown_text
from inspectlib.rating import Rated
from inspectlib.reasons import deciding
from inspectlib.rules import (
    BandRule,
    DiscretionRule,
    Given,
    HighestRule,
    LowestRule,
    PanelRule,
    ShareRule,
    TotalRule,
)

__all__ = ["Explanation", "RuleText", "Step", "explain", "has_words", "rule_text"]


@attrs.frozen(kw_only=True)
class RuleText:
    """A rule for people.

    Attributes:
        words: what it does.
        basis: its basis.
        source: the title of its source, with the section.
        note: what the framework remarks on it.
    """

    words: str
    basis: str
    source: str
    note: str


@attrs.frozen(kw_only=True)
class Step:
    """One step of an explanation: a standard, a key question or another named node.

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
    rules: tuple[RuleText, ...]
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
        """The explanation for people: the steps as a tree, then the rules that they name, each once."""
        numbers: dict[RuleText, int] = {}
        lines = []
        for depth, step, first in self.walk():
            indent = "   " * depth
            if not first:
                lines.append(f"{indent}{step.title}: {step.has} (see above)")
                continue
            refs = "".join(f" [{numbers.setdefault(rule, len(numbers) + 1)}]" for rule in step.rules)
            lines.append(f"{indent}{step.title}: {step.has}{refs}")
            lines.extend(f"{indent}   - {reason}" for reason in step.because)
        lines += ["", "Rules"]
        for rule, number in numbers.items():
            lines.append(f"[{number}] {rule.words}")
            lines.append(f"    {rule.basis}: {rule.source}")
            if rule.note:
                lines.append(f"    {rule.note}")
        return "\n".join(lines)

    def data(self) -> dict[str, Any]:
        """The explanation as JSON."""
        steps = [
            {**attrs.asdict(step), **{name: list(getattr(step, name)) for name in ("because", "inputs")}}
            for step in self.steps
        ]
        for step, data in zip(self.steps, steps, strict=True):
            data["rules"] = [attrs.asdict(rule) for rule in step.rules]
        return {"format": "inspectlib/explanation/1", "node": self.node, "steps": steps}


def explain(rated: Rated, name: str = "overall") -> Explanation:
    """Explain a node of a rated inspection.

    Raises:
        UnknownNode: the framework has no such node.
    """
    framework = rated.framework
    steps: dict[str, Step] = {}
    todo = [name]
    while todo:
        step = todo.pop(0)
        if step not in steps:
            steps[step] = (
                _unrated_step(rated, step) if step in framework.unrated else _step(rated, framework.graph[step])
            )
            todo.extend(steps[step].inputs)
    return Explanation(name, tuple(steps.values()))


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
        rules=tuple(rule_text(rated.framework, part) for part in parts),
        inputs=tuple(part for part in unrated.parts if part not in graph.nodes),
    )


def _step(rated: Rated, node: Node) -> Step:
    """The step of a node, with the steps inside it that have no name of their own."""
    graph = rated.framework.graph
    inside, inputs = [node], list[str]()
    for part in inside:
        for name in _inputs(rated, part):
            if graph[name].role is Role.PART:
                inside.append(graph[name])
            else:
                inputs.append(name)
    return Step(
        node=node.name,
        title=node.title,
        has=has_words(node, rated.results[node.name].value),
        because=tuple(dict.fromkeys(reason for part in inside if (reason := _because(rated, part)))),
        rules=tuple(rule_text(rated.framework, part) for part in inside),
        inputs=tuple(dict.fromkeys(inputs)),
    )


def rule_text(framework: Framework, node: Node) -> RuleText:
    """The rule of a node for people."""
    source = framework.data.sources[node.rule.source]
    return RuleText(
        words=rule_words(framework.graph, node),
        basis=str(node.rule.basis),
        source=source.title + (f", {node.rule.section}" if node.rule.section else ""),
        note=node.rule.note,
    )


def rule_words(graph: RuleGraph, node: Node) -> str:
    """A rule in words.

    What belongs to the same standard or question is called by its part in it, so that a rule that is written once reads
    the same wherever it is used.
    """
    written = {slot.name: slot.names for slot in node.rule.slots()}
    called = {
        slot: ["its key questions"]
        if written[slot] == ("questions",)
        else [_called(graph, node, name) for name in names]
        for slot, names in node.slots.items()
    }
    return node.rule.words(called, node.binding)


def _called(graph: RuleGraph, node: Node, name: str) -> str:
    other = graph[name]
    if other.role is Role.PART and other.of == node.of:
        part = name.removeprefix(f"{node.of}.").replace("_", " ")
        return f"its {part} rating" if other.type.kind is Kind.RATING else f"its {part}"
    return f"the {other.title[0].lower()}{other.title[1:]}" if other.role is Role.OTHER else name


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
    if node.type.kind is Kind.SHARE and isinstance(value, Fraction):
        return percent_text(value)
    return shown_text(shown(node, value))


def _inputs(rated: Rated, node: Node) -> tuple[str, ...]:
    """The inputs that a step goes on to: those that decided; all of them while something is open."""
    computed = rated.results[node.name].computed
    if node.name in rated.intake.given:
        return ()
    if isinstance(computed, Interval):
        return node.inputs
    found = deciding(node, computed, {**rated.values, node.name: computed}, rated.panels.get(node.name))
    # Where a guide let the panel's rating stand, it was looked at all the same.
    return found or node.inputs


def _because(rated: Rated, node: Node) -> str:
    """Why a node has what it has, with the figures; nothing where the next step inside it says so."""
    result, graph = rated.results[node.name], rated.framework.graph
    if node.name in rated.intake.given:
        return "it is stated so in the evidence"
    if isinstance(node.rule, DiscretionRule):
        return _departure_words(rated, node)
    if node.rule.takes_evidence:
        return _evidence_words(rated, node)
    if isinstance(result.value, Interval):
        # A key question is open because its answers are, and they say so.
        return "" if node.role in (Role.PART, Role.QUESTION) else "evidence beneath it is still open"
    if isinstance(result.value, Absent):
        return ""  # what it has says the reason
    if isinstance(node.rule, ShareRule):
        return ""
    if isinstance(node.rule, BandRule):
        return _band_words(rated, node)
    inputs = _inputs(rated, node)
    shown = [f"{graph[name].title} is {has_words(graph[name], rated.results[name].value)}" for name in inputs]
    if isinstance(node.rule, TotalRule) and len(node.inputs) > 1:
        return f"{len(inputs)} of {len(node.inputs)} are rated"
    if isinstance(node.rule, (LowestRule, HighestRule)) and node.binding.scale:
        return f"{node.rule.tag} of {len(node.inputs)}: {', '.join(shown)}"
    return ", ".join(shown)


def _departure_words(rated: Rated, node: Node) -> str:
    """Why the panel's departure stands, if there is one."""
    if node.name not in rated.intake.departures:
        return ""
    computed = has_words(node, rated.results[node.name].computed)
    grounds = "; ".join(rated.grounds[node.name])
    allowed = f", which the rules allow: {grounds}" if grounds else ""
    reason = rated.intake.departures[node.name][1]
    return f"the panel departed from the computed rating {computed}{allowed}. Its reason: {reason}"


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
        return "" if value.of else "it applies to no case"
    return value.reason if isinstance(value, Absent) else "it is stated so in the evidence"


def _band_words(rated: Rated, node: Node) -> str:
    """The number, its band, and how its neighbours would round."""
    number, bands, scale = rated.results[node.inputs[0]].value, node.binding.bands, node.binding.scale
    position = rated.values[node.name]
    assert bands is not None and scale is not None and isinstance(position, int)
    share = node.binding.of is Kind.SHARE
    band = next(band for label, band in bands.bands.items() if scale.position(label) == position)
    shown = has_words(rated.framework.graph[node.inputs[0]], number)
    words = f"{shown}, {band.words(percent_text if share else fraction_text)}"
    if share and isinstance(node.rule, BandRule) and not isinstance(number, Interval):
        answers = [
            v for n in rated.framework.graph.inputs[node.inputs[0]] if isinstance(v := rated.values.get(n), Tally)
        ]
        words = f"{answers[0].yes} of {answers[0].of} applicable cases are sufficient: {words}" if answers else words
        other = node.rule.banded(node.binding, number, node.rule.other_rounding(node.binding))
        if other != position:
            how = "rounded to a whole percentage" if bands.rounding == "exact" else "not rounded"
            words += f" ({how} before banding it would be {has_words(node, other)})"
    return words
