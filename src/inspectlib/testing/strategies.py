"""Hypothesis strategies for scales, frameworks, evidence and whole inspections.

Evidence comes in the form of an evidence file, as plain data: what is shown when a test fails can be pasted into a
file. `inspectlib.rate` takes it as it is. Everything is drawn step by step, so that Hypothesis shrinks it to something
a reader can take in.

>>> from hypothesis import given
>>> import inspectlib
>>> from inspectlib.testing import strategies
>>> framework = inspectlib.load("hmip-crc-2019")
>>> @given(strategies.evidence(framework))
... def test_rated(evidence):
...     assert inspectlib.rate(framework, evidence).overall.rating is not None
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import hypothesis.strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from inspectlib.graph import Framework
from inspectlib.judgement import Judgement, rate
from inspectlib.testing.evidence_strategies import completions, evidence, partial_evidence
from inspectlib.testing.framework_strategies import frameworks, scales
from inspectlib.testing.wild_strategies import wild_evidence

__all__ = [
    "Inspection",
    "completions",
    "evidence",
    "frameworks",
    "inspections",
    "partial_evidence",
    "scales",
    "wild_evidence",
]


@attrs.frozen(repr=False)
class Inspection:
    """A framework and the evidence of an inspection under it.

    Attributes:
        framework: the framework.
        evidence: the evidence, in the form of an evidence file.
    """

    framework: Framework
    evidence: Mapping[str, Any]

    def judgement(self) -> Judgement:
        """What comes of it."""
        return rate(self.framework, self.evidence)

    def __repr__(self) -> str:
        return f"Inspection({self.framework.id!r}, {self.evidence!r})"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001  # as it is called
        """As Hypothesis shows it: the framework stands in a note of its own."""
        printer.text(repr(self))


def _of(framework: Framework) -> st.SearchStrategy[Inspection]:
    """Inspections under a framework."""
    found = st.one_of(evidence(framework), partial_evidence(framework))
    return found.map(lambda evidence: Inspection(framework, evidence))


def inspections(framework: Framework | None = None) -> st.SearchStrategy[Inspection]:
    """Inspections: a framework, and valid evidence under it that may be complete or partly open.

    Args:
        framework: the framework; a made-up one for each inspection unless given.
    """
    return frameworks().flatmap(_of) if framework is None else _of(framework)
