"""What the completions of open evidence bound: what a node can still become."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import cast

from inspectlib.graph import Node
from inspectlib.kinds import Kind, Polarity, Score
from inspectlib.plan.terms import (
    FALSE,
    TRUE,
    Term,
    both,
    choose,
    coalesce,
    compare,
    either,
    is_null,
)
from inspectlib.plan.values import ABSENT, BEST, PLAIN, WORST, Mode, Value, cross, same
from inspectlib.plan.workings import Workings
from inspectlib.rules import (
    BandRule,
    DiscretionRule,
    LiftRule,
    LimitRule,
    LowestRule,
    ShareRule,
    ShiftRule,
    TotalRule,
    WithoutInput,
)

__all__ = ["UNBOUNDED", "Reach"]

UNBOUNDED = "open evidence that can help as well as harm; rate this inspection by itself"


class Reach:
    """What open evidence can become.

    Args:
        workings: what the nodes have.
    """

    def __init__(self, workings: Workings) -> None:
        self.workings = workings
        self.reading = workings.reading
        self.graph = workings.graph
        self._effects: dict[str, dict[str, Polarity]] = {}

    def corners(self, node: str) -> list[Mode]:
        """The completions that bound what a node can become."""
        signs = self._signs(node)
        harmed = frozenset(leaf for leaf, sign in signs.items() if sign is Polarity.HARMS)
        # Only answers can turn out to apply to nothing.
        vanish = any(self.graph.nodes[leaf].type.kind is Kind.ANSWERS for leaf in signs)
        return [Mode(end, harmed) for end in ((WORST, BEST, ABSENT) if vanish else (WORST, BEST))]

    def within(self, node: Node, stated: Value) -> Term:
        """Whether what is stated can still become."""
        corners = [self.workings.computed(node.name, mode) for mode in self.corners(node.name)]
        none = either(*(is_null(corner.num) for corner in corners))
        if node.type.kind is Kind.FLAG:
            inside = either(*(same(node.type.kind, stated, corner) for corner in corners))
        elif node.type.kind is Kind.SCORE:
            above = either(*(coalesce(compare("ge", stated.num, corner.num), FALSE) for corner in corners))
            below = either(*(coalesce(compare("le", stated.num, corner.num), FALSE) for corner in corners))
            inside = both(above, below)
        else:
            above = either(*(coalesce(cross("ge", stated, corner), FALSE) for corner in corners))
            below = either(*(coalesce(cross("ge", corner, stated), FALSE) for corner in corners))
            inside = both(above, below)
        return choose(is_null(stated.num), none, inside)

    def unbounded(self, node: Node, opened: Term) -> Term:
        """Whether three completions do not bound what a node can become."""
        either_way = [leaf for leaf, sign in self._signs(node.name).items() if sign is Polarity.EITHER]
        wrong = either(*(self.workings.value(leaf, PLAIN).open for leaf in self.graph.sort(either_way)))
        for name in self.graph.sort(self._doubtful.get(node.name, ())):
            vanishes = either(*(is_null(self.workings.value(name, mode).num) for mode in self.corners(name)))
            if name in self._doubtful.get(name, ()):
                vanishes = TRUE
            wrong = either(wrong, both(self.workings.value(name, PLAIN).open, vanishes))
        return both(opened, wrong)

    def _signs(self, name: str) -> dict[str, Polarity]:
        """What better evidence of each that can be open does to a node."""
        if not self._effects:
            self._effects = {leaf: dict(self.graph.effect(leaf)) for leaf in self.reading.openable}
        return {leaf: effects[name] for leaf, effects in self._effects.items() if name in effects}

    @cached_property
    def _doubtful(self) -> Mapping[str, frozenset[str]]:
        """For nodes that three completions may not bound, the inputs at fault somewhere beneath.

        Those are inputs that a rule goes on without when they turn out absent, and that cannot be what their absence
        then stands for. Where even the worst rating scores, it is the score itself.
        """
        ends: dict[str, tuple[bool, bool]] = {}  # of what can turn out absent: whether it can be the worst, the best
        found: dict[str, frozenset[str]] = {}
        for name, node in self.graph.nodes.items():
            if name not in self.reading.touched:
                continue
            if node.type.kind is Kind.ANSWERS:
                ends[name] = True, True
                continue
            vanishing = [i for i in node.inputs if i in ends]
            doubts = {
                i
                for slot in node.rule.slots()
                for i in node.slots[slot.name]
                if i in ends and self._stands_for_more(i, ends[i], slot.without)
            }
            scale = node.binding.scale
            if node.type.kind is Kind.SCORE and scale is not None and scale.score(0) > 0:
                doubts.add(name)
            doubts = doubts.union(*(found.get(i, ()) for i in node.inputs))
            if doubts:
                found[name] = frozenset(doubts)
            if vanishing:
                worst, best = (all(ends[i][end] for i in vanishing) for end in (0, 1))
                keeps_worst, keeps_best = self._keeps_ends(node)
                ends[name] = worst and keeps_worst, best and keeps_best
        return found

    def _stands_for_more(self, name: str, ends: tuple[bool, bool], without: WithoutInput) -> bool:
        if without is WithoutInput.PASSES:
            return False
        if self.graph.nodes[name].type.kind not in (Kind.RATING, Kind.FLAG):
            return True
        return (without is not WithoutInput.AS_WORST and not ends[1]) or (
            without is not WithoutInput.AS_BEST and not ends[0]
        )

    def _keeps_ends(self, node: Node) -> tuple[bool, bool]:
        """Whether the worst and the best input give the worst and the best there can be."""
        rule = node.rule
        if isinstance(rule, BandRule):
            given = self.graph.nodes[node.inputs[0]].range
            numbers = [
                end.points / end.max if isinstance(end, Score) else Fraction(cast("Fraction", end)) for end in given
            ]
            bands, edges = node.binding.bands, node.binding.edges
            assert bands is not None
            spans = {bands.position(number, edges, bands.rounding) for number in numbers} == {0, len(edges)}
            return spans, spans
        if isinstance(rule, ShiftRule):
            steps = node.binding.level
            fixed = len(node.inputs) == 1 and isinstance(steps, int)
            return fixed and cast("int", steps) <= 0, fixed and cast("int", steps) >= 0
        if isinstance(rule, LimitRule):
            lifts = isinstance(rule, LiftRule)
            return not lifts, lifts
        kept = isinstance(rule, (ShareRule, LowestRule, TotalRule, DiscretionRule))
        return kept, kept
