"""What Hypothesis runs when it is imported: `st.from_type` knows scales, frameworks and evidence from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from inspectlib.evidence import Evidence
    from inspectlib.graph import Framework
    from inspectlib.scales import Scale

__all__ = ["register"]


def register() -> None:
    """Register the strategies; each is made when it is first asked for."""
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415  # it is Hypothesis that calls

    from inspectlib.evidence import Evidence  # noqa: PLC0415  # only now
    from inspectlib.graph import Framework  # noqa: PLC0415  # likewise
    from inspectlib.scales import Scale  # noqa: PLC0415  # likewise

    register_type_strategy(Scale, lambda _: _scales())
    register_type_strategy(Framework, lambda _: _frameworks())
    register_type_strategy(Evidence, lambda _: _evidence())


def _scales() -> SearchStrategy[Scale]:
    from inspectlib.testing import strategies  # noqa: PLC0415  # it takes Hypothesis, which is being imported

    return strategies.scales()


def _frameworks() -> SearchStrategy[Framework]:
    from inspectlib.testing import strategies  # noqa: PLC0415  # likewise

    return strategies.frameworks()


def _evidence() -> SearchStrategy[Evidence]:
    """Evidence for some made-up framework."""
    from inspectlib.evidence_reader import evidence_from  # noqa: PLC0415  # likewise
    from inspectlib.testing import strategies  # noqa: PLC0415  # likewise

    return strategies.inspections().map(lambda inspection: evidence_from(inspection.evidence))
