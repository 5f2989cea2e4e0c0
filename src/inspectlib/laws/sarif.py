"""Findings for code hosts: SARIF 2.1.0, which they show at the lines concerned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from inspectlib.errors import Fault, Where
from inspectlib.laws.report import LAWS, Finding, Report

__all__ = ["sarif"]


def sarif(file: str, version: str, *, faults: Sequence[Fault] = (), report: Report | None = None) -> dict[str, Any]:
    """Faults of a framework file, or the laws refuted on it and what is odd, as one SARIF log.

    Args:
        file: the framework file, as it was named.
        version: the version of this library.
        faults: why it cannot be loaded.
        report: what a check of the laws found, and what is odd.
    """
    results = [*_faults(faults, file), *(_reported(report, file) if report else ())]
    used = {result["ruleId"] for result in results}
    rules = [{"id": name, "shortDescription": {"text": LAWS.get(name, name)}} for name in sorted(used)]
    driver = {"name": "inspectlib", "version": version, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def _faults(faults: Sequence[Fault], file: str) -> Iterator[dict[str, Any]]:
    for fault in faults:
        yield _result(fault.code, fault.message, fault.where or Where(file))


def _reported(report: Report, file: str) -> Iterator[dict[str, Any]]:
    yield from (_finding(finding, file) for finding in report.refuted)
    for notice in report.notices:
        yield _result(notice.code, notice.message, notice.where or Where(file), "warning")


def _finding(finding: Finding, file: str) -> dict[str, Any]:
    about = f"{finding.about}: " if finding.about else ""
    evidence = "".join(f"\nevidence: {one}" for one in finding.evidence)
    return _result(finding.law, f"{about}{finding.says}{evidence}", finding.where or Where(file))


def _result(rule: str, text: str, where: Where, level: str = "error") -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": where.file}}
    if where.line is not None:
        place["region"] = {"startLine": where.line, "startColumn": where.column or 1}
    return {"ruleId": rule, "level": level, "message": {"text": text}, "locations": [{"physicalLocation": place}]}
