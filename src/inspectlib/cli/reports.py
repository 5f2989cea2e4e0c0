"""The command that writes a report."""

from __future__ import annotations

import click

from inspectlib.cli.common import (
    cases_option,
    emit,
    evidence_argument,
    framework_and_judgement,
    framework_argument,
    units_option,
    with_output,
)

__all__ = ["COMMANDS"]


@click.command()
@framework_argument
@evidence_argument
@cases_option
@units_option
@click.option(
    "--format",
    "as_",
    type=click.Choice(["html", "markdown"]),
    default="html",
    help="A page that stands by itself (default), or Markdown.",
)
@with_output
def report(  # noqa: PLR0917  # click passes by name
    framework: str, evidence: str, cases: tuple[str, ...], units: tuple[str, ...], as_: str, output: str | None
) -> None:
    """Write the judgement of an inspection as a report: ratings, shares, reasons, derivation and record."""
    from inspectlib.report import report as written

    emit(written(*framework_and_judgement(framework, evidence, cases, units), as_), output)


#: The commands of this module.
COMMANDS = (report,)
