"""Whole tables rated inside the engine that holds them: pandas, Polars, PyArrow, DuckDB, PySpark, or NumPy columns.

>>> import inspectlib, polars
>>> framework = inspectlib.load("hmip-youth-2021")
>>> frame = polars.DataFrame({"total": [18, 33], "total.max": [36, 36]})
>>> inspectlib.tables.rate(framework, frame)["overall"].to_list()
['Requires improvement', 'Outstanding']

It takes ``pip install inspectlib[tables]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

import attrs

from inspectlib.errors import Fault, MissingPackage, RepeatedColumn, Where, WrongForm, raise_any
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Kind
from inspectlib.plan import Column, Plan, Result, make_plan, plan_columns
from inspectlib.plan.folded import folded
from inspectlib.rows import Rows

try:
    import narwhals as nw
    from narwhals.exceptions import DuplicateError, NarwhalsError
except ImportError:
    raise MissingPackage("tables need narwhals: pip install 'inspectlib[tables]'") from None

from inspectlib.tables.cases import MAX_FAULTS, bad_answers, case_columns, grouped, known_counts
from inspectlib.tables.decode import Bounds, columns_of
from inspectlib.tables.engine import HIDDEN, Table
from inspectlib.tables.frames import BAD, FAULT, evaluated

__all__ = ["FAULT", "fault", "rate"]

T = TypeVar("T")
_KNOWN = "it can be of pandas, Polars, PyArrow, DuckDB or PySpark, or a mapping from names to NumPy arrays"
#: So many plans are kept, because a service rates tables of one form again and again.
MAX_KEPT = 32
_PLANS: dict[object, tuple[Plan, dict[str, tuple[Result, str]]]] = {}
_ROWS: dict[object, Rows] = {}
_COLUMNS: dict[object, tuple[Column, ...]] = {}


def rate(
    framework: Framework,
    frame: T,
    *,
    by: str | None = None,
    ratings: Literal["labels", "positions"] = "labels",
    faults: Literal["raise", "column"] | None = None,
) -> T:
    """Rate a table, a row an inspection, inside the engine that holds it.

    Args:
        framework: the framework.
        frame: a frame that narwhals knows, eager or lazy, or a mapping from names to NumPy arrays of whole numbers. Its
            columns are those of `inspectlib table`.
        by: for a table with a row a case, the column that says which inspection a case is of. Its columns are key
            questions then, with ``yes``, ``no`` and ``not applicable``, or true and false; other columns of evidence
            have one value for each inspection. The result has a row an inspection, in their order.
        ratings: whether the ratings of the result are given by their ``labels`` or by their ``positions`` on the scale.
        faults: what becomes of rows that cannot be rated: ``raise`` refuses the table and names them; ``column`` leaves
            their results empty and says in the column ``fault`` what is wrong. An eager table is refused unless said
            otherwise; a lazy one cannot be looked at without collecting it, so it has the column.

    Returns:
        A frame of the same type, as lazy as it was, with the columns of the results.

    Raises:
        InspectError: as a whole the table cannot be read, or a row of it cannot be rated.
    """
    if ratings not in {"labels", "positions"}:
        raise WrongForm(f"ratings are given by labels or positions, not by {ratings!r}")
    if faults not in {None, "raise", "column"}:
        raise WrongForm(f"faults are what to raise or a column, not {faults!r}")
    if isinstance(frame, Mapping):
        if by is not None or faults == "column":
            raise WrongForm("a mapping of arrays has a row an inspection, and is refused where a row is wrong")
        return cast("T", _rate_arrays(framework, frame, positions=ratings == "positions"))
    found = _known(frame)
    eager = isinstance(found, nw.DataFrame)
    faults = faults or ("raise" if eager else "column")
    if faults == "raise" and not eager:
        raise WrongForm("a lazy table has its faults in the column 'fault'; collect it to raise them")
    table, known = _row_table(framework, found) if by is None else _case_table(framework, found, by)
    rows = _rows(framework, [name for name in table.names if not name.startswith(BAD)])
    if by in rows.given():
        raise RepeatedColumn(f"the column {by!r} tells the inspections apart and is a result as well; rename it")
    columns = columns_of(framework, table.schema, known)
    plan, results = _planned(framework, rows, columns, counted=by is not None)
    rated = evaluated(table, plan, results, known, positions=ratings == "positions", mask=faults == "column")
    if not eager:
        return cast("T", rated.to_native())
    result = rated.collect() if isinstance(rated, nw.LazyFrame) else rated
    if faults == "raise" and FAULT in result.columns:
        _raise_faults(framework, result, found, by)
        result = result.drop(FAULT)
    if found.implementation.is_pandas_like():
        return cast("T", _assigned(found.to_native(), result, [*results, FAULT] if by is None else None))
    return cast("T", result.to_native())


def _known(frame: Any) -> Any:
    """A frame as narwhals has it.

    Raises:
        WrongForm: no frame that it knows.
        RepeatedColumn: a column is there already.
    """
    try:
        found = nw.from_native(frame)
        names = list(found.collect_schema())
    except (TypeError, NarwhalsError) as error:
        message = f"no table that can be rated: {' '.join(str(error).split())}; {_KNOWN}"
        raise (RepeatedColumn if isinstance(error, DuplicateError) else WrongForm)(message) from None
    for name in names:
        if not isinstance(name, str):
            raise WrongForm(f"the column {name!r} is named by no text")
        if name == FAULT or name.startswith(HIDDEN):
            raise RepeatedColumn(f"the column {name!r} is there already; rename it")
    return found


def _row_table(framework: Framework, found: Any) -> tuple[Table, dict[str, Bounds]]:
    """A table with a row an inspection as expressions read it, and what is known of its columns."""
    names = list(found.collect_schema())
    rows = _rows(framework, names)
    evidence = [rows.header[index] for index, _ in rows.read]
    pandas, eager = found.implementation.is_pandas_like(), isinstance(found, nw.DataFrame)
    work = _arrow(found, evidence) if pandas else found
    known = _bounds(work, evidence) if eager else {}
    return Table.of(_lazy(work), evidence if pandas else names), known


def _case_table(framework: Framework, found: Any, by: str) -> tuple[Table, dict[str, Bounds]]:
    """A table with a row an inspection made of one with a row a case, and what is known of its columns."""
    asked = case_columns(framework, list(found.collect_schema()), by)
    work = _arrow(found, asked) if found.implementation.is_pandas_like() else found
    eager = isinstance(work, nw.DataFrame)
    full = [name for name in asked if eager and not work[name].null_count()]
    # Of these types alone each cell is an answer: text and floats can say that nothing is applicable, or say nothing.
    answered = [name for name in full if work.schema[name].is_integer() or work.schema[name] == nw.Boolean]
    known = known_counts(asked, len(work) if eager else None, answered)
    return grouped(framework, Table.of(_lazy(work), asked), by, full), known


def _lazy(frame: Any) -> Any:
    """A frame that the engine sees as a whole before it runs."""
    return frame.lazy() if frame.implementation.is_polars() else frame


def _rate_arrays(framework: Framework, columns: Mapping[str, Any], *, positions: bool) -> dict[str, Any]:
    """Rate columns that are NumPy arrays."""
    from inspectlib.tables import arrays  # noqa: PLC0415  # NumPy is imported where there are arrays of it

    questions = {node.of for node in framework.graph.nodes.values() if node.type.kind is Kind.ANSWERS}
    counts = arrays.counted(columns, questions)
    rows = _rows(framework, list(counts))
    key = framework.fingerprint, *counts
    if key not in _COLUMNS:
        _keep(_COLUMNS, key, plan_columns(framework, counts, unit=1))
    given = _COLUMNS[key]
    evidence = {column.name: arrays.within(column, counts[column.name]) for column in given}
    narrow = tuple(
        attrs.evolve(
            column,
            silent=False,
            absent=False,
            # Rounded up to what the narrowest numbers hold, so that a plan serves many tables.
            high=min(arrays.room(evidence[column.name]), column.high) if column.kind is Kind.ANSWERS else column.high,
        )
        for column in given
    )
    plan, results = _planned(framework, rows, narrow)
    found, faults = arrays.evaluated(evidence, plan, results, arrays.rows_of(counts), positions=positions)
    _raise(faults)
    return {**columns, **found}


def _arrow(frame: Any, names: list[str]) -> nw.DataFrame[Any]:
    """The columns of evidence of a pandas frame as Arrow has them: pandas makes floats of whole numbers with gaps."""
    import pyarrow as pa  # noqa: PLC0415  # only pandas needs it

    try:
        table = pa.Table.from_pandas(frame.to_native()[names], preserve_index=False)
    except pa.ArrowException as error:
        raise WrongForm(f"a column holds values of several kinds: {error}") from None
    return nw.from_native(table, eager_only=True)


def _assigned(native: Any, rated: Any, results: Sequence[str] | None) -> Any:
    """A pandas frame with the results of its rows; without results, one of its type with everything that was rated."""
    import pandas as pd  # noqa: PLC0415  # it is there, since the frame is one of its

    table = rated.to_native()
    names: Sequence[str] = table.column_names
    if results is None:
        native = native.iloc[:0, :0].reindex(range(len(table)))
    else:
        names = [name for name in results if name in names]
    arrays = {name: pd.arrays.ArrowExtensionArray(table[name]) for name in names}
    return native.assign(**{name: pd.Series(array, index=native.index) for name, array in arrays.items()})


def _bounds(frame: nw.DataFrame[Any], names: list[str]) -> dict[str, Bounds]:
    """What the columns of a table that is at hand hold at least and at most."""
    found = {}
    for name in names:
        column = frame[name]
        full = not column.null_count() and not (column.dtype.is_float() and column.is_nan().any())
        numbers = column.dtype.is_integer() and len(column) > 0
        least, most = (column.min(), column.max()) if numbers else (None, None)
        found[name] = Bounds(full, None if least is None else int(least), None if most is None else int(most))
    return found


def _planned(
    framework: Framework, rows: Rows, columns: Any, *, counted: bool = False
) -> tuple[Plan, dict[str, tuple[Result, str]]]:
    """The plan of a table, and what each column of its result is of; what was counted here is not checked."""
    key = framework.fingerprint, rows.header, columns, counted
    if key in _PLANS:
        return _PLANS[key]
    graph = framework.graph
    wanted: dict[str, tuple[str, str]] = {}
    stated = [meaning[1] for _, meaning in rows.read if meaning[2] in {"rating", "score"} and meaning[0] != "tallies"]
    for name in (*rows.given(), *stated):
        whole, _, part = name.rpartition(".")
        if name not in graph.nodes and part == "max":
            wanted[name] = whole, "per"
        # What is part of a rating, a share among it, is no result: the counts of a share are columns already.
        elif name in graph.nodes and graph[name].role is not Role.PART and graph[name].rule.tag != "given":
            wanted[name] = name, "value"
            if graph[name].type.kind is Kind.SCORE:
                wanted[f"{name}.max"] = name, "per"
    plan = make_plan(framework, columns, tuple(dict.fromkeys(node for node, _ in wanted.values())))
    sure = {column.name for column in columns if counted and column.kind is Kind.ANSWERS}
    plan = folded(attrs.evolve(plan, checks=tuple(check for check in plan.checks if check.column not in sure)))
    by_node = {result.node: result for result in plan.results}
    found = {name: (by_node[node], part) for name, (node, part) in wanted.items()}
    for name, (result, part) in list(found.items()):
        is_whole = result.per.constant and result.per.value == 1
        if part == "value" and result.kind in (Kind.NUMBER, Kind.SHARE) and not is_whole:
            found.setdefault(f"{name}.of", (result, "per"))
        if part == "value" and result.unit > 1:
            found.setdefault(f"{name}.of", (result, "unit"))
    _keep(_PLANS, key, (plan, found))
    return plan, found


def _rows(framework: Framework, header: Sequence[str]) -> Rows:
    """The columns of a table."""
    key = framework.fingerprint, *header
    if key not in _ROWS:
        _keep(_ROWS, key, Rows.of(framework, header))
    return _ROWS[key]


def _keep(kept: dict[object, Any], key: object, value: object) -> None:
    """Keep what is costly to make, and let go of what was kept first."""
    while len(kept) >= MAX_KEPT:
        kept.pop(next(iter(kept)), None)
    kept[key] = value


def _raise_faults(framework: Framework, rated: nw.DataFrame[Any], found: Any, by: str | None) -> None:
    """Refuse a table with what is wrong in its rows."""
    if rated[FAULT].null_count() == len(rated):
        return
    wrong = rated.with_row_index("row").filter(~nw.col(FAULT).is_null()).head(MAX_FAULTS)
    if by is None:
        _raise(list(wrong.select("row", FAULT).iter_rows()))
        return
    names = case_columns(framework, list(found.columns), by)
    cases = Table.of(_arrow(found, names) if found.implementation.is_pandas_like() else found, names)
    _raise(bad_answers(framework, cases))
    raise_any([_fault(f"inspection {name!r}, ", text, None) for name, text in wrong.select(by, FAULT).iter_rows()])


def _raise(faults: Sequence[tuple[int, str]]) -> None:
    """Raise what is wrong in rows, if anything is."""
    raise_any([fault(row + 1, text) for row, text in faults[:MAX_FAULTS]])


def fault(row: int, text: str, where: Where | None = None) -> Fault:
    """The fault that a column of faults says of a row, counted from 1."""
    return _fault(f"row {row}, ", text, where)


def _fault(place: str, text: str, where: Where | None) -> Fault:
    kinds = {kind.code: kind for kind in Fault.__subclasses__()}
    code, _, message = text.partition(": ")
    return kinds[code](f"{place}{message}", where=where)
