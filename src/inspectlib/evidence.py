"""Evidence: what an inspection found, at whatever level it was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

import attrs

from inspectlib.errors import (
    BadAnswer,
    BadTally,
    DuplicateCase,
    Fault,
    MissingKey,
    NotExact,
    Path,
    UnknownKey,
    Where,
    WrongForm,
    did_you_mean,
    raise_any,
)
from inspectlib.exact import parse_count
from inspectlib.frozen import FrozenMapping
from inspectlib.tree import ListTree, MapTree, TextTree, Tree, find, from_python

__all__ = ["Answer", "Case", "Count", "Evidence", "Statement"]

T = TypeVar("T")

#: Finds the place of an entry in the file it came from.
Locate = Callable[[Path], Where | None]


class Answer(StrEnum):
    """The answer to a key question in one case."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not applicable"


@attrs.frozen(kw_only=True)
class Case:
    """One case of the sample.

    Attributes:
        id: what tells it from the other cases.
        answers: its answers by key question; a question without an answer is open.
    """

    id: str
    answers: FrozenMapping[str, Answer] = FrozenMapping()


def _whole(_: object, attribute: attrs.Attribute[int], value: object) -> None:
    """Counts built in code are whole numbers."""
    if type(value) is not int:
        raise BadTally(f"{value!r} is not a whole number of cases", path=(attribute.name,))


@attrs.frozen
class Count:
    """The answers to a key question, counted.

    Attributes:
        yes: the cases with a sufficient answer.
        of: the applicable cases that are answered.
        open: the cases whose answer is still missing.
    """

    yes: int = attrs.field(validator=_whole)
    of: int = attrs.field(validator=_whole)
    open: int = attrs.field(default=0, validator=_whole)

    def __str__(self) -> str:
        return f"{self.yes} of {self.of}" + (f" and {self.open} open" if self.open else "")


@attrs.frozen
class Statement:
    """Something stated outright: a rating by its name, ``not rated``, ``not applicable``, or another value as text.

    Attributes:
        value: what is stated.
        reason: the recorded reason.
        max: for a score, the most it could have been.
    """

    value: str
    reason: str = ""
    max: str = ""


def _frozen_counts(found: Mapping[str, Count]) -> FrozenMapping[str, Count]:
    return _checked(found, Count)


def _frozen_statements(found: Mapping[str, Statement]) -> FrozenMapping[str, Statement]:
    return _checked(found, Statement)


def _checked(found: Mapping[str, T], cls: type[T]) -> FrozenMapping[str, T]:
    """Evidence built in code, as an immutable mapping of what belongs there."""
    for node, value in found.items():
        if not isinstance(value, cls):
            raise WrongForm(f"a {type(value).__name__} where a {cls.__name__} belongs", path=(node,))
    return FrozenMapping(found)


@attrs.frozen(kw_only=True)
class Evidence:
    """The evidence of one inspection. What is not there is open.

    Attributes:
        framework: the framework it was collected for, if it says so.
        service: the service inspected, in free text.
        cases: the cases with their answers.
        tallies: answers already counted, by key question; of 0 when it applies to no case.
        ratings: ratings by node.
        panel: the ratings of the panel by node.
        departures: departures from computed ratings, by node.
        values: scores, numbers, flags and choices by node.
        asked: the key questions that a case file has a column for.
    """

    framework: str | None = None
    service: str | None = None
    cases: tuple[Case, ...] = ()
    tallies: FrozenMapping[str, Count] = attrs.field(default=FrozenMapping(), converter=_frozen_counts)
    ratings: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    panel: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    departures: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    values: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    asked: tuple[str, ...] = ()
    #: Where an entry stands in its file.
    locate: Locate = attrs.field(default=lambda _: None, eq=False, repr=False)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Evidence:
        """Evidence from a mapping in the form of an evidence file.

        Raises:
            InspectError: every fault found.
        """
        return read_evidence(from_python(data))

    def counted(self) -> dict[str, Count]:
        """The answers of all cases, counted by key question; one that any case answers is open in those that do not."""
        yes, no, answered = Counter[str](), Counter[str](), Counter[str]()
        for case in self.cases:
            for question, answer in case.answers.items():
                answered[question] += 1
                yes[question] += answer is Answer.YES
                no[question] += answer is Answer.NO
        total = len(self.cases)
        return {
            question: Count(yes[question], yes[question] + no[question], total - answered[question])
            for question in answered
        }


