"""One framework file taken in over another: what `extends` does.

Mappings are merged entry by entry; texts, lists and rules of another kind are replaced; an entry that is `withdrawn` is
taken out. Whoever changes a figure states its basis anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from inspectlib.errors import FaultList, Path, UnknownName, UnstatedBasis, Where, did_you_mean
from inspectlib.tree import ListTree, MapTree, TextTree, Tree

__all__ = ["WITHDRAWN", "Merge", "text_of", "without", "without_outdated"]

#: Replaced whole when a file states them.
_WHOLE = ("in_force",)
WITHDRAWN = "withdrawn"
#: The parts of a domain that have a basis of their own, or else that of the domain.
_INNER = ("standards", "questions")
#: The headings under which each entry has a name that rules and others may use.
_NAMED = (*_INNER, "domains", "nodes", "groups", "scales", "bands", "methods", "sources")


@attrs.frozen
class Merge:
    """The files of one framework as they are taken in, one over the other.

    Attributes:
        faults: what is wrong with the changes.
        withdrawn: what was taken out, by name, with the place that says so.
    """

    faults: FaultList = attrs.field(factory=FaultList)
    withdrawn: dict[str, Where | None] = attrs.field(factory=dict)

    def merged(self, old: MapTree, new: MapTree, path: Path = (), *, owed: bool = False) -> MapTree:
        """The old mapping with the entries of the new one; `owed` when a change must yet be given its basis."""
        if "rule" in new.entries and text_of(new, "rule") != text_of(old, "rule"):
            return new  # another kind of rule has other figures, and states its own basis
        if path and "basis" in old.entries:
            owed = not {"basis", "source"} <= new.entries.keys()
        entries, keys = dict(old.entries), dict(old.keys)
        for key, entry in new.entries.items():
            before = len(self.faults)
            inner = (*path, key)
            if isinstance(entry, TextTree) and entry.text == WITHDRAWN:
                self._withdraw(key, entries, inner, new.keys[key])
            else:
                # What stands inside a domain, or is all new, has a basis of its own or that of the domain.
                basis_owed = owed and key not in _INNER
                if inner == _WHOLE:
                    entries[key] = entry
                else:
                    at_first = entries.get(key, TextTree("", null=True))
                    entries[key] = self._replaced(at_first, entry, inner, owed=basis_owed)
                keys[key] = new.keys[key]
            for fault in self.faults[before:]:
                fault.at(new.keys[key])
        return MapTree(entries, {key: keys[key] for key in entries}, new.where)

    def replace(self, old: MapTree, new: MapTree, key: str) -> None:
        """Note what is withdrawn when an entry with domains is replaced whole."""
        before, after = (set(_within_domains(tree, key)) for tree in (old, new))
        self.withdrawn.update(dict.fromkeys(before - after, new.keys.get(key)))

    def _replaced(self, old: Tree, new: Tree, path: Path, *, owed: bool) -> Tree:
        """The old entry as the new one changes it."""
        if isinstance(old, MapTree) and isinstance(new, MapTree):
            return self.merged(old, new, path, owed=owed)
        if owed and _changes(old, new):
            message = f"this changes {path[-1]!r}; state the basis and source of the change beside it"
            self.faults.append(UnstatedBasis(message, path=path))
        return new

    def _withdraw(self, key: str, entries: dict[str, Tree], path: Path, where: Where | None) -> None:
        if key not in entries:
            message = f"there is no {key!r} to withdraw{did_you_mean(key, entries)}"
            self.faults.append(UnknownName(message, path=path))
            return
        gone = entries.pop(key)
        names = [key] if len(path) > 1 and path[-2] in _NAMED else []
        self.withdrawn.update((name, where) for name in (*names, *_within(gone)))


def without_outdated(tree: MapTree, withdrawn: Mapping[str, Where | None]) -> MapTree:
    """The whole framework without what was known of standards, key questions and nodes that are withdrawn.

    What the file says itself that withdraws them stays, to be found wrong.
    """
    known, nodes = tree.entries.get("known"), tree.entries.get("nodes")
    there = {*_within_domains(tree, "domains"), *(nodes.entries if isinstance(nodes, MapTree) else ())}
    gone = {name: place for name, place in withdrawn.items() if name not in there}
    if not isinstance(known, MapTree) or not gone:
        return tree
    outdated = tuple(name for name, entry in known.entries.items() if _speaks_of(entry, known.keys[name], gone))
    return MapTree({**tree.entries, "known": without(known, outdated)}, tree.keys, tree.where)


def _speaks_of(known: Tree, key: Where | None, gone: Mapping[str, Where | None]) -> bool:
    """Whether a known outcome is of something that another file withdrew than the one that states it."""
    parts = [known.entries.get(part) for part in ("given", "gives")] if isinstance(known, MapTree) else []
    columns = [column for part in parts if isinstance(part, MapTree) for column in part.entries]
    return any(
        column == name or column.startswith(f"{name}.")
        for name, place in gone.items()
        if not (key and place and key.file == place.file)
        for column in columns
    )


def _within(tree: Tree) -> Iterator[str]:
    """The standards and key questions in a domain or standard."""
    entries = tree.entries if isinstance(tree, MapTree) else {}
    for heading in _INNER:
        inner = entries.get(heading)
        for name, entry in inner.entries.items() if isinstance(inner, MapTree) else ():
            yield name
            yield from _within(entry)


def _within_domains(tree: MapTree, key: str) -> Iterator[str]:
    domains = tree.entries.get(key)
    for name, domain in domains.entries.items() if isinstance(domains, MapTree) else ():
        yield name
        yield from _within(domain)


def _changes(old: Tree | None, new: Tree) -> bool:
    if isinstance(old, TextTree) and isinstance(new, TextTree):
        return old.text != new.text
    if isinstance(old, ListTree) and isinstance(new, ListTree):
        pairs = zip(old.items, new.items, strict=False)
        return len(old.items) != len(new.items) or any(_changes(before, after) for before, after in pairs)
    return True


def text_of(tree: Tree, key: str) -> str | None:
    """The text under a key, if there is one."""
    entry = tree.entries.get(key) if isinstance(tree, MapTree) else None
    return entry.text if isinstance(entry, TextTree) else None


def without(tree: MapTree, keys: tuple[str, ...]) -> MapTree:
    """The mapping without some of its entries."""
    entries = {key: entry for key, entry in tree.entries.items() if key not in keys}
    return MapTree(entries, {key: tree.keys[key] for key in entries}, tree.where)
