"""Tables with a row a case: the answers counted by inspection, inside the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import narwhals as nw

from inspectlib.errors import MissingColumn, RepeatedColumn, WrongForm
from inspectlib.evidence import Answer
from inspectlib.graph import Framework
from inspectlib.kinds import Kind
from inspectlib.rows import column_meanings
from inspectlib.tables.decode import Bounds, spaced
from inspectlib.tables.engine import HIDDEN, Table
from inspectlib.tables.frames import BAD

__all__ = ["MAX_FAULTS", "bad_answers", "case_columns", "grouped", "known_counts"]

#: So many faults of a table are reported, and no more are looked for.
MAX_FAULTS = 100

#: The columns that tell cases apart: by their names, in each delivery unit.
_CASE, _UNIT = "case", "unit"
_PARTS = ("yes", "of", "open")


def grouped(framework: Framework, table: Table, by: str, full: Collection[str]) -> Table:
    """A table with a row an inspection: the counts of its answers, and its other evidence.

    What is wrong with the cases of an inspection is said in columns whose names begin with `BAD`.

    Args:
        framework: the framework.
        table: a table with a row a case.
        by: the column that says which inspection a case is of.
        full: the columns that have an answer in every row.

    Raises:
        MissingColumn: there is no key question among the columns.
        RepeatedColumn: a key question is there case by case and also counted.
        WrongForm: a type that holds no answers.
    """
    questions = asked_questions(framework)
    able = column_meanings(framework)
    counter = _Counter(table)
    counter.check_cases(by, named=by in full)
    asked = [name for name in table.names if name in questions and name != by]
    if not asked:
        raise MissingColumn(f"no column is named by a key question; there can be {', '.join(sorted(questions))}")
    stated = [name for name in table.names if name in able and name not in questions and name != by]
    for name in asked:
        for part in _PARTS:
            if f"{name}.{part}" in stated:
                raise RepeatedColumn(f"{name!r} is there case by case, and its count in {f'{name}.{part}'!r} as well")
        counter.count(name, full=name in full)
    for name in stated:
        counter.agree(name)
    return counter.grouped(by, [by, *(f"{name}.{part}" for name in asked for part in _PARTS), *stated])


def case_columns(framework: Framework, names: Collection[str], by: str) -> list[str]:
    """The columns of a case table that are looked at.

    Raises:
        MissingColumn: there is none that says which inspection a case is of.
    """
    if by not in names:
        raise MissingColumn(f"there is no column {by!r}")
    able = {*column_meanings(framework), *asked_questions(framework), _CASE, _UNIT, by}
    return [name for name in names if name in able]


def asked_questions(framework: Framework) -> set[str]:
    """The key questions that cases answer."""
    return {node.of for node in framework.graph.nodes.values() if node.type.kind is Kind.ANSWERS}


class _Counter:
    """The expressions that count the cases of each inspection.

    Attributes:
        marks: what is said of each case.
        sums: what becomes of the cases of an inspection.
        counts: what is computed from those.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.column, self.named = table.column, table.named
        self.marks: list[nw.Expr] = []
        self.sums: list[nw.Expr] = [nw.len().alias(_CASES)]
        self.counts: list[nw.Expr] = []

    def grouped(self, by: str, names: Sequence[str]) -> Table:
        """The table with a row an inspection."""
        inner = self.table.engine.inner
        frame = self.table.frame.with_columns(*self.marks) if self.marks else self.table.frame
        frame = frame.group_by(inner(by)).agg(*self.sums).sort(inner(by))
        frame = frame.with_columns(*self.counts) if self.counts else frame
        there = frame.collect_schema()
        kept = (*names, *(f"{BAD}{name}" for name in self.table.names))
        kept = tuple(name for name in kept if inner(name) in there)
        # DuckDB adds up to numbers of 128 bits, which other tools take for something else.
        wide = [name for name in kept if there[inner(name)] == nw.Int128]
        frame = frame.with_columns(*(self.column(name).cast(nw.Int64) for name in wide)) if wide else frame
        return Table(frame.select(*map(inner, kept)), kept, self.table.engine)

    def check_cases(self, by: str, *, named: bool) -> None:
        """Each case has its inspection, and is there once if the cases have names."""
        if not named:
            self.fault(by, self.column(by).is_null(), "bad-answer", "a case without its inspection")
        if _CASE not in self.table.names or by == _CASE:
            return
        cells = [self._named(_CASE)]
        if _UNIT in self.table.names and by != _UNIT:
            cells.insert(0, self._named(_UNIT).fill_null(""))
            self.marks.append(self._named(_UNIT).alias(_UNITS))
            self.sums.append(nw.col(_UNITS).count().alias(_UNITS))
            self.fault(_UNIT, nw.col(_UNITS) < nw.col(_CASES), "bad-answer", "a case without its unit")
        self.marks.append(nw.concat_str(*cells, separator="\n").alias(_NAME))
        self.sums += [nw.col(_NAME).n_unique().alias(f"{_NAME}s"), nw.col(_NAME).count().alias(_NAME)]
        # One without a name counts as one of that name, so that it is found here too.
        twice = (nw.col(f"{_NAME}s") < nw.col(_CASES)) | (nw.col(_NAME) < nw.col(_CASES))
        self.fault(_CASE, twice, "duplicate-case", "a case is listed twice, or has no name")

    def _named(self, name: str) -> nw.Expr:
        """The name of a case or unit, as files have it."""
        text = spaced(self.column(name))
        return nw.when(text != "").then(text)

    def fault(self, name: str, wrong: nw.Expr, code: str, says: str, *more: nw.Expr) -> None:
        """What is wrong with a column."""
        start = nw.lit(f"{code}: column {name!r}: {says}")
        said = nw.concat_str(start, *more) if more else start
        self.counts.append(self.named(nw.when(wrong).then(said), f"{BAD}{name}"))

    def count(self, name: str, *, full: bool) -> None:
        """Count the answers to a key question.

        Raises:
            WrongForm: it holds no answers.
        """
        dtype, cell = self.table.schema[name], self.column(name)
        yes, of, bad = (f"{name}.yes", f"{name}.of", f"{BAD}{name}")
        if dtype.is_integer() and not self.table.engine.spark:
            self.sums += [
                self.named(cell.sum(), yes),
                self.named(cell.max(), bad),
                self.named(cell.min(), f"{bad} least"),
            ]
            most, least = self.column(bad), self.column(f"{bad} least")
            wrong = nw.when((most > 1).fill_null(value=False)).then(most).otherwise(nw.when(least < 0).then(least))
            self.counts.append(self.named(nw.when(wrong.is_null()).then(self.column(yes)).otherwise(nw.lit(0)), yes))
            self.fault(name, ~wrong.is_null(), "bad-answer", "", wrong.cast(nw.String), nw.lit(f" {_NO_ANSWER}"))
        elif dtype == nw.Boolean and not self.table.engine.spark:
            self.sums.append(self.named(cell.sum(), yes))
        elif _is_text(dtype) or dtype.is_integer() or dtype.is_float() or dtype == nw.Boolean:
            marks = _marks(cell, dtype)
            for part, mark in zip(_PARTS, marks, strict=False):
                self.marks.append(self.named(_one(mark), f"{name}.{part}"))
                self.sums.append(self.column(f"{name}.{part}").sum())
            self.marks.append(self.named(nw.when(marks[3]).then(cell.cast(nw.String)), bad))
            self.sums.append(self.column(bad).max())
            wrong = self.column(bad)
            self.fault(name, ~wrong.is_null(), "bad-answer", "", wrong, nw.lit(f" {_NO_ANSWER}"))
            return
        else:
            raise WrongForm(f"the column {name!r} holds {dtype}; answers are text, true and false, or 1 and 0")
        if full:
            self.counts.append(self.named(nw.col(_CASES), of))
            return
        self.sums.append(self.named(cell.count(), of))
        # Of no answers engines have no sum, or 0.
        self.counts += [self.column(yes).fill_null(0)] if dtype == nw.Boolean else []
        self.counts.append(self.named(nw.col(_CASES) - self.column(of), f"{name}.open"))

    def agree(self, name: str) -> None:
        """The cases of an inspection say the same of it, those that say anything."""
        dtype, cell, other = self.table.schema[name], self.column(name), f"{BAD}{name}"
        if _is_text(dtype):
            cell = spaced(cell)
            self.marks.append(self.named(nw.when(cell != "").then(cell), name))
        elif dtype.is_float():
            self.marks.append(self.named(nw.when(~cell.is_nan()).then(cell), name))
        self.sums += [self.named(self.column(name).min(), other), self.column(name).max()]
        ends = [self.column(end).cast(nw.String) for end in (other, name)]
        more = (ends[0], nw.lit(" and "), ends[1])
        self.fault(name, self.column(other) != self.column(name), "disagreement", "cases of one inspection say ", *more)


