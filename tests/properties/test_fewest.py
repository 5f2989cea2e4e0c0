"""What would change a rating: every way told replays, none of its changes can be left out, and nothing is cheaper.

The oracle tries evidence one by one, the cheapest first, with the naive evaluator.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import attrs
from hypothesis import given

import inspectlib
from inspectlib.errors import InspectError, Unanswerable
from inspectlib.evidence import Evidence
from inspectlib.evidence_reader import evidence_from
from inspectlib.graph import Framework
from inspectlib.kinds import Kind, Tally
from inspectlib.rating import rate_evidence
from inspectlib.ways import Change, What, WhatIf
from naive import Naive, Rating, number
from strategies import (
    Example,
    Plain,
    add_stated,
    frameworks,
    leaves,
    make_evidence,
    make_open,
    randoms,
    shipped_frameworks,
)

#: So much evidence is tried for one question.
MOST = 400


class Piece(NamedTuple):
    """A piece of evidence, and all that it could say: for each the changes, and what it then says."""

    heading: str
    name: str
    options: list[tuple[int, Any]]


def small(rng: random.Random, naive: Naive, evidence: Plain) -> Plain:
    """The evidence with its cases counted, and few of them, so that few changes matter."""
    found = {key: entries for key, entries in evidence.items() if key != "cases"}
    tallies: Plain = {}
    for name, rule in leaves(naive).items():
        if rule.get("kind") == "answers":
            _, of = naive.on(evidence)._answers(name)
            of = min(of, rng.randint(1, 6))
            tallies[name] = {"yes": str(rng.randint(0, of)), "of": str(of)} if of else "not applicable"
    return {**found, "tallies": tallies} if tallies else found


def pieces(naive: Naive, evidence: Plain) -> Iterator[Piece]:
    """All that complete evidence could say instead, piece by piece."""
    for name, rule in leaves(naive).items():
        if rule.get("kind") == "answers":
            tally = evidence["tallies"][name]
            if tally != "not applicable":
                yes, of = int(tally["yes"]), int(tally["of"])
                able = [(abs(other - yes), {"yes": str(other), "of": str(of)}) for other in range(of + 1)]
                yield Piece("tallies", name, able)
            continue
        for heading in ("panel", "ratings", "values"):
            if name in evidence.get(heading, {}):
                options = list(_said(naive, rule, evidence[heading][name]))
                if options:
                    yield Piece(heading, name, options)
    for name, departure in evidence.get("departures", {}).items():
        yield Piece("departures", name, [(0, departure), (1, None)])


def _said(naive: Naive, rule: Plain, entry: Any) -> Iterator[tuple[int, Any]]:
    """What a statement could say instead."""
    said = entry["rating"] if isinstance(entry, Mapping) else entry
    if said.casefold() in {"not rated", "not applicable"}:
        return
    if "scale" in rule:
        labels = naive.framework["scales"][rule["scale"]]["ratings"]
        now = [label.casefold() for label in labels].index(said.casefold())
        for place, label in enumerate(labels):
            yield abs(place - now), {**entry, "rating": label} if isinstance(entry, Mapping) else label
    elif rule["kind"] == "number":
        if "step" in rule:
            least, most, step = (number(rule[key]) for key in ("least", "most", "step"))
            for place in range(int((most - least) / step) + 1):
                amount = least + place * step
                yield abs(int((amount - number(said)) / step)), str(amount)
    else:
        for option in rule["options"] if rule["kind"] == "choice" else ("yes", "no"):
            yield int(option != said), option


def at_cost(found: list[Piece], cost: int) -> Iterator[dict[tuple[str, str], Any]]:
    """Every choice of what pieces say that takes exactly so many changes, the pieces that change alone."""
    if not found:
        if not cost:
            yield {}
        return
    first, *rest = found
    for changes, entry in first.options:
        if changes <= cost:
            for others in at_cost(rest, cost - changes):
                yield {**others, (first.heading, first.name): entry} if changes else others


def changed(evidence: Plain, said: Mapping[tuple[str, str], Any]) -> Plain:
    """The evidence with some of it said otherwise."""
    found = {key: dict(entries) if isinstance(entries, dict) else entries for key, entries in evidence.items()}
    for (heading, name), entry in said.items():
        if entry is None:
            del found[heading][name]
        else:
            found[heading][name] = entry
    return found


def beneath(naive: Naive, top: str, without: str = "") -> set[str]:
    """The nodes that a node rests on, those beneath another one left out."""
    seen, todo = set[str](), [top]
    while todo:
        name = todo.pop()
        if name in seen or name == without or name not in naive.rules:
            continue
        seen.add(name)
        rule, _, scope = naive.rules[name]
        slots = [rule.get(slot) for slot in ("of", "inputs", "when", "by", "ceiling", "floor")]
        for names in slots:
            if names is not None and not (isinstance(names, str) and names.lstrip("+-").isdigit()):
                todo.extend(naive.all(names, scope))
    return seen


def question_of(naive: Naive, leaf: str) -> str:
    """The name under which evidence for a node is given."""
    return str(naive.rules[leaf][1]) if naive.rules[leaf][0].get("kind") == "answers" else leaf


def free(naive: Naive, evidence: Plain, target: str) -> list[Piece]:
    """The pieces that may change: what a departure rests on may not where something else rests on it too."""
    held = set[str]()
    for name in evidence.get("departures", {}):
        shared = (beneath(naive, name) - {name}) & beneath(naive, target, without=name)
        held |= {question_of(naive, leaf) for leaf in shared}
        held |= {leaf for leaf in shared if leaf in evidence["departures"]}
    return [piece for piece in pieces(naive, evidence) if piece.name not in held]


def cheapest(naive: Naive, evidence: Plain, target: str, wanted: Any) -> tuple[int, int | None]:
    """The fewest changes, and how many ways there are with so few; None for those where the trying has ended before."""
    found, tried = free(naive, evidence, target), 0
    most = sum(max(cost for cost, _ in piece.options) for piece in found)
    for cost in range(most + 1):
        count = 0
        for said in at_cost(found, cost):
            tried += 1
            if tried > MOST:
                return cost, None
            value = naive.on(changed(evidence, said)).value(target)
            count += isinstance(value, Rating) and wanted(value.place)
        if count:
            return cost, count
    return most + 1, 0


def reached(framework: Framework, answer: WhatIf, evidence: Evidence) -> bool:
    """Whether evidence gives what was asked for; what is refused gives nothing."""
    scale = framework.graph[answer.node].binding.scale
    assert scale is not None
    try:
        value = rate_evidence(framework, evidence).results[answer.node].value
    except InspectError:
        return False
    goal = scale.position(answer.rating)
    return isinstance(value, int) and (value >= goal if answer.asked == "reach" else value < goal)


def lesser(framework: Framework, change: Change) -> Change | None:
    """A change with one step less, if it has more than one."""
    if change.size == 1:
        return None
    if isinstance(change.was, Tally) and isinstance(change.to, Tally):
        nearer = 1 if change.to.yes < change.was.yes else -1
        return attrs.evolve(change, to=Tally(change.to.yes + nearer, change.to.of), size=change.size - 1)
    if change.what in (What.PANEL, What.RATING):
        scale = framework.graph[change.node].binding.scale
        assert scale is not None
        was, to = scale.position(str(change.was)), scale.position(str(change.to))
        return attrs.evolve(change, to=scale.ratings[to + (1 if to < was else -1)], size=change.size - 1)
    return None


def check_ways(framework: Framework, answer: WhatIf, evidence: Any) -> None:
    """Every way replays, and with any change left out or made smaller it does not."""
    given_evidence = evidence_from(evidence)
    assert len(answer.ways) == min(answer.count, len(answer.ways)) and len(set(map(repr, answer.ways))) == len(
        answer.ways
    )
    for way in answer.ways:
        assert way.size == answer.size
        assert sum(coming.needed for coming in way.coming) == answer.needed
        after = way.apply(given_evidence)
        assert reached(framework, answer, after), way
        judgement = inspectlib.rate(framework, after)
        for effect in way.effects:
            assert judgement[effect.node].rating in (effect.to, None), effect
        for place, change in enumerate(way.changes):
            others = (*way.changes[:place], *way.changes[place + 1 :])
            less = lesser(framework, change)
            for changes in [others, *([(*others, less)] if less else [])]:
                assert not reached(framework, answer, attrs.evolve(way, changes=changes).apply(given_evidence)), change


def questions(rng: random.Random, framework: Framework, evidence: Any) -> Iterator[WhatIf]:
    """Some questions about a rated inspection, with their answers."""
    judgement = inspectlib.rate(framework, evidence)
    nodes = [name for name, node in framework.graph.nodes.items() if node.type.kind is Kind.RATING]
    for name in rng.sample(nodes, min(2, len(nodes))):
        scale = framework.graph[name].binding.scale
        assert scale is not None
        yield judgement.to_reach(name, rng.choice(scale.ratings), most=3)
        value = judgement._rated.results[name].value if judgement._rated else None
        if isinstance(value, int):
            yield judgement.to_lower(name, most=3)


def check_complete(example: Example, rng: random.Random) -> None:
    """The promise for complete evidence, departures among it."""
    mapping, framework, _ = example
    naive = Naive(mapping)
    evidence = small(rng, naive, make_evidence(rng, naive))
    departures = add_stated(rng, naive, evidence).get("departures", {})
    for name, departure in departures.items():
        with_it = {**evidence, "departures": {**evidence.get("departures", {}), name: departure}}
        try:
            inspectlib.rate(framework, with_it)
        except InspectError:
            continue
        evidence = with_it
    naive = naive.on(evidence)
    for answer in questions(rng, framework, evidence):
        scale = framework.graph[answer.node].binding.scale
        assert scale is not None
        goal, reach = scale.position(answer.rating), answer.asked == "reach"
        cost, count = cheapest(naive, evidence, answer.node, lambda p: p >= goal if reach else p < goal)  # noqa: B023  # called at once
        if answer.size is None:
            assert count in (0, None), (answer, cost, evidence)
            assert answer.obstacles or answer.rating in scale.ratings, answer
        elif count is None:
            assert answer.size >= cost, (answer, cost)
        else:
            assert (answer.size, answer.count) == (cost, count), (answer, evidence)
        check_ways(framework, answer, evidence)


@given(example=shipped_frameworks(), rng=randoms())
def test_nothing_is_cheaper_under_shipped_frameworks(example: Example, rng: random.Random) -> None:
    """Under a shipped framework the fewest changes are the fewest there are, as many ways as there are, and replay."""
    check_complete(example, rng)


@given(example=frameworks(), rng=randoms())
def test_nothing_is_cheaper_under_made_up_frameworks(example: Example, rng: random.Random) -> None:
    """Under a made-up framework the fewest changes are the fewest there are, as many ways as there are, and replay."""
    check_complete(example, rng)


@given(example=frameworks(), rng=randoms())
def test_open_and_stated_evidence_replays(example: Example, rng: random.Random) -> None:
    """With evidence open, by case, and stated at several levels, every way replays and none of it can be left out."""
    mapping, framework, _ = example
    naive = Naive(mapping)
    evidence = make_evidence(rng, naive)
    if rng.random() < 0.5:
        evidence = add_stated(rng, naive, evidence)
    if rng.random() < 0.7:
        evidence = make_open(rng, evidence, Fraction(rng.choice([5, 20, 50]), 100))
    try:
        inspectlib.rate(framework, evidence)
    except InspectError:
        return
    try:
        for answer in questions(rng, framework, evidence):
            check_ways(framework, answer, evidence)
    except Unanswerable:
        pass
