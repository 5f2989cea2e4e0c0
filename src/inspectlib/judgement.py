"""The judgement: the rating of an inspection with all that led to it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from inspectlib.closeness import Closeness, closeness
from inspectlib.errors import OtherRecord, UnknownNode, did_you_mean
from inspectlib.evidence import Evidence, evidence_data
from inspectlib.evidence_reader import evidence_from
from inspectlib.explain import Explanation, explain
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework
from inspectlib.kinds import Kind, Score
from inspectlib.missing import MissingEvidence, missing
from inspectlib.outcome import Outcome, State, number_data, shown_data
from inspectlib.proportion import parse_confidence
from inspectlib.rating import Rated, outcomes, rate_evidence
from inspectlib.record import RECORD, differences, read_record
from inspectlib.sufficient import Reasons, reasons

if TYPE_CHECKING:
    from inspectlib.ways import WhatIf

__all__ = ["FrameworkId", "Judgement", "rate"]


@attrs.frozen
class FrameworkId:
    """Which framework gave a judgement.

    Attributes:
        id: its name.
        version: the version of its encoding.
        fingerprint: the fingerprint of its meaning.
    """

    id: str
    version: str
    fingerprint: str


@attrs.frozen(kw_only=True, slots=False)
class Judgement:
    """A judgement: immutable; equal to another that says the same of the same evidence under the same framework.

    Attributes:
        framework: the framework that gave it.
        service: the service inspected.
        date: the day of the inspection, where the evidence states it.
        warnings: what a reader should know, such as that the framework was not in force on that day.
        outcomes: what every standard, key question and named node has.
        evidence: the evidence as recorded, in the form of an evidence file: cases counted, everything else as stated.
    """

    framework: FrameworkId
    service: str | None
    date: dt.date | None = None
    warnings: tuple[str, ...] = ()
    outcomes: FrozenMapping[str, Outcome] = attrs.field(repr=lambda outcomes: f"<{len(outcomes)} outcomes>")
    evidence: Mapping[str, Any] = attrs.field(repr=False, hash=False)
    _rated: Rated | None = attrs.field(default=None, alias="rated", eq=False, repr=False)

    def __getitem__(self, node: str) -> Outcome:
        """What a node has, or UnknownNode."""
        if node not in self.outcomes:
            raise UnknownNode(f"the judgement has no {node!r}{did_you_mean(node, self.outcomes)}")
        return self.outcomes[node]

    @property
    def overall(self) -> Outcome | None:
        """What the node ``overall`` has; None when the framework has no overall rating."""
        return self.outcomes.get("overall")

    @property
    def total(self) -> Outcome | None:
        """What the node ``total`` has; None when the framework has no total."""
        return self.outcomes.get("total")

    def position(self, node: str) -> tuple[int, int] | None:
        """The position of a settled rating on its scale, 0 being the worst, and the number of ratings.

        None when there is none, or when the judgement was read from a record without its framework.
        """
        found = self[node].rating
        scale = self._rated.framework.graph[node].binding.scale if found and self._rated else None
        return (scale.position(found), len(scale.ratings)) if found and scale else None

    def explain(self, node: str = "overall", *, confidence: str | Fraction = "95%") -> Explanation:
        """Why a node has what it has: a short answer, and on request all that led to it.

        Args:
            node: a standard, key question or other node.
            confidence: the confidence of the intervals of shares, which are for information only.

        Raises:
            UnknownNode: the framework has no such node.
            OtherRecord: the judgement was read from a record without its framework.
            NotExact: the confidence is no exact number.
            OffScale: the confidence is not between 0 and 1.
        """
        return explain(self._with_framework(), node, parse_confidence(confidence))

    def reasons(self, node: str = "overall") -> Reasons:
        """The evidence that alone gives a node what it has, none of which can be spared.

        Raises:
            UnknownNode: the framework has no such node.
            OtherRecord: the judgement was read from a record without its framework.
        """
        return reasons(self._with_framework(), node)

    def missing(self, node: str = "overall") -> tuple[MissingEvidence, ...]:
        """The open evidence that a node rests on, what matters most first; none where the node is settled.

        Raises:
            UnknownNode: the framework has no such node.
            OtherRecord: the judgement was read from a record without its framework.
        """
        return missing(self._with_framework(), node)

    def closeness(self, node: str = "overall", *, confidence: str | Fraction = "95%") -> Closeness:
        """How close a node is to another rating, for information only.

        Args:
            node: a standard, key question or other node.
            confidence: the confidence of the intervals of shares.

        Raises:
            UnknownNode: the framework has no such node.
            OtherRecord: the judgement was read from a record without its framework.
            NotExact: the confidence is no exact number.
            OffScale: the confidence is not between 0 and 1.
        """
        return closeness(self._with_framework(), node, parse_confidence(confidence))

    def to_reach(self, node: str, rating: str, *, hold: Iterable[str] = (), most: int = 10) -> WhatIf:
        """The fewest changes of the evidence after which a node has a rating, or a better one.

        Args:
            node: the node.
            rating: the rating to be reached.
            hold: what is not to be changed: standards, key questions, domains or other nodes.
            most: how many ways with so few changes are told; all of them are counted.

        Raises:
            UnknownNode: the framework has no such node.
            NoRating: the node has no rating.
            OffScale: there is no such rating on its scale.
            Unanswerable: an exact answer takes too much, or evidence that is not there yet.
            OtherRecord: the judgement was read from a record without its framework.
        """
        from inspectlib.whatif import to_reach  # noqa: PLC0415  # a rating needs none of it

        return to_reach(self._with_framework("ask what would change it"), node, rating, hold=hold, most=most)

    def to_lower(self, node: str = "overall", *, hold: Iterable[str] = (), most: int = 10) -> WhatIf:
        """The fewest changes of the evidence after which a node has a worse rating: how robust the rating is.

        While the rating is open, the best that it can still become is meant.

        Args:
            node: the node.
            hold: what is not to be changed, as for `to_reach`.
            most: how many ways with so few changes are told; all of them are counted.

        Raises:
            UnknownNode: the framework has no such node.
            NoRating: the node has no rating.
            Unanswerable: an exact answer takes too much, or evidence that is not there yet.
            OtherRecord: the judgement was read from a record without its framework.
        """
        from inspectlib.whatif import to_lower  # noqa: PLC0415  # a rating needs none of it

        return to_lower(self._with_framework("ask what would change it"), node, hold=hold, most=most)

    def _with_framework(self, to: str = "explain it") -> Rated:
        """What was computed on the way, for what is asked of it; OtherRecord without the framework."""
        if self._rated is None:
            raise OtherRecord(f"read the record with its framework to {to}: Judgement.from_json(text, framework)")
        return self._rated

    def to_data(self) -> dict[str, Any]:
        """The judgement as JSON data, with everything needed to compute it again."""
        sections: dict[str, dict[str, Any]] = {"standards": {}, "questions": {}, "ratings": {}, "values": {}}
        for name, outcome in self.outcomes.items():
            if name != "overall":
                sections[outcome.section].setdefault(name, outcome.data())
        overall = self.overall.data() if self.overall else None
        if overall is not None and self.total and self.total.kind is Kind.SCORE:
            overall |= _total_data(self.total)
        return {
            "format": RECORD,
            "framework": attrs.asdict(self.framework),
            "service": self.service,
            "date": self.date and self.date.isoformat(),
            "warnings": list(self.warnings),
            "overall": overall,
            **sections,
            "evidence": self.evidence,
        }

    def to_json(self) -> str:
        """The judgement as canonical JSON text: the same judgement gives the same bytes."""
        return json.dumps(self.to_data(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, framework: Framework | None = None) -> Judgement:
        """Read a judgement from its JSON.

        Args:
            text: what `to_json` gave.
            framework: the framework that gave it. With it, the judgement is computed again and can be explained.

        Raises:
            OtherRecord: not such a text, or given by another framework, or not what the framework gives now.
        """
        data = read_record(text)
        try:
            recorded = cls._from_data(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OtherRecord(f"this is no record of a judgement: {type(error).__name__} {error}") from None
        if framework is None:
            return recorded
        if framework.fingerprint != recorded.framework.fingerprint:
            given = f"{recorded.framework.id} with the fingerprint {recorded.framework.fingerprint}"
            raise OtherRecord(f"the record was given by {given}, not by {framework.id} as it is now")
        again = rate(framework, recorded.evidence)
        differing = dict.fromkeys(found.node or found.entry for found in differences(data, json.loads(again.to_json())))
        if differing:
            raise OtherRecord(f"the record does not say what its evidence gives for {', '.join(differing)}")
        return again

    @classmethod
    def _from_data(cls, data: Mapping[str, Any]) -> Judgement:
        outcomes = {
            name: Outcome.from_data(name, section, found)
            for section in ("standards", "questions", "ratings", "values")
            for name, found in data[section].items()
        }
        if data["overall"] is not None:
            outcomes["overall"] = Outcome.from_data("overall", "ratings", data["overall"])
        return cls(
            framework=FrameworkId(**data["framework"]),
            service=data["service"],
            date=dt.date.fromisoformat(data["date"]) if data["date"] is not None else None,
            warnings=tuple(data["warnings"]),
            outcomes=FrozenMapping(outcomes),
            evidence=data["evidence"],
        )


def _total_data(total: Outcome) -> dict[str, Any]:
    """The score and its maximum beside the overall rating; while open, the lowest and the highest score possible."""
    if isinstance(total.value, Score):
        return {"score": number_data(total.value.points), "max": number_data(total.value.max)}
    if total.state is State.OPEN and total.between:
        return {"score": None, "max": None, "score_between": [shown_data(end) for end in total.between]}
    return {"score": None, "max": None}


def rate(framework: Framework, evidence: Evidence | Mapping[str, object]) -> Judgement:
    """Rate an inspection.

    Args:
        framework: the framework, from `inspectlib.load`.
        evidence: from `inspectlib.load_evidence`, built in code, or a mapping in the form of an evidence file.

    Returns:
        The judgement. Valid evidence always gives one: each node is rated, not rated with a reason, or open with what
        is still possible.

    Raises:
        InspectError: every fault found in the evidence.
    """
    found = evidence if isinstance(evidence, Evidence) else evidence_from(evidence)
    rated = rate_evidence(framework, found)
    return Judgement(
        framework=FrameworkId(framework.id, framework.version, framework.fingerprint),
        service=found.service,
        date=found.date,
        warnings=_warnings(framework, found.date),
        outcomes=outcomes(rated),
        evidence=evidence_data(found, rated.intake.counts.own, rated.intake.counts.units),
        rated=rated,
    )


def _warnings(framework: Framework, day: dt.date | None) -> tuple[str, ...]:
    force = framework.data.in_force
    if day is None or force is None or force.covers(day):
        return ()
    return (f"{framework.id} was not in force on {day}, the day of the inspection; it was in force {force.words()}",)
