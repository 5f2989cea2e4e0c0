"""Parquet files: rated inside DuckDB, with the rows, reports and exit codes of CSV files."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

import inspectlib
from inspectlib.cli import cli
from inspectlib.errors import MissingPackage, UnreadableFile
from inspectlib.files.parquet_file import rate_parquet

#: Made-up rows: rated, with a reason, open, and one that is off its scale.
ROWS = {
    "service": ["North", "South, made up", "East", "West"],
    "1.1": ["Good", "Outstanding", "Good", "Splendid"],
    "1.1.reason": ["", "the panel saw more", "", ""],
    "2.1": ["Inadequate", "Good", "", "Good"],
    "2.2": ["Good", "Good", "Good", "Good"],
}

#: The command, listening to interrupts also where a background job has them ignored.
LISTENING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\nfrom inspectlib.cli import main; main()"
)


def tabled(*arguments: object) -> Result:
    """What `inspectlib table` does."""
    return CliRunner().invoke(cli, ["table", *map(str, arguments)])


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """The rows as a Parquet file, with the same as CSV beside it."""
    file = tmp_path / "in.parquet"
    pl.DataFrame(ROWS).write_parquet(file)
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as target:
        csv.writer(target, lineterminator="\n").writerows([list(ROWS), *zip(*ROWS.values(), strict=True)])
    return file


def settled_totals(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; a total that is open says nothing."""
    with file.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    return [{**row, "total": "" if row["total"].startswith("open") else row["total"]} for row in rows]


@pytest.mark.parametrize("framework", ["hmip-pdu-2023", "hmip-crc-2019"])
def test_a_parquet_file_gives_what_a_csv_file_gives(framework: str, parquet: Path, tmp_path: Path) -> None:
    """The same rows come out, the same row is left out, for the same reason, with the same exit code.

    Only a total that is open has no cell: in Parquet and in frames a total is a number.
    """
    from_csv = tabled(framework, tmp_path / "in.csv", "-o", tmp_path / "a.csv")
    from_parquet = tabled(framework, parquet, "-o", tmp_path / "b.csv")
    assert (from_csv.exit_code, from_parquet.exit_code) == (1, 1), from_parquet.output
    assert settled_totals(tmp_path / "a.csv") == settled_totals(tmp_path / "b.csv")
    assert "row 4, column '1.1': Splendid is none of Inadequate, " in from_parquet.output
    assert "3 rows rated, 1 left out" in from_parquet.output
    assert "carried through: service" in from_parquet.output


