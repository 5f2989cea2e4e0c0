"""Evidence of a past inspection, read for another framework than the one it was collected for.

What has the same number is the same thing. Evidence for what the other framework does not have is left out, and so is
what was put together by rules that are different there: a total of other standards is not this total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from inspectlib.backtest.pair import Pair
from inspectlib.errors import DepartureRefused, Disagreement, Fault, InspectError
from inspectlib.evidence import Case, Evidence, Statement
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework, Node, Role
from inspectlib.kinds import Kind
from inspectlib.rating import Rated, rate_evidence
from inspectlib.rules import DiscretionRule, GivenRule, PanelRule

__all__ = ["Carried", "rate_under"]

_SECTIONS = ("ratings", "panel", "departures", "values")


@attrs.frozen
class Carried:
    """A past inspection, rated under one framework of a pair.

    Attributes:
        rated: what came of it.
        left_out: the evidence that was left out, by the reason why.
        as_stated: the ratings that were taken as they were stated although the rules beneath them are different here.
    """

    rated: Rated
    left_out: FrozenMapping[str, tuple[str, ...]]
    as_stated: tuple[str, ...]


def rate_under(pair: Pair, framework: Framework, evidence: Evidence) -> Carried:
    """Rate a past inspection under one framework of a pair, whichever of the two it was collected for.

    Evidence that names no framework was collected for the old one, so far as the old one has a place for it.

    Raises:
        InspectError: every fault of the evidence that is not a matter of the other framework.
    """
    reader = _Reader(pair, framework, evidence)
    found = reader.evidence()
    while True:
        try:
            return Carried(rate_evidence(framework, found), reader.reasons(), tuple(sorted(reader.stated, key=natural)))
        except InspectError as error:
            if not reader.foreign or not all(reader.refused(fault) for fault in error.faults):
                raise
            found = reader.without(found, error.faults)


class _Reader:
    def __init__(self, pair: Pair, framework: Framework, evidence: Evidence) -> None:
        self.pair = pair
        self.framework = framework
        self.other = pair.new if framework is pair.old else pair.old
        self.given = evidence
        for_new = evidence.framework == pair.new.id != pair.old.id
        #: Whether the evidence was collected for the other framework.
        self.foreign = framework is not (pair.new if for_new else pair.old)
        self.named = None if evidence.framework in {pair.old.id, pair.new.id} else evidence.framework
        self.known = _answered(framework)
        self.there = _answered(self.other)
        self.out: dict[str, set[str]] = {}
        self.stated = set[str]()

    def evidence(self) -> Evidence:
        """The evidence for this framework."""
        asked = [q for q in self.given.asked if self.takes(q)]
        sections: dict[str, Any] = {heading: self.section(heading) for heading in _SECTIONS}
        return attrs.evolve(
            self.given,
            framework=self.named,
            cases=tuple(map(self.case, self.given.cases)),
            tallies=FrozenMapping({q: count for q, count in self.given.tallies.items() if self.takes(q)}),
            # Whether the columns of a case file are all there is a matter of the framework it was made for.
            asked=() if self.foreign else tuple(asked),
            **sections,
        )

    def takes(self, question: str) -> bool:
        """Whether answers to a key question count here; what neither framework has stays, to be refused."""
        if question in self.known or question not in self.there:
            return True
        self.leave_out(question, f"{self.framework.id} takes no answers to it")
        return False

    def case(self, case: Case) -> Case:
        if all(map(self.takes, (*case.answers, *case.asked))):
            return case
        answers = {question: answer for question, answer in case.answers.items() if self.takes(question)}
        return attrs.evolve(case, answers=FrozenMapping(answers), asked=tuple(filter(self.takes, case.asked)))

    def section(self, heading: str) -> FrozenMapping[str, Statement]:
        statements: Mapping[str, Statement] = getattr(self.given, heading)
        return FrozenMapping({name: said for name, said in statements.items() if self.keeps(heading, name)})

    def keeps(self, heading: str, name: str) -> bool:
        """Whether a statement stays; what neither framework has stays, to be refused."""
        here, there = self.framework.graph.nodes.get(name), self.other.graph.nodes.get(name)
        why = ""
        if here is None:
            why = f"{self.framework.id} does not rate it" if there else ""
        elif there is not None and self.foreign:
            why = self.misfit(heading, here)
        if why:
            self.leave_out(name, why)
        return not why

    def misfit(self, heading: str, node: Node) -> str:
        """Why a statement for the other framework says nothing here; empty where it does."""
        name, rule = node.name, node.rule
        if name not in self.pair.shared:
            return "it is another kind of value here"
        if heading == "panel" and not isinstance(rule, PanelRule):
            return "the panel does not rate it here"
        if heading == "departures" and not isinstance(rule, DiscretionRule):
            return "no departure is allowed here"
        if isinstance(rule, GivenRule) or heading in {"panel", "departures"} or name not in self.pair.moved:
            return ""
        if node.role is Role.OTHER and name in self.pair.summed_otherwise:
            return "it is put together by other rules here"
        self.stated.add(name)
        return ""

    def leave_out(self, name: str, why: str) -> None:
        self.out.setdefault(why, set()).add(name)

    def reasons(self) -> FrozenMapping[str, tuple[str, ...]]:
        """What was left out, by the reason why."""
        return FrozenMapping({why: tuple(sorted(self.out[why], key=natural)) for why in sorted(self.out)})

    def refused(self, fault: Fault) -> bool:
        """Whether a fault is that something stated for the other framework does not fit the rules here."""
        heading, name = (*fault.path, "", "")[:2]
        return isinstance(fault, (DepartureRefused, Disagreement)) and name in getattr(self.given, str(heading), ())

    def without(self, evidence: Evidence, faults: Iterable[Fault]) -> Evidence:
        """The evidence without what the rules here do not bear out."""
        for fault in faults:
            heading, name = str(fault.path[0]), str(fault.path[1])
            self.leave_out(name, "the rules here give something else" if heading != "departures" else fault.message)
            left = {node: said for node, said in getattr(evidence, heading).items() if node != name}
            changed: dict[str, Any] = {heading: FrozenMapping(left)}
            evidence = attrs.evolve(evidence, **changed)
            self.stated.discard(name)
        return evidence


def _answered(framework: Framework) -> frozenset[str]:
    """What answers are counted for."""
    return frozenset(node.of for node in framework.graph.nodes.values() if node.type.kind is Kind.ANSWERS)
