"""Evidence: what an inspection found, at whatever level it was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar, cast

import attrs

from inspectlib.errors import BadTally, Path, Where, WrongForm
from inspectlib.frozen import FrozenMapping

__all__ = ["Answer", "Case", "Count", "Evidence", "Statement", "evidence_data"]

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
        id: what tells it from the other cases of its unit.
        answers: its answers by key question; a question that is asked and has no answer is open.
        unit: the delivery unit it comes from, where cases of several are pooled.
        asked: the key questions that its case file has a column for; of other cases, those that any of them answers.
    """

    id: str
    answers: FrozenMapping[str, Answer] = FrozenMapping()
    unit: str = ""
    asked: tuple[str, ...] = attrs.field(default=(), repr=False)


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


def _stripped(text: str) -> str:
    """A text without the blanks around it, wherever it comes from."""
    if not isinstance(cast("object", text), str):
        raise WrongForm(f"a {type(text).__name__} where a text belongs")
    return text.strip()


@attrs.frozen
class Statement:
    """Something stated outright: a rating by its name, ``not rated``, ``not applicable``, or another value as text.

    Attributes:
        value: what is stated.
        reason: the recorded reason.
        max: for a score, the most it could have been.
    """

    value: str = attrs.field(converter=_stripped)
    reason: str = attrs.field(default="", converter=_stripped)
    max: str = attrs.field(default="", converter=_stripped)


def _frozen_counts(found: Mapping[str, Count]) -> FrozenMapping[str, Count]:
    return _checked(found, Count)


def _frozen_statements(found: Mapping[str, Statement]) -> FrozenMapping[str, Statement]:
    return _checked(found, Statement)


def _frozen_units(found: Mapping[str, Evidence]) -> FrozenMapping[str, Evidence]:
    return _checked(found, Evidence)


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
        date: the day of the inspection.
        cases: the cases with their answers.
        tallies: answers already counted, by key question; of 0 when it applies to no case.
        ratings: ratings by node.
        panel: the ratings of the panel by node.
        departures: departures from computed ratings, by node.
        values: scores, numbers, flags and choices by node.
        units: the evidence of delivery units, by unit: their cases and tallies are pooled with those here.
        asked: the key questions that case files have a column for.
    """

    framework: str | None = None
    service: str | None = None
    date: dt.date | None = None
    cases: tuple[Case, ...] = ()
    tallies: FrozenMapping[str, Count] = attrs.field(default=FrozenMapping(), converter=_frozen_counts)
    ratings: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    panel: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    departures: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    values: FrozenMapping[str, Statement] = attrs.field(default=FrozenMapping(), converter=_frozen_statements)
    units: FrozenMapping[str, Evidence] = attrs.field(default=FrozenMapping(), converter=_frozen_units)
    asked: tuple[str, ...] = ()
    #: Where an entry stands in its file.
    locate: Locate = attrs.field(default=lambda _: None, eq=False, repr=False)


def evidence_data(
    evidence: Evidence, counts: Mapping[str, Count], units: Mapping[str, Mapping[str, Count]]
) -> dict[str, Any]:
    """Evidence as plain data in the form of an evidence file: what a judgement records.

    Args:
        evidence: the evidence.
        counts: its answers by key question, cases counted.
        units: the same for each delivery unit.
    """
    data: dict[str, Any] = {}
    if evidence.framework is not None:
        data["framework"] = evidence.framework
    if evidence.service is not None:
        data["service"] = evidence.service
    if evidence.date is not None:
        data["date"] = evidence.date.isoformat()
    if counts:
        data["tallies"] = _tallies_data(counts)
    if units:
        data["units"] = {
            name: {"framework": evidence.units[name].framework, "tallies": _tallies_data(units[name])}
            for name in sorted(units)
        }
    for key in ("ratings", "panel", "departures", "values"):
        statements: Mapping[str, Statement] = getattr(evidence, key)
        if statements:
            data[key] = {node: _statement_data(key, found) for node, found in sorted(statements.items())}
    return data


def _tallies_data(counts: Mapping[str, Count]) -> dict[str, Any]:
    return {question: _count_data(count) for question, count in sorted(counts.items())}


def _count_data(count: Count) -> Any:
    if not count.of and not count.open:
        return "not applicable"
    return {"yes": count.yes, "of": count.of, **({"open": count.open} if count.open else {})}


def _statement_data(key: str, statement: Statement) -> Any:
    if key == "values":
        return {"score": statement.value, "max": statement.max} if statement.max else statement.value
    return {"rating": statement.value, "reason": statement.reason} if statement.reason else statement.value
