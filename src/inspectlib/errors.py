"""The faults that inspectlib refuses, one class for each kind, each with the place it was found.

Every error raised for bad input derives from `InspectError` and has `faults`: one `Fault`, or all that were found
together when there are several (`FaultReport`). A fault prints as ``file:line:column: code: message``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

import attrs

Path = tuple[str | int, ...]


@attrs.frozen
class Where:
    """A place in a file: line and column, which count from 1, or a cell of a workbook, such as ``Standards:B7``."""

    file: str
    line: int | None = None
    column: int | None = None
    cell: str = ""

    def __str__(self) -> str:
        file = f"{self.file}!{self.cell}" if self.cell else self.file
        return ":".join(str(part) for part in (file, self.line, self.column) if part is not None)


def path_text(path: Path) -> str:
    """The path of an entry as a reader would write it: ``domains > 2 > title``."""
    return " > ".join(f"[{part + 1}]" if isinstance(part, int) else part for part in path)


class InspectError(Exception):
    """The root of every error that inspectlib raises for its input."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong, in the order of the file."""
        raise NotImplementedError  # each of the two subclasses below says which


class Fault(InspectError, ValueError):
    """One fault.

    Attributes:
        message: what is wrong and what to do about it.
        path: the entry concerned, from the top of the file or mapping.
        where: file, line and column, where the input has them.
        code: the kind of fault, as it is printed; stable.
    """

    code: ClassVar[str] = "fault"

    def __init__(self, message: str, *, path: Path = (), where: Where | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.where = where

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The one fault."""
        return (self,)

    def at(self, where: Where | None) -> Fault:
        """The same fault with its place, unless it has one already."""
        if self.where is None:
            self.where = where
        return self

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        # A line number already shows the entry; without one the path is all there is.
        known = self.where and (self.where.line or self.where.cell)
        entry = f"{path_text(self.path)}: " if self.path and not known else ""
        return f"{place}{self.code}: {entry}{self.message}"


class FaultReport(ExceptionGroup[Fault], InspectError):
    """Several faults found together. `except*` picks single kinds out of it."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults, in the order of the file."""
        return tuple(fault for fault in self.exceptions if isinstance(fault, Fault))

    def derive(self, excs: Sequence[Fault]) -> FaultReport:  # type: ignore[override]  # a report holds faults only
        """A report of some of the faults, which is what `except*` asks for."""
        return FaultReport(self.message, excs)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@attrs.frozen(kw_only=True)
class Notice:
    """Something that is allowed, and that whoever writes a framework will want to know of.

    Attributes:
        code: the kind of notice, as it is printed; stable.
        message: what it is and what to do about it.
        path: the entry concerned, from the top of the file or mapping.
        where: file, line and column, where the input has them.
    """

    code: str
    message: str
    path: Path = ()
    where: Where | None = None

    def __str__(self) -> str:
        return f"{placed(self.path, self.where)}warning: {self.code}: {self.message}"


def placed(path: Path, where: Where | None) -> str:
    """Where something is, as it stands before a message: a line number already shows the entry."""
    place = f"{where}: " if where else ""
    return place if not path or (where and (where.line or where.cell)) else f"{place}{path_text(path)}: "


#: Whoever has so many faults begins with these; no more are looked for.
MAX_FAULTS = 100


class FaultList(list[Fault]):
    """Faults as they are found. The last that is taken in raises the report of all, so that none is without end."""

    def append(self, fault: Fault) -> None:
        """Take in a fault.

        Raises:
            FaultReport: these are as many as are told.
        """
        super().append(fault)
        if len(self) >= MAX_FAULTS:
            raise_any(self)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Take in several, one by one."""
        for fault in faults:
            self.append(fault)


def raise_any(faults: Iterable[Fault]) -> None:
    """Raise the fault there is, or one report of all of them in a stable order; do nothing when there is none."""

    def place(fault: Fault) -> tuple[str, int, int, str, str]:
        where = fault.where or Where("")
        return where.file + where.cell, where.line or 0, where.column or 0, path_text(fault.path), fault.message

    found = sorted(faults, key=place)
    if len(found) == 1:
        raise found[0] from None
    if found:
        raise FaultReport(f"{len(found)} faults", found) from None


# --- files ---------------------------------------------------------------------------------------------------------


class UnreadableFile(Fault, OSError):
    """The file does not exist, is a folder, or may not be read or written."""

    code = "unreadable-file"


class TooLarge(Fault):
    """The file is longer, or a text or number in it is longer, than is read."""

    code = "too-large"


class NotUtf8(Fault):
    """The file is not UTF-8 text."""

    code = "not-utf-8"


class ByteOrderMark(Fault):
    """The file begins with a byte order mark."""

    code = "byte-order-mark"


class EmptyFile(Fault):
    """The file holds nothing."""

    code = "empty-file"


class BadSyntax(Fault):
    """The file is not well-formed YAML, JSON or CSV."""

    code = "bad-syntax"


class SeveralDocuments(Fault):
    """The file holds more than one YAML document."""

    code = "several-documents"


class DuplicateKey(Fault):
    """A key stands twice in one mapping."""

    code = "duplicate-key"


class AliasUsed(Fault):
    """An anchor, alias or merge key; they can make a small file endless."""

    code = "alias"


class TagUsed(Fault):
    """A YAML tag; files are data and can ask for no types."""

    code = "tag"


class TooDeep(Fault):
    """Nested deeper than any framework or evidence file is."""

    code = "too-deep"


class UnknownKey(Fault):
    """A key that has no meaning here."""

    code = "unknown-key"


class MissingKey(Fault, KeyError):
    """A key that must be there is not."""

    code = "missing-key"
    __str__ = Fault.__str__


class WrongForm(Fault, TypeError):
    """A mapping, list or text where another of them belongs, or a text not of the form asked for."""

    code = "wrong-form"


class NotExact(Fault, ArithmeticError):
    """A number that cannot be read exactly: NaN, infinity, an exponent, a float."""

    code = "not-exact"


# --- frameworks ----------------------------------------------------------------------------------------------------


class UnknownFramework(Fault, LookupError):
    """Neither the name of a shipped framework nor a file."""

    code = "unknown-framework"


class IncompleteFramework(Fault):
    """The framework is a base for others, marked abstract, and rates nothing by itself."""

    code = "incomplete-framework"


class FileExists(Fault, FileExistsError):
    """A file that would be overwritten by a new one."""

    code = "file-exists"


class ExtendsCycle(Fault):
    """Frameworks that extend each other in a circle."""

    code = "extends-cycle"


class UnstatedBasis(Fault):
    """A figure or rule without its basis and source, or changed without stating them anew."""

    code = "unstated-basis"


class DuplicateName(Fault):
    """Two things of one framework that have the same name."""

    code = "duplicate-name"


class UnknownName(Fault, LookupError):
    """A reference to something that is not in the framework."""

    code = "unknown-name"


class WrongKind(Fault, TypeError):
    """A rule given an input of a kind it does not take."""

    code = "wrong-kind"


class RuleCycle(Fault):
    """Nodes whose rules depend on each other in a circle."""

    code = "rule-cycle"


class RepeatedInput(Fault):
    """A rule that is given the same input twice."""

    code = "repeated-input"


class EmptyScale(Fault):
    """A scale with fewer than two ratings, or with two that read the same."""

    code = "empty-scale"


class BadScores(Fault):
    """Scores that do not rise with the ratings of their scale."""

    code = "bad-scores"


class BandGap(Fault):
    """Values that no band covers."""

    code = "band-gap"


class BandOverlap(Fault):
    """Values that two bands cover."""

    code = "band-overlap"


class BandOrder(Fault):
    """Bands that do not follow each other in the order of their scale, or an empty band."""

    code = "band-order"


class TableGap(Fault):
    """A combination of inputs that no row of a decision table covers."""

    code = "table-gap"


class TableOverlap(Fault):
    """A combination of inputs that two rows of a decision table cover."""

    code = "table-overlap"


class UnreachableRating(Fault):
    """A rating that no evidence can lead to."""

    code = "unreachable-rating"


class BadRule(Fault):
    """A rule whose figures make no sense, such as a weight of nothing."""

    code = "bad-rule"


# --- evidence ------------------------------------------------------------------------------------------------------


class OtherFramework(Fault):
    """Evidence that says it belongs to another framework."""

    code = "other-framework"


class UnknownNode(Fault, LookupError):
    """Evidence or a question about something the framework does not have."""

    code = "unknown-node"


class OffScale(Fault):
    """A rating that is not on the scale, or a value out of its bounds."""

    code = "off-scale"


class BadTally(Fault):
    """Counts that no sample of cases can have."""

    code = "bad-tally"


class BadAnswer(Fault):
    """An answer that is none of yes, no and not applicable."""

    code = "bad-answer"


class DuplicateCase(Fault):
    """A case that stands twice in the evidence."""

    code = "duplicate-case"


class Misplaced(Fault):
    """Evidence under a heading where it cannot be, such as a panel rating of a standard that no panel rates."""

    code = "misplaced"


class Disagreement(Fault):
    """Evidence at two levels that does not agree."""

    code = "disagreement"


class DepartureRefused(Fault):
    """A departure that the rules do not allow here."""

    code = "departure-refused"


class ReasonMissing(Fault):
    """A departure without a recorded reason."""

    code = "reason-missing"


class MissingColumn(Fault):
    """A column that the case file must have."""

    code = "missing-column"


class ExtraColumn(Fault):
    """A column that the framework has no key question for, or a row longer than the header."""

    code = "extra-column"


class RepeatedColumn(Fault):
    """Two columns of a case file with the same name."""

    code = "repeated-column"


class NoRating(Fault):
    """A rating asked of a node that has none."""

    code = "no-rating"


class Unanswerable(Fault):
    """A question about a rating that is too large to answer exactly, or that evidence is missing for."""

    code = "unanswerable"


class OpenEvidence(Fault):
    """Open evidence that a table cannot bound, because it can help as well as harm."""

    code = "open-evidence"


class MissingPackage(Fault):
    """Something that takes a package which is not installed."""

    code = "missing-package"


class OtherRecord(Fault):
    """A recorded judgement that is not of this form or was given by another framework."""

    code = "other-record"


#: More or longer words than any framework has take long to compare.
_MAX_COMPARED, _MAX_WORD = 500, 100


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`` (did you mean 'x'?)``, or nothing when no known word is near, or there are too many to tell."""
    if len(known) > _MAX_COMPARED or len(word) > _MAX_WORD:
        return ""
    import difflib  # noqa: PLC0415  # only now: it takes long to import

    near = difflib.get_close_matches(word, sorted(map(str, known)), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
