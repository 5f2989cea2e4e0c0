"""The colours of ratings."""

from __future__ import annotations

import pytest

from inspectlib.colours import grade


@pytest.mark.parametrize(
    ("count", "grades"),
    [(1, "0"), (2, "03"), (3, "013"), (4, "0123"), (5, "00123"), (7, "0011223")],
)
def test_the_colours_of_a_scale(count: int, grades: str) -> None:
    """The worst rating has the first colour and the best the last, and those between share the rest in order."""
    assert [grade(position, count) for position in range(count)] == [int(found) for found in grades]
