"""Tables: many inspections rated at once, from a CSV file to a CSV file."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

import inspectlib
from inspectlib.errors import Fault, UnreadableFile, Where
from inspectlib.files import table_file
from inspectlib.files.save import replacing
from inspectlib.files.table_file import TableRun, rate_table
from inspectlib.rows import Rows

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "examples" / "published"
FOOD = "food-hygiene-rating"
CRC = "hmip-crc-2019"

#: A table of food businesses, and its result.
BUSINESSES = "name,hygiene,structural,confidence\nBest,0,0,0\nFair,10,10,10\nWorst,25,25,30\n"
RATED = "name,hygiene,structural,confidence,total,overall\nBest,0,0,0,0,5\nFair,10,10,10,30,3\nWorst,25,25,30,80,0\n"

posix = pytest.mark.skipif(os.name == "nt", reason="as POSIX has it")


# --- what is rated


def rated(name: str, text: str, folder: Path) -> tuple[list[dict[str, str]], TableRun, list[Fault]]:
    """The rows of the result of a table, what was done with it, and the faults that were reported."""
    file, result, faults = folder / "table.csv", io.StringIO(), list[Fault]()
    file.write_bytes(text.encode())
    run = rate_table(inspectlib.load(name), file, result, report=faults.append)
    rows = list(csv.DictReader(io.StringIO(result.getvalue(), newline=""), strict=True))
    assert (len(rows), len({fault.message.split(":")[0].split(",")[0] for fault in faults})) == (
        run.rated,
        run.left_out,
    )
    return rows, run, faults


def no_fault(fault: Fault) -> None:
    """Where no row is refused."""
    pytest.fail(str(fault))


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def column(rows: Iterable[Mapping[str, str]], name: str) -> list[str]:
    """The cells of a column."""
    return [row[name] for row in rows]


def test_totals_give_the_published_ratings(tmp_path: Path) -> None:
    """Totals with the most they could be, and without it where every standard was rated, give what was published."""
    with (PUBLISHED / "outcomes.csv").open(encoding="utf-8", newline="") as stream:
        published = [row for row in csv.DictReader(stream) if " of " in row["stated"]]
    assert len(published) == 7
    lines = ["service,total,total.max"]
    for row in published:
        score, _, most = row["stated"].split()
        lines += [f"{row['service']},{score},{most}"] + [f"{row['service']},{score},"] * (most == "36")
    rows, _, faults = rated("hmip-youth-2021", "\n".join(lines), tmp_path)
    outcomes = {row["service"]: row["overall"] for row in published}
    assert not faults
    assert len(rows) == 13
    assert column(rows, "overall") == [outcomes[row["service"]] for row in rows]
    assert {(row["service"], row["total.max"]) for row in rows} == {
        (name, "24" if name == "Ceredigion" else "36") for name in outcomes
    }
    without, _, _ = rated("hmip-youth-2021", "service,total\nBromley,33\nCeredigion,1.0\n", tmp_path)
    assert list(without[0]) == ["service", "total", "total.max", "overall"]
    assert [(row["total"], row["total.max"]) for row in without] == [("33", "36"), ("1", "36")]


def test_every_published_outcome_agrees_with_its_evidence(tmp_path: Path) -> None:
    """The published ratings beside what they rest on are a test of each row: all agree, and one changed does not."""
    with (PUBLISHED / "outcomes.csv").open(encoding="utf-8", newline="") as stream:
        published = list(csv.DictReader(stream))
    numbers = inspectlib.load("hmip-youth-2021").graph["total"].inputs
    lines = [",".join(["service", *numbers, "total", "total.max", "overall"])]
    for row in published:
        found = re.fullmatch(r"(\d+) of (\d+)|all twelve standards (\w+)", row["stated"])
        assert found
        score, most, every = found.groups("")
        lines.append(",".join([row["service"], *[every] * 12, score, most, row["overall"]]))
    rows, run, _ = rated("hmip-youth-2021", "\n".join(lines), tmp_path)
    assert (run.rated, run.left_out) == (9, 0)
    assert column(rows, "overall") == column(published, "overall")
    changed = "\n".join(lines).replace(",29,36,Good", ",29,36,Outstanding")
    _, run, (fault,) = rated("hmip-youth-2021", changed, tmp_path)
    assert (run.rated, run.left_out) == (8, 1)
    assert fault.message == (
        "row 6, column 'overall': overall is stated as Outstanding, but the evidence beneath it gives Good"
    )


def test_a_panel_rating_with_and_without_a_reason(tmp_path: Path) -> None:
    """Delivery limits what the panel said of leadership, unless the panel recorded a reason."""
    poor = ",Inadequate" * 6
    text = "service,1.1,1.1.reason,2.1,2.2,2.3,2.4,4.1,4.2\n"
    rows, run, _ = rated(
        CRC, f'{text}a,Good,{poor}\nb,good,"sound, as planned"{poor}\nc,Inadequate,so{poor}\n', tmp_path
    )
    assert column(rows, "1.1") == ["Requires improvement", "Good", "Inadequate"]
    assert column(rows, "delivery") == ["Inadequate"] * 3
    assert column(rows, "1.1.reason") == ["", "sound, as planned", "so"]
    assert run.read[:2] == ("1.1", "1.1.reason")


def test_tallies_and_departures(tmp_path: Path) -> None:
    """Tallies give the key questions, their exact shares and the standard; a departure with its reason changes it."""
    header = "2.1.1.yes,2.1.1.of,2.1.2.yes,2.1.2.of,2.1.3.yes,2.1.3.of,2.1.3.open,2.1.departure,2.1.reason"
    lines = [
        "service," + header,
        "computed,90,100,66,100,99,100,,,",
        "departs,90,100,66,100,99,100,,requires improvement,records",
        "of no case,90,100,not applicable,not applicable,99,100,,,",
        "of no case,90,100,,Not  Applicable,99,100,0,,",
        "of no case,90,100,not applicable,,99,100,,,",
        "open,90,100,66,100,1,1,200,,",
        "silent,,,,,,,,,",
    ]
    rows, _, faults = rated(CRC, "\n".join(lines), tmp_path)
    assert not faults
    still_open, none = "open: Inadequate to Outstanding, or none", "not applicable"
    best = ["Outstanding"] * 3
    assert column(rows, "2.1") == ["Good", "Requires improvement", *best, "open: Inadequate to Good", still_open]
    assert column(rows, "2.1.2") == ["Good", "Good", none, none, none, "Good", still_open]
    assert column(rows, "2.1.2.share") == ["33/50", "33/50", "", "", "", "33/50", ""]
    assert column(rows, "2.1.3.share") == ["99/100"] * 5 + ["", ""]
    assert column(rows, "2.1.departure")[1] == "requires improvement"
    assert "2.2" not in rows[0]  # nothing was said of it
    assert all(row["overall"] == "open: Inadequate to Outstanding" for row in rows)


def test_shares_are_evidence_too(tmp_path: Path) -> None:
    """A share may be given instead of its counts, and beside them must agree."""
    text = "service,2.1.1.share,2.1.1.yes,2.1.1.of\na,67%,,\nb,2/3,41,60\nc,41/60,41,60\nd,,41,60\n"
    rows, _, faults = rated(CRC, text, tmp_path)
    assert [(row["service"], row["2.1.1"], row["2.1.1.share"]) for row in rows] == [
        ("a", "Good", "67/100"),
        ("c", "Good", "41/60"),
        ("d", "Good", "41/60"),
    ]
    assert [fault.message.split(":")[0] for fault in faults] == ["row 2, column '2.1.1.share'"]


def test_steps_inside_a_standard_are_evidence_too(tmp_path: Path) -> None:
    """A column named by a step inside a standard is read as in an evidence file, and is no column of the result."""
    rows, _, _ = rated(CRC, "service,2.1.computed\na,Good\nb,\n", tmp_path)
    assert [(row["2.1.computed"], row["2.1"]) for row in rows] == [
        ("Good", "Good"),
        ("", "open: Inadequate to Outstanding, or none"),
    ]


def test_what_is_missing_is_what_the_framework_says(tmp_path: Path) -> None:
    """A missing value is open, or not rated where the framework says so; what is stated as absent is absent."""
    text = (
        "home,health_inspection,staffing,quality,special_focus\n"
        "a,3,5,5,no\nb,3,,,no\nc,3,not rated,not applicable,no\nd,,4,4,no\ne,3,5,5,\n"
    )
    rows, _, faults = rated("nursing-home-stars-2019", text, tmp_path)
    assert not faults
    assert column(rows, "overall") == ["5", "3", "3", "open: 2 to 5", "open: 3 to 5"]
    food, _, _ = rated(FOOD, "name,hygiene,structural,confidence\na,0,,0\nb,not applicable,0,0\n", tmp_path)
    assert column(food, "total") == ["open: 0 to 25", "not rated"]
    assert column(food, "overall") == ["open: 0 to 5", "not rated"]


def test_a_settled_result_rates_the_same_again(tmp_path: Path) -> None:
    """The result of a table is a table: where nothing is open, rating it again gives the same."""
    numbers = inspectlib.load(CRC).graph["total"].inputs
    ratings = ["Good", "Inadequate", "Requires improvement", "outstanding", "Not rated"]
    text = ",".join(["service", *numbers]) + "\n"
    for row in range(20):
        cells = [ratings[(row * (place + 3) + place) % 5] for place in range(len(numbers))]
        text += ",".join([f"s{row}", *cells]) + "\n"
    rows, _, faults = rated(CRC, text, tmp_path)
    assert not faults
    again, _, faults = rated(CRC, _text(rows), tmp_path)
    assert (again, faults) == (rows, [])


def _text(rows: Sequence[Mapping[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


# --- cells and lines


def test_other_columns_are_carried_through_untouched(tmp_path: Path) -> None:
    """What a carried cell holds comes back as it was: quotes, commas, line ends of every kind, blanks, any letter."""
    texts = [
        "a,b",
        'say "so"',
        "two\nlines",
        "two\r\nlines",
        "cr\ronly",
        "  blanks\t",
        "",
        "naïve ⚖ 判 \U0001f600",
        "=1",
    ]
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(
        [[" note ", "hygiene", "", "say, so", ""], *([text, " 5 ", text, text[::-1], "x"] for text in texts)]
    )
    rows, run, faults = rated(FOOD, stream.getvalue(), tmp_path)
    assert (faults, run.carried) == ([], ("note", "", "say, so", ""))
    assert column(rows, "note") == texts
    assert column(rows, "say, so") == [text[::-1] for text in texts]
    assert column(rows, "hygiene") == [" 5 "] * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BUSINESSES, id="plain"),
        pytest.param(BUSINESSES.rstrip("\n"), id="no line end at the end"),
        pytest.param(BUSINESSES.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(BUSINESSES.replace("\n", "\r\n").rstrip(), id="CRLF, no line end at the end"),
        pytest.param("\n" + BUSINESSES.replace("\n", "\n\n,,,\n"), id="blank lines"),
        pytest.param(
            BUSINESSES.replace("hygiene", ' "hygiene"').replace(' "', '" ').replace('e",', 'e ",'), id="blanks"
        ),
    ],
)
def test_lines_end_in_any_way(text: str, tmp_path: Path) -> None:
    """Line ends, blank lines and blanks in the header do not matter, and the result ends its lines in one way."""
    file, result = tmp_path / "table.csv", io.StringIO()
    file.write_bytes(text.encode())
    rate_table(inspectlib.load(FOOD), file, result, report=no_fault)
    assert result.getvalue() == RATED


def test_a_table_of_no_rows_is_a_header(tmp_path: Path) -> None:
    """A header alone gives the header of the result."""
    rows, run, _ = rated(FOOD, BUSINESSES.partition("\n")[0], tmp_path)
    assert (rows, run.rated, run.left_out) == ([], 0, 0)


def test_a_compressed_table_is_read(tmp_path: Path) -> None:
    """A name that ends in .gz is a compressed file, also one made of several."""
    file, result = tmp_path / "table.csv.gz", io.StringIO()
    half = len(BUSINESSES) // 2
    file.write_bytes(gzip.compress(BUSINESSES[:half].encode()) + gzip.compress(BUSINESSES[half:].encode()))
    rate_table(inspectlib.load(FOOD), file, result, report=no_fault)
    assert result.getvalue() == RATED


def steps(file: Path) -> list[tuple[int, int | None]]:
    """The progress that is told of a table without faults."""
    seen: list[tuple[int, int | None]] = []
    framework = inspectlib.load(FOOD)
    rate_table(framework, file, io.StringIO(), report=no_fault, progress=lambda *step: seen.append(step))
    return seen


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    """Progress is told in bytes of the file, rising, at every thousandth row."""
    file, text = tmp_path / "table.csv", "name,hygiene\n" + "a name,5\n" * 20_000
    for path, data in ((file, text.encode()), (tmp_path / "table.csv.gz", gzip.compress(text.encode()))):
        path.write_bytes(data)
        seen = steps(path)
        assert (len(seen), {size for _, size in seen}) == (20, {len(data)})
        assert seen == sorted(seen)
        assert len(data) * 0.9 < seen[-1][0] <= len(data)


def test_long_reasons_and_long_cells(tmp_path: Path) -> None:
    """A reason may be long, and so may a cell that is carried through."""
    long = "x" * 100_000
    rows, _, faults = rated(CRC, f"note,1.1,1.1.reason\n{long},Good,{long}\n", tmp_path)
    assert not faults
    assert (rows[0]["1.1"], rows[0]["note"], rows[0]["1.1.reason"]) == ("Good", long, long)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Overall", "overall"),
        ("TOTAL", "total"),
        ("total_max", "total.max"),
        ("Total score", "total"),
        ("2.1 Assessment", "2.1"),
        ("1.1.reasn", "1.1.reason"),
        ("2.1.1.Yes", "2.1.1.yes"),
        ("2.1.1.no", "2.1.1.of"),
        ("Delivery rating", "delivery"),
        ("1.l", None),
        ("2.9", None),
        ("3.1", None),
        ("1.1.share", None),
    ],
)
def test_a_column_that_may_be_meant_as_evidence_is_pointed_out(name: str, meant: str | None, tmp_path: Path) -> None:
    """A column that is nearly a node, or numbered like one, is carried through and pointed out."""
    rows, run, _ = rated(CRC, f"service,2.4,{name},date\na,Good,Bad,7\n", tmp_path)
    hint = f" (did you mean {meant!r}?)" if meant else ""
    assert run.doubts == (f"{name!r} is carried through: it is no name of a column of evidence{hint}",)
    assert rows[0][name] == "Bad"


def test_other_columns_are_not_pointed_out(tmp_path: Path) -> None:
    """What hardly can be meant as evidence, or stands beside its node, is carried through without a word."""
    others = ["service", "date", "region", "framework", "note", "id", "2.4 note", "name", "score", "lead", ""]
    _, run, _ = rated(CRC, ",".join(["2.4", *others]) + "\n", tmp_path)
    assert run.doubts == ()
    assert run.carried == tuple(others)


# --- the command line


def run(
    *arguments: str, stdin: bytes | None = None, cwd: Path = ROOT, preexec: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The command line as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "inspectlib", "table", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        preexec_fn=preexec,
        timeout=120,
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table in a folder of its own."""
    file = tmp_path / "in.csv"
    file.write_text(BUSINESSES, encoding="utf-8")
    return file


