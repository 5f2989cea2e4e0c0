"""The rule graph as an SVG that needs nothing else, and the way of one inspection through it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from inspectlib.colours import DARK, GRADES, LIGHT
from inspectlib.draw.boxes import SIGNS, Box, Edge, Picture, picture
from inspectlib.draw.flow import flowing
from inspectlib.draw.layout import (
    BOLD,
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
from inspectlib.judgement import Judgement
from inspectlib.kinds import Polarity

__all__ = ["colour_rules", "svg"]


def svg(
    framework: Framework,
    judgement: Judgement | None = None,
    *,
    questions: bool = True,
    links: Mapping[str, str] | None = None,
) -> str:
    """The rule graph as an SVG picture.

    Args:
        framework: the framework.
        judgement: an inspection rated under it: what each box has is drawn too, and which way decided.
        questions: whether key questions have boxes of their own; without, they are folded into their standards.
        links: where the box of a node leads to.
    """
    shown = picture(framework, questions=questions)
    if judgement is not None:
        shown = flowing(shown, judgement)
    at = Layout(shown, framework.graph)
    # Its marks are named for it, so that several pictures fit on a page.
    name = f"{framework.id}{'' if questions else '-standards'}{'' if judgement is None else '-rated'}"
    return _picture(shown, at, name, judgement, links or {})


def _picture(shown: Picture, at: Layout, name: str, judgement: Judgement | None, links: Mapping[str, str]) -> str:
    tops = [top for top, _ in at.panels.values()] + [y - box_height(at.lines[name]) // 2 for name, y in at.y.items()]
    ends = [top + height for top, height in at.panels.values()]
    ends += [y + box_height(at.lines[name]) // 2 for name, y in at.y.items()]
    down = HEAD + MARGIN - min([*tops, *at.lanes.values()])
    width = max(at.right + MARGIN, 640)
    height = max([*ends, *at.lanes.values()]) + down + MARGIN + 36
    about = _about(shown)
    heading = shown.title if judgement is None else f"{judgement.service or 'Inspection'}, rated by {shown.title}"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="rule-graph" role="group"',
        f' viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>{escape(_clean(heading))}: rule graph</title>",
        f"<desc>{escape(about)}</desc>",
        f"<style>{_STYLE}{_focus_rules(shown)}</style>",
        f"<defs>{_marker(name, 'arrow', 'tip', 8)}{_marker(name, 'guide', 'guide-tip', 12)}</defs>",
        f'<rect class="page" width="{width}" height="{height}"/>',
        _text("heading", (MARGIN, 38), _clean(heading), width - 2 * MARGIN, 20),
        _text("small", (MARGIN, 60), about, width - 2 * MARGIN, SMALL),
    ]
    for domain, (top, tall) in at.panels.items():
        left, right = at.panel_sides(domain)
        parts.append(
            f'<rect class="panel" x="{left}" y="{top + down}" width="{right - left}" height="{tall}" rx="12"/>'
        )
        title = fitted(shown.domains[domain], right - left - 2 * PANEL, BOLD)
        parts.append(_text("domain", (left + PANEL, top + down + 21), title, right - left, TITLE))
    fed = {edge.start for edge in shown.edges if edge.guides}
    for box_name, box in shown.boxes.items():
        kind = "limit" if box_name in fed else "end" if box.last else str(box.role).split(" ")[-1]
        parts += _box(box, shown, at=at, down=down, kind=kind, link=links.get(box_name))
    # After the boxes, so that the style of a box can reach the edges that leave and enter it.
    for edge in sorted(shown.edges, key=lambda edge: (edge.decided is True, bool(edge.guides))):
        words = f"{edge.start} to {edge.end} {edge.label}".strip()
        mark = f"url(#{name}-{'guide' if edge.guides else 'arrow'})"
        parts.append(
            f'<path class="{_edge_class(edge)}" data-from="{edge.start}" data-to="{edge.end}" marker-end="{mark}"'
            f' d="{path_of(at.points(edge), down)}"><title>{escape(words)}</title></path>'
        )
    parts += _labels(shown, at, down)
    parts += _legend(shown, name, height - 22)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _clean(text: str) -> str:
    return " ".join(text.split())


def _edge_class(edge: Edge) -> str:
    kind = "guide" if edge.guides else "edge"
    return kind if edge.decided is None else f"{kind} {'decided' if edge.decided else 'idle'}"


def _marker(name: str, kind: str, style: str, size: int) -> str:
    box = f'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="{size}" markerHeight="{size}"'
    tip = f'<path class="{style}" d="M0 0 8 4 0 8z"/>'
    return f'<marker id="{name}-{kind}" {box} markerUnits="userSpaceOnUse" orient="auto">{tip}</marker>'


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


def _box(box: Box, shown: Picture, *, at: Layout, down: int, kind: str, link: str | None) -> list[str]:
    lines, column = at.lines[box.name], at.columns[box.name]
    x, wide, tall = at.x[column], at.widths[column], box_height(lines)
    y = at.y[box.name] + down - tall // 2
    has = f"{box.has}; " if box.has else ""
    takes = [shown.boxes[edge.start].title for edge in shown.edges if edge.end == box.name]
    words = f"{box.title}: {has}{box.rule}" + (f", from {', '.join(takes)}" if takes else "")
    classes = f"box {kind}" + (f" grade-{box.grade}" if box.grade is not None else "")
    # Whatever has a box can be reached with the keyboard, which shows what leads to it and where it leads.
    called = f'data-box="{box.name}" aria-label="{escape(words)}"'
    reached = f' tabindex="0" role="img" {called}' if link is None else ""
    parts = [
        *([f'<a href="{escape(link)}" {called}>'] if link is not None else []),
        f'<g class="{classes}" data-node="{box.name}"{reached}>',
        f"<title>{escape(words)}</title>",
        f'<rect x="{x}" y="{y}" width="{wide}" height="{tall}" rx="8"/>',
    ]
    for index, line in enumerate(lines, 1):
        style, size = ("small", SMALL) if index == len(lines) else ("label", TITLE)
        parts.append(_text(style, (x + PAD, y + LINE * index + 1), line, wide, size))
    return [*parts, "</g>", *(["</a>"] if link is not None else [])]


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


def _legend(shown: Picture, name: str, y: int) -> list[str]:
    """What the lines and signs mean, those that are there."""
    guides = sorted({slot for edge in shown.edges for slot in edge.guides})
    entries = [("edge", "goes into the rule")]
    entries += [("guide", f"guides or limits ({', '.join(guides)})")] if guides else []
    if any(edge.decided is not None for edge in shown.edges):
        entries = [("edge decided", "decided"), ("edge idle", "did not decide")]
        entries += [("guide decided", "limited"), ("guide idle", "guides, and did not limit")] if guides else []
    signs = {edge.sign for edge in shown.edges}
    entries += [("", f"{sign}  a better value {words}") for sign, words in _SIGN_WORDS.items() if sign in signs]
    parts, x = [], MARGIN
    for kind, words in entries:
        if kind:
            mark = "guide" if "guide" in kind else "arrow"
            parts.append(f'<path class="{kind} key" marker-end="url(#{name}-{mark})" d="M{x} {y - 4}H{x + 40}"/>')
            x += 50
        parts.append(_text("small", (x, y), words, 400, SMALL))
        x += text_width(words, SMALL) + 24
    return parts


_SIGN_WORDS = {SIGNS[Polarity.HARMS]: "can only harm", SIGNS[Polarity.EITHER]: "can help or harm"}


def _focus_rules(shown: Picture) -> str:
    """A box that is pointed at or reached by keyboard stands out with the edges to it and from it."""
    pointed = ",".join(
        f'.rule-graph [data-box="{name}"]:is(:hover,:focus)~:is([data-from="{name}"],[data-to="{name}"])'
        for name in shown.boxes
    )
    return f"{pointed}{{stroke-width:3.5;opacity:1}}" if pointed else ""


def colour_rules(colours: Mapping[str, str], before: str = "") -> str:
    """The colours of a picture as CSS, each selector after what is given."""
    c, graph = colours, f"{before}.rule-graph"
    rules = {
        "text": f"fill:{c['ink']}",
        ".domain": f"fill:{c['heading']}",
        ".small": f"fill:{c['soft']}",
        ".page": f"fill:{c['page']}",
        ".panel": f"fill:{c['panel']};stroke:{c['rule']}",
        ".box rect": f"fill:{c['page']};stroke:{c['line']}",
        ".question rect": f"stroke:{c['thin']}",
        ".standard rect": f"fill:{c['standard']};stroke:{c['accent']}",
        ".end rect": f"fill:{c['end']};stroke:{c['end']}",
        ".end text": f"fill:{c['on-end']}",
        ".limit rect": f"fill:{c['limit-page']};stroke:{c['limit']}",
        ".edge": f"stroke:{c['edge']}",
        ".tip": f"fill:{c['edge']}",
        ".guide": f"stroke:{c['limit']}",
        ".guide-tip,.guide-label": f"fill:{c['limit']}",
        ".guide-label,.sign": f"stroke:{c['page']}",
        ":is(a:focus .box,.box:focus) rect": f"stroke:{c['accent']}",
    }
    for number in range(GRADES):
        rules[f".grade-{number} rect"] = f"fill:{c[f'grade-{number}']};stroke:{c[f'grade-{number}-line']}"
        rules[f".grade-{number} text"] = f"fill:{c['ink']}"
    return "".join(
        ",".join(f"{graph} {part}" for part in (selector.split(",") if ":is" not in selector else [selector]))
        + f"{{{rule}}}"
        for selector, rule in rules.items()
    )


_STYLE = f"""
.rule-graph{{max-width:100%;height:auto}}
.rule-graph{{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}}
.rule-graph :is(.heading,.domain,.standard .label,.end .label,.guide-label){{font-weight:600}}
.rule-graph .limit rect{{stroke-width:2}}.rule-graph .sign{{font-weight:700}}
.rule-graph :is(.edge,.guide){{fill:none;stroke-width:1.3}}
.rule-graph .guide{{stroke-width:3;stroke-dasharray:8 5}}
.rule-graph .edge.decided{{stroke-width:3}}.rule-graph .idle{{opacity:.35}}
.rule-graph :is(.guide-label,.sign){{text-anchor:middle;paint-order:stroke;stroke-width:4px}}
.rule-graph a,.rule-graph .box{{outline:none}}.rule-graph a{{cursor:pointer}}
.rule-graph :is(a:focus .box,.box:focus,a:hover .box) rect{{stroke-width:3.5}}
{colour_rules(LIGHT)}
@media screen and (prefers-color-scheme:dark){{{colour_rules(DARK)}}}
"""
