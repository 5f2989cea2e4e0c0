"""The command that asks what would change a rating."""

from __future__ import annotations

import click

from inspectlib.cli.common import (
    as_json,
    cases_option,
    diagnose,
    emit,
    evidence_argument,
    framework_argument,
    judgement,
    units_option,
    with_format,
)

__all__ = ["COMMANDS"]


@click.command()
@framework_argument
@evidence_argument
@click.option("--reach", metavar="NODE=RATING", help="The fewest changes that reach a rating, or a better one.")
@click.option("--lower", metavar="NODE", help="The fewest changes that lower a rating: how robust it is.")
@click.option(
    "--hold",
    multiple=True,
    metavar="NODE",
    help="Do not change this: a standard, key question, domain or other node, with all that it is put together from.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Of several ways with so few changes, tell so many.",
)
@click.option("--save", "saved", metavar="FILE", help="Save the evidence with the changes of the first way made.")
@cases_option
@units_option
@with_format
def whatif(  # noqa: PLR0917  # click passes by name
    framework: str,
    evidence: str,
    reach: str | None,
    lower: str | None,
    hold: tuple[str, ...],
    most: int,
    saved: str | None,
    cases: tuple[str, ...],
    units: tuple[str, ...],
    as_: str,
    output: str | None,
) -> None:
    """Say what would change a rating: the fewest changes of the evidence that reach one, or that lower it.

    An answer changed from no to yes is one change, and so is a rating moved by one band. The exit code is 1 when no
    change leads there; what stands in the way is said then.
    """
    if (reach is None) == (lower is None):
        raise click.UsageError("ask one question: --reach NODE=RATING or --lower NODE")
    found = judgement(framework, evidence, cases, units)
    if reach is not None:
        node, equals, rating = reach.partition("=")
        if not equals:
            raise click.BadParameter(
                f"{reach!r} is not of the form NODE=RATING, such as overall=Good", param_hint="--reach"
            )
        answer = found.to_reach(node.strip(), rating, hold=hold, most=most)
    else:
        answer = found.to_lower(str(lower), hold=hold, most=most)
    if saved is not None:
        if answer.ways:
            from inspectlib.files import save
            from inspectlib.files.write import evidence_text

            save(saved, evidence_text(answer.ways[0].apply(found.evidence)))
        else:
            diagnose(f"nothing is saved in {saved}, because no change leads there")
    emit(as_json(answer.data()) if as_ == "json" else answer.text(), output)
    click.get_current_context().exit(0 if answer.ways else 1)


#: The commands of this module.
COMMANDS = (whatif,)
