"""The commands about a framework: what there is, what it says, its picture."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

import inspectlib
from inspectlib.cli.common import (
    as_json,
    cases_option,
    diagnose,
    emit,
    framework_and_judgement,
    framework_argument,
    rendered,
    units_option,
    with_format,
    with_output,
)

if TYPE_CHECKING:
    from inspectlib.graph import Framework

__all__ = ["COMMANDS"]

F = TypeVar("F", bound=Callable[..., Any])

#: Of what there are schemas beside that of framework files, and which command writes it as JSON.
_SCHEMAS = {
    "evidence": "an evidence file",
    "judgement": "a judgement (rate)",
    "explanation": "an explanation (explain)",
    "what-if": "what would change a rating (whatif)",
    "audit": "an audit (audit)",
    "check": "what a check found (check)",
    "diff": "what changed between frameworks (diff)",
    "comparison": "a back-test (compare)",
    "simulation": "a simulation of samples (simulate)",
}


@click.command()
@click.option("--on", "day", metavar="DATE", help="Only those in force on a day, such as 2020-02-01.")
@with_format
def frameworks(day: str | None, as_: str, output: str | None) -> None:
    """List the shipped frameworks."""
    from inspectlib.show import heading_data

    found = [inspectlib.load(name) for name in inspectlib.shipped()]
    if day is not None:
        found = _in_force(found, day)
    if as_ == "json":
        emit(as_json([heading_data(framework) for framework in found]), output)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("framework", "in force", "title"):
        table.add_column(column)
    for framework in found:
        force = framework.data.in_force
        table.add_row(framework.id, force.words() if force else "not known", framework.title)
    emit(rendered(table, output), output)


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
        diagnose(f"left out, because it is not known when they were in force: {', '.join(unknown)}")
    return [f for f in found if f.data.in_force and f.data.in_force.covers(wanted)]


@click.command()
@framework_argument
@click.argument("node", default="", metavar="[NODE]")
@click.option("--whole", is_flag=True, help="As one framework file, everything that it extends taken in.")
@with_format
def show(framework: str, node: str, whole: bool, as_: str, output: str | None) -> None:
    """Show the standards and rules in words, each with its basis and source; or one NODE."""
    from inspectlib import show as words
    from inspectlib.files.write import framework_json, framework_text

    if whole and node:
        raise click.UsageError("--whole gives the framework as one file; it goes with no NODE")
    found = inspectlib.load(framework)
    if whole:
        emit(framework_json(found) if as_ == "json" else framework_text(found), output)
    elif as_ == "json":
        emit(as_json(words.node_data(found, node) if node else words.framework_data(found)), output)
    else:
        text = words.node_text(found, node) if node else words.framework_text(found)
        emit(_coloured(text, output) + "\n", output)


@click.command()
@framework_argument
@click.option(
    "--as", "as_", type=click.Choice(["mermaid", "dot", "svg"]), default="mermaid", help="The form of picture."
)
@click.option("--overview", is_flag=True, help="The standards without boxes for their key questions (svg).")
@click.option("--evidence", metavar="FILE", help="Draw an inspection: what each box has, and which way decided (svg).")
@cases_option
@units_option
@with_output
def draw(  # noqa: PLR0917  # click passes by name
    framework: str,
    as_: str,
    overview: bool,
    evidence: str | None,
    cases: tuple[str, ...],
    units: tuple[str, ...],
    output: str | None,
) -> None:
    """Draw the rule graph; with evidence, the way of an inspection through it."""
    from inspectlib.draw import draw as drawn
    from inspectlib.draw import svg

    if (overview or evidence is not None) and as_ != "svg":
        raise click.UsageError("--overview and --evidence go with --as svg")
    if evidence is None and (cases or units):
        raise click.UsageError("--cases and --unit go with --evidence")
    if evidence is not None:
        emit(svg(*framework_and_judgement(framework, evidence, cases, units), questions=not overview), output)
    elif overview:
        emit(svg(inspectlib.load(framework), questions=False), output)
    else:
        emit(drawn(inspectlib.load(framework), as_), output)


def _schemas(command: F) -> F:
    """An option for each schema but that of framework files."""
    for name, what in reversed(_SCHEMAS.items()):
        command = click.option(f"--{name}", "name", flag_value=name, help=f"The schema of {what}.")(command)
    return command


@click.command()
@_schemas
@with_output
def schema(name: str | None, output: str | None) -> None:
    """Print the JSON Schema of a framework file, by which an editor completes and checks it; or another one."""
    from inspectlib.files.new_file import schema_text

    emit(schema_text(name or "framework"), output)


#: The colours that tell a basis at a glance.
_BASIS_STYLES = {"seed": "green", "published": "green", "reported": "cyan", "modelled": "yellow"}


def _coloured(text: str, output: str | None) -> str:
    """A text with every basis in its colour, when it goes to a terminal that wants colour."""
    if output is not None or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    bases = "|".join(_BASIS_STYLES)
    tags = re.compile(rf"\[({bases})\b[^\]]*\]|^  ({bases}) (?= +[0-9])|^  basis: ({bases})\b", re.MULTILINE)
    return tags.sub(lambda tag: click.style(tag[0], fg=_BASIS_STYLES[tag[tag.lastindex or 0]]), text)


#: The commands of this module.
COMMANDS = (frameworks, show, draw, schema)
