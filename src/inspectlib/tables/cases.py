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
    sums: list[nw.Expr] = [nw.len().alias(f"{BAD}cases")]
    counts: list[nw.Expr] = []
    wrong: list[nw.Expr] = []
    for name in asked:
        if _is_text(schema[name]):
            for part, mark in _marks(name):
                marks.append(mark.alias(part))
                sums.append(nw.col(part).sum())
            wrong.append((nw.col(f"{BAD}{name}") > 0).alias(f"{BAD}{name}"))
            continue
        yes, of = nw.col(f"{name}.yes"), nw.col(f"{name}.of")
        if schema[name].is_integer():
            sums += [nw.col(name).sum().alias(f"{name}.yes"), nw.col(name).max().alias(f"{BAD}{name}")]
            wrong.append(((nw.col(f"{BAD}{name}") > 1) | (yes < 0)).fill_null(value=False).alias(f"{BAD}{name}"))
        elif schema[name] == nw.Boolean:
            marks += [nw.col(name).cast(nw.Int32)] if frame.implementation.is_spark_like() else []
            sums.append(nw.col(name).sum().alias(f"{name}.yes"))
        else:
            raise WrongForm(f"the column {name!r} holds {schema[name]}; answers are text, or true and false")
        if name in full:
            counts.append(nw.col(f"{BAD}cases").alias(f"{name}.of"))
            continue
        sums.append(nw.col(name).count().alias(f"{name}.of"))
        counts += [yes.fill_null(0), (nw.col(f"{BAD}cases") - of).alias(f"{name}.open")]
    ends = [end for name in stated for end in (nw.col(name).min().alias(f"{BAD}{name}"), nw.col(name).max())]
    found = (frame.with_columns(*marks) if marks else frame).group_by(by).agg(*sums, *ends).sort(by)
    wrong += [(nw.col(f"{BAD}{name}") != nw.col(name)).fill_null(value=False).alias(f"{BAD}{name}") for name in stated]
    found = found.with_columns(*counts, *wrong) if counts or wrong else found
    parts = [f"{name}.{part}" for name in asked for part in ("yes", "of", "open")]
    there = set(found.collect_schema())
    kept = [by, *(name for name in (*parts, *stated, *(f"{BAD}{name}" for name in (*asked, *stated))) if name in there)]
    return found.select(*kept)


def _is_text(dtype: nw.dtypes.DType) -> bool:
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def _marks(name: str) -> Iterable[tuple[str, nw.Expr]]:
    """What each case adds to the counts of a question that is answered in words."""
    text = nw.col(name).cast(nw.String).str.strip_chars().str.to_lowercase().fill_null("")
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
