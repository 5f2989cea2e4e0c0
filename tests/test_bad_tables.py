"""Tables that are refused, as a whole or row by row: for each kind of fault its class, place and message."""

from __future__ import annotations

import gzip
import io
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import inspectlib
from bad import Bad, ids, refused
from inspectlib import tables
from inspectlib.errors import (
    BadAnswer,
    BadSyntax,
    BadTally,
    ByteOrderMark,
    DepartureRefused,
    Disagreement,
    EmptyFile,
    ExtraColumn,
    Fault,
    Misplaced,
    MissingColumn,
    MissingKey,
    NotExact,
    NotUtf8,
    OffScale,
    ReasonMissing,
    RepeatedColumn,
    TooLarge,
    UnknownNode,
    UnreadableFile,
    Where,
    WrongForm,
)
from inspectlib.files.table_file import MAX_ROW, TableRun, rate_table

FRAMEWORK = inspectlib.load("hmip-crc-2019")
FOOD = inspectlib.load("food-hygiene-rating")
SMALL = inspectlib.load("hmip-small-youth-2019")

_STANDARDS = "service,2.1,2.2,2.3,2.4,4.1,4.2"
_COUNTED = "service,2.1.1.yes,2.1.1.of,2.1.2.yes,2.1.2.of,2.1.3.yes,2.1.3.of"

#: Tables of which no row is rated. § marks the line of the fault, ¤ its cell.
WHOLE = [
    # the header
    Bad("only rows", "§Good,Good\nGood,Inadequate\n", MissingColumn, "there can be 1.1, 1.2"),
    Bad("no node", "§service,date\nx,2019-07-01\n", MissingColumn, "no column is named by a node of hmip-crc-2019"),
    Bad("node in another case", "§service,Overall\nx,Good\n", MissingColumn, "overall, total"),
    Bad("semicolons", "§service;2.1;2.2\nx;Good;Good\n", MissingColumn, "Are the cells separated by commas?"),
    Bad("tabs", "§service\t2.1\nx\tGood\n", MissingColumn, "Are the cells separated by commas?"),
    Bad("column of a node twice", "2.1,service,¤2.1\nGood,x,Good\n", RepeatedColumn, "'2.1' is there twice"),
    Bad("carried column twice", "service,2.1,¤ service \nx,Good,y\n", RepeatedColumn, "'service' is there twice"),
    Bad("answers", "service,¤2.1.1.answers\nx,7\n", Misplaced, "the columns 2.1.1.yes and 2.1.1.of"),
    Bad("maximum without a total", "service,¤total.max\nx,30\n", MissingColumn, "the column 'total' is missing"),
    Bad("yes without of", "service,¤2.1.1.yes\nx,3\n", MissingColumn, "the column '2.1.1.of' is missing"),
    Bad("open alone", "2.4,¤2.1.1.open\nGood,3\n", MissingColumn, "the column '2.1.1.yes' is missing"),
    Bad("reason without a rating", "2.4,¤1.1.reason\nGood,so\n", MissingColumn, "the column '1.1' is missing"),
    Bad(
        "reason without a departure",
        "2.4,2.1,¤2.1.reason\nGood,Good,so\n",
        MissingColumn,
        "the column '2.1.departure' is missing; '2.1.reason' says nothing without it",
    ),
    Bad("blank lines before it", "\n,,\n§service,date\nx,y\n", MissingColumn, "no column is named"),
    # the file
    Bad("quote that is not closed", 'service,2.1\nx,Good\n§"y,Good\nz,Good\n', BadSyntax, "is never closed"),
    Bad("quote that is not closed in the last cell", 'service,2.1\nx,Good\n§y,"Good', BadSyntax, "is never closed"),
    Bad("text after a quote", 'service,2.1\n§"x" y,Good\n', BadSyntax, "',' expected after '\"'"),
    Bad("line ends of old", "§service,2.1\rx,Good\r", BadSyntax, "new-line character"),
    Bad("cell beyond CSV", f"service,2.1\n§{'y' * 131_073},Good\n", BadSyntax, "field larger than field limit"),
    Bad("long row", f"service,2.1\nx,Good\n§{'y,' * 500_000}\n", TooLarge, "a row of 1,000,000 bytes or more"),
    Bad("long header", f"§2.1{',y' * 500_000}\n", TooLarge, "1,000,000 bytes"),
    Bad(
        "row over many lines",
        'service,2.1\n§"\n' + '","\n' * 300_000,
        TooLarge,
        "a quote that is opened and not closed",
    ),
]

