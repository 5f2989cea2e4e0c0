"""Audit: a recorded judgement computed again from its own evidence, and compared."""

from __future__ import annotations

import json
from typing import Any

import attrs

from inspectlib.errors import InspectError, UnknownFramework
from inspectlib.files import load, shipped
from inspectlib.graph import Framework
from inspectlib.judgement import FrameworkId, Judgement, rate
from inspectlib.record import Difference, differences, read_record

__all__ = ["Audit", "audit"]

#: The form of an audit as JSON; the number rises when it changes.
FORMAT = "inspectlib/audit/1"


@attrs.frozen(kw_only=True)
class Audit:
    """What an audit of a recorded judgement found.

    Attributes:
        service: the service inspected, as recorded.
        recorded: the framework that gave the record, as recorded.
        recomputed: the framework that it was computed again with.
        differences: what the record says otherwise than its evidence gives.
        refused: why the evidence of the record is refused, when it is, a sentence each.
    """

    service: str | None
    recorded: FrameworkId
    recomputed: FrameworkId
    differences: tuple[Difference, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def same_rules(self) -> bool:
        """Whether the rules are those that gave the record."""
        return self.recorded.fingerprint == self.recomputed.fingerprint

    @property
    def agrees(self) -> bool:
        """Whether the same rules give what is recorded."""
        return self.same_rules and not self.differences and not self.refused

    def text(self) -> str:
        """What was found, for people."""
        rules = [f"  rules: {self.recomputed.id}, version {self.recomputed.version}, {self.recomputed.fingerprint}"]
        if self.agrees:
            return "\n".join(["The record agrees with what its evidence gives.", *rules]) + "\n"
        lines = ["The record does not agree with what its evidence gives.", *rules]
        if not self.same_rules:
            lines[0] = "The record was not given by these rules."
            lines.append(
                f"  recorded: {self.recorded.id}, version {self.recorded.version}, {self.recorded.fingerprint}"
            )
            same = not self.differences and not self.refused
            lines.append(
                "For this inspection they give the same." if same else "For this inspection they give another:"
            )
        if self.refused:
            lines.append("Its evidence is refused:")
        lines += [f"  {sentence}" for sentence in (*self.refused, *(one.text() for one in self.differences))]
        return "\n".join(lines) + "\n"

    def data(self) -> dict[str, Any]:
        """What was found, as JSON."""
        return {
            "format": FORMAT,
            "agrees": self.agrees,
            "same_rules": self.same_rules,
            "service": self.service,
            "recorded": attrs.asdict(self.recorded),
            "recomputed": attrs.asdict(self.recomputed),
            "differences": [attrs.asdict(difference) for difference in self.differences],
            "refused": list(self.refused),
        }


def audit(text: str, framework: Framework | None = None) -> Audit:
    """Compute a recorded judgement again from its own evidence, and compare.

    What the record says of its evidence is taken as true: an audit shows that the ratings follow from the evidence, not
    that the evidence is what was found.

    Args:
        text: the record, as `Judgement.to_json` gave it.
        framework: the framework to audit by; the shipped one that the record names unless given.

    Raises:
        OtherRecord: this is no record of a judgement.
        UnknownFramework: the record names no shipped framework, and none is given.
    """
    recorded = Judgement.from_json(text)
    if framework is None:
        name = recorded.framework.id
        if name not in shipped():
            raise UnknownFramework(f"the record was given by {name!r}, which is not shipped; name the framework's file")
        framework = load(name)
    found = Audit(
        service=recorded.service,
        recorded=recorded.framework,
        recomputed=FrameworkId(framework.id, framework.version, framework.fingerprint),
    )
    try:
        again = rate(framework, recorded.evidence)
    except InspectError as error:
        return attrs.evolve(found, refused=tuple(str(fault) for fault in error.faults))
    return attrs.evolve(found, differences=differences(read_record(text), json.loads(again.to_json())))
