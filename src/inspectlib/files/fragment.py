"""The line of a file that something is said of, with a mark under the column."""

from __future__ import annotations

from inspectlib.errors import InspectError, Where
from inspectlib.files.text import STDIN, read_text
from inspectlib.files.yaml_reader import MAX_BYTES

__all__ = ["fragment"]

#: More of a line than this is not shown.
_WIDTH = 100
_BEFORE = 60


def fragment(where: Where | None) -> str:
    """Two lines, the second with a caret under the column; nothing where there is no such line to be read any more."""
    if where is None or where.line is None or where.column is None or where.file == STDIN:
        return ""
    try:
        lines = read_text(where.file, MAX_BYTES).split("\n")
    except InspectError:
        return ""
    if not 0 < where.line <= len(lines):
        return ""
    line, column = lines[where.line - 1].rstrip("\r"), where.column - 1
    start = max(0, column - _BEFORE) if len(line) > _WIDTH else 0
    shown = "".join(c if c.isprintable() else " " for c in line[start : start + _WIDTH])
    before, after = "..." if start else "", "..." if len(line) > start + _WIDTH else ""
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + column - start)}^"
