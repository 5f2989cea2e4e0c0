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
    with_output,
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
@click.option("--full", is_flag=True, help="Every step down to the counts, and how close it is; JSON always has all.")
@click.option(
    "--confidence",
    default="95%",
    show_default=True,
    metavar="PERCENT",
    help="The confidence of the intervals of shares.",
)
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Text for people (default), JSON, or Markdown.",
)
@with_output
def explain(  # noqa: PLR0917  # click passes by name
    framework: str,
    evidence: str,
    node: str,
    cases: tuple[str, ...],
    units: tuple[str, ...],
    full: bool,
    confidence: str,
    as_: str,
    output: str | None,
) -> None:
    """Explain why a NODE (a standard, a key question, delivery, overall ...) has the rating it has."""
    from inspectlib.errors import NotExact, OffScale, TooLarge
    from inspectlib.proportion import parse_confidence

    try:
        chosen = parse_confidence(confidence)
    except (NotExact, OffScale, TooLarge) as error:
        raise click.BadParameter(error.message, param_hint="--confidence") from None
    explanation = judgement(framework, evidence, cases, units).explain(node, confidence=chosen)
    if as_ == "json":
        emit(as_json(explanation.data()), output)
    else:
        told = explanation.markdown if as_ == "markdown" else explanation.text
        emit(told(full=full) + "\n", output)


#: The commands of this module.
COMMANDS = (rate, explain)
