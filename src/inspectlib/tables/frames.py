"""A plan as expressions on a frame, whatever engine it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import add, and_, or_
from typing import Any

import attrs
import narwhals as nw

from inspectlib.kinds import Absence, Kind
from inspectlib.plan import Plan, Result, Step, Term
from inspectlib.plan.terms import variables
from inspectlib.tables.decode import Bounds, Decoded, Widths, decoded

__all__ = ["BAD", "FAULT", "evaluated"]

#: The column that says what is wrong with a row.
FAULT = "fault"
_HIDDEN = "inspectlib:"
#: With this begins the name of a column that says whether something is wrong with the cases of an inspection.
BAD = f"{_HIDDEN}bad "

_BAD_CASES = "an answer is none of yes, no and not applicable, or the cases of the inspection do not agree"

Frame = nw.LazyFrame[Any] | nw.DataFrame[Any]
Width = type[nw.dtypes.IntegerType]


def evaluated(
    frame: Frame,
    plan: Plan,
    results: Mapping[str, tuple[Result, str]],
    known: Mapping[str, Bounds],
    *,
    positions: bool,
    mask: bool,
) -> Frame:
    """The frame with the results of a plan.

    Args:
        frame: the frame.
        plan: the plan.
        results: for each column of the result, what it is of and which part of it: ``value``, ``per`` or ``unit``.
        known: what is known of columns that were looked at.
        positions: whether ratings are given by their positions on the scale.
        mask: whether a row with a fault has no results.

    The column `FAULT` says what is wrong with a row, and is empty where nothing is. It is there where rows are masked,
    and where anything can be wrong.
    """
    return _Writer(frame, plan, known).frame(results, positions=positions, mask=mask)


class _Writer:
    def __init__(self, frame: Frame, plan: Plan, known: Mapping[str, Bounds]) -> None:
        self.source = frame
        self.plan = plan
        schema = frame.collect_schema()
        self.width = Widths(unsigned=not frame.implementation.is_spark_like())
        self.decoded = [
            decoded(column, schema[column.name], self.width, known.get(column.name)) for column in plan.columns
        ]
        self.names = {column.variable: f"{_HIDDEN}{column.variable}" for column in plan.columns}
        self.pandas = frame.implementation.is_pandas_like()

    def frame(self, results: Mapping[str, tuple[Result, str]], *, positions: bool, mask: bool) -> Frame:
        columns = [name for name in self.source.collect_schema().names() if not name.startswith(BAD)]
        found = self.source.with_columns(
            *(part.value.alias(self.names[part.column.variable]) for part in self.decoded),
            *(
                part.wrong.alias(f"{_HIDDEN}wrong {part.column.name}")
                for part in self.decoded
                if part.wrong is not None
            ),
        )
        for level in self._levels():
            found = found.with_columns(*(self.term(step.term).alias(self._name(step.name)) for step in level))
        fault = self._fault()
        if fault is not None:
            found = found.with_columns(fault.alias(f"{_HIDDEN}fault"))
        given = {name: self._given(*results[name], positions=positions) for name in results}
        if mask and fault is not None:
            fine = nw.col(f"{_HIDDEN}fault").is_null()
            given = {name: nw.when(fine).then(expr) for name, expr in given.items()}
        kept = [given.pop(name).alias(name) if name in given else nw.col(name) for name in columns]
        added = [expr.alias(name) for name, expr in given.items()]
        if mask or fault is not None:
            added.append((nw.lit(None, nw.String) if fault is None else nw.col(f"{_HIDDEN}fault")).alias(FAULT))
        return found.select(*kept, *added)

    def _levels(self) -> Iterator[list[Step]]:
        """The steps, those that need no other of theirs together."""
        depth = dict.fromkeys(self.names, 0)
        levels: dict[int, list[Step]] = {}
        for step in self.plan.steps:
            at = 1 + max((depth[name] for name in variables(step.term)), default=0)
            depth[step.name] = at
            levels.setdefault(at, []).append(step)
        for at in sorted(levels):
            yield levels[at]

    def _name(self, name: str) -> str:
        return self.names.setdefault(name, f"{_HIDDEN}{name}")

    # Terms

    def term(self, term: Term) -> nw.Expr:
        """A term as an expression, as narrow as it can be."""
        if term.op == "const":
            return self._literal(term)
        if term.op == "var":
            return nw.col(self._name(str(term.value)))
        found: nw.Expr = getattr(self, f"_{term.op}")(term)
        return found

    def _literal(self, term: Term, dtype: Width | None = None) -> nw.Expr:
        if isinstance(term.value, bool):
            return nw.lit(term.value)
        assert term.value is None or isinstance(term.value, int)
        return nw.lit(term.value, dtype or self._width(term))

    def wide(self, term: Term, dtype: Width) -> nw.Expr:
        """A term in a given width."""
        if term.constant and not isinstance(term.value, bool):
            return self._literal(term, dtype)
        if term.flag and not term.null:
            # In Polars several times as fast as a cast, which unpacks bits.
            return nw.when(self.term(term)).then(nw.lit(1, dtype)).otherwise(nw.lit(0, dtype))
        return self.term(term) if not term.flag and self._width(term) is dtype else self.term(term).cast(dtype)

    def _add(self, term: Term) -> nw.Expr:
        dtype = self._spanning(term)
        found = _joined(add, [self.wide(arg, dtype) for arg in term.args])
        return found if dtype is self._width(term) else found.cast(self._width(term))

    def _mul(self, term: Term) -> nw.Expr:
        dtype = self._spanning(term)
        found = self.wide(term.args[0], dtype) * self.wide(term.args[1], dtype)
        return found if dtype is self._width(term) else found.cast(self._width(term))

    def _spanning(self, term: Term) -> Width:
        """What holds a term as well as its parts."""
        terms = (term, *term.args)
        return self.width(min(part.low for part in terms), max(part.high for part in terms))

    def _div(self, term: Term) -> nw.Expr:
        one, other = term.args
        dtype = self.width(min(one.low, other.low), max(one.high, other.high))
        low = min(0, int(one.low))
        # Rounded down, not towards zero, whatever the engine does with negative numbers.
        shifted = self.wide(one, dtype)
        if low < 0:
            by = self.wide(other, dtype)
            dtype = nw.Int64
            return ((shifted.cast(dtype) - low * by.cast(dtype)) // by.cast(dtype) + low).cast(self._width(term))
        return (shifted // self.wide(other, dtype)).cast(self._width(term))

    def _compared(self, term: Term) -> tuple[nw.Expr, nw.Expr]:
        one, other = term.args
        dtype = self.width(min(one.low, other.low), max(one.high, other.high))
        return self.wide(one, dtype), self.wide(other, dtype)

    def _ge(self, term: Term) -> nw.Expr:
        one, other = self._compared(term)
        return one >= other if not term.args[0].constant else other <= one

    def _gt(self, term: Term) -> nw.Expr:
        one, other = self._compared(term)
        return one > other if not term.args[0].constant else other < one

    def _eq(self, term: Term) -> nw.Expr:
        one, other = self._compared(term)
        return one == other if not term.args[0].constant else other == one

    def _and(self, term: Term) -> nw.Expr:
        return _joined(and_, [self.term(arg) for arg in term.args])

    def _or(self, term: Term) -> nw.Expr:
        return _joined(or_, [self.term(arg) for arg in term.args])

    def _not(self, term: Term) -> nw.Expr:
        return ~self.term(term.args[0])

    def _null(self, term: Term) -> nw.Expr:
        return self.term(term.args[0]).is_null()

    def _coalesce(self, term: Term) -> nw.Expr:
        one, other = term.args
        if other.constant and other.value is not None:
            filled = self.term(one) if term.flag else self.wide(one, self._width(term))
            assert isinstance(other.value, int)
            return filled.fill_null(other.value)
        return self._chosen(self.term(one).is_null(), other, one, term)

    def _if(self, term: Term) -> nw.Expr:
        condition, one, other = term.args
        return self._chosen(self.term(condition), one, other, term)

    def _chosen(self, condition: nw.Expr, one: Term, other: Term, term: Term) -> nw.Expr:
        # Engines compute both branches in every row, so the width must hold what a row does not choose as well.
        branches = [part for part in (one, other) if not (part.constant and part.value is None)]
        ends = [end for part in (*branches, term) for end in (part.low, part.high)]
        dtype = self.width(min(ends), max(ends))
        first, *rest = [self.term(part) if term.flag else self.wide(part, dtype) for part in branches]
        if rest:
            found = nw.when(condition).then(first).otherwise(rest[0])
        else:
            found = nw.when(condition if branches[0] is one else ~condition).then(first)
        return found if term.flag or dtype is self._width(term) else found.cast(self._width(term))

    def _least(self, term: Term) -> nw.Expr:
        return self._extreme(term, "least")

    def _greatest(self, term: Term) -> nw.Expr:
        return self._extreme(term, "greatest")

    def _extreme(self, term: Term, which: str) -> nw.Expr:
        dtype = self.width(min(arg.low for arg in term.args), max(arg.high for arg in term.args))
        parts = [self.wide(arg, dtype) for arg in term.args]
        if not self.pandas and len(parts) > 1:
            pick = nw.min_horizontal if which == "least" else nw.max_horizontal
            return pick(*parts).cast(self._width(term))
        found, may_be_null = parts[0], term.args[0].null
        for part, arg in zip(parts[1:], term.args[1:], strict=True):
            better = part < found if which == "least" else part > found
            if arg.null or may_be_null:
                better = better.fill_null(value=False)
            if may_be_null:
                better = better | found.is_null()
            found, may_be_null = nw.when(better).then(part).otherwise(found), may_be_null and arg.null
        return found.cast(self._width(term))

    def _count(self, term: Term) -> nw.Expr:
        # All compare the same number, so all are missing together.
        sure = [attrs.evolve(arg, null=False) for arg in term.args]
        found = _joined(add, [self.wide(arg, self._width(term)) for arg in sure])
        return nw.when(~self.term(term.args[0]).is_null()).then(found) if term.null else found

    def _width(self, term: Term) -> type[nw.dtypes.IntegerType]:
        return self.width(term.low, term.high)

    # What comes of it

    def _fault(self) -> nw.Expr | None:
        """What is wrong with a row: the first fault, in the order of the columns; None where nothing can be."""
        found: list[nw.Expr] = [
            nw.when(nw.col(name)).then(nw.lit(f"bad-answer: column {name.removeprefix(BAD)!r}: {_BAD_CASES}"))
            for name in self.source.collect_schema().names()
            if name.startswith(BAD)
        ]
        for part in self.decoded:
            found += self._cell_fault(part)
            for check in self.plan.checks:
                if check.column == part.column.name:
                    message = nw.lit(f"{check.code}: column {check.column!r}: {check.message}")
                    found.append(nw.when(self.term(check.wrong)).then(message))
        if not found:
            return None
        return nw.coalesce(*found) if len(found) > 1 else found[0]

    @staticmethod
    def _cell_fault(part: Decoded) -> Iterable[nw.Expr]:
        if part.wrong is None:
            return
        name = part.column.name
        said = nw.concat_str(
            nw.lit(f"{part.code}: column {name!r}: "), nw.col(name).cast(nw.String), nw.lit(f" {part.message}")
        )
        yield nw.when(nw.col(f"{_HIDDEN}wrong {name}")).then(said)

    def _given(self, result: Result, part: str, *, positions: bool) -> nw.Expr:
        """A column of the result."""
        if part == "unit":
            return nw.lit(result.unit, nw.Int32)
        if part == "per":
            per = self.term(result.per)
            value = nw.when(~self.term(result.value).is_null()).then(per) if result.value.null else per
            return value.cast(self._number(result.per))
        value = self.term(result.value)
        if result.kind in (Kind.SCORE, Kind.NUMBER, Kind.SHARE):
            return value.cast(self._number(result.value))
        if positions and result.kind in (Kind.RATING, Kind.FLAG):
            return value
        return self._text(result, value)

    @staticmethod
    def _number(term: Term) -> type[nw.dtypes.IntegerType]:
        """What a number of the result is: not as narrow as it could be, since people go on to add them up."""
        return nw.Int32 if term.low >= -(2**31) and term.high < 2**31 else nw.Int64

    def _text(self, result: Result, value: nw.Expr) -> nw.Expr:
        """A rating, flag or choice as text, as a table has it."""
        labels = result.labels or ("no", "yes")
        if result.value.flag:
            value = value.cast(nw.Int8)
        found: nw.Expr = nw.lit(str(Absence.NOT_RATED))
        if not (result.not_applicable.constant and not result.not_applicable.value):
            na = self.term(result.not_applicable)
            found = nw.when(na).then(nw.lit(str(Absence.NOT_APPLICABLE))).otherwise(found)
        if not result.value.null:
            found = nw.lit(labels[-1])
            labels = labels[:-1]
        for position, label in enumerate(labels):
            found = nw.when(value == position).then(nw.lit(label)).otherwise(found)
        if result.open.constant:
            return self._open(result) if result.open.value else found
        return nw.when(self.term(result.open)).then(self._open(result)).otherwise(found)

    def _open(self, result: Result) -> nw.Expr:
        """An open rating as text."""
        labels = result.labels or ("no", "yes")
        worst, best = self._label(result.worst, labels), self._label(result.best, labels)
        whole = nw.concat_str(nw.lit("open: "), worst)
        further = nw.when(self.term(result.worst) < self.term(result.best)).then(nw.concat_str(nw.lit(" to "), best))
        none = nw.when(self.term(result.may_be_absent)).then(nw.lit(", or none")).otherwise(nw.lit(""))
        return nw.concat_str(whole, further.otherwise(nw.lit("")), none)

    def _label(self, term: Term, labels: Sequence[str]) -> nw.Expr:
        value = self.term(term)
        found: nw.Expr = nw.lit(labels[-1])
        for position, label in enumerate(labels[:-1]):
            found = nw.when(value == position).then(nw.lit(label)).otherwise(found)
        return found


def _joined(join: Callable[[nw.Expr, nw.Expr], nw.Expr], parts: list[nw.Expr]) -> nw.Expr:
    """Several expressions joined two by two: engines nest no deeper than their stack, whatever a total counts."""
    while len(parts) > 1:
        pairs = [join(one, other) for one, other in zip(parts[::2], parts[1::2], strict=False)]
        parts = pairs + parts[2 * len(pairs) :]
    return parts[0]
