"""The fewest changes of the evidence after which a node has what is asked for: exact, over all combinations.

What each piece of evidence could say instead has a cost: the changes it takes, and what open evidence must still bring.
All combinations are followed through the graph at once (`explore`), and of those that lead to the same state only the
cheapest are kept, all of them. So the cheapest that are left at the end are the cheapest there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from inspectlib.errors import Unanswerable
from inspectlib.evaluate import Interval
from inspectlib.evidence import Count
from inspectlib.explore import follow
from inspectlib.framework import natural
from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Absent, Kind, PanelRating, Score, Tally
from inspectlib.letters import edges_of, letters, teller
from inspectlib.rating import Rated, agrees
from inspectlib.rules import BandRule, Given, Names, PanelRule, TableRule, TestRule

__all__ = ["START", "Cost", "Leaves", "Option", "Ways", "attainable", "fewest", "leaves_of", "picked"]

#: More steps of one number are not tried one by one.
MAX_STEPS = 2_000
#: More ways are not told one by one; they are counted all the same.
MAX_LISTED = 1_000

#: The changes, and what open evidence must still bring. The fewest changes come first.
Cost = tuple[int, int]


@attrs.frozen
class Option:
    """One thing that a piece of evidence could say.

    Attributes:
        value: what it says; None for a departure that is withdrawn, so that what the rules compute counts.
        changes: how many changes that takes.
        needed: what open evidence must still bring: sufficient answers, or bands above the worst; when a rating is to
            be lowered, insufficient answers, or bands below the best.
    """

    value: Given | None
    changes: int = 0
    needed: int = 0


#: What each piece of evidence beneath a node could say.
Leaves = Mapping[str, tuple[Option, ...]]


@attrs.frozen(eq=False)
class Ways:
    """All the cheapest ways to one state.

    Attributes:
        cost: what each of them costs.
        count: how many they are.
        sources: the ways that they go on from, each with the node that branches there and the option taken; as many as
            are told one by one.
    """

    cost: Cost
    count: int
    sources: tuple[tuple[Ways, str, int], ...] = ()


START = Ways((0, 0), 1)


def fewest(graph: RuleGraph, target: str, leaves: Leaves, wanted: Callable[[Given], bool]) -> Ways | None:
    """The cheapest ways to something wanted of a node; None when no way leads there.

    Raises:
        Unanswerable: there are too many combinations to follow.
    """

    def chosen(ways: Ways, name: str, place: int) -> Ways:
        option = leaves[name][place]
        return Ways((ways.cost[0] + option.changes, ways.cost[1] + option.needed), ways.count, ((ways, name, place),))

    found = follow(graph, (target,), _choices(leaves), START, chosen, _joined)
    if found is None:
        raise Unanswerable(f"there are too many combinations of evidence beneath {target} to try them all")
    reached: Ways | None = None
    for ((value,),), ways in found.items():
        if wanted(value):
            reached = _joined(reached, ways) if reached else ways
    return reached


def attainable(graph: RuleGraph, target: str, leaves: Leaves) -> frozenset[Given]:
    """All that a node can come to have; nothing when there are too many combinations to follow."""
    found = follow(graph, (target,), _choices(leaves), None, lambda *_: None, lambda *_: None)
    return frozenset(value for ((value,),) in found or ())


def _choices(leaves: Leaves) -> dict[str, tuple[tuple[Given | None], ...]]:
    return {name: tuple((option.value,) for option in options) for name, options in leaves.items()}


def _joined(first: Ways, second: Ways) -> Ways:
    """The cheaper of two, or both."""
    if first.cost == second.cost:
        return Ways(first.cost, first.count + second.count, (*first.sources, *second.sources)[:MAX_LISTED])
    return min(first, second, key=lambda ways: ways.cost)


def picked(ways: Ways, leaves: Leaves) -> Iterator[dict[str, Option]]:
    """The ways one by one, always in the same order: for each piece of evidence that branched what it says."""
    todo: list[tuple[Ways, dict[str, Option]]] = [(ways, {})]
    while todo:
        at, said = todo.pop()
        if not at.sources:
            yield said
        todo.extend((source, {**said, name: leaves[name][place]}) for source, name, place in reversed(at.sources))


# --- what evidence could say


def leaves_of(rated: Rated, target: str, held: frozenset[str], *, better: bool) -> dict[str, tuple[Option, ...]]:
    """What each piece of evidence beneath a node could say instead.

    Evidence that is held says what it says; where it is open it may come out in any way all the same.

    Args:
        rated: the rated inspection.
        target: the node.
        held: the nodes whose evidence is held.
        better: whether open evidence is wanted to come out well, or badly.

    Raises:
        Unanswerable: something that is open beneath the node could be too much to try.
    """
    options = _Options(rated, better=better)
    return {name: options.of(name, held=name in held) for name in branching(rated, target)}


def branching(rated: Rated, target: str) -> Names:
    """The nodes beneath a node at which evidence says something.

    A value stated where evidence beneath it is open stands, so nothing beneath it is looked at.
    """
    found, seen, todo = list[str](), set[str](), [target]
    graph = rated.framework.graph
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if stands(rated, name):
            found.append(name)
            continue
        if graph[name].rule.takes_evidence or name in rated.intake.departures:
            found.append(name)
        todo.extend(graph.inputs[name])
    return tuple(sorted(found, key=natural))


def stands(rated: Rated, name: str) -> bool:
    """Whether a value is stated for a node that cannot be computed yet, so that the statement is all there is."""
    return name in rated.intake.given and isinstance(rated.results[name].computed, Interval)


class _Options:
    """What pieces of evidence could say."""

    def __init__(self, rated: Rated, *, better: bool) -> None:
        self.graph = rated.framework.graph
        self.intake = rated.intake
        self.rated = rated
        self.better = better

    def of(self, name: str, *, held: bool) -> tuple[Option, ...]:
        """What the evidence at a node could say, what it says among it."""
        node, value = self.graph[name], self.intake.settled.get(name)
        if stands(self.rated, name):
            found = self._stated(node, self.intake.given[name])
        elif name in self.intake.departures:
            found = (Option(self.intake.departures[name][0]), Option(None, changes=1))
        elif value is None:
            found = self._open(node, self.intake.open[name])
        elif isinstance(value, Tally) and value.of:
            found = self._answers(node, Count(value.yes, value.of))
        elif isinstance(value, (Absent, Tally)):
            found = (Option(value),)  # whether something applies or is rated is no matter of how good it is
        else:
            found = self._said(node, value)
        return tuple(option for option in found if not option.changes) if held else found

    def _said(self, node: Node, value: Given) -> tuple[Option, ...]:
        """What is given by the evidence, and not answers: a band or a step is a change, and so is another option."""
        scale = node.binding.scale
        if isinstance(value, PanelRating) and scale:
            places = range(len(scale.ratings))
            return tuple(Option(PanelRating(p, value.has_reason), abs(p - value.position)) for p in places)
        if node.type.kind is Kind.RATING and isinstance(value, int) and scale:
            return tuple(Option(place, abs(place - value)) for place in range(len(scale.ratings)))
        if node.type.kind is Kind.FLAG:
            return tuple(Option(flag, int(flag != value)) for flag in (False, True))
        if node.type.kind is Kind.CHOICE:
            return tuple(Option(option, int(option != value)) for option in node.type.options)
        if node.type.bounds and node.type.step and isinstance(value, Fraction):
            least, most = node.type.bounds
            step = node.type.step
            now = int((value - least) / step)
            return self._nearest(
                node,
                (least, step, int((most - least) / step)),
                (now,),
                lambda place: Option(least + place * step, abs(place - now)),
            )
        return (Option(value),)  # a number that is not counted in steps has no smallest change

    def _answers(self, node: Node, count: Count) -> tuple[Option, ...]:
        """So many sufficient answers: each that is changed counts, those that are open come out as they are wanted."""
        whole = count.of + count.open

        def option(yes: int) -> Option:
            sufficient = min(max(yes - count.yes, 0), count.open)
            changed = abs(yes - count.yes - sufficient)
            return Option(Tally(yes, whole), changed, sufficient if self.better else count.open - sufficient)

        anchors = (count.yes, count.yes + count.open)
        return self._nearest(node, (Fraction(0), Fraction(1, whole), whole), anchors, option)

    def _nearest(
        self, node: Node, steps: tuple[Fraction, Fraction, int], anchors: Sequence[int], option: Callable[[int], Option]
    ) -> tuple[Option, ...]:
        """Of the steps of a number, those that are nearest among all of which the rules make the same."""
        least, step, top = steps
        places = {*anchors, 0, top}
        if self._told_by_edges(node.name):
            for edge in edges_of(self.graph, node.name):
                at = (edge - least) // step
                places.update(place for place in range(at - 1, at + 3) if 0 <= place <= top)
        elif top <= MAX_STEPS:
            places.update(range(top + 1))
        else:
            raise Unanswerable(f"{node.name} has {top:,} steps, too many to try them all")
        tell, nearest = teller(self.graph, node.name), dict[object, list[Option]]()
        for place in sorted(places):
            found = option(place)
            known = nearest.setdefault(tell(least + place * step), [])
            cost = (found.changes, found.needed)
            if not known or cost < (known[0].changes, known[0].needed):
                known[:] = [found]
            elif cost == (known[0].changes, known[0].needed):
                known.append(found)
        return tuple(found for known in nearest.values() for found in known)

    def _told_by_edges(self, name: str) -> bool:
        """Whether all that uses a number, or the share of answers, only looks at where it lies between edges."""
        if self.graph[name].type.kind is Kind.ANSWERS:
            return True
        users = (node for node in self.graph.nodes.values() if name in node.inputs)
        return all(isinstance(node.rule, (BandRule, TestRule, TableRule)) for node in users)

    def _stated(self, node: Node, value: Given) -> tuple[Option, ...]:
        """What is stated for a node that is otherwise computed, as far as the evidence beneath it lets it be."""
        computed, scale = self.rated.results[node.name].computed, node.binding.scale
        found: Sequence[Option] = (Option(value),)
        if isinstance(value, Absent):
            return tuple(found)
        if isinstance(value, Score) and scale and self._whole(node):
            found = [
                Option(Score(Fraction(points), value.max), abs(points - int(value.points)))
                for points in range(int(value.max) + 1)
            ]
        elif node.type.kind is Kind.SHARE and isinstance(value, Fraction):
            # A percentage point is a step, and so is what is left of one at either end.
            points = {value + Fraction(step, 100) for step in range(-100, 101)} | {Fraction(0), Fraction(1)}
            found = [Option(p, -int(-abs(p - value) * 100 // 1)) for p in sorted(points) if 0 <= p <= 1]
        elif node.type.kind is not Kind.NUMBER:
            found = self._said(node, value)
        return tuple(option for option in found if option.value is not None and agrees(option.value, computed))

    def _whole(self, node: Node) -> bool:
        """Whether a total is counted in whole points."""
        scale = node.binding.scale
        assert scale is not None
        return all(number.denominator == 1 for number in (*node.binding.weights, *scale.scores))

    def _open(self, node: Node, count: Count | None) -> tuple[Option, ...]:
        """What open evidence can still bring, which is no change."""
        if count is not None:
            return self._answers(node, count)
        if self._pooled(node.of):
            raise Unanswerable(f"{node.of} is open because not every unit has answers to it yet; state them")
        values = [
            value
            for value in letters(self.graph, node.name) or ()
            if not isinstance(value, Absent) and value != Tally(0, 0)
        ]
        if not values:
            raise Unanswerable(f"{node.name} is open and could be any number; state it first")
        if isinstance(values[0], PanelRating):
            return tuple(self._open_panel(node, value) for value in values if isinstance(value, PanelRating))
        places = len(values) - 1
        if node.type.kind is Kind.CHOICE:
            return tuple(Option(value, needed=int(place > 0)) for place, value in enumerate(values))
        return tuple(
            Option(value, needed=place if self.better else places - place) for place, value in enumerate(values)
        )

    def _pooled(self, question: str) -> bool:
        """Whether a question is put to the cases of several units."""
        units, pools = self.intake.counts.units, self.rated.framework.data.pools.values()
        asked = any(question in counts for counts in units.values())
        return bool(units) and (asked or any(question in pool.numbers().values() for pool in pools))

    def _open_panel(self, node: Node, value: PanelRating) -> Option:
        """A rating the panel has still to give; that it must record a reason is one thing more to be brought."""
        assert isinstance(node.rule, PanelRule) and node.binding.scale is not None
        top = len(node.binding.scale.ratings) - 1
        bands = value.position if self.better else top - value.position
        return Option(value, needed=bands + value.has_reason)
