"""What a judgement says of one node."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs

from inspectlib.evidence import Count
from inspectlib.exact import fraction_text, parse_number
from inspectlib.graph import Node, Role
from inspectlib.kinds import Kind, PanelRating, Score, Tally, Value

__all__ = ["Departure", "Outcome", "State", "shown", "shown_text"]


class State(StrEnum):
    """Whether a node has a value, and if not why."""

    SETTLED = "settled"
    NOT_APPLICABLE = "not applicable"
    NOT_RATED = "not rated"
    OPEN = "open"


@attrs.frozen
class Departure:
    """A recorded departure from what the rules compute.

    Attributes:
        rating: the rating departed to.
        reason: the recorded reason.
        grounds: what made the departure allowed, with the figures.
    """

    rating: str
    reason: str
    grounds: tuple[str, ...] = ()


#: A value as it is shown: a share or number exactly, a score with its maximum, counted answers, a flag, a choice.
Shown = Fraction | Score | Tally | bool | str


@attrs.frozen(kw_only=True)
class Outcome:
    """What one node of a judgement has.

    Attributes:
        node: the node.
        title: what it is called.
        kind: its kind of value.
        role: what it stands for in the published standards.
        state: settled, not applicable, not rated or open.
        rating: for a settled rating, the rating.
        value: for any other settled kind, the value.
        reason: why it is not applicable or not rated.
        between: while open, the worst and the best still possible.
        may_be_absent: while open, whether it can also turn out not applicable or not rated.
        computed: for a rating, what the rules give without a departure; None when nothing computes it.
        departure: the recorded departure, if any.
        limited_by: the node whose limit changed the rating, if any.
        panel: for a panel rating, what the panel said.
        decided_by: the inputs that decided a settled rating.
        count: for a key question, its answers.
        share: for a key question, the share of sufficient answers.
        other_rounding: the rating if shares were rounded the other way before banding, where that is different.
        settled_early: whether evidence beneath it is still open and can no longer change what it has.
    """

    node: str
    title: str
    kind: Kind
    role: Role
    state: State
    rating: str | None = None
    value: Shown | None = None
    reason: str | None = None
    between: tuple[Shown, ...] | None = None
    may_be_absent: bool = False
    computed: str | None = None
    departure: Departure | None = None
    limited_by: str | None = None
    panel: str | None = None
    decided_by: tuple[str, ...] = ()
    count: Count | None = None
    share: Fraction | None = None
    other_rounding: str | None = None
    settled_early: bool = False

    def text(self) -> str:
        """The outcome for people: ``Good``, ``17 of 30``, ``not rated``, ``open: Good to Outstanding``."""
        if self.state is State.OPEN:
            if not self.between:
                return "open"
            worst, best = (shown_text(end) for end in self.between)
            return (
                f"open: {worst}"
                + (f" to {best}" if best != worst else "")
                + (", or none" if self.may_be_absent else "")
            )
        if self.state is not State.SETTLED:
            return str(self.state)
        return self.rating if self.rating is not None else shown_text(self.value)

    @property
    def section(self) -> str:
        """The part of a judgement's JSON that it stands in."""
        if self.role is Role.STANDARD:
            return "standards"
        if self.role is Role.QUESTION:
            return "questions"
        return "ratings" if self.kind is Kind.RATING else "values"

    def data(self) -> dict[str, Any]:
        """The outcome as JSON. What a reader would expect to be there is, even when it is null."""
        found: dict[str, Any] = {"title": self.title}
        if self.kind is Kind.RATING:
            found["rating"] = self.rating
        else:
            found |= {"kind": str(self.kind), "value": shown_data(self.value)}
        if self.state is State.OPEN:
            found["between"] = [shown_data(end) for end in self.between or ()]
            found["may_be_absent"] = self.may_be_absent
        elif self.state is not State.SETTLED:
            found[self.state.replace(" ", "_")] = self.reason
        if self.role is Role.QUESTION:
            count = self.count or Count(0, 0)
            found |= {"yes": count.yes, "of": count.of, "open": count.open} if self.count else {"yes": None, "of": None}
            found["share"] = None if self.share is None else fraction_text(self.share)
        elif self.kind is Kind.RATING:
            found |= {"computed": self.computed, "departure": None, "limited_by": self.limited_by}
            if self.departure:
                found["departure"] = {**attrs.asdict(self.departure), "grounds": list(self.departure.grounds)}
        if self.panel is not None:
            found["panel"] = self.panel
        if self.decided_by:
            found["decided_by"] = list(self.decided_by)
        if self.other_rounding is not None:
            found["other_rounding"] = self.other_rounding
        if self.settled_early:
            found["settled_early"] = True
        return found

    @classmethod
    def from_data(cls, node: str, section: str, data: Mapping[str, Any]) -> Outcome:
        """What `data` gave, read back. Anything that is not of that form raises KeyError, TypeError or ValueError."""
        role = {"standards": Role.STANDARD, "questions": Role.QUESTION}.get(section, Role.OTHER)
        kind = Kind(data["kind"]) if section == "values" else Kind.RATING
        states = (State.NOT_APPLICABLE, State.NOT_RATED)
        absent = {state: data[key] for state in states if (key := state.replace(" ", "_")) in data}
        state = State.OPEN if "between" in data else next(iter(absent), State.SETTLED)
        return cls(
            node=node,
            title=data["title"],
            kind=kind,
            role=role,
            state=state,
            rating=data.get("rating"),
            value=read_shown(kind, data.get("value")),
            reason=absent.get(state),
            between=tuple(read_shown(kind, end) for end in data["between"]) if "between" in data else None,
            may_be_absent=data.get("may_be_absent", False),
            computed=data.get("computed"),
            departure=read_departure(data.get("departure")),
            limited_by=data.get("limited_by"),
            panel=data.get("panel"),
            decided_by=tuple(data.get("decided_by", ())),
            count=Count(data["yes"], data["of"], data["open"]) if "open" in data else None,
            share=_number(data["share"]) if data.get("share") else None,
            other_rounding=data.get("other_rounding"),
            settled_early=data.get("settled_early", False),
        )


