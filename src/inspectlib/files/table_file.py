"""Tables of inspections in CSV: a row in, a row out, however long the file is."""

from __future__ import annotations

import csv
import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, BinaryIO

import attrs

from inspectlib.compiled import cell_text, compile  # noqa: A004  # as re.compile
from inspectlib.errors import (
    BadSyntax,
    ByteOrderMark,
    EmptyFile,
    ExtraColumn,
    Fault,
    InspectError,
    MissingColumn,
    NotUtf8,
    TooLarge,
    UnreadableFile,
    Where,
)
from inspectlib.errors import Path as Steps
from inspectlib.evidence import Evidence
from inspectlib.evidence_reader import evidence_from
from inspectlib.files.text import STDIN
from inspectlib.graph import Framework
from inspectlib.rows import Rows

__all__ = ["TableRun", "rate_table", "read_table"]

#: Rows with the same evidence are rated once, as long as not too many others come between them.
MAX_REMEMBERED = 4_000
#: The evidence of a row that is remembered has no more characters, so that what is remembered stays small.
MAX_REMEMBERED_TEXT = 500
#: A longer row is no row of a table; reading it whole could fill the memory.
MAX_ROW = 1_000_000
#: Files that may be taken for tables, by their first bytes.
_OTHER_FILES = {
    b"PAR1\x15": "this is a Parquet file; give it a name that ends in .parquet",
    b"PK\x03\x04": "this is a workbook or an archive, not CSV; save the table as CSV",
    b"\x1f\x8b": "this is a compressed file; give it a name that ends in .gz, or decompress it",
}


@attrs.frozen
class TableRun:
    """What was done with a table.

    Attributes:
        rated: how many rows were rated.
        left_out: how many rows could not be, and are not in the result.
        read: the columns that were evidence.
        carried: the columns that were carried through.
        doubts: for each column that was carried through and may have been meant as evidence, a sentence that says so.
    """

    rated: int
    left_out: int
    read: tuple[str, ...]
    carried: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def rate_table(
    framework: Framework,
    source: str | os.PathLike[str],
    target: IO[str],
    *,
    report: Callable[[Fault], None],
    progress: Callable[[int, int | None], None] = lambda _, __: None,
) -> TableRun:
    """Rate every row of a CSV file and write it to another, in order; memory does not grow with the file.

    Args:
        framework: the framework.
        source: the file, with a header; compressed when its name ends in ``.gz``; ``-`` is standard input.
        target: where the result is written.
        report: gets each fault of a row that cannot be rated; the row is left out.
        progress: gets the bytes read so far and those there are, if that is known, at every thousandth row.

    Raises:
        InspectError: the file as a whole cannot be read, or no column is named by a node.
    """
    name = "standard input" if os.fspath(source) == STDIN else os.fspath(source)
    with _opened(os.fspath(source), name) as (data, raw):
        lines = _Lines(data, name)
        header, records = _begun(lines)
        rows = _rows(framework, header, lines.where())
        rate_row = _rater(rows)
        write_row = _writer(target)
        write_row(rows.results)
        size = _size(raw)
        rated = number = 0
        for number, row in enumerate(records, 1):
            try:
                _check_width(row, rows.header)
                result = rate_row(row)
            except InspectError as error:
                for fault in _placed(error.faults, rows, number, lines.where()):
                    report(fault)
            else:
                write_row(result)
                rated += 1
            if number % 1000 == 0:
                progress(raw.tell() if size else 0, size)
    read = tuple(rows.header[index] for index, _ in rows.read)
    return TableRun(rated, number - rated, read, rows.carried(), rows.doubts())


