"""Evidence read from the form of an evidence file, every fault found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from inspectlib.errors import (
    BadAnswer,
    BadTally,
    DuplicateCase,
    Fault,
    FaultList,
    InspectError,
    Misplaced,
    MissingKey,
    NotExact,
    Path,
    UnknownKey,
    WrongForm,
    did_you_mean,
    raise_any,
)
from inspectlib.evidence import Answer, Case, Count, Evidence, Statement
from inspectlib.exact import parse_count, parse_date
from inspectlib.frozen import FrozenMapping
from inspectlib.tree import ListTree, MapTree, TextTree, Tree, find, from_python

__all__ = ["as_unit", "evidence_from", "read_answer", "read_evidence"]

#: What an evidence file can hold.
_SECTIONS = ("ratings", "panel", "departures", "values")
_KEYS = ("framework", "service", "date", "cases", "tallies", *_SECTIONS, "units")


class _Reader:
    """Reads evidence from a tree, and keeps every fault."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.faults = FaultList()

    def fault(self, fault: Fault, path: Path) -> None:
        fault.path = path
        self.faults.append(fault.at(find(self.tree, path)))

    def mapping(self, tree: Tree, path: Path) -> dict[str, Tree]:
        if isinstance(tree, MapTree):
            return tree.entries
        if not (isinstance(tree, TextTree) and tree.null):
            self.fault(WrongForm("a mapping belongs here"), path)
        return {}

    def text(self, tree: Tree | None, path: Path) -> str:
        if isinstance(tree, TextTree) and not tree.null:
            return tree.text
        self.fault(WrongForm("a text belongs here"), path)
        return ""

    def name(self, tree: Tree, path: Path) -> str:
        """The id of a case, or its unit: a text that is not blank."""
        if isinstance(tree, TextTree) and not tree.text.strip():
            self.fault(WrongForm("a name is missing here"), path)
            return ""
        return self.text(tree, path)

    def keys(self, entries: Mapping[str, Tree], known: tuple[str, ...], needed: tuple[str, ...], path: Path) -> bool:
        """Whether the keys are known and those needed are there."""
        before = len(self.faults)
        for key in entries:
            if key not in known:
                message = f"{key!r} has no meaning here{did_you_mean(key, known)}; there can be {', '.join(known)}"
                self.fault(UnknownKey(message), (*path, key))
        for key in needed:
            if key not in entries:
                self.fault(MissingKey(f"{key!r} is missing"), path)
        return len(self.faults) == before

    def evidence(self) -> Evidence:
        if not isinstance(self.tree, MapTree):
            raise WrongForm("a mapping belongs here: cases, tallies, ratings and so on", where=self.tree.where)
        entries = self.tree.entries
        self.keys(entries, _KEYS, (), ())
        texts = {key: self.text(entries[key], (key,)) for key in ("framework", "service") if key in entries}
        cases = self.cases(entries["cases"]) if "cases" in entries else ()
        tallies = {
            question: count
            for question, tree in self.section(entries, "tallies").items()
            if (count := self.count(tree, ("tallies", question)))
        }
        statements = {key: self.statements(entries, key) for key in _SECTIONS}
        date = self.date(entries["date"]) if "date" in entries else None
        units = {
            name: unit
            for name, tree in self.section(entries, "units").items()
            if (unit := self.unit(tree, ("units", name), name))
        }
        raise_any(self.faults)
        return Evidence(
            framework=texts.get("framework"),
            service=texts.get("service"),
            date=date,
            cases=cases,
            tallies=FrozenMapping(tallies),
            locate=lambda path: find(self.tree, path),
            ratings=statements["ratings"],
            panel=statements["panel"],
            departures=statements["departures"],
            values=statements["values"],
            units=FrozenMapping(units),
        )

    def date(self, tree: Tree) -> dt.date | None:
        try:
            return parse_date(self.text(tree, ("date",)).strip())
        except WrongForm as fault:
            self.fault(fault, ("date",))
            return None

    def unit(self, tree: Tree, path: Path, name: str) -> Evidence | None:
        """The evidence of a delivery unit, in the form of an evidence file."""
        if not isinstance(tree, MapTree):
            self.fault(WrongForm("a mapping such as {framework: ..., cases: ...} belongs here"), path)
            return None
        try:
            return attrs.evolve(as_unit(read_evidence(tree)), service=name)
        except InspectError as error:
            for fault in error.faults:
                self.fault(fault, (*path, *fault.path))
            return None

    def statements(self, entries: Mapping[str, Tree], key: str) -> FrozenMapping[str, Statement]:
        found = {
            node: statement
            for node, tree in self.section(entries, key).items()
            if (statement := self.statement(tree, (key, node), key))
        }
        return FrozenMapping(found)

    def section(self, entries: Mapping[str, Tree], key: str) -> dict[str, Tree]:
        return self.mapping(entries[key], (key,)) if key in entries else {}

    def cases(self, tree: Tree) -> tuple[Case, ...]:
        if not isinstance(tree, ListTree):
            self.fault(WrongForm("a list of cases belongs here"), ("cases",))
            return ()
        found: dict[tuple[str, str], Case] = {}
        for index, item in enumerate(tree.items):
            path: Path = ("cases", index)
            if not isinstance(item, MapTree):
                self.fault(WrongForm("a mapping such as {id: c001, answers: ...} belongs here"), path)
                continue
            entries = item.entries
            if not self.keys(entries, ("id", "unit", "answers"), ("id",), path):
                continue
            answers = self.mapping(entries["answers"], (*path, "answers")) if "answers" in entries else {}
            case = Case(
                id=self.name(entries["id"], (*path, "id")),
                unit=self.name(entries["unit"], (*path, "unit")) if "unit" in entries else "",
                answers=FrozenMapping(
                    {
                        question: answer
                        for question, text in answers.items()
                        if (answer := self.answer(text, (*path, "answers", question)))
                    }
                ),
            )
            if (case.unit, case.id) in found:
                self.fault(DuplicateCase(f"the case {case.id!r} is listed twice"), (*path, "id"))
            found[case.unit, case.id] = case
        return tuple(found.values())

    def answer(self, tree: Tree, path: Path) -> Answer | None:
        if isinstance(tree, TextTree) and tree.null:
            return None
        text = self.text(tree, path)
        try:
            return read_answer(text)
        except BadAnswer as fault:
            self.fault(fault, path)
            return None

    def count(self, tree: Tree, path: Path) -> Count | None:
        if isinstance(tree, TextTree) and tree.text.strip().casefold() == "not applicable":
            return Count(0, 0)
        if isinstance(tree, TextTree):
            message = "write the counts, such as {yes: 41, of: 60}, or not applicable"
            self.fault(BadTally(message), path)
            return None
        if not isinstance(tree, MapTree):
            self.fault(WrongForm("a mapping such as {yes: 41, of: 60} belongs here"), path)
            return None
        entries = tree.entries
        if not self.keys(entries, ("yes", "of", "open"), ("yes", "of"), path):
            return None
        before = len(self.faults)
        yes, of, still_open = (
            self.whole(entries[key], (*path, key)) if key in entries else 0 for key in ("yes", "of", "open")
        )
        if len(self.faults) > before:
            return None
        if yes > of:
            self.fault(BadTally(f"{yes} sufficient answers of {of} cases"), (*path, "yes"))
        elif not of and not still_open:
            message = "of 0 cases; where the question applies to no case, write not applicable instead of the counts"
            self.fault(BadTally(message), (*path, "of"))
        return Count(yes, of, still_open)

    def whole(self, tree: Tree, path: Path) -> int:
        try:
            return parse_count(self.text(tree, path))
        except NotExact as fault:
            self.fault(BadTally(f"{fault.message}; cases are counted whole"), path)
        except Fault as fault:
            self.fault(fault, path)
        return 0

    def statement(self, tree: Tree, path: Path, key: str) -> Statement | None:
        if isinstance(tree, TextTree):
            return Statement(self.text(tree, path))
        if not isinstance(tree, MapTree):
            self.fault(WrongForm("a text or a mapping belongs here"), path)
            return None
        entries = tree.entries
        known = ("score", "max") if key == "values" else ("rating", "reason")
        if not self.keys(entries, known, known[:1], path):
            return None
        texts = {part: self.text(entry, (*path, part)) for part, entry in entries.items()}
        return Statement(texts[known[0]], reason=texts.get("reason", ""), max=texts.get("max", ""))


