"""A row of a table as an inspection: which columns are evidence, and what the results are called.

A column named by a node is that node: a rating, a panel rating, a number, a share, a score, a flag or a choice. Beside
it ``NODE.max`` is the most a score could have been, ``NODE.reason`` a recorded reason and ``NODE.departure`` the rating
that the panel departed to. ``QUESTION.yes``, ``QUESTION.of`` and ``QUESTION.open`` are the tally of a key question. Any
other column is carried through. An empty cell says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs

from inspectlib.errors import (
    Fault,
    Misplaced,
    MissingColumn,
    MissingKey,
    RepeatedColumn,
    TooLarge,
    raise_any,
)
from inspectlib.framework import natural
from inspectlib.graph import NO_RATING, Framework, Node, Role, RuleGraph
from inspectlib.kinds import Kind
from inspectlib.rules import GivenRule, PanelRule

__all__ = ["Meaning", "Rows", "column_meanings", "results_of"]

#: What a column is in an evidence file: its heading, node and part.
Meaning = tuple[str, str, str]
#: A longer cell is no rating, number or choice. A reason may be longer.
MAX_CELL = 1_000
#: So many columns at most are compared with the names that there are.
MAX_DOUBTED = 100


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
            Misplaced: a column is named by a node that is given as counts.
            MissingColumn: no column is named by a node, or one lacks another that it cannot be without.
        """
        meanings = column_meanings(framework)
        read = tuple((index, meanings[name]) for index, name in enumerate(header) if name in meanings)
        places: dict[str, int] = {}
        for index, name in enumerate(header):
            node = framework.graph.nodes.get(name)
            if node and node.type.kind is Kind.ANSWERS:
                message = f"{name!r} has answers; give their counts in the columns {node.of}.yes and {node.of}.of"
                raise Misplaced(message, path=(index,))
            if read and name and places.setdefault(name, index) != index:
                raise RepeatedColumn(f"the column {name!r} is there twice", path=(index,))
        if not read:
            raise MissingColumn(_none_named(framework, header, meanings))
        for index, (heading, of, part) in read:
            # Where a key question applies to no case in any row, one column can say so.
            needed = (_column_name(heading, of, other) for other in _needed(heading) if part != "of")
            for name in needed:
                if name not in places:
                    message = f"the column {name!r} is missing; {header[index]!r} says nothing without it"
                    raise MissingColumn(message, path=(index,))
        added = [name for name in results_of(framework, read) if name not in places]
        return cls(framework, tuple(header), read, (*header, *added))

    def replaced(self) -> tuple[str, ...]:
        """The columns of evidence that the result has again, from the rules."""
        nodes = self.framework.graph.nodes
        names = [self.header[index] for index, _ in self.read]
        return tuple(
            name for name in names if name in nodes or name.endswith((".max", ".share")) if _is_result(nodes, name)
        )

    def given(self) -> tuple[str, ...]:
        """The names of the results, whether or not the header has a column for them."""
        return tuple(results_of(self.framework, self.read))

    def carried(self) -> tuple[str, ...]:
        """The names of the columns that are carried through."""
        taken = {index for index, _ in self.read}
        return tuple(name for index, name in enumerate(self.header) if index not in taken)

    def doubts(self) -> tuple[str, ...]:
        """What is carried through although it looks meant as evidence, in a sentence each."""
        able = column_meanings(self.framework).keys() - set(self.header)
        carried = (name for name in self.carried()[:MAX_DOUBTED] if 0 < len(name) <= MAX_DOUBTED)
        return tuple(doubt for name in carried if (doubt := _doubt(self.framework, name, able)))

    def column(self, fault: Fault) -> int:
        """The place of the column that a fault of a row is about: the very one, or the first of its node."""
        path = tuple(str(step) for step in fault.path)

        def distance(read: tuple[int, Meaning]) -> tuple[bool, bool, bool, bool, int]:
            place, meaning = read
            beside = meaning[2] not in _needed(meaning[0])
            return path != meaning, path[:2] != meaning[:2], meaning[1] not in path, beside, place

        return min(self.read, key=distance)[0]

    def evidence(self, row: Sequence[str]) -> dict[str, dict[str, object]]:
        """The cells of a row in the form of an evidence file.

        Raises:
            InspectError: what is wrong with the cells as cells.
        """
        stated: dict[tuple[str, str], dict[str, str]] = {}
        faults: list[Fault] = []
        for index, (heading, node, part) in self.read:
            cell = row[index]
            if len(cell) > MAX_CELL and part != "reason":
                message = f"a cell of {len(cell):,} characters; at most {MAX_CELL:,} are read"
                faults.append(TooLarge(message, path=(heading, node, part)))
            elif cell.strip():
                stated.setdefault((heading, node), {})[part] = cell.strip()
        raise_any(faults)
        evidence: dict[str, dict[str, object]] = {}
        for (heading, node), parts in stated.items():
            entry = evidence.setdefault(heading, {})[node] = _entry(heading, parts)
            given = " and ".join(sorted(repr(_column_name(heading, node, part)) for part in parts))
            for part in _needed(heading):
                if isinstance(entry, dict) and part not in parts:
                    message = f"{_column_name(heading, node, part)!r} is empty beside {given}"
                    faults.append(MissingKey(message, path=(heading, node, part)))
        raise_any(faults)
        return evidence


