"""Promise 2. Total: valid evidence gives a rating, a not-rated with its reason, or an interval; never an exception."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import inspectlib
from inspectlib.graph import Framework
from inspectlib.outcome import State
from naive import Naive
from strategies import GROUND, Example, Plain, any_framework, built, make_evidence, make_open, randoms


def check(judgement: inspectlib.Judgement) -> None:
    """Each outcome is one of the kinds there are, and says what it must."""
    for outcome in judgement.outcomes.values():
        match outcome.state:
            case State.SETTLED:
                assert outcome.rating is not None or outcome.value is not None
            case State.OPEN:
                assert outcome.between is not None
                assert len(outcome.between) == 2
            case _:
                assert outcome.reason
                assert outcome.rating is None
                assert outcome.value is None
        assert outcome.text()
    assert judgement.to_json()
    if judgement.overall:
        assert judgement.explain().text()


@given(framework=any_framework(), rng=randoms(), share_open=st.sampled_from(["none", "some", "most"]))
def test_total_on_any_evidence(framework: Example, rng: random.Random, share_open: str) -> None:
    """Any valid evidence, complete or open, is rated, written out and explained without an exception."""
    mapping, checked, _ = framework
    naive = Naive(mapping)
    evidence = make_evidence(rng, naive)
    chance = {"none": 0, "some": 3, "most": 9}[share_open]
    if chance:
        evidence = make_open(rng, evidence, Fraction(chance, 10))
    check(inspectlib.rate(checked, evidence))


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_total_on_no_evidence(name: str) -> None:
    """Evidence that says nothing leaves everything open, and is no error."""
    judgement = inspectlib.rate(inspectlib.load(name), {})
    check(judgement)
    if name == "hmip-small-youth-2019":  # nothing is rated
        assert {outcome.state for outcome in judgement.outcomes.values()} == {State.NOT_RATED}
        return
    assert judgement.overall is not None
    assert judgement.overall.state is State.OPEN


def small(nodes: Plain, **more: Plain) -> Framework:
    """A framework of a few named nodes."""
    named = {"id": "small", "version": "1", "title": "Small", **GROUND, "sources": {"own": {"title": "A source"}}}
    scales = {"marks": {"ratings": ["bad", "good"], **GROUND}}
    return built(
        {**named, "scales": scales, **more, "nodes": {name: {**rule, **GROUND} for name, rule in nodes.items()}}
    )


@pytest.mark.parametrize(
    "evidence", [{}, {"tallies": {"asked": {"yes": "1", "of": "2"}}}, {"tallies": {"asked": "not applicable"}}]
)
def test_total_where_a_named_node_is_answers(evidence: Plain) -> None:
    """Answers can be given to a named node as well as to a key question."""
    framework = small({"asked": {"rule": "given", "kind": "answers"}, "part": {"rule": "share", "of": "asked"}})
    check(inspectlib.rate(framework, evidence))


@pytest.mark.parametrize(
    ("least", "most", "amount"), [("6", "12", "7"), ("1", "2", "3/2"), ("0", "21/2", "41/4"), ("-1", "1/4", "1/8")]
)
def test_total_where_a_table_has_a_bounded_number(least: str, most: str, amount: str) -> None:
    """A table that was accepted has a row for every number within the bounds; one that has none is refused."""
    number = {"rule": "given", "kind": "number", "least": least, "most": most}
    rows = [{"when": {"n": cell}, "then": "yes"} for cell in ("at least 10", "0")]
    try:
        framework = small({"n": number, "t": {"rule": "table", "inputs": ["n"], "kind": "flag", "rows": rows}})
    except inspectlib.InspectError as error:
        assert {fault.code for fault in error.faults} == {"table-gap"}
        return
    check(inspectlib.rate(framework, {"values": {"n": amount}}))


def test_total_where_conditions_are_absent() -> None:
    """Conditions, all of which are absent, leave no value with a reason; and some absent are left out."""
    flag = {"rule": "given", "kind": "flag", "missing": "not rated", "missing_reason": "nobody looked"}
    framework = small(
        {"a": flag, "b": flag, "both": {"rule": "all", "of": ["a", "b"]}, "one": {"rule": "any", "of": ["a", "b"]}}
    )
    silent = inspectlib.rate(framework, {})
    assert [silent[name].reason for name in ("both", "one")] == ["nobody looked", "nobody looked"]
    half = inspectlib.rate(framework, {"values": {"a": "yes"}})
    assert [half[name].value for name in ("both", "one")] == [True, True]
