"""All evidence tried at once: what stands by itself is told from what does not, and trying it alone loses nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings

from inspectlib.enclosed import enclosed
from inspectlib.evidence_reader import evidence_from
from inspectlib.explore import explore, follow
from inspectlib.kinds import Kind
from inspectlib.laws.bench import Bench
from inspectlib.laws.witness import evidence_of
from inspectlib.rating import rate_evidence
from strategies import Example, any_framework, randoms


def reaches(name: str, past: str, users: Mapping[str, list[str]], targets: list[str]) -> bool:
    """Whether some way leads from a node to a target and past another node."""
    if name == past:
        return False
    return name in targets or any(reaches(user, past, users, targets) for user in users[name])


@settings(max_examples=200)
@given(rng=randoms())
def test_what_is_enclosed_has_no_other_way_out(rng: random.Random) -> None:
    """A node encloses what is beneath it when no way leads from there to what is asked about that goes past it."""
    size = rng.randint(2, 9)
    names = [f"n{place}" for place in range(size)]
    inputs = {
        name: rng.sample(names[:place], min(place, rng.choice((0, 1, 2, 2, 3)))) for place, name in enumerate(names)
    }
    targets = rng.sample(names, rng.choice((1, 1, 2)))
    beneath: dict[str, set[str]] = {}
    for name in names:
        beneath[name] = {name}.union(*(beneath[i] for i in inputs[name]))
    needed = [name for name in names if any(name in beneath[target] for target in targets)]
    users = {name: [user for user in needed if name in inputs[user]] for name in needed}
    alone = [
        name
        for name in needed
        if len(inputs[name]) > 1 and name not in targets
        if not any(reaches(below, name, users, targets) for below in beneath[name])
    ]
    assert list(enclosed(needed, inputs, targets)) == alone


@settings(max_examples=30)
@given(example=any_framework(), rng=randoms())
def test_parts_explored_by_themselves_lose_no_state(example: Example, rng: random.Random) -> None:
    """What some nodes can have together is the same whether or not parts are gone through by themselves first."""
    bench = Bench(example.framework)
    names = sorted(name for name, node in bench.graph.nodes.items() if node.type.kind is not Kind.ANSWERS)
    targets = rng.sample(names, min(len(names), rng.choice((1, 1, 2))))
    choices = bench.choices(targets, {})
    if choices is None:
        return
    found = explore(bench.graph, targets, choices)
    whole = follow(bench.graph, targets, choices, None, lambda *_: None, lambda *_: None)
    if whole is None:
        return
    assert found is not None
    assert found.keys() == whole.keys()
    for state in rng.sample(sorted(found, key=repr), min(3, len(found))):
        leaves = {name: value for name, (value,) in found[state].items() if name in bench.leaves}
        results: Any = rate_evidence(example.framework, evidence_from(evidence_of(example.framework, leaves))).results
        for name, (value,) in zip(targets, state, strict=True):
            came = results[name].value
            assert getattr(came, "state", came) == getattr(value, "state", value)
