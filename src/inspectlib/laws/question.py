"""A question put to the solver: what evidence can say, what is to hold of it, and the answer.

Every question is put to it afresh, so that an answer depends on nothing that was asked before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs

from inspectlib.explore import Worlds
from inspectlib.graph import Node, RuleGraph
from inspectlib.kinds import Absent, Kind, PanelRating, Score, Tally
from inspectlib.laws.terms import (
    WORDS,
    Number,
    Place,
    Said,
    Term,
    Value,
    all_of,
    any_of,
    apart,
    if_else,
    place_of,
    size_of,
    z3,
)
from inspectlib.letters import NOT_RATED
from inspectlib.rules import Given, PanelRule

__all__ = ["Answer", "Question", "Saying", "Verdict", "read"]

#: What is said in one world of each node that is not computed there.
Saying = Mapping[str, Said | Place]


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


class Question:
    """Constraints that are to hold together."""

    def __init__(self, graph: RuleGraph) -> None:
        self.graph = graph
        self.context = z3.Context()
        self.facts: list[Term] = []

    def number(self, value: Fraction | int) -> Term:
        """A number that is known."""
        return z3.RealVal(str(value), self.context)

    def anything(self, node: Node, *, present: Term = None) -> Said:
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
            return Said(Number(present, points, self.number(1)))
        departs = isinstance(node.rule, PanelRule) and bool(node.inputs) and not node.rule.binding
        reason = z3.FreshBool("reason", self.context) if departs else False
        return Said(self.between(present, 0, size_of(node) - 1, size_of(node)), reason)

    def between(self, present: Term, low: int, high: int, size: int) -> Place:
        """Any place from one to another."""
        free = [z3.FreshBool("at_least", self.context) for _ in range(low, high)]
        self.facts += [z3.Implies(better, worse) for worse, better in pairwise(free)]
        return Place(present, (*[True] * low, *free, *[False] * (size - 1 - high)))

    def fixed(self, node: Node, given: Given) -> Said:
        """What evidence says, when that is known."""
        if isinstance(given, Tally):
            share = Fraction(given.yes, given.of) if given.of else Fraction(0)
            return Said(Number(bool(given.of), self.number(share), self.number(1)))
        present = not isinstance(given, Absent)
        if node.type.kind is Kind.NUMBER:
            return Said(Number(present, self.number(given if isinstance(given, Fraction) else 0), self.number(1)))
        place = given.position if isinstance(given, PanelRating) else place_of(node, given) if present else 0
        at_least = tuple(place >= other for other in range(1, size_of(node)))
        return Said(Place(present, at_least), isinstance(given, PanelRating) and given.has_reason)

    def term(self, number: Number) -> Term:
        """A number as one term: a mean is what the parts that there are differ from by nothing in sum."""
        if not number.parts:
            return number.points
        mean = z3.FreshReal("mean", self.context)
        apart = [if_else(there, self.number(w) * (part - mean), self.number(0)) for there, w, part in number.parts]
        self.facts.append(z3.Sum(apart) == self.number(0))
        return mean

    def compared(self, number: Number, word: str, edge: Fraction) -> Term:
        """Whether a number is at least, above, at most, below or exactly another."""
        return WORDS[word](number.points, self.number(edge) * number.weight)

    def differ(self, node: Node, one: Value, other: Value) -> Term:
        """Whether two values of a node differ, one of them absent included; of a total also what it is out of."""
        if one is other:
            return False
        if isinstance(one, Place) and isinstance(other, Place):
            values = [apart(a, b) for a, b in zip(one.at_least, other.at_least, strict=True)]
        else:
            assert isinstance(one, Number) and isinstance(other, Number)
            values = [self.term(one) != self.term(other)]
            values += [one.weight != other.weight] if node.type.kind is Kind.SCORE else []
        return any_of([apart(one.present, other.present), all_of([one.present, other.present, any_of(values)])])

    def answer(self, worlds: Sequence[Saying], wrong: Term, timeout: int) -> Answer:
        """Whether something can be so, with what is said of each node in each world."""
        solver = z3.Solver(ctx=self.context)
        solver.set("timeout", timeout * 1000)
        solver.add(*self.facts, wrong)
        verdict = solver.check()
        if verdict != z3.sat:
            return Answer(Verdict.NEVER if verdict == z3.unsat else Verdict.UNKNOWN)
        model = solver.model()
        found = {name: [(self.graph[name], said[name]) for said in worlds] for name in worlds[0]}
        return Answer(Verdict.FOUND, {name: tuple(read(model, *one) for one in some) for name, some in found.items()})


def read(model: Any, node: Node, said: Said | Value) -> Given:
    """A value in a model, as evidence gives it or rules compute it."""

    def holds(term: Term) -> bool:
        return term if isinstance(term, bool) else z3.is_true(model.eval(term, model_completion=True))

    def exact(term: Term) -> Fraction:
        found: Fraction = model.eval(term, model_completion=True).as_fraction()
        return found

    value = said.value if isinstance(said, Said) else said
    kind = node.type.kind
    if not holds(value.present):
        return Tally(0, 0) if kind is Kind.ANSWERS else NOT_RATED
    if isinstance(value, Number):
        points, weight = exact(value.points), exact(value.weight)
        if kind is Kind.SCORE and node.binding.scale:
            return Score(points, weight * node.binding.scale.top_score)
        number = points / weight
        return Tally(number.numerator, number.denominator) if kind is Kind.ANSWERS else number
    place = sum(holds(term) for term in value.at_least)
    if isinstance(said, Said) and isinstance(node.rule, PanelRule):
        return PanelRating(place, has_reason=holds(said.reason))
    if kind is Kind.CHOICE:
        return node.type.options[place]
    return bool(place) if kind is Kind.FLAG else place
