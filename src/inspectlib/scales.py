"""Ordered rating scales, and bands that turn a number into a rating."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

import attrs

from inspectlib.errors import (
    BadScores,
    BandGap,
    BandOrder,
    BandOverlap,
    EmptyScale,
    Fault,
    OffScale,
    Path,
    TooLarge,
)
from inspectlib.exact import fraction_text, percent_text, whole_percent
from inspectlib.frozen import FrozenMapping
from inspectlib.provenance import Grounded

__all__ = ["Band", "Bands", "Better", "Rounding", "Scale"]

#: More than any scale of ratings has.
MAX_RATINGS = 100


@attrs.frozen(kw_only=True)
class Scale(Grounded):
    """An ordered scale of ratings.

    Attributes:
        ratings: the ratings, the worst first.
        scores: the score of each rating, rising; 0, 1, 2 and so on unless given.
    """

    ratings: tuple[str, ...]
    scores: tuple[Fraction, ...] = ()

    def score(self, position: int) -> Fraction:
        """The score of the rating at a position of the scale, 0 being the worst."""
        return self.scores[position] if self.scores else Fraction(position)

    @property
    def top_score(self) -> Fraction:
        """The score of the best rating."""
        return self.score(len(self.ratings) - 1)

    def position(self, label: str) -> int:
        """The place of a rating on the scale, 0 being the worst; upper and lower case are the same.

        Raises:
            OffScale: the scale has no such rating.
        """
        folded = " ".join(label.casefold().split())
        for position, rating in enumerate(self.ratings):
            if rating.casefold() == folded:
                return position
        raise OffScale(f"{label!r} is not a rating of the scale {', '.join(self.ratings)}")

    def problems(self) -> Iterator[tuple[Path, Fault]]:
        """What is wrong with the scale, each with the entry concerned."""
        if len(self.ratings) < 2:
            yield ("ratings",), EmptyScale("a scale needs at least two ratings")
        if len(self.ratings) > MAX_RATINGS:
            yield ("ratings",), TooLarge(f"a scale of {len(self.ratings)} ratings; there can be {MAX_RATINGS}")
            return
        folded = [rating.casefold() for rating in self.ratings]
        for index, rating in enumerate(folded):
            if rating in folded[:index]:
                yield ("ratings", index), EmptyScale(f"the rating {self.ratings[index]!r} stands twice on the scale")
            if rating in {"not rated", "not applicable", "open", ""} or rating != " ".join(rating.split()):
                yield ("ratings", index), EmptyScale(f"{self.ratings[index]!r} cannot be the name of a rating")
        if self.scores:
            if len(self.scores) != len(self.ratings):
                yield ("scores",), BadScores(f"{len(self.scores)} scores for {len(self.ratings)} ratings")
            if any(low >= high for low, high in pairwise(self.scores)) or self.scores[0] < 0:
                yield ("scores",), BadScores("scores must be 0 or more and rise from the worst rating to the best")


class Better(StrEnum):
    """Whether a higher or a lower number is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Rounding(StrEnum):
    """Whether a number is banded as it is, or as a whole percentage, half up."""

    EXACT = "exact"
    WHOLE_PERCENT = "whole percent"


@attrs.frozen(kw_only=True)
class Band:
    """The numbers that get one rating. Each bound states by its name the side that the edge belongs to.

    Attributes:
        at_least: from this number on, the number itself included.
        above: from this number on, the number itself not included.
        at_most: up to this number, the number itself included.
        below: up to this number, the number itself not included.
    """

    at_least: Fraction | None = None
    above: Fraction | None = None
    at_most: Fraction | None = None
    below: Fraction | None = None

    def lower(self) -> tuple[Fraction, bool] | None:
        """The lower edge, and whether a number on it is above the edge's band (so not in this one)."""
        if self.at_least is not None:
            return self.at_least, False
        return None if self.above is None else (self.above, True)

    def upper(self) -> tuple[Fraction, bool] | None:
        """The upper edge, and whether a number on it is still in this band."""
        if self.below is not None:
            return self.below, False
        return None if self.at_most is None else (self.at_most, True)

    def words(self, as_text: object = fraction_text) -> str:
        """The band in words: ``from 50% to below 65%``."""
        show = percent_text if as_text is percent_text else fraction_text
        low = f"from {show(self.at_least)}" if self.at_least is not None else ""
        low = low or (f"above {show(self.above)}" if self.above is not None else "")
        high = f"below {show(self.below)}" if self.below is not None else ""
        high = high or (f"up to and including {show(self.at_most)}" if self.at_most is not None else "")
        joint = " to " if low and high and self.below is not None else " " if low and high else ""
        return f"{low}{joint}{high}" or "any"