def read_table(
    frameworks: Sequence[Framework], source: str | os.PathLike[str], *, report: Callable[[Fault], None]
) -> Iterator[tuple[str, Evidence]]:
    """The inspections of a CSV file, a row each, named by its column ``service`` or by the number of its row.

    Args:
        frameworks: whose nodes name the columns; where several know a column, the first of them says what it is.
        source: the file, as for `rate_table`.
        report: gets each fault of a row that cannot be read; the row is left out.

    Raises:
        InspectError: the file as a whole cannot be read, or no column is named by a node of any framework.
    """
    name = "standard input" if os.fspath(source) == STDIN else os.fspath(source)
    with _opened(os.fspath(source), name) as (data, _):
        lines = _Lines(data, name)
        header, records = _begun(lines)
        tables = _tables(frameworks, header, lines.where())
        place = header.index("service") if "service" in header else None
        seen = set[str]()
        for number, row in enumerate(records, 1):
            line = lines.where()
            service = "" if place is None or len(row) <= place else row[place].strip()
            title = service if service and service not in seen else f"{service} (row {number})".strip()
            seen.add(service)
            faulty = tables[0]
            try:
                _check_width(row, header)
                stated: dict[str, dict[str, object]] = {}
                for rows in tables:
                    faulty = rows
                    for heading, entries in rows.evidence(row).items():
                        stated.setdefault(heading, {}).update(entries)
                evidence = evidence_from({**stated, "service": title})
            except InspectError as error:
                for fault in _placed(error.faults, faulty, number, line):
                    report(fault)
            else:
                yield title, attrs.evolve(evidence, locate=_locate(tables, line))


def _tables(frameworks: Sequence[Framework], header: Sequence[str], line: Where) -> list[Rows]:
    """The header as each framework reads it, a column being read by one of them."""
    found: list[Rows] = []
    left = list(header)
    for framework in frameworks:
        try:
            rows = _rows(framework, left, line)
        except MissingColumn:
            if not found and framework is frameworks[-1]:
                raise
            continue
        found.append(rows)
        taken = {index for index, _ in rows.read}
        left = ["" if index in taken else cell for index, cell in enumerate(left)]
    return found


def _locate(tables: Sequence[Rows], line: Where) -> Callable[[Steps], Where | None]:
    """Where an entry of the evidence of a row stands in its table."""

    def locate(path: Steps) -> Where | None:
        steps = tuple(str(step) for step in path[:2])
        for rows in tables:
            if any(meaning[:2] == steps for _, meaning in rows.read):
                return attrs.evolve(line, column=rows.column(Fault("", path=path)) + 1)
        return line

    return locate


def _rater(rows: Rows) -> Callable[[Sequence[str]], list[str]]:
    """A function from the cells of a row to the cells of its result; it raises InspectError for a bad row."""
    places = tuple(index for index, _ in rows.read)
    evidence = tuple(rows.header[index] for index in places)
    replaced = tuple((rows.header.index(name), name) for name in rows.replaced())
    added = rows.results[len(rows.header) :]
    compiled = compile(rows.framework, evidence, results=[*(name for _, name in replaced), *added]).function

    def rate_cells(cells: tuple[str, ...]) -> list[str]:
        return [cell_text(value) for value in compiled(dict(zip(evidence, cells, strict=True))).values()]

    remembered = lru_cache(MAX_REMEMBERED)(rate_cells)

    def rate_row(row: Sequence[str]) -> list[str]:
        cells = tuple(row[index] for index in places)
        found = remembered(cells) if sum(map(len, cells)) <= MAX_REMEMBERED_TEXT else rate_cells(cells)
        result = [*row, *found[len(replaced) :]]
        for (index, _), text in zip(replaced, found, strict=False):
            result[index] = text
        return result

    return rate_row


def _writer(target: IO[str]) -> Callable[[Sequence[str]], object]:
    """A function that writes a row."""
    plain = csv.writer(target, lineterminator="\n")
    # Not every version of Python quotes a cell for a carriage return in it.
    quoting = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def write_row(row: Sequence[str]) -> None:
        (quoting if any("\r" in cell for cell in row) else plain).writerow(row)

    return write_row


def _rows(framework: Framework, header: Sequence[str], line: Where) -> Rows:
    try:
        return Rows.of(framework, header)
    except Fault as fault:
        column = fault.path[0] if fault.path else None
        raise fault.at(attrs.evolve(line, column=column + 1) if isinstance(column, int) else line) from None


def _check_width(row: Sequence[str], header: Sequence[str]) -> None:
    if len(row) > len(header):
        raise ExtraColumn(f"{len(row)} cells under {len(header)} columns", path=(len(header),))
    if len(row) < len(header):
        raise MissingColumn(f"{len(row)} cells under {len(header)} columns; leave a cell empty where nothing is known")


