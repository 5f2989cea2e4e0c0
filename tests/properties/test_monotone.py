"""Promise 4. Monotone: better evidence never lowers any rating where the framework does not declare otherwise."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given

from inspectlib.evaluate import Interval
from inspectlib.evidence_reader import evidence_from
from inspectlib.graph import Framework
from inspectlib.kinds import Absent, Kind, Polarity, Score
from inspectlib.rating import Rated, rate_evidence
from naive import Naive
from strategies import Example, Plain, any_framework, leaves, make_evidence, randoms, shipped_frameworks


def rated(framework: Framework, evidence: Plain) -> Rated:
    """Evidence rated, every node with its value."""
    return rate_evidence(framework, evidence_from(evidence))


def better(rng: random.Random, naive: Naive, evidence: Plain) -> tuple[str, Plain] | None:
    """The evidence with one thing in it better, and the input that is; None when the one chosen is at its best."""
    inputs = leaves(naive)
    name = rng.choice(sorted(inputs))
    rule = inputs[name]
    if rule.get("kind") == "answers":
        count = naive.on(evidence).value(f"{name}.answers" if f"{name}.answers" in naive.rules else name)
        assert isinstance(count, tuple)
        yes, of = int(count[0]), int(count[1])  # type: ignore[arg-type]
        if yes == of:
            return None
        tally = {"yes": str(rng.randint(yes + 1, of)), "of": str(of)}
        cases = [
            {**case, "answers": {q: a for q, a in case["answers"].items() if q != name}}
            for case in evidence.get("cases", ())
        ]
        return name, {**evidence, "cases": cases, "tallies": {**evidence.get("tallies", {}), name: tally}}
    heading = next((key for key in ("panel", "ratings", "values") if name in evidence.get(key, {})), None)
    if heading is None:
        return None
    stated = evidence[heading][name]
    raised = _raised(rng, naive, rule, stated["rating"] if isinstance(stated, dict) else stated)
    if raised is None:
        return None
    entry = {**stated, "rating": raised} if isinstance(stated, dict) else raised
    return name, {**evidence, heading: {**evidence[heading], name: entry}}


def _raised(rng: random.Random, naive: Naive, rule: Plain, text: str) -> str | None:
    if text in ("not rated", "not applicable"):
        return None
    if "scale" in rule:
        labels = naive.framework["scales"][rule["scale"]]["ratings"]
        place = [label.casefold() for label in labels].index(text.casefold())
        return rng.choice(labels[place + 1 :]) if place + 1 < len(labels) else None
    if rule["kind"] == "flag":
        return "yes" if text == "no" else None
    return str(rule["most"]) if rule["kind"] == "number" else None


def order(value: Any) -> Any:
    """What a value is compared by."""
    return value.points if isinstance(value, Score) else value


def lowered(framework: Framework, name: str, before: Rated, after: Rated, sign: Polarity) -> list[str]:
    """The nodes that can only be helped (or only be harmed) by an input, and were not."""
    leaf = name if name in framework.graph.nodes else f"{name}.answers"
    leaf = f"{name}.answers" if f"{name}.answers" in framework.graph.nodes else leaf
    found = []
    for node, effect in framework.graph.effect(leaf).items():
        old, new = before.results[node].value, after.results[node].value
        if effect is not sign or framework.graph[node].type.kind in (Kind.ANSWERS, Kind.CHOICE):
            continue
        if isinstance(old, (Absent, Interval)) or isinstance(new, (Absent, Interval)):
            assert type(old) is type(new), f"{node} had {old} and has {new}"
            continue
        if (order(new) < order(old)) if sign is Polarity.HELPS else (order(new) > order(old)):
            found.append(f"{node} went from {old} to {new}")
    return found


#: Declared exceptions: more of these is worse. Food hygiene scores count what is wrong; special focus is for the worst.
HARMFUL = {"hygiene", "structural", "confidence", "special_focus"}


@given(framework=shipped_frameworks(), rng=randoms())
def test_monotone_for_every_shipped_rating(framework: Example, rng: random.Random) -> None:
    """Under a shipped framework a better answer or rating lowers no rating at all; more of what is bad raises none."""
    mapping, checked, _ = framework
    naive = Naive(mapping)
    evidence = make_evidence(rng, naive)
    before = rated(checked, evidence)
    for _ in range(4):
        changed = better(rng, naive, evidence)
        if changed is None:
            continue
        after = rated(checked, changed[1])
        for name, node in checked.graph.nodes.items():
            old, new = before.results[name].value, after.results[name].value
            if changed[0] in HARMFUL:
                old, new = new, old
            if node.type.kind is Kind.RATING:
                assert (old == new) if isinstance(old, Absent) else (not isinstance(new, Absent) and new >= old), name  # type: ignore[operator]


@given(framework=any_framework(), rng=randoms())
def test_monotone_as_the_signs_say(framework: Example, rng: random.Random) -> None:
    """A better input lowers nothing that it can only help, raises nothing it can only harm, changes nothing else."""
    mapping, checked, _ = framework
    naive = Naive(mapping)
    evidence = make_evidence(rng, naive)
    before = rated(checked, evidence)
    for _ in range(4):
        changed = better(rng, naive, evidence)
        if changed is None:
            continue
        name, now = changed
        after = rated(checked, now)
        assert not lowered(checked, name, before, after, Polarity.HELPS)
        assert not lowered(checked, name, before, after, Polarity.HARMS)
        leaf = f"{name}.answers" if f"{name}.answers" in checked.graph.nodes else name
        reached = checked.graph.effect(leaf)
        assert all(after.results[n] == before.results[n] for n in checked.graph.nodes if n not in reached)
