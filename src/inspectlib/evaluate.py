"""From evidence to values: every node of the graph, an interval where evidence is still open.

`settle` is the whole of the rating: one pass over the graph on complete evidence. Open evidence is handled around it,
by settling the completions that bound all others: for a node that better evidence can only help, the worst and the
best completion; for one that it can also harm, every completion that the rules can tell apart, followed together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

import attrs

from inspectlib.completions import ends, every_stretch
from inspectlib.explore import explore
from inspectlib.graph import Node, RuleGraph
from inspectlib.intake import Intake
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Polarity, Score, Tally, Value
from inspectlib.rules import CountRule, Given, Names, Slot, WithoutInput
from inspectlib.rules.table import Table

__all__ = ["Completions", "Interval", "Result", "above_open", "evaluate", "open_beneath", "settle"]

#: More combinations of inputs than this are not tried one by one, where that is needed at all.
MAX_COMBINATIONS = 4096


@attrs.frozen
class Interval:
    """What a node can still become.

    Attributes:
        worst: the worst value still possible.
        best: the best value still possible.
        absent: whether it can also turn out to have no value.
    """

    worst: Value
    best: Value
    absent: bool = False


@attrs.frozen
class Result:
    """What a node has.

    Attributes:
        value: the value that counts.
        computed: what its rule gives, where a value was stated or departed to instead; else the same.
    """

    value: Given | Interval
    computed: Given | Interval


def settle(
    graph: RuleGraph,
    evidence: Mapping[str, Given],
    fixed: Mapping[str, Given],
    *,
    other_rounding: bool = False,
    only: Names | None = None,
) -> tuple[dict[str, Given], dict[str, Given]]:
    """The value of every node on complete evidence, and what the rules compute for the nodes whose value is fixed.

    Args:
        graph: the rule graph.
        evidence: what every evidence node is given.
        fixed: values that stand whatever the rule computes: stated ones, and departures.
        other_rounding: round shares before banding where the bands do not, and the other way round.
        only: the nodes to settle, each after all that it depends on; every node unless given.
    """
    values: dict[str, Given] = {}
    computed: dict[str, Given] = {}
    for name in graph.nodes if only is None else only:
        node = graph.nodes[name]
        inputs: list[Given] = [values[i] for i in graph.inputs[name]]
        if node.rule.takes_evidence:
            inputs.insert(0, evidence[name])
        value = node.value(inputs, other_rounding=other_rounding)
        if name in fixed:
            computed[name] = value
            value = fixed[name]
        values[name] = value
    return values, computed


def evaluate(graph: RuleGraph, intake: Intake, *, other_rounding: bool = False) -> dict[str, Result]:
    """What every node has, an interval where evidence is open and matters; `other_rounding` as for `settle`."""
    if not intake.open:
        values, computed = settle(graph, intake.settled, fixed_values(intake), other_rounding=other_rounding)
        return {name: Result(value, computed.get(name, value)) for name, value in values.items()}
    completions = Completions(graph, intake, other_rounding=other_rounding)
    return {name: completions.result(name) for name in graph.nodes}


def fixed_values(intake: Intake) -> dict[str, Given]:
    """The values that stand whatever the rules compute: stated ones, and departures."""
    return {**intake.given, **{name: value for name, (value, _) in intake.departures.items()}}


def open_beneath(graph: RuleGraph, intake: Intake, name: str) -> Names:
    """The open evidence that a node rests on, each after those before it; stated values pass nothing on."""
    seen, todo, fixed = set[str](), [name], fixed_values(intake)
    while todo:
        node = todo.pop()
        if node not in seen and node not in fixed:
            seen.add(node)
            todo.extend(graph.inputs[node])
    return graph.sort(seen.intersection(intake.open))


def above_open(graph: RuleGraph, intake: Intake) -> frozenset[str]:
    """The nodes that rest on open evidence, itself included; stated values pass nothing on."""
    found, fixed = set[str](), fixed_values(intake)
    for name, inputs in graph.inputs.items() if intake.open else ():
        if name not in fixed and (name in intake.open or not found.isdisjoint(inputs)):
            found.add(name)
    return frozenset(found)


#: Which completion of each open evidence: its worst, its best, or the one in which nothing applies.
_WORST, _BEST, _ABSENT = range(3)
#: The completion that is the worst for a node which better evidence harms is the best, and the other way round.
_TURNED = (_BEST, _WORST, _ABSENT)


class Completions:
    """What the nodes of a graph can become over all completions of open evidence, each found when it is asked for."""

    def __init__(self, graph: RuleGraph, intake: Intake, *, other_rounding: bool = False) -> None:
        self.graph = graph
        self.intake = intake
        self.fixed = fixed_values(intake)
        self.other_rounding = other_rounding
        self.ends = {leaf: ends(graph[leaf], count) for leaf, count in intake.open.items()}
        #: Open evidence as bits, and by node that of which better evidence can help, and can harm.
        self.bits = {leaf: 1 << place for place, leaf in enumerate(intake.open)}
        self.effects: dict[str, tuple[int, int]] = {}
        #: Whether the worst and best of a node may lie where some inputs are absent and others are not.
        self.mixed: dict[str, bool] = {}
        self.found: dict[str, Result] = {}
        self.corners: dict[tuple[str, int], Given] = {}

    def result(self, name: str) -> Result:
        """What a node has."""
        for beneath in self._unseen(name):
            node = self.graph.nodes[beneath]
            self.effects[beneath] = self._effect(node)
            passed_on = any(self.mixed[i] and i not in self.fixed for i in node.inputs)
            self.mixed[beneath] = passed_on or self._absorbs(node)
        if name not in self.found:
            computed = self._computed(self.graph.nodes[name])
            self.found[name] = Result(self.fixed.get(name, computed), computed)
        return self.found[name]

    def _unseen(self, name: str) -> Names:
        """The nodes beneath a node that were not looked at yet, each after its inputs, itself included."""
        seen, todo = set[str](), [name]
        while todo:
            node = todo.pop()
            if node not in seen and node not in self.mixed:
                seen.add(node)
                todo.extend(self.graph.inputs[node])
        return self.graph.sort(seen)

    def _effect(self, node: Node) -> tuple[int, int]:
        """The open evidence of which better can help a node, and that of which better can harm it."""
        helps = self.bits.get(node.name, 0)
        harms = 0
        for name, polarity in zip(self.graph.inputs[node.name], node.polarity, strict=True):
            if name in self.fixed or polarity is Polarity.NOTHING:
                continue
            up, down = self.effects[name]
            if polarity is Polarity.EITHER:
                up = down = up | down
            elif polarity is Polarity.HARMS:
                up, down = down, up
            helps, harms = helps | up, harms | down
        return helps, harms

    def _absorbs(self, node: Node) -> bool:
        """Whether a node goes on without an input as it would with none of the values that the input can have."""
        table = node.binding.table
        if isinstance(table, Table):  # which may say anything of absence
            columns = zip(node.inputs, table.columns, strict=True)
            return any(column.takes_absent and self._absent_at_times(name) for name, column in columns)
        slots = (slot for slot in node.rule.slots() if slot.without is not WithoutInput.PASSES)
        return any(self._outdone(node, slot, name) for slot in slots for name in node.slots[slot.name])

    def _absent_at_times(self, name: str) -> bool:
        value = self.result(name).value
        return isinstance(value, Interval) and value.absent

    def _outdone(self, node: Node, slot: Slot, name: str) -> bool:
        """Whether leaving an input out can give more than its best value does, or less than its worst."""
        value = self.result(name).value
        if not isinstance(value, Interval) or not value.absent:
            return False
        worst, best = self._widest(name)
        if slot.without is not WithoutInput.AS_WORST and value.best != best:
            return True
        if slot.without is not WithoutInput.AS_BEST and value.worst != worst:
            return True
        if isinstance(node.rule, CountRule):
            return node.rule.counts_every(node.binding)
        # Where even the worst rating scores, leaving it out takes from the sum.
        scale = node.binding.scale
        return node.type.kind is Kind.SCORE and scale is not None and scale.score(0) > 0

    def _widest(self, name: str) -> tuple[Value | None, Value | None]:
        """The ends of all that a node of its kind could ever have; a number has none."""
        node = self.graph[name]
        if node.type.kind is Kind.RATING:
            assert node.binding.scale is not None
            return 0, len(node.binding.scale.ratings) - 1
        return (False, True) if node.type.kind is Kind.FLAG else (None, None)

    def _computed(self, node: Node) -> Given | Interval:
        """What the rule of a node gives."""
        name = node.name
        helps, harms = self.effects[name]
        if not self.intake.open:
            return self._at_corner(name, _WORST)
        if self.mixed[name] or helps & harms:
            explored = self._explored(name, helps & harms)
            return self._from_inputs(node, either=bool(helps & harms)) if explored is None else explored
        return _joined(self._at_corner(name, end) for end in (_WORST, _BEST, _ABSENT))

    def _at_corner(self, name: str, end: int) -> Given:
        """What a node has where open evidence is all at its worst or best for the node, or all absent."""
        # Inputs first and one by one: graphs can be deeper than Python lets functions call each other.
        todo = [(name, end)]
        while todo:
            at = todo[-1]
            if at in self.corners:
                todo.pop()
                continue
            node = self.graph.nodes[at[0]]
            lower = [
                (i, _TURNED[at[1]] if polarity is Polarity.HARMS else at[1])
                for i, polarity in zip(self.graph.inputs[node.name], node.polarity, strict=True)
            ]
            missing = [key for key in lower if key[0] not in self.fixed and key not in self.corners]
            if missing:
                todo.extend(reversed(missing))
                continue
            inputs = [self.fixed[key[0]] if key[0] in self.fixed else self.corners[key] for key in lower]
            if node.rule.takes_evidence:
                ends = self.ends.get(node.name)
                inputs.insert(0, self.intake.settled[node.name] if ends is None else ends[at[1]])
            self.corners[at] = node.value(inputs, other_rounding=self.other_rounding)
            todo.pop()
        return self.corners[name, end]

    def _settle(self, chosen: Mapping[str, Given]) -> tuple[dict[str, Given], dict[str, Given]]:
        evidence = {**self.intake.settled, **chosen}
        return settle(self.graph, evidence, self.fixed, other_rounding=self.other_rounding)

    def _explored(self, name: str, either: int) -> Given | Interval | None:
        """What a node can become, every completion that matters followed together; None when they are too many."""
        choices: dict[str, Sequence[tuple[Given]]] = {}
        below = self.graph.below(name)
        for leaf in below:
            if leaf in self.fixed and leaf != name:
                choices[leaf] = ((self.fixed[leaf],),)
            elif leaf in self.intake.open:
                options: Sequence[Given] | None = self.ends[leaf]
                if self.bits[leaf] & either:
                    options = every_stretch(self.graph, leaf, self.intake.open[leaf])
                if options is None:
                    return None
                choices[leaf] = [(option,) for option in dict.fromkeys(options)]
            elif leaf in self.intake.settled:
                choices[leaf] = ((self.intake.settled[leaf],),)
        found = explore(self.graph, (name,), choices, other_rounding=self.other_rounding)
        if found is None:
            return None
        values = [value for ((value,),) in found]
        if all(isinstance(value, Absent) for value in values):
            # The reasons, which are not followed, are those of the completions found.
            unseen = {leaf: ends[_WORST] for leaf, ends in self.ends.items()}  # not beneath it
            chosen = [{leaf: option for leaf, (option,) in choice.items()} for choice in found.values()]
            settled = [self._settle({**unseen, **choice}) for choice in chosen]
            values = [computed.get(name, all_values[name]) for all_values, computed in settled]
        return _joined(values)

    def _from_inputs(self, node: Node, *, either: bool) -> Given | Interval:
        """What a node can become whatever its inputs become, each by itself: as wide as the truth or wider."""
        options = [every_value(self.graph[name], self.result(name).value) for name in node.inputs]
        if node.rule.takes_evidence:
            own = self.intake.settled.get(node.name)
            options.insert(0, () if own is None else (own,))
        if 0 < prod(len(option) for option in options) <= MAX_COMBINATIONS:
            return _joined(node.value(chosen, other_rounding=self.other_rounding) for chosen in product(*options))
        # Whether it can turn out absent is said too often rather than not.
        absent = isinstance(self._at_corner(node.name, _ABSENT), Absent)
        return Interval(*node.range, absent=absent or either)


def every_value(node: Node, value: Given | Interval) -> Sequence[Given]:
    """Every value in an interval; none when there is no end of them."""
    if not isinstance(value, Interval):
        return [value]
    values: list[Given] = []
    if isinstance(value.worst, int):
        assert isinstance(value.best, int)
        kind = type(value.worst)  # a flag is a number too
        values = [kind(position) for position in range(value.worst, value.best + 1)]
    elif node.type.kind is Kind.CHOICE:
        values = list(node.type.options)
    return [*values, Absent(Absence.NOT_RATED, "an input may turn out absent")] if values and value.absent else values


def _joined(outcomes: Iterable[Given]) -> Given | Interval:
    """One value when all are the same, else the interval they span."""
    found = list(dict.fromkeys(outcomes))
    if len(found) == 1:
        return found[0]
    absent = [value for value in found if isinstance(value, Absent)]
    values = [value for value in found if not isinstance(value, (Absent, PanelRating))]
    if not values:
        return Absent(Absence.NOT_RATED, " or ".join(sorted({a.reason for a in absent})))
    return Interval(min(values, key=order), max(values, key=order), bool(absent))


def order(value: Value) -> tuple[Fraction | int | str, ...]:
    """Sorts the values of one node from worst to best."""
    if isinstance(value, Score):
        return value.points, -value.max  # the same points out of fewer are better
    if isinstance(value, Tally):
        return (Fraction(value.yes, value.of) if value.of else Fraction(-1), value.yes)
    return (value,)
