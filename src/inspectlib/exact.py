"""Exact numbers and days: text to Fraction and back. No float lies between evidence and rating."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from inspectlib.errors import NotExact, TooLarge, WrongForm

__all__ = ["fraction_text", "half_up", "parse_count", "parse_date", "parse_number", "percent_text", "whole_percent"]

#: Longer than any figure of a methodology, short enough to read in no time.
MAX_NUMBER = 200

_NUMBER = re.compile(r"([+-]?)(0|[1-9][0-9]*)(?:\.([0-9]+)|/([1-9][0-9]*))?(%?)")
_COUNT = re.compile(r"0|[1-9][0-9]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_number(text: str) -> Fraction:
    """Read a number exactly as written: ``3``, ``0.65``, ``65%``, ``1/2``.

    Raises:
        NotExact: not such a number (NaN, infinity, an exponent, a leading zero or underscore among them).
        TooLarge: more than 200 characters.
    """
    if len(text) > MAX_NUMBER:
        raise TooLarge(f"a number of {len(text)} characters; at most {MAX_NUMBER} are read")
    match = _NUMBER.fullmatch(text)
    if not match:
        raise NotExact(f"{text!r} is not an exact number; write it like 3, 0.65, 65% or 1/2")
    sign, whole, decimals, divisor, percent = match.groups()
    value = Fraction(int(whole + (decimals or "")), 10 ** len(decimals or ""))
    value /= int(divisor or 1) * (100 if percent else 1)
    return -value if sign == "-" else value


def parse_count(text: str) -> int:
    """Read a whole number, 0 or more.

    Raises:
        NotExact: not a whole number written in digits.
        TooLarge: more than 200 characters.
    """
    if len(text) > MAX_NUMBER:
        raise TooLarge(f"a number of {len(text)} characters; at most {MAX_NUMBER} are read")
    if not _COUNT.fullmatch(text):
        raise NotExact(f"{text!r} is not a whole number, 0 or more")
    return int(text)


def parse_date(text: str) -> date:
    """Read a day: ``2019-07-01``.

    Raises:
        WrongForm: not written like that, or no day of the calendar.
    """
    if not _DATE.fullmatch(text):
        raise WrongForm(f"{text!r} is not a date; write it like 2019-07-01")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongForm(f"{text!r} is not a day of the calendar") from None


def fraction_text(value: Fraction) -> str:
    """``2/3``, or ``16`` for a whole number: what `parse_number` reads back."""
    return str(value)


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def whole_percent(share: Fraction) -> Fraction:
    """A share rounded to a whole percentage, half up, as published tables show it."""
    return Fraction(half_up(share * 100), 100)


def percent_text(share: Fraction) -> str:
    """A share for people: ``66.7%``, ``65%``. For display alone; nothing is computed from it."""
    tenths = half_up(share * 1000)
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}%" if rest else f"{whole}%"
