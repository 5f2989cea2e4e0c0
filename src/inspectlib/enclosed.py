"""Parts of a rule graph that all the rest sees through one node alone: they can be looked at by themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from inspectlib.rules import Names

__all__ = ["enclosed"]


def enclosed(needed: Sequence[str], inputs: Mapping[str, Sequence[str]], targets: Collection[str]) -> Names:
    """The nodes of several inputs through which alone the rest of a graph sees what lies beneath them.

    Of two such nodes where one is beneath the other, it comes first.

    Args:
        needed: the nodes, each after its inputs.
        inputs: the inputs of each.
        targets: the nodes that are asked about; all others lie beneath them.
    """
    # The nearest node through which every way from a node to the targets leads, and how many such nodes there are; the
    # empty name is what all targets lead to. Where one of those of two nodes is no other's, the ways part beneath it.
    through: dict[str, str] = {}
    depth = {"": 0}
    users: dict[str, list[str]] = {name: [""] if name in targets else [] for name in needed}
    for name in needed:
        for one in inputs[name]:
            users[one].append(name)
    for name in reversed(needed):
        nearest, *others = users[name]
        for other in others:
            while nearest != other:
                if depth[nearest] < depth[other]:
                    nearest, other = other, nearest  # noqa: PLW2901  # the two are alike
                nearest = through[nearest]
        through[name] = nearest
        depth[name] = depth[nearest] + 1
    # How few nodes every way leads through of what lies beneath a node: fewer than of itself if a way goes past it.
    fewest: dict[str, int] = {}
    for name in needed:
        fewest[name] = min((min(depth[through[i]], fewest[i]) for i in inputs[name]), default=len(needed))
    several = (name for name in needed if len(inputs[name]) > 1 and name not in targets)
    return tuple(name for name in several if fewest[name] >= depth[name])
