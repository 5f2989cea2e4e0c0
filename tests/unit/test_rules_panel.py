"""The ratings panel within its guide, and professional discretion: what they take, what they give, how they read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from inspectlib.errors import BadRule, UnknownName
from inspectlib.kinds import Kind, PanelRating
from inspectlib.rules import DiscretionRule, Guided, PanelRule, Slot, WithoutInput
from made import BEST, FAIR, GOOD, MARK, MARKS, NOT_RATED, OWN, POOR, STAR, STARS, ask, bind, refusal, words

RATING = frozenset({Kind.RATING})


def panel(scale: str = "marks", **more: Any) -> PanelRule:
    """A panel that rates on the marks."""
    return PanelRule(scale=scale, **more, **OWN)


FREE, CEILING, FLOOR = panel(), panel(ceiling="top"), panel(floor="base")
BOTH, BOUND = panel(ceiling="top", floor="base"), panel(ceiling="top", floor="base", binding=True)
TOP = Slot("ceiling", ("top",), RATING, without=WithoutInput.AS_BEST)
BASE = Slot("floor", ("base",), RATING, without=WithoutInput.AS_WORST)


@pytest.mark.parametrize(
    ("rule", "slots"), [(FREE, ()), (CEILING, (TOP,)), (FLOOR, (BASE,)), (BOTH, (TOP, BASE)), (BOUND, (TOP, BASE))]
)
def test_what_a_panel_takes(rule: PanelRule, slots: tuple[Slot, ...]) -> None:
    """A guide is a ceiling, a floor, both or none; without its node a bound does not hold."""
    assert rule.slots() == slots


@pytest.mark.parametrize(
    ("rule", "position", "guide", "guided"),
    [
        # without a guide, or within it, the panel's rating stands
        (FREE, BEST, (), Guided(BEST, BEST)),
        (CEILING, FAIR, (GOOD,), Guided(FAIR, FAIR)),
        (CEILING, GOOD, (GOOD,), Guided(GOOD, GOOD)),
        (FLOOR, GOOD, (GOOD,), Guided(GOOD, GOOD)),
        (BOTH, GOOD, (BEST, FAIR), Guided(GOOD, GOOD)),
        # beyond it the guide counts
        (CEILING, BEST, (FAIR,), Guided(FAIR, FAIR, limited_by="ceiling")),
        (FLOOR, POOR, (GOOD,), Guided(GOOD, GOOD, limited_by="floor")),
        (BOTH, BEST, (GOOD, FAIR), Guided(GOOD, GOOD, limited_by="ceiling")),
        (BOTH, POOR, (GOOD, FAIR), Guided(FAIR, FAIR, limited_by="floor")),
        # a floor above the ceiling: the ceiling counts
        (BOTH, POOR, (FAIR, GOOD), Guided(FAIR, FAIR, limited_by="ceiling")),
        # a bound that is absent does not hold
        (CEILING, BEST, (NOT_RATED,), Guided(BEST, BEST)),
        (BOTH, POOR, (FAIR, NOT_RATED), Guided(POOR, POOR)),
        (BOTH, BEST, (NOT_RATED, FAIR), Guided(BEST, BEST)),
    ],
)
def test_a_guide(rule: PanelRule, position: int, guide: tuple[Any, ...], guided: Guided) -> None:
    """A rating beyond its guide is brought back to it when the panel gives no reason, binding or not."""
    assert rule.guided(PanelRating(position), guide) == guided
    assert panel(ceiling=rule.ceiling, floor=rule.floor, binding=True).guided(PanelRating(position), guide) == guided


@pytest.mark.parametrize(
    ("rule", "position", "guide", "guided"),
    [
        (CEILING, BEST, (FAIR,), Guided(BEST, FAIR, departs_from="ceiling")),
        (FLOOR, POOR, (GOOD,), Guided(POOR, GOOD, departs_from="floor")),
        (BOTH, POOR, (FAIR, GOOD), Guided(POOR, FAIR, departs_from="ceiling")),
        (BOUND, BEST, (FAIR, POOR), Guided(FAIR, FAIR, limited_by="ceiling")),
        (BOTH, GOOD, (BEST, FAIR), Guided(GOOD, GOOD)),
    ],
)
def test_comply_or_explain(rule: PanelRule, position: int, guide: tuple[Any, ...], guided: Guided) -> None:
    """With a reason the panel's rating stands beyond its guide, as a departure, unless the guide is binding."""
    assert rule.guided(PanelRating(position, has_reason=True), guide) == guided


def test_the_value_is_the_rating_that_stands() -> None:
    """The value is the rating after the guide; where the panel has not rated, it is why."""
    assert ask(CEILING, PanelRating(BEST), FAIR, ceiling=MARK) == FAIR
    assert ask(CEILING, PanelRating(BEST, has_reason=True), FAIR, ceiling=MARK) == BEST
    assert ask(CEILING, NOT_RATED, FAIR, ceiling=MARK) == NOT_RATED
    assert ask(FREE, PanelRating(GOOD)) == GOOD


