"""The rule graph: what lies below a node, what a better value does to others, its order, its view, its names."""

from __future__ import annotations

from typing import Any

import pytest

from inspectlib.errors import UnknownNode
from inspectlib.graph import NO_RATING, Framework, Role, RuleGraph, Unrated
from inspectlib.kinds import Polarity
from made import GROUND, framework

MARK: dict[str, Any] = {"rule": "given", "kind": "rating", "scale": "marks"}
FLAG: dict[str, Any] = {"rule": "given", "kind": "flag"}
#: Being late harms, unless there was reason to be; `both` gains and loses by being late.
NODES: dict[str, dict[str, Any]] = {
    "both": {"rule": "limit", "of": "lifted", "to": "Good", "when": "late"},
    "lifted": {"rule": "lift", "of": "lowest", "to": "Fair", "when": "late"},
    "lowest": {"rule": "lowest", "of": ["a", "b"]},
    "excused": {"rule": "not", "of": "late"},
    "limited": {"rule": "limit", "of": "a", "to": "Good", "when": "late"},
    "again": {"rule": "not", "of": "excused"},
    "a": MARK,
    "b": MARK | {"title": "The other"},
    "late": FLAG,
}


@pytest.fixture
def graph() -> RuleGraph:
    """A graph of nine nodes, made anew for each test, since graphs remember what they have found."""
    return framework(NODES).graph


def test_a_node_by_its_name(graph: RuleGraph) -> None:
    """A node is found by its name, with its inputs slot by slot and its kind of value."""
    node = graph["both"]
    assert (node.name, node.role, node.of, node.title) == ("both", Role.OTHER, "both", "both")
    assert (node.inputs, dict(node.slots)) == (("lifted", "late"), {"of": ("lifted",), "when": ("late",)})
    assert (str(node.type), graph["late"].inputs) == ("rating on the scale marks", ())
    assert graph["b"].title == "The other"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("limitd", "the framework has no 'limitd' (did you mean 'limited'?)"),
        ("xyzzy", "the framework has no 'xyzzy'"),
    ],
)
def test_a_node_that_is_not_there(graph: RuleGraph, name: str, message: str) -> None:
    """An unknown node is refused by its name, with the nearest there is."""
    with pytest.raises(UnknownNode) as caught:
        graph[name]
    assert caught.value.message == message
    with pytest.raises(UnknownNode):
        graph.below(name)


def test_every_node_stands_after_its_inputs(graph: RuleGraph) -> None:
    """The order of the nodes is one in which they can be computed, and names can be put in it."""
    order = list(graph.nodes)
    assert all(order.index(i) < order.index(name) for name in order for i in graph.inputs[name])
    assert list(graph.sort(sorted(order))) == order
    assert graph.sort(["both", "a", "lifted"]) == ("a", "lifted", "both")
    assert graph.sort(iter(())) == ()


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("a", "a"),
        ("lowest", "lowest a b"),
        ("again", "again excused late"),
        ("both", "both lifted lowest a b late"),
    ],
)
def test_what_lies_below_a_node(graph: RuleGraph, name: str, below: str) -> None:
    """Below a node is all that it depends on, by whatever way, and itself."""
    assert graph.below(name) == frozenset(below.split())


def test_what_uses_a_node(graph: RuleGraph) -> None:
    """The nodes that use a node stand in the order of the nodes, each once, and a node that nothing uses has none."""
    assert {name: set(users) for name, users in graph.users.items() if users} == {
        "a": {"lowest", "limited"},
        "b": {"lowest"},
        "late": {"excused", "limited", "lifted", "both"},
        "lowest": {"lifted"},
        "lifted": {"both"},
        "excused": {"again"},
    }
    assert list(graph.users) == list(graph.nodes)
    assert all(users == graph.sort(users) for users in graph.users.values())
    panel = {"rule": "panel", "scale": "marks", "ceiling": "a", "floor": "a"}
    assert framework({"a": MARK, "panel": panel}).graph.users["a"] == ("panel",)


@pytest.mark.parametrize(
    ("source", "fixed", "effect"),
    [
        ("a", "", {"a": "+", "lowest": "+", "limited": "+", "lifted": "+", "both": "+"}),
        ("late", "", {"late": "+", "excused": "-", "again": "+", "limited": "-", "lifted": "+", "both": "?"}),
        ("excused", "", {"excused": "+", "again": "-"}),
        ("both", "", {"both": "+"}),
        # what is fixed does not pass anything on, whatever comes to it
        ("late", "lifted", {"late": "+", "excused": "-", "again": "+", "limited": "-", "lifted": "+", "both": "-"}),
        ("late", "excused lifted", {"late": "+", "excused": "-", "limited": "-", "lifted": "+", "both": "-"}),
        ("late", "late", {"late": "+"}),
        ("a", "b", {"a": "+", "lowest": "+", "limited": "+", "lifted": "+", "both": "+"}),
    ],
)
def test_what_a_better_value_does(graph: RuleGraph, source: str, fixed: str, effect: dict[str, str]) -> None:
    """The signs along a way are multiplied, and where ways with different signs meet it may be either."""
    for _ in range(2):  # the second answer is remembered
        assert graph.effect(source, frozenset(fixed.split())) == {n: Polarity(sign) for n, sign in effect.items()}


