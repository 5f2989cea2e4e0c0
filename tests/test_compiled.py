"""The compiled function as a user meets it: what it reads like, where it fails, and that it travels."""

from __future__ import annotations

import copy
import pickle
import traceback
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import inspectlib
from inspectlib.errors import BadTally, InspectError, MissingColumn, NotExact, OffScale, UnknownNode, WrongForm
from strategies import shipped_framework

UNIT = shipped_framework("hmip-pdu-2023")
COLUMNS = ["1.1", "1.1.reason", "2.1", "2.1.1.yes", "2.1.1.of", "2.1.1.share"]


def test_its_source_reads_step_by_step() -> None:
    """A line a step, each with the node and the rule it comes from, in plain names."""
    source = inspectlib.compile(UNIT, ["2.1.1.yes", "2.1.1.of"], results=["2.1.1"]).source
    assert source.startswith('"""hmip-pdu-2023, compiled: Probation delivery units 2023."""\n')
    assert "def rate(row):\n" in source
    assert "  # 2.1.1, band\n" in source
    assert "row['2.1.1.yes']" in source


def test_a_traceback_names_the_rule() -> None:
    """Where a step of the function fails, the traceback shows its line, and on it the node and the rule."""

    class Faulty(Fraction):
        """A number that cannot be compared, as none that is read from evidence is."""

        def __ge__(self, other: object) -> bool:
            raise ZeroDivisionError("made to fail")

        __gt__ = __le__ = __lt__ = __ge__

    compiled = inspectlib.compile(shipped_framework("food-hygiene-rating"))
    compiled.function.__globals__["read_number"] = lambda *_: Faulty(5)
    with pytest.raises(ZeroDivisionError) as error:
        compiled(dict.fromkeys(compiled.columns, Fraction(5)))
    shown = next(part for part in traceback.format_exception(error.value) if ", in rate\n" in part)
    assert shown.startswith('  File "<inspectlib food-hygiene-rating ')
    assert "if said_hygiene > t1:  # worst_score, highest\n" in shown


def test_it_can_be_pickled_and_copied() -> None:
    """What is unpickled gives the same, so that worker processes can have it."""
    compiled = inspectlib.compile(UNIT, COLUMNS, results=["2.1.1", "1.1"], ratings="positions")
    row = {"1.1": 2, "2.1.1.yes": 2, "2.1.1.of": 3}
    for again in (pickle.loads(pickle.dumps(compiled)), copy.deepcopy(compiled)):
        assert again(row) == compiled(row)
        assert (again.columns, again.results, again.source) == (compiled.columns, compiled.results, compiled.source)


def test_threads_can_share_it() -> None:
    """It keeps nothing of a row."""
    compiled = inspectlib.compile(UNIT, ["2.1.1.yes", "2.1.1.of"], results=["2.1.1"])
    rows = [{"2.1.1.yes": place % 21, "2.1.1.of": 20} for place in range(2_000)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(compiled, rows)) == [compiled(row) for row in rows]


@pytest.mark.parametrize(
    ("row", "error", "says"),
    [
        ({"1.1": "Great"}, OffScale, "panel > 1.1: 'Great' is not a rating"),
        ({"1.1": 4}, OffScale, "panel > 1.1: '4' is not a rating"),
        ({"1.1": ["Good"]}, OffScale, "panel > 1.1: "),
        ({"2.1.1.yes": 5, "2.1.1.of": 4}, BadTally, "tallies > 2.1.1 > yes: 5 sufficient answers of 4 cases"),
        ({"2.1": 2.0}, NotExact, "ratings > 2.1: 2.0 is not exact"),
        ({"2.1": True}, OffScale, "ratings > 2.1: 'True' is not a rating"),
        ({"2.1": 4}, OffScale, "ratings > 2.1: '4' is not a rating"),
        ({"2.1.1.yes": 5.0, "2.1.1.of": 6}, NotExact, "tallies > 2.1.1 > yes: 5.0 is not exact"),
        ({"2.1.1.yes": -1, "2.1.1.of": 6}, BadTally, "tallies > 2.1.1 > yes: '-1' is not a whole number"),
        ({"2.1.1.share": 0.65}, NotExact, "values > 2.1.1.share: 0.65 is not exact"),
        ({"2.1.1.share": float("nan")}, NotExact, "values > 2.1.1.share: nan is not exact"),
        ({"2.1.1.share": 2}, OffScale, "values > 2.1.1.share: 2 is not between 0 and 1"),
        ([1], WrongForm, "a row is a mapping"),
        (None, WrongForm, "a row is a mapping"),
    ],
    ids=str,
)
def test_a_bad_value_is_named(row: Any, error: type[InspectError], says: str) -> None:
    """With the place where it stands, in the words of `rate`; a float is no number of evidence."""
    with pytest.raises(error, match=says):
        inspectlib.compile(UNIT, COLUMNS)(row)


@pytest.mark.parametrize("share", ["2/3", Fraction(2, 3), "66.67%", Decimal("0.65"), "0.65"])
def test_exact_numbers_are_taken(share: Any) -> None:
    """As fractions, decimals and text."""
    found = inspectlib.compile(UNIT, ["2.1.1.share"], results=["2.1.1"])({"2.1.1.share": share})
    assert found == {"2.1.1": "Good"}


@pytest.mark.parametrize(
    ("columns", "results", "error"),
    [(["9.9"], None, UnknownNode), ([], None, MissingColumn), (["1.1"], ["overal"], UnknownNode)],
)
def test_what_there_is_not_cannot_be_compiled(columns: Any, results: Any, error: type[InspectError]) -> None:
    """A column or result that the framework does not have is refused when it is compiled."""
    with pytest.raises(error):
        inspectlib.compile(UNIT, columns, results=results)
