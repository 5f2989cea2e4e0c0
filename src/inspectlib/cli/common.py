"""What the commands have in common: their arguments and options, and how a result is given."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

import inspectlib
from inspectlib.errors import InspectError, UnreadableFile, Where

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inspectlib.graph import Framework
    from inspectlib.judgement import Judgement

F = TypeVar("F", bound=Callable[..., Any])

#: The width of tables where the output is no terminal.
_WIDTH = 120


def with_format(command: F) -> F:
    """The options of every command that prints a result."""
    form = click.option(
        "--format",
        "as_",
        type=click.Choice(["text", "json"]),
        default="text",
        help="Text for people (default) or JSON.",
    )
    return form(with_output(command))


def with_output(command: F) -> F:
    """The option of every command whose result can be saved."""
    return click.option("-o", "--output", metavar="FILE", help="Save the result; the file is replaced whole.")(command)


framework_argument = click.argument("framework", metavar="FRAMEWORK")
evidence_argument = click.argument("evidence", metavar="EVIDENCE")
cases_option = click.option(
    "--cases",
    multiple=True,
    metavar="FILE",
    help="A CSV file with a row a case: a column case, and one a key question; a column unit where units are pooled.",
)
units_option = click.option(
    "--unit",
    "units",
    multiple=True,
    metavar="FILE",
    help="The evidence file of a delivery unit, whose cases are pooled.",
)


def judgement(framework: str, evidence: str, cases: tuple[str, ...], units: tuple[str, ...]) -> Judgement:
    """The judgement that the arguments of a command ask for; its warnings are said on standard error."""
    return framework_and_judgement(framework, evidence, cases, units)[1]


def framework_and_judgement(
    framework: str, evidence: str, cases: tuple[str, ...], units: tuple[str, ...]
) -> tuple[Framework, Judgement]:
    """The same with the framework, which may be read from standard input and so but once."""
    if [framework, evidence, *cases, *units].count("-") > 1:
        raise click.UsageError("standard input (-) can be read for one of the files only")
    loaded = inspectlib.load(framework)
    found = inspectlib.rate(loaded, inspectlib.load_evidence(evidence, cases=cases, units=units))
    for warning in found.warnings:
        diagnose(f"warning: {warning}")
    return loaded, found


@contextmanager
def standard_output() -> Iterator[IO[str]]:
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


def rendered(renderable: RenderableType, output: str | None) -> str:
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


def as_json(data: object) -> str:
    """Data as canonical JSON text."""
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def emit(text: str, output: str | None) -> None:
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


def diagnose_faults(error: InspectError) -> None:
    """Say every fault on standard error, each with the line that it is in."""
    from inspectlib.files.fragment import fragment

    for fault in error.faults:
        diagnose("\n".join(line for line in (str(fault), fragment(fault.where)) if line))


def diagnose(message: str) -> None:
    """Say something on standard error; where nobody hears it, the result is made all the same."""
    with suppress(OSError, AttributeError):  # there is no standard error where it is closed
        sys.stderr.write(message + "\n")
