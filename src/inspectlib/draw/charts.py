"""Charts of ratings as SVG that needs nothing else: stacked bars, and the flow from one stack to another.

Positions are whole numbers, so that a picture is the same bytes everywhere. Colours run from red for the worst rating
to blue for the best, which people who do not see red and green apart can tell, and every colour is named in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import attrs

from inspectlib.draw.layout import SMALL, TITLE, fitted, text_width

__all__ = ["WIDTH", "Bar", "Flow", "bar_chart", "flow_chart", "shade"]

WIDTH = 640  # of a whole chart
_MARGIN, _GAP, _STACK = 18, 16, 20  # around it, between its parts, and the width of a stack
_BIG, _SMALL = 190, 84  # the height of a stack that stands alone, and of one beside others
_LABEL = 168  # the room for the name of a part of a stack
_COUNT = 30  # the room for a number beside it
_SHADES = 7

#: What a part of a stack is: its name, and the class of its colour.
Parts = Mapping[str, str]


@attrs.frozen
class Flow:
    """One pair of stacks, and how many went from where to where.

    Attributes:
        title: what it is about.
        parts: the parts of a stack, those at the bottom first, each with the class of its colour.
        flows: how many went from one part to another.
    """

    title: str
    parts: Parts
    flows: Mapping[tuple[str, str], int]


@attrs.frozen
class Bar:
    """One bar.

    Attributes:
        title: what it is about.
        remark: what stands below it.
        parts: the parts from left to right, each with the class of its colour.
        shares: the thousandths of each part; together a thousand.
        words: how the share of each part is written.
    """

    title: str
    remark: str
    parts: Parts
    shares: Mapping[str, int]
    words: Mapping[str, str]


def shade(position: int, count: int) -> str:
    """The class of the colour of a rating: its position on a scale of so many."""
    return f"r{position * (_SHADES - 1) // max(1, count - 1)}"


def flow_chart(title: str, about: str, ends: tuple[str, str], flows: Sequence[Flow], *, remark: str = "") -> str:
    """Stacks before and after with the flow between them: the first large, the others small, two in a row.

    Args:
        title: the heading.
        about: what the picture shows, in a sentence or two, for those who do not see it.
        ends: what the left and the right stacks are called.
        flows: what is shown.
        remark: what stands below.
    """
    top, parts = _head(title, _keys([flow.parts for flow in flows]))
    for index, flow in enumerate(flows):
        if not index:
            parts += _large(flow, ends, top)
            top += 34 + _BIG + _GAP
            continue
        column = (index - 1) % 2
        wide = (WIDTH - 2 * _MARGIN - _GAP) // 2
        parts += _little(flow, (_MARGIN + column * (wide + _GAP), top), wide)
        if column or index == len(flows) - 1:
            top += 22 + _SMALL + _GAP
    for line in _lines(remark, SMALL):
        parts.append(_text("small", (_MARGIN, top + SMALL), line, WIDTH - 2 * _MARGIN, SMALL))
        top += 18
    return _svg(title, about, top, parts)


def bar_chart(title: str, about: str, bars: Sequence[Bar]) -> str:
    """Bars of shares under each other; the arguments as for `flow_chart`."""
    top, parts = _head(title, _keys([bar.parts for bar in bars]))
    wide = WIDTH - 2 * _MARGIN
    for bar in bars:
        parts.append(_text("label", (_MARGIN, top + TITLE), bar.title, wide, TITLE))
        parts.append(_text("small", (_MARGIN, top + 52), bar.remark, wide, SMALL))
        start = done = 0
        for name, colour in bar.parts.items():
            done += bar.shares[name]
            end = wide * done // 1000
            if end > start:
                box = f'x="{_MARGIN + start}" y="{top + 19}" width="{end - start}" height="18"'
                parts.append(_part(colour, box, f"{name}: {bar.words[name]}"))
                if text_width(bar.words[name], SMALL) + 6 <= end - start:
                    at = (_MARGIN + (start + end) // 2, top + 32)
                    parts.append(_text(f"inside on-{colour}", at, bar.words[name], end - start, SMALL))
            start = end
        top += 66
    return _svg(title, about, top + 4, parts)


def _svg(title: str, about: str, height: int, parts: Sequence[str]) -> str:
    return (
        "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="ratings" role="img" viewBox="0 0 {WIDTH} {height}"',
                f' width="{WIDTH}" height="{height}">',
                f"<title>{escape(title)}</title>",
                f"<desc>{escape(about)}</desc>",
                f"<style>{_STYLE}</style>",
                f'<rect class="page" width="{WIDTH}" height="{height}"/>',
                *parts,
                "</svg>",
            ]
        )
        + "\n"
    )


def _text(style: str, at: tuple[int, int], text: str, room: int, size: int) -> str:
    """A line of text, no wider than there is room."""
    shown = fitted(text, room, _bold(size) if style in {"heading", "label"} else size)
    return f'<text class="{style}" x="{at[0]}" y="{at[1]}" font-size="{size}">{escape(shown)}</text>'


def _bold(size: int) -> int:
    """The size at which plain letters are as wide as bold ones of another size."""
    return -(-size * 8 // 7)


def _lines(text: str, size: int) -> list[str]:
    """A text in lines as wide as the chart."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _part(colour: str, box: str, words: str) -> str:
    """A part of a stack or bar, with words for whoever points at it."""
    return f'<rect class="part {colour}" {box}><title>{escape(words)}</title></rect>'


