"""An Excel workbook of standards and key questions: a framework file whose rows are edited in a spreadsheet.

The sheet `Framework` says what it extends, for a workbook holds no rules; the sheets `Domains`, `Standards` and
`Questions` hold all that is asked, a row each; `Sources` adds documents. Every entry has its cell as its place.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from inspectlib.build import named_sources
from inspectlib.errors import (
    BadSyntax,
    DuplicateName,
    Fault,
    MissingColumn,
    MissingKey,
    MissingPackage,
    NotExact,
    TooLarge,
    UnknownName,
    UnreadableFile,
    Where,
    WrongForm,
    did_you_mean,
    raise_any,
)
from inspectlib.framework import Domain, Parent, Question, Standard
from inspectlib.graph import Framework
from inspectlib.provenance import Basis, Source
from inspectlib.tree import ListTree, MapTree, TextTree, Tree

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_workbook", "workbook_bytes"]

#: Larger than any workbook of standards; its parts are compressed, so what they unpack to counts too.
MAX_BYTES = 5_000_000
MAX_UNPACKED = 50_000_000
MAX_ROWS = 5_000

_GROUNDS = ("basis", "source", "section", "note")
#: The sheets with their columns; the first one or two name a row.
_SHEETS: Mapping[str, tuple[str, ...]] = {
    "Sources": ("name", "title", "publisher", "date", "note"),
    "Domains": ("number", "title", "method", *_GROUNDS),
    "Standards": ("domain", "number", "title", "method", "topics", *_GROUNDS),
    "Questions": ("standard", "number", "title", "text", "sub-sample", "prompts", *_GROUNDS),
}
_FRAMEWORK = "Framework"
_KEYS = ("id", "version", "title", "extends", "fingerprint", *_GROUNDS)
#: The columns with several texts, a line each.
_LISTS = frozenset({"topics", "prompts"})
_WIDTHS = {"title": 36, "text": 60, "note": 40, "topics": 40, "prompts": 40, "section": 30, "entry": 20, "value": 70}


# --- reading


def read_workbook(path: Path) -> MapTree:
    """The tree of a workbook, as of a framework file that says the same.

    Raises:
        UnreadableFile, TooLarge, BadSyntax: it is no workbook that can be read.
        MissingPackage: the package that reads workbooks is not installed.
        InspectError: every row and cell that makes no sense, each with its cell.
    """
    return _Workbook(str(path)).tree()


@attrs.frozen
class _Row:
    """A row of a sheet: the text of each column that has one, with its cell."""

    cells: Mapping[str, TextTree]
    where: Where

    def text(self, column: str) -> str:
        return self.cells[column].text if column in self.cells else ""

    def place(self, column: str) -> Where:
        place = self.cells[column].where if column in self.cells else None
        return place or self.where


class _Workbook:
    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, fault: Fault, where: Where) -> None:
        self.faults.append(fault.at(where))

    def where(self, sheet: str, cell: str = "") -> Where:
        return Where(self.file, cell=f"{sheet}:{cell}" if cell else sheet)

    def tree(self) -> MapTree:
        sheets = self._sheets()
        top = self._top(sheets.get(_FRAMEWORK))
        rows = {name: list(self._rows(name, sheets.get(name))) for name in _SHEETS}
        self._put(top, "sources", self._sources(rows["Sources"]), "Sources")
        self._put(top, "domains", self._domains(rows), "Domains")
        raise_any(self.faults)
        return top

    def _put(self, top: MapTree, key: str, tree: MapTree, sheet: str) -> None:
        if tree.entries:
            top.entries[key], top.keys[key] = tree, self.where(sheet)

    def _sheets(self) -> dict[str, Worksheet]:
        """The worksheets by name."""
        load = _openpyxl().load_workbook
        try:
            data = Path(self.file).read_bytes()
        except OSError as error:
            raise UnreadableFile(f"it cannot be read: {error.strerror}", where=Where(self.file)) from None
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                unpacked = sum(part.file_size for part in parts.infolist())
            fits = len(data) <= MAX_BYTES and unpacked <= MAX_UNPACKED
            workbook = load(io.BytesIO(data)) if fits else None
        except Exception as error:  # noqa: BLE001  # whatever openpyxl raises of a file that is no workbook
            message = f"this is not an Excel workbook that can be read: {error}"
            raise BadSyntax(message, where=Where(self.file)) from None
        if workbook is None:
            raise TooLarge("it is larger than any workbook of standards", where=Where(self.file))
        for name in workbook.sheetnames:
            if name not in (*_SHEETS, _FRAMEWORK):
                known = (_FRAMEWORK, *_SHEETS)
                message = f"no sheet is called {name!r}{did_you_mean(name, known)}; there can be {', '.join(known)}"
                self.fault(UnknownName(message), self.where(name))
        return {sheet.title: sheet for sheet in workbook.worksheets}

    def _top(self, sheet: Worksheet | None) -> MapTree:
        """What stands at the top of a framework file: a row each, key and value."""
        top = MapTree({}, {}, self.where(_FRAMEWORK))
        if sheet is None:
            message = f"there is no sheet {_FRAMEWORK!r}; it has the rows {', '.join(_KEYS)}"
            raise MissingColumn(message, where=Where(self.file))
        values: dict[str, TextTree] = {}
        for number, row in enumerate(self._cells(sheet), 1):
            key, value = row.get(1), row.get(2)
            if key is None or (number == 1 and key.text.casefold() == "entry"):
                continue
            if key.text not in _KEYS:
                message = (
                    f"{key.text!r} has no meaning here{did_you_mean(key.text, _KEYS)}; there can be {', '.join(_KEYS)}"
                )
                self.fault(UnknownName(message), key.where or self.where(_FRAMEWORK))
            elif value is not None:
                values[key.text] = value
        if "extends" not in values:
            self.fault(MissingKey("say in a row `extends` whose rules it takes"), self.where(_FRAMEWORK))
        elif "fingerprint" in values:
            parent: dict[str, Tree] = {"framework": values.pop("extends"), "fingerprint": values.pop("fingerprint")}
            places = {key: entry.where for key, entry in parent.items()}
            top.entries["extends"] = MapTree(parent, places, places["framework"])
            top.keys["extends"] = places["framework"]
        top.entries.update(values)
        top.keys.update({key: value.where for key, value in values.items()})
        return top

    def _cells(self, sheet: Worksheet) -> Iterator[dict[int, TextTree]]:
        """The cells of each row that hold something, by the number of their column."""
        if sheet.max_row > MAX_ROWS:
            raise TooLarge(f"more than {MAX_ROWS:,} rows", where=self.where(sheet.title))
        for row in sheet.iter_rows():
            found: dict[int, TextTree] = {}
            for cell in row:
                where = self.where(sheet.title, cell.coordinate)
                try:
                    text = _text(cell.value, formula=cell.data_type == "f")
                except Fault as fault:
                    self.fault(fault, where)
                    text = "?"
                if text and isinstance(cell.column, int):
                    found[cell.column] = TextTree(text, where)
            yield found

    def _rows(self, name: str, sheet: Worksheet | None) -> Iterator[_Row]:
        """The rows of a sheet under its headings."""
        if sheet is None:
            if name != "Sources":
                self.fault(MissingColumn(f"there is no sheet {name!r}"), Where(self.file))
            return
        lines = self._cells(sheet)
        headings = next(lines, {})
        columns = {column: cell.text.casefold() for column, cell in headings.items()}
        for column, heading in columns.items():
            if heading not in _SHEETS[name]:
                hint = f"{did_you_mean(heading, _SHEETS[name])}; there can be {', '.join(_SHEETS[name])}"
                message = f"no column is called {headings[column].text!r}{hint}"
                self.fault(UnknownName(message), headings[column].where or self.where(name))
        for number, line in enumerate(lines, 2):
            cells = {columns[column]: cell for column, cell in line.items() if column in columns}
            if cells:
                yield _Row(cells, self.where(name, f"A{number}"))

    # --- rows to entries

    def _sources(self, rows: Sequence[_Row]) -> MapTree:
        found = MapTree({}, {}, self.where("Sources"))
        for row in rows:
            self._add(found, row, "name", self._entries(row, ("title", "publisher", "date", "note")))
        return found

    def _domains(self, rows: Mapping[str, Sequence[_Row]]) -> MapTree:
        domains = MapTree({}, {}, self.where("Domains"))
        standards: dict[str, MapTree] = {}
        for row in rows["Domains"]:
            inner = MapTree({}, {}, row.where)
            domain = self._entries(row, ("title", "method", *_GROUNDS))
            domain.entries["standards"], domain.keys["standards"] = inner, row.where
            if self._add(domains, row, "number", domain):
                standards[row.text("number")] = inner
        questions: dict[str, MapTree] = {}
        for row in rows["Standards"]:
            standard = self._entries(row, ("title", "method", "topics", *_GROUNDS))
            inner = MapTree({}, {}, row.where)
            standard.entries["questions"], standard.keys["questions"] = inner, row.where
            questions[row.text("number")] = inner  # wherever it stands itself
            if self._inside(standards, row, "domain"):
                self._add(standards[row.text("domain")], row, "number", standard)
        for row in rows["Questions"]:
            question = self._entries(row, ("title", "text", "sub-sample", "prompts", *_GROUNDS))
            if self._inside(questions, row, "standard"):
                self._add(questions[row.text("standard")], row, "number", question)
        return domains

    def _entries(self, row: _Row, columns: Sequence[str]) -> MapTree:
        """The cells of a row as entries, those with several lines as lists."""
        found = MapTree({}, {}, row.where)
        for column in columns:
            cell = row.cells.get(column)
            if cell is None:
                continue
            key = column.replace("-", "_")
            lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
            several: Tree = ListTree([TextTree(line, cell.where) for line in lines], cell.where)
            found.entries[key], found.keys[key] = several if column in _LISTS else cell, cell.where
        return found

    def _inside(self, known: Mapping[str, object], row: _Row, column: str) -> bool:
        """Whether a row says what it is in."""
        name = row.text(column)
        if name not in known:
            hint = did_you_mean(name, known) if name else "; say which"
            self.fault(UnknownName(f"there is no {column} {name!r}{hint}"), row.place(column))
        return name in known

    def _add(self, entries: MapTree, row: _Row, column: str, entry: MapTree) -> bool:
        """Put a row among the others under its number or name."""
        name = row.text(column)
        if not name:
            self.fault(MissingKey(f"the row has no {column}"), row.where)
        elif name in entries.entries:
            self.fault(DuplicateName(f"{name!r} is there already, at {entries.keys[name]}"), row.place(column))
        else:
            entries.entries[name], entries.keys[name] = entry, row.place(column)
            return True
        return False


def _text(value: object, *, formula: bool) -> str:
    """What a cell says, as text; numbers that Excel may have changed are refused."""
    if value is None:
        return ""
    if formula:
        raise WrongForm("a formula; write what it gives")
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        raise NotExact(f"{value} is a number to Excel, to which 2.10 is 2.1; format the cell as text and write it anew")
    raise WrongForm(f"a {type(value).__name__}; format the cell as text and write it anew")


def _openpyxl() -> Any:
    try:
        import openpyxl  # noqa: PLC0415  # an extra, and long to import
    except ImportError:
        raise MissingPackage("workbooks need openpyxl: pip install 'inspectlib[excel]'") from None
    return openpyxl


# --- writing


def workbook_bytes(framework: Framework, parent: Parent, *, id_: str, title: str) -> bytes:
    """A workbook with the standards and key questions of a framework, whose rules it takes.

    Args:
        framework: the framework.
        parent: the framework again, as the workbook names it.
        id_: the id of the framework that the workbook is.
        title: its title.

    Raises:
        WrongForm: a text that no cell can hold.
        MissingPackage: the package that writes workbooks is not installed.
    """
    data = framework.data
    tops = {
        "id": id_, "version": "1", "title": title, "extends": parent.framework, "fingerprint": parent.fingerprint,
        "basis": str(data.basis), "source": data.source,
    }  # fmt: skip
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in _SHEETS}
    named = {name for _, name in named_sources(data)}
    for name, source in data.sources.items():
        if name in named:
            rows["Sources"].append((name, *_values(source, _SHEETS["Sources"][1:])))
    for number, domain in data.domains.items():
        rows["Domains"].append((number, *_values(domain, _SHEETS["Domains"][1:])))
    for domain_number, _, number, standard in data.standards():
        rows["Standards"].append((domain_number, number, *_values(standard, _SHEETS["Standards"][2:])))
        for question_number, question in standard.questions.items():
            rows["Questions"].append((number, question_number, *_values(question, _SHEETS["Questions"][2:])))
    openpyxl = _openpyxl()
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    _fill(workbook.create_sheet(_FRAMEWORK), ("entry", "value"), list(tops.items()))
    for name, columns in _SHEETS.items():
        sheet = workbook.create_sheet(name)
        _fill(sheet, columns, rows[name])
        _offer(sheet, columns, {"basis": list(Basis), "method": list(data.methods)})
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _values(thing: Source | Domain | Standard | Question, columns: Sequence[str]) -> Iterator[str]:
    for column in columns:
        value = getattr(thing, column.replace("-", "_"))
        yield "\n".join(value) if isinstance(value, tuple) else str(value or "")


def _fill(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows of text under a heading. Every cell is formatted as text, so that 2.10 stays what it is."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  # an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  # likewise
    from openpyxl.utils.exceptions import IllegalCharacterError  # noqa: PLC0415  # likewise

    for y, row in enumerate([columns, *rows], 1):
        for x, value in enumerate(row, 1):
            cell: Any = sheet.cell(y, x)
            try:
                cell.value = str(value) or None
            except IllegalCharacterError:
                raise WrongForm(f"a text that no cell can hold: {value!r}") from None
            if value:
                cell.data_type = "s"  # and not a formula, whatever it begins with
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if y == 1:
                cell.font = Font(bold=True)
    for x, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(x)].width = _WIDTHS.get(column, 14)
    sheet.freeze_panes = "A2"


def _offer(sheet: Worksheet, columns: Sequence[str], choices: Mapping[str, Sequence[str]]) -> None:
    """Offer the words that a column takes, where they fit into what Excel allows for a list."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  # an extra
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415  # an extra

    for column, words in choices.items():
        listed = ",".join(words)
        if column in columns and words and len(listed) < 250 and '"' not in listed and listed.count(",") < len(words):
            validation = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            letter = get_column_letter(columns.index(column) + 1)
            validation.add(f"{letter}2:{letter}{MAX_ROWS}")
            sheet.add_data_validation(validation)
