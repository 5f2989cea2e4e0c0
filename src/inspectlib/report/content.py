"""What a report says, in whatever form it is written."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import attrs

from inspectlib.colours import grade
from inspectlib.exact import percent_text
from inspectlib.explain import Explanation
from inspectlib.framework import natural
from inspectlib.graph import NO_RATING, Framework
from inspectlib.judgement import Judgement
from inspectlib.kinds import Kind
from inspectlib.outcome import Outcome, State
from inspectlib.printed import decided_by, limits, remarks
from inspectlib.rules import BandRule
from inspectlib.wording import RuleText

__all__ = ["Bar", "Content", "Line", "Reason"]


@attrs.frozen(kw_only=True)
class Line:
    """A line of the table of standards.

    Attributes:
        outcome: what the standard has.
        decided_by: what decided it, a line each.
        remarks: limits, departures and absences, a line each.
    """

    outcome: Outcome
    decided_by: tuple[str, ...]
    remarks: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Bar:
    """A key question with its share.

    Attributes:
        outcome: what the question has.
        share: the share, if there is one.
        words: the share and the count, or why there is none.
        edges: the edges of the bands that rate it.
    """

    outcome: Outcome
    share: Fraction | None
    words: str
    edges: tuple[Fraction, ...]


@attrs.frozen(kw_only=True)
class Reason:
    """A reason that people recorded.

    Attributes:
        outcome: what it is a reason for.
        what: what was decided.
        reason: the reason as recorded.
        grounds: what made a departure allowed.
    """

    outcome: Outcome
    what: str
    reason: str
    grounds: tuple[str, ...] = ()


@attrs.frozen(slots=False)
class Content:
    """What a report says.

    Attributes:
        framework: the framework.
        judgement: the judgement.
        lines: the standards; where there are none, every other node.
        bars: by standard, its key questions.
        reasons: the reasons that people recorded.
        limits: a sentence for each standard that was limited.
    """

    framework: Framework
    judgement: Judgement
    lines: tuple[Line, ...]
    bars: dict[str, tuple[Bar, ...]]
    reasons: tuple[Reason, ...]
    limits: tuple[str, ...]

    @classmethod
    def of(cls, framework: Framework, judgement: Judgement) -> Content:
        """What the report of a judgement says."""
        outcomes = judgement.outcomes.values()
        summed_up = (judgement.total, judgement.overall)
        shown = [outcome for outcome in outcomes if outcome.section == "standards"]
        shown = shown or [outcome for outcome in outcomes if outcome not in summed_up]
        lines = (
            Line(
                outcome=outcome,
                decided_by=tuple(decided_by(judgement, outcome).splitlines()),
                remarks=tuple(remarks(judgement, outcome).splitlines()),
            )
            for outcome in shown
        )
        bars = {
            number: tuple(_bar(framework, judgement, question) for question in sorted(standard.questions, key=natural))
            for *_, number, standard in framework.data.standards()
            if standard.questions
        }
        return cls(framework, judgement, tuple(lines), bars, tuple(_reasons(judgement)), tuple(limits(judgement)))

    @property
    def title(self) -> str:
        """What was inspected."""
        return self.judgement.service or "Inspection"

    @property
    def rated(self) -> bool:
        """Whether the framework rates anything."""
        return any(line.outcome.reason != NO_RATING for line in self.lines)

    def grade(self, node: str) -> int | None:
        """The grade of the rating that a node has, if it has one."""
        position = self.judgement.position(node)
        return position and grade(*position)

    @cached_property
    def derivations(self) -> tuple[Explanation, ...]:
        """The full derivation: of what all ends in, or of each standard and node that nothing else uses."""
        used = {name for node in self.framework.graph.nodes.values() for name in node.inputs}
        ends = [name for name in self.judgement.outcomes if name not in used]
        ends.sort(key=lambda name: (name != "overall", natural(name)))
        seen: set[str] = set()
        found = []
        for end in ends:
            explanation = self.judgement.explain(end)
            if not seen.issuperset(step.node for step in explanation.steps):
                found.append(explanation)
                seen.update(step.node for step in explanation.steps)
        return tuple(found)

    @cached_property
    def rules(self) -> dict[RuleText, int]:
        """The rules that the derivations name, numbered as they come."""
        found: dict[RuleText, int] = {}
        for explanation in self.derivations:
            for _, step, first in explanation.walk():
                for rule in step.rules if first else ():
                    found.setdefault(rule.rule, len(found) + 1)
        return found


def _bar(framework: Framework, judgement: Judgement, question: str) -> Bar:
    outcome = judgement[question]
    banded = [
        node
        for node in framework.graph.nodes.values()
        if node.of == question and isinstance(node.rule, BandRule) and node.binding.of is Kind.SHARE
    ]
    count = outcome.count
    if outcome.share is not None:
        words = f"{percent_text(outcome.share)} ({count})" if count else percent_text(outcome.share)
    elif outcome.state is State.NOT_APPLICABLE or (count and not (count.of or count.open)):
        words = "applies to no case"
    else:
        words = str(count) if count else outcome.text() if outcome.rating is None else ""
    edges = tuple(edge for edge, _ in banded[0].binding.edges) if banded else ()
    return Bar(outcome=outcome, share=outcome.share, words=words, edges=edges)


def _reasons(judgement: Judgement) -> list[Reason]:
    """Departures with their reasons and grounds, then what else the panel recorded."""
    found = []
    for outcome in judgement.outcomes.values():
        departure = outcome.departure
        if departure:
            what = f"departs from {outcome.computed} to {departure.rating}"
            found.append(Reason(outcome=outcome, what=what, reason=departure.reason, grounds=departure.grounds))
    departed = {reason.outcome.node for reason in found}
    for heading in ("panel", "ratings"):
        for node, said in judgement.evidence.get(heading, {}).items():
            if isinstance(said, dict) and said.get("reason") and node not in departed:
                outcome = judgement[node]
                rating = f"the panel rated it {outcome.panel}" if outcome.panel else said["rating"]
                found.append(Reason(outcome=outcome, what=rating, reason=said["reason"]))
    return found
