"""The constraints for the solver mean what rating means, and agree with trying all evidence."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

import pytest

import inspectlib
from inspectlib.evaluate import settle
from inspectlib.evidence_reader import evidence_from
from inspectlib.explore import Found, Worlds, explore
from inspectlib.graph import Framework, Node
from inspectlib.intake import take_in
from inspectlib.kinds import Absent, Kind, PanelRating, Polarity, Tally
from inspectlib.laws.witness import evidence_of
from inspectlib.letters import NOT_RATED, letters
from inspectlib.rating import rate_evidence
from inspectlib.rules import RULES, Given, GivenRule, Names
from naive import Naive
from strategies import (
    GROUND,
    Example,
    Plain,
    built,
    make_evidence,
    seeded_frameworks,
    shipped_framework,
    shipped_mapping,
)

pytest.importorskip("z3", reason="z3 is not installed: pip install 'inspectlib[prove]'")

from inspectlib.laws.solver import Answer, Solver, Verdict
from inspectlib.laws.world import World

SEED = 20210601
#: More nodes than this are not tried in full beside the solver.
SMALL = 28


def plain(value: Given) -> Given:
    """A value without why it is absent, which the constraints do not know."""
    return NOT_RATED if isinstance(value, Absent) else value


def ratings(framework: Framework) -> list[Node]:
    """The ratings that are not just stated."""
    nodes = framework.graph.nodes.values()
    return [n for n in nodes if n.type.kind is Kind.RATING and not isinstance(n.rule, GivenRule)]


def positions(node: Node) -> range:
    """The places on the scale of a rating."""
    assert node.binding.scale is not None
    return range(len(node.binding.scale.ratings))


def parts(framework: Framework, node: Node) -> Names:
    """The ratings on the same scale directly beneath a rating, other kinds of node passed over."""
    found, todo = set[str](), list(node.inputs)
    while todo:
        name = todo.pop()
        if framework.graph[name].type.same(node.type):
            found.add(name)
        elif framework.graph[name].type.kind is not Kind.RATING:
            todo.extend(framework.graph.inputs[name])
    return tuple(sorted(found))


# --- what the constraints mean


def examples() -> Iterator[Example]:
    """The shipped frameworks, and others made up."""
    for name in inspectlib.shipped():
        yield Example(shipped_mapping(name), shipped_framework(name), name)
    yield from seeded_frameworks(SEED, 50)


def test_constraints_mean_what_rating_means() -> None:
    """On evidence that is known the constraints leave what it is rated, for every kind of rule."""
    rng, tags = random.Random(SEED), Counter[str]()
    for example in examples():
        graph, solver = example.framework.graph, Solver(example.framework.graph)
        intake = take_in(example.framework, evidence_from(make_evidence(rng, Naive(example.mapping))))
        rated, _ = settle(graph, intake.settled, {})
        found = solver.values(intake.settled)
        for name, value in rated.items():
            if isinstance(value, Tally):  # the constraints know the share alone
                continue
            assert (found[name], type(found[name])) == (plain(value), type(value)), (example.made_from, name)
            tags[graph[name].rule.tag] += not isinstance(value, Absent)
    assert {tag for tag, count in tags.items() if count} == set(RULES)


def test_every_rule_has_constraints() -> None:
    """No kind of rule is without constraints."""
    assert all(hasattr(World, f"_{tag}") for tag in RULES)


# --- beside all evidence tried


class Beside:
    """A framework asked about both ways: by the solver, and by trying all evidence."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.graph = framework.graph
        self.solver = Solver(framework.graph)
        self.leaves = [name for name, node in self.graph.nodes.items() if node.rule.takes_evidence]
        self.letters = {leaf: letters(self.graph, leaf) for leaf in self.leaves}
        self.asked = Counter[tuple[str, str]]()

    def found(self, targets: Sequence[str], chosen: Mapping[str, Sequence[Worlds]], worlds: int) -> Found | None:
        """What the targets can have, by trying all evidence."""
        choices: dict[str, Sequence[Worlds]] = {}
        seen, todo = set[str](), list(targets)
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in chosen:
                choices[name] = chosen[name]
                if not any(isinstance(value, PanelRating) for option in chosen[name] for value in option):
                    continue
            elif name in self.letters:
                options = self.letters[name]
                if options is None:
                    return None
                choices[name] = [(option,) * worlds for option in options]
            todo.extend(self.graph.inputs[name])
        return explore(self.graph, targets, choices)

    def settled(self, choice: Mapping[str, Worlds], world: int, target: str, fixed: Names) -> Given:
        """What a counterexample gives when it is rated: from evidence as in files where no computed rating is fixed."""
        said = {name: values[world] for name, values in choice.items()}
        if not fixed:
            rated = rate_evidence(self.framework, evidence_from(evidence_of(self.framework, said)))
            return plain(rated.results[target].value)  # type: ignore[arg-type]
        values: dict[str, Given] = {}
        for name in self.graph.sort(self.graph.below(target)):
            node = self.graph[name]
            if name in said and not isinstance(said[name], (PanelRating, Tally)) and name in fixed:
                values[name] = said[name]
            elif name in said or all(i in values for i in node.inputs):
                if node.rule.takes_evidence and name not in said:
                    continue  # beneath a rating that is fixed
                inputs = [values[i] for i in node.inputs]
                values[name] = node.rule.value(node.binding, [said[name], *inputs] if name in said else inputs)
        return plain(values[target])

    def agree(self, law: str, answer: Answer, tried: bool | None, about: object) -> None:
        """Whether neither refutes what the other proves."""
        assert answer.verdict is not Verdict.UNKNOWN
        assert tried is None or tried == (answer.verdict is Verdict.FOUND), (law, about)
        self.asked[law, str(answer.verdict)] += 1

    def reached(self, node: Node) -> None:
        found = self.found([node.name], {}, 1)
        for position in positions(node):
            answer = self.solver.reached(node.name, position)
            self.agree("reached", answer, None if found is None else ((position,),) in found, (node.name, position))
            if answer.choice:
                assert self.settled(answer.choice, 0, node.name, ()) == position

    def monotone(self, leaf: str, node: Node) -> None:
        answer, tried = self.solver.monotone(leaf, node.name), None
        said = [v for v in self.letters[leaf] or () if v not in (NOT_RATED, Tally(0, 0))]
        if self.graph[leaf].type.kind is not Kind.CHOICE and self.letters[leaf] is not None:
            steps: list[Worlds] = list(pairwise(said))
            if any(isinstance(value, PanelRating) for value in said):
                pairs = product(said, said)
                steps = [(a, b) for a, b in pairs if a.has_reason == b.has_reason and a.position < b.position]  # type: ignore[union-attr]
            found = self.found([node.name], {leaf: steps}, 2)
            tried = None if found is None else any(falls(*values[0]) for values in found)
        self.agree("monotone", answer, tried, (leaf, node.name))
        if answer.choice:
            assert {n for n, (one, other) in answer.choice.items() if one != other} == {leaf}
            assert falls(*(self.settled(answer.choice, world, node.name, ()) for world in range(2)))

    def within(self, node: Node, low: int, high: int, *, absent: bool) -> None:
        free = parts(self.framework, node)
        answer = self.solver.within(node.name, free, low, high, absent=absent)
        options: list[Worlds] = [(place,) for place in range(low, high + 1)] + [(NOT_RATED,)] * absent
        found = self.found([node.name], dict.fromkeys(free, options), 1)
        tried = None if found is None else any(outside(values[0][0], low, high) for values in found)
        self.agree("within", answer, tried, (node.name, low, high, absent))
        if answer.choice:
            assert outside(self.settled(answer.choice, 0, node.name, free), low, high)

    def absent(self, node: Node, missing: str) -> None:
        free, top = parts(self.framework, node), positions(node)[-1]
        answer = self.solver.absent(node.name, free, missing)
        options: list[Worlds] = [(place,) * 3 for place in (*positions(node), NOT_RATED)]
        chosen: dict[str, Sequence[Worlds]] = {**dict.fromkeys(free, options), missing: [(0, NOT_RATED, top)]}
        found = self.found([node.name], chosen, 3)
        tried = None if found is None else any(astray(*values[0]) for values in found)
        self.agree("absent", answer, tried, (node.name, missing))
        if answer.choice:
            assert astray(*(self.settled(answer.choice, world, node.name, free) for world in range(3)))

    def matters(self, leaf: str, ends: Names) -> None:
        answer, tried = self.solver.matters(leaf, ends), None
        said = self.letters[leaf]
        if said is not None:
            pairs = [(a, b) for a, b in zip(said, (*said[1:], said[0]), strict=True) if a != b]
            founds = [self.found([end], {leaf: pairs}, 2) for end in ends if leaf in self.graph.below(end)]
            if None not in founds:
                tried = any(plain(a) != plain(b) for found in founds for ((a, b),) in found or ())
        self.agree("matters", answer, tried, (leaf, ends))
        if answer.choice:
            assert {n for n, (one, other) in answer.choice.items() if one != other} == {leaf}
            worlds = [[self.settled(answer.choice, world, end, ()) for end in ends] for world in range(2)]
            assert worlds[0] != worlds[1]


