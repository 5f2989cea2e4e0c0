"""Limits and lifts, counts and tests, and, or and not: what they take, what they give, how they read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from inspectlib.errors import BadRule, NotExact, OffScale, WrongKind
from inspectlib.kinds import Kind, Polarity
from inspectlib.rules import (
    AllRule,
    AnyRule,
    CountRule,
    LiftRule,
    LimitRule,
    NotRule,
    Rule,
    Slot,
    TestRule,
    WithoutInput,
)
from made import (
    BEST,
    CHOICE,
    FAIR,
    FLAG,
    GOOD,
    MARK,
    MARKS,
    NONE_RATED,
    NOT_APPLICABLE,
    NOT_RATED,
    NUMBER,
    OWN,
    POOR,
    SHARE,
    STAR,
    STARS,
    ask,
    bind,
    refusal,
    words,
)

RATING, FLAGS = frozenset({Kind.RATING}), frozenset({Kind.FLAG})
HELPS, HARMS = Polarity.HELPS, Polarity.HARMS
BEST_IF_ABSENT, WORST_IF_ABSENT = WithoutInput.AS_BEST, WithoutInput.AS_WORST

LIMIT = LimitRule(of="a", to="Good", when="late", **OWN)
LIFT = LiftRule(of="a", to="Fair", when="early", **OWN)


def count(**edges: Any) -> CountRule:
    """Count among three ratings."""
    return CountRule(of=("a", "b", "c"), **edges, **OWN)


def compare(**edges: Any) -> TestRule:
    """Test one node."""
    return TestRule(of="a", **edges, **OWN)


@pytest.mark.parametrize(
    ("rule", "slots"),
    [
        (LIMIT, [Slot("of", ("a",), RATING), Slot("when", ("late",), FLAGS, HARMS, without=WORST_IF_ABSENT)]),
        (LIFT, [Slot("of", ("a",), RATING), Slot("when", ("early",), FLAGS, HELPS, without=WORST_IF_ABSENT)]),
        (
            count(at_least="Good"),
            [Slot("of", ("a", "b", "c"), RATING, HELPS, single=False, without=WORST_IF_ABSENT)],
        ),
        (count(at_most="Fair"), [Slot("of", ("a", "b", "c"), RATING, HARMS, single=False, without=BEST_IF_ABSENT)]),
        (
            AllRule(of=("a", "b"), **OWN),
            [Slot("of", ("a", "b"), FLAGS, HELPS, single=False, without=BEST_IF_ABSENT)],
        ),
        (
            AnyRule(of=("a", "b"), **OWN),
            [Slot("of", ("a", "b"), FLAGS, HELPS, single=False, without=WORST_IF_ABSENT)],
        ),
        (NotRule(of="a", **OWN), [Slot("of", ("a",), FLAGS, HARMS)]),
        *(
            (compare(**{word: "3"}), [Slot("of", ("a",), frozenset({Kind.RATING, Kind.NUMBER, Kind.SHARE}), polarity)])
            for word, polarity in {"at_least": HELPS, "above": HELPS, "at_most": HARMS, "below": HARMS}.items()
        ),
        (compare(equals="east"), [Slot("of", ("a",), frozenset({Kind.CHOICE}), Polarity.EITHER)]),
    ],
)
def test_what_a_condition_takes(rule: Rule, slots: list[Slot]) -> None:
    """Each slot says its names, kinds, what a better input can do, and what happens without one."""
    assert list(rule.slots()) == slots


@pytest.mark.parametrize(
    ("rule", "rating", "condition", "outcome"),
    [
        (LIMIT, BEST, True, GOOD),
        (LIMIT, GOOD, True, GOOD),
        (LIMIT, POOR, True, POOR),
        (LIMIT, BEST, False, BEST),
        (LIMIT, BEST, NOT_RATED, BEST),
        (LIMIT, NOT_RATED, True, NOT_RATED),
        (LIFT, POOR, True, FAIR),
        (LIFT, FAIR, True, FAIR),
        (LIFT, BEST, True, BEST),
        (LIFT, POOR, False, POOR),
        (LIFT, POOR, NOT_APPLICABLE, POOR),
        (LIFT, NOT_APPLICABLE, True, NOT_APPLICABLE),
    ],
)
def test_limits_and_lifts(rule: LimitRule, rating: Any, condition: Any, outcome: Any) -> None:
    """A limit caps and a lift raises while its condition holds; without a condition, or a rating, nothing happens."""
    assert ask(rule, rating, condition, of=MARK, when=FLAG) == outcome


def test_a_limit_keeps_the_scale_of_what_it_limits() -> None:
    """A limit gives a rating on the scale of its input, and its level must be on it."""
    binding = bind(LIMIT, of=MARK, when=FLAG)
    assert (binding.type, binding.scale, binding.level) == (MARK, MARKS, GOOD)
    assert refusal(lambda: bind(LIMIT, of=STAR, when=FLAG)) == (
        OffScale,
        ("to",),
        "'Good' is not a rating of the scale One, Two, Three",
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (LIMIT, "'a', but no better than Good when 'late'"),
        (LIFT, "'a', but no worse than Fair when 'early'"),
    ],
)
def test_limits_in_words(rule: LimitRule, text: str) -> None:
    """A limit and a lift read as a sentence."""
    assert words(rule, of=MARK, when=FLAG) == text


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (count(at_least="Good"), 2),
        (count(at_least="Poor"), 3),
        (count(at_least="best"), 1),
        (count(at_most="Good"), 2),
        (count(at_most="Poor"), 0),
    ],
)
def test_counting_ratings(rule: CountRule, number: int) -> None:
    """Ratings on the edge count, and so do those beyond it."""
    assert ask(rule, FAIR, GOOD, BEST, of=MARK) == Fraction(number)
    assert isinstance(ask(rule, FAIR, GOOD, BEST, of=MARK), Fraction)


@pytest.mark.parametrize("rule", [count(at_least="Poor"), count(at_most="Best")])
def test_what_is_not_rated_does_not_count(rule: CountRule) -> None:
    """An input without a rating is not counted, whichever way."""
    assert ask(rule, FAIR, NOT_RATED, NOT_APPLICABLE, of=MARK) == 1
    assert rule.counts(bind(rule, of=MARK), FAIR) is True
    assert rule.counts(bind(rule, of=MARK), NOT_RATED) is False


def test_a_count_is_a_number_of_ratings_on_one_scale() -> None:
    """A count gives a number, and remembers the scale of what it counts."""
    binding = bind(count(at_least="Two"), of=STAR)
    assert (binding.type, binding.scale, binding.level) == (NUMBER, STARS, 1)


@pytest.mark.parametrize(
    ("rule", "types", "fault"),
    [
        (count(), MARK, (BadRule, (), "give one of at_least and at_most")),
        (count(at_least="Good", at_most="Good"), MARK, (BadRule, (), "give one of at_least and at_most")),
        (
            count(at_least="Two"),
            MARK,
            (OffScale, ("at_least",), "'Two' is not a rating of the scale Poor, Fair, Good, Best"),
        ),
        (
            count(at_most="Two"),
            MARK,
            (OffScale, ("at_most",), "'Two' is not a rating of the scale Poor, Fair, Good, Best"),
        ),
        (
            count(at_most="Two"),
            (STAR, STAR, MARK),
            (
                WrongKind,
                ("of",),
                "'c' is a rating on the scale marks but 'a' is a rating on the scale stars; they must be alike",
            ),
        ),
    ],
)
def test_counts_that_are_refused(rule: CountRule, types: Any, fault: Any) -> None:
    """A count needs one edge, on the one scale of all its inputs."""
    assert refusal(lambda: bind(rule, of=types)) == fault


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (count(at_least="Good"), "how many of 'a', 'b' and 'c' are at least Good"),
        (count(at_most="Poor"), "how many of 'a', 'b' and 'c' are at most Poor"),
    ],
)
def test_counts_in_words(rule: CountRule, text: str) -> None:
    """A count reads as what is counted."""
    assert words(rule, of=MARK) == text


@pytest.mark.parametrize(
    ("word", "below", "on", "above"),
    [
        ("at_least", False, True, True),
        ("above", False, False, True),
        ("at_most", True, True, False),
        ("below", True, False, False),
    ],
)
def test_comparing(word: str, below: bool, on: bool, above: bool) -> None:
    """Ratings, shares and numbers are compared with an edge, which is inside or outside as the word says."""
    third = Fraction(1, 3)
    assert [ask(compare(**{word: "Fair"}), r, of=MARK) for r in (POOR, FAIR, GOOD)] == [below, on, above]
    for kind in (NUMBER, SHARE):
        near = [third - Fraction(1, 10**30), third, third + Fraction(1, 10**30)]
        assert [ask(compare(**{word: "1/3"}), number, of=kind) for number in near] == [below, on, above]
    assert ask(compare(**{word: "Fair"}), NOT_RATED, of=MARK) == NOT_RATED


def test_comparing_choices() -> None:
    """A choice is the option named, or it is not."""
    assert ask(compare(equals="east"), "east", of=CHOICE) is True
    assert ask(compare(equals="east"), "north", of=CHOICE) is False
    assert ask(compare(equals="east"), NOT_APPLICABLE, of=CHOICE) == NOT_APPLICABLE


ONE_OF = (BadRule, (), "give one of at_least, above, at_most, below and equals")


@pytest.mark.parametrize(
    ("rule", "kind", "fault"),
    [
        (compare(), MARK, ONE_OF),
        (compare(at_least="Fair", below="Best"), MARK, ONE_OF),
        (compare(equals="east", above="1"), CHOICE, ONE_OF),
        (
            compare(above="x"),
            NUMBER,
            (NotExact, ("above",), "'x' is not an exact number; write it like 3, 0.65, 65% or 1/2"),
        ),
        (compare(equals="west"), CHOICE, (OffScale, ("equals",), "'west' is none of north, east, south")),
    ],
)
def test_tests_that_are_refused(rule: TestRule, kind: Any, fault: Any) -> None:
    """A test compares with one thing, which its input can be."""
    assert refusal(lambda: bind(rule, of=kind)) == fault


@pytest.mark.parametrize(
    ("edges", "kind", "text"),
    [
        ({"at_least": "Good"}, MARK, "whether 'a' is at least Good"),
        ({"at_most": "3"}, NUMBER, "whether 'a' is at most 3"),
        ({"above": "3"}, NUMBER, "whether 'a' is above 3"),
        ({"below": "50%"}, SHARE, "whether 'a' is below 50%"),
        ({"equals": "east"}, CHOICE, "whether 'a' is east"),
    ],
)
def test_tests_in_words(edges: dict[str, str], kind: Any, text: str) -> None:
    """A test reads as what is asked."""
    assert words(compare(**edges), of=kind) == text


@pytest.mark.parametrize(
    ("rule", "truths"),
    [
        # of: nothing holds, the first holds, both hold
        (AllRule, (False, False, True)),
        (AnyRule, (False, True, True)),
    ],
)
def test_all_and_any(rule: type[AllRule], truths: tuple[bool, ...]) -> None:
    """All holds when every part does, any when some part does; parts without a value are left out."""
    made = rule(of=("a", "b"), **OWN)
    assert tuple(ask(made, *pair, of=FLAG) for pair in ((False, False), (True, False), (True, True))) == truths
    assert ask(made, True, NOT_RATED, of=FLAG) is True
    assert ask(made, NOT_RATED, False, of=FLAG) is False
    assert ask(made, NOT_RATED, NOT_RATED, of=FLAG) == NOT_RATED
    assert ask(made, NOT_RATED, NOT_APPLICABLE, of=FLAG) == NONE_RATED


def test_not() -> None:
    """Not turns a condition round; without a condition it has no value either."""
    rule = NotRule(of="a", **OWN)
    assert ask(rule, True, of=FLAG) is False
    assert ask(rule, False, of=FLAG) is True
    assert ask(rule, NOT_APPLICABLE, of=FLAG) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (AllRule(of=("a", "b"), **OWN), "whether all of these hold: 'a' and 'b'"),
        (AnyRule(of=("a", "b"), **OWN), "whether any of these holds: 'a' and 'b'"),
        (NotRule(of="a", **OWN), "whether it does not hold that 'a'"),
    ],
)
def test_logic_in_words(rule: Rule, text: str) -> None:
    """And, or and not read as what is asked."""
    assert words(rule, of=FLAG) == text


@pytest.mark.parametrize("rule", [AllRule(of=("a",), **OWN), AnyRule(of=("a",), **OWN), NotRule(of="a", **OWN)])
def test_logic_gives_a_flag(rule: Rule) -> None:
    """And, or, not and tests give a flag."""
    assert bind(rule, of=FLAG).type == FLAG
    assert bind(compare(above="3"), of=NUMBER).type == FLAG
