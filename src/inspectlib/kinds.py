"""The kinds of value a node can have, and the values themselves."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import attrs

__all__ = ["Absence", "Absent", "Kind", "PanelRating", "Polarity", "Score", "Tally", "Value", "ValueType"]


class Kind(StrEnum):
    """The kind of value of a node."""

    ANSWERS = "answers"
    SHARE = "share"
    RATING = "rating"
    SCORE = "score"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"


@attrs.frozen
class ValueType:
    """The kind of value of a node, with what the kind needs.

    Attributes:
        kind: the kind.
        scale: of a rating or score, the name of its scale.
        options: of a choice, what can be chosen.
        bounds: of a number that is given, the least and the most.
        step: of a number that is given, the steps in which it is counted from the least on.
    """

    kind: Kind
    scale: str = ""
    options: tuple[str, ...] = ()
    bounds: tuple[Fraction, Fraction] | None = None
    step: Fraction | None = None

    def same(self, other: ValueType) -> bool:
        """Whether values of the two can stand beside each other."""
        return (self.kind, self.scale, self.options) == (other.kind, other.scale, other.options)

    def __str__(self) -> str:
        return f"{self.kind} on the scale {self.scale}" if self.scale else str(self.kind)


class Absence(StrEnum):
    """Why a node has no value although nothing is missing."""

    #: The question does not arise: no case to which it applies.
    NOT_APPLICABLE = "not applicable"
    #: The framework gives no rating, for the reason stated.
    NOT_RATED = "not rated"


@attrs.frozen
class Absent:
    """No value, and nothing missing."""

    state: Absence
    reason: str


@attrs.frozen
class Tally:
    """Answers to a key question, counted over the cases it applies to."""

    yes: int
    of: int


@attrs.frozen
class Score:
    """Points out of the most that the rated parts could have had."""

    points: Fraction
    max: Fraction


@attrs.frozen
class PanelRating:
    """What the ratings panel said: a position on the scale, and whether it recorded a reason."""

    position: int
    has_reason: bool = False


#: A rating is its position on the scale, 0 being the worst.
Value = Tally | Fraction | int | Score | bool | str


class Polarity(StrEnum):
    """What a better input can do to the value of a rule."""

    HELPS = "+"
    HARMS = "-"
    NOTHING = "0"
    EITHER = "?"

    def then(self, other: Polarity) -> Polarity:
        """Along a path: this step followed by another."""
        if Polarity.NOTHING in (self, other):
            return Polarity.NOTHING
        if Polarity.EITHER in (self, other):
            return Polarity.EITHER
        return Polarity.HELPS if self is other else Polarity.HARMS

    def beside(self, other: Polarity) -> Polarity:
        """Over two paths that meet again."""
        if self is other or other is Polarity.NOTHING:
            return self
        return other if self is Polarity.NOTHING else Polarity.EITHER
