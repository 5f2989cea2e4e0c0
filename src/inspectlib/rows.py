"""A row of a table as an inspection: which columns are evidence, and what the results are called.

A column named by a node is that node: a rating, a panel rating, a number, a score, a flag or a choice. Beside it
``NODE.max`` is the most a score could have been, ``NODE.reason`` a recorded reason and ``NODE.departure`` the rating
that the panel departed to. ``QUESTION.yes``, ``QUESTION.of`` and ``QUESTION.open`` are the tally of a key question. Any
other column is carried through. An empty cell says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import attrs

from inspectlib.errors import Fault, MissingColumn, RepeatedColumn
from inspectlib.exact import fraction_text
from inspectlib.framework import natural
from inspectlib.graph import Framework, Role, RuleGraph
from inspectlib.judgement import Judgement, rate
from inspectlib.kinds import Kind, Score
from inspectlib.rules import GivenRule, PanelRule

__all__ = ["Rows"]

#: What a column is in an evidence file: its heading, node and part.
Meaning = tuple[str, str, str]
#: Rows with the same evidence are rated once, as long as not too many others come between them.
MAX_REMEMBERED = 10_000


@attrs.frozen
class Rows:
    """The rows of one table under a framework.

    Attributes:
        framework: the framework.
        header: the names of the columns.
        read: the columns that are evidence: for each its place, and the heading, node and part of an evidence file.
        results: the columns of the result: the header with the results that it has no column for.
    """

    framework: Framework
    header: tuple[str, ...]
    read: tuple[tuple[int, Meaning], ...]
    results: tuple[str, ...]

    @classmethod
    def of(cls, framework: Framework, header: Sequence[str]) -> Rows:
        """The rows of a table with a header.

        Raises:
            RepeatedColumn: a column is there twice.
            MissingColumn: no column is named by a node.
        """
        for index, name in enumerate(header):
            if name and name in header[:index]:
                raise RepeatedColumn(f"the column {name!r} is there twice", path=(index,))
        meanings = column_meanings(framework)
        read = tuple((index, meanings[name]) for index, name in enumerate(header) if name in meanings)
        if not read:
            able = ", ".join(name for name in meanings if "." not in name or name in framework.graph.nodes)
            raise MissingColumn(f"no column is named by a node of {framework.id}; there can be {able}")
        added = [name for name in _results(framework, read) if name not in header]
        return cls(framework, tuple(header), read, (*header, *added))

    def carried(self) -> tuple[str, ...]:
        """The names of the columns that are carried through."""
        taken = {index for index, _ in self.read}
        return tuple(name for index, name in enumerate(self.header) if index not in taken)

    def rater(self) -> Callable[[Sequence[str]], list[str]]:
        """A function from the cells of a row to the cells of its result; it raises InspectError for a bad row."""
        places = tuple(index for index, _ in self.read)
        rated = lru_cache(MAX_REMEMBERED)(self._rated)

        def rate_row(row: Sequence[str]) -> list[str]:
            found = rated(tuple(row[index] for index in places))
            return [found.get(name, row[index] if index < len(row) else "") for index, name in enumerate(self.results)]

        return rate_row

    def column(self, fault: Fault) -> int:
        """The place of the column that a fault of a row is about: the very one, or the first of its node."""
        path = tuple(str(step) for step in fault.path)
        exact = [index for index, meaning in self.read if meaning == path]
        of_node = [index for index, (_, node, _) in self.read if node in path]
        return [*exact, *of_node, self.read[0][0]][0]

    def _rated(self, cells: tuple[str, ...]) -> dict[str, str]:
        """The results of a row by column, from the cells that are evidence."""
        evidence: dict[str, dict[str, dict[str, str]]] = {}
        for (_, (heading, node, part)), cell in zip(self.read, cells, strict=True):
            if cell.strip():
                evidence.setdefault(heading, {}).setdefault(node, {})[part] = cell.strip()
        entries = {
            heading: {node: _entry(heading, parts) for node, parts in nodes.items()}
            for heading, nodes in evidence.items()
        }
        judgement = rate(self.framework, entries)
        return {name: text for name in self.results if (text := _result(self.framework, judgement, name)) is not None}


def _entry(heading: str, parts: dict[str, str]) -> object:
    """The cells of one node as an evidence file has them."""
    if heading == "tallies":
        return "not applicable" if parts.get("of", "").casefold() == "not applicable" and len(parts) == 1 else parts
    return next(iter(parts.values())) if parts.keys() in ({"rating"}, {"score"}) and heading != "departures" else parts


def column_meanings(framework: Framework) -> dict[str, Meaning]:
    """For each name that a column of evidence can have: heading, node and part in an evidence file."""
    found: dict[str, Meaning] = {}
    for name in sorted(framework.graph.nodes, key=natural):
        node = framework.graph[name]
        kind = node.type.kind
        if kind is Kind.ANSWERS:
            found |= {f"{node.of}.{part}": ("tallies", node.of, part) for part in ("yes", "of", "open")}
        elif node.role is Role.PART:
            continue
        elif kind is Kind.RATING:
            heading = "panel" if isinstance(node.rule, PanelRule) else "ratings"
            found[name] = heading, name, "rating"
            if heading == "panel":
                found[f"{name}.reason"] = heading, name, "reason"
            elif node.rule.tag == "discretion":
                found[f"{name}.departure"] = "departures", name, "rating"
                found[f"{name}.reason"] = "departures", name, "reason"
        else:
            found[name] = "values", name, "score"
            if kind is Kind.SCORE:
                found[f"{name}.max"] = "values", name, "max"
    return found


def _results(framework: Framework, read: Sequence[tuple[int, Meaning]]) -> Iterator[str]:
    """The names of the results: the standards, what is rated from tallies, and what no other rule goes on from.

    Only what follows from the columns that are read is among them.
    """
    graph = framework.graph
    tallied = {node for _, (heading, node, _) in read if heading == "tallies"}
    stated = {node for _, (_, node, _) in read}
    used = {name for inputs in graph.inputs.values() for name in inputs}
    for _, _, number, standard in framework.data.standards():
        if number in graph.nodes and _follows(graph, number, stated):
            yield number
        for question in sorted(tallied.intersection(standard.questions), key=natural):
            if question in graph.nodes:
                yield question
            yield f"{question}.share"
    ends = {name for name, node in graph.nodes.items() if node.role is Role.OTHER and name not in used}
    others = sorted({*ends, "delivery"} - {"total", "overall"}, key=natural)
    for name in (*others, "total", "overall"):
        if name in graph.nodes and not isinstance(graph[name].rule, GivenRule) and _follows(graph, name, stated):
            yield name
            if graph[name].type.kind is Kind.SCORE:
                yield f"{name}.max"


def _follows(graph: RuleGraph, name: str, stated: set[str]) -> bool:
    """Whether anything beneath a node, or the node itself, is stated."""
    return any(below in stated or graph[below].of in stated for below in graph.below(name))


def _result(framework: Framework, judgement: Judgement, column: str) -> str | None:
    """The result that belongs in a column; None where the column is carried through."""
    whole, _, part = column.rpartition(".")
    if part == "share" and whole in judgement.outcomes:
        share = judgement[whole].share
        return "" if share is None else fraction_text(share)
    if part == "max" and whole in judgement.outcomes and judgement[whole].kind is Kind.SCORE:
        score = judgement[whole].value
        return fraction_text(score.max) if isinstance(score, Score) else ""
    if column not in framework.graph.nodes or isinstance(framework.graph[column].rule, GivenRule):
        return None
    if column not in judgement.outcomes:
        return None
    outcome = judgement[column]
    return fraction_text(outcome.value.points) if isinstance(outcome.value, Score) else outcome.text()
