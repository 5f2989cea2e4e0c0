"""What a check of the laws found, in words and as data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import attrs

from inspectlib.errors import Fault, Notice, Path, Where
from inspectlib.files.fragment import fragment
from inspectlib.graph import Framework

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
    #: By rating the very evidence that it is about.
    RATED = "when rated"
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
        path: the entry of the framework that it is about: a rule, a known outcome, or an exception that is none.
        where: file, line and column of that entry, where the framework came from a file.
    """

    law: str
    about: str
    status: Status
    how: How
    says: str
    evidence: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    path: Path = ()
    where: Where | None = None

    def placed(self, framework: Framework, locate: Callable[[Path], Where | None]) -> Finding:
        """The finding with its entry and the place of that."""
        node = framework.graph.nodes.get(self.about)
        path = self.path or (("known", self.about) if self.law == "known" else node.path if node else ())
        return attrs.evolve(self, path=path, where=locate(path))

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
        return found | _place(self.path, self.where)


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
            "laws": [
                {"law": law, "says": LAWS.get(law, ""), "shown": self.shown(law), "assumed": list(self.assumed(law))}
                for law in self.laws
            ],
            "findings": [finding.data() for finding in self.findings],
        }

    @property
    def laws(self) -> tuple[str, ...]:
        """The laws that something was found of, each once."""
        return tuple(dict.fromkeys(finding.law for finding in self.findings))

    def shown(self, law: str) -> dict[str, int]:
        """How often what was found of a law, and how that was shown: ``{"proven by type": 15}``."""
        counts = Counter((finding.status, finding.how) for finding in self.findings if finding.law == law)
        return {f"{status} {how}": count for (status, how), count in sorted(counts.items())}

    def assumed(self, law: str) -> tuple[str, ...]:
        """What is taken for granted by all that was found of a law."""
        ways = {finding.how for finding in self.findings if finding.law == law}
        return (
            *(words for how, words in _ASSUMED.items() if how in ways),
            *(words for words, laws in _ASSUMED_OF.items() if law in laws),
        )

    def lines(self) -> Iterator[str]:
        """The report for people: a line a law, and whatever is not plainly proven in full."""
        refuted = counted(len(self.refuted), "law") if self.refuted else "no law"
        odd = f", {counted(len(self.notices), 'warning')}" if self.notices else ""
        yield f"{self.framework}: no faults, {refuted} refuted{odd}"
        notes: dict[str, int] = {}
        for law in self.laws:
            shown = ", ".join(f"{count} {shown}" for shown, count in self.shown(law).items())
            numbers = sorted(notes.setdefault(assumed, len(notes) + 1) for assumed in self.assumed(law))
            assumed = f", assuming {', '.join(f'[{number}]' for number in numbers)}" if numbers else ""
            yield f"{law:<12} {LAWS.get(law, '')}: {shown}{assumed}"
            for finding in self.findings:
                if finding.law == law and finding.status is not Status.PROVEN:
                    yield f"   {finding.status}: {finding.about + ': ' if finding.about else ''}{finding.says}"
                    if finding.where and finding.status is Status.REFUTED:
                        yield f"      at {finding.where}"
                        yield from (f"      {line}" for line in fragment(finding.where).splitlines())
                    if finding.reason:
                        yield f"      declared, because: {finding.reason}"
                    if finding.status is Status.REFUTED:
                        yield from (f"      evidence: {json.dumps(dict(evidence))}" for evidence in finding.evidence)
        yield from (f"[{number}] {words}" for words, number in notes.items())


def counted(count: int, thing: str) -> str:
    """A number of things: ``1 warning``, ``2 warnings``."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def faulty_data(faults: Iterable[Fault]) -> dict[str, Any]:
    """The check of a file whose faults leave no framework, as JSON data."""
    found = [fault_data(fault) for fault in faults]
    nothing: dict[str, Any] = {"framework": None, "fingerprint": None, "warnings": [], "laws": [], "findings": []}
    return {"format": FORMAT, "faults": found, **nothing}


def fault_data(found: Fault | Notice) -> dict[str, Any]:
    """A fault or notice as JSON data."""
    return {"code": found.code, "message": found.message, **_place(found.path, found.where)}


def _place(path: Path, where: Where | None) -> dict[str, Any]:
    where = where or Where("")
    return {
        "path": list(path),
        "file": where.file or None,
        "line": where.line,
        "column": where.column,
        "cell": where.cell or None,
    }


#: What each way to show a law takes for granted.
_ASSUMED: Mapping[How, str] = {
    How.TYPE: "each kind of rule does with its inputs what it says of itself, which is tested for every kind",
    How.EXHAUSTION: "evidence that no rule tells apart is rated alike, whatever the size of the sample",
    How.SOLVER: "the constraints say what the rules do, which is tested for every kind, and z3 is right",
    How.SEARCH: "what was not tried does as what was",
}
#: What the statements of some laws leave out.
_ASSUMED_OF: Mapping[str, frozenset[str]] = {
    "nobody departs from a computed rating: how far one may is the law of departures": frozenset(
        {"total", "reached", "matters", "monotone", "unanimous", "bounded", "absent", "limits", "open"}
    ),
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
    "limits": "each limit and guide holds where its condition does, changes nothing elsewhere, and can bind; "
    "every row of a table is used",
    "guided": "what guides a panel rating depends on evidence, and not on ratings of the panel in the same domain",
    "departures": "the panel departs from a computed rating by one band at most",
    "open": "the interval of open evidence holds every completion",
}
