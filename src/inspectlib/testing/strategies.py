"""Hypothesis strategies for scales, frameworks, evidence and whole inspections.

Evidence comes in the form of an evidence file, as plain data: what is shown when a test fails can be pasted into a
file. `inspectlib.rate` takes it as it is. Everything is drawn step by step, so that Hypothesis shrinks it to something
a reader can take in.

>>> from hypothesis import given
>>> import inspectlib
>>> from inspectlib.testing import strategies
>>> framework = inspectlib.load("hmip-crc-2019")
>>> @given(strategies.evidence(framework))
... def test_rated(evidence):
...     assert inspectlib.rate(framework, evidence).overall.rating is not None
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import hypothesis.strategies as st
from hypothesis import currently_in_test_context, note
from hypothesis.vendor.pretty import RepresentationPrinter, for_type_by_name

from inspectlib.build import build
from inspectlib.errors import InspectError
from inspectlib.evidence_reader import evidence_from
from inspectlib.exact import fraction_text
from inspectlib.files.write import framework_text
from inspectlib.framework import FrameworkData
from inspectlib.graph import Framework, Node, Role
from inspectlib.judgement import Judgement, rate
from inspectlib.kinds import Kind
from inspectlib.outcome import State
from inspectlib.provenance import Basis
from inspectlib.rating import rate_evidence
from inspectlib.rules import DiscretionRule, GivenRule, PanelRule
from inspectlib.scales import Scale
from inspectlib.structure import structure
from inspectlib.tree import from_python

__all__ = [
    "Inspection",
    "completions",
    "evidence",
    "frameworks",
    "inspections",
    "partial_evidence",
    "scales",
    "wild_evidence",
]

#: Evidence as plain data, in the form of an evidence file.
Plain = dict[str, Any]

_GROUND: Mapping[str, str] = {"basis": "modelled", "source": "made up"}
_LABELS = (("Poor", "Good"), ("Poor", "Fair", "Good"), ("Poor", "Fair", "Good", "Outstanding"))
_REASON = "a reason (made up)"
_OPTIONS = ("north", "south", "west")
#: True one time in four, and one time in sixteen.
_SELDOM = st.sampled_from((False,) * 3 + (True,))
_RARELY = st.sampled_from((False,) * 15 + (True,))
_ABSENT = ("not rated", "not applicable")
#: How many cases a key question can apply to.
_SAMPLES = st.sampled_from((*range(1, 21), 40, 100, 0))
#: More questions than this are tallied rather than answered case by case, which takes a draw for every answer.
_BY_CASE = 4


# --- scales


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


# --- frameworks


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
    times a number, a choice and a flag beside them. The framework of a failing example is printed as a framework file.
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
    return {
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


# --- what a framework asks for


class Asked:
    """What evidence a framework takes."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework

    def __repr__(self) -> str:
        """Short: Hypothesis shows what strategies are made of."""
        return f"<{self.framework.id}>"

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The nodes that take evidence."""
        return tuple(node for node in self.framework.graph.nodes.values() if node.rule.takes_evidence)

    @cached_property
    def questions(self) -> tuple[Node, ...]:
        """Those of them that take answers."""
        return tuple(node for node in self.leaves if node.type.kind is Kind.ANSWERS)

    @cached_property
    def whole(self) -> Mapping[str, frozenset[str]]:
        """The standards whose rating can be stated in place of all beneath it, each with what that spares.

        Nothing beneath them goes into anything else.
        """
        graph, found = self.framework.graph, dict[str, frozenset[str]]()
        for name, node in graph.nodes.items():
            if node.role is not Role.STANDARD or node.rule.takes_evidence or node.type.kind is not Kind.RATING:
                continue
            below = graph.below(name)
            spared = frozenset(leaf.name for leaf in self.leaves if leaf.name in below)
            if spared and all(graph.effect(leaf, frozenset({name})).keys() <= below for leaf in spared):
                found[name] = spared
        return found

    @cached_property
    def departing(self) -> tuple[Node, ...]:
        """The nodes that the panel may depart from."""
        return tuple(node for node in self.framework.graph.nodes.values() if isinstance(node.rule, DiscretionRule))


def heading(node: Node) -> str:
    """Where evidence for a node is most simply stated."""
    if node.type.kind is Kind.ANSWERS:
        return "tallies"
    if node.type.kind is not Kind.RATING:
        return "values"
    return "panel" if isinstance(node.rule, PanelRule) else "ratings"


def _may_be_silent(node: Node) -> bool:
    """Whether evidence that says nothing of a node is still complete."""
    return isinstance(node.rule, (GivenRule, PanelRule)) and node.rule.missing != "open"


# --- complete evidence


def _tally(draw: st.DrawFn, *, good: bool) -> Any:
    """Counted answers; of a good inspection most are sufficient."""
    of = draw(_SAMPLES)
    if not of:
        return "not applicable"
    missed = draw(st.integers(0, of // 5 if good else of))
    return {"yes": of - missed, "of": of}


def _entry(draw: st.DrawFn, node: Node, *, good: bool, rated: bool = False) -> Any:
    """What evidence can say of a node; `rated` when it has to be a value."""
    kind, scale = node.type, node.binding.scale
    if kind.kind is Kind.ANSWERS:
        return _tally(draw, good=good)
    if not rated and draw(_RARELY):
        return draw(st.sampled_from(_ABSENT))
    if scale and kind.kind is Kind.RATING:
        best_first = scale.ratings[::-1]
        label = draw(st.sampled_from(best_first[: (len(best_first) + 1) // 2] if good else best_first))
        explained = isinstance(node.rule, PanelRule) and draw(_SELDOM)
        return {"rating": label, "reason": _REASON} if explained else label
    if kind.kind is Kind.FLAG:
        return draw(st.sampled_from(("no", "yes")))
    if kind.kind is Kind.CHOICE:
        return draw(st.sampled_from(kind.options))
    assert kind.bounds
    least, most = kind.bounds
    parts = (most - least) // kind.step if kind.step else 12
    return fraction_text(least + (most - least) * Fraction(draw(st.integers(0, parts)), parts or 1))


@st.composite
def _complete(draw: st.DrawFn, asked: Asked, *, mixed: bool) -> Plain:
    """Complete evidence without departures; `mixed` also at other levels than that of questions."""
    good = draw(st.booleans())
    spared: set[str] = set()
    found: Plain = {}
    if mixed:
        for name, beneath in asked.whole.items():
            if draw(_SELDOM):
                spared |= beneath
                node = asked.framework.graph[name]
                found.setdefault("ratings", {})[name] = _entry(draw, node, good=good, rated=True)
    by_case: list[str] = []
    if mixed and asked.questions and draw(_SELDOM):
        some = [node.of for node in asked.questions if node.name not in spared]
        if some:
            by_case = draw(st.lists(st.sampled_from(some), min_size=1, max_size=_BY_CASE, unique=True))
    for node in asked.leaves:
        if node.name in spared or (node.type.kind is Kind.ANSWERS and node.of in by_case):
            continue
        if _may_be_silent(node) and draw(st.booleans()):
            continue
        where = heading(node)
        if where == "panel" and draw(_SELDOM):
            where = "ratings"
        name = node.of if where == "tallies" else node.name
        found.setdefault(where, {})[name] = _entry(draw, node, good=good)
    if by_case:
        answers = st.sampled_from(("yes", "no", "not applicable"))
        found["cases"] = [
            {"id": f"c{case}", "answers": {question: draw(answers) for question in by_case}}
            for case in range(1, draw(st.integers(1, 5)) + 1)
        ]
    return found


@st.composite
def _with_departure(draw: st.DrawFn, asked: Asked, found: Plain) -> Plain:
    """The evidence with a departure that the rules allow, where there is one, or else as it was."""
    node = asked.departing[draw(st.integers(0, len(asked.departing) - 1))]
    assert isinstance(node.rule, DiscretionRule)
    computed = rate_evidence(asked.framework, evidence_from(found)).results[node.name].computed
    step = draw(st.sampled_from((-1, 1))) * draw(st.integers(1, node.rule.bands))
    labels = node.binding.scale.ratings if node.binding.scale else ()
    if not isinstance(computed, int) or not 0 <= computed + step < len(labels) or node.name in found.get("ratings", {}):
        return found
    departed = {**found, "departures": {node.name: {"rating": labels[computed + step], "reason": _REASON}}}
    return departed if _rates(asked.framework, departed) else found


@st.composite
def _with_a_result(draw: st.DrawFn, asked: Asked, found: Plain) -> Plain:
    """The evidence with a rating stated that also follows from it."""
    graph = asked.framework.graph
    settled = [
        (name, outcome.rating)
        for name, outcome in rate(asked.framework, found).outcomes.items()
        if outcome.state is State.SETTLED and outcome.rating and outcome.departure is None
        if name in graph.nodes and not graph[name].rule.takes_evidence
    ]
    if not settled:
        return found
    name, rating = draw(st.sampled_from(settled))
    return {**found, "ratings": {**found.get("ratings", {}), name: rating}}


def _rates(framework: Framework, found: Plain) -> bool:
    try:
        rate(framework, found)
    except InspectError:
        return False
    return True


@st.composite
def _evidence(draw: st.DrawFn, asked: Asked, *, plain: bool) -> Plain:
    found = draw(_complete(asked, mixed=not plain))
    if not plain and asked.departing and draw(_SELDOM):
        found = draw(_with_departure(asked, found))
    elif not plain and draw(_SELDOM):
        found = draw(_with_a_result(asked, found))
    return found


def evidence(framework: Framework, *, plain: bool = False) -> st.SearchStrategy[Plain]:
    """Valid evidence for a framework, in which nothing is missing that its ratings rest on.

    It enters at mixed levels: tallies, cases, ratings of whole standards in place of what lies under them, panel
    ratings with and without a reason, numbers, flags and choices, now and then a departure that the rules allow or a
    rating that also follows from the rest. A sample of delivery units (`pools`) is not made.

    Args:
        framework: the framework.
        plain: only what the framework asks for: tallies, and ratings and values that nothing computes.
    """
    return _evidence(Asked(framework), plain=plain)


# --- evidence that is open


def _drop(found: Plain, where: str, name: str) -> None:
    """Take an entry out of evidence."""
    del found[where][name]
    if not found[where]:
        del found[where]


@st.composite
def _partial(draw: st.DrawFn, asked: Asked) -> Plain:
    found = {where: dict(entries) for where, entries in draw(_complete(asked, mixed=False)).items()}
    places = [(where, name) for where, entries in found.items() for name in entries]
    if not places:
        return found
    certain = draw(st.sampled_from(places))
    for where, name in places:
        fate = draw(st.sampled_from(("missing", "kept", "kept", "begun")))
        if fate == "kept" and (where, name) != certain:
            continue
        if fate == "begun" and where == "tallies":
            of = draw(st.integers(0, 4))
            yes = of - draw(st.integers(0, of))
            found[where][name] = {"yes": yes, "of": of, "open": draw(st.integers(1, 3))}
        else:
            _drop(found, where, name)
    return found


def partial_evidence(framework: Framework) -> st.SearchStrategy[Plain]:
    """Valid evidence for a framework with something still open: entries that are missing, tallies half counted."""
    return _partial(Asked(framework))


@st.composite
def _completed(draw: st.DrawFn, asked: Asked, found: Mapping[str, Any]) -> Plain:
    whole: Plain = {where: dict(entries) for where, entries in found.items() if isinstance(entries, Mapping)}
    whole |= {where: entries for where, entries in found.items() if not isinstance(entries, Mapping)}
    answered = {question for case in found.get("cases", ()) for question in case.get("answers", {})}
    for node in asked.leaves:
        where = heading(node)
        name = node.of if where == "tallies" else node.name
        stated = whole.get(where, {}).get(name, whole.get("ratings", {}).get(name))
        if where == "tallies" and isinstance(stated, Mapping) and stated.get("open"):
            more = draw(st.integers(0, stated["open"]))
            of, yes = stated["of"] + more, stated["yes"] + draw(st.integers(0, more))
            whole[where][name] = {"yes": yes, "of": of} if of else "not applicable"
        elif stated is None and name not in answered and not _may_be_silent(node):
            good = draw(st.booleans())
            whole.setdefault(where, {})[name] = _entry(draw, node, good=good, rated=True)
    return whole


def completions(framework: Framework, found: Mapping[str, Any]) -> st.SearchStrategy[Plain]:
    """What open evidence can become when all that is missing is there; what it says already stays as it is.

    A tally can turn out not applicable. Ratings and values that are missing get one: that something is not rated is
    for the evidence to say.

    Args:
        framework: the framework.
        found: evidence in the form of `partial_evidence`; cases are taken to be answered in full.
    """
    return _completed(Asked(framework), found)


# --- evidence with something wrong


def _odd() -> st.SearchStrategy[Any]:
    """What does not belong where it is put, or is hard to read."""
    texts = st.sampled_from(("", " ", "maybe", "NOT RATED", "yes ", "-1", "1e3", "1/0", "NaN", "٣", "a\nb", "9" * 300))
    return st.one_of(
        texts,
        st.text(max_size=6),
        st.integers(-2, 10**6),
        st.none(),
        st.booleans(),
        st.floats(),
        st.sampled_from((b"yes", (), [], {}, {"rating": None}, ["yes"], {"": ""})),
        st.fixed_dictionaries(
            {"yes": st.integers(-1, 3), "of": st.integers(-1, 3)}, optional={"open": st.integers(-1, 2)}
        ),
        st.fixed_dictionaries({"rating": st.text(max_size=4)}, optional={"reason": st.text(max_size=4)}),
        st.fixed_dictionaries({"score": st.text(max_size=4)}, optional={"max": st.integers(-1, 9)}),
    )


@st.composite
def _spoilt(draw: st.DrawFn, asked: Asked, found: Plain) -> Plain:
    """Evidence with one thing in it put wrong."""
    spoilt: Plain = {**found}
    names = [*asked.framework.graph.nodes, *asked.framework.unrated, "nowhere", ""]
    headings = ("tallies", "ratings", "panel", "departures", "values")
    where = draw(st.sampled_from(("spelt", *headings, "cases", "spelt", "top", "whole")))
    if where == "spelt":  # which changes nothing
        for key in ("ratings", "panel"):
            entries = spoilt.get(key)
            if isinstance(entries, dict):
                spelt = draw(st.sampled_from((str.upper, str.lower, str.title, " {} ".format)))
                spoilt[key] = {n: spelt(entry) if isinstance(entry, str) else entry for n, entry in entries.items()}
    elif where == "top":
        key = draw(st.sampled_from(("framework", "service", "date", "units", "unknown", "")))
        spoilt[key] = draw(_odd())
    elif where == "whole":
        spoilt[draw(st.sampled_from((*headings, "cases")))] = draw(_odd())
    elif where == "cases":
        some = [node.of for node in asked.questions] or ["nowhere"]
        ids = st.sampled_from(("c1", "c1", "c2", "", None, 7))
        answers = st.dictionaries(st.sampled_from((*some, "nowhere")), st.one_of(st.just("yes"), _odd()), max_size=2)
        spoilt["cases"] = draw(st.lists(st.fixed_dictionaries({"id": ids, "answers": answers}), max_size=3))
    else:
        kept = spoilt.get(where)
        before: Plain = kept if isinstance(kept, dict) else {}
        name = draw(st.sampled_from([*before, *names]))
        spoilt[where] = {**before, name: draw(_odd())}
    return spoilt


@st.composite
def _wild(draw: st.DrawFn, asked: Asked) -> Plain:
    found: Plain = draw(st.one_of(_partial(asked), _evidence(asked, plain=False)))
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        found = draw(_spoilt(asked, found))
    return found


def wild_evidence(framework: Framework) -> st.SearchStrategy[Plain]:
    """Evidence that is mostly valid but has something odd in it: a fault, an unknown name, a text that reads oddly.

    Rating it either works or raises an `InspectError`. Anything else is a fault of the library.
    """
    return _wild(Asked(framework))


# --- whole inspections


@attrs.frozen(repr=False)
class Inspection:
    """A framework and the evidence of an inspection under it.

    Attributes:
        framework: the framework.
        evidence: the evidence, in the form of an evidence file.
    """

    framework: Framework
    evidence: Mapping[str, Any]

    def judgement(self) -> Judgement:
        """What comes of it."""
        return rate(self.framework, self.evidence)

    def __repr__(self) -> str:
        return f"Inspection({self.framework.id!r}, {self.evidence!r})"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001  # as it is called
        """As Hypothesis shows it: the framework stands in a note of its own."""
        printer.text(repr(self))


@st.composite
def _inspections(draw: st.DrawFn, known: Asked | None) -> Inspection:
    asked = known or Asked(draw(frameworks()))
    return Inspection(asked.framework, draw(st.one_of(_evidence(asked, plain=False), _partial(asked))))


def inspections(framework: Framework | None = None) -> st.SearchStrategy[Inspection]:
    """Inspections: a framework, and valid evidence under it that may be complete or partly open.

    Args:
        framework: the framework; a made-up one for each inspection unless given.
    """
    return _inspections(None if framework is None else Asked(framework))
