"""A plan over NumPy arrays, a stretch of rows at a time so that what is computed stays in the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from inspectlib.errors import MissingColumn, OffScale, WrongForm
from inspectlib.kinds import Absence, Kind
from inspectlib.plan import Column, Plan, Result, Term

__all__ = ["counted", "evaluated", "room", "rows_of", "within"]

Array = npt.NDArray[Any]
#: A term where it has a value, and where it has one: None for everywhere.
Masked = tuple[Any, Any]

#: So many rows at once: a few dozen columns of bytes fit in the cache of a core.
STRETCH = 32_768
_UNSIGNED = ((2**8, np.uint8), (2**16, np.uint16), (2**32, np.uint32))
_SIGNED = ((2**7, np.int8), (2**15, np.int16), (2**31, np.int32), (2**63, np.int64))


def rows_of(columns: Mapping[str, Array]) -> int:
    """The number of rows of a mapping of arrays.

    Raises:
        MissingColumn: arrays of different lengths.
    """
    lengths = {name: len(array) for name, array in columns.items()}
    if len(set(lengths.values())) > 1:
        raise MissingColumn(f"columns of different lengths: {', '.join(f'{n} {size}' for n, size in lengths.items())}")
    return next(iter(lengths.values()), 0)


def counted(columns: Mapping[str, Array], questions: set[str]) -> dict[str, Array]:
    """The columns with the counts of those that hold answers by case: a row an inspection, and in it one a case.

    Raises:
        WrongForm: no array, or one of another form.
        OffScale: an answer that is neither 0 nor 1.
    """
    found: dict[str, Array] = {}
    for name, array in columns.items():
        if not isinstance(array, np.ndarray):
            raise WrongForm(f"the column {name!r} is a {type(array).__name__} and no NumPy array")
        if array.ndim == 1:
            found[name] = array
            continue
        if name not in questions or array.ndim != 2:
            raise WrongForm(f"{name!r} has {array.ndim} dimensions; answers by case have two, anything else has one")
        if array.dtype.kind not in "bui":
            raise WrongForm(f"the column {name!r} holds {array.dtype}; answers are 0 and 1, or true and false")
        _check_unmasked(name, array)
        if (
            array.dtype != np.bool_
            and array.size
            and (array.max() > 1 or (array.dtype.kind == "i" and array.min() < 0))
        ):
            raise OffScale(f"an answer of {name!r} is neither 0 nor 1")
        found[f"{name}.yes"] = _sums(array.view(np.uint8) if array.dtype == np.bool_ else array)
        found[f"{name}.of"] = np.full(len(array), array.shape[1], _width(0, array.shape[1]))
    return found


def _check_unmasked(name: str, array: Array) -> None:
    if np.ma.is_masked(array):
        raise WrongForm(f"the column {name!r} has masked cells; take a frame, where a cell can say nothing")


def _sums(array: Array) -> Array:
    """The sum of each row of zeros and ones."""
    cases = array.shape[1]
    dtype = _width(0, cases)
    if array.dtype.itemsize > 1 or not array.flags.c_contiguous or cases % 4 or not 0 < cases <= 4 * 255:
        total: Array = array.sum(axis=1, dtype=dtype)
        return total
    # Four answers in one number, added in its four bytes: none can pass 255, so none runs over into the next.
    lanes = np.add.reduce(array.view(np.uint32), axis=1, dtype=np.uint32)
    halves = (lanes & 0x00FF00FF) + (lanes >> 8 & 0x00FF00FF)
    counts: Array = ((halves & 0xFFFF) + (halves >> 16)).astype(dtype)
    return counts


def evaluated(
    columns: Mapping[str, Array],
    plan: Plan,
    results: Mapping[str, tuple[Result, str]],
    rows: int,
    *,
    positions: bool,
) -> tuple[dict[str, Array], list[tuple[int, str]]]:
    """The results of a plan, and the first fault of each row that has one.

    Args:
        columns: what the plan reads, as whole numbers.
        plan: the plan.
        results: for each column of the result, what it is of and which part of it.
        rows: how many rows there are.
        positions: whether ratings are given by their positions on the scale.
    """
    found: dict[str, Array] = {}
    faults: list[tuple[int, str]] = []
    for first in range(0, rows, STRETCH):
        stretch = _Stretch(plan, {name: array[first : first + STRETCH] for name, array in columns.items()})
        faults += [(first + row, message) for row, message in stretch.faults()]
        for name, (result, part) in results.items():
            values = stretch.shown(result, part, positions=positions)
            if name not in found:
                found[name] = _room_for(values, rows)
            elif found[name].dtype.itemsize < values.dtype.itemsize:
                found[name] = found[name].astype(values.dtype)  # a longer text
            found[name][first : first + STRETCH] = values
    return found if rows else {name: np.empty(0, np.int32) for name in results}, faults


def _room_for(values: Array, rows: int) -> Array:
    """Room for as many rows of the kind that some are of."""
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.MaskedArray(np.empty(rows, values.dtype), np.zeros(rows, np.bool_))
    return np.empty(rows, values.dtype)


class _Stretch:
    """Some rows."""

    def __init__(self, plan: Plan, columns: Mapping[str, Array]) -> None:
        self.plan = plan
        self.size = len(next(iter(columns.values())))
        self.known: dict[str, Masked] = {column.variable: (columns[column.name], None) for column in plan.columns}
        for step in plan.steps:
            self.known[step.name] = self.term(step.term)

    def faults(self) -> list[tuple[int, str]]:
        found: dict[int, str] = {}
        for check in self.plan.checks:
            wrong = self.term(check.wrong)[0]
            if np.any(wrong):
                for row in np.flatnonzero(np.broadcast_to(wrong, self.size)).tolist():
                    found.setdefault(row, f"{check.code}: column {check.column!r}: {check.message}")
        return sorted(found.items())

    def shown(self, result: Result, part: str, *, positions: bool) -> Array:
        """A result over the whole stretch; masked where numbers have no value."""
        if part == "unit":
            return np.full(self.size, result.unit, np.int32)
        value = self.term(result.per if part == "per" else result.value)[0]
        there = self.term(result.value)[1]
        value = np.broadcast_to(value, self.size)
        known = None if there is None else np.broadcast_to(there, self.size)
        number = result.kind in (Kind.SCORE, Kind.NUMBER, Kind.SHARE)
        if not number and not (positions and result.kind in (Kind.RATING, Kind.FLAG)):
            return self._text(result, value, known)
        if number and value.dtype.itemsize < 4:
            value = value.astype(np.int32)  # people go on to add them up
        return value if known is None else np.ma.MaskedArray(value, ~known)

    def _text(self, result: Result, value: Array, known: Array | None) -> Array:
        """A rating, flag or choice as text, as a table has it."""
        labels = result.labels or ("no", "yes")
        texts = np.array([*labels, str(Absence.NOT_RATED), str(Absence.NOT_APPLICABLE)])
        if known is None:
            return texts[value.astype(np.intp)]
        none = np.where(self.term(result.not_applicable)[0], len(labels) + 1, len(labels))
        found = texts[np.where(known, value, none)]
        open_ = np.broadcast_to(self.term(result.open)[0], self.size)
        if not open_.any():
            return found
        found = found.astype(object)
        ends = [
            np.broadcast_to(self.term(end)[0], self.size) for end in (result.worst, result.best, result.may_be_absent)
        ]
        for worst, best, absent in set(zip(*(end[open_].tolist() for end in ends), strict=True)):
            further = f" to {labels[best]}" if best > worst else ""
            here = open_ & (ends[0] == worst) & (ends[1] == best) & (ends[2] == absent)
            found[here] = f"open: {labels[worst]}{further}{', or none' if absent else ''}"
        return found.astype(str)

    def term(self, term: Term) -> Masked:
        if term.op == "const":
            return (np.int8(0), np.False_) if term.value is None else (_literal(term), None)
        if term.op == "var":
            return self.known[str(term.value)]
        found: Masked = getattr(self, f"_{term.op}")(term)
        return found

    def _parts(self, term: Term) -> tuple[list[Any], Any]:
        """The parts of a term, and where all of them have a value."""
        parts = [self.term(arg) for arg in term.args]
        there = [part[1] for part in parts if part[1] is not None]
        return [part[0] for part in parts], reduce(np.logical_and, there) if there else None

    def _add(self, term: Term) -> Masked:
        parts, there = self._parts(term)
        return _total(parts, _width(term.low, term.high)), there

    def _mul(self, term: Term) -> Masked:
        parts, there = self._parts(term)
        return np.multiply(*parts, dtype=_width(term.low, term.high), casting="unsafe"), there

    def _div(self, term: Term) -> Masked:
        (one, other), there = self._parts(term)
        return (np.asarray(one, np.int64) // other).astype(_width(term.low, term.high)), there

    def _compared(self, term: Term, compare: Callable[[Any, Any], Any]) -> Masked:
        (one, other), there = self._parts(term)
        return compare(one, other), there

    def _ge(self, term: Term) -> Masked:
        return self._compared(term, np.greater_equal)

    def _gt(self, term: Term) -> Masked:
        return self._compared(term, np.greater)

    def _eq(self, term: Term) -> Masked:
        return self._compared(term, np.equal)

    def _and(self, term: Term) -> Masked:
        return reduce(np.logical_and, self._parts(term)[0]), None

    def _or(self, term: Term) -> Masked:
        return reduce(np.logical_or, self._parts(term)[0]), None

    def _not(self, term: Term) -> Masked:
        (one,), there = self._parts(term)
        return np.logical_not(one), there

    def _null(self, term: Term) -> Masked:
        there = self.term(term.args[0])[1]
        return np.False_ if there is None else np.logical_not(there), None

    def _coalesce(self, term: Term) -> Masked:
        (one, there), (other, or_there) = (self.term(arg) for arg in term.args)
        if there is None:
            return one, None
        either = None if or_there is None else np.logical_or(there, or_there)
        return np.where(there, one, other), either

    def _if(self, term: Term) -> Masked:
        condition = self.term(term.args[0])[0]
        (one, there), (other, or_there) = (self.term(arg) for arg in term.args[1:])
        one_is_null, other_is_null = (arg.constant and arg.value is None for arg in term.args[1:])
        if one_is_null or other_is_null:
            chosen = np.logical_not(condition) if one_is_null else condition
            value, known = (other, or_there) if one_is_null else (one, there)
            return value, chosen if known is None else np.logical_and(chosen, known)
        known = None
        if there is not None or or_there is not None:
            known = np.where(
                condition, np.True_ if there is None else there, np.True_ if or_there is None else or_there
            )
        return _select(condition, one, other, np.bool_ if term.flag else _width(term.low, term.high)), known

    def _least(self, term: Term) -> Masked:
        return self._extreme(term, np.minimum)

    def _greatest(self, term: Term) -> Masked:
        return self._extreme(term, np.maximum)

    def _extreme(self, term: Term, pick: Callable[[Any, Any], Any]) -> Masked:
        value, there = self.term(term.args[0])
        for arg in term.args[1:]:
            other, or_there = self.term(arg)
            both = pick(value, other)
            if there is None and or_there is None:
                value = both
                continue
            first = np.True_ if there is None else there
            second = np.True_ if or_there is None else or_there
            value = np.where(np.logical_and(first, second), both, np.where(first, value, other))
            there = None if there is None or or_there is None else np.logical_or(first, second)
        return value, there

    def _count(self, term: Term) -> Masked:
        parts, there = self._parts(term)
        return _total(parts, _width(term.low, term.high)), there


def _total(parts: list[Any], dtype: Any) -> Any:
    """The sum, as narrow as it can be."""
    total = np.asarray(parts[0]).astype(dtype)
    for part in parts[1:]:
        if total.ndim:
            np.add(total, part, out=total, dtype=dtype, casting="unsafe")
        else:
            total = np.asarray(np.add(total, part, dtype=dtype, casting="unsafe"))
    return total


def _select(condition: Any, one: Any, other: Any, dtype: Any) -> Any:
    """One where the condition holds, else the other: by masks, which is several times as fast as `numpy.where`."""
    if not np.ndim(condition):
        return one if condition else other
    if dtype is np.bool_:
        return np.logical_or(np.logical_and(condition, one), np.logical_and(np.logical_not(condition), other))
    mask = condition.view(np.int8) if dtype().itemsize == 1 else condition.astype(_signed_like(dtype))
    mask = np.negative(mask).view(dtype)
    one, other = (np.asarray(part).astype(dtype, copy=False) for part in (one, other))
    return np.bitwise_xor(other, np.bitwise_and(np.bitwise_xor(one, other), mask))


def _signed_like(dtype: Any) -> Any:
    return {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}[dtype().itemsize]


def _literal(term: Term) -> Any:
    if isinstance(term.value, bool):
        return np.bool_(term.value)
    return _width(term.low, term.high)(term.value)


def _width(low: Any, high: Any) -> Any:
    """The narrowest whole numbers that hold everything between two."""
    for limit, dtype in _UNSIGNED if low >= 0 else ():
        if high < limit:
            return dtype
    for limit, signed in _SIGNED:
        if -limit <= low and high < limit:
            return signed
    raise WrongForm(f"numbers up to {max(abs(low), abs(high))} are too wide for whole numbers of 64 bits")


def room(array: Array) -> int:
    """The most that the narrowest numbers hold that hold an array."""
    most = int(array.max(initial=0))
    return next(limit for limit, _ in (*_UNSIGNED, *_SIGNED[3:]) if most < limit) - 1


def within(column: Column, array: Array) -> Array:
    """A column of numbers as the plan reads it.

    Raises:
        WrongForm: it holds no whole numbers.
        OffScale: one of them is out of its bounds; the message names the first row.
    """
    if array.dtype.kind not in ("bui" if column.kind is Kind.FLAG else "ui"):
        raise WrongForm(f"the column {column.name!r} holds {array.dtype}; an array holds whole numbers")
    _check_unmasked(column.name, array)
    low, high = -(-column.low // column.unit), column.high // column.unit
    if len(array) and not (low <= array.min() and array.max() <= high):
        row = int(np.flatnonzero((array < low) | (array > high))[0])
        message = f"row {row + 1}, column {column.name!r}: {array[row]} is not among {low} to {high}"
        raise OffScale(message)
    return array if column.unit == 1 else array.astype(np.int64) * column.unit
