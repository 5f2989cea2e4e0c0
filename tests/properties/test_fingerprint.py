"""Promise 11. Fingerprint: it changes when the meaning of a framework does, and only then.

A judgement can be computed again from its record.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

import inspectlib
from edits import edits
from inspectlib.changes import How
from inspectlib.changes.between import changes as changes_between
from inspectlib.changes.match import matched
from inspectlib.errors import OtherRecord
from inspectlib.meaning import differing, pinned
from naive import Naive, number
from strategies import (
    GROUND,
    Example,
    Plain,
    any_framework,
    built,
    make_evidence,
    make_open,
    randoms,
    shipped_mapping,
)


def everywhere(value: Any, change: Callable[[Plain], None]) -> Any:
    """The data with every mapping in it changed."""
    if isinstance(value, dict):
        found = {key: everywhere(item, change) for key, item in value.items()}
        change(found)
        return found
    return [everywhere(item, change) for item in value] if isinstance(value, list) else value


def reordered(rng: random.Random, value: Any) -> Any:
    """The data with keys in another order, and the lists whose order means nothing too."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        found = {key: reordered(rng, value[key]) for key in keys}
        for key in ("of", "rows", "prompts", "topics"):
            if isinstance(found.get(key), list):
                rng.shuffle(found[key])
        return found
    return [reordered(rng, item) for item in value] if isinstance(value, list) else value


def renamed(mapping: Plain, heading: str) -> Plain:
    """The framework with other names for its bands, methods or groups."""
    names = {name: f"other_{index}" for index, name in enumerate(mapping.get(heading, {}))}
    found = copy.deepcopy(mapping)
    found[heading] = {names[name]: entry for name, entry in found.get(heading, {}).items()}
    key = {"bands": "bands", "methods": "method"}.get(heading)

    def change(entries: Plain) -> None:
        if key and entries.get("rule", "band") == "band" and isinstance(entries.get(key), str):
            entries[key] = names.get(entries[key], entries[key])
        if heading == "groups" and isinstance(entries.get("of"), (str, list)):
            of = entries["of"]
            entries["of"] = names.get(of, of) if isinstance(of, str) else [names.get(name, name) for name in of]

    changed = {
        name: everywhere(entry, change) if name != heading or heading == "methods" else entry
        for name, entry in found.items()
    }
    assert isinstance(changed, dict)
    return changed


def regrounded(mapping: Plain) -> Plain:
    """The framework with other grounds, notes, version, title and dates."""

    def change(entries: Plain) -> None:
        if "basis" in entries:
            entries |= {"basis": "seed", "note": "another note", "section": "another section"}

    found = everywhere(mapping, change)
    return {
        **found,
        "version": "99",
        "provider_kinds": ["another"],
        "changes": [{"text": "something", **_ground(mapping)}],
    }


def _ground(mapping: Plain) -> Plain:
    return {"basis": "modelled", "source": next(iter(mapping["sources"]))}


@given(example=any_framework(), rng=randoms())
def test_fingerprint_stays_when_the_meaning_does(example: Example, rng: random.Random) -> None:
    """Another order, other names of bands, methods and groups, and other notes leave the fingerprint as it is."""
    mapping, framework, _ = example
    for same in (
        reordered(rng, mapping), renamed(mapping, "bands"), renamed(mapping, "methods"), renamed(mapping, "groups"),
        regrounded(mapping),
    ):  # fmt: skip
        again = built(same)
        assert again.fingerprint == framework.fingerprint
        assert pinned(again) == pinned(framework)
        assert changes_between(framework, again, matched(framework, again))[0] == ()


def changes(mapping: Plain) -> list[tuple[tuple[Any, ...], str, Any]]:
    """Every entry that has a meaning, as a path with its key and value."""
    found: list[tuple[tuple[Any, ...], str, Any]] = []
    named = {name: mapping.get(name, {}) for name in ("scales", "bands", "methods", "domains", "nodes")}

    def visit(value: Any, path: tuple[Any, ...]) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if key not in (*GROUND, "section", "note", "missing_reason"):
                    visit(item, (*path, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                visit(item, (*path, index))
        else:
            found.append((path, path[-1] if isinstance(path[-1], str) else path[-2], value))

    visit(named, ())
    return found


def _nudged(text: str) -> str:
    """A figure moved by a hair, or another name left as it is."""
    try:
        return str(number(text) + Fraction(1, 10**30))
    except ValueError:
        return text


OTHER: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("title", "text", "sub_sample"), lambda text: text + "!"),
    **dict.fromkeys(("at_least", "above", "at_most", "below"), _nudged),
    **dict.fromkeys(("binding", "one_answer"), lambda text: "false" if text == "true" else "true"),
    "by": lambda text: {"1": "2", "+1": "2", "-1": "-2", "2": "1"}.get(text, text),
    "missing": lambda text: "not rated" if text == "not applicable" else "not applicable",
    "unrated": lambda text: "not rated" if text == "left out" else "left out",
    "within_points": lambda text: "6" if text != "6" else "7",
    "sample_at_most": lambda text: str(int(text) + 1),
    "rounding": lambda text: "exact" if text == "whole percent" else "whole percent",
    "most": lambda text: str(number(text) + 1),
    "least": lambda text: str(number(text) - 1),
}


