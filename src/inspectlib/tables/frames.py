"""A plan as expressions on a frame, whatever engine it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import zip_longest
from math import ceil
from operator import add, and_, itemgetter, or_
from typing import Any, TypeVar, cast

import attrs
import narwhals as nw

from inspectlib.errors import BadTally, MissingKey, NotExact, OffScale, OpenEvidence, ReasonMissing, WrongForm
from inspectlib.kinds import Absence, Kind
from inspectlib.plan import Plan, Result, Step, Term
from inspectlib.plan.terms import variables
from inspectlib.tables.decode import Bounds, decoded
from inspectlib.tables.engine import HIDDEN, Table, Width

__all__ = ["BAD", "FAULT", "evaluated"]

#: The column that says what is wrong with a row.
FAULT = "fault"
#: With this begins the name of a column that says what is wrong with the cases of an inspection.
BAD = f"{HIDDEN}bad "

#: In turn: whether cells are there, how often cases were counted, what else cells hold, and how they go together.
_TURNS = ((MissingKey,), (BadTally,), (NotExact, OffScale, ReasonMissing, WrongForm))
T = TypeVar("T")
Frame = nw.LazyFrame[Any] | nw.DataFrame[Any]


def evaluated(
    table: Table,
    plan: Plan,
    results: Mapping[str, tuple[Result, str]],
    known: Mapping[str, Bounds],
    *,
    positions: bool,
    mask: bool,
) -> Frame:
    """The frame with the results of a plan.

    Args:
        table: the table.
        plan: the plan.
        results: for each column of the result, what it is of and which part of it: ``value``, ``per`` or ``unit``.
        known: what is known of columns that were looked at.
        positions: whether ratings are given by their positions on the scale.
        mask: whether a row with a fault has no results.

    The column `FAULT` says what is wrong with a row, and is empty where nothing is. It is there where rows are masked,
    and where anything can be wrong.
    """
    return _Writer(table, plan, known).frame(results, positions=positions, mask=mask)


class _Writer:
    def __init__(self, table: Table, plan: Plan, known: Mapping[str, Bounds]) -> None:
        self.table = table
        self.engine = table.engine
        self.plan = plan
        schema = table.schema
        self.decoded = [decoded(c, schema[c.name], table.engine, known.get(c.name)) for c in plan.columns]
        read = [name for column in plan.columns for name in (column.variable, column.per)]
        self.names = {name: table.engine.hidden(name) for name in read}
        for part in self.decoded:
            if not part.stages:
                self.names[part.column.variable] = table.engine.inner(part.column.name)
        self.polars = table.frame.implementation.is_polars()

    def frame(self, results: Mapping[str, tuple[Result, str]], *, positions: bool, mask: bool) -> Frame:
        columns = [name for name in self.table.names if not name.startswith(BAD)]
        found = self.table.frame
        for stages in zip_longest(*(part.stages for part in self.decoded), fillvalue={}):
            found = found.with_columns(*(expr.alias(name) for stage in stages for name, expr in stage.items()))
        for level in self._levels():
            found = found.with_columns(*(self.term(step.term).alias(self._name(step.name)) for step in level))
        fault = self._fault()
        said = nw.col(self.engine.hidden("fault"))
        if fault is not None:
            found = found.with_columns(fault.alias(self.engine.hidden("fault")))
        given: dict[str, nw.Expr] = {name: self._given(*results[name], positions=positions) for name in results}
        if mask and fault is not None:
            given = {name: nw.when(said.is_null()).then(expr) for name, expr in given.items()}
        if mask or fault is not None:
            given[FAULT] = nw.lit(None, nw.String) if fault is None else said
        self.engine.check_names(columns, given)
        last = {name: given.get(name, self.table.column(name)) for name in columns} | given
        found = found.select(*(self.table.named(expr, name) for name, expr in last.items()))
        return cast("Frame", self.table.with_names(found, last))

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
        return self.names.setdefault(name, self.engine.hidden(name))

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
        # Whatever part of the sum an engine has come to, it holds it.
        dtype = self.engine.width(sum(min(arg.low, 0) for arg in term.args), sum(max(arg.high, 0) for arg in term.args))
        found = _joined(add, [self.wide(arg, dtype) for arg in term.args])
        return found if dtype is self._width(term) else found.cast(self._width(term))

    def _mul(self, term: Term) -> nw.Expr:
        terms = (term, *term.args)
        dtype = self.engine.width(min(part.low for part in terms), max(part.high for part in terms))
        found = self.wide(term.args[0], dtype) * self.wide(term.args[1], dtype)
        return found if dtype is self._width(term) else found.cast(self._width(term))

    def _div(self, term: Term) -> nw.Expr:
        one, other = term.args
        # Rounded down, not towards zero, whatever the engine does with negative numbers: there are none.
        lift = ceil(max(-one.low, 0) / max(Fraction(other.low), Fraction(1)))
        low, high = min(one.low, -lift), max(one.high + lift * other.high, other.high)
        self.engine.check_divided(low, high)
        dtype = self.engine.width(low, high)
        found = self.wide(one, dtype)
        if lift:
            found = found + lift * self.wide(other, dtype)
        found = found // self.wide(other, dtype)
        return (found - lift if lift else found).cast(self._width(term))

    def _compared(self, term: Term) -> tuple[nw.Expr, nw.Expr]:
        one, other = term.args
        dtype = self.engine.width(min(one.low, other.low), max(one.high, other.high))
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
        dtype = self.engine.width(min(ends), max(ends))
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
        dtype = self.engine.width(min(arg.low for arg in term.args), max(arg.high for arg in term.args))
        parts = [self.wide(arg, dtype) for arg in term.args]
        if not self.polars or len(parts) > _MANY:
            pick = nw.min_horizontal if which == "least" else nw.max_horizontal
            return pick(*parts).cast(self._width(term))
        # Polars compares and chooses ten times as fast as it looks for the least of what may be missing or nested.
        pairs = [(part, arg.null) for part, arg in zip(parts, term.args, strict=True)]
        return _joined(lambda one, other: _better(one, other, which), pairs)[0].cast(self._width(term))

    def _count(self, term: Term) -> nw.Expr:
        # All compare the same number, so all are missing together.
        sure = [attrs.evolve(arg, null=False) for arg in term.args]
        found = _joined(add, [self.wide(arg, self._width(term)) for arg in sure])
        return nw.when(~self.term(term.args[0]).is_null()).then(found) if term.null else found

    def _width(self, term: Term) -> type[nw.dtypes.IntegerType]:
        return self.engine.width(term.low, term.high)

    # What comes of it

    def _fault(self) -> nw.Expr | None:
        """What is wrong with a row: the first fault, as `inspectlib.rate` comes to them; None where nothing can be."""
        found = [(0, self.table.column(name)) for name in self.table.names if name.startswith(BAD)]
        for part in self.decoded:
            cell = self.table.column(part.column.name).cast(nw.String)
            for wrong, code, message in part.faults:
                start = nw.lit(f"{code}: column {part.column.name!r}: ")
                found.append((_turn(code), nw.when(wrong).then(nw.concat_str(start, cell, nw.lit(f" {message}")))))
        unread = {part.column.name: part.faults[-1][0] for part in self.decoded if part.faults}
        for check in self.plan.checks:
            wrong = self.term(check.wrong)
            if check.code == MissingKey.code and check.column in unread:
                wrong &= ~unread[check.column]  # it holds nothing for the plan, and yet is not empty
            message = f"{check.code}: column {check.column!r}: {check.message}"
            found.append((_turn(check.code), nw.when(wrong).then(nw.lit(message))))
        if not found:
            return None
        exprs = [expr for _, expr in sorted(found, key=itemgetter(0))]
        return nw.coalesce(*exprs) if len(exprs) > 1 else exprs[0]

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


def _turn(code: str) -> int:
    """When `inspectlib.rate` comes to a fault."""
    if code == OpenEvidence.code:
        return len(_TURNS) + 1
    return next((turn for turn, kinds in enumerate(_TURNS) if code in {kind.code for kind in kinds}), len(_TURNS))


#: Of more than this the least is not found by comparing two by two, since each comparison writes them twice.
_MANY = 8


def _better(one: tuple[nw.Expr, bool], other: tuple[nw.Expr, bool], which: str) -> tuple[nw.Expr, bool]:
    """The less or the greater of two, and whether it can be missing; of one that is missing the other."""
    (a, a_null), (b, b_null) = one, other
    second = b < a if which == "least" else b > a
    if a_null or b_null:
        second = second.fill_null(value=False)
    if a_null:
        second |= a.is_null()
    return nw.when(second).then(b).otherwise(a), a_null and b_null


def _joined(join: Callable[[T, T], T], parts: list[T]) -> T:
    """Several expressions joined two by two: engines nest no deeper than their stack, whatever a total counts."""
    while len(parts) > 1:
        pairs = [join(one, other) for one, other in zip(parts[::2], parts[1::2], strict=False)]
        parts = pairs + parts[2 * len(pairs) :]
    return parts[0]
