"""The directives: a framework, a standard, a rule, a worked example, a rating explorer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import inspectlib
from inspectlib.errors import InspectError
from inspectlib.evidence_reader import read_evidence
from inspectlib.explorer import embedded
from inspectlib.files.framework_file import read_framework
from inspectlib.files.yaml_reader import parse_yaml
from inspectlib.graph import Framework
from inspectlib.laws import Report, check
from inspectlib.report.content import Content
from inspectlib.sphinxext.doctree import anchored, explorer
from inspectlib.sphinxext.example_page import ExamplePage
from inspectlib.sphinxext.framework_page import FrameworkPage
from inspectlib.sphinxext.kinds import Rests
from inspectlib.sphinxext.statements import statements

if TYPE_CHECKING:
    from inspectlib.sphinxext.domain import InspectDomain

__all__ = ["DIRECTIVES"]

_logger = logging.getLogger(__name__)


class _Directive(SphinxDirective):
    """What the directives have in common."""

    required_arguments = 1
    option_spec: ClassVar[Any] = {"no-index": directives.flag}

    @property
    def inspect(self) -> InspectDomain:
        """The domain."""
        return cast("InspectDomain", self.env.get_domain("inspect"))

    def run(self) -> list[nodes.Node]:
        """What the directive shows; what is wrong with a file is an error of the page, with its place."""
        try:
            return self.shown()
        except InspectError as error:
            return [self.state.document.reporter.error(f"{fault}", line=self.lineno) for fault in error.faults]

    def shown(self) -> list[nodes.Node]:
        """What the directive shows."""
        raise NotImplementedError

    def path(self, name: str) -> str:
        """A file beside the page, or from the top of the sources; a name that is no file stays as it is."""
        _, path = self.env.relfn2path(name)
        return path if Path(path).is_file() else name

    def depend_on(self, *paths: str | Path) -> None:
        """Build the page again when one of the files changes."""
        for path in paths:
            self.env.note_dependency(str(Path(path).resolve()))

    def framework(self, name: str) -> Framework:
        """A framework, shipped or from a file beside the page."""
        files: list[Path] = []
        try:
            return read_framework(self.path(name), files.append).framework
        finally:
            self.depend_on(*files)

    def page(self, framework: Framework, since: Framework | None = None) -> FrameworkPage:
        """The parts of the page of a framework, its laws checked if they are not known yet."""
        return FrameworkPage(framework, self.report(framework), since)

    def report(self, framework: Framework) -> Report:
        """What a check of the laws found; kept between builds by fingerprint."""
        laws = cast("dict[str, Report]", self.inspect.laws)
        if framework.fingerprint not in laws:
            laws[framework.fingerprint] = check(framework)
        return laws[framework.fingerprint]

    def note(self, places: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        """Make what is described known to the roles."""
        if "no-index" not in self.options:
            for (kind, name), (anchor, title) in places.items():
                self.inspect.note(kind, name, anchor, title)


class FrameworkDirective(_Directive):
    """A framework with everything that it says."""

    option_spec: ClassVar[Any] = {"since": directives.unchanged, "no-index": directives.flag}

    def shown(self) -> list[nodes.Node]:
        """The whole page of the framework."""
        framework = self.framework(self.arguments[0])
        since = self.framework(self.options["since"]) if "since" in self.options else None
        page = self.page(framework, since)
        anchor = page.anchor("framework", "")
        parts = [nodes.target("", "", ids=[anchor]), *page.parts()]
        page.places["framework", framework.id] = anchor, framework.title
        self.note(page.places)
        if "no-index" not in self.options:
            self.inspect.rests.extend(self._rests(page))
        return parts

    def _rests(self, page: FrameworkPage) -> Iterator[Rests]:
        """What the framework as a whole, its changes, bands and rules rest on; a standard has the clause beside it."""
        for stated in statements(page.framework, page.groups):
            if stated.kind != "standard":
                yield Rests(
                    source=page.data.sources[stated.source].title,
                    section=stated.section,
                    basis=str(stated.basis),
                    framework=page.id,
                    node=stated.target,
                    title=stated.what,
                    docname=self.env.docname,
                    anchor=page.places[stated.kind, f"{page.id} {stated.target}".strip()][0],
                )


class _OneOf(_Directive):
    """One thing of a framework, named after it."""

    required_arguments = 2

    def one(self, page: FrameworkPage, name: str) -> nodes.section:
        """Its section."""
        raise NotImplementedError

    def shown(self) -> list[nodes.Node]:
        """The section, without the rest of the framework."""
        page = self.page(self.framework(self.arguments[0]))
        found = self.one(page, " ".join(self.arguments[1].split()))
        self.note(page.places)
        return [found]


class StandardDirective(_OneOf):
    """One standard."""

    def one(self, page: FrameworkPage, name: str) -> nodes.section:
        """Its questions, and the rules that rate it."""
        for _, domain, number, standard in page.data.standards():
            if number == name:
                return page.standard(number, standard, domain)
        raise self.error(f"{page.id} has no standard {name!r}")


class RuleDirective(_OneOf):
    """One rule."""

    def one(self, page: FrameworkPage, name: str) -> nodes.section:
        """The rule of a node."""
        return page.rule(page.group_of[page.graph[name].name])


class ExampleDirective(_Directive):
    """A worked example: from an evidence file, or from evidence written under the directive."""

    optional_arguments = 1
    has_content = True
    option_spec: ClassVar[Any] = {
        "cases": directives.unchanged,
        "unit": directives.unchanged,
        "name": directives.unchanged,
        "no-index": directives.flag,
    }

    def shown(self) -> list[nodes.Node]:
        """The judgement with its derivation, in a section of its own."""
        framework = self.framework(self.arguments[0])
        if len(self.arguments) > 1:
            files = {key: [self.path(name) for name in self.options.get(key, "").split()] for key in ("cases", "unit")}
            path = self.path(self.arguments[1])
            evidence = inspectlib.load_evidence(path, cases=files["cases"], units=files["unit"])
            self.depend_on(path, *files["cases"], *files["unit"])
        else:
            # The lines before it are kept as blank ones, so that a fault has its line on the page.
            written = "\n" * self.content_offset + "\n".join(self.content)
            evidence = read_evidence(parse_yaml(written, self.get_source_info()[0]))
        content = Content.of(framework, inspectlib.rate(framework, evidence))
        name = self.options.get("name", content.title)
        anchor = nodes.make_id(f"{framework.id} example {name}")
        example = ExamplePage(content, evidence, anchor)
        title = f"Example: {content.title}"
        section = nodes.section("", nodes.title(title, title), *example.parts(), ids=[anchor], names=[])
        places = {("example", f"{framework.id} {name}"): (anchor, title)}
        for explanation in content.derivations:
            for step in explanation.steps:
                key = f"{framework.id} {name} {step.node}"
                places["example", key] = example.step_anchor(step.node), f"{step.title} in {content.title}"
        self.note(places)
        return [section]


class ExplorerDirective(_Directive):
    """A rating explorer: what a framework makes of ratings and shares, in the browser."""

    def shown(self) -> list[nodes.Node]:
        """The explorer, and for other forms and for browsers without scripts a sentence."""
        framework = self.framework(self.arguments[0])
        anchor = nodes.make_id(f"{framework.id} explorer")
        self.note({("explorer", framework.id): (anchor, f"Explore {framework.title}")})
        return [anchored(anchor, explorer(embedded(framework)))]


DIRECTIVES: dict[str, type[Directive]] = {
    "framework": FrameworkDirective,
    "standard": StandardDirective,
    "rule": RuleDirective,
    "example": ExampleDirective,
    "explorer": ExplorerDirective,
}