def changed(mapping: Plain, path: tuple[Any, ...], value: Any) -> Plain:
    """The framework with one entry changed; an edge of bands on both of its sides."""
    found = copy.deepcopy(mapping)
    parent: Any = found
    for step in path[:-1]:
        parent = parent[step]
    old = parent[path[-1]]
    parent[path[-1]] = value
    if path[0] == "bands" and len(path) == 5:
        for band in found["bands"][path[1]]["bands"].values():
            for bound in band:
                band[bound] = value if band[bound] == old else band[bound]
    return found


@given(example=any_framework(), rng=randoms())
def test_fingerprint_changes_with_the_meaning(example: Example, rng: random.Random) -> None:
    """Any other figure, title, switch or meaning of silence gives another fingerprint."""
    mapping, framework, _ = example
    used = built(mapping)
    candidates = [(p, k, v) for p, k, v in changes(mapping) if k in OTHER and p[0] != "methods" and OTHER[k](v) != v]
    for path, key, value in rng.sample(candidates, min(6, len(candidates))):
        if path[0] == "bands" and path[1] not in _bands_used(framework):
            continue
        other = changed(mapping, path, OTHER[key](value))
        try:
            again = built(other)
        except inspectlib.InspectError:
            continue
        assert again.fingerprint != used.fingerprint, (path, value)
        assert said(used, again), (path, value)


def _bands_used(framework: inspectlib.Framework) -> set[str]:
    return {node.rule.bands for node in framework.graph.nodes.values() if node.rule.tag == "band"}  # type: ignore[attr-defined]


SHIPPED_CHANGES: tuple[tuple[tuple[Any, ...], Any], ...] = (
    (("scales", "ratings", "scores"), ["0", "1", "2", "4"]),
    (("bands", "shares", "bands", "Good", "below"), None),
    (("bands", "means", "better"), None),
    (("bands", "shares", "rounding"), "whole percent"),
    (("methods", "cases", "each_standard", "computed", "rule"), "highest"),
    (("methods", "cases", "each_standard", "rating", "bands"), "2"),
    (("methods", "cases", "each_standard", "rating", "within_points"), "4"),
    (("methods", "cases", "each_standard", "rating", "one_answer"), "false"),
    (("methods", "cases", "each_standard", "rating", "sample_at_most"), "6"),
    (("methods", "panel guided by delivery", "each_standard", "rating", "binding"), "true"),
    (("methods", "panel guided by delivery", "each_standard", "rating", "missing"), "not rated"),
    (("domains", "1", "title"), "Another title"),
    (("domains", "2", "standards", "2.1", "title"), "Another title"),
    (("domains", "2", "standards", "2.1", "questions", "2.1.1", "title"), "another title"),
    (("domains", "2", "standards", "2.1", "questions", "2.1.1", "text"), "Another question?"),
    (("domains", "2", "standards", "2.1", "questions", "2.1.1", "sub_sample"), "another sub-sample"),
    (("domains", "2", "standards", "2.1", "questions", "2.1.9"), {"title": "one more"}),
    (("groups", "scored"), ["1", "2"]),
    (("groups", "delivery_standards"), ["2"]),
    (("nodes", "total", "unrated"), "not rated"),
    (("nodes", "total", "weights"), {"1.1": "2"}),
    (("nodes", "leadership_ceiling", "by"), "2"),
    (("nodes", "delivery", "title"), "Another title"),
    (("nodes", "delivery_mean", "rule"), "lowest"),
)


