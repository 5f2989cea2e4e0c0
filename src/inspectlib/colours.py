"""The colours of pictures and reports, for light and for dark; each text is readable on what it stands on."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DARK", "GRADES", "LIGHT", "declared", "grade"]

#: How many colours there are for ratings.
GRADES = 4

#: By what they are for. Each grade of rating has its ground, and the line around it.
LIGHT: Mapping[str, str] = {
    "page": "#ffffff",
    "panel": "#f3f6f9",
    "rule": "#d3dbe3",
    "ink": "#17202a",
    "soft": "#475563",
    "heading": "#3b4a59",
    "line": "#6b7885",
    "thin": "#a9b5c1",
    "edge": "#7d8a97",
    "standard": "#dfecfb",
    "accent": "#2f6db5",
    "end": "#1c4b82",
    "on-end": "#ffffff",
    "limit": "#a8480a",
    "limit-page": "#fff1e6",
    "grade-0": "#fbdcdc",
    "grade-1": "#fdeccb",
    "grade-2": "#dcf1d9",
    "grade-3": "#bfe6c4",
    "grade-0-line": "#b3261e",
    "grade-1-line": "#9a6700",
    "grade-2-line": "#3f8f3a",
    "grade-3-line": "#14692a",
}
DARK: Mapping[str, str] = {
    "page": "#10151b",
    "panel": "#18202a",
    "rule": "#2f3b48",
    "ink": "#e9eef3",
    "soft": "#aebac6",
    "heading": "#bcc8d4",
    "line": "#8592a0",
    "thin": "#5b6977",
    "edge": "#7e8c9b",
    "standard": "#1a355a",
    "accent": "#6fa8ea",
    "end": "#a8ccf8",
    "on-end": "#0b1a2b",
    "limit": "#ff9f5e",
    "limit-page": "#3a2412",
    "grade-0": "#4a1d1d",
    "grade-1": "#453311",
    "grade-2": "#1f3d20",
    "grade-3": "#145229",
    "grade-0-line": "#ff8a80",
    "grade-1-line": "#f0b64f",
    "grade-2-line": "#7fd07a",
    "grade-3-line": "#5fe08a",
}


def grade(position: int, count: int) -> int:
    """The colour of a rating at a position of a scale: 0 for the worst to 3 for the best."""
    return position * (GRADES - 1) // max(1, count - 1)


def declared(colours: Mapping[str, str]) -> str:
    """The colours as CSS variables."""
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
