"""The rules as constraints: almost every one is plain logic; means, totals and edges of bands are linear arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from inspectlib.graph import Node
from inspectlib.kinds import Kind
from inspectlib.laws.question import Question, Saying
from inspectlib.laws.terms import (
    WORDS,
    Number,
    Place,
    Said,
    Term,
    Value,
    all_of,
    any_of,
    if_else,
    negated,
    place_of,
    size_of,
    z3,
)
from inspectlib.rules import BandRule, CountRule, Given, Names, PanelRule, ShiftRule, TotalRule
from inspectlib.rules.table import Table
from inspectlib.scales import Better, Rounding

__all__ = ["World"]


class World:
    """The graph on one body of evidence, each rule by its tag.

    Attributes:
        values: the value of each node that the targets need.
        said: what is said of those of them that are not computed.
    """

    def __init__(self, question: Question, targets: Sequence[str], chosen: Saying, like: World | None = None) -> None:
        """The values of the targets where some nodes have what is chosen, the rest as in another world, or free."""
        self.q = question
        self.values: dict[str, Value] = {}
        self.said: dict[str, Said | Place] = {}
        graph = question.graph
        seen, todo = set[str](), list(targets)
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(() if isinstance(chosen.get(name), Place) else graph.inputs[name])
        for name in graph.sort(seen):
            self._add(graph[name], chosen, like)

    def _add(self, node: Node, chosen: Saying, like: World | None) -> None:
        """The value of a node whose inputs have theirs; that of the other world where nothing beneath it differs."""
        name = node.name
        if name in chosen:
            self.said[name] = chosen[name]
        elif node.rule.takes_evidence:
            self.said[name] = like.said[name] if like else self.q.anything(node)
        said = self.said.get(name)
        if isinstance(said, Place):
            self.values[name] = said
        elif like and said is like.said.get(name) and all(self.values[i] is like.values[i] for i in node.inputs):
            self.values[name] = like.values[name]
        else:
            self.values[name] = getattr(self, f"_{node.rule.tag}")(node, [self.values[i] for i in node.inputs])

    # --- what the evidence says

    def _given(self, node: Node, _: Sequence[Value]) -> Value:
        said = self.said[node.name]
        assert isinstance(said, Said)
        return said.value

    def _share(self, _: Node, inputs: Sequence[Value]) -> Value:
        return inputs[0]

    _discretion = _share

    def _panel(self, node: Node, inputs: Sequence[Place]) -> Place:
        assert isinstance(node.rule, PanelRule)
        rating, guides = self.said[node.name], dict(zip(node.slots, inputs, strict=True))
        assert isinstance(rating, Said) and isinstance(rating.value, Place)
        said = rating.value
        free = False if node.rule.binding else rating.reason

        def stands(place: int) -> Term:
            guided = said.reaches(place)
            if "floor" in guides:
                guided = any_of([guided, all_of([guides["floor"].present, guides["floor"].reaches(place)])])
            if "ceiling" in guides:
                guided = all_of(
                    [guided, any_of([negated(guides["ceiling"].present), guides["ceiling"].reaches(place)])]
                )
            return any_of([all_of([free, said.reaches(place)]), all_of([negated(free), guided])])

        return Place(said.present, tuple(stands(place) for place in range(1, size_of(node))))

    # --- numbers to ratings, and back

    def _band(self, node: Node, inputs: Sequence[Number]) -> Place:
        binding, number, count = node.binding, inputs[0], size_of(node) - 1
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
            return Place(number.present, tuple(beyond))
        return Place(number.present, tuple(negated(beyond[count - place]) for place in range(1, count + 1)))

    def _most(self, name: str) -> Fraction:
        """What the mean score of a total is out of; 1 of a number that is no total of ratings."""
        node = self.q.graph[name]
        return node.binding.scale.top_score if node.type.kind is Kind.SCORE and node.binding.scale else Fraction(1)

    def _total(self, node: Node, inputs: Sequence[Value]) -> Number:
        assert isinstance(node.rule, TotalRule)
        zero, points, weight, parts = self.q.number(0), [], [], []
        for value, counts in zip(inputs, node.binding.weights, strict=True):
            weight.append(if_else(value.present, self.q.number(counts), zero))
            if isinstance(value, Number):
                part = self.q.term(value)
                points.append(if_else(value.present, self.q.number(counts) * part, zero))
            else:
                scale = node.binding.scale
                assert scale is not None
                scores = [scale.score(place) for place in range(len(scale.ratings))]
                steps = [b - a for a, b in pairwise(scores)]
                gains = [(reached, self.q.number(step)) for reached, step in zip(value.at_least, steps, strict=True)]
                part = z3.Sum([self.q.number(scores[0]), *(if_else(reached, gain, zero) for reached, gain in gains)])
                points.append(if_else(value.present, self.q.number(counts * scores[0]), zero))
                points += [if_else(all_of([value.present, r]), self.q.number(counts) * gain, zero) for r, gain in gains]
            parts.append((value.present, counts, part))
        there = [value.present for value in inputs]
        present = any_of(there) if node.rule.unrated == "left out" else all_of(there)
        if node.rule.tag == "total" and node.type.kind is Kind.NUMBER:
            return Number(present, z3.Sum(points), self.q.number(1))
        return Number(present, z3.Sum(points), z3.Sum(weight), tuple(parts))

    def _mean(self, node: Node, inputs: Sequence[Value]) -> Value:
        return self._total(node, inputs) if node.binding.weights else inputs[0]

    def _lowest(self, node: Node, inputs: Sequence[Value]) -> Value:
        present = any_of(value.present for value in inputs)
        lowest = node.rule.tag == "lowest"
        places = [value for value in inputs if isinstance(value, Place)]
        if places:
            if lowest:
                reached = [[any_of([negated(v.present), r]) for r in v.at_least] for v in places]
                return Place(present, tuple(map(all_of, zip(*reached, strict=True))))
            reached = [[all_of([v.present, r]) for r in v.at_least] for v in places]
            return Place(present, tuple(map(any_of, zip(*reached, strict=True))))
        first, *rest = [(v.present, self.q.term(v)) for v in inputs if isinstance(v, Number)]
        there, found = first
        for more, term in rest:
            takes = any_of([negated(there), term < found if lowest else term > found])
            there, found = any_of([there, more]), if_else(all_of([more, takes]), term, found)
        return Number(present, found, self.q.number(1))

    _highest = _lowest

    def _count(self, node: Node, inputs: Sequence[Place]) -> Number:
        assert isinstance(node.rule, CountRule) and isinstance(node.binding.level, int)
        word, level = ("at_least" if node.rule.at_least is not None else "at_most"), node.binding.level
        counted = [all_of([v.present, v.compared(word, level)]) for v in inputs]
        one, zero = self.q.number(1), self.q.number(0)
        return Number(True, z3.Sum([if_else(counts, one, zero) for counts in counted]), one)  # noqa: FBT003  # a term

    # --- conditions

    def _limit(self, node: Node, inputs: Sequence[Place]) -> Place:
        of, when = inputs
        holds, level = all_of([when.present, when.reaches(1)]), node.binding.level
        assert isinstance(level, int)
        if node.rule.tag == "limit":
            kept = [all_of([r, negated(holds)]) if p > level else r for p, r in enumerate(of.at_least, 1)]
        else:
            kept = [any_of([r, holds]) if p <= level else r for p, r in enumerate(of.at_least, 1)]
        return Place(of.present, tuple(kept))

    _lift = _limit

    def _shift(self, node: Node, inputs: Sequence[Value]) -> Place:
        assert isinstance(node.rule, ShiftRule) and isinstance(node.binding.level, int)
        of, by = inputs[0], inputs[1] if len(inputs) > 1 else None
        assert isinstance(of, Place)
        places = range(1, size_of(node))
        if not isinstance(by, Number):
            return Place(of.present, tuple(of.reaches(place - node.binding.level) for place in places))

        def moved(place: int) -> Term:
            # Rounded half up it is so many bands or more from half a band less on.
            ways = (
                all_of([of.reaches(start), self.q.compared(by, "at_least", Fraction(2 * (place - start) - 1, 2))])
                for start in range(size_of(node))
            )
            return any_of([all_of([by.present, any_of(ways)]), all_of([negated(by.present), of.reaches(place)])])

        return Place(of.present, tuple(moved(place) for place in places))

    def _test(self, node: Node, inputs: Sequence[Value]) -> Place:
        word = next(word for word in WORDS if getattr(node.rule, word) is not None)
        return Place(inputs[0].present, (self._fits(node.inputs[0], inputs[0], word, node.binding.level),))

    def _fits(self, name: str, value: Value, word: str, level: Given) -> Term:
        """Whether a value that is there compares with a level as a word says."""
        if isinstance(value, Number):
            assert isinstance(level, Fraction)
            return self.q.compared(value, word, level)
        return value.compared(word, place_of(self.q.graph[name], level))

    def _all(self, node: Node, inputs: Sequence[Place]) -> Place:
        present = any_of(value.present for value in inputs)
        if node.rule.tag == "all":
            return Place(present, (all_of(any_of([negated(v.present), v.reaches(1)]) for v in inputs),))
        return Place(present, (any_of(all_of([v.present, v.reaches(1)]) for v in inputs),))

    def _not(self, _: Node, inputs: Sequence[Place]) -> Place:
        return Place(inputs[0].present, (negated(inputs[0].reaches(1)),))

    _any = _all

    def _table(self, node: Node, inputs: Sequence[Value]) -> Value:
        table = node.binding.table
        assert isinstance(table, Table)
        columns = list(zip(node.inputs, table.columns, inputs, strict=True))
        present = all_of(value.present for _, column, value in columns if not column.takes_absent)
        rows = [
            all_of(self._cell(name, value, column.cells[row]) for name, column, value in columns)
            for row in range(len(table.outcomes))
        ]
        if node.type.kind is Kind.NUMBER:
            zero, outcomes = self.q.number(0), [Fraction(str(outcome)) for outcome in table.outcomes]
            pairs = zip(rows, outcomes, strict=True)
            points = z3.Sum([if_else(fits, self.q.number(outcome), zero) for fits, outcome in pairs])
            return Number(present, points, self.q.number(1))
        placed = [(fits, place_of(node, outcome)) for fits, outcome in zip(rows, table.outcomes, strict=True)]
        reached = (any_of(fits for fits, outcome in placed if outcome >= place) for place in range(1, size_of(node)))
        return Place(present, tuple(reached))

    def _cell(self, name: str, value: Value, texts: Names) -> Term:
        """Whether a cell of a table accepts a value; an empty cell accepts anything, also none."""
        if not texts:
            return True
        kind = self.q.graph[name].type.kind
        fits = []
        for text in texts:
            if text == "absent":
                fits.append(negated(value.present))
                continue
            ordered = kind in (Kind.RATING, Kind.NUMBER, Kind.SHARE)
            said = next((w for w in WORDS if ordered and text.startswith(w.replace("_", " ") + " ")), "")
            rest, word = text.removeprefix(said.replace("_", " ")).strip(), said or "equals"
            level: Given = text
            if ordered:
                level = int(rest) if kind is Kind.RATING else Fraction(rest)
            elif kind is Kind.FLAG:
                level = text == "True"
            fits.append(all_of([value.present, self._fits(name, value, word, level)]))
        return any_of(fits)
