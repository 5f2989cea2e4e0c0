"""What a node of a rule graph has in a plan, under what assumption, and exact arithmetic with it.

Shares and other numbers are a numerator beside a denominator, so that comparing them is a product on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import cast

import attrs

from inspectlib.kinds import Kind
from inspectlib.plan.terms import (
    FALSE,
    ONE,
    TRUE,
    Term,
    absent_or,
    add,
    both,
    choose,
    coalesce,
    compare,
    const,
    either,
    greatest,
    is_null,
    multiply,
    negate,
)
from inspectlib.scales import Scale

__all__ = [
    "ABSENT",
    "AS_GIVEN",
    "BEST",
    "PLAIN",
    "WORST",
    "Mode",
    "Value",
    "common",
    "cross",
    "next_above",
    "plain",
    "same",
    "scored",
    "scores_of",
    "whole",
]


@attrs.frozen
class Value:
    """What a node has: a value or nothing, as terms.

    Attributes:
        num: position, flag, numerator or points; missing where there is no value.
        per: denominator or maximum; never missing.
        unit: how many units of `num` and `per` make 1, of a score.
        na: whether it is missing because it is not applicable.
        open: whether evidence beneath it is open, and it is not stated.
    """

    num: Term
    per: Term = ONE
    unit: int = 1
    na: Term = FALSE
    open: Term = FALSE


#: The completions of open evidence. As given, what is open is missing.
AS_GIVEN, WORST, BEST, ABSENT = "", "worst", "best", "absent"


@attrs.frozen
class Mode:
    """Under what assumption a node is computed.

    Attributes:
        end: which completion of open evidence.
        harmed: the evidence whose worst and best are turned round.
        leaf: the key question of which one answer is changed, and no departure counts.
        change: by how much.
    """

    end: str = AS_GIVEN
    harmed: frozenset[str] = frozenset()
    leaf: str = ""
    change: int = 0


PLAIN = Mode()


def whole(number: Fraction) -> int:
    """A number that is whole by construction."""
    assert number.denominator == 1, f"{number} is no whole number of units"
    return number.numerator


def plain(number: Fraction) -> int | Fraction:
    """A number, as a whole one if it is."""
    return number.numerator if number.denominator == 1 else number


def next_above(edge: Fraction, most: int, *, strictly: bool) -> Fraction:
    """The least fraction above an edge, or on it unless strictly, whose denominator is no larger than the most."""
    near = edge.limit_denominator(most)
    if near > edge or (near == edge and not strictly):
        return near
    # Its neighbour in the Farey sequence.
    numerator, denominator = near.numerator, near.denominator
    other = -pow(numerator, -1, denominator) % denominator if denominator > 1 else 0
    other += (most - other) // denominator * denominator
    return Fraction(numerator * other + 1, denominator * other)


def cross(op: str, one: Value, other: Value) -> Term:
    """Whether one number compares with another."""
    if one.per.constant and other.per.constant and one.per.value == other.per.value:
        return compare(op, one.num, other.num)
    return compare(op, multiply(one.num, other.per), multiply(other.num, one.per))


def same(kind: Kind, one: Value, other: Value) -> Term:
    """Whether two values of a kind are the same."""
    if kind is Kind.FLAG:
        return either(
            both(coalesce(one.num, FALSE), coalesce(other.num, FALSE)),
            both(
                negate(is_null(one.num)),
                negate(is_null(other.num)),
                negate(coalesce(one.num, TRUE)),
                negate(coalesce(other.num, TRUE)),
            ),
        )
    if kind is Kind.SCORE:
        points = compare("eq", one.num, other.num)
        return both(coalesce(points, FALSE), compare("eq", one.per, other.per))
    return cross("eq", one, other)


def common(values: Sequence[Value]) -> tuple[list[Term], Term]:
    """The numerators of several numbers over one denominator."""
    fixed = lcm(*(cast("int", value.per.value) for value in values if value.per.constant))
    loose = list(dict.fromkeys(value.per for value in values if not value.per.constant))
    nums: list[Term] = []
    for value in values:
        factor: Term = const(fixed // cast("int", value.per.value)) if value.per.constant else const(fixed)
        for other in loose:
            if other is not value.per:
                factor = multiply(factor, _positive(other))
        nums.append(multiply(value.num, factor))
    per: Term = const(fixed)
    for other in loose:
        per = multiply(per, _positive(other))
    return nums, per


def _positive(per: Term) -> Term:
    """A denominator, 1 where there is no number to divide."""
    return greatest(per, const(1))


def scores_of(scale: Scale) -> list[Fraction]:
    """The scores of the ratings of a scale."""
    return [scale.score(position) for position in range(len(scale.ratings))]


def scored(position: Term, weight: Fraction, scale: Scale) -> Term:
    """The weighted score of a rating, which is a whole number of units."""
    scores = [whole(weight * score) for score in scores_of(scale)]
    step = scores[1] - scores[0]
    if all(score == scores[0] + place * step for place, score in enumerate(scores)):
        return add(const(scores[0]), multiply(position, const(step)))
    found: Term = const(scores[-1])
    for place in reversed(range(len(scores) - 1)):
        found = choose(coalesce(compare("le", position, const(place)), FALSE), const(scores[place]), found)
    return absent_or(is_null(position), found)
