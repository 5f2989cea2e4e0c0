"""What a framework asks for: the evidence that it takes, and where that is most simply stated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from inspectlib.graph import Framework, Node, Role
from inspectlib.kinds import Kind
from inspectlib.rules import DiscretionRule, GivenRule, PanelRule

__all__ = ["Asked", "Plain", "heading", "may_be_silent"]

#: A framework or evidence as plain data, in the form of its file.
Plain = dict[str, Any]


class Asked:
    """What evidence a framework takes."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework

    def __repr__(self) -> str:
        """Short: Hypothesis shows what strategies are made of."""
        return f"<{self.framework.id}>"

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The nodes that take evidence."""
        return tuple(node for node in self.framework.graph.nodes.values() if node.rule.takes_evidence)

    @cached_property
    def questions(self) -> tuple[Node, ...]:
        """Those of them that take answers."""
        return tuple(node for node in self.leaves if node.type.kind is Kind.ANSWERS)

    @cached_property
    def whole(self) -> Mapping[str, frozenset[str]]:
        """The standards whose rating can be stated in place of all beneath it, each with what that spares.

        Nothing beneath them goes into anything else.
        """
        graph, found = self.framework.graph, dict[str, frozenset[str]]()
        for name, node in graph.nodes.items():
            if node.role is not Role.STANDARD or node.rule.takes_evidence or node.type.kind is not Kind.RATING:
                continue
            below = graph.below(name)
            spared = frozenset(leaf.name for leaf in self.leaves if leaf.name in below)
            if spared and all(graph.effect(leaf, frozenset({name})).keys() <= below for leaf in spared):
                found[name] = spared
        return found

    @cached_property
    def departing(self) -> tuple[Node, ...]:
        """The nodes that the panel may depart from."""
        return tuple(node for node in self.framework.graph.nodes.values() if isinstance(node.rule, DiscretionRule))


def heading(node: Node) -> str:
    """Where evidence for a node is most simply stated."""
    if node.type.kind is Kind.ANSWERS:
        return "tallies"
    if node.type.kind is not Kind.RATING:
        return "values"
    return "panel" if isinstance(node.rule, PanelRule) else "ratings"


def may_be_silent(node: Node) -> bool:
    """Whether evidence that says nothing of a node is still complete."""
    return isinstance(node.rule, (GivenRule, PanelRule)) and node.rule.missing != "open"
