"""The rule graph as data for the browser. Numbers are text, so that none is bent on the way."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from inspectlib.colours import grade
from inspectlib.exact import fraction_text, percent_text
from inspectlib.framework import natural
from inspectlib.graph import Framework, Node
from inspectlib.kinds import Absent, Kind
from inspectlib.rules import (
    BandRule,
    CountRule,
    Given,
    GivenRule,
    LimitRule,
    PanelRule,
    TestRule,
    TotalRule,
)
from inspectlib.rules.table import Table

__all__ = ["plan"]


def plan(framework: Framework) -> dict[str, Any]:
    """What the explorer needs of a framework, each node after its inputs."""
    domains: dict[str, dict[str, Any]] = {}
    for domain_number, domain, number, standard in framework.data.standards():
        shown = domains.setdefault(domain_number, {"title": f"{domain_number} {domain.title}", "standards": []})
        questions = sorted(standard.questions, key=natural)
        shown["standards"].append(
            {
                "node": number,
                "title": f"{number} {standard.title}",
                "questions": [{"node": q, "title": f"{q} {standard.questions[q].title}"} for q in questions],
            }
        )
    return {
        "id": framework.id,
        "title": framework.title,
        "fingerprint": framework.fingerprint,
        "domains": list(domains.values()),
        "nodes": [_node(node) for node in framework.graph.nodes.values()],
    }


def _node(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": node.name,
        "title": node.title,
        "role": str(node.role),
        "of": node.of,
        "kind": str(node.type.kind),
        "rule": node.rule.tag,
        "slots": {slot: list(names) for slot, names in node.slots.items()},
    }
    scale = node.binding.scale
    if scale is not None:
        found["ratings"] = list(scale.ratings)
        found["scores"] = [fraction_text(scale.score(place)) for place in range(len(scale.ratings))]
        found["grades"] = [grade(place, len(scale.ratings)) for place in range(len(scale.ratings))]
    if isinstance(node.rule, (GivenRule, PanelRule)):
        found |= {"missing": str(node.rule.missing), "missing_reason": node.rule.missing_reason}
    return found | _figures(node)


def _figures(node: Node) -> dict[str, Any]:
    """What the rule of a node says beside its inputs."""
    rule, binding = node.rule, node.binding
    match rule:
        case GivenRule():
            bounds = binding.type.bounds
            return {
                "options": list(binding.type.options),
                "bounds": [fraction_text(end) for end in bounds] if bounds else None,
                "step": fraction_text(binding.type.step) if binding.type.step is not None else None,
            }
        case BandRule():
            assert binding.bands is not None and binding.scale is not None
            show = percent_text if binding.of is Kind.SHARE else fraction_text
            words = {binding.scale.position(label): band.words(show) for label, band in binding.bands.bands.items()}
            return {
                "edges": [[fraction_text(edge), stays] for edge, stays in binding.edges],
                "better": str(binding.bands.better),
                "rounding": str(binding.bands.rounding),
                "words": [words[place] for place in range(len(words))],
            }
        case TotalRule():
            return {"weights": [fraction_text(weight) for weight in binding.weights], "unrated": rule.unrated}
        case LimitRule() | CountRule():
            word = "at_most" if isinstance(rule, CountRule) and rule.at_least is None else "at_least"
            return {"level": binding.level, "compare": word}
        case TestRule():
            ways = ("at_least", "above", "at_most", "below", "equals")
            compare = next(way for way in ways if getattr(rule, way) is not None)
            return {"level": _value(binding.level), "compare": compare, "condition": rule.condition()}
        case PanelRule():
            return {"binding": rule.binding}
        case _ if isinstance(binding.table, Table):
            return _table(binding.table)
        case _:
            return {"steps": binding.level}


def _table(table: Table) -> dict[str, Any]:
    """The rows of a decision table: what each accepts of each input, and what it gives."""
    rows = range(len(table.outcomes))
    return {
        "rows": [[list(column.cells[row]) for column in table.columns] for row in rows],
        "absent": [column.takes_absent for column in table.columns],
        "outcomes": [_value(outcome) for outcome in table.outcomes],
    }


def _value(value: Given) -> Any:
    """A value as data: a fraction as text, anything else as it is."""
    assert not isinstance(value, Absent)
    return fraction_text(value) if isinstance(value, Fraction) else value
