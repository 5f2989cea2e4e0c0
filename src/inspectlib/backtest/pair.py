"""Two frameworks side by side: which nodes both have, and where their rules differ in meaning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs

from inspectlib.changes import Match, rule_changes
from inspectlib.errors import path_text
from inspectlib.fingerprint import rule_meaning
from inspectlib.graph import Framework, Node, Role
from inspectlib.rules import BandRule

__all__ = ["Pair"]


@attrs.frozen(slots=False)
class Pair:
    """An old framework and a new one. Nodes are the same when they have the same name.

    Attributes:
        old: the framework that past inspections were rated by.
        new: the framework that they are rated by again.
    """

    old: Framework
    new: Framework

    @cached_property
    def shared(self) -> frozenset[str]:
        """The nodes that both have, with the same kind of value."""
        old, new = self.old.graph.nodes, self.new.graph.nodes
        return frozenset(name for name, node in new.items() if name in old and _same_kind(node, old[name]))

    @cached_property
    def changed(self) -> frozenset[str]:
        """The shared nodes whose own rule says something else: another rule, other figures, other inputs."""
        old, new = self.old.graph.nodes, self.new.graph.nodes
        return frozenset(name for name in self.shared if _meaning(old[name]) != _meaning(new[name]))

    @cached_property
    def moved(self) -> frozenset[str]:
        """The shared nodes whose own rule changed, or one beneath them."""
        found = set[str]()
        for name, node in self.new.graph.nodes.items():
            if name in self.changed or any(i in found or i not in self.shared for i in node.inputs):
                found.add(name)
        return self.shared & found

    @cached_property
    def summed_otherwise(self) -> frozenset[str]:
        """The shared nodes that sum up standards by other rules: those rules, or which standards they take, changed."""
        nodes, found = self.new.graph.nodes, set[str]()
        for name, node in nodes.items():
            others = [i for i in node.inputs if nodes[i].role is Role.OTHER]
            if name in self.changed or any(i in found or i not in self.shared for i in others):
                found.add(name)
        return self.shared & found

    @cached_property
    def renamed(self) -> Mapping[str, tuple[str, str]]:
        """The standards and key questions that have the same number and another title: the old one and the new one."""
        old, new = _titles(self.old), _titles(self.new)
        return {number: (old[number], title) for number, title in new.items() if old.get(number, title) != title}

    def place(self, name: str) -> str:
        """Where what changed a node stands in the file of the new framework: its rule, or the bands that it names.

        Rules of a method stand there once for many nodes, and so do bands.
        """
        old, new = self.old.graph.nodes.get(name), self.new.graph.nodes.get(name)
        node = new or old
        assert node is not None
        if old and new and isinstance(new.rule, BandRule) and _without_bands(old) == _without_bands(new):
            return path_text(("bands", new.rule.bands))
        return path_text(node.path)

    def difference(self, name: str) -> str:
        """What is different in the rule of a node, in words."""
        old, new = self.old.graph.nodes.get(name), self.new.graph.nodes.get(name)
        if old is None or new is None:
            node = new or old
            assert node is not None
            return f"{'is new' if old is None else 'is withdrawn'}: {node.rule.words(node.slots, node.binding)}"
        return "; ".join(self._rule_changes[name])

    @cached_property
    def _rule_changes(self) -> Mapping[str, tuple[str, ...]]:
        same = {name: name for name in self.new.graph.nodes if name in self.old.graph.nodes}
        return rule_changes(self.old, self.new, Match(standards={}, questions={}, nodes=same))


def _titles(framework: Framework) -> dict[str, str]:
    """The title of every standard and key question."""
    standards = {number: standard for _, _, number, standard in framework.data.standards()}
    questions = {number: q.title for standard in standards.values() for number, q in standard.questions.items()}
    return {number: standard.title for number, standard in standards.items()} | questions


def _same_kind(one: Node, other: Node) -> bool:
    """Whether values of two nodes mean the same: of one kind, ratings on one scale whatever it is called."""
    if one.binding.scale and other.binding.scale:
        same = one.binding.scale.ratings == other.binding.scale.ratings
        return same and one.type.kind is other.type.kind
    return one.type.kind is other.type.kind and one.type.options == other.type.options


def _meaning(node: Node) -> dict[str, Any]:
    meaning = rule_meaning(node.rule, node.binding, node.slots)
    return {key: value for key, value in meaning.items() if key != "title"}


def _without_bands(node: Node) -> dict[str, Any]:
    return {key: value for key, value in _meaning(node).items() if key != "bands"}
