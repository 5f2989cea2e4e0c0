"""The laws that were checked on a framework, and how each was shown."""

from __future__ import annotations

from docutils import nodes

from inspectlib.laws.report import LAWS, Report, Status
from inspectlib.sphinxext.doctree import Row, bullets, code, folded, numbered, para, table

__all__ = ["laws_parts"]


def laws_parts(report: Report) -> list[nodes.Node]:
    """Law by law, then what is not plainly proven, then every finding."""
    notes: dict[str, int] = {}
    rows: list[Row] = []
    for law in report.laws:
        shown = ", ".join(f"{count} {way}" for way, count in report.shown(law).items())
        numbers = sorted(notes.setdefault(assumed, len(notes) + 1) for assumed in report.assumed(law))
        rows.append([[code(law)], [LAWS.get(law, "")], [shown], [", ".join(f"{number}" for number in numbers)]])
    parts: list[nodes.Node] = [
        para("What must hold whatever an inspection finds, checked on this framework when this page was built:"),
        table(["law", "what holds", "shown", "assuming"], rows),
    ]
    if notes:
        parts.append(para("What these proofs assume:"))
        parts.append(numbered(f"{words[0].upper()}{words[1:]}." for words in notes))
    odd = [finding for finding in report.findings if finding.status is not Status.PROVEN]
    if odd:
        parts.append(para("What is not plainly proven:"))
        parts.append(
            bullets(
                [
                    para(
                        code(f.law),
                        f" {f.about}: {f.status} {f.how}: {f.says}.",
                        f" The reason: {f.reason}" if f.reason else "",
                    )
                ]
                for f in odd
            )
        )
    every: list[Row] = [[[code(f.law)], [f.about], [f.says], [f"{f.status} {f.how}"]] for f in report.findings]
    parts += folded(f"All {len(every)} findings, one by one", table(["law", "about", "what was shown", "how"], every))
    return parts
