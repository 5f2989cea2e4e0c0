"""Rules from answers to ratings, scores and means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import ClassVar

import attrs

from inspectlib.errors import BadRule, UnknownName, WrongKind, did_you_mean
from inspectlib.exact import fraction_text, half_up
from inspectlib.frozen import FrozenMapping
from inspectlib.kinds import Absence, Absent, Kind, Polarity, Score, Tally, ValueType
from inspectlib.rules.base import (
    Binding,
    Given,
    Inputs,
    Lexicon,
    Names,
    Rule,
    Slot,
    WithoutInput,
    alike,
    check_missing,
    listed,
    none_of,
)
from inspectlib.scales import Rounding
from inspectlib.tree import MAX_BITS

_RATING = frozenset({Kind.RATING})
_NUMBER = frozenset({Kind.NUMBER})


@attrs.frozen(kw_only=True)
class GivenRule(Rule):
    """Given by the evidence.

    Attributes:
        kind: the kind of value: answers, rating, number, flag or choice.
        scale: for a rating, its scale.
        options: for a choice, what can be chosen.
        least: for a number, the least it can be.
        most: for a number, the most it can be.
        step: for a number, the steps in which it is counted from the least on; any number between unless given.
        missing: what it means when the evidence is silent: ``open`` (the default), ``not rated`` or ``not applicable``.
        missing_reason: the reason to state then.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "given"
    takes_evidence: ClassVar[bool] = True

    kind: Kind
    scale: str = ""
    options: tuple[str, ...] = ()
    least: Fraction | None = None
    most: Fraction | None = None
    step: Fraction | None = None
    missing: str = "open"
    missing_reason: str = "the evidence says nothing of it"
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return ()

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        check_missing(self.missing)
        if self.kind is Kind.RATING:
            return Binding(ValueType(Kind.RATING, self.scale), scale=lexicon.scale(self.scale))
        if self.kind is Kind.CHOICE and len(set(self.options)) < 2:
            raise BadRule("a choice needs at least two different options", path=("options",))
        if self.kind is Kind.NUMBER and (self.least is None or self.most is None or self.least > self.most):
            raise BadRule("a given number needs its bounds, least and most", path=("kind",))
        if self.step is not None and not self._steps_fit(self.step):
            raise BadRule("the most must be a whole number of steps above the least", path=("step",))
        if self.kind in (Kind.SHARE, Kind.SCORE):
            raise WrongKind(f"a {self.kind} is computed, not given", path=("kind",))
        bounds = None if self.least is None or self.most is None else (self.least, self.most)
        return Binding(ValueType(self.kind, options=self.options, bounds=bounds, step=self.step))

    def _steps_fit(self, step: Fraction) -> bool:
        if self.least is None or self.most is None or step <= 0:
            return False
        return ((self.most - self.least) / step).denominator == 1

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        return inputs[0]

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        silent = (
            ""
            if self.missing == "open"
            else f"; where the evidence is silent it is {self.missing}: {self.missing_reason}"
        )
        what = {
            Kind.ANSWERS: "answers counted over the cases",
            Kind.RATING: "a rating",
            Kind.NUMBER: f"a number{self._bounds_words()}",
            Kind.CHOICE: f"one of {listed(self.options)}" if self.options else "a choice",
        }.get(self.kind, f"a {self.kind}")
        return f"given by the evidence: {what}{silent}"

    def _bounds_words(self) -> str:
        if self.least is None or self.most is None:
            return ""
        steps = f" in steps of {fraction_text(self.step)}" if self.step is not None else ""
        return f" from {fraction_text(self.least)} to {fraction_text(self.most)}{steps}"


