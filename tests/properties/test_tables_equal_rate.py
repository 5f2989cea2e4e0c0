"""Promise 8, of tables. Each row of a table has what rating its evidence alone gives."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

import inspectlib
from inspectlib.errors import Fault, InspectError
from inspectlib.files.table_file import TableRun, rate_table
from inspectlib.graph import Framework
from inspectlib.kinds import Kind, Score
from inspectlib.rules import GivenRule
from strategies import Example as Made
from strategies import Seeded, any_framework, randoms, shipped_framework, shipped_mapping
from table_rows import ROWS, Cells, column, evidence_of, rows_for

#: A row is rated twice for each of its tables, and the adult frameworks are large.
FEWER = 15
#: Columns that are no evidence, and what may stand in them.
CARRIED = ("id", "a, b", 'say "so"', "naïve ⚖", "")
TEXTS = ("", " ", "plain", " blanks ", "a,b", 'say "so"', "two\nlines", "two\r\nlines", "a\rb", "naïve ⚖", "=1+1", "''")


def expected(framework: Framework, judgement: inspectlib.Judgement, name: str) -> str | None:
    """What a column of the result must hold; None where it holds what it held."""
    whole, _, part = name.rpartition(".")
    outcomes = judgement.outcomes
    if name in outcomes and name in framework.graph.nodes:
        value = outcomes[name].value
        if isinstance(framework.graph[name].rule, GivenRule):
            return None
        return str(value.points) if isinstance(value, Score) else outcomes[name].text()
    if part == "share" and whole in outcomes:
        share = outcomes[whole].share
        return "" if share is None else str(share)
    if part == "max" and whole in outcomes and outcomes[whole].kind is Kind.SCORE:
        value = outcomes[whole].value
        return str(value.max) if isinstance(value, Score) else ""
    return None


class Table:
    """A table of inspections: what each row says, and its other cells."""

    def __init__(self, rng: random.Random, framework: Framework, rows: Sequence[Cells]) -> None:
        self.framework = framework
        self.rows = [(row, dict.fromkeys(CARRIED, "") | _texts(rng)) for row in rows]

    def rated(self, rng: random.Random, file: Path) -> tuple[TableRun, list[dict[str, str]], list[Fault]]:
        """The table written with its columns in some order, and rated."""
        named = {column(meaning): "" for row, _ in self.rows for meaning in row}
        header = rng.sample([*named, *CARRIED], len(named) + len(CARRIED))
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator=rng.choice(["\n", "\r\n"]))
            writer.writerow(header)
            writer.writerows(self.lines(header))
        result, faults = io.StringIO(), list[Fault]()
        run = rate_table(self.framework, file, result, report=faults.append)
        found = list(csv.reader(io.StringIO(result.getvalue(), newline=""), strict=True))
        assert found[0][: len(header)] == header
        assert {len(line) for line in found} == {len(found[0])}
        for fault in faults:
            assert fault.where is not None and fault.where.column is not None
            assert f", column {header[fault.where.column - 1]!r}: " in fault.message
        return run, [dict(zip(found[0], line, strict=True)) for line in found[1:]], faults

    def lines(self, header: Sequence[str]) -> Iterator[list[str]]:
        """The rows as they are written."""
        for row, others in self.rows:
            texts = {column(meaning): cell for meaning, cell in row.items()} | others
            yield [texts.get(name, "") for name in header]


def _texts(rng: random.Random) -> dict[str, str]:
    return {name: rng.choice(TEXTS) for name in CARRIED[1:]} | {CARRIED[0]: str(rng.randrange(10**6))}


def check(rng: random.Random, framework: Framework, rows: Sequence[Cells], file: Path) -> int:
    """Rate rows as a table and one by one, and compare; how many were refused."""
    table = Table(rng, framework, [*rows, *rng.sample(rows, 2)])
    run, found, faults = table.rated(rng, file)
    again, same, faults_again = table.rated(rng, file)
    assert same == [{name: line[name] for name in same_line} for line, same_line in zip(found, same, strict=True)]
    assert _said(faults) == _said(faults_again), (_said(faults), _said(faults_again))
    assert (again.rated, again.left_out) == (run.rated, run.left_out) == (len(found), len(table.rows) - len(found))
    lines = iter(found)
    refused = 0
    for number, (row, others) in enumerate(table.rows, 1):
        told = [fault for fault in faults if fault.message.startswith(f"row {number}, column ")]
        try:
            judgement = inspectlib.rate(framework, evidence_of(row))
        except InspectError as error:
            _same_faults(row, told, error)
            refused += 1
            continue
        assert not told
        line = next(lines)
        texts = {column(meaning): cell for meaning, cell in row.items()}
        for name, cell in line.items():
            if name in others:
                assert cell == others[name]
                continue
            wanted = expected(framework, judgement, name)
            assert cell == (texts.get(name, "") if wanted is None else wanted), name
        for outcome in (judgement.overall, judgement.total):
            below = framework.graph.below(outcome.node) if outcome else frozenset[str]()
            if outcome and any({node, f"{node}.answers"} & below for _, node, _ in row):
                assert outcome.node in line
    assert next(lines, None) is None
    return refused


def _said(faults: Sequence[Fault]) -> list[tuple[str, str]]:
    """What faults say, apart from the place of their columns."""
    return sorted((fault.code, fault.message) for fault in faults)


def _same_faults(row: Cells, told: Sequence[Fault], error: InspectError) -> None:
    """A row that is refused is reported with what is wrong with its evidence, each fault at a column of its node."""
    assert told
    if "missing-key" in {fault.code for fault in error.faults}:
        assert {fault.code for fault in told} == {"missing-key"}  # the table says which cell is empty
    else:
        assert sorted(fault.message.partition(": ")[2] for fault in told) == sorted(f.message for f in error.faults)
    named = {column(meaning): meaning[1] for meaning in row}
    for fault in told:
        name = fault.message.partition("column ")[2].partition(": ")[0].strip("'")
        assert named.get(name) in fault.path or fault.code == "missing-key", (name, fault.path)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a table is written."""
    return tmp_path_factory.mktemp("tables") / "table.csv"


@settings(max_examples=FEWER)
@given(framework=any_framework(), rng=randoms())
def test_a_row_has_what_rating_its_evidence_gives(file: Path, framework: Made, rng: random.Random) -> None:
    """Under any framework each row has what its evidence gives, whatever the order of columns and other rows."""
    rows = rows_for(rng, framework.mapping)
    if any(rows):
        check(rng, framework.framework, rows, file)


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_a_row_under_a_shipped_framework(file: Path, name: str) -> None:
    """Under every shipped framework each row has what its evidence gives; rows that are refused are reported."""
    rng = Seeded(20190701)
    rows = rows_for(rng, shipped_mapping(name))
    wrong = next(row for row in rows if row).copy()
    wrong[next(iter(wrong))] = "Splendid"
    refused = check(rng, shipped_framework(name), [*rows, wrong], file)
    assert 0 < refused < ROWS + 3
