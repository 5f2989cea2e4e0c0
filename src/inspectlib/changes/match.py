"""Which standards, key questions and rules of one framework are which of another, whatever they are called there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import attrs

from inspectlib.framework import Domain, Question, Standard
from inspectlib.graph import Framework, Role

__all__ = ["Asked", "Match", "matched"]

T = TypeVar("T")


@attrs.frozen
class Asked:
    """A key question with the number of its standard."""

    standard: str
    question: Question


@attrs.frozen(kw_only=True)
class Match:
    """What in one framework is what in another: the new name of everything that is in both.

    Attributes:
        standards: by old number.
        questions: by old number.
        nodes: by old name: those of standards and key questions, their parts, and all others.
    """

    standards: Mapping[str, str]
    questions: Mapping[str, str]
    nodes: Mapping[str, str]


def matched(old: Framework, new: Framework) -> Match:
    """What in one framework is what in another.

    A standard is the one of the same number and title; else the one of the same title, if that is clear; else the one
    of the same number in a domain of the same title. Key questions likewise, by the end of their number, within their
    standard first. Another node is the one of the same name, else the one of the same title.
    """
    standards = _standards(_numbered(old), _numbered(new))
    questions = _questions(_asked(old), _asked(new), standards)
    nodes = _paired(
        {name: node.rule for name, node in old.graph.nodes.items() if node.role is Role.OTHER},
        {name: node.rule for name, node in new.graph.nodes.items() if node.role is Role.OTHER},
        lambda name, _: name,
        lambda _, rule: _folded(getattr(rule, "title", "")) or None,
    )
    wholes = {**standards, **questions}
    for name, node in old.graph.nodes.items():
        if node.of in wholes:
            moved = wholes[node.of] + name.removeprefix(node.of)
            if moved in new.graph.nodes:
                nodes[name] = moved
    return Match(standards=standards, questions=questions, nodes=nodes)


def _numbered(framework: Framework) -> dict[str, tuple[Domain, Standard]]:
    return {number: (domain, standard) for _, domain, number, standard in framework.data.standards()}


def _standards(
    old: Mapping[str, tuple[Domain, Standard]], new: Mapping[str, tuple[Domain, Standard]]
) -> dict[str, str]:
    return _paired(
        old,
        new,
        lambda number, entry: (number, _folded(entry[1].title)),
        lambda _, entry: (_folded(entry[0].title), _folded(entry[1].title)),
        lambda _, entry: _folded(entry[1].title),
        lambda number, entry: (number, _folded(entry[0].title)),
    )


def _asked(framework: Framework) -> dict[str, Asked]:
    standards = framework.data.standards()
    return {question: Asked(number, s.questions[question]) for _, _, number, s in standards for question in s.questions}


def _questions(old: Mapping[str, Asked], new: Mapping[str, Asked], standards: Mapping[str, str]) -> dict[str, str]:
    known = set(standards.values())
    within = {name: standards.get(asked.standard, "") for name, asked in old.items()}
    within_new = {name: asked.standard if asked.standard in known else "" for name, asked in new.items()}
    # One mapping says of both in which standard of the new framework they are, so the keys can be compared.
    before = {name: (within[name], asked) for name, asked in old.items()}
    after = {name: (within_new[name], asked) for name, asked in new.items()}
    return _paired(
        before,
        after,
        lambda name, entry: entry[0] and (entry[0], _end(name), _folded(entry[1].question.title)),
        lambda _, entry: entry[0] and (entry[0], _folded(entry[1].question.title)),
        lambda _, entry: entry[0] and entry[1].question.text and (entry[0], entry[1].question.text),
        lambda name, entry: entry[0] and (entry[0], _end(name)),
        lambda _, entry: entry[1].question.text and (_folded(entry[1].question.title), entry[1].question.text),
    )


def _end(number: str) -> str:
    return number.rpartition(".")[2]


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _paired(old: Mapping[str, T], new: Mapping[str, T], *keys: Callable[[str, T], Hashable]) -> dict[str, str]:
    """The new name of each of the old: by the first key that one of the old and one of the new have, and no other."""
    found: dict[str, str] = {}
    for key in keys:  # one that is empty or None is no key
        left = [name for name in old if name not in found]
        taken = set(found.values())
        places: dict[Hashable, tuple[list[str], list[str]]] = {}
        for name in left:
            places.setdefault(key(name, old[name]), ([], []))[0].append(name)
        for name in new:
            if name not in taken:
                places.setdefault(key(name, new[name]), ([], []))[1].append(name)
        for value, (before, after) in places.items():
            if value not in ("", None) and len(before) == len(after) == 1:
                found[before[0]] = after[0]
    return {name: found[name] for name in old if name in found}
