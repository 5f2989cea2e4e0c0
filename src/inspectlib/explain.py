"""Why a node has what it has: a short answer first, and on request all that led to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from inspectlib import explanation_text
from inspectlib.answer import ShortAnswer, short_answer
from inspectlib.closeness import Closeness, closeness
from inspectlib.derivation import Step, derive
from inspectlib.exact import fraction_text
from inspectlib.missing import MissingEvidence, missing
from inspectlib.rating import Rated
from inspectlib.rules import Names
from inspectlib.sufficient import Reasons, deciding_standards, reasons

__all__ = ["FORMAT", "Explanation", "explain"]

#: The form of an explanation as JSON; the number rises when it changes.
FORMAT = "inspectlib/explanation/2"


@attrs.frozen(slots=False)
class Explanation:
    """Why a node has what it has. Each part is found when it is first asked for.

    Attributes:
        node: the node explained.
        steps: how it came to what it has: the node's own step first; each node once.
        confidence: the confidence of the intervals of shares.
    """

    node: str
    steps: tuple[Step, ...]
    confidence: Fraction
    _rated: Rated = attrs.field(alias="rated", eq=False, repr=False)

    @cached_property
    def short(self) -> ShortAnswer:
        """The short answer."""
        return short_answer(self._rated, self.steps, self.reasons, self.standards, self.missing)

    @cached_property
    def reasons(self) -> Reasons:
        """The evidence that alone gives the node what it has, none of which can be spared."""
        return reasons(self._rated, self.node)

    @cached_property
    def standards(self) -> Names:
        """The standards whose ratings alone give the node what it has, none of which can be spared; if there are."""
        return deciding_standards(self._rated, self.node)

    @cached_property
    def missing(self) -> tuple[MissingEvidence, ...]:
        """The open evidence that the node rests on, what matters most first; none where it is settled."""
        return missing(self._rated, self.node)

    @cached_property
    def closeness(self) -> Closeness:
        """How close it is to another rating."""
        return closeness(self._rated, self.node, self.confidence)

    def walk(self) -> Iterator[tuple[int, Step, bool]]:
        """The steps as a tree: depth, step, and whether it comes for the first time."""
        steps = {step.node: step for step in self.steps}
        seen = set[str]()
        todo = [(0, self.node)]
        while todo:
            depth, name = todo.pop()
            first = name not in seen
            seen.add(name)
            yield depth, steps[name], first
            if first:
                todo.extend((depth + 1, inner) for inner in reversed(steps[name].inputs))

    def text(self, *, full: bool = False) -> str:
        """The short answer for people; in full all steps, reasons, open evidence, closeness and rules as well."""
        return explanation_text.text(self, full=full)

    def markdown(self, *, full: bool = False) -> str:
        """The same as Markdown."""
        return explanation_text.markdown(self, full=full)

    def data(self) -> dict[str, Any]:
        """The whole explanation as JSON, of the form that ``inspectlib schema --explanation`` prints."""
        framework = self._rated.framework
        return {
            "format": FORMAT,
            "framework": {"id": framework.id, "version": framework.version, "fingerprint": framework.fingerprint},
            "node": self.node,
            "short": _plain(self.short),
            "reasons": _plain(self.reasons),
            "standards": list(self.standards),
            "missing": _plain(self.missing),
            "closeness": _plain(self.closeness),
            "steps": _plain(self.steps),
        }


def _plain(value: Any) -> Any:
    """What we have as JSON: our classes by the names of their attributes, numbers as exact text."""
    if attrs.has(type(value)):
        return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return fraction_text(value) if isinstance(value, Fraction) else value


def explain(rated: Rated, name: str, confidence: Fraction) -> Explanation:
    """Explain a node of a rated inspection.

    Raises:
        UnknownNode: the framework has no such node.
    """
    return Explanation(name, derive(rated, name), confidence, rated)
