"""The commands of those who write a framework: begin one, check it as it grows, see what it changes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import attrs
import click

import inspectlib
from inspectlib.cli.common import as_json, diagnose, diagnose_faults, emit, framework_argument, with_output
from inspectlib.errors import InspectError, UnreadableFile, Where

if TYPE_CHECKING:
    from inspectlib.laws import Report

__all__ = ["COMMANDS", "watch"]

#: How often files are looked at, in seconds.
_PAUSE = 1


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--extends", metavar="FRAMEWORK", help="The framework that it changes; one of its own unless given.")
def new(file: str, extends: str | None) -> None:
    """Begin a framework: write a commented FILE that is sound as it is, and beside it the schema for editors."""
    from inspectlib.files.new_file import new_file

    if "-" in (file, extends):
        raise click.UsageError("a framework is begun in a file: standard input and output (-) are none")
    new_file(Path(file), extends)
    emit(f"{file} is there; edit it, and after each change: inspectlib check {file}\n", None)


@click.command()
@framework_argument
@with_output
def pin(framework: str, output: str | None) -> None:
    """Print the `extends` entry that pins a framework as it is now."""
    from inspectlib.files.framework_file import pin as pinned
    from inspectlib.files.new_file import extends_text

    emit(extends_text(pinned(inspectlib.load(framework), framework)), output)


@click.command()
@framework_argument
@click.option("--save", "folder", metavar="FOLDER", help="Save the evidence that refutes a law, a file each.")
@click.option("--sample", type=click.IntRange(1, 10_000), help="Look for bands that no share of so many cases is in.")
@click.option("--watch", "watching", is_flag=True, help="Check again each time a file is saved; Ctrl-C ends it.")
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help="Text for people (default), JSON, or SARIF for code hosts.",
)
@with_output
def check(  # noqa: PLR0917  # click passes by name
    framework: str, folder: str | None, sample: int | None, watching: bool, as_: str, output: str | None
) -> None:
    """Check a framework: every fault with its place; without any, what is odd, and every law, proven or refuted."""
    if watching and framework == "-":
        raise click.UsageError("standard input (-) cannot be watched")

    def again(reading: Callable[[Path], object]) -> None:
        files: list[Path] = []

        def noted(file: Path) -> None:
            reading(file)
            files.append(file)

        try:
            _check(framework, noted, folder, sample, as_, output)
        except InspectError as error:
            diagnose_faults(error)
        diagnose(f"watching {', '.join(str(file) for file in files)}; Ctrl-C ends it")

    if watching:
        watch(again)
    try:
        refuted = _check(framework, lambda _: None, folder, sample, as_, output)
    except InspectError as error:
        if as_ != "text":
            raise
        diagnose_faults(error)
        click.get_current_context().exit(2)
    click.get_current_context().exit(1 if refuted else 0)


def _check(  # noqa: PLR0917  # always in this order
    framework: str,
    reading: Callable[[Path], object],
    folder: str | None,
    sample: int | None,
    as_: str,
    output: str | None,
) -> bool:
    """Check a framework and say what was found; whether a law is refuted."""
    from inspectlib.files.fragment import fragment
    from inspectlib.files.framework_file import read_framework
    from inspectlib.laws import check as checked
    from inspectlib.laws.report import faulty_data
    from inspectlib.laws.sarif import sarif
    from inspectlib.lints import lint

    version = inspectlib.__version__
    try:
        found = read_framework(framework, reading)
    except InspectError as error:
        if as_ == "sarif":
            emit(as_json(sarif(framework, version, faults=error.faults)), output)
        elif as_ == "json":
            emit(as_json(faulty_data(error.faults)), output)
        raise
    odd = lint(found.framework, found.locate, file=found.file, sample=sample)
    report = attrs.evolve(checked(found.framework, found.locate), notices=(*found.notices, *odd))
    if folder is not None:
        _save_evidence(report, Path(folder))
    if as_ == "sarif":
        emit(as_json(sarif(framework, version, report=report)), output)
    elif as_ == "json":
        emit(as_json(report.data()), output)
    else:
        first, *laws = report.lines()
        warnings = [line for n in report.notices for line in (str(n), fragment(n.where)) if line]
        emit("\n".join([first, *warnings, *laws]) + "\n", output)
    return bool(report.refuted)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Text for people (default), JSON, or Markdown.",
)
@with_output
def diff(old: str, new: str, as_: str, output: str | None) -> None:
    """Show what changed in meaning from the framework OLD to NEW, and what that does to ratings.

    Exit code 0 says that the two mean the same, 1 that they do not.
    """
    from inspectlib.files.framework_file import read_framework

    if old == new == "-":
        raise click.UsageError("standard input (-) can be read for one of the frameworks only")
    before, after = read_framework(old), read_framework(new)
    for notice in (*before.notices, *after.notices):
        diagnose(str(notice))
    found = inspectlib.diff(before.framework, after.framework)
    text = as_json(found.data()) if as_ == "json" else f"{found.markdown() if as_ == 'markdown' else found.text()}\n"
    emit(text, output)
    click.get_current_context().exit(0 if found.same else 1)


def _save_evidence(report: Report, folder: Path) -> None:
    from inspectlib.evidence_reader import evidence_from
    from inspectlib.files.save import save
    from inspectlib.files.write import evidence_text

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableFile(f"it cannot be made: {error.strerror}", where=Where(str(folder))) from None
    taken = set[str]()
    for finding in report.refuted:
        # What is known goes by any words, and a file by such as every system takes.
        name = whole = re.sub(r"[^A-Za-z0-9._]+", "-", f"{finding.law}-{finding.about}").strip("-")
        while name.casefold() in taken:
            name = f"{whole}-{len(taken)}"
        taken.add(name.casefold())
        for place, evidence in enumerate(finding.evidence, 1):
            text = evidence_text(evidence_from({"framework": report.framework, **evidence}))
            save(folder / f"{name}-{place}.yaml", text)


def watch(
    run: Callable[[Callable[[Path], object]], object], pause: Callable[[], None] = lambda: time.sleep(_PAUSE)
) -> NoReturn:
    """Run something, and again each time one of the files that it reads has been saved, until interrupted.

    Args:
        run: what to run; it tells each file that it rests on before it reads it.
        pause: waits before the files are looked at again.
    """
    while True:
        seen: dict[Path, object] = {}
        run(lambda file, seen=seen: seen.setdefault(file, _stamp(file)))  # type: ignore[misc]  # bound for this run
        # Not before it stays as it is: many an editor empties a file and then writes it.
        last = seen
        while (now := {file: _stamp(file) for file in seen}) == seen or now != last:
            last = now
            pause()


def _stamp(file: Path) -> object:
    """What changes when a file is saved, made or removed."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


#: The commands of this module.
COMMANDS = (new, check, pin, diff)
