"""A rule graph as arithmetic on whole numbers, from which the fast ways to rate are made.

`make_plan` turns the rules of a framework into steps over the columns of a row: no rating, share or number is anything
but a whole number or a missing one, and each step knows the least and the most it can be. The compiled function, the
expressions on frames and those on arrays are all written from the same plan, so they agree.
"""

from __future__ import annotations

from inspectlib.plan.columns import Column, plan_columns
from inspectlib.plan.parts import Check, Plan, Result, Step
from inspectlib.plan.planner import make_plan
from inspectlib.plan.terms import Term

__all__ = ["Check", "Column", "Plan", "Result", "Step", "Term", "make_plan", "plan_columns"]