@attrs.frozen(kw_only=True)
class ShareRule(Rule):
    """The share of sufficient answers among the applicable cases.

    Attributes:
        of: the answers.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "share"

    of: str
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", (self.of,), frozenset({Kind.ANSWERS})),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        return Binding(ValueType(Kind.SHARE))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        tally = inputs[0]
        if not isinstance(tally, Tally):
            return tally
        if not tally.of:
            return Absent(Absence.NOT_APPLICABLE, "no case to which it applies")
        return Fraction(tally.yes, tally.of)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"the share of sufficient answers among the applicable cases of {names['of'][0]}"


@attrs.frozen(kw_only=True)
class BandRule(Rule):
    """The band that a number falls in.

    Attributes:
        of: a share, a number or a score (a score counts as points out of the most possible).
        bands: the name of the bands.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "band"

    of: str
    bands: str
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", (self.of,), frozenset({Kind.SHARE, Kind.NUMBER, Kind.SCORE})),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        if self.bands not in lexicon.bands:
            message = f"no bands are called {self.bands!r}{did_you_mean(self.bands, lexicon.bands)}"
            raise UnknownName(message, path=("bands",))
        bands = lexicon.bands[self.bands]
        scale = lexicon.scale(bands.scale)
        of = inputs["of"][0][1].kind
        if bands.rounding is Rounding.WHOLE_PERCENT and of is not Kind.SHARE:
            raise BadRule(f"only a share can be rounded to a whole percentage, not a {of}", path=("bands",))
        return Binding(ValueType(Kind.RATING, bands.scale), scale, bands, of, bands.edges(scale))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        assert binding.bands is not None
        return self.banded(binding, inputs[0], binding.bands.rounding)

    def banded(self, binding: Binding, number: Given, rounding: Rounding) -> Given:
        """The value with the number rounded, or not, before it is banded."""
        assert binding.bands is not None
        if isinstance(number, Score):
            number = number.points / number.max
        return binding.bands.position(number, binding.edges, rounding) if isinstance(number, Fraction) else number

    def other_rounding(self, binding: Binding) -> Rounding:
        """The rounding that the bands do not use."""
        assert binding.bands is not None
        return Rounding.WHOLE_PERCENT if binding.bands.rounding is Rounding.EXACT else Rounding.EXACT

    def polarity(self, slot: Slot, index: int, binding: Binding) -> Polarity:
        return Polarity.HELPS if binding.bands and binding.bands.better == "higher" else Polarity.HARMS

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"the band of {names['of'][0]}, by the bands {self.bands!r}"


@attrs.frozen(kw_only=True)
class LowestRule(Rule):
    """The lowest of several ratings or numbers; those not rated are left out.

    Attributes:
        of: the inputs.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "lowest"

    of: Names
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", self.of, _RATING | _NUMBER, single=False, without=WithoutInput.AS_BEST),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        kind = alike("of", inputs["of"])
        if kind.kind is Kind.RATING:
            return Binding(kind, scale=lexicon.scale(kind.scale))
        bounds = [kind.bounds for _, kind in inputs["of"]]
        known = [found for found in bounds if found is not None]
        widest = (min(low for low, _ in known), max(high for _, high in known)) if len(known) == len(bounds) else None
        return Binding(ValueType(Kind.NUMBER, bounds=widest))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        values = [value for value in inputs if isinstance(value, (int, Fraction))]
        return min(values) if values else none_of(inputs)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"the lowest of {listed(names['of'])}, those not rated left out"


@attrs.frozen(kw_only=True)
class HighestRule(LowestRule):
    """The highest of several ratings or numbers; those not rated are left out.

    Attributes:
        of: the inputs.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "highest"

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", self.of, _RATING | _NUMBER, single=False, without=WithoutInput.AS_WORST),)

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        values = [value for value in inputs if isinstance(value, (int, Fraction))]
        return max(values) if values else none_of(inputs)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"the highest of {listed(names['of'])}, those not rated left out"


