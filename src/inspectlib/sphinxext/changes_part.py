"""What is different between two frameworks, as `inspectlib diff` says it, and what that does to ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from docutils import nodes

from inspectlib.changes import Change, Difference
from inspectlib.sphinxext.blocks import listed
from inspectlib.sphinxext.doctree import Row, folded, para, strong, table

__all__ = ["changes_parts"]

#: What a change is of, as roles call it.
_KINDS = {"standard": "standard", "rule": "rule"}


def changes_parts(difference: Difference, to: Callable[[str, str, str], nodes.Node]) -> Iterator[nodes.Node]:
    """What is different, standard by standard and rule by rule, then the effect.

    Args:
        difference: what is different.
        to: makes a link to something of the new framework, from its kind, its name, and what it is called.
    """
    yield para(f"In meaning, {difference.summary()}.")
    for heading, groups in difference.grouped():
        rows: list[Row] = [
            [
                listed([_head(change, to) for change in group]),
                [", ".join(group[0].how)],
                [para(words) for words in group[0].says],
            ]
            for group in groups
        ]
        yield table([heading, "", "what exactly"], rows)
    for effect in difference.effects:
        yield para(strong(f"{effect.heading()}."), *([f" {effect.note}"] if effect.note else []))
        for title, node in effect.grouped():
            yield para(f"{title}: {effect.counted(node)}.")
            shifts: list[Row] = [[[part] for part in row] for row in effect.rows(node)]
            if shifts:
                heads = ["before", "after", "combinations", "such as"]
                yield from folded("From what to what", table(heads, shifts))


def _head(change: Change, to: Callable[[str, str, str], nodes.Node]) -> nodes.Node:
    """What a change is of, with a link to it where it still is."""
    if change.new and change.what in _KINDS:
        return to(_KINDS[change.what], change.new, change.heading())
    return nodes.Text(change.heading())
