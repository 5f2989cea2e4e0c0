"""What the laws have in common: the graph, all evidence there can be, and how a finding is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from inspectlib.errors import InspectError
from inspectlib.evaluate import Interval
from inspectlib.evidence_reader import evidence_from
from inspectlib.explore import Found, Parts, Worlds, explore
from inspectlib.framework import natural
from inspectlib.graph import Framework, Node
from inspectlib.kinds import Absent, Kind, PanelRating
from inspectlib.laws.report import Finding, How, Status
from inspectlib.laws.witness import smallest
from inspectlib.letters import NOT_RATED, letters
from inspectlib.outcome import shown, shown_text
from inspectlib.rating import rate_evidence
from inspectlib.rules import Given, GivenRule, Names, TableRule

if TYPE_CHECKING:
    from inspectlib.laws.solver import Answer, Solver

__all__ = ["Bench", "Judge"]

#: What a law makes of a state: nothing when it holds there, else what is wrong.
Judge = Callable[[tuple[Worlds, ...]], str]


class Bench:
    """One framework, ready to have laws checked on it."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.graph = framework.graph
        #: The ratings that no evidence leads to, by node, where the law of them has been checked.
        self.unreached: dict[str, Names] = {}
        #: What has been found for all evidence, by targets.
        self._found: dict[Names, Found | None] = {}
        #: What has been found of parts of the graph that stand by themselves.
        self.parts_found: Parts = {}

    @cached_property
    def leaves(self) -> Names:
        """The nodes that take evidence."""
        return tuple(name for name, node in self.graph.nodes.items() if node.rule.takes_evidence)

    @cached_property
    def letters(self) -> Mapping[str, tuple[Given, ...] | None]:
        """What evidence can say of each of them, as far as the rules can tell it apart."""
        return {leaf: letters(self.graph, leaf) for leaf in self.leaves}

    @cached_property
    def ratings(self) -> tuple[Node, ...]:
        """The nodes that are ratings, but for those that evidence just states."""
        nodes = self.graph.nodes.values()
        return tuple(n for n in nodes if n.type.kind is Kind.RATING and not isinstance(n.rule, GivenRule))

    @cached_property
    def ends(self) -> Names:
        """What is reported in the end: the overall rating, and the nodes that no other goes on from."""
        used = {name for inputs in self.graph.inputs.values() for name in inputs} - {"overall"}
        return tuple(name for name in self.graph.nodes if name not in used)

    def parts(self, node: Node) -> Names:
        """The ratings on the same scale that a rating is put together from, other kinds of node passed over.

        One that rests on another of them is no part beside it, unless the panel gives it: what it is put together from
        is.
        """
        found = self._nearest(node)
        while above := [part for part in found if self._rests(part, found)]:
            found = found.difference(above).union(*(self._nearest(self.graph[part]) for part in above))
        return tuple(sorted(found, key=natural))

    def _rests(self, part: str, others: set[str]) -> bool:
        takes_evidence = self.graph[part].rule.takes_evidence
        return not takes_evidence and not others.isdisjoint(self.graph.below(part) - {part})

    def _nearest(self, node: Node) -> set[str]:
        """The ratings on the same scale beneath a rating, those beneath them left out."""
        found = set[str]()
        seen, todo = set[str](), list(node.inputs)
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if self.graph[name].type.same(node.type):
                found.add(name)
            elif self.graph[name].type.kind is not Kind.RATING:
                todo.extend(self.graph.inputs[name])
        return found

    def unlike(self, parts: Names) -> Names:
        """One of each kind of parts: those that go into the same places of the same rules, weighed alike, are alike."""
        kinds: dict[object, str] = {}
        for part in parts:
            places = [
                (user.name, slot, dict(zip(user.inputs, user.binding.weights, strict=False)).get(part))
                for user in self.graph.nodes.values()
                for slot, names in user.slots.items()
                if part in names and not isinstance(user.rule, TableRule)
            ]
            ordered = [user.name for user in self.graph.nodes.values() if user.binding.table and part in user.inputs]
            kinds.setdefault((tuple(places), part if ordered else ""), part)
        return tuple(kinds.values())

    # --- ways to show

    def choices(
        self, targets: Sequence[str], chosen: Mapping[str, Sequence[Worlds]]
    ) -> dict[str, Sequence[Worlds]] | None:
        """Some nodes as chosen, and the other evidence beneath the targets as it can be, alike in all worlds."""
        worlds = next((len(options[0]) for options in chosen.values()), 1)
        found: dict[str, Sequence[Worlds]] = {}
        seen, todo = set[str](), list(targets)
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in chosen:
                found[name] = chosen[name]
                said = any(isinstance(value, PanelRating) for option in chosen[name] for value in option)
                todo.extend(self.graph.inputs[name] if said else ())
                continue
            todo.extend(self.graph.inputs[name])
            if name in self.letters:
                options = self.letters[name]
                if options is None:
                    return None
                found[name] = tuple((option,) * worlds for option in options)
        return found

    def found(self, targets: Sequence[str], chosen: Mapping[str, Sequence[Worlds]] | None = None) -> Found | None:
        """What the targets can have together; None when it cannot be tried in full."""
        if chosen:
            choices = self.choices(targets, chosen)
            return None if choices is None else explore(self.graph, targets, choices, parts=self.parts_found)
        if tuple(targets) not in self._found:
            choices = self.choices(targets, {})
            found = None if choices is None else explore(self.graph, targets, choices, parts=self.parts_found)
            self._found[tuple(targets)] = found
        return self._found[tuple(targets)]

    def law(  # noqa: PLR0917  # always in this order
        self,
        law: str,
        about: str,
        targets: Sequence[str],
        chosen: Mapping[str, Sequence[Worlds]] | None,
        judge: Judge,
        says: str,
        ask: Callable[[Solver], Answer] | None = None,
        keep: Names = (),
    ) -> Finding:
        """Whether nothing is wrong in any state; else the state with the least evidence that shows it.

        The nodes to `keep` stay in that evidence, because the law speaks of them.

        Where not every state can be tried (`chosen` is None when there is no end of what can be chosen), `ask` asks the
        solver whether anything is wrong.
        """
        found = None if chosen is None else self.found(targets, chosen)
        if found is None:
            return self.asked(law, about, targets, judge, says, ask, keep)
        wrong = [choice for state, choice in found.items() if judge(state)]
        for choice in wrong:
            finding = self.shown(law, about, targets, judge, choice, keep)
            if finding:
                return finding
        if wrong:  # only with parts that no evidence gives together
            return self.undecided(law, about, says)
        return Finding(law=law, about=about, status=Status.PROVEN, how=How.EXHAUSTION, says=says)

    def shown(  # noqa: PLR0917  # as for law
        self,
        law: str,
        about: str,
        targets: Sequence[str],
        judge: Judge,
        choice: Mapping[str, Worlds],
        keep: Names,
    ) -> Finding | None:
        """A law refuted by a choice of evidence, as little of it as will do; None if rating it does not show that."""

        def holds(written: Sequence[Mapping[str, Any]]) -> bool:
            return bool(judge(self.replay(written, targets)))

        evidence = smallest(self.framework, choice, holds, tuple(targets), keep)
        wrong = judge(self.replay(evidence, targets))
        return self.refuted(law, about, wrong, evidence) if wrong else None

    def asked(  # noqa: PLR0917  # as for law
        self,
        law: str,
        about: str,
        targets: Sequence[str],
        judge: Judge,
        says: str,
        ask: Callable[[Solver], Answer] | None,
        keep: Names,
    ) -> Finding:
        """What the solver says, where it is installed."""
        answer = ask(self.solver) if ask and self.solver else None
        if answer and answer.verdict == "never":
            return Finding(law=law, about=about, status=Status.PROVEN, how=How.SOLVER, says=says)
        found = self.shown(law, about, targets, judge, answer.choice, keep) if answer and answer.choice else None
        return attrs.evolve(found, how=How.SOLVER) if found else self.undecided(law, about, says)

    @cached_property
    def solver(self) -> Solver | None:
        """The solver, where it is installed."""
        try:
            from inspectlib.laws.solver import Solver  # noqa: PLC0415  # an extra, and long to import
        except ImportError:
            return None
        return Solver(self.graph)

    def undecided(self, law: str, about: str, says: str) -> Finding:
        """There are too many states, or no end of them, and no solver that knows."""
        hint = "" if self.solver else "; pip install 'inspectlib[prove]' may prove it"
        says = f"{says} (too much to try in full{hint})"
        return Finding(law=law, about=about, status=Status.SEARCHED, how=How.SEARCH, says=says)

    def refuted(self, law: str, about: str, wrong: str, evidence: tuple[Mapping[str, Any], ...] = ()) -> Finding:
        """The law does not hold: an exception where the framework says so."""
        declared = self.declared(law, about)
        status = Status.EXCEPTION if declared else Status.REFUTED
        return Finding(
            law=law, about=about, status=status, how=How.EXHAUSTION, says=wrong, evidence=evidence, reason=declared
        )

    def declared(self, law: str, about: str, rating: str = "") -> str:
        """The reason why a law is not to hold for a node, or for one rating of it, if the framework gives one."""
        exceptions = (e for e in self.framework.data.exceptions.values() if e.law == law and about in e.of)
        return next((e.reason for e in exceptions if not e.ratings or rating in e.ratings), "")

    def replay(self, evidence: Sequence[Mapping[str, Any]], targets: Sequence[str]) -> tuple[Worlds, ...]:
        """What the targets have when each evidence is rated."""
        worlds = [self._rated(one, targets) for one in evidence]
        return tuple(zip(*worlds, strict=True))

    def _rated(self, evidence: Mapping[str, Any], targets: Sequence[str]) -> list[Given]:
        try:
            results = rate_evidence(self.framework, evidence_from(evidence)).results
        except InspectError:
            return [NOT_RATED] * len(targets)
        values = [results[target].value for target in targets]
        return [NOT_RATED if isinstance(value, (Interval, Absent)) else value for value in values]

    def label(self, name: str, value: Given) -> str:
        """A value of a node in words."""
        if isinstance(value, Absent):
            return str(value.state)
        assert not isinstance(value, PanelRating)
        return shown_text(shown(self.graph[name], value))
