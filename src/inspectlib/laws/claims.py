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

#: Evidence of more columns than this is not told in a sentence.
MAX_COLUMNS = 4


class Claims(Bench):
    """What one framework says of itself."""

    def known(self) -> Iterator[Finding]:
        """What is known of past inspections comes out."""
        for name, known in self.framework.data.known.items():
            evidence, came = self._outcome(known)
            wanted = {"a refusal:": known.refused} if known.refused else known.gives
            wrong = {node: value for node, value in wanted.items() if came.get(node) != value}
            if not wrong:
                says = f"{name} gives {_in_words(wanted)}"
                yield Finding(law="known", about=name, status=Status.PROVEN, how=How.RATED, says=says)
            else:
                given = _in_words(known.given) if len(known.given) <= MAX_COLUMNS else "this evidence"
                told = {node: came[node] for node in wrong if node in came} or came
                says = f"{given} is known to give {_in_words(wrong)}, but gives {_in_words(told)}"
                yield attrs.evolve(self.refuted("known", name, says, evidence), how=How.RATED)

    def _outcome(self, known: Known) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, str]]:
        """The evidence as a file has it, and what comes of it by node; or by what it is refused for."""
        evidence: tuple[Mapping[str, Any], ...] = ()
        try:
            rows = Rows.of(self.framework, tuple(known.given))
            found = rows.evidence(tuple(known.given.values()))
            unread = {name: known.given[name] for name in rows.carried()}
            evidence = (_with_unread(found, unread),)
            if unread:
                return evidence, {"a refusal:": f"there is no {' and no '.join(unread)}"}
            rated = ByRules(self.framework, rows.header, [n for n in known.gives if n in self.graph.nodes])(known.given)
        except InspectError as error:
            codes = {fault.code for fault in error.faults}
            return evidence, {"a refusal:": known.refused if known.refused in codes else str(error)}
        if known.refused:
            return evidence, {"none": ""}
        return evidence, {node: cell_text(rated[node]) if node in rated else "nothing" for node in known.gives}

    def unreal(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Declared exceptions that are none: the law holds there, or there is no such law or node."""
        real = {(f.law, f.about) for f in findings if f.status in {Status.EXCEPTION, Status.SEARCHED}}
        for name, exception in self.framework.data.exceptions.items():
            for about in exception.of:
                says = ""
                shown = self.unreached.get(about, ()) if exception.law == "reached" else ()
                if (exception.law, about) not in real and not shown:
                    says = f"it is declared an exception for {about}, but nothing shows that it does not hold there"
                elif about in self.unreached and (idle := [r for r in exception.ratings if r not in shown]):
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


def _in_words(values: Mapping[str, str]) -> str:
    """Values by node in words."""
    return ", ".join(f"{node} {value}".strip() for node, value in values.items())
