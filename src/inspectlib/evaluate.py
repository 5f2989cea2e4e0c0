"""From evidence to values: every node of the graph, an interval where evidence is still open.

`settle` is the whole of the rating: one pass over the graph on complete evidence. Open evidence is handled around it,
by settling the completions that bound all others: for a node that better evidence can only help, the worst and the
best completion; for one that it can also harm, the completions that are worst and best for that node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

import attrs

from inspectlib.evidence import Count
from inspectlib.graph import Node, RuleGraph
from inspectlib.intake import Intake
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Polarity, Score, Tally, Value
from inspectlib.rules import BandRule, Given, Names, PanelRule, WithoutInput

__all__ = ["Interval", "Result", "evaluate", "settle"]

#: More completions than this are not tried one by one; the interval is then the widest that the rules allow.
MAX_COMPLETIONS = 4096


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
        if other_rounding and isinstance(node.rule, BandRule) and node.binding.of is Kind.SHARE:
            value = node.rule.banded(node.binding, inputs[0], node.rule.other_rounding(node.binding))
        else:
            value = node.rule.value(node.binding, inputs)
        if name in fixed:
            computed[name] = value
            value = fixed[name]
        values[name] = value
    return values, computed


def evaluate(graph: RuleGraph, intake: Intake, *, other_rounding: bool = False) -> dict[str, Result]:
    """What every node has, an interval where evidence is open and matters; `other_rounding` as for `settle`."""
    fixed: dict[str, Given] = {**intake.given, **{name: value for name, (value, _) in intake.departures.items()}}
    if not intake.open:
        values, computed = settle(graph, intake.settled, fixed, other_rounding=other_rounding)
        return {name: Result(value, computed.get(name, value)) for name, value in values.items()}
    return _Completions(graph, intake, fixed, other_rounding=other_rounding).results()


#: Which completion of each open evidence: its worst, its best, or the one in which nothing applies.
_WORST, _BEST, _ABSENT = range(3)


class _Completions:
    """The completions of open evidence."""

    def __init__(self, graph: RuleGraph, intake: Intake, fixed: Mapping[str, Given], *, other_rounding: bool) -> None:
        self.graph = graph
        self.intake = intake
        self.fixed = fixed
        self.other_rounding = other_rounding
        #: For each node, the open evidence that matters to it and how.
        self.signs: dict[str, dict[str, Polarity]] = {name: {} for name in graph.nodes}
        for leaf in intake.open:
            for name, sign in graph.effect(leaf, frozenset(fixed)).items():
                self.signs[name][leaf] = sign
        self.ends = {leaf: completions(graph[leaf], count) for leaf, count in intake.open.items()}
        #: The nodes whose worst and best may lie in a completion in which some inputs are absent and others are not.
        self.mixed: set[str] = set()
        self.corners: dict[tuple[int, frozenset[str]], tuple[dict[str, Given], dict[str, Given]]] = {}

    def results(self) -> dict[str, Result]:
        """What every node has."""
        found: dict[str, Result] = {}
        computed: Given | Interval
        for name, node in self.graph.nodes.items():
            if any(i in self.mixed and i not in self.fixed for i in node.inputs) or self._absorbs(node, found):
                self.mixed.add(name)
            outcomes = self._outcomes(name)
            if outcomes is None:
                computed = self._from_inputs(node, found)
            else:
                computed = _joined([computed.get(name, values[name]) for values, computed in outcomes])
            found[name] = Result(self.fixed.get(name, computed), computed)
        return found

    def _from_inputs(self, node: Node, found: Mapping[str, Result]) -> Given | Interval:
        """What a node can become whatever its inputs become, each by itself: as wide as the truth or wider."""
        options = [every_value(self.graph[name], found[name].value) for name in node.inputs]
        if node.rule.takes_evidence:
            own = self.intake.settled.get(node.name)
            options.insert(0, () if own is None else (own,))
        if not 0 < prod(len(option) for option in options) <= MAX_COMPLETIONS:
            return Interval(*node.range, absent=self._can_be_absent(node.name))
        return _joined(node.rule.value(node.binding, chosen) for chosen in product(*options))

    def _can_be_absent(self, name: str) -> bool:
        """Whether a node whose completions are too many to try can turn out absent; said too often rather than not."""
        signs = self.signs[name]
        values, computed = self._corner(_ABSENT)
        return Polarity.EITHER in signs.values() or isinstance(computed.get(name, values[name]), Absent)

    def _absorbs(self, node: Node, found: Mapping[str, Result]) -> bool:
        """Whether a node goes on without an input that can be absent but cannot be what its absence stands for.

        Leaving such an input out can give more than its best value, or less than its worst.
        """
        for slot in node.rule.slots():
            for name in node.slots[slot.name]:
                value = found[name].value
                if not isinstance(value, Interval) or not value.absent or slot.without is WithoutInput.PASSES:
                    continue
                worst, best = self._widest(name)
                if slot.without is not WithoutInput.AS_WORST and value.best != best:
                    return True
                if slot.without is not WithoutInput.AS_BEST and value.worst != worst:
                    return True
        # Where even the worst rating scores, leaving it out takes from the sum.
        scale = node.binding.scale
        return node.type.kind is Kind.SCORE and scale is not None and scale.score(0) > 0

    def _widest(self, name: str) -> tuple[Value | None, Value | None]:
        """The ends of all that a node of its kind could ever have; a number has none."""
        node = self.graph[name]
        if node.type.kind is Kind.RATING and node.binding.scale:
            return 0, len(node.binding.scale.ratings) - 1
        return (False, True) if node.type.kind is Kind.FLAG else (None, None)

    def _outcomes(self, name: str) -> list[tuple[dict[str, Given], dict[str, Given]]] | None:
        """The completions that bound what a node can become; None when they are too many."""
        if isinstance(self.intake.settled.get(name), Absent):
            return [self._corner(_WORST)]  # so stated, whatever else is open
        signs = self.signs[name]
        options: dict[str, Sequence[Given]] = {}
        for leaf, sign in signs.items():
            if sign is Polarity.EITHER:
                options[leaf] = every_completion(self.graph[leaf], self.intake.open[leaf])
            elif name in self.mixed and self.ends[leaf][_ABSENT] not in self.ends[leaf][:_ABSENT]:
                options[leaf] = self.ends[leaf]
        if not 0 < prod(len(option) for option in options.values()) <= MAX_COMPLETIONS:
            return None
        harmed = frozenset(leaf for leaf, sign in signs.items() if sign is Polarity.HARMS)
        if not options:
            return [self._corner(end, harmed) for end in (_WORST, _BEST, _ABSENT)]
        below = self.graph.sort(self.graph.below(name))
        return [
            self._settle({**self._completion(end, harmed), **dict(zip(options, chosen, strict=True))}, below)
            for chosen in product(*options.values())
            for end in ((_WORST, _BEST, _ABSENT) if len(options) < len(signs) else (_WORST,))
        ]

    def _corner(self, end: int, harmed: frozenset[str] = frozenset()) -> tuple[dict[str, Given], dict[str, Given]]:
        """The whole graph in the worst, best or absent completion of all evidence, settled once for all nodes."""
        if (end, harmed) not in self.corners:
            self.corners[end, harmed] = self._settle(self._completion(end, harmed), None)
        return self.corners[end, harmed]

    def _completion(self, end: int, harmed: frozenset[str]) -> dict[str, Given]:
        """The worst, best or absent end of all open evidence, turned round where better evidence harms."""
        turned = {_WORST: _BEST, _BEST: _WORST}.get(end, end)
        return {leaf: ends[turned if leaf in harmed else end] for leaf, ends in self.ends.items()}

    def _settle(self, completion: Mapping[str, Given], only: Names | None) -> tuple[dict[str, Given], dict[str, Given]]:
        evidence = {**self.intake.settled, **completion}
        return settle(self.graph, evidence, self.fixed, other_rounding=self.other_rounding, only=only)


def completions(node: Node, count: Count | None) -> tuple[Given, Given, Given]:
    """The worst and the best completion of open evidence, and the one in which nothing applies, if there is one."""
    if node.type.kind is Kind.ANSWERS:
        count = count or Count(0, 0, 1)
        most = count.of + count.open
        return Tally(count.yes, most), Tally(count.yes + count.open, most), Tally(count.yes, count.of)
    if isinstance(node.rule, PanelRule) and node.binding.scale:
        # With a reason the panel may go beyond a guide that is not binding, so that is still possible too.
        worst, best = PanelRating(0, has_reason=True), PanelRating(len(node.binding.scale.ratings) - 1, has_reason=True)
        return worst, best, worst
    low, high = node.range
    return low, high, low


def every_completion(node: Node, count: Count | None) -> Sequence[Given]:
    """Every completion of open evidence; none when there are too many to try."""
    if node.type.kind is Kind.ANSWERS:
        if count is None or count.open**2 > 2 * MAX_COMPLETIONS:
            return ()  # how many cases there will be is not known, or they are too many
        return [
            Tally(count.yes + yes, count.of + answered)
            for answered in range(count.open + 1)
            for yes in range(answered + 1)
        ]
    if node.type.kind is Kind.RATING and node.binding.scale:
        positions, panel = range(len(node.binding.scale.ratings)), isinstance(node.rule, PanelRule)
        return [PanelRating(p, has_reason=True) for p in positions] if panel else list(positions)
    return {Kind.CHOICE: node.type.options, Kind.FLAG: (False, True)}.get(node.type.kind, ())


def every_value(node: Node, value: Given | Interval) -> Sequence[Given]:
    """Every value in an interval; none when there is no end of them."""
    if not isinstance(value, Interval):
        return [value]
    values: list[Given] = []
    if isinstance(value.worst, int) and isinstance(value.best, int):
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
