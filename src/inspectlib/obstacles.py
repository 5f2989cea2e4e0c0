"""Why no change of the evidence leads to a rating: what stands in the way, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from inspectlib.evaluate import Interval, order
from inspectlib.fewest import Leaves, attainable
from inspectlib.framework import natural
from inspectlib.graph import Node
from inspectlib.kinds import Absent, Kind, PanelRating, Tally
from inspectlib.outcome import shown, shown_text
from inspectlib.rating import Rated
from inspectlib.rules import AllRule, Given, LimitRule, LowestRule, NotRule, PanelRule, TestRule

__all__ = ["Standing", "Wanted", "obstacles", "value_words"]

#: The nodes whose evidence is not to be changed, each with the reason in words.
Standing = Mapping[str, str]
#: Whether a value is what is asked for.
Wanted = Callable[[Given], bool]

#: More sentences than this nobody reads.
MAX_TOLD = 8
#: When more things are held for the same reason than this, one of them stands for all.
MAX_ALIKE = 3


def obstacles(
    rated: Rated, node: Node, wanted: Wanted, standing: Standing, leaves: Leaves
) -> tuple[str, tuple[str, ...]]:
    """How near a rating can come to what is wanted, in words, and what stands in the way of more, a sentence each.

    The words are empty where it has no rating at all.
    """
    better = wanted(_top(node))
    return _Search(rated, standing, leaves, better=better).found(node, wanted)


def _top(node: Node) -> int:
    assert node.binding.scale is not None
    return len(node.binding.scale.ratings) - 1


class _Search:
    """Goes down from a node that cannot have what is wanted, to whatever keeps it from that."""

    def __init__(self, rated: Rated, standing: Standing, leaves: Leaves, *, better: bool) -> None:
        self.rated = rated
        self.graph = rated.framework.graph
        self.standing = standing
        self.leaves = leaves
        self.better = better
        self.seen = set[str]()
        self.told: list[str] = []
        self.able: dict[str, frozenset[Given]] = {}

    def found(self, node: Node, wanted: Wanted) -> tuple[str, tuple[str, ...]]:
        values = self.reach(node)
        limit = value_words(node, values[-1 if self.better else 0]) if values else ""
        if not self.better and not any(map(wanted, range(_top(node) + 1))):
            self.tell(f"{limit} is the worst rating there is.")
        else:
            self.look(node, wanted)
            if not self.told:
                self.tell("The rules lead no further, whatever the evidence says that can be changed.")
        more = len(self.told) - MAX_TOLD
        told = [*self.told[:MAX_TOLD], *([f"And {more} more like these."] if more > 0 else [])]
        return limit, tuple(told)

    def reach(self, node: Node) -> list[int]:
        """The ratings, or conditions, that a node can come to have, the worst first."""
        if node.name not in self.able:
            self.able[node.name] = attainable(self.graph, node.name, self.leaves)
        return sorted(value for value in self.able[node.name] if isinstance(value, int))

    def can(self, name: str, wanted: Wanted) -> bool:
        """Whether a rating or condition can come to have what is wanted."""
        return any(wanted(value) for value in self.reach(self.graph[name]))

    def tell(self, sentence: str) -> None:
        """Say something once."""
        if sentence not in self.told:
            self.told.append(sentence)

    def look(self, node: Node, wanted: Wanted) -> None:
        """Say why a node cannot have what is wanted."""
        if node.name in self.seen:
            return
        self.seen.add(node.name)
        rule = node.rule
        if node.name in self.rated.intake.departures and node.name not in self.standing:
            self.each(node.inputs, wanted, node)  # it can be withdrawn, and then they count
        elif node.name in self.leaves and not isinstance(rule, PanelRule):
            self.stands(node)
        elif isinstance(rule, PanelRule):
            self.panel(node, wanted)
        elif isinstance(rule, LimitRule):
            self.limit(node, wanted)
        elif isinstance(rule, (LowestRule, AllRule)):
            self.each([name for name in node.inputs if not self.can(name, wanted)], wanted, node)
        elif isinstance(rule, NotRule):
            self.look(self.graph[node.inputs[0]], lambda value: not wanted(not value))
        elif isinstance(rule, TestRule) and self.graph[node.inputs[0]].type.kind is Kind.RATING:
            self.look(self.graph[node.inputs[0]], lambda value: wanted(rule.value(node.binding, [value])))
        elif node.type.kind is Kind.RATING and len(node.inputs) == 1 and self.rating(node.inputs[0]):
            self.each(node.inputs, wanted, node)
        else:
            self.below(node)

    def rating(self, name: str) -> bool:
        return self.graph[name].type.kind is Kind.RATING

    def each(self, names: Sequence[str], wanted: Wanted, node: Node) -> None:
        """Say why inputs cannot have what is wanted of them all; when each could by itself, they cannot together."""
        for name in names:
            self.look(self.graph[name], wanted)
        if not names:
            self.below(node)

    def limit(self, node: Node, wanted: Wanted) -> None:
        """The rating that is limited cannot be so itself, or the condition of the limit cannot be got rid of."""
        of, when = node.slots["of"][0], self.graph[node.slots["when"][0]]
        if not self.can(of, wanted):
            self.look(self.graph[of], wanted)
            return
        assert isinstance(node.rule, LimitRule)
        bound = "worse" if node.rule.tag == "lift" else "better"
        self.tell(f"{node.title} is no {bound} than {node.rule.to} because of {when.title}.")
        self.look(when, lambda value: value is False)

    def panel(self, node: Node, wanted: Wanted) -> None:
        """The panel's own rating stands, or its guide does not let it be so."""
        said = [option.value for option in self.leaves.get(node.name, ())]
        if not any(isinstance(value, PanelRating) and wanted(value.position) for value in said):
            self.stands(node)
            return
        assert isinstance(node.rule, PanelRule)
        for slot in ("ceiling", "floor"):
            for name in node.slots.get(slot, ()):
                if not self.can(name, wanted) and self.reach(self.graph[name]):
                    force = "always binds" if node.rule.binding else "binds, as no reason for departing is recorded"
                    self.tell(f"{node.title} has the {slot} {self.graph[name].title}, which {force}.")
                    self.look(self.graph[name], wanted)

    def below(self, node: Node) -> None:
        """Say what is not to be changed beneath a node; what can be changed is at its end, or no limit."""
        alike: dict[str, list[Node]] = {}
        for name in sorted(self.graph.below(node.name) & self.leaves.keys(), key=natural):
            if len(self.leaves[name]) == 1 or name in self.standing or name in self.rated.intake.given:
                alike.setdefault(self.standing.get(name, name), []).append(self.graph[name])
        for nodes in alike.values():
            if len(nodes) <= MAX_ALIKE:
                for each in nodes:
                    self.stands(each)
            else:
                first = nodes[0]
                self.tell(f"{self.title(first)} {self.standing[first.name]}, and so with {len(nodes) - 1} others.")

    def stands(self, node: Node) -> None:
        """Say of evidence that it stands as it is, and why."""
        rated, title = self.rated, self.title(node)
        value = rated.results[node.name].value
        departed = "The departure for " if node.name in rated.intake.departures else ""
        if node.name in self.standing:
            self.tell(f"{departed}{title} {self.standing[node.name]}{self.at(node)}.")
        elif isinstance(value, Absent):
            self.tell(f"{title} is {value.state}: {value.reason}.")
        elif isinstance(value, Tally) and not value.of:
            self.tell(f"{title} applies to no case.")
        elif len(self.leaves.get(node.name, ())) == 1:
            self.tell(f"{title} is {value_words(node, value)}, and no smallest change of it is known.")
        elif node.name in rated.intake.given:
            self.tell(f"{title} is stated, and the evidence beneath it leaves it no further.")

    def title(self, node: Node) -> str:
        of = self.graph.nodes.get(node.of)
        if of:
            return of.title
        unrated = self.rated.framework.unrated.get(node.of)
        return unrated.title if unrated else node.title

    def at(self, node: Node) -> str:
        """What evidence that is held says."""
        said = self.rated.intake.settled.get(node.name)
        if isinstance(said, PanelRating) and node.binding.scale:
            return f" at {node.binding.scale.ratings[said.position]}"
        value = self.rated.results[node.name].value
        if isinstance(value, (Interval, Absent)):
            return ""
        return f" at {value_words(node, value)}"


def value_words(node: Node, value: Given | Interval) -> str:
    """What a node has, in words."""
    if isinstance(value, Interval):
        ends = sorted({value.worst, value.best}, key=order)
        return f"open: {' to '.join(shown_text(shown(node, end)) for end in ends)}"
    if isinstance(value, Absent):
        return f"{value.state} ({value.reason})" if value.reason else str(value.state)
    return shown_text(shown(node, value))
