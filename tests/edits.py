"""Every change that a methodologist could make to a framework, one at a time: figures, sides, rules, memberships."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from inspectlib.graph import Framework
from inspectlib.lints import lint
from strategies import Plain

__all__ = ["Edit", "edits"]

_FIGURE = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(/[0-9]+)?%?")
#: Rules that take the same and give the same kind of value.
_OTHER_RULE = {"lowest": "highest", "highest": "lowest", "limit": "lift", "lift": "limit", "all": "any", "any": "all"}
_OTHER_WORD = {
    "true": "false", "false": "true", "exact": "whole percent", "whole percent": "exact",
    "not rated": "not applicable", "not applicable": "not rated", "open": "not rated", "left out": "not rated",
}  # fmt: skip
_OTHER_BOUND = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
_HEADINGS = ("scales", "bands", "methods", "domains", "groups", "nodes", "pools")
#: Of what is no part of the meaning.
_UNSAID = {"basis", "source", "section", "note", "missing_reason"}


@attrs.frozen
class Edit:
    """One change of a framework as plain data.

    Attributes:
        what: the kind of change: figure, side, word, rule or membership.
        path: what it changes.
        apply: makes the change.
    """

    what: str
    path: tuple[Any, ...]
    apply: Callable[[Plain], object]

    def made(self, mapping: Plain) -> Plain:
        """The framework with the change made."""
        found = copy.deepcopy(mapping)
        self.apply(found)
        return found

    def __str__(self) -> str:
        return f"{self.what} {' > '.join(map(str, self.path))}"


def edits(framework: Framework, mapping: Plain) -> Iterator[Edit]:
    """Every change of what the framework uses."""
    unused = {notice.path[:2] for notice in lint(framework) if notice.code.startswith("unused-")}
    for heading in _HEADINGS:
        for name, entry in mapping.get(heading, {}).items():
            if (heading, name) not in unused:
                yield from _within((heading, name), entry)


def _at(mapping: Plain, path: tuple[Any, ...]) -> Any:
    found: Any = mapping
    for step in path:
        found = found[step]
    return found


def _set(path: tuple[Any, ...], value: Any) -> Callable[[Plain], object]:
    return lambda mapping: _at(mapping, path[:-1]).__setitem__(path[-1], value)


def _drop(path: tuple[Any, ...]) -> Callable[[Plain], object]:
    return lambda mapping: _at(mapping, path[:-1]).__delitem__(path[-1])


def _within(path: tuple[Any, ...], entry: Any) -> Iterator[Edit]:
    if path[0] == "bands" and len(path) == 2:
        yield from _edges(path, entry)
        entry = {key: value for key, value in entry.items() if key != "bands"}
    if isinstance(entry, dict):
        if entry.get("rule") in _OTHER_RULE:
            yield Edit("rule", path, _set((*path, "rule"), _OTHER_RULE[entry["rule"]]))
        for bound in _OTHER_BOUND.keys() & entry.keys():
            yield Edit("side", (*path, bound), _moved(path, bound))
        for key, value in entry.items():
            if key not in _UNSAID:
                if path[-1] in {"standards", "questions"}:
                    yield Edit("membership", (*path, key), _drop((*path, key)))
                yield from _within((*path, key), value)
    elif isinstance(entry, list):
        for place, value in enumerate(entry):
            if len(entry) > 1 and path[-1] not in {"ratings", "scores"}:
                yield Edit("membership", (*path, place), _drop((*path, place)))
            yield from _within((*path, place), value)
    elif path[0] != "domains" and entry in _OTHER_WORD:
        yield Edit("word", path, _set(path, _OTHER_WORD[entry]))
    elif path[0] not in {"domains", "groups"} and path[-1] != "title" and _FIGURE.fullmatch(str(entry)):
        yield Edit("figure", path, _set(path, _raised(str(entry))))


def _raised(figure: str) -> str:
    """Another figure of the same form."""
    return re.sub("[0-9]+", lambda whole: str(int(whole[0]) + 1), figure, count=1)


def _moved(path: tuple[Any, ...], bound: str) -> Callable[[Plain], object]:
    def change(mapping: Plain) -> None:
        entry = _at(mapping, path)
        entry[_OTHER_BOUND[bound]] = entry.pop(bound)

    return change


def _edges(path: tuple[Any, ...], entry: Plain) -> Iterator[Edit]:
    """Each edge moved, and given to the other side, of both bands that meet there."""
    figures = {band[bound] for band in entry["bands"].values() for bound in band}
    for figure in sorted(figures):

        def moved(mapping: Plain, figure: str = figure) -> None:
            for band in _at(mapping, path)["bands"].values():
                band.update({bound: _raised(figure) for bound in band if band[bound] == figure})

        def given(mapping: Plain, figure: str = figure) -> None:
            for band in _at(mapping, path)["bands"].values():
                for bound in [bound for bound in band if band[bound] == figure]:
                    band[_OTHER_BOUND[bound]] = band.pop(bound)

        yield Edit("figure", (*path, figure), moved)
        yield Edit("side", (*path, figure), given)
