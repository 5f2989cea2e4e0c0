"""Pictures of the rule graph, as text: Mermaid, Graphviz dot, or an SVG that needs nothing else.

A picture has a box for each standard, key question and other named node. The steps inside a rating, such as
``2.1.1.share``, are folded into the box they belong to. Positions are whole numbers, so that a picture is the same
bytes everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from html import escape

import attrs

from inspectlib.framework import natural
from inspectlib.graph import Framework, Role, RuleGraph
from inspectlib.kinds import Polarity
from inspectlib.rules import CountRule, GivenRule, LiftRule, LimitRule, Rule, ShiftRule, TestRule

__all__ = ["draw", "dot", "mermaid", "svg"]

#: Inputs that guide or limit a rating instead of making it up.
_GUIDES = ("ceiling", "floor", "when")
_SIGNS = {Polarity.HARMS: "−", Polarity.EITHER: "?"}  # noqa: RUF001  # a minus sign, as long as a dash
#: What no XML file may hold.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@attrs.frozen
class Box:
    """A node with the steps folded into it: its rules in few words, the domain it is in, whether nothing uses it."""

    name: str
    title: str
    rule: str
    role: Role
    domain: str | None
    last: bool


@attrs.frozen
class Edge:
    """What one box takes from another: the guiding slots it goes into, and the sign of a better value that can harm."""

    start: str
    end: str
    guides: tuple[str, ...]
    sign: str

    @property
    def label(self) -> str:
        return " ".join((*self.guides, self.sign)).strip()


@attrs.frozen
class Picture:
    """What every form shows: boxes and edges in the order of published numbers, and the titles of the domains."""

    title: str
    boxes: Mapping[str, Box]
    edges: tuple[Edge, ...]
    domains: Mapping[str, str]

    def inside(self, domain: str | None) -> list[Box]:
        """The boxes of a domain, or of none."""
        return [box for box in self.boxes.values() if box.domain == domain]


def draw(framework: Framework, as_: str = "mermaid") -> str:
    """The rule graph as ``mermaid``, ``dot`` or ``svg``."""
    forms: dict[str, Callable[[Framework], str]] = {"mermaid": mermaid, "dot": dot, "svg": svg}
    if as_ not in forms:
        raise ValueError(f"a picture is drawn as mermaid, dot or svg, not as {as_!r}")
    return forms[as_](framework)


# --- what is shown


def picture(framework: Framework) -> Picture:
    """The boxes and edges of a framework, the steps inside a rating folded."""
    nodes = framework.graph.nodes
    folded = {name: node.of if node.role is Role.PART and node.of in nodes else name for name, node in nodes.items()}
    domain_of: dict[str, str] = {}
    domains: dict[str, str] = {}
    for number, domain, standard_number, standard in framework.data.standards():
        domains[number] = _clean(f"{number} {domain.title}")
        domain_of |= dict.fromkeys((standard_number, *standard.questions), number)
    edges = _edges(framework.graph, folded)
    used = {edge.start for edge in edges}
    boxes = {}
    for name in sorted(set(folded.values()), key=natural):
        steps = " → ".join(_few_words(node.rule) for part, node in nodes.items() if folded[part] == name)
        node = nodes[name]
        title = _clean(node.title) or name
        boxes[name] = Box(name, title, _clean(steps), node.role, domain_of.get(node.of), name not in used)
    return Picture(_clean(framework.title), boxes, edges, domains)


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
                        effect = _effect(graph, name, parts)
                        effects[folded[name]] = effects.get(folded[name], Polarity.NOTHING).beside(effect)
        found += [Edge(start, box, tuple(sorted(guides[start])), _SIGNS.get(effects[start], "")) for start in guides]
    return tuple(sorted(found, key=lambda edge: (natural(edge.end), natural(edge.start))))


def _effect(graph: RuleGraph, source: str, parts: Sequence[str]) -> Polarity:
    """What a better value of a node does to a box, through the steps folded into the box."""
    effects = {source: Polarity.HELPS}
    for part in parts:
        node = graph.nodes[part]
        total = Polarity.NOTHING
        for name, polarity in zip(node.inputs, node.polarity, strict=True):
            total = total.beside(effects.get(name, Polarity.NOTHING).then(polarity))
        effects[part] = total
    return effects[parts[-1]]


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
        case CountRule() | TestRule():
            limits = {"at least": rule.at_least, "at most": rule.at_most, "is": getattr(rule, "equals", None)}
            found = [f"{words} {limit}" for words, limit in limits.items() if limit is not None]
            return " ".join((*(["count"] if isinstance(rule, CountRule) else []), *found))
        case _:
            return rule.tag


def _clean(text: str) -> str:
    return " ".join(_UNSPEAKABLE.sub("\ufffd", text).split())


# --- text forms


def mermaid(framework: Framework) -> str:
    """The rule graph as a Mermaid flowchart."""
    shown = picture(framework)
    lines = ["flowchart LR"]
    for index, (domain, title) in enumerate(shown.domains.items(), 1):
        lines += [f'  subgraph d{index}["{_mermaid_text(title)}"]', *map(_mermaid_box, shown.inside(domain)), "  end"]
    lines += map(_mermaid_box, shown.inside(None))
    for edge in shown.edges:
        arrow = "-.->" if edge.guides else "-->"
        label = f'|"{_mermaid_text(edge.label)}"|' if edge.label else ""
        lines.append(f"  {_mermaid_id(edge.start)} {arrow}{label} {_mermaid_id(edge.end)}")
    guides = [str(index) for index, edge in enumerate(shown.edges) if edge.guides]
    if guides:
        lines.append(f"  linkStyle {','.join(guides)} stroke:#c2560c,stroke-width:3px")
    return "\n".join(lines) + "\n"


def _mermaid_box(box: Box) -> str:
    return f'    {_mermaid_id(box.name)}["{_mermaid_text(box.title)}<br/>{_mermaid_text(box.rule)}"]'


def _mermaid_id(name: str) -> str:
    """An id that is no word of Mermaid's, different for different names."""
    return "n_" + name.replace("_", "__").replace(".", "_")


