"""A framework as a page: everything that it says, each statement with its basis, source and what rests on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from docutils import nodes

from inspectlib.changes import diff, matched, rule_changes
from inspectlib.formula import formula
from inspectlib.framework import Question, Standard, natural
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Kind
from inspectlib.laws import Report
from inspectlib.provenance import Basis, Grounded
from inspectlib.rules import BandRule, TableRule
from inspectlib.scales import Bands
from inspectlib.sphinxext.blocks import badge, bands_table, decision_table, listed, pictures
from inspectlib.sphinxext.changes_part import changes_parts
from inspectlib.sphinxext.doctree import (
    Part,
    Row,
    anchored,
    bullets,
    code,
    field_list,
    folded,
    index_link,
    link,
    literal,
    para,
    section,
    span,
    strong,
    table,
)
from inspectlib.sphinxext.laws_part import laws_parts
from inspectlib.sphinxext.statements import BASES, Grouped, Stated, grounds_of, groups_of, range_text, statements

__all__ = ["FrameworkPage"]


class FrameworkPage:
    """The parts of the page of a framework."""

    def __init__(self, framework: Framework, report: Report, since: Framework | None) -> None:
        self.framework = framework
        self.report = report
        self.since = since
        self.rule_changes = rule_changes(since, framework, matched(since, framework)) if since else {}
        self.id = framework.id
        self.data = framework.data
        self.graph = framework.graph
        self.groups = groups_of(framework)
        self.group_of = {node.name: group for group in self.groups for node in group.nodes}
        self.used_by: dict[str, list[str]] = {name: [] for name in self.graph.nodes}
        for name, node in self.graph.nodes.items():
            for start in dict.fromkeys(node.inputs):
                self.used_by[start].append(name)
        self.clauses = self._clauses()
        #: What can be linked to: kind and name, with the place and the title.
        self.places: dict[tuple[str, str], tuple[str, str]] = {}

    # What there is to link to

    def anchor(self, kind: str, name: str) -> str:
        """The place of something on the page."""
        return f"{self.id}-{kind}-{re.sub('[^a-z0-9_]+', '-', name.lower()).strip('-')}"

    def place(self, kind: str, name: str, title: str) -> str:
        """The anchor of something, which can be linked to from now on."""
        anchor = self.anchor(kind, name)
        self.places[kind, f"{self.id} {name}".strip()] = anchor, title
        return anchor

    def to(self, kind: str, name: str, text: str | None = None) -> nodes.Node:
        """A link to something of this framework."""
        return link(kind, f"{self.id} {name}".strip(), text)

    def to_node(self, name: str) -> nodes.Node:
        """A link to where a node is described: the standard by its number, or the rule by what it is called."""
        node = self.graph[name]
        kind = "standard" if node.role in {Role.STANDARD, Role.QUESTION} else "rule"
        return self.to(kind, name, node.title if node.role is Role.OTHER else name)

    def _taken(self, name: str) -> nodes.Node:
        """A link to an input, with the name that it has in the formula."""
        node = self.graph[name]
        return span(self.to_node(name), " ", code(name)) if node.role is Role.OTHER else self.to_node(name)

    def to_nodes(self, names: Sequence[str]) -> list[Part]:
        """Links to several nodes."""
        return listed([self.to_node(name) for name in names])

    def grounds(self, thing: Grounded) -> list[Part]:
        """Basis and source of something, with links to the clause."""
        return self.basis(thing.basis, thing.source, thing.section)

    def basis(self, basis: Basis, source: str, clause: str) -> list[Part]:
        """A basis with its source and clause."""
        key = f"{source} {clause}".strip()
        title = self.data.sources[source].title
        parts: list[Part] = [badge(basis), " "]
        if clause:
            return [*parts, self.to("clause", key, f"{title}, {clause}")]
        return [*parts, self.to("source", source, title)]

    # The page

    def parts(self) -> Iterator[nodes.Node]:
        """Everything, section after section."""
        yield from self._facts()
        yield from self._changes()
        yield self._picture()
        if self.data.domains:
            yield self._standards()
        if self.data.scales:
            yield self._bands()
        yield self._rules()
        yield self._laws()
        yield from self._known()
        yield self._choices()
        yield self._sources()

    def _facts(self) -> Iterator[nodes.Node]:
        force = self.data.in_force
        facts: list[tuple[str, Sequence[Part]]] = [
            ("Name", [code(self.id)]),
            ("Version", [self.framework.version]),
            ("Fingerprint", [code(self.framework.fingerprint)]),
            ("As a whole", self.grounds(self.data)),
            ("In force", [f"{force.words()} (", *self.grounds(force), ")"] if force else ["not known"]),
        ]
        if self.data.provider_kinds:
            facts.append(("For", [", ".join(self.data.provider_kinds)]))
        yield field_list(facts)
        notes = [self.data.note, force.note if force else ""]
        yield from (para(note) for note in notes if note)
        counts = Counter(stated.basis for stated in statements(self.framework, self.groups))
        yield para(
            f"What it rests on: {sum(counts.values())} statements, each counted once. ",
            self.to("framework", "our own choices", "The modeller's own choices"),
            " are listed in one place.",
        )
        rows: list[Row] = [[[badge(basis)], [str(counts[basis])], [means]] for basis, means in BASES.items()]
        yield table(["basis", "statements", "which means"], rows)

    def _changes(self) -> Iterator[nodes.Node]:
        if not self.data.changes and self.since is None:
            return
        parts: list[nodes.Node] = []
        if self.data.changes:
            parts += [bullets([para(f"{c.text} ", *self.grounds(c))] for c in self.data.changes)]
        if self.since is not None:
            parts += changes_parts(diff(self.since, self.framework), self.to)
        anchor = self.place("framework", "what changed", "What changed")
        yield section(anchor, "What changed", *parts)

    def _picture(self) -> nodes.section:
        links = {
            name: f"#{self.anchor('standard', name)}"
            for *_, number, standard in self.data.standards()
            for name in (number, *standard.questions)
        }
        links |= {
            name: f"#{self.anchor('rule', self.group_of[name].first.name)}"
            for name, node in self.graph.nodes.items()
            if node.role is Role.OTHER
        }
        anchor = self.place("framework", "the rule graph", "The rule graph")
        how = "Each box leads to its rule. Pointed at or reached by keyboard, it shows what it is connected with."
        drawn = pictures(self.framework, None, links, f"Rule graph of {self.framework.title}")
        return section(anchor, "The rule graph", para(how), *drawn)

    def _standards(self) -> nodes.section:
        parts: list[nodes.section] = []
        done: set[str] = set()
        for domain_number, domain, number, standard in self.data.standards():
            if domain_number not in done:
                done.add(domain_number)
                text = [para(*self.grounds(domain)), *([para(domain.note)] if domain.note else [])]
                title = f"{domain_number} {domain.title}"
                parts.append(section(self.anchor("domain", domain_number), title, *text))
            parts[-1] += self.standard(number, standard, domain)
        anchor = self.place("framework", "the standards", "Standards and key questions")
        return section(anchor, "Standards and key questions", *parts)

    def standard(self, number: str, standard: Standard, domain: Grounded) -> nodes.section:
        """A standard: its key questions, the rules that rate it, and what it counts for."""
        title = f"{number} {standard.title}"
        parts: list[nodes.Node] = [para(*self._own_grounds(standard, domain))]
        parts += [para(standard.note)] if standard.note else []
        parts += [bullets(standard.topics)] if standard.topics else []
        if standard.questions:
            above = grounds_of(standard, domain)
            parts.append(
                table(
                    ["key question", "applies to", "basis"],
                    [self._question(q, standard.questions[q], above) for q in sorted(standard.questions, key=natural)],
                )
            )
        if number in self.graph.nodes:
            parts.append(para(strong("Rated by: "), *listed(self._rules_of(number, standard))))
            after = [name for name in self.counts_for(number) if self.graph[name].role is not Role.PART]
            if after:
                parts.append(para(strong("Counts for: "), *self.to_nodes(after)))
        else:
            parts.append(para("The framework gives it no rating."))
        return section(self.place("standard", number, title), title, *parts)

    def _question(self, number: str, question: Question, above: Grounded) -> list[list[Part]]:
        title = f"{number} {question.title}"
        head = anchored(self.place("standard", number, title), para(strong(title)))
        text: list[Part] = [head, *([para(question.text)] if question.text else [])]
        text += [para(question.note)] if question.note else []
        text += [bullets(question.prompts)] if question.prompts else []
        return [text, [question.sub_sample or "every case"], list(self._own_grounds(question, above))]

    def _own_grounds(self, thing: Standard | Question, above: Grounded) -> list[Part]:
        own = grounds_of(thing, above)
        if (own.basis, own.source, own.section) == (above.basis, above.source, above.section):
            return [badge(own.basis)]
        return self.grounds(own)

    def _rules_of(self, number: str, standard: Standard) -> list[nodes.Node]:
        """The rules inside a standard and its key questions, each once."""
        inside = [name for name, node in self.graph.nodes.items() if node.of in {number, *standard.questions}]
        groups = dict.fromkeys(self.group_of[name] for name in inside)
        return [self.to("rule", group.first.name, group.title) for group in groups]

    def counts_for(self, name: str) -> list[str]:
        """All that depends on a node, in the order in which it is computed."""
        found: dict[str, None] = {}
        todo = [name]
        for start in todo:
            for end in self.used_by[start]:
                if end not in found:
                    found[end] = None
                    todo.append(end)
        return list(self.graph.sort(found))

    def _bands(self) -> nodes.section:
        parts = [self.bands(name, bands) for name, bands in sorted(self.data.bands.items())]
        scales = [
            para(strong(f"Scale {name}: "), " < ".join(scale.ratings), ". ", *self.grounds(scale), f" {scale.note}")
            for name, scale in sorted(self.data.scales.items())
        ]
        return section(self.place("framework", "the bands", "Scales and bands"), "Scales and bands", *scales, *parts)

    def bands(self, name: str, bands: Bands) -> nodes.section:
        """Bands with the sides of their edges, and the rules that use them."""
        groups = [g for g in self.groups if isinstance(g.first.rule, BandRule) and g.first.rule.bands == name]
        rounding = (
            "not rounded before" if bands.rounding == "exact" else "rounded to a whole percentage, half up, before"
        )
        parts: list[nodes.Node] = [
            bands_table(bands, shares=any(g.first.binding.of is Kind.SHARE for g in groups)),
            para(f"A number is {rounding} it is banded. ", *self.grounds(bands)),
            *([para(bands.note)] if bands.note else []),
            para(strong("Used by: "), *listed([self.to("rule", g.first.name, g.title) for g in groups])),
        ]
        title = f"Bands {name}"
        return section(self.place("bands", name, title), title, *parts)

    def _rules(self) -> nodes.section:
        anchor = self.place("framework", "the rules", "The rules")
        return section(anchor, "The rules", *(self.rule(group) for group in self.groups))

    def rule(self, group: Grouped) -> nodes.section:
        """A rule: in words and as a formula, what it takes, what it rests on, and every standard that uses it."""
        node, rule = group.first, group.first.rule
        anchor = self.place("rule", node.name, group.title)
        for other in group.nodes[1:]:
            self.places["rule", f"{self.id} {other.name}"] = anchor, group.title
        words = group.text.words
        parts: list[nodes.Node] = [
            para(f"{words[0].upper()}{words[1:]}."),
            literal(formula(node), "text"),
        ]
        if len(group.nodes) > 1:
            parts.append(para("The same for ", *self.to_nodes_plain([n.name for n in group.nodes[1:]]), "."))
        if isinstance(rule, BandRule) and node.binding.bands is not None:
            parts.append(bands_table(node.binding.bands, shares=node.binding.of is Kind.SHARE))
            parts.append(para(self.to("bands", rule.bands, f"Bands {rule.bands}")))
        if isinstance(rule, TableRule):
            parts.append(decision_table(rule))
        parts.append(field_list(self._rule_facts(group)))
        return section(anchor, group.title, *parts)

    def to_nodes_plain(self, names: Sequence[str]) -> list[Part]:
        """Links to several nodes; where they are many and described elsewhere, those that are not parts."""
        shown = [name for name in names if self.graph[name].role is not Role.PART]
        return self.to_nodes(shown) if len(shown) == len(names) else [range_text(names)]

    def _rule_facts(self, group: Grouped) -> Iterator[tuple[str, Sequence[Part]]]:
        node, rule = group.first, group.first.rule
        if node.inputs:
            signs = {"+": "can only help", "-": "can only harm", "?": "can help or harm", "0": "does nothing"}
            takes = [
                span(self._taken(name), f": better {signs[str(polarity)]}")
                for name, polarity in zip(node.inputs, node.polarity, strict=True)
            ]
            yield "Takes", listed(takes, "; ")
        yield "Basis", self.grounds(rule)
        if rule.note:
            yield "Note", [rule.note]
        ends = dict.fromkeys(name for n in group.nodes for name in (n.name, *self.counts_for(n.name)))
        standards = [name for name in ends if self.graph[name].role is Role.STANDARD]
        if standards:
            yield "Standards that use it", self.to_nodes(sorted(standards, key=natural))
        used = dict.fromkeys(name for n in group.nodes for name in self.used_by[n.name])
        others = [name for name in self.graph.sort(used) if self.graph[name].role is Role.OTHER]
        if others:
            yield "Used by", self.to_nodes(others)
        if self.since is not None:
            yield f"Since {self.since.id}", [self._since(group)]

    def _since(self, group: Grouped) -> str:
        """Whether a rule is what it was."""
        found = [self.rule_changes.get(node.name) for node in group.nodes]
        said = dict.fromkeys(words for each in found if each is not None for words in each)
        if not any(each is not None for each in found):
            return "new"
        if said:
            return f"changed: {'; '.join(said)}"
        return "the same rule, for more" if None in found else "unchanged"

    def _laws(self) -> nodes.section:
        return section(self.place("framework", "the laws", "Laws checked"), "Laws checked", *laws_parts(self.report))

    def _known(self) -> Iterator[nodes.Node]:
        if not self.data.known:
            return
        rows: list[Row] = []
        for name, known in sorted(self.data.known.items(), key=lambda item: natural(item[0])):
            given = ", ".join(f"{column} {value}" for column, value in known.given.items())
            gives = ", ".join(f"{node} {value}" for node, value in known.gives.items())
            rows.append([[name], [given], [gives], self.grounds(known)])
        about = para("Outcomes that the framework states; each is computed again by the law ", code("known"), ".")
        anchor = self.place("framework", "known outcomes", "Known outcomes")
        yield section(
            anchor,
            "Known outcomes",
            about,
            *folded(f"{len(rows)} outcomes", table(["", "given", "gives", "basis"], rows)),
        )

    def _choices(self) -> nodes.section:
        chosen = [stated for stated in statements(self.framework, self.groups) if stated.basis is Basis.MODELLED]
        parts: list[nodes.Node] = [
            para(
                f"{len(chosen)} statements rest on no source at hand. A framework that extends this one can change any."
            )
        ]
        parts += (
            [bullets([para(self.to(s.kind, s.target, s.what), f". {s.note}" if s.note else ".")] for s in chosen)]
            if chosen
            else []
        )
        return section(
            self.place("framework", "our own choices", "Own choices"), "Own choices, all in one place", *parts
        )

    def _sources(self) -> nodes.section:
        parts = []
        for name, source in sorted(self.data.sources.items()):
            about = ", ".join(part for part in (source.publisher, source.date) if part)
            clauses = sorted(clause for key, clause in self.clauses if key == name)
            rows = [self._clause(name, clause) for clause in clauses]
            parts.append(
                section(
                    self.place("source", name, source.title),
                    source.title,
                    *([para(about)] if about else []),
                    *([para(source.note)] if source.note else []),
                    *(
                        [table(["clause", "what rests on it here"], rows)]
                        if rows
                        else [para("Nothing here rests on it.")]
                    ),
                )
            )
        about_all = para("Clause by clause, what rests on it. Over all frameworks: ", index_link(), ".")
        return section(self.place("framework", "the sources", "Sources"), "Sources", about_all, *parts)

    def _clause(self, source: str, clause: str) -> list[list[Part]]:
        key = f"{source} {clause}".strip()
        title = clause or "the source as a whole"
        head = anchored(self.place("clause", key, f"{self.data.sources[source].title}, {title}"), para(title))
        rest = [span(self.to(s.kind, s.target, s.what), f" ({s.basis})") for s in self.clauses[source, clause]]
        return [[head], listed(rest)]

    def _clauses(self) -> Mapping[tuple[str, str], list[Stated]]:
        found: dict[tuple[str, str], list[Stated]] = {}
        for stated in statements(self.framework, self.groups):
            found.setdefault((stated.source, stated.section), []).append(stated)
        return found
