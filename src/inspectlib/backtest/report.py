"""A back-test in words: as text, as Markdown, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from inspectlib.backtest.attribution import CauseKind
from inspectlib.backtest.comparison import Change, Comparison
from inspectlib.framework import natural
from inspectlib.outcome import State
from inspectlib.plain_table import aligned

__all__ = ["data", "markdown", "text"]

#: The form of a back-test as JSON; the number rises when it changes.
FORMAT = "inspectlib/comparison/1"


@attrs.frozen
class _Section:
    """A heading, sentences, and a table: its header and its rows."""

    heading: str
    sentences: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def text(comparison: Comparison) -> str:
    """The back-test as text."""
    lines: list[str] = []
    for section in _sections(comparison):
        lines += ["", section.heading, *section.sentences]
        if section.rows:
            lines += aligned((section.header, *section.rows))
    return "\n".join(lines[1:]) + "\n"


def markdown(comparison: Comparison) -> str:
    """The back-test as Markdown."""
    lines: list[str] = []
    for level, section in enumerate(_sections(comparison)):
        lines += [f"{'##' if level else '#'} {_escaped(section.heading.replace('->', '→'))}", ""]
        lines += [line for sentence in section.sentences for line in (_escaped(sentence), "")]
        if section.rows:
            lines += [_row(section.header), _row(["---"] * len(section.header)), *map(_row, section.rows), ""]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell if cell == "---" else _escaped(cell) for cell in cells) + " |"


def _escaped(cell: str) -> str:
    """Text that Markdown shows as it is."""
    for sign in "\\`*_|<>[]":
        cell = cell.replace(sign, f"\\{sign}")
    return " ".join(cell.split())


def _sections(comparison: Comparison) -> Iterator[_Section]:
    number = len(comparison.inspections)
    heading = f"{comparison.old.id} -> {comparison.new.id}: {number} inspection{'' if number == 1 else 's'}"
    yield _Section(heading, tuple(_summary(comparison)))
    if not number:
        return
    yield from _distribution(comparison)
    yield _Section(
        "What changed",
        () if any(one.changes for one in comparison.inspections) else ("No rating that both frameworks have.",),
        ("inspection", "", "before", "after", "because of"),
        tuple(
            (one.name, change.title, change.before, change.after, _because(change))
            for one in comparison.inspections
            for change in one.changes
        ),
    )
    if comparison.effects:
        rows = [
            (
                effect.place,
                effect.difference if effect.kind is CauseKind.RULE else f"evidence: {effect.difference}",
                ", ".join(f"{node} ({effect.changed[node]})" for node in sorted(effect.changed, key=natural)),
            )
            for effect in comparison.effects
        ]
        yield _Section("Which rules changed it", (), ("rule", "what is different", "ratings changed"), tuple(rows))
    yield _Section("How the evidence was read", tuple(_reading(comparison)))


def _summary(comparison: Comparison) -> Iterator[str]:
    total = len(comparison.inspections)
    if "overall" in comparison.pair.shared and total:
        yield f"{comparison.title('overall')}: {_tally(comparison.changes('overall'), total)}."
    standards = [change for one in comparison.inspections for change in one.changes if change.node != "overall"]
    rated = total * len([node for node in comparison.nodes if node in comparison.pair.shared and node != "overall"])
    if rated:
        yield f"Other ratings: {_tally(standards, rated)}."
    for name in comparison.refused:
        yield f"Left out, because its evidence is at fault: {name}."


def _tally(changes: Sequence[Change], of: int) -> str:
    better = sum((change.bands or 0) > 0 for change in changes)
    worse = sum((change.bands or 0) < 0 for change in changes)
    opened = sum(change.bands is None for change in changes)
    words = [f"{better} better", f"{worse} worse"] + ([f"{opened} otherwise, as open or not rated"] if opened else [])
    return f"{len(changes)} of {of} changed ({', '.join(words)})"


def _distribution(comparison: Comparison) -> Iterator[_Section]:
    """The ratings before and after, a table for the nodes that can have the same."""
    groups: dict[tuple[str, ...], list[str]] = {}
    rest = {*map(str, State), "not there"}
    for node in comparison.nodes:
        named = tuple(name for name in comparison.categories(node) if name not in rest)
        groups.setdefault(named, []).append(node)
    for named, nodes in groups.items():
        found = {name for node in nodes for name in comparison.categories(node)}
        columns = (*named, *(n for n in ("open", "not rated", "not applicable", "not there") if n in found))
        rows = []
        for node in nodes:
            for when, new in (("before", False), ("after", True)):
                counts = comparison.counts(node, new=new)
                changed = str(len(comparison.changes(node))) if new and node in comparison.pair.shared else ""
                cells = [str(counts.get(name, 0) or "") for name in columns]
                rows.append((comparison.title(node) if not new else "", when, *cells, changed))
        yield _Section("Ratings before and after", (), ("", "", *columns, "changed"), tuple(rows))


def _because(change: Change) -> str:
    joint = " and " if any(not cause.alone for cause in change.causes) else " or "
    evidence = {cause.node for cause in change.causes if cause.kind is CauseKind.EVIDENCE}
    return joint.join(f"{c.node} (evidence)" if c.node in evidence else c.node for c in change.causes)


def _reading(comparison: Comparison) -> Iterator[str]:
    yield "What has the same number in both is taken for the same."
    for number, (old, new) in sorted(comparison.pair.renamed.items(), key=lambda item: natural(item[0])):
        yield f"{number} has another title: {old} -> {new}."
    for framework, part in ((comparison.old, "left_out_old"), (comparison.new, "left_out_new")):
        reasons: dict[tuple[str, str], int] = Counter(
            (why, name) for one in comparison.inspections for why, names in getattr(one, part).items() for name in names
        )
        for why, names in _grouped(reasons):
            yield f"Left out under {framework.id}, because {why}: {names}."
    stated = Counter(("", name) for one in comparison.inspections for name in one.as_stated)
    for _, names in _grouped(stated):
        yield (
            f"Taken as stated, although rules beneath it are different: {names}. "
            "What those rules would change does not show."
        )
    wanting = Counter(("", name) for one in comparison.inspections for name in one.wanting)
    for _, names in _grouped(wanting):
        yield f"Open under {comparison.new.id}, because the evidence says nothing of it: {names}."


def _grouped(counted: Mapping[tuple[str, str], int]) -> Iterator[tuple[str, str]]:
    """By reason, the names with the number of inspections each."""
    groups: dict[str, list[str]] = {}
    for (why, name), count in sorted(counted.items(), key=lambda item: (item[0][0], natural(item[0][1]))):
        groups.setdefault(why, []).append(f"{name} ({count})")
    for why, names in groups.items():
        yield why, ", ".join(names)


def data(comparison: Comparison) -> dict[str, Any]:
    """The back-test as JSON data."""
    return {
        "format": FORMAT,
        "old": _framework(comparison, new=False),
        "new": _framework(comparison, new=True),
        "ratings": {
            node: {
                "title": comparison.title(node),
                "before": comparison.counts(node, new=False),
                "after": comparison.counts(node, new=True),
                "flows": [
                    {"before": before, "after": after, "inspections": count}
                    for (before, after), count in sorted(comparison.flows(node).items())
                ],
                "changed": len(comparison.changes(node)),
            }
            for node in comparison.nodes
        },
        "rules": [
            {**attrs.asdict(effect), "kind": str(effect.kind), "changed": dict(effect.changed)}
            for effect in comparison.effects
        ],
        "inspections": {
            one.name: {
                "changes": [
                    {
                        **attrs.asdict(change),
                        "causes": [{**attrs.asdict(cause), "kind": str(cause.kind)} for cause in change.causes],
                    }
                    for change in one.changes
                ],
                "before": {node: one.old[node].text() for node in comparison.nodes if node in one.old},
                "after": {node: one.new[node].text() for node in comparison.nodes if node in one.new},
                "left_out": {"old": _plain(one.left_out_old), "new": _plain(one.left_out_new)},
                "as_stated": list(one.as_stated),
                "open": list(one.wanting),
            }
            for one in comparison.inspections
        },
        "refused": {name: [str(fault) for fault in error.faults] for name, error in comparison.refused.items()},
    }


def _framework(comparison: Comparison, *, new: bool) -> dict[str, str]:
    framework = comparison.new if new else comparison.old
    return {"id": framework.id, "version": framework.version, "fingerprint": framework.fingerprint}


def _plain(reasons: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {why: list(names) for why, names in reasons.items()}
