"""Rules about conditions: limits and lifts, counts and tests, and, or and not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
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
        level = _threshold(self.at_least, self.at_most, kind, lexicon)
        return Binding(ValueType(Kind.NUMBER), scale=lexicon.scale(kind.scale), level=level)

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        return Fraction(sum(self.counts(binding, value) for value in inputs))

    def counts(self, binding: Binding, value: Given) -> bool:
        """Whether a rating is among those counted."""
        return isinstance(value, int) and _holds(value, binding.level, at_least=self.at_least is not None)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"how many of {listed(names['of'])} are {_threshold_words(self.at_least, self.at_most)}"


@attrs.frozen(kw_only=True)
class TestRule(Rule):
    """Whether a rating, number or choice is at least, at most, or exactly, something.

    Attributes:
        of: the node.
        at_least: holds for this rating or number and better or higher ones.
        at_most: holds for this rating or number and worse or lower ones.
        equals: for a choice: holds for this option.
        title: what the node is called for people.
    """

    __test__: ClassVar[bool] = False
    tag: ClassVar[str] = "test"

    of: str
    at_least: str | None = None
    at_most: str | None = None
    equals: str | None = None
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        polarity = Polarity.HELPS if self.at_least is not None else Polarity.HARMS
        if self.equals is not None:
            return (Slot("of", (self.of,), frozenset({Kind.CHOICE}), Polarity.EITHER),)
        kinds = frozenset({Kind.RATING, Kind.NUMBER, Kind.SHARE})
        return (Slot("of", (self.of,), kinds, polarity),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        kind = inputs["of"][0][1]
        if self.equals is None:
            return Binding(ValueType(Kind.FLAG), level=_threshold(self.at_least, self.at_most, kind, lexicon))
        if self.at_least is not None or self.at_most is not None:
            raise BadRule("give one of at_least, at_most and equals", path=("equals",))
        return Binding(ValueType(Kind.FLAG), level=level(self.equals, kind, lexicon, "equals"))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        value = inputs[0]
        if isinstance(value, (int, Fraction)):
            return _holds(value, binding.level, at_least=self.at_least is not None)
        return value == binding.level if isinstance(value, str) else value

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        wanted = self.equals or _threshold_words(self.at_least, self.at_most)
        return f"whether {names['of'][0]} is {wanted}"


def _threshold(at_least: str | None, at_most: str | None, kind: ValueType, lexicon: Lexicon) -> int | Fraction | str:
    if (at_least is None) == (at_most is None):
        raise BadRule("give one of at_least and at_most")
    if at_least is not None:
        return level(at_least, kind, lexicon, "at_least")
    return level(at_most or "", kind, lexicon, "at_most")


def _holds(value: int | Fraction, level: object, *, at_least: bool) -> bool:
    assert isinstance(level, (int, Fraction))
    return value >= level if at_least else value <= level


def _threshold_words(at_least: str | None, at_most: str | None) -> str:
    return f"at least {at_least}" if at_least is not None else f"at most {at_most}"


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
