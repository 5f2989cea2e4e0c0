"""Inspection standards and rating rules as a typed rule graph.

>>> import inspectlib
>>> framework = inspectlib.load("hmip-crc-2019")
>>> judgement = inspectlib.rate(framework, {"values": {"total": "16"}})
>>> judgement.overall.rating
'Good'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspectlib import tables
    from inspectlib.auditing import Audit, audit
    from inspectlib.backtest import Comparison, compare
    from inspectlib.changes import diff
    from inspectlib.closeness import Closeness
    from inspectlib.compiled import Compiled, compile  # noqa: A004  # as re.compile
    from inspectlib.errors import Fault, FaultReport, InspectError
    from inspectlib.evidence import Evidence
    from inspectlib.explain import Explanation
    from inspectlib.files import load, load_evidence, shipped
    from inspectlib.graph import Framework
    from inspectlib.judgement import Judgement, rate
    from inspectlib.laws import check
    from inspectlib.missing import MissingEvidence
    from inspectlib.outcome import Outcome
    from inspectlib.sampling import Simulation, simulate
    from inspectlib.sufficient import Piece, Reasons
    from inspectlib.ways import WhatIf

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "Closeness",
    "Comparison",
    "Compiled",
    "Evidence",
    "Explanation",
    "Fault",
    "FaultReport",
    "Framework",
    "InspectError",
    "Judgement",
    "MissingEvidence",
    "Outcome",
    "Piece",
    "Reasons",
    "Simulation",
    "WhatIf",
    "audit",
    "check",
    "compare",
    "compile",
    "diff",
    "load",
    "load_evidence",
    "rate",
    "shipped",
    "simulate",
    "tables",
]

#: Where each name is defined. What nobody asks for is not imported.
_HOMES = {
    "Audit": "auditing",
    "Closeness": "closeness",
    "Comparison": "backtest",
    "Compiled": "compiled",
    "Evidence": "evidence",
    "Explanation": "explain",
    "Fault": "errors",
    "FaultReport": "errors",
    "Framework": "graph",
    "InspectError": "errors",
    "Judgement": "judgement",
    "MissingEvidence": "missing",
    "Outcome": "outcome",
    "Piece": "sufficient",
    "Reasons": "sufficient",
    "Simulation": "sampling",
    "WhatIf": "ways",
    "audit": "auditing",
    "check": "laws",
    "compare": "backtest",
    "compile": "compiled",
    "diff": "changes",
    "load": "files",
    "load_evidence": "files",
    "rate": "judgement",
    "shipped": "files",
    "simulate": "sampling",
}


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first asked for."""
    if name == "tables":
        return import_module(f"{__name__}.tables")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
