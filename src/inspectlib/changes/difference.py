"""The difference between two frameworks, as data and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import attrs

from inspectlib.changes.effect import Effect
from inspectlib.judgement import FrameworkId

__all__ = ["Change", "Difference", "How"]

#: The form of a difference as JSON; the number rises when it changes.
FORMAT = "inspectlib/diff/1"


class How(StrEnum):
    """How something is different."""

    CHANGED = "changed"
    #: Under another number, or in another domain.
    MOVED = "moved"
    RENAMED = "renamed"
    ADDED = "added"
    WITHDRAWN = "withdrawn"


@attrs.frozen(kw_only=True)
class Change:
    """What is different about one thing.

    Attributes:
        what: ``domain``, ``standard`` (with its key questions and their rules), ``rule`` or ``pooled cases``.
        old: its number or name before; empty if it was not there.
        new: its number or name after; empty if it is not there any more.
        title: what it is called for people.
        how: how it is different; several of them where it is, say, moved and changed; none if it is not.
        says: what exactly, in words.
    """

    what: str
    old: str
    new: str
    title: str
    how: tuple[How, ...]
    says: tuple[str, ...] = ()

    def heading(self) -> str:
        """Its number or name, and title."""
        name = self.new or self.old
        return name if self.title in {"", name} else f"{name} {self.title}"

    def data(self) -> dict[str, Any]:
        """The change as JSON data."""
        return {
            "what": self.what,
            "old": self.old or None,
            "new": self.new or None,
            "title": self.title,
            "how": [str(how) for how in self.how],
            "says": list(self.says),
        }


@attrs.frozen(kw_only=True)
class Difference:
    """What is different between two frameworks.

    Attributes:
        old: the framework before.
        new: the framework after.
        changes: what is different in meaning.
        unchanged: how many domains, standards, other rules and pools are in both and mean the same.
        effects: what comes of it for ratings; empty where nothing is different.
    """

    old: FrameworkId
    new: FrameworkId
    changes: tuple[Change, ...]
    unchanged: int
    effects: tuple[Effect, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the two mean the same."""
        return self.old.fingerprint == self.new.fingerprint

    def data(self) -> dict[str, Any]:
        """The difference as JSON data."""
        return {
            "format": FORMAT,
            "old": attrs.asdict(self.old),
            "new": attrs.asdict(self.new),
            "unchanged": self.unchanged,
            "changes": [change.data() for change in self.changes],
            "effects": [effect.data() for effect in self.effects],
        }

    def text(self) -> str:
        """The difference for people, as plain text."""
        return "\n".join(self._text())

    def markdown(self) -> str:
        """The difference for people, as Markdown."""
        return "\n".join(self._markdown())

    def summary(self) -> str:
        """What is different, counted."""
        if self.same:
            return f"{self.new.id} means the same as {self.old.id}"
        counts = Counter(how for change in self.changes for how in change.how)
        counted = ", ".join(f"{counts[how]} {how}" for how in How if counts[how])
        return f"{self.old.id} -> {self.new.id}: {counted}; {self.unchanged} unchanged"

    def grouped(self) -> Iterator[tuple[str, list[list[Change]]]]:
        """The changes by what they are of; those next to each other that are different alike are taken together."""
        for what in dict.fromkeys(change.what for change in self.changes):
            groups: list[list[Change]] = []
            for change in self.changes:
                if change.what == what:
                    alike = groups and (groups[-1][0].how, groups[-1][0].says) == (change.how, change.says)
                    if alike and change.how == (How.CHANGED,):
                        groups[-1].append(change)
                    else:
                        groups.append([change])
            yield what if what == "pooled cases" else f"{what}s", groups

    def _text(self) -> Iterator[str]:
        yield self.summary()
        for heading, groups in self.grouped():
            yield f"\n{heading.capitalize()}"
            for group in groups:
                yield f"  {', '.join(group[0].how)}: {'; '.join(change.heading() for change in group)}"
                yield from (f"      {words}" for words in group[0].says)
        for effect in self.effects:
            yield ""
            yield from effect.lines()

    def _markdown(self) -> Iterator[str]:
        yield f"# {self.old.id} → {self.new.id}\n"
        yield f"{_escaped(self.summary().replace(' -> ', ' → '))}."
        for heading, groups in self.grouped():
            yield f"\n## {heading.capitalize()}\n"
            for group in groups:
                headings = "; ".join(_escaped(change.heading()) for change in group)
                yield f"* **{', '.join(group[0].how)}**: {headings}"
                yield from (f"  * {_escaped(words)}" for words in group[0].says)
        for effect in self.effects:
            yield from effect.markdown_lines()


def _escaped(text: str) -> str:
    """A text that Markdown leaves as it is."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in text)