#: Rows that are left out of a table whose other rows are rated; ¤ marks each faulty cell, § a faulty row.
ROWS = [
    # ratings
    *(
        Bad(
            f"rating {text}", f"service,2.4\nx,¤{text}\n", OffScale, f"{text!r} is not a rating of the scale Inadequate"
        )
        for text in ("Excellent", "7", "Goood", "2.5", "Good.", "open", "TRUE", "n/a", "-", "\u0262ood")
    ),
    Bad("several ratings", "service,2.4,4.1,2.3\nx,¤Bad,Good,¤Worse\ny,,¤7,\n", OffScale, "column '4.1': '7'"),
    Bad("panel rating", "service,1.1,1.1.reason\nx,¤Great,so\n", OffScale, "'Great' is not a rating"),
    Bad("long rating", f"service,2.4\nx,¤{'y' * 1_001}\n", TooLarge, "a cell of 1,001 characters; at most 1,000"),
    # tallies
    *(
        Bad(f"count {text}", f"service,2.1.1.yes,2.1.1.of\nx,¤{text},30\n", BadTally, "cases are counted whole")
        for text in ("1.5", "-1", "50%", "1e1", "NaN", "01", "+1", "ten", "\u0661", "yes")
    ),
    Bad("share for a count", "service,2.1.1.yes,2.1.1.of\nx,20,¤30.0\n", BadTally, "'30.0' is not a whole number"),
    Bad("long count", f"service,2.1.1.yes,2.1.1.of\nx,1,¤{'9' * 201}\n", TooLarge, "at most 200"),
    Bad("yes above of", "service,2.1.1.yes,2.1.1.of\nx,¤4,3\n", BadTally, "4 sufficient answers of 3 cases"),
    Bad("0 of 0", "service,2.1.1.yes,2.1.1.of\nx,0,¤0\n", BadTally, "write not applicable instead of the counts"),
    Bad("yes of nothing", "service,2.1.1.yes,2.1.1.of\nx,3,¤\n", MissingKey, "'2.1.1.of' is empty beside '2.1.1.yes'"),
    Bad("of without yes", "service,2.1.1.yes,2.1.1.of\nx,¤ ,3\n", MissingKey, "'2.1.1.yes' is empty"),
    Bad("of without a column yes", "service,2.1.1.of\nx,¤3\n", MissingKey, "'2.1.1.yes' is empty beside '2.1.1.of'"),
    Bad(
        "open without counts",
        "service,2.1.1.yes,2.1.1.of,2.1.1.open\nx,¤,¤,3\n",
        MissingKey,
        "'2.1.1.of' is empty beside '2.1.1.open'",
    ),
    Bad("half not applicable", "service,2.1.1.yes,2.1.1.of\nx,0,¤not applicable\n", BadTally, "'not applicable'"),
    Bad("negative open", "service,2.1.1.yes,2.1.1.of,2.1.1.open\nx,1,2,¤-3\n", BadTally, "counted whole"),
    # values
    *(
        Bad(f"total {text}", f"service,total\nx,¤{text}\n", NotExact, "is not an exact number; write it like 3, 0.65")
        for text in ("1e1", "NaN", "016", "sixteen", "16 of 30", "1 000", "open: 1 of 30 to 2 of 30")
    ),
    Bad("number with a comma", 'service,total\nx,¤"16,5"\n', NotExact, "write it like 3, 0.65"),
    Bad("total above all", "service,total\nx,¤31\n", OffScale, "31 of 30"),
    Bad("negative total", "service,total\nx,¤-1\n", OffScale, "-1 of 30"),
    Bad("half a point", "service,total\nx,¤15.5\n", OffScale, "no total that total can have"),
    Bad("total above its maximum", "total,service,total.max\n¤25,x,24\n", OffScale, "25 of 24"),
    Bad("maximum that cannot be", "total.max,service,total\n25,x,¤5\n", OffScale, "no maximum of 25"),
    Bad("maximum of no total", "service,total,total.max\nx,¤,24\n", MissingKey, "'total' is empty beside 'total.max'"),
    Bad("share above 1", "service,2.1.1.share\nx,¤101%\n", OffScale, "101% is not between 0 and 1"),
    # two levels
    Bad(
        "standards against a total",
        _STANDARDS + ",1.1,1.2,1.3,1.4,total\nx" + ",Good" * 10 + ",¤21\n",
        Disagreement,
        "total is stated as 21 of 30, but the evidence beneath it gives 20 of 30",
    ),
    Bad("total against overall", "overall,service,total\n¤Inadequate,x,16\n", Disagreement, "the evidence beneath it"),
    Bad("standards against delivery", _STANDARDS + ",delivery\nx" + ",Good" * 6 + ",¤Inadequate\n", Disagreement, ""),
    Bad("tally against a share", _COUNTED + ",2.1.1.share\nx,90,100,66,100,99,100,¤89%\n", Disagreement, "gives 9/10"),
    Bad(
        "tally against a rating",
        "2.1,2.1.departure,2.1.reason," + _COUNTED + "\n¤Outstanding,,,x,90,100,66,100,99,100\n",
        Disagreement,
        "record a departure with its reason",
    ),
    # departures
    Bad(
        "departure without a reason",
        "2.1.reason,2.1.departure," + _COUNTED + "\n,¤Requires improvement,x,90,100,66,100,99,100\n",
        ReasonMissing,
        "has no recorded reason",
    ),
    Bad(
        "departure without a column for its reason",
        "2.1,2.1.departure," + _COUNTED + "\n,¤Requires improvement,x,90,100,66,100,99,100\n",
        ReasonMissing,
        "has no recorded reason",
    ),
    Bad(
        "departure by two bands",
        _COUNTED + ",2.1.reason,2.1.departure\nx,90,100,66,100,99,100,so,¤Inadequate\n",
        DepartureRefused,
        "the rules allow 1 at most",
    ),
    Bad(
        "departure not eligible",
        _COUNTED + ",2.1.departure,2.1.reason\nx,90,100,72,100,99,100,¤Outstanding,so\n",
        DepartureRefused,
        "not eligible (the lowest share is 72%, 2.1.2)",
    ),
    Bad("departure from nothing", "2.1.departure,2.1.reason\n¤Good,so\n", DepartureRefused, "still open"),
    Bad("departure that is not rated", "2.1.departure,2.1.reason\n¤not rated,so\n", OffScale, "must be to a rating"),
    Bad(
        "reason of a departure alone",
        _COUNTED + ",2.1.departure,2.1.reason\nx,90,100,66,100,99,100,¤,so\n",
        MissingKey,
        "'2.1.departure' is empty beside '2.1.reason'",
    ),
    Bad(
        "reason of a panel alone", "service,1.1,1.1.reason\nx,¤,so\n", MissingKey, "'1.1' is empty beside '1.1.reason'"
    ),
    # the row
    Bad("too few cells", "service,2.1,2.2\n§x,Good\n", MissingColumn, "3 cells under 4 columns; leave a cell empty"),
    Bad("too many cells", "service,2.1,2.2\n§x,Good,Good,Good\n", ExtraColumn, "5 cells under 4 columns"),
    Bad("decimal comma", "service,2.4,total\n§x,Good,16,5\n", ExtraColumn, "5 cells under 4 columns"),
]

