"""Tables of inspections in Parquet, or from CSV to Parquet and back: rated inside DuckDB."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from inspectlib.errors import Fault, MissingPackage, UnreadableFile, Where
from inspectlib.files.save import replacing_path
from inspectlib.graph import Framework
from inspectlib.rows import Rows

if TYPE_CHECKING:
    import duckdb

__all__ = ["rate_parquet"]

_ROW = "inspectlib row"
_FAULTS = 'SELECT "inspectlib row", fault FROM read_parquet(?) WHERE fault IS NOT NULL ORDER BY 1'
#: How often the progress of a query is asked for, in seconds.
_TICK = 1
#: So much memory DuckDB takes before it goes to disk.
_MEMORY = "512MB"


def rate_parquet(
    framework: Framework,
    source: str,
    target: str,
    *,
    report: Callable[[Fault], None],
    progress: Callable[[int, int | None], None] = lambda _, __: None,
) -> tuple[Rows, int, int]:
    """Rate every row of a table, where the table or its result is a Parquet file; the others are CSV.

    Args:
        framework: the framework.
        source: the table.
        target: where the result is saved; the file is replaced whole.
        report: gets the fault of each row that cannot be rated; the row is left out.
        progress: gets how far it is, and how far it goes: 100 for the rating and 100 for the writing.

    Returns:
        The columns, how many rows were rated, and how many were left out.

    Raises:
        InspectError: the table as a whole cannot be read, or the result not written.
    """
    try:
        import duckdb  # noqa: PLC0415  # only Parquet needs it
        import narwhals as nw  # noqa: PLC0415  # likewise

        from inspectlib import tables  # noqa: PLC0415  # likewise
    except ImportError:
        raise MissingPackage("Parquet files need DuckDB: pip install 'inspectlib[tables]'") from None
    if not Path(source).is_file():
        raise UnreadableFile("it cannot be read: there is no such file", where=Where(source))
    with replacing_path(target) as new, _connected(duckdb) as connection:
        rated = new.with_name(f"{new.name}.rated")
        try:
            table = _read(connection, source)
            rows = Rows.of(framework, [name for name in table.columns if name != _ROW])
            found = nw.from_native(tables.rate(framework, table)).to_native()
            _run(connection, lambda: found.write_parquet(str(rated)), lambda done: progress(done, 200))
            result = connection.read_parquet(str(rated))
            cursor = connection.execute(_FAULTS, [str(rated)])
            while batch := cursor.fetchmany(2000):
                for row, text in batch:
                    report(tables.fault(row, text, Where(source)))
            done = result.filter("fault IS NULL")
            kept = (name for name in result.columns if name not in {_ROW, tables.FAULT})
            columns = ", ".join(_quoted(name) if target.endswith(".parquet") else _cell(name) for name in kept)
            ((total, good),) = result.aggregate("count(*), count(*) FILTER (fault IS NULL)").fetchall()
            _write(connection, done.project(columns), new, target, progress)
        except duckdb.Error as error:
            raise _refused(str(error), source, target, new) from None
        finally:
            rated.unlink(missing_ok=True)
    return rows, int(good), int(total - good)


@contextmanager
def _connected(duckdb_: object) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that keeps rows in order, and what does not fit its memory in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="inspectlib-", ignore_cleanup_errors=True) as folder:
        config = {"memory_limit": _MEMORY, "temp_directory": folder, "preserve_insertion_order": True}
        connection: duckdb.DuckDBPyConnection = duckdb_.connect(config=config)  # type: ignore[attr-defined]  # the module
        try:
            for setting in ("enable_progress_bar = true", "enable_progress_bar_print = false", "progress_bar_time = 0"):
                connection.execute(f"SET {setting}")  # without a bar it does not say how far it is
            yield connection
        finally:
            connection.close()


def _read(connection: duckdb.DuckDBPyConnection, source: str) -> duckdb.DuckDBPyRelation:
    """The table, its rows numbered."""
    if source.endswith(".parquet"):
        table = connection.read_parquet(source, file_row_number=True)
        return table.project(f'* EXCLUDE (file_row_number), file_row_number + 1 AS "{_ROW}"')
    table = connection.read_csv(source, header=True, all_varchar=True, strict_mode=True, sep=",")
    return table.project(f'*, row_number() OVER () AS "{_ROW}"')


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: duckdb.DuckDBPyRelation,
    new: Path,
    target: str,
    progress: Callable[[int, int | None], None],
) -> None:
    write = table.write_parquet if target.endswith(".parquet") else table.write_csv
    _run(connection, lambda: write(str(new)), lambda done: progress(100 + done, 200))


def _run(connection: duckdb.DuckDBPyConnection, query: Callable[[], object], progress: Callable[[int], None]) -> None:
    """Run a query, saying how many percent are done; an interrupt stops it."""
    from duckdb import Error  # noqa: PLC0415  # only Parquet needs it

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(query)
        try:
            while wait([done], _TICK).not_done:
                with suppress(Error):  # it can be too busy to say
                    progress(max(0, int(connection.query_progress())))
        except BaseException:
            while not done.done():
                with suppress(Error):
                    connection.interrupt()
                wait([done], _TICK)
            raise
        done.result()
        progress(100)


def _refused(said: str, source: str, target: str, new: Path) -> UnreadableFile:
    """What DuckDB says of a file that it cannot read or write."""
    said = said.splitlines()[0]
    if new.name not in said:
        return UnreadableFile(f"it cannot be rated: {said}", where=Where(source))
    number = re.search(r'"errno":\s*"?([0-9]+)', said)
    reason = os.strerror(int(number[1])) if number else said
    return UnreadableFile(f"it cannot be written: {reason}", where=Where(target))


def _cell(name: str) -> str:
    """A column as cells of CSV, where nothing and an empty text are the same."""
    return f"nullif({_quoted(name)}::VARCHAR, '') AS {_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
