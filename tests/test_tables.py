"""Tables inside every engine that this environment has: what comes back, what each cell can hold, and cases."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import inspectlib
from inspectlib import tables
from inspectlib.errors import FaultReport, InspectError, MissingColumn, OffScale, RepeatedColumn, WrongForm
from strategies import shipped_framework
from table_engines import ENGINES, Line

YOUTH, UNIT = shipped_framework("hmip-youth-2021"), shipped_framework("hmip-pdu-2023")
#: The key questions of two of its standards.
QUESTIONS = [f"2.{standard}.{question}" for standard in (1, 2) for question in (1, 2, 3)]
ANSWERS = ("yes", "no", "not applicable", None)


def overall(frame: Any, read: Any, **how: Any) -> list[Any]:
    """The overall ratings of a table under the rules for youth services; of a refused row the code."""
    found = read(tables.rate(YOUTH, frame, faults="column", **how))
    return [line["overall"] or line["fault"].partition(":")[0] for line in found]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_type_comes_back(engine: str) -> None:
    """What is lazy stays lazy, columns that are no evidence are carried through, and results are beside them."""
    make, read = ENGINES[engine]
    frame = make({"service": ["a", "b"], "total": [18, 33], "total.max": [36, 36]})
    found = tables.rate(YOUTH, frame)
    assert type(found) is type(frame)
    assert [(line["service"], line["overall"]) for line in read(found)] == [
        ("a", "Requires improvement"),
        ("b", "Outstanding"),
    ]


def test_nothing_is_evaluated_before_it_is_collected() -> None:
    """A plan is made of a lazy frame, and of a relation, without running what it is made of."""
    lazy = pl.LazyFrame({"total": [18]}).map_batches(lambda _: pytest.fail("it ran"), schema={"total": pl.Int64})
    assert tables.rate(YOUTH, lazy).collect_schema().names() == ["total", "total.max", "overall", "fault"]
    relation = duckdb.sql("SELECT CASE WHEN random() >= 0 THEN error('it ran')::INT END AS total")
    rated: Any = tables.rate(YOUTH, relation)
    assert rated.columns == ["total", "total.max", "overall", "fault"]
    with pytest.raises(duckdb.Error, match="it ran"):
        rated.fetchall()


def test_a_pandas_frame_keeps_its_index() -> None:
    """Rows are those of the frame, by its index, even where that says the same twice."""
    frame = pd.DataFrame({"total": [18, 33]}, index=["x", "x"])
    found = tables.rate(YOUTH, frame)
    assert list(found.index) == ["x", "x"]
    assert list(found["overall"]) == ["Requires improvement", "Outstanding"]


@pytest.mark.parametrize(
    "total",
    [
        pd.Series([18, 33], dtype="int8"),
        pd.Series([18, 33], dtype="Int64"),
        pd.Series([18, 33], dtype="uint64"),
        pd.Series([18.0, 33.0]),
        pd.Series(["18", " 33 "], dtype="string"),
        pd.Series(["18", "66/2"], dtype="category"),
        pd.Series(["18.00", "33"], dtype="string[pyarrow]"),
        pd.Series([18, 33], dtype="int16[pyarrow]"),
        pd.Series([Decimal(18), Decimal("33.0")]),
        pd.Series([18, 33], dtype=object),
    ],
    ids=lambda series: str(series.dtype),
)
def test_every_type_of_pandas(total: Any) -> None:
    """Whole numbers are read whatever type holds them, and a row without one is open."""
    found = tables.rate(YOUTH, pd.DataFrame({"total": total}))
    assert list(found["overall"]) == ["Requires improvement", "Outstanding"]
    if total.dtype.kind in "Of" or pd.api.types.is_extension_array_dtype(total.dtype):
        gaps = total.copy()
        gaps[0] = None
        found = tables.rate(YOUTH, pd.DataFrame({"total": gaps}))
        assert list(found["overall"]) == ["open: Inadequate to Outstanding", "Outstanding"]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (pl.Series([18, 2**64 - 1], dtype=pl.UInt64), ["Requires improvement", "off-scale"]),
        (pl.Series([-(2**63), 2**63 - 1]), ["off-scale", "off-scale"]),
        (pl.Series([18, 2**100], dtype=pl.Int128), ["Requires improvement", "off-scale"]),
        (pl.Series([18.0, float("nan"), float("inf"), 18.5]), ["Requires improvement", None, "off-scale", "off-scale"]),
        (pl.Series([Decimal("18.0"), Decimal("18.5")]), ["Requires improvement", "off-scale"]),
        (pl.Series(["18", "", " ", "x", "1e1", "19.0", "1800%", "37"]), ["Requires improvement", None, None]),
        (pl.Series([None, None]), [None, None]),
        (pl.Series(["18", "36/2"], dtype=pl.Categorical), ["Requires improvement"] * 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("engine", ["polars", "polars lazy", "pyarrow", "duckdb"])
def test_the_ends_of_every_type(engine: str, column: pl.Series, says: list[str | None]) -> None:
    """What is off the scale is refused and never wraps round; what is no number is not taken for one."""
    if column.dtype == pl.Int128 and engine in {"pyarrow", "duckdb"}:
        pytest.skip("Arrow has no such type")
    frame = pl.DataFrame({"total": column})
    make: Any = {"polars": lambda: frame, "polars lazy": frame.lazy, "pyarrow": frame.to_arrow}
    make["duckdb"] = lambda: duckdb.from_arrow(frame.to_arrow())
    says = [text or "open: Inadequate to Outstanding" for text in says]
    says += ["not-exact", "not-exact", "Good", "Requires improvement", "off-scale"] if len(column) == 8 else []
    assert overall(make[engine](), ENGINES[engine][1]) == says


def test_types_of_duckdb() -> None:
    """Its sums are numbers of 128 bits, and its fractions decimals."""
    relation = duckdb.sql("SELECT 18::HUGEINT AS total UNION ALL SELECT 170141183460469231731687303715884105727")
    assert overall(relation, ENGINES["duckdb"][1]) == ["Requires improvement", "off-scale"]
    relation = duckdb.sql("SELECT 18.00::DECIMAL(9, 2) AS total UNION ALL SELECT 18.25")
    assert overall(relation, ENGINES["duckdb"][1]) == ["Requires improvement", "off-scale"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_share_is_read_as_it_is_written(engine: str) -> None:
    """Exactly, on the very edge: two thirds, with however many decimals, and never a float."""
    make, read = ENGINES[engine]
    texts = ["2/3", "65%", "64.999999%", "0.65", "13/20", "129999/200000", "195/3%", "4/3", "x", "0.123456789", None]
    found = read(tables.rate(UNIT, make({"2.1.1.share": texts}), faults="column"))
    for text, line in zip(texts, found, strict=True):
        try:
            judgement = inspectlib.rate(UNIT, {"values": {"2.1.1.share": text}} if text else {})
        except InspectError as error:
            assert line["fault"].startswith(error.faults[0].code), text
        else:
            if Fraction(Decimal(text)).denominator > 10**8 if text == "0.123456789" else False:
                assert line["fault"].startswith("not-exact: ")  # it says that a table cannot hold it
            else:
                assert line["fault"] is None, text
                assert line["2.1.1"] == judgement["2.1.1"].text(), text


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"9.9": ["x"]}, MissingColumn),
        ({}, MissingColumn),
        ({"total": [18], "fault": ["x"]}, RepeatedColumn),
        ({"2.1.1.yes": [1]}, MissingColumn),
        ({"1.1": [True]}, WrongForm),
        ({"1.1.reason": [1], "1.1": ["Good"]}, WrongForm),
    ],
    ids=str,
)
def test_a_table_that_cannot_be_read_is_refused(engine: str, columns: Line, error: type[InspectError]) -> None:
    """As a whole, before anything runs."""
    if engine == "duckdb" and not columns:
        pytest.skip("a relation has columns")
    with pytest.raises(error):
        tables.rate(UNIT, ENGINES[engine][0](columns))


@pytest.mark.parametrize(
    "frame",
    [
        [18],
        None,
        "table.csv",
        pa.table({"total": [18]}).to_reader(),
        pd.DataFrame({"total": [18], 3: [1]}),
        pd.DataFrame({"1.1": ["Good", 3]}),
        {"total": [18]},
        {"total": np.array([18.0])},
        {"total": np.ma.array([18, 0], mask=[False, True])},
        {"total": np.array(18)},
    ],
    ids=lambda frame: type(frame).__name__,
)
def test_what_is_no_table_is_refused(frame: Any) -> None:
    """With what can be a table."""
    with pytest.raises(WrongForm):
        tables.rate(YOUTH, frame)


def test_names_that_are_there_twice() -> None:
    """Columns of one name are refused; DuckDB also takes names for the same that differ in capitals only."""
    for frame in (
        pd.DataFrame([[18, 18]], columns=["total", "total"]),
        pa.Table.from_arrays([pa.array([18]), pa.array([18])], names=["total", "total"]),
        duckdb.sql("SELECT 18 AS total, 'x' AS Overall"),
    ):
        with pytest.raises(RepeatedColumn):
            tables.rate(YOUTH, frame)
    assert tables.rate(YOUTH, pl.DataFrame({"total": [18], "Overall": ["x"]})).columns[1] == "Overall"


@pytest.mark.parametrize("engine", ENGINES)
def test_no_row_and_one_row(engine: str) -> None:
    """A table without rows has a result without rows, of the same columns."""
    make, read = ENGINES[engine]
    one, two = make({"total": [18]}), make({"total": [18, 19]})
    assert len(read(tables.rate(YOUTH, one))) == 1
    none = two.slice(0, 0) if engine == "pyarrow" else two.limit(0) if engine == "duckdb" else two.head(0)
    found, more = tables.rate(YOUTH, none), tables.rate(YOUTH, two)
    assert read(found) == []
    assert list(nw.from_native(found).collect_schema()) == list(nw.from_native(more).collect_schema())


def test_an_eager_table_names_rows_and_columns() -> None:
    """All faults together, in the order of the rows, each of the kind that `rate` gives."""
    frame = pl.DataFrame({"1.1": ["Good", "Great", None], "2.1.1.yes": [3, 4, 4], "2.1.1.of": [2, 5, 6]})
    with pytest.raises(FaultReport) as report:
        tables.rate(UNIT, frame)
    assert [(fault.code, fault.message.partition(":")[0]) for fault in report.value.faults] == [
        ("bad-tally", "row 1, column '2.1.1.yes'"),
        ("off-scale", "row 2, column '1.1'"),
    ]


# Cases

#: What the answers of cases can be.
KINDS: Mapping[str, tuple[Any, ...]] = {
    "text": ANSWERS,
    "truth": (True, False, None),
    "number": (1, 0, None),
    "full": (True, False),
    "words": (*ANSWERS[:2], "not applicable"),
    "gaps": (1.0, 0.0, float("nan")),
}
#: What the cases of one inspection all say, where that is neither yes nor no.
SILENT: Mapping[str, Any] = {"words": "not applicable", "gaps": float("nan")}


def cases_of(rng: random.Random, kind: str) -> tuple[Line, dict[str, Mapping[str, Any]]]:
    """A table with a row a case of some inspections, and the evidence of each inspection."""
    answers = KINDS[kind]
    rows: list[Line] = []
    evidence: dict[str, Mapping[str, Any]] = {}
    for inspection in "abcdefgh":
        panel = rng.choice(["Good", "Inadequate"])
        cases = []
        # One is wholly open, or nothing is applicable to it.
        some = answers if inspection != "b" or kind == "full" else (SILENT.get(kind),)
        for number in range(rng.randint(1, 9)):
            said = {question: rng.choice(some) for question in QUESTIONS}
            panel_said = rng.choice([panel, panel, None])
            rows.append({"inspection": inspection, "case": str(number), **said, "1.1": panel_said})
            words: dict[Any, Any] = {**{answer: answer for answer in ANSWERS[:3]}, True: "yes", False: "no"}
            given = {
                question: words[answer] for question, answer in said.items() if answer in words and answer is not None
            }
            cases.append({"id": str(number), "answers": given})
        rows[-1]["1.1"] = panel
        evidence[inspection] = {"cases": cases, "panel": {"1.1": panel}}
    rng.shuffle(rows)
    return {name: [row[name] for row in rows] for name in rows[0]}, evidence


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        *((engine, kind) for engine in ("polars", "polars lazy", "pandas", "pyarrow") for kind in KINDS),
        ("duckdb", "text"),  # which takes long to plan so much
    ],
)
def test_case_tables_give_what_rate_gives(engine: str, kind: str) -> None:
    """Answers in words, as truths and as numbers, open ones and sub-samples, each inspection as `rate` has it."""
    make, read = ENGINES[engine]
    columns, evidence = cases_of(random.Random(f"cases {kind}"), kind)
    found = tables.rate(UNIT, make(columns), by="inspection")
    assert [line["inspection"] for line in read(found)] == sorted(evidence)
    for line in read(found):
        judgement = inspectlib.rate(UNIT, evidence[line["inspection"]])
        for name in (*QUESTIONS, "1.1", "2.1", "2.2", "delivery", "overall"):
            assert line[name] == judgement[name].text(), (line["inspection"], name)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"2.1.1": ["yes", "maybe"]}, "bad-answer: column '2.1.1': maybe is none of"),
        ({"2.1.1": [-1, 2]}, "bad-answer: column '2.1.1': 2 is none of"),
        ({"2.1.1": [0.0, 0.5]}, "bad-answer: column '2.1.1': 0.5 is none of"),
        ({"2.1.1": [1, 2**62]}, "bad-answer: column '2.1.1': 4611686018427387904 is none of"),
        ({"2.1.1": [True, True], "case": ["x", "x"]}, "duplicate-case: column 'case': "),
        ({"2.1.1": [True, True], "case": ["x", None]}, "duplicate-case: column 'case': "),
        ({"2.1.1": [True, True], "case": ["x", " x  "]}, "duplicate-case: column 'case': "),
        ({"2.1.1": [True, True], "case": ["x", " "]}, "duplicate-case: column 'case': "),
        ({"2.1.1": [True, True], "case": ["x", "y"], "unit": ["u", None]}, "bad-answer: column 'unit': a case without"),
        ({"2.1.1": [True, True], "1.1": ["Good", "Inadequate"]}, "disagreement: column '1.1': "),
        ({"2.1.1": [True, True], "inspection": [None, None]}, "bad-answer: column 'inspection': "),
    ],
    ids=str,
)
def test_wrong_cases_are_refused(engine: str, columns: Line, fault: str) -> None:
    """An answer that is none, a case that is there twice, cases that do not agree: the inspection has no results."""
    make, read = ENGINES[engine]
    columns = {"inspection": [1, 1], **columns}
    (line,) = read(tables.rate(UNIT, make(columns), by="inspection", faults="column"))
    assert line["fault"].startswith(fault)
    assert line["2.1.1"] is None
    if engine in {"polars", "pandas", "pyarrow"}:
        with pytest.raises(InspectError) as error:
            tables.rate(UNIT, make(columns), by="inspection")
        places = {one.message.partition(",")[0] for one in error.value.faults}
        assert places <= ({"row 1", "row 2"} if "none of" in fault else {f"inspection {columns['inspection'][0]!r}"})


def test_cases_of_several_units_are_pooled() -> None:
    """A column ``unit`` tells cases of one name apart, and all count for the region."""
    region = shipped_framework("hmip-region-2023")
    frame = pl.DataFrame({"region": ["r"] * 3, "unit": ["n", "s", "s"], "case": ["1", "1", "2"], "2.1.3": [1, 0, 1]})
    (line,) = tables.rate(region, frame, by="region").to_dicts()
    assert (line["2.1.3.yes"], line["2.1.3.of"]) == (2, 3)
    with pytest.raises(InspectError, match="a case is listed twice"):
        tables.rate(region, frame.drop("unit"), by="region")


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"2.1.1": [True], "2.1.1.yes": [1]}, RepeatedColumn),
        ({"x": [True]}, MissingColumn),
        ({"2.1.1": [[1]]}, WrongForm),
    ],
    ids=str,
)
def test_case_tables_that_cannot_be_read(columns: Line, error: type[InspectError]) -> None:
    """As a whole, before anything is counted."""
    with pytest.raises(error):
        tables.rate(UNIT, pl.DataFrame({"inspection": [1], **columns}), by="inspection")
    with pytest.raises(MissingColumn, match="there is no column 'inspection'"):
        tables.rate(UNIT, pl.DataFrame(columns), by="inspection")


def test_the_column_of_inspections_is_no_result() -> None:
    """A column that the result would write over is refused."""
    with pytest.raises(RepeatedColumn, match="is a result as well"):
        tables.rate(UNIT, pl.DataFrame({"overall": [1], "2.1.1": [True]}), by="overall")


def test_arrays_off_the_scale() -> None:
    """The first row that is off the scale is named, and nothing wraps round."""
    for total in (np.array([18, 2**64 - 1], np.uint64), np.array([18, -(2**63)])):
        with pytest.raises(OffScale, match="row 2, column 'total'"):
            tables.rate(YOUTH, {"total": total})
