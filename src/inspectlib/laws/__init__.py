"""Laws: what must hold of a framework whatever is inspected, shown before anything is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inspectlib.errors import Path, Where
from inspectlib.graph import Framework
from inspectlib.laws.laws import Laws
from inspectlib.laws.report import Finding, How, Report, Status

__all__ = ["Finding", "How", "Report", "Status", "check"]


def check(framework: Framework, locate: Callable[[Path], Where | None] = lambda _: None) -> Report:
    """Check every law on a framework.

    Args:
        framework: the framework.
        locate: finds the places of its entries.
    """
    findings = tuple(finding.placed(framework, locate) for finding in _findings(framework))
    return Report(framework=framework.id, fingerprint=framework.fingerprint, findings=findings)


def _findings(framework: Framework) -> Iterator[Finding]:
    laws = Laws(framework)
    yield Finding(
        law="covered", about="", status=Status.PROVEN, how=How.LOADED, says="all bands and tables were checked"
    )
    findings = [
        finding
        for law in (
            laws.ordered,
            laws.sizes,
            laws.known,
            laws.total,
            laws.reached,
            laws.matters,
            laws.monotone,
            laws.unanimous,
            laws.bounded,
            laws.absent,
            laws.limits,
            laws.guided,
            laws.departures,
            laws.open,
        )
        for finding in law()
    ]
    yield from findings
    yield from laws.unreal(findings)
