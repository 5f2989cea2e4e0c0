"""Whole tables rated inside the engine that holds them: pandas, Polars, PyArrow, DuckDB, PySpark, or NumPy columns.

>>> import inspectlib, polars
>>> framework = inspectlib.load("hmip-youth-2021")
>>> frame = polars.DataFrame({"total": [18, 33], "total.max": [36, 36]})
>>> inspectlib.tables.rate(framework, frame)["overall"].to_list()
['Requires improvement', 'Outstanding']

It takes ``pip install inspectlib[tables]``.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar, cast

from inspectlib.errors import Fault, MissingPackage, RepeatedColumn, WrongForm, raise_any
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Kind
from inspectlib.plan import Plan, Result, make_plan
from inspectlib.rows import Rows

try:
    import narwhals as nw
except ImportError:
    raise MissingPackage("tables need narwhals: pip install 'inspectlib[tables]'") from None

from inspectlib.tables.decode import Bounds, columns_of
from inspectlib.tables.frames import FAULT, evaluated

__all__ = ["rate"]

T = TypeVar("T")
#: So many faults of a table are reported, and no more are looked for.
MAX_FAULTS = 100
#: Plans are kept, because a service rates tables of one form again and again.
MAX_PLANS = 32
_PLANS: dict[object, Plan] = {}


def rate(
    framework: Framework,
    frame: T,
    *,
    ratings: Literal["labels", "positions"] = "labels",
    faults: Literal["raise", "column"] | None = None,
) -> T:
    """Rate a table, a row an inspection, inside the engine that holds it.

    Args:
        framework: the framework.
        frame: a frame that narwhals knows, eager or lazy. Its columns are those of `inspectlib table`.
        ratings: whether the ratings of the result are given by their ``labels``, or by their ``positions`` on the scale.
        faults: what becomes of rows that cannot be rated: ``raise`` refuses the table and names them; ``column`` leaves
            their results empty and says in the column ``fault`` what is wrong. An eager table is refused unless said
            otherwise; a lazy one cannot be looked at without collecting it, so it has the column.

    Returns:
        A frame of the same type, as lazy as it was, with the columns of the results.

    Raises:
        InspectError: as a whole the table cannot be read, or a row of it cannot be rated.
    """
    found = nw.from_native(cast("Any", frame))
    eager = isinstance(found, nw.DataFrame)
    faults = faults or ("raise" if eager else "column")
    if faults == "raise" and not eager:
        raise WrongForm("a lazy table has its faults in the column 'fault'; collect it to raise them")
    schema = found.collect_schema()
    if FAULT in schema:
        raise RepeatedColumn(f"the column {FAULT!r} is there already; rename it")
    rows = Rows.of(framework, list(schema))
    work = _nullable(found, [rows.header[index] for index, _ in rows.read])
    known = _bounds(work, [rows.header[index] for index, _ in rows.read]) if eager else {}
    plan, results = _planned(framework, rows, columns_of(framework, work.collect_schema(), known))
    lazy = work.lazy() if eager and work.implementation.is_polars() else work
    rated = evaluated(lazy, plan, results, known, positions=ratings == "positions", mask=faults == "column")
    if eager and isinstance(rated, nw.LazyFrame):
        rated = rated.collect()
    if faults == "raise" and FAULT in rated.columns:
        assert isinstance(rated, nw.DataFrame)
        _raise_faults(rated)
        rated = rated.drop(FAULT)
    return cast("T", rated.to_native())


def _nullable(frame: Any, names: list[str]) -> Any:
    """The frame with columns of evidence that can miss a value; those of pandas as they come turn to floats."""
    if not frame.implementation.is_pandas():
        return frame
    native = frame.to_native()
    return nw.from_native(native.assign(**{name: native[name].convert_dtypes() for name in names}))


def _bounds(frame: nw.DataFrame[Any], names: list[str]) -> dict[str, Bounds]:
    """What the columns of a table that is at hand hold at least and at most."""
    found = {}
    for name in names:
        column = frame[name]
        full = not column.null_count()
        numbers = column.dtype.is_integer() and len(column) > 0
        least, most = (column.min(), column.max()) if numbers else (None, None)
        found[name] = Bounds(full, None if least is None else int(least), None if most is None else int(most))
    return found


def _planned(framework: Framework, rows: Rows, columns: Any) -> tuple[Plan, dict[str, tuple[Result, str]]]:
    """The plan of a table, and what each column of its result is of."""
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
    nodes = tuple(dict.fromkeys(node for node, _ in wanted.values()))
    key = framework.fingerprint, columns, nodes
    if key not in _PLANS:
        while len(_PLANS) >= MAX_PLANS:
            _PLANS.pop(next(iter(_PLANS)), None)
        _PLANS[key] = make_plan(framework, columns, nodes)
    plan = _PLANS[key]
    by_node = {result.node: result for result in plan.results}
    found = {name: (by_node[node], part) for name, (node, part) in wanted.items()}
    for name, (result, part) in list(found.items()):
        whole = result.per.constant and result.per.value == 1
        if part == "value" and result.kind in (Kind.NUMBER, Kind.SHARE) and not whole:
            found.setdefault(f"{name}.of", (result, "per"))
    return plan, found


def _raise_faults(rated: nw.DataFrame[Any]) -> None:
    """Refuse a table with what is wrong in its rows."""
    if rated[FAULT].null_count() == len(rated):
        return
    numbered = rated.select(FAULT).with_row_index("row").filter(~nw.col(FAULT).is_null()).head(MAX_FAULTS)
    kinds = {kind.code: kind for kind in Fault.__subclasses__()}
    found = []
    for row, text in numbered.select("row", FAULT).iter_rows():
        code, _, message = text.partition(": ")
        found.append(kinds[code](f"row {row + 1}, {message}", path=("row", row)))
    raise_any(found)
