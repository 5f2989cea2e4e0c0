"""Promise 6. Missing is neither worst nor best.

Every completion of open evidence lies in the interval, and both ends are reached.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

import inspectlib
from inspectlib.evaluate import Interval, Result
from inspectlib.evidence_reader import evidence_from
from inspectlib.graph import Framework
from inspectlib.kinds import Absent, Kind, Score
from inspectlib.rating import rate_evidence
from naive import Naive
from strategies import (
    GROUND,
    Example,
    Plain,
    any_framework,
    built,
    completion,
    completions,
    frameworks,
    make_evidence,
    make_open,
    randoms,
    shipped_frameworks,
)

MOST = 120


def results(framework: Framework, evidence: Plain) -> dict[str, Result]:
    """What every node has."""
    return dict(rate_evidence(framework, evidence_from(evidence)).results)


def order(value: Any) -> Any:
    """What a value is compared by: of a score the points, because its maximum depends on how many parts are rated."""
    return value.points if isinstance(value, Score) else value


def outside(framework: Framework, before: dict[str, Result], whole: dict[str, Result]) -> list[str]:
    """The nodes for which a completion gives what was said to be impossible."""
    found = []
    for name, result in before.items():
        said, came = result.value, whole[name].value
        if framework.graph[name].type.kind is Kind.ANSWERS:
            continue
        if isinstance(came, Interval):
            same = False
        elif not isinstance(said, Interval):
            same = isinstance(came, Absent) if isinstance(said, Absent) else said == came
        elif isinstance(came, Absent):
            same = said.absent
        elif framework.graph[name].type.kind is Kind.CHOICE:
            same = True  # choices have no order
        else:
            same = order(said.worst) <= order(came) <= order(said.best)
        if not same:
            found.append(f"{name}: {said} was to be expected, and it is {came}")
    return found


def unreached(framework: Framework, before: dict[str, Result], wholes: list[dict[str, Result]]) -> list[str]:
    """The ends of intervals that no completion reaches."""
    found = []
    for name, result in before.items():
        said = result.value
        if not isinstance(said, Interval) or framework.graph[name].type.kind in (Kind.ANSWERS, Kind.CHOICE):
            continue
        came = [whole[name].value for whole in wholes]
        values = [order(value) for value in came if not isinstance(value, Absent)]
        if (min(values), max(values)) != (order(said.worst), order(said.best)):
            found.append(f"{name}: {said}, but its completions go from {min(values)} to {max(values)}")
        if said.absent != any(isinstance(value, Absent) for value in came):
            found.append(f"{name}: {said}, and absent in {sum(isinstance(v, Absent) for v in came)} of {len(came)}")
    return found


def check(example: Example, rng: random.Random, chance: Fraction) -> None:
    """The promise for one framework and some open evidence."""
    mapping, framework, _ = example
    naive = Naive(mapping)
    evidence = make_open(rng, make_evidence(rng, naive), chance)
    before = results(framework, evidence)
    every = completions(naive, evidence, MOST)
    for whole in every or [completion(rng, naive, evidence) for _ in range(8)]:
        assert not outside(framework, before, results(framework, whole)), (evidence, whole)
    if every:
        assert not unreached(framework, before, [results(framework, whole) for whole in every]), evidence


@given(example=shipped_frameworks(), rng=randoms())
def test_open_evidence_under_shipped_frameworks(example: Example, rng: random.Random) -> None:
    """Under a shipped framework no completion leaves the interval, and both ends are reached where all can be tried."""
    check(example, rng, Fraction(rng.choice([5, 15, 60]), 100))


@given(example=frameworks(), rng=randoms())
def test_open_evidence_under_made_up_frameworks(example: Example, rng: random.Random) -> None:
    """Under a made-up framework no completion leaves the interval, and both ends are reached where all can be tried."""
    check(example, rng, Fraction(rng.choice([10, 20, 50]), 100))


@pytest.mark.parametrize("name", [name for name in inspectlib.shipped() if name != "hmip-small-youth-2019"])
def test_open_evidence_can_become_anything(name: str) -> None:
    """Without any evidence the overall rating lies between the worst and the best there is."""
    framework = inspectlib.load(name)
    overall, scale = inspectlib.rate(framework, {}).overall, framework.graph["overall"].binding.scale
    assert overall is not None and scale is not None
    assert overall.between == (scale.ratings[0], scale.ratings[-1])


SHIFTED: Plain = {
    "a": {"rule": "given", "kind": "answers"},
    "a_share": {"rule": "share", "of": "a"},
    "a_rating": {"rule": "band", "of": "a_share", "bands": "halves"},
    "a_lower": {"rule": "shift", "of": "a_rating", "by": "-1"},
    "b": {"rule": "given", "kind": "rating", "scale": "marks"},
    "worst": {"rule": "lowest", "of": ["a_lower", "b"]},
    "mean": {"rule": "mean", "of": ["a_lower", "b"]},
    "total": {"rule": "total", "of": ["a_lower", "b"]},
    "middling": {
        "rule": "table", "inputs": ["a_rating"], "kind": "flag",
        "rows": [{"when": {"a_rating": "fair"}, "then": "yes"}, {"when": {"a_rating": ["bad", "good"]}, "then": "no"}],
    },
}  # fmt: skip


def test_open_where_absence_is_better_than_the_best() -> None:
    """The interval has room for what turns out not to apply: here without `a` the lowest is `b` alone."""
    bands: Plain = {"bad": {"below": "1/3"}, "fair": {"at_least": "1/3", "below": "2/3"}, "good": {"at_least": "2/3"}}
    framework = built(
        {
            "id": "shifted", "version": "1", "title": "Shifted", **GROUND, "sources": {"own": {"title": "A source"}},
            "scales": {"marks": {"ratings": ["bad", "fair", "good"], **GROUND}},
            "bands": {"halves": {"scale": "marks", "bands": bands, **GROUND}},
            "nodes": {name: {**rule, **GROUND} for name, rule in SHIFTED.items()},
        }
    )  # fmt: skip
    before = results(framework, {})
    for tally in ("not applicable", {"yes": "0", "of": "1"}, {"yes": "1", "of": "2"}, {"yes": "1", "of": "1"}):
        for rating in ("bad", "fair", "good"):
            whole = results(framework, {"tallies": {"a": tally}, "ratings": {"b": rating}})
            assert not outside(framework, before, whole), (tally, rating)


@given(example=any_framework(), rng=randoms())
def test_open_range_of_a_node(example: Example, rng: random.Random) -> None:
    """No evidence gives a node a value outside the range that is known of it, also where inputs turn out absent."""
    mapping, framework, _ = example
    for name, result in results(framework, make_evidence(rng, Naive(mapping))).items():
        node = framework.graph[name]
        if isinstance(result.value, Absent) or node.type.kind in (Kind.ANSWERS, Kind.CHOICE):
            continue
        low, high = node.range
        assert order(low) <= order(result.value) <= order(high), (name, node.rule, node.range)


@pytest.mark.parametrize(
    "overall",
    [
        {"rule": "lowest", "of": ["lower", "b"]},
        {"rule": "panel", "scale": "marks", "ceiling": "lower", "binding": "true"},
    ],
    ids=["lowest", "panel"],
)
def test_open_range_has_room_for_absence(overall: Plain) -> None:
    """A rating that is within reach only where an input is absent is within reach, so the framework is no fault."""
    rating: Plain = {"rule": "given", "kind": "rating", "scale": "marks"}
    rules = {"a": rating, "b": rating, "lower": {"rule": "shift", "of": "a", "by": "-1"}, "overall": overall}
    named = {"id": "reach", "version": "1", "title": "Reach", **GROUND, "sources": {"own": {"title": "A source"}}}
    nodes = {name: {**rule, **GROUND} for name, rule in rules.items()}
    framework = built({**named, "scales": {"marks": {"ratings": ["bad", "good"], **GROUND}}, "nodes": nodes})
    given_overall = {"overall": "good"} if overall["rule"] == "panel" else {}
    judgement = inspectlib.rate(framework, {"ratings": {"a": "not rated", "b": "good", **given_overall}})
    assert judgement["overall"].rating == "good"


def test_open_sees_what_lies_outside() -> None:
    """A completion of other evidence is found to lie outside."""
    framework = inspectlib.load("hmip-crc-2018")
    before = results(framework, {"tallies": {"2.1.1": {"yes": "1", "of": "2", "open": "1"}}})
    after = results(framework, {"tallies": {"2.1.1": {"yes": "9", "of": "10"}}})
    assert outside(framework, before, after)
    assert unreached(framework, before, [after])