#: Numbers of food businesses.
NUMBERS = [
    Bad("off its bounds", "name,hygiene\nx,¤30\n", OffScale, "30 is not between 0 and 25"),
    Bad("below its bounds", "name,hygiene\nx,¤-5\n", OffScale, "-5 is not between 0 and 25"),
    Bad("between its steps", "name,hygiene,structural\nx,5,¤7\n", OffScale, "7 is not among 0, 5 and so on"),
    Bad("no number", "name,hygiene\nx,¤exempt\n", NotExact, "write it like 3, 0.65, 65% or 1/2"),
    Bad("rating that is no number", "name,overall\nx,¤5 stars\n", OffScale, "0, 1, 2, 3, 4, 5"),
    Bad("a flag that is none", "name,over_5\nx,¤true\n", OffScale, "'true' is neither yes nor no"),
    Bad("a total that differs", "name,hygiene,structural,confidence,total\nx,5,5,5,¤20\n", Disagreement, "gives 15"),
]


def marked(text: str) -> tuple[str, list[tuple[int, int | None]]]:
    """A table without its marks, and the line of each, with the cell for marks of cells (¤)."""
    places: list[tuple[int, int | None]] = []
    for number, line in enumerate(text.split("\n"), 1):
        places.extend((number, None) for _ in range(line.count("§")))
        places.extend((number, index) for index, cell in enumerate(line.split(","), 1) if "¤" in cell)
    return text.replace("§", "").replace("¤", ""), places


