"""One graph, any size: work grows with the nodes of a graph and no faster, whether it is wide or deep."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from growth import GROUND, HEAD, columns_of, deep, half, wide

import inspectlib
from inspectlib.build import MAX_NODES
from inspectlib.errors import TooLarge
from inspectlib.evidence_reader import evidence_from
from inspectlib.rating import rate_evidence, value_on
from strategies import built

Plain = dict[str, Any]
Shape = Callable[[int], tuple[Plain, Plain]]

SIZES = 100, 1_000
#: Ten times the nodes are ten times the work, and a fifth more for sorting.
MOST = 12


def turning(size: int) -> tuple[Plain, Plain]:
    """A chain in which better evidence of every other rating harms, and what it does turns round at each step."""
    nodes: Plain = {"g0": {"rule": "given", "kind": "flag", **GROUND}}
    before = "g0"
    for number in range(1, size // 3):
        nodes[f"g{number}"] = {"rule": "given", "kind": "flag", **GROUND}
        nodes[f"not{number}"] = {"rule": "not", "of": before, **GROUND}
        nodes[f"c{number}"] = {"rule": "all", "of": [f"not{number}", f"g{number}"], **GROUND}
        before = f"c{number}"
    return {**HEAD, "nodes": nodes}, {"values": {f"g{number}": "yes" for number in range(size // 3)}}


def either(size: int) -> tuple[Plain, Plain]:
    """Many small decision tables, of which better evidence can help as well as harm."""
    nodes: Plain = {}
    rows = [(("yes", "yes"), "no"), (("no", "no"), "no"), (("yes", "no"), "yes"), (("no", "yes"), "yes")]
    for number in range(size // 3):
        names = {"g": f"g{number}", "h": f"h{number}"}
        nodes |= {name: {"rule": "given", "kind": "flag", **GROUND} for name in names.values()}
        own = [{"when": dict(zip(names.values(), said, strict=True)), "then": then} for said, then in rows]
        nodes[f"t{number}"] = {
            "rule": "table", "kind": "flag", "inputs": [*names.values()], "rows": own, **GROUND
        }  # fmt: skip
    values = {name: "yes" for name, node in nodes.items() if node["rule"] == "given"}
    return {**HEAD, "nodes": nodes}, {"values": values}


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, those of Python itself among them."""
    count = 0

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def building(shape: Shape, size: int) -> Callable[[], object]:
    """Build a graph."""
    framework, _ = shape(size)
    return lambda: built(framework)


def rating(shape: Shape, size: int) -> Callable[[], object]:
    """Rate complete evidence."""
    framework, evidence = shape(size)
    whole, complete = built(framework), evidence_from(evidence)
    return lambda: inspectlib.rate(whole, complete)


def rating_open(shape: Shape, size: int) -> Callable[[], object]:
    """Rate evidence of which a half is open."""
    framework, evidence = shape(size)
    whole, open_ = built(framework), evidence_from(half(evidence))
    return lambda: inspectlib.rate(whole, open_)


def compiling(shape: Shape, size: int) -> Callable[[], object]:
    """Compile."""
    framework, evidence = shape(size)
    whole, columns = built(framework), columns_of(evidence)
    return lambda: inspectlib.compile(whole, columns)


@pytest.mark.parametrize("work", [building, rating, rating_open, compiling])
@pytest.mark.parametrize("shape", [wide, deep, turning, either])
def test_ten_times_the_nodes_are_ten_times_the_work(
    shape: Shape, work: Callable[[Shape, int], Callable[[], object]]
) -> None:
    """What is called to build, rate or compile a graph grows with its nodes and no faster."""
    small, large = (work(shape, size) for size in SIZES)
    small()  # what is done once for all
    assert calls(large) < MOST * calls(small)


@pytest.mark.parametrize("shape", [wide, deep])
def test_the_compiled_function_grows_with_the_graph(shape: Shape) -> None:
    """The function that is written has so many lines for each node, however many nodes there are."""
    sources = []
    for size in SIZES:
        framework, evidence = shape(size)
        sources.append(inspectlib.compile(built(framework), columns_of(evidence)).source)
    assert len(sources[1]) < MOST * len(sources[0])


@pytest.mark.parametrize("shape", [wide, deep, turning, either])
def test_a_deep_graph_is_followed_without_end(shape: Shape) -> None:
    """One node of a graph deeper than Python nests functions is rated by itself, open evidence and all."""
    framework, evidence = shape(3_000)
    whole = built(framework)
    last = list(whole.graph.nodes)[-1]
    open_ = evidence_from(half(evidence))
    assert value_on(whole, open_, last) == rate_evidence(whole, open_).results[last].value


def test_a_graph_of_ten_thousand_nodes_is_built_and_one_more_refused() -> None:
    """The limit on nodes is far from what a framework has, and is told."""
    nodes = {f"n{number}": {"rule": "given", "kind": "flag", **GROUND} for number in range(MAX_NODES + 1)}
    with pytest.raises(TooLarge, match="10,000 nodes"):
        built({**HEAD, "nodes": nodes})
    nodes.popitem()
    assert len(built({**HEAD, "nodes": nodes}).graph.nodes) == MAX_NODES == 10_000
