"""The domain `inspect`: what there is to link to, the roles that link to it, and the index of sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.domains import Domain, Index, IndexEntry, ObjType
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from inspectlib.framework import natural
from inspectlib.sphinxext.directives import DIRECTIVES
from inspectlib.sphinxext.kinds import KINDS, Rests

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

__all__ = ["InspectDomain"]

_logger = logging.getLogger(__name__)


@attrs.frozen
class Place:
    """Where something is described.

    Attributes:
        docname: the page.
        anchor: the place on it.
        title: what it is called.
    """

    docname: str
    anchor: str
    title: str


class _Role(XRefRole):
    """A link; ``title <target>`` as everywhere, otherwise the title of what is linked to."""

    def process_link(
        self,
        env: BuildEnvironment,
        refnode: nodes.Element,
        has_explicit_title: bool,  # noqa: FBT001  # Sphinx passes it so
        title: str,
        target: str,
    ) -> tuple[str, str]:
        refnode["explicit"] = has_explicit_title
        return title, " ".join(target.split())


class SourceIndex(Index):
    """From each source, clause by clause, to the rules that rest on it, over all frameworks."""

    name = "sources"
    localname = "Sources and the rules that rest on them"
    shortname = "sources"

    def generate(self, docnames: Iterable[str] | None = None) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        """The entries: a group a source, an entry a clause, below it the rules."""
        wanted = None if docnames is None else set(docnames)
        assert isinstance(self.domain, InspectDomain)
        groups: dict[str, dict[str, list[Rests]]] = {}
        for rests in self.domain.rests:
            if wanted is None or rests.docname in wanted:
                groups.setdefault(rests.source, {}).setdefault(rests.section or "as a whole", []).append(rests)
        content = []
        for source, clauses in sorted(groups.items()):
            entries: list[IndexEntry] = []
            for clause, found in sorted(clauses.items()):
                entries.append(IndexEntry(clause, 1, "", "", f"{len(found)}", "", ""))
                found.sort(key=lambda rests: (rests.framework, natural(rests.node)))
                entries += [IndexEntry(r.title, 2, r.docname, r.anchor, r.framework, "", r.basis) for r in found]
            content.append((source, entries))
        return content, False


class InspectDomain(Domain):
    """Frameworks and what is in them."""

    name = "inspect"
    label = "Inspection frameworks"
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in KINDS}
    directives: ClassVar[dict[str, type[Directive]]] = dict(DIRECTIVES)
    roles: ClassVar[dict[str, Any]] = {kind: _Role(innernodeclass=nodes.inline, warn_dangling=True) for kind in KINDS}
    indices: ClassVar[list[type[Index]]] = [SourceIndex]
    initial_data: ClassVar[dict[str, Any]] = {"objects": {}, "rests": [], "laws": {}}
    data_version = 2

    @property
    def objects(self) -> dict[tuple[str, str], Place]:
        """What there is, by kind and name."""
        found: dict[tuple[str, str], Place] = self.data["objects"]
        return found

    @property
    def rests(self) -> list[Rests]:
        """What rests on which clause of which source."""
        found: list[Rests] = self.data["rests"]
        return found

    @property
    def laws(self) -> dict[str, Mapping[str, Any]]:
        """The reports of checks of the laws, by fingerprint."""
        found: dict[str, Mapping[str, Any]] = self.data["laws"]
        return found

    def note(self, kind: str, name: str, anchor: str, title: str) -> None:
        """Say that something is described at a place of the page being read."""
        key, docname = (kind, name), self.env.docname
        known = self.objects.get(key)
        if known is not None and known.docname != docname:
            _logger.warning(
                "%s %s is described in %s too; give all but one the option no-index", kind, name, known.docname
            )
        self.objects[key] = Place(docname, anchor, title)

    def clear_doc(self, docname: str) -> None:
        """Forget what a page described."""
        for key in [key for key, place in self.objects.items() if place.docname == docname]:
            del self.objects[key]
        self.data["rests"] = [rests for rests in self.rests if rests.docname != docname]

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take in what another process read."""
        self.objects.update({key: p for key, p in otherdata["objects"].items() if p.docname in docnames})
        self.rests.extend(rests for rests in otherdata["rests"] if rests.docname in docnames)
        self.laws.update(otherdata["laws"])

    def resolve_xref(  # noqa: PLR0917  # Sphinx passes them so
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """The link to what is meant; nothing where nothing of that name is described."""
        # An explorer can be linked to in a state: what is picked follows its name after #.
        name, _, picked = target.partition("#") if typ == "explorer" else (target, "", "")
        place = self.objects.get((typ, name))
        if place is None:
            return None
        shown = contnode if node.get("explicit", True) else nodes.inline(place.title, place.title)
        return make_refnode(builder, fromdocname, place.docname, picked or place.anchor, shown, place.title)

    def resolve_any_xref(  # noqa: PLR0917  # likewise
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Whatever has that name."""
        found = []
        for kind in KINDS:
            link = self.resolve_xref(env, fromdocname, builder, kind, target, node, contnode)
            if link is not None:
                found.append((f"inspect:{kind}", link))
        return found

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Everything described, for search and for other projects."""
        for (kind, name), place in self.objects.items():
            yield name, place.title, kind, place.docname, place.anchor, 1 if kind == "framework" else 0
