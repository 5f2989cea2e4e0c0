"""A plan of fewer steps: what is used once is written where it is used, what is used nowhere is left out.

A step is a column to an engine, and steps that rest on each other are projections one after the other, each of which
the engine has to be told of. A compiled function keeps them all, so that each line names its rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs

from inspectlib.plan.parts import Plan, Result, Step
from inspectlib.plan.terms import Term

__all__ = ["folded"]

#: No step grows larger than this, in terms: engines take expressions apart by functions that call themselves.
MAX_SIZE = 100


def folded(plan: Plan) -> Plan:
    """The same plan, its steps that are used once folded into those that use them."""
    uses: Counter[str] = Counter()
    for term in _wanted(plan):
        uses.update(_names(term))
    for step in reversed(plan.steps):
        if uses[step.name]:
            uses.update(_names(step.term))
    inlined: dict[str, tuple[Term, int]] = {}
    kept: list[Step] = []
    for step in plan.steps:
        if not uses[step.name]:
            continue
        term, size = _replaced(step.term, inlined)
        if uses[step.name] == 1 and size <= MAX_SIZE:
            inlined[step.name] = term, size
        else:
            kept.append(attrs.evolve(step, term=term))
    checks = tuple(attrs.evolve(check, wrong=_replaced(check.wrong, inlined)[0]) for check in plan.checks)
    results = tuple(_result(result, inlined) for result in plan.results)
    return Plan(plan.columns, tuple(kept), checks, results)


def _result(result: Result, inlined: dict[str, tuple[Term, int]]) -> Result:
    parts: dict[str, Any] = {part: _replaced(getattr(result, part), inlined)[0] for part in _PARTS}
    return attrs.evolve(result, **parts)


#: The terms of a result.
_PARTS = ("value", "per", "not_applicable", "open", "worst", "best", "may_be_absent")


def _wanted(plan: Plan) -> Iterator[Term]:
    yield from (check.wrong for check in plan.checks)
    for result in plan.results:
        yield from (getattr(result, part) for part in _PARTS)


def _names(term: Term) -> Iterator[str]:
    """The names in a term, each as often as an engine may write it."""
    todo = [term]
    while todo:
        part = todo.pop()
        if part.op == "var":
            yield str(part.value)
        # The least of several is found by comparing them and choosing, which writes each more than once.
        todo.extend(part.args * (2 if part.op in {"least", "greatest"} else 1))


def _replaced(term: Term, inlined: dict[str, tuple[Term, int]]) -> tuple[Term, int]:
    """A term with what stands for names in it, and its size."""
    if term.op == "var":
        return inlined.get(str(term.value), (term, 1))
    if not term.args:
        return term, 1
    parts = [_replaced(arg, inlined) for arg in term.args]
    size = 1 + sum(part[1] for part in parts)
    if all(new is old for (new, _), old in zip(parts, term.args, strict=True)):
        return term, size
    return attrs.evolve(term, args=tuple(part[0] for part in parts)), size