def falls(before: Given, after: Given) -> bool:
    """Whether a rating is worse than before."""
    return isinstance(before, int) and isinstance(after, int) and after < before


def outside(value: Given, low: int, high: int) -> bool:
    """Whether there is a rating outside two others."""
    return isinstance(value, int) and not low <= value <= high


def astray(worst: Given, without: Given, best: Given) -> bool:
    """Whether a rating without a part is outside those with it."""
    if not (isinstance(worst, int) and isinstance(without, int) and isinstance(best, int)):
        return False
    return not min(worst, best) <= without <= max(worst, best)


def ends(framework: Framework) -> Names:
    """The nodes that no other goes on from."""
    used = {name for inputs in framework.graph.inputs.values() for name in inputs}
    return tuple(name for name in framework.graph.nodes if name not in used)


def test_agrees_on_made_up_frameworks() -> None:
    """Neither way of asking refutes what the other proves, and every counterexample is rated as one."""
    rng, asked = random.Random(SEED), Counter[tuple[str, str]]()
    for example in seeded_frameworks(SEED + 1, 60):
        beside = Beside(example.framework)
        if len(beside.graph.nodes) > SMALL:
            continue
        rated = ratings(example.framework)
        beside.reached(rng.choice(rated))
        effects = {leaf: beside.graph.effect(leaf) for leaf in beside.leaves}
        pairs = [(leaf, node) for leaf in beside.leaves for node in rated if node.name in effects[leaf]]
        bent = [(leaf, node) for leaf, node in pairs if effects[leaf][node.name] in (Polarity.EITHER, Polarity.HARMS)]
        for leaf, node in (*rng.sample(bent, min(6, len(bent))), rng.choice(pairs)):
            beside.monotone(leaf, node)
        beside.matters(rng.choice(beside.leaves), ends(example.framework))
        joined = [node for node in rated if len(parts(example.framework, node)) > 1 and not node.rule.takes_evidence]
        for node in rng.sample(joined, min(2, len(joined))):
            low = rng.choice(positions(node))
            beside.within(node, low, rng.choice(positions(node)[low:]), absent=rng.random() < 0.5)
            beside.absent(node, rng.choice(parts(example.framework, node)))
        asked += beside.asked
    assert {law for law, _ in asked} == {"reached", "monotone", "within", "absent", "matters"}
    assert min(asked[law, verdict] for law in ("reached", "monotone", "within") for verdict in ("never", "found")) > 0


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_agrees_on_shipped_frameworks(name: str) -> None:
    """The same on the shipped frameworks, as far as all evidence can be tried in short time."""
    rng, framework = random.Random(name), shipped_framework(name)
    beside, rated = Beside(framework), ratings(framework)
    if not rated:
        return
    top = framework.graph.nodes.get("overall") or rated[-1]
    beside.reached(top)
    leaf = rng.choice(beside.leaves)
    beside.monotone(leaf, top)
    free = parts(framework, top)
    if free:
        beside.within(top, 1, positions(top)[-1], absent=True)
    if free and len(framework.graph.nodes) < SMALL:
        beside.absent(top, rng.choice(free))
        beside.matters(leaf, ends(framework))


