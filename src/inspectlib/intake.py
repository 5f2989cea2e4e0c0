"""Evidence brought to the nodes of a graph: what each of them is given, read for its kind, every fault found."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from inspectlib.errors import (
    BadTally,
    Disagreement,
    DuplicateCase,
    ExtraColumn,
    Fault,
    Misplaced,
    MissingColumn,
    OffScale,
    OtherFramework,
    Path,
    ReasonMissing,
    UnknownNode,
    WrongForm,
    did_you_mean,
    raise_any,
)
from inspectlib.evidence import Count, Evidence, Statement
from inspectlib.exact import fraction_text, parse_number
from inspectlib.framework import natural
from inspectlib.graph import Framework, Node
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Score, Tally, Value
from inspectlib.rules import DiscretionRule, Given, GivenRule, PanelRule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Intake", "take_in"]


@attrs.frozen
class Intake:
    """The evidence by node.

    Attributes:
        settled: what evidence nodes are given, where nothing is missing.
        open: the evidence nodes of which something is missing, with the answers so far.
        given: values stated for nodes that are also computed.
        departures: departures from computed ratings, each with its reason.
        reasons: the panel's recorded reasons.
        counts: the answers by key question, cases counted.
    """

    settled: Mapping[str, Given]
    open: Mapping[str, Count | None]
    given: Mapping[str, Given]
    departures: Mapping[str, tuple[int, str]]
    reasons: Mapping[str, str]
    counts: Mapping[str, Count]


def take_in(framework: Framework, evidence: Evidence) -> Intake:
    """Bring evidence to a framework's nodes.

    Raises:
        InspectError: every fault found, each with its place.
    """
    return _Intake(framework, evidence).read()


class _Intake:
    def __init__(self, framework: Framework, evidence: Evidence) -> None:
        self.framework = framework
        self.nodes = framework.graph.nodes
        self.evidence = evidence
        self.faults: list[Fault] = []
        self.settled: dict[str, Given] = {}
        self.open: dict[str, Count | None] = {}
        self.given: dict[str, Given] = {}
        self.departures: dict[str, tuple[int, str]] = {}
        self.reasons: dict[str, str] = {}

    def fault(self, fault: Fault, path: Path) -> None:
        fault.path = path
        self.faults.append(fault.at(self.evidence.locate(path)))

    def read(self) -> Intake:
        """The evidence by node, or all faults."""
        expected = self.evidence.framework
        if expected is not None and expected != self.framework.id:
            message = f"this is evidence for {expected!r}, not for {self.framework.id!r}"
            self.fault(OtherFramework(message), ("framework",))
        self._check_columns()
        counts = self._counts()
        for node, path, statement in self._statements():
            try:
                self._state(node, path[0], statement)
            except Fault as fault:
                self.fault(fault, path)
        raise_any(self.faults)
        for name, node in self.nodes.items():
            if node.rule.takes_evidence and name not in self.settled:
                self._missing(name, node, counts)
        raise_any(self.faults)
        return Intake(self.settled, self.open, self.given, self.departures, self.reasons, counts)

    def _questions(self) -> dict[str, list[str]]:
        """The key questions by standard, in numeric order."""
        return {number: sorted(s.questions, key=natural) for _, _, number, s in self.framework.data.standards()}

    def _check_columns(self) -> None:
        """A case file has a column for every key question of a standard or for none, and no other columns."""
        asked = set(self.evidence.asked)
        questions = self._questions()
        known = [question for numbers in questions.values() for question in numbers]
        for column in sorted(asked.difference(known), key=natural):
            message = f"the framework has no key question {column!r}{did_you_mean(column, known)}"
            self.fault(ExtraColumn(message), ("asked", column))
        for number, numbers in questions.items():
            missing = [question for question in numbers if question not in asked]
            if asked.intersection(numbers) and missing:
                message = (
                    f"standard {number} lacks the column {' and '.join(missing)}; leave the cells of open answers empty"
                )
                self.fault(MissingColumn(message), ("asked",))

    def _counts(self) -> dict[str, Count]:
        """Answers by key question, from cases and tallies, which must agree."""
        counted = self.evidence.counted()
        known = {node.of for node in self.nodes.values() if node.type.kind is Kind.ANSWERS}
        seen = set[str]()
        for index, case in enumerate(self.evidence.cases):
            if case.id in seen:
                self.fault(DuplicateCase(f"the case {case.id!r} is listed twice"), ("cases", index))
            seen.add(case.id)
            for question in case.answers:
                if question not in known and question not in self.evidence.asked:
                    path: Path = ("cases", index, "answers", question)
                    self.fault(
                        UnknownNode(f"there is no key question {question!r}{did_you_mean(question, known)}"), path
                    )
        for question, count in self.evidence.tallies.items():
            path = ("tallies", question)
            if question not in known:
                self.fault(UnknownNode(f"there is no key question {question!r}{did_you_mean(question, known)}"), path)
            elif min(count.yes, count.of, count.open) < 0 or count.yes > count.of:
                self.fault(BadTally(f"{count} is no count of cases"), path)
            elif counted.get(question, count) != count:
                message = f"the tally of {question} is {count}, but its cases give {counted[question]}"
                self.fault(Disagreement(message), path)
        return {
            question: count for question, count in {**counted, **self.evidence.tallies}.items() if question in known
        }

    def _statements(self) -> Iterator[tuple[Node, Path, Statement]]:
        """Everything stated outright, with its node."""
        for heading in ("ratings", "panel", "departures", "values"):
            for name, statement in getattr(self.evidence, heading).items():
                path: Path = (heading, name)
                if name in self.nodes:
                    yield self.nodes[name], path, statement
                else:
                    known = [n for n, node in self.nodes.items() if node.role != "part"]
                    self.fault(UnknownNode(f"the framework has no {name!r}{did_you_mean(name, known)}"), path)

    def _state(self, node: Node, heading: object, statement: Statement) -> None:
        kind = node.type.kind
        if heading in ("ratings", "panel", "departures") and kind is not Kind.RATING:
            raise Misplaced(f"{node.name!r} is a {kind}, not a rating; state it under values")
        if heading == "values" and kind in (Kind.RATING, Kind.ANSWERS):
            where = "ratings" if kind is Kind.RATING else "tallies"
            raise Misplaced(f"{node.name!r} has {kind}; state it under {where}")
        if heading == "panel" and not isinstance(node.rule, PanelRule):
            raise Misplaced(
                f"{node.name!r} is not rated by the panel; a departure from its rating goes under departures"
            )
        if heading == "departures":
            self._depart(node, statement)
        elif isinstance(node.rule, PanelRule):
            self._panel(node, statement)
        else:
            value = read_value(node, statement)
            (self.settled if isinstance(node.rule, GivenRule) else self.given)[node.name] = value

    def _depart(self, node: Node, statement: Statement) -> None:
        if not isinstance(node.rule, DiscretionRule):
            other = "; a panel rating goes under panel, with its reason" if isinstance(node.rule, PanelRule) else ""
            raise Misplaced(f"the rules allow no departure for {node.name!r}{other}")
        if not statement.reason:
            raise ReasonMissing(f"the departure for {node.name} has no recorded reason")
        value = read_value(node, statement)
        if not isinstance(value, int):
            raise OffScale(f"a departure for {node.name} must be to a rating, not {statement.value!r}")
        self.departures[node.name] = value, statement.reason

    def _panel(self, node: Node, statement: Statement) -> None:
        stated = read_value(node, statement)
        value = PanelRating(stated, bool(statement.reason)) if isinstance(stated, int) else stated
        known = self.settled.get(node.name)
        if known is not None and _said(known) != _said(value):
            raise Disagreement(f"{node.name} is rated under ratings and under panel, and they differ")
        if statement.reason or known is None:
            self.settled[node.name] = value
        if statement.reason:
            self.reasons[node.name] = statement.reason

    def _missing(self, name: str, node: Node, counts: Mapping[str, Count]) -> None:
        """Evidence that is not stated: counted, open, or absent because the framework says so."""
        if node.type.kind is Kind.ANSWERS:
            count = counts.get(node.of)
            if count is not None and not count.open:
                self.settled[name] = Tally(count.yes, count.of)
                return
            self.open[name] = count
            return
        assert isinstance(node.rule, (GivenRule, PanelRule))
        if node.rule.missing == "open":
            self.open[name] = None
        else:
            self.settled[name] = Absent(Absence(node.rule.missing), node.rule.missing_reason)


def _said(value: Given) -> object:
    """What was said apart from the reason."""
    if isinstance(value, PanelRating):
        return value.position
    return value.state if isinstance(value, Absent) else value


def read_value(node: Node, statement: Statement) -> Value | Absent:
    """What a statement says, read for the kind of its node.

    Raises:
        OffScale: a rating off the scale, or a value out of its bounds.
        NotExact: a number that cannot be read exactly.
    """
    text = " ".join(statement.value.split())
    if text.casefold() in {str(state) for state in Absence}:
        return Absent(Absence(text.casefold()), statement.reason or "so stated in the evidence")
    kind, scale = node.type, node.binding.scale
    if statement.max and kind.kind is not Kind.SCORE:
        raise WrongForm(f"{node.name!r} is a {kind.kind}; only a score has a maximum")
    if kind.kind is Kind.RATING:
        assert scale is not None
        return scale.position(text)
    if kind.kind is Kind.FLAG:
        if text.casefold() not in {"yes", "no"}:
            raise OffScale(f"{text!r} is neither yes nor no")
        return text.casefold() == "yes"
    if kind.kind is Kind.CHOICE:
        if text not in kind.options:
            raise OffScale(f"{text!r} is none of {', '.join(kind.options)}{did_you_mean(text, kind.options)}")
        return text
    number = parse_number(text)
    if kind.kind is Kind.SCORE:
        return _score(node, number, statement.max)
    least, most = kind.bounds or ((Fraction(0), Fraction(1)) if kind.kind is Kind.SHARE else (number, number))
    if not least <= number <= most:
        raise OffScale(f"{text} is not between {fraction_text(least)} and {fraction_text(most)}")
    if kind.step and ((number - least) / kind.step).denominator > 1:
        raise OffScale(f"{text} is not among {fraction_text(least)}, {fraction_text(least + kind.step)} and so on")
    return number


def _score(node: Node, points: Fraction, most: str) -> Score:
    """A total with its maximum; the most that all its inputs could have had unless it is given."""
    full, scale, weights = node.range[1], node.binding.scale, set(node.binding.weights)
    assert isinstance(full, Score) and scale is not None
    highest = parse_number(most) if most else full.max
    step = min(weights) * scale.top_score if len(weights) == 1 else highest
    if not 0 < highest <= full.max or (highest / step).denominator > 1:
        message = f"{node.name} can have no maximum of {fraction_text(highest)}; with every part rated it is {full.max}"
        raise OffScale(message)
    whole = all(number.denominator == 1 for number in (*weights, *scale.scores))
    if not 0 <= points <= highest or (whole and points.denominator > 1):
        raise OffScale(f"{fraction_text(points)} of {fraction_text(highest)} is no total that {node.name} can have")
    return Score(points, highest)