def test_a_parquet_file_is_written(parquet: Path, tmp_path: Path) -> None:
    """From Parquet and from CSV the same Parquet file is made, its columns those of the CSV file."""
    assert tabled("hmip-pdu-2023", parquet, "-o", tmp_path / "a.parquet").exit_code == 1
    assert tabled("hmip-pdu-2023", tmp_path / "in.csv", "-o", tmp_path / "b.parquet").exit_code == 1
    tabled("hmip-pdu-2023", tmp_path / "in.csv", "-o", tmp_path / "c.csv")
    first, second = (pl.read_parquet(tmp_path / name) for name in ("a.parquet", "b.parquet"))
    with (tmp_path / "c.csv").open(newline="", encoding="utf-8") as source:
        header, *rows = csv.reader(source)
    assert first.columns == second.columns == header
    assert first["overall"].to_list() == second["overall"].to_list() == [row[header.index("overall")] for row in rows]
    assert [path.name for path in tmp_path.iterdir() if path.suffix not in {".csv", ".parquet"}] == []


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("nowhere.parquet", "out.csv", "there is no such file"),
        ("in.parquet", "-", "name it with -o"),
        ("text.parquet", "out.csv", "it cannot be rated"),
    ],
)
@pytest.mark.usefixtures("parquet")
def test_what_is_no_parquet_file_is_refused(source: str, target: str, says: str, tmp_path: Path) -> None:
    """A file that is not there, is none or has nowhere to go is refused plainly, and nothing is written."""
    (tmp_path / "text.parquet").write_text("no Parquet file", "utf-8")
    place = target if target == "-" else str(tmp_path / target)
    done = subprocess.run(
        [sys.executable, "-m", "inspectlib", "table", "hmip-pdu-2023", str(tmp_path / source), "-o", place],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_without_duckdb_it_is_said_what_to_install(
    parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where DuckDB is not installed, the fault says so and how to get it."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingPackage, match="inspectlib\\[tables\\]"):
        rate_parquet(
            inspectlib.load("hmip-pdu-2023"),
            str(parquet),
            str(tmp_path / "out.csv"),
            report=lambda _: None,
            progress=lambda *_: None,
        )


def test_it_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress begins at nothing, never goes back, is seen on the way, and ends where it said it would."""
    monkeypatch.setattr("inspectlib.files.parquet_file._TICK", 1 / 100)
    pl.DataFrame({"total": pl.int_range(2_000_000, eager=True) % 37}).write_parquet(tmp_path / "in.parquet")
    seen: list[tuple[int, int | None]] = []
    rate_parquet(
        inspectlib.load("hmip-youth-2021"),
        str(tmp_path / "in.parquet"),
        str(tmp_path / "out.parquet"),
        report=lambda _: None,
        progress=lambda *how_far: seen.append(how_far),
    )
    assert {whole for _, whole in seen} == {200}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {100, 200} < {done for done, _ in seen}


#: The command, where no file can grow beyond half a megabyte.
CRAMPED = (
    "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))\n"
    "from inspectlib.cli import main; main()"
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for files")
@pytest.mark.parametrize("target", ["out.csv", "out.parquet"])
@pytest.mark.parametrize("source", ["many.csv", "many.parquet"])
def test_where_no_more_can_be_written_the_old_file_stays(source: str, target: str, tmp_path: Path) -> None:
    """It is said which file cannot be written and why, what was there is whole, and nothing else is left."""
    rows = 100_000
    many = pl.DataFrame({"service": [f"{place * 7919 % rows:x}" for place in range(rows)], "total": [18] * rows})
    many.write_parquet(tmp_path / "many.parquet")
    many.write_csv(tmp_path / "many.csv")
    (tmp_path / target).write_text("as it was", "utf-8")
    command = [sys.executable, "-c", CRAMPED, "table", "hmip-youth-2021", source, "-o", target]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{target}: unreadable-file: it cannot be written: File too large\n"
    assert (tmp_path / target).read_text("utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["many.csv", "many.parquet", target]


def test_an_interrupt_leaves_what_was_there(tmp_path: Path) -> None:
    """Interrupted on the way, nothing is half-written: what was there is whole, and nothing else is there."""
    rows = 3_000_000
    labels = pl.Series(["Inadequate", "Requires improvement", "Good", "Outstanding"])
    many = pl.int_range(rows, eager=True)
    pl.DataFrame(
        {
            f"{domain}.{number}": labels[((many // 4**place) % 4).to_list()]
            for place, (domain, number) in enumerate([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (2, 4)])
        }
    ).write_parquet(tmp_path / "in.parquet")
    target = tmp_path / "out.parquet"
    target.write_text("as it was", "utf-8")
    command = [
        sys.executable,
        "-c",
        LISTENING,
        "table",
        "hmip-pdu-2023",
        str(tmp_path / "in.parquet"),
        "-o",
        str(target),
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while (
        not any(path.suffix == ".rated" for path in tmp_path.iterdir())
        and process.poll() is None
        and time.monotonic() < deadline
    ):
        time.sleep(1 / 50)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.strip().endswith("interrupted")
    assert target.read_text("utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_the_published_ratings_as_parquet(tmp_path: Path) -> None:
    """Real inspections whose totals were published come out from Parquet as they were rated."""
    totals = {"Cardiff 2020 (18 of 36)": 18, "Bromley 2025 (33 of 36)": 33, "Hull 2021 (5 of 36)": 5}
    pl.DataFrame({"service": list(totals), "total": list(totals.values()), "total.max": [36] * 3}).write_parquet(
        tmp_path / "in.parquet"
    )
    done = tabled("hmip-youth-2021", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet")
    assert done.exit_code == 0, done.output
    found = pl.read_parquet(tmp_path / "out.parquet")["overall"].to_list()
    assert found == ["Requires improvement", "Outstanding", "Inadequate"]
    with pytest.raises(UnreadableFile):
        rate_parquet(
            inspectlib.load("hmip-youth-2021"),
            str(tmp_path / "in.parquet"),
            str(tmp_path / "no" / "folder.parquet"),
            report=lambda _: None,
            progress=lambda *_: None,
        )
