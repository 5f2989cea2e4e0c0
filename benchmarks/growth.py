"""How building, rating and compiling grow with the nodes of a graph: a graph of 10,000 beside one of 1,000.

``python benchmarks/growth.py [ROUNDS]``. Two shapes, made up: ``wide`` is key questions, three to a standard, and a
total of all standards; ``deep`` is a chain in which every node needs the one before. Sizes take turns; medians of the
time of the processor are compared, the garbage collector being off. Linear growth is 10 times; what
is asked for is under 12.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import attrs

import inspectlib
from inspectlib.build import build
from inspectlib.evidence import Evidence
from inspectlib.evidence_reader import evidence_from
from inspectlib.framework import FrameworkData
from inspectlib.graph import Framework
from inspectlib.structure import structure
from inspectlib.tree import from_python

Plain = dict[str, Any]

SIZES = 1_000, 10_000
GROUND: Plain = {"basis": "modelled", "source": "benchmark"}
HEAD: Plain = {
    "id": "growth",
    "version": "1",
    "title": "A graph of many nodes",
    **GROUND,
    "sources": {"benchmark": {"title": "A benchmark"}},
    "scales": {"four": {"ratings": ["0", "1", "2", "3"], **GROUND}},
    "bands": {
        "shares": {
            "scale": "four",
            "bands": {
                "0": {"below": "50%"},
                "1": {"at_least": "50%", "below": "65%"},
                "2": {"at_least": "65%", "below": "80%"},
                "3": {"at_least": "80%"},
            },
            **GROUND,
        }
    },
}


def wide(size: int) -> tuple[Plain, Plain]:
    """Key questions, standards of three of them, and a total of all standards; complete evidence."""
    nodes: Plain = {}
    standards = (size - 1) // 10
    for number in range(3 * standards):
        nodes[f"q{number}"] = {"rule": "given", "kind": "answers", **GROUND}
        nodes[f"p{number}"] = {"rule": "share", "of": f"q{number}", **GROUND}
        nodes[f"b{number}"] = {"rule": "band", "of": f"p{number}", "bands": "shares", **GROUND}
    for number in range(standards):
        parts = [f"b{3 * number + part}" for part in range(3)]
        nodes[f"r{number}"] = {"rule": "lowest", "of": parts, **GROUND}
    nodes["total"] = {"rule": "total", "of": [f"r{number}" for number in range(standards)], **GROUND}
    tallies = {f"q{number}": {"yes": number % 61, "of": 60} for number in range(3 * standards)}
    return {**HEAD, "nodes": nodes}, {"tallies": tallies}


def deep(size: int) -> tuple[Plain, Plain]:
    """A chain: each node is the lowest of the one before and a rating."""
    nodes: Plain = {"g0": {"rule": "given", "kind": "rating", "scale": "four", **GROUND}}
    before = "g0"
    for number in range(1, size // 2):
        nodes[f"g{number}"] = {"rule": "given", "kind": "rating", "scale": "four", **GROUND}
        nodes[f"c{number}"] = {"rule": "lowest", "of": [before, f"g{number}"], **GROUND}
        before = f"c{number}"
    return {**HEAD, "nodes": nodes}, {"ratings": {f"g{number}": "3" for number in range(size // 2)}}


def half(evidence: Plain) -> Plain:
    """Evidence of which every second piece is open."""
    return {
        heading: {name: value for place, (name, value) in enumerate(pieces.items()) if place % 2}
        for heading, pieces in evidence.items()
    }


def columns_of(evidence: Plain) -> list[str]:
    """The columns that a table with this evidence has."""
    return [
        column
        for heading, pieces in evidence.items()
        for name in pieces
        for column in ((f"{name}.yes", f"{name}.of") if heading == "tallies" else (name,))
    ]


def _ways(framework: Plain, evidence: Plain) -> dict[str, Callable[[], object]]:
    data = structure(from_python(framework), FrameworkData)
    built: Framework = build(data)
    whole: Evidence = evidence_from(evidence)
    open_: Evidence = evidence_from(half(evidence))
    columns = columns_of(evidence)
    return {
        "build": lambda: build(data),
        "rate": lambda: inspectlib.rate(built, whole),
        "rate, half of it open": lambda: inspectlib.rate(built, open_),
        "compile": lambda: inspectlib.compile(built, columns).function,
    }


@attrs.frozen
class Growth:
    """How long one way took for a small and a large graph.

    Attributes:
        name: the shape, and what was done.
        small: the seconds for the small one, the median of the rounds.
        large: those for the large one.
    """

    name: str
    small: float
    large: float


def growths(rounds: int) -> Iterator[Growth]:
    """All that is compared, sizes taking turns."""
    for shape in (wide, deep):
        ways = [_ways(*shape(size)) for size in SIZES]
        for name in ways[0]:
            times: list[list[float]] = [[], []]
            for _ in range(rounds):
                for place, way in enumerate(ways):
                    gc.collect()
                    gc.disable()  # as timeit does
                    started = time.process_time()
                    way[name]()
                    times[place].append(time.process_time() - started)
                    gc.enable()
            yield Growth(f"{shape.__name__}, {name}", *(statistics.median(found) for found in times))


def main(rounds: int) -> None:
    """Compare, and print."""
    print(f"{'':28}{'1,000 nodes':>14}{'10,000 nodes':>14}{'times':>8}")
    for g in growths(rounds):
        print(f"{g.name:28}{g.small * 1e3:11.1f} ms{g.large * 1e3:11.1f} ms{g.large / g.small:8.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
