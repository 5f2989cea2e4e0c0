"""The fingerprint of a framework: it changes when the meaning changes, and only then.

Meaning is what is asked and how it is rated: the titles and questions, every rule with its inputs, figures, bands and
scales, and how the cases of others are pooled. Not meaning are the order in which things are written, the names of
bands, methods and groups, version, dates, basis, source and notes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from inspectlib.provenance import Grounded
from inspectlib.rules.table import Table
from inspectlib.scales import Bands, Scale

if TYPE_CHECKING:
    from inspectlib.framework import FrameworkData
    from inspectlib.rules import Binding, Rule

__all__ = ["canonical", "fingerprint", "plain", "rule_meaning", "wording"]

_PROVENANCE = {field.name for field in attrs.fields(Grounded)}


def plain(value: object) -> Any:
    """A value as JSON that has no numbers: equal exactly when the values are."""
    if type(value) is str:
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, (Fraction, int)):
        return str(value)
    cls: Any = type(value)
    names = _fields(cls)
    if names is not None:
        parts = ((name, getattr(value, name)) for name in names)
        return {name: plain(part) for name, part in parts if part is not None}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value


@cache
def _fields(cls: Any) -> tuple[str, ...] | None:
    """The names of what a class of ours says, but for where it is from; None where it is none of ours."""
    return tuple(f.name for f in attrs.fields(cls) if f.name not in _PROVENANCE) if attrs.has(cls) else None


def rule_meaning(rule: Rule, binding: Binding, slots: Mapping[str, Sequence[str]]) -> Any:
    """A rule with its resolved inputs, every figure in one way of writing it."""
    meaning: dict[str, Any] = plain(rule)
    meaning.update({slot: sorted(names) for slot, names in slots.items()})
    meaning["rule"] = rule.tag
    if binding.scale:
        meaning["scale"] = _scale_meaning(binding.scale)
    if binding.bands and binding.scale:
        meaning["bands"] = _bands_meaning(binding.bands, binding.scale)
    for limit in ("at_least", "above", "at_most", "below", "equals", "to"):
        if limit in meaning:
            meaning[limit] = plain(binding.level)
    if "weights" in meaning:
        weights = zip(slots["of"], binding.weights, strict=False)
        meaning["weights"] = {name: plain(weight) for name, weight in weights if weight != 1}
    if isinstance(binding.table, Table):
        meaning["rows"] = sorted(plain(binding.table.rows(slots["inputs"])), key=repr)
    return meaning


def _scale_meaning(scale: Scale) -> Any:
    return [[rating, str(scale.score(position))] for position, rating in enumerate(scale.ratings)]


def _bands_meaning(bands: Bands, scale: Scale) -> Any:
    edges = [plain(bands.bands[label]) for label in sorted(bands.bands, key=scale.position)]
    return {"bands": edges, "better": str(bands.better), "rounding": str(bands.rounding)}


def wording(data: FrameworkData) -> Any:
    """The standards and questions as they are put."""
    domains = plain(data.domains)
    for domain in domains.values():
        domain.pop("method")
        for standard in domain["standards"].values():
            for name in ("method", *_PROVENANCE):
                standard.pop(name, None)
            standard["topics"] = sorted(standard["topics"])
            for question in standard["questions"].values():
                for name in _PROVENANCE:
                    question.pop(name, None)
                question["prompts"] = sorted(question["prompts"])
    return domains


def canonical(value: Any) -> str:
    """One text for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(data: FrameworkData, rules: Mapping[str, str]) -> str:
    """The fingerprint of a framework with the meaning of each of its rules, as one text each."""
    meanings = ",".join(f"{canonical(name)}:{rules[name]}" for name in sorted(rules))
    parts = {"rules": f"{{{meanings}}}", "wording": canonical(wording(data))}
    if data.pools:
        parts["pools"] = canonical(plain(data.pools))
    text = ",".join(f'"{name}":{parts[name]}' for name in sorted(parts))
    return "sha256:" + hashlib.sha256(f"{{{text}}}".encode()).hexdigest()
