"""The columns of a frame as the whole numbers that a plan reads, and what is wrong with their cells."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

import attrs
import narwhals as nw

from inspectlib.errors import WrongForm
from inspectlib.graph import Framework
from inspectlib.kinds import Absence, Kind
from inspectlib.plan import Column, plan_columns
from inspectlib.tables.engine import Engine

__all__ = ["UNIT", "Bounds", "Decoded", "columns_of", "decoded", "spaced"]

#: In so many parts of one are numbers read that are written as text.
_PLACES = 8
UNIT = 10**_PLACES
_BITS = {nw.UInt8: 8, nw.UInt16: 16, nw.Int8: 7, nw.Int16: 15}
#: What `inspectlib.exact` reads, and what of it whole numbers of 64 bits hold.
_COUNT = r"^(?:0|[1-9][0-9]{0,8})$"
_NUMBER = r"^[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+|/[1-9][0-9]*)?%?$"
_DECIMAL = r"^[+-]?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]+)?%?$"
_RATIO = r"^[+-]?(?:0|[1-9][0-9]{0,8})/(?:[1-9][0-9]{0,7}|[1-9][0-9]{0,5}%)$"
#: White space as Python has it; engines know less of it.
_SPACE = "[\\s\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"


@attrs.frozen
class Decoded:
    """A column as whole numbers.

    Attributes:
        column: the column.
        stages: columns to be made, each from those before: the last of them are what the plan reads. None where it
            reads the column as it is.
        faults: for what a cell can be and must not: the condition, the code of the fault, and what is wrong. The first
            that holds is meant, and the last holds wherever another does.
    """

    column: Column
    stages: tuple[Mapping[str, nw.Expr], ...]
    faults: tuple[tuple[nw.Expr, str, str], ...] = ()


@attrs.frozen
class Bounds:
    """What is known of a column that has been looked at.

    Attributes:
        full: whether it holds something in every row.
        least: the least number in it; None where it holds no numbers.
        most: the most.
    """

    full: bool
    least: int | None = None
    most: int | None = None


def columns_of(
    framework: Framework, schema: Mapping[str, nw.dtypes.DType], known: Mapping[str, Bounds]
) -> tuple[Column, ...]:
    """The columns of evidence in a frame, by what their types can hold.

    Args:
        framework: the framework.
        schema: the types of the columns.
        known: what is known of columns.

    Raises:
        WrongForm: a type that holds no evidence.
    """
    found = []
    for plain, fine in zip(
        plan_columns(framework, schema, unit=1), plan_columns(framework, schema, unit=UNIT), strict=True
    ):
        dtype = schema[plain.name]
        text = _is_text(dtype) or (dtype == nw.Decimal and not plain.labels)
        column = plain
        if text and plain.kind in (Kind.NUMBER, Kind.SHARE):
            column = attrs.evolve(fine, ratio=plain.kind is Kind.SHARE)
        if plain.meaning[2] == "reason":
            if not text and not _is_nothing(dtype):
                raise WrongForm(f"the column {plain.name!r} holds {dtype}, a reason is text")
        elif not (
            text
            or dtype.is_integer()
            or dtype.is_float()  # which come where whole numbers are missing in some rows
            or _is_nothing(dtype)
            or (dtype == nw.Boolean and plain.kind is Kind.FLAG)
        ):
            raise WrongForm(f"the column {plain.name!r} holds {dtype}; it can hold text or whole numbers")
        bits = next((bits for small, bits in _BITS.items() if dtype == small), 0)
        if bits and plain.kind is Kind.ANSWERS:
            column = attrs.evolve(column, high=min(column.high, 2**bits - 1))
        bounds = known.get(plain.name)
        if bounds is not None and bounds.full and plain.meaning[2] != "reason":
            column = attrs.evolve(column, silent=text)
        if bounds is not None and bounds.most is not None and plain.kind is Kind.ANSWERS:
            column = attrs.evolve(column, high=max(0, min(column.high, bounds.most)))
        if bounds is not None and bounds.full and bounds.least is not None and plain.kind is Kind.ANSWERS:
            # No more than whether there is any, so that a plan serves many tables.
            column = attrs.evolve(column, low=min(1, max(0, bounds.least)))
        found.append(column if text else attrs.evolve(column, absent=False))
    return tuple(found)


def _is_text(dtype: nw.dtypes.DType) -> bool:
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def _is_nothing(dtype: nw.dtypes.DType) -> bool:
    return dtype == nw.Unknown


def decoded(column: Column, dtype: nw.dtypes.DType, engine: Engine, bounds: Bounds | None) -> Decoded:
    """A column as whole numbers."""
    cell = nw.col(engine.inner(column.name))
    reason = column.meaning[2] == "reason"
    if _is_nothing(dtype):
        silent = nw.lit(value=False) if reason else nw.lit(None, nw.Int8)
        return _read(column, engine, silent, (~cell.is_null(), "wrong-form", "is neither text nor a whole number"))
    if reason:
        return _read(column, engine, spaced(cell).fill_null("") != "")
    if not _is_text(dtype) and dtype != nw.Decimal:
        return _from_number(column, cell, dtype, engine, bounds)
    read = _from_label if column.labels else _from_count if column.kind is Kind.ANSWERS else _from_text
    return read(column, cell, engine)


def _read(column: Column, engine: Engine, value: nw.Expr, *faults: tuple[nw.Expr, str, str]) -> Decoded:
    return Decoded(column, ({engine.hidden(column.variable): value},), faults)


def spaced(cell: nw.Expr) -> nw.Expr:
    """A cell of text, without white space around it and with single spaces in it."""
    return cell.cast(nw.String).str.replace_all(_SPACE, " ").str.strip_chars(" ")


def _from_number(
    column: Column, cell: nw.Expr, dtype: nw.dtypes.DType, engine: Engine, bounds: Bounds | None
) -> Decoded:
    integer = engine.width(column.low, column.high)
    low, high = ceil(Fraction(column.low, column.unit)), floor(Fraction(column.high, column.unit))
    message = f"is not among 0 to {column.high}" if column.labels else f"is not a whole number from {low} to {high}"
    code = "bad-tally" if column.kind is Kind.ANSWERS else "off-scale"
    if dtype == nw.Boolean:
        return _read(column, engine, cell.cast(nw.Int8))
    if bounds and bounds.least is not None and bounds.most is not None and low <= bounds.least and bounds.most <= high:
        return Decoded(column, ()) if dtype == integer else _read(column, engine, cell.cast(integer))
    good: nw.Expr
    number: nw.Expr = cell
    if dtype.is_float():
        number = nw.when(~cell.is_nan()).then(cell)
        good = (number >= low) & (number <= high) & (number == number.floor())
    else:
        # Arrow would make the longest numbers without a sign ones with a sign, which are too short for them.
        ends = [nw.lit(max(0, end), nw.UInt64) if dtype == nw.UInt64 else end for end in (low, high)]
        good = (cell >= ends[0]) & (cell <= ends[1])
    wrong = ~good.fill_null(value=True) if column.silent else ~good
    return _read(column, engine, nw.when(~wrong).then(number).cast(integer), (wrong, code, message))


def _absent(column: Column, folded: nw.Expr, otherwise: nw.Expr, engine: Engine) -> nw.Expr:
    """What a text says of having no value, else another expression."""
    integer = engine.signed(column.not_applicable, column.high)
    found: nw.Expr = otherwise.cast(integer)
    if column.kind is not Kind.ANSWERS:
        found = nw.when(folded == str(Absence.NOT_RATED)).then(nw.lit(column.not_rated, integer)).otherwise(found)
    return nw.when(folded == str(Absence.NOT_APPLICABLE)).then(nw.lit(column.not_applicable, integer)).otherwise(found)


def _from_label(column: Column, cell: nw.Expr, engine: Engine) -> Decoded:
    choice = column.kind is Kind.CHOICE
    text, value = engine.hidden(f"text {column.name}"), engine.hidden(column.variable)
    said = nw.col(text)
    folded = said.str.to_lowercase() if choice else said
    found: nw.Expr = nw.lit(None, nw.Int8)
    for position, label in enumerate(column.labels):
        same = said == (label if choice else label.lower())
        found = nw.when(same).then(nw.lit(position, nw.Int8)).otherwise(found)
    plain = spaced(cell)
    return Decoded(
        column,
        (
            {text: plain if choice else plain.str.to_lowercase()},
            {value: _absent(column, folded, found, engine)},
        ),
        ((_unread(value, text), "off-scale", f"is none of {', '.join(column.labels)}"),),
    )


def _unread(value: str, text: str) -> nw.Expr:
    """Whether a text that is not empty was not read as anything."""
    return nw.col(value).is_null() & (nw.col(text).fill_null("") != "")


def _from_count(column: Column, cell: nw.Expr, engine: Engine) -> Decoded:
    text, value = engine.hidden(f"text {column.name}"), engine.hidden(column.variable)
    said = nw.col(text)
    number = nw.when(said.str.contains(_COUNT)).then(said).cast(nw.Int64)
    inside = nw.when(number <= column.high).then(number)
    message = f"is not a whole number from {column.low} to {column.high}"
    return Decoded(
        column,
        ({text: spaced(cell).str.to_lowercase()}, {value: _absent(column, said, inside, engine)}),
        ((_unread(value, text), "bad-tally", message),),
    )


def _from_text(column: Column, cell: nw.Expr, engine: Engine) -> Decoded:
    """Numbers as `inspectlib.exact` reads them: ``3``, ``0.65``, ``65%``, ``1/2``.

    A share keeps the denominator that it is written with. Any other number is counted in units, and refused where
    it cannot be.
    """
    text, value = engine.hidden(f"text {column.name}"), engine.hidden(column.variable)
    parts = [engine.hidden(f"{part} {column.name}") for part in ("whole", "tail", "top", "bottom", "parts", "number")]
    said, whole, tail, top, bottom, parted, number = (nw.col(name) for name in (text, *parts))
    decimal, ratio = (nw.when(said.str.contains(form)).then(said) for form in (_DECIMAL, _RATIO))
    percent = said.str.contains("%")
    sign = nw.when(said.str.starts_with("-")).then(nw.lit(-1, nw.Int64)).otherwise(nw.lit(1, nw.Int64))
    pieces = (
        decimal.str.replace_all(r"\..*|[^0-9]", "").cast(nw.Int64),
        decimal.str.replace_all(r"^[^.]*|[^0-9]", ""),
        ratio.str.replace_all(r"/.*|[^0-9]", "").cast(nw.Int64) * sign,
        ratio.str.replace_all(r"^[^/]*|[^0-9]", "").cast(nw.Int64)
        * nw.when(percent).then(nw.lit(100, nw.Int64)).otherwise(nw.lit(1, nw.Int64)),
    )
    places = nw.concat_str(tail, nw.lit("0" * _PLACES)).str.slice(0, _PLACES).cast(nw.Int64)
    # What is no whole number of parts is missing. A half more, and Spark, which divides floats, is exact too.
    from_decimal: nw.Expr = nw.when(~tail.str.slice(_PLACES).str.contains("[1-9]")).then((whole * UNIT + places) * sign)
    hundredth = nw.when(from_decimal % 100 == 0).then((from_decimal + 50) // 100)
    from_decimal = nw.when(percent).then(hundredth).otherwise(from_decimal)
    per: dict[str, nw.Expr] = {}
    if column.ratio:
        most = nw.when(bottom.is_null()).then(nw.lit(UNIT, nw.Int64)).otherwise(bottom)
        per = {engine.hidden(column.per): most.cast(engine.width(1, column.unit))}
        from_ratio, low, high = top, nw.lit(0, nw.Int64), most
        counted: nw.Expr = parted
    else:
        scaled = top * UNIT
        from_ratio = nw.when(scaled // bottom * bottom == scaled).then(scaled // bottom)
        low, high = nw.lit(int(column.low), nw.Int64), nw.lit(int(column.high), nw.Int64)
        counted = parted * (column.unit // UNIT)
        if column.unit == 1:  # a score, in whole points
            counted = nw.when(parted % UNIT == 0).then(parted // UNIT)
    inside = nw.when((number >= low) & (number <= high)).then(number)
    unread = _unread(value, text)
    whole_points = (unread & number.is_null() & ~parted.is_null(), "off-scale", "is no whole number of points")
    least, most_ = (Fraction(end, column.unit) for end in (column.low, column.high))
    return Decoded(
        column,
        (
            {text: spaced(cell).str.to_lowercase()},
            dict(zip(parts, pieces, strict=False)),
            {parts[4]: nw.when(bottom.is_null()).then(from_decimal).otherwise(from_ratio)},
            {parts[5]: counted},
            {value: _absent(column, said, inside, engine), **per},
        ),
        (
            (unread & ~said.str.contains(_NUMBER), "not-exact", "is no number; write it like 3, 0.65, 65% or 1/2"),
            whole_points,
            (unread & number.is_null(), "not-exact", "has too many digits for a table; rate it by itself"),
            (unread, "off-scale", f"is not between {least} and {most_}"),
        ),
    )
