"""Every evidence there can be, tried at once: states that cannot be told apart from here on are kept as one.

The graph is gone through node by node. At each node that takes evidence the states branch; a value that no later node
needs is dropped; a rule that goes through its inputs one by one (a total, a lowest) keeps only what it has made of them
so far. What the rest sees through one node alone, such as the key questions of a standard, is gone through by itself.
So ten standards of four ratings are not a million states but a few hundred, and what holds of the states that are left
holds of all evidence. Several worlds that differ in chosen places can be followed side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any, TypeVar

from inspectlib.enclosed import enclosed
from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Absence, Absent, PanelRating, Score
from inspectlib.letters import NOT_APPLICABLE, NOT_RATED
from inspectlib.rules import AllRule, CountRule, Given, LowestRule, MeanRule, Names, TotalRule

__all__ = ["MAX_STATES", "Choice", "Choices", "Found", "Worlds", "explore", "follow"]

T = TypeVar("T")

#: More states side by side than this are not followed.
MAX_STATES = 200_000

#: The value of a node in each of the worlds.
Worlds = tuple[Given, ...]
#: What is chosen for a node that branches: in each of the worlds its value, or None for what its rule computes.
Choice = tuple[Given | None, ...]
#: What each node that branches can have.
Choices = Mapping[str, Sequence[Choice]]
#: For each combination of the values of the targets that can occur, one choice of evidence that leads to it.
Found = Mapping[tuple[Worlds, ...], Mapping[str, Worlds]]
#: What has been found of parts that stand by themselves: by node, rounding, and the choices beneath it.
Parts = dict[object, Found | None]


# --- rules that go through their inputs one by one


def _folds(node: Node) -> bool:
    """Whether a rule can take its inputs one by one and forget them."""
    if isinstance(node.rule, TotalRule):  # and the mean of several
        return bool(node.binding.weights)
    return isinstance(node.rule, (LowestRule, CountRule, AllRule)) and len(node.inputs) > 1


def _fold(node: Node, made: Any, index: int, value: Given) -> Any:
    """What a rule has made of its inputs so far, with one more."""
    if isinstance(node.rule, TotalRule):
        points, weight, missing = made or (0, 0, False)
        if isinstance(value, Absent):
            return points, weight, True
        part = node.binding.weights[index]
        assert isinstance(value, (int, Fraction))
        score = node.binding.scale.score(int(value)) if node.binding.scale else value
        return points + _plainly(part * score), weight + _plainly(part), missing
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
        return Fraction(points) / Fraction(weight)
    points = Fraction(points)
    return Score(points, weight * node.binding.scale.top_score) if node.binding.scale else points


def _plainly(number: Fraction) -> int | Fraction:
    """A whole number as an int, which is far sooner added up and told from others."""
    return number.numerator if number.denominator == 1 else number


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
    users: dict[str, list[str]] = {name: [] for name in graph.sort(inputs)}
    for name in users:
        for i in dict.fromkeys(inputs[name]):
            users[i].append(name)
    left = {name: len(users[name]) + (name in targets) for name in users}
    steps: list[_Step] = []
    done = set[str]()

    def used(name: str) -> tuple[str, ...]:
        left[name] -= 1
        return () if left[name] else (name,)

    def step(name: str) -> None:
        if name not in choices and _folds(graph[name]):
            steps.append(("finish", name, ()))
        else:
            dropped = tuple(gone for i in dict.fromkeys(inputs[name]) for gone in used(i))
            steps.append(("branch" if name in choices else "apply", name, dropped))
        done.add(name)
        folding = [user for user in users[name] if user not in choices and _folds(graph[user])]
        steps.extend(("fold", user, (name, *used(name))) for user in folding)

    todo = [*reversed(targets)]
    while todo:
        name = todo.pop()
        waits = [i for i in inputs[name] if i not in done] if name not in done else []
        if waits:
            todo += [name, *reversed(waits)]
        elif name not in done:
            step(name)
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
    graph: RuleGraph,
    targets: Sequence[str],
    choices: Choices,
    *,
    other_rounding: bool = False,
    parts: Parts | None = None,
) -> Found | None:
    """What the targets can have together, for all that the nodes that branch can have; None when it is too much.

    Args:
        graph: the rule graph.
        targets: the nodes asked about, each once.
        choices: for every node that takes evidence, beneath the targets, what it can have in each world; other nodes
            that are there branch too, and nothing beneath them is looked at.
        other_rounding: round shares before banding where the bands do not, and the other way round.
        parts: what has been found of this graph before is taken from here, and what is found now is put here.
    """
    inputs = _looked_at(graph, targets, choices)
    known: Parts = {} if parts is None else parts
    #: The choices as they are left, and of each part what is chosen beneath it for each choice.
    left, beneath = dict(choices), dict[str, list[Mapping[str, Worlds]]]()

    def chosen(trace: Any, name: str, option: int) -> Any:
        return beneath[name][option] if name in beneath else {name: choices[name][option]}, trace

    def followed(targets: Sequence[str]) -> Found | None:
        found = follow(graph, targets, left, None, chosen, lambda first, _: first, other_rounding=other_rounding)
        return None if found is None else {state: _traced(trace) for state, trace in found.items()}

    for name in enclosed(graph.sort(inputs), inputs, targets):
        branching = (below for below in graph.sort(_looked_at(graph, [name], choices)) if below in choices)
        key = name, other_rounding, *((below, tuple(choices[below])) for below in branching)
        if key not in known:
            known[key] = followed([name])
        found = known[key]
        if found is None:
            return None
        left[name] = [state for (state,) in found]
        beneath[name] = list(found.values())
    return followed(targets)


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
        kept_of, key_of = _picker(keep), _picker([place[held] for held in sources])
        options = choices[name] if what == "branch" else ((None,) * worlds,)
        at = graph.inputs[name].index(more[0]) if what == "fold" else 0
        if len(before) * len(options) > 4 * MAX_STATES:
            return None
        known: dict[tuple[int, ...], list[int]] = {}
        for state, way in before.items():
            key = key_of(state)
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
            kept = kept_of(state)
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


def _picker(places: Sequence[int]) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    """What takes some places out of a state."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda state: tuple(state[place] for place in places)


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
        made, trace = trace
        found |= made
    return found
