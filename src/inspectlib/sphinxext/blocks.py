"""Pieces of the pages that are used in several places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from docutils import nodes

from inspectlib.draw import svg
from inspectlib.exact import fraction_text, percent_text
from inspectlib.graph import Framework
from inspectlib.judgement import Judgement
from inspectlib.markup import Markup, tag
from inspectlib.provenance import Basis
from inspectlib.rules import TableRule
from inspectlib.scales import Bands
from inspectlib.sphinxext.doctree import Part, Row, code, folded, html, span, table

__all__ = ["badge", "bands_table", "decision_table", "listed", "pictures"]


#: A minus sign and infinity.
NO_END_BELOW = "\N{MINUS SIGN}\N{INFINITY}"


def badge(basis: Basis) -> nodes.inline:
    """A basis that can be told at a glance."""
    return span(str(basis), classes=["inspect-basis", f"basis-{basis}"])


def listed(items: Sequence[nodes.Node], between: str = ", ") -> list[Part]:
    """Items with commas between."""
    parts: list[Part] = []
    for item in items:
        parts += [between, item] if parts else [item]
    return parts or ["nothing"]


def pictures(
    framework: Framework, judgement: Judgement | None, links: Mapping[str, str], called: str
) -> Iterator[nodes.Node]:
    """The rule graph by standard, made to fit the page; folded below it the whole of it, as large as it is drawn."""
    yield _picture(svg(framework, judgement, questions=False, links=links), called)
    asked = any(standard.questions for *_, standard in framework.data.standards())
    details = "with every key question" if asked else "in full size"
    whole = _picture(svg(framework, judgement, links=links), f"{called}, {details}", whole=True)
    yield from folded(f"The same {details}", whole)


def _picture(drawn: str, called: str, *, whole: bool = False) -> nodes.raw:
    """A picture that is moved within where it is wider than its place."""
    wide = re.search(r' width="([0-9]+)"', drawn)
    assert wide
    attributes = {
        "class": "inspect-picture whole" if whole else "inspect-picture",
        "style": f"--whole:{wide[1]}px",
        "role": "region",
        "tabindex": "0",
        "aria-label": called,
    }
    return html(tag("div", Markup(drawn), **attributes))


def bands_table(bands: Bands, *, shares: bool) -> nodes.container:
    """Bands, the worst first, each edge with the side that it belongs to."""
    show = percent_text if shares else fraction_text
    rows: list[Row] = []
    for label, band in bands.bands.items():
        low, high = band.lower(), band.upper()
        sides = f"{'(' if low is None or low[1] else '['}{show(low[0]) if low else NO_END_BELOW}, "
        sides += f"{show(high[0]) if high else '∞'}{']' if high and high[1] else ')'}"
        rows.append([[label], [band.words(show)], [code(sides)]])
    return table(["rating", "numbers", "sides"], rows)


def decision_table(rule: TableRule) -> nodes.container:
    """The rows of a decision table."""
    rows: list[Row] = [
        [*([" or ".join(row.when.get(name, ())) or "any"] for name in rule.inputs), [row.then]] for row in rule.rows
    ]
    return table([*rule.inputs, "gives"], rows)