def _mermaid_text(text: str) -> str:
    """Text with every sign coded that could be read as syntax or as Markdown."""
    coded = r"""[!"#$%&*+/:;<=>?@\[\\\]^_`{|}~]|(?<![^\W_])[.-]|[.)-](?![^\W_])"""
    return re.sub(coded, lambda sign: f"#{ord(sign[0])};", text)


def dot(framework: Framework) -> str:
    """The rule graph in the language of Graphviz."""
    shown = picture(framework)
    lines = [
        f"digraph {_dot_text(framework.id)} {{",
        f'  graph [rankdir=LR, label={_dot_text(shown.title)}, labelloc=t, fontname="Helvetica", ranksep=0.9];',
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=11];',
        '  edge [color="#66727f", fontname="Helvetica", fontsize=10];',
    ]
    for index, (domain, title) in enumerate(shown.domains.items(), 1):
        lines += [f"  subgraph cluster_{index} {{", f'    label={_dot_text(title)}; color="#c3ccd5";']
        lines += [*map(_dot_box, shown.inside(domain)), "  }"]
    lines += map(_dot_box, shown.inside(None))
    for edge in shown.edges:
        how = [f"label={_dot_text(edge.label)}"] if edge.label else []
        if edge.guides:
            how += ["style=dashed", 'color="#c2560c"', 'fontcolor="#c2560c"', "penwidth=2"]
        lines.append(f'  "{edge.start}" -> "{edge.end}"{f" [{", ".join(how)}]" if how else ""};')
    return "\n".join([*lines, "}"]) + "\n"


def _dot_box(box: Box) -> str:
    fill = ', fillcolor="#e3eefb"' if box.role is Role.STANDARD else ""
    return f'    "{box.name}" [label="{_dot_escaped(box.title)}\\n{_dot_escaped(box.rule)}"{fill}];'


def _dot_text(text: str) -> str:
    return f'"{_dot_escaped(text)}"'


def _dot_escaped(text: str) -> str:
    """Text for a quoted label, in which Graphviz reads backslashes and character entities."""
    return (
        text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("<", "&lt;").replace(">", "&gt;")
    )
