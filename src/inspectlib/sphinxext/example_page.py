"""A worked example, computed when the page is built: what was found, the ratings, and the full derivation."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from inspectlib.evidence import Evidence
from inspectlib.explain import Explanation
from inspectlib.files.write import evidence_text
from inspectlib.graph import Role
from inspectlib.report.content import Content
from inspectlib.sphinxext.blocks import pictures
from inspectlib.sphinxext.doctree import Part, bullets, folded, link, literal, para, section, span, strong, table

__all__ = ["ExamplePage"]


class ExamplePage:
    """The parts of a worked example."""

    def __init__(self, content: Content, evidence: Evidence, anchor: str) -> None:
        self.content = content
        self.evidence = evidence
        self.anchor = anchor
        self.judgement = content.judgement
        self.id = content.framework.id

    def parts(self) -> Iterator[nodes.Node]:
        """Everything, one after the other."""
        overall, total = self.judgement.overall, self.judgement.total
        if overall is not None:
            said: list[Part] = [strong(f"{overall.title}: {overall.text()}")]
            yield para(*said, *([f" ({total.title}: {total.text()})"] if total else []))
        yield from (para(sentence) for sentence in self.content.limits)
        yield from (para(strong("Warning: "), warning) for warning in self.judgement.warnings)
        yield self._table()
        label = "The way of this inspection through the rule graph"
        yield from pictures(self.content.framework, self.judgement, self._links(), label)
        for explanation in self.content.derivations:
            name = explanation.steps[0].title
            yield section(
                f"{self.anchor}-derivation-{explanation.node.replace('.', '-')}",
                f"Derivation: {name}",
                *folded("Step by step, down to the counts", self._steps(explanation)),
            )
        yield section(
            f"{self.anchor}-evidence",
            "Evidence of this example",
            *folded("The evidence file", literal(evidence_text(self.evidence), "text")),
        )

    def _links(self) -> dict[str, str]:
        return {step.node: f"#{self.step_anchor(step.node)}" for e in self.content.derivations for step in e.steps}

    def step_anchor(self, node: str) -> str:
        """Where the derivation of a node is."""
        return f"{self.anchor}-why-{node.replace('.', '-')}"

    def _table(self) -> nodes.container:
        rows: list[list[list[Part]]] = []
        for line in self.content.lines:
            grade = self.content.grade(line.outcome.node)
            classes = ["rating", *([] if grade is None else [f"grade-{grade}"])]
            mark = span(line.outcome.text(), classes=classes)
            title: Part = link(
                "standard" if line.outcome.role is Role.STANDARD else "rule",
                f"{self.id} {line.outcome.node}",
                line.outcome.title,
            )
            rows.append([[title], [mark], ["; ".join(line.decided_by)], ["; ".join(line.remarks)]])
        return table(["", "rating", "decided by", "limits, departures and remarks"], rows)

    def _steps(self, explanation: Explanation) -> nodes.bullet_list:
        """The steps as lists in lists, each with its reasons and links to its rules."""
        top = bullets([])
        lists = [top]
        for depth, step, first in explanation.walk():
            del lists[depth + 1 :]
            inner = bullets([])
            head: list[Part] = [f"{step.title}: ", strong(step.has)]
            if not first:
                lists[depth] += nodes.list_item("", para(*head, " (see above)"))
                continue
            item = nodes.list_item("", para(*head), ids=[self.step_anchor(step.node)])
            item += [para(reason, classes=["inspect-because"]) for reason in step.because]
            named = self._rules(step.node)
            if named:
                item += para("Rule: ", *named, classes=["inspect-because"])
            lists[depth] += item
            if step.inputs:
                item += inner
                lists.append(inner)
        return top

    def _rules(self, node: str) -> list[Part]:
        """Links to the rules that led to a node."""
        graph = self.content.framework.graph
        parts: list[Part] = []
        inside = [name for name, found in graph.nodes.items() if found.of == node]
        for name in inside:
            parts += (
                [", ", link("rule", f"{self.id} {name}", name)] if parts else [link("rule", f"{self.id} {name}", name)]
            )
        return parts
