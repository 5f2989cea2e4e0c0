"""What would change a rating, as data: the ways there, each with its changes, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs

from inspectlib.amend import change_answers, fill_answers, put, put_rating, put_tally
from inspectlib.errors import Disagreement
from inspectlib.evidence import Count, Evidence, Statement
from inspectlib.evidence_reader import evidence_from
from inspectlib.exact import fraction_text, percent_text
from inspectlib.graph import Framework
from inspectlib.intake import take_in
from inspectlib.kinds import PanelRating, Score, Tally
from inspectlib.outcome import Shown, shown, shown_data, shown_text

__all__ = ["Asked", "Change", "Coming", "Effect", "Way", "What", "WhatIf"]

#: The form of the answer as JSON; the number rises when it changes.
FORMAT = "inspectlib/what-if/1"
#: What a panel that must say why it departs from its guide is taken to say.
_REASON = "still to be recorded"


class Asked(StrEnum):
    """What is asked of a rating."""

    #: To reach one, or a better one.
    REACH = "reach"
    #: To become worse than it is.
    LOWER = "lower"


class What(StrEnum):
    """What kind of evidence it is."""

    ANSWERS = "answers"
    PANEL = "panel"
    RATING = "rating"
    VALUE = "value"
    DEPARTURE = "departure"


@attrs.frozen(kw_only=True)
class Change:
    """One change of the evidence.

    Attributes:
        node: the key question, standard or other node whose evidence changes.
        title: what it is called.
        what: the kind of evidence.
        was: what the evidence says.
        to: what it says after the change; None for a departure that is withdrawn.
        size: how much it counts: answers changed, bands or steps moved; otherwise 1.
    """

    node: str
    title: str
    what: What
    was: Shown
    to: Shown | None
    size: int

    def text(self) -> str:
        """The change for people."""
        if isinstance(self.was, Tally) and isinstance(self.to, Tally):
            answers = "1 answer" if self.size == 1 else f"{self.size} answers"
            which = "no to yes" if self.to.yes > self.was.yes else "yes to no"
            return f"{self.title}: {answers} from {which} ({self.to.yes} of {self.to.of}, not {self.was.yes})"
        was = shown_text(self.was)
        if self.what is What.DEPARTURE:
            return f"{self.title}: the departure to {was} withdrawn"
        panel = "rated by the panel " if self.what is What.PANEL else ""
        return f"{self.title}: {panel}{shown_text(self.to)}, not {was}"

    def data(self) -> dict[str, Any]:
        """The change as JSON."""
        return {
            "node": self.node,
            "title": self.title,
            "what": str(self.what),
            "was": shown_data(self.was),
            "to": shown_data(self.to),
            "size": self.size,
        }


@attrs.frozen(kw_only=True)
class Coming:
    """What open evidence comes out as. That is no change of the evidence.

    Attributes:
        node: the key question, standard or other node that is open.
        title: what it is called.
        what: the kind of evidence.
        to: what it comes out as: of answers all of them, those that are there already included.
        needed: how far that is from the worst that could come, or from the best when a rating is to be lowered:
            sufficient answers (or insufficient ones), bands or steps. Where it is 0, anything may come.
        count: the answers so far; None where there are none yet, or where it is something else.
        sufficient: of the open answers, how many come out sufficient.
        departs: whether the panel must record a reason for going beyond its guide.
    """

    node: str
    title: str
    what: What
    to: Shown
    needed: int
    count: Count | None = None
    sufficient: int = 0
    departs: bool = False

    def text(self) -> str:
        """What comes, for people."""
        if not isinstance(self.to, Tally):
            reason = ", with a recorded reason" if self.departs else ""
            return f"{self.title}: {shown_text(self.to)}{reason}"
        if self.count is None:
            share = percent_text(Fraction(self.to.yes, self.to.of))
            return f"{self.title}: {share} of its answers sufficient; there are none yet"
        insufficient = self.count.open - self.sufficient
        return f"{self.title}: of its {self.count.open} open answers {self.sufficient} sufficient, {insufficient} not"

    def data(self) -> dict[str, Any]:
        """What comes, as JSON."""
        found: dict[str, Any] = {
            "node": self.node,
            "title": self.title,
            "what": str(self.what),
            "needed": self.needed,
        }
        if self.count is not None:
            return {**found, "open": self.count.open, "sufficient": self.sufficient}
        reason = {"departs": True} if self.departs else {}
        return {**found, "to": shown_data(self.to), **reason}


@attrs.frozen(kw_only=True)
class Effect:
    """A rating that is different after the changes.

    Attributes:
        node: the node.
        title: what it is called.
        was: what it has, in words.
        to: what it has after the changes, in words.
    """

    node: str
    title: str
    was: str
    to: str


@attrs.frozen(kw_only=True)
class Way:
    """One way to what is asked: changes that do it together, of which none can be left out or be smaller.

    Attributes:
        changes: the changes, in the order of their nodes.
        coming: what open evidence comes out as, wherever there is any.
        effects: the ratings that are different after them, those left out that a change states itself.
        left_out: stated values that rest on what changes and no longer agree with it; they are computed instead.
    """

    changes: tuple[Change, ...]
    coming: tuple[Coming, ...] = ()
    effects: tuple[Effect, ...] = ()
    left_out: tuple[str, ...] = ()
    _framework: Framework = attrs.field(alias="framework", eq=False, repr=False)

    @property
    def size(self) -> int:
        """How much all the changes count together."""
        return sum(change.size for change in self.changes)

    def apply(self, evidence: Evidence | Mapping[str, object]) -> Evidence:
        """The evidence with the changes made, and with what is open beneath the rating filled in as it comes.

        Which cases have an answer changed does not matter to any rating; it is those that come first by their names.

        Args:
            evidence: the evidence that the question was asked about.

        Raises:
            Disagreement: the evidence does not say what it said when the question was asked.
            InspectError: likewise, when it is no evidence for the framework at all.
        """
        found = evidence if isinstance(evidence, Evidence) else evidence_from(evidence)
        self._same(found)
        for change in self.changes:
            found = _made(self._framework, found, change)
        for coming in self.coming:
            found = _come(self._framework, found, coming)
        for name in self.left_out:
            found = put(put(found, "ratings", name, None), "values", name, None)
        return found

    def _same(self, evidence: Evidence) -> None:
        """Refuse evidence that does not say what the changes change."""
        intake, graph = take_in(self._framework, evidence), self._framework.graph
        said = {**intake.settled, **intake.given}
        asked = {graph[name].of if isinstance(value, Tally) else name: value for name, value in said.items()}
        for change in self.changes:
            name = change.node
            if change.what is What.DEPARTURE:
                scale = graph[name].binding.scale
                departure = intake.departures.get(name)
                says: Shown | None = scale.ratings[departure[0]] if departure and scale else None
            elif isinstance(change.was, Tally):
                count = intake.counts.pooled.get(name)
                says = Tally(count.yes, count.of) if count else None
            else:
                value = asked.get(name)
                value = value.position if isinstance(value, PanelRating) else value
                says = None if value is None else shown(graph[name], value)  # type: ignore[arg-type]  # an absent value never changes
            if says != change.was:
                message = (
                    f"the evidence is not the one that was asked about: {change.title} is not {shown_text(change.was)}"
                )
                raise Disagreement(message)

    def lines(self) -> list[str]:
        """The way for people."""
        found = [f"  {change.text()}" for change in self.changes]
        needed = [coming for coming in self.coming if coming.needed]
        if needed:
            found += ["  as long as open evidence comes out so:", *(f"    {coming.text()}" for coming in needed)]
        if self.effects:
            found += ["  Then:", *(f"    {effect.title}: {effect.to}, not {effect.was}" for effect in self.effects)]
        if self.left_out:
            found.append(f"  What is stated for {', '.join(self.left_out)} no longer agrees and is computed instead.")
        return found

    def data(self) -> dict[str, Any]:
        """The way as JSON."""
        return {
            "changes": [change.data() for change in self.changes],
            "coming": [coming.data() for coming in self.coming if coming.needed],
            "effects": [attrs.asdict(effect) for effect in self.effects],
            "left_out": list(self.left_out),
        }


@attrs.frozen(kw_only=True)
class WhatIf:
    """What would change a rating: the fewest changes, all the ways to make so few, or why there is no way.

    Attributes:
        node: the node asked about.
        title: what it is called.
        asked: whether a rating is to be reached, or the one there is to be lowered.
        rating: the rating to be reached, or to fall below.
        now: what the node has, in words.
        held: what was not to be changed.
        size: how much the changes count at least; None when there is no way.
        needed: how much open evidence must bring at least, beside so few changes.
        count: how many ways there are with so few.
        ways: the ways, the one with the fewest places first, as many as were asked for.
        limit: when there is no way, the best rating within reach, or the worst when it is to be lowered; empty where
            there is none at all.
        obstacles: when there is no way, what stands in it, a sentence each.
    """

    node: str
    title: str
    asked: Asked
    rating: str
    now: str
    held: tuple[str, ...] = ()
    size: int | None = None
    needed: int = 0
    count: int = 0
    ways: tuple[Way, ...] = ()
    limit: str = ""
    obstacles: tuple[str, ...] = ()

    def text(self) -> str:
        """The answer for people."""
        lines = [f"{self.title} is {self.now}."]
        if self.size is None:
            lines[0] += f" {self._goal('cannot')}."
            if self.limit and self.limit != self.now:
                lines[0] += f" It can become {self.limit} at {self._end}."
            lines += [f"  {obstacle}" for obstacle in self.obstacles]
            return "\n".join(lines) + "\n"
        lines[0] += f" {self._fewest()}"
        if self.held:
            lines.append(f"Held as it is: {', '.join(self.held)}.")
        if self.count > 1:
            some = "this is one" if len(self.ways) == 1 else f"these are {len(self.ways)}"
            told = "" if self.count == len(self.ways) else f"; {some} of them"
            lines.append(f"There are {self.count:,} ways with so few{told}.")
        for number, way in enumerate(self.ways, 1):
            body = way.lines()
            if body:
                lines += ["", f"Way {number}" if self.count > 1 else "The way" if self.size else "So far", *body]
        return "\n".join(lines) + "\n"

    @property
    def _end(self) -> str:
        return "best" if self.asked is Asked.REACH else "worst"

    def _goal(self, can: str) -> str:
        return f"It {can} reach {self.rating}" if self.asked is Asked.REACH else f"It {can} fall below {self.rating}"

    def _fewest(self) -> str:
        changes = "1 change" if self.size == 1 else f"{self.size} changes"
        if self.size:
            takes = "it takes" if self.asked is Asked.REACH else "it is enough to make"
            goal = f"To reach {self.rating}" if self.asked is Asked.REACH else f"To fall below {self.rating}"
            return f"{goal} {takes} {changes}, and no fewer."
        if self.needed:
            return f"{self._goal('can')} without any change."
        return f"{self._goal('does')} as it is: no change is needed."

    def data(self) -> dict[str, Any]:
        """The answer as JSON."""
        return {
            "format": FORMAT,
            "node": self.node,
            "title": self.title,
            "asked": str(self.asked),
            "rating": self.rating,
            "now": self.now,
            "held": list(self.held),
            "size": self.size,
            "needed": self.needed,
            "count": self.count,
            "ways": [way.data() for way in self.ways],
            "limit": self.limit or None,
            "obstacles": list(self.obstacles),
        }


def _made(framework: Framework, evidence: Evidence, change: Change) -> Evidence:
    """Evidence with one change made."""
    if isinstance(change.was, Tally) and isinstance(change.to, Tally):
        return change_answers(framework, evidence, change.node, change.to.yes - change.was.yes)
    if change.what is What.DEPARTURE:
        return put(evidence, "departures", change.node, None)
    if change.what is What.VALUE:
        return put(evidence, "values", change.node, _stated(change.to))
    return put_rating(evidence, "ratings", change.node, shown_text(change.to))


def _come(framework: Framework, evidence: Evidence, coming: Coming) -> Evidence:
    """Evidence with something open filled in."""
    if isinstance(coming.to, Tally):
        if coming.count is None:
            return put_tally(evidence, coming.node, coming.to)
        return fill_answers(framework, evidence, coming.node, coming.sufficient)
    if coming.what is What.VALUE:
        return put(evidence, "values", coming.node, _stated(coming.to))
    if coming.what is What.PANEL:
        return put(evidence, "panel", coming.node, Statement(shown_text(coming.to), _REASON if coming.departs else ""))
    return put_rating(evidence, "ratings", coming.node, shown_text(coming.to))


def _stated(value: Shown | None) -> Statement:
    if isinstance(value, Score):
        return Statement(fraction_text(value.points), max=fraction_text(value.max))
    return Statement(shown_text(value))
