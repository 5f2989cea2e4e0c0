"""Scales and bands: positions and scores, edges and their sides, rounding, words, and every fault."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from inspectlib.errors import BadScores, BandGap, BandOrder, BandOverlap, EmptyScale, OffScale, TooLarge
from inspectlib.exact import percent_text
from inspectlib.scales import Band, Bands, Better, Rounding, Scale
from made import (
    BEST,
    FAIR,
    FOUR_FIFTHS,
    GOOD,
    HALF,
    MARKS,
    OWN,
    PENALTIES,
    POOR,
    ROUNDED,
    SHARES,
    SIXTY_FIVE,
    STARS,
    bands,
    refusal,
)

TINY = Fraction(1, 10**40)


def scale(*ratings: str, scores: tuple[int, ...] = ()) -> Scale:
    """A scale of some ratings."""
    return Scale(ratings=ratings, scores=tuple(map(Fraction, scores)), **OWN)


def test_ratings_score_their_place_unless_scores_are_given() -> None:
    """The worst rating scores 0, the next 1 and so on; where scores are given, they count."""
    assert [MARKS.score(position) for position in range(4)] == [0, 1, 2, 3]
    assert isinstance(MARKS.score(1), Fraction)
    assert [STARS.score(position) for position in range(3)] == [1, 3, 10]
    assert (MARKS.top_score, STARS.top_score) == (Fraction(3), Fraction(10))


@pytest.mark.parametrize("label", ["Requires improvement", "requires IMPROVEMENT", "  Requires \t improvement "])
def test_ratings_are_found_in_whatever_case_and_spacing(label: str) -> None:
    """Upper and lower case are the same, and so is white space of any length."""
    assert scale("Inadequate", "Requires improvement", "Good").position(label) == 1


def test_a_rating_that_is_not_on_the_scale() -> None:
    """What the scale does not have is refused with what it has, as it was written."""
    message = "'Very good' is not a rating of the scale Poor, Fair, Good, Best"
    assert refusal(lambda: MARKS.position("Very good")) == (OffScale, (), message)


RISING = "scores must be 0 or more and rise from the worst rating to the best"


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        (scale("Bad", "Good"), []),
        (scale("Very bad", "Very good"), []),
        (scale("Bad", "Fair", "Good", scores=(0, 1, 5)), []),
        (scale(), [(("ratings",), EmptyScale, "a scale needs at least two ratings")]),
        (scale("Good"), [(("ratings",), EmptyScale, "a scale needs at least two ratings")]),
        (
            scale("Bad", "Good", "BAD"),
            [(("ratings", 2), EmptyScale, "the rating 'BAD' stands twice on the scale")],
        ),
        *(
            (scale("Bad", name), [(("ratings", 1), EmptyScale, f"{name!r} cannot be the name of a rating")])
            for name in ("Not rated", "NOT APPLICABLE", "open", "", " Good", "Good ", "very  good")
        ),
        (scale("Bad", "Good", scores=(1,)), [(("scores",), BadScores, "1 scores for 2 ratings")]),
        (scale("Bad", "Good", scores=(1, 2, 3)), [(("scores",), BadScores, "3 scores for 2 ratings")]),
        (scale("Bad", "Good", scores=(1, 1)), [(("scores",), BadScores, RISING)]),
        (scale("Bad", "Good", scores=(2, 1)), [(("scores",), BadScores, RISING)]),
        (scale("Bad", "Good", scores=(-1, 1)), [(("scores",), BadScores, RISING)]),
        (
            scale("Bad", "bad", "Open", scores=(1, 0)),
            [
                (("ratings", 1), EmptyScale, "the rating 'bad' stands twice on the scale"),
                (("ratings", 2), EmptyScale, "'Open' cannot be the name of a rating"),
                (("scores",), BadScores, "2 scores for 3 ratings"),
                (("scores",), BadScores, RISING),
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_scale(made: Scale, faults: list[Any]) -> None:
    """Every fault of a scale is found, each with the entry concerned."""
    assert [(path, type(fault), fault.message) for path, fault in made.problems()] == faults


def test_a_scale_that_is_too_long() -> None:
    """A hundred ratings are a scale; more are refused at once, whatever else is wrong with them."""
    assert list(scale(*(f"Rating {number}" for number in range(100))).problems()) == []
    ((path, fault),) = scale(*["Good"] * 101).problems()
    assert (path, type(fault), fault.message) == (("ratings",), TooLarge, "a scale of 101 ratings; there can be 100")


@pytest.mark.parametrize(
    ("band", "lower", "upper", "exact", "percent"),
    [
        (Band(), None, None, "any", "any"),
        (Band(at_least=HALF), (HALF, False), None, "from 1/2", "from 50%"),
        (Band(above=HALF), (HALF, True), None, "above 1/2", "above 50%"),
        (Band(below=HALF), None, (HALF, False), "below 1/2", "below 50%"),
        (Band(at_most=HALF), None, (HALF, True), "up to and including 1/2", "up to and including 50%"),
        (
            Band(at_least=HALF, below=SIXTY_FIVE),
            (HALF, False),
            (SIXTY_FIVE, False),
            "from 1/2 to below 13/20",
            "from 50% to below 65%",
        ),
        (
            Band(at_least=HALF, at_most=SIXTY_FIVE),
            (HALF, False),
            (SIXTY_FIVE, True),
            "from 1/2 up to and including 13/20",
            "from 50% up to and including 65%",
        ),
        (
            Band(above=HALF, below=SIXTY_FIVE),
            (HALF, True),
            (SIXTY_FIVE, False),
            "above 1/2 to below 13/20",
            "above 50% to below 65%",
        ),
        # nought is an edge like any other
        (
            Band(at_least=Fraction(0), below=Fraction(0)),
            (0, False),
            (0, False),
            "from 0 to below 0",
            "from 0% to below 0%",
        ),
        (
            Band(above=Fraction(0), at_most=Fraction(0)),
            (0, True),
            (0, True),
            "above 0 up to and including 0",
            "above 0% up to and including 0%",
        ),
    ],
)
def test_a_band(band: Band, lower: Any, upper: Any, exact: str, percent: str) -> None:
    """A band knows its edges and the side of each, and reads as words, exactly or in per cent."""
    assert (band.lower(), band.upper()) == (lower, upper)
    assert (band.words(), band.words(percent_text)) == (exact, percent)


@pytest.mark.parametrize(
    ("made", "on", "edges"),
    [
        (SHARES, MARKS, [(HALF, False), (SIXTY_FIVE, False), (FOUR_FIFTHS, True)]),
        (PENALTIES, STARS, [(5, True), (20, True)]),
    ],
)
def test_edges_rise(made: Bands, on: Scale, edges: list[Any]) -> None:
    """The edges rise, whether a higher or a lower number is better, and each says whether it is still below."""
    assert list(made.edges(on)) == edges


@pytest.mark.parametrize(
    ("made", "on", "number", "position"),
    [
        (SHARES, MARKS, Fraction(0), POOR),
        (SHARES, MARKS, HALF - TINY, POOR),
        (SHARES, MARKS, HALF, FAIR),
        (SHARES, MARKS, SIXTY_FIVE - TINY, FAIR),
        (SHARES, MARKS, SIXTY_FIVE, GOOD),
        (SHARES, MARKS, FOUR_FIFTHS, GOOD),
        (SHARES, MARKS, FOUR_FIFTHS + TINY, BEST),
        (SHARES, MARKS, Fraction(1), BEST),
        (PENALTIES, STARS, Fraction(0), 2),
        (PENALTIES, STARS, Fraction(5), 2),
        (PENALTIES, STARS, 5 + TINY, 1),
        (PENALTIES, STARS, Fraction(20), 1),
        (PENALTIES, STARS, 20 + TINY, 0),
    ],
)
def test_an_edge_is_on_the_side_that_it_says(made: Bands, on: Scale, number: Fraction, position: int) -> None:
    """A number on an edge gets the rating of the side the edge belongs to, and one beside it that of its own side."""
    assert made.position(number, made.edges(on), made.rounding) == position


@pytest.mark.parametrize(
    ("number", "exact", "rounded"),
    [
        (Fraction(494, 1000), 0, 0),
        (Fraction(495, 1000), 0, 1),  # half a per cent goes up
        (Fraction(795, 1000), 1, 2),
        (Fraction(804, 1000), 2, 2),
    ],
)
def test_shares_can_be_rounded_before_they_are_banded(number: Fraction, exact: int, rounded: int) -> None:
    """Rounded half up to a whole percentage, 49.5% is banded as 50%; exactly it is not."""
    edges = ROUNDED.edges(STARS)
    assert ROUNDED.position(number, edges, Rounding.EXACT) == exact
    assert ROUNDED.position(number, edges, Rounding.WHOLE_PERCENT) == rounded


THREE = scale("Low", "Middle", "High")
ONE, TWO, FIVE = Fraction(1), Fraction(2), Fraction(5)
MIDDLE = Band(at_least=ONE, below=TWO)
TWICE_BOUND = "give one lower bound (at_least or above) and one upper (at_most or below)"


@pytest.mark.parametrize(
    ("better", "by", "faults"),
    [
        (Better.HIGHER, {"Low": Band(below=ONE), "Middle": MIDDLE, "High": Band(at_least=TWO)}, []),
        (Better.HIGHER, {"High": Band(at_least=TWO), "low": Band(below=ONE), "middle": MIDDLE}, []),
        (Better.LOWER, {"High": Band(below=ONE), "Middle": MIDDLE, "Low": Band(at_least=TWO)}, []),
        (  # a band of one number
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": Band(at_least=ONE, at_most=ONE), "High": Band(above=ONE)},
            [],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": MIDDLE},
            [(("bands",), BandGap, "no band for High")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": MIDDLE, "High": Band(at_least=TWO), "Top": Band()},
            [(("bands", "Top"), OffScale, "'Top' is not a rating of the scale Low, Middle, High")],
        ),
        (  # what is off the scale does not hide what is missing
            Better.HIGHER,
            {"Top": Band(), "Low": Band(below=ONE)},
            [
                (("bands", "Top"), OffScale, "'Top' is not a rating of the scale Low, Middle, High"),
                (("bands",), BandGap, "no band for Middle"),
                (("bands",), BandGap, "no band for High"),
            ],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": MIDDLE, "High": Band(at_least=TWO), "LOW": Band(below=ONE)},
            [(("bands", "LOW"), BandOverlap, "'LOW' and 'Low' are the same rating")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": Band(at_least=ONE, above=ONE, below=TWO), "High": Band(at_least=TWO)},
            [(("bands", "Middle"), BandOrder, TWICE_BOUND)],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE, at_most=ONE), "Middle": MIDDLE, "High": Band(at_least=TWO)},
            [(("bands", "Low"), BandOrder, TWICE_BOUND)],
        ),
        (
            Better.HIGHER,
            {"Low": Band(at_least=Fraction(0), below=ONE), "Middle": MIDDLE, "High": Band(at_least=TWO)},
            [(("bands", "Low"), BandGap, "Low is the first band; leave out its lower bound")],
        ),
        (
            Better.LOWER,
            {"High": Band(below=ONE), "Middle": MIDDLE, "Low": Band(at_least=TWO, at_most=FIVE)},
            [(("bands", "Low"), BandGap, "Low is the last band; leave out its upper bound")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": Band(at_least=ONE), "High": Band(at_least=TWO)},
            [(("bands", "High"), BandOverlap, "Middle and High overlap: Middle has no upper bound")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": MIDDLE, "High": Band()},
            [(("bands", "High"), BandOverlap, "Middle and High overlap: High has no lower bound")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": Band(above=ONE, below=TWO), "High": Band(at_least=TWO)},
            [(("bands", "Middle"), BandGap, "no band between Low (below 1) and Middle (above 1 to below 2)")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(at_most=ONE), "Middle": MIDDLE, "High": Band(at_least=TWO)},
            [(("bands", "Middle"), BandOverlap, "Low (up to and including 1) and Middle (from 1 to below 2) overlap")],
        ),
        (  # without a lower bound a band cannot stand after the next, however far its upper bound
            Better.HIGHER,
            {"Low": Band(below=FIVE), "Middle": MIDDLE, "High": Band(at_least=TWO)},
            [(("bands", "Middle"), BandOverlap, "Low (below 5) and Middle (from 1 to below 2) overlap")],
        ),
        (  # from one edge both, but not the same numbers: the second begins no later than the first
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": Band(at_least=ONE, below=FIVE), "High": Band(at_least=ONE)},
            [(("bands", "High"), BandOverlap, "Middle (from 1 to below 5) and High (from 1) overlap")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=TWO), "Middle": Band(at_least=TWO, below=FIVE), "High": Band(at_least=ONE)},
            [(("bands", "High"), BandOrder, "High (from 1) must come after Middle (from 2 to below 5)")],
        ),
        (
            Better.HIGHER,
            {"Low": Band(below=ONE), "Middle": Band(at_least=ONE, below=ONE), "High": Band(at_least=ONE)},
            [(("bands", "Middle"), BandOrder, "no number is in the band for Middle (from 1 to below 1)")],
        ),
    ],
)
def test_what_is_wrong_with_bands(better: Better, by: dict[str, Band], faults: list[Any]) -> None:
    """Bands that leave a gap, overlap, or stand in the wrong order are found, each with the band concerned."""
    assert [(path, type(fault), fault.message) for path, fault in bands(by, better=better).problems(THREE)] == faults


@pytest.mark.parametrize(
    ("band", "empty"),
    [
        (Band(at_least=ONE, at_most=ONE), False),
        (Band(above=ONE, at_most=ONE), True),
        (Band(at_least=ONE, below=ONE), True),
        (Band(above=ONE, below=ONE), True),
        (Band(at_least=TWO, at_most=ONE), True),
        (Band(at_least=ONE, below=TWO), False),
        (Band(above=ONE, below=TWO), False),
    ],
)
def test_a_band_without_any_number(band: Band, empty: bool) -> None:
    """A band in which no number can be is found, whichever sides its edges belong to."""
    found = bands({"Low": Band(below=ONE), "Middle": band, "High": Band(at_least=FIVE)}).problems(THREE)
    message = f"no number is in the band for Middle ({band.words()})"
    assert ((("bands", "Middle"), BandOrder, message) in [(p, type(f), f.message) for p, f in found]) is empty
