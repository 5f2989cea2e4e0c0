"""A back-test as a picture: the ratings before and after, and the flow between them."""

from __future__ import annotations

from inspectlib.backtest.comparison import NOT_THERE, Comparison
from inspectlib.draw.charts import Flow, flow_chart, shade
from inspectlib.graph import Node
from inspectlib.kinds import Kind
from inspectlib.outcome import State

__all__ = ["svg"]

#: The colours of what is no rating.
_OTHER = {
    str(State.OPEN): "open",
    str(State.NOT_RATED): "none",
    str(State.NOT_APPLICABLE): "none",
    NOT_THERE: "away",
}


def svg(comparison: Comparison) -> str:
    """The picture: the overall rating large, the standards and other ratings small."""
    number = len(comparison.inspections)
    plural = "" if number == 1 else "s"
    title = f"{number} inspection{plural} by {comparison.old.id} and by {comparison.new.id}"
    nodes = [node for node in reversed(comparison.nodes) if _node(comparison, node).type.kind is Kind.RATING]
    if "overall" in nodes:  # large, the others in their own order
        nodes = ["overall", *(node for node in comparison.nodes if node in nodes and node != "overall")]
    else:
        nodes.reverse()
    bare = [node for node in nodes if all(name in _OTHER for pair in comparison.flows(node) for name in pair)]
    flows = [_flow(comparison, node) for node in nodes if node not in bare]
    remark = f"Not drawn, because no inspection has a rating of it: {', '.join(bare)}." if number and bare else ""
    return flow_chart(title, _about(comparison, nodes), ("before", "after"), flows, remark=remark)


def _node(comparison: Comparison, node: str) -> Node:
    graph = comparison.new.graph if node in comparison.new.graph.nodes else comparison.old.graph
    return graph[node]


def _flow(comparison: Comparison, node: str) -> Flow:
    scale = _node(comparison, node).binding.scale
    assert scale is not None
    names = comparison.categories(node)
    # Ratings that only the old scale has come after those of the new one.
    rated = [name for name in names if name not in _OTHER]
    ranked = {rating: position for position, rating in enumerate(scale.ratings)}
    parts = {name: shade(ranked.get(name, place), len(scale.ratings)) for place, name in enumerate(rated)}
    parts |= {name: _OTHER[name] for name in names if name in _OTHER}
    return Flow(comparison.title(node), parts, comparison.flows(node))


def _about(comparison: Comparison, nodes: list[str]) -> str:
    """What the picture shows, for those who do not see it."""
    said = []
    for node in nodes:
        before, after = (
            ", ".join(f"{count} {name}" for name, count in comparison.counts(node, new=new).items() if count) or "none"
            for new in (False, True)
        )
        said.append(f"{comparison.title(node)}: before {before}; after {after}.")
    return "Stacked bars of the ratings before and after, and the flow between them. " + " ".join(said)
