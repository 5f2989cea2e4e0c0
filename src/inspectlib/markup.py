"""HTML from parts: what is not markup already is escaped, so that no text can be taken for markup."""

from __future__ import annotations

import re
from html import escape

__all__ = ["Markup", "joined", "tag"]

#: What no HTML or XML may hold, whatever is done to it.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VOID = frozenset({"meta", "br", "hr", "input", "link"})


class Markup(str):
    """Text that is markup."""

    __slots__ = ()


def joined(*parts: str) -> Markup:
    """The parts one after the other, those that are plain text escaped."""
    return Markup(
        "".join(part if isinstance(part, Markup) else escape(_UNSPEAKABLE.sub("\ufffd", part)) for part in parts)
    )


def tag(name: str, /, *parts: str, **attributes: str | bool) -> Markup:
    """An element with its parts; attributes are named as in Python (``class_``), and left out where they are False."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{joined(value)}"')
        for key, value in attributes.items()
        if value is not False
    )
    return Markup(f"<{name}{written}>" + ("" if name in _VOID else f"{joined(*parts)}</{name}>"))
