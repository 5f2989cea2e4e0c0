"""What a picture of the rule graph shows: a box for each published node, the steps inside it folded in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs

from inspectlib.framework import natural
from inspectlib.graph import Framework, Node, Role, RuleGraph, Unrated
from inspectlib.kinds import Polarity
from inspectlib.rules import CountRule, GivenRule, LiftRule, LimitRule, Rule, ShiftRule, TestRule

__all__ = ["Box", "Edge", "Picture", "picture"]

#: Inputs that guide or limit a rating instead of making it up.
_GUIDES = ("ceiling", "floor", "when")
SIGNS = {Polarity.HARMS: "−", Polarity.EITHER: "?"}  # noqa: RUF001  # a minus sign, as long as a dash
#: What no XML file may hold.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@attrs.frozen
class Box:
    """A node with the steps folded into it.

    Attributes:
        name: the name of the node.
        title: its title.
        rule: its rules in few words.
        role: what it stands for.
        domain: the domain it is in, if any.
        last: whether all ends in it.
        has: what it has in the inspection that is drawn, if one is.
        grade: the grade of the rating it has, if it has one.
    """

    name: str
    title: str
    rule: str
    role: Role
    domain: str | None
    last: bool
    has: str = ""
    grade: int | None = None


@attrs.frozen
class Edge:
    """What one box takes from another.

    Attributes:
        start: the box it comes from.
        end: the box it goes to.
        guides: the guiding slots it goes into.
        sign: the sign of a better value that can harm.
        decided: whether it decided in the inspection that is drawn; None when none is.
    """

    start: str
    end: str
    guides: tuple[str, ...]
    sign: str
    decided: bool | None = None

    @property
    def label(self) -> str:
        """What is written at the edge."""
        return " ".join((*self.guides, self.sign)).strip()


@attrs.frozen
class Picture:
    """What every form shows: boxes and edges in the order of published numbers, and the titles of the domains.

    Attributes:
        title: the title of the framework.
        boxes: the boxes by name.
        edges: the edges between them.
        domains: the titles of the domains.
        folded: the box of each node.
    """

    title: str
    boxes: Mapping[str, Box]
    edges: tuple[Edge, ...]
    domains: Mapping[str, str]
    folded: Mapping[str, str]

    def inside(self, domain: str | None) -> list[Box]:
        """The boxes of a domain, or of none."""
        return [box for box in self.boxes.values() if box.domain == domain]


def picture(framework: Framework, *, questions: bool = True) -> Picture:
    """The boxes and edges of a framework, the steps inside a rating folded; without questions, they are too."""
    nodes = framework.graph.nodes
    standard_of = {
        question: number
        for *_, number, standard in framework.data.standards()
        for question in standard.questions
        if not questions
    }
    folded = {name: standard_of.get(node.of, node.of) for name, node in nodes.items()}
    domain_of: dict[str, str] = {}
    domains: dict[str, str] = {}
    shown: dict[str, Node | Unrated] = {**nodes, **framework.unrated}
    for number, domain, standard_number, standard in framework.data.standards():
        domains[number] = _clean(f"{number} {domain.title}")
        domain_of |= dict.fromkeys((standard_number, *(standard.questions if questions else ())), number)
    edges = _edges(framework.graph, folded)
    used = {edge.start for edge in edges}
    fed = {edge.end for edge in edges}
    boxes = {}
    for name in sorted({*folded.values(), *domain_of}, key=natural):
        rules = [node.rule for part, node in nodes.items() if folded[part] == name]
        # That a share is one of answers need not be said in every box, nor how a key question is rated once for each.
        said = [_few_words(rule) for rule in rules if len(rules) == 1 or not isinstance(rule, GivenRule)]
        steps = " → ".join(said if questions else dict.fromkeys(said)) or "not rated"
        title = _clean(shown[name].title) or name
        boxes[name] = Box(name, title, _clean(steps), shown[name].role, domain_of.get(name), name in fed - used)
    return Picture(_clean(framework.title), boxes, edges, domains, folded)


def _edges(graph: RuleGraph, folded: Mapping[str, str]) -> tuple[Edge, ...]:
    """One edge for each two boxes of which one uses the other."""
    members: dict[str, list[str]] = {}
    for name, box in folded.items():
        members.setdefault(box, []).append(name)
    found = []
    for box, parts in members.items():
        guides: dict[str, set[str]] = {}
        effects: dict[str, Polarity] = {}
        for part in parts:
            for slot, names in graph.nodes[part].slots.items():
                for name in names:
                    if folded[name] != box:
                        guides.setdefault(folded[name], set()).update({slot} & set(_GUIDES))
                        effect = _effect(graph, name, box, parts)
                        effects[folded[name]] = effects.get(folded[name], Polarity.NOTHING).beside(effect)
        found += [Edge(start, box, tuple(sorted(guides[start])), SIGNS.get(effects[start], "")) for start in guides]
    return tuple(sorted(found, key=lambda edge: (natural(edge.end), natural(edge.start))))


def _effect(graph: RuleGraph, source: str, box: str, parts: Sequence[str]) -> Polarity:
    """What a better value of a node does to a box, through the steps folded into the box."""
    effects = {source: Polarity.HELPS}
    for part in parts:
        node = graph.nodes[part]
        total = Polarity.NOTHING
        for name, polarity in zip(node.inputs, node.polarity, strict=True):
            total = total.beside(effects.get(name, Polarity.NOTHING).then(polarity))
        effects[part] = total
    return effects[box]


def _few_words(rule: Rule) -> str:
    match rule:
        case GivenRule():
            return str(rule.kind) if rule.kind == "answers" else f"given {rule.kind}"
        case LiftRule():
            return f"no worse than {rule.to}"
        case LimitRule():
            return f"no better than {rule.to}"
        case ShiftRule():
            return f"shift by {rule.by}"
        case CountRule():
            return f"count {rule.condition()}"
        case TestRule():
            return rule.condition() if rule.equals is None else f"is {rule.equals}"
        case _:
            return rule.tag


def _clean(text: str) -> str:
    return " ".join(_UNSPEAKABLE.sub("\ufffd", text).split())
