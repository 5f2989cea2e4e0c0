"""Input before it has meaning: mappings, lists and texts, each with its place. Every number is still text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from inspectlib.errors import NotExact, Path, TooDeep, TooLarge, Where, WrongForm

__all__ = ["ListTree", "MapTree", "TextTree", "Tree", "find", "from_python", "plain"]

#: Deeper than any file of ours nests, shallow enough for any computer.
MAX_DEPTH = 40
#: Entries of a mapping from code: a large inspection has some ten thousand.
MAX_ENTRIES = 200_000
#: Longer numbers are refused by `exact` anyway, and take long to write as text.
MAX_BITS = 700


@attrs.frozen
class TextTree:
    """A text. `null` when nothing is written, or ``null`` or ``~`` without quotes."""

    text: str
    where: Where | None = None
    null: bool = False


@attrs.frozen
class MapTree:
    """A mapping, with the place of each key."""

    entries: dict[str, Tree]
    keys: dict[str, Where | None]
    where: Where | None = None


@attrs.frozen
class ListTree:
    """A list."""

    items: list[Tree]
    where: Where | None = None


Tree = MapTree | ListTree | TextTree


def plain(tree: Tree) -> object:
    """The tree as dicts, lists, texts and None."""
    if isinstance(tree, MapTree):
        return {key: plain(entry) for key, entry in tree.entries.items()}
    if isinstance(tree, ListTree):
        return [plain(item) for item in tree.items]
    return None if tree.null else tree.text


def find(tree: Tree, path: Path) -> Where | None:
    """The place of an entry: of its key in a mapping; where the path leads nowhere, of the last entry on the way."""
    where = tree.where
    for step in path:
        if isinstance(tree, MapTree) and step in tree.entries:
            where = tree.keys[str(step)]
            tree = tree.entries[str(step)]
        elif isinstance(tree, ListTree) and isinstance(step, int) and step < len(tree.items):
            tree = tree.items[step]
            where = tree.where
        else:
            break
    return where


def from_python(value: object) -> Tree:
    """Values from code as a tree: numbers become exact text.

    Raises:
        NotExact: a float, which is not exact.
        WrongForm: a value of another type, such as True for an answer.
        TooDeep: nested deeper than 40 levels, or in a circle.
        TooLarge: more entries, or a longer number, than are read.
    """
    return _FromPython().tree(value, ())


class _FromPython:
    def __init__(self) -> None:
        self.entries = 0

    def tree(self, value: object, path: Path) -> Tree:
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            raise TooLarge(f"more than {MAX_ENTRIES:,} entries", path=path)
        if len(path) > MAX_DEPTH:
            raise TooDeep(f"nested deeper than {MAX_DEPTH} levels", path=path)
        if isinstance(value, Mapping):
            entries: dict[str, Tree] = {}
            for key, item in value.items():
                entries[_key(key, path)] = self.tree(item, (*path, _key(key, path)))
            return MapTree(entries, dict.fromkeys(entries))
        if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
            return ListTree([self.tree(item, (*path, index)) for index, item in enumerate(value)])
        return TextTree("", null=True) if value is None else TextTree(_scalar_text(value, path))


def _scalar_text(value: object, path: Path) -> str:
    """A single value as exact text."""
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise WrongForm("a text with half a character, which no file can hold", path=path)
        return str(value)
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, bool):
        message = f"{value} where a text belongs; write 'yes' or 'no' for an answer, 'true' or 'false' for a switch"
        raise WrongForm(message, path=path)
    if isinstance(value, (int, Fraction)):
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
            raise TooLarge("a number of more than 200 characters", path=path)
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        if abs(value.adjusted()) > MAX_BITS or len(value.as_tuple().digits) > MAX_BITS:
            raise TooLarge("a number of more than 200 characters", path=path)
        return format(value, "f")
    if isinstance(value, (float, Decimal)):
        message = f"{value!r} is not exact; give a whole number, a Fraction, a Decimal or text like '0.65'"
        raise NotExact(message, path=path)
    raise WrongForm(f"a {type(value).__name__} has no place here", path=path)


def _key(key: object, path: Path) -> str:
    if not isinstance(key, str):
        small = isinstance(key, (int, float)) and abs(key) < MAX_BITS
        hint = f"; write {str(key)!r}" if small else ""
        raise WrongForm(f"a key must be text, not a {type(key).__name__}{hint}", path=path)
    return key
