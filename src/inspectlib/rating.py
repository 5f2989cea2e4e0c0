"""Rating: evidence in, outcomes out, and what does not agree refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs

from inspectlib.discretion import grounds_for
from inspectlib.errors import DepartureRefused, Disagreement, Fault, Path, raise_any
from inspectlib.evaluate import Completions, Interval, Result, above_open, evaluate, order
from inspectlib.evidence import Evidence, Statement
from inspectlib.exact import percent_text
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import NO_RATING, Framework, Node, Role
from inspectlib.intake import Intake, take_in
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Score
from inspectlib.outcome import Departure, Outcome, State, shown, shown_text
from inspectlib.reasons import deciding_published, limiting
from inspectlib.rules import BandRule, DiscretionRule, Given, PanelRule

__all__ = ["Rated", "agrees", "outcomes", "rate_evidence", "value_on"]


@attrs.frozen
class Rated:
    """A rated inspection with everything that was computed on the way.

    Attributes:
        framework: the framework.
        stated: what is stated outright, by the heading of an evidence file and node.
        intake: the evidence by node.
        results: what every node has.
        values: the settled value of every node that has one, or why it has none.
        panels: what the panel said, by node.
        grounds: the grounds of each departure.
    """

    framework: Framework
    stated: Mapping[str, FrozenMapping[str, Statement]]
    intake: Intake
    results: Mapping[str, Result]
    values: Mapping[str, Given]
    panels: Mapping[str, PanelRating]
    grounds: Mapping[str, tuple[str, ...]]


def rate_evidence(framework: Framework, evidence: Evidence) -> Rated:
    """Rate evidence under a framework.

    Raises:
        InspectError: every fault found in the evidence: what it says of things that are not there, off their scale, in
            disagreement, or departing where the rules allow no departure.
    """
    intake = take_in(framework, evidence)
    results = evaluate(framework.graph, intake)
    values = {name: result.value for name, result in results.items() if not isinstance(result.value, Interval)}
    panels = {name: value for name, value in intake.settled.items() if isinstance(value, PanelRating)}
    grounds = _check(framework, evidence, intake, results.__getitem__)
    stated = {heading: getattr(evidence, heading) for heading in ("ratings", "panel", "departures", "values")}
    return Rated(framework, stated, intake, results, values, panels, grounds)


def value_on(framework: Framework, evidence: Evidence, name: str) -> Given | Interval:
    """What one node has when evidence is rated, the other nodes looked at only as far as need be.

    Raises:
        InspectError: as for `rate_evidence`.
    """
    intake = take_in(framework, evidence)
    completions = Completions(framework.graph, intake)
    _check(framework, evidence, intake, completions.result)
    return completions.result(name).value


def _check(
    framework: Framework, evidence: Evidence, intake: Intake, result: Callable[[str], Result]
) -> dict[str, tuple[str, ...]]:
    """The grounds of each departure; what does not agree and what the rules do not allow is refused."""
    faults: list[Fault] = []
    for name, value in intake.given.items():
        computed = result(name).computed
        if not agrees(value, computed):
            path = _stated_at(evidence, name)
            fault = Disagreement(_disagreement(framework.graph[name], value, computed), path=path)
            faults.append(fault.at(evidence.locate(path)))
    grounds: dict[str, tuple[str, ...]] = {}
    for name in intake.departures:
        try:
            grounds[name] = _grounds(framework, intake, name, result)
        except DepartureRefused as fault:
            fault.path = ("departures", name)
            faults.append(fault.at(evidence.locate(fault.path)))
    raise_any(faults)
    return grounds


def _stated_at(evidence: Evidence, name: str) -> Path:
    return ("ratings" if name in evidence.ratings else "values", name)


def agrees(value: Given, computed: Given | Interval) -> bool:
    """Whether a stated value is what the rules compute, or can still become."""
    if isinstance(computed, Interval):
        if isinstance(value, Absent):
            return computed.absent
        assert not isinstance(value, PanelRating)
        if isinstance(value, Score):
            assert isinstance(computed.worst, Score) and isinstance(computed.best, Score)
            # Its maximum depends on how many parts will be rated.
            return computed.worst.points <= value.points <= computed.best.points
        return order(computed.worst) <= order(value) <= order(computed.best)
    # Two absences agree whatever their reasons.
    return value == computed or (isinstance(value, Absent) and isinstance(computed, Absent))


def _disagreement(node: Node, value: Given, computed: Given | Interval) -> str:
    stated = _words(node, value)
    if isinstance(computed, Interval):
        found = f"{_words(node, computed.worst)} to {_words(node, computed.best)}"
    else:
        found = _words(node, computed)
    hint = "; record a departure with its reason if the panel departs" if isinstance(node.rule, DiscretionRule) else ""
    return f"{node.name} is stated as {stated}, but the evidence beneath it gives {found}{hint}"


def _words(node: Node, value: Given) -> str:
    if isinstance(value, Absent):
        return f"{value.state} ({value.reason})"
    return shown_text(shown(node, value))


def _grounds(framework: Framework, intake: Intake, name: str, result: Callable[[str], Result]) -> tuple[str, ...]:
    """The grounds on which a departure is allowed, or DepartureRefused."""
    node = framework.graph[name]
    rule, scale = node.rule, node.binding.scale
    assert isinstance(rule, DiscretionRule) and scale is not None
    computed = result(name).computed
    position, _ = intake.departures[name]
    if not framework.graph.below(name).isdisjoint(intake.open):
        raise DepartureRefused("evidence beneath it is still open, so there is no computed rating to depart from")
    if isinstance(computed, Absent):
        raise DepartureRefused(f"nothing to depart from: {name} is {computed.state} ({computed.reason})")
    assert isinstance(computed, int)
    if position == computed:
        raise DepartureRefused(f"no departure: the computed rating is {scale.ratings[computed]} already")
    if abs(position - computed) > rule.bands:
        away = f"{scale.ratings[position]} is {abs(position - computed)} bands from {scale.ratings[computed]}"
        raise DepartureRefused(f"{away}; the rules allow {rule.bands} at most")
    if not rule.grounds:
        return ()
    beneath = ((node, result(node).value) for node in framework.graph.below(name))
    values = {node: value for node, value in beneath if not isinstance(value, Interval)}
    grounds = grounds_for(framework.graph, name, values, intake.given)
    if not grounds.met:
        lowest = (
            f" (the lowest share is {percent_text(grounds.lowest[1])}, {grounds.lowest[0]})" if grounds.lowest else ""
        )
        raise DepartureRefused(f"not eligible{lowest}: it is not so that {' or '.join(rule.grounds)}")
    return grounds.met


def outcomes(rated: Rated) -> FrozenMapping[str, Outcome]:
    """What every standard, key question and named node has."""
    other = _other_rounding(rated)
    early = above_open(rated.framework.graph, rated.intake)
    found: dict[str, Outcome] = {}
    shares: dict[str, Fraction] = {}
    for name, node in rated.framework.graph.nodes.items():
        share = rated.values.get(name)
        if node.type.kind is Kind.SHARE and isinstance(share, Fraction):
            shares[node.of] = share
        if node.role is not Role.PART:
            found[name] = _outcome(rated, node, other, early=name in early)
    for number, unrated in rated.framework.unrated.items():
        found[number] = Outcome(
            node=number,
            title=unrated.title,
            kind=Kind.RATING,
            role=unrated.role,
            state=State.NOT_RATED,
            reason=NO_RATING,
        )
    for question, outcome in found.items():
        if outcome.role is Role.QUESTION:
            count, share = rated.intake.counts.pooled.get(question), shares.get(question)
            found[question] = attrs.evolve(outcome, count=count, share=share)
    return FrozenMapping({name: found[name] for name in sorted(found, key=natural)})


def _other_rounding(rated: Rated) -> Mapping[str, Result]:
    """What every node would have with shares rounded the other way; nothing where that changes nothing."""
    graph = rated.framework.graph
    differs = any(
        rated.values.get(node.name) != node.rule.banded(node.binding, share, node.rule.other_rounding(node.binding))
        for node in graph.nodes.values()
        if isinstance(node.rule, BandRule) and node.binding.of is Kind.SHARE
        if (share := rated.values.get(node.inputs[0])) is not None
    )
    return evaluate(graph, rated.intake, other_rounding=True) if differs or rated.intake.open else {}


def _outcome(rated: Rated, node: Node, other: Mapping[str, Result], *, early: bool) -> Outcome:
    name, result, scale = node.name, rated.results[node.name], node.binding.scale
    base = Outcome(node=name, title=node.title, kind=node.type.kind, role=node.role, state=State.OPEN)
    if not isinstance(result.value, Interval):
        base = attrs.evolve(base, settled_early=early)
    if isinstance(result.value, Interval):
        ends = (shown(node, result.value.worst), shown(node, result.value.best))
        return attrs.evolve(base, between=ends, may_be_absent=result.value.absent)
    if isinstance(result.value, Absent):
        state = State.NOT_RATED if result.value.state is Absence.NOT_RATED else State.NOT_APPLICABLE
        return attrs.evolve(base, state=state, reason=result.value.reason)
    value = shown(node, result.value)
    if node.type.kind is not Kind.RATING or not scale:
        return attrs.evolve(base, state=State.SETTLED, value=value)
    panel, known = rated.panels.get(name), all(i in rated.values for i in node.inputs)
    computed: Given | Interval = result.computed
    departure = None
    if name in rated.intake.departures:
        reason = rated.intake.departures[name][1]
        departure = Departure(str(value), reason, rated.grounds[name])
    if isinstance(node.rule, PanelRule) and panel and known:
        guided = node.rule.guided(panel, [rated.values[i] for i in node.inputs])
        computed = guided.computed
        if guided.departs_from:
            departure = Departure(str(value), rated.intake.reasons[name])
    otherwise = other[name].value if name in other else result.value
    return attrs.evolve(
        base,
        state=State.SETTLED,
        rating=str(value),
        computed=scale.ratings[computed] if isinstance(computed, int) and node.role is not Role.QUESTION else None,
        departure=departure,
        limited_by=None if name in rated.intake.given else limiting(node, rated.values, panel),
        panel=scale.ratings[panel.position] if panel else None,
        decided_by=_decided_by(rated, node),
        other_rounding=scale.ratings[otherwise] if isinstance(otherwise, int) and otherwise != result.value else None,
    )


def _decided_by(rated: Rated, node: Node) -> tuple[str, ...]:
    """What decided the computed rating, unless it is stated outright."""
    if node.name in rated.intake.given:
        return ()
    computed = rated.results[node.name].computed
    if isinstance(computed, Interval):
        return ()
    return deciding_published(rated.framework.graph, node, computed, rated.values, rated.panels)
