"""The commands that try a framework out: on past inspections, and on samples of a service."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import inspectlib
from inspectlib.cli.common import as_json, diagnose, emit, framework_argument, with_output
from inspectlib.errors import Fault, FaultReport, InspectError, Where
from inspectlib.frozen import FrozenMapping

if TYPE_CHECKING:
    from fractions import Fraction

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
    found = attrs.evolve(found, refused=FrozenMapping({**found.refused, **_by_name(faults, source)}))
    for name, error in found.refused.items():
        for fault in error.faults:
            place = "" if fault.where else f"{name}: "
            diagnose(f"{place}{fault}")
    forms = {"text": found.text, "markdown": found.markdown, "svg": found.svg}
    emit(as_json(found.data()) if as_ == "json" else forms[as_](), output)
    click.get_current_context().exit(1 if found.refused else 0)


def _by_name(faults: Iterable[Fault], source: str) -> dict[str, InspectError]:
    """What could not be read, by its file in a folder, or by its line of a table."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        where = fault.where or Where(source)
        folder, file = Path(source), Path(where.file)
        within = file.relative_to(folder).as_posix() if folder.is_dir() else f"line {where.line}"
        found.setdefault(within, []).append(fault)
    return {name: FaultReport("it cannot be read", several) for name, several in found.items()}


@click.command()
@framework_argument
@click.option("--evidence", metavar="FILE", help="An inspection: its shares and sizes are taken, and what is stated.")
@click.option("--case-file", "case_files", multiple=True, metavar="FILE", help="A CSV file with its cases, a row each.")
@click.option("--share", "shares", multiple=True, metavar="SHARE", help="The true share, as 65%, or 2.1.3=48% of one.")
@click.option(
    "--cases", multiple=True, type=int, metavar="N", help="So many cases for each key question; several try each."
)
@click.option("--caseload", type=int, metavar="N", help="The service has so many cases; endlessly many unless given.")
@click.option("--runs", type=int, metavar="N", help="Draw so many samples in place of the exact chances.")
@click.option("--seed", type=int, default=0, metavar="N", help="What the random numbers of the runs begin with.")
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json", "svg"]),
    default="text",
    help="Text for people (default), JSON, or a picture.",
)
@with_output
def simulate(  # noqa: PLR0917  # click passes by name
    framework: str,
    evidence: str | None,
    case_files: tuple[str, ...],
    shares: tuple[str, ...],
    cases: tuple[int, ...],
    caseload: int | None,
    runs: int | None,
    seed: int,
    as_: str,
    output: str | None,
) -> None:
    """Show how often the same service would get another rating with another sample of its cases.

    Give a true share and a number of cases, or an inspection to take them from.
    """
    if case_files and evidence is None:
        raise click.UsageError("--case-file goes with --evidence")
    if [framework, evidence, *case_files].count("-") > 1:
        raise click.UsageError("standard input (-) can be read for one of the files only")
    share, single = _shares(shares)
    found = inspectlib.simulate(
        inspectlib.load(framework),
        None if evidence is None else inspectlib.load_evidence(evidence, cases=case_files),
        share=share,
        shares=single,
        cases=cases,
        caseload=caseload,
        runs=runs,
        seed=seed,
    )
    emit(as_json(found.data()) if as_ == "json" else found.svg() if as_ == "svg" else found.text(), output)


def _shares(given: tuple[str, ...]) -> tuple[Fraction | None, dict[str, Fraction]]:
    """The true share of every key question, and those of single ones."""
    from inspectlib.errors import NotExact, TooLarge
    from inspectlib.exact import parse_number

    every: Fraction | None = None
    single: dict[str, Fraction] = {}
    for text in given:
        question, _, share = text.rpartition("=")
        try:
            number = parse_number(share.strip())
        except (NotExact, TooLarge) as error:
            raise click.BadParameter(error.message, param_hint="--share") from None
        if question:
            single[question.strip()] = number
        else:
            every = number
    return every, single


#: The commands of this module.
COMMANDS = (compare, simulate)
