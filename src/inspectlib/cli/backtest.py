"""The commands that try a framework out: on past inspections, and on samples of a service."""

from __future__ import annotations

import click

import inspectlib
from inspectlib.cli.common import as_json, diagnose, emit, with_output
from inspectlib.errors import Fault

__all__ = ["COMMANDS"]


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--evidence",
    "source",
    required=True,
    metavar="FOLDER-OR-TABLE",
    help="A folder of evidence files with their cases, or a CSV file with a row an inspection.",
)
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "markdown", "json", "svg"]),
    default="text",
    help="Text for people (default), Markdown, JSON, or a picture.",
)
@with_output
def compare(old: str, new: str, source: str, as_: str, output: str | None) -> None:
    """Rate past inspections under two frameworks: what changes, and which rule changes it.

    An inspection that cannot be read or rated is reported and left out, and the exit code is 1.
    """
    from inspectlib.files.past import read_past

    if [old, new, source].count("-") > 1:
        raise click.UsageError("standard input (-) can be read for one of the files only")
    frameworks = inspectlib.load(old), inspectlib.load(new)
    faults: list[Fault] = []
    past = read_past(frameworks, source, report=faults.append, note=lambda words: diagnose(f"note: {words}"))
    found = inspectlib.compare(*frameworks, past)
    for name, error in found.refused.items():
        for fault in error.faults:
            place = "" if fault.where else f"{name}: "
            diagnose(f"{place}{fault}")
    for fault in faults:
        diagnose(str(fault))
    forms = {"text": found.text, "markdown": found.markdown, "svg": found.svg}
    emit(as_json(found.data()) if as_ == "json" else forms[as_](), output)
    click.get_current_context().exit(1 if faults or found.refused else 0)


#: The commands of this module.
COMMANDS = (compare,)
