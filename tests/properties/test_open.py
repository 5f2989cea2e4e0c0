"""Promise 6. Missing is neither worst nor best.

Every completion of open evidence lies in the interval, and both ends are reached.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given

import inspectlib
from inspectlib.completions import every_stretch
from inspectlib.evaluate import Interval, Result
from inspectlib.evidence import Count
from inspectlib.evidence_reader import evidence_from
from inspectlib.graph import Framework
from inspectlib.kinds import Absent, Kind, Score, Tally
from inspectlib.letters import shares_told_apart
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
    shipped_framework,
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
    "d": {"rule": "given", "kind": "answers"},
    "d_share": {"rule": "share", "of": "d"},
    "d_rating": {"rule": "band", "of": "d_share", "bands": "halves"},
    "rated": {"rule": "count", "of": ["d_rating"], "at_least": "bad"},
    "moved": {"rule": "shift", "of": "a_rating", "by": "rated"},
    "never": {"rule": "table", "inputs": ["d_rating"], "kind": "flag", "rows": [{"when": {}, "then": "no"}]},
    "silent": {
        "rule": "table", "inputs": ["never", "a_rating"], "kind": "flag",
        "rows": [
            {"when": {"never": "absent", "a_rating": "good"}, "then": "no"},
            {"when": {"never": "absent", "a_rating": "below good"}, "then": "yes"},
            {"when": {"never": ["yes", "no"]}, "then": "no"},
        ],
    },
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
    tallies = ("not applicable", {"yes": "0", "of": "1"}, {"yes": "1", "of": "2"}, {"yes": "1", "of": "1"})
    for a, d, rating in product(tallies, tallies, ("bad", "fair", "good")):
        whole = results(framework, {"tallies": {"a": a, "d": d}, "ratings": {"b": rating}})
        assert not outside(framework, before, whole), (a, d, rating)


WAVES: Plain = {
    "mean": {"rule": "mean", "of": ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"]},
    "level": {"rule": "band", "of": "mean", "bands": "means"},
    "wave": {
        "rule": "table", "inputs": ["level", "r1"], "kind": "rating", "scale": "marks",
        "rows": [
            {"when": {"level": ["bad", "good"], "r1": "at most fair"}, "then": "fair"},
            {"when": {"level": "fair", "r1": "at most fair"}, "then": "bad"},
            {"when": {"level": "bad", "r1": "good"}, "then": "bad"},
            {"when": {"level": "at least fair", "r1": "good"}, "then": "good"},
        ],
    },
    "worse": {"rule": "test", "of": "level", "at_most": "bad"},
    "limited": {"rule": "limit", "of": "wave", "to": "bad", "when": "worse"},
}  # fmt: skip


@pytest.mark.parametrize("known", [{}, {"r1": "good"}, {"r1": "bad"}, {"r2": "good", "r3": "good", "r4": "good"}])
def test_open_is_exact_beyond_what_can_be_tried(known: dict[str, str]) -> None:
    """With thousands of completions that can help and harm, the interval is what all of them together give."""
    marks = ("bad", "fair", "good")
    bands: Plain = {"bad": {"at_most": "1/8"}, "fair": {"above": "1/8", "at_most": "3/4"}, "good": {"above": "3/4"}}
    rating: Plain = {"rule": "given", "kind": "rating", "scale": "marks"}
    rules = {**{f"r{i}": rating for i in range(1, 9)}, **WAVES}
    named = {"id": "waves", "version": "1", "title": "Waves", **GROUND, "sources": {"own": {"title": "A source"}}}
    framework = built(
        {
            **named, "scales": {"marks": {"ratings": list(marks), **GROUND}},
            "bands": {"means": {"scale": "marks", "bands": bands, **GROUND}},
            "nodes": {name: {**rule, **GROUND} for name, rule in rules.items()},
        }
    )  # fmt: skip
    before = results(framework, {"ratings": known})
    # The ratings but r1 go into the mean alone, so only how many there are of each matters.
    others = [f"r{i}" for i in range(2, 9) if f"r{i}" not in known]
    wholes = [
        results(framework, {"ratings": {**known, "r1": first, **dict(zip(others, rest, strict=True))}})
        for first in ([known["r1"]] if "r1" in known else marks)
        for rest in combinations_with_replacement(marks, len(others))
    ]
    assert not [found for whole in wholes for found in outside(framework, before, whole)]
    assert not unreached(framework, before, wholes)


@given(rng=randoms())
def test_open_counts_have_a_completion_in_each_stretch(rng: random.Random) -> None:
    """The completions tried for counted answers are completions, and each stretch that has one is among them."""
    graph = shipped_framework("hmip-crc-2018").graph
    yes, of, still_open = rng.randint(0, 6), rng.randint(0, 6), rng.randint(1, 40)
    count = Count(yes, yes + of, still_open)
    shares = shares_told_apart(graph, "2.1.1.answers")
    every = [(count.yes + y, count.of + n) for n in range(still_open + 1) for y in range(n + 1)]
    tried = every_stretch(graph, "2.1.1.answers", count)
    assert tried is not None
    assert set(tried) <= {Tally(*one) for one in every}

    def stretch(tally: Tally) -> object:
        share = Fraction(tally.yes, tally.of) if tally.of else None
        return None if share is None else (share in shares, sum(share > edge for edge in shares))

    assert {stretch(tally) for tally in tried if isinstance(tally, Tally)} == {stretch(Tally(*one)) for one in every}


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
