"""Tables as plain text, for results that are the same bytes everywhere."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

__all__ = ["aligned"]

#: A longer cell goes on on the next line.
_CELL = 60


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The rows of a table under each other, long cells on several lines."""
    wrapped = [[textwrap.wrap(cell, _CELL) or [""] for cell in row] for row in rows]
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*wrapped, strict=True)]
    lines = [parts for row in wrapped for parts in zip_longest(*row, fillvalue="")]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