@pytest.mark.parametrize(("path", "value"), SHIPPED_CHANGES, ids=lambda part: str(part)[:60])
def test_fingerprint_changes_with_each_figure_of_a_shipped_framework(path: tuple[Any, ...], value: Any) -> None:
    """Any other score, side, rule, figure, title, question or membership gives another fingerprint."""
    mapping = shipped_mapping("hmip-crc-2019")
    found = copy.deepcopy(mapping)
    parent: Any = found
    for step in path[:-1]:
        parent = parent[step]
    if path[-1] == "below":  # the edge stays where it is, and belongs to the other side
        good, best = parent, found["bands"]["shares"]["bands"]["Outstanding"]
        good["at_most"], best["above"] = good.pop("below"), best.pop("at_least")
    elif path[-1] == "better":
        order = list(parent["bands"])
        parent["bands"] = dict(zip(order, reversed(parent["bands"].values()), strict=True))
        parent["better"] = "lower"
    elif (path[-2], value) == ("delivery_mean", "lowest"):
        found["nodes"]["delivery"] = {
            "rule": "lowest",
            "of": "delivery_standards",
            "title": "Delivery rating",
            **_ground(mapping),
        }
    else:
        parent[path[-1]] = value
    before, after = built(mapping), built(found)
    assert after.fingerprint != before.fingerprint
    assert said(before, after)


def said(before: inspectlib.Framework, after: inspectlib.Framework) -> bool:
    """Whether a pin names a part that is different, and the words of a difference something that changed."""
    changed, _ = changes_between(before, after, matched(before, after))
    return (
        bool(differing(pinned(before), pinned(after)))
        and all(change.says or change.how in ((How.ADDED,), (How.WITHDRAWN,)) for change in changed)
        and bool(changed)
    )


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_every_edit_of_a_shipped_framework_is_another_meaning(name: str) -> None:
    """Any figure, side, rule, word or membership of it changed by itself gives another fingerprint, and is said.

    A sample of the edits, the same each time.
    """
    mapping = shipped_mapping(name)
    framework = built(mapping)
    able = list(edits(framework, mapping))
    found = Counter[str]()
    for edit in random.Random(name).sample(able, 12):
        try:
            again = built(edit.made(mapping))
        except inspectlib.InspectError:
            continue
        assert again.fingerprint != framework.fingerprint, str(edit)
        assert said(framework, again), str(edit)
        found[edit.what] += 1
    assert sum(found.values()) >= 3, found


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_no_order_and_no_ground_of_a_shipped_framework_is_meaning(name: str) -> None:
    """Moved and reordered text, and other grounds, notes and names of bands, leave the fingerprint as it is."""
    mapping = shipped_mapping(name)
    fingerprint = built(mapping).fingerprint
    for same in (reordered(random.Random(name), mapping), renamed(mapping, "bands"), regrounded(mapping)):
        assert built(same).fingerprint == fingerprint


def test_fingerprint_of_a_label() -> None:
    """Another name for a rating is another meaning."""
    text = repr(shipped_mapping("hmip-crc-2018"))
    other = eval(text.replace("'Requires improvement'", "'Needs work'"))
    assert built(other).fingerprint != built(shipped_mapping("hmip-crc-2018")).fingerprint


SAME = (
    (("nodes", "leadership_ceiling", "by"), "+1"),
    (("scales", "ratings", "scores"), ["0", "1", "2", "3"]),
    (("nodes", "total", "weights"), {"1.1": "1"}),
    (("bands", "shares", "bands", "Inadequate", "below"), "1/2"),
    (("nodes", "total", "unrated"), "left out"),
    (("nodes", "delivery_mean", "of"), ["4", "2"]),
)


@pytest.mark.parametrize(("path", "value"), SAME, ids=lambda part: str(part)[:60])
def test_fingerprint_stays_when_the_same_is_written_in_another_way(path: tuple[Any, ...], value: Any) -> None:
    """A figure written in another way, or a default that is spelt out, leaves the fingerprint as it is."""
    mapping = shipped_mapping("hmip-crc-2019")
    found = copy.deepcopy(mapping)
    parent: Any = found
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    assert built(found).fingerprint == built(mapping).fingerprint


@given(example=any_framework(), rng=randoms())
def test_fingerprint_in_a_record(example: Example, rng: random.Random) -> None:
    """A record read back says the same, and is computed again to the same by its own framework alone."""
    naive = Naive(example.mapping)
    evidence = make_evidence(rng, naive)
    if rng.random() < 0.4:
        evidence = make_open(rng, evidence, Fraction(1, 4))
    judgement = inspectlib.rate(example.framework, evidence)
    text = judgement.to_json()
    assert inspectlib.Judgement.from_json(text).to_json() == text
    assert inspectlib.Judgement.from_json(text, example.framework).to_json() == text
    title = everywhere(example.mapping, lambda entries: entries.update(title="Another") if "title" in entries else None)
    with pytest.raises(OtherRecord):
        inspectlib.Judgement.from_json(text, built(title))
