"""Standards and key questions in an Excel workbook: out, edited, and in again, every fault with its cell."""

# ruff: noqa: E501 - a fault reads best on one line

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

import inspectlib
from bad import refused
from inspectlib.changes import diff
from inspectlib.cli import cli
from inspectlib.errors import (
    BadSyntax,
    DuplicateName,
    FileExists,
    MissingColumn,
    MissingKey,
    MissingPackage,
    NotExact,
    TooLarge,
    UnknownName,
    UnreadableFile,
    UnstatedBasis,
    Where,
    WrongForm,
)
from inspectlib.files import workbook as workbook_module
from inspectlib.files.framework_file import read_framework
from inspectlib.files.new_file import new_file
from inspectlib.lints import lint

Edit = Callable[[Any], object]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of a shipped framework."""
    file = tmp_path_factory.mktemp("out") / "my-2021.xlsx"
    new_file(file, "hmip-crc-2019")
    return file.read_bytes()


@pytest.fixture
def edited(exported: bytes, tmp_path: Path) -> Callable[..., Path]:
    """Saves that workbook as someone edits it."""

    def edit(*edits: Edit) -> Path:
        file = tmp_path / "my-2021.xlsx"
        file.write_bytes(exported)
        book = openpyxl.load_workbook(file)
        for change in edits:
            change(book)
        book.save(file)
        return file

    return edit


def put(sheet: str, cell: str, value: object) -> Edit:
    """An edit that writes a cell."""
    return lambda book: book[sheet].__setitem__(cell, value)


def without(domain: str) -> Edit:
    """An edit that deletes all rows of a domain, of its standards and of their key questions."""

    def edit(book: Any) -> None:
        for sheet, column in (("Domains", 1), ("Standards", 1), ("Questions", 1)):
            for row in range(book[sheet].max_row, 1, -1):
                if str(book[sheet].cell(row, column).value).partition(".")[0] == domain:
                    book[sheet].delete_rows(row)

    return edit


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_a_workbook_that_is_written_reads_back_the_same(name: str, tmp_path: Path) -> None:
    """As it was written it means what the framework does that it extends, and has the same standards and questions."""
    file = tmp_path / "My 2021.xlsx"
    new_file(file, name)
    found, framework = read_framework(file), inspectlib.load(name)
    assert found.framework.data.domains == framework.data.domains
    assert (found.framework.fingerprint, found.framework.id, found.notices) == (framework.fingerprint, "my-2021", ())
    assert lint(found.framework, found.locate, file=str(file)) == ()
    again = openpyxl.load_workbook(file)
    assert {cell.number_format for sheet in again for row in sheet.iter_rows() for cell in row} == {"@"}
    with pytest.raises(FileExists):
        new_file(file, name)


def test_what_is_edited_in_a_workbook_is_what_changes(edited: Callable[..., Path]) -> None:
    """A retitled standard, a new key question, a row deleted, a row added: the difference says just that."""
    file = edited(
        put("Standards", "C2", "Governance"),
        lambda book: book["Questions"].delete_rows(4),  # 2.1.3
        lambda book: book["Questions"].append(["2.4", "2.4.4", "progress", "Is there progress?"]),
        lambda book: book["Domains"].append(["5", "Effectiveness", "panel", "modelled", "own-choice"]),
        lambda book: book["Standards"].append(["5", "5.1", "Outcomes", None, "for people\nfor the public"]),
    )
    framework = inspectlib.load(file)
    found = diff(inspectlib.load("hmip-crc-2019"), framework)
    changes = {change.new: change for change in found.changes if change.what == "standard"}
    assert changes.keys() == {"1.1", "2.1", "2.4", "5.1"}
    assert changes["1.1"].says == ("was called “Leadership”, is called “Governance”",)
    assert changes["2.1"].says == ("key question 2.1.3 keeping others safe is withdrawn",)
    assert changes["2.4"].says == ("key question 2.4.4 progress is added: Is there progress?",)
    assert framework.data.domains["5"].standards["5.1"].topics == ("for people", "for the public")


def test_a_workbook_goes_wherever_a_framework_does(edited: Callable[..., Path], tmp_path: Path) -> None:
    """It is checked, shown whole as a YAML or JSON file that means the same, and extended by another framework."""
    file = edited(put("Standards", "C2", "Governance"))
    assert CliRunner().invoke(cli, ["check", str(file)]).exit_code == 0
    fingerprint = inspectlib.load(file).fingerprint
    for form, name in (("text", "whole.yaml"), ("json", "whole.json")):
        whole = str(tmp_path / name)
        result = CliRunner().invoke(cli, ["show", str(file), "--whole", "--format", form, "-o", whole])
        assert (result.exit_code, inspectlib.load(whole).fingerprint) == (0, fingerprint)
    assert json.loads((tmp_path / "whole.json").read_text("utf-8"))["bands"]["means"]["bands"]["Good"] == {
        "above": "1.5", "at_most": "2.5",
    }  # fmt: skip
    new_file(tmp_path / "child.yaml", str(file))
    assert inspectlib.load(tmp_path / "child.yaml").fingerprint == fingerprint


FAULTS: tuple[tuple[str, Edit, type[Exception], str, str], ...] = (
    ("no title", put("Standards", "C3", None), MissingKey, "Standards:B3", "'title' is missing"),
    ("unknown basis", put("Standards", "F3", "modeled"), WrongForm, "Standards:F3", "did you mean 'modelled'?"),
    ("unknown source", put("Domains", "E2", "corporate plan"), UnknownName, "Domains:E2", "did you mean 'corporate-plan'?"),
    ("unknown method", put("Standards", "D3", "panels"), UnknownName, "Standards:D3", "did you mean 'panel'?"),
    ("unknown domain", put("Standards", "A3", "7"), UnknownName, "Standards:A3", "there is no domain '7'"),
    ("unknown standard", put("Questions", "A2", "2.9"), UnknownName, "Questions:A2", "there is no standard '2.9'"),
    ("no domain", put("Standards", "A3", None), UnknownName, "Standards:A3", "say which"),
    ("no number", put("Questions", "B2", None), MissingKey, "Questions:A2", "the row has no number"),
    ("number twice", put("Questions", "B3", "2.1.1"), DuplicateName, "Questions:B3", "at "),
    ("a number to Excel", put("Standards", "B3", 1.2), NotExact, "Standards:B3", "format the cell as text"),
    ("a date", put("Standards", "C3", date(2021, 1, 1)), WrongForm, "Standards:C3", "format the cell as text"),
    ("a formula", put("Standards", "C3", "=A1"), WrongForm, "Standards:C3", "a formula"),
    ("unknown column", put("Standards", "C1", "titel"), UnknownName, "Standards:C1", "did you mean 'title'?"),
    ("unknown row", put("Framework", "A5", "extend"), UnknownName, "Framework:A5", "did you mean 'extends'?"),
    ("unknown parent", put("Framework", "B5", "hmip-crc-2091"), Exception, "Framework:B5", "did you mean 'hmip-crc-2019'?"),
    ("unknown sheet", lambda book: setattr(book["Sources"], "title", "Source"), UnknownName, "Source", "did you mean 'Sources'?"),
    ("no sheet", lambda book: book.remove(book["Questions"]), MissingColumn, "", "no sheet 'Questions'"),
    ("no top", lambda book: book.remove(book["Framework"]), MissingColumn, "", "no sheet 'Framework'"),
    ("domain without basis", put("Domains", "D2", None), UnstatedBasis, "Domains:A2", "'basis' is missing"),
    ("a domain is gone", lambda book: book["Domains"].delete_rows(4), UnknownName, "Standards:A10", "there is no domain '4'"),
    ("a named domain is gone", without("4"), UnknownName, "", "there is no '4': it was withdrawn, at "),
)  # fmt: skip


@pytest.mark.parametrize(("name", "edit", "kind", "cell", "says"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_each_fault_has_its_cell(  # noqa: PLR0917  # rows of a table
    name: str, edit: Edit, kind: type[Exception], cell: str, says: str, edited: Callable[..., Path]
) -> None:
    """What is wrong with a workbook is said with sheet and cell, as a fault of its own kind."""
    file = edited(edit)
    error = refused(lambda: inspectlib.load(file))
    found = [fault for fault in error.faults if isinstance(fault, kind) and says in fault.message]
    assert found, f"{name}: {error}"
    if cell:
        assert found[0].where == Where(str(file), cell=cell), f"{name}: {error}"
        assert str(found[0]).startswith(f"{file}!{cell}: {found[0].code}: ")


def test_faults_are_reported_together(edited: Callable[..., Path]) -> None:
    """Several faults of one workbook are one report."""
    file = edited(put("Standards", "B3", 1.2), put("Questions", "A2", "2.9"), put("Domains", "A2", None))
    assert len(refused(lambda: inspectlib.load(file)).faults) >= 3


def test_what_is_no_workbook_is_refused(tmp_path: Path, exported: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, a broken archive, a missing file and one that unpacks to more than is read are refused before they are."""
    file = tmp_path / "a.xlsx"
    assert isinstance(refused(lambda: inspectlib.load(file)), UnreadableFile)
    for data in (b"id: a", exported[:2000], b""):
        file.write_bytes(data)
        assert isinstance(refused(lambda: inspectlib.load(file)), BadSyntax)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * 60_000_000)
    assert isinstance(refused(lambda: inspectlib.load(file)), TooLarge)
    file.write_bytes(exported)
    monkeypatch.setattr(workbook_module, "MAX_ROWS", 3)
    assert isinstance(refused(lambda: inspectlib.load(file)), TooLarge)


def test_without_openpyxl_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed a workbook is refused with the way to install it."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingPackage, match="inspectlib\\[excel\\]"):
        new_file(tmp_path / "a.xlsx", "hmip-crc-2019")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_needs_a_framework_to_extend(tmp_path: Path) -> None:
    """A workbook holds no rules, so one of its own cannot be begun."""
    assert isinstance(refused(lambda: new_file(tmp_path / "a.xlsx")), WrongForm)
