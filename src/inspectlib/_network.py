"""The one module that uses networkx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

__all__ = ["cycles", "view"]


def view(
    nodes: Iterable[tuple[str, Mapping[str, str]]], edges: Iterable[tuple[str, str, Mapping[str, str]]]
) -> nx.DiGraph[str]:
    """A frozen directed graph of nodes and edges with their attributes."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((name, dict(attributes)) for name, attributes in nodes)
    graph.add_edges_from((start, end, dict(attributes)) for start, end, attributes in edges)
    nx.freeze(graph)
    return graph


def cycles(inputs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """One cycle for each knot of nodes that need each other: each name needs the next, the first name first."""
    graph: nx.DiGraph[str] = nx.DiGraph([(node, needed) for node, names in inputs.items() for needed in names])
    found = []
    for knot in nx.strongly_connected_components(graph):
        part = graph.subgraph(sorted(knot))
        if part.number_of_edges():
            cycle = [start for start, _ in nx.find_cycle(part, min(knot))]
            first = cycle.index(min(cycle))
            found.append(cycle[first:] + cycle[:first])
    return sorted(found)
