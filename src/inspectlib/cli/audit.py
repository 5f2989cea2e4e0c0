"""The command that audits a recorded judgement."""

from __future__ import annotations

import click

import inspectlib
from inspectlib.cli.common import as_json, emit, with_format

__all__ = ["COMMANDS"]

#: A record is a few hundred kilobytes at most: each case is counted, and each reason stands in it twice.
MAX_BYTES = 8_000_000


@click.command()
@click.argument("record", metavar="RECORD.json")
@click.argument("framework", required=False, metavar="[FRAMEWORK]")
@with_format
def audit(record: str, framework: str | None, as_: str, output: str | None) -> None:
    """Compute a recorded judgement again from its own evidence, and say where the record does not agree.

    The rules are those of the shipped framework that the record names, or of FRAMEWORK. The exit code is 1 when the
    record does not agree, or when the rules are not those that gave it.
    """
    from inspectlib.files.text import read_text

    if record == framework == "-":
        raise click.UsageError("standard input (-) can be read for one of the files only")
    found = inspectlib.audit(read_text(record, MAX_BYTES), None if framework is None else inspectlib.load(framework))
    emit(as_json(found.data()) if as_ == "json" else found.text(), output)
    click.get_current_context().exit(0 if found.agrees else 1)


#: The commands of this module.
COMMANDS = (audit,)
