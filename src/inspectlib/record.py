"""A recorded judgement as JSON data: read with care, and compared with what is computed again, entry by entry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import attrs

from inspectlib.errors import OtherRecord
from inspectlib.framework import natural

__all__ = ["RECORD", "Difference", "differences", "read_record"]

#: The form of a recorded judgement; the number rises when it changes.
RECORD = "inspectlib/judgement/1"

#: The parts of a record that say what each node has.
_SECTIONS = ("standards", "questions", "ratings", "values")
#: What does not belong to the meaning of a framework, and the evidence, which is what everything is computed from.
_LEFT_OUT = {("framework", "version"), ("framework", "fingerprint"), ("evidence",)}

_Path = tuple[str, ...]


@attrs.frozen
class Difference:
    """Something that a record says otherwise than its evidence gives.

    Attributes:
        node: the node it is about; empty for the record as a whole.
        entry: which entry of the node, or of the record.
        recorded: what the record says; None where it says nothing.
        recomputed: what its evidence gives; None where it gives nothing.
    """

    node: str
    entry: str
    recorded: Any
    recomputed: Any

    def text(self) -> str:
        """The difference for people."""
        about = f"{self.node}: {self.entry}" if self.node else self.entry
        return f"{about} is recorded as {_said(self.recorded)}, and its evidence gives {_said(self.recomputed)}"


def read_record(text: str) -> Mapping[str, Any]:
    """A record as JSON data.

    Raises:
        OtherRecord: it is not JSON, has a key twice, or is not in the form of a record.
    """
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_constant)
    except OtherRecord:
        raise
    except (ValueError, RecursionError):
        raise OtherRecord("this is not JSON") from None
    found = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    if found.get("format") != RECORD:
        raise OtherRecord(f"this is no record of a judgement: its format is not {RECORD}")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise OtherRecord(f"this is no record of a judgement: the key {twice!r} stands twice")
    return found


def _constant(word: str) -> Any:
    raise OtherRecord(f"this is no record of a judgement: {word} is no number")


def differences(recorded: Mapping[str, Any], recomputed: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What a record says otherwise than what is computed again, its overall rating first, then node by node.

    The evidence is not compared, because it is what all is computed from; nor is the version of the framework, which is
    no part of its meaning. An entry that is missing says the same as null.
    """
    found = [
        Difference(*_about(path), before, after)
        for path, before, after in _different((), recorded, recomputed)
        if path[:1] not in _LEFT_OUT and path not in _LEFT_OUT
    ]
    return tuple(sorted(found, key=lambda one: (one.node != "overall", natural(one.node), one.entry)))


def _different(path: _Path, before: Any, after: Any) -> Iterator[tuple[_Path, Any, Any]]:
    """The entries that differ, each with its path; what is whole on one side and missing on the other is one entry."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _different((*path, key), before.get(key), after.get(key))
    elif json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True):  # 1, 1.0 and true differ
        yield path, before, after


def _about(path: _Path) -> tuple[str, str]:
    """The node and entry of a path."""
    section, *inside = path
    if section in _SECTIONS and inside:
        return inside[0], " ".join(inside[1:]) or "all"
    return ("overall", " ".join(inside) or "all") if section == "overall" else ("", " ".join(path))


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
