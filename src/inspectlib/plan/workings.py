"""The values of the nodes of a rule graph, and the steps that compute them.

Open evidence is handled as in `inspectlib.evaluate`: by the completions in which all that is open is worst, best or
absent. Each is a mode that a node is computed under.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from inspectlib.graph import Node
from inspectlib.plan.parts import Step
from inspectlib.plan.reading import Reading
from inspectlib.plan.rules import ruled
from inspectlib.plan.terms import (
    FALSE,
    NULL,
    Term,
    either,
    variable,
    variables,
)
from inspectlib.plan.values import AS_GIVEN, PLAIN, Mode, Value

__all__ = ["Workings"]


class Workings:
    """What the nodes have.

    Args:
        reading: what the columns say.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.graph = reading.graph
        self._steps: list[Step] = []
        self._known: dict[tuple[str, Mode], Value] = {}
        #: What the rule gives, where a value is stated or departed to.
        self._ruled: dict[tuple[str, Mode], Value] = {}
        self._names: set[str] = set()
        self._beneath: dict[str, frozenset[str]] = {}

    def value(self, name: str, mode: Mode) -> Value:
        """What a node has."""
        mode = self._reduced(name, mode)
        if (name, mode) not in self._known:
            # Inputs first and one by one: graphs can be deeper than Python lets functions call each other.
            todo = [(name, mode)]
            while todo:
                node, under = todo[-1]
                lower = [(i, self._reduced(i, under)) for i in self.graph.inputs[node]]
                lower = [key for key in lower if key not in self._known]
                if lower:
                    todo.extend(reversed(lower))
                    continue
                todo.pop()
                if (node, under) not in self._known:
                    self._known[node, under] = self._settled(self.graph.nodes[node], under)
        return self._known[name, mode]

    def computed(self, name: str, mode: Mode) -> Value:
        """What the rule of a node computes, whatever is stated of it."""
        self.value(name, mode)
        key = (name, self._reduced(name, mode))
        return self._ruled.get(key) or self._known[key]

    def below(self, name: str) -> frozenset[str]:
        """What a node rests on."""
        if name not in self._beneath:
            self._beneath[name] = self.graph.below(name)
        return self._beneath[name]

    def _reduced(self, name: str, mode: Mode) -> Mode:
        """The mode as far as it matters to a node."""
        if mode is PLAIN:
            return mode
        end = mode.end if name in self.reading.touched else AS_GIVEN
        harmed = mode.harmed & self.below(name) if end and mode.harmed else frozenset[str]()
        leaf = mode.leaf if mode.leaf and mode.leaf in self.below(name) else ""
        return Mode(end, harmed, leaf, mode.change if leaf else 0) if end or leaf else PLAIN

    def step(self, name: str, node: str, term: Term) -> Term:
        """A name for a term, unless it is one already."""
        if term.op in {"const", "var"}:
            return term
        unique, number = name, 1
        while unique in self._names:
            number += 1
            unique = f"{name} {number}"
        self._names.add(unique)
        self._steps.append(Step(unique, node, term))
        return variable(unique, term.low, term.high, null=term.null, flag=term.flag)

    def _settled(self, node: Node, mode: Mode) -> Value:
        computed = self._computed(node, mode)
        if node.rule.takes_evidence:
            return self._named(node, mode, computed, "")
        stated, column = self.reading.stated(node)
        departed = NULL if mode.leaf else self.reading.said("departures", node.name, "rating")
        if stated is NULL and departed is NULL:
            return self._named(node, mode, computed, "")
        computed = self._named(node, mode, computed, "computed")
        self._ruled[node.name, mode] = computed
        found = self.reading.instead(node, stated, column, computed)
        if departed is not NULL:
            found = self.reading.instead(node, departed, self.reading.column("departures", node.name, "rating"), found)
        return self._named(node, mode, found, "")

    def _named(self, node: Node, mode: Mode, value: Value, what: str) -> Value:
        """The value with a name for each of its terms."""
        words = [
            node.name,
            mode.end,
            *(["turned"] if mode.harmed else []),
            *([mode.leaf, f"{mode.change:+}"] if mode.leaf else []),
            what,
        ]
        name = " ".join(word for word in words if word)
        return Value(
            self.step(name, node.name, value.num),
            self.step(f"{name} per", node.name, value.per),
            value.unit,
            self.step(f"{name} not applicable", node.name, value.na),
            self.step(f"{name} open", node.name, value.open),
        )

    def _computed(self, node: Node, mode: Mode) -> Value:
        inputs = [self.value(name, mode) for name in self.graph.inputs[node.name]]
        found = ruled(self.reading, node, mode, inputs)
        opened = FALSE if mode.end else either(*(value.open for value in inputs), found.open)
        return attrs.evolve(found, open=opened)

    def needed(self, wanted: Iterable[Term]) -> tuple[Step, ...]:
        """The steps that terms rest on."""
        needed: set[str] = set()
        for term in wanted:
            needed |= variables(term)
        kept: list[Step] = []
        for step in reversed(self._steps):
            if step.name in needed:
                kept.append(step)
                needed |= variables(step.term)
        return tuple(reversed(kept))
