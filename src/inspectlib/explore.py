"""Every evidence there can be, tried at once: states that cannot be told apart from here on are kept as one.

The graph is gone through node by node. At each node that takes evidence the states branch; a value that no later node
needs is dropped; a rule that goes through its inputs one by one (a total, a lowest) keeps only what it has made of them
so far. So ten standards of four ratings are not a million states but a few hundred, and what holds of the states that
are left holds of all evidence. Several worlds that differ in chosen places can be followed side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any, TypeVar

from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Score, Tally
from inspectlib.rules import (
    AllRule,
    BandRule,
    CountRule,
    Given,
    LowestRule,
    MeanRule,
    Names,
    PanelRule,
    TestRule,
    TotalRule,
)
from inspectlib.rules.table import Table

__all__ = [
    "MAX_STATES",
    "NOT_APPLICABLE",
    "NOT_RATED",
    "Choice",
    "Choices",
    "Found",
    "Worlds",
    "edges_of",
    "explore",
    "follow",
    "letters",
    "shares_told_apart",
    "teller",
]

T = TypeVar("T")

#: More states side by side than this are not followed.
MAX_STATES = 200_000
#: More different values of one number are not tried one by one.
MAX_LETTERS = 200

#: The value of a node in each of the worlds.
Worlds = tuple[Given, ...]
#: What is chosen for a node that branches: in each of the worlds its value, or None for what its rule computes.
Choice = tuple[Given | None, ...]
#: What each node that branches can have.
Choices = Mapping[str, Sequence[Choice]]
#: For each combination of the values of the targets that can occur, one choice of evidence that leads to it.
Found = Mapping[tuple[Worlds, ...], Mapping[str, Worlds]]

NOT_RATED = Absent(Absence.NOT_RATED, "")
NOT_APPLICABLE = Absent(Absence.NOT_APPLICABLE, "")


def letters(graph: RuleGraph, name: str) -> tuple[Given, ...] | None:
    """What evidence can say of a node, as far as its rules can tell it apart, the worst first; None for no end of it.

    A node without a value comes last.
    """
    node = graph[name]
    kind, scale = node.type, node.binding.scale
    if kind.kind is Kind.RATING and scale:
        positions = range(len(scale.ratings))
        if isinstance(node.rule, PanelRule):
            reasons = (False, True) if node.inputs and not node.rule.binding else (False,)
            return (*(PanelRating(p, has_reason=r) for p in positions for r in reasons), NOT_RATED)
        return (*positions, NOT_RATED)
    if kind.kind is Kind.ANSWERS:
        return (*_tallies(graph, name), Tally(0, 0))
    if kind.kind is Kind.FLAG:
        return False, True, NOT_RATED
    if kind.kind is Kind.CHOICE:
        return (*kind.options, NOT_RATED)
    if kind.bounds and kind.step:
        steps = int((kind.bounds[1] - kind.bounds[0]) / kind.step)
        if steps < MAX_LETTERS:
            return (*(kind.bounds[0] + step * kind.step for step in range(steps + 1)), NOT_RATED)
    return None


def _tallies(graph: RuleGraph, answers: str) -> tuple[Tally, ...]:
    """A tally for each share that the rules can tell from the others, the lowest first."""
    tell, ordered = teller(graph, answers), shares_told_apart(graph, answers)
    found: dict[object, Fraction] = {}
    for share in sorted([*ordered, *((low + high) / 2 for low, high in pairwise(ordered))]):
        found.setdefault(tell(share), share)
    return tuple(Tally(share.numerator, share.denominator) for share in found.values())


def _amounts(graph: RuleGraph, name: str) -> tuple[list[str], list[Node]]:
    """Where a number is used: the node itself, or for answers the shares that are made of them; and by which nodes."""
    answers = graph[name].type.kind is Kind.ANSWERS
    amounts = list(graph.users[name]) if answers else [name]
    users = graph.sort({user for amount in amounts for user in graph.users[amount]})
    return amounts, [graph.nodes[user] for user in users]


def edges_of(graph: RuleGraph, name: str) -> set[Fraction]:
    """The numbers, or for answers the shares, at which some rule begins to say something else."""
    amounts, users = _amounts(graph, name)
    return {edge for user in users for edge in _edges(user, amounts)}


def shares_told_apart(graph: RuleGraph, answers: str) -> tuple[Fraction, ...]:
    """The shares, from 0 to 1, at which any rule begins to say something else, with or without rounding.

    All shares strictly between two of them are alike to the rules.
    """
    return tuple(sorted({Fraction(0), Fraction(1), *(edge for edge in edges_of(graph, answers) if 0 < edge < 1)}))


def teller(graph: RuleGraph, name: str) -> Callable[[Fraction], object]:
    """A function from a number, or for answers a share, to all that the rules make of it."""
    amounts, users = _amounts(graph, name)
    return lambda number: tuple(_told(user, number, amounts) for user in users)


def _edges(node: Node, amounts: Sequence[str]) -> set[Fraction]:
    """The numbers at which a rule begins to say something else; of a table also some between."""
    if isinstance(node.rule, BandRule) and node.binding.bands:
        found = {edge for edge, _ in node.binding.edges}
        if node.binding.of is not Kind.SHARE:
            return found
        for edge, stays in node.binding.edges:
            # Rounded half up, the first whole percentage that is past the edge begins half a percentage point lower.
            percent = floor(edge * 100) + 1 if stays else ceil(edge * 100)
            found.add(Fraction(2 * percent - 1, 200))
        return found
    if isinstance(node.rule, TestRule):
        return {Fraction(node.binding.level)} if isinstance(node.binding.level, (int, Fraction)) else set()
    table = node.binding.table
    if not isinstance(table, Table):
        return set()
    columns = [column for name, column in zip(node.inputs, table.columns, strict=True) if name in amounts]
    return {atom for column in columns for atom in column.atoms if isinstance(atom, Fraction)}


def _told(node: Node, number: Fraction, amounts: Sequence[str]) -> object:
    """What a rule makes of a number, as far as that can be said without its other inputs."""
    if isinstance(node.rule, (BandRule, TestRule)):
        return node.rule.value(node.binding, [number])
    table = node.binding.table
    if not isinstance(table, Table):
        return number
    columns = [column for name, column in zip(node.inputs, table.columns, strict=True) if name in amounts]
    return tuple(tuple(test(number) for test in column.tests) for column in columns)


# --- rules that go through their inputs one by one


def _folds(node: Node) -> bool:
    """Whether a rule can take its inputs one by one and forget them."""
    if isinstance(node.rule, TotalRule):  # and the mean of several
        return bool(node.binding.weights)
    return isinstance(node.rule, (LowestRule, CountRule, AllRule)) and len(node.inputs) > 1


def _fold(node: Node, made: Any, index: int, value: Given) -> Any:
    """What a rule has made of its inputs so far, with one more."""
    if isinstance(node.rule, TotalRule):
        points, weight, missing = made or (Fraction(0), Fraction(0), False)
        if isinstance(value, Absent):
            return points, weight, True
        part = node.binding.weights[index]
        assert isinstance(value, (int, Fraction))
        score = node.binding.scale.score(int(value)) if node.binding.scale else value
        return points + part * score, weight + part, missing
    if isinstance(node.rule, CountRule):
        return (made or 0) + node.rule.counts(node.binding, value)
    # The lowest, the highest, all and any: what they give of two is what they give of more.
    if made is None:
        return value
    result = node.rule.value(node.binding, [made, value])
    return NOT_RATED if isinstance(result, Absent) else result


def _finished(node: Node, made: Any) -> Given:
    if isinstance(node.rule, CountRule):
        return Fraction(made)
    if not isinstance(node.rule, TotalRule):
        return _plain(node.rule.value(node.binding, [made]))
    points, weight, missing = made
    if not weight or (missing and node.rule.unrated == "not rated"):
        return NOT_RATED
    if isinstance(node.rule, MeanRule):
        return Fraction(points / weight)
    return Score(points, weight * node.binding.scale.top_score) if node.binding.scale else points


def _plain(value: Given) -> Given:
    """A value without the reason why it is absent, which no rule looks at."""
    return value if not isinstance(value, Absent) else NOT_RATED if value.state is Absence.NOT_RATED else NOT_APPLICABLE


# --- the way through the graph

#: A step: a node branches, a rule is applied, a rule takes one input or is done; and the values that are dropped.
_Step = tuple[str, str, tuple[str, ...]]


def _way(
    graph: RuleGraph, targets: Sequence[str], inputs: Mapping[str, Sequence[str]], choices: Choices
) -> list[_Step]:
    """The steps to the targets, each node as soon as something needs it, each value dropped as soon as nothing does."""
    needed = graph.sort(inputs)
    users: dict[str, list[str]] = {name: [] for name in needed}
    for name in needed:
        for i in dict.fromkeys(inputs[name]):
            users[i].append(name)
    left = {name: len(users[name]) + (name in targets) for name in needed}
    steps: list[_Step] = []
    done = set[str]()

    def used(name: str) -> tuple[str, ...]:
        left[name] -= 1
        return () if left[name] else (name,)

    def finish(name: str) -> None:
        if name not in choices and _folds(graph[name]):
            steps.append(("finish", name, ()))
        else:
            dropped = tuple(gone for i in dict.fromkeys(inputs[name]) for gone in used(i))
            steps.append(("branch" if name in choices else "apply", name, dropped))
        done.add(name)
        folding = [user for user in users[name] if user not in choices and _folds(graph[user])]
        steps.extend(("fold", user, (name, *used(name))) for user in folding)

    # Inputs first and one by one: graphs can be deeper than Python lets functions call each other.
    todo = list(reversed(targets))
    while todo:
        name = todo[-1]
        lower = [i for i in inputs[name] if i not in done] if name not in done else []
        if lower:
            todo.extend(reversed(lower))
            continue
        todo.pop()
        if name not in done:
            finish(name)
    return steps


def _looked_at(graph: RuleGraph, targets: Sequence[str], choices: Choices) -> dict[str, Names]:
    """The nodes beneath the targets, each with the inputs that are looked at."""
    inputs: dict[str, Names] = {}
    todo = list(targets)
    while todo:
        name = todo.pop()
        if name not in inputs:
            inputs[name] = () if name in choices and not _takes_inputs(choices[name]) else graph.inputs[name]
            todo.extend(inputs[name])
    return inputs


def explore(
    graph: RuleGraph, targets: Sequence[str], choices: Choices, *, other_rounding: bool = False
) -> Found | None:
    """What the targets can have together, for all that the nodes that branch can have; None when it is too much.

    Args:
        graph: the rule graph.
        targets: the nodes asked about, each once.
        choices: for every node that takes evidence, beneath the targets, what it can have in each world; other nodes
            that are there branch too, and nothing beneath them is looked at.
        other_rounding: round shares before banding where the bands do not, and the other way round.
    """

    def chosen(trace: Any, name: str, option: int) -> Any:
        return name, choices[name][option], trace

    found = follow(graph, targets, choices, None, chosen, lambda first, _: first, other_rounding=other_rounding)
    return None if found is None else {state: _traced(trace) for state, trace in found.items()}


def follow(  # noqa: PLR0917  # as for explore, and then what is kept of the ways
    graph: RuleGraph,
    targets: Sequence[str],
    choices: Choices,
    start: T,
    chosen: Callable[[T, str, int], T],
    joined: Callable[[T, T], T],
    *,
    other_rounding: bool = False,
) -> dict[tuple[Worlds, ...], T] | None:
    """What the targets can have together, as `explore`, and what there is to say of the ways that lead to it.

    Args:
        graph: the rule graph.
        targets: the nodes asked about, each once.
        choices: what nodes that branch can have; beneath a node one of whose choices is None, or what the panel said,
            its inputs are looked at too.
        start: what is said of the way before any choice.
        chosen: what is said of a way after a node has branched: from what was said before, the node, and which of its
            choices was taken.
        joined: what is said of two ways that lead to the same state.
        other_rounding: round shares before banding where the bands do not, and the other way round.
    """
    # A state is what is still needed: values by node, and what rules that are not done have made of their inputs
    # (under +NODE); each as its number in the list of all that the node was seen with.
    inputs = _looked_at(graph, targets, choices)
    seen = defaultdict[str, _Numbers](_Numbers)
    worlds = next((len(options[0]) for options in choices.values() if options), 1)
    names: list[str] = []
    states: dict[tuple[int, ...], T] = {(): start}
    for what, name, more in _way(graph, targets, inputs, choices):
        node, before, states = graph[name], states, {}
        place = {held: index for index, held in enumerate(names)}
        made = f"+{name}"
        if what == "fold":
            source, *dropped = more
            result, sources = made, [source] if made not in place else [made, source]
            dropped.append(made)
        else:
            result, sources = name, [made] if what == "finish" else list(inputs[name])
            dropped = [*more, made]
        keep = [index for index, held in enumerate(names) if held not in dropped]
        from_ = [place[held] for held in sources]
        options = choices[name] if what == "branch" else ((None,) * worlds,)
        at = graph.inputs[name].index(more[0]) if what == "fold" else 0
        if len(before) * len(options) > 4 * MAX_STATES:
            return None
        known: dict[tuple[int, ...], list[int]] = {}
        for state, way in before.items():
            key = tuple(state[index] for index in from_)
            if key not in known:
                known[key] = [
                    seen[result].number(
                        _result(
                            what,
                            node,
                            at,
                            option,
                            [seen[s].all[k] for s, k in zip(sources, key, strict=True)],
                            other_rounding=other_rounding,
                        )
                    )
                    for option in options
                ]
            kept = tuple(state[index] for index in keep)
            for option, number in enumerate(known[key]):
                after = chosen(way, name, option) if what == "branch" else way
                place_after = (*kept, number)
                states[place_after] = joined(states[place_after], after) if place_after in states else after
        names = [*(names[index] for index in keep), result]
        if len(states) > MAX_STATES:
            return None
    order = [names.index(target) for target in targets]
    return {
        tuple(seen[target].all[state[index]] for target, index in zip(targets, order, strict=True)): way
        for state, way in states.items()
    }


class _Numbers:
    """All that a node was seen with in its worlds, numbered."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self.numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        if value not in self.numbers:
            self.numbers[value] = len(self.all)
            self.all.append(value)
        return self.numbers[value]


