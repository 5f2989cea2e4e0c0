"""Rules from answers to ratings, scores and means: what they take, what they give, how they read, what they refuse."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from inspectlib.errors import BadRule, UnknownName, WrongKind
from inspectlib.frozen import FrozenMapping
from inspectlib.kinds import Absence, Absent, Kind, Polarity, Score, Tally, ValueType
from inspectlib.rules import (
    BandRule,
    GivenRule,
    HighestRule,
    LowestRule,
    MeanRule,
    Rule,
    ShareRule,
    ShiftRule,
    Slot,
    TotalRule,
    WithoutInput,
)
from inspectlib.scales import Rounding
from made import (
    ANSWERS,
    BEST,
    FAIR,
    FOUR_FIFTHS,
    GOOD,
    HALF,
    LEXICON,
    MARK,
    MARKS,
    NONE_RATED,
    NOT_APPLICABLE,
    NOT_RATED,
    NUMBER,
    OWN,
    PENALTIES,
    POOR,
    SCORE,
    SHARE,
    SHARES,
    SIXTY_FIVE,
    STAR,
    STARS,
    ask,
    bind,
    refusal,
    words,
)

RATING = frozenset({Kind.RATING})
SEVERAL = frozenset({Kind.RATING, Kind.NUMBER})
ONE, TWO, THREE = range(3)


def given(kind: Kind = Kind.RATING, **more: Any) -> GivenRule:
    """Given by the evidence."""
    return GivenRule(kind=kind, **more, **OWN)


def number(least: int | None, most: int | None, step: str | None = None) -> GivenRule:
    """A given number."""
    bounds = {"least": least, "most": most, "step": step}
    return given(Kind.NUMBER, **{name: None if n is None else Fraction(n) for name, n in bounds.items()})


def combined(rule: type[LowestRule | TotalRule], *names: str, **more: Any) -> Any:
    """A rule over some inputs; a, b and c unless named."""
    return rule(of=names or ("a", "b", "c"), **more, **OWN)


def weighted(rule: type[TotalRule], **weights: str) -> Any:
    """A rule over a, b and c in which some count more or less than once."""
    return combined(rule, weights=FrozenMapping({name: Fraction(weight) for name, weight in weights.items()}))


def shift(by: str) -> ShiftRule:
    """A rating moved."""
    return ShiftRule(of="a", by=by, **OWN)


def band(name: str) -> BandRule:
    """The band of a."""
    return BandRule(of="a", bands=name, **OWN)


SHARE_RULE = ShareRule(of="a", **OWN)


@pytest.mark.parametrize(
    ("rule", "slots"),
    [
        (given(), []),
        (SHARE_RULE, [Slot("of", ("a",), frozenset({Kind.ANSWERS}))]),
        (band("shares"), [Slot("of", ("a",), frozenset({Kind.SHARE, Kind.NUMBER, Kind.SCORE}))]),
        (combined(LowestRule), [Slot("of", ("a", "b", "c"), SEVERAL, single=False, without=WithoutInput.AS_BEST)]),
        (combined(HighestRule), [Slot("of", ("a", "b", "c"), SEVERAL, single=False, without=WithoutInput.AS_WORST)]),
        (combined(TotalRule), [Slot("of", ("a", "b", "c"), SEVERAL, single=False, without=WithoutInput.BETWEEN)]),
        (
            combined(MeanRule),
            [Slot("of", ("a", "b", "c"), SEVERAL | {Kind.SCORE}, single=False, without=WithoutInput.BETWEEN)],
        ),
        (shift("1"), [Slot("of", ("a",), RATING)]),
        (
            shift("bonus"),
            [
                Slot("of", ("a",), RATING),
                Slot("by", ("bonus",), frozenset({Kind.NUMBER}), without=WithoutInput.BETWEEN),
            ],
        ),
    ],
)
def test_what_a_rule_takes(rule: Rule, slots: list[Slot]) -> None:
    """Each slot says its names, kinds, what a better input can do, and what happens without one."""
    assert list(rule.slots()) == slots


# --- given


@pytest.mark.parametrize(
    ("rule", "type_", "text"),
    [
        (given(scale="marks"), MARK, "a rating"),
        (given(Kind.ANSWERS), ANSWERS, "answers counted over the cases"),
        (given(Kind.FLAG), ValueType(Kind.FLAG), "a flag"),
        (given(Kind.FLAG, least=Fraction(0)), ValueType(Kind.FLAG), "a flag"),
        (
            given(Kind.CHOICE, options=("north", "south")),
            ValueType(Kind.CHOICE, options=("north", "south")),
            "one of north and south",
        ),
        (number(0, 9), ValueType(Kind.NUMBER, bounds=(Fraction(0), Fraction(9))), "a number from 0 to 9"),
        (
            number(0, 1, "1/2"),
            ValueType(Kind.NUMBER, bounds=(Fraction(0), Fraction(1)), step=Fraction(1, 2)),
            "a number from 0 to 1 in steps of 1/2",
        ),
        (number(3, 3), ValueType(Kind.NUMBER, bounds=(Fraction(3), Fraction(3))), "a number from 3 to 3"),
        (
            number(-1, 2, "3/2"),
            ValueType(Kind.NUMBER, bounds=(Fraction(-1), Fraction(2)), step=Fraction(3, 2)),
            "a number from -1 to 2 in steps of 3/2",
        ),
    ],
)
def test_what_evidence_can_give(rule: GivenRule, type_: ValueType, text: str) -> None:
    """A given value is of its kind, with what the kind needs, and is passed on as it is."""
    binding = bind(rule)
    assert binding.type == type_
    assert binding.scale is (MARKS if type_ is MARK else None)
    assert rule.value(binding, [NOT_RATED]) == NOT_RATED
    assert words(rule) == f"given by the evidence: {text}"


def test_given_ratings_are_positions() -> None:
    """A given rating is passed on."""
    assert ask(given(scale="marks"), GOOD) == GOOD


def test_what_silence_means_in_words() -> None:
    """Unless silence leaves the value open, the words say what it means and why."""
    rule = given(scale="marks", missing="not rated", missing_reason="nobody looked")
    assert words(rule) == "given by the evidence: a rating; where the evidence is silent it is not rated: nobody looked"
    assert (
        words(given(scale="marks", missing="open", missing_reason="of no account")) == "given by the evidence: a rating"
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (given(Kind.CHOICE), "a choice"),
        (number(None, 9), "a number"),
        (number(0, None), "a number"),
    ],
)
def test_a_draft_has_words_too(rule: GivenRule, text: str) -> None:
    """A rule without its options or bounds, which is refused, can still be described."""
    names: dict[str, list[str]] = {}
    assert rule.words(names, bind(given(Kind.FLAG))) == f"given by the evidence: {text}"


STEPS = (BadRule, ("step",), "the most must be a whole number of steps above the least")
BOUNDS = (BadRule, ("kind",), "a given number needs its bounds, least and most")
OPTIONS = (BadRule, ("options",), "a choice needs at least two different options")


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (given(scale="grades"), (UnknownName, ("scale",), "no scale is called 'grades'")),
        (
            given(scale="marks", missing="never"),
            (BadRule, ("missing",), "missing must be open, not rated or not applicable, not 'never'"),
        ),
        (given(Kind.CHOICE), OPTIONS),
        (given(Kind.CHOICE, options=("north",)), OPTIONS),
        (given(Kind.CHOICE, options=("north", "north")), OPTIONS),
        (number(None, None), BOUNDS),
        (number(None, 1), BOUNDS),
        (number(1, None), BOUNDS),
        (number(2, 1), BOUNDS),
        (number(0, 5, "2"), STEPS),
        (number(0, 6, "0"), STEPS),
        (number(0, 6, "-1"), STEPS),
        (given(Kind.ANSWERS, step=Fraction(1)), STEPS),
        (given(Kind.FLAG, step=Fraction(1), least=Fraction(0)), STEPS),
        (given(Kind.FLAG, step=Fraction(1), most=Fraction(0)), STEPS),
        (given(Kind.SHARE), (WrongKind, ("kind",), "a share is computed, not given")),
        (given(Kind.SCORE), (WrongKind, ("kind",), "a score is computed, not given")),
    ],
)
def test_what_evidence_cannot_give(rule: GivenRule, fault: Any) -> None:
    """What cannot be given, or lacks what its kind needs, is refused."""
    assert refusal(lambda: bind(rule)) == fault


# --- shares and bands


@pytest.mark.parametrize(
    ("tally", "share"),
    [
        (Tally(2, 3), Fraction(2, 3)),
        (Tally(0, 3), Fraction(0)),
        (Tally(1, 1), Fraction(1)),
        (Tally(0, 0), Absent(Absence.NOT_APPLICABLE, "no case to which it applies")),
        (NOT_APPLICABLE, NOT_APPLICABLE),
    ],
)
def test_shares(tally: Any, share: Any) -> None:
    """The share is what is sufficient of what applies, exactly; of no case it is not applicable."""
    assert ask(SHARE_RULE, tally, of=ANSWERS) == share
    assert bind(SHARE_RULE, of=ANSWERS).type == SHARE
    assert words(SHARE_RULE, of=ANSWERS) == "the share of sufficient answers among the applicable cases of 'a'"


@pytest.mark.parametrize(
    ("name", "kind", "value", "position"),
    [
        ("shares", SHARE, HALF, FAIR),
        ("shares", SHARE, FOUR_FIFTHS, GOOD),
        ("shares", NUMBER, Fraction(9), BEST),
        ("shares", SCORE, Score(Fraction(13), Fraction(20)), GOOD),
        ("shares", SCORE, Score(Fraction(12), Fraction(20)), FAIR),
        ("penalties", NUMBER, Fraction(5), THREE),
        ("penalties", NUMBER, Fraction(21), ONE),
        ("rounded", SHARE, Fraction(495, 1000), TWO),
        ("shares", SHARE, NOT_RATED, NOT_RATED),
    ],
)
def test_bands(name: str, kind: ValueType, value: Any, position: Any) -> None:
    """A number gets the rating of its band; a score counts as points out of the most there could be."""
    assert ask(band(name), value, of=kind) == position


def test_banding_with_the_other_rounding() -> None:
    """A share can be banded as if the bands rounded the other way."""
    near = Fraction(495, 1000)
    for name, own, other, ratings in (
        ("rounded", Rounding.WHOLE_PERCENT, Rounding.EXACT, (TWO, ONE)),
        ("shares", Rounding.EXACT, Rounding.WHOLE_PERCENT, (POOR, FAIR)),
    ):
        rule = band(name)
        binding = bind(rule, of=SHARE)
        assert rule.other_rounding(binding) is other
        assert (rule.banded(binding, near, own), rule.banded(binding, near, other)) == ratings
        assert rule.banded(binding, NOT_RATED, other) == NOT_RATED


def test_bands_are_looked_up() -> None:
    """A band rule remembers the bands, their scale and edges, and what they band."""
    binding = bind(band("shares"), of=SHARE)
    assert (binding.type, binding.scale, binding.bands, binding.of) == (MARK, MARKS, SHARES, Kind.SHARE)
    assert binding.edges == ((HALF, False), (SIXTY_FIVE, False), (FOUR_FIFTHS, True))
    binding = bind(band("penalties"), of=NUMBER)
    assert (binding.type, binding.scale, binding.bands, binding.of) == (STAR, STARS, PENALTIES, Kind.NUMBER)


def test_a_higher_number_helps_where_it_is_better() -> None:
    """Whether a higher number helps or harms is what its bands say."""
    for name, polarity in (("shares", Polarity.HELPS), ("penalties", Polarity.HARMS)):
        rule = band(name)
        assert rule.polarity(rule.slots()[0], 0, bind(rule, of=NUMBER)) is polarity


@pytest.mark.parametrize(
    ("name", "kind", "fault"),
    [
        ("grades", SHARE, (UnknownName, ("bands",), "no bands are called 'grades'")),
        ("share", SHARE, (UnknownName, ("bands",), "no bands are called 'share' (did you mean 'shares'?)")),
        (
            "rounded",
            NUMBER,
            (BadRule, ("bands",), "only a share can be rounded to a whole percentage, not a number"),
        ),
        ("rounded", SCORE, (BadRule, ("bands",), "only a share can be rounded to a whole percentage, not a score")),
    ],
)
def test_bands_that_are_refused(name: str, kind: ValueType, fault: Any) -> None:
    """Bands must be known, and round nothing but shares."""
    assert refusal(lambda: bind(band(name), of=kind)) == fault


def test_bands_in_words() -> None:
    """A band rule names its bands."""
    assert words(band("shares"), of=SHARE) == "the band of 'a', by the bands 'shares'"


# --- lowest and highest


@pytest.mark.parametrize(
    ("inputs", "lowest", "highest"),
    [
        ((GOOD, POOR, FAIR), POOR, GOOD),
        ((GOOD, NOT_RATED, FAIR), FAIR, GOOD),
        ((NOT_RATED, GOOD, NOT_APPLICABLE), GOOD, GOOD),
        ((NOT_RATED, NOT_RATED, NOT_RATED), NOT_RATED, NOT_RATED),
        ((NOT_APPLICABLE, NOT_RATED, NOT_RATED), NONE_RATED, NONE_RATED),
    ],
)
def test_lowest_and_highest(inputs: tuple[Any, ...], lowest: Any, highest: Any) -> None:
    """The lowest and the highest of what is rated; with nothing rated, not rated."""
    assert ask(combined(LowestRule), *inputs, of=MARK) == lowest
    assert ask(combined(HighestRule), *inputs, of=MARK) == highest


@pytest.mark.parametrize(("rule", "number"), [(LowestRule, Fraction(1, 3)), (HighestRule, Fraction(1, 2))])
def test_lowest_and_highest_number(rule: type[LowestRule], number: Fraction) -> None:
    """Numbers can be compared too, exactly."""
    assert ask(combined(rule), Fraction(1, 2), Fraction(1, 3), NOT_RATED, of=NUMBER) == number


def bounded(least: int, most: int) -> ValueType:
    """Numbers within bounds."""
    return ValueType(Kind.NUMBER, bounds=(Fraction(least), Fraction(most)))


@pytest.mark.parametrize(
    ("types", "bounds"),
    [
        ((bounded(0, 5), bounded(-2, 3), bounded(1, 9)), (-2, 9)),
        ((bounded(0, 5), NUMBER, bounded(1, 9)), None),
        ((NUMBER, NUMBER, NUMBER), None),
    ],
)
def test_the_lowest_number_lies_within_all_bounds(types: Any, bounds: Any) -> None:
    """The lowest of bounded numbers is bounded by the widest; where one is not, nothing is known."""
    binding = bind(combined(LowestRule), of=types)
    assert (binding.type, binding.scale) == (ValueType(Kind.NUMBER, bounds=bounds), None)


def test_the_lowest_rating_is_on_the_scale_of_all() -> None:
    """The lowest of ratings on one scale is a rating on that scale."""
    binding = bind(combined(HighestRule), of=STAR)
    assert (binding.type, binding.scale) == (STAR, STARS)
    assert refusal(lambda: bind(combined(LowestRule), of=(STAR, STAR, NUMBER)))[:2] == (WrongKind, ("of",))


def test_lowest_and_highest_in_words() -> None:
    """The lowest and the highest read with what becomes of those not rated."""
    assert words(combined(LowestRule), of=MARK) == "the lowest of 'a', 'b' and 'c', those not rated left out"
    assert words(combined(HighestRule), of=MARK) == "the highest of 'a', 'b' and 'c', those not rated left out"


# --- totals and means


@pytest.mark.parametrize(
    ("rule", "kind", "inputs", "total", "mean"),
    [
        # One, Two and Three score 1, 3 and 10
        (combined, STAR, (ONE, TWO, THREE), Score(Fraction(14), Fraction(30)), Fraction(14, 3)),
        (combined, STAR, (TWO, NOT_RATED, TWO), Score(Fraction(6), Fraction(20)), Fraction(3)),
        (combined, STAR, (NOT_RATED, NOT_APPLICABLE, THREE), Score(Fraction(10), Fraction(10)), Fraction(10)),
        (combined, MARK, (POOR, POOR, GOOD), Score(Fraction(2), Fraction(9)), Fraction(2, 3)),
        (combined, NUMBER, (Fraction(1, 2), Fraction(1, 3), Fraction(-1)), Fraction(-1, 6), Fraction(-1, 18)),
        (combined, NUMBER, (Fraction(1, 2), NOT_RATED, Fraction(1)), Fraction(3, 2), Fraction(3, 4)),
        (combined, NUMBER, (NOT_RATED, NOT_RATED, NOT_RATED), NOT_RATED, NOT_RATED),
        (combined, STAR, (NOT_RATED, NOT_RATED, NOT_APPLICABLE), NONE_RATED, NONE_RATED),
    ],
)
def test_totals_and_means(rule: Any, kind: ValueType, inputs: Any, total: Any, mean: Any) -> None:
    """Scores are added, out of the most that the rated ones could have; a mean is over the rated ones alone."""
    assert ask(rule(TotalRule), *inputs, of=kind) == total
    assert ask(rule(MeanRule), *inputs, of=kind) == mean


@pytest.mark.parametrize(
    ("kind", "inputs", "total", "mean"),
    [
        # a counts twice, c half: of 3 1/2 in all
        (STAR, (TWO, ONE, THREE), Score(Fraction(12), Fraction(35)), Fraction(24, 7)),
        (STAR, (TWO, ONE, NOT_RATED), Score(Fraction(7), Fraction(30)), Fraction(7, 3)),
        (NUMBER, (Fraction(4), Fraction(1), Fraction(3)), Fraction(21, 2), Fraction(3)),
        (NUMBER, (NOT_RATED, Fraction(1), Fraction(3)), Fraction(5, 2), Fraction(5, 3)),
    ],
)
def test_weights(kind: ValueType, inputs: Any, total: Any, mean: Any) -> None:
    """An input counts as often as its weight says, in the sum and in what it is out of."""
    assert ask(weighted(TotalRule, a="2", c="1/2"), *inputs, of=kind) == total
    assert ask(weighted(MeanRule, a="2", c="1/2"), *inputs, of=kind) == mean


@pytest.mark.parametrize("rule", [TotalRule, MeanRule])
def test_a_total_of_which_all_must_be_rated(rule: type[TotalRule]) -> None:
    """Where all must be rated, one that is not leaves the total not rated, with its reason."""
    strict = combined(rule, unrated="not rated")
    assert ask(strict, ONE, NOT_APPLICABLE, THREE, of=STAR) == Absent(
        Absence.NOT_RATED, "a part of it is not rated: no such case"
    )
    assert ask(strict, TWO, TWO, TWO, of=STAR) == ask(combined(rule), TWO, TWO, TWO, of=STAR)


@pytest.mark.parametrize("rule", [TotalRule, MeanRule])
def test_a_total_needs_a_value_for_each_weight(rule: type[TotalRule]) -> None:
    """Inputs and weights go together, one by one."""
    made = combined(rule)
    binding = bind(made, of=STAR)
    for inputs in ((ONE, ONE), (ONE, ONE, ONE, ONE)):
        with pytest.raises(ValueError, match="argument 2"):
            made.value(binding, inputs)


@pytest.mark.parametrize(
    ("score", "mean"),
    [
        (Score(Fraction(14), Fraction(30)), Fraction(14, 3)),  # three parts
        (Score(Fraction(10), Fraction(10)), Fraction(10)),
        (NOT_RATED, NOT_RATED),
    ],
)
def test_the_mean_of_a_total(score: Any, mean: Any) -> None:
    """The mean that a total stands for is its points by the number of its parts."""
    rule = combined(MeanRule, "a")
    assert ask(rule, score, of=SCORE) == mean
    binding = bind(rule, of=SCORE)
    assert (binding.type, binding.scale, binding.weights) == (NUMBER, STARS, ())


@pytest.mark.parametrize(
    ("kind", "total", "scale"),
    [(STAR, ValueType(Kind.SCORE, "stars"), STARS), (NUMBER, NUMBER, None)],
)
def test_what_totals_and_means_are(kind: ValueType, total: ValueType, scale: Any) -> None:
    """A total of ratings is a score on their scale, one of numbers a number; a mean is a number."""
    weights = (Fraction(1), Fraction(2), Fraction(1))
    for rule, type_ in ((TotalRule, total), (MeanRule, NUMBER)):
        binding = bind(weighted(rule, b="2"), of=kind)
        assert (binding.type, binding.scale, binding.weights) == (type_, scale, weights)


@pytest.mark.parametrize("rule", [TotalRule, MeanRule])
@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (
            lambda rule: combined(rule, unrated="as worst"),
            (BadRule, ("unrated",), "unrated must be left out or not rated, not 'as worst'"),
        ),
        (
            lambda rule: weighted(rule, a="1", d="1"),
            (UnknownName, ("weights", "d"), "a weight for 'd', which is not among the inputs"),
        ),
        (lambda rule: weighted(rule, b="0"), (BadRule, ("weights", "b"), "the weight of 'b' must be above 0")),
        (lambda rule: weighted(rule, b="-1"), (BadRule, ("weights", "b"), "the weight of 'b' must be above 0")),
    ],
)
def test_totals_that_are_refused(rule: type[TotalRule], made: Any, fault: Any) -> None:
    """Weights are of inputs, and above 0; what is not rated is left out or leaves the sum not rated."""
    assert refusal(lambda: bind(made(rule), of=STAR)) == fault


@pytest.mark.parametrize(
    ("denominators", "accepted"),
    [
        ((2**700 - 1,), True),  # it is odd, and has all the digits that there may be
        ((2**700,), False),
        ((2**400 - 1, 2**400), False),  # alone either would do
        ((2**400, 2**400), True),
        ((2**400, 2**399 - 1, 3), False),
    ],
)
def test_weights_must_have_a_common_denominator(denominators: tuple[int, ...], accepted: bool) -> None:
    """Weights that can only be added over a denominator of hundreds of digits are refused."""
    weights = {name: Fraction(1, of) for name, of in zip("abc", denominators, strict=False)}
    rule = combined(TotalRule, weights=FrozenMapping(weights))
    if accepted:
        assert bind(rule, of=STAR).weights == tuple(weights.get(name, Fraction(1)) for name in "abc")
    else:
        message = "the weights have no common denominator of less than 200 digits"
        assert refusal(lambda: bind(rule, of=STAR)) == (BadRule, ("weights",), message)


def test_totals_of_unlike_inputs_are_refused() -> None:
    """Stars and marks cannot be added."""
    assert refusal(lambda: bind(combined(TotalRule), of=(STAR, STAR, MARK)))[:2] == (WrongKind, ("of",))


@pytest.mark.parametrize(
    ("rule", "types"),
    [
        (combined(MeanRule, "a", "b"), (SCORE, SCORE)),
        (combined(MeanRule, "a", "b"), (STAR, SCORE)),
        (combined(MeanRule, "a", weights=FrozenMapping({"a": Fraction(2)})), (SCORE,)),
    ],
)
def test_the_mean_of_a_total_takes_nothing_else(rule: MeanRule, types: Any) -> None:
    """A total stands for many ratings, so nothing stands beside it and no weight is its own."""
    message = "the mean of a total takes that one total and no weights"
    assert refusal(lambda: bind(rule, of=types)) == (WrongKind, ("of",), message)


LEFT_OUT, ALL_RATED = "those not rated left out", "all of which must be rated"


@pytest.mark.parametrize(
    ("rule", "kind", "text"),
    [
        (combined(TotalRule), STAR, f"the sum of the scores of 'a', 'b' and 'c', {LEFT_OUT}"),
        (combined(TotalRule, unrated="not rated"), NUMBER, f"the sum of 'a', 'b' and 'c', {ALL_RATED}"),
        (combined(MeanRule), STAR, f"the mean score of 'a', 'b' and 'c', {LEFT_OUT}"),
        (combined(MeanRule), NUMBER, f"the mean of 'a', 'b' and 'c', {LEFT_OUT}"),
        (combined(MeanRule, "a"), SCORE, "the mean score of the rated standards in 'a'"),
    ],
)
def test_totals_and_means_in_words(rule: TotalRule, kind: ValueType, text: str) -> None:
    """A total or mean reads with its inputs and what becomes of those not rated."""
    assert words(rule, of=kind) == text


def test_weights_in_words() -> None:
    """Inputs that count otherwise than once stand last, with how often they count."""
    rule = weighted(TotalRule, c="1/2", a="2")
    text = rule.words({"of": ["a", "b", "c"]}, bind(rule, of=NUMBER))
    assert text == f"the sum of b, a (counted 2 times) and c (counted 1/2 times), {LEFT_OUT}"


# --- shifts


@pytest.mark.parametrize(
    ("by", "moved"),
    [
        ("1", (FAIR, GOOD, BEST, BEST)),
        ("+2", (GOOD, BEST, BEST, BEST)),
        ("-1", (POOR, POOR, FAIR, GOOD)),
        ("-9", (POOR, POOR, POOR, POOR)),
        ("0", (POOR, FAIR, GOOD, BEST)),
    ],
)
def test_shifts(by: str, moved: tuple[int, ...]) -> None:
    """A rating moves by whole bands and stays on its scale."""
    assert tuple(ask(shift(by), rating, of=MARK) for rating in range(4)) == moved
    assert ask(shift(by), NOT_RATED, of=MARK) == NOT_RATED


@pytest.mark.parametrize(
    ("by", "moved"),
    [
        (Fraction(1), GOOD),
        (Fraction(-1), POOR),
        (Fraction(1, 2), GOOD),
        (Fraction(49, 100), FAIR),
        (Fraction(-1, 2), FAIR),
        (Fraction(99), BEST),
        (NOT_RATED, FAIR),
    ],
)
def test_shifts_by_a_node(by: Any, moved: int) -> None:
    """A rating moves by a number, rounded half up; a number that is missing moves nothing."""
    assert ask(shift("bonus"), FAIR, by, of=MARK, by=NUMBER) == moved
    assert ask(shift("bonus"), NOT_APPLICABLE, by, of=MARK, by=NUMBER) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("written", "by", "level"),
    [("1", "1", 1), ("+01", "1", 1), ("-2", "-2", -2), ("-0", "0", 0), ("bonus", "bonus", 0), ("1000", "1000", 0)],
)
def test_a_shift_is_written_one_way(written: str, by: str, level: int) -> None:
    """A number of bands is the same however it is written; anything else is the name of a node."""
    rule = shift(written)
    binding = rule.bind({"of": [("a", STAR)]}, LEXICON)
    assert (rule.by, binding.level, binding.type, binding.scale) == (by, level, STAR, STARS)


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("1", "'a' raised by 1 band, kept on the scale"),
        ("2", "'a' raised by 2 bands, kept on the scale"),
        ("-1", "'a' lowered by 1 band, kept on the scale"),
        ("0", "'a' raised by 0 bands, kept on the scale"),
    ],
)
def test_shifts_in_words(by: str, text: str) -> None:
    """A shift reads as how far and which way."""
    assert words(shift(by), of=MARK) == text


def test_shifts_by_a_node_in_words() -> None:
    """A shift by a node names it."""
    assert words(shift("bonus"), of=MARK, by=NUMBER) == "'a' moved by 'bonus' bands, kept on the scale"
