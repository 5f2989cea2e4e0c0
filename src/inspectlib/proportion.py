"""The exact interval of Clopper and Pearson around a share, in whole numbers throughout."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import comb

from inspectlib.errors import OffScale
from inspectlib.exact import fraction_text, parse_number

__all__ = ["DECIMALS", "MAX_CASES", "parse_confidence", "share_interval"]

#: The bounds are given as percentages with so many decimals, the lower one rounded down and the upper one up.
DECIMALS = 1
#: For a larger sample the interval, which is then narrow, is not computed.
MAX_CASES = 2_000

_PARTS = 100 * 10**DECIMALS


def parse_confidence(confidence: str | Fraction) -> Fraction:
    """A confidence: ``95%``, ``0.95``, or a fraction.

    Raises:
        NotExact: a text that is no exact number.
        OffScale: not between 0 and 1, or one of them.
    """
    found = parse_number(confidence) if isinstance(confidence, str) else confidence
    if not 0 < found < 1:
        raise OffScale(f"a confidence lies between 0% and 100%, which {fraction_text(found)} does not")
    return found


@lru_cache(1024)
def share_interval(yes: int, of: int, confidence: Fraction) -> tuple[Fraction, Fraction] | None:
    """The lower and the upper bound of the share that a sample comes from; None for no case, or too many.

    The lower bound is the share under which so many sufficient answers or more have a chance of half of what the
    confidence leaves over; the upper bound that under which so many or fewer have it.
    """
    if not 0 < of <= MAX_CASES:
        return None
    chance = (1 - confidence) / 2
    low = 0 if not yes else _last(lambda parts: _at_most(of - yes, of, _PARTS - parts, chance))
    high = _PARTS if yes == of else _PARTS - _last(lambda parts: _at_most(yes, of, _PARTS - parts, chance))
    return Fraction(low, _PARTS), Fraction(high, _PARTS)


def _last(holds: Callable[[int], bool]) -> int:
    """The last number of parts for which something holds that holds for none and, once it does not, no more."""
    low, high = 0, _PARTS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _at_most(yes: int, of: int, parts: int, chance: Fraction) -> bool:
    """Whether so many sufficient answers or fewer are no likelier than a chance, when the share is so many parts.

    All on one denominator: the sum over k of ``comb(of, k) * parts**k * rest**(of - k)``, by Horner's rule.
    """
    rest = _PARTS - parts
    total, term = 0, comb(of, yes)
    for k in range(yes, -1, -1):
        total = total * parts + term
        term = term * k * rest // (of - k + 1)
    return bool(total * rest ** (of - yes) * chance.denominator <= chance.numerator * _PARTS**of)
