"""Rules where people decide within what the framework lets them: the ratings panel, and professional discretion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

import attrs

from inspectlib.errors import BadRule
from inspectlib.exact import fraction_text
from inspectlib.kinds import Kind, PanelRating, ValueType
from inspectlib.rules.base import Binding, Given, Inputs, Lexicon, Rule, Slot, WithoutInput, check_missing

_RATING = frozenset({Kind.RATING})


@attrs.frozen
class Guided:
    """A panel's rating after its guide.

    Attributes:
        stands: the rating that counts.
        computed: the rating within the guide, whatever reason is given.
        limited_by: ``ceiling`` or ``floor`` when the guide changed the panel's rating.
        departs_from: ``ceiling`` or ``floor`` when the panel's rating stands outside its guide, with a reason.
    """

    stands: int
    computed: int
    limited_by: str = ""
    departs_from: str = ""


@attrs.frozen(kw_only=True)
class PanelRule(Rule):
    """Judged by the ratings panel from all evidence, within a guide if there is one.

    Under a guide that is not binding the panel complies or explains: a rating outside it stands only with a recorded
    reason, and is then a departure; without a reason it is brought back to the guide. Where floor and ceiling
    contradict each other the ceiling counts.

    Attributes:
        scale: the scale the panel rates on.
        ceiling: the node that is the best rating within the guide.
        floor: the node that is the worst rating within the guide.
        binding: whether a reason cannot lift the guide either.
        missing: what it means when the panel says nothing: ``open`` (the default), ``not rated`` or ``not applicable``.
        missing_reason: the reason to state then.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "panel"
    takes_evidence: ClassVar[bool] = True

    scale: str
    ceiling: str | None = None
    floor: str | None = None
    binding: bool = False
    missing: str = "open"
    missing_reason: str = "the panel has not rated it"
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        guides = (("ceiling", self.ceiling, WithoutInput.AS_BEST), ("floor", self.floor, WithoutInput.AS_WORST))
        return tuple(
            Slot(name, (node,), _RATING, without=without) for name, node, without in guides if node is not None
        )

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        check_missing(self.missing)
        kind = ValueType(Kind.RATING, self.scale)
        for slot, given in inputs.items():
            if not given[0][1].same(kind):
                raise BadRule(f"{given[0][0]!r} is a {given[0][1]}, the panel rates on {self.scale}", path=(slot,))
        return Binding(kind, scale=lexicon.scale(self.scale))

    def guided(self, rating: PanelRating, guides: Sequence[Given]) -> Guided:
        """The panel's rating, brought within the guide or departing from it."""
        bounds = dict(zip((slot.name for slot in self.slots()), guides, strict=True))
        floor, ceiling = bounds.get("floor"), bounds.get("ceiling")
        computed, crossed = rating.position, ""
        if isinstance(floor, int) and computed < floor:
            computed, crossed = floor, "floor"
        if isinstance(ceiling, int) and computed > ceiling:
            computed, crossed = ceiling, "ceiling"
        if crossed and rating.has_reason and not self.binding:
            return Guided(rating.position, computed, departs_from=crossed)
        return Guided(computed, computed, limited_by=crossed)

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        rating, *guides = inputs
        if not isinstance(rating, PanelRating):
            return rating
        return self.guided(rating, guides).stands

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        limits = []
        if self.ceiling is not None:
            limits.append(f"no better than {names['ceiling'][0]}")
        if self.floor is not None:
            limits.append(f"no worse than {names['floor'][0]}")
        words = "judged by the ratings panel from all evidence"
        if limits:
            force = "always" if self.binding else "unless the panel records its reason for departing"
            words += f", {' and '.join(limits)}, {force}"
        if self.missing != "open":
            words += f"; where the evidence is silent it is {self.missing}: {self.missing_reason}"
        return words


@attrs.frozen(kw_only=True)
class DiscretionRule(Rule):
    """A computed rating from which the ratings panel may exceptionally depart, with a recorded reason.

    A departure needs one of the grounds that the rule names, judged on the shares beneath the rating; with none named,
    any departure with a reason is allowed.

    Attributes:
        of: the computed rating.
        bands: how many bands a departure may be away at most.
        within_points: a ground: the lowest share is at most this many percentage points from an edge of its bands.
        one_answer: a ground: one other answer in one case would change the rating.
        sample_at_most: a ground: the lowest share comes from this many cases or fewer.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "discretion"

    of: str
    bands: int = 1
    within_points: Fraction | None = None
    one_answer: bool = False
    sample_at_most: int | None = None
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", (self.of,), _RATING),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        if self.bands < 1:
            raise BadRule("a departure is at least one band", path=("bands",))
        if self.within_points is not None and self.within_points < 0:
            raise BadRule("a distance is 0 or more", path=("within_points",))
        kind = inputs["of"][0][1]
        return Binding(kind, scale=lexicon.scale(kind.scale))

    @property
    def grounds(self) -> tuple[str, ...]:
        """The grounds for a departure, in words; none when any is allowed."""
        return tuple(_grounds(self))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        return inputs[0]

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        bands = "one band" if self.bands == 1 else f"{self.bands} bands"
        when = f", when {' or '.join(self.grounds)}" if self.grounds else ""
        return (
            f"{names['of'][0]}; the ratings panel may depart from it by {bands} at most, with a recorded reason{when}"
        )


def _grounds(rule: DiscretionRule) -> Iterator[str]:
    if rule.within_points is not None:
        points = fraction_text(rule.within_points)
        yield f"the lowest share is within {points} percentage points of an edge of its bands"
    if rule.one_answer:
        yield "one other answer in one case would change the rating"
    if rule.sample_at_most is not None:
        yield f"the lowest share comes from {rule.sample_at_most} cases or fewer"
