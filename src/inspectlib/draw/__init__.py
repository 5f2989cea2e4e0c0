"""Pictures of the rule graph, as text: Mermaid, Graphviz dot, or an SVG that needs nothing else.

A picture has a box for each standard, key question and other named node. The steps inside a rating, such as
``2.1.1.share``, are folded into the box they belong to. Positions are whole numbers, so that a picture is the same
bytes everywhere. An SVG can also show what an inspection made of each box, and which way decided.
"""

from __future__ import annotations

from collections.abc import Callable

from inspectlib.draw.diagrams import dot, mermaid
from inspectlib.draw.svg import colour_rules, svg
from inspectlib.graph import Framework

__all__ = ["colour_rules", "dot", "draw", "mermaid", "svg"]


def draw(framework: Framework, as_: str = "mermaid") -> str:
    """The rule graph as ``mermaid``, ``dot`` or ``svg``."""
    forms: dict[str, Callable[[Framework], str]] = {"mermaid": mermaid, "dot": dot, "svg": svg}
    if as_ not in forms:
        raise ValueError(f"a picture is drawn as mermaid, dot or svg, not as {as_!r}")
    return forms[as_](framework)