def test_a_table_from_file_to_file(table: Path) -> None:
    """The result is saved, nothing goes to standard output, and standard error sums up; exit code 0."""
    out = table.with_name("out.csv")
    result = run(FOOD, str(table), "-o", str(out))
    assert (result.returncode, result.stdout) == (0, b"")
    assert result.stderr.decode().splitlines() == [
        "3 rows rated, 0 left out",
        "read: hygiene, structural, confidence",
        "carried through: name",
    ]
    assert out.read_text("utf-8") == RATED
    assert names(table.parent) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("arguments", [["-"], ["-", "-o", "-"]])
def test_a_table_from_standard_input_to_standard_output(arguments: list[str], tmp_path: Path) -> None:
    """A dash is standard input or output; without -o the result goes to standard output too."""
    result = run(FOOD, *arguments, stdin=BUSINESSES.replace("Best", "Bést").encode(), cwd=tmp_path)
    assert (result.returncode, result.stdout.decode()) == (0, RATED.replace("Best", "Bést"))
    assert b"\r" not in result.stdout
    assert names(tmp_path) == []


def test_bad_rows_are_reported_and_left_out(table: Path) -> None:
    """Bad rows are told with line, number and column, the others are rated and saved; exit code 1."""
    table.write_text("name,hygiene,notes\na,5,1\nb,7,2\n\nc,10\nd,10,3\n", encoding="utf-8")
    out = table.with_name("out.csv")
    result = run(FOOD, str(table), "-o", str(out))
    assert (result.returncode, result.stdout) == (1, b"")
    assert (
        result.stderr.decode().splitlines()
        == [
            f"{table}:3:2: off-scale: row 2, column 'hygiene': 7 is not among 0, 5 and so on",
            f"{table}:5: missing-column: row 3: 2 cells under 3 columns; leave a cell empty where nothing is known",
            "2 rows rated, 2 left out",
            "read: hygiene",
            "carried through: name, notes",
            "note: 'Hygiene' is carried through: it is no name of a column of evidence (did you mean 'hygiene'?)",
        ][:5]
    )
    assert [line.split(",")[0] for line in out.read_text("utf-8").splitlines()] == ["name", "a", "d"]


