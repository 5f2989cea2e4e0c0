"""A small made-up world for unit tests: two scales, some bands, the kinds, and short ways to bind and ask a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from inspectlib.build import build
from inspectlib.errors import Fault
from inspectlib.framework import FrameworkData
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework
from inspectlib.kinds import Absence, Absent, Kind, ValueType
from inspectlib.provenance import Basis
from inspectlib.rules import Binding, Given, Lexicon, Rule
from inspectlib.scales import Band, Bands, Better, Rounding, Scale
from inspectlib.structure import structure
from inspectlib.tree import from_python

#: What every statement carries.
OWN: dict[str, Any] = {"basis": Basis.MODELLED, "source": "own"}

MARKS = Scale(ratings=("Poor", "Fair", "Good", "Best"), **OWN)
#: Its worst rating scores, and the steps are uneven.
STARS = Scale(ratings=("One", "Two", "Three"), scores=(Fraction(1), Fraction(3), Fraction(10)), **OWN)


def bands(
    by: Mapping[str, Band], scale: str = "marks", *, better: Better = Better.HIGHER, rounding: Rounding = Rounding.EXACT
) -> Bands:
    """Bands by rating."""
    return Bands(scale=scale, bands=FrozenMapping(by), better=better, rounding=rounding, **OWN)


HALF, SIXTY_FIVE, FOUR_FIFTHS = Fraction(1, 2), Fraction(13, 20), Fraction(4, 5)
#: An edge belongs to the band above it, but for the last.
SHARES = bands(
    {
        "Poor": Band(below=HALF),
        "Fair": Band(at_least=HALF, below=SIXTY_FIVE),
        "Good": Band(at_least=SIXTY_FIVE, at_most=FOUR_FIFTHS),
        "Best": Band(above=FOUR_FIFTHS),
    }
)
#: The fewer points the better.
PENALTIES = bands(
    {
        "Three": Band(at_most=Fraction(5)),
        "Two": Band(above=Fraction(5), at_most=Fraction(20)),
        "One": Band(above=Fraction(20)),
    },
    "stars",
    better=Better.LOWER,
)
ROUNDED = bands(
    {"One": Band(below=HALF), "Two": Band(at_least=HALF, below=FOUR_FIFTHS), "Three": Band(at_least=FOUR_FIFTHS)},
    "stars",
    rounding=Rounding.WHOLE_PERCENT,
)
LEXICON = Lexicon({"marks": MARKS, "stars": STARS}, {"shares": SHARES, "penalties": PENALTIES, "rounded": ROUNDED})

MARK, STAR = ValueType(Kind.RATING, "marks"), ValueType(Kind.RATING, "stars")
SHARE, NUMBER, FLAG = ValueType(Kind.SHARE), ValueType(Kind.NUMBER), ValueType(Kind.FLAG)
ANSWERS, SCORE = ValueType(Kind.ANSWERS), ValueType(Kind.SCORE, "stars")
CHOICE = ValueType(Kind.CHOICE, options=("north", "east", "south"))

POOR, FAIR, GOOD, BEST = range(4)
NOT_RATED = Absent(Absence.NOT_RATED, "not inspected")
NOT_APPLICABLE = Absent(Absence.NOT_APPLICABLE, "no such case")
NONE_RATED = Absent(Absence.NOT_RATED, "none of its parts is rated")


def bind(rule: Rule, **types: ValueType | tuple[ValueType, ...]) -> Binding:
    """Bind a rule to inputs of the types given by slot; the inputs are called as the rule calls them."""
    names = {slot.name: slot.names for slot in rule.slots()}
    given: dict[str, list[tuple[str, ValueType]]] = {}
    for slot, kinds in types.items():
        several = kinds if isinstance(kinds, tuple) else (kinds,) * len(names[slot])
        given[slot] = list(zip(names[slot], several, strict=True))
    return rule.bind(given, LEXICON)


def ask(rule: Rule, *inputs: Given, **types: ValueType | tuple[ValueType, ...]) -> Given:
    """The value of a rule for its inputs, bound to their types."""
    return rule.value(bind(rule, **types), inputs)


def words(rule: Rule, **types: ValueType | tuple[ValueType, ...]) -> str:
    """A rule in words, its inputs called as the rule calls them, in quotation marks."""
    names = {slot.name: [f"'{name}'" for name in slot.names] for slot in rule.slots()}
    return rule.words(names, bind(rule, **types))


def refusal(call: Callable[[], object]) -> tuple[type[Fault], tuple[str | int, ...], str]:
    """The fault that a call is refused with: its class, path and message."""
    with pytest.raises(Fault) as caught:
        call()
    return type(caught.value), caught.value.path, caught.value.message


#: How the parts of a made-up framework say where they come from.
GROUND = {"basis": "modelled", "source": "own"}


def framework(nodes: dict[str, dict[str, Any]], **more: Any) -> Framework:
    """A made-up framework of some nodes, checked; ground is added to every rule, and the scales and bands above."""

    def band(**edges: str) -> dict[str, str]:
        return edges

    data: dict[str, Any] = {
        "id": "made-up",
        "version": "1",
        "title": "Made up",
        "sources": {"own": {"title": "Made up"}},
        "scales": {
            "marks": {"ratings": list(MARKS.ratings)},
            "stars": {"ratings": list(STARS.ratings), "scores": ["1", "3", "10"]},
        },
        "bands": {
            "shares": {
                "scale": "marks",
                "bands": {
                    "Poor": band(below="50%"),
                    "Fair": band(at_least="50%", below="65%"),
                    "Good": band(at_least="65%", at_most="80%"),
                    "Best": band(above="80%"),
                },
            },
            "few": {
                "scale": "stars",
                "bands": {
                    "One": band(below="50%"),
                    "Two": band(at_least="50%", below="80%"),
                    "Three": band(at_least="80%"),
                },
            },
        },
        "nodes": {name: rule | GROUND for name, rule in nodes.items()},
        **GROUND,
        **more,
    }
    for section in ("scales", "bands"):
        data[section] = {name: part | GROUND for name, part in data[section].items()}
    return build(structure(from_python(data), FrameworkData))


def by_cases(**discretion: Any) -> Framework:
    """A made-up framework of one standard, 1.1, the lowest of its two key questions, and discretion over it."""
    question = {"title": "Enough"} | GROUND
    each_question = {
        "answers": {"rule": "given", "kind": "answers"},
        "share": {"rule": "share", "of": "answers"},
        "rating": {"rule": "band", "of": "share", "bands": "shares"},
    }
    each_standard = {
        "lowest": {"rule": "lowest", "of": ["questions"]},
        "rating": {"rule": "discretion", "of": "lowest", **discretion},
    }
    method = {
        "title": "By cases",
        "each_question": {name: rule | GROUND for name, rule in each_question.items()},
        "each_standard": {name: rule | GROUND for name, rule in each_standard.items()},
    }
    standard = {"title": "Planning", "method": "cases", "questions": {"1.1.1": question, "1.1.2": question}}
    domains = {"1": {"title": "Everything", "standards": {"1.1": standard}, **GROUND}}
    return framework({}, methods={"cases": method}, domains=domains)
