"""Strategies for scales and for whole frameworks, small and sound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st
from hypothesis import currently_in_test_context, note
from hypothesis.vendor.pretty import RepresentationPrinter, for_type_by_name

from inspectlib.build import build
from inspectlib.exact import fraction_text
from inspectlib.files.write import framework_text
from inspectlib.framework import FrameworkData
from inspectlib.graph import Framework
from inspectlib.provenance import Basis
from inspectlib.scales import Scale
from inspectlib.structure import structure
from inspectlib.testing.asked import Plain
from inspectlib.tree import from_python

__all__ = ["frameworks", "scales"]

_GROUND: Mapping[str, str] = {"basis": "modelled", "source": "made up"}
_LABELS = (("Poor", "Good"), ("Poor", "Fair", "Good"), ("Poor", "Fair", "Good", "Outstanding"))
_OPTIONS = ("north", "south", "west")
#: True one time in four.
_SELDOM = st.sampled_from((False,) * 3 + (True,))
_DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2024, 12, 31))


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Sound rating scales of two to five ratings, with scores that rise or, most simply, none of their own."""
    names = st.sampled_from(("Poor", "Weak", "Fair", "Good", "Outstanding", "1 star", "Très bien"))
    ratings = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    scores = draw(_scores(len(ratings)))
    return Scale(ratings=tuple(ratings), scores=scores, basis=Basis.MODELLED, source="made up")


@st.composite
def _scores(draw: st.DrawFn, count: int) -> tuple[Fraction, ...]:
    """Rising scores for so many ratings; none at all is the simplest."""
    if not draw(_SELDOM):
        return ()
    found = [Fraction(draw(st.integers(0, 2)))]
    for _ in range(count - 1):
        found.append(found[-1] + Fraction(draw(st.integers(1, 6)), 2))
    return tuple(found)


def _by_name(framework: Any, printer: RepresentationPrinter, _cycle: Any) -> None:
    """A framework as Hypothesis shows it: by its name, and not as hundreds of nodes."""
    printer.text(f"<Framework {framework.id}>")


for_type_by_name(Framework.__module__, Framework.__name__, _by_name)