def test_a_table_that_is_saved_over_itself(table: Path) -> None:
    """The result can take the place of the table, by whatever name; not so where rows would be lost."""
    link = table.with_name("link.csv")
    link.symlink_to(table)
    assert run(FOOD, str(table), "-o", str(link)).returncode == 0
    assert table.read_text("utf-8") == RATED
    assert link.is_symlink()
    bad = RATED + "Bad,7,,,,\n"
    table.write_text(bad, encoding="utf-8")
    result = run(FOOD, str(link), "-o", str(table))
    assert result.returncode == 2
    assert b"it is left as it was, since the rows left out would be lost" in result.stderr
    assert table.read_text("utf-8") == bad
    assert names(table.parent) == ["in.csv", "link.csv"]


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        pytest.param("in.csv", b"x,5\nbad \xff,5\n", id="bad UTF-8 in the last line"),
        pytest.param("in.csv", b'"x,5\n', id="quote that is not closed"),
        pytest.param("in.csv", b"x," + b"5" * 10_000_000, id="10 MB in a line"),
        pytest.param("in.csv.gz", b"", id="compressed file that is cut off"),
    ],
)
def test_a_fault_of_the_whole_file_leaves_the_old_result(name: str, ending: bytes, tmp_path: Path) -> None:
    """However many rows were rated before, nothing is written when the rest cannot be read; exit code 2."""
    table, out = tmp_path / name, tmp_path / "out.csv"
    data = b"name,hygiene\n" + b"".join(b"n%d,%d\n" % (n, n % 5 * 5) for n in range(10_000)) + ending
    table.write_bytes(gzip.compress(data)[:-3] if name.endswith(".gz") else data)
    out.write_text("old\n", encoding="utf-8")
    started = time.perf_counter()
    result = run(FOOD, str(table), "-o", str(out))
    assert (result.returncode, result.stdout) == (2, b"")
    assert time.perf_counter() - started < 20
    (said,) = result.stderr.decode().splitlines()
    assert said.startswith(f"{table}:")
    assert out.read_text("utf-8") == "old\n"
    assert names(tmp_path) == sorted([name, "out.csv"])


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("rows", [1, 20_000])
def test_standard_output_that_is_full(rows: int) -> None:
    """When standard output cannot be written, that is said of it, early or late; exit code 2."""
    command = [sys.executable, "-m", "inspectlib", "table", FOOD, "-"]
    with Path("/dev/full").open("wb") as full:
        text = "name,hygiene\n" + "x,5\n" * rows
        result = subprocess.run(
            command, input=text.encode(), stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT
        )
    assert result.returncode == 2
    said = "standard output: unreadable-file: it cannot be written: No space left on device\n"
    assert result.stderr.decode() == said


