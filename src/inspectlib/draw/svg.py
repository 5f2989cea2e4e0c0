"""The rule graph as an SVG that needs nothing else."""

from __future__ import annotations

from html import escape

from inspectlib.draw.boxes import SIGNS, Box, Picture, picture
from inspectlib.draw.layout import (
    HEAD,
    LINE,
    MARGIN,
    PAD,
    PANEL,
    SMALL,
    TITLE,
    Layout,
    box_height,
    fitted,
    path_of,
    text_width,
)
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Polarity

__all__ = ["svg"]


def svg(framework: Framework) -> str:
    """The rule graph as an SVG picture."""
    shown = picture(framework)
    at = Layout(shown, framework.graph)
    tops = [top for top, _ in at.panels.values()] + [y - box_height(at.lines[name]) // 2 for name, y in at.y.items()]
    ends = [top + height for top, height in at.panels.values()]
    ends += [y + box_height(at.lines[name]) // 2 for name, y in at.y.items()]
    down = HEAD + MARGIN - min([*tops, *at.lanes.values()])
    width = max(at.right + MARGIN, 640)
    height = max([*ends, *at.lanes.values()]) + down + MARGIN + 36
    about = _about(shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="rule-graph" role="img" viewBox="0 0 {width} {height}"',
        f' width="{width}" height="{height}">',
        f"<title>{escape(shown.title)}: rule graph</title>",
        f"<desc>{escape(about)}</desc>",
        f"<style>{_STYLE}</style>",
        f"<defs>{_marker('arrow', 'tip', 8)}{_marker('guide', 'guide-tip', 12)}</defs>",
        f'<rect class="page" width="{width}" height="{height}"/>',
        _text("heading", (MARGIN, 38), shown.title, width - 2 * MARGIN, 20),
        _text("small", (MARGIN, 60), about, width - 2 * MARGIN, SMALL),
    ]
    for domain, (top, tall) in at.panels.items():
        left, right = at.panel_sides(domain)
        parts.append(
            f'<rect class="panel" x="{left}" y="{top + down}" width="{right - left}" height="{tall}" rx="12"/>'
        )
        title = shown.domains[domain]
        parts.append(_text("domain", (left + PANEL, top + down + 21), title, right - left - 2 * PANEL, TITLE))
    for edge in sorted(shown.edges, key=lambda edge: bool(edge.guides)):
        kind = "guide" if edge.guides else "edge"
        words = f"{edge.start} to {edge.end} {edge.label}".strip()
        parts.append(
            f'<path class="{kind}" data-from="{edge.start}" data-to="{edge.end}" d="{path_of(at.points(edge), down)}">'
            f"<title>{escape(words)}</title></path>"
        )
    fed = {edge.start for edge in shown.edges if edge.guides}
    for name, box in shown.boxes.items():
        parts += _box(box, at, down, "limit" if name in fed else "end" if box.last else str(box.role).split(" ")[-1])
    parts += _labels(shown, at, down)
    parts += _legend(shown, height - 22)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _marker(name: str, style: str, size: int) -> str:
    box = f'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="{size}" markerHeight="{size}"'
    tip = f'<path class="{style}" d="M0 0 8 4 0 8z"/>'
    return f'<marker id="rule-graph-{name}" {box} markerUnits="userSpaceOnUse" orient="auto">{tip}</marker>'


def _labels(shown: Picture, at: Layout, down: int) -> list[str]:
    """The label of each edge that has one, on the middle of its last curve."""
    parts: list[str] = []
    taken: set[tuple[int, int]] = set()
    for edge in (edge for edge in shown.edges if edge.label):
        (x, y), (to_x, to_y) = at.points(edge)[-2:]
        # A minus sign on a line would be lost.
        x, y = (x + to_x) // 2, (y + to_y) // 2 + down + (4 if edge.guides else -5)
        while (x, y) in taken:
            y += LINE
        taken.add((x, y))
        kind = "guide-label" if edge.guides else "sign"
        parts.append(f'<text class="{kind}" x="{x}" y="{y}" font-size="{SMALL}">{escape(edge.label)}</text>')
    return parts


def _box(box: Box, at: Layout, down: int, kind: str) -> list[str]:
    lines, column = at.lines[box.name], at.columns[box.name]
    x, wide, tall = at.x[column], at.widths[column], box_height(lines)
    y = at.y[box.name] + down - tall // 2
    parts = [
        f'<g class="box {kind}" data-node="{box.name}"><title>{escape(box.title)}: {escape(box.rule)}</title>',
        f'<rect x="{x}" y="{y}" width="{wide}" height="{tall}" rx="8"/>',
    ]
    for index, line in enumerate(lines, 1):
        small = index == len(lines)
        style = "small" if small else "label"
        parts.append(_text(style, (x + PAD, y + LINE * index + 1), line, wide - 2 * PAD, SMALL if small else TITLE))
    return [*parts, "</g>"]


def _text(style: str, at: tuple[int, int], text: str, room: int, size: int) -> str:
    """A line of text, no wider than there is room."""
    return f'<text class="{style}" x="{at[0]}" y="{at[1]}" font-size="{size}">{escape(fitted(text, room, size))}</text>'


def _about(shown: Picture) -> str:
    roles = [box.role for box in shown.boxes.values()]
    counts = [(roles.count(Role.STANDARD), "standard"), (roles.count(Role.QUESTION), "key question")]
    others = len(roles) - sum(count for count, _ in counts)
    counts.append((others, "other node" if others < len(roles) else "node"))
    words = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    guided = [
        f" {shown.boxes[edge.end].title} is guided by {shown.boxes[edge.start].title} ({', '.join(edge.guides)})."
        for edge in shown.edges
        if edge.guides
    ]
    return f"{', '.join(words)}. The evidence is on the left, what follows from it on the right.{''.join(guided)}"


def _legend(shown: Picture, y: int) -> list[str]:
    """What the lines and signs mean, those that are there."""
    guides = sorted({slot for edge in shown.edges for slot in edge.guides})
    entries = [("edge", "goes into the rule")]
    entries += [("guide", f"guides or limits ({', '.join(guides)})")] if guides else []
    signs = {edge.sign for edge in shown.edges}
    entries += [("", f"{sign}  a better value {words}") for sign, words in _SIGN_WORDS.items() if sign in signs]
    parts, x = [], MARGIN
    for kind, words in entries:
        if kind:
            parts.append(f'<path class="{kind} key" d="M{x} {y - 4}H{x + 40}"/>')
            x += 50
        parts.append(_text("small", (x, y), words, 400, SMALL))
        x += text_width(words, SMALL) + 24
    return parts


_SIGN_WORDS = {SIGNS[Polarity.HARMS]: "can only harm", SIGNS[Polarity.EITHER]: "can help or harm"}

_STYLE = """
.rule-graph{max-width:100%;height:auto;font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
.rule-graph text{fill:#17202a}.rule-graph .heading{font-weight:600}.rule-graph .domain{font-weight:600;fill:#3b4a59}
.rule-graph .small{fill:#475563}.rule-graph .page{fill:#fff}.rule-graph .panel{fill:#f3f6f9;stroke:#d3dbe3}
.rule-graph .box rect{fill:#fff;stroke:#6b7885}.rule-graph .question rect{stroke:#a9b5c1}
.rule-graph .standard rect{fill:#dfecfb;stroke:#2f6db5}
.rule-graph .standard .label,.rule-graph .end .label{font-weight:600}
.rule-graph .end rect{fill:#1c4b82;stroke:#1c4b82}.rule-graph .end text{fill:#fff}
.rule-graph .limit rect{fill:#fff1e6;stroke:#b8500a;stroke-width:2}
.rule-graph .edge{fill:none;stroke:#7d8a97;stroke-width:1.3;marker-end:url(#rule-graph-arrow)}
.rule-graph .tip{fill:#7d8a97}
.rule-graph .guide{fill:none;stroke:#b8500a;stroke-width:3;stroke-dasharray:8 5;marker-end:url(#rule-graph-guide)}
.rule-graph .sign{font-weight:700}.rule-graph .guide-tip{fill:#b8500a}
.rule-graph .guide-label{fill:#b8500a;font-weight:600}
.rule-graph .guide-label,.rule-graph .sign{text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px}
@media (prefers-color-scheme:dark){
.rule-graph text{fill:#e9eef3}.rule-graph .domain{fill:#bcc8d4}.rule-graph .small{fill:#aebac6}
.rule-graph .page{fill:#10151b}.rule-graph .panel{fill:#18202a;stroke:#2f3b48}
.rule-graph .box rect{fill:#10151b;stroke:#8592a0}.rule-graph .question rect{stroke:#5b6977}
.rule-graph .standard rect{fill:#1a355a;stroke:#6fa8ea}.rule-graph .end rect{fill:#a8ccf8;stroke:#a8ccf8}
.rule-graph .end text{fill:#0b1a2b}.rule-graph .limit rect{fill:#3a2412;stroke:#ff9f5e}
.rule-graph .edge{stroke:#7e8c9b}.rule-graph .tip{fill:#7e8c9b}.rule-graph .guide{stroke:#ff9f5e}
.rule-graph .guide-tip,.rule-graph .guide-label{fill:#ff9f5e}.rule-graph .guide-label,.rule-graph .sign{stroke:#10151b}
}"""
