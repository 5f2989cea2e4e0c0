"""Over all ratings that standards can have, and all shares that rate them, which come out otherwise.

Both rule graphs are put side by side over the same ratings of the standards, and gone through as `explore` does:
states that cannot be told apart are counted as one. So a million combinations are counted exactly, in a few thousand
states. A standard that the panel rates has what the panel says, without a recorded reason, so a guide counts. Where a
standard is rated from its cases in another way, that is counted apart, over the shares of its key questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

import attrs

from inspectlib.changes.effect import Effect, NodeEffect, Shift
from inspectlib.changes.match import Match
from inspectlib.exact import percent_text
from inspectlib.explore import Worlds, follow
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework, Node, Role, RuleGraph
from inspectlib.kinds import Absent, Kind, PanelRating, Tally
from inspectlib.letters import NOT_RATED, letters, teller
from inspectlib.outcome import shown, shown_text
from inspectlib.provenance import Basis
from inspectlib.rules import Binding, Given, PanelRule, Rule
from inspectlib.rules.base import listed

__all__ = ["effects"]

#: So many combinations are tried where they cannot be counted.
SAMPLE = 5_000
#: Into so many parts a range of numbers without steps is divided then.
_FINE = 1_000
#: Shares are tried in so many parts of the whole, so that what is rounded to whole percentages shows.
_PARTS = 1_000
_OVERALL = "overall"


# --- the two graphs side by side

#: How many choices lead to a state, and one of them: the last piece chosen with its value, and those before.
_Way = tuple[int, Any]


@attrs.frozen(kw_only=True)
class _Stated(Rule):
    """A standard that has the rating that was said, within the guide of the panel."""

    panel: PanelRule

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        said, *guides = inputs
        rating = PanelRating(said) if isinstance(said, int) else said
        return self.panel.value(binding, [rating, *guides])


@attrs.frozen(kw_only=True)
class _Piece:
    """Something that evidence says: what it is called, what it can be, and whether both frameworks have it."""

    name: str
    node: Node
    letters: tuple[Given, ...] | None
    shared: bool


def effects(old: Framework, new: Framework, match: Match, *, changed: frozenset[str]) -> tuple[Effect, ...]:
    """The effect on the overall rating and on guided standards, and on standards that their cases rate otherwise.

    Once over the standards that both have, those that only one has not being rated; where there are such, once
    over the ratings of all standards of both; and for standards that are rated from cases in another way once over
    all shares of their key questions.

    Args:
        old: the framework before.
        new: the framework after.
        match: what of one is what of the other.
        changed: the standards that are different, by new number.
    """
    both = _Both(old, new, match)
    beneath = [
        name for name in sorted(changed, key=natural) if name in match.nodes.values() and name not in both.targets
    ]
    counted = {name: _Both(old, new, match, standard=name).of_shares() for name in beneath}
    otherwise = [name for name, found in counted.items() if found is None or found.nodes[0].rated_otherwise]
    by_shares = _joined(found for found in counted.values() if found and found.nodes[0].rated_otherwise)
    if not both.targets:
        note = "There is no rating that both frameworks put together from others."
        return (Effect(over="ratings", combinations=0, exact=True, nodes=(), note=note), *by_shares)
    note = f"How {listed(otherwise)} {'is' if len(otherwise) == 1 else 'are'} rated changed too" if otherwise else ""
    note += "; that is not in this, which takes ratings as given." if otherwise else ""
    shared = {piece.shared for piece in both.pieces.values()}
    found = [both.effect(alone=each) for each in sorted(not one for one in shared or {True})]
    return (*(attrs.evolve(effect, note=note) for effect in found), *by_shares)


def _joined(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The effects over the same combinations as one."""
    found: dict[str, Effect] = {}
    for effect in effects:
        before = found.get(effect.over)
        found[effect.over] = attrs.evolve(before, nodes=(*before.nodes, *effect.nodes)) if before else effect
    return tuple(found.values())


