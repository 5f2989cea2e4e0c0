"""Inspection standards and rating rules as a typed rule graph.

>>> import inspectlib
>>> framework = inspectlib.load("hmip-crc-2019")
>>> judgement = inspectlib.rate(framework, {"values": {"total": "16"}})
>>> judgement.overall.rating
'Good'
"""

from __future__ import annotations

from inspectlib.errors import Fault, FaultReport, InspectError
from inspectlib.evidence import Evidence
from inspectlib.explain import Explanation
from inspectlib.files import load, load_evidence, shipped
from inspectlib.graph import Framework
from inspectlib.judgement import Judgement, rate
from inspectlib.laws import check
from inspectlib.outcome import Outcome

__version__ = "0.1.0"

__all__ = [
    "Evidence",
    "Explanation",
    "Fault",
    "FaultReport",
    "Framework",
    "InspectError",
    "Judgement",
    "Outcome",
    "check",
    "load",
    "load_evidence",
    "rate",
    "shipped",
]
