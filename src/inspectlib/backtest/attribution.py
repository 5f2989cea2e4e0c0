"""Which rule made a change: where two derivations from the same evidence first differ.

A node has changed when it has another value under the new framework. Its own rule is a cause when, given what the old
framework found beneath it, the new rule gives something else than the old one did. (Steps that only the new framework
has are part of the rule that uses them; evidence that only the new one asks for is taken as it is.) Else the change
comes from beneath, and the search goes on at the inputs that have changed. Where evidence says something else under
the two frameworks, that is the cause.

So every change has a cause. Of several, those are kept without which the change would not be, or which make it alone;
where there is no such cause, they make it together and all are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import attrs

from inspectlib.backtest.pair import Pair
from inspectlib.completions import ends
from inspectlib.evaluate import Interval, evaluate, order
from inspectlib.graph import Node
from inspectlib.intake import Intake
from inspectlib.kinds import Absent, PanelRating, Polarity
from inspectlib.rating import Rated
from inspectlib.rules import Given

__all__ = ["Cause", "CauseKind", "Causes", "same"]

Has = Given | Interval


class CauseKind(StrEnum):
    """What made a change."""

    #: The rule says something else.
    RULE = "rule"
    #: The evidence does not say the same under both: it has no place under one of them, or does not fit its rules.
    EVIDENCE = "evidence"


@attrs.frozen
class Cause:
    """What made a rating change.

    Attributes:
        node: the node whose rule, or whose evidence, it is.
        kind: whether it is the rule or the evidence.
        alone: whether it makes the change by itself, or only together with the others.
    """

    node: str
    kind: CauseKind
    alone: bool = True


def same(one: Has, other: Has) -> bool:
    """Whether two values are the same, whatever reason an absent one has."""
    if isinstance(one, Absent) and isinstance(other, Absent):
        return one.state is other.state
    return type(one) is type(other) and one == other


class Causes:
    """The causes of the changes of one inspection."""

    def __init__(self, pair: Pair, old: Rated, new: Rated) -> None:
        self.pair = pair
        self.old = old
        self.new = new
        self.graph = new.framework.graph
        self._would_be: dict[str, Has] = {}

    def of(self, target: str) -> tuple[Cause, ...]:
        """What made the value of a node change that both frameworks have; nothing where it has not changed."""
        found: dict[str, Cause] = {}
        seen = set[str]()
        todo = [target]
        while todo:
            name = todo.pop()
            if name in seen or not self.changed(name):
                continue
            seen.add(name)
            beneath = self.changed_beneath(name)
            if self.other_evidence(name):
                # What silence means is said by the rule.
                kind = CauseKind.RULE if name in self.pair.changed else CauseKind.EVIDENCE
                found[name] = Cause(name, kind)
            elif not beneath or (name in self.pair.changed and not same(self.with_old_inputs(name), self.before(name))):
                found[name] = Cause(name, CauseKind.RULE)
            todo.extend(beneath)
        return self.deciding(target, tuple(found[name] for name in self.graph.sort(found)))

    # --- what there is

    def before(self, name: str) -> Has:
        """What a node had under the old framework."""
        return self.old.results[name].value

    def changed(self, name: str) -> bool:
        """Whether a shared node has another value than before."""
        return not same(self.before(name), self.new.results[name].value)

    def changed_beneath(self, name: str) -> list[str]:
        """The nearest shared nodes beneath, through steps that only the new framework has, that have changed."""
        found: dict[str, None] = {}
        todo = list(self.graph.inputs[name])
        while todo:
            one = todo.pop()
            if one in self.pair.shared:
                if self.changed(one):
                    found[one] = None
            else:
                todo.extend(self.graph.inputs[one])
        return list(self.graph.sort(found))

    def other_evidence(self, name: str) -> bool:
        """Whether what the evidence says of a node itself is not the same under both."""
        return _said(self.old.intake, name) != _said(self.new.intake, name)

    # --- what would be

    def with_old_inputs(self, name: str) -> Has:
        """What the new rule of a node gives with what the old framework found beneath it."""
        if name not in self._would_be:
            node = self.graph[name]
            inputs = [self.old_or_new(i) for i in node.inputs]
            self._would_be[name] = _applied(node, self.evidence(node), inputs)
        return self._would_be[name]

    def old_or_new(self, name: str) -> Has:
        """What the old framework found; of a step that only the new one has, what it would make of that."""
        if name in self.pair.shared:
            return self.before(name)
        if name in _fixed(self.new.intake):
            return self.new.results[name].value
        return self.with_old_inputs(name)

    def evidence(self, node: Node) -> tuple[Given, Given] | None:
        """The worst and the best that the evidence of a node can be, if it takes any."""
        if not node.rule.takes_evidence:
            return None
        intake = self.new.intake
        if node.name in intake.settled:
            return intake.settled[node.name], intake.settled[node.name]
        return ends(node, intake.open[node.name])[:2]

    # --- which of them decide

    def deciding(self, target: str, causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
        """The causes that make the change alone or without which it would not be; all of them where there is none."""
        others = {cause.node: self.before(cause.node) for cause in causes if cause.node != target}
        fixable: dict[str, Given] = {
            name: value for name, value in others.items() if not isinstance(value, (Interval, PanelRating))
        }
        if len(causes) < 2 or len(fixable) < len(others):
            return tuple(attrs.evolve(cause, alone=len(causes) == 1) for cause in causes)
        after, none_changed = self.new.results[target].value, self.value(target, fixable)
        kept = []
        for cause in causes:
            if cause.node == target:  # found with everything beneath as it was
                kept.append(attrs.evolve(cause, alone=same(self.with_old_inputs(target), after)))
                continue
            only = self.value(target, {name: value for name, value in fixable.items() if name != cause.node})
            without = self.value(target, {cause.node: fixable[cause.node]})
            if not same(only, none_changed) or not same(without, after):
                own_rule = target in {c.node for c in causes}
                kept.append(attrs.evolve(cause, alone=same(only, after) and not own_rule))
        return tuple(kept) or tuple(attrs.evolve(cause, alone=False) for cause in causes)

    def value(self, target: str, fixed: Mapping[str, Given]) -> Has:
        """What a node has under the new framework when others have what they had before."""
        intake = self.new.intake
        departures = {name: found for name, found in intake.departures.items() if name not in fixed}
        given = {**intake.given, **fixed}
        changed = attrs.evolve(intake, given=given, departures=departures)
        return evaluate(self.graph, changed)[target].value


def _fixed(intake: Intake) -> set[str]:
    """The nodes that have what was stated, whatever their rules give."""
    return {*intake.given, *intake.departures}


def _said(intake: Intake, name: str) -> object:
    """What the evidence says of a node itself."""
    departed = intake.departures.get(name)
    return (
        intake.settled.get(name),
        str(intake.open.get(name)),
        intake.given.get(name),
        departed and departed[0],
    )


def _applied(node: Node, evidence: tuple[Given, Given] | None, inputs: Sequence[Has]) -> Has:
    """A rule applied to inputs of which some are open: to the worst and to the best of each."""
    pairs = [_ends(value, polarity) for value, polarity in zip(inputs, node.polarity, strict=True)]
    if evidence is not None:
        pairs.insert(0, evidence)
    pick: list[Callable[[tuple[Given, Given]], Given]] = [lambda pair: pair[0], lambda pair: pair[1]]
    worst, best = (node.rule.value(node.binding, [end(pair) for pair in pairs]) for end in pick)
    if same(worst, best) or isinstance(worst, (Absent, PanelRating)) or isinstance(best, (Absent, PanelRating)):
        return worst
    low, high = sorted((worst, best), key=order)
    return Interval(low, high, absent=any(isinstance(value, Interval) and value.absent for value in inputs))


def _ends(value: Has, polarity: Polarity) -> tuple[Given, Given]:
    if not isinstance(value, Interval):
        return value, value
    return (value.best, value.worst) if polarity is Polarity.HARMS else (value.worst, value.best)
