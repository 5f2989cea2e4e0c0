"""Promise 8, of the fast ways to rate. The compiled function, frames and arrays give what `rate` gives of each row."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

import inspectlib
from inspectlib.errors import InspectError
from inspectlib.graph import Framework
from inspectlib.kinds import Kind, Score
from strategies import GROUND, Plain, any_framework, built, randoms, shipped_framework, shipped_mapping
from strategies import Example as Made
from table_engines import ENGINES, check_frame, check_many, lines_of, refused
from table_rows import Cells, rows_for

#: A framework, a table and its rows one by one take a while.
FEWER = 5
MILLION = 1_000_000


def check_compiled(rng: random.Random, framework: Framework, rows: Sequence[Cells]) -> None:
    """The compiled function and `rate` agree on rows, and refuse the same."""
    names, lines = lines_of(rows)
    compiled = inspectlib.compile(framework, rng.sample(names, len(names)))
    positions = inspectlib.compile(framework, names, ratings="positions")
    for row, line in zip(rows, lines, strict=True):
        judgement, codes = refused(framework, row)
        if judgement is None:
            with pytest.raises(InspectError) as error:
                compiled(line)
            assert codes.issuperset(fault.code for fault in error.value.faults)
            continue
        found, placed = compiled(line), positions(line)
        for name, value in found.items():
            node = name if name in framework.graph.nodes else name.rpartition(".")[0]
            outcome = judgement.outcomes.get(node)
            if name.endswith(".share"):
                assert value == judgement[name.removesuffix(".share")].share
            elif outcome is not None and outcome.state != "settled":
                assert value == (outcome.text() if name == node else None)
                assert placed[name] is None
            elif outcome is not None and isinstance(outcome.value, Score):
                assert value == (outcome.value.points if name == node else outcome.value.max)
            elif outcome is not None and outcome.kind is Kind.RATING:
                place = judgement.position(node)
                assert (value, placed[name]) == (outcome.rating, place and place[0])
            elif outcome is not None:
                assert value == placed[name] == outcome.value


@settings(max_examples=FEWER)
@given(framework=any_framework(), rng=randoms())
def test_the_compiled_function_gives_what_rate_gives(framework: Made, rng: random.Random) -> None:
    """Under any framework, for complete, open, absent, stated and wrong evidence alike."""
    rows = rows_for(rng, framework.mapping)
    if any(rows):
        check_compiled(rng, framework.framework, rows)


def between_framework() -> Framework:
    """A number and a share, each compared in every way with edges that are no whole numbers."""
    answers: Plain = {"rule": "given", "kind": "answers", **GROUND}
    nodes: Plain = {
        "x": {"rule": "given", "kind": "number", "least": "-2", "most": "2", **GROUND},
        "answers": answers,
        "s": {"rule": "share", "of": "answers", **GROUND},
    }
    for of, edge in (("x", "1/4"), ("x", "1"), ("s", "1/2"), ("s", "1")):
        for word in ("at_least", "above", "at_most", "below"):
            nodes[f"{of}_{word}_{edge.replace('/', '_')}"] = {"rule": "test", "of": of, word: edge, **GROUND}
    nodes["band"] = {"rule": "band", "of": "x", "bands": "edges", **GROUND}
    nodes["row"] = {
        "rule": "table",
        "inputs": ["x"],
        "kind": "flag",
        "rows": [{"when": {"x": "at most 1/4"}, "then": "yes"}, {"when": {"x": "above 1/4"}, "then": "no"}],
        **GROUND,
    }
    bands: Plain = {"low": {"at_most": "1/4"}, "middle": {"above": "1/4", "below": "3/4"}, "high": {"at_least": "3/4"}}
    return built(
        {
            "id": "between",
            "version": "1",
            "title": "Between whole numbers (made up)",
            **GROUND,
            "sources": {"own": {"title": "A source"}},
            "scales": {"marks": {"ratings": list(bands), **GROUND}},
            "bands": {"edges": {"scale": "marks", "bands": bands, **GROUND}},
            "nodes": nodes,
        }
    )


@pytest.mark.parametrize("number", [Fraction(k, 8) for k in range(-16, 17)], ids=str)
def test_a_number_between_whole_ones_gives_what_rate_gives(number: Fraction) -> None:
    """A number or a stated share that is no whole number is compared as it is, on the edge and on either side of it."""
    framework, line = between_framework(), {"x": str(number), "s": str(abs(number) / 2)}
    judgement = inspectlib.rate(framework, {"values": line})
    found = inspectlib.compile(framework, list(line))(line)
    results = [name for name in framework.graph.nodes if name not in {"x", "s", "answers"}]
    assert {name: found[name] for name in results} == {
        name: judgement[name].rating or judgement[name].value for name in results
    }


@settings(max_examples=FEWER)
@given(framework=any_framework(), rng=randoms())
def test_a_frame_gives_what_rate_gives(framework: Made, rng: random.Random) -> None:
    """Under any framework, for complete, open, absent, stated and wrong evidence alike."""
    rows = [row for row in rows_for(rng, framework.mapping) if row]
    if rows:
        check_many(framework.framework, rows, 5_000, rng)


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_shipped_frameworks_compiled_and_on_frames(name: str) -> None:
    """Under every shipped framework, row by row."""
    rng = random.Random(f"fast {name}")
    framework, rows = shipped_framework(name), rows_for(rng, shipped_mapping(name))[:2]
    check_compiled(rng, framework, rows)
    check_frame(framework, rows, ENGINES["polars"])


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_what_rate_gives(engine: str) -> None:
    """Each engine, under a framework with scores and limits, and under one with numbers and a table."""
    for name in ("care-quality-2022", "nursing-home-stars-2022"):
        rng = random.Random(f"engines {name}")
        rows = [row for _ in range(2) for row in rows_for(rng, shipped_mapping(name)) if row]
        check_frame(shipped_framework(name), rows, ENGINES[engine])


def test_a_million_rows_of_tallies() -> None:
    """Polars and NumPy give the same of a million inspections, and the compiled function and `rate` of a sample."""
    framework = shipped_framework("hmip-pdu-2023")
    rng = np.random.default_rng(2023)
    columns: dict[str, Any] = {}
    for node in framework.graph.nodes.values():
        if node.type.kind is Kind.ANSWERS:
            of = rng.integers(0, 21, MILLION, np.uint8)
            columns[f"{node.of}.yes"] = rng.integers(0, of + 1, dtype=np.uint8)
            columns[f"{node.of}.of"] = of
    for standard in ("1.1", "1.2", "1.3"):
        columns[standard] = rng.integers(0, 4, MILLION, np.uint8)
    arrays = inspectlib.tables.rate(framework, columns, ratings="positions")
    frame = inspectlib.tables.rate(framework, pl.DataFrame(columns), ratings="positions")
    assert {*frame.columns} == {*arrays}
    for name, array in arrays.items():
        known = ~np.ma.getmaskarray(array)
        assert (frame[name].is_not_null().to_numpy() == known).all(), name
        assert (frame[name].fill_null(0).to_numpy() == np.ma.filled(array, 0)).all(), name
    compiled = inspectlib.compile(framework, list(columns), ratings="positions")
    sample = rng.choice(MILLION, 3_000, replace=False)
    results = [name for name in compiled.results if name in arrays]
    for row, line in zip(sample, frame[sample.tolist()].to_dicts(), strict=True):
        given_ = {name: int(array[row]) for name, array in columns.items()}
        found = compiled(given_)
        assert {name: found[name] for name in results} == {name: line[name] for name in results}


#: How many rows of each framework are compared; of most the fewest, since they have a hundred columns.
SIZES = {
    "food-hygiene-rating": 400_000,
    "nursing-home-stars-2019": 200_000,
    "nursing-home-stars-2022": 200_000,
    "care-quality-2022": 150_000,
}


def test_a_million_rows_against_rate() -> None:
    """Of a million rows under all shipped frameworks, open, absent, stated and wrong ones, each is as `rate` has it."""
    compared = 0
    for name in inspectlib.shipped():
        rng = random.Random(f"million {name}")
        size = SIZES.get(name, 10_000)
        rows = [row for _ in range(3 if size > 10_000 else 1) for row in rows_for(rng, shipped_mapping(name)) if row]
        found = check_many(shipped_framework(name), rows, size, rng)
        assert 2 * found > size, name
        compared += found
    assert compared > MILLION
