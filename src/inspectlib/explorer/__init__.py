"""A rating explorer: a page that rates in the browser what is picked on it, by the rule graph itself.

The rule graph goes into the page as data (`plan`). `engine.js` has one place for each kind of rule and counts in
whole numbers and fractions, as the library does; `explorer.js` is what people see. What is picked is a row of a table
(`inspectlib.rows`), and stands in the address of the page.
"""

from __future__ import annotations

from inspectlib.explorer.embed import SCRIPTS, embedded
from inspectlib.explorer.plan import plan

__all__ = ["SCRIPTS", "embedded", "plan"]
