"""Past inspections under two frameworks: the data of a back-test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import attrs

from inspectlib.backtest.attribution import Cause, CauseKind, Causes
from inspectlib.backtest.carry import Carried, rate_under
from inspectlib.backtest.pair import Pair
from inspectlib.errors import InspectError
from inspectlib.evidence import Evidence
from inspectlib.evidence_reader import evidence_from
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework, Node, Role
from inspectlib.kinds import Kind
from inspectlib.outcome import Outcome, State
from inspectlib.rating import Rated, outcomes

__all__ = ["Change", "Compared", "Comparison", "Effect", "compare"]

#: The kinds of value that are counted.
_COUNTED = {Kind.RATING, Kind.CHOICE, Kind.FLAG}
#: What a node has in a framework that does not have it.
NOT_THERE = "not there"


@attrs.frozen(kw_only=True)
class Change:
    """One rating that is another under the new framework.

    Attributes:
        node: the node.
        title: what it is called.
        before: what it had, in words.
        after: what it has.
        bands: how many bands it rose, or fell where negative; None where that cannot be said, as for an open rating.
        causes: the rules, or the evidence, that made the change.
    """

    node: str
    title: str
    before: str
    after: str
    bands: int | None
    causes: tuple[Cause, ...]


@attrs.frozen(kw_only=True)
class Compared:
    """One past inspection under both frameworks.

    Attributes:
        name: its name: of its file, or its row.
        old: what every node had under the old framework.
        new: what every node has under the new one.
        changes: the ratings that both have and that differ.
        left_out_old: evidence that is left out under the old framework, by the reason why.
        left_out_new: evidence that is left out under the new framework, by the reason why.
        as_stated: ratings taken as stated although the rules beneath them are others.
        wanting: what the evidence does not say, so that ratings are open under the new framework that were not before.
    """

    name: str
    old: FrozenMapping[str, Outcome]
    new: FrozenMapping[str, Outcome]
    changes: tuple[Change, ...]
    left_out_old: FrozenMapping[str, tuple[str, ...]]
    left_out_new: FrozenMapping[str, tuple[str, ...]]
    as_stated: tuple[str, ...]
    wanting: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Effect:
    """What one rule did over all inspections.

    Attributes:
        place: where the rule stands in the framework file; rules of a method stand there once for many nodes.
        kind: whether it is the rule or the evidence.
        nodes: the nodes at which it was a cause.
        difference: what is different, in words.
        changed: how many ratings it changed, alone or with others, by node.
        inspections: the inspections in which it changed a rating.
    """

    place: str
    kind: CauseKind
    nodes: tuple[str, ...]
    difference: str
    changed: FrozenMapping[str, int]
    inspections: tuple[str, ...]


@attrs.frozen(kw_only=True, slots=False)
class Comparison:
    """The back-test of a new framework against an old one.

    Attributes:
        old: the framework that the inspections were rated by.
        new: the framework that they are rated by again.
        inspections: the inspections, in the order given.
        refused: those whose evidence could not be rated, with what is wrong with it.
    """

    old: Framework
    new: Framework
    inspections: tuple[Compared, ...]
    refused: FrozenMapping[str, InspectError] = attrs.field(eq=False)

    @cached_property
    def pair(self) -> Pair:
        """The two frameworks side by side."""
        return Pair(self.old, self.new)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """What is compared: the standards, then what no other rule goes on from, and the overall rating last."""
        return compared_nodes(self.old, self.new)

    def title(self, node: str) -> str:
        """What a node is called."""
        graph = self.new.graph if node in self.new.graph.nodes else self.old.graph
        return graph[node].title

    def categories(self, node: str) -> tuple[str, ...]:
        """What a node can have, the worst first, then the ways to have no rating; those that occur of the latter."""
        known: dict[str, None] = {}
        for framework in (self.old, self.new):
            if node in framework.graph.nodes:
                known |= dict.fromkeys(_values(framework.graph[node]))
        found = {category for pair in self.flows(node) for category in pair}
        rest = [*map(str, (State.OPEN, State.NOT_RATED, State.NOT_APPLICABLE)), NOT_THERE]
        return (*known, *(category for category in rest if category in found))

    def flows(self, node: str) -> dict[tuple[str, str], int]:
        """How many inspections went from one category to another, at one node."""
        return dict(Counter((category(one.old.get(node)), category(one.new.get(node))) for one in self.inspections))

    def counts(self, node: str, *, new: bool) -> dict[str, int]:
        """How many inspections have each category at one node, under the new framework or the old one."""
        found = Counter(category((one.new if new else one.old).get(node)) for one in self.inspections)
        return {name: found[name] for name in self.categories(node)}

    def changes(self, node: str) -> tuple[Change, ...]:
        """The changes at one node, over all inspections."""
        return tuple(change for one in self.inspections for change in one.changes if change.node == node)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What each rule did, the one that changed most first."""
        found: dict[tuple[str, CauseKind, str], list[tuple[str, Cause, Change]]] = {}
        for one in self.inspections:
            for change in one.changes:
                for cause in change.causes:
                    place = self.pair.place(cause.node)
                    says = self._difference(cause)
                    found.setdefault((place, cause.kind, says), []).append((one.name, cause, change))
        effects = [
            Effect(
                place=place,
                kind=kind,
                nodes=tuple(sorted({cause.node for _, cause, _ in made}, key=natural)),
                difference=says,
                changed=FrozenMapping(Counter(change.node for _, _, change in made)),
                inspections=tuple(dict.fromkeys(name for name, _, _ in made)),
            )
            for (place, kind, says), made in found.items()
        ]
        return tuple(sorted(effects, key=lambda e: (-sum(e.changed.values()), e.place, e.difference)))

    def _difference(self, cause: Cause) -> str:
        if cause.kind is CauseKind.EVIDENCE:
            return "what was stated of it has no place, or does not fit the rules"
        return self.pair.difference(cause.node)

    def text(self) -> str:
        """The back-test for people, as text."""
        from inspectlib.backtest.report import text  # noqa: PLC0415  # only when it is printed

        return text(self)

    def markdown(self) -> str:
        """The back-test as Markdown."""
        from inspectlib.backtest.report import markdown  # noqa: PLC0415  # only when it is printed

        return markdown(self)

    def svg(self) -> str:
        """The back-test as a picture: the ratings before and after, and the flow between them."""
        from inspectlib.backtest.picture import svg  # noqa: PLC0415  # only when it is drawn

        return svg(self)

    def data(self) -> dict[str, Any]:
        """The back-test as JSON data."""
        from inspectlib.backtest.report import data  # noqa: PLC0415  # only when it is asked for

        return data(self)


