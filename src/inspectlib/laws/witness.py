"""From a choice of evidence to the form of an evidence file, as small as it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from inspectlib.evidence_reader import evidence_from
from inspectlib.explore import Worlds
from inspectlib.framework import natural
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Absent, Kind, PanelRating, Tally
from inspectlib.outcome import shown, shown_text
from inspectlib.rating import rate_evidence
from inspectlib.rules import Given, Names, PanelRule

__all__ = ["evidence_of", "smallest"]

_REASON = "a reason (made up)"
#: The headings of evidence, in the order in which it is shown.
_HEADINGS = ("tallies", "ratings", "panel", "values")
#: Evidence in each of some worlds, side by side.
_Holds = Callable[[Sequence[Mapping[str, Any]]], bool]


def evidence_of(framework: Framework, choice: Mapping[str, Given]) -> dict[str, Any]:
    """Evidence that gives each node what was chosen, in the form of an evidence file."""
    data: dict[str, Any] = {heading: {} for heading in _HEADINGS}
    for name in sorted(choice, key=natural):
        node, value = framework.graph[name], choice[name]
        heading = "values"
        entry: Any
        if isinstance(value, Tally):
            heading, name = "tallies", node.of  # noqa: PLW2901  # tallies go by their key question
            entry = {"yes": value.yes, "of": value.of} if value.of else "not applicable"
        elif node.type.kind is Kind.RATING:
            heading = "panel" if isinstance(node.rule, PanelRule) else "ratings"
            entry = _rating(framework, name, value)
        else:
            entry = "not rated" if isinstance(value, Absent) else shown_text(shown(node, value))
        data[heading][name] = entry
    return {heading: entries for heading, entries in data.items() if entries}


def _rating(framework: Framework, name: str, value: Given) -> Any:
    scale = framework.graph[name].binding.scale
    assert scale is not None
    if isinstance(value, Absent):
        return "not rated"
    if isinstance(value, PanelRating):
        label = scale.ratings[value.position]
        return {"rating": label, "reason": _REASON} if value.has_reason else label
    assert isinstance(value, int)
    label = scale.ratings[value]
    rule = framework.graph[name].rule
    guided = isinstance(rule, PanelRule) and framework.graph[name].inputs
    return {"rating": label, "reason": _REASON} if guided else label


def smallest(
    framework: Framework,
    choice: Mapping[str, Worlds],
    holds: _Holds,
    about: Names = (),
    keep: Names = (),
) -> tuple[dict[str, Any], ...]:
    """The evidence of each world, as little of it as `holds` needs.

    What a standard or key question has in all worlds is stated in place of the answers beneath it, and whatever is not
    needed is left out.

    Args:
        framework: the framework.
        choice: the evidence: of each piece what it is in each world.
        holds: gets the evidence of the worlds side by side and says whether it still shows what it is to show. When it
            does not with all of it, nothing is changed.
        about: the nodes that this is to be shown of: what they have is never stated.
        keep: evidence that is not taken out.
    """
    worlds = len(next(iter(choice.values()), ((),)))

    def written(kept: Mapping[str, Worlds]) -> tuple[dict[str, Any], ...]:
        chosen = ({name: values[world] for name, values in kept.items()} for world in range(worlds))
        return tuple(evidence_of(framework, one) for one in chosen)

    kept = dict(choice)
    if not holds(written(kept)):
        return written(kept)
    ratings = [rate_evidence(framework, evidence_from(one)).results for one in written(kept)]
    for name in _wholes(framework):
        beneath = framework.graph.below(name) & kept.keys()
        first, *others = (results[name].value for results in ratings)
        if name not in about and beneath.isdisjoint(keep) and beneath and isinstance(first, int):
            fewer = {other: values for other, values in kept.items() if other not in beneath}
            fewer[name] = (first,) * worlds
            if others == [first] * len(others) and holds(written(fewer)):
                kept = fewer
    for name in [name for name in kept if name not in keep]:
        fewer = {other: values for other, values in kept.items() if other != name}
        if holds(written(fewer)):
            kept = fewer
    return written(kept)


def _wholes(framework: Framework) -> Iterator[str]:
    """The standards, then the key questions, that are rated from evidence beneath them."""
    for role in (Role.STANDARD, Role.QUESTION):
        for name, node in framework.graph.nodes.items():
            if node.role is role and node.type.kind is Kind.RATING and not node.rule.takes_evidence:
                yield name
