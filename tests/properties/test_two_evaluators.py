"""The engine and the naive evaluator of the tests agree."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from typing import Any

import inspectlib
from inspectlib.errors import DepartureRefused
from inspectlib.evidence import Evidence
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Score
from inspectlib.outcome import Outcome, State
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
WANTED = 20_000
SHIPPED_EACH = 1_000
MADE_UP = 250


def shown(value: Value) -> Any:
    """What the naive evaluator found, as outcomes show it."""
    if isinstance(value, Points):
        return Score(value.points, value.most)
    return str(value) if isinstance(value, Rating) else value


def said(outcome: Outcome) -> Any:
    """What the engine found, as the naive evaluator shows it."""
    if outcome.state in (State.NOT_RATED, State.NOT_APPLICABLE):
        return Absent(str(outcome.state))
    return outcome.rating if outcome.rating is not None else outcome.value


def differences(judgement: inspectlib.Judgement, naive: Naive, tally: Counter[str]) -> list[str]:
    """Where the two disagree, over everything that is published; what is still open is not compared."""
    found = []
    for name in naive.published:
        outcome = judgement[name]
        try:
            expected = shown(naive.value(name))
        except Open:
            tally["open"] += 1
            continue
        tally["compared"] += 1
        if outcome.state is State.OPEN or said(outcome) != expected:
            found.append(f"{name}: the engine says {outcome.text()}, the naive evaluator {expected}")
        if outcome.role is Role.QUESTION and outcome.share != naive.share(name):
            found.append(f"share of {name}: {outcome.share} and {naive.share(name)}")
    assert set(naive.published) == set(judgement.outcomes)
    return found


def compare(mapping: Plain, framework: Framework, rng: random.Random, times: int, tally: Counter[str]) -> None:
    """Rate so many random inspections both ways."""
    prepared = Naive(mapping)
    for _ in range(times):
        evidence = make_evidence(rng, mapping)
        if rng.random() < 0.3:
            evidence = add_stated(rng, mapping, evidence)
        elif rng.random() < 0.1:
            evidence = make_open(rng, mapping, evidence, 0.2)
        try:
            judgement = inspectlib.rate(framework, evidence)
        except* DepartureRefused:
            tally["refused"] += 1
            judgement = None
        if judgement is None:
            continue
        tally["inspections"] += 1
        tally["departures"] += len(evidence.get("departures", {}))
        found = differences(judgement, prepared.on(evidence), tally)
        assert not found, f"{found}\nevidence: {evidence}\nframework: {mapping}"


def test_the_two_evaluators_agree_on_shipped_frameworks() -> None:
    """Every published value of thousands of inspections under the shipped frameworks is what the naive evaluator gives."""
    rng, tally = random.Random(SEED), Counter[str]()
    for name in inspectlib.shipped():
        compare(shipped_mapping(name), shipped_framework(name), rng, SHIPPED_EACH, tally)
    assert tally["inspections"] > 0.8 * SHIPPED_EACH * len(inspectlib.shipped()), tally
    assert tally["departures"] > 100, tally


def test_the_two_evaluators_agree_on_made_up_frameworks() -> None:
    """Every published value of thousands of inspections under made-up frameworks is what the naive evaluator gives, and
    with the shipped ones they are 20,000 at least."""
    rng, tally = random.Random(SEED), Counter[str]()
    each = (WANTED - int(0.8 * SHIPPED_EACH * len(inspectlib.shipped()))) // MADE_UP + 4
    for mapping, framework in seeded_frameworks(SEED, MADE_UP):
        compare(mapping, framework, rng, each, tally)
    assert tally["inspections"] + int(0.8 * SHIPPED_EACH * len(inspectlib.shipped())) >= WANTED, tally
    assert tally["departures"] > 100, tally


def test_a_difference_is_seen() -> None:
    """The comparison finds a difference where there is one."""
    mapping, framework = shipped_mapping("hmip-crc-2018"), shipped_framework("hmip-crc-2018")
    judgement = inspectlib.rate(framework, {"ratings": {"1.1": "Good"}})
    assert differences(judgement, Naive(mapping, {"ratings": {"1.1": "Outstanding"}}), Counter())
    assert isinstance(Evidence.from_data({}), Evidence)
