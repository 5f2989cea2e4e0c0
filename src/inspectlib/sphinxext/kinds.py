"""What can be linked to, and what rests on what."""

from __future__ import annotations

import attrs

__all__ = ["KINDS", "Rests"]

#: The kinds of thing that are described; each is named by its framework and its own name in it.
KINDS = ("framework", "standard", "rule", "bands", "source", "clause", "example", "explorer")


@attrs.frozen
class Rests:
    """That a rule, or something else that a framework states, rests on a clause of a source.

    Attributes:
        source: the title of the source.
        section: the clause; empty for the source as a whole.
        basis: on what basis.
        framework: the framework.
        node: its name in the framework; of a rule the first node that has it.
        title: what it is called.
        docname: the page on which it is described.
        anchor: the place on it.
    """

    source: str
    section: str
    basis: str
    framework: str
    node: str
    title: str
    docname: str
    anchor: str
