"""From a choice of evidence to the form of an evidence file, as small as it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inspectlib.explore import Worlds
from inspectlib.graph import Framework
from inspectlib.kinds import Absent, Kind, PanelRating, Tally
from inspectlib.outcome import shown, shown_text
from inspectlib.rules import Given, Names, PanelRule

__all__ = ["evidence_of", "smallest"]

_REASON = "a reason (made up)"


def evidence_of(framework: Framework, choice: Mapping[str, Given]) -> dict[str, Any]:
    """Evidence that gives each node what was chosen, in the form of an evidence file."""
    data: dict[str, Any] = {}
    for name, value in choice.items():
        node = framework.graph[name]
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
        data.setdefault(heading, {})[name] = entry
    return data


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
    holds: Callable[[Sequence[Mapping[str, Any]]], bool],
    keep: Names = (),
) -> tuple[dict[str, Any], ...]:
    """The evidence of each world, without whatever is not needed for `holds`.

    `holds` gets the evidence of the worlds side by side and says whether it still shows what it is to show. When it
    does not with all of it, nothing is taken out, and what is to be kept never is.
    """
    worlds = len(next(iter(choice.values()), ((),)))

    def written(kept: Mapping[str, Worlds]) -> tuple[dict[str, Any], ...]:
        chosen = ({name: values[world] for name, values in kept.items()} for world in range(worlds))
        return tuple(evidence_of(framework, one) for one in chosen)

    kept = dict(choice)
    if holds(written(kept)):
        for name in [name for name in choice if name not in keep]:
            fewer = {other: values for other, values in kept.items() if other != name}
            if holds(written(fewer)):
                kept = fewer
    return written(kept)
