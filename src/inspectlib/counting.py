"""Answers counted by key question: from cases and tallies, those of several delivery units pooled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import attrs

from inspectlib.errors import (
    BadTally,
    Disagreement,
    DuplicateCase,
    ExtraColumn,
    Fault,
    FaultList,
    Misplaced,
    MissingColumn,
    OtherFramework,
    Path,
    UnknownNode,
    did_you_mean,
)
from inspectlib.evidence import Answer, Case, Count, Evidence
from inspectlib.framework import FrameworkData, natural

__all__ = ["Counts", "count_answers", "counted_cases", "unit_numbers"]


@attrs.frozen
class Counts:
    """The answers of an inspection, counted.

    Attributes:
        pooled: by key question, all units together; one on which a unit is silent is not there, so it is open.
        own: by key question, without the units.
        units: by unit, and in it by key question as numbered there.
        faults: what is wrong, each with its place.
    """

    pooled: Mapping[str, Count]
    own: Mapping[str, Count]
    units: Mapping[str, Mapping[str, Count]]
    faults: tuple[Fault, ...]


def count_answers(data: FrameworkData, known: Collection[str], evidence: Evidence) -> Counts:
    """Count the answers of an inspection.

    Args:
        data: the framework.
        known: the key questions that its rules take answers to.
        evidence: the evidence.
    """
    counter = _Counter(evidence, known)
    counter.check_columns(data)
    own = counter.counts()
    faults = [*counter.faults]
    spoken: list[tuple[dict[str, Count], Collection[str]]] = []
    units: dict[str, Mapping[str, Count]] = {}
    for name, unit in evidence.units.items():
        try:
            numbers = unit_numbers(data, known, name, unit)
        except Fault as fault:
            faults.append(fault.at(evidence.locate(fault.path)))
            continue
        counter = _Counter(unit, numbers)
        units[name] = counter.counts()
        faults.extend(_inside(fault, name) for fault in counter.faults)
        counts = {numbers[question]: count for question, count in units[name].items() if numbers[question]}
        spoken.append((counts, numbers.values() if unit.framework in data.pools else ()))
    return Counts(_pooled(own, spoken), own, units, tuple(faults))


def unit_numbers(data: FrameworkData, known: Collection[str], name: str, unit: Evidence) -> Mapping[str, str]:
    """For each key question of a unit its number here; empty where its answers are not used here."""
    pool = data.pools.get(unit.framework or "")
    if pool:
        return pool.numbers()
    if unit.framework != data.id:
        able = [data.id, *data.pools]
        message = f"the unit {name!r} has evidence for {unit.framework!r}; {data.id} can pool {' and '.join(able)}"
        raise OtherFramework(message, path=("units", name, "framework"))
    for heading in ("ratings", "panel", "departures", "values"):
        if getattr(unit, heading):
            message = f"a unit has cases and tallies; state {heading} for the whole"
            raise Misplaced(message, path=("units", name, heading))
    return {question: question for question in known}


def _inside(fault: Fault, unit: str) -> Fault:
    fault.path = ("units", unit, *fault.path)
    return fault


def _pooled(own: Mapping[str, Count], units: list[tuple[dict[str, Count], Collection[str]]]) -> dict[str, Count]:
    """The counts of all together; a question that any unit speaks of is open while another is silent on it."""
    asked = {question for counts, owed in units for question in (*counts, *owed) if question}
    found = {question: count for question, count in own.items() if question not in asked}
    for question in sorted(asked, key=natural):
        parts = [counts.get(question) for counts, _ in units]
        present = [count for count in (own.get(question), *parts) if count is not None]
        if None not in parts:
            yes, of, still_open = (sum(getattr(count, part) for count in present) for part in ("yes", "of", "open"))
            found[question] = Count(yes, of, still_open)
    return found


class _Counter:
    """Counts the answers of one evidence by its own numbers, and keeps every fault."""

    def __init__(self, evidence: Evidence, known: Collection[str]) -> None:
        self.evidence = evidence
        self.known = known
        self.faults = FaultList()

    def fault(self, fault: Fault, path: Path) -> None:
        fault.path = path
        self.faults.append(fault.at(self.evidence.locate(path)))

    def unknown(self, question: str, path: Path) -> None:
        self.fault(UnknownNode(f"there is no key question {question!r}{did_you_mean(question, self.known)}"), path)

    def check_columns(self, data: FrameworkData) -> None:
        """A case file has a column for every key question of a standard or for none, and no other columns."""
        asked = set(self.evidence.asked)
        questions = {number: sorted(s.questions, key=natural) for _, _, number, s in data.standards()}
        published = [question for numbers in questions.values() for question in numbers]
        for column in sorted(asked.difference(published), key=natural):
            message = f"the framework has no key question {column!r}{did_you_mean(column, published)}"
            self.fault(ExtraColumn(message), ("asked", column))
        for column in sorted(asked.intersection(published).difference(self.known), key=natural):
            message = f"the key question {column!r} is not answered case by case under this framework"
            self.fault(ExtraColumn(message), ("asked", column))
        for number, numbers in questions.items():
            missing = [question for question in numbers if question not in asked]
            if asked.intersection(numbers) and missing:
                message = (
                    f"standard {number} lacks the column {' and '.join(missing)}; leave the cells of open answers empty"
                )
                self.fault(MissingColumn(message), ("asked",))

    def counts(self) -> dict[str, Count]:
        """Answers by key question, from cases and tallies, which must agree."""
        self.check_cases()
        counted = counted_cases(self.evidence.cases)
        for question, count in self.evidence.tallies.items():
            path = ("tallies", question)
            if question not in self.known:
                self.unknown(question, path)
            elif min(count.yes, count.of, count.open) < 0 or count.yes > count.of:
                self.fault(BadTally(f"{count} is no count of cases"), path)
            elif counted.get(question, count) != count:
                message = f"the tally of {question} is {count}, but its cases give {counted[question]}"
                self.fault(Disagreement(message), path)
        counts = {**counted, **self.evidence.tallies}
        return {question: count for question, count in counts.items() if question in self.known}

    def check_cases(self) -> None:
        """Each case is there once in its unit, and answers key questions that there are."""
        seen = set[tuple[str, str]]()
        for index, case in enumerate(self.evidence.cases):
            if (case.unit, case.id) in seen:
                self.fault(DuplicateCase(f"the case {case.id!r} is listed twice"), ("cases", index))
            seen.add((case.unit, case.id))
            for question in case.answers:
                if question not in self.known and question not in self.evidence.asked:
                    self.unknown(question, ("cases", index, "answers", question))


def counted_cases(cases: Collection[Case]) -> dict[str, Count]:
    """The answers of cases by key question; one that a case is asked and does not answer is open in it."""
    yes, no, answered, listed = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    unlisted = 0
    columns = Counter[tuple[str, ...]]()
    for case in cases:
        columns[case.asked] += 1
        for question, answer in case.answers.items():
            answered[question] += 1
            yes[question] += answer is Answer.YES
            no[question] += answer is Answer.NO
            listed[question] += not case.asked
    asked = Counter[str]()
    for numbers, count in columns.items():
        asked.update(dict.fromkeys(numbers, count))
        unlisted += 0 if numbers else count
    return {
        question: Count(
            yes[question],
            yes[question] + no[question],
            asked[question] + (unlisted if listed[question] else 0) - answered[question],
        )
        for question in answered
    }
