"""What the solver reckons with: terms, and the values of nodes made of them.

A share is any rational from 0 to 1, and a number any within its bounds, on its grid if it has one. A rating on n bands
is n - 1 yes-or-no questions, whether it is at least each band but the worst; so are flags (of two) and choices. Beside
its value each node has whether it is there at all; why it is not, no rule asks.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from fractions import Fraction
from importlib import import_module
from typing import Any

import attrs

from inspectlib.graph import Node
from inspectlib.kinds import Kind
from inspectlib.rules import Given

__all__ = [
    "WORDS",
    "Number",
    "Place",
    "Said",
    "Term",
    "Value",
    "all_of",
    "any_of",
    "apart",
    "if_else",
    "negated",
    "place_of",
    "size_of",
    "z3",
]

#: Untyped, and there only with the extra.
z3: Any = import_module("z3")
#: A term of the solver, or True or False where that much is known beforehand.
Term = Any
#: How texts in rules and tables compare.
WORDS: dict[str, Callable[[Any, Any], Any]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
    "equals": operator.eq,
}


def negated(term: Term) -> Term:
    """Whether a term does not hold."""
    return not term if isinstance(term, bool) else z3.Not(term)


def all_of(terms: Iterable[Term]) -> Term:
    """Whether all terms hold."""
    found = list(terms)
    left = [term for term in found if not isinstance(term, bool)]
    return False if any(term is False for term in found) else z3.And(left) if left else True


def any_of(terms: Iterable[Term]) -> Term:
    """Whether any of the terms holds."""
    return negated(all_of(negated(term) for term in terms))


def if_else(condition: Term, then: Term, otherwise: Term) -> Term:
    """One term where a condition holds, else another."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3.If(condition, then, otherwise)


def apart(one: Term, other: Term) -> Term:
    """Whether only one of two holds."""
    return any_of([all_of([one, negated(other)]), all_of([other, negated(one)])])


@attrs.frozen(eq=False)
class Place:
    """A place in an order: of a rating on its scale, of a flag, of a choice among its options.

    Attributes:
        present: whether it is there.
        at_least: for each place but the first, whether it is that or a later one.
    """

    present: Term
    at_least: tuple[Term, ...]

    def reaches(self, place: int) -> Term:
        """Whether it is at least some place, on the scale or off it."""
        return place <= 0 or (place <= len(self.at_least) and self.at_least[place - 1])

    def compared(self, word: str, place: int) -> Term:
        """Whether it is at least, above, at most, below or exactly some place."""
        if word == "equals":
            return all_of([self.reaches(place), negated(self.reaches(place + 1))])
        reached = self.reaches(place if word in ("at_least", "below") else place + 1)
        return negated(reached) if word in ("at_most", "below") else reached


@attrs.frozen(eq=False)
class Number:
    """A share, a number, a total or a mean.

    Attributes:
        present: whether it is there.
        points: the number, or of a mean the sum that it is made of.
        weight: of a mean and of a total of ratings, what the points are to be divided by for the mean; else 1.
        parts: of these two, what the points are the sum of: whether a part is there, how often it counts, its number.
    """

    present: Term
    points: Term
    weight: Term
    parts: tuple[tuple[Term, Fraction, Term], ...] = ()


Value = Place | Number


@attrs.frozen(eq=False)
class Said:
    """What evidence says of a node: a value, and for a panel that can depart from its guide whether with a reason.

    A value chosen for a node that is computed, or for a panel whatever guides it, stands on its own.
    """

    value: Value
    reason: Term = False


def size_of(node: Node) -> int:
    """How many places there are."""
    if node.type.kind is Kind.CHOICE:
        return len(node.type.options)
    return len(node.binding.scale.ratings) if node.type.kind is Kind.RATING and node.binding.scale else 2


def place_of(node: Node, value: Given) -> int:
    """The place of a value among those of a node."""
    if isinstance(value, str):
        return node.type.options.index(value)
    assert isinstance(value, int)
    return int(value)
