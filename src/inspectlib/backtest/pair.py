"""Two frameworks side by side: which nodes both have, and where their rules differ in meaning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs

from inspectlib.errors import path_text
from inspectlib.exact import percent_text
from inspectlib.fingerprint import rule_meaning
from inspectlib.framework import natural
from inspectlib.graph import Framework, Node, Role
from inspectlib.kinds import Kind
from inspectlib.rules import BandRule
from inspectlib.rules.base import listed

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
            return f"{'is new' if old is None else 'is withdrawn'}: {_words(node)}"
        if old.rule.tag != new.rule.tag or not _same_kind(old, new):
            return f"was {_words(old)}; is {_words(new)}"
        parts = [*_other_inputs(old, new), *_other_bands(old, new)]
        before, after = _meaning(old), _meaning(new)
        told = {*old.slots, *new.slots, "bands", "scale"}
        parts += [
            f"{key.replace('_', ' ')} {_figure(old, key)} -> {_figure(new, key)}"
            for key in sorted((before.keys() | after.keys()) - told)
            if before.get(key) != after.get(key)
        ]
        return "; ".join(parts) or f"was {_words(old)}; is {_words(new)}"


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


def _words(node: Node) -> str:
    return node.rule.words(node.slots, node.binding)


def _other_inputs(old: Node, new: Node) -> list[str]:
    found = []
    for slot in sorted(old.slots.keys() | new.slots.keys()):
        before, after = old.slots.get(slot, ()), new.slots.get(slot, ())
        added = [name for name in sorted(after, key=natural) if name not in before]
        gone = [name for name in sorted(before, key=natural) if name not in after]
        said = f"as {slot} " if slot not in {"of", "inputs"} else ""
        if added and gone:
            found.append(f"takes {said}{listed(added)} in place of {listed(gone)}")
        elif added:
            found.append(f"takes {said}{listed(added)} too" if before else f"takes {said}{listed(added)}")
        elif gone:
            found.append(f"no longer takes {said}{listed(gone)}")
    return found


def _other_bands(old: Node, new: Node) -> list[str]:
    before, after = old.binding.bands, new.binding.bands
    if before is None or after is None or old.binding.scale is None:
        return []
    show = percent_text if old.binding.of is Kind.SHARE else None
    found = [
        f"{label} {before.bands[label].words(show)} -> {after.bands[label].words(show)}"
        for label in old.binding.scale.ratings
        if label in before.bands and label in after.bands and before.bands[label] != after.bands[label]
    ]
    for name in ("better", "rounding"):
        one, other = str(getattr(before, name)), str(getattr(after, name))
        found += [f"{name} {one} -> {other}"] if one != other else []
    return found


def _figure(node: Node, key: str) -> str:
    """A figure of a rule as its file has it."""
    value = getattr(node.rule, key, None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {figure}" for name, figure in sorted(value.items())) or "none"
    if isinstance(value, tuple):
        return f"{len(value)} rows" if key == "rows" else ", ".join(map(str, value))
    return "none" if value in {None, ""} else str(value)
