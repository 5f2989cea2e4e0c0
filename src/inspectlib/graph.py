"""The typed rule graph: a framework's rules as nodes, checked as a whole before any use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from inspectlib.errors import Path, UnknownNode, did_you_mean
from inspectlib.framework import FrameworkData, natural
from inspectlib.frozen import FrozenMapping
from inspectlib.kinds import Kind, Polarity, ValueType
from inspectlib.ranges import Range
from inspectlib.rules import BandRule, Binding, Given, Names, Rule

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["NO_RATING", "Framework", "Node", "Role", "RuleGraph", "Unrated"]


class Role(StrEnum):
    """What a node stands for in the published standards."""

    STANDARD = "standard"
    QUESTION = "key question"
    #: A step inside the rating of a standard or key question, such as ``2.1.1.share``.
    PART = "part"
    #: Any other node, such as ``delivery`` or ``overall``.
    OTHER = "other"


@attrs.frozen
class Node:
    """One node of the rule graph.

    Attributes:
        name: its published number or its name.
        title: what it is called for people.
        role: what it stands for.
        rule: its rule, with basis and source.
        slots: the nodes it takes as inputs, by the slots of its rule.
        polarity: what a better value of each input can do, in the same order.
        binding: its kind of value, and what its rule looked up.
        range: the worst and best value it can ever have.
        path: where its rule stands in the framework file.
        of: the standard or key question that it is part of, or its own name.
    """

    name: str
    title: str
    role: Role
    rule: Rule
    slots: FrozenMapping[str, Names]
    polarity: tuple[Polarity, ...]
    binding: Binding
    range: Range
    path: Path
    of: str

    @cached_property
    def inputs(self) -> Names:
        """The names of all inputs, slot after slot."""
        return tuple(name for names in self.slots.values() for name in names)

    @property
    def type(self) -> ValueType:
        """The kind of value."""
        return self.binding.type

    def value(self, inputs: Sequence[Given], *, other_rounding: bool = False) -> Given:
        """The value from complete inputs.

        Args:
            inputs: what the evidence gives the node, if its rule takes evidence, then the value of each input.
            other_rounding: round a share before banding where the bands do not, and the other way round.
        """
        if other_rounding and isinstance(self.rule, BandRule) and self.binding.of is Kind.SHARE:
            return self.rule.banded(self.binding, inputs[0], self.rule.other_rounding(self.binding))
        return self.rule.value(self.binding, inputs)


@attrs.frozen(slots=False)
class RuleGraph:
    """The typed rule graph of a framework: immutable, and equal to another when their fingerprints are.

    Attributes:
        fingerprint: changes when the meaning of the framework does, and only then.
        nodes: the nodes by name, every node after its inputs.
    """

    fingerprint: str
    nodes: FrozenMapping[str, Node] = attrs.field(eq=False, repr=lambda nodes: f"<{len(nodes)} nodes>")

    def __getitem__(self, name: str) -> Node:
        """The node of a name, or UnknownNode."""
        if name not in self.nodes:
            raise UnknownNode(f"the framework has no {name!r}{did_you_mean(name, self.nodes)}")
        return self.nodes[name]

    @cached_property
    def inputs(self) -> Mapping[str, Names]:
        """The inputs of every node."""
        return {name: node.inputs for name, node in self.nodes.items()}

    @cached_property
    def users(self) -> Mapping[str, Names]:
        """The nodes that use each node, in the order of the nodes."""
        return _users(self.inputs)

    @cached_property
    def networkx(self) -> nx.DiGraph[str]:
        """A networkx view: an edge from each input to the node that uses it, with slot and polarity."""
        from inspectlib import _network  # noqa: PLC0415  # networkx takes longer to import than a rating takes

        return _network.view(_described(self.nodes), _connected(self.nodes))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.nodes)}

    def sort(self, names: Iterable[str]) -> Names:
        """Names of nodes, each after those that it depends on."""
        return tuple(sorted(names, key=self._places.__getitem__))

    def below(self, name: str) -> frozenset[str]:
        """Every node that a node depends on, itself included."""
        seen, todo = set[str](), [self[name].name]
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo.extend(self.inputs[node])
        return frozenset(seen)

    def effect(self, source: str, fixed: frozenset[str] = frozenset()) -> dict[str, Polarity]:
        """What a better value of one node can do to each that depends on it. Nodes that are fixed pass nothing on."""
        if fixed:
            return self._effect(source, fixed)
        if source not in self._effects:
            self._effects[source] = self._effect(source, fixed)
        return self._effects[source]

    @cached_property
    def _effects(self) -> dict[str, dict[str, Polarity]]:
        """The effects found so far; each is the same whoever finds it, so threads may share them."""
        return {}

    def _effect(self, source: str, fixed: frozenset[str]) -> dict[str, Polarity]:
        effects = {source: Polarity.HELPS}
        for name, node in self.nodes.items():
            total = Polarity.NOTHING
            for input_name, polarity in zip(self.inputs[name], node.polarity, strict=True):
                if input_name in effects and input_name not in fixed:
                    total = total.beside(effects[input_name].then(polarity))
            if total is not Polarity.NOTHING:
                effects[name] = total
        return effects


def _users(nodes: Mapping[str, Names]) -> dict[str, Names]:
    """The nodes that use each, from the inputs of every node."""
    found: dict[str, list[str]] = {name: [] for name in nodes}
    for name, inputs in nodes.items():
        for i in dict.fromkeys(inputs):
            found[i].append(name)
    return {name: tuple(users) for name, users in found.items()}


def _described(nodes: Mapping[str, Node]) -> Iterator[tuple[str, dict[str, str]]]:
    """The nodes with what a view says of them."""
    for name, node in nodes.items():
        kind, rule = str(node.type.kind), node.rule.tag
        yield name, {"title": node.title, "kind": kind, "rule": rule, "role": str(node.role)}


def _connected(nodes: Mapping[str, Node]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """From each input to the node that uses it, with what a view says of that."""
    for name, node in nodes.items():
        inputs = ((slot, input_name) for slot, names in node.slots.items() for input_name in names)
        for (slot, input_name), polarity in zip(inputs, node.polarity, strict=True):
            yield input_name, name, {"slot": slot, "polarity": str(polarity)}


@attrs.frozen
class Unrated:
    """A standard or key question that the framework gives no rating: it is no node of the graph.

    Attributes:
        title: its number and title.
        role: standard or key question.
        parts: what is reported of it: of a standard its key questions, of a question the nodes that are part of it.
    """

    title: str
    role: Role
    parts: Names


#: Why something published has no rating although nothing is missing.
NO_RATING = "the framework gives it no rating"


@attrs.frozen(slots=False)
class Framework:
    """A framework that has been checked: its data and its rule graph.

    Attributes:
        data: the published standards and rules as data.
        graph: the typed rule graph.
    """

    data: FrameworkData = attrs.field(repr=False)
    graph: RuleGraph

    @cached_property
    def unrated(self) -> Mapping[str, Unrated]:
        """The standards and key questions that are not rated, by number."""
        return _unrated(self.data, self.graph)

    @property
    def id(self) -> str:
        """The name of the framework."""
        return self.data.id

    @property
    def version(self) -> str:
        """The version of the encoding."""
        return self.data.version

    @property
    def title(self) -> str:
        """The title of the framework."""
        return self.data.title

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the framework's meaning."""
        return self.graph.fingerprint


def _unrated(data: FrameworkData, graph: RuleGraph) -> dict[str, Unrated]:
    parts: dict[str, list[str]] = {}
    for node in graph.nodes.values():
        if node.role is Role.PART:
            parts.setdefault(node.of, []).append(node.name)
    found: dict[str, Unrated] = {}
    for _, _, number, standard in data.standards():
        questions = sorted(standard.questions, key=natural)
        found[number] = Unrated(f"{number} {standard.title}", Role.STANDARD, tuple(questions))
        for question in questions:
            title = f"{question} {standard.questions[question].title}"
            found[question] = Unrated(title, Role.QUESTION, tuple(parts.get(question, ())))
    return {number: unrated for number, unrated in found.items() if number not in graph.nodes}
