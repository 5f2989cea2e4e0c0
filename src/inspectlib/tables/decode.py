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

__all__ = ["UNIT", "Bounds", "Decoded", "Widths", "columns_of", "decoded"]

#: In so many parts of one are numbers read that are written as text: six decimals, and two more of a percentage.
UNIT = 10**8
_SIGNED = ((2**7, nw.Int8), (2**15, nw.Int16), (2**31, nw.Int32), (2**63, nw.Int64))
_UNSIGNED = ((2**8, nw.UInt8), (2**16, nw.UInt16), (2**32, nw.UInt32))
_BITS = {nw.UInt8: 8, nw.UInt16: 16, nw.Int8: 7, nw.Int16: 15}
_COUNT = r"^(?:0|[1-9][0-9]{0,8})$"
_NUMBER = r"^[+-]?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?%?$"


@attrs.frozen
class Decoded:
    """A column as whole numbers.

    Attributes:
        column: the column.
        value: what it holds for the plan.
        wrong: whether a cell is none of what it can hold; None where the type of the column rules that out.
        code: the code of that fault.
        message: what is wrong then.
    """

    column: Column
    value: nw.Expr
    wrong: nw.Expr | None
    code: str
    message: str


@attrs.frozen
class Widths:
    """The whole numbers that an engine has.

    Attributes:
        unsigned: whether it has those without a sign, which fit columns that come so.
    """

    unsigned: bool

    def __call__(self, low: int | Fraction, high: int | Fraction) -> type[nw.dtypes.IntegerType]:
        """The narrowest that hold everything between two.

        Raises:
            WrongForm: none does.
        """
        for limit, dtype in _UNSIGNED if self.unsigned and low >= 0 else ():
            if high < limit:
                return dtype
        return _signed(low, high)


def _signed(low: int | Fraction, high: int | Fraction) -> type[nw.dtypes.IntegerType]:
    for limit, dtype in _SIGNED:
        if -limit <= low and high < limit:
            return dtype
    far: int | Fraction = max(-low, high)
    message = f"numbers up to {far} are too wide for whole numbers of 64 bits; rate row by row"
    raise WrongForm(message)


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


def columns_of(framework: Framework, schema: nw.Schema, known: Mapping[str, Bounds]) -> tuple[Column, ...]:
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
        text = _is_text(dtype)
        column = fine if text and plain.kind in (Kind.NUMBER, Kind.SHARE) else plain
        if plain.meaning[2] == "reason":
            if not text and not _is_nothing(dtype):
                raise WrongForm(f"the column {plain.name!r} holds {dtype}, a reason is text")
        elif not (
            text
            or dtype.is_integer()
            or _is_whole_float(dtype)
            or _is_nothing(dtype)
            or (dtype == nw.Boolean and plain.kind is Kind.FLAG)
        ):
            raise WrongForm(f"the column {plain.name!r} holds {dtype}; it can hold text or whole numbers")
        bits = next((bits for known, bits in _BITS.items() if dtype == known), 0)
        if bits and plain.kind is Kind.ANSWERS:
            column = attrs.evolve(column, high=min(column.high, 2**bits - 1))
        bounds = known.get(plain.name)
        if bounds is not None and bounds.full and plain.meaning[2] != "reason":
            column = attrs.evolve(column, silent=text)
        if bounds is not None and bounds.most is not None and plain.kind is Kind.ANSWERS:
            column = attrs.evolve(column, high=max(0, min(column.high, bounds.most)))
        found.append(column if text else attrs.evolve(column, absent=False))
    return tuple(found)


def _is_text(dtype: nw.dtypes.DType) -> bool:
    return dtype in (nw.String, nw.Categorical, nw.Enum, nw.Object) or isinstance(dtype, nw.Enum)


def _is_nothing(dtype: nw.dtypes.DType) -> bool:
    return dtype == nw.Unknown


def _is_whole_float(dtype: nw.dtypes.DType) -> bool:
    """Floats come where whole numbers are missing in some rows; each must be a whole number."""
    return dtype.is_float()


def decoded(column: Column, dtype: nw.dtypes.DType, width: Widths, bounds: Bounds | None) -> Decoded:
    """A column as whole numbers."""
    cell = nw.col(column.name)
    if _is_nothing(dtype):
        silent = nw.lit(None, nw.Int8) if column.meaning[2] != "reason" else nw.lit(value=False)
        return Decoded(column, silent, None, "", "")
    if column.meaning[2] == "reason":
        said = cell.cast(nw.String).fill_null("").str.strip_chars() != ""
        return Decoded(column, said, None, "", "")
    if not _is_text(dtype):
        return _from_number(column, cell, dtype, width, bounds)
    text = cell.cast(nw.String).str.strip_chars()
    text = text.str.replace_all(r"\s+", " ")
    return _from_label(column, text) if column.labels else _from_text(column, text)