@attrs.frozen(kw_only=True)
class Bands(Grounded):
    """Bands that cover every number once, one for each rating of a scale.

    Attributes:
        scale: the name of the scale.
        bands: the numbers for each rating.
        better: whether a higher number is better (the default) or a lower one.
        rounding: ``exact`` (the default), or ``whole percent`` to round half up before banding.
    """

    scale: str
    bands: FrozenMapping[str, Band]
    better: Better = Better.HIGHER
    rounding: Rounding = Rounding.EXACT

    def problems(self, scale: Scale) -> Iterator[tuple[Path, Fault]]:
        """What is wrong with the bands, each with the entry concerned."""
        placed: dict[int, tuple[str, Band]] = {}
        for label, band in self.bands.items():
            path: Path = ("bands", label)
            if (band.at_least is not None and band.above is not None) or (
                band.at_most is not None and band.below is not None
            ):
                yield path, BandOrder("give one lower bound (at_least or above) and one upper (at_most or below)")
            try:
                position = scale.position(label)
            except OffScale as fault:
                yield path, fault
                continue
            if position in placed:
                yield path, BandOverlap(f"{label!r} and {placed[position][0]!r} are the same rating")
            placed[position] = label, band
        for position, rating in enumerate(scale.ratings):
            if position not in placed:
                yield ("bands",), BandGap(f"no band for {rating}")
        order = [placed[p] for p in sorted(placed, reverse=self.better is Better.LOWER)]
        if len(order) < len(scale.ratings):
            return
        yield from _sequence_problems(order)

    def edges(self, scale: Scale) -> tuple[tuple[Fraction, bool], ...]:
        """The edges in rising order, each with whether a number on it belongs to the band below it."""
        ordered = self._in_rising_order(scale)
        return tuple(upper for band in ordered[:-1] if (upper := band.upper()))

    def _in_rising_order(self, scale: Scale) -> list[Band]:
        by_position = {scale.position(label): band for label, band in self.bands.items()}
        return [by_position[p] for p in sorted(by_position, reverse=self.better is Better.LOWER)]

    def position(self, number: Fraction, edges: tuple[tuple[Fraction, bool], ...], rounding: Rounding) -> int:
        """The rating of a number, as a position on the scale, given `edges` and how to round."""
        if rounding is Rounding.WHOLE_PERCENT:
            number = whole_percent(number)
        passed = sum(number > edge or (number == edge and not stays) for edge, stays in edges)
        return passed if self.better is Better.HIGHER else len(edges) - passed


def _sequence_problems(order: list[tuple[str, Band]]) -> Iterator[tuple[Path, Fault]]:
    """Bands in rising order of their numbers must meet, each edge on one side."""
    first, last = order[0], order[-1]
    if first[1].lower() is not None:
        yield ("bands", first[0]), BandGap(f"{first[0]} is the first band; leave out its lower bound")
    if last[1].upper() is not None:
        yield ("bands", last[0]), BandGap(f"{last[0]} is the last band; leave out its upper bound")
    for label, band in order:
        low, high = band.lower(), band.upper()
        # (edge, False) as a lower bound includes the edge, as an upper bound it excludes it.
        if low and high and (low[0] > high[0] or (low[0] == high[0] and (low[1] or not high[1]))):
            yield ("bands", label), BandOrder(f"no number is in the band for {label} ({band.words()})")
    for (label, band), (next_label, next_band) in pairwise(order):
        end, start = band.upper(), next_band.lower()
        path: Path = ("bands", next_label)
        if end is None or start is None:
            missing = f"{label} has no upper bound" if end is None else f"{next_label} has no lower bound"
            yield path, BandOverlap(f"{label} and {next_label} overlap: {missing}")
        elif end == start:
            continue
        elif (begin := band.lower()) and begin[0] > start[0]:
            yield path, BandOrder(f"{next_label} ({next_band.words()}) must come after {label} ({band.words()})")
        elif end < start:
            yield path, BandGap(f"no band between {label} ({band.words()}) and {next_label} ({next_band.words()})")
        else:
            yield path, BandOverlap(f"{label} ({band.words()}) and {next_label} ({next_band.words()}) overlap")