def rated(
    file: Path, data: str | bytes, framework: inspectlib.Framework = FRAMEWORK
) -> tuple[TableRun, list[str], list[Fault]]:
    """What was done with a table, the lines of the result, and the faults that were reported."""
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    result, faults = io.StringIO(), list[Fault]()
    run = rate_table(framework, file, result, report=faults.append)
    return run, result.getvalue().splitlines(), faults


@pytest.mark.parametrize("bad", ids(WHOLE))
def test_a_bad_table_is_refused(bad: Bad, tmp_path: Path) -> None:
    """A fault of the header, or one that makes the rest unreadable, raises its own class at its place."""
    text, places = marked(bad.text)
    file = tmp_path / "table.csv"
    if bad.name == "NUL":
        places = [(3, 2)]
    error = refused(lambda: rated(file, text))
    assert [type(fault) for fault in error.faults] == [bad.error], str(error)
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places], str(error)
    assert bad.says in str(error)
    assert len(str(error)) < 2_000


@pytest.mark.parametrize(
    ("bad", "framework"),
    [pytest.param(bad, FRAMEWORK, id=bad.name) for bad in ROWS]
    + [pytest.param(bad, FOOD, id=bad.name) for bad in NUMBERS],
)
def test_a_bad_row_is_left_out(bad: Bad, framework: inspectlib.Framework, tmp_path: Path) -> None:
    """A row that cannot be rated is reported at its line and cell, with its number and column; the others are rated."""
    header, *rows = bad.text.splitlines()
    silent = "," * (header.count(",") + 1)
    lines = [f"note,{header}", f"before{silent}", *(f"bad,{row}" for row in rows), f"after{silent}"]
    text, places = marked("\n".join(lines))
    file = tmp_path / "table.csv"
    run, result, faults = rated(file, text, framework)
    assert (run.rated, run.left_out) == (2, len(rows))
    assert [line.split(",")[0] for line in result] == ["note", "before", "after"]
    assert [type(fault) for fault in faults] == [bad.error] * len(places), faults
    assert [fault.where for fault in faults] == [Where(str(file), *place) for place in places]
    columns = ["note", *header.split(",")]
    for fault, (line, column) in zip(faults, places, strict=True):
        named = f", column {columns[column - 1]!r}" if column else ""
        assert fault.message.startswith(f"row {line - 1}{named}: ")
        assert len(str(fault)) < 1_000
    assert any(bad.says in str(fault) for fault in faults), faults


def test_a_row_over_several_lines_is_told_by_its_first(tmp_path: Path) -> None:
    """Cells with line ends and blank lines move the line of a later row, not its number."""
    file = tmp_path / "table.csv"
    text = 'service,2.4\n"a\nb\n",Good\n\n , \n"c\nd","B\nad"\nx\n'
    run, result, faults = rated(file, text)
    assert (run.rated, run.left_out, len(result)) == (1, 2, 4)
    assert [fault.where for fault in faults] == [Where(str(file), 7, 2), Where(str(file), 10)]
    assert [fault.message[:6] for fault in faults] == ["row 2,", "row 3:"]


