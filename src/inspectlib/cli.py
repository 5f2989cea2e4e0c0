"""The command line: results on standard output, diagnostics on standard error.

Exit codes: 0 done, 1 findings or disagreement, 2 bad usage or bad input, 130 interrupted.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

import inspectlib
from inspectlib.errors import InspectError, UnreadableFile, Where

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inspectlib.graph import Framework
    from inspectlib.judgement import Judgement
    from inspectlib.laws import Report

__all__ = ["main"]

F = TypeVar("F", bound=Callable[..., Any])

#: The width of tables where the output is no terminal.
_WIDTH = 120


def _shared(command: F) -> F:
    """The options of every command that prints a result."""
    form = click.option(
        "--format",
        "as_",
        type=click.Choice(["text", "json"]),
        default="text",
        help="Text for people (default) or JSON.",
    )
    return form(_saved(command))


def _saved(command: F) -> F:
    """The option of every command whose result can be saved."""
    return click.option("-o", "--output", metavar="FILE", help="Save the result; the file is replaced whole.")(command)


_framework = click.argument("framework", metavar="FRAMEWORK")
_evidence = click.argument("evidence", metavar="EVIDENCE")
_cases = click.option(
    "--cases",
    multiple=True,
    metavar="FILE",
    help="A CSV file with a row a case: a column case, and one a key question; a column unit where units are pooled.",
)
_units = click.option(
    "--unit",
    "units",
    multiple=True,
    metavar="FILE",
    help="The evidence file of a delivery unit, whose cases are pooled.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(inspectlib.__version__, prog_name="inspectlib")
def cli() -> None:
    """Rate inspections by a typed rule graph, and explain every rating.

    FRAMEWORK is the name of a shipped framework or the path of a framework file. EVIDENCE is an evidence file (YAML or
    JSON). A single - reads standard input.
    """


@cli.command()
@click.option("--on", "day", metavar="DATE", help="Only those in force on a day, such as 2020-02-01.")
@_shared
def frameworks(day: str | None, as_: str, output: str | None) -> None:
    """List the shipped frameworks."""
    from inspectlib.show import heading_data

    found = [inspectlib.load(name) for name in inspectlib.shipped()]
    if day is not None:
        found = _in_force(found, day)
    if as_ == "json":
        _emit(_json([heading_data(framework) for framework in found]), output)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("framework", "in force", "title"):
        table.add_column(column)
    for framework in found:
        force = framework.data.in_force
        table.add_row(framework.id, force.words() if force else "not known", framework.title)
    _emit(_rendered(table, output), output)


def _in_force(found: Sequence[Framework], day: str) -> list[Framework]:
    """The frameworks in force on a day; those whose dates are not known are said to be left out."""
    from inspectlib.errors import WrongForm
    from inspectlib.exact import parse_date

    try:
        wanted = parse_date(day)
    except WrongForm as error:
        raise click.BadParameter(error.message, param_hint="--on") from None
    unknown = [framework.id for framework in found if framework.data.in_force is None]
    if unknown:
        _diagnose(f"left out, because it is not known when they were in force: {', '.join(unknown)}")
    return [f for f in found if f.data.in_force and f.data.in_force.covers(wanted)]


@cli.command()
@_framework
@_evidence
@_cases
@_units
@_shared
def rate(  # noqa: PLR0917  # click passes by name
    framework: str, evidence: str, cases: tuple[str, ...], units: tuple[str, ...], as_: str, output: str | None
) -> None:
    """Rate an inspection."""
    judgement = _judgement(framework, evidence, cases, units)
    if as_ == "json":
        _emit(judgement.to_json(), output)
        return
    from inspectlib import printed

    _emit(_rendered(printed.table(judgement), output) + printed.summary(judgement), output)


@cli.command()
@_framework
@_evidence
@click.argument("node", default="overall", metavar="[NODE]")
@_cases
@_units
@_shared
def explain(  # noqa: PLR0917  # click passes by name
    framework: str,
    evidence: str,
    node: str,
    cases: tuple[str, ...],
    units: tuple[str, ...],
    as_: str,
    output: str | None,
) -> None:
    """Explain why a NODE (a standard, a key question, delivery, overall ...) has the rating it has."""
    explanation = _judgement(framework, evidence, cases, units).explain(node)
    _emit(_json(explanation.data()) if as_ == "json" else explanation.text() + "\n", output)


@cli.command()
@_framework
@click.option("--save", "folder", metavar="FOLDER", help="Save the evidence that refutes a law, a file each.")
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help="Text for people (default), JSON, or SARIF for code hosts.",
)
@_saved
def check(framework: str, folder: str | None, as_: str, output: str | None) -> None:
    """Check a framework: every fault with its place; without any, every law, proven or refuted by evidence."""
    from inspectlib.laws import check as checked
    from inspectlib.laws.sarif import sarif

    try:
        found = inspectlib.load(framework)
    except InspectError as error:
        if as_ == "sarif":
            _emit(_json(sarif(framework, inspectlib.__version__, faults=error.faults)), output)
        raise
    report = checked(found)
    if folder is not None:
        _save_evidence(report, Path(folder))
    if as_ == "sarif":
        _emit(_json(sarif(framework, inspectlib.__version__, report=report)), output)
    elif as_ == "json":
        _emit(_json(report.data()), output)
    else:
        _emit("\n".join(report.lines()) + "\n", output)
    click.get_current_context().exit(1 if report.refuted else 0)


def _save_evidence(report: Report, folder: Path) -> None:
    from inspectlib.evidence_reader import evidence_from
    from inspectlib.files.save import save
    from inspectlib.files.write import evidence_text

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableFile(f"it cannot be made: {error.strerror}", where=Where(str(folder))) from None
    for finding in report.refuted:
        for place, evidence in enumerate(finding.evidence, 1):
            name = f"{finding.law}-{finding.about}-{place}.yaml"
            save(folder / name, evidence_text(evidence_from({"framework": report.framework, **evidence})))


@cli.command()
@_framework
@click.argument("node", default="", metavar="[NODE]")
@click.option("--whole", is_flag=True, help="As one framework file, everything that it extends taken in.")
@_shared
def show(framework: str, node: str, whole: bool, as_: str, output: str | None) -> None:
    """Show the standards and rules in words, each with its basis and source; or one NODE."""
    from inspectlib import show as words
    from inspectlib.files.write import framework_text

    if whole and (node or as_ == "json"):
        raise click.UsageError(
            "--whole gives the framework as one YAML file; it goes with no NODE and no --format json"
        )
    found = inspectlib.load(framework)
    if whole:
        _emit(framework_text(found), output)
    elif as_ == "json":
        _emit(_json(words.node_data(found, node) if node else words.framework_data(found)), output)
    else:
        text = words.node_text(found, node) if node else words.framework_text(found)
        _emit(_coloured(text, output) + "\n", output)


@cli.command()
@_framework
@click.option(
    "--as", "as_", type=click.Choice(["mermaid", "dot", "svg"]), default="mermaid", help="The form of picture."
)
@_saved
def draw(framework: str, as_: str, output: str | None) -> None:
    """Draw the rule graph."""
    from inspectlib.draw import draw as drawn

    _emit(drawn(inspectlib.load(framework), as_), output)


@cli.command()
@_framework
@click.argument("table", metavar="IN.csv")
@click.option("-o", "--output", metavar="OUT.csv", help="Save the result; the file is replaced whole.")
def table(framework: str, table: str, output: str | None) -> None:
    """Rate many inspections at once: a CSV file with a row an inspection, its columns named by node.

    Other columns are carried through. A row that cannot be rated is reported and left out, and the exit code is 1.
    """
    from inspectlib.files.save import replacing
    from inspectlib.files.table_file import rate_table

    if framework == table == "-":
        raise click.UsageError("standard input (-) can be read for one of the files only")
    if output and output.endswith((".gz", ".parquet")):
        raise click.BadParameter("the result is CSV and is not compressed; name it so", param_hint="-o")
    loaded = inspectlib.load(framework)
    with _standard_output() if output in {None, "-"} else replacing(str(output)) as target, _progress() as progress:
        run = rate_table(loaded, table, target, report=lambda fault: _diagnose(str(fault)), progress=progress)
        if run.left_out and _same_file(table, output):
            message = "it is left as it was, since the rows left out would be lost; save the result to another file"
            raise UnreadableFile(message, where=Where(table))
    _diagnose(f"{run.rated:,} rows rated, {run.left_out:,} left out")
    _diagnose(f"read: {', '.join(run.read)}")
    if run.carried:
        _diagnose(f"carried through: {', '.join(run.carried)}")
    for doubt in run.doubts:
        _diagnose(f"note: {doubt}")
    click.get_current_context().exit(1 if run.left_out else 0)


def _same_file(table: str, output: str | None) -> bool:
    read, written = Path(table), Path(output or "-")
    return "-" not in {table, str(written)} and written.exists() and written.samefile(read)


@contextmanager
def _standard_output() -> Iterator[IO[str]]:
    """Standard output for a long text."""
    if sys.stdout is None:
        raise UnreadableFile("it cannot be written: it is closed", where=Where("standard output"))
    assert isinstance(sys.stdout, io.TextIOWrapper)
    try:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        yield sys.stdout
        sys.stdout.flush()
    except InspectError:
        raise
    except BrokenPipeError:  # whoever was reading has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.get_current_context().exit(0)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(f"it cannot be written: {reason}", where=Where("standard output")) from None


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


@cli.command()
@click.option("--evidence", is_flag=True, help="The schema of an evidence file.")
@_saved
def schema(evidence: bool, output: str | None) -> None:
    """Print the JSON Schema of a framework file, so that an editor completes and checks it."""
    name = "evidence" if evidence else "framework"
    file = Path(__file__).parent / "schemas" / f"{name}.schema.json"
    _emit(file.read_text("utf-8"), output)


def _judgement(framework: str, evidence: str, cases: tuple[str, ...], units: tuple[str, ...]) -> Judgement:
    if [framework, evidence, *cases, *units].count("-") > 1:
        raise click.UsageError("standard input (-) can be read for one of the files only")
    loaded = inspectlib.load(framework)
    judgement = inspectlib.rate(loaded, inspectlib.load_evidence(evidence, cases=cases, units=units))
    for warning in judgement.warnings:
        _diagnose(f"warning: {warning}")
    return judgement


def _rendered(renderable: RenderableType, output: str | None) -> str:
    """What Rich makes of something: in colour when it goes to a terminal, plain otherwise."""
    from rich.console import Console

    terminal = output is None and sys.stdout.isatty()
    width = None if terminal else _WIDTH
    console = Console(
        file=io.StringIO(),
        force_terminal=terminal,
        width=width,
        no_color=None if terminal else True,
        markup=False,
        emoji=False,
    )
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


#: The colours that tell a basis at a glance.
_BASIS_STYLES = {"seed": "green", "published": "green", "reported": "cyan", "modelled": "yellow"}


def _coloured(text: str, output: str | None) -> str:
    """A text with every basis in its colour, when it goes to a terminal that wants colour."""
    if output is not None or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    bases = "|".join(_BASIS_STYLES)
    tags = re.compile(rf"\[({bases})\b[^\]]*\]|^  ({bases}) (?= +[0-9])|^  basis: ({bases})\b", re.MULTILINE)
    return tags.sub(lambda tag: click.style(tag[0], fg=_BASIS_STYLES[tag[tag.lastindex or 0]]), text)


def _json(data: object) -> str:
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _emit(text: str, output: str | None) -> None:
    """The result: saved whole, or as UTF-8 on standard output."""
    if output is not None:
        from inspectlib.files import save

        save(output, text)
        return
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnreadableFile(f"it cannot be written: {error.strerror}", where=Where("standard output")) from None


def _diagnose(message: str) -> None:
    """Say something on standard error; where nobody hears it, the result is made all the same."""
    with suppress(OSError, AttributeError):  # there is no standard error where it is closed
        sys.stderr.write(message + "\n")


def main() -> None:
    """Run the command line and exit. No traceback reaches a user."""
    try:
        code = cli.main(standalone_mode=False) or 0
    except InspectError as error:
        for fault in error.faults:
            _diagnose(str(fault))
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        _diagnose("interrupted")
        code = 130
    except BrokenPipeError:
        code = 0  # whoever was reading has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001  # a fault of ours, said in one line rather than a page of traceback
        _diagnose(
            f"inspectlib: unexpected {type(error).__name__}: {error}. This is a fault of inspectlib; please report it."
        )
        code = 2
    sys.exit(code)
