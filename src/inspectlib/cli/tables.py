"""The command that rates many inspections at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

import inspectlib
from inspectlib.cli.common import diagnose, framework_argument, standard_output
from inspectlib.errors import UnreadableFile, Where
from inspectlib.graph import Framework

__all__ = ["COMMANDS"]


@click.command()
@framework_argument
@click.argument("table", metavar="IN")
@click.option("-o", "--output", metavar="OUT", help="Save the result; the file is replaced whole.")
def table(framework: str, table: str, output: str | None) -> None:
    """Rate many inspections at once: a CSV or Parquet file with a row an inspection, its columns named by node.

    Other columns are carried through. A row that cannot be rated is reported and left out, and the exit code is 1.
    """
    from inspectlib.files.save import replacing
    from inspectlib.files.table_file import rate_table

    if framework == table == "-":
        raise click.UsageError("standard input (-) can be read for one of the files only")
    if output and output.endswith(".gz"):
        raise click.BadParameter("the result is CSV or Parquet, and CSV is not compressed; name it so", param_hint="-o")
    loaded = inspectlib.load(framework)
    if any(name.endswith(".parquet") for name in (table, output or "")):
        _rate_parquet(loaded, table, output)
    with standard_output() if output in {None, "-"} else replacing(str(output)) as target, _progress() as progress:
        run = rate_table(loaded, table, target, report=lambda fault: diagnose(str(fault)), progress=progress)
        if run.left_out and _same_file(table, output):
            message = "it is left as it was, since the rows left out would be lost; save the result to another file"
            raise UnreadableFile(message, where=Where(table))
    diagnose(f"{run.rated:,} rows rated, {run.left_out:,} left out")
    diagnose(f"read: {', '.join(run.read)}")
    if run.carried:
        diagnose(f"carried through: {', '.join(run.carried)}")
    for doubt in run.doubts:
        diagnose(f"note: {doubt}")
    click.get_current_context().exit(1 if run.left_out else 0)


def _rate_parquet(framework: Framework, table: str, output: str | None) -> None:
    from inspectlib.files.parquet_file import rate_parquet

    if output in {None, "-"} or table == "-":
        raise click.UsageError("a Parquet file is read from a file and its result saved in one: name it with -o")
    with _progress() as progress:
        rows, rated, left_out = rate_parquet(
            framework, table, str(output), report=lambda fault: diagnose(str(fault)), progress=progress
        )
    diagnose(f"{rated:,} rows rated, {left_out:,} left out")
    diagnose(f"read: {', '.join(rows.header[index] for index, _ in rows.read)}")
    if rows.carried():
        diagnose(f"carried through: {', '.join(rows.carried())}")
    for doubt in rows.doubts():
        diagnose(f"note: {doubt}")
    click.get_current_context().exit(1 if left_out else 0)


def _same_file(table: str, output: str | None) -> bool:
    read, written = Path(table), Path(output or "-")
    return "-" not in {table, str(written)} and written.exists() and written.samefile(read)


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on a terminal; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("rating"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("rating", total=None)
        yield lambda done, size: bar.update(task, completed=done, total=size)


#: The commands of this module.
COMMANDS = (table,)