@pytest.mark.parametrize(
    ("data", "error", "place", "says"),
    [
        pytest.param(b"", EmptyFile, (), "it is empty", id="empty"),
        pytest.param(b"\n \r\n,,,\n", EmptyFile, (), "it is empty", id="blank lines"),
        pytest.param(b"\xef\xbb\xbf2.1\nGood\n", ByteOrderMark, (1, 1), "save it as UTF-8 without one", id="BOM"),
        pytest.param("2.1\nGood\n".encode("utf-16"), NotUtf8, (1, 1), "save the file as UTF-8", id="UTF-16"),
        pytest.param("2.1\n".encode("utf-16-le"), BadSyntax, (1, 2), "save the file as UTF-8", id="UTF-16, no BOM"),
        pytest.param(b"a,2.1\nna\xefve,Good\n", NotUtf8, (2, 3), "the byte 0xef is not UTF-8", id="Latin-1"),
        pytest.param(b"a,2.1\nx,Good\ny,Good\xff", NotUtf8, (3, 7), "the byte 0xff", id="not UTF-8 in the last line"),
        pytest.param(b"a,2.1\nx,Good\nab\0,Good\n", BadSyntax, (3, 3), "a NUL character", id="NUL"),
        pytest.param(
            b"PAR1\x15\x04\x15\x10\xff\0", BadSyntax, (), "this is a Parquet file; give it a name", id="Parquet"
        ),
        pytest.param(b"PK\x03\x04\x14\0\x08", BadSyntax, (), "a workbook or an archive, not CSV", id="workbook"),
        pytest.param(gzip.compress(b"2.1\nGood\n"), BadSyntax, (), "a name that ends in .gz", id="compressed"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    data: bytes, error: type[Fault], place: tuple[int, ...], says: str, tmp_path: Path
) -> None:
    """A file that is no UTF-8 text is refused where that is seen, in words that say what to do."""
    file = tmp_path / "table.csv"
    raised = refused(lambda: rated(file, data))
    where = ":".join(map(str, (file, *place)))
    assert [(type(fault), str(fault.where)) for fault in raised.faults] == [(error, where)]
    assert says in str(raised)


_PACKED = gzip.compress(b"service,2.1\n" + b"".join(b"%d,Good\n" % number for number in range(1000)))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(_PACKED[:-1], "damaged or ends too early", id="checksum cut off"),
        pytest.param(_PACKED[: len(_PACKED) // 2], "damaged or ends too early", id="cut off"),
        pytest.param(_PACKED[:5], "damaged or ends too early", id="cut off in its head"),
        pytest.param(_PACKED[:99] + b"\xff" * 20 + _PACKED[119:], "it cannot be read: ", id="damaged"),
        pytest.param(_PACKED[:-8] + b"\0" * 8, "it cannot be read: CRC check failed", id="wrong checksum"),
        pytest.param(b"service,2.1\nx,Good\n", "Not a gzipped file", id="not compressed"),
    ],
)
def test_a_bad_compressed_file_is_refused(data: bytes, says: str, tmp_path: Path) -> None:
    """A file whose name ends in .gz and that is cut off, damaged or not compressed is refused as a whole."""
    file = tmp_path / "table.csv.gz"
    raised = refused(lambda: rated(file, data))
    assert [(type(fault), fault.where) for fault in raised.faults] == [(UnreadableFile, Where(str(file)))]
    assert says in str(raised)


def test_an_empty_compressed_file_is_empty(tmp_path: Path) -> None:
    """What is empty when it is decompressed is empty."""
    assert type(refused(lambda: rated(tmp_path / "table.csv.gz", gzip.compress(b"")))) is EmptyFile


def test_a_bomb_is_refused_at_once(tmp_path: Path) -> None:
    """A compressed file that unpacks to gigabytes in one line is refused after the length of a row."""
    file = tmp_path / "table.csv.gz"
    packed = gzip.compress(b"2.1\n") + gzip.compress(b"x" * 10_000_000) * 300
    started = time.perf_counter()
    raised = refused(lambda: rated(file, packed))
    assert time.perf_counter() - started < 5
    assert [(type(fault), fault.where) for fault in raised.faults] == [(TooLarge, Where(str(file), 2))]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (".", "this is a folder; name a file"),
        ("missing.csv", "No such file or directory"),
        ("missing/table.csv", "No such file or directory"),
        ("nul\0.csv", "embedded null byte"),
        ("n" * 300, "File name too long"),
    ],
    ids=["folder", "missing file", "missing folder", "NUL in its name", "long name"],
)
def test_a_table_that_cannot_be_opened_is_refused(name: str, says: str, tmp_path: Path) -> None:
    """A folder, or a file that does not exist, is named with the reason."""
    path = f"{tmp_path}/{name}"
    raised = refused(lambda: rate_table(FRAMEWORK, path, io.StringIO(), report=lambda _: None))
    assert [(type(fault), fault.where) for fault in raised.faults] == [(UnreadableFile, Where(path))]
    assert says in str(raised)