def test_a_guide_must_have_one_bound_for_each_slot() -> None:
    """A guide with a bound too few or too many is no guide."""
    for guide in ((), (GOOD, GOOD)):
        with pytest.raises(ValueError, match="argument 2"):
            CEILING.guided(PanelRating(GOOD), guide)


def test_a_panel_rates_on_its_scale() -> None:
    """The panel gives a rating on its scale."""
    binding = bind(CEILING, ceiling=MARK)
    assert (binding.type, binding.scale) == (MARK, MARKS)


@pytest.mark.parametrize(
    ("rule", "types", "fault"),
    [
        (
            panel(missing="never"),
            {},
            (BadRule, ("missing",), "missing must be open, not rated or not applicable, not 'never'"),
        ),
        (panel("grades"), {}, (UnknownName, ("scale",), "no scale is called 'grades'")),
        (
            BOTH,
            {"ceiling": MARK, "floor": STAR},
            (BadRule, ("floor",), "'base' is a rating on the scale stars, the panel rates on marks"),
        ),
        (
            CEILING,
            {"ceiling": STAR},
            (BadRule, ("ceiling",), "'top' is a rating on the scale stars, the panel rates on marks"),
        ),
    ],
)
def test_panels_that_are_refused(rule: PanelRule, types: dict[str, Any], fault: Any) -> None:
    """A guide is on the panel's own scale, which exists; silence means one of three."""
    assert refusal(lambda: bind(rule, **types)) == fault


JUDGED = "judged by the ratings panel from all evidence"
UNLESS = "unless the panel records its reason for departing"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (FREE, JUDGED),
        (CEILING, f"{JUDGED}, no better than 'top', {UNLESS}"),
        (FLOOR, f"{JUDGED}, no worse than 'base', {UNLESS}"),
        (BOTH, f"{JUDGED}, no better than 'top' and no worse than 'base', {UNLESS}"),
        (BOUND, f"{JUDGED}, no better than 'top' and no worse than 'base', always"),
        (
            panel(missing="not rated", missing_reason="it did not sit"),
            f"{JUDGED}; where the evidence is silent it is not rated: it did not sit",
        ),
    ],
)
def test_panels_in_words(rule: PanelRule, text: str) -> None:
    """A panel reads with its guide, how far that binds, and what silence means."""
    assert words(rule, **{slot.name: MARK for slot in rule.slots()}) == text


def discretion(**more: Any) -> DiscretionRule:
    """Discretion over one rating."""
    return DiscretionRule(of="a", **more, **OWN)


def test_what_discretion_takes_and_gives() -> None:
    """Discretion passes on the rating from which the panel may depart."""
    assert discretion().slots() == (Slot("of", ("a",), RATING),)
    assert ask(discretion(), GOOD, of=MARK) == GOOD
    assert ask(discretion(), NOT_RATED, of=MARK) == NOT_RATED
    binding = bind(discretion(), of=STAR)
    assert (binding.type, binding.scale) == (STAR, STARS)


@pytest.mark.parametrize(
    "rule", [discretion(bands=1), discretion(within_points=Fraction(0)), discretion(sample_at_most=0)]
)
def test_the_least_discretion(rule: DiscretionRule) -> None:
    """One band, or a distance of nothing, is the least there can be."""
    assert bind(rule, of=MARK).type == MARK


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (discretion(bands=0), (BadRule, ("bands",), "a departure is at least one band")),
        (discretion(within_points=Fraction(-1, 9)), (BadRule, ("within_points",), "a distance is 0 or more")),
    ],
)
def test_discretion_that_is_refused(rule: DiscretionRule, fault: Any) -> None:
    """A departure over no band, or a distance below nothing, has no meaning."""
    assert refusal(lambda: bind(rule, of=MARK)) == fault


NEAR = "the lowest share is within 5/2 percentage points of an edge of its bands"
ANSWER = "one other answer in one case would change the rating"
SMALL = "the lowest share comes from 9 cases or fewer"
DEPART = "'a'; the ratings panel may depart from it by"


@pytest.mark.parametrize(
    ("rule", "grounds", "text"),
    [
        (discretion(), (), f"{DEPART} one band at most, with a recorded reason"),
        (discretion(bands=2), (), f"{DEPART} 2 bands at most, with a recorded reason"),
        (
            discretion(within_points=Fraction(5, 2)),
            (NEAR,),
            f"{DEPART} one band at most, with a recorded reason, when {NEAR}",
        ),
        (discretion(one_answer=True), (ANSWER,), f"{DEPART} one band at most, with a recorded reason, when {ANSWER}"),
        (
            discretion(within_points=Fraction(5, 2), one_answer=True, sample_at_most=9),
            (NEAR, ANSWER, SMALL),
            f"{DEPART} one band at most, with a recorded reason, when {NEAR} or {ANSWER} or {SMALL}",
        ),
    ],
)
def test_discretion_in_words(rule: DiscretionRule, grounds: tuple[str, ...], text: str) -> None:
    """Discretion reads with how far it goes and each ground it needs."""
    assert rule.grounds == grounds
    assert words(rule, of=MARK) == text
