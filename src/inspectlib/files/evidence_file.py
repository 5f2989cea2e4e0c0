"""Evidence files: YAML or JSON, and case files in CSV, a row a case."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from inspectlib.errors import (
    MAX_FAULTS,
    BadAnswer,
    BadSyntax,
    DuplicateCase,
    DuplicateName,
    EmptyFile,
    ExtraColumn,
    Fault,
    FaultList,
    MissingColumn,
    RepeatedColumn,
    TooLarge,
    Where,
    WrongForm,
    raise_any,
)
from inspectlib.errors import Path as Steps
from inspectlib.evidence import Answer, Case, Evidence
from inspectlib.evidence_reader import as_unit, read_answer, read_evidence
from inspectlib.files.text import STDIN, read_text
from inspectlib.files.yaml_reader import read_yaml
from inspectlib.frozen import FrozenMapping

__all__ = ["load_evidence"]

MAX_CSV_BYTES = 32_000_000
MAX_CELL = 1_000
#: Far more than any framework has key questions.
MAX_COLUMNS = 1_000

#: Paths into files.
FilePath = str | os.PathLike[str]


def load_evidence(
    path: FilePath, *, cases: FilePath | Iterable[FilePath] = (), units: FilePath | Iterable[FilePath] = ()
) -> Evidence:
    """Load the evidence of an inspection.

    Args:
        path: the evidence file, YAML or JSON; ``-`` is standard input.
        cases: case files in CSV, a row a case: a column ``case`` and a column for each key question, with yes, no, not
            applicable, or nothing while the answer is open; and a column ``unit`` where cases of several delivery
            units are pooled.
        units: evidence files of delivery units, whose cases and tallies are pooled.

    Raises:
        InspectError: every fault found, each with file, line and column.
    """
    if os.fspath(path).endswith(".csv"):
        message = "a case file goes beside an evidence file (--cases FILE, cases=FILE), not in its place"
        raise WrongForm(message, where=Where(os.fspath(path)))
    evidence = read_evidence(read_yaml(os.fspath(path)))
    for file in _several(cases):
        evidence = _with_cases(evidence, read_cases(os.fspath(file)))
    for file in _several(units):
        evidence = _with_unit(evidence, os.fspath(file))
    return evidence


def _several(files: FilePath | Iterable[FilePath]) -> list[FilePath]:
    return [files] if isinstance(files, (str, os.PathLike)) else list(files)


def _with_unit(evidence: Evidence, file: str) -> Evidence:
    """The evidence with that of a delivery unit, named by its service or else by its file."""
    unit = as_unit(read_evidence(read_yaml(file)))
    name = unit.service or ("-" if file == STDIN else Path(file).stem)
    if name in evidence.units:
        message = f"the unit {name!r} is there already; say in each file which service it is"
        raise DuplicateName(message, where=unit.locate(("service",)) or Where(file))
    units = FrozenMapping({**evidence.units, name: attrs.evolve(unit, service=name)})

    def locate(path: Steps) -> Where | None:
        inside = path[:2] == ("units", name)
        return unit.locate(path[2:]) if inside else evidence.locate(path)

    return attrs.evolve(evidence, units=units, locate=locate)


@attrs.frozen
class CaseFile:
    """The cases of a CSV file.

    Attributes:
        file: what the file is called.
        columns: the key questions, with the column of each, counted from 1.
        cases: the cases.
        lines: the line of each case.
    """

    file: str
    columns: dict[str, int]
    cases: tuple[Case, ...]
    lines: tuple[int, ...]


def _with_cases(evidence: Evidence, found: CaseFile) -> Evidence:
    """The evidence with the cases of a file added."""
    before = len(evidence.cases)
    known = {(case.unit, case.id) for case in evidence.cases}
    raise_any(
        DuplicateCase(
            f"the case {case.id!r} is in another file or the evidence file already", where=Where(found.file, line)
        )
        for case, line in zip(found.cases, found.lines, strict=True)
        if (case.unit, case.id) in known
    )

    def locate(path: Steps) -> Where | None:
        match path:
            case ("cases", int(index), *rest) if index >= before:
                column = found.columns.get(str(rest[-1])) if rest else None
                return Where(found.file, found.lines[index - before], column)
            case ("asked", *rest) if not rest or rest[0] in found.columns:
                return Where(found.file, 1, found.columns[str(rest[0])] if rest else None)
            case _:
                return evidence.locate(path)

    asked = dict.fromkeys((*evidence.asked, *found.columns))
    return attrs.evolve(evidence, cases=(*evidence.cases, *found.cases), asked=tuple(asked), locate=locate)


def read_cases(path: str) -> CaseFile:
    """Read a case file.

    Raises:
        InspectError: every fault found, each with file, line and column (the column counts the cells of the row).
    """
    text = read_text(path, MAX_CSV_BYTES)
    reader = _CaseReader("standard input" if path == STDIN else path)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            reader.take(row, rows.line_num)
    except csv.Error as error:
        message = f"this is not CSV: {error}"
        reader.faults.append(BadSyntax(message, where=Where(reader.file, rows.line_num)))
    return reader.case_file()


class _CaseReader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.faults = FaultList()
        self.header: list[str] | None = None
        self.questions: list[tuple[int, str]] = []
        self.asked: tuple[str, ...] = ()
        self.cases: dict[tuple[str, str], tuple[Case, int]] = {}
        #: The faulty answers by column, and the columns that have a sound one.
        self.bad_answers: dict[int, list[Fault]] = {}
        self.answered: set[int] = set()

    def fault(self, fault: Fault, line: int, column: int | None = None) -> None:
        self.faults.append(fault.at(Where(self.file, line, column)))

    def take(self, row: Sequence[str], line: int) -> None:
        """Take in one row; the first is the header."""
        if self.header is None:
            self.header = [name.strip() for name in row]
            self.check_header(line)
        elif any(cell.strip() for cell in row):
            self.row(row, line)

    def check_header(self, line: int) -> None:
        assert self.header is not None
        if len(self.header) > MAX_COLUMNS:
            self.fault(TooLarge(f"{len(self.header):,} columns; at most {MAX_COLUMNS:,} are read"), line)
            raise_any(self.faults)
        for index, name in enumerate(self.header):
            if not name:
                self.fault(ExtraColumn("a column without a name"), line, index + 1)
            elif name in self.header[:index]:
                self.fault(RepeatedColumn(f"the column {name!r} is there twice"), line, index + 1)
        if "case" not in self.header:
            self.fault(MissingColumn("the column 'case' is missing; it tells the cases apart"), line)
        raise_any(self.faults)
        self.questions = [(index, name) for index, name in enumerate(self.header) if name not in {"case", "unit"}]
        self.asked = tuple(sorted(name for _, name in self.questions))

    def row(self, row: Sequence[str], line: int) -> None:
        assert self.header is not None
        if len(row) > len(self.header):
            self.fault(ExtraColumn(f"{len(row)} cells under {len(self.header)} columns"), line, len(self.header) + 1)
            return
        if len(row) < len(self.header):
            message = f"{len(row)} cells under {len(self.header)} columns; leave the cell of an open answer empty"
            self.fault(MissingColumn(message), line)
            return
        name = row[self.header.index("case")].strip()
        if not name:
            self.fault(BadAnswer("a case without a name"), line, self.header.index("case") + 1)
        unit = row[self.header.index("unit")].strip() if "unit" in self.header else ""
        if "unit" in self.header and not unit:
            self.fault(BadAnswer("a case without its unit"), line, self.header.index("unit") + 1)
        answers: dict[str, Answer] = {}
        for index, question in self.questions:
            cell = row[index]
            if len(cell) > MAX_CELL:
                self.fault(TooLarge(f"a cell of more than {MAX_CELL} characters"), line, index + 1)
            elif cell.strip():
                try:
                    answers[question] = read_answer(cell)
                    self.answered.add(index)
                except BadAnswer as fault:
                    bad = self.bad_answers.setdefault(index, [])
                    if len(bad) < MAX_FAULTS:
                        bad.append(fault.at(Where(self.file, line, index + 1)))
        if (unit, name) in self.cases:
            first = self.cases[unit, name][1]
            self.fault(DuplicateCase(f"the case {name!r} is listed twice, first on line {first}"), line)
        elif name:
            case = Case(id=name, answers=FrozenMapping(answers), unit=unit, asked=self.asked)
            self.cases[unit, name] = case, line

    def case_file(self) -> CaseFile:
        """The cases read, or all faults."""
        for index, faults in self.bad_answers.items():
            if index in self.answered:
                self.faults.extend(faults)
            elif self.header:
                name = self.header[index]
                message = f"no cell of the column {name!r} is an answer; take it out unless it is a key question"
                self.fault(ExtraColumn(message), 1, index + 1)
        raise_any(self.faults)
        if self.header is None:
            raise EmptyFile("it is empty", where=Where(self.file))
        columns = {name: index + 1 for index, name in self.questions}
        cases, lines = [c for c, _ in self.cases.values()], [line for _, line in self.cases.values()]
        return CaseFile(self.file, columns, tuple(cases), tuple(lines))
