"""What all rules share: names in a list, types alike, limits read for their kind, and what comes of nothing rated."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inspectlib.errors import BadRule, NotExact, OffScale, UnknownName, WrongKind
from inspectlib.kinds import Absence, Absent, PanelRating, Polarity, ValueType
from inspectlib.rules import LimitRule
from inspectlib.rules.base import alike, check_missing, level, listed, none_of, present
from made import CHOICE, FLAG, GOOD, LEXICON, MARK, MARKS, NONE_RATED, NUMBER, OWN, STAR, bind, refusal


@pytest.mark.parametrize(
    ("names", "text"),
    [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_names_in_a_list(names: list[str], text: str) -> None:
    """Names stand in a list as in a sentence: commas, and an `and` before the last."""
    assert listed(names) == text
    assert listed(iter(names)) == text


def test_present_are_the_values() -> None:
    """What is present is neither absent nor what the panel said."""
    assert present([1, NONE_RATED, PanelRating(2), False, Fraction(0)]) == [1, False, Fraction(0)]


def test_nothing_rated_gives_the_reason_when_all_share_it() -> None:
    """One reason for all is passed on; different reasons become that no part is rated; it is never `not applicable`."""
    closed, moved = Absent(Absence.NOT_RATED, "closed"), Absent(Absence.NOT_APPLICABLE, "moved")
    assert none_of([closed, closed]) == closed
    assert none_of([moved]) == Absent(Absence.NOT_RATED, "moved")
    assert none_of([closed, moved]) == NONE_RATED
    assert none_of([]) == NONE_RATED


def test_inputs_side_by_side_are_of_one_type() -> None:
    """All inputs of a slot are of the type of the first; another is named with its type, and so is the first."""
    assert alike("of", [("a", MARK), ("b", MARK)]) == MARK
    assert alike("of", [("a", NUMBER)]) == NUMBER
    assert refusal(lambda: alike("of", [("a", MARK), ("b", MARK), ("c", STAR)])) == (
        WrongKind,
        ("of",),
        "'c' is a rating on the scale stars but 'a' is a rating on the scale marks; they must be alike",
    )
    assert refusal(lambda: alike("parts", [("a", NUMBER), ("b", FLAG)]))[2] == (
        "'b' is a flag but 'a' is a number; they must be alike"
    )


@pytest.mark.parametrize(
    ("text", "kind", "read"),
    [
        ("good", MARK, GOOD),
        ("east", CHOICE, "east"),
        ("65%", NUMBER, Fraction(13, 20)),
        ("65%", ValueType(NUMBER.kind, bounds=(Fraction(0), Fraction(1))), Fraction(13, 20)),
    ],
)
def test_a_limit_is_read_for_the_kind_it_limits(text: str, kind: ValueType, read: object) -> None:
    """A limit is a rating of the scale, an option of the choice, or an exact number."""
    assert level(text, kind, LEXICON, "to") == read


@pytest.mark.parametrize(
    ("text", "kind", "fault", "message"),
    [
        ("Superb", MARK, OffScale, "'Superb' is not a rating of the scale Poor, Fair, Good, Best"),
        ("west", CHOICE, OffScale, "'west' is none of north, east, south"),
        ("1e2", NUMBER, NotExact, "'1e2' is not an exact number; write it like 3, 0.65, 65% or 1/2"),
    ],
)
def test_a_limit_that_does_not_fit_its_kind(text: str, kind: ValueType, fault: type, message: str) -> None:
    """A limit that is off its scale or no number is refused where it stands, with what there is."""
    assert refusal(lambda: level(text, kind, LEXICON, "to")) == (fault, ("to",), message)


@pytest.mark.parametrize("missing", ["open", "not rated", "not applicable"])
def test_silence_means_one_of_three(missing: str) -> None:
    """Silence of the evidence is open, not rated or not applicable."""
    check_missing(missing)


def test_silence_means_nothing_else() -> None:
    """Any other meaning of silence is refused with the three there are."""
    message = "missing must be open, not rated or not applicable, not 'unknown'"
    assert refusal(lambda: check_missing("unknown")) == (BadRule, ("missing",), message)


def test_scales_are_looked_up_by_name() -> None:
    """A scale that nobody defined is refused by its name."""
    assert LEXICON.scale("marks") is MARKS
    message = "no scale is called 'mark' (did you mean 'marks'?)"
    assert refusal(lambda: LEXICON.scale("mark")) == (UnknownName, ("scale",), message)
    assert refusal(lambda: LEXICON.scale("grades")) == (UnknownName, ("scale",), "no scale is called 'grades'")


def test_the_polarity_of_an_input_is_that_of_its_slot() -> None:
    """Unless a rule knows better, what a better input can do is what its slot says."""
    rule = LimitRule(of="a", to="Good", when="b", **OWN)
    binding = bind(rule, of=MARK, when=FLAG)
    assert [rule.polarity(slot, 0, binding) for slot in rule.slots()] == [Polarity.HELPS, Polarity.HARMS]