@posix
def test_a_disk_that_is_full_leaves_the_old_result(tmp_path: Path) -> None:
    """When the result cannot be written whole, that is said of it, the old one stays and nothing else is left."""
    import resource

    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("name,hygiene\n" + "x,5\n" * 20_000, encoding="utf-8")
    out.write_text("old\n", encoding="utf-8")
    result = run(
        FOOD, str(table), "-o", str(out), preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    )
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode() == f"{out}: unreadable-file: it cannot be written: File too large\n"
    assert out.read_text("utf-8") == "old\n"
    assert names(tmp_path) == ["in.csv", "out.csv"]


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("missing/out.csv", "No such file or directory"),
        (".", "this is a folder; name a file"),
        ("in.csv/out.csv", "Not a directory"),
        ("out.csv.gz", "the result is CSV or Parquet, and CSV is not compressed"),
    ],
)
def test_a_result_that_cannot_be_saved(out: str, says: str, table: Path) -> None:
    """A place where no file can be, or a name for another kind of file, is refused; exit code 2."""
    result = run(FOOD, str(table), "-o", out, cwd=table.parent)
    assert (result.returncode, result.stdout) == (2, b"")
    assert says in result.stderr.decode()
    assert b"Traceback" not in result.stderr
    assert names(table.parent) == ["in.csv"]


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(table: Path) -> None:
    """A result in a folder that is read-only is refused, and the old one stays."""
    out = table.with_name("out.csv")
    out.write_text("old\n", encoding="utf-8")
    table.parent.chmod(0o500)
    try:
        result = run(FOOD, str(table), "-o", str(out))
    finally:
        table.parent.chmod(0o700)
    assert result.returncode == 2
    assert result.stderr.decode() == f"{out}: unreadable-file: it cannot be written: Permission denied\n"
    assert out.read_text("utf-8") == "old\n"


