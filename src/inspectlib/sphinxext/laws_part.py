"""The laws that were checked on a framework, and how each was shown."""

from __future__ import annotations

from collections import Counter

from docutils import nodes

from inspectlib.laws.report import LAWS, Finding, Report, Status
from inspectlib.sphinxext.doctree import Row, bullets, code, folded, para, table

__all__ = ["laws_parts"]


def laws_parts(report: Report) -> list[nodes.Node]:
    """Law by law, then what is not plainly proven, then every finding."""
    by_law: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_law.setdefault(finding.law, []).append(finding)
    rows: list[Row] = []
    for law, findings in by_law.items():
        counts = Counter((finding.status, finding.how) for finding in findings)
        shown = ", ".join(f"{count} {status} {how}" for (status, how), count in sorted(counts.items()))
        rows.append([[code(law)], [LAWS.get(law, "")], [shown]])
    parts: list[nodes.Node] = [
        para("What must hold whatever an inspection finds, checked on this framework when this page was built:"),
        table(["law", "what holds", "shown"], rows),
    ]
    odd = [finding for finding in report.findings if finding.status is not Status.PROVEN]
    if odd:
        parts.append(para("What is not plainly proven:"))
        parts.append(
            bullets(
                [
                    para(
                        code(f.law),
                        f" {f.about}: {f.status} {f.how}: {f.says}",
                        f" Reason: {f.reason}" if f.reason else "",
                    )
                ]
                for f in odd
            )
        )
    every: list[Row] = [[[code(f.law)], [f.about], [f.says], [f"{f.status} {f.how}"]] for f in report.findings]
    parts += folded(f"All {len(every)} findings, one by one", table(["law", "about", "what was shown", "how"], every))
    return parts
