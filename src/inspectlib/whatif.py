"""What would change a rating: the fewest changes of the evidence that reach one, or that lower the one there is.

An answer changed from no to yes or back is one change; so is a rating of the panel, or one stated, moved by one band;
a point of a total, a step of a number, a percentage point of a share; another option of a choice or a flag; and a
recorded departure that is withdrawn. A departure stands with the answers it was judged on, so those change only when it
falls. No departure and no reason is made up. Whether something applies or is rated at all is not changed either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import attrs

from inspectlib.errors import NoRating, OffScale, Unanswerable, UnknownNode, did_you_mean
from inspectlib.evaluate import Interval, evaluate
from inspectlib.fewest import MAX_LISTED, Leaves, Option, branching, fewest, leaves_of, picked, stands
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import NO_RATING, Framework, Node, Role
from inspectlib.intake import Intake
from inspectlib.kinds import Absent, Kind, PanelRating, Tally
from inspectlib.obstacles import Standing, obstacles, value_words
from inspectlib.outcome import Shown, shown
from inspectlib.rating import Rated, agrees
from inspectlib.rules import Given, PanelRule
from inspectlib.ways import Asked, Change, Coming, Effect, Way, What, WhatIf

__all__ = ["to_lower", "to_reach"]


def to_reach(rated: Rated, name: str, rating: str, *, hold: Iterable[str] = (), most: int = 10) -> WhatIf:
    """The fewest changes after which a node has a rating, or a better one.

    Args:
        rated: the rated inspection.
        name: the node.
        rating: the rating to be reached.
        hold: what is not to be changed: standards, key questions, domains or other nodes, with the evidence that each
            is put together from.
        most: how many ways with so few changes are told; all of them are counted.

    Raises:
        UnknownNode: the framework has no such node.
        NoRating: the node has no rating.
        OffScale: there is no such rating on its scale.
        Unanswerable: an exact answer takes too much, or evidence that is not there yet.
    """
    node = _rating_node(rated.framework, name)
    assert node.binding.scale is not None
    return _Question(rated, node, Asked.REACH, node.binding.scale.position(rating), tuple(hold), most).answer()


def to_lower(rated: Rated, name: str, *, hold: Iterable[str] = (), most: int = 10) -> WhatIf:
    """The fewest changes after which a node has a worse rating than it has, or than it can still get while it is open.

    Args:
        rated: the rated inspection.
        name: the node.
        hold: what is not to be changed, as for `to_reach`.
        most: how many ways with so few changes are told; all of them are counted.

    Raises:
        UnknownNode: the framework has no such node.
        NoRating: the node has no rating.
        Unanswerable: an exact answer takes too much, or evidence that is not there yet.
    """
    node = _rating_node(rated.framework, name)
    value = rated.results[name].value
    best = value.best if isinstance(value, Interval) else value
    if not isinstance(best, int):
        raise NoRating(f"{node.title} has no rating that could be lowered: it is {value_words(node, value)}")
    return _Question(rated, node, Asked.LOWER, best, tuple(hold), most).answer()


def _rating_node(framework: Framework, name: str) -> Node:
    if name in framework.unrated:
        raise NoRating(f"{framework.unrated[name].title} has no rating: {NO_RATING}")
    node = framework.graph[name]
    if node.type.kind is not Kind.RATING:
        raise NoRating(f"{node.title} is a {node.type.kind}, not a rating")
    return node


class _Question:
    """One question about one node of a rated inspection."""

    def __init__(  # noqa: PLR0917  # made in two places, as their arguments stand
        self, rated: Rated, node: Node, asked: Asked, goal: int, hold: tuple[str, ...], most: int
    ) -> None:
        if most < 1:
            raise OffScale(f"{most} is no number of ways; tell 1 at least")
        self.rated = rated
        self.framework = rated.framework
        self.node = node
        self.asked = asked
        self.goal = goal
        self.hold = hold
        self.most = most

    def wanted(self, value: Given) -> bool:
        """Whether a value is what is asked for."""
        if not isinstance(value, int):
            return False
        return value >= self.goal if self.asked is Asked.REACH else value < self.goal

    def answer(self) -> WhatIf:
        """The answer."""
        standing = self._standing(self.hold)
        leaves = self._leaves(standing)
        ways = fewest(self.framework.graph, self.node.name, leaves, self.wanted)
        scale = self.node.binding.scale
        assert scale is not None
        base = WhatIf(
            node=self.node.name,
            title=self.node.title,
            asked=self.asked,
            rating=scale.ratings[self.goal],
            now=value_words(self.node, self.rated.results[self.node.name].value),
            held=self.hold,
        )
        if ways is None:
            return self._no_way(base, standing, leaves)
        found = [(self._way(said), said) for said in islice(picked(ways, leaves), MAX_LISTED)]
        found.sort(key=lambda way: _order(way[0]))
        size, needed = ways.cost
        told = tuple(self._told(way, said) for way, said in found[: self.most])
        return attrs.evolve(base, size=size, needed=needed, count=ways.count, ways=told)

    def _no_way(self, base: WhatIf, standing: Standing, leaves: Leaves) -> WhatIf:
        limit, found = obstacles(self.rated, self.node, self.wanted, standing, leaves)
        if self.hold:
            free = fewest(self.framework.graph, self.node.name, self._leaves(self._standing(())), self.wanted)
            if free is not None:
                changes = "1 change" if free.cost[0] == 1 else f"{free.cost[0]} changes"
                found = (*found, f"With nothing held it takes {changes}.")
        return attrs.evolve(base, limit=limit, obstacles=found)

    # --- what stands as it is

    def _standing(self, hold: Collection[str]) -> Standing:
        """What is not to be changed, each with the reason in words."""
        graph, found = self.framework.graph, dict[str, str]()
        for name in hold:
            for node in self._put_together_from(name):
                found.setdefault(node, "is held" if node == name else f"is held with {name}")
        for name in self.rated.intake.given:
            if stands(self.rated, name):
                why = f"stands, because {graph[name].title} is stated while evidence beneath it is open"
                for node in graph.below(name) - {name}:
                    found.setdefault(node, why)
        for name in self.rated.intake.departures:
            # What only the departure rests on changes nothing as long as it stands, so it needs no holding.
            why = f"stands, because the departure for {graph[name].title} rests on it"
            for node in (graph.below(name) - {name}) & self._beside(name):
                found.setdefault(node, why)
        return found

    def _beside(self, passed: str) -> frozenset[str]:
        """The nodes that the one asked about depends on even without what is beneath another."""
        seen, todo = set[str](), [self.node.name]
        while todo:
            name = todo.pop()
            if name not in seen and name != passed:
                seen.add(name)
                todo.extend(self.framework.graph.inputs[name])
        return frozenset(seen)

    def _put_together_from(self, name: str) -> Iterator[str]:
        """A node, or those of a domain, with the nodes that it is put together from; the guide of a panel is none."""
        graph, data = self.framework.graph, self.framework.data
        todo = [name]
        if name in data.domains:
            todo = list(data.domains[name].standards)
        elif name not in graph.nodes and name not in self.framework.unrated:
            known = [n for n, node in graph.nodes.items() if node.role is not Role.PART]
            raise UnknownNode(f"the framework has no {name!r}{did_you_mean(name, [*known, *data.domains])}")
        seen = set[str]()
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            if at in graph.nodes:
                yield at
                todo.extend(() if graph[at].rule.takes_evidence else graph.inputs[at])
            else:
                todo.extend(self.framework.unrated[at].parts if at in self.framework.unrated else ())

    def _leaves(self, standing: Standing) -> dict[str, tuple[Option, ...]]:
        graph, target = self.framework.graph, self.node.name
        beneath = {
            name for given in self.rated.intake.given if stands(self.rated, given) for name in graph.below(given)
        }
        for name in branching(self.rated, target):
            if name in self.rated.intake.open and name in beneath:
                message = (
                    f"{graph[name].of} is open, but a value that rests on it is stated; state {graph[name].of} too"
                )
                raise Unanswerable(message)
        return leaves_of(self.rated, target, frozenset(standing), better=self.asked is Asked.REACH)

    # --- ways

    def _way(self, said: Mapping[str, Option]) -> Way:
        """A way, without what it leads to."""
        changes = [self._change(name, option) for name, option in said.items() if option.changes]
        coming = [self._coming(name, option) for name, option in said.items() if name in self.rated.intake.open]
        return Way(
            changes=tuple(sorted(changes, key=lambda change: natural(change.node))),
            coming=tuple(sorted(coming, key=lambda coming: natural(coming.node))),
            framework=self.framework,
        )

    def _title(self, leaf: Node) -> str:
        of = self.framework.graph.nodes.get(leaf.of)
        return of.title if of else self.framework.unrated[leaf.of].title

    def _what(self, leaf: Node) -> What:
        if leaf.type.kind is Kind.ANSWERS:
            return What.ANSWERS
        if leaf.name in self.rated.intake.departures:
            return What.DEPARTURE
        if leaf.type.kind is Kind.RATING:
            return What.PANEL if isinstance(leaf.rule, PanelRule) else What.RATING
        return What.VALUE

    def _change(self, name: str, option: Option) -> Change:
        leaf, intake = self.framework.graph[name], self.rated.intake
        what, to = self._what(leaf), option.value
        if what is What.ANSWERS:
            count = intake.counts.pooled[leaf.of]
            assert isinstance(to, Tally)
            # Open answers come out one way or the other beside those that change.
            up = to.yes > count.yes
            yes = count.yes + option.changes * (1 if up else -1)
            return Change(
                node=leaf.of,
                title=self._title(leaf),
                what=what,
                was=Tally(count.yes, count.of),
                to=Tally(yes, count.of),
                size=option.changes,
            )
        was = intake.departures[name][0] if name in intake.departures else {**intake.settled, **intake.given}[name]
        return Change(
            node=name,
            title=leaf.title,
            what=what,
            was=_shown(leaf, was),
            to=None if to is None else _shown(leaf, to),
            size=option.changes,
        )

    def _coming(self, name: str, option: Option) -> Coming:
        leaf, to, count = self.framework.graph[name], option.value, self.rated.intake.open[name]
        assert to is not None
        answers = isinstance(to, Tally)
        return Coming(
            node=leaf.of if answers else name,
            title=self._title(leaf) if answers else leaf.title,
            what=self._what(leaf),
            to=_shown(leaf, to),
            needed=option.needed,
            count=count,
            sufficient=min(max(to.yes - count.yes, 0), count.open) if count and isinstance(to, Tally) else 0,
            departs=isinstance(to, PanelRating) and to.has_reason,
        )

    def _told(self, way: Way, said: Mapping[str, Option]) -> Way:
        """A way with what it leads to."""
        graph, rated = self.framework.graph, self.rated
        after = evaluate(graph, self._after(said))
        beside = {name: value for name, value in rated.intake.given.items() if not stands(rated, name)}
        agreeing = {name: value for name, value in beside.items() if agrees(value, after[name].computed)}
        if any(isinstance(after[name].value, Interval) for name in agreeing):
            after = evaluate(graph, self._after(said, agreeing))
        effects = [
            Effect(node=name, title=node.title, was=value_words(node, before), to=value_words(node, after[name].value))
            for name, node in graph.nodes.items()
            if node.type.kind is Kind.RATING
            and node.role not in (Role.PART, Role.QUESTION)
            and not _same(before := rated.results[name].value, after[name].value)
        ]
        said_so = {(change.node, change.to) for change in way.changes}
        effects = [effect for effect in effects if (effect.node, effect.to) not in said_so]
        return attrs.evolve(
            way,
            effects=tuple(sorted(effects, key=lambda effect: natural(effect.node))),
            left_out=tuple(sorted(beside.keys() - agreeing.keys(), key=natural)),
        )

    def _after(self, said: Mapping[str, Option], beside: Mapping[str, Given] = FrozenMapping()) -> Intake:
        """The evidence as a way has it; of values stated beside what they rest on, those that still agree with it."""
        intake = self.rated.intake
        given = {name: value for name, value in intake.given.items() if stands(self.rated, name)} | dict(beside)
        settled, departures = dict(intake.settled), dict(intake.departures)
        for name, option in said.items():
            if stands(self.rated, name) and option.value is not None:
                given[name] = option.value
            elif name not in departures and option.value is not None:
                settled[name] = option.value
            elif option.value is None:
                del departures[name]
        still_open = {name: count for name, count in intake.open.items() if name not in said}
        return attrs.evolve(intake, settled=settled, open=still_open, given=given, departures=departures)


def _order(way: Way) -> tuple[object, ...]:
    """The order in which ways are told: changes in the fewest places first, then by the names of the places."""
    places: list[Change | Coming] = [*way.changes, *(coming for coming in way.coming if coming.needed)]
    return len(places), [natural(place.node) for place in places], [repr(place) for place in places]


def _same(before: Given | Interval, after: Given | Interval) -> bool:
    return before == after or (isinstance(before, Absent) and isinstance(after, Absent))


def _shown(node: Node, value: Given) -> Shown:
    assert not isinstance(value, Absent)
    return shown(node, value.position if isinstance(value, PanelRating) else value)
