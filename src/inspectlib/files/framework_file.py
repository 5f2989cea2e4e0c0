"""Framework files: YAML in, a checked framework out, everything it extends taken in.

A file that extends another states only what is different. Mappings are merged entry by entry; texts, lists and rules
of another kind are replaced; an entry that is `withdrawn` is taken out. Whoever changes a figure states its basis anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path as FilePath

from inspectlib.build import build
from inspectlib.errors import (
    ExtendsCycle,
    Fault,
    FaultList,
    IncompleteFramework,
    Path,
    TooLarge,
    UnknownFramework,
    UnknownName,
    UnreadableFile,
    UnstatedBasis,
    Where,
    WrongForm,
    did_you_mean,
    raise_any,
)
from inspectlib.files.text import STDIN
from inspectlib.files.yaml_reader import read_yaml
from inspectlib.framework import FrameworkData
from inspectlib.graph import Framework
from inspectlib.structure import structure
from inspectlib.tree import ListTree, MapTree, TextTree, Tree, find

__all__ = ["load", "shipped"]

#: Taken from the file itself, never from what it extends.
_OWN = ("id", "version", "title", "abstract", "basis", "source", "section", "note")
#: Replaced whole when a file states them.
_WHOLE = ("in_force",)
_WITHDRAWN = "withdrawn"
#: The parts of a domain that have a basis of their own, or else that of the domain.
_INNER = ("standards", "questions")
#: More files than any family of frameworks has.
MAX_EXTENDED = 20


def shipped() -> tuple[str, ...]:
    """The names of the shipped frameworks, those that are only a base for others left out."""
    return tuple(name for name in _shipped_files() if not name.startswith("base-"))


def _shipped_files() -> dict[str, FilePath]:
    folder = FilePath(__file__).parent.parent / "frameworks"
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def load(framework: str | os.PathLike[str]) -> Framework:
    """Load a framework and check it.

    Args:
        framework: the name of a shipped framework, or the path of a framework file; ``-`` is standard input.

    Raises:
        InspectError: every fault found, each with file, line and column.
    """
    data, locate_tree = _resolved(framework)
    return build(data, lambda path: find(locate_tree, path))


def _resolved(framework: str | os.PathLike[str]) -> tuple[FrameworkData, Tree]:
    tree = _read_whole(_locate(os.fspath(framework), None, None), (), [])
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", _text_of(tree, "id") or "x"):
        message = "an id is made of a-z, 0-9 and single hyphens, such as hmip-crc-2019"
        raise WrongForm(message, path=("id",), where=find(tree, ("id",)))
    if _text_of(tree, "abstract") == "true":
        message = f"{_text_of(tree, 'id')} is a base for other frameworks; use one that extends it"
        raise IncompleteFramework(message, path=("abstract",), where=find(tree, ("abstract",)))
    return structure(tree, FrameworkData), tree


def _text_of(tree: Tree, key: str) -> str | None:
    entry = tree.entries.get(key) if isinstance(tree, MapTree) else None
    return entry.text if isinstance(entry, TextTree) else None


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


def _read_whole(path: FilePath, inside: tuple[str, ...], read: list[str]) -> MapTree:
    """The tree of a framework file with everything it extends; `read` counts the files."""
    tree = read_yaml(path)
    if not isinstance(tree, MapTree):
        raise WrongForm("a framework file is a mapping: id, version, title and so on", where=tree.where)
    identity = STDIN if str(path) == STDIN else os.path.realpath(path)
    folder = FilePath() if str(path) == STDIN else path.parent
    whole: MapTree | None = None
    faults = FaultList()
    for name, place in _parents(tree):
        parent = _locate(name, folder, place)
        if os.path.realpath(parent) in (*inside, identity):
            raise ExtendsCycle(f"{name!r} extends this framework itself", path=("extends",), where=place)
        read.append(name)
        if len(read) > MAX_EXTENDED:
            message = f"more than {MAX_EXTENDED} files to take in; extend fewer"
            raise TooLarge(message, path=("extends",), where=place)
        if not parent.is_file():
            message = f"the framework to extend, {parent}, is not there or is no file"
            raise UnreadableFile(message, path=("extends",), where=place)
        extended = _read_whole(parent, (*inside, identity), read)
        whole = extended if whole is None else _merged(whole, extended, (), faults)
    if whole is not None:
        whole = _merged(_without(whole, _OWN), tree, (), faults)
    raise_any(faults)
    return _without(whole or tree, ("extends",))


def _parents(tree: MapTree) -> Iterator[tuple[str, Where | None]]:
    entry = tree.entries.get("extends")
    items = entry.items if isinstance(entry, ListTree) else [entry] if entry else []
    for item in items:
        if not isinstance(item, TextTree) or item.null:
            # What is not written has no place of its own.
            place = tree.keys["extends"] if item is entry and isinstance(item, TextTree) else item.where
            raise WrongForm("name the framework to extend, or a list of them", path=("extends",), where=place)
        yield item.text, item.where


def _without(tree: MapTree, keys: tuple[str, ...]) -> MapTree:
    entries = {key: entry for key, entry in tree.entries.items() if key not in keys}
    return MapTree(entries, {key: tree.keys[key] for key in entries}, tree.where)


def _replaced(old: Tree, new: Tree, path: Path, faults: list[Fault], *, owed: bool) -> Tree:
    """The old entry as the new one changes it; `owed` when a change must yet be given its basis."""
    if isinstance(old, MapTree) and isinstance(new, MapTree):
        return _merged(old, new, path, faults, owed=owed)
    if owed and _changes(old, new):
        message = f"this changes {path[-1]!r}; state the basis and source of the change beside it"
        faults.append(UnstatedBasis(message, path=path))
    return new


def _merged(old: MapTree, new: MapTree, path: Path, faults: list[Fault], *, owed: bool = False) -> MapTree:
    """The old mapping with the entries of the new one."""
    if "rule" in new.entries and _text_of(new, "rule") != _text_of(old, "rule"):
        return new  # another kind of rule has other figures, and states its own basis
    if path and "basis" in old.entries:
        owed = not {"basis", "source"} <= new.entries.keys()
    entries, keys = dict(old.entries), dict(old.keys)
    for key, entry in new.entries.items():
        before = len(faults)
        inner = (*path, key)
        if isinstance(entry, TextTree) and entry.text == _WITHDRAWN:
            if key not in entries:
                faults.append(UnknownName(f"there is no {key!r} to withdraw{did_you_mean(key, entries)}", path=inner))
            entries.pop(key, None)
        else:
            # What stands inside a domain, or is all new, has a basis of its own or that of the domain.
            basis_owed = owed and key not in _INNER
            if inner == _WHOLE:
                entries[key] = entry
            elif key in entries:
                entries[key] = _replaced(entries[key], entry, inner, faults, owed=basis_owed)
            else:
                entries[key] = _replaced(TextTree("", null=True), entry, inner, faults, owed=basis_owed)
            keys[key] = new.keys[key]
        for fault in faults[before:]:
            fault.at(new.keys[key])
    return MapTree(entries, {key: keys[key] for key in entries}, new.where)


def _changes(old: Tree | None, new: Tree) -> bool:
    if isinstance(old, TextTree) and isinstance(new, TextTree):
        return old.text != new.text
    if isinstance(old, ListTree) and isinstance(new, ListTree):
        pairs = zip(old.items, new.items, strict=False)
        return len(old.items) != len(new.items) or any(_changes(before, after) for before, after in pairs)
    return True
