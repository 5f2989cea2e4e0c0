"""From a rule graph to a plan over the columns of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inspectlib.graph import Framework
from inspectlib.kinds import Kind
from inspectlib.plan.checks import Checks
from inspectlib.plan.columns import Column
from inspectlib.plan.parts import Plan, Result
from inspectlib.plan.reach import UNBOUNDED, Reach
from inspectlib.plan.reading import Reading
from inspectlib.plan.terms import (
    FALSE,
    NULL,
    absent_or,
    both,
    choose,
    coalesce,
    const,
    either,
    greatest,
    is_null,
    least,
    negate,
)
from inspectlib.plan.values import PLAIN, same
from inspectlib.plan.workings import Workings

__all__ = ["make_plan"]

_ORDERED = (Kind.RATING, Kind.FLAG, Kind.CHOICE)


def make_plan(
    framework: Framework, columns: Sequence[Column], results: Sequence[str], *, intervals: bool = True
) -> Plan:
    """A plan.

    Args:
        framework: the framework.
        columns: the columns that there are.
        results: the nodes wanted.
        intervals: whether to plan what open results can become; else they are only said to be open.
    """
    return _Planner(Reading(framework, columns), intervals=intervals).plan(results)


class _Planner:
    def __init__(self, reading: Reading, *, intervals: bool) -> None:
        self.reading = reading
        self.graph = reading.graph
        self.intervals = intervals
        self.workings = Workings(reading)
        self.reach = Reach(self.workings)
        self.checks = Checks(self.workings, self.reach)

    def plan(self, results: Sequence[str]) -> Plan:
        columns = self.reading.columns
        needed = tuple(dict.fromkeys(results))
        stated = [c.meaning[1] for c in columns if c.meaning[0] != "tallies"]
        for name in self.graph.sort(set(self._all_below([*needed, *stated]))):
            self.workings.value(name, PLAIN)
        for column in columns:
            self.checks.add(column)
        found = tuple(self._result(name) for name in needed)
        checks = self.checks.found()
        wanted = [check.wrong for check in checks]
        for result in found:
            wanted += [result.value, result.per, result.not_applicable, result.open]
            wanted += [result.worst, result.best, result.may_be_absent]
        return Plan(columns, self.workings.needed(wanted), checks, found)

    def _all_below(self, names: Iterable[str]) -> Iterator[str]:
        seen: set[str] = set()
        todo = [name for name in names if name in self.graph.nodes]
        todo += [
            f"{c.meaning[1]}.answers" for c in self.reading.columns if f"{c.meaning[1]}.answers" in self.graph.nodes
        ]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                yield name
                todo.extend(self.graph.inputs[name])

    def _result(self, name: str) -> Result:
        node = self.graph.nodes[name]
        scale = node.binding.scale if node.type.kind is Kind.RATING else None
        labels = scale.ratings if scale else node.type.options
        plain = self.workings.value(name, PLAIN)
        if plain.open is FALSE or not self.intervals:
            return Result(
                node=name, kind=node.type.kind, labels=labels, value=plain.num, per=plain.per, unit=plain.unit,
                not_applicable=plain.na, open=plain.open, worst=NULL, best=NULL, may_be_absent=FALSE,
            )  # fmt: skip
        corners = [self.workings.value(name, mode) for mode in self.reach.corners(name)]
        column = next((c for c in self.reading.columns if c.meaning[1] == name), self.reading.columns[0])
        self.checks.refuse(column, self.reach.unbounded(node, plain.open), "open-evidence", f"{name}: {UNBOUNDED}")
        absent = either(*(is_null(corner.num) for corner in corners))
        vanished = both(*(is_null(corner.num) for corner in corners))
        first, *others = corners
        alike = both(*(coalesce(same(node.type.kind, first, other), FALSE) for other in others))
        settled = both(negate(absent), alike)
        value, per = absent_or(negate(settled), first.num), first.per
        if node.type.kind is Kind.FLAG:
            nums = [choose(coalesce(c.num, FALSE), const(1), absent_or(is_null(c.num), const(0))) for c in corners]
        else:
            nums = [corner.num for corner in corners]
        step = self.workings.step
        return Result(
            node=name,
            kind=node.type.kind,
            labels=labels,
            value=step(f"{name} settled", name, value),
            per=per,
            unit=first.unit,
            not_applicable=step(f"{name} settled not applicable", name, both(*(corner.na for corner in corners))),
            open=step(f"{name} still open", name, both(negate(settled), negate(vanished))),
            worst=step(f"{name} least", name, least(*nums)) if node.type.kind in _ORDERED else NULL,
            best=step(f"{name} most", name, greatest(*nums)) if node.type.kind in _ORDERED else NULL,
            may_be_absent=step(f"{name} may be absent", name, absent),
        )
