"""What every rule is: a typed step from inputs to a value.

A rule names its inputs in slots. Each slot says which kinds it takes and what a better input can do to the value: only
help (+), only harm (-), nothing (0) or either (?). `bind` checks the kinds and gives the kind of the value; `value` is
a pure function of complete inputs. An input without a value (not applicable, not rated) is passed in as `Absent`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

import attrs

from inspectlib.errors import BadRule, Fault, OffScale, UnknownName, WrongKind, did_you_mean
from inspectlib.exact import parse_number
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Polarity, Value, ValueType
from inspectlib.provenance import Grounded
from inspectlib.scales import Bands, Scale

__all__ = ["Binding", "Given", "Inputs", "Lexicon", "Names", "Rule", "Slot", "WithoutInput"]

#: One name, or several: of nodes or of groups of nodes.
Names = tuple[str, ...]
#: What a node can have once nothing is missing.
Given = Value | Absent | PanelRating
#: The inputs of a rule by slot, each with its name and kind.
Inputs = Mapping[str, Sequence[tuple[str, ValueType]]]


class WithoutInput(StrEnum):
    """What a rule does with an input that has no value."""

    #: It has no value either, or its rows say what happens.
    PASSES = "passes"
    #: It goes on as if the input were the best there is: the lowest of several, a limit that does not hold.
    AS_BEST = "as best"
    #: It goes on as if the input were the worst there is: the highest of several, a condition that does not hold.
    AS_WORST = "as worst"
    #: It goes on with the others alone, as if the input were somewhere between: a mean.
    BETWEEN = "between"


@attrs.frozen
class Slot:
    """One place of a rule for inputs.

    Attributes:
        name: its name in the rule.
        names: the names given there.
        kinds: the kinds it takes.
        polarity: what a better input can do.
        single: whether only one input fits.
        without: what happens without a value.
        ordered: whether the order of the names matters, because the rule speaks of each.
    """

    name: str
    names: Names
    kinds: frozenset[Kind]
    polarity: Polarity = Polarity.HELPS
    single: bool = True
    without: WithoutInput = WithoutInput.PASSES
    ordered: bool = False


@attrs.frozen
class Binding:
    """What a rule needs to compute, looked up once when the graph is built."""

    type: ValueType
    scale: Scale | None = None
    bands: Bands | None = None
    of: Kind | None = None
    edges: tuple[tuple[Fraction, bool], ...] = ()
    level: int | Fraction | str = 0
    weights: tuple[Fraction, ...] = ()
    table: object = None


@attrs.frozen
class Lexicon:
    """The scales and bands that rules name."""

    scales: Mapping[str, Scale]
    bands: Mapping[str, Bands]

    def scale(self, name: str) -> Scale:
        """The scale of that name, or UnknownName."""
        if name not in self.scales:
            raise UnknownName(f"no scale is called {name!r}{did_you_mean(name, self.scales)}", path=("scale",))
        return self.scales[name]


class Rule(Grounded):
    """What all rules have: basis, source, section, note, and a title for the node that carries it."""

    tag: ClassVar[str] = ""
    #: Whether the value, or part of what decides it, comes straight from the evidence.
    takes_evidence: ClassVar[bool] = False

    def slots(self) -> tuple[Slot, ...]:
        """The inputs by slot, in the order in which `value` gets them."""
        raise NotImplementedError

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        """Check the inputs (by slot: name and kind) and look up what the rule names.

        Raises:
            Fault: with the path inside the rule.
        """
        raise NotImplementedError

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        """The value from complete inputs."""
        raise NotImplementedError

    def polarity(self, slot: Slot, index: int, binding: Binding) -> Polarity:
        """What a better input can do: the index counts within the slot."""
        return slot.polarity

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        """The rule in words, the inputs called as given."""
        raise NotImplementedError


def listed(names: Iterable[str]) -> str:
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def present(inputs: Sequence[Given]) -> list[Value]:
    return [value for value in inputs if not isinstance(value, (Absent, PanelRating))]


def none_of(inputs: Sequence[Given]) -> Absent:
    """All inputs are absent: the reason is theirs when they share one."""
    reasons = sorted({value.reason for value in inputs if isinstance(value, Absent)})
    return Absent(Absence.NOT_RATED, reasons[0] if len(reasons) == 1 else "none of its parts is rated")


def alike(slot: str, given: Sequence[tuple[str, ValueType]]) -> ValueType:
    """The one type of all inputs of a slot."""
    first_name, first = given[0]
    for name, kind in given[1:]:
        if not kind.same(first):
            raise WrongKind(f"{name!r} is a {kind} but {first_name!r} is a {first}; they must be alike", path=(slot,))
    return first


def level(text: str, kind: ValueType, lexicon: Lexicon, slot: str) -> int | Fraction | str:
    """A limit written in a rule, read for the kind it limits."""
    if kind.kind is Kind.RATING:
        try:
            return lexicon.scale(kind.scale).position(text)
        except OffScale as fault:
            raise OffScale(fault.message, path=(slot,)) from None
    if kind.kind is Kind.CHOICE:
        if text not in kind.options:
            raise OffScale(f"{text!r} is none of {', '.join(kind.options)}", path=(slot,))
        return text
    try:
        return parse_number(text)
    except Fault as fault:
        fault.path = (slot,)
        raise


def check_missing(missing: str) -> None:
    """Refuse a meaning of silence that is none of the three."""
    if missing not in {"open", *Absence}:
        raise BadRule(f"missing must be open, not rated or not applicable, not {missing!r}", path=("missing",))
