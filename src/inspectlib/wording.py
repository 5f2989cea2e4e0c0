"""What a node has, what its rule does, and what the evidence says of it, in words."""

from __future__ import annotations

from fractions import Fraction

import attrs

from inspectlib.evaluate import Interval
from inspectlib.exact import fraction_text, percent_text
from inspectlib.graph import Framework, Node, Role, RuleGraph
from inspectlib.kinds import Absent, Kind, Tally
from inspectlib.outcome import shown, shown_text
from inspectlib.rating import Rated
from inspectlib.rules import BandRule, Given, PanelRule

__all__ = ["RuleText", "band_words", "departure_words", "evidence_words", "has_words", "rule_text", "said_words"]


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
    scale = node.binding.scale
    if scale is not None and type(value) is int:
        return scale.ratings[value]
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


def departure_words(rated: Rated, node: Node) -> str:
    """Why the panel's departure stands, if there is one."""
    if node.name not in rated.intake.departures:
        return ""
    computed = has_words(node, rated.results[node.name].computed)
    grounds = "; ".join(rated.grounds[node.name])
    allowed = f", which the rules allow: {grounds}" if grounds else ""
    reason = rated.intake.departures[node.name][1]
    return f"the panel departed from the computed rating {computed}{allowed}. Its reason: {reason}"


def evidence_words(rated: Rated, node: Node) -> str:
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


def band_words(rated: Rated, node: Node) -> str:
    """The number, its band, and how its neighbours would round."""
    number, bands, scale = rated.results[node.inputs[0]].value, node.binding.bands, node.binding.scale
    position = rated.values[node.name]
    assert bands is not None and scale is not None and isinstance(position, int)
    share = node.binding.of is Kind.SHARE
    band = bands.bands.get(scale.ratings[position]) or next(
        band for label, band in bands.bands.items() if scale.position(label) == position
    )
    of = rated.framework.graph[node.inputs[0]]
    words = f"{has_words(of, number)}, {band.words(percent_text if share else fraction_text)}"
    if not share:
        words = f"{of.title} is {words}"
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


def said_words(rated: Rated, node: Node, *, departure: bool = False) -> str:
    """What was stated of a node, or departed to, apart from the reason and from what became of it."""
    scale = node.binding.scale
    if departure and scale:
        return f"the panel departed to {scale.ratings[rated.intake.departures[node.name][0]]}"
    if scale and node.name in rated.panels:
        return f"the panel rated it {scale.ratings[rated.panels[node.name].position]}"
    stated = rated.intake.given.get(node.name, rated.intake.settled.get(node.name))
    assert stated is not None
    return f"it is stated as {has_words(node, stated)}"
