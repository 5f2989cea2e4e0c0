"""Parts of a document tree, written short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from docutils import nodes
from sphinx import addnodes

from inspectlib.markup import tag

__all__ = [
    "EXPLORER",
    "Part",
    "Row",
    "anchored",
    "bullets",
    "cell",
    "code",
    "explorer",
    "field_list",
    "folded",
    "html",
    "index_link",
    "link",
    "literal",
    "numbered",
    "para",
    "section",
    "span",
    "strong",
    "table",
]

#: Marks a rating explorer.
EXPLORER = "inspect-explorer-here"

Part: TypeAlias = nodes.Node | str
#: The cells of a row of a table, each of its parts.
Row: TypeAlias = Sequence[Sequence[Part]]


def _inline(parts: Iterable[Part]) -> list[nodes.Node]:
    return [nodes.Text(part) if isinstance(part, str) else part for part in parts]


def para(*parts: Part, classes: Sequence[str] = ()) -> nodes.paragraph:
    """A paragraph."""
    return nodes.paragraph("", "", *_inline(parts), classes=list(classes))


def span(*parts: Part, classes: Sequence[str] = ()) -> nodes.inline:
    """A stretch of text."""
    return nodes.inline("", "", *_inline(parts), classes=list(classes))


def code(text: str) -> nodes.literal:
    """A piece of code, a name or a formula."""
    return nodes.literal(text, text)


def literal(text: str, language: str) -> nodes.literal_block:
    """A block of code, its long lines wrapped."""
    return nodes.literal_block(text, text, language=language, classes=["inspect-wrapped"])


def strong(text: str) -> nodes.strong:
    """A text that stands out."""
    return nodes.strong(text, text)


def link(kind: str, target: str, text: str | None = None) -> nodes.Node:
    """A link to something described; by its title unless a text is given."""
    found = addnodes.pending_xref(
        "", refdomain="inspect", reftype=kind, reftarget=target, refexplicit=text is not None, refwarn=True
    )
    found["explicit"] = text is not None
    found += nodes.inline(text or target, text or target)
    return found


def index_link() -> nodes.Node:
    """A link to the index of sources."""
    text = "sources and the rules that rest on them"
    found = addnodes.pending_xref(
        "", refdomain="std", reftype="ref", reftarget="inspect-sources", refexplicit=True, refwarn=True
    )
    found += nodes.inline(text, text, classes=["xref", "std", "std-ref"])
    return found


def section(anchor: str, title: str, *parts: nodes.Node) -> nodes.section:
    """A section."""
    return nodes.section("", nodes.title(title, title), *parts, ids=[anchor], names=[])


def anchored(anchor: str, *parts: nodes.Node) -> nodes.container:
    """Parts that can be linked to."""
    return nodes.container("", *parts, ids=[anchor], classes=["inspect-entry"])


def bullets(items: Iterable[Sequence[nodes.Node] | Part]) -> nodes.bullet_list:
    """A list; an item is a text, or its parts."""
    entries = []
    for item in items:
        if isinstance(item, (str, nodes.Node)):
            entries.append(nodes.list_item("", para(item)))
        else:
            entries.append(nodes.list_item("", *item))
    return nodes.bullet_list("", *entries)


def numbered(items: Iterable[str]) -> nodes.enumerated_list:
    """A list with numbers."""
    entries = (nodes.list_item("", para(item)) for item in items)
    return nodes.enumerated_list("", *entries, enumtype="arabic", prefix="", suffix=".")


def field_list(fields: Iterable[tuple[str, Sequence[Part]]]) -> nodes.field_list:
    """Names and what they have."""
    return nodes.field_list(
        "",
        *(nodes.field("", nodes.field_name(name, name), nodes.field_body("", para(*parts))) for name, parts in fields),
        classes=["inspect-facts"],
    )


def cell(*parts: Part) -> nodes.entry:
    """A cell of a table; a part that is a block stands by itself."""
    blocks: list[nodes.Node] = []
    text: list[Part] = []
    for part in parts:
        if isinstance(part, nodes.Element) and not isinstance(part, nodes.Inline):
            if text:
                blocks.append(para(*text))
                text = []
            blocks.append(part)
        else:
            text.append(part)
    if text:
        blocks.append(para(*text))
    return nodes.entry("", *blocks)


def table(heads: Sequence[str], rows: Iterable[Row]) -> nodes.container:
    """A table, moved within where it is wider than the page; a row is its cells, a cell its parts."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    group += nodes.thead("", nodes.row("", *(cell(head) for head in heads)))
    group += nodes.tbody("", *(nodes.row("", *(cell(*parts) for parts in row)) for row in rows))
    made = nodes.table("", group, classes=["inspect-table", "colwidths-auto"])
    return nodes.container("", made, classes=["inspect-scroll"])


def html(text: str) -> nodes.raw:
    """HTML, left out of other forms."""
    return nodes.raw("", text, format="html")


def explorer(text: str) -> nodes.raw:
    """A rating explorer, by which a page is told to bring in its scripts."""
    return nodes.raw("", text, format="html", classes=[EXPLORER])


def folded(summary: str, *parts: nodes.Node) -> list[nodes.Node]:
    """Parts that are folded on a page; plainly there in other forms."""
    return [html(f"<details>{tag('summary', summary)}"), *parts, html("</details>")]
