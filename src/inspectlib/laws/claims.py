"""What a framework says of itself is checked too: outcomes that are known, and the laws that are not to hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from inspectlib.compiled import ByRules, cell_text
from inspectlib.errors import InspectError
from inspectlib.framework import Known
from inspectlib.laws.bench import Bench
from inspectlib.laws.report import Finding, How, Status
from inspectlib.rows import Rows

__all__ = ["Claims"]


class Claims(Bench):
    """What one framework says of itself."""

    def known(self) -> Iterator[Finding]:
        """What is known of past inspections comes out."""
        for name, known in self.framework.data.known.items():
            wanted = ", ".join(f"{node} {rating}" for node, rating in known.gives.items())
            wanted = wanted or f"a refusal: {known.refused}"
            evidence, told, right = self._outcome(known)
            if right:
                says = f"{name} gives {wanted}"
                yield Finding(law="known", about=name, status=Status.PROVEN, how=How.RATED, says=says)
            else:
                given = ", ".join(f"{column} {cell}" for column, cell in known.given.items())
                wrong = f"{given} is known to give {wanted}, but gives {told}"
                yield attrs.evolve(self.refuted("known", name, wrong, evidence), how=How.RATED)

    def _outcome(self, known: Known) -> tuple[tuple[Mapping[str, Any], ...], str, bool]:
        """The evidence as a file has it, what comes of it, and whether that is what is known."""
        evidence: tuple[Mapping[str, Any], ...] = ()
        try:
            rows = Rows.of(self.framework, tuple(known.given))
            unread = rows.carried()
            found = rows.evidence(tuple(known.given.values()))
            evidence = (found,)
            if unread:
                evidence = (_with_unread(found, {name: known.given[name] for name in unread}),)
                return evidence, f"a refusal: there is no {' and no '.join(unread)}", False
            rated = ByRules(self.framework, rows.header, [n for n in known.gives if n in self.graph.nodes])(known.given)
        except InspectError as error:
            return evidence, f"a refusal: {error}", known.refused in {fault.code for fault in error.faults}
        if known.refused:
            return evidence, "none", False
        came = {node: cell_text(rated[node]) if node in rated else "nothing" for node in known.gives}
        return evidence, ", ".join(f"{node} {value}" for node, value in came.items()), came == dict(known.gives)

    def unreal(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Declared exceptions that are none: the law holds there, or there is no such law or node."""
        real = {(f.law, f.about) for f in findings if f.status in {Status.EXCEPTION, Status.SEARCHED}}
        for name, exception in self.framework.data.exceptions.items():
            for about in exception.of:
                says = ""
                shown = self.unreached.get(about, ()) if exception.law == "reached" else ()
                if (exception.law, about) not in real and not shown:
                    says = f"it is declared an exception for {about}, but nothing shows that it does not hold there"
                elif idle := [r for r in exception.ratings if r not in shown]:
                    says = f"{about} is declared never to be {' or '.join(idle)}, but nothing shows that"
                if says:
                    yield Finding(
                        law=exception.law,
                        about=about,
                        status=Status.REFUTED,
                        how=How.EXHAUSTION,
                        says=says,
                        path=("exceptions", name),
                    )


def _with_unread(evidence: Mapping[str, Any], unread: Mapping[str, str]) -> dict[str, Any]:
    """Evidence with what the framework has no node for, so that whoever rates it is told so."""
    found: dict[str, Any] = {heading: dict(entries) for heading, entries in evidence.items()}
    for column, cell in unread.items():
        name, _, part = column.rpartition(".")
        if part in {"yes", "of"}:
            found.setdefault("tallies", {}).setdefault(name, {})[part] = cell
        else:
            found.setdefault("ratings", {})[column] = cell
    return found
