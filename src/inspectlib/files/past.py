"""Past inspections: a folder of evidence files with their cases, or a table with a row an inspection."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from inspectlib.errors import EmptyFile, Fault, InspectError, UnreadableFile, Where
from inspectlib.evidence import Evidence
from inspectlib.files.evidence_file import load_evidence
from inspectlib.files.table_file import read_table
from inspectlib.files.text import STDIN
from inspectlib.graph import Framework

__all__ = ["read_past"]

_EVIDENCE = (".yaml", ".yml", ".json")


def read_past(
    frameworks: Sequence[Framework],
    source: str | os.PathLike[str],
    *,
    report: Callable[[Fault], None],
    note: Callable[[str], None] = lambda _: None,
) -> Mapping[str, Evidence]:
    """Read past inspections, each under its name.

    In a folder, and the folders in it, every YAML and JSON file is the evidence of an inspection. A CSV file with a
    column ``case`` holds cases: of the evidence file whose name it begins with (``north.yaml``: ``north.csv``,
    ``north-cases.csv``), or of the only evidence file in its folder. What begins with a dot is passed over. A single
    YAML or JSON file is one inspection. Anything else is read as a table.

    Args:
        frameworks: whose nodes name the columns of a table.
        source: the folder, the file or the table; ``-`` is a table on standard input.
        report: gets each fault of an inspection that cannot be read; it is left out.
        note: gets a sentence about each CSV file that is passed over.

    Raises:
        InspectError: there is nothing there to read.
    """
    if os.fspath(source) != STDIN and Path(source).is_dir():
        return _read_folder(Path(source), report, note)
    if Path(source).suffix in _EVIDENCE:
        return {Path(source).stem: load_evidence(source)}
    return dict(read_table(frameworks, source, report=report))


def _read_folder(folder: Path, report: Callable[[Fault], None], note: Callable[[str], None]) -> dict[str, Evidence]:
    files = list(_files(folder))
    inspections = [file for file in files if file.suffix in _EVIDENCE]
    if not inspections:
        raise EmptyFile("there is no evidence file (.yaml, .yml or .json) in this folder", where=Where(str(folder)))
    cases: dict[Path, list[Path]] = {}
    for file in files:
        if file.suffix != ".csv":
            continue
        owner = _owner(file, [one for one in inspections if one.parent == file.parent])
        if not _has_cases(file):
            note(f"{file}: passed over, because it has no column 'case'")
        elif owner is None:
            message = "these cases belong to no inspection; begin the name of the file with that of its evidence file"
            report(UnreadableFile(message, where=Where(str(file))))
        else:
            cases.setdefault(owner, []).append(file)
    found: dict[str, Evidence] = {}
    for file in inspections:
        try:
            evidence = load_evidence(file, cases=cases.get(file, ()))
        except InspectError as error:
            for fault in error.faults:
                report(fault)
        else:
            found[file.relative_to(folder).with_suffix("").as_posix()] = evidence
    return found


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and the folders in it, in the order of their names."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(f"it cannot be read: {reason}", where=Where(str(folder))) from None
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        elif entry.is_file():
            yield entry


def _owner(cases: Path, inspections: Sequence[Path]) -> Path | None:
    """The evidence file that a case file belongs to: the one with the longest name that it begins with."""
    named = [
        file
        for file in inspections
        if cases.stem == file.stem or cases.stem.startswith((f"{file.stem}-", f"{file.stem}.", f"{file.stem}_"))
    ]
    if named:
        return max(named, key=lambda file: len(file.stem))
    return inspections[0] if len(inspections) == 1 else None


def _has_cases(file: Path) -> bool:
    """Whether the header of a CSV file has a column ``case``; of a file that is none, its reader will say so."""
    try:
        with file.open(encoding="utf-8", newline="") as text:
            header = next(csv.reader([text.readline(100_000)]), [])
    except (OSError, ValueError, csv.Error):
        return True
    return "case" in {cell.strip() for cell in header}