class _Reader:
    """Reads evidence from a tree, and keeps every fault."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.faults: list[Fault] = []

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
        """The id of a case: a text that is not blank."""
        if isinstance(tree, TextTree) and not tree.text.strip():
            self.fault(WrongForm("a case without a name"), path)
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
        known = ("framework", "service", "cases", "tallies", "ratings", "panel", "departures", "values")
        if not isinstance(self.tree, MapTree):
            raise WrongForm("a mapping belongs here: cases, tallies, ratings and so on", where=self.tree.where)
        entries = self.tree.entries
        self.keys(entries, known, (), ())
        texts = {key: self.text(entries[key], (key,)) for key in ("framework", "service") if key in entries}
        cases = self.cases(entries["cases"]) if "cases" in entries else ()
        tallies = {
            question: count
            for question, tree in self.section(entries, "tallies").items()
            if (count := self.count(tree, ("tallies", question)))
        }
        statements = {key: self.statements(entries, key) for key in ("ratings", "panel", "departures", "values")}
        raise_any(self.faults)
        return Evidence(
            framework=texts.get("framework"),
            service=texts.get("service"),
            cases=cases,
            tallies=FrozenMapping(tallies),
            locate=lambda path: find(self.tree, path),
            ratings=statements["ratings"],
            panel=statements["panel"],
            departures=statements["departures"],
            values=statements["values"],
        )

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
        found: dict[str, Case] = {}
        for index, item in enumerate(tree.items):
            path: Path = ("cases", index)
            if not isinstance(item, MapTree):
                self.fault(WrongForm("a mapping such as {id: c001, answers: ...} belongs here"), path)
                continue
            entries = item.entries
            if not self.keys(entries, ("id", "answers"), ("id",), path):
                continue
            answers = self.mapping(entries["answers"], (*path, "answers")) if "answers" in entries else {}
            case = Case(
                id=self.name(entries["id"], (*path, "id")),
                answers=FrozenMapping(
                    {
                        question: answer
                        for question, text in answers.items()
                        if (answer := self.answer(text, (*path, "answers", question)))
                    }
                ),
            )
            if case.id in found:
                self.fault(DuplicateCase(f"the case {case.id!r} is listed twice"), (*path, "id"))
            found[case.id] = case
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
        texts = {part: self.text(entry, (*path, part)).strip() for part, entry in entries.items()}
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


def read_evidence(tree: Tree) -> Evidence:
    """Evidence from a tree.

    Raises:
        InspectError: every fault found, each with its place.
    """
    return _Reader(tree).evidence()


def evidence_data(counts: Mapping[str, Count], evidence: Evidence) -> dict[str, Any]:
    """Evidence as plain data in the form of an evidence file, cases counted: what a judgement records."""
    data: dict[str, Any] = {}
    if evidence.framework is not None:
        data["framework"] = evidence.framework
    if evidence.service is not None:
        data["service"] = evidence.service
    if counts:
        data["tallies"] = {question: _count_data(count) for question, count in sorted(counts.items())}
    for key in ("ratings", "panel", "departures", "values"):
        statements: Mapping[str, Statement] = getattr(evidence, key)
        if statements:
            data[key] = {node: _statement_data(key, found) for node, found in sorted(statements.items())}
    return data


def _count_data(count: Count) -> Any:
    if not count.of and not count.open:
        return "not applicable"
    return {"yes": count.yes, "of": count.of, **({"open": count.open} if count.open else {})}


def _statement_data(key: str, statement: Statement) -> Any:
    if key == "values":
        return {"score": statement.value, "max": statement.max} if statement.max else statement.value
    return {"rating": statement.value, "reason": statement.reason} if statement.reason else statement.value