#: How many cases an inspection has, what they are called, and of which unit they are.
_CASES, _NAME, _UNITS = f"{HIDDEN}cases", f"{HIDDEN}name", f"{HIDDEN}units"


_NO_ANSWER = "is none of yes, no and not applicable"


def bad_answers(framework: Framework, table: Table) -> list[tuple[int, str]]:
    """The answers that are none, each with its row, counted from 0, and what is wrong with it."""
    found: list[tuple[int, str]] = []
    for name in asked_questions(framework).intersection(table.names):
        marks = _marks(table.column(name), table.schema[name])
        wrong = nw.when(marks[3]).then(table.column(name).cast(nw.String)).alias("answer")
        rows = table.frame.lazy().collect().with_row_index("row").select("row", wrong)
        for row, answer in rows.filter(~nw.col("answer").is_null()).head(MAX_FAULTS).iter_rows():
            found.append((row, f"bad-answer: column {name!r}: {answer} {_NO_ANSWER}"))
    return sorted(found)


def _is_text(dtype: nw.dtypes.DType) -> bool:
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def _marks(cell: nw.Expr, dtype: nw.dtypes.DType) -> tuple[nw.Expr, nw.Expr, nw.Expr, nw.Expr]:
    """Whether a case is answered yes, is answered yes or no, is open, and has an answer that is none."""
    if _is_text(dtype):
        text = spaced(cell).str.to_lowercase().fill_null("")
        yes, of, open_ = text == str(Answer.YES), text.is_in([str(Answer.YES), str(Answer.NO)]), text == ""
        return yes, of, open_, ~(of | open_ | (text == str(Answer.NOT_APPLICABLE)))
    if dtype == nw.Boolean:
        return cell.fill_null(value=False), ~cell.is_null(), cell.is_null(), nw.lit(value=False)
    silent = cell.is_null() | cell.is_nan().fill_null(value=False) if dtype.is_float() else cell.is_null()
    yes, no = (cell == 1).fill_null(value=False), (cell == 0).fill_null(value=False)
    return yes, yes | no, silent, ~(yes | no | silent)


def _one(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1, nw.Int32)).otherwise(nw.lit(0, nw.Int32))


def known_counts(names: Iterable[str], cases: int | None, full: Collection[str]) -> dict[str, Bounds]:
    """What is known of the counts of a table of cases: none is missing, and none is larger than the table.

    An inspection that is there has a case, so a question that each case answers applies to one at least.
    """
    parts = {(name, part) for name in names for part in _PARTS}
    return {
        f"{name}.{part}": Bounds(full=True, least=int(part == "of" and name in full), most=cases or None)
        for name, part in parts
    }
