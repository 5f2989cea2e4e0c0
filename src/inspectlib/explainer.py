"""Short reasons at the speed of a compiled framework: from its values to what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import attrs

from inspectlib.counting import Counts
from inspectlib.derivation import Why, why
from inspectlib.evaluate import Result
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework
from inspectlib.intake import Intake
from inspectlib.kinds import PanelRating
from inspectlib.rating import Rated
from inspectlib.rules import Given, Names

__all__ = ["Explainer"]

_Row = Mapping[str, Any]
_Values = Callable[[_Row], Mapping[str, Given] | None]
_NOTHING: FrozenMapping[str, Any] = FrozenMapping()
#: Evidence that is complete and states nothing that is also computed.
_COMPLETE = Intake(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, Counts(_NOTHING, _NOTHING, _NOTHING, ()))


@attrs.frozen(slots=False)
class Explainer:
    """Gives the short reasons of some nodes.

    Attributes:
        framework: the framework.
        nodes: the nodes.
        write: writes the function that gives the values of a row; None where rows can say too much for it.
        rate: rates a row by the rules themselves: what the function does not cover.
    """

    framework: Framework
    nodes: Names
    write: Callable[[], _Values | None]
    rate: Callable[[_Row], Rated]

    @cached_property
    def values(self) -> _Values | None:
        """The function, written when it is first asked for."""
        return self.write()

    @cached_property
    def panels(self) -> Names:
        """The nodes that a panel rates."""
        return tuple(name for name, node in self.framework.graph.nodes.items() if node.rule.tag == "panel")

    def __call__(self, row: _Row) -> dict[str, Why]:
        """What each node has, and why."""
        values = self.values(row) if self.values else None
        rated = self.rate(row) if values is None else self._rated(row, values)
        nodes = self.framework.graph.nodes
        return {name: why(rated, nodes[name]) for name in self.nodes}

    def _rated(self, row: _Row, values: Mapping[str, Given]) -> Rated:
        """A row of complete evidence as rated."""
        panels: dict[str, PanelRating] = {}
        reasons: dict[str, str] = {}
        for name in self.panels:
            said = values.get(f"panel {name}")
            if isinstance(said, PanelRating):
                panels[name] = said
                if said.has_reason:
                    reasons[name] = row[f"{name}.reason"].strip()
        intake = attrs.evolve(_COMPLETE, reasons=reasons) if reasons else _COMPLETE
        return Rated(self.framework, _NOTHING, intake, _Results(values), values, panels, _NOTHING)


class _Results(dict[str, Result]):
    """What the nodes have, made of their values when it is asked for."""

    def __init__(self, values: Mapping[str, Given]) -> None:
        self.given = values

    def __missing__(self, name: str) -> Result:
        value = self.given[name]
        result = self[name] = Result(value, value)
        return result
