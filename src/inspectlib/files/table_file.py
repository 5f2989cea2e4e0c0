"""Tables of inspections in CSV: a row in, a row out, however long the file is."""

from __future__ import annotations

import csv
import gzip
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, BinaryIO

import attrs

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
from inspectlib.files.text import STDIN
from inspectlib.graph import Framework
from inspectlib.rows import Rows

__all__ = ["TableRun", "rate_table"]

#: A longer line is no line of a table; reading it whole could fill the memory.
MAX_LINE = 1_000_000


@attrs.frozen
class TableRun:
    """What was done with a table.

    Attributes:
        rated: how many rows were rated.
        left_out: how many rows could not be, and are not in the result.
        read: the columns that were evidence.
        carried: the columns that were carried through.
    """

    rated: int
    left_out: int
    read: tuple[str, ...]
    carried: tuple[str, ...]


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
        lines = csv.reader(_lines(data, name), strict=True)
        records = _records(lines, name)
        header = next(records, None)
        if header is None:
            raise EmptyFile("it is empty", where=Where(name))
        rows = _rows(framework, [cell.strip() for cell in header], name)
        rate_row = rows.rater()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(rows.results)
        size = _size(raw)
        number = rated = 0
        for row in records:
            if not any(cell.strip() for cell in row):
                continue
            number += 1
            try:
                _check_width(row, rows.header)
                writer.writerow(rate_row(row))
                rated += 1
            except InspectError as error:
                for fault in error.faults:
                    report(_placed(fault, rows, number, Where(name, lines.line_num)))
            if number % 1000 == 0:
                progress(raw.tell() if size else 0, size)
    read = tuple(rows.header[index] for index, _ in rows.read)
    return TableRun(rated, number - rated, read, rows.carried())


def _rows(framework: Framework, header: Sequence[str], name: str) -> Rows:
    try:
        return Rows.of(framework, header)
    except Fault as fault:
        column = fault.path[0] if fault.path else None
        raise fault.at(Where(name, 1, column + 1 if isinstance(column, int) else None)) from None


def _check_width(row: Sequence[str], header: Sequence[str]) -> None:
    if len(row) > len(header):
        raise ExtraColumn(f"{len(row)} cells under {len(header)} columns", path=(len(header),))
    if len(row) < len(header):
        raise MissingColumn(f"{len(row)} cells under {len(header)} columns; leave a cell empty where nothing is known")


def _placed(fault: Fault, rows: Rows, number: int, line: Where) -> Fault:
    """The fault with the number of its row and the name of its column."""
    if isinstance(fault, (ExtraColumn, MissingColumn)):
        fault.message = f"row {number}: {fault.message}"
        return fault.at(line)
    column = rows.column(fault)
    fault.message = f"row {number}, column {rows.header[column]!r}: {fault.message}"
    return fault.at(attrs.evolve(line, column=column + 1))


@contextmanager
def _opened(source: str, name: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The bytes of the file, and the file itself to see how far it is read."""
    try:
        if source == STDIN:
            yield sys.stdin.buffer, sys.stdin.buffer
            return
        with open(source, "rb") as raw:  # noqa: PTH123  # a path, or whatever the system takes for one
            if not source.endswith(".gz"):
                yield raw, raw
                return
            with gzip.open(raw) as data:
                yield io.BufferedReader(data), raw
    except IsADirectoryError:
        raise UnreadableFile("this is a folder; name a file", where=Where(name)) from None
    except EOFError:
        raise UnreadableFile("it cannot be read: the compressed file ends too early", where=Where(name)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, InspectError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFile(f"it cannot be read: {reason}", where=Where(name)) from None


def _size(raw: BinaryIO) -> int | None:
    """The size of a file; None where it is no regular file."""
    try:
        status = os.fstat(raw.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _lines(data: BinaryIO, name: str) -> Iterator[str]:
    """The lines of a file as text, each of them bounded."""
    number = 0
    while line := data.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE:
            raise TooLarge(f"a line of {MAX_LINE:,} bytes or more", where=Where(name, number))
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            raise ByteOrderMark(
                "it begins with a byte order mark; save it as UTF-8 without one", where=Where(name, 1, 1)
            )
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"the byte {line[error.start]:#04x} is not UTF-8; save the file as UTF-8"
            raise NotUtf8(message, where=Where(name, number, error.start + 1)) from None


def _records(lines: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    """The records of a CSV file."""
    while True:
        try:
            record = next(lines, None)
        except csv.Error as error:
            line = getattr(lines, "line_num", None)
            raise BadSyntax(f"this is not CSV: {error}", where=Where(name, line)) from None
        if record is None:
            return
        yield record
