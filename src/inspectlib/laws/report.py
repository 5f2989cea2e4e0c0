"""What a check of the laws found, in words and as data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import attrs

from inspectlib.errors import Fault, Notice, Where

__all__ = ["Finding", "How", "Report", "Status", "counted", "faulty_data"]

#: The form of a check as JSON; the number rises when it changes.
FORMAT = "inspectlib/check/1"


class Status(StrEnum):
    """What is known of a law."""

    PROVEN = "proven"
    REFUTED = "refuted"
    #: The framework declares that it does not hold, and the exception is shown to be real.
    EXCEPTION = "declared exception"
    #: No counterexample was found, and that is all.
    SEARCHED = "not refuted"


class How(StrEnum):
    """How it was shown."""

    #: When the framework was loaded, which it could not be otherwise.
    LOADED = "when loaded"
    #: By what each rule can do with a better input, put together along every path.
    TYPE = "by type"
    #: By trying all evidence, states that cannot be told apart taken together.
    EXHAUSTION = "by exhaustion"
    #: By a solver, over exact numbers and samples of every size.
    SOLVER = "by solver"
    #: By trying much evidence.
    SEARCH = "by search"


@attrs.frozen(kw_only=True)
class Finding:
    """What was found of one law for one node.

    Attributes:
        law: the law, in one word.
        about: the node it is about, or empty for the whole framework.
        status: proven, refuted, a declared exception, or not refuted.
        how: how that was shown.
        says: what was shown, in a sentence.
        evidence: for a law that does not hold, the evidence that shows it, in the form of evidence files; side by side
            where it takes two.
        reason: for a declared exception, the reason that the framework gives.
    """

    law: str
    about: str
    status: Status
    how: How
    says: str
    evidence: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""

    def data(self) -> dict[str, Any]:
        """The finding as JSON data."""
        found: dict[str, Any] = {
            "law": self.law,
            "about": self.about,
            "status": str(self.status),
            "how": str(self.how),
            "says": self.says,
        }
        if self.evidence:
            found["evidence"] = [dict(evidence) for evidence in self.evidence]
        if self.reason:
            found["reason"] = self.reason
        return found


@attrs.frozen(kw_only=True)
class Report:
    """What a check of all laws found.

    Attributes:
        framework: the id of the framework.
        fingerprint: its fingerprint.
        findings: what was found, by law.
        notices: what is legal but odd.
    """

    framework: str
    fingerprint: str
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def refuted(self) -> tuple[Finding, ...]:
        """The laws that do not hold although the framework does not say so."""
        return tuple(finding for finding in self.findings if finding.status is Status.REFUTED)

    def data(self) -> dict[str, Any]:
        """The report as JSON data."""
        return {
            "format": FORMAT,
            "framework": self.framework,
            "fingerprint": self.fingerprint,
            "faults": [],
            "warnings": [fault_data(notice) for notice in self.notices],
            "findings": [finding.data() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """The report for people: a line a law, and whatever is not plainly proven in full."""
        refuted = len(self.refuted)
        odd = f", {counted(len(self.notices), 'warning')}" if self.notices else ""
        yield f"{self.framework}: no faults, {f'{refuted} laws refuted' if refuted else 'no law refuted'}{odd}"
        for law in dict.fromkeys(finding.law for finding in self.findings):
            findings = [finding for finding in self.findings if finding.law == law]
            counts = Counter((finding.status, finding.how) for finding in findings)
            shown = ", ".join(f"{count} {status} {how}" for (status, how), count in sorted(counts.items()))
            yield f"{law:<12} {LAWS.get(law, '')}: {shown}"
            for finding in findings:
                if finding.status is not Status.PROVEN:
                    yield f"   {finding.status}: {finding.about + ': ' if finding.about else ''}{finding.says}"
                    if finding.reason:
                        yield f"      declared, because: {finding.reason}"
                    if finding.status is Status.REFUTED:
                        yield from (f"      evidence: {json.dumps(dict(evidence))}" for evidence in finding.evidence)


def counted(count: int, thing: str) -> str:
    """A number of things: ``1 warning``, ``2 warnings``."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def faulty_data(faults: Iterable[Fault]) -> dict[str, Any]:
    """The check of a file whose faults leave no framework, as JSON data."""
    found = [fault_data(fault) for fault in faults]
    nothing: dict[str, Any] = {"framework": None, "fingerprint": None, "warnings": [], "findings": []}
    return {"format": FORMAT, "faults": found, **nothing}


def fault_data(found: Fault | Notice) -> dict[str, Any]:
    """A fault or notice as JSON data."""
    where = found.where or Where("")
    return {
        "code": found.code,
        "message": found.message,
        "path": list(found.path),
        "file": where.file or None,
        "line": where.line,
        "column": where.column,
        "cell": where.cell or None,
    }


#: Every law, in a sentence.
LAWS = {
    "covered": "bands cover every number once, and decision tables have one row for every combination",
    "ordered": "the order of cases, keys and inputs changes nothing",
    "sizes": "the same shares of more cases give the same ratings",
    "known": "what is known of past inspections comes out",
    "total": "all evidence gives each rating a value, or none with a reason",
    "reached": "every rating of every rating node is reached by some evidence",
    "matters": "every piece of evidence can change something that is reported",
    "monotone": "a better answer or rating lowers no rating",
    "unanimous": "parts that all have a rating give that rating",
    "bounded": "no rating is better than the best of its parts, or worse than the worst",
    "absent": "a part that is not rated counts for no more than the best and no less than the worst",
    "limits": "each limit and guide holds where its condition does, changes nothing elsewhere, and can bind",
    "guided": "what guides a panel rating depends on evidence, and not on ratings of the panel in the same domain",
    "departures": "the panel departs from a computed rating by one band at most",
    "open": "the interval of open evidence holds every completion and both its ends",
}
