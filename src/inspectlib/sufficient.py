"""Reasons that are enough: the pieces of evidence that alone give what a node has, none of which can be spared.

Alone means that all other evidence is taken away, as if it had never been there: what it spoke of is open then, or
what the framework says of silence. So the reasons replay: rated by themselves they give the node the same value, or
the same interval; without any one of them they do not. Which of several such sets is found depends on the order in
which pieces are tried: those that did not decide are spared first, and of answers that did the highest shares, so that
what is left is what a panel would name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs

from inspectlib.derivation import deciding_inputs
from inspectlib.errors import InspectError
from inspectlib.evaluate import Completions, Interval
from inspectlib.evidence import Evidence, Statement, evidence_data
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Role
from inspectlib.kinds import Absent, Kind
from inspectlib.rating import Rated, value_on
from inspectlib.rules import Given, Names
from inspectlib.wording import said_words

__all__ = ["Piece", "PieceKind", "Reasons", "deciding_standards", "reasons"]


class PieceKind(StrEnum):
    """What a piece of evidence is."""

    #: The answers to a key question, counted over the cases.
    ANSWERS = "answers"
    #: A rating or another value that is stated, by the panel or otherwise.
    STATED = "stated"
    #: A recorded departure from a computed rating.
    DEPARTURE = "departure"


@attrs.frozen
class Piece:
    """A piece of evidence.

    Attributes:
        kind: what it is.
        node: the key question, standard or other node that it speaks of.
        title: what that is called.
        says: what it says, in words.
    """

    kind: PieceKind
    node: str
    title: str
    says: str


@attrs.frozen
class Reasons:
    """Evidence that alone gives a node what it has, and none of which can be spared.

    Attributes:
        node: the node.
        pieces: the pieces of evidence; none where the node has the same without any.
        evidence: the same in the form of an evidence file, to be rated by itself.
    """

    node: str
    pieces: tuple[Piece, ...]
    evidence: Mapping[str, Any] = attrs.field(repr=False, hash=False)


_Key = tuple[PieceKind, str]


def reasons(rated: Rated, name: str) -> Reasons:
    """The reasons for what a node has.

    Raises:
        UnknownNode: the framework has no such node.
    """
    kept: tuple[_Key, ...] = ()
    if name not in rated.framework.unrated:
        wanted = rated.results[rated.framework.graph[name].name].value
        pieces, deciding = _pieces(rated, name)

        def enough(keys: Sequence[_Key]) -> bool:
            return _same(_alone(rated, keys, name), wanted)

        found = deciding if enough(deciding) else pieces
        kept = tuple(sorted(_spared(found, enough), key=lambda key: (natural(key[1]), key[0])))
    evidence = _evidence(rated, kept)
    data = evidence_data(evidence, evidence.tallies, {})
    return Reasons(name, tuple(_piece(rated, *key) for key in kept), FrozenMapping(data))


def _spared(keys: Sequence[Any], enough: Callable[[Sequence[Any]], bool]) -> list[Any]:
    """What is left when everything that can be spared is, tried in the order given, until nothing more can be."""
    kept, before = list(keys), -1
    # Mostly the second time round nothing more can be spared. It may, where silence says something too.
    while len(kept) != before:
        before = len(kept)
        for key in list(kept):
            fewer = [other for other in kept if other != key]
            if enough(fewer):
                kept = fewer
    return kept


def _same(one: Given | Interval | None, other: Given | Interval) -> bool:
    """Whether two values say the same; for what reason there is none is not compared."""
    if isinstance(one, Absent) and isinstance(other, Absent):
        return one.state is other.state
    return one == other


def _alone(rated: Rated, keys: Sequence[_Key], name: str) -> Given | Interval | None:
    """What a node has on some pieces of the evidence alone; nothing where they are refused without the others."""
    try:
        return value_on(rated.framework, _evidence(rated, keys), name)
    except InspectError:
        return None


def _evidence(rated: Rated, keys: Sequence[_Key]) -> Evidence:
    """Some pieces of the evidence alone, cases counted and units pooled."""
    answers, stated, departures = ({node for other, node in keys if other is kind} for kind in PieceKind)

    def kept(heading: str, nodes: set[str]) -> FrozenMapping[str, Statement]:
        return FrozenMapping({node: said for node, said in rated.stated[heading].items() if node in nodes})

    return Evidence(
        tallies=FrozenMapping({question: rated.intake.counts.pooled[question] for question in answers}),
        ratings=kept("ratings", stated),
        panel=kept("panel", stated),
        values=kept("values", stated),
        departures=kept("departures", departures),
    )


def _pieces(rated: Rated, name: str) -> tuple[list[_Key], list[_Key]]:
    """The pieces of evidence beneath a node in the order in which to spare them; and those of them that decided."""
    graph, intake = rated.framework.graph, rated.intake
    below = graph.below(name)
    nodes: dict[_Key, str] = {}
    for node in (graph[n] for n in below):
        if node.type.kind is Kind.ANSWERS and node.of in intake.counts.pooled:
            nodes[PieceKind.ANSWERS, node.of] = node.name
        if any(node.name in said for heading, said in rated.stated.items() if heading != "departures"):
            nodes[PieceKind.STATED, node.name] = node.name
        if node.name in intake.departures:
            nodes[PieceKind.DEPARTURE, node.name] = node.name
    decided = _decided(rated, name)

    def order(key: _Key) -> tuple[bool, int, Fraction]:
        kind, node = key
        count = intake.counts.pooled.get(node)
        # A departure needs all that is beneath it, so it is spared first; then what is also computed.
        stated = 1 if nodes[key] in intake.given else 3
        place = {PieceKind.DEPARTURE: 0, PieceKind.STATED: stated, PieceKind.ANSWERS: 2}[kind]
        share = Fraction(count.yes, count.of) if kind is PieceKind.ANSWERS and count and count.of else Fraction(2)
        return nodes[key] in decided, place, -share

    keys = sorted(sorted(nodes, key=lambda key: natural(key[1]), reverse=True), key=order)
    return keys, [key for key in keys if nodes[key] in decided]


def _decided(rated: Rated, name: str) -> set[str]:
    """The nodes that decided what a node has, all the way down."""
    seen, todo = set[str](), [name]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(deciding_inputs(rated, rated.framework.graph[node]))
    return seen


def _piece(rated: Rated, kind: PieceKind, name: str) -> Piece:
    graph = rated.framework.graph
    if kind is PieceKind.ANSWERS:
        unrated, of = rated.framework.unrated.get(name), [n for n in graph.nodes.values() if n.of == name]
        title = unrated.title if unrated else graph[name].title if name in graph.nodes else of[0].title
        return Piece(kind, name, title, str(rated.intake.counts.pooled[name]))
    return Piece(kind, name, graph[name].title, said_words(rated, graph[name], departure=kind is PieceKind.DEPARTURE))


def deciding_standards(rated: Rated, name: str) -> Names:
    """The standards whose ratings alone give a node what it has, none of which can be spared.

    All else is taken as open, whatever is known of it. None when the ratings of the standards are not enough, or there
    are none beneath the node.

    Raises:
        UnknownNode: the framework has no such node.
    """
    graph = rated.framework.graph
    if name in rated.framework.unrated:
        return ()
    beneath = [n for n in graph.below(name) - {name} if graph[n].role is Role.STANDARD and n in rated.values]
    wanted = rated.results[name].value
    leaves = {leaf: None for leaf, node in graph.nodes.items() if node.rule.takes_evidence}

    def enough(names: Sequence[str]) -> bool:
        fixed = {standard: rated.values[standard] for standard in names}
        open_ = attrs.evolve(rated.intake, settled={}, open=leaves, given=fixed, departures={})
        return _same(Completions(graph, open_).result(name).value, wanted)

    if name in rated.intake.given or name in rated.intake.departures or not enough(beneath):
        return ()
    decided = _decided(rated, name)
    ordered = sorted(sorted(beneath, key=natural, reverse=True), key=lambda standard: standard in decided)
    return tuple(sorted(_spared(ordered, enough), key=natural))