class _Shown:
    """A framework as it is printed when a test fails: as the file that it would be."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework

    def __repr__(self) -> str:
        return framework_text(self.framework)


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    """Sound made-up frameworks: they load without a fault, and all laws of `inspectlib.laws` hold of them.

    One to five standards, rated from cases or by the ratings panel, at times one whose panel rating is guided by the
    others; a total; bands; an overall rating, or none, as the lowest, the mean, from a decision table, or limited; at
    times a number, a choice and a flag beside them, a pool of the cases of units, and when it is in force.
    The framework of a failing example is printed as a framework file.
    """
    framework = build(structure(from_python(draw(_mappings())), FrameworkData))
    if currently_in_test_context():
        note(_Shown(framework))  # printed, if at all, by its repr
    return framework


def _ruled(rule: str, **more: Any) -> Plain:
    return {"rule": rule, **more, **_GROUND}


def _banded(edges: Sequence[str], stays: Sequence[bool], labels: Sequence[str]) -> Plain:
    """Bands with these edges, each on the side of the band below it or not."""
    found: Plain = {label: {} for label in labels}
    for below, above, edge, on_it in zip(labels, labels[1:], edges, stays, strict=False):
        found[below]["at_most" if on_it else "below"] = edge
        found[above]["above" if on_it else "at_least"] = edge
    return {"scale": "marks", "bands": found, **_GROUND}


@st.composite
def _bands(draw: st.DrawFn, labels: Sequence[str], scores: Sequence[Fraction]) -> dict[str, Plain]:
    """Bands of shares, and of mean scores: there each score lies in the band of its own rating."""
    between = len(labels) - 1
    sides = st.lists(st.booleans(), min_size=between, max_size=between)
    percents = st.lists(st.integers(1, 19), min_size=between, max_size=between, unique=True).map(sorted)
    shares = _banded([f"{5 * percent}%" for percent in draw(percents)], draw(sides), labels)
    if draw(_SELDOM):
        shares["rounding"] = "whole percent"
    halves = draw(st.lists(st.sampled_from((2, 1, 3)), min_size=between, max_size=between))
    means = [
        fraction_text(low + (high - low) * Fraction(part, 4))
        for low, high, part in zip(scores, scores[1:], halves, strict=False)
    ]
    return {"shares": shares, "means": _banded(means, draw(sides), labels)}


@st.composite
def _methods(draw: st.DrawFn) -> dict[str, Plain]:
    """The ways in which standards are rated."""
    departs = _ruled("discretion", of="computed")
    for ground, figure in (("within_points", "5"), ("one_answer", "true"), ("sample_at_most", "5")):
        if draw(_SELDOM):
            departs[ground] = figure
    questions = {
        "answers": _ruled("given", kind="answers"),
        "share": _ruled("share", of="answers"),
        "rating": _ruled("band", of="share", bands="shares"),
    }
    lowest = _ruled(draw(st.sampled_from(("lowest", "highest"))), of="questions")
    silent = {"missing": "not rated", "missing_reason": "the panel is silent"} if draw(_SELDOM) else {}
    return {
        "panel": {"title": "Panel", "each_standard": {"rating": _ruled("panel", scale="marks", **silent)}},
        "cases": {
            "title": "Cases",
            "each_question": questions,
            "each_standard": {"computed": lowest, "rating": departs},
        },
        "means": {
            "title": "Mean of the questions",
            "each_question": questions,
            "each_standard": {
                "average": _ruled("mean", of="questions"),
                "rating": _ruled("band", of="average", bands="means"),
            },
        },
    }


@st.composite
def _mappings(draw: st.DrawFn) -> Plain:
    """A framework in the form of a framework file."""
    labels = draw(st.sampled_from(_LABELS))
    own_scores = draw(_scores(len(labels)))
    scores = own_scores or tuple(Fraction(place) for place in range(len(labels)))
    scale: Plain = {"ratings": list(labels), **_GROUND}
    if own_scores:
        scale["scores"] = [fraction_text(score) for score in own_scores]
    methods = draw(_methods())
    rated = draw(st.lists(st.sampled_from(("panel", "cases", "means")), min_size=1, max_size=4))
    numbers = [f"1.{place}" for place in range(1, len(rated) + 1)]
    standards = {number: draw(_standard(number, method)) for number, method in zip(numbers, rated, strict=True)}
    domains: Plain = {"1": {"title": "Domain 1", "standards": standards, **_GROUND}}
    nodes: Plain = {}
    if draw(_SELDOM):
        guide = draw(st.sampled_from(("ceiling", "floor")))
        binding = "true" if draw(_SELDOM) else "false"
        nodes["guide"] = _ruled("lowest" if guide == "ceiling" else "highest", of=list(numbers))
        guided = _ruled("panel", scale="marks", binding=binding, **{guide: "guide"})
        methods["guided"] = {"title": "Panel with a guide", "each_standard": {"rating": guided}}
        leading = {"2.1": {"title": "Standard 2.1", "method": "guided"}}
        domains["2"] = {"title": "Domain 2", "standards": leading, **_GROUND}
        numbers.append("2.1")
    nodes["total"] = _ruled("total", of="standards")
    exceptions = draw(_overall(nodes, numbers, labels))
    bands = draw(_bands(labels, scores))
    draw(_beside(nodes, bands, labels))
    asked = [question for standard in standards.values() for question in standard.get("questions", ())]
    return {
        **draw(_for_units(asked)),
        "id": "made-up",
        "version": "1",
        "title": "Made up",
        **_GROUND,
        "sources": {"made up": {"title": "No source: made up for a test"}},
        "scales": {"marks": scale},
        "bands": bands,
        "methods": {name: method for name, method in methods.items() if name in {*rated, "guided"}},
        "domains": domains,
        "nodes": nodes,
        "exceptions": exceptions,
    }


@st.composite
def _for_units(draw: st.DrawFn, asked: Sequence[str]) -> Plain:
    """Now and then the days on which the framework is in force, and a pool of units by which some questions go."""
    found: Plain = {}
    if draw(_SELDOM):
        first, last = sorted((draw(_DAYS), draw(_DAYS)))
        found["in_force"] = {"since": first.isoformat(), "until": last.isoformat(), **_GROUND}
    if asked and draw(_SELDOM):
        here = [question if draw(st.booleans()) else "not used" for question in asked]
        numbers = {f"9.9.{place}": question for place, question in enumerate(here, 1)}
        found["pools"] = {"made-up-units": {"questions": numbers, **_GROUND}}
    return found


@st.composite
def _standard(draw: st.DrawFn, number: str, method: str) -> Plain:
    found: Plain = {"title": f"Standard {number}", "method": method}
    if method != "panel":
        questions = [f"{number}.{question}" for question in range(1, draw(st.integers(1, 3)) + 1)]
        found["questions"] = {question: {"title": f"question {question}"} for question in questions}
    return found


@st.composite
def _overall(draw: st.DrawFn, nodes: Plain, numbers: Sequence[str], labels: Sequence[str]) -> Plain:
    """Put the nodes of the overall rating beside the others; give the exceptions to laws that it takes."""
    hows = ["none", "mean", "lowest", "flagged", *(["limited", "table"] if len(numbers) > 1 else [])]
    how = draw(st.sampled_from(hows))
    below_top = st.sampled_from(labels[:-1])
    if how in ("mean", "flagged"):
        nodes["mean_score"] = _ruled("mean", of="total")
        nodes["overall" if how == "mean" else "by_score"] = _ruled("band", of="mean_score", bands="means")
    if how == "lowest":
        nodes["overall"] = _ruled("lowest", of="standards")
    if how == "table":
        nodes["overall"] = _lowest_of_two(numbers[0], numbers[1], labels)
    if how == "limited":
        nodes["highest"] = _ruled("highest", of="standards")
        nodes["worst_count"] = _ruled("count", of="standards", at_most=labels[0])
        nodes["one_worst"] = _ruled("test", of="worst_count", at_least="1")
        nodes["overall"] = _ruled("limit", of="highest", to=draw(below_top), when="one_worst")
    if how == "flagged":
        nodes["serious"] = _ruled("given", kind="flag")
        nodes["overall"] = _ruled("limit", of="by_score", to=draw(below_top), when="serious")
        meant = {"law": "monotone", "of": ["serious"], "reason": "yes is the worse answer", **_GROUND}
        return {"serious": meant}
    if how != "none" and draw(_SELDOM):
        rows = [
            {"when": {"overall": labels[0]}, "then": "yes"},
            {"when": {"overall": [f"at least {labels[1]}", "absent"]}, "then": "no"},
        ]
        nodes["follow_up"] = _ruled("table", inputs=["overall"], kind="flag", rows=rows)
    return {}


def _lowest_of_two(one: str, other: str, labels: Sequence[str]) -> Plain:
    """The lower of two ratings, as a decision table."""
    rows = [{"when": {one: label, other: f"at least {label}"}, "then": label} for label in labels]
    rows += [{"when": {other: label, one: f"above {label}"}, "then": label} for label in labels[:-1]]
    return _ruled("table", inputs=[one, other], kind="rating", scale="marks", rows=rows)


@st.composite
def _beside(draw: st.DrawFn, nodes: Plain, bands: Plain, labels: Sequence[str]) -> None:
    """Now and then evidence of other kinds: a number with its bands, a choice."""
    if draw(_SELDOM):
        steps = {"step": "1"} if draw(st.booleans()) else {}
        nodes["beds"] = _ruled("given", kind="number", least="0", most=str(len(labels) * 2), **steps)
        edges = [str(2 * place) for place in range(1, len(labels))]
        bands["beds"] = _banded(edges, [draw(st.booleans())] * len(edges), labels)
        nodes["size"] = _ruled("band", of="beds", bands="beds")
    if draw(_SELDOM):
        nodes["place"] = _ruled("given", kind="choice", options=list(_OPTIONS))
