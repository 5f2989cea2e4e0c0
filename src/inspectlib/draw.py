"""Pictures of the rule graph, as text: Mermaid, Graphviz dot, or an SVG that needs nothing else.

A picture has a box for each standard, key question and other named node. The steps inside a rating, such as
``2.1.1.share``, are folded into the box they belong to. Positions are whole numbers, so that a picture is the same
bytes everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from html import escape
from itertools import pairwise

import attrs

from inspectlib.framework import natural
from inspectlib.graph import Framework, Role, RuleGraph
from inspectlib.kinds import Polarity
from inspectlib.rules import CountRule, GivenRule, LiftRule, LimitRule, Rule, ShiftRule, TestRule

__all__ = ["dot", "draw", "mermaid", "svg"]

#: Inputs that guide or limit a rating instead of making it up.
_GUIDES = ("ceiling", "floor", "when")
_SIGNS = {Polarity.HARMS: "−", Polarity.EITHER: "?"}  # noqa: RUF001  # a minus sign, as long as a dash
#: What no XML file may hold.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@attrs.frozen
class Box:
    """A node with the steps folded into it: its rules in few words, the domain it is in, whether nothing uses it."""

    name: str
    title: str
    rule: str
    role: Role
    domain: str | None
    last: bool


@attrs.frozen
class Edge:
    """What one box takes from another: the guiding slots it goes into, and the sign of a better value that can harm."""

    start: str
    end: str
    guides: tuple[str, ...]
    sign: str

    @property
    def label(self) -> str:
        return " ".join((*self.guides, self.sign)).strip()


@attrs.frozen
class Picture:
    """What every form shows: boxes and edges in the order of published numbers, and the titles of the domains."""

    title: str
    boxes: Mapping[str, Box]
    edges: tuple[Edge, ...]
    domains: Mapping[str, str]

    def inside(self, domain: str | None) -> list[Box]:
        """The boxes of a domain, or of none."""
        return [box for box in self.boxes.values() if box.domain == domain]


def draw(framework: Framework, as_: str = "mermaid") -> str:
    """The rule graph as ``mermaid``, ``dot`` or ``svg``."""
    forms: dict[str, Callable[[Framework], str]] = {"mermaid": mermaid, "dot": dot, "svg": svg}
    if as_ not in forms:
        raise ValueError(f"a picture is drawn as mermaid, dot or svg, not as {as_!r}")
    return forms[as_](framework)


# --- what is shown


def picture(framework: Framework) -> Picture:
    """The boxes and edges of a framework, the steps inside a rating folded."""
    nodes = framework.graph.nodes
    folded = _folded(framework.graph)
    domain_of: dict[str, str] = {}
    domains: dict[str, str] = {}
    for number, domain, standard_number, standard in framework.data.standards():
        domains[number] = _clean(f"{number} {domain.title}")
        domain_of |= dict.fromkeys((standard_number, *standard.questions), number)
    edges = _edges(framework.graph, folded)
    used = {edge.start for edge in edges}
    boxes = {}
    for name in sorted(set(folded.values()), key=natural):
        rules = [node.rule for part, node in nodes.items() if folded[part] == name]
        # That a share is one of answers need not be said in every box.
        said = [rule for rule in rules if len(rules) == 1 or not isinstance(rule, GivenRule)]
        steps = " → ".join(_few_words(rule) for rule in said)
        node = nodes[name]
        title = _clean(node.title) or name
        boxes[name] = Box(name, title, _clean(steps), node.role, domain_of.get(node.of), name not in used)
    return Picture(_clean(framework.title), boxes, edges, domains)


def _folded(graph: RuleGraph) -> dict[str, str]:
    """The box of each node."""
    nodes = graph.nodes
    return {name: node.of if node.role is Role.PART and node.of in nodes else name for name, node in nodes.items()}


def _edges(graph: RuleGraph, folded: Mapping[str, str]) -> tuple[Edge, ...]:
    """One edge for each two boxes of which one uses the other."""
    members: dict[str, list[str]] = {}
    for name, box in folded.items():
        members.setdefault(box, []).append(name)
    found = []
    for box, parts in members.items():
        guides: dict[str, set[str]] = {}
        effects: dict[str, Polarity] = {}
        for part in parts:
            for slot, names in graph.nodes[part].slots.items():
                for name in names:
                    if folded[name] != box:
                        guides.setdefault(folded[name], set()).update({slot} & set(_GUIDES))
                        effect = _effect(graph, name, box, parts)
                        effects[folded[name]] = effects.get(folded[name], Polarity.NOTHING).beside(effect)
        found += [Edge(start, box, tuple(sorted(guides[start])), _SIGNS.get(effects[start], "")) for start in guides]
    return tuple(sorted(found, key=lambda edge: (natural(edge.end), natural(edge.start))))


def _effect(graph: RuleGraph, source: str, box: str, parts: Sequence[str]) -> Polarity:
    """What a better value of a node does to a box, through the steps folded into the box."""
    effects = {source: Polarity.HELPS}
    for part in parts:
        node = graph.nodes[part]
        total = Polarity.NOTHING
        for name, polarity in zip(node.inputs, node.polarity, strict=True):
            total = total.beside(effects.get(name, Polarity.NOTHING).then(polarity))
        effects[part] = total
    return effects[box]


def _few_words(rule: Rule) -> str:
    match rule:
        case GivenRule():
            return str(rule.kind) if rule.kind == "answers" else f"given {rule.kind}"
        case LiftRule():
            return f"no worse than {rule.to}"
        case LimitRule():
            return f"no better than {rule.to}"
        case ShiftRule():
            return f"shift by {rule.by}"
        case CountRule() | TestRule():
            limits = {"at least": rule.at_least, "at most": rule.at_most, "is": getattr(rule, "equals", None)}
            found = [f"{words} {limit}" for words, limit in limits.items() if limit is not None]
            return " ".join((*(["count"] if isinstance(rule, CountRule) else []), *found))
        case _:
            return rule.tag


def _clean(text: str) -> str:
    return " ".join(_UNSPEAKABLE.sub("\ufffd", text).split())


# --- text forms


def mermaid(framework: Framework) -> str:
    """The rule graph as a Mermaid flowchart."""
    shown = picture(framework)
    lines = ["flowchart LR"]
    for index, (domain, title) in enumerate(shown.domains.items(), 1):
        lines += [f'  subgraph d{index}["{_mermaid_text(title)}"]', *map(_mermaid_box, shown.inside(domain)), "  end"]
    lines += map(_mermaid_box, shown.inside(None))
    for edge in shown.edges:
        arrow = "-.->" if edge.guides else "-->"
        label = f'|"{_mermaid_text(edge.label)}"|' if edge.label else ""
        lines.append(f"  {_mermaid_id(edge.start)} {arrow}{label} {_mermaid_id(edge.end)}")
    guides = [str(index) for index, edge in enumerate(shown.edges) if edge.guides]
    if guides:
        lines.append(f"  linkStyle {','.join(guides)} stroke:#c2560c,stroke-width:3px")
    return "\n".join(lines) + "\n"


def _mermaid_box(box: Box) -> str:
    return f'    {_mermaid_id(box.name)}["{_mermaid_text(box.title)}<br/>{_mermaid_text(box.rule)}"]'


def _mermaid_id(name: str) -> str:
    """An id that is no word of Mermaid's, different for different names."""
    return "n_" + name.replace("_", "__").replace(".", "_")


