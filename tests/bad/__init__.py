"""What the tests of bad input share: texts in which § marks each fault, and the check of what is raised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from inspectlib.errors import Fault, FaultReport, InspectError, Where

#: Marks the place of a fault in the text of a test; taken out before the text is read.
HERE = "§"


@attrs.frozen
class Bad:
    """One bad input: its name, the text or change that makes it, the fault it must raise, words of the message."""

    name: str
    text: str
    error: type[Fault]
    says: str
    #: For a change to a good text: what is replaced by `text`.
    old: str = ""

    def __str__(self) -> str:
        return self.name


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the line and column of each mark."""
    places: list[tuple[int, int]] = []
    pieces = text.split(HERE)
    before = ""
    for piece in pieces[:-1]:
        before += piece
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
    return "".join(pieces), places


def changed(good: str, bad: Bad) -> str:
    """A good text with the one change that makes it bad."""
    assert good.count(bad.old) == 1, f"{bad.old!r} stands {good.count(bad.old)} times in the good text"
    return good.replace(bad.old, bad.text)


def refused(read: Callable[[], object]) -> InspectError:
    """What a call raises: an InspectError that names each of its faults with its code."""
    with pytest.raises(InspectError) as caught:
        read()
    error = caught.value
    assert error.faults
    for fault in error.faults:
        assert fault.code != Fault.code
        assert f"{fault.code}: " in str(fault)
        assert str(fault) in str(error)
    return error


def check(error: InspectError, bad: Bad, file: Path, places: list[tuple[int, int]]) -> None:
    """What was raised has the class, the places and the words expected, and nothing else is said to be wrong."""
    faults = error.faults
    assert [type(fault) for fault in faults] == [bad.error] * max(len(places), 1), str(error)
    assert [fault.where for fault in faults] == (
        [Where(str(file), line, column) for line, column in places] or [Where(str(file))]
    ), str(error)
    assert bad.says in str(error)
    assert isinstance(error, FaultReport) == (len(faults) > 1)


def ids(rows: list[Bad]) -> list[Any]:
    """The rows as parameters, each named."""
    return [pytest.param(row, id=row.name) for row in rows]
