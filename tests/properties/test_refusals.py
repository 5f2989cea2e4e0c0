"""Promise 9. Refuses bad input precisely: whatever is wrong with it, nothing but an InspectError comes of it."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import inspectlib
from inspectlib.errors import InspectError
from naive import Naive
from strategies import GROUND, Example, Plain, any_framework, built, frameworks, make_evidence, randoms

JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7, 10**400, 0.5, float("nan"), float("inf"), Decimal("NaN"), Decimal("1e400")),
    *(Fraction(1, 3), b"bytes", object(), (), [], {}, [[]], [{}], [None], ["1.1", "1.1"], {1: 2}, {"": ""}),
    *("", " ", "yes", "no", "open", "absent", "not rated", "not applicable", "NaN", "inf", "-1", "1/0", "1e9", "0.5"),
    *("50%", "007", "\u00b2", "\u0663", "1.\u00b2", "9" * 5000, "1." * 300 + "1", "\x00", "\ud800", "a" * 3000),
    *("overall", "standards", "1", "1.1", "rating", "given", "answers", "marks", "at least", "at least x", "above 1/0"),
    *("below \u00b2", "withdrawn", "<<", "__class__"),
    *({"rule": "given"}, {"rule": None}, {"rating": None}, {"yes": "2", "of": "1"}, {"yes": "1", "of": "0"}),
    *({"yes": "1/2", "of": "1"}, {"yes": "-1", "of": "1"}),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every entry."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, item in value.items():
            found += places(item, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += places(item, (*path, index))
    return found


def spoiled(rng: random.Random, value: Plain) -> Plain:
    """The data with one to three things wrong, or at least different."""
    found = copy.deepcopy(value)
    for _ in range(rng.choice([1, 1, 2, 3])):
        path = rng.choice(places(found) or [("new",)])
        parent: Any = found
        for step in path[:-1]:
            parent = parent[step]
        key = path[-1]
        how = rng.choice(["replace", "replace", "remove", "rename", "add", "move"])
        if how == "replace" or (how in ("rename", "add") and not isinstance(parent, dict)):
            parent[key] = rng.choice(JUNK)
        elif how == "remove" and key in (parent if isinstance(parent, dict) else range(len(parent))):
            del parent[key]
        elif how == "rename" and key in parent:
            texts = [junk for junk in JUNK if isinstance(junk, (str, int, type(None)))]
            parent[rng.choice(texts)] = parent.pop(key)
        elif how == "add":
            parent[rng.choice(["more", "of", "rule", "when", "at_most", "weights", "\u00b2"])] = rng.choice(JUNK)
        elif how == "move":
            other = rng.choice(places(found) or [()])
            donor: Any = found
            for step in other:
                donor = donor[step]
            parent[key] = copy.deepcopy(donor)
    return found


@given(example=any_framework(), rng=randoms())
def test_refuses_a_spoiled_framework(example: Example, rng: random.Random) -> None:
    """A framework with anything wrong is refused with faults that say what and where, or is good all the same."""
    for _ in range(5):
        try:
            built(spoiled(rng, example.mapping))
        except InspectError as error:
            assert error.faults
            assert all(fault.message and fault.code != "fault" and str(fault) for fault in error.faults)


@given(example=any_framework(), rng=randoms())
def test_refuses_spoiled_evidence(example: Example, rng: random.Random) -> None:
    """Evidence with anything wrong is refused with faults that say what and where, or is good all the same."""
    for _ in range(5):
        try:
            judgement = inspectlib.rate(example.framework, spoiled(rng, make_evidence(rng, Naive(example.mapping))))
        except InspectError as error:
            assert error.faults
            assert all(fault.message and fault.code != "fault" and str(fault) for fault in error.faults)
        else:
            assert judgement.to_json()


@given(example=frameworks(), rng=randoms())
def test_refuses_a_spoiled_record(example: Example, rng: random.Random) -> None:
    """A recorded judgement that was changed is refused with an InspectError, or says the same all the same."""
    judgement = inspectlib.rate(example.framework, make_evidence(rng, Naive(example.mapping)))
    changed = spoiled(rng, judgement.to_data())
    try:
        text = json.dumps(changed)
    except (TypeError, ValueError):
        return
    try:
        inspectlib.Judgement.from_json(text)
        inspectlib.Judgement.from_json(text, example.framework)
    except InspectError as error:
        assert error.faults


def nodes(**rules: Plain) -> Plain:
    """A framework of a few named nodes."""
    named = {"id": "few", "version": "1", "title": "Few", **GROUND, "sources": {"own": {"title": "A source"}}}
    return {**named, "nodes": {name: {**rule, **GROUND} for name, rule in rules.items()}}


@pytest.mark.parametrize("number", ["\u00b2", "1.\u00b2", "9" * 5000])
def test_refuses_a_number_in_other_digits(number: str) -> None:
    """A domain, standard or node numbered in digits that are none of 0 to 9, or with thousands of them, is refused."""
    panel = {"each_standard": {"rating": {"rule": "panel", "scale": "marks", **GROUND}}, "title": "Panel"}
    standard = {"title": "Standard", "method": "panel"}
    mapping = nodes(**{number: {"rule": "given", "kind": "flag"}})
    mapping |= {
        "scales": {"marks": {"ratings": ["bad", "good"], **GROUND}},
        "methods": {"panel": panel},
        "domains": {number: {"title": "Domain", "standards": {f"{number}.1": standard, number: standard}, **GROUND}},
    }
    with pytest.raises(InspectError):
        built(mapping)


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "panel", "scale": "marks", "ceiling": "pair"},
        {"rule": "panel", "scale": "marks", "floor": "pair"},
        {"rule": "limit", "of": "pair", "to": "bad", "when": "f"},
        {"rule": "lift", "of": "a", "to": "bad", "when": "pair"},
        {"rule": "shift", "of": "pair", "by": "1"},
        {"rule": "shift", "of": "a", "by": "pair"},
        {"rule": "test", "of": "pair", "at_least": "good"},
        {"rule": "not", "of": "pair"},
        {"rule": "discretion", "of": "pair"},
        {"rule": "share", "of": "pair"},
    ],
    ids=lambda rule: "-".join(rule.values()),
)
def test_refuses_two_nodes_where_one_belongs(rule: Plain) -> None:
    """A group of two nodes where a rule takes one is refused, by whatever rule."""
    rating = {"rule": "given", "kind": "rating", "scale": "marks"}
    mapping = nodes(a=rating, b=rating, f={"rule": "given", "kind": "flag"}, x=rule)
    mapping |= {"scales": {"marks": {"ratings": ["bad", "good"], **GROUND}}, "groups": {"pair": ["a", "b"]}}
    with pytest.raises(InspectError) as caught:
        built(mapping)
    assert any("exactly one" in fault.message for fault in caught.value.faults)


@pytest.mark.parametrize("part", ["<<", "Share", "\u00b2"])
def test_refuses_a_part_without_a_proper_name(part: str) -> None:
    """A part of a method that cannot be a name is refused, also where another part takes it."""
    asked = {
        part: {"rule": "given", "kind": "answers", **GROUND},
        "rating": {"rule": "share", "of": part, **GROUND},
    }
    question = {"1.1.1": {"title": "question"}}
    standards = {"1.1": {"title": "Standard", "method": "odd", "questions": question}}
    mapping = nodes() | {
        "methods": {"odd": {"title": "Odd", "each_question": asked}},
        "domains": {"1": {"title": "Domain", "standards": standards, **GROUND}},
    }
    with pytest.raises(InspectError):
        built(mapping)


def doubled(depth: int) -> Plain:
    """Groups that hold two groups each, so that the number of ways down doubles with each."""
    groups: Plain = {f"{side}{n}": [f"g{n + 1}", f"h{n + 1}"] for n in range(depth) for side in "gh"}
    return {**groups, f"g{depth}": ["a"], f"h{depth}": ["a"]}


def chained(length: int) -> Plain:
    """Groups that hold one group each, in a long chain."""
    return {**{f"g{n}": [f"g{n + 1}"] for n in range(length)}, f"g{length}": ["a"]}


@pytest.mark.parametrize("groups", [doubled(28), chained(2000)], ids=["doubled", "chained"])
def test_refuses_groups_of_groups_in_bounded_time(groups: Plain, tmp_path: Path) -> None:
    """Groups of groups, however many ways lead through them, are accepted or refused soon and without a traceback."""
    mapping = nodes(a={"rule": "given", "kind": "flag"}, b={"rule": "all", "of": ["g0"]})
    file = tmp_path / "groups.yaml"
    file.write_text(json.dumps({**mapping, "groups": groups}), "utf-8")
    command = [sys.executable, "-m", "inspectlib", "check", str(file)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=30)
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr
