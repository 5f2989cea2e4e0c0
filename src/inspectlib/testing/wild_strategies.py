"""Strategies for evidence with something wrong or odd in it."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st

from inspectlib.graph import Framework
from inspectlib.testing.asked import Asked, Plain
from inspectlib.testing.evidence_strategies import evidence, partial_evidence

__all__ = ["wild_evidence"]


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
def _wild(draw: st.DrawFn, asked: Asked, valid: st.SearchStrategy[Plain]) -> Plain:
    found = draw(valid)
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        found = draw(_spoilt(asked, found))
    return found


def wild_evidence(framework: Framework) -> st.SearchStrategy[Plain]:
    """Evidence that is mostly valid but has something odd in it: a fault, an unknown name, a text that reads oddly.

    Rating it either works or raises an `InspectError`. Anything else is a fault of the library.
    """
    return _wild(Asked(framework), st.one_of(partial_evidence(framework), evidence(framework)))