@attrs.frozen(kw_only=True)
class TotalRule(Rule):
    """The sum of the scores of several ratings, or of several numbers.

    Attributes:
        of: the inputs.
        weights: how often an input counts, 1 unless given; never negative, never 0.
        unrated: ``left out`` (the default): inputs not rated leave the sum and its maximum; ``not rated``: there is no
            sum unless all are rated.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "total"

    of: Names
    weights: FrozenMapping[str, Fraction] = FrozenMapping()
    unrated: str = "left out"
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        return (Slot("of", self.of, _RATING | _NUMBER, single=False, without=WithoutInput.BETWEEN),)

    def _weighted(self, given: Sequence[tuple[str, ValueType]], lexicon: Lexicon) -> Binding:
        if self.unrated not in {"left out", "not rated"}:
            raise BadRule(f"unrated must be left out or not rated, not {self.unrated!r}", path=("unrated",))
        names = [name for name, _ in given]
        for name, weight in self.weights.items():
            if name not in names:
                raise UnknownName(f"a weight for {name!r}, which is not among the inputs", path=("weights", name))
            if weight <= 0:
                raise BadRule(f"the weight of {name!r} must be above 0", path=("weights", name))
        kind = alike("of", given)
        scale = lexicon.scale(kind.scale) if kind.kind is Kind.RATING else None
        weights = tuple(self.weights.get(name, Fraction(1)) for name in names)
        common = 1
        for weight in weights:
            common = lcm(common, weight.denominator)
            if common.bit_length() > MAX_BITS:  # such sums would take long
                raise BadRule("the weights have no common denominator of less than 200 digits", path=("weights",))
        return Binding(kind, scale=scale, weights=weights)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        bound = self._weighted(inputs["of"], lexicon)
        kind = ValueType(Kind.SCORE, bound.type.scale) if bound.scale else ValueType(Kind.NUMBER)
        return attrs.evolve(bound, type=kind)

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        counted = self._counted(binding, inputs)
        if isinstance(counted, Absent):
            return counted
        points, weight = counted
        return Score(points, weight * binding.scale.top_score) if binding.scale else points

    def _counted(self, binding: Binding, inputs: Sequence[Given]) -> Absent | tuple[Fraction, Fraction]:
        """The weighted sum of what is rated, and the sum of the weights."""
        points = weight = Fraction(0)
        for value, part in zip(inputs, binding.weights, strict=True):
            if isinstance(value, Absent):
                if self.unrated == "not rated":
                    return Absent(Absence.NOT_RATED, f"a part of it is not rated: {value.reason}")
                continue
            assert isinstance(value, (int, Fraction))
            points += part * (binding.scale.score(int(value)) if binding.scale else value)
            weight += part
        return (points, weight) if weight else none_of(inputs)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"the sum of {'the scores of ' if binding.scale else ''}{self._inputs(names)}"

    def _inputs(self, names: Mapping[str, Sequence[str]]) -> str:
        weights = [f"{name} (counted {fraction_text(weight)} times)" for name, weight in sorted(self.weights.items())]
        plain = [name for name in names["of"] if name not in self.weights]
        unrated = "those not rated left out" if self.unrated == "left out" else "all of which must be rated"
        return f"{listed(plain + weights)}, {unrated}"


@attrs.frozen(kw_only=True)
class MeanRule(TotalRule):
    """The mean score of several ratings, the mean of several numbers, or the mean score that one total stands for.

    Attributes:
        of: the inputs: ratings, numbers, or one total.
        weights: how often an input counts, 1 unless given; never negative, never 0.
        unrated: ``left out`` (the default) or ``not rated``, as for a total.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "mean"

    def slots(self) -> tuple[Slot, ...]:
        kinds = _RATING | _NUMBER | {Kind.SCORE}
        return (Slot("of", self.of, kinds, single=False, without=WithoutInput.BETWEEN),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        given = inputs["of"]
        if any(kind.kind is Kind.SCORE for _, kind in given):
            if len(given) > 1 or self.weights:
                raise WrongKind("the mean of a total takes that one total and no weights", path=("of",))
            return Binding(ValueType(Kind.NUMBER), scale=lexicon.scale(given[0][1].scale))
        return attrs.evolve(self._weighted(given, lexicon), type=ValueType(Kind.NUMBER))

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        if not binding.weights:
            score = inputs[0]
            if not isinstance(score, Score):
                return score
            assert binding.scale is not None
            return score.points * binding.scale.top_score / score.max
        counted = self._counted(binding, inputs)
        return counted if isinstance(counted, Absent) else counted[0] / counted[1]

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        if not binding.weights:
            return f"the mean score of the rated standards in {names['of'][0]}"
        return f"the mean {'score ' if binding.scale else ''}of {self._inputs(names)}"


_STEPS = re.compile("[+-]?[0-9]{1,3}", re.ASCII)


def _one_way(by: str) -> str:
    """A number of bands in one way of writing it; the name of a node as it is."""
    return str(int(by)) if _STEPS.fullmatch(by) else by


@attrs.frozen(kw_only=True)
class ShiftRule(Rule):
    """A rating raised (or lowered) by a number of bands, kept on its scale.

    Attributes:
        of: the rating.
        by: how many bands up, or down when negative: a whole number, or the name of a number node (rounded half up).
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "shift"

    of: str
    by: str = attrs.field(converter=_one_way)
    title: str = ""

    def _steps(self) -> int | None:
        return int(self.by) if _STEPS.fullmatch(self.by) else None

    def slots(self) -> tuple[Slot, ...]:
        of = Slot("of", (self.of,), _RATING)
        return (
            (of,) if self._steps() is not None else (of, Slot("by", (self.by,), _NUMBER, without=WithoutInput.BETWEEN))
        )

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        kind = inputs["of"][0][1]
        return Binding(kind, scale=lexicon.scale(kind.scale), level=self._steps() or 0)

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        rating = inputs[0]
        if not isinstance(rating, int):
            return rating
        steps = binding.level
        if len(inputs) > 1:
            by = inputs[1]
            # A missing adjustment adjusts nothing.
            steps = half_up(by) if isinstance(by, Fraction) else 0
        assert isinstance(steps, int) and binding.scale is not None
        return max(0, min(len(binding.scale.ratings) - 1, rating + steps))

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        steps = self._steps()
        if steps is None:
            return f"{names['of'][0]} moved by {names['by'][0]} bands, kept on the scale"
        bands = "band" if abs(steps) == 1 else "bands"
        return f"{names['of'][0]} {'lowered' if steps < 0 else 'raised'} by {abs(steps)} {bands}, kept on the scale"
