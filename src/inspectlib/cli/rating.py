"""The commands that rate one inspection."""

from __future__ import annotations

import click

from inspectlib.cli.common import (
    as_json,
    cases_option,
    emit,
    evidence_argument,
    framework_argument,
    judgement,
    rendered,
    units_option,
    with_format,
)

__all__ = ["COMMANDS"]


@click.command()
@framework_argument
@evidence_argument
@cases_option
@units_option
@with_format
def rate(  # noqa: PLR0917  # click passes by name
    framework: str, evidence: str, cases: tuple[str, ...], units: tuple[str, ...], as_: str, output: str | None
) -> None:
    """Rate an inspection."""
    found = judgement(framework, evidence, cases, units)
    if as_ == "json":
        emit(found.to_json(), output)
        return
    from inspectlib import printed

    emit(rendered(printed.table(found), output) + printed.summary(found), output)


@click.command()
@framework_argument
@evidence_argument
@click.argument("node", default="overall", metavar="[NODE]")
@cases_option
@units_option
@with_format
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
    explanation = judgement(framework, evidence, cases, units).explain(node)
    emit(as_json(explanation.data()) if as_ == "json" else explanation.text() + "\n", output)


#: The commands of this module.
COMMANDS = (rate, explain)
