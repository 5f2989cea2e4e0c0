"""The rules as constraints for a solver, over exact numbers: what it proves holds for samples of every size.

A share is any rational from 0 to 1, and a number any within its bounds, on its grid if it has one. A rating on n bands
is n - 1 yes-or-no questions, whether it is at least each band but the worst; so are flags (of two) and choices. Then
almost every rule is plain logic, and only means, totals and edges of bands are arithmetic, all of it linear. Beside its
value each node has whether it is there at all; why it is not, no rule asks.

The solver is z3, which comes with ``inspectlib[prove]``. Every question is put to it afresh, so that an answer depends
on nothing that was asked before.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from importlib import import_module
from itertools import pairwise
from typing import Any

import attrs

from inspectlib.explore import Worlds
from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Absent, Kind, PanelRating, Score, Tally
from inspectlib.letters import NOT_RATED
from inspectlib.rules import BandRule, CountRule, Given, Names, PanelRule, ShiftRule, TotalRule
from inspectlib.rules.table import Table
from inspectlib.scales import Better, Rounding

__all__ = ["Answer", "Solver", "Verdict"]

#: Untyped, and there only with the extra.
z3: Any = import_module("z3")
#: A term of the solver, or True or False where that much is known beforehand.
_Term = Any
#: How texts in rules and tables compare.
_WORDS: dict[str, Callable[[Any, Any], Any]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
    "equals": operator.eq,
}


class Verdict(StrEnum):
    """What the solver made of a question."""

    #: There is no such evidence: proven.
    NEVER = "never"
    #: There is such evidence, and here it is.
    FOUND = "found"
    #: It did not finish in time.
    UNKNOWN = "unknown"


@attrs.frozen
class Answer:
    """The answer to a question.

    Attributes:
        verdict: whether there is such evidence.
        choice: if so, what each node is given in each of the worlds.
    """

    verdict: Verdict
    choice: Mapping[str, Worlds] = attrs.field(factory=dict)


def _negated(term: _Term) -> _Term:
    return not term if isinstance(term, bool) else z3.Not(term)


def _and(terms: Iterable[_Term]) -> _Term:
    """Whether all terms hold."""
    found = list(terms)
    left = [term for term in found if not isinstance(term, bool)]
    return False if any(term is False for term in found) else z3.And(left) if left else True


def _or(terms: Iterable[_Term]) -> _Term:
    """Whether any of the terms holds."""
    return _negated(_and(_negated(term) for term in terms))


def _if(condition: _Term, then: _Term, otherwise: _Term) -> _Term:
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3.If(condition, then, otherwise)


@attrs.frozen(eq=False)
class _Place:
    """A place in an order: of a rating on its scale, of a flag, of a choice among its options.

    Attributes:
        present: whether it is there.
        at_least: for each place but the first, whether it is that or a later one.
    """

    present: _Term
    at_least: tuple[_Term, ...]

    def reaches(self, place: int) -> _Term:
        """Whether it is at least some place, on the scale or off it."""
        return place <= 0 or (place <= len(self.at_least) and self.at_least[place - 1])

    def compared(self, word: str, place: int) -> _Term:
        """Whether it is at least, above, at most, below or exactly some place."""
        if word == "equals":
            return _and([self.reaches(place), _negated(self.reaches(place + 1))])
        reached = self.reaches(place if word in ("at_least", "below") else place + 1)
        return _negated(reached) if word in ("at_most", "below") else reached


@attrs.frozen(eq=False)
class _Number:
    """A share, a number, a total or a mean.

    Attributes:
        present: whether it is there.
        points: the number, or of a mean the sum that it is made of.
        weight: of a mean and of a total of ratings, what the points are to be divided by for the mean; else 1.
        parts: of these two, what the points are the sum of: whether a part is there, how often it counts, its number.
    """

    present: _Term
    points: _Term
    weight: _Term
    parts: tuple[tuple[_Term, Fraction, _Term], ...] = ()


_Value = _Place | _Number


@attrs.frozen(eq=False)
class _Said:
    """What evidence says of a node: a value, and for a panel that can depart from its guide whether with a reason.

    A value chosen for a node that is computed, or for a panel whatever guides it, stands on its own.
    """

    value: _Value
    reason: _Term = False


class _Question:
    """Constraints that are to hold together."""

    def __init__(self, graph: RuleGraph) -> None:
        self.graph = graph
        self.context = z3.Context()
        self.facts: list[_Term] = []

    def number(self, value: Fraction | int) -> _Term:
        """A number that is known."""
        return z3.RealVal(str(value), self.context)

    def anything(self, node: Node, *, present: _Term = None) -> _Said:
        """Whatever evidence can say of a node, or any value of one that is taken to be free."""
        present = z3.FreshBool("present", self.context) if present is None else present
        kind = node.type
        if kind.kind in (Kind.ANSWERS, Kind.NUMBER):
            low, high = kind.bounds or (Fraction(0), Fraction(1))
            points = z3.FreshReal("number", self.context)
            self.facts += [points >= self.number(low), points <= self.number(high)]
            if kind.step:
                steps = z3.ToReal(z3.FreshInt("steps", self.context))
                self.facts.append(points == self.number(low) + self.number(kind.step) * steps)
            return _Said(_Number(present, points, self.number(1)))
        departs = isinstance(node.rule, PanelRule) and bool(node.inputs) and not node.rule.binding
        reason = z3.FreshBool("reason", self.context) if departs else False
        return _Said(self.between(present, 0, _size(node) - 1, _size(node)), reason)

    def between(self, present: _Term, low: int, high: int, size: int) -> _Place:
        """Any place from one to another."""
        free = [z3.FreshBool("at_least", self.context) for _ in range(low, high)]
        self.facts += [z3.Implies(better, worse) for worse, better in pairwise(free)]
        return _Place(present, (*[True] * low, *free, *[False] * (size - 1 - high)))

    def fixed(self, node: Node, given: Given) -> _Said:
        """What evidence says, when that is known."""
        if isinstance(given, Tally):
            share = Fraction(given.yes, given.of) if given.of else Fraction(0)
            return _Said(_Number(bool(given.of), self.number(share), self.number(1)))
        present = not isinstance(given, Absent)
        if node.type.kind is Kind.NUMBER:
            return _Said(_Number(present, self.number(given if isinstance(given, Fraction) else 0), self.number(1)))
        place = given.position if isinstance(given, PanelRating) else _place(node, given) if present else 0
        at_least = tuple(place >= other for other in range(1, _size(node)))
        return _Said(_Place(present, at_least), isinstance(given, PanelRating) and given.has_reason)

    def term(self, number: _Number) -> _Term:
        """A number as one term: a mean is what the parts that there are differ from by nothing in sum."""
        if not number.parts:
            return number.points
        mean = z3.FreshReal("mean", self.context)
        apart = [_if(there, self.number(w) * (part - mean), self.number(0)) for there, w, part in number.parts]
        self.facts.append(z3.Sum(apart) == self.number(0))
        return mean

    def compared(self, number: _Number, word: str, edge: Fraction) -> _Term:
        """Whether a number is at least, above, at most, below or exactly another."""
        return _WORDS[word](number.points, self.number(edge) * number.weight)

    def differ(self, node: Node, one: _Value, other: _Value) -> _Term:
        """Whether two values of a node differ, one of them absent included; of a total also what it is out of."""
        if one is other:
            return False
        if isinstance(one, _Place) and isinstance(other, _Place):
            values = [_apart(a, b) for a, b in zip(one.at_least, other.at_least, strict=True)]
        else:
            assert isinstance(one, _Number) and isinstance(other, _Number)
            values = [self.term(one) != self.term(other)]
            values += [one.weight != other.weight] if node.type.kind is Kind.SCORE else []
        return _or([_apart(one.present, other.present), _and([one.present, other.present, _or(values)])])

    def world(self, targets: Sequence[str], chosen: Mapping[str, _Said | _Place], like: _World | None = None) -> _World:
        """The values of the targets where some nodes have what is chosen, the rest as in another world, or free."""
        return _World(self, targets, chosen, like)

    def answer(self, worlds: Sequence[_World], wrong: _Term, timeout: int) -> Answer:
        """Whether something can be so, with what is said in each world."""
        solver = z3.Solver(ctx=self.context)
        solver.set("timeout", timeout * 1000)
        solver.add(*self.facts, wrong)
        verdict = solver.check()
        if verdict != z3.sat:
            return Answer(Verdict.NEVER if verdict == z3.unsat else Verdict.UNKNOWN)
        model = solver.model()
        said = {name: [(self.graph[name], world.said[name]) for world in worlds] for name in worlds[0].said}
        return Answer(Verdict.FOUND, {name: tuple(_read(model, *one) for one in some) for name, some in said.items()})


class _World:
    """The graph on one body of evidence, each rule by its tag.

    Attributes:
        values: the value of each node that the targets need.
        said: what is said of those of them that are not computed.
    """

    def __init__(
        self, question: _Question, targets: Sequence[str], chosen: Mapping[str, _Said | _Place], like: _World | None
    ) -> None:
        self.q = question
        self.values: dict[str, _Value] = {}
        self.said: dict[str, _Said | _Place] = {}
        graph = question.graph
        seen, todo = set[str](), list(targets)
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(() if isinstance(chosen.get(name), _Place) else graph.inputs[name])
        for name in graph.sort(seen):
            self._add(graph[name], chosen, like)

    def _add(self, node: Node, chosen: Mapping[str, _Said | _Place], like: _World | None) -> None:
        """The value of a node whose inputs have theirs; that of the other world where nothing beneath it differs."""
        name = node.name
        if name in chosen:
            self.said[name] = chosen[name]
        elif node.rule.takes_evidence:
            self.said[name] = like.said[name] if like else self.q.anything(node)
        said = self.said.get(name)
        if isinstance(said, _Place):
            self.values[name] = said
        elif like and said is like.said.get(name) and all(self.values[i] is like.values[i] for i in node.inputs):
            self.values[name] = like.values[name]
        else:
            self.values[name] = getattr(self, f"_{node.rule.tag}")(node, [self.values[i] for i in node.inputs])

    # --- what the evidence says

    def _given(self, node: Node, _: Sequence[_Value]) -> _Value:
        said = self.said[node.name]
        assert isinstance(said, _Said)
        return said.value

    def _share(self, _: Node, inputs: Sequence[_Value]) -> _Value:
        return inputs[0]

    _discretion = _share

    def _panel(self, node: Node, inputs: Sequence[_Place]) -> _Place:
        assert isinstance(node.rule, PanelRule)
        rating, guides = self.said[node.name], dict(zip(node.slots, inputs, strict=True))
        assert isinstance(rating, _Said) and isinstance(rating.value, _Place)
        said = rating.value
        free = False if node.rule.binding else rating.reason

        def stands(place: int) -> _Term:
            guided = said.reaches(place)
            if "floor" in guides:
                guided = _or([guided, _and([guides["floor"].present, guides["floor"].reaches(place)])])
            if "ceiling" in guides:
                guided = _and([guided, _or([_negated(guides["ceiling"].present), guides["ceiling"].reaches(place)])])
            return _or([_and([free, said.reaches(place)]), _and([_negated(free), guided])])

        return _Place(said.present, tuple(stands(place) for place in range(1, _size(node))))

    # --- numbers to ratings, and back

    def _band(self, node: Node, inputs: Sequence[_Number]) -> _Place:
        binding, number, count = node.binding, inputs[0], _size(node) - 1
        assert isinstance(node.rule, BandRule) and binding.bands is not None
        beyond = []
        for edge, stays in binding.edges:
            word, found = ("above" if stays else "at_least"), edge
            if binding.bands.rounding is Rounding.WHOLE_PERCENT:
                # Rounded half up it is some whole percentage or more from half a point below that on.
                whole = edge * 100 // 1 + 1 if stays else -(-edge * 100 // 1)
                word, found = "at_least", Fraction(2 * whole - 1, 200)
            beyond.append(self.q.compared(number, word, found * self._most(node.inputs[0])))
        if binding.bands.better is Better.HIGHER:
            return _Place(number.present, tuple(beyond))
        return _Place(number.present, tuple(_negated(beyond[count - place]) for place in range(1, count + 1)))

    def _most(self, name: str) -> Fraction:
        """What the mean score of a total is out of; 1 of a number that is no total of ratings."""
        node = self.q.graph[name]
        return node.binding.scale.top_score if node.type.kind is Kind.SCORE and node.binding.scale else Fraction(1)

    def _total(self, node: Node, inputs: Sequence[_Value]) -> _Number:
        assert isinstance(node.rule, TotalRule)
        zero, points, weight, parts = self.q.number(0), [], [], []
        for value, counts in zip(inputs, node.binding.weights, strict=True):
            weight.append(_if(value.present, self.q.number(counts), zero))
            if isinstance(value, _Number):
                part = self.q.term(value)
                points.append(_if(value.present, self.q.number(counts) * part, zero))
            else:
                scale = node.binding.scale
                assert scale is not None
                scores = [scale.score(place) for place in range(len(scale.ratings))]
                steps = [b - a for a, b in pairwise(scores)]
                gains = [(reached, self.q.number(step)) for reached, step in zip(value.at_least, steps, strict=True)]
                part = z3.Sum([self.q.number(scores[0]), *(_if(reached, gain, zero) for reached, gain in gains)])
                points.append(_if(value.present, self.q.number(counts * scores[0]), zero))
                points += [_if(_and([value.present, r]), self.q.number(counts) * gain, zero) for r, gain in gains]
            parts.append((value.present, counts, part))
        there = [value.present for value in inputs]
        present = _or(there) if node.rule.unrated == "left out" else _and(there)
        if node.rule.tag == "total" and node.type.kind is Kind.NUMBER:
            return _Number(present, z3.Sum(points), self.q.number(1))
        return _Number(present, z3.Sum(points), z3.Sum(weight), tuple(parts))

    def _mean(self, node: Node, inputs: Sequence[_Value]) -> _Value:
        return self._total(node, inputs) if node.binding.weights else inputs[0]

    def _lowest(self, node: Node, inputs: Sequence[_Value]) -> _Value:
        present = _or(value.present for value in inputs)
        lowest = node.rule.tag == "lowest"
        places = [value for value in inputs if isinstance(value, _Place)]
        if places:
            if lowest:
                reached = [[_or([_negated(v.present), r]) for r in v.at_least] for v in places]
                return _Place(present, tuple(map(_and, zip(*reached, strict=True))))
            reached = [[_and([v.present, r]) for r in v.at_least] for v in places]
            return _Place(present, tuple(map(_or, zip(*reached, strict=True))))
        first, *rest = [(v.present, self.q.term(v)) for v in inputs if isinstance(v, _Number)]
        there, found = first
        for more, term in rest:
            takes = _or([_negated(there), term < found if lowest else term > found])
            there, found = _or([there, more]), _if(_and([more, takes]), term, found)
        return _Number(present, found, self.q.number(1))

    _highest = _lowest

    def _count(self, node: Node, inputs: Sequence[_Place]) -> _Number:
        assert isinstance(node.rule, CountRule) and isinstance(node.binding.level, int)
        word, level = ("at_least" if node.rule.at_least is not None else "at_most"), node.binding.level
        counted = [_and([v.present, v.compared(word, level)]) for v in inputs]
        one, zero = self.q.number(1), self.q.number(0)
        return _Number(True, z3.Sum([_if(counts, one, zero) for counts in counted]), one)  # noqa: FBT003  # a term

    # --- conditions

    def _limit(self, node: Node, inputs: Sequence[_Place]) -> _Place:
        of, when = inputs
        holds, level = _and([when.present, when.reaches(1)]), node.binding.level
        assert isinstance(level, int)
        if node.rule.tag == "limit":
            kept = [_and([r, _negated(holds)]) if p > level else r for p, r in enumerate(of.at_least, 1)]
        else:
            kept = [_or([r, holds]) if p <= level else r for p, r in enumerate(of.at_least, 1)]
        return _Place(of.present, tuple(kept))

    _lift = _limit

    def _shift(self, node: Node, inputs: Sequence[_Value]) -> _Place:
        assert isinstance(node.rule, ShiftRule) and isinstance(node.binding.level, int)
        of, by = inputs[0], inputs[1] if len(inputs) > 1 else None
        assert isinstance(of, _Place)
        places = range(1, _size(node))
        if not isinstance(by, _Number):
            return _Place(of.present, tuple(of.reaches(place - node.binding.level) for place in places))

        def moved(place: int) -> _Term:
            # Rounded half up it is so many bands or more from half a band less on.
            ways = (
                _and([of.reaches(start), self.q.compared(by, "at_least", Fraction(2 * (place - start) - 1, 2))])
                for start in range(_size(node))
            )
            return _or([_and([by.present, _or(ways)]), _and([_negated(by.present), of.reaches(place)])])

        return _Place(of.present, tuple(moved(place) for place in places))

    def _test(self, node: Node, inputs: Sequence[_Value]) -> _Place:
        word = next(word for word in _WORDS if getattr(node.rule, word) is not None)
        return _Place(inputs[0].present, (self._fits(node.inputs[0], inputs[0], word, node.binding.level),))

    def _fits(self, name: str, value: _Value, word: str, level: Given) -> _Term:
        """Whether a value that is there compares with a level as a word says."""
        if isinstance(value, _Number):
            assert isinstance(level, Fraction)
            return self.q.compared(value, word, level)
        return value.compared(word, _place(self.q.graph[name], level))

    def _all(self, node: Node, inputs: Sequence[_Place]) -> _Place:
        present = _or(value.present for value in inputs)
        if node.rule.tag == "all":
            return _Place(present, (_and(_or([_negated(v.present), v.reaches(1)]) for v in inputs),))
        return _Place(present, (_or(_and([v.present, v.reaches(1)]) for v in inputs),))

    def _not(self, _: Node, inputs: Sequence[_Place]) -> _Place:
        return _Place(inputs[0].present, (_negated(inputs[0].reaches(1)),))

    _any = _all

    def _table(self, node: Node, inputs: Sequence[_Value]) -> _Value:
        table = node.binding.table
        assert isinstance(table, Table)
        columns = list(zip(node.inputs, table.columns, inputs, strict=True))
        present = _and(value.present for _, column, value in columns if not column.takes_absent)
        rows = [
            _and(self._cell(name, value, column.cells[row]) for name, column, value in columns)
            for row in range(len(table.outcomes))
        ]
        if node.type.kind is Kind.NUMBER:
            zero, outcomes = self.q.number(0), [Fraction(str(outcome)) for outcome in table.outcomes]
            pairs = zip(rows, outcomes, strict=True)
            points = z3.Sum([_if(fits, self.q.number(outcome), zero) for fits, outcome in pairs])
            return _Number(present, points, self.q.number(1))
        placed = [(fits, _place(node, outcome)) for fits, outcome in zip(rows, table.outcomes, strict=True)]
        reached = (_or(fits for fits, outcome in placed if outcome >= place) for place in range(1, _size(node)))
        return _Place(present, tuple(reached))

    def _cell(self, name: str, value: _Value, texts: Names) -> _Term:
        """Whether a cell of a table accepts a value; an empty cell accepts anything, also none."""
        if not texts:
            return True
        kind = self.q.graph[name].type.kind
        fits = []
        for text in texts:
            if text == "absent":
                fits.append(_negated(value.present))
                continue
            ordered = kind in (Kind.RATING, Kind.NUMBER, Kind.SHARE)
            said = next((w for w in _WORDS if ordered and text.startswith(w.replace("_", " ") + " ")), "")
            rest, word = text.removeprefix(said.replace("_", " ")).strip(), said or "equals"
            level: Given = text
            if ordered:
                level = int(rest) if kind is Kind.RATING else Fraction(rest)
            elif kind is Kind.FLAG:
                level = text == "True"
            fits.append(_and([value.present, self._fits(name, value, word, level)]))
        return _or(fits)


class Solver:
    """Questions about all evidence that a rule graph can have.

    Attributes:
        graph: the rule graph.
        timeout: how many seconds a question may take.
    """

    def __init__(self, graph: RuleGraph, timeout: int = 20) -> None:
        self.graph = graph
        self.timeout = timeout

    def values(self, evidence: Mapping[str, Given]) -> dict[str, Given]:
        """What the constraints leave for each node when all evidence is known; where it has no value, for no reason."""
        question = _Question(self.graph)
        known = {name: question.fixed(self.graph[name], given) for name, given in evidence.items()}
        world = question.world(tuple(self.graph.nodes), known)
        solver = z3.Solver(ctx=question.context)
        solver.add(*question.facts)
        assert solver.check() == z3.sat
        model = solver.model()
        return {name: _read(model, self.graph[name], value) for name, value in world.values.items()}

    def reached(self, node: str, position: int) -> Answer:
        """Evidence that gives a node a rating."""
        question = _Question(self.graph)
        world = question.world([node], {})
        value = world.values[node]
        assert isinstance(value, _Place)
        return question.answer([world], _and([value.present, value.compared("equals", position)]), self.timeout)

    def monotone(self, leaf: str, node: str) -> Answer:
        """Evidence twice, alike but that one thing it says is better in the second, and a node is rated lower.

        What the panel says is compared with a reason in both or in neither.
        """
        if self.graph[leaf].type.kind is Kind.CHOICE or leaf not in self.graph.below(node):
            return Answer(Verdict.NEVER)
        question = _Question(self.graph)
        present = z3.BoolVal(True, question.context)  # noqa: FBT003  # a term
        said, better = (question.anything(self.graph[leaf], present=present) for _ in range(2))
        better = attrs.evolve(better, reason=said.reason)
        if isinstance(said.value, _Place) and isinstance(better.value, _Place):
            steps = zip(said.value.at_least, better.value.at_least, strict=True)
            question.facts += [z3.Implies(before, after) for before, after in steps]
        else:
            assert isinstance(said.value, _Number) and isinstance(better.value, _Number)
            question.facts.append(said.value.points <= better.value.points)
        first = question.world([node], {leaf: said})
        second = question.world([node], {leaf: better}, first)
        before, after = first.values[node], second.values[node]
        assert isinstance(before, _Place) and isinstance(after, _Place)
        falls = _or(_and([b, _negated(a)]) for b, a in zip(before.at_least, after.at_least, strict=True))
        return question.answer([first, second], _and([before.present, after.present, falls]), self.timeout)

    def within(self, node: str, parts: Names, low: int, high: int, *, absent: bool) -> Answer:
        """Evidence in which every part has a rating from one to another, and a node has one outside these.

        Args:
            node: the node.
            parts: the ratings taken to be free, whatever lies beneath them.
            low: the worst rating they can have.
            high: the best.
            absent: whether they can also have none.
        """
        question = _Question(self.graph)
        chosen = {part: self._part(question, part, low, high, absent=absent) for part in parts}
        world = question.world([node], chosen)
        value = world.values[node]
        assert isinstance(value, _Place)
        outside = _or([_negated(value.reaches(low)), value.reaches(high + 1)])
        return question.answer([world], _and([value.present, outside]), self.timeout)

    def absent(self, node: str, parts: Names, missing: str) -> Answer:
        """Evidence thrice, with one part at its worst, not rated and at its best, and a node not between without it."""
        question = _Question(self.graph)
        top = _size(self.graph[missing]) - 1
        chosen = {part: self._part(question, part, 0, _size(self.graph[part]) - 1, absent=True) for part in parts}
        states = (_Place(True, (False,) * top), _Place(False, (False,) * top), _Place(True, (True,) * top))  # noqa: FBT003
        worlds: list[_World] = []
        for state in states:
            worlds.append(question.world([node], {**chosen, missing: state}, worlds[0] if worlds else None))
        worst, without, best = (world.values[node] for world in worlds)
        assert isinstance(worst, _Place) and isinstance(without, _Place) and isinstance(best, _Place)
        triples = zip(worst.at_least, without.at_least, best.at_least, strict=True)
        outside = _or(_or([_and([b, _negated(a), _negated(c)]), _and([_negated(b), a, c])]) for a, b, c in triples)
        return question.answer(worlds, _and([worst.present, without.present, best.present, outside]), self.timeout)

    def matters(self, leaf: str, ends: Names) -> Answer:
        """Evidence twice, alike but for one thing it says, and some end is not the same."""
        question = _Question(self.graph)
        first = question.world(ends, {leaf: question.anything(self.graph[leaf])})
        second = question.world(ends, {leaf: question.anything(self.graph[leaf])}, first)
        changed = _or(question.differ(self.graph[end], first.values[end], second.values[end]) for end in ends)
        return question.answer([first, second], changed, self.timeout)

    def _part(self, question: _Question, name: str, low: int, high: int, *, absent: bool) -> _Place:
        """A rating taken to be free."""
        present = z3.FreshBool("present", question.context) if absent else True
        return question.between(present, low, high, _size(self.graph[name]))


def _size(node: Node) -> int:
    """How many places there are."""
    if node.type.kind is Kind.CHOICE:
        return len(node.type.options)
    return len(node.binding.scale.ratings) if node.type.kind is Kind.RATING and node.binding.scale else 2


def _place(node: Node, value: Given) -> int:
    """The place of a value among those of a node."""
    if isinstance(value, str):
        return node.type.options.index(value)
    assert isinstance(value, int)
    return int(value)


def _apart(one: _Term, other: _Term) -> _Term:
    """Whether only one of two holds."""
    return _or([_and([one, _negated(other)]), _and([other, _negated(one)])])


def _read(model: Any, node: Node, said: _Said | _Value) -> Given:
    """A value in a model, as evidence gives it or rules compute it."""

    def holds(term: _Term) -> bool:
        return term if isinstance(term, bool) else z3.is_true(model.eval(term, model_completion=True))

    def exact(term: _Term) -> Fraction:
        found: Fraction = model.eval(term, model_completion=True).as_fraction()
        return found

    value = said.value if isinstance(said, _Said) else said
    kind = node.type.kind
    if not holds(value.present):
        return Tally(0, 0) if kind is Kind.ANSWERS else NOT_RATED
    if isinstance(value, _Number):
        points, weight = exact(value.points), exact(value.weight)
        if kind is Kind.SCORE and node.binding.scale:
            return Score(points, weight * node.binding.scale.top_score)
        number = points / weight
        return Tally(number.numerator, number.denominator) if kind is Kind.ANSWERS else number
    place = sum(holds(term) for term in value.at_least)
    if isinstance(said, _Said) and isinstance(node.rule, PanelRule):
        return PanelRating(place, has_reason=holds(said.reason))
    if kind is Kind.CHOICE:
        return node.type.options[place]
    return bool(place) if kind is Kind.FLAG else place
