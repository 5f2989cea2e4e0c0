"""What the engines behind frames can do, where it matters to exact numbers and to the names of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs
import narwhals as nw

from inspectlib.errors import RepeatedColumn, WrongForm

__all__ = ["HIDDEN", "Engine", "Table", "Width"]

Width = type[nw.dtypes.IntegerType]

_SIGNED = ((2**7, nw.Int8), (2**15, nw.Int16), (2**31, nw.Int32), (2**63, nw.Int64))
_UNSIGNED = ((2**8, nw.UInt8), (2**16, nw.UInt16), (2**32, nw.UInt32))
#: With this begin the names of columns that are gone from the result.
HIDDEN = "inspectlib:"
#: What the names of columns may not hold where a dot leads into a field, and what stands for it.
_ESCAPED = (("~", "~0"), (".", "~1"), ("`", "~2"))


@attrs.frozen
class Engine:
    """An engine.

    Attributes:
        spark: whether it is Spark, which has no whole numbers without a sign, divides whole numbers as floats, stops
            where a sum runs over, adds up no truths, and takes a dot in a name as leading into a field.
        folds: whether names that differ in capitals only are the same to it.
    """

    spark: bool
    folds: bool

    @classmethod
    def of(cls, frame: Any) -> Engine:
        """The engine of a frame."""
        spark = frame.implementation.is_spark_like()
        return cls(spark=spark, folds=spark or frame.implementation.is_duckdb())

    def width(self, low: int | Fraction, high: int | Fraction) -> Width:
        """The narrowest whole numbers that hold everything between two.

        Raises:
            WrongForm: none does.
        """
        for limit, dtype in () if self.spark or low < 0 else _UNSIGNED:
            if high < limit:
                return dtype
        return self.signed(low, high)

    @staticmethod
    def signed(low: int | Fraction, high: int | Fraction) -> Width:
        """The narrowest with a sign.

        Raises:
            WrongForm: none does.
        """
        for limit, dtype in _SIGNED:
            if -limit <= low and high < limit:
                return dtype
        raise _too_wide(low, high, 64)

    def check_divided(self, low: int | Fraction, high: int | Fraction) -> None:
        """Refuse a division that would not be exact.

        Raises:
            WrongForm: it would not be.
        """
        if self.spark and max(-low, high) >= 2**53:
            raise _too_wide(low, high, 53)

    def inner(self, name: str) -> str:
        """The name by which expressions call a column."""
        if self.spark:
            for plain, escaped in _ESCAPED:
                name = name.replace(plain, escaped)
        return name

    def hidden(self, name: str) -> str:
        """The name of a column that is gone from the result."""
        return self.inner(f"{HIDDEN}{name}")

    def check_names(self, there: Iterable[str], added: Iterable[str]) -> None:
        """Refuse columns that the engine takes for those of the result.

        Raises:
            RepeatedColumn: it takes a column for one of the result.
        """
        if self.folds:
            folded = {name.lower(): name for name in added}
            for name in there:
                other = folded.get(name.lower(), name)
                if other != name:
                    message = f"the column {name!r} differs from the result {other!r} in capitals only; rename it"
                    raise RepeatedColumn(message)


@attrs.frozen
class Table:
    """A frame with the names by which people call its columns.

    Attributes:
        frame: the frame, its columns named as expressions call them.
        names: how people call them.
        engine: what its engine can do.
    """

    frame: Any
    names: tuple[str, ...]
    engine: Engine

    @classmethod
    def of(cls, frame: Any, names: Iterable[str]) -> Table:
        """Some columns of a frame as a table."""
        engine, names = Engine.of(frame), tuple(names)
        if engine.spark:
            native = frame.to_native()
            frame = nw.from_native(native.toDF(*map(engine.inner, native.columns)))
        return cls(frame.select(*map(engine.inner, names)), names, engine)

    @property
    def schema(self) -> Mapping[str, nw.dtypes.DType]:
        """The types of its columns."""
        return dict(zip(self.names, self.frame.collect_schema().values(), strict=True))

    def column(self, name: str) -> nw.Expr:
        """A column by the name that people call it."""
        return nw.col(self.engine.inner(name))

    def named(self, expr: nw.Expr, name: str) -> nw.Expr:
        """An expression as a column that people call so."""
        return expr.alias(self.engine.inner(name))

    def with_names(self, frame: Any, names: Iterable[str]) -> Any:
        """A frame that is made of this one, its columns named as people call them."""
        return nw.from_native(frame.to_native().toDF(*names)) if self.engine.spark else frame


def _too_wide(low: int | Fraction, high: int | Fraction, bits: int) -> WrongForm:
    far = max(-low, high)
    return WrongForm(f"numbers up to {far} are too wide for whole numbers of {bits} bits; rate row by row")