def _from_number(
    column: Column, cell: nw.Expr, dtype: nw.dtypes.DType, width: Widths, bounds: Bounds | None
) -> Decoded:
    integer = width(column.low, column.high)
    low, high = ceil(Fraction(column.low, column.unit)), floor(Fraction(column.high, column.unit))
    message = f"is not among 0 to {column.high}" if column.labels else f"is not a whole number from {low} to {high}"
    code = "not-exact" if column.kind is Kind.ANSWERS else "off-scale"
    if dtype == nw.Boolean:
        return Decoded(column, cell.cast(nw.Int8), None, code, message)
    if bounds and bounds.least is not None and bounds.most is not None and low <= bounds.least and bounds.most <= high:
        value = cell if dtype == integer else cell.cast(integer)
        return Decoded(column, value * nw.lit(column.unit, integer) if column.unit > 1 else value, None, code, message)
    if dtype.is_float():
        number: nw.Expr = nw.when(~cell.is_nan()).then(cell)
        good = (number >= low) & (number <= high) & (number == number.floor())
    else:
        number = cell
        good = (cell >= low) & (cell <= high)
    wrong = ~good.fill_null(value=True)
    if not column.silent:
        wrong = ~good
    whole = nw.when(~wrong).then(number).cast(integer)
    value = whole * nw.lit(column.unit, integer) if column.unit > 1 else whole
    return Decoded(column, value, wrong, code, message)


def _absences(column: Column, text: nw.Expr) -> nw.Expr:
    """What a text says of having no value; missing where it says nothing of the kind."""
    folded = text.str.to_lowercase()
    integer = _signed(column.not_applicable, column.high)
    found = nw.when(folded == str(Absence.NOT_APPLICABLE)).then(nw.lit(column.not_applicable, integer))
    if column.kind is Kind.ANSWERS:
        return found
    return found.otherwise(nw.when(folded == str(Absence.NOT_RATED)).then(nw.lit(column.not_rated, integer)))


def _from_label(column: Column, text: nw.Expr) -> Decoded:
    choice = column.kind is Kind.CHOICE
    folded = text if choice else text.str.to_lowercase()
    found: nw.Expr = _absences(column, text)
    for position, label in enumerate(column.labels):
        same = folded == (label if choice else label.lower())
        found = nw.when(same).then(nw.lit(position, nw.Int8)).otherwise(found)
    wrong = found.is_null() & (text.fill_null("") != "")
    return Decoded(column, found.cast(nw.Int8), wrong, "off-scale", f"is none of {', '.join(column.labels)}")


def _from_text(column: Column, text: nw.Expr) -> Decoded:
    integer = _signed(column.not_applicable, column.high)
    number: nw.Expr
    if column.kind in (Kind.NUMBER, Kind.SHARE):
        number = _decimal(text) * (column.unit // UNIT)
        message = (
            f"is no number from {column.low // column.unit} to {column.high // column.unit} with six decimals at most"
        )
    else:
        number = nw.when(text.str.contains(_COUNT)).then(text).cast(nw.Int64)
        message = f"is not a whole number from {column.low} to {column.high}"
    inside = (number >= column.low) & (number <= column.high)
    found = nw.when(inside.fill_null(value=False)).then(number).otherwise(_absences(column, text).cast(nw.Int64))
    wrong = found.is_null() & (text.fill_null("") != "")
    code = "not-exact" if column.kind is Kind.ANSWERS else "off-scale"
    return Decoded(column, found.cast(integer), wrong, code, message)


def _decimal(text: nw.Expr) -> nw.Expr:
    """A number written as text, in parts of `UNIT`; missing where it is none."""
    good = text.str.contains(_NUMBER)
    digits = nw.when(good).then(text)
    whole = digits.str.replace(r"\..*$", "").str.replace_all(r"[^0-9]", "").cast(nw.Int64)
    tail: nw.Expr = digits.str.replace(r"^[^.]*", "").str.replace_all(r"[^0-9]", "")
    tail = nw.concat_str(tail, nw.lit("00000000")).str.slice(0, 8).cast(nw.Int64)
    number: nw.Expr = whole * nw.lit(UNIT, nw.Int64) + tail
    number = nw.when(digits.str.contains("%")).then(number // 100).otherwise(number)
    return nw.when(digits.str.starts_with("-")).then(0 - number).otherwise(number)
