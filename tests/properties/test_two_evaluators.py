"""The engine and the naive evaluator of the tests agree."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

import inspectlib
from inspectlib.errors import DepartureRefused
from inspectlib.evaluate import Interval
from inspectlib.evidence_reader import evidence_from
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Absent as EngineAbsent
from inspectlib.kinds import Kind, Score, Tally
from inspectlib.outcome import Outcome, State
from inspectlib.rating import Rated, rate_evidence
from naive import Absent, Naive, Open, Points, Rating, Value
from strategies import (
    Plain,
    add_stated,
    make_evidence,
    make_open,
    seeded_frameworks,
    shipped_framework,
    shipped_mapping,
)

SEED = 20190701
#: So many inspections at least under the shipped frameworks, and so many under made-up ones.
SHIPPED, MADE_UP = 3_000, 17_000
MADE_UP_FRAMEWORKS = 120
#: One inspection in so many is also compared as it is published.
PUBLISHED_EVERY = 20


def shown(value: Value) -> Any:
    """What the naive evaluator found, as outcomes show it."""
    if isinstance(value, Points):
        return Score(value.points, value.most)
    return str(value) if isinstance(value, Rating) else value


def said(outcome: Outcome) -> Any:
    """What the engine publishes, as the naive evaluator shows it."""
    if outcome.state in (State.NOT_RATED, State.NOT_APPLICABLE):
        return Absent(str(outcome.state))
    return outcome.rating if outcome.rating is not None else outcome.value


def settled(rated: Rated, name: str) -> Any:
    """What the engine computed for a node, as the naive evaluator shows it; None while it is open."""
    value, node = rated.results[name].value, rated.framework.graph[name]
    if isinstance(value, Interval):
        return None
    if isinstance(value, EngineAbsent):
        return Absent(str(value.state))
    if isinstance(value, Tally):
        return value.yes, value.of
    if node.type.kind is Kind.RATING:
        assert node.binding.scale is not None
        assert isinstance(value, int)
        return node.binding.scale.ratings[value]
    return value


def differences(rated: Rated, naive: Naive, tally: Counter[str]) -> list[str]:
    """Where the two disagree, over all nodes; what is still open is not compared."""
    found = []
    assert set(rated.results) == set(naive.rules)
    for name in naive.rules:
        try:
            expected = shown(naive.value(name))
        except Open:
            tally["open"] += 1
            continue
        tally["nodes"] += 1
        if settled(rated, name) != expected:
            found.append(f"{name}: the engine says {rated.results[name]}, the naive evaluator {expected}")
    return found


def published_differences(judgement: inspectlib.Judgement, naive: Naive) -> list[str]:
    """Where the two disagree, over everything that is published."""
    found = []
    assert set(naive.published) == set(judgement.outcomes)
    for name in naive.published:
        outcome = judgement[name]
        try:
            expected = shown(naive.value(name))
        except Open:
            continue
        if outcome.state is State.OPEN or said(outcome) != expected:
            found.append(f"{name}: the engine says {outcome.text()}, the naive evaluator {expected}")
        if outcome.role is Role.QUESTION and outcome.share != naive.share(name):
            found.append(f"share of {name}: {outcome.share} and {naive.share(name)}")
    return found


def compare(mapping: Plain, framework: Framework, rng: random.Random, times: int, tally: Counter[str]) -> None:
    """Rate so many random inspections both ways."""
    prepared = Naive(mapping)
    wanted = tally["inspections"] + times
    while tally["inspections"] < wanted:
        evidence = make_evidence(rng, prepared)
        if rng.random() < 0.2:
            evidence = add_stated(rng, prepared, evidence)
        elif rng.random() < 0.05:
            evidence = make_open(rng, evidence, Fraction(1, 5))
        naive = prepared.on(evidence)
        try:
            rated = rate_evidence(framework, evidence_from(evidence))
        except inspectlib.InspectError as error:
            assert all(isinstance(fault, DepartureRefused) for fault in error.faults), f"{error}\n{evidence}\n{mapping}"
            tally["refused"] += 1
            continue
        tally["inspections"] += 1
        tally["departures"] += len(evidence.get("departures", {}))
        found = differences(rated, naive, tally)
        if tally["inspections"] % PUBLISHED_EVERY == 0:
            found += published_differences(inspectlib.rate(framework, evidence), naive)
            tally["published"] += 1
        assert not found, f"{found}\nevidence: {evidence}\nframework: {mapping}"


def test_the_two_evaluators_agree_on_shipped_frameworks() -> None:
    """Every value of 3,000 inspections under the shipped frameworks is what the naive evaluator gives."""
    rng, tally = random.Random(SEED), Counter[str]()
    names = inspectlib.shipped()
    for name in names:
        compare(shipped_mapping(name), shipped_framework(name), rng, -(-SHIPPED // len(names)), tally)
    print(f"shipped frameworks: {dict(tally)}")  # noqa: T201  # pytest shows it with -s or on failure
    assert tally["inspections"] >= SHIPPED
    assert min(tally["departures"], tally["published"]) > SHIPPED // 30, tally


def test_the_two_evaluators_agree_on_made_up_frameworks() -> None:
    """Every value of 17,000 inspections under made-up frameworks is what the naive evaluator gives."""
    rng, tally = random.Random(SEED), Counter[str]()
    for mapping, framework, _ in seeded_frameworks(SEED, MADE_UP_FRAMEWORKS):
        compare(mapping, framework, rng, -(-MADE_UP // MADE_UP_FRAMEWORKS), tally)
    print(f"made-up frameworks: {dict(tally)}")  # noqa: T201  # pytest shows it with -s or on failure
    assert tally["inspections"] >= MADE_UP
    assert min(tally["departures"], tally["published"]) > MADE_UP // 30, tally


def test_the_run_is_large_enough() -> None:
    """The two runs together are 20,000 inspections at least."""
    assert SHIPPED + MADE_UP >= 20_000


@pytest.mark.parametrize(
    "evidence", [{"ratings": {"1.1": "Outstanding"}}, {"tallies": {"2.1.1": {"yes": "1", "of": "2"}}}]
)
def test_a_difference_is_seen(evidence: Plain) -> None:
    """The comparison reports a difference when the two are given different evidence."""
    mapping, framework = shipped_mapping("hmip-crc-2018"), shipped_framework("hmip-crc-2018")
    other = {"ratings": {"1.1": "Good"}, "tallies": {"2.1.1": {"yes": "1", "of": "3"}}}
    naive = Naive(mapping, evidence)
    assert differences(rate_evidence(framework, evidence_from(other)), naive, Counter())
    assert published_differences(inspectlib.rate(framework, other), naive)
