"""Strategies for valid evidence, complete or partly open, and for its completions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st

from inspectlib.errors import InspectError
from inspectlib.evidence_reader import evidence_from
from inspectlib.exact import fraction_text
from inspectlib.graph import Framework, Node
from inspectlib.judgement import rate
from inspectlib.kinds import Kind
from inspectlib.outcome import State
from inspectlib.rating import rate_evidence
from inspectlib.rules import DiscretionRule, PanelRule
from inspectlib.testing.asked import Asked, Plain, heading, may_be_silent

__all__ = ["completions", "evidence", "partial_evidence"]

_REASON = "a reason (made up)"
#: True one time in four, and one time in sixteen.
_SELDOM = st.sampled_from((False,) * 3 + (True,))
_RARELY = st.sampled_from((False,) * 15 + (True,))
_ABSENT = ("not rated", "not applicable")
#: How many cases a key question can apply to.
_SAMPLES = st.sampled_from((*range(1, 21), 40, 100, 0))
#: More questions than this are tallied rather than answered case by case, which takes a draw for every answer.
_BY_CASE = 4
_UNITS = ("North", "South", "West")
_DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2024, 12, 31))


def _tally(draw: st.DrawFn, *, good: bool) -> Any:
    """Counted answers; of a good inspection most are sufficient."""
    of = draw(_SAMPLES)
    if not of:
        return "not applicable"
    missed = draw(st.integers(0, of // 5 if good else of))
    return {"yes": of - missed, "of": of}


def _entry(draw: st.DrawFn, node: Node, *, good: bool, rated: bool = False) -> Any:
    """What evidence can say of a node; `rated` when it has to be a value."""
    kind, scale = node.type, node.binding.scale
    if kind.kind is Kind.ANSWERS:
        return _tally(draw, good=good)
    if not rated and draw(_RARELY):
        return draw(st.sampled_from(_ABSENT))
    if scale and kind.kind is Kind.RATING:
        best_first = scale.ratings[::-1]
        label = draw(st.sampled_from(best_first[: (len(best_first) + 1) // 2] if good else best_first))
        explained = isinstance(node.rule, PanelRule) and draw(_SELDOM)
        return {"rating": label, "reason": _REASON} if explained else label
    if kind.kind is Kind.FLAG:
        return draw(st.sampled_from(("no", "yes")))
    if kind.kind is Kind.CHOICE:
        return draw(st.sampled_from(kind.options))
    assert kind.bounds
    least, most = kind.bounds
    parts = (most - least) // kind.step if kind.step else 12
    return fraction_text(least + (most - least) * Fraction(draw(st.integers(0, parts)), parts or 1))


@st.composite
def _complete(draw: st.DrawFn, asked: Asked, *, mixed: bool) -> Plain:
    """Complete evidence without departures; `mixed` also at other levels than that of questions."""
    good = draw(st.booleans())
    spared: set[str] = set()
    found: Plain = {}
    if mixed:
        for name, beneath in asked.whole.items():
            if draw(_SELDOM):
                spared |= beneath
                node = asked.framework.graph[name]
                found.setdefault("ratings", {})[name] = _entry(draw, node, good=good, rated=True)
    by_case: list[str] = []
    if mixed and asked.questions and draw(_SELDOM):
        some = [node.of for node in asked.questions if node.name not in spared]
        if some:
            by_case = draw(st.lists(st.sampled_from(some), min_size=1, max_size=_BY_CASE, unique=True))
    for node in asked.leaves:
        if node.name in spared or (node.type.kind is Kind.ANSWERS and node.of in by_case):
            continue
        if may_be_silent(node) and draw(st.booleans()):
            continue
        where = heading(node)
        if where == "panel" and draw(_SELDOM):
            where = "ratings"
        name = node.of if where == "tallies" else node.name
        found.setdefault(where, {})[name] = _entry(draw, node, good=good)
    if by_case:
        answers = st.sampled_from(("yes", "no", "not applicable"))
        found["cases"] = [
            {"id": f"c{case}", "answers": {question: draw(answers) for question in by_case}}
            for case in range(1, draw(st.integers(1, 5)) + 1)
        ]
    return found


@st.composite
def _with_departure(draw: st.DrawFn, asked: Asked, found: Plain) -> Plain:
    """The evidence with a departure that the rules allow, where there is one, or else as it was."""
    node = asked.departing[draw(st.integers(0, len(asked.departing) - 1))]
    assert isinstance(node.rule, DiscretionRule)
    computed = rate_evidence(asked.framework, evidence_from(found)).results[node.name].computed
    step = draw(st.sampled_from((-1, 1))) * draw(st.integers(1, node.rule.bands))
    labels = node.binding.scale.ratings if node.binding.scale else ()
    if not isinstance(computed, int) or not 0 <= computed + step < len(labels) or node.name in found.get("ratings", {}):
        return found
    departed = {**found, "departures": {node.name: {"rating": labels[computed + step], "reason": _REASON}}}
    return departed if _rates(asked.framework, departed) else found


@st.composite
def _with_a_result(draw: st.DrawFn, asked: Asked, found: Plain) -> Plain:
    """The evidence with a rating stated that also follows from it."""
    graph = asked.framework.graph
    settled = [
        (name, outcome.rating)
        for name, outcome in rate(asked.framework, found).outcomes.items()
        if outcome.state is State.SETTLED and outcome.rating and outcome.departure is None
        if name in graph.nodes and not graph[name].rule.takes_evidence
    ]
    if not settled:
        return found
    name, rating = draw(st.sampled_from(settled))
    return {**found, "ratings": {**found.get("ratings", {}), name: rating}}


def _rates(framework: Framework, found: Plain) -> bool:
    try:
        rate(framework, found)
    except InspectError:
        return False
    return True


@st.composite
def _pooled(draw: st.DrawFn, asked: Asked, found: Plain) -> Plain:
    """The evidence with its tallies split between units: all of them, or those that a pool of the framework takes."""
    tallies: Plain = found.get("tallies", {})
    ways = [(asked.framework.id, {here: here for here in tallies})]
    for there, pool in asked.framework.data.pools.items():
        ways.append((there, {here: number for number, here in pool.numbers().items() if here in tallies}))
    by, numbers = draw(st.sampled_from([way for way in ways if way[1]] or [("", {})]))
    names = list(_UNITS[: draw(st.integers(1, len(_UNITS)))]) if numbers else []
    units: Plain = {name: {"framework": by, "tallies": {}} for name in names}
    for here, there in numbers.items():
        left = tallies[here] if isinstance(tallies[here], Mapping) else {"yes": 0, "of": 0}
        for name in names:
            yes, no = left["yes"], left["of"] - left["yes"]
            if name != names[-1]:
                yes, no = draw(st.integers(0, yes)), draw(st.integers(0, no))
            units[name]["tallies"][there] = {"yes": yes, "of": yes + no} if yes + no else "not applicable"
            left = {"yes": left["yes"] - yes, "of": left["of"] - yes - no}
    kept = {here: count for here, count in tallies.items() if here not in numbers}
    whole = {where: entries for where, entries in found.items() if where != "tallies"}
    return {**whole, **({"tallies": kept} if kept else {}), **({"units": units} if units else {})}


@st.composite
def _evidence(draw: st.DrawFn, asked: Asked, *, plain: bool) -> Plain:
    found = draw(_complete(asked, mixed=not plain))
    if not plain and asked.departing and draw(_SELDOM):
        found = draw(_with_departure(asked, found))
    elif not plain and draw(_SELDOM):
        found = draw(_with_a_result(asked, found))
    if not plain and asked.questions and draw(_SELDOM):
        found = draw(_pooled(asked, found))
    return {"date": draw(_DAYS).isoformat(), **found} if not plain and draw(_SELDOM) else found


def evidence(framework: Framework, *, plain: bool = False) -> st.SearchStrategy[Plain]:
    """Valid evidence for a framework, in which nothing is missing that its ratings rest on.

    It enters at mixed levels: tallies, cases, ratings of whole standards in place of what lies under them, panel
    ratings with and without a reason, numbers, flags and choices, now and then a departure that the rules allow or a
    rating that also follows from the rest, tallies that are pooled from up to three units, and the day of the
    inspection, on which the framework need not have been in force.

    Args:
        framework: the framework.
        plain: only what the framework asks for: tallies, and ratings and values that nothing computes.
    """
    return _evidence(Asked(framework), plain=plain)


# --- evidence that is open


def _drop(found: Plain, where: str, name: str) -> None:
    """Take an entry out of evidence."""
    del found[where][name]
    if not found[where]:
        del found[where]


@st.composite
def _partial(draw: st.DrawFn, asked: Asked) -> Plain:
    found = {where: dict(entries) for where, entries in draw(_complete(asked, mixed=False)).items()}
    places = [(where, name) for where, entries in found.items() for name in entries]
    if not places:
        return found
    certain = draw(st.sampled_from(places))
    for where, name in places:
        fate = draw(st.sampled_from(("missing", "kept", "kept", "begun")))
        if fate == "kept" and (where, name) != certain:
            continue
        if fate == "begun" and where == "tallies":
            of = draw(st.integers(0, 4))
            yes = of - draw(st.integers(0, of))
            found[where][name] = {"yes": yes, "of": of, "open": draw(st.integers(1, 3))}
        else:
            _drop(found, where, name)
    return found


def partial_evidence(framework: Framework) -> st.SearchStrategy[Plain]:
    """Valid evidence for a framework with something still open: entries that are missing, tallies half counted."""
    return _partial(Asked(framework))


@st.composite
def _completed(draw: st.DrawFn, asked: Asked, found: Mapping[str, Any]) -> Plain:
    whole: Plain = {where: dict(entries) for where, entries in found.items() if isinstance(entries, Mapping)}
    whole |= {where: entries for where, entries in found.items() if not isinstance(entries, Mapping)}
    answered = {question for case in found.get("cases", ()) for question in case.get("answers", {})}
    for node in asked.leaves:
        where = heading(node)
        name = node.of if where == "tallies" else node.name
        stated = whole.get(where, {}).get(name, whole.get("ratings", {}).get(name))
        if where == "tallies" and isinstance(stated, Mapping) and stated.get("open"):
            more = draw(st.integers(0, stated["open"]))
            of, yes = stated["of"] + more, stated["yes"] + draw(st.integers(0, more))
            whole[where][name] = {"yes": yes, "of": of} if of else "not applicable"
        elif stated is None and name not in answered and not may_be_silent(node):
            good = draw(st.booleans())
            whole.setdefault(where, {})[name] = _entry(draw, node, good=good, rated=True)
    return whole


def completions(framework: Framework, found: Mapping[str, Any]) -> st.SearchStrategy[Plain]:
    """What open evidence can become when all that is missing is there; what it says already stays as it is.

    A tally can turn out not applicable. Ratings and values that are missing get one: that something is not rated is
    for the evidence to say.

    Args:
        framework: the framework.
        found: evidence in the form of `partial_evidence`; cases are taken to be answered in full.
    """
    return _completed(Asked(framework), found)