def _head(title: str, keys: Parts) -> tuple[int, list[str]]:
    """The heading and what the colours mean; where the rest begins."""
    room, lines = WIDTH - 2 * _MARGIN, _lines(title, _bold(17))
    parts = [_text("heading", (_MARGIN, 32 + 22 * row), line, room, 17) for row, line in enumerate(lines)]
    x, y = _MARGIN, 32 + 22 * len(lines)
    for name, colour in keys.items():
        wide = 22 + text_width(name, SMALL)
        if x + wide > WIDTH - _MARGIN and x > _MARGIN:
            x, y = _MARGIN, y + 20
        parts.append(f'<rect class="part {colour}" x="{x}" y="{y - 11}" width="14" height="12"/>')
        parts.append(_text("small", (x + 19, y), name, room, SMALL))
        x += wide + 14
    return y + (16 if keys else 0), parts


def _keys(stacks: Sequence[Parts]) -> Parts:
    """Every part with its colour, once, the worst rating first and what is no rating last."""
    found = {name: colour for parts in stacks for name, colour in parts.items()}
    return dict(sorted(found.items(), key=lambda item: (not item[1].startswith("r"), item[1])))


def _large(flow: Flow, ends: tuple[str, str], top: int) -> list[str]:
    """A pair of stacks with the names of their parts beside them."""
    left, right = _MARGIN + _LABEL + 8, WIDTH - _MARGIN - _LABEL - 8 - _STACK
    parts = [
        _text("label", (_MARGIN, top + TITLE), flow.title, left - _MARGIN - 40, TITLE),
        _text("small middle", (left + _STACK // 2, top + TITLE), ends[0], 80, SMALL),
        _text("small middle", (right + _STACK // 2, top + TITLE), ends[1], 80, SMALL),
    ]
    parts += _stacks(flow, (left, right), top + 24, _BIG)
    for x, style, sums in ((left - 8, "small end", _sums(flow, 0)), (right + _STACK + 8, "small", _sums(flow, 1))):
        for name, y in _beside(flow, sums, top + 24, _BIG):
            parts.append(_text(style, (x, y), f"{name} {sums[name]}", _LABEL, SMALL))
    return parts


def _little(flow: Flow, at: tuple[int, int], wide: int) -> list[str]:
    """A pair of stacks with the numbers of their parts beside them."""
    (x, top), left, right = at, at[0] + _COUNT, at[0] + wide - _COUNT - _STACK
    parts = [_text("label", (x, top + TITLE), flow.title, wide, TITLE)]
    parts += _stacks(flow, (left, right), top + 20, _SMALL)
    for place, style, sums in ((left - 5, "small end", _sums(flow, 0)), (right + _STACK + 5, "small", _sums(flow, 1))):
        for name, y in _beside(flow, sums, top + 20, _SMALL):
            parts.append(_text(style, (place, y), str(sums[name]), _COUNT, SMALL))
    return parts


def _sums(flow: Flow, side: int) -> dict[str, int]:
    """How many are in each part of the left or the right stack, those that are empty left out."""
    sums = {name: sum(n for pair, n in flow.flows.items() if pair[side] == name) for name in flow.parts}
    return {name: count for name, count in sums.items() if count}


def _beside(flow: Flow, sums: Mapping[str, int], top: int, tall: int) -> list[tuple[str, int]]:
    """Where the words beside the parts of a stack stand, no two of them on each other."""
    total, below = sum(sums.values()), top + tall + 12
    found = []
    done = 0
    for name in flow.parts:
        if name in sums:
            middle = top + tall - tall * (2 * done + sums[name]) // (2 * total) + 4
            below = min(middle, below - 13)
            found.append((name, below))
            done += sums[name]
    # Pushed up beyond the top, they are pushed down again.
    above = top - 3
    moved = []
    for name, y in reversed(found):
        above = max(y, above + 13)
        moved.append((name, above))
    return moved


def _stacks(flow: Flow, sides: tuple[int, int], top: int, tall: int) -> list[str]:
    """Two stacks, the first part at the bottom, and the ribbons between them."""
    total = sum(flow.flows.values())
    order = list(flow.parts)
    pairs = sorted(flow.flows, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    starts = _heights(pairs, flow, top + tall, tall, total)
    arrivals = sorted(pairs, key=lambda pair: (order.index(pair[1]), order.index(pair[0])))
    stops = _heights(arrivals, flow, top + tall, tall, total)
    x, to = sides[0] + _STACK, sides[1]
    middle = (x + to) // 2
    parts = []
    for pair in pairs:
        (low, high), (to_low, to_high) = starts[pair], stops[pair]
        number = flow.flows[pair]
        words = f"{pair[0]} to {pair[1]}: {number}" if pair[0] != pair[1] else f"{pair[0]}, unchanged: {number}"
        kind = "ribbon" if pair[0] != pair[1] else "ribbon still"
        curve = f"M{x} {high}C{middle} {high} {middle} {to_high} {to} {to_high}V{to_low}"
        curve += f"C{middle} {to_low} {middle} {low} {x} {low}z"
        parts.append(f'<path class="{kind} {flow.parts[pair[0]]}" d="{curve}"><title>{escape(words)}</title></path>')
    for side, left in enumerate(sides):
        sums, done = _sums(flow, side), 0
        for name in order:
            if name not in sums:
                continue
            low, high = (top + tall - tall * n // total for n in (done, done + sums[name]))
            done += sums[name]
            box = f'x="{left}" y="{high}" width="{_STACK}" height="{max(low - high, 1)}"'
            parts.append(_part(flow.parts[name], box, f"{name}: {sums[name]}"))
    return parts


def _heights(
    pairs: Sequence[tuple[str, str]], flow: Flow, bottom: int, tall: int, total: int
) -> dict[tuple[str, str], tuple[int, int]]:
    """Where each flow leaves or meets its stack: its lower and its upper edge."""
    found, done = {}, 0
    for pair in pairs:
        low, high = (bottom - tall * n // total for n in (done, done + flow.flows[pair]))
        found[pair] = low, high
        done += flow.flows[pair]
    return found


def _colours(light: Sequence[str]) -> str:
    return "".join(f".ratings .r{index}{{fill:{colour}}}" for index, colour in enumerate(light))


_STYLE = f"""
.ratings{{max-width:100%;height:auto;font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}}
.ratings text{{fill:#17202a}}.ratings .heading,.ratings .label{{font-weight:600}}.ratings .small{{fill:#475563}}
.ratings .end{{text-anchor:end}}.ratings .middle,.ratings .inside{{text-anchor:middle}}.ratings .page{{fill:#fff}}
{_colours(("#a82a43", "#d65f3d", "#eb9f4c", "#e9d27a", "#86bcd8", "#4f8fc4", "#24588f"))}
.ratings .open{{fill:#9aa5b1}}.ratings .none{{fill:#cdd4db}}
.ratings .away{{fill:#eef1f4;stroke:#9aa5b1;stroke-dasharray:3 2}}
.ratings .part{{stroke:#fff}}.ratings .part.away{{stroke:#9aa5b1}}
.ratings .ribbon{{fill-opacity:.6;stroke:none}}.ratings .still{{fill-opacity:.22}}
.ratings .on-r0,.ratings .on-r1,.ratings .on-r5,.ratings .on-r6{{fill:#fff}}
@media (prefers-color-scheme:dark){{
.ratings text{{fill:#e9eef3}}.ratings .small{{fill:#aebac6}}.ratings .page{{fill:#10151b}}
{_colours(("#c93f5a", "#de7350", "#f0ad62", "#ead98f", "#8cc4e0", "#5a9fd6", "#3a78bd"))}
.ratings .open{{fill:#77838f}}.ratings .none{{fill:#4a5561}}.ratings .away{{fill:#18202a;stroke:#77838f}}
.ratings .part{{stroke:#10151b}}.ratings .part.away{{stroke:#77838f}}.ratings .ribbon{{stroke:none}}
.ratings .still{{fill-opacity:.3}}
.ratings .on-r2,.ratings .on-r3,.ratings .on-r4,.ratings .on-open,.ratings .on-none{{fill:#10151b}}
}}"""
