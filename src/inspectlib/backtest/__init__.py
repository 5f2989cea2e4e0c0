"""The back-test: past inspections under two frameworks, what changes, and which rule changes it."""

from inspectlib.backtest.attribution import Cause
from inspectlib.backtest.comparison import Change, Compared, Comparison, compare

__all__ = ["Cause", "Change", "Compared", "Comparison", "compare"]
