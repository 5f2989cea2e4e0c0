"""Where things go in a picture: columns from left to right by layer, a panel for each domain."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import attrs

from inspectlib.draw.boxes import Edge, Picture
from inspectlib.framework import natural
from inspectlib.graph import Role, RuleGraph

TITLE, SMALL = 13, 12  # sizes of letters
BOLD = 14  # what plain letters would be as wide as the bold ones of a title
LINE, PAD, _MOST_LINES = 16, 9, 3  # height of a line, room around text, and lines of a title
_ROOM, _NARROW = 146, 106  # the widest text, and the widest title of a box outside the domains
_HAS = 192  # the widest text that says what a box has
MARGIN, HEAD, _LANE, _GAP = 18, 64, 14, 7
PANEL, _PANEL_HEAD = 12, 30  # room between the edge of a panel and its boxes


def text_width(text: str, size: int) -> int:
    """The width of text in most sans serif letters, rather too wide than too narrow."""
    total = 0
    for sign in text:
        if unicodedata.east_asian_width(sign) in {"W", "F"} or sign in "MW@%→—":
            total += 102
        else:
            total += 36 if sign in "fijlrtI.,:;|!'()[]/ " else 76 if sign.isupper() or sign in "mw&#<>=+~" else 60
    return -(-total * size // 100)


def fitted(text: str, room: int, size: int) -> str:
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
    return tuple(fitted(line, room, size) for line in lines)


def box_height(lines: Sequence[str]) -> int:
    """The height of a box with these lines."""
    return LINE * len(lines) + PAD


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
        box = shown.folded
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
    """The middles of things of a wanted middle, height and weight: in this order, apart, near what is wanted."""
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
    """What takes height in a range of columns: a panel, a box, or the lane of edges that pass by."""

    name: str
    height: int
    # How high its edges come in, and the middle it should have for that.
    comes_in: int
    wish: int
    kind: str
    # Its boxes by their distance from its middle.
    offsets: Mapping[str, int] = attrs.Factory(dict)


class Layout:
    """Where everything is: columns of boxes, panels of domains, and lanes for edges that pass by columns.

    A zone is a range of columns that no panel straddles. Zones are filled from left to right, so that everything can be
    near what leads to it.
    """

    def __init__(self, shown: Picture, graph: RuleGraph) -> None:
        self.shown = shown
        self.columns = _columns(shown, graph)
        self.lines = {
            box.name: (
                *_wrap(box.title, _ROOM if box.domain is not None else _NARROW, BOLD),
                fitted(box.has, _HAS, SMALL) if box.has else fitted(box.rule, _ROOM, SMALL),
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
        """The mean height at which edges come into a zone, guides left out where there are others; without any, 0."""
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
            things.append(_Thing(name, box_height(self.lines[name]), entry, entry, "box", {name: 0}))
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
        half = {name: box_height(self.lines[name]) // 2 for name in names}
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
        height = (max(y[name] + half[name] for name in names) + PANEL - top + 1) // 2 * 2
        return {name: y[name] - top - height // 2 for name in names}, height

    def _across(self) -> int:
        """Set the left edge and the width of each column; the right end of all."""
        right = MARGIN
        for low, high in self.zones:
            inside = {domain: span for domain, span in self.spans.items() if low <= span[0] <= high}
            right += PANEL if inside else 0
            for column in range(low, high + 1):
                names = [name for name in self.columns if self.columns[name] == column]
                if self.x:
                    fan = 52 if any(len(self.into[name]) > 4 for name in names) else 30
                    labels = [text_width(edge.label, SMALL) + 36 for name in names for edge in self.into[name]]
                    right += max([fan, *labels])
                rooms = [_text_room(self.lines[name]) for name in names]
                self.x[column] = right
                for domain in (domain for domain, (_, last) in inside.items() if last == column):
                    # A title stands over all columns of its panel.
                    most = 4 * _ROOM // 3 * (column - self.spans[domain][0] + 1)
                    rooms.append(
                        min(text_width(self.shown.domains[domain], BOLD), most) + self.x[inside[domain][0]] - right
                    )
                self.widths[column] = max(rooms, default=0) + 2 * PAD
                right += self.widths[column]
            right += PANEL if inside else 0
        return right

    def panel_sides(self, domain: str) -> tuple[int, int]:
        """The left and right edge of a panel."""
        low, high = self.spans[domain]
        return self.x[low] - PANEL, self.x[high] + self.widths[high] + PANEL

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


def path_of(points: Sequence[tuple[int, int]], down: int) -> str:
    """Curves from point to point, level at each."""
    path = f"M{points[0][0]} {points[0][1] + down}"
    for (x, y), (to_x, to_y) in pairwise(points):
        bend = max(abs(to_x - x) // 2, 20)
        path += f"C{x + bend} {y + down} {to_x - bend} {to_y + down} {to_x} {to_y + down}"
    return path


def _text_room(lines: Sequence[str]) -> int:
    return max(text_width(line, size) for line, size in zip(lines, [*[BOLD] * (len(lines) - 1), SMALL], strict=True))
