"""Questions about all evidence that a rule graph can have, for a solver: what it proves holds for every sample.

The solver is z3, which comes with ``inspectlib[prove]``.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from inspectlib.graph import RuleGraph
from inspectlib.kinds import Kind
from inspectlib.laws.question import Answer, Question, Verdict, read
from inspectlib.laws.terms import Number, Place, all_of, any_of, negated, size_of, z3
from inspectlib.laws.world import World
from inspectlib.rules import Given, Names

__all__ = ["Answer", "Solver", "Verdict"]


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
        question = Question(self.graph)
        known = {name: question.fixed(self.graph[name], given) for name, given in evidence.items()}
        world = World(question, tuple(self.graph.nodes), known)
        solver = z3.Solver(ctx=question.context)
        solver.add(*question.facts)
        assert solver.check() == z3.sat
        model = solver.model()
        return {name: read(model, self.graph[name], value) for name, value in world.values.items()}

    def reached(self, node: str, position: int) -> Answer:
        """Evidence that gives a node a rating."""
        question = Question(self.graph)
        world = World(question, [node], {})
        value = world.values[node]
        assert isinstance(value, Place)
        return question.answer([world.said], all_of([value.present, value.compared("equals", position)]), self.timeout)

    def monotone(self, leaf: str, node: str) -> Answer:
        """Evidence twice, alike but that one thing it says is better in the second, and a node is rated lower.

        What the panel says is compared with a reason in both or in neither.
        """
        if self.graph[leaf].type.kind is Kind.CHOICE or leaf not in self.graph.below(node):
            return Answer(Verdict.NEVER)
        question = Question(self.graph)
        present = z3.BoolVal(True, question.context)  # noqa: FBT003  # a term
        said, better = (question.anything(self.graph[leaf], present=present) for _ in range(2))
        better = attrs.evolve(better, reason=said.reason)
        if isinstance(said.value, Place) and isinstance(better.value, Place):
            steps = zip(said.value.at_least, better.value.at_least, strict=True)
            question.facts += [z3.Implies(before, after) for before, after in steps]
        else:
            assert isinstance(said.value, Number) and isinstance(better.value, Number)
            question.facts.append(said.value.points <= better.value.points)
        first = World(question, [node], {leaf: said})
        second = World(question, [node], {leaf: better}, first)
        before, after = first.values[node], second.values[node]
        assert isinstance(before, Place) and isinstance(after, Place)
        falls = any_of(all_of([b, negated(a)]) for b, a in zip(before.at_least, after.at_least, strict=True))
        return question.answer([first.said, second.said], all_of([before.present, after.present, falls]), self.timeout)

    def within(self, node: str, parts: Names, low: int, high: int, *, absent: bool) -> Answer:
        """Evidence in which every part has a rating from one to another, and a node has one outside these.

        Args:
            node: the node.
            parts: the ratings taken to be free, whatever lies beneath them.
            low: the worst rating they can have.
            high: the best.
            absent: whether they can also have none.
        """
        question = Question(self.graph)
        chosen = {part: self._part(question, part, low, high, absent=absent) for part in parts}
        world = World(question, [node], chosen)
        value = world.values[node]
        assert isinstance(value, Place)
        outside = any_of([negated(value.reaches(low)), value.reaches(high + 1)])
        return question.answer([world.said], all_of([value.present, outside]), self.timeout)

    def absent(self, node: str, parts: Names, missing: str) -> Answer:
        """Evidence thrice, with one part at its worst, not rated and at its best, and a node not between without it."""
        question = Question(self.graph)
        top = size_of(self.graph[missing]) - 1
        chosen = {part: self._part(question, part, 0, size_of(self.graph[part]) - 1, absent=True) for part in parts}
        states = (Place(True, (False,) * top), Place(False, (False,) * top), Place(True, (True,) * top))  # noqa: FBT003
        worlds: list[World] = []
        for state in states:
            worlds.append(World(question, [node], {**chosen, missing: state}, worlds[0] if worlds else None))
        worst, without, best = (world.values[node] for world in worlds)
        assert isinstance(worst, Place) and isinstance(without, Place) and isinstance(best, Place)
        triples = zip(worst.at_least, without.at_least, best.at_least, strict=True)
        outside = any_of(
            any_of([all_of([b, negated(a), negated(c)]), all_of([negated(b), a, c])]) for a, b, c in triples
        )
        return question.answer(
            [world.said for world in worlds],
            all_of([worst.present, without.present, best.present, outside]),
            self.timeout,
        )

    def matters(self, leaf: str, ends: Names) -> Answer:
        """Evidence twice, alike but for one thing it says, and some end is not the same."""
        question = Question(self.graph)
        first = World(question, ends, {leaf: question.anything(self.graph[leaf])})
        second = World(question, ends, {leaf: question.anything(self.graph[leaf])}, first)
        changed = any_of(question.differ(self.graph[end], first.values[end], second.values[end]) for end in ends)
        return question.answer([first.said, second.said], changed, self.timeout)

    def _part(self, question: Question, name: str, low: int, high: int, *, absent: bool) -> Place:
        """A rating taken to be free."""
        present = z3.FreshBool("present", question.context) if absent else True
        return question.between(present, low, high, size_of(self.graph[name]))
