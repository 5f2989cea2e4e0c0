"""What a difference between two frameworks does, as data and for people: which ratings come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from inspectlib.exact import half_up

__all__ = ["Effect", "NodeEffect", "Row", "Shift"]


@attrs.frozen(kw_only=True)
class Shift:
    """Combinations that have one rating before and another after.

    Attributes:
        old: the rating before, or ``not rated``.
        new: the rating after, or ``not rated``.
        direction: ``same``, ``higher``, ``lower``, or ``other`` where one of the two is not rated.
        count: how many combinations.
        example: the ratings of one of them.
    """

    old: str
    new: str
    direction: str
    count: int
    example: Mapping[str, str]

    def data(self) -> dict[str, Any]:
        """The shift as JSON data."""
        return {**attrs.asdict(self, recurse=False), "example": dict(self.example)}


@attrs.frozen(kw_only=True)
class NodeEffect:
    """What becomes of one rating.

    Attributes:
        node: its name after.
        title: what it is called for people.
        shifts: from what to what, how often.
    """

    node: str
    title: str
    shifts: tuple[Shift, ...]

    @property
    def rated_otherwise(self) -> bool:
        """Whether any combination is rated otherwise."""
        return any(shift.direction != "same" for shift in self.shifts)

    def alike(self) -> frozenset[tuple[str, str, int]]:
        """What two ratings share of which the same becomes: from what to what how many go, where they differ."""
        return frozenset((s.old, s.new, s.count) for s in self.shifts if s.direction != "same")

    def count(self, direction: str) -> int:
        """How many combinations go in a direction."""
        return sum(shift.count for shift in self.shifts if shift.direction == direction)


@attrs.frozen(kw_only=True)
class Effect:
    """What a difference does to ratings, over many combinations of the ratings of standards.

    Attributes:
        over: which combinations.
        combinations: how many.
        exact: whether all of them were counted; else they are a sample.
        nodes: what becomes of each rating, the overall rating first.
        note: why there is none, or what it leaves out.
    """

    over: str
    combinations: int
    exact: bool
    nodes: tuple[NodeEffect, ...]
    note: str = ""

    def data(self) -> dict[str, Any]:
        """The effect as JSON data."""
        return {
            "over": self.over,
            "combinations": self.combinations,
            "exact": self.exact,
            "note": self.note,
            "ratings": [
                {"node": node.node, "title": node.title, "shifts": [shift.data() for shift in node.shifts]}
                for node in self.nodes
            ],
        }

    def heading(self) -> str:
        """Over what it is, in a sentence."""
        if not self.nodes:
            return "Effect"
        all_of = (
            f"all {self.combinations:,}"
            if self.exact
            else f"{self.combinations:,} (picked at random, the same each time) of the"
        )
        return f"Effect over {all_of} combinations of {self.over}"

    def lines(self) -> Iterator[str]:
        """The effect for people."""
        yield self.heading()
        if self.note:
            yield f"  {self.note}"
        for title, node in self.grouped():
            yield f"  {title}: {self.counted(node)}"
            for row in self.rows(node):
                yield f"      {row.how_many}: {row.old} -> {row.new}"
                yield f"          such as {row.example}"

    def markdown_lines(self) -> Iterator[str]:
        """The effect for people, as Markdown."""
        yield f"\n## {self.heading()}\n"
        if self.note:
            yield f"{self.note}\n"
        for title, node in self.grouped():
            yield f"**{title}**: {self.counted(node)}.\n"
            rows = self.rows(node)
            if rows:
                yield "| before | after | combinations | such as |"
                yield "|---|---|---|---|"
                for row in rows:
                    yield f"| {row.old} | {row.new} | {row.how_many} | {row.example} |"
                yield ""

    def grouped(self) -> Iterator[tuple[str, NodeEffect]]:
        """What becomes of each rating; those of which the same becomes are taken together."""
        groups: dict[frozenset[tuple[str, str, int]], list[NodeEffect]] = {}
        for node in self.nodes:
            groups.setdefault(node.alike(), []).append(node)
        for group in groups.values():
            yield "; ".join(node.title for node in group), group[0]

    def counted(self, node: NodeEffect) -> str:
        """How many combinations are rated the same, and how many otherwise, in which direction, in words."""
        parts = [f"{node.count('same'):,} the same"]
        parts += [f"{self._count(node.count(way))} {way}" for way in ("lower", "higher") if node.count(way)]
        parts += [f"{self._count(node.count('other'))} rated by only one of the two"] if node.count("other") else []
        return ", ".join(parts)

    def rows(self, node: NodeEffect) -> tuple[Row, ...]:
        """What is different about a rating, from what to what, the most frequent first, in words."""
        return tuple(
            Row(
                shift.old,
                shift.new,
                self._count(shift.count),
                ", ".join(f"{name} {rating}" for name, rating in shift.example.items()),
            )
            for shift in node.shifts
            if shift.direction != "same"
        )

    def _count(self, count: int) -> str:
        tenths = half_up(Fraction(count * 1000, self.combinations))
        return f"{count:,} ({f'{tenths // 10}.{tenths % 10}%' if tenths else 'under 0.1%'})"


class Row(NamedTuple):
    """Combinations rated otherwise, in words: before, after, how many, and one of them."""

    old: str
    new: str
    how_many: str
    example: str
