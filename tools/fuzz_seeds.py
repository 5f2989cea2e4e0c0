"""What fuzzing begins with: small cut-outs of the shipped frameworks, the examples, and the bad input of the tests."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import inspectlib
from inspectlib.errors import Fault
from inspectlib.errors import Path as Steps
from inspectlib.files.framework_file import read_framework
from inspectlib.files.yaml_reader import parse_yaml
from inspectlib.graph import Framework, Node
from inspectlib.kinds import Kind
from inspectlib.tree import plain

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests"))

Plain = dict[str, Any]

_GROUND: Plain = {"basis": "modelled", "source": "s"}
_HEAD: Plain = {"id": "a", "version": "1", "title": "t", **_GROUND, "sources": {"s": {"title": "t"}}}
_FLAG: Plain = {"rule": "given", "kind": "flag", **_GROUND}
#: What people read and no rule does.
_PROSE = ("note", "section", "topics", "sub_sample", "publisher")


def frameworks() -> Iterator[Plain]:
    """Small frameworks: each rule of the shipped ones on inputs that are given, and each of their other parts."""
    seen = set[str]()
    for name in inspectlib.shipped():
        reading = read_framework(name)
        framework, whole = reading.framework, plain(reading.tree)
        assert isinstance(whole, dict)
        for found in (*_rules(framework, whole), *_parts(whole)):
            text = json.dumps(found)
            if text not in seen and len(text) < 2500:
                seen.add(text)
                yield found


def _rules(framework: Framework, whole: Plain) -> Iterator[Plain]:
    kinds = set[object]()
    for node in framework.graph.nodes.values():
        rule = _at(whole, node.path)
        kind = (node.rule.tag, *sorted(rule), *(framework.graph[name].type.kind for name in node.inputs[:2]))
        if kind not in kinds:
            kinds.add(kind)
            yield _cut_out(framework, node, rule, whole)


def _cut_out(framework: Framework, node: Node, rule: Plain, whole: Plain) -> Plain:
    """A rule with three inputs at most, each given."""
    nodes: Plain = {}
    called: dict[str, Any] = {}
    for slot, names in node.slots.items():
        kept = names if node.binding.table else names[:3]
        for name in kept:
            called[name] = f"n{len(called)}"
            nodes |= _given(framework, name, called[name])
        written = next(s for s in node.rule.slots() if s.name == slot).names
        if written != names:
            short = [called[name] for name in kept]
            called[written[0]] = short[0] if len(short) == 1 else short
    nodes["x"] = {**_renamed(_brief(rule), called), **_GROUND}
    used = json.dumps(nodes)
    scales = {n: _brief(s) for n, s in whole.get("scales", {}).items()}
    bands = {n: _brief(b) for n, b in whole.get("bands", {}).items() if f'"{n}"' in used}
    return {**_HEAD, "scales": scales, **({"bands": bands} if bands else {}), "nodes": nodes}


def _given(framework: Framework, name: str, called: str) -> Plain:
    """A node of the kind of another, given by the evidence or put together from what is."""
    kind = framework.graph[name].type
    given: Plain = {"rule": "given", "kind": str(kind.kind), **_GROUND}
    if kind.kind is Kind.SHARE:
        return {f"{called}a": {**given, "kind": "answers"}, called: {"rule": "share", "of": f"{called}a", **_GROUND}}
    if kind.kind is Kind.SCORE:
        return {
            f"{called}a": {**given, "kind": "rating", "scale": kind.scale},
            called: {"rule": "total", "of": [f"{called}a"], **_GROUND},
        }
    if kind.kind is Kind.RATING:
        given["scale"] = kind.scale
    if kind.kind is Kind.CHOICE:
        given["options"] = list(kind.options)
    if kind.kind is Kind.NUMBER:
        least, most = kind.bounds or (0, 100)
        given |= {"least": str(least), "most": str(most)}
    return {called: given}


def _parts(whole: Plain) -> Iterator[Plain]:
    """The first standard of each domain, and an entry each of what else a framework has."""
    for number, domain in whole.get("domains", {}).items():
        standard = {n: _brief(s) for n, s in list(domain.get("standards", {}).items())[:1]}
        for each in standard.values():
            if "questions" in each:
                each["questions"] = dict(list(each["questions"].items())[:2])
        method = next((s["method"] for s in standard.values() if "method" in s), domain.get("method", ""))
        methods = {method: _brief(whole["methods"][method])} if method else {}
        shared: Plain = {key: _brief(whole[key]) for key in ("scales", "bands") if key in whole}
        yield {**_HEAD, **shared, "methods": methods, "domains": {number: {**_brief(domain), "standards": standard}}}
    for key in ("known", "exceptions", "pools", "groups", "changes", "in_force", "provider_kinds"):
        if key in whole:
            value = whole[key]
            some = dict(list(value.items())[:2]) if isinstance(value, dict) and key != "in_force" else value
            yield {**_HEAD, "nodes": {"x": _FLAG}, key: _brief(some)}
    yield {**_HEAD, "extends": str(whole["id"]), "nodes": {"x": _FLAG, "overall": "withdrawn"}}


def _at(tree: Any, path: Steps) -> Plain:
    for step in path:
        tree = tree[step]
    assert isinstance(tree, dict)
    return tree


def _brief(tree: Any) -> Any:
    """The same without what only people read, from the one made-up source."""
    if isinstance(tree, list):
        return [_brief(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    short = {"title": "t", "text": "t", "reason": "t", "source": "s"}
    return {
        key: short[key] if key in short and isinstance(item, str) else _brief(item)
        for key, item in tree.items()
        if key not in _PROSE
    }


def _renamed(tree: Any, called: Mapping[str, Any]) -> Any:
    if isinstance(tree, dict):
        return {_one(called.get(key, key)): _renamed(item, called) for key, item in tree.items()}
    if isinstance(tree, list):
        renamed = (_renamed(item, called) for item in tree)
        return [name for item in renamed for name in (item if isinstance(item, list) else [item])]
    return called.get(tree, tree) if isinstance(tree, str) else tree


def _one(name: Any) -> str:
    return str(name[0] if isinstance(name, list) else name)


def bad_files() -> dict[str, list[bytes]]:
    """The bad input of the tests, by what reads it."""
    import test_bad_evidence as evidence  # noqa: PLC0415  # only now: it loads frameworks
    import test_bad_framework_files as framework  # noqa: PLC0415  # likewise
    import test_bad_tables as tables  # noqa: PLC0415  # likewise
    from bad import changed  # noqa: PLC0415  # likewise

    found = {
        "framework": [row.text if not row.old else changed(framework.GOOD, row) for row in _rows(framework)],
        "evidence": [row.text for row in evidence.FILES],
        "cases": [row.text for row in evidence.CASES],
        "table": [row.text for row in (*tables.WHOLE, *tables.ROWS)],
    }
    return {name: [_unmarked(text) for text in texts] for name, texts in found.items()}


def _rows(framework: Any) -> Iterator[Any]:
    yield from framework.TEXTS
    yield from framework.CHANGES


def _unmarked(text: str) -> bytes:
    return text.replace("§", "").replace("¤", "").encode("utf-8", "surrogatepass")


def examples() -> dict[str, list[bytes]]:
    """The first lines of the examples, by what reads them."""
    folder = ROOT / "examples"
    evidence = [file.read_bytes() for file in sorted(folder.glob("*/*.yaml"))]
    return {
        "evidence": [*_SOUND, *(text for text in evidence if len(text) < 4000)],
        "cases": [_lines(folder / "made-up-crc" / "cases.csv", 4)],
        "table": [_TABLE, *(_lines(file, 4) for file in sorted((folder / "published").glob("*.csv")))],
    }


#: Evidence under the framework of the tests.
_SOUND = (
    b"{tallies: {1.1.1: {yes: 3, of: 5}, 1.1.2: not applicable}, departures: {1.1: {rating: Fair, reason: x}}}",
    b"cases:\n- {id: a, answers: {1.1.1: yes, 1.1.2: no}}\n- {id: b, unit: u, answers: {1.1.1: not applicable}}\n",
    b"{ratings: {1.1: Good}, panel: {2.1: {rating: Great, reason: x}}, values: {total: {score: 3}, weak: no}}",
    b"service: x\ndate: 2024-02-29\nunits:\n  u: {framework: made-up, tallies: {1.1.1: {yes: 1, of: 2}}}\n",
    b"values: {verdict: go, outcome: Fair}\nratings: {1.1: not rated, 2.1: Poor}\nframework: made-up\n",
)
_TABLE = (
    b"service,1.1,2.1,1.1.1.yes,1.1.1.of,1.1.2.yes,1.1.2.of,1.1.departure,1.1.reason,weak\n"
    b'x,,Good,3,5,4,4,,,\n"y, z",Fair,Poor,,,,,Good,so,no\n'
)


def _lines(file: Path, count: int) -> bytes:
    return b"".join(file.read_bytes().splitlines(keepends=True)[:count])


def mappings(texts: list[bytes]) -> Iterator[Any]:
    """What the texts say that are YAML."""
    for text in texts:
        try:
            yield plain(parse_yaml(text.decode(), "seed"))
        except (Fault, UnicodeDecodeError):
            continue
