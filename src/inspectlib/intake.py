"""Evidence brought to the nodes of a graph: what each of them is given, read for its kind, every fault found."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from inspectlib.counting import Counts, count_answers
from inspectlib.errors import (
    Disagreement,
    Fault,
    FaultList,
    Misplaced,
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
from inspectlib.graph import NO_RATING, Framework, Node
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
        counts: the answers by key question, counted.
    """

    settled: Mapping[str, Given]
    open: Mapping[str, Count | None]
    given: Mapping[str, Given]
    departures: Mapping[str, tuple[int, str]]
    reasons: Mapping[str, str]
    counts: Counts


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
        self.faults = FaultList()
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
        known = {node.of for node in self.nodes.values() if node.type.kind is Kind.ANSWERS}
        counts = count_answers(self.framework.data, known, self.evidence)
        self.faults.extend(counts.faults)
        for node, path, statement in self._statements():
            try:
                self._state(node, path[0], statement)
            except Fault as fault:
                self.fault(fault, path)
        raise_any(self.faults)
        for name, node in self.nodes.items():
            if node.rule.takes_evidence and name not in self.settled:
                self._missing(name, node, counts.pooled)
        raise_any(self.faults)
        return Intake(self.settled, self.open, self.given, self.departures, self.reasons, counts)

    def _statements(self) -> Iterator[tuple[Node, Path, Statement]]:
        """Everything stated outright, with its node."""
        for heading in ("ratings", "panel", "departures", "values"):
            for name, statement in getattr(self.evidence, heading).items():
                path: Path = (heading, name)
                if name in self.nodes:
                    yield self.nodes[name], path, statement
                elif name in self.framework.unrated:
                    self.fault(UnknownNode(f"{self.framework.unrated[name].title} is not rated: {NO_RATING}"), path)
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
        if heading == "values" and statement.reason:
            raise Misplaced(f"the value of {node.name!r} takes no reason")
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
