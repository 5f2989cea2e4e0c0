"""Tables with a row a case: the answers counted by inspection, inside the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import narwhals as nw

from inspectlib.errors import MissingColumn, WrongForm
from inspectlib.evidence import Answer
from inspectlib.graph import Framework
from inspectlib.kinds import Kind
from inspectlib.rows import column_meanings
from inspectlib.tables.decode import Bounds
from inspectlib.tables.frames import BAD

__all__ = ["grouped", "known_counts"]


def grouped(framework: Framework, frame: Any, by: str, full: Collection[str]) -> Any:
    """A table with a row an inspection: the counts of its answers, and its other evidence.

    An answer that is none of the three, or evidence that is not the same in all cases of an inspection, is said in a
    column whose name begins with `BAD`. The columns that are full have an answer in every row.

    Raises:
        MissingColumn: there is no such column, or no key question among the columns.
        WrongForm: a type that holds no answers.
    """
    schema = frame.collect_schema()
    if by not in schema:
        raise MissingColumn(f"there is no column {by!r}")
    questions = {node.of for node in framework.graph.nodes.values() if node.type.kind is Kind.ANSWERS}
    able = column_meanings(framework)
    asked = [name for name in schema if name in questions and name != by]
    if not asked:
        raise MissingColumn(f"no column is named by a key question; there can be {', '.join(sorted(questions))}")
    stated = [name for name in schema if name in able and name not in questions and name != by]
    marks: list[nw.Expr] = []
    sums: list[nw.Expr] = []
    for name in asked:
        for part, mark in _marks(name, schema[name], full=name in full):
            marks.append(mark.alias(part))
            sums.append(nw.col(part).sum())
    ends = [end for name in stated for end in (nw.col(name).min().alias(f"{BAD}{name}"), nw.col(name).max())]
    found = frame.with_columns(*marks).group_by(by).agg(*sums, *ends).sort(by)
    same = [(nw.col(f"{BAD}{name}") != nw.col(name)).fill_null(value=False).alias(f"{BAD}{name}") for name in stated]
    wrong = [(nw.col(f"{BAD}{name}") > 0).alias(f"{BAD}{name}") for name in asked if schema[name] != nw.Boolean]
    return found.with_columns(*same, *wrong) if same or wrong else found


def _is_text(dtype: nw.dtypes.DType) -> bool:
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def _marks(name: str, dtype: nw.dtypes.DType, *, full: bool) -> Iterable[tuple[str, nw.Expr]]:
    """What each case adds to the counts of a question."""
    cell = nw.col(name)
    if dtype == nw.Boolean or dtype.is_integer():
        yes = cell if dtype == nw.Boolean else cell == 1
        yield f"{name}.yes", _one(yes if full else yes.fill_null(value=False))
        yield f"{name}.of", nw.lit(1, nw.Int32) if full else _one(~cell.is_null())
        if not full:
            yield f"{name}.open", _one(cell.is_null())
        if dtype != nw.Boolean:
            yield f"{BAD}{name}", _one(((cell != 0) & (cell != 1)).fill_null(value=False))
        return
    if not _is_text(dtype):
        raise WrongForm(f"the column {name!r} holds {dtype}; answers are text, or true and false")
    text = cell.cast(nw.String).str.strip_chars().str.to_lowercase().fill_null("")
    yes, no = text == str(Answer.YES), text == str(Answer.NO)
    yield f"{name}.yes", _one(yes)
    yield f"{name}.of", _one(yes | no)
    yield f"{name}.open", _one(text == "")
    yield f"{BAD}{name}", _one(~(yes | no | (text == str(Answer.NOT_APPLICABLE)) | (text == "")))


def _one(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1, nw.Int32)).otherwise(nw.lit(0, nw.Int32))


def known_counts(names: Iterable[str], cases: int | None) -> dict[str, Bounds]:
    """What is known of the counts of a table of cases: none is missing, and none is larger than the table."""
    parts = {f"{name}.{part}" for name in names for part in ("yes", "of", "open")}
    return {name: Bounds(full=True, least=0 if cases else None, most=cases or None) for name in parts}
