"""The meaning of a framework, standard by standard: what its fingerprint is of, in parts that have names.

Two frameworks have the same fingerprint exactly when each part means the same in both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from inspectlib.fingerprint import canonical, plain, rule_meaning, wording
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework

__all__ = ["differing", "meanings", "pinned"]

#: As long as it takes to tell the parts of one framework from what they were.
_SHORT = 8


def meanings(framework: Framework) -> dict[str, Any]:
    """What each standard, other node, domain and pool means: its wording, and the rules of the nodes it is made of.

    A standard goes by its number and has the rules of its key questions; another node goes by its name; the rest are
    called ``domain 2`` and ``pool hmip-pdu-2023``.
    """
    rules: dict[str, dict[str, Any]] = {}
    asked = {question: number for _, _, number, s in framework.data.standards() for question in s.questions}
    for name, node in framework.graph.nodes.items():
        meaning = rule_meaning(node.rule, node.binding, node.slots)
        rules.setdefault(asked.get(node.of, node.of), {})[name] = meaning
    found: dict[str, Any] = {}
    for number, domain in wording(framework.data).items():
        standards = domain.pop("standards")
        found[f"domain {number}"] = domain
        for standard, words in standards.items():
            found[standard] = {"domain": number, "wording": words, "rules": rules.pop(standard, {})}
    found.update({name: {"rules": meaning} for name, meaning in rules.items()})
    found.update({f"pool {name}": plain(pool) for name, pool in framework.data.pools.items()})
    return found


def pinned(framework: Framework) -> FrozenMapping[str, str]:
    """A short fingerprint of each part."""
    return FrozenMapping({name: _short(meaning) for name, meaning in meanings(framework).items()})


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What is different between the short fingerprints of the parts, in words; nothing where they are the same."""
    changed = [name for name in before if name in after and before[name] != after[name]]
    new = [name for name in after if name not in before]
    gone = [name for name in before if name not in after]
    parts = ((changed, "changed"), (new, "new"), (gone, "gone"))
    return "; ".join(f"{word}: {', '.join(names)}" for names, word in parts if names)


def _short(meaning: Any) -> str:
    return hashlib.sha256(canonical(meaning).encode()).hexdigest()[:_SHORT]
