"""Professional discretion: which grounds for a departure are met, judged on the shares beneath a rating."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from inspectlib.discretion import Grounds, grounds_for
from inspectlib.evaluate import settle
from inspectlib.kinds import Tally
from made import FAIR, GOOD, POOR, by_cases, framework

NOTHING = Tally(0, 0)


def grounds(first: Tally, second: Tally, stated: dict[str, Any] | None = None, **rule: Any) -> Grounds:
    """The grounds met for standard 1.1, from the answers to its two key questions."""
    graph = by_cases(**rule).graph
    fixed = stated or {}
    values, _ = settle(graph, {"1.1.1.answers": first, "1.1.2.answers": second}, fixed)
    return grounds_for(graph, "1.1", values, fixed)


@pytest.mark.parametrize(
    ("first", "second", "lowest"),
    [
        (Tally(1, 2), Tally(2, 3), ("1.1.1", Fraction(1, 2))),
        (Tally(2, 3), Tally(1, 2), ("1.1.2", Fraction(1, 2))),
        (Tally(1, 2), Tally(5, 10), ("1.1.1", Fraction(1, 2))),
        (NOTHING, Tally(9, 10), ("1.1.2", Fraction(9, 10))),
        (NOTHING, NOTHING, None),
    ],
)
def test_the_lowest_share(first: Tally, second: Tally, lowest: Any) -> None:
    """The lowest share beneath is named, the first of several; what applies to no case has none."""
    assert grounds(first, second) == Grounds((), lowest)


@pytest.mark.parametrize(
    ("first", "second", "points", "met"),
    [
        # 64% is one point below 65%
        (Tally(64, 100), Tally(90, 100), "1", ("1.1.1 has 64%, within 1 points of 65%",)),
        (Tally(64, 100), Tally(90, 100), "99/100", ()),
        (Tally(66, 100), Tally(90, 100), "1", ("1.1.1 has 66%, within 1 points of 65%",)),
        # only the lowest share counts, but every share that is the lowest
        (Tally(70, 100), Tally(80, 100), "1", ()),
        (
            Tally(80, 100),
            Tally(4, 5),
            "1",
            ("1.1.1 has 80%, within 1 points of 80%", "1.1.2 has 80%, within 1 points of 80%"),
        ),
        # between two edges both can be near
        (
            Tally(575, 1000),
            Tally(1, 1),
            "15/2",
            ("1.1.1 has 57.5%, within 15/2 points of 50%", "1.1.1 has 57.5%, within 15/2 points of 65%"),
        ),
        (NOTHING, NOTHING, "99", ()),
    ],
)
def test_near_an_edge(first: Tally, second: Tally, points: str, met: tuple[str, ...]) -> None:
    """A share on or within so many percentage points of an edge of its bands, on either side, is a ground."""
    assert grounds(first, second, within_points=points).met == met


LESS, MORE = (
    "one more insufficient answer to {} would change the rating",
    "one more sufficient answer to {} would change the rating",
)


@pytest.mark.parametrize(
    ("first", "second", "met"),
    [
        # 1 of 2 is Fair: 0 of 2 would be Poor, 2 of 2 Best, and then the second decides: Good
        (Tally(1, 2), Tally(7, 10), (LESS.format("1.1.1"), MORE.format("1.1.1"))),
        # 13 of 20 is Good: 12 would be Fair, 14 still Good; the second has Best and stays above
        (Tally(13, 20), Tally(99, 100), (LESS.format("1.1.1"),)),
        # 12 of 20 is Fair: 13 would be Good
        (Tally(12, 20), Tally(99, 100), (MORE.format("1.1.1"),)),
        # both are Fair: one better answer to either does not lift the other
        (Tally(12, 20), Tally(12, 20), ()),
        # no answer can be worse than none sufficient, or better than all
        (Tally(0, 9), Tally(9, 9), ()),
        (Tally(9, 9), Tally(8, 8), ()),
        (Tally(1, 1), Tally(9, 9), (LESS.format("1.1.1"),)),
        (Tally(0, 1), Tally(1, 1), (MORE.format("1.1.1"),)),
        (NOTHING, Tally(13, 20), (LESS.format("1.1.2"),)),
    ],
)
def test_one_other_answer(first: Tally, second: Tally, met: tuple[str, ...]) -> None:
    """One answer otherwise, in one case, that would change the computed rating is a ground."""
    assert grounds(first, second, one_answer="true").met == met


def test_one_other_answer_changes_nothing_beneath_a_stated_rating() -> None:
    """A key question whose rating is stated keeps it, whatever its answers."""
    assert grounds(Tally(1, 2), Tally(7, 10), {"1.1.1": FAIR}, one_answer="true").met == ()
    assert grounds(Tally(1, 2), Tally(7, 10), {"1.1.2": POOR}, one_answer="true").met == ()
    assert grounds(Tally(1, 2), Tally(7, 10), {"1.1.2": GOOD}, one_answer="true").met == (
        LESS.format("1.1.1"),
        MORE.format("1.1.1"),
    )


@pytest.mark.parametrize(
    ("first", "second", "met"),
    [
        (Tally(2, 4), Tally(2, 3), ("1.1.1 comes from 4 cases",)),
        (Tally(2, 5), Tally(1, 1), ()),
        (Tally(1, 4), Tally(1, 4), ("1.1.1 comes from 4 cases", "1.1.2 comes from 4 cases")),
        (NOTHING, Tally(1, 1), ("1.1.2 comes from 1 cases",)),
    ],
)
def test_a_small_sample(first: Tally, second: Tally, met: tuple[str, ...]) -> None:
    """A lowest share that comes from so few cases is a ground."""
    assert grounds(first, second, sample_at_most="4").met == met


def test_all_grounds_met_are_given() -> None:
    """Every ground that is met is given: nearness first, then the one answer, then the sample."""
    met = grounds(Tally(13, 20), Tally(99, 100), within_points="1", one_answer="true", sample_at_most="20").met
    assert met == ("1.1.1 has 65%, within 1 points of 65%", LESS.format("1.1.1"), "1.1.1 comes from 20 cases")


def test_only_shares_are_judged() -> None:
    """A number is no share, however low and near an edge; a stated share is judged with the cases it stands for."""
    nodes: dict[str, dict[str, Any]] = {
        "points": {"rule": "given", "kind": "number", "least": "0", "most": "1"},
        "replies": {"rule": "given", "kind": "answers"},
        "share": {"rule": "share", "of": "replies"},
        "by_points": {"rule": "band", "of": "points", "bands": "shares"},
        "by_share": {"rule": "band", "of": "share", "bands": "shares"},
        "computed": {"rule": "lowest", "of": ["by_share", "by_points"]},
        "rating": {
            "rule": "discretion", "of": "computed", "within_points": "1", "one_answer": "true", "sample_at_most": "9"
        },
    }  # fmt: skip
    graph = framework(nodes).graph
    assert graph.sort(graph.nodes)[0] == "points"
    values, _ = settle(graph, {"replies": Tally(1, 2), "points": Fraction(1, 2)}, {})
    assert grounds_for(graph, "rating", values, {}) == Grounds(
        (
            "by_share has 50%, within 1 points of 50%",
            "one more insufficient answer to replies would change the rating",
            "by_share comes from 2 cases",
        ),
        ("by_share", Fraction(1, 2)),
    )
    stated = {"share": Fraction(4, 5)}
    values, _ = settle(graph, {"replies": Tally(0, 0), "points": Fraction(1, 2)}, stated)
    assert grounds_for(graph, "rating", values, stated) == Grounds(
        ("by_share has 80%, within 1 points of 80%", "by_share comes from 0 cases"), ("by_share", Fraction(4, 5))
    )
