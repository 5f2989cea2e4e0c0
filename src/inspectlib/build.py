"""From a framework as data to its rule graph: every fault found in one go, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import attrs

from inspectlib.errors import (
    BadRule,
    DuplicateName,
    Fault,
    FaultList,
    MissingKey,
    Path,
    RepeatedInput,
    RuleCycle,
    TooLarge,
    UnknownName,
    UnreachableRating,
    Where,
    WrongForm,
    WrongKind,
    did_you_mean,
    raise_any,
)
from inspectlib.fingerprint import canonical, fingerprint, rule_meaning
from inspectlib.framework import FrameworkData, Standard, natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework, Node, Role, RuleGraph
from inspectlib.kinds import Kind, ValueType
from inspectlib.provenance import Grounded
from inspectlib.ranges import value_range
from inspectlib.rules import BandRule, Lexicon, Names, Rule

__all__ = ["Locate", "build", "named_sources"]

#: Finds the place of an entry in the file it came from.
Locate = Callable[[Path], Where | None]

#: Far more than any framework has; a file of so many is still read within a second.
MAX_NODES, MAX_INPUTS = 10_000, 30_000

_NAME = re.compile(r"[a-z][a-z0-9_]*|[0-9]+(\.[0-9]+)*", re.ASCII)
_STANDARDS = "standards"


def build(
    data: FrameworkData,
    locate: Locate = lambda _: None,
    withdrawn: Mapping[str, Where | None] = FrozenMapping(),
) -> Framework:
    """Check a framework and build its graph.

    Args:
        data: the framework.
        locate: finds the places of its entries.
        withdrawn: what it had before it was changed, by name, each with the place that took it out.

    Raises:
        InspectError: every fault found, each with its place as `locate` knows it.
    """
    return Framework(data, _Builder(data, locate, withdrawn).graph())


@attrs.frozen
class _Draft:
    """A node to be: its rule, and what the names in the rule may stand for besides nodes and groups."""

    name: str
    title: str
    role: Role
    rule: Rule
    path: Path
    of: str
    scope: Mapping[str, Names]


@attrs.frozen
class _Whole:
    """A standard or key question, with the place of the rules of its method."""

    number: str
    title: str
    role: Role
    place: Path


class _Builder:
    def __init__(self, data: FrameworkData, locate: Locate, withdrawn: Mapping[str, Where | None]) -> None:
        self.data = data
        self.locate = locate
        self.withdrawn = withdrawn
        self.faults = FaultList()
        self.drafts: dict[str, _Draft] = {}
        self.groups: dict[str, Names] = {}
        self.slots: dict[str, dict[str, Names]] = {}
        #: The groups that contain themselves, which is noted; nothing more is said of what uses them.
        self.circular: frozenset[str] = frozenset()
        #: How many nodes the groups and rules name.
        self.inputs = 0
        #: Where each standard and key question is declared.
        self.numbers: dict[str, Path] = {}

    def fault(self, fault: Fault, path: Path) -> None:
        """Note a fault, its path being inside the given one. A rule of a method is at fault once, not at each use."""
        fault.path = (*path, *fault.path)
        if all((fault.path, fault.message) != (known.path, known.message) for known in self.faults):
            self.faults.append(fault.at(self.locate(fault.path)))

    def graph(self) -> RuleGraph:
        """The graph, or all faults."""
        self._check_sources()
        force = self.data.in_force
        if force and not (force.since or force.until):
            self.fault(MissingKey("say since when it is in force, until when, or both"), ("in_force",))
        elif force and force.since and force.until and force.until < force.since:
            self.fault(WrongForm(f"it ends on {force.until}, before it begins on {force.since}"), ("in_force", "until"))
        lexicon = self._lexicon()
        self._declare_standards()
        self._declare_nodes()
        self._declare_groups()
        self._check_pools()
        self._check_known()
        for draft in self.drafts.values():
            self.slots[draft.name] = self._resolve(draft)
        nodes = self._bind(self._order(), lexicon)
        if not self.faults and not nodes:
            self.fault(MissingKey("the framework has no standards and no nodes"), ())
        raise_any(self.faults)
        meanings = {n: canonical(rule_meaning(node.rule, node.binding, node.slots)) for n, node in nodes.items()}
        return RuleGraph(fingerprint(self.data, meanings), FrozenMapping(nodes))

    # --- names

    def _hint(self, name: str, known: Collection[str]) -> str:
        """What may have been meant by a name that there is not, or where it was withdrawn."""
        if name in self.withdrawn:
            where = self.withdrawn[name]
            return f": it was withdrawn{f', at {where}' if where else ''}; withdraw or change what names it too"
        return did_you_mean(name, known)

    def _check_sources(self) -> None:
        """Every source that something names is among the sources."""
        for path, source in named_sources(self.data):
            if source not in self.data.sources:
                message = f"no source is called {source!r}{self._hint(source, self.data.sources)}"
                self.fault(UnknownName(message), (*path, "source"))

    def _lexicon(self) -> Lexicon:
        """The scales and bands that are sound; the faults of the others are noted."""
        scales, bands = {}, {}
        for name, scale in self.data.scales.items():
            problems = list(scale.problems())
            for path, fault in problems:
                self.fault(fault, ("scales", name, *path))
            if not problems:
                scales[name] = scale
        for name, banding in self.data.bands.items():
            if banding.scale not in scales:
                if banding.scale not in self.data.scales:
                    message = f"no scale is called {banding.scale!r}{self._hint(banding.scale, self.data.scales)}"
                    self.fault(UnknownName(message), ("bands", name, "scale"))
                continue
            problems = list(banding.problems(scales[banding.scale]))
            for path, fault in problems:
                self.fault(fault, ("bands", name, *path))
            if not problems:
                bands[name] = banding
        return Lexicon(scales, bands)

    def _declare(self, draft: _Draft, place: Path) -> None:
        if len(self.drafts) == MAX_NODES:
            self.fault(TooLarge(f"more than {MAX_NODES:,} nodes: those named, and those of each standard"), place)
            raise_any(self.faults)
        if draft.name in self.drafts:
            first = self.locate(self.drafts[draft.name].path)
            self.fault(DuplicateName(f"{draft.name!r} is there already{f', at {first}' if first else ''}"), place)
        else:
            self.drafts[draft.name] = draft

    def _declare_standards(self) -> None:
        for domain_number, domain, number, standard in self.data.standards():
            path: Path = ("domains", domain_number, "standards", number)
            name = standard.method or domain.method
            if not self._is_new(number, path):
                continue
            if name in self.data.methods:
                self._declare_standard(number, standard, name, path)
            elif not name:
                message = f"standard {number} has no method, and its domain neither: say how it is rated"
                self.fault(MissingKey(message), path)
            else:
                place = (*path, "method") if standard.method else ("domains", domain_number, "method")
                message = f"no method is called {name!r}{self._hint(name, self.data.methods)}"
                self.fault(UnknownName(message), place)

    def _is_new(self, number: str, path: Path) -> bool:
        """Whether the number of a standard or key question is a number, and not taken."""
        if number in self.numbers:
            first = self.locate(self.numbers[number])
            self.fault(DuplicateName(f"{number!r} is there already{f', at {first}' if first else ''}"), path)
            return False
        self.numbers[number] = path
        if not _NAME.fullmatch(number):
            message = f"{number!r} is not a name; use a published number (2.1.3) or a plain word (delivery)"
            self.fault(WrongForm(message), path)
            return False
        return True

    def _declare_standard(self, number: str, standard: Standard, method_name: str, path: Path) -> None:
        method = self.data.methods[method_name]
        for question_number, question in standard.questions.items():
            if not self._is_new(question_number, (*path, "questions", question_number)):
                continue
            title, place = f"{question_number} {question.title}", ("methods", method_name, "each_question")
            whole = _Whole(question_number, title, Role.QUESTION, place)
            self._declare_parts(whole, method.each_question, {})
        rated = (question for question in standard.questions if question in self.drafts)
        questions = {"questions": tuple(sorted(rated, key=natural))}
        place = ("methods", method_name, "each_standard")
        whole = _Whole(number, f"{number} {standard.title}", Role.STANDARD, place)
        self._declare_parts(whole, method.each_standard, questions)

    def _declare_parts(self, whole: _Whole, rules: Mapping[str, Rule], scope: Mapping[str, Names]) -> None:
        """The nodes of one standard or key question."""
        scope = {**{part: (_part(whole.number, part),) for part in rules if _NAME.fullmatch(part)}, **scope}
        for part, rule in rules.items():
            place = (*whole.place, part)
            if not _NAME.fullmatch(part):
                self.fault(WrongForm(f"{part!r} is not a name for a part; use a plain word"), place)
                continue
            role = whole.role if part == "rating" else Role.PART
            name, title = _part(whole.number, part), _part_title(whole.title, part)
            self._declare(_Draft(name, title, role, rule, place, whole.number, scope), place)

    def _declare_nodes(self) -> None:
        for name, rule in self.data.nodes.items():
            title = getattr(rule, "title", "") or name.replace("_", " ")
            path: Path = ("nodes", name)
            if not self._is_new(name, path):
                continue
            self._declare(_Draft(name, title, Role.OTHER, rule, path, name, {}), path)

    def _declare_groups(self) -> None:
        rated = [number for _, _, number, _ in self.data.standards() if number in self.drafts]
        domains: dict[str, dict[str, None]] = {}
        for domain_number, _, number, _ in self.data.standards():
            if number in self.drafts:
                domains.setdefault(domain_number, {})[number] = None
        groups: dict[str, Names] = {_STANDARDS: tuple(dict.fromkeys(rated))}
        groups |= {domain_number: tuple(numbers) for domain_number, numbers in domains.items()}
        for name in self.data.groups:
            if name in groups or name in self.drafts:
                self.fault(DuplicateName(f"{name!r} is the name of something else already"), ("groups", name))
        own = {
            name: names for name, names in self.data.groups.items() if name not in groups.keys() | self.drafts.keys()
        }
        self.groups = groups
        for name in self._ordered({name: [n for n in names if n in own] for name, names in own.items()}, "groups"):
            self.groups[name] = self._expand(own[name], ("groups", name), {})
        self.circular = frozenset(own.keys() - self.groups.keys())
        self.groups.update(dict.fromkeys(self.circular, ()))

    def _check_pools(self) -> None:
        """Each pool leads to key questions that there are, to each at most once."""
        asked = [question for _, _, _, standard in self.data.standards() for question in standard.questions]
        for name, pool in self.data.pools.items():
            used = set[str]()
            for there, here in pool.numbers().items():
                path: Path = ("pools", name, "questions", there)
                if here and here not in asked:
                    self.fault(UnknownName(f"there is no key question {here!r}{self._hint(here, asked)}"), path)
                elif here in used:
                    self.fault(RepeatedInput(f"{here!r} is there twice"), path)
                used.update([here] if here else [])

    def _check_known(self) -> None:
        """What is known of some evidence is either what comes of it or why it is refused."""
        for name, known in self.data.known.items():
            if bool(known.gives) == bool(known.refused):
                self.fault(WrongForm("say either what it gives or for what fault it is refused"), ("known", name))

    def _expand(self, names: Names, path: Path, scope: Mapping[str, Names]) -> Names:
        """Names with groups replaced by their members; faults noted, each name once."""
        found: dict[str, None] = {}
        for name in names:
            if name in scope:
                members: Names = scope[name]
            elif name in self.drafts:
                members = (name,)
            elif name in self.groups:
                members = self.groups[name]
            else:
                known = {*self.drafts, *self.groups, *scope}
                self.fault(UnknownName(f"there is no {name!r}{self._hint(name, known)}"), path)
                continue
            for member in members:
                if member in found:
                    self.fault(RepeatedInput(f"{member!r} is there twice"), path)
                found[member] = None
        self.inputs += len(found)
        if self.inputs > MAX_INPUTS:
            self.fault(TooLarge(f"groups and rules name more than {MAX_INPUTS:,} nodes between them"), path)
            raise_any(self.faults)
        return tuple(found)

    def _ordered(self, inputs: Mapping[str, Iterable[str]], heading: str = "") -> list[str]:
        """Names, each after those that it needs; those that run in a circle are noted and left out."""
        ordered = {name: sorted(inputs[name], key=natural) for name in sorted(inputs, key=natural)}
        try:
            return list(TopologicalSorter(ordered).static_order())
        except CycleError:
            from inspectlib import _network  # noqa: PLC0415  # only now: networkx takes long to import

            for cycle in _network.cycles(ordered):
                name, round_ = cycle[0], " needs ".join([*cycle, cycle[0]])
                if heading:
                    self.fault(RuleCycle(f"the group {name!r} contains itself: {round_}"), (heading, name))
                else:
                    self.fault(RuleCycle(f"the rule of {name!r} depends on itself: {round_}"), self.drafts[name].path)
            return []

    def _resolve(self, draft: _Draft) -> dict[str, Names]:
        """The nodes for each slot of a rule."""
        slots = {}
        for slot in draft.rule.slots():
            path = (*draft.path, slot.name)
            before = len(self.faults)
            names = self._expand(slot.names, path, draft.scope)
            fits = len(names) == 1 if slot.single else bool(names)
            if not fits and len(self.faults) == before and self.circular.isdisjoint(slot.names):
                message = f"{', '.join(slot.names) or 'it'} stands for {len(names)} nodes; the rule needs "
                message += "exactly one" if slot.single else "at least one"
                self.fault(BadRule(message), path)
            names = names if slot.ordered else tuple(sorted(names, key=natural))
            slots[slot.name] = names if fits else ()
        return slots

    # --- kinds

    def _order(self) -> list[str]:
        """The nodes, each after its inputs; none where they run in a circle."""
        return self._ordered({name: {i for names in self.slots[name].values() for i in names} for name in self.drafts})

    def _bind(self, order: list[str], lexicon: Lexicon) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        for name in order:
            node = self._node(self.drafts[name], nodes, lexicon)
            if node:
                nodes[name] = node
                self._check_reach(node)
        return nodes

    def _node(self, draft: _Draft, nodes: Mapping[str, Node], lexicon: Lexicon) -> Node | None:
        slots = self.slots[draft.name]
        given: dict[str, list[tuple[str, ValueType]]] = {}
        for slot in draft.rule.slots():
            if not slots[slot.name] or any(name not in nodes for name in slots[slot.name]):
                return None  # that fault is noted already
            given[slot.name] = [(name, nodes[name].type) for name in slots[slot.name]]
            for name, kind in given[slot.name]:
                if kind.kind not in slot.kinds:
                    takes = " or ".join(sorted(slot.kinds))
                    message = f"{draft.rule.tag!r} takes a {takes}, but {name!r} is a {kind.kind}"
                    self.fault(WrongKind(message), (*draft.path, slot.name))
                    return None
        try:
            binding = draft.rule.bind(given, lexicon)
        except Fault as fault:
            # A scale or bands that are there but at fault have been noted where they stand.
            known = self.data.scales.keys() | self.data.bands.keys()
            if not (isinstance(fault, UnknownName) and any(f"called {name!r}" in fault.message for name in known)):
                self.fault(fault, draft.path)
            return None
        polarity = tuple(
            draft.rule.polarity(slot, index, binding)
            for slot in draft.rule.slots()
            for index in range(len(slots[slot.name]))
        )
        inputs = [nodes[name].range for names in slots.values() for name in names]
        reach = value_range(draft.rule, binding, polarity, inputs)
        return Node(
            draft.name,
            draft.title,
            draft.role,
            draft.rule,
            FrozenMapping(slots),
            polarity,
            binding,
            reach,
            draft.path,
            draft.of,
        )

    def _check_reach(self, node: Node) -> None:
        """Every rating of a standard, of a band and of the overall rating can be given."""
        scale = node.binding.scale
        checked = node.role is Role.STANDARD or node.name == "overall" or isinstance(node.rule, BandRule)
        if not checked or node.type.kind is not Kind.RATING or not scale:
            return
        low, high = node.range
        for position, rating in enumerate(scale.ratings):
            if not low <= position <= high:  # type: ignore[operator]  # ratings are positions
                message = f"no evidence can ever lead to the rating {rating} here"
                self.fault(UnreachableRating(message), node.path)


def _part(of: str, part: str) -> str:
    return of if part == "rating" else f"{of}.{part}"


def _part_title(title: str, part: str) -> str:
    return title if part == "rating" else f"{title}, {part.replace('_', ' ')}"


def named_sources(data: FrameworkData) -> Iterator[tuple[Path, str]]:
    """Every place that names a source."""
    yield (), data.source
    if data.in_force:
        yield ("in_force",), data.in_force.source
    grounded: Mapping[str, Mapping[str, Grounded]]
    grounded = {
        "scales": data.scales,
        "bands": data.bands,
        "nodes": data.nodes,
        "pools": data.pools,
        "exceptions": data.exceptions,
        "known": data.known,
    }
    for index, change in enumerate(data.changes):
        yield ("changes", index), change.source
    for heading, things in grounded.items():
        for name, thing in things.items():
            yield (heading, name), thing.source
    for name, method in data.methods.items():
        for each, rules in (("each_question", method.each_question), ("each_standard", method.each_standard)):
            for part, rule in rules.items():
                yield ("methods", name, each, part), rule.source
    for domain_number, domain in data.domains.items():
        yield ("domains", domain_number), domain.source
    for domain_number, _, number, standard in data.standards():
        path: Path = ("domains", domain_number, "standards", number)
        if standard.source:
            yield path, standard.source
        for question_number, question in standard.questions.items():
            if question.source:
                yield (*path, "questions", question_number), question.source