def read_answer(text: str) -> Answer:
    """An answer from its text; upper and lower case are the same.

    Raises:
        BadAnswer: none of yes, no and not applicable.
    """
    folded = " ".join(text.casefold().split())
    try:
        return Answer(folded)
    except ValueError:
        raise BadAnswer(f"{text!r} is none of yes, no and not applicable (leave it out while it is open)") from None


def as_unit(evidence: Evidence) -> Evidence:
    """The evidence of a delivery unit, if it can be pooled.

    Raises:
        MissingKey: it does not say under which framework its cases were answered.
        Misplaced: it has units of its own.
    """
    if evidence.framework is None:
        message = "'framework' is missing; say under which framework the cases of the unit were answered"
        raise MissingKey(message, where=evidence.locate(()))
    if evidence.units:
        raise Misplaced("a unit has no units of its own", path=("units",), where=evidence.locate(("units",)))
    return evidence


def read_evidence(tree: Tree) -> Evidence:
    """Evidence from a tree.

    Raises:
        InspectError: every fault found, each with its place.
    """
    return _Reader(tree).evidence()


def evidence_from(data: Mapping[str, object]) -> Evidence:
    """Evidence from a mapping in the form of an evidence file.

    Raises:
        InspectError: every fault found.
    """
    return read_evidence(from_python(data))