def _placed(faults: Sequence[Fault], rows: Rows, number: int, line: Where) -> list[Fault]:
    """The faults with the number of their row and the name of their column, in the order of the columns."""
    placed = sorted(((_column(fault, rows), fault) for fault in faults), key=lambda pair: pair[0] or 0)
    for place, fault in placed:
        named = "" if place is None else f", column {rows.header[place]!r}"
        fault.message = f"row {number}{named}: {fault.message}"
        fault.at(line if place is None else attrs.evolve(line, column=place + 1))
    return [fault for _, fault in placed]


def _column(fault: Fault, rows: Rows) -> int | None:
    """The place of the column that a fault is about; None where the row as a whole is not what it should be."""
    return None if isinstance(fault, (ExtraColumn, MissingColumn)) else rows.column(fault)


@contextmanager
def _opened(source: str, name: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The bytes of the file, and the file itself to see how far it is read."""
    if source == STDIN:
        if sys.stdin is None:
            raise UnreadableFile("it cannot be read: it is closed", where=Where(name))
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    try:
        raw = open(source, "rb")  # noqa: PTH123, SIM115  # a path, or whatever the system takes for one; closed below
    except IsADirectoryError:
        raise UnreadableFile("this is a folder; name a file", where=Where(name)) from None
    except (OSError, ValueError) as error:
        raise _unreadable(error, name) from None
    with raw:
        if not source.endswith(".gz"):
            yield raw, raw
            return
        with gzip.open(raw) as data:
            yield io.BufferedReader(data), raw


def _unreadable(error: Exception, name: str) -> UnreadableFile:
    """What the system says of a file that it cannot read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableFile(f"it cannot be read: {reason}", where=Where(name))


def _size(raw: BinaryIO) -> int | None:
    """The size of a file; None where it is no regular file."""
    try:
        status = os.fstat(raw.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


class _Lines:
    """The lines of a file as text; those of one row are bounded together.

    Attributes:
        number: how many were read.
        first: the line that the row being read begins on.
        size: how many bytes of that row were read.
    """

    def __init__(self, data: BinaryIO, name: str) -> None:
        self.data = data
        self.name = name
        self.number = 0
        self.begin()

    def begin(self) -> None:
        """Begin another row."""
        self.first = self.number + 1
        self.size = 0

    def where(self) -> Where:
        """Where the row begins."""
        return Where(self.name, self.first)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.read()
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        if self.number == 1:
            self.check_start(line)
        if self.size >= MAX_ROW:
            message = f"a row of {MAX_ROW:,} bytes or more; a quote that is opened and not closed can be the cause"
            raise TooLarge(message, where=self.where())
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"the byte {line[error.start]:#04x} is not UTF-8; save the file as UTF-8"
            raise NotUtf8(message, where=Where(self.name, self.number, error.start + 1)) from None
        if "\0" in text:
            message = "a NUL character, which no text has; save the file as UTF-8"
            raise BadSyntax(message, where=Where(self.name, self.number, line.index(b"\0") + 1))
        return text

    def read(self) -> bytes:
        """The next line, up to the length of the longest row."""
        try:
            return self.data.readline(MAX_ROW)
        except (EOFError, zlib.error):
            message = "it cannot be read: the compressed file is damaged or ends too early"
            raise UnreadableFile(message, where=Where(self.name)) from None
        except (OSError, ValueError) as error:
            raise _unreadable(error, self.name) from None

    def check_start(self, line: bytes) -> None:
        """Refuse a file that begins as no text does."""
        if line.startswith(b"\xef\xbb\xbf"):
            message = "it begins with a byte order mark; save it as UTF-8 without one"
            raise ByteOrderMark(message, where=Where(self.name, 1, 1))
        for start, message in _OTHER_FILES.items():
            if line.startswith(start):
                raise BadSyntax(message, where=Where(self.name))


def _begun(lines: _Lines) -> tuple[list[str], Iterator[list[str]]]:
    """The header of a CSV file, and the records after it."""
    records = _records(lines)
    header = next(records, None)
    if header is None:
        raise EmptyFile("it is empty", where=Where(lines.name))
    return [cell.strip() for cell in header], records


def _records(lines: _Lines) -> Iterator[list[str]]:
    """The records of a CSV file, blank ones left out."""
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begin()
        try:
            record = next(reader, None)
        except csv.Error as error:
            said = str(error)
            if said == "unexpected end of data":
                said = "a quote that is opened in this row is never closed"
            raise BadSyntax(f"this is not CSV: {said}", where=lines.where()) from None
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield record
