"""The frameworks of other regulators say what their published rules say, in plain Python, for every input there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

import pytest

import inspectlib
from inspectlib.evaluate import settle
from inspectlib.graph import Framework
from inspectlib.kinds import Absence, Absent
from inspectlib.rules import Given

RATINGS = ("Inadequate", "Requires improvement", "Good", "Outstanding")
STARS = ("1", "2", "3", "4", "5")
MISSING = ""

#: So many inputs are settled for one that is rated from its evidence as a file states it.
RATED_EVERY = 7

#: Of one input: what is stated by column (nothing where it is missing), and the rating it must get.
Case = tuple[dict[str, str], str]


def food_rating(hygiene: int, structural: int, confidence: int) -> str:
    """The best rating for which both the total and the single-score limit hold."""
    total, worst = hygiene + structural + confidence, max(hygiene, structural, confidence)
    limits = {"5": (15, 5), "4": (20, 10), "3": (30, 10), "2": (40, 15), "1": (50, 20)}
    return next((rating for rating, (most, each) in limits.items() if total <= most and worst <= each), "0")


def stars(health: int, staffing: int | None, quality: int | None, *, special_focus: bool, since_2022: bool) -> str:
    """The overall stars, step by step as the rules state them."""
    overall = health
    if staffing is not None:
        if staffing == 5 and (since_2022 or staffing > health):
            overall += 1
        if staffing == 4 and not since_2022 and staffing > health:
            overall += 1
        if staffing == 1:
            overall -= 1
    overall = min(5, max(1, overall))
    if quality == 5:
        overall += 1
    if quality == 1:
        overall -= 1
    overall = min(5, max(1, overall))
    if health == 1:
        overall = min(overall, 2)
    return str(min(overall, 3) if special_focus else overall)


def care_rating(*ratings: str) -> str:
    """The overall rating that is normally given; a rating that is missing is left out."""
    counts = {rating: ratings.count(rating) for rating in RATINGS}
    if counts["Inadequate"] >= 2:
        return "Inadequate"
    if counts["Inadequate"] == 1 or counts["Requires improvement"] >= 2:
        return "Requires improvement"
    if counts["Outstanding"] >= 2 and not counts["Requires improvement"]:
        return "Outstanding"
    return "Good"


def food_cases() -> Iterator[Case]:
    """Every combination of scores."""
    for scores in product(range(0, 30, 5), range(0, 30, 5), range(0, 35, 5)):
        named = zip(("hygiene", "structural", "confidence"), scores, strict=True)
        yield {name: str(score) for name, score in named}, food_rating(*scores)


def star_cases(*, since_2022: bool) -> Iterator[Case]:
    """Every combination of stars, staffing and quality also missing, with and without special focus."""
    columns = ("health_inspection", "staffing", "quality", "special_focus")
    for stated in product(STARS, (*STARS, MISSING), (*STARS, MISSING), ("yes", "no")):
        health, staffing, quality, special = stated
        expected = stars(
            int(health),
            int(staffing) if staffing else None,
            int(quality) if quality else None,
            special_focus=special == "yes",
            since_2022=since_2022,
        )
        yield dict(zip(columns, stated, strict=True)), expected


def care_cases() -> Iterator[Case]:
    """Every combination of ratings, those of effective, caring and responsive also missing."""
    columns = ("safe", "effective", "caring", "responsive", "well_led")
    for stated in product(RATINGS, (*RATINGS, MISSING), (*RATINGS, MISSING), (*RATINGS, MISSING), RATINGS):
        yield dict(zip(columns, stated, strict=True)), care_rating(*stated)


CASES: Mapping[str, tuple[Case, ...]] = {
    "food-hygiene-rating": tuple(food_cases()),
    "nursing-home-stars-2019": tuple(star_cases(since_2022=False)),
    "nursing-home-stars-2022": tuple(star_cases(since_2022=True)),
    "care-quality-2022": tuple(care_cases()),
}
SIZES = {
    "food-hygiene-rating": 6 * 6 * 7,
    "nursing-home-stars-2019": 5 * 6 * 6 * 2,
    "nursing-home-stars-2022": 5 * 6 * 6 * 2,
    "care-quality-2022": 4**2 * 5**3,
}


def settled(framework: Framework, stated: Mapping[str, str]) -> str:
    """The overall rating, settled straight from what is stated."""
    evidence: dict[str, Given] = {}
    for name, text in stated.items():
        scale = framework.graph[name].binding.scale
        if not text:
            evidence[name] = Absent(Absence.NOT_RATED, "missing")
        elif scale:
            evidence[name] = scale.position(text)
        else:
            evidence[name] = text == "yes" if text in {"yes", "no"} else Fraction(text)
    values, _ = settle(framework.graph, evidence, {})
    position, scale = values["overall"], framework.graph["overall"].binding.scale
    assert isinstance(position, int)
    assert scale is not None
    return scale.ratings[position]


def rated(framework: Framework, stated: Mapping[str, str]) -> str | None:
    """The overall rating, rated from evidence in the form of a file, what is missing left out."""
    evidence: dict[str, dict[str, str]] = {"ratings": {}, "values": {}}
    for name, text in stated.items():
        if text:
            evidence["ratings" if framework.graph[name].binding.scale else "values"][name] = text
    overall = inspectlib.rate(framework, evidence).overall
    assert overall is not None
    return overall.rating


@pytest.mark.parametrize("name", CASES)
def test_other_regulators_by_their_published_rules(name: str) -> None:
    """Every input gets the rating that the published rules, written down in plain Python, give it."""
    framework, cases = inspectlib.load(name), CASES[name]
    assert len(cases) == SIZES[name]
    differing = [
        (stated, expected, got) for stated, expected in cases if (got := settled(framework, stated)) != expected
    ]
    assert not differing, f"{len(differing)} of {len(cases)}: {differing[:5]}"


@pytest.mark.parametrize("name", CASES)
def test_other_regulators_from_evidence(name: str) -> None:
    """Rated from evidence in the form of a file, with what is missing left out, every seventh input gets the same."""
    framework = inspectlib.load(name)
    for stated, expected in CASES[name][::RATED_EVERY]:
        assert rated(framework, stated) == expected, stated


@pytest.mark.parametrize("name", CASES)
def test_other_regulators_never_lower_a_better_input(name: str) -> None:
    """One step better in one input (a lower score, a better rating, no special focus) never gives a worse rating."""
    framework = inspectlib.load(name)
    scale = framework.graph["overall"].binding.scale
    assert scale is not None
    got = {tuple(stated.items()): scale.position(settled(framework, stated)) for stated, _ in CASES[name]}
    compared = 0
    for stated, _ in CASES[name]:
        for column, text in stated.items():
            better = {**stated, column: one_better(framework, column, text)}
            if better[column] and better != stated:
                assert got[tuple(better.items())] >= got[tuple(stated.items())], (stated, better)
                compared += 1
    assert compared > len(CASES[name])


def one_better(framework: Framework, column: str, text: str) -> str:
    """The next better value of an input; nothing where there is none, or the input is missing."""
    scale = framework.graph[column].binding.scale
    if not text or text == "no":
        return MISSING
    if text == "yes":
        return "no"
    if scale is None:
        return str(int(text) - 5) if int(text) else MISSING
    return scale.ratings[scale.position(text) + 1] if text != scale.ratings[-1] else MISSING


def test_other_regulators_differ_from_2019_to_2022_by_four_star_staffing_alone() -> None:
    """The two nursing home frameworks differ only where four-star staffing is above the health inspection stars."""
    before, after = CASES["nursing-home-stars-2019"], CASES["nursing-home-stars-2022"]
    for (stated, old), (same, new) in zip(before, after, strict=True):
        assert stated == same
        if old != new:
            assert stated["staffing"] == "4"
            assert stated["health_inspection"] < "4"
            assert int(old) == int(new) + 1


def test_other_regulators_are_in_force_as_published() -> None:
    """The rules for nursing homes changed on the first of July 2022; of the other two no date is known."""
    words = {name: force and force.words() for name in CASES for force in [inspectlib.load(name).data.in_force]}
    assert words == {
        "food-hygiene-rating": None,
        "nursing-home-stars-2019": "until 2022-06-30",
        "nursing-home-stars-2022": "since 2022-07-01",
        "care-quality-2022": None,
    }


@pytest.mark.parametrize(
    ("stated", "between"),
    [
        ({"safe": "Good"}, ("Requires improvement", "Good")),
        ({"safe": "Inadequate", "caring": "Good"}, ("Inadequate", "Requires improvement")),
        ({"well_led": "Outstanding", "caring": "Good"}, ("Requires improvement", "Outstanding")),
        ({"effective": "Inadequate", "caring": "Inadequate"}, None),
    ],
)
def test_other_regulators_leave_care_open_without_safe_and_well_led(
    stated: Mapping[str, str], between: tuple[str, str] | None
) -> None:
    """While safe or well-led is missing the overall rating is open, unless the others settle it already."""
    overall = inspectlib.rate(inspectlib.load("care-quality-2022"), {"ratings": dict(stated)}).overall
    assert overall is not None
    assert overall.between == between
    assert overall.rating == (None if between else "Inadequate")


def test_other_regulators_rate_nothing_from_nothing() -> None:
    """Where no key question is rated, care has no overall rating; food hygiene has none unless all scores are there."""
    care = inspectlib.rate(
        inspectlib.load("care-quality-2022"), {"ratings": dict.fromkeys(("safe", "well_led"), "not rated")}
    )
    food = inspectlib.rate(
        inspectlib.load("food-hygiene-rating"),
        {"values": {"hygiene": "0", "structural": "0", "confidence": "not rated"}},
    )
    for judgement in (care, food):
        assert judgement.overall is not None
        assert judgement.overall.text() == "not rated"


@pytest.mark.parametrize("values", [{"hygiene": "7"}, {"structural": "30"}, {"confidence": "-5"}, {"hygiene": "5/2"}])
def test_other_regulators_refuse_scores_that_are_not_given(values: Mapping[str, str]) -> None:
    """A food hygiene score between the steps, or beyond the highest, is refused."""
    with pytest.raises(inspectlib.errors.OffScale):
        inspectlib.rate(inspectlib.load("food-hygiene-rating"), {"values": dict(values)})