@posix
def test_a_result_that_goes_into_a_pipe(table: Path) -> None:
    """A named pipe given as the result is written to, and stays a pipe."""
    pipe = table.with_name("pipe")
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")), daemon=True)
    reader.start()
    assert run(FOOD, str(table), "-o", str(pipe)).returncode == 0
    reader.join(10)
    assert read == [RATED]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def _write_half(out: Path) -> None:
    with replacing(out) as file:
        file.write("half")
        raise OSError(5, "no more paper")


def test_a_result_with_a_long_name(tmp_path: Path) -> None:
    """A name as long as names may be is a name, whatever its letters; mode and link stay."""
    out = tmp_path / ("判" * 80 + ".csv")
    with replacing(out) as file:
        file.write("one\n")
    out.chmod(0o640)
    with pytest.raises(UnreadableFile, match="no more paper") as caught:
        _write_half(out)
    assert caught.value.where == Where(str(out))
    assert out.read_text("utf-8") == "one\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert names(tmp_path) == [out.name]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [FOOD],
        ["food", "in.csv"],
        [FOOD, "missing.csv"],
        [FOOD, "."],
        ["-", "-"],
        [FOOD, "in.csv", "-o"],
        [FOOD, "in.csv", "out.csv"],
        [CRC, "in.csv"],
    ],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_bad_usage_and_bad_tables_exit_with_2(arguments: list[str], table: Path) -> None:
    """Bad usage and tables that cannot be read print no result and no traceback; exit code 2."""
    result = run(*arguments, cwd=table.parent, stdin=b"")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.strip()
    assert b"Traceback" not in result.stderr
    assert b"This is a fault of inspectlib" not in result.stderr
    assert names(table.parent) == ["in.csv"]


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_closed(closed: str, table: Path) -> None:
    """Standard input or output that is closed is said to be; standard error that is closed takes nothing away."""
    out = table.with_name("out.csv")
    arguments = {"<&-": "-", ">&-": f"'{table}'", "2>&-": f"'{table}' -o '{out}'"}[closed]
    command = f"'{sys.executable}' -m inspectlib table {FOOD} {arguments} {closed}"
    result = subprocess.run(command, shell=True, capture_output=True, check=False, cwd=ROOT, text=True)
    if closed == "2>&-":
        assert (result.returncode, out.read_text("utf-8")) == (0, RATED)
        return
    stream = "standard input: unreadable-file: it cannot be read" if closed == "<&-" else "standard output"
    assert (result.returncode, result.stderr.startswith(stream)) == (2, True)
    assert "it is closed" in result.stderr