def _result(  # what, of which node, at which place, from what
    what: str, node: Node, at: int, option: Sequence[Any], sources: Sequence[Any], *, other_rounding: bool
) -> tuple[Any, ...]:
    """What a step gives in each world, from what its sources have in each."""
    result = []
    for world, said in enumerate(option):
        values = [source[world] for source in sources]
        if what == "fold":
            result.append(_fold(node, values[0] if len(values) > 1 else None, at, values[-1]))
        elif what == "finish":
            result.append(_finished(node, values[0]))
        elif what == "apply":
            result.append(_plain(node.value(values, other_rounding=other_rounding)))
        elif said is None or isinstance(said, PanelRating):
            given = values if said is None else [said, *values]
            result.append(_plain(node.value(given, other_rounding=other_rounding)))
        else:
            result.append(_plain(said))
    return tuple(result)


def _takes_inputs(options: Sequence[Choice]) -> bool:
    """Whether what is chosen is not the value yet: the rule computes it, or a guide may change what the panel said."""
    return any(value is None or isinstance(value, PanelRating) for option in options for value in option)


def _traced(trace: Any) -> dict[str, Worlds]:
    """The choices that led to a state."""
    found: dict[str, Worlds] = {}
    while trace is not None:
        name, option, trace = trace
        found[name] = option
    return found
