"""Promise 5. No gap, no conflict: two rules that disagree on one node are an error when the graph is built."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given

from inspectlib.errors import DuplicateName, InspectError, TableGap, TableOverlap
from inspectlib.files import load
from naive import Naive
from strategies import GROUND, LABELS, Example, Plain, built, frameworks, randoms, seeded_frameworks


def faults(mapping: Plain) -> set[type]:
    """The classes of the faults for which a framework is refused."""
    try:
        built(mapping)
    except InspectError as error:
        return {type(fault) for fault in error.faults}
    return set()


@given(example=frameworks(), rng=randoms())
def test_no_conflict_of_two_rules_for_one_node(example: Example, rng: random.Random) -> None:
    """A second rule for any standard, key question or part of one is refused, whatever the rule."""
    mapping, _, _ = example
    inside = sorted(set(Naive(mapping).rules) - set(mapping["nodes"]))
    name = rng.choice([name for name in inside if name.replace(".", "").isdigit()])
    rule = rng.choice([{"rule": "given", "kind": "flag"}, {"rule": "panel", "scale": "marks"}])
    assert DuplicateName in faults({**mapping, "nodes": {**mapping["nodes"], name: {**rule, **GROUND}}})


@given(example=frameworks(), rng=randoms())
def test_no_conflict_of_a_node_and_a_group(example: Example, rng: random.Random) -> None:
    """A group cannot have the name of a node, of a domain or of the group of all standards."""
    mapping, _, _ = example
    naive = Naive(mapping)
    taken = sorted({*naive.published, *mapping["domains"], "standards"} - set(mapping["groups"]))
    name = rng.choice([name for name in taken if name in naive.rules or name in naive.groups])
    member = rng.choice(sorted(mapping["nodes"]))
    assert DuplicateName in faults({**mapping, "groups": {**mapping["groups"], name: [member]}})


def table(rng: random.Random) -> Plain:
    """A framework of one complete table over two or three inputs."""
    labels = list(LABELS[: rng.randint(2, 5)])
    nodes: Plain = {
        "z": {"rule": "given", "kind": "rating", "scale": "marks", **GROUND},
        "n": {"rule": "given", "kind": "number", "least": "0", "most": "10", **GROUND},
        "f": {"rule": "given", "kind": "flag", **GROUND},
    }
    place = rng.randint(1, len(labels) - 1)
    edge = f"{rng.randint(1, 9)}"
    cells: dict[str, list[Any]] = {
        "z": [f"below {labels[place]}", f"at least {labels[place]}"],
        "n": rng.choice([[f"at most {edge}", f"above {edge}"], [f"below {edge}", edge, f"above {edge}"]]),
        "f": ["yes", "no"],
    }
    inputs = rng.sample(sorted(cells), rng.randint(1, 3))
    rows: list[Plain] = [{}]
    for name in inputs:
        rows = [{**row, name: cell} for row in rows for cell in cells[name]]
    outcomes = [{"when": row, "then": rng.choice(["yes", "no"])} for row in rows]
    rng.shuffle(outcomes)
    nodes["t"] = {"rule": "table", "inputs": inputs, "kind": "flag", "rows": outcomes, **GROUND}
    named = {"id": "table", "version": "1", "title": "Table", **GROUND, "sources": {"own": {"title": "A source"}}}
    return {**named, "scales": {"marks": {"ratings": labels, **GROUND}}, "nodes": nodes}


@given(rng=randoms())
def test_no_conflict_in_a_table(rng: random.Random) -> None:
    """A table with one row for each combination is accepted; a row more is an overlap, a row less is a gap."""
    mapping = table(rng)
    rows = mapping["nodes"]["t"]["rows"]
    assert not faults(mapping)
    more, fewer = copy.deepcopy(mapping), copy.deepcopy(mapping)
    extra = dict(rng.choice(rows)["when"])
    if rng.random() < 0.5:
        extra.pop(rng.choice(sorted(extra)))
    more["nodes"]["t"]["rows"].append({"when": extra, "then": rng.choice(["yes", "no"])})
    assert faults(more) == {TableOverlap}
    fewer["nodes"]["t"]["rows"].pop(rng.randrange(len(rows)))
    assert faults(fewer) == {TableGap}


def test_no_conflict_in_a_file(tmp_path: Any) -> None:
    """Two entries for one node in a file are refused as they are read."""
    file = tmp_path / "twice.yaml"
    file.write_text("id: twice\nnodes:\n  a: {rule: given}\n  a: {rule: given}\n", "utf-8")
    with pytest.raises(InspectError) as caught:
        load(file)
    assert [fault.code for fault in caught.value.faults] == ["duplicate-key"]


def test_no_conflict_where_there_is_none() -> None:
    """The frameworks that these tests spoil are accepted as they are."""
    assert all(not faults(mapping) for mapping, _, _ in seeded_frameworks(1, 3))