@posix
@pytest.mark.parametrize("ending", ["| head -n 1", "2>&1 >/dev/null | head -n 1"])
def test_a_reader_that_has_read_enough(ending: str, tmp_path: Path) -> None:
    """When whoever reads the result has read enough, that is no fault and no finding; nothing is said of it."""
    table = tmp_path / "in.csv"
    rows = "y,7\n" * 2_000 if "2>&1" in ending else "x,5\n" * 40_000
    table.write_text("name,hygiene\n" + rows, encoding="utf-8")
    script = f"'{sys.executable}' -m inspectlib table {FOOD} '{table}' {ending}; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", script], capture_output=True, check=False, cwd=ROOT, text=True)
    first, code = result.stdout.splitlines()
    if "2>&1" in ending:
        assert (first.split(": ")[1], code) == ("off-scale", "1")  # there were findings
    else:
        assert (first, code) == ("name,hygiene,total,overall", "0")
    assert result.stderr == ""


#: The command with interrupts as at a terminal; a background job may have them ignored.
INTERRUPTIBLE = (
    "import signal, sys\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "sys.argv = ['inspectlib', *sys.argv[1:]]\n"
    "from inspectlib.cli import main\n"
    "main()\n"
)


@posix
def test_an_interrupt_leaves_the_old_result(tmp_path: Path) -> None:
    """Ctrl-C in a long run leaves the old result and no other file, and ends with 130 and one word."""
    out = tmp_path / "out.csv"
    out.write_text("old\n", encoding="utf-8")
    command = [sys.executable, "-c", INTERRUPTIBLE, "table", FOOD, "-", "-o", str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        try:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.write(b"name,hygiene\n" + b"x,5\n" * 10_000)
            process.stdin.flush()
            deadline = time.monotonic() + 60
            while not any(path.stat().st_size for path in tmp_path.glob(".out.csv.*")):  # it is being written
                assert time.monotonic() < deadline
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            process.wait(30)
            said = process.stderr.read()
        finally:
            process.kill()
    assert (said.strip(), process.returncode) == (b"interrupted", 130)
    assert out.read_text("utf-8") == "old\n"
    assert names(tmp_path) == ["out.csv"]


def _terminal(command: Sequence[str], stdout: int | IO[bytes]) -> tuple[int, bytes]:
    """Run a command with standard error on a terminal: its exit code and what the terminal got."""
    leader, follower = os.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=stdout, stderr=follower, env=environment, cwd=ROOT) as process:
        os.close(follower)
        chunks = []
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                break
            if not chunk:
                break
            chunks.append(chunk)
        code = process.wait(60)
    os.close(leader)
    return code, b"".join(chunks)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_a_progress_bar_on_a_terminal_only(tmp_path: Path) -> None:
    """On a terminal a bar shows how far it is, on standard error alone and above it what is said; elsewhere nothing."""
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("name,hygiene\n" + "x,5\n" * 30_000 + "y,7\n" + "x,10\n" * 30_000, encoding="utf-8")
    command = [sys.executable, "-m", "inspectlib", "table", FOOD, str(table)]
    with out.open("wb") as stdout:
        code, shown = _terminal(command, stdout)
    assert code == 1
    assert b"\x1b" not in out.read_bytes()
    assert len(out.read_text("utf-8").splitlines()) == 60_001
    assert b"\x1b[" in shown
    assert "━".encode() in shown
    assert max(int(percent) for percent in re.findall(rb"(\d+)%", shown)) > 10
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown).decode()
    assert "row 30001, column 'hygiene'" in " ".join(plain.split())
    assert "60,000 rows rated, 1 left out" in plain
    piped = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env={**os.environ, "TERM": "xterm"})
    assert (piped.returncode, piped.stdout) == (1, out.read_bytes())
    assert len(piped.stderr.splitlines()) == 4
    assert b"\x1b" not in piped.stderr


