"""Files: the edge of the library, where text comes in and is refused or understood, and where output is saved whole."""

from __future__ import annotations

from inspectlib.files.evidence_file import load_evidence
from inspectlib.files.framework_file import load, shipped
from inspectlib.files.save import save

__all__ = ["load", "load_evidence", "save", "shipped"]