def _mermaid_text(text: str) -> str:
    """Text with every sign coded that could be read as syntax or as Markdown."""
    coded = r"""[!"#$%&*+/:;<=>?@\[\\\]^_`{|}~]|(?<![^\W_])[.-]|[.)-](?![^\W_])"""
    return re.sub(coded, lambda sign: f"#{ord(sign[0])};", text)


def dot(framework: Framework) -> str:
    """The rule graph in the language of Graphviz."""
    shown = picture(framework)
    lines = [
        f"digraph {_dot_text(framework.id)} {{",
        f'  graph [rankdir=LR, label={_dot_text(shown.title)}, labelloc=t, fontname="Helvetica", ranksep=0.9];',
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=11];',
        '  edge [color="#66727f", fontname="Helvetica", fontsize=10];',
    ]
    for index, (domain, title) in enumerate(shown.domains.items(), 1):
        lines += [f"  subgraph cluster_{index} {{", f'    label={_dot_text(title)}; color="#c3ccd5";']
        lines += [*map(_dot_box, shown.inside(domain)), "  }"]
    lines += map(_dot_box, shown.inside(None))
    for edge in shown.edges:
        how = [f"label={_dot_text(edge.label)}"] if edge.label else []
        if edge.guides:
            how += ["style=dashed", 'color="#c2560c"', 'fontcolor="#c2560c"', "penwidth=2"]
        style = f" [{', '.join(how)}]" if how else ""
        lines.append(f'  "{edge.start}" -> "{edge.end}"{style};')
    return "\n".join([*lines, "}"]) + "\n"


