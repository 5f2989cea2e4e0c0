"""Tables for tests on every engine, and what `rate` says of their rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import duckdb
import pandas as pd
import polars as pl

import inspectlib
from inspectlib.errors import InspectError, WrongForm
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Kind, Score
from inspectlib.rows import Rows
from table_rows import Cells, column, evidence_of

#: A row of a table, or the columns of one.
Line = dict[str, Any]
#: How a table is made from columns, and how its rows are read.
Engine = tuple[Callable[[Line], Any], Callable[[Any], list[Line]]]


def from_pandas(frame: pd.DataFrame) -> list[Line]:
    """The rows of a pandas frame, with None for what is missing."""
    found: list[Line] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return found


#: How a table is made for each engine, and its result read.
ENGINES: Mapping[str, Engine] = {
    "polars": (pl.DataFrame, lambda frame: frame.to_dicts()),
    "polars lazy": (pl.LazyFrame, lambda frame: frame.collect().to_dicts()),
    "pandas": (pd.DataFrame, from_pandas),
    "pandas of Arrow": (lambda data: pl.DataFrame(data).to_pandas(use_pyarrow_extension_array=True), from_pandas),
    "pyarrow": (lambda data: pl.DataFrame(data).to_arrow(), lambda table: table.to_pylist()),
    "duckdb": (lambda data: duckdb.from_arrow(pl.DataFrame(data).to_arrow()), lambda found: found.pl().to_dicts()),
}


def refused(framework: Framework, row: Cells) -> tuple[inspectlib.Judgement | None, set[str]]:
    """What rating a row gives; or the codes of what it is refused for, as evidence and as cells."""
    try:
        return inspectlib.rate(framework, evidence_of(row)), set()
    except InspectError as error:
        codes = {fault.code for fault in error.faults}
    (line,) = lines_of([row])[1]
    try:
        inspectlib.rate(framework, Rows.of(framework, list(line)).evidence(list(line.values())))
    except InspectError as error:
        codes |= {fault.code for fault in error.faults}
    return None, codes


def lines_of(rows: Sequence[Cells]) -> tuple[list[str], list[Line]]:
    """The columns of some rows, and what they say by column."""
    lines: list[Line] = [{column(meaning): cell for meaning, cell in row.items()} for row in rows]
    return list({name: None for line in lines for name in line}), lines


def check_frame(framework: Framework, rows: Sequence[Cells], engine: Engine) -> int:
    """A frame and `rate` agree on rows, and refuse the same for the same; how many rows they agreed on."""
    make, read = engine
    names, lines = lines_of(rows)
    frame = make({name: [line.get(name) for line in lines] for name in names})
    try:
        found = read(inspectlib.tables.rate(framework, frame, faults="column"))
    except WrongForm as error:
        assert "too wide for whole numbers" in str(error)  # said, and not computed wrongly
        return 0
    return sum(agrees(framework, row, line) for row, line in zip(rows, found, strict=True))


def check_many(framework: Framework, rows: Sequence[Cells], size: int, rng: random.Random) -> int:
    """Polars and `rate` agree on a table of that many rows, each of which is one of those given; on how many."""
    names, lines = lines_of(rows)
    frame = pl.DataFrame({"one of": range(len(rows)), **{name: [line.get(name) for line in lines] for name in names}})
    more = frame.sample(size - len(rows), with_replacement=True, seed=rng.randrange(2**32))
    table = pl.concat([frame, more]).sample(fraction=1, shuffle=True, seed=rng.randrange(2**32))
    try:
        found = inspectlib.tables.rate(framework, table, faults="column")
    except WrongForm as error:
        assert "too wide for whole numbers" in str(error)
        return 0
    assert found["one of"].equals(table["one of"])
    counts = dict(found.group_by("one of").len().iter_rows())
    distinct = found.unique().sort("one of")
    assert distinct["one of"].to_list() == list(range(len(rows)))  # rows that say the same have the same results
    agreed = 0
    for row, line in zip(rows, distinct.to_dicts(), strict=True):
        agreed += counts[line.pop("one of")] if agrees(framework, row, line) else 0
    return agreed


def agrees(framework: Framework, row: Cells, line: Line) -> bool:
    """A row of a result is what `rate` gives, or it says that a table cannot bound or hold this one."""
    fault, (judgement, codes) = line.pop("fault"), refused(framework, row)
    if judgement is None:
        assert fault, row
        # Beside a count that is none, a missing one is not looked for.
        codes |= {"bad-tally"} if "missing-key" in codes else set()
        assert fault.partition(":")[0] in codes or "too many digits" in fault, (fault, codes)
        return True
    if fault:
        assert fault.startswith("open-evidence: ") or "too many digits" in fault, fault
        return False
    for name, value in line.items():
        check_cell(framework, judgement, line, name, value)
    return True


def check_cell(framework: Framework, judgement: inspectlib.Judgement, line: Line, name: str, value: Any) -> None:
    """One cell of a result is what the judgement has."""
    node = name.removesuffix(".max") if name not in framework.graph.nodes else name
    if node not in framework.graph.nodes or framework.graph[node].role is Role.PART:
        return
    if framework.graph[node].rule.tag == "given":
        return
    outcome = judgement[node]
    if outcome.kind in (Kind.RATING, Kind.FLAG, Kind.CHOICE):
        assert value == outcome.text(), name
    elif outcome.state != "settled":
        assert value is None, name
    elif isinstance(outcome.value, Score):
        wanted = outcome.value.points if name == node else outcome.value.max
        assert Fraction(value, line.get(f"{node}.of") or 1) == wanted, name
    else:
        assert Fraction(value, line.get(f"{node}.of") or 1) == outcome.value, name