# --- frameworks that are wrong


def wrong(**nodes: Plain) -> Framework:
    """Two ratings that are given, and what is wrongly made of them."""
    stated: Plain = {"rule": "given", "kind": "rating", "scale": "marks"}
    edges = {"Poor": {"below": "3/4"}, "Fair": {"at_least": "3/4", "below": "2"}, "Good": {"at_least": "2"}}
    return built(
        {
            "id": "wrong",
            "version": "1",
            "title": "Wrong",
            **GROUND,
            "sources": {"own": {"title": "A source"}},
            "scales": {"marks": {"ratings": ["Poor", "Fair", "Good"], **GROUND}},
            "bands": {"sums": {"scale": "marks", "bands": edges, **GROUND}},
            "nodes": {name: {**rule, **GROUND} for name, rule in {"a": stated, "b": stated, **nodes}.items()},
        }
    )


def test_a_limit_the_wrong_way_round_is_found() -> None:
    """A limit on what is good is found to punish the better."""
    framework = wrong(
        fine={"rule": "test", "of": "a", "at_least": "Good"},
        both={"rule": "highest", "of": ["a", "b"]},
        overall={"rule": "limit", "of": "both", "to": "Poor", "when": "fine"},
    )
    solver = Solver(framework.graph)
    assert solver.monotone("b", "overall").verdict is Verdict.NEVER
    answer = solver.monotone("a", "overall")
    assert answer.verdict is Verdict.FOUND
    evidence = [evidence_of(framework, {n: worlds[w] for n, worlds in answer.choice.items()}) for w in range(2)]
    assert falls(*(rate_evidence(framework, evidence_from(one)).results["overall"].value for one in evidence))  # type: ignore[arg-type]
    assert solver.within("overall", ("a", "b"), 2, 2, absent=False).choice == {"a": (2,), "b": (2,)}


