"""The parts of a plan: its steps, what must not be, and what it gives."""

from __future__ import annotations

import attrs

from inspectlib.kinds import Kind
from inspectlib.plan.columns import Column
from inspectlib.plan.terms import Term

__all__ = ["Check", "Plan", "Result", "Step"]


@attrs.frozen
class Step:
    """A step of a plan: a name for a term, and the node whose rule it is part of."""

    name: str
    node: str
    term: Term


@attrs.frozen
class Check:
    """Something that must not be.

    Attributes:
        column: the column that it is a fault of.
        wrong: the condition.
        code: the code of the fault.
        message: what is wrong.
    """

    column: str
    wrong: Term
    code: str
    message: str


@attrs.frozen(kw_only=True)
class Result:
    """What a plan gives for a node.

    Attributes:
        node: the node.
        kind: its kind of value.
        labels: of a rating its scale, of a choice its options, by position.
        value: the value, missing where there is none or where it is open; of a number the numerator.
        per: of a number or share the denominator, of a score its maximum.
        unit: of a score, how many units make a point.
        not_applicable: whether it has no value because it is not applicable.
        open: whether it is open.
        worst: the worst that an open rating can become.
        best: the best that an open rating can become.
        may_be_absent: whether what is open can turn out to have no value.
    """

    node: str
    kind: Kind
    labels: tuple[str, ...]
    value: Term
    per: Term
    unit: int
    not_applicable: Term
    open: Term
    worst: Term
    best: Term
    may_be_absent: Term


@attrs.frozen
class Plan:
    """How to get from the columns of a row to its results, with whole numbers alone.

    Attributes:
        columns: the columns that are read.
        steps: what is computed, each from columns and earlier steps.
        checks: what must not be; the first that holds is the fault of the row.
        results: the results.
    """

    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    results: tuple[Result, ...]