def compared_nodes(old: Framework, new: Framework) -> tuple[str, ...]:
    """What is compared of two frameworks: standards, then the ends of the graph, and the overall rating last."""
    standards, ends = set[str](), set[str]()
    for framework in (old, new):
        graph = framework.graph
        used = {name for inputs in graph.inputs.values() for name in inputs}
        for name, node in graph.nodes.items():
            if node.type.kind in _COUNTED and node.role is Role.STANDARD:
                standards.add(name)
            elif node.type.kind in _COUNTED and node.role is Role.OTHER and name not in used:
                ends.add(name)
        ends |= {"delivery", "overall"} & graph.nodes.keys()
    last = ["overall"] if "overall" in ends else []
    return (*sorted(standards, key=natural), *sorted(ends - {"overall"}, key=natural), *last)


def _values(node: Node) -> Iterable[str]:
    if node.type.kind is Kind.RATING and node.binding.scale:
        return node.binding.scale.ratings
    return node.type.options or ("no", "yes")


def category(outcome: Outcome | None) -> str:
    """What an outcome is counted under."""
    if outcome is None:
        return NOT_THERE
    return outcome.text() if outcome.state is State.SETTLED else str(outcome.state)


def compare(old: Framework, new: Framework, inspections: Mapping[str, Evidence | Mapping[str, object]]) -> Comparison:
    """Rate past inspections under two frameworks, and find what changed each rating that is not the same.

    Evidence may name either framework, or neither. What has the same number is taken for the same; evidence that one of
    the two has no place for is left out there, and what one of them needs and the evidence lacks is open.

    Args:
        old: the framework that the inspections were rated by.
        new: the framework to rate them by again.
        inspections: the evidence of each inspection, by its name.

    Returns:
        The back-test. An inspection whose evidence is at fault is among those refused, and the others go on.
    """
    pair = Pair(old, new)
    nodes = compared_nodes(old, new)
    found: list[Compared] = []
    refused: dict[str, InspectError] = {}
    for name, given in inspections.items():
        try:
            evidence = given if isinstance(given, Evidence) else evidence_from(given)
            before, after = rate_under(pair, old, evidence), rate_under(pair, new, evidence)
        except InspectError as error:
            refused[name] = error
        else:
            found.append(_compared(pair, nodes, name, before, after))
    return Comparison(old=old, new=new, inspections=tuple(found), refused=FrozenMapping(refused))


def _compared(pair: Pair, nodes: Iterable[str], name: str, before: Carried, after: Carried) -> Compared:
    old, new = outcomes(before.rated), outcomes(after.rated)
    causes = Causes(pair, before.rated, after.rated)
    changes = tuple(
        Change(
            node=node,
            title=new[node].title,
            before=old[node].text(),
            after=new[node].text(),
            bands=_bands(pair, node, old[node], new[node]),
            causes=causes.of(node),
        )
        for node in nodes
        if node in pair.shared and category(old[node]) != category(new[node])
    )
    opened = [n for n in nodes if n in new and new[n].state is State.OPEN and (n not in old or not _open(old[n]))]
    return Compared(
        name=name,
        old=old,
        new=new,
        changes=changes,
        left_out_old=before.left_out,
        left_out_new=after.left_out,
        as_stated=after.as_stated,
        wanting=_wanting(after.rated, opened),
    )


def _open(outcome: Outcome) -> bool:
    return outcome.state is State.OPEN


def _wanting(rated: Rated, opened: Iterable[str]) -> tuple[str, ...]:
    """The evidence that some nodes lack; nothing beneath a value that is stated outright is looked for."""
    graph, intake = rated.framework.graph, rated.intake
    seen, todo = set[str](), list(opened)
    while todo:
        name = todo.pop()
        if name not in seen and name not in intake.given:
            seen.add(name)
            todo.extend(graph.inputs[name])
    return tuple(sorted({graph[name].of for name in seen if name in intake.open}, key=natural))


def _bands(pair: Pair, node: str, before: Outcome, after: Outcome) -> int | None:
    scale = pair.new.graph[node].binding.scale
    if scale is None or before.rating is None or after.rating is None:
        return None
    return scale.position(after.rating) - scale.position(before.rating)