def test_a_sum_that_punishes_what_is_not_rated_is_found() -> None:
    """A sum of what is rated is found to punish what is not."""
    table = [{"when": {"sum": "at least 2"}, "then": "Good"}, {"when": {"sum": "below 2"}, "then": "Poor"}]
    framework = wrong(
        one={"rule": "count", "of": ["a", "b"], "at_least": "Fair"},
        sum={"rule": "total", "of": ["one", "one_more"]},
        one_more={"rule": "count", "of": ["a", "b"], "at_most": "Good"},
        overall={"rule": "table", "kind": "rating", "scale": "marks", "inputs": ["sum"], "rows": table},
    )
    solver = Solver(framework.graph)
    assert solver.reached("overall", 1).verdict is Verdict.NEVER
    answer = solver.absent("overall", ("a", "b"), "a")
    assert answer.choice["a"] == (0, NOT_RATED, 2)
    assert astray(*(solver.values({n: w[i] for n, w in answer.choice.items()})["overall"] for i in range(3)))


def test_a_mean_of_fewer_that_is_the_same_is_no_difference() -> None:
    """What is out of less is another total, but not another mean."""
    framework = wrong(
        total={"rule": "total", "of": ["a", "b"]},
        mean={"rule": "mean", "of": "total"},
    )
    answer = Solver(framework.graph).matters("b", ("mean",))
    assert answer.verdict is Verdict.FOUND
    worlds = ({name: worlds[world] for name, worlds in answer.choice.items()} for world in range(2))
    means = [Solver(framework.graph).values(world)["mean"] for world in worlds]
    assert means[0] != means[1]


def test_what_decides_nothing_is_found() -> None:
    """Evidence that goes into nothing that is reported is found."""
    framework = wrong(
        overall={"rule": "lowest", "of": ["b"]}, unused={"rule": "count", "of": ["a"], "at_least": "Poor"}
    )
    solver = Solver(framework.graph)
    assert solver.matters("a", ("overall",)).verdict is Verdict.NEVER
    assert solver.matters("b", ("overall",)).verdict is Verdict.FOUND