def test_effects_are_remembered_apart_from_what_was_fixed(graph: RuleGraph) -> None:
    """What is found with nodes fixed is not what is found without, in whichever order it is asked."""
    fixed = graph.effect("a", frozenset({"lowest"}))
    free = graph.effect("a")
    assert (set(fixed), set(free)) == ({"a", "limited", "lowest"}, {"a", "limited", "lowest", "lifted", "both"})
    assert graph.effect("a", frozenset({"lowest"})) == fixed
    assert graph.effect("a") is free


def test_an_input_that_does_nothing_has_no_effect() -> None:
    """A flag of which a table makes nothing reaches no further."""
    rows = [{"when": {"late": ["yes", "no"]}, "then": "Good"}]
    table = {"rule": "table", "inputs": ["late"], "kind": "rating", "scale": "marks", "rows": rows}
    graph = framework({"late": FLAG, "fixed": table, "after": {"rule": "lowest", "of": ["fixed"]}}).graph
    assert graph.effect("late") == {"late": Polarity.HELPS}


def test_the_view_for_networkx(graph: RuleGraph) -> None:
    """The view has each node with its title, kind, rule and role, and each input with its slot and polarity."""
    view = graph.networkx
    assert dict(view.nodes)["b"] == {"title": "The other", "kind": "rating", "rule": "given", "role": "other"}
    assert dict(view.nodes)["excused"] == {"title": "excused", "kind": "flag", "rule": "not", "role": "other"}
    assert set(view.nodes) == set(NODES)
    assert {(start, end, *sorted(data.items())) for start, end, data in view.edges(data=True)} == {
        (start, end, ("polarity", sign), ("slot", slot))
        for start, end, slot, sign in (
            ("lifted", "both", "of", "+"),
            ("late", "both", "when", "-"),
            ("lowest", "lifted", "of", "+"),
            ("late", "lifted", "when", "+"),
            ("a", "lowest", "of", "+"),
            ("b", "lowest", "of", "+"),
            ("late", "excused", "of", "-"),
            ("a", "limited", "of", "+"),
            ("late", "limited", "when", "-"),
            ("excused", "again", "of", "-"),
        )
    }
    assert graph.networkx is view


def test_graphs_are_equal_when_their_meaning_is() -> None:
    """Graphs of the same rules are equal whatever is remarked of them, and those of other rules are not."""
    noted = {name: rule | {"note": "A remark"} for name, rule in NODES.items()}
    other = NODES | {"limited": NODES["limited"] | {"to": "Fair"}}
    assert framework(NODES).graph == framework(noted).graph
    assert hash(framework(NODES).graph) == hash(framework(noted).graph)
    assert framework(NODES).graph != framework(other).graph
    assert repr(framework(NODES).graph).endswith("nodes=<9 nodes>)")


def with_standards() -> Framework:
    """Standard 1.10 is not rated but its first key question is; of 1.9 nothing is; 1.2 is rated."""
    question = {"title": "Enough", **GROUND}
    method = {
        "title": "By cases",
        "each_question": {
            "answers": {"rule": "given", "kind": "answers"} | GROUND,
            "share": {"rule": "share", "of": "answers"} | GROUND,
            "rating": {"rule": "band", "of": "share", "bands": "shares"} | GROUND,
        },
        "each_standard": {"rating": {"rule": "lowest", "of": ["questions"]} | GROUND},
    }
    counted = {"title": "Only counted", "each_question": {"answers": {"rule": "given", "kind": "answers"} | GROUND}}
    standards = {
        "1.10": {"title": "Counted", "method": "counted", "questions": {"1.10.10": question, "1.10.9": question}},
        "1.9": {"title": "Reported", "method": "reported", "questions": {"1.9.1": {"title": "Anything", **GROUND}}},
        "1.2": {"title": "Rated", "method": "cases", "questions": {"1.2.1": question}},
    }
    domains = {"1": {"title": "Everything", "standards": standards, **GROUND}}
    methods = {"cases": method, "counted": counted, "reported": {"title": "Only reported"}}
    return framework({}, methods=methods, domains=domains)


def test_what_is_published_without_a_rating() -> None:
    """Standards and key questions that are not rated keep their titles and what is reported of them, in order."""
    made = with_standards()
    assert made.unrated == {
        "1.9": Unrated("1.9 Reported", Role.STANDARD, ("1.9.1",)),
        "1.9.1": Unrated("1.9.1 Anything", Role.QUESTION, ()),
        "1.10": Unrated("1.10 Counted", Role.STANDARD, ("1.10.9", "1.10.10")),
        "1.10.9": Unrated("1.10.9 Enough", Role.QUESTION, ("1.10.9.answers",)),
        "1.10.10": Unrated("1.10.10 Enough", Role.QUESTION, ("1.10.10.answers",)),
    }
    assert list(made.unrated) == ["1.9", "1.9.1", "1.10", "1.10.9", "1.10.10"]
    assert "1.2" in made.graph.nodes
    assert made.unrated.keys().isdisjoint(made.graph.nodes)
    assert NO_RATING == "the framework gives it no rating"


def test_a_framework_says_what_it_is() -> None:
    """A framework has the id, version and title of its data and the fingerprint of its graph."""
    made = framework(NODES)
    assert (made.id, made.version, made.title) == ("made-up", "1", "Made up")
    assert made.fingerprint == made.graph.fingerprint