def test_many_columns_are_checked_at_once(tmp_path: Path) -> None:
    """A header of as many columns as fit in a row is read in a moment, and a repeated one is found."""
    names = ",".join(f"{number:x}_" for number in range(MAX_ROW // 7))
    started = time.perf_counter()
    assert rated(tmp_path / "table.csv", f"2.1,{names}\n")[0].rated == 0
    assert type(refused(lambda: rated(tmp_path / "table.csv", f"2.1,{names},77_\n"))) is RepeatedColumn
    assert time.perf_counter() - started < 5


def test_a_standard_that_is_not_rated_takes_no_tally_of_its_own(tmp_path: Path) -> None:
    """Under a framework that gives no ratings a column of one is carried through, and that is said."""
    run, result, faults = rated(tmp_path / "table.csv", "2.1,2.1.1.yes,2.1.1.of\nGood,3,4\n", SMALL)
    assert (result[1], faults) == ("Good,3,4,3/4", [])
    assert run.carried == ("2.1",)
    assert run.doubts == ("'2.1' is carried through: 2.1 Assessment is not rated, the framework gives it no rating",)


# --- columns in memory


def column(*values: float) -> np.ndarray[Any, Any]:
    """An array of one dimension."""
    return np.array(values)


ARRAYS: dict[str, tuple[dict[str, Any], type[Fault], str]] = {
    "no column": ({}, MissingColumn, "no column is named by a node of hmip-crc-2019"),
    "lengths": ({"2.1": column(1, 2), "2.2": column(1)}, MissingColumn, "columns of different lengths: 2.1 2, 2.2 1"),
    "a list": ({"2.1": [1, 2]}, WrongForm, "'2.1' is a list and no NumPy array"),
    "one number": ({"2.1": np.array(1)}, WrongForm, "'2.1' has 0 dimensions"),
    "cases of a standard": ({"2.1": np.zeros((2, 2), int)}, WrongForm, "'2.1' has 2 dimensions"),
    "too many dimensions": ({"2.1.1": np.zeros((2, 2, 2), bool)}, WrongForm, "'2.1.1' has 3 dimensions"),
    "answers as floats": ({"2.1.1": np.zeros((2, 2))}, WrongForm, "'2.1.1' holds float64; answers are 0 and 1"),
    "an answer of 2": ({"2.1.1": np.array([[0, 2]])}, OffScale, "an answer of '2.1.1' is neither 0 nor 1"),
    "an answer below 0": ({"2.1.1": np.array([[0, -1]])}, OffScale, "an answer of '2.1.1' is neither 0 nor 1"),
    "floats": ({"2.1": column(1.0)}, WrongForm, "the column '2.1' holds float64; an array holds whole numbers"),
    "off the scale": ({"2.1": column(3, 4)}, OffScale, "off-scale: row 2, column '2.1': 4 is not among 0 to 3"),
    "below the scale": ({"2.1": column(-1)}, OffScale, "off-scale: row 1, column '2.1': -1 is not among 0 to 3"),
    "too many cases": (
        {"2.1.1.yes": np.array([2**63], np.uint64), "2.1.1.of": np.array([2**63], np.uint64)},
        OffScale,
        "row 1, column '2.1.1.yes': 9223372036854775808 is not among 0 to 10000000",
    ),
    "yes without of": ({"2.1.1.yes": column(3)}, MissingColumn, "the column '2.1.1.of' is missing"),
    "more than there are": ({"2.1.1.yes": column(3), "2.1.1.of": column(2)}, BadTally, "row 1, column '2.1.1.yes'"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_that_are_refused(name: str) -> None:
    """Arrays that do not say what evidence can are refused, with the row and column concerned."""
    arrays, fault, says = ARRAYS[name]
    raised = refused(lambda: tables.rate(FRAMEWORK, arrays))
    assert type(raised) is fault
    assert says in str(raised)


@pytest.mark.parametrize("more", [{"by": "service"}, {"faults": "column"}])
def test_arrays_have_a_row_an_inspection(more: dict[str, Any]) -> None:
    """What is asked of frames alone is refused for arrays."""
    raised = refused(lambda: tables.rate(FRAMEWORK, {"2.1": column(1)}, **more))
    assert type(raised) is WrongForm
    assert "a mapping of arrays has a row an inspection" in str(raised)


FRAMES: dict[str, tuple[Any, dict[str, Any], type[Fault], str]] = {
    "off the scale": (
        pl.DataFrame({"2.1": ["Good", "Superb"]}),
        {},
        OffScale,
        "row 2, column '2.1': Superb is none of Inadequate, Requires improvement, Good, Outstanding",
    ),
    "a rating between two": (pl.DataFrame({"2.1": [1.5]}), {}, OffScale, "1.5 is not among 0 to 3"),
    "lists": (pl.DataFrame({"2.1": [[1]]}), {}, WrongForm, "it can hold text or whole numbers"),
    "of several kinds": (pd.DataFrame({"2.1": ["Good", 1]}), {}, WrongForm, "a column holds values of several kinds"),
    "raised by a lazy one": (pl.LazyFrame({"2.1": ["Good"]}), {"faults": "raise"}, WrongForm, "collect it to raise"),
    "no such inspection": (
        pl.DataFrame({"a": ["1"], "2.1.1": ["yes"]}),
        {"by": "b"},
        MissingColumn,
        "there is no column 'b'",
    ),
    "cases without answers": (
        pl.DataFrame({"b": ["1"], "2.1": ["Good"]}),
        {"by": "b"},
        MissingColumn,
        "no column is named by a key question; there can be 2.1.1, 2.1.2",
    ),
    "no answer": (
        pl.DataFrame({"b": ["1"], "2.1.1": ["maybe"]}),
        {"by": "b"},
        BadAnswer,
        "row 1, column '2.1.1': maybe is none of yes, no and not applicable",
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_that_are_refused(name: str) -> None:
    """Frames that do not say what evidence can are refused, with the row and column concerned."""
    frame, more, fault, says = FRAMES[name]
    raised = refused(lambda: tables.rate(FRAMEWORK, frame, **more))
    assert fault in [type(found) for found in raised.faults]
    assert says in str(raised)


@pytest.mark.parametrize(
    ("asked", "fault", "says"),
    [
        ({"columns": ["Overal"]}, UnknownNode, "'Overal' is no column of evidence (did you mean 'overall'?)"),
        ({"columns": []}, MissingColumn, "no column is named"),
        ({"results": ["overal"]}, UnknownNode, "the framework has no 'overal' (did you mean 'overall'?)"),
        ({"results": ["2.1.1.answers"]}, Misplaced, "'2.1.1.answers' has answers, which are given and not a result"),
    ],
)
def test_what_cannot_be_compiled_is_refused(asked: dict[str, Any], fault: type[Fault], says: str) -> None:
    """Columns and results that the framework does not have are refused by name, with the nearest there is."""
    raised = refused(lambda: inspectlib.compile(FRAMEWORK, **asked))
    assert type(raised) is fault
    assert says in str(raised)