def _needed(heading: str) -> tuple[str, ...]:
    """The parts that a node must have under a heading of an evidence file."""
    return {"tallies": ("yes", "of"), "values": ("score",)}.get(heading, ("rating",))


def _column_name(heading: str, node: str, part: str) -> str:
    """The name of the column of a part of a node."""
    if heading == "departures" and part == "rating":
        return f"{node}.departure"
    return node if part in {"rating", "score"} else f"{node}.{part}"


def _none_named(framework: Framework, header: Sequence[str], meanings: Mapping[str, Meaning]) -> str:
    """What to say of a header that names no node."""
    nodes = framework.graph.nodes
    able = (name for name in meanings if "." not in name or (name in nodes and nodes[name].role is not Role.PART))
    message = f"no column is named by a node of {framework.id}; there can be {', '.join(able)}"
    if len(header) == 1 and any(separator in header[0] for separator in ";\t|"):
        message += ". Are the cells separated by commas?"
    return message


def _doubt(framework: Framework, name: str, able: Collection[str]) -> str:
    """Why a column that is carried through may be meant as evidence; nothing where it hardly can."""
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415  # only now: it takes long to import

    if name in framework.unrated:
        return f"{name!r} is carried through: {framework.unrated[name].title} is not rated, {NO_RATING}"
    folded = name.casefold()
    numbered = re.match(r"[0-9]+\.[0-9.]*", name)
    alike = sorted(each for each in able if not numbered or each.startswith(numbered[0]))
    close = (
        each for each in get_close_matches(folded, alike, n=1) if 5 * SequenceMatcher(None, each, folded).ratio() >= 4
    )
    near = [first for first in folded.split()[:1] if first in able] or list(close)
    if not near and (not numbered or " " in name):
        return ""
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return f"{name!r} is carried through: it is no name of a column of evidence{hint}"


def _entry(heading: str, parts: dict[str, str]) -> object:
    """The cells of one node as an evidence file has them."""
    if heading == "tallies":
        said = {" ".join(cell.casefold().split()) for cell in parts.values()}
        return "not applicable" if said == {"not applicable"} else parts
    return next(iter(parts.values())) if parts.keys() in ({"rating"}, {"score"}) and heading != "departures" else parts


def column_meanings(framework: Framework) -> dict[str, Meaning]:
    """For each name that a column of evidence can have: heading, node and part in an evidence file."""
    found: dict[str, Meaning] = {}
    nodes = sorted(framework.graph.nodes.values(), key=lambda node: (node.role is not Role.PART, natural(node.name)))
    for node in nodes:
        name, kind = node.name, node.type.kind
        if kind is Kind.ANSWERS:
            found |= {f"{node.of}.{part}": ("tallies", node.of, part) for part in ("yes", "of", "open")}
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


def results_of(framework: Framework, read: Sequence[tuple[int, Meaning]]) -> Iterator[str]:
    """The names of the results: the standards, what is rated from tallies, and what no other rule goes on from.

    Only what follows from the columns that are read is among them.
    """
    graph = framework.graph
    tallied = {node for _, (heading, node, _) in read if heading == "tallies"}
    tallied |= {
        graph[node].of for _, (_, node, _) in read if node in graph.nodes and graph[node].type.kind is Kind.SHARE
    }
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


def _is_result(nodes: Mapping[str, Node], name: str) -> bool:
    """Whether a column of evidence is a result as well: what a rule gives, or the share or maximum beside it."""
    whole, _, part = name.rpartition(".")
    if part in {"max", "share"} and whole in nodes:
        return nodes[whole].role is not Role.PART
    return name in nodes and nodes[name].role is not Role.PART and not isinstance(nodes[name].rule, GivenRule)
