"""Rules about conditions: limits and lifts, counts and tests, and, or and not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import ge, gt, le, lt
from typing import ClassVar

import attrs

from inspectlib.errors import BadRule
from inspectlib.kinds import Absent, Kind, Polarity, ValueType
from inspectlib.rules.base import (
    Binding,
    Given,
    Inputs,
    Lexicon,
    Names,
    Rule,
    Slot,
    WithoutInput,
    alike,
    level,
    listed,
    none_of,
    present,
)

_RATING = frozenset({Kind.RATING})
_FLAG = frozenset({Kind.FLAG})
_COMPARE: dict[str, Callable[[int | Fraction, int | Fraction], bool]] = {
    "at_least": ge,
    "above": gt,
    "at_most": le,
    "below": lt,
}


@attrs.frozen(kw_only=True)
class LimitRule(Rule):
    """No better than a rating when something holds.

    Attributes:
        of: the rating that is limited.
        to: the best rating it can then have.
        when: the condition; without a value it limits nothing.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "limit"

    of: str
    to: str
    when: str
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (
            Slot("of", (self.of,), _RATING),
            Slot("when", (self.when,), _FLAG, Polarity.HARMS, without=WithoutInput.AS_WORST),
        )

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        kind = inputs["of"][0][1]
        return Binding(kind, scale=lexicon.scale(kind.scale), level=level(self.to, kind, lexicon, "to"))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        rating, condition = inputs
        if condition is True and isinstance(rating, int) and isinstance(binding.level, int):
            return min(rating, binding.level)
        return rating

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"{names['of'][0]}, but no better than {self.to} when {names['when'][0]}"


@attrs.frozen(kw_only=True)
class LiftRule(LimitRule):
    """No worse than a rating when something holds.

    Attributes:
        of: the rating that is lifted.
        to: the worst rating it can then have.
        when: the condition; without a value it lifts nothing.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "lift"

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", (self.of,), _RATING), Slot("when", (self.when,), _FLAG, without=WithoutInput.AS_WORST))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        rating, condition = inputs
        if condition is True and isinstance(rating, int) and isinstance(binding.level, int):
            return max(rating, binding.level)
        return rating

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"{names['of'][0]}, but no worse than {self.to} when {names['when'][0]}"


@attrs.frozen(kw_only=True)
class CountRule(Rule):
    """How many of several ratings are at least, or at most, a given one; those not rated do not count.

    Attributes:
        of: the ratings.
        at_least: count those of this rating or better.
        at_most: count those of this rating or worse.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "count"

    of: Names
    at_least: str | None = None
    at_most: str | None = None
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        if self.at_least is not None:
            return (Slot("of", self.of, _RATING, single=False, without=WithoutInput.AS_WORST),)
        return (Slot("of", self.of, _RATING, Polarity.HARMS, single=False, without=WithoutInput.AS_BEST),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        kind = alike("of", inputs["of"])
        word, edge = ("at_most", self.at_most) if self.at_least is None else ("at_least", self.at_least)
        if edge is None or None not in (self.at_least, self.at_most):
            raise BadRule("give one of at_least and at_most")
        position = level(edge, kind, lexicon, word)
        return Binding(ValueType(Kind.NUMBER), scale=lexicon.scale(kind.scale), level=position)

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        return Fraction(sum(self.counts(binding, value) for value in inputs))

    def counts(self, binding: Binding, value: Given) -> bool:
        """Whether a rating is among those counted."""
        assert isinstance(binding.level, int)
        compare = _COMPARE["at_most" if self.at_least is None else "at_least"]
        return isinstance(value, int) and compare(value, binding.level)

    def counts_every(self, binding: Binding) -> bool:
        """Whether every rating is counted, so that only one that there is not is left out."""
        assert binding.scale is not None
        return all(self.counts(binding, position) for position in range(len(binding.scale.ratings)))

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"how many of {listed(names['of'])} are {self.condition()}"

    def condition(self) -> str:
        """What is counted, in words: ``at least Good``."""
        return f"at most {self.at_most}" if self.at_least is None else f"at least {self.at_least}"


@attrs.frozen(kw_only=True)
class TestRule(Rule):
    """Whether a rating, share, number or choice is at least, above, at most, below, or exactly, something.

    Attributes:
        of: the node.
        at_least: holds for this rating or number and better or higher ones.
        above: holds for better ratings or higher numbers than this.
        at_most: holds for this rating or number and worse or lower ones.
        below: holds for worse ratings or lower numbers than this.
        equals: for a choice: holds for this option.
        title: what the node is called for people.
    """

    __test__: ClassVar[bool] = False
    tag: ClassVar[str] = "test"

    of: str
    at_least: str | None = None
    above: str | None = None
    at_most: str | None = None
    below: str | None = None
    equals: str | None = None
    title: str = ""

    def _edges(self) -> dict[str, str]:
        """What it is compared with, by the word that says how."""
        words = ("at_least", "above", "at_most", "below", "equals")
        return {word: edge for word in words if (edge := getattr(self, word)) is not None}

    def slots(self) -> tuple[Slot, ...]:
        if self.equals is not None:
            return (Slot("of", (self.of,), frozenset({Kind.CHOICE}), Polarity.EITHER),)
        upward = self.at_least is not None or self.above is not None
        kinds = frozenset({Kind.RATING, Kind.NUMBER, Kind.SHARE})
        return (Slot("of", (self.of,), kinds, Polarity.HELPS if upward else Polarity.HARMS),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        edges = self._edges()
        if len(edges) != 1:
            raise BadRule("give one of at_least, above, at_most, below and equals")
        (word, edge), kind = *edges.items(), inputs["of"][0][1]
        return Binding(ValueType(Kind.FLAG), level=level(edge, kind, lexicon, word))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        value = inputs[0]
        if isinstance(value, (int, Fraction)):
            assert isinstance(binding.level, (int, Fraction))
            return _COMPARE[next(iter(self._edges()))](value, binding.level)
        return value == binding.level if isinstance(value, str) else value

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"whether {names['of'][0]} is {self.condition()}"

    def condition(self) -> str:
        """What it is compared with, in words: ``at most Inadequate``."""
        ((word, edge),) = self._edges().items()
        return edge if word == "equals" else f"{word.replace('_', ' ')} {edge}"


@attrs.frozen(kw_only=True)
class AllRule(Rule):
    """Whether all of several conditions hold; those without a value are left out.

    Attributes:
        of: the conditions.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "all"

    of: Names
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", self.of, _FLAG, single=False, without=WithoutInput.AS_BEST),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        return Binding(ValueType(Kind.FLAG))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        values = present(inputs)
        return all(values) if values else none_of(inputs)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"whether all of these hold: {listed(names['of'])}"


@attrs.frozen(kw_only=True)
class AnyRule(AllRule):
    """Whether any of several conditions holds; those without a value are left out.

    Attributes:
        of: the conditions.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "any"

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", self.of, _FLAG, single=False, without=WithoutInput.AS_WORST),)

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        values = present(inputs)
        return any(values) if values else none_of(inputs)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"whether any of these holds: {listed(names['of'])}"


@attrs.frozen(kw_only=True)
class NotRule(Rule):
    """Whether a condition does not hold; without a value when the condition has none.

    Attributes:
        of: the condition.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "not"

    of: str
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", (self.of,), _FLAG, Polarity.HARMS),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        return Binding(ValueType(Kind.FLAG))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        value = inputs[0]
        return value if isinstance(value, Absent) else not value

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"whether it does not hold that {names['of'][0]}"
