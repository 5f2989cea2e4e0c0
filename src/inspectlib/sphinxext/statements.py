"""What a framework states, each statement once with what it rests on; its rules, each with the nodes that have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from inspectlib.framework import Question, Standard, natural
from inspectlib.graph import Framework, Node, Role
from inspectlib.provenance import Basis, Grounded
from inspectlib.wording import RuleText, rule_text

__all__ = ["BASES", "Grouped", "Stated", "grounds_of", "groups_of", "range_text", "statements"]

#: What each basis means, in few words.
BASES = {
    Basis.SEED: "stated in a source document of the project",
    Basis.PUBLISHED: "seen in another public document or in published results",
    Basis.REPORTED: "the published methodology as generally reported",
    Basis.MODELLED: "the modeller's own choice, which another framework can change",
}

_WORDS = {
    "given": "Given",
    "share": "Share of sufficient answers",
    "band": "Band",
    "lowest": "Lowest",
    "highest": "Highest",
    "total": "Total",
    "mean": "Mean",
    "limit": "Limit",
    "lift": "Lift",
    "shift": "Shift",
    "count": "Count",
    "test": "Test",
    "all": "All of several",
    "any": "Any of several",
    "not": "Not",
    "table": "Decision table",
    "panel": "Ratings panel",
    "discretion": "Professional discretion",
}


@attrs.frozen
class Grouped:
    """A rule, and all the nodes that have it.

    Attributes:
        text: the rule in words.
        nodes: the nodes, in the order of their names.
    """

    text: RuleText
    nodes: tuple[Node, ...]

    @property
    def first(self) -> Node:
        """The node that stands for all."""
        return self.nodes[0]

    @property
    def title(self) -> str:
        """What the rule is called."""
        word, first = _WORDS[self.first.rule.tag], self.first
        if len(self.nodes) == 1:
            return first.title
        if first.role is Role.PART:
            part = first.name.removeprefix(f"{first.of}.").replace("_", " ")
            return f"{word} ({part} of {range_text([node.of for node in self.nodes])})"
        return f"{word} ({range_text([node.name for node in self.nodes])})"


def range_text(names: Sequence[str]) -> str:
    """Names in few words."""
    if len(names) <= 4:
        return ", ".join(names)
    return f"{names[0]} to {names[-1]}, {len(names)} in all"


@attrs.frozen
class Stated:
    """Something that a framework states, with what it rests on.

    Attributes:
        what: what it is called.
        kind: the kind of what it can be linked to by.
        target: its name there.
        basis: its basis.
        source: the name of its source.
        section: the clause of the source.
        note: what is remarked on it.
    """

    what: str
    kind: str
    target: str
    basis: Basis
    source: str
    section: str
    note: str


def groups_of(framework: Framework) -> tuple[Grouped, ...]:
    """The rules of a framework, in the order of the names of their nodes."""
    grouped: dict[tuple[RuleText, str], list[Node]] = {}
    for name in sorted(framework.graph.nodes, key=natural):
        node = framework.graph[name]
        grouped.setdefault((rule_text(framework, node), node.rule.tag), []).append(node)
    return tuple(Grouped(text, tuple(found)) for (text, _), found in grouped.items())


def statements(framework: Framework, groups: Sequence[Grouped]) -> Iterator[Stated]:
    """Everything that has a basis, each once."""
    data = framework.data
    yield _stated("the framework as a whole", "framework", "", data)
    if data.in_force:
        yield _stated("the dates in force", "framework", "", data.in_force)
    yield from (_stated(change.text, "framework", "what changed", change) for change in data.changes)
    done: set[str] = set()
    for domain_number, domain, number, standard in data.standards():
        if domain_number not in done:
            done.add(domain_number)
            yield _stated(f"domain {domain_number} {domain.title}", "framework", "the standards", domain)
        own = grounds_of(standard, domain)
        yield _stated(f"{number} {standard.title}", "standard", number, own)
        for question_number, question in sorted(standard.questions.items(), key=lambda item: natural(item[0])):
            title = f"{question_number} {question.title}"
            yield _stated(title, "standard", question_number, grounds_of(question, own))
    for name, pool in sorted(data.pools.items()):
        yield _stated(f"the pooled cases of {name}", "framework", "", pool)
    for name, scale in sorted(data.scales.items()):
        yield _stated(f"the scale {name}", "framework", "the bands", scale)
    for name, bands in sorted(data.bands.items()):
        yield _stated(f"the bands {name}", "bands", name, bands)
    for group in groups:
        yield _stated(group.title, "rule", group.first.name, group.first.rule)
    for name, known in sorted(data.known.items()):
        yield _stated(f"the known outcome {name}", "framework", "known outcomes", known)
    for name, exception in sorted(data.exceptions.items()):
        yield _stated(f"the exception {name} from the law {exception.law}", "framework", "the laws", exception)


def _stated(what: str, kind: str, target: str, thing: Grounded) -> Stated:
    return Stated(what, kind, target, thing.basis, thing.source, thing.section, thing.note)


def grounds_of(thing: Standard | Question, above: Grounded) -> Grounded:
    """What a standard or question rests on: its own grounds, or those of what it stands in."""
    if thing.basis is None:
        return Grounded(basis=above.basis, source=above.source, section=above.section, note=thing.note)
    return Grounded(basis=thing.basis, source=thing.source or above.source, section=thing.section, note=thing.note)
