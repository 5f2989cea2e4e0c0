"""Framework files: YAML in, a checked framework out, everything it extends taken in.

A file that extends another states only what is different (`merge` says how it is taken in over the other). It may pin
the other by its fingerprint: then whoever loads it is told when the other has changed since.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path as FilePath

import attrs

from inspectlib.build import build
from inspectlib.errors import (
    ExtendsCycle,
    IncompleteFramework,
    InspectError,
    Notice,
    Path,
    TooLarge,
    UnknownFramework,
    UnreadableFile,
    Where,
    WrongForm,
    did_you_mean,
    raise_any,
)
from inspectlib.files.merge import Merge, text_of, without, without_outdated
from inspectlib.files.text import STDIN
from inspectlib.files.yaml_reader import read_yaml
from inspectlib.framework import FrameworkData, Parent
from inspectlib.graph import Framework
from inspectlib.meaning import differing, pinned
from inspectlib.structure import structure
from inspectlib.tree import ListTree, MapTree, TextTree, Tree, find

__all__ = ["Reading", "is_workbook", "load", "pin", "read_framework", "shipped"]

#: Taken from the file itself, never from what it extends.
_OWN = ("id", "version", "title", "abstract", "basis", "source", "section", "note")
#: More files than any family of frameworks has.
MAX_EXTENDED = 20


def shipped() -> tuple[str, ...]:
    """The names of the shipped frameworks, those that are only a base for others left out."""
    return tuple(name for name in _shipped_files() if not name.startswith("base-"))


def _shipped_files() -> dict[str, FilePath]:
    folder = FilePath(__file__).parent.parent / "frameworks"
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


@attrs.frozen
class Reading:
    """A framework with what is known of the files that it was read from.

    Attributes:
        framework: the framework.
        tree: what the files say, taken together, each entry with its place.
        file: the framework file itself.
        notices: the frameworks that it extends which are not what they were when they were pinned.
    """

    framework: Framework
    tree: Tree = attrs.field(repr=False)
    file: str
    notices: tuple[Notice, ...] = ()

    def locate(self, path: Path) -> Where | None:
        """Where an entry stands."""
        return find(self.tree, path)


def load(framework: str | os.PathLike[str]) -> Framework:
    """Load a framework and check it.

    Args:
        framework: the name of a shipped framework, or the path of a framework file; ``-`` is standard input.

    Raises:
        InspectError: every fault found, each with file, line and column.
    """
    return read_framework(framework).framework


def read_framework(
    framework: str | os.PathLike[str], reading: Callable[[FilePath], object] = lambda _: None
) -> Reading:
    """Load a framework, and keep where everything stands.

    Args:
        framework: as for `load`.
        reading: is told each file that the framework rests on before it is read, whatever comes of that.

    Raises:
        InspectError: as for `load`.
    """
    path = _locate(os.fspath(framework), None, None)
    reader = _Reader(reading)
    tree = without_outdated(reader.whole(path, ()), reader.withdrawn)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text_of(tree, "id") or "x"):
        message = "an id is made of a-z, 0-9 and single hyphens, such as hmip-crc-2019"
        raise WrongForm(message, path=("id",), where=find(tree, ("id",)))
    found = _built(tree, reader.withdrawn)
    return Reading(found, tree, "standard input" if str(path) == STDIN else str(path), tuple(reader.notices))


def _built(tree: MapTree, withdrawn: Mapping[str, Where | None]) -> Framework:
    if text_of(tree, "abstract") == "true":
        message = f"{text_of(tree, 'id')} is a base for other frameworks; use one that extends it"
        raise IncompleteFramework(message, path=("abstract",), where=find(tree, ("abstract",)))
    return build(structure(tree, FrameworkData), lambda path: find(tree, path), withdrawn)


def pin(framework: Framework, name: str) -> Parent:
    """What a file says that extends a framework as it is now, the framework going by a name or path there."""
    return Parent(framework=name, fingerprint=framework.fingerprint, pinned=pinned(framework))


def _locate(name: str, folder: FilePath | None, where: Where | None) -> FilePath:
    """The file of a framework: a shipped name, or a path beside the file that names it."""
    files = _shipped_files()
    if name in files:
        return files[name]
    path = FilePath(name) if folder is None else folder / name
    if name == STDIN and folder is None:
        return path
    if not name or "\0" in name or not (_exists(path) or re.search(r"[/\\.]", name)):
        hint = did_you_mean(name, files) or f"; shipped are {', '.join(shipped())}"
        raise UnknownFramework(f"{name!r} is neither a shipped framework nor a file{hint}", where=where)
    return path


def _exists(path: FilePath) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name longer than the system has names
        return False


def _read(path: FilePath) -> Tree:
    if not is_workbook(path):
        return read_yaml(path)
    from inspectlib.files.workbook import read_workbook  # noqa: PLC0415  # an extra, and long to import

    return read_workbook(path)


def is_workbook(path: FilePath) -> bool:
    """Whether a file is an Excel workbook, by its name."""
    return path.suffix.casefold() == ".xlsx"


class _Reader:
    """Reads one framework with everything that it extends."""

    def __init__(self, reading: Callable[[FilePath], object]) -> None:
        self.reading = reading
        self.extended = 0
        self.withdrawn: dict[str, Where | None] = {}
        self.notices: list[Notice] = []

    def whole(self, path: FilePath, inside: tuple[tuple[str, str], ...]) -> MapTree:
        """The tree of a framework file with everything it extends; `inside` has the files that extend it, by name."""
        self.reading(path)
        tree = _read(path)
        if not isinstance(tree, MapTree):
            raise WrongForm("a framework file is a mapping: id, version, title and so on", where=tree.where)
        identity = STDIN if str(path) == STDIN else os.path.realpath(path)
        inside = (*inside, (identity, path.name))
        whole: MapTree | None = None
        merge = Merge(withdrawn=self.withdrawn)
        for parent, place in _parents(tree):
            file = self._file(parent, place, FilePath() if str(path) == STDIN else path.parent, inside)
            extended = self.whole(file, inside)
            self._compare(parent, extended, place)
            whole = extended if whole is None else merge.merged(whole, extended)
        if whole is not None:
            if is_workbook(path):  # its rows are all standards and key questions that there are
                merge.replace(whole, tree, "domains")
                whole = without(whole, ("domains",))
            whole = merge.merged(without(whole, _OWN), tree)
        raise_any(merge.faults)
        return without(whole or tree, ("extends",))

    def _file(
        self, parent: Parent, place: Where | None, folder: FilePath, inside: tuple[tuple[str, str], ...]
    ) -> FilePath:
        """The file of a framework to extend, or why it cannot be extended."""
        file = _locate(parent.framework, folder, place)
        places = [identity for identity, _ in inside]
        if (identity := os.path.realpath(file)) in places:
            names = [name for _, name in inside[places.index(identity) :]]
            circle = " extends ".join([*names, names[0]])
            message = f"{parent.framework!r} extends this framework itself: {circle}"
            raise ExtendsCycle(message, path=("extends",), where=place)
        self.extended += 1
        if self.extended > MAX_EXTENDED:
            message = f"more than {MAX_EXTENDED} files to take in; extend fewer"
            raise TooLarge(message, path=("extends",), where=place)
        if not file.is_file():
            self.reading(file)
            message = f"the framework to extend, {file}, is not there or is no file"
            raise UnreadableFile(message, path=("extends",), where=place)
        return file

    def _compare(self, parent: Parent, tree: MapTree, place: Where | None) -> None:
        """Note that a parent is not what was pinned."""
        if not parent.fingerprint:
            return
        try:
            found = _built(tree, self.withdrawn)
        except IncompleteFramework:
            message = f"{parent.framework} is only a base for others: it has no fingerprint to pin; leave that out"
            raise WrongForm(message, path=("extends",), where=place) from None
        except InspectError as error:
            self._stale(f"{parent.framework}, which was pinned, has faults of its own now: {error.faults[0]}", place)
            return
        if found.fingerprint == parent.fingerprint:
            return
        said = differing(parent.pinned, pinned(found)) if parent.pinned else "what, the pin does not say"
        changed = said or "nothing that the pin tells apart"
        message = (
            f"{parent.framework} has changed since it was pinned ({changed}); see whether that is right for this "
            f"framework, then take the new pin from `inspectlib pin {parent.framework}`"
        )
        self._stale(message, place)

    def _stale(self, message: str, place: Where | None) -> None:
        self.notices.append(Notice(code="stale-pin", message=message, path=("extends",), where=place))


def _parents(tree: MapTree) -> Iterator[tuple[Parent, Where | None]]:
    """The frameworks that a file extends, each with the place that names it."""
    entry = tree.entries.get("extends")
    items = entry.items if isinstance(entry, ListTree) else [entry] if entry else []
    for item in items:
        if isinstance(item, MapTree):
            yield structure(item, Parent, ("extends",)), find(item, ("framework",))
        elif not isinstance(item, TextTree) or item.null:
            # What is not written has no place of its own.
            place = tree.keys["extends"] if item is entry and isinstance(item, TextTree) else item.where
            raise WrongForm("name the framework to extend, or a list of them", path=("extends",), where=place)
        else:
            yield Parent(framework=item.text), item.where
