"""Files: the edge of the library, where text comes in and is refused or understood, and where output is saved whole."""

from __future__ import annotations

from inspectlib.files.evidence_file import load_evidence
from inspectlib.files.framework_file import load, shipped
from inspectlib.files.save import replacing, save
from inspectlib.files.table_file import TableRun, rate_table

__all__ = ["TableRun", "load", "load_evidence", "rate_table", "replacing", "save", "shipped"]