def shown(node: Node, value: Value | PanelRating) -> Shown:
    """A value of a node as outcomes show it: a rating by its name."""
    assert not isinstance(value, PanelRating), f"{node.name} is no value"
    if node.type.kind is Kind.RATING:
        assert node.binding.scale is not None and isinstance(value, int)
        return node.binding.scale.ratings[value]
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value


def shown_text(value: Shown | None) -> str:
    """A value for people."""
    if type(value) is str:
        return value
    if isinstance(value, Score):
        return f"{fraction_text(value.points)} of {fraction_text(value.max)}"
    if isinstance(value, Tally):
        return f"{value.yes} of {value.of}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return fraction_text(value) if isinstance(value, Fraction) else value or ""


def shown_data(value: Shown | None) -> Any:
    """A value as JSON: whole numbers as numbers, others as exact text."""
    if isinstance(value, Score):
        return {"score": number_data(value.points), "max": number_data(value.max)}
    if isinstance(value, Tally):
        return {"yes": value.yes, "of": value.of}
    return number_data(value) if isinstance(value, Fraction) else value


def number_data(value: Fraction) -> int | str:
    """A whole number as it is, any other as ``2/3``."""
    return value.numerator if value.denominator == 1 else fraction_text(value)


def read_departure(data: Mapping[str, Any] | None) -> Departure | None:
    """A departure from its JSON."""
    return Departure(data["rating"], data["reason"], tuple(data["grounds"])) if data else None


def read_shown(kind: Kind, data: Any) -> Any:
    """A value from its JSON, by its kind."""
    if data is None or kind in (Kind.RATING, Kind.FLAG, Kind.CHOICE):
        return data
    if kind is Kind.SCORE:
        return Score(_number(data["score"]), _number(data["max"]))
    if kind is Kind.ANSWERS:
        return Tally(data["yes"], data["of"])
    return _number(data)


def _number(data: Any) -> Fraction:
    """A number from its JSON: a whole one, or the text of another."""
    return Fraction(data) if type(data) is int else parse_number(data)