class _Both:
    """Two rule graphs over the same pieces of evidence: ratings of standards, or of one standard the answers."""

    def __init__(self, old: Framework, new: Framework, match: Match, *, standard: str = "") -> None:
        self.old, self.new, self.match, self.standard = old, new, match, standard
        self.back = {after: before for before, after in match.nodes.items()}
        self.pieces: dict[str, _Piece] = {}
        #: Of what each piece says something: a framework and a node of it.
        self.said_of: dict[str, list[tuple[Framework, str]]] = {}
        self.sides: dict[str, Node] = {}
        self.targets = {name: pair for name, pair in self._targets() if pair[0] != pair[1]}
        self.graph = RuleGraph("", FrozenMapping({**{n: p.node for n, p in self.pieces.items()}, **self.sides}))

    def _targets(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """The ratings asked about, by new name, each with its name on both sides."""
        wanted = [(before, after) for before, after in self.match.nodes.items() if self._wanted(before, after)]
        for before, after in sorted(wanted, key=lambda pair: (pair[1] != _OVERALL, natural(pair[1]))):
            if self.old.graph[before].type.kind is Kind.RATING is self.new.graph[after].type.kind:
                yield after, (self._side(self.old, before), self._side(self.new, after))

    def _wanted(self, before: str, after: str) -> bool:
        if self.standard:
            return after == self.standard
        guided = any(map(self._guided, (self.old.graph[before], self.new.graph[after])))
        return guided or after == _OVERALL == before

    def _guided(self, node: Node) -> bool:
        return isinstance(node.rule, PanelRule) and bool(node.inputs)

    def _side(self, framework: Framework, name: str) -> str:
        """A node of one of the frameworks with all beneath it, down to the ratings of standards; what it is called."""
        node = framework.graph[name]
        called = f"{'old' if framework is self.old else 'new'} {name}"
        if called in self.sides:
            return called
        given = node.role is Role.STANDARD and not self.standard
        if (given or node.rule.takes_evidence) and not self._guided(node):
            return self._piece(framework, node)
        slots = {slot: tuple(self._side(framework, i) for i in names) for slot, names in node.slots.items()}
        rule = node.rule
        if isinstance(rule, PanelRule):
            slots = {"said": (self._piece(framework, node),), **slots}
            rule = _Stated(panel=rule, basis=Basis.MODELLED, source="")
        self.sides[called] = attrs.evolve(node, name=called, rule=rule, slots=FrozenMapping(slots))
        return called

    def _piece(self, framework: Framework, node: Node) -> str:
        """What evidence says of a node: the same for both frameworks, where both have it and it can be the same."""
        other = self.match.nodes.get(node.name) if framework is self.old else self.back.get(node.name)
        twin = (self.new if framework is self.old else self.old).graph.nodes.get(other or "")
        shared = twin is not None and _alike(node, twin)
        number = other if shared and framework is self.old and other else node.name
        if self.standard:  # a key question goes by its number
            number = twin.of if twin is not None and shared else node.of
        name = number if shared else f"{number} ({'old' if framework is self.old else 'new'})"
        if name not in self.pieces:
            piece = attrs.evolve(node, name=name, slots=FrozenMapping())
            self.pieces[name] = _Piece(name=name, node=piece, letters=_letters(framework, node), shared=shared)
        self.said_of.setdefault(name, []).append((framework, node.name))
        return name

    def effect(self, *, alone: bool) -> Effect:
        """The effect over all ratings; with those of standards that only one framework has, or with these not rated."""
        options = {
            name: piece.letters if piece.shared or alone else (NOT_RATED,) for name, piece in self.pieces.items()
        }
        known = {name: values for name, values in options.items() if values is not None}
        combinations = prod(len(values) for values in known.values())
        nodes = None
        if len(known) == len(options):
            nodes = self._counted({name: tuple((v,) for v in values) for name, values in known.items()}, combinations)
        exact = nodes is not None
        if nodes is None:
            combinations, nodes = SAMPLE, self._sampled(options)
        return Effect(over=self._over(alone=alone), combinations=combinations, exact=exact, nodes=nodes)

    def of_shares(self) -> Effect | None:
        """The effect over all shares of the key questions of the standard; None where it rests on something else."""
        if not self.targets or any(piece.node.type.kind is not Kind.ANSWERS for piece in self.pieces.values()):
            return None
        alike = {name: self._alike_shares(name) for name in self.pieces}
        choices = {name: tuple((Tally(shares[0], _PARTS),) for shares in found) for name, found in alike.items()}
        weights = {name: tuple(len(shares) for shares in found) for name, found in alike.items()}
        combinations = (_PARTS + 1) ** len(alike)
        nodes = self._counted(choices, combinations, weights)
        over = f"{len(alike)} shares in tenths of a percent"
        return Effect(over=over, combinations=combinations, exact=True, nodes=nodes) if nodes else None

    def _alike_shares(self, name: str) -> list[list[int]]:
        """The shares that neither framework can tell apart, in thousandths."""
        tellers = [teller(framework.graph, node) for framework, node in self.said_of[name]]
        found: dict[object, list[int]] = {}
        for part in range(_PARTS + 1):
            found.setdefault(tuple(tell(Fraction(part, _PARTS)) for tell in tellers), []).append(part)
        return list(found.values())

    def _over(self, *, alone: bool) -> str:
        counted_in = [piece for piece in self.pieces.values() if piece.shared or alone]
        standards = sum(piece.node.role is Role.STANDARD for piece in counted_in)
        parts = [f"the ratings of {standards} standards"] if standards else []
        parts += [f"{len(counted_in) - standards} other pieces of evidence"] if len(counted_in) > standards else []
        lone = sorted((piece.name for piece in self.pieces.values() if not piece.shared), key=natural)
        left = f", {', '.join(lone)} not rated" if lone and not alone else ""
        panel = any(isinstance(node.rule, _Stated) for node in self.sides.values())
        said = " (the panel's as it says them, without a recorded reason)" if panel else ""
        return (" and ".join(parts) or "no evidence") + said + left

    def _states(
        self, targets: Sequence[str], choices: Mapping[str, Sequence[Worlds]], weights: Mapping[str, Sequence[int]]
    ) -> Mapping[tuple[Worlds, ...], _Way] | None:
        """The ratings that the targets have together; None when it is too much."""

        def chosen(way: _Way, name: str, option: int) -> _Way:
            weight = weights[name][option] if weights else 1
            return way[0] * weight, (name, choices[name][option][0], way[1])

        def joined(first: _Way, second: _Way) -> _Way:
            return first[0] + second[0], first[1]

        return follow(self.graph, targets, choices, (1, None), chosen, joined)

    def _counted(
        self,
        choices: Mapping[str, Sequence[Worlds]],
        combinations: int,
        weights: Mapping[str, Sequence[int]] = FrozenMapping(),
    ) -> tuple[NodeEffect, ...] | None:
        """How many combinations go from what to what, each choice standing for as many as it weighs."""
        found = []
        for name, pair in self.targets.items():
            states = self._states(pair, choices, weights)
            if states is None:
                return None
            times = combinations // sum(count for count, _ in states.values())
            shifts: dict[tuple[str, str, str], tuple[int, Mapping[str, Given]]] = {}
            for ((before,), (after,)), (count, trace) in states.items():
                _add(shifts, self._shift(name, before, after), count * times, _traced(trace))
            found.append(self._node(name, shifts))
        return tuple(found)

    def _sampled(self, options: Mapping[str, Sequence[Given] | None]) -> tuple[NodeEffect, ...]:
        shifts: dict[str, dict[tuple[str, str, str], tuple[int, Mapping[str, Given]]]] = {n: {} for n in self.targets}
        for trial in range(SAMPLE):
            choice = {name: self._any(trial, name, values) for name, values in options.items()}
            values = dict(choice)
            for name, node in self.sides.items():
                values[name] = node.rule.value(node.binding, [values[i] for i in node.inputs])
            for name, (before, after) in self.targets.items():
                _add(shifts[name], self._shift(name, values[before], values[after]), 1, choice)
        return tuple(self._node(name, found) for name, found in shifts.items())

    def _any(self, trial: int, name: str, values: Sequence[Given] | None) -> Given:
        """Any of the values of a piece, or a number within its bounds; the same for the same frameworks and trial."""
        text = f"{self.old.fingerprint} {self.new.fingerprint} {trial} {name}"
        number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
        if values is not None:
            return values[number % len(values)]
        bounds, step = self.pieces[name].node.type.bounds, self.pieces[name].node.type.step
        assert bounds is not None
        low, high = bounds
        steps = int((high - low) / step) if step else _FINE
        return low + (high - low) * Fraction(number % (steps + 1), steps or 1)

    def _shift(self, name: str, before: Given, after: Given) -> tuple[str, str, str]:
        """Two ratings in words, and which way they go."""
        old, new = (
            framework.graph[n].binding.scale for framework, n in ((self.old, self.back[name]), (self.new, name))
        )
        assert old is not None and new is not None
        one = old.ratings[before] if isinstance(before, int) else "not rated"
        other = new.ratings[after] if isinstance(after, int) else "not rated"
        if not (isinstance(before, int) and isinstance(after, int)):
            return one, other, "same" if one == other else "other"
        # On scales of different length a rating is as high as it stands between the ends.
        low, high = Fraction(before, len(old.ratings) - 1), Fraction(after, len(new.ratings) - 1)
        return one, other, "same" if low == high else "higher" if high > low else "lower"

    def _node(self, name: str, shifts: Mapping[tuple[str, str, str], tuple[int, Mapping[str, Given]]]) -> NodeEffect:
        found = [
            Shift(
                old=old,
                new=new,
                direction=direction,
                count=count,
                example=FrozenMapping({p: self._label(p, example[p]) for p in sorted(example, key=natural)}),
            )
            for (old, new, direction), (count, example) in shifts.items()
        ]
        ordered = sorted(found, key=lambda shift: (-shift.count, shift.old, shift.new))
        return NodeEffect(node=name, title=self.new.graph[name].title, shifts=tuple(ordered))

    def _label(self, piece: str, value: Given) -> str:
        if isinstance(value, Absent):
            return str(value.state)
        assert not isinstance(value, PanelRating)
        if isinstance(value, Tally) and self.standard:
            return percent_text(Fraction(value.yes, value.of))
        return shown_text(shown(self.pieces[piece].node, value))


def _traced(trace: Any) -> dict[str, Given]:
    found: dict[str, Given] = {}
    while trace is not None:
        name, value, trace = trace
        found[name] = value
    return found


def _add(
    shifts: dict[tuple[str, str, str], tuple[int, Mapping[str, Given]]],
    shift: tuple[str, str, str],
    count: int,
    example: Mapping[str, Given],
) -> None:
    before, first = shifts.get(shift, (0, example))
    shifts[shift] = before + count, first


def _alike(node: Node, other: Node) -> bool:
    """Whether what evidence says of one can be said of the other: the same kind, on scales of the same length."""
    if node.type.kind is not other.type.kind:
        return False
    if node.type.kind is Kind.RATING and node.binding.scale and other.binding.scale:
        return len(node.binding.scale.ratings) == len(other.binding.scale.ratings)
    return (node.type.options, node.type.bounds, node.type.step) == (
        other.type.options,
        other.type.bounds,
        other.type.step,
    )


def _letters(framework: Framework, node: Node) -> tuple[Given, ...] | None:
    """What evidence can say of a node, its having no value left out."""
    if node.type.kind is Kind.RATING and node.binding.scale:
        return tuple(range(len(node.binding.scale.ratings)))
    found = letters(framework.graph, node.name)
    return found and tuple(v for v in found if not isinstance(v, Absent) and not (isinstance(v, Tally) and not v.of))
