"""The law of open evidence: its interval holds every completion.

Where better evidence can only help or only harm, the interval of a rating spans what comes of three completions: all
open evidence at its worst, at its best, and not there at all. What is to be shown is that no other completion leads
beyond them. Elsewhere the completions are explored when evidence is rated; where there are too many, the interval is
made from those of the inputs, each by itself, and may be wider than the truth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inspectlib.completions import ends
from inspectlib.evaluate import Interval, order
from inspectlib.evidence_reader import evidence_from
from inspectlib.explore import Worlds
from inspectlib.graph import Node
from inspectlib.kinds import Absent, Kind, PanelRating, Polarity, Tally
from inspectlib.laws.bench import Bench
from inspectlib.laws.report import Finding, How, Status
from inspectlib.laws.witness import evidence_of
from inspectlib.rating import rate_evidence
from inspectlib.rules import Given

__all__ = ["Openness"]

#: How often open evidence is tried on the whole framework.
TRIALS = 40
#: Of more key questions than this the completions take long to try in full.
MAX_QUESTIONS = 60
#: The three completions that make an interval.
_ENDS = _WORST, _BEST, _ABSENT = range(3)

Evidence = Mapping[str, Any]


class Openness(Bench):
    """The law of open evidence on one framework."""

    def open(self) -> Iterator[Finding]:
        """The interval of open evidence holds every completion, and both its ends are completions."""
        broken = self._searched()
        if broken:
            yield broken
            return
        too_much = set[str]()
        for node in self.ratings:
            yield self._contained(node, too_much)

    def _contained(self, node: Node, too_much: set[str]) -> Finding:
        """Whether what is open beneath a rating leads nowhere beyond the ends of its interval.

        What rests on a rating for which there is too much to try is not tried: there is more of it still.
        """
        signs = {leaf: self.graph.effect(leaf)[node.name] for leaf in self._leaves_of(node)}
        says = f"{node.title}: no completion leads beyond the worst and the best, whatever is open"
        vanishing = [leaf for leaf in signs if self._can_vanish(leaf)]
        if not vanishing and Polarity.EITHER not in signs.values() and not any(map(self._has_reasons, signs)):
            return Finding(law="open", about=node.name, status=Status.PROVEN, how=How.TYPE, says=says)
        if len(vanishing) <= MAX_QUESTIONS and too_much.isdisjoint(self.graph.below(node.name)):
            held = next((held for end in _ENDS if not (held := self._holds(node, signs, end))), True)
            if held:
                return Finding(law="open", about=node.name, status=Status.PROVEN, how=How.EXHAUSTION, says=says)
            too_much.update([node.name] if held is None else [])
        return self.undecided("open", node.name, f"{says}; {TRIALS} completions of the framework did not")

    def _leaves_of(self, node: Node) -> list[str]:
        return [leaf for leaf in self.leaves if node.name in self.graph.effect(leaf)]

    def _can_vanish(self, leaf: str) -> bool:
        """Whether open evidence can turn out not to be there: answers to a question that applies to no case."""
        return self.graph[leaf].type.kind is Kind.ANSWERS

    def _has_reasons(self, leaf: str) -> bool:
        """Whether a better rating with a reason and one without can lead to different ratings."""
        said = self.letters[leaf]
        return any(isinstance(value, PanelRating) and value.has_reason for value in said or ())

    def _holds(self, node: Node, signs: Mapping[str, Polarity], end: int) -> bool | None:
        """Whether one end of the interval bounds every completion; None when there are too many to try."""
        choices: dict[str, tuple[Worlds, ...]] = {}
        for leaf, sign in signs.items():
            said = self.letters[leaf]
            if said is None:
                return None
            choices[leaf] = self._pairs(leaf, said, sign, end)
        found = self.found([node.name], choices)
        return None if found is None else not any(_beyond(state[0], end) for state in found)

    def _pairs(self, leaf: str, said: Sequence[Given], sign: Polarity, end: int) -> tuple[Worlds, ...]:
        """What a completion can say of one piece of evidence, and beside it what the end of the interval says.

        By type a better piece of evidence that is there can only help, or only harm. So of a completion all that is
        open and there may be taken to be what it is at the end; what is left to try is that it is not there. Where
        either is possible, every completion is tried whenever evidence is rated, and both say the same. Whether a value
        is there depends on nothing but what else is there, so for that end one value stands for all.
        """
        there = [value for value in said if not _is_absent(value)]
        values = [there[-1], *(value for value in said if _is_absent(value))] if end == _ABSENT else said
        alike: list[Worlds] = [(value, value) for value in values]
        if sign is Polarity.EITHER or getattr(self.graph[leaf].rule, "missing", "open") != "open":
            return tuple(alike)
        found = ends(self.graph[leaf], None)
        turned = {_WORST: _BEST, _BEST: _WORST}.get(end, end) if sign is Polarity.HARMS else end
        came = [value for value in values if self._has_reasons(leaf) or (self._can_vanish(leaf) and _is_absent(value))]
        opened = [*came, *(values[:1] if end == _ABSENT else ())]
        open_end = found[turned]
        apart = [(value, open_end) for value in opened if self._can_vanish(leaf) or not _is_absent(value)]
        return tuple(dict.fromkeys([*alike, *apart]))

    def _searched(self) -> Finding | None:
        """A completion that leaves its interval when evidence is rated as a user rates it."""
        said = {leaf: values for leaf, values in self.letters.items() if values is not None}
        for trial in range(TRIALS):
            whole = {leaf: values[self._pick(f"{trial} {leaf}", len(values))] for leaf, values in said.items()}
            # What has no rating, or is not open when nothing is said of it, is stated from the start.
            part = {n: v for n, v in whole.items() if self._closed(n, v) or self._pick(f"open {trial} {n}", 5) < 3}
            broken = self._left(evidence_of(self.framework, part), evidence_of(self.framework, whole))
            if broken:
                return broken
        return None

    def _left(self, before: Evidence, after: Evidence) -> Finding | None:
        """The node that leaves its interval when open evidence is completed, if one does."""
        partial = rate_evidence(self.framework, evidence_from(before)).results
        complete = rate_evidence(self.framework, evidence_from(after)).results
        for name, result in complete.items():
            held = partial[name].value
            if not isinstance(held, Interval) or isinstance(result.value, (Interval, PanelRating)):
                continue
            if isinstance(result.value, Absent):
                inside = held.absent
            else:
                inside = order(held.worst) <= order(result.value) <= order(held.best)
            if not inside:
                return self.refuted("open", name, f"{self.graph[name].title} leaves its interval", (before, after))
        return None

    def _pick(self, of: str, count: int) -> int:
        """A number below a count, always the same for the same framework, and as good as any."""
        text = f"{self.framework.fingerprint} {of}"
        return int(hashlib.sha256(text.encode()).hexdigest(), 16) % count

    def _closed(self, leaf: str, value: Given) -> bool:
        missing: str = getattr(self.graph[leaf].rule, "missing", "open")
        return isinstance(value, Absent) or missing != "open"


def _is_absent(value: Given) -> bool:
    return isinstance(value, Absent) or (isinstance(value, Tally) and not value.of)


def _beyond(state: Worlds, end: int) -> bool:
    """Whether what came is beyond what an end of the interval says."""
    came, bound = state
    if end == _ABSENT:
        return isinstance(came, Absent) and not isinstance(bound, Absent)
    if not isinstance(came, int):
        return False
    return not isinstance(bound, int) or (came < bound if end == _WORST else came > bound)