# --- memory

#: A framework that takes little time.
TINY = """
id: tiny
version: "1"
title: Tiny
basis: modelled
source: own
sources: {own: {title: Own}}
scales: {marks: {ratings: [low, high], basis: modelled, source: own}}
bands: {halves: {scale: marks, basis: modelled, source: own, bands: {low: {below: 5000}, high: {at_least: 5000}}}}
nodes:
  amount: {rule: given, kind: number, least: 0, most: 10000, basis: modelled, source: own}
  overall: {rule: band, of: amount, bands: halves, basis: modelled, source: own}
"""

#: Runs a command with rows on its standard input, and prints the most memory it took, in kilobytes. What runs it must
#: be small, since a process counts the memory of the one that starts it.
MEASURE = """
import resource, subprocess, sys, threading
rows, command = int(sys.argv[1]), sys.argv[2:]
with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
    def feed():
        with process.stdin as stream:
            stream.write(b"id,amount,note\\n")
            for row in range(rows):
                stream.write(b"%d,%d,%040d\\n" % (row, row * 5_000 // rows, row * row))
    threading.Thread(target=feed, daemon=True).start()
    count = sum(1 for line in process.stdout)
print(count, process.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _memory(rows: int, framework: Path) -> tuple[int, int, int]:
    command = [
        sys.executable,
        "-c",
        MEASURE,
        str(rows),
        sys.executable,
        "-m",
        "inspectlib",
        "table",
        str(framework),
        "-",
    ]
    result = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, text=True, timeout=300)
    lines, code, most = map(int, result.stdout.split())
    return lines, code, most


@posix
def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    """300,000 rows, 5,000 of them with other evidence and all with other cells, take about the memory of 3,000."""
    framework = tmp_path / "tiny.yaml"
    framework.write_text(TINY, encoding="utf-8")
    few, many = _memory(3_000, framework), _memory(300_000, framework)
    assert (few[:2], many[:2]) == ((3_001, 0), (300_001, 0))
    unit = 1024 if sys.platform != "darwin" else 1024**2
    assert (many[2] - few[2]) / unit < 8, (few, many)


def test_only_so_many_rows_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows with other evidence there are, only so many are kept."""
    import tracemalloc

    monkeypatch.setattr(
        table_file, "compile", lambda *_, **__: SimpleNamespace(function=lambda row: {"one": row["hygiene"]})
    )
    rate_row = table_file._rater(Rows.of(inspectlib.load(FOOD), ["hygiene", "structural"]))
    tracemalloc.start()
    try:
        for row in range(20_000):
            assert rate_row([str(row), str(row + 1)])[0] == str(row)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 3_000_000


def test_rows_that_are_remembered_take_little(tmp_path: Path) -> None:
    """However long the reasons of many rows are, they are not kept."""
    import tracemalloc

    file, reason = tmp_path / "table.csv", "because " * 15_000
    ratings = ["Good", "Outstanding", "Inadequate", "Requires improvement"]

    def rows() -> Iterator[str]:
        yield "service,1.1,1.1.reason\n"
        for row in range(30):
            yield f"s{row},{ratings[row % 4]},{row} {reason}\n"

    file.write_text("".join(rows()), encoding="utf-8")
    framework = inspectlib.load("hmip-youth-2018")
    with Path(os.devnull).open("w", encoding="utf-8") as target:
        tracemalloc.start()
        try:
            rate_table(framework, file, target, report=no_fault)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert most < len(reason) * 20, most
