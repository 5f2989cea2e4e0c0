"""What is different between two frameworks: in meaning, standard by standard, and in the ratings that come of it."""

from __future__ import annotations

from inspectlib.changes.between import changes, rule_changes
from inspectlib.changes.counting import effects
from inspectlib.changes.difference import Change, Difference, How
from inspectlib.changes.effect import Effect, NodeEffect, Shift
from inspectlib.changes.match import Match, matched
from inspectlib.graph import Framework
from inspectlib.judgement import FrameworkId

__all__ = ["Change", "Difference", "Effect", "How", "Match", "NodeEffect", "Shift", "diff", "matched", "rule_changes"]


def diff(old: Framework, new: Framework) -> Difference:
    """What is different in the meaning of a framework from that of another, and the effect of it on ratings.

    Args:
        old: the framework before.
        new: the framework after.
    """
    match = matched(old, new)
    found, unchanged = changes(old, new, match)
    changed = frozenset(change.new for change in found if change.what == "standard" and How.CHANGED in change.how)
    return Difference(
        old=FrameworkId(old.id, old.version, old.fingerprint),
        new=FrameworkId(new.id, new.version, new.fingerprint),
        changes=found,
        unchanged=unchanged,
        effects=effects(old, new, match, changed=changed) if found else (),
    )
