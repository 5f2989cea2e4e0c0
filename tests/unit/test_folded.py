"""Plans of fewer steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from growth import GROUND, HEAD, columns_of, wide

from inspectlib.plan import Plan, make_plan, plan_columns
from inspectlib.plan.folded import MAX_SIZE, folded
from inspectlib.plan.terms import Term
from strategies import built


def planned(shape: Callable[[int], Any], size: int) -> Plan:
    """A plan for all that a graph gives."""
    framework, evidence = shape(size)
    whole = built(framework)
    columns = plan_columns(whole, columns_of(evidence), unit=1)
    return make_plan(whole, columns, [list(whole.graph.nodes)[-1]])


def size(term: Term) -> int:
    """How many terms a term is made of."""
    return 1 + sum(map(size, term.args))


def occurrences(term: Term) -> Iterator[str]:
    """The names in a term, each as often as it is there."""
    if term.op == "var":
        yield str(term.value)
    for arg in term.args * (2 if term.op in {"least", "greatest"} else 1):
        yield from occurrences(arg)


def test_what_is_used_once_is_written_where_it_is_used() -> None:
    """Every step that is left is used more than once, or where the least of several is looked for."""
    plan = planned(wide, 31)
    found = folded(plan)
    assert len(found.steps) < len(plan.steps)
    terms = [step.term for step in found.steps] + [check.wrong for check in found.checks]
    for result in found.results:
        terms += [result.value, result.per, result.not_applicable, result.open]
    uses = Counter(name for term in terms for name in occurrences(term))
    assert all(uses[step.name] > 1 for step in found.steps)


def chain(size: int) -> tuple[Any, Any]:
    """A chain in which each node is used once."""
    nodes: dict[str, Any] = {"n0": {"rule": "given", "kind": "flag", **GROUND}}
    for number in range(1, size):
        nodes[f"n{number}"] = {"rule": "not", "of": f"n{number - 1}", **GROUND}
    return {**HEAD, "nodes": nodes}, {"values": {"n0": "yes"}}


def test_no_step_grows_without_end() -> None:
    """A chain of a thousand nodes, each used once, is no term a thousand terms deep."""
    plan = planned(chain, 1_000)
    found = folded(plan)
    assert max(size(step.term) for step in found.steps) <= 2 * MAX_SIZE
    assert 1 < len(found.steps) < len(plan.steps) / 2


def test_what_is_used_nowhere_is_left_out() -> None:
    """Without checks the steps of checks are gone."""
    plan = planned(wide, 31)
    found = folded(Plan(plan.columns, plan.steps, (), plan.results))
    assert not {step.name for step in found.steps}.intersection(check.column for check in plan.checks)
    assert all("bad-tally" not in step.name for step in found.steps)
