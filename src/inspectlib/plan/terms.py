"""The terms of a plan: whole-number arithmetic with a known range, and nothing else.

A term is a whole number or a flag that is computed from the inputs of a plan. It knows the least and the most it can
be, so that an engine can choose a width that cannot overflow, and whether it can be missing. What is missing stays
missing through arithmetic and comparison, as in SQL; only `coalesce`, `is_null`, `least`, `greatest` and `choose` take
it up.
Conditions that are joined (`both`, `either`, `negate`) or chosen by are never missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import attrs

__all__ = [
    "FALSE",
    "NULL",
    "ONE",
    "TRUE",
    "Term",
    "absent_or",
    "add",
    "both",
    "choose",
    "coalesce",
    "compare",
    "const",
    "either",
    "greatest",
    "is_null",
    "least",
    "multiply",
    "negate",
    "quotient",
    "tally",
    "variable",
    "variables",
]

Number = int | Fraction


@attrs.frozen(eq=False)
class Term:
    """A term.

    Attributes:
        op: ``const``, ``var``, ``add``, ``mul``, ``div`` (rounded down), ``least`` and ``greatest`` (the missing left
            out), ``ge``, ``gt``, ``eq``, ``and``, ``or``, ``not``, ``if``, ``null`` (whether it is missing),
            ``coalesce``, or ``count`` (how many of several conditions hold, where each implies those before it).
        args: terms; of a constant its value, of a variable its name.
        low: the least it can be.
        high: the most it can be.
        null: whether it can be missing.
        flag: whether it is a condition.
    """

    op: str
    args: tuple[Term, ...] = ()
    value: Number | bool | str | None = None
    low: Number = 0
    high: Number = 0
    null: bool = False
    flag: bool = False

    @property
    def constant(self) -> bool:
        """Whether it is a constant."""
        return self.op == "const"


def const(value: Number) -> Term:
    """A constant."""
    return Term("const", value=value, low=value, high=value, flag=isinstance(value, bool))


#: What is missing whatever the inputs.
NULL = Term("const", null=True)
TRUE, FALSE, ONE = const(value=True), const(value=False), const(1)


def variable(name: str, low: Number, high: Number, *, null: bool = False, flag: bool = False) -> Term:
    """An input, or an earlier step."""
    return Term("var", value=name, low=low, high=high, null=null, flag=flag)


def _strict(op: str, args: tuple[Term, ...], low: Number, high: Number, *, flag: bool = False) -> Term:
    if any(arg is NULL for arg in args):
        return NULL
    return Term(op, args, low=low, high=high, null=any(arg.null for arg in args), flag=flag)


def add(*terms: Term) -> Term:
    """The sum; a condition counts as 1 where it holds."""
    fixed: Number = 0
    rest: list[Term] = []
    for term in terms:
        parts = term.args if term.op == "add" else (term,)
        for part in parts:
            if part.constant and part is not NULL:
                assert isinstance(part.value, (int, Fraction))
                fixed += int(part.value) if isinstance(part.value, bool) else part.value
            else:
                rest.append(part)
    if fixed or not rest:
        rest.append(const(fixed))
    if len(rest) == 1 and not rest[0].flag:
        return rest[0]
    return _strict("add", tuple(rest), sum(part.low for part in rest), sum(part.high for part in rest))


def multiply(one: Term, other: Term) -> Term:
    """The product."""
    if other.constant and not one.constant:
        one, other = other, one
    if one.constant and one is not NULL:
        assert isinstance(one.value, (int, Fraction))
        if one.value == 1:
            return other
        if one.value == 0 and not other.null:
            return const(0)
        if other.constant and other is not NULL:
            assert isinstance(other.value, (int, Fraction))
            return const(one.value * other.value)
    ends = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return _strict("mul", (one, other), min(ends), max(ends))


def quotient(one: Term, other: Term) -> Term:
    """The quotient rounded down; the divisor is above 0."""
    if one.constant and other.constant and NULL not in (one, other):
        return const(int(one.low // other.low))
    ends = [a // b for a in (one.low, one.high) for b in (max(other.low, 1), max(other.high, 1))]
    return _strict("div", (one, other), min(ends), max(ends))


def compare(op: str, one: Term, other: Term) -> Term:
    """Whether one is ``ge``, ``gt``, ``le``, ``lt`` or ``eq`` the other."""
    if op in {"le", "lt"}:
        return compare({"le": "ge", "lt": "gt"}[op], other, one)
    if NULL in (one, other):
        return NULL
    if not one.null and not other.null:
        always = {
            "ge": one.low >= other.high,
            "gt": one.low > other.high,
            "eq": one.low == one.high == other.low == other.high,
        }
        never = {
            "ge": one.high < other.low,
            "gt": one.high <= other.low,
            "eq": one.low > other.high or one.high < other.low,
        }
        if always[op] or never[op]:
            return TRUE if always[op] else FALSE
    return _strict(op, (one, other), 0, 1, flag=True)


def both(*conditions: Term) -> Term:
    """Whether all hold."""
    return _joined("and", conditions, TRUE)


def either(*conditions: Term) -> Term:
    """Whether any holds."""
    return _joined("or", conditions, FALSE)


def _joined(op: str, conditions: Iterable[Term], neutral: Term) -> Term:
    rest: list[Term] = []
    for condition in conditions:
        assert not condition.null, "a condition is never missing"
        if condition.constant:
            if condition.value is not neutral.value:
                return condition
        elif condition not in rest:
            rest.extend(part for part in (condition.args if condition.op == op else (condition,)) if part not in rest)
    if not rest:
        return neutral
    return rest[0] if len(rest) == 1 else Term(op, tuple(rest), high=1, flag=True)


def negate(condition: Term) -> Term:
    """Whether it does not hold; missing where it is."""
    if condition.constant:
        return condition if condition is NULL else FALSE if condition.value else TRUE
    if condition.op in {"ge", "gt"}:
        return compare("gt" if condition.op == "ge" else "ge", condition.args[1], condition.args[0])
    return condition.args[0] if condition.op == "not" else _strict("not", (condition,), 0, 1, flag=True)


def is_null(term: Term) -> Term:
    """Whether it is missing."""
    if not term.null:
        return FALSE
    return TRUE if term is NULL else Term("null", (term,), high=1, flag=True)


def coalesce(term: Term, other: Term) -> Term:
    """The term, or the other where it is missing."""
    if not term.null:
        return term
    if term is NULL:
        return other
    low, high = min(term.low, other.low), max(term.high, other.high)
    return Term("coalesce", (term, other), low=low, high=high, null=other.null, flag=other.flag)


def choose(condition: Term, one: Term, other: Term) -> Term:
    """One where the condition holds, the other where it does not."""
    assert not condition.null, "a condition is never missing"
    if condition.constant:
        return one if condition.value else other
    if one is other:
        return one
    known = [term for term in (one, other) if term is not NULL]
    low, high = min(term.low for term in known), max(term.high for term in known)
    return Term(
        "if", (condition, one, other), low=low, high=high, null=one.null or other.null, flag=all(t.flag for t in known)
    )


def absent_or(condition: Term, term: Term) -> Term:
    """Missing where the condition holds, else the term."""
    return term if term is NULL else choose(condition, NULL, term)


def least(*terms: Term) -> Term:
    """The least of those that are there; missing where none is."""
    return _extreme("least", terms)


def greatest(*terms: Term) -> Term:
    """The greatest of those that are there; missing where none is."""
    return _extreme("greatest", terms)


def _extreme(op: str, terms: Iterable[Term]) -> Term:
    rest = list(dict.fromkeys(term for term in terms if term is not NULL))
    pick = min if op == "least" else max
    sure = [term for term in rest if not term.null]
    if sure:
        # What cannot come out is left out: one that is never below what another is at most.
        bound = min(term.high for term in sure) if op == "least" else max(term.low for term in sure)
        keep = [t for t in rest if (t.low < bound if op == "least" else t.high > bound)]
        reach = [t for t in sure if (t.high if op == "least" else t.low) == bound]
        rest = keep if any(t in keep for t in reach) else [*keep, *reach[:1]]
    if not rest:
        return NULL
    if len(rest) == 1:
        return rest[0]
    null = not sure
    # A missing one does not count, so only those that are always there bound the far side.
    low = pick(t.low for t in rest) if op == "least" else pick(t.low for t in (sure or rest))
    high = pick(t.high for t in (sure or rest)) if op == "least" else pick(t.high for t in rest)
    if null:
        low, high = min(t.low for t in rest), max(t.high for t in rest)
    return Term(op, tuple(rest), low=low, high=high, null=null)


def tally(conditions: Iterable[Term]) -> Term:
    """How many of the conditions hold, each of which implies those before it."""
    found = list(conditions)
    sure = sum(condition.constant and condition.value is True for condition in found)
    rest = tuple(condition for condition in found if not condition.constant)
    if any(condition is NULL for condition in found):
        return NULL
    if not rest:
        return const(sure)
    counted = Term("count", rest, high=len(rest), null=any(condition.null for condition in rest))
    return add(const(sure), counted) if sure else counted


def variables(term: Term) -> set[str]:
    """The names in a term."""
    found: set[str] = set()
    todo = [term]
    while todo:
        part = todo.pop()
        if part.op == "var":
            found.add(str(part.value))
        todo.extend(part.args)
    return found