def _dot_box(box: Box) -> str:
    fill = ', fillcolor="#e3eefb"' if box.role is Role.STANDARD else ""
    return f'    "{box.name}" [label="{_dot_escaped(box.title)}\\n{_dot_escaped(box.rule)}"{fill}];'


def _dot_text(text: str) -> str:
    return f'"{_dot_escaped(text)}"'


def _dot_escaped(text: str) -> str:
    """Text for a quoted label, in which Graphviz reads backslashes and character entities."""
    return (
        text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("<", "&lt;").replace(">", "&gt;")
    )


# --- the picture itself: columns from left to right by layer, a panel for each domain

_TITLE, _SMALL = 13, 12  # sizes of letters
_LINE, _PAD, _MOST_LINES = 16, 9, 3  # height of a line, room around text, and lines of a title
_ROOM, _NARROW = 146, 106  # the widest text, and the widest title of a box outside the domains
_MARGIN, _HEAD, _LANE, _GAP = 18, 64, 14, 7
_PANEL, _PANEL_HEAD = 12, 30  # room between the edge of a panel and its boxes


def text_width(text: str, size: int) -> int:
    """The width of text in most sans serif letters, rather too wide than too narrow."""
    total = 0
    for sign in text:
        if unicodedata.east_asian_width(sign) in {"W", "F"} or sign in "mwMW@%→—":
            total += 102
        else:
            total += 36 if sign in "fijlrtI.,:;|!'()[]/ " else 74 if sign.isupper() or sign in "&#<>=+~" else 60
    return -(-total * size // 100)


def _fit(text: str, room: int, size: int) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def _wrap(text: str, room: int, size: int) -> tuple[str, ...]:
    """The text on three lines at most."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (text_width(longer, size) <= room or len(lines) == _MOST_LINES):
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(_fit(line, room, size) for line in lines)


def _height(lines: Sequence[str]) -> int:
    return _LINE * len(lines) + _PAD


def _columns(shown: Picture, graph: RuleGraph) -> dict[str, int]:
    """The column of each box: after its inputs, the standards of a domain together, inputs close to what uses them."""
    key = {box.name: f"domain {box.domain}" if box.role is Role.STANDARD else box.name for box in shown.boxes.values()}
    inputs: dict[str, set[str]] = {key[name]: set() for name in sorted(key, key=natural)}
    for edge in shown.edges:
        inputs[key[edge.end]].add(key[edge.start])
    first = 1 if any(box.role is Role.QUESTION for box in shown.boxes.values()) else 0
    column: dict[str, int] = {}
    try:
        for name in TopologicalSorter(inputs).static_order():
            least = first if name not in key else 0
            column[name] = max((column[start] + 1 for start in inputs[name]), default=least)
    except CycleError:
        # Standards of one domain that use each other cannot stand in one column.
        box = _folded(graph)
        for name, node in graph.nodes.items():
            column[name] = max((column[start] + (box[start] != box[name]) for start in node.inputs), default=0)
        return {name: column[name] for name in shown.boxes}
    users: dict[str, list[int]] = {}
    for name, starts in inputs.items():
        for start in starts:
            users.setdefault(start, []).append(column[name])
    column |= {name: min(columns) - 1 for name, columns in users.items() if not inputs[name]}
    return {name: column[key[name]] for name in shown.boxes}


def _spread(items: Sequence[tuple[int, int, int]], gap: int) -> list[int]:
    """The middles of things of a wanted middle, height and weight: in this order, apart, and as near as can be to it."""
    offsets: list[int] = []
    offset = before = 0
    groups: list[list[int]] = []  # the weighted sum of wishes, the weight and the count of things that touch
    for wish, height, weight in items:
        offset += (before + height) // 2 + gap if offsets else 0
        before = height
        offsets.append(offset)
        groups.append([(wish - offset) * weight, weight, 1])
        while len(groups) > 1 and groups[-2][0] * groups[-1][1] > groups[-1][0] * groups[-2][1]:
            last = groups.pop()
            groups[-1] = [a + b for a, b in zip(groups[-1], last, strict=True)]
    starts = [total // weight for total, weight, count in groups for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


@attrs.frozen
class _Thing:
    """What takes height in a range of columns: a panel or box with its boxes by their distance from its middle, or the
    lane of edges that pass by.
    """

    name: str
    height: int
    #: How high its edges come in, and the middle it should have for that.
    comes_in: int
    wish: int
    kind: str
    offsets: Mapping[str, int] = attrs.Factory(dict)


class _Layout:
    """Where everything is: columns of boxes, panels of domains, and lanes for edges that pass by columns.

    A zone is a range of columns that no panel straddles. Zones are filled from left to right, so that everything can be
    near what leads to it.
    """

    def __init__(self, shown: Picture, graph: RuleGraph) -> None:
        self.shown = shown
        self.columns = _columns(shown, graph)
        self.lines = {
            box.name: (
                *_wrap(box.title, _ROOM if box.domain is not None else _NARROW, _TITLE),
                _fit(box.rule, _ROOM, _SMALL),
            )
            for box in shown.boxes.values()
        }
        self.into: dict[str, list[Edge]] = {name: [] for name in shown.boxes}
        for edge in shown.edges:
            self.into[edge.end].append(edge)
        spans = {domain: [self.columns[box.name] for box in shown.inside(domain)] for domain in shown.domains}
        self.spans = {domain: (min(columns), max(columns)) for domain, columns in spans.items() if columns}
        self.zones = _zones([*self.spans.values(), *((column, column) for column in self.columns.values())])
        zone_of = {column: zone for zone, (low, high) in enumerate(self.zones) for column in range(low, high + 1)}
        self.zone = {name: zone_of[column] for name, column in self.columns.items()}
        self.y: dict[str, int] = {}
        self.lanes: dict[tuple[int, str], int] = {}
        self.panels: dict[str, tuple[int, int]] = {}
        for zone in range(len(self.zones)):
            self._stack(zone)
        self.x: dict[int, int] = {}
        self.widths: dict[int, int] = {}
        self.right = self._across()

    def _entry(self, edges: Sequence[Edge], zone: int, offsets: Mapping[str, int]) -> int:
        """The mean height at which edges come into a zone, guides left out where there are others; else the middle, 0."""
        heights: dict[bool, list[int]] = {True: [], False: []}
        for edge in edges:
            if self.zone[edge.start] < zone:
                y = self.lanes.get((zone - 1, edge.end)) if self.zone[edge.start] < zone - 1 else None
                y = self.y[edge.start] if y is None else y
                heights[bool(edge.guides)].append(y - offsets.get(edge.end, 0))
        found = heights[False] or heights[True]
        return sum(found) // len(found) if found else 0

    def _stack(self, zone: int) -> None:
        """Place the panels, boxes and lanes of a zone, each near what leads to it."""
        boxes = [self.shown.boxes[name] for name in self.columns if self.zone[name] == zone]
        things = []
        for domain in dict.fromkeys(box.domain for box in boxes if box.domain is not None):
            names = [box.name for box in boxes if box.domain == domain]
            offsets, height = self._panel(names)
            edges = [edge for name in names for edge in self.into[name]]
            entry, wish = self._entry(edges, zone, {}), self._entry(edges, zone, offsets)
            things.append(_Thing(domain, height, entry, wish, "box and panel", offsets))
        for name in (box.name for box in boxes if box.domain is None):
            entry = self._entry(self.into[name], zone, {})
            things.append(_Thing(name, _height(self.lines[name]), entry, entry, "box", {name: 0}))
        for name, edges in self.into.items():
            passing = [edge for edge in edges if self.zone[edge.start] < zone < self.zone[name]]
            if passing:
                entry = self._entry(passing, zone, {})
                things.append(_Thing(name, _LANE, entry, entry, "lane"))
        things.sort(key=lambda thing: (thing.comes_in, thing.kind == "lane", natural(thing.name)))
        # Lanes give way, so that boxes in a row stay in a straight line.
        items = [(thing.wish, thing.height, 1 if thing.kind == "lane" else 10_000) for thing in things]
        for thing, y in zip(things, _spread(items, 16), strict=True):
            if thing.kind == "lane":
                self.lanes[zone, thing.name] = y
            if thing.kind == "box and panel":
                self.panels[thing.name] = (y - thing.height // 2, thing.height)
            self.y |= {name: y + offset for name, offset in thing.offsets.items()}

    def _panel(self, names: Sequence[str]) -> tuple[dict[str, int], int]:
        """The boxes of a panel by their distance from its middle, and its height."""
        y: dict[str, int] = {}
        half = {name: _height(self.lines[name]) // 2 for name in names}
        for column in sorted({self.columns[name] for name in names}):
            stack = [name for name in names if self.columns[name] == column]
            wishes: list[int] = []
            for index, name in enumerate(stack):
                heights = [y[edge.start] for edge in self.into[name] if edge.start in y]
                below = wishes[-1] + half[stack[index - 1]] + half[name] + _GAP if wishes else 0
                wishes.append(sum(heights) // len(heights) if heights else below)
            items = [(wish, 2 * half[name], 1) for name, wish in zip(stack, wishes, strict=True)]
            y |= dict(zip(stack, _spread(items, _GAP), strict=True))
        top = min(y[name] - half[name] for name in names) - _PANEL_HEAD
        height = (max(y[name] + half[name] for name in names) + _PANEL - top + 1) // 2 * 2
        return {name: y[name] - top - height // 2 for name in names}, height

    def _across(self) -> int:
        """Set the left edge and the width of each column; the right end of all."""
        right = _MARGIN
        for low, high in self.zones:
            inside = {domain: span for domain, span in self.spans.items() if low <= span[0] <= high}
            right += _PANEL if inside else 0
            for column in range(low, high + 1):
                names = [name for name in self.columns if self.columns[name] == column]
                if self.x:
                    fan = 60 if any(len(self.into[name]) > 4 for name in names) else 30
                    labels = [text_width(edge.label, _SMALL) + 36 for name in names for edge in self.into[name]]
                    right += max([fan, *labels])
                rooms = [_text_room(self.lines[name]) for name in names]
                alone = [domain for domain, span in inside.items() if span == (column, column)]
                rooms += [text_width(self.shown.domains[domain], _TITLE) for domain in alone]
                self.x[column], self.widths[column] = right, min(max(rooms, default=0), _ROOM) + 2 * _PAD
                right += self.widths[column]
            right += _PANEL if inside else 0
        return right

    def panel_sides(self, domain: str) -> tuple[int, int]:
        """The left and right edge of a panel."""
        low, high = self.spans[domain]
        return self.x[low] - _PANEL, self.x[high] + self.widths[high] + _PANEL

    def points(self, edge: Edge) -> list[tuple[int, int]]:
        """The points of an edge: out of a box, in and out of each lane, into the left of a box."""
        start, end = self.columns[edge.start], self.columns[edge.end]
        found = [(self.x[start] + self.widths[start], self.y[edge.start])]
        for zone in range(self.zone[edge.start] + 1, self.zone[edge.end]):
            low, high = self.zones[zone]
            lane = self.lanes[zone, edge.end]
            found += [(self.x[low], lane), (self.x[high] + self.widths[high], lane)]
        return [*found, (self.x[end], self.y[edge.end])]


def _zones(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those that overlap made one."""
    zones: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if zones and low <= zones[-1][1]:
            zones[-1] = (zones[-1][0], max(high, zones[-1][1]))
        else:
            zones.append((low, high))
    return zones


def _path(points: Sequence[tuple[int, int]], down: int) -> str:
    """Curves from point to point, level at each."""
    path = f"M{points[0][0]} {points[0][1] + down}"
    for (x, y), (to_x, to_y) in pairwise(points):
        bend = max(abs(to_x - x) // 2, 20)
        path += f"C{x + bend} {y + down} {to_x - bend} {to_y + down} {to_x} {to_y + down}"
    return path


def _text_room(lines: Sequence[str]) -> int:
    return max(text_width(line, size) for line, size in zip(lines, [*[_TITLE] * (len(lines) - 1), _SMALL], strict=True))


def svg(framework: Framework) -> str:
    """The rule graph as an SVG picture."""
    shown = picture(framework)
    at = _Layout(shown, framework.graph)
    tops = [top for top, _ in at.panels.values()] + [y - _height(at.lines[name]) // 2 for name, y in at.y.items()]
    ends = [top + height for top, height in at.panels.values()]
    ends += [y + _height(at.lines[name]) // 2 for name, y in at.y.items()]
    down = _HEAD + _MARGIN - min([*tops, *at.lanes.values()])
    width = max(at.right + _MARGIN, 640)
    height = max([*ends, *at.lanes.values()]) + down + _MARGIN + 36
    about = _about(shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="rule-graph" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">',
        f"<title>{escape(shown.title)}: rule graph</title>",
        f"<desc>{escape(about)}</desc>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="rule-graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker>'
        '<marker id="rule-graph-guide" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="12" markerHeight="12" '
        'markerUnits="userSpaceOnUse" orient="auto"><path class="guide-tip" d="M0 0 8 4 0 8z"/></marker></defs>',
        f'<rect class="page" width="{width}" height="{height}"/>',
        _text("heading", (_MARGIN, 38), shown.title, width - 2 * _MARGIN, 20),
        _text("small", (_MARGIN, 60), about, width - 2 * _MARGIN, _SMALL),
    ]
    for domain, (top, tall) in at.panels.items():
        left, right = at.panel_sides(domain)
        parts.append(
            f'<rect class="panel" x="{left}" y="{top + down}" width="{right - left}" height="{tall}" rx="12"/>'
        )
        title = shown.domains[domain]
        parts.append(_text("domain", (left + _PANEL, top + down + 21), title, right - left - 2 * _PANEL, _TITLE))
    for edge in sorted(shown.edges, key=lambda edge: bool(edge.guides)):
        kind = "guide" if edge.guides else "edge"
        words = f"{edge.start} to {edge.end} {edge.label}".strip()
        parts.append(
            f'<path class="{kind}" data-from="{edge.start}" data-to="{edge.end}" d="{_path(at.points(edge), down)}">'
            f"<title>{escape(words)}</title></path>"
        )
    fed = {edge.start for edge in shown.edges if edge.guides}
    for name, box in shown.boxes.items():
        parts += _box(box, at, down, "limit" if name in fed else "end" if box.last else str(box.role).split(" ")[-1])
    parts += _labels(shown, at, down)
    parts += _legend(shown, height - 22)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _labels(shown: Picture, at: _Layout, down: int) -> list[str]:
    """The label of each edge that has one, on the middle of its last curve."""
    parts: list[str] = []
    taken: set[tuple[int, int]] = set()
    for edge in (edge for edge in shown.edges if edge.label):
        (x, y), (to_x, to_y) = at.points(edge)[-2:]
        # A minus sign on a line would be lost.
        x, y = (x + to_x) // 2, (y + to_y) // 2 + down + (4 if edge.guides else -5)
        while (x, y) in taken:
            y += _LINE
        taken.add((x, y))
        kind = "guide-label" if edge.guides else "sign"
        parts.append(f'<text class="{kind}" x="{x}" y="{y}" font-size="{_SMALL}">{escape(edge.label)}</text>')
    return parts


def _box(box: Box, at: _Layout, down: int, kind: str) -> list[str]:
    lines, column = at.lines[box.name], at.columns[box.name]
    x, wide, tall = at.x[column], at.widths[column], _height(lines)
    y = at.y[box.name] + down - tall // 2
    parts = [
        f'<g class="box {kind}" data-node="{box.name}"><title>{escape(box.title)}: {escape(box.rule)}</title>',
        f'<rect x="{x}" y="{y}" width="{wide}" height="{tall}" rx="8"/>',
    ]
    for index, line in enumerate(lines, 1):
        small = index == len(lines)
        style = "small" if small else "label"
        parts.append(
            _text(style, (x + _PAD, y + _LINE * index + 1), line, wide - 2 * _PAD, _SMALL if small else _TITLE)
        )
    return [*parts, "</g>"]


def _text(style: str, at: tuple[int, int], text: str, room: int, size: int) -> str:
    """A line of text, no wider than there is room."""
    return f'<text class="{style}" x="{at[0]}" y="{at[1]}" font-size="{size}">{escape(_fit(text, room, size))}</text>'


def _about(shown: Picture) -> str:
    roles = [box.role for box in shown.boxes.values()]
    counts = ((Role.STANDARD, "standard"), (Role.QUESTION, "key question"))
    words = [f"{roles.count(role)} {word}{'' if roles.count(role) == 1 else 's'}" for role, word in counts]
    words.append(f"{len(roles) - roles.count(Role.STANDARD) - roles.count(Role.QUESTION)} other nodes")
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
    parts, x = [], _MARGIN
    for kind, words in entries:
        if kind:
            parts.append(f'<path class="{kind} key" d="M{x} {y - 4}H{x + 40}"/>')
            x += 50
        parts.append(_text("small", (x, y), words, 400, _SMALL))
        x += text_width(words, _SMALL) + 24
    return parts


_SIGN_WORDS = {_SIGNS[Polarity.HARMS]: "can only harm", _SIGNS[Polarity.EITHER]: "can help or harm"}

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
.rule-graph .sign{font-weight:700}.rule-graph .guide-tip{fill:#b8500a}.rule-graph .guide-label{fill:#b8500a;font-weight:600}
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
