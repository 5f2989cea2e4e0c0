"""Which inputs decided a value, and whose limit changed a rating."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from inspectlib.graph import RuleGraph
from inspectlib.kinds import PanelRating, Score, Tally
from inspectlib.reasons import deciding, deciding_published, limiting
from made import BEST, FAIR, GOOD, NONE_RATED, NOT_RATED, POOR, by_cases, framework

MARK: dict[str, Any] = {"rule": "given", "kind": "rating", "scale": "marks"}
FLAG: dict[str, Any] = {"rule": "given", "kind": "flag"}
NAMES = ["a", "b", "c"]
ROWS = [{"when": {"a": ["at least Good"]}, "then": "yes"}, {"when": {"a": ["below Good"]}, "then": "no"}]
GRAPH = framework(
    {
        **dict.fromkeys(NAMES, MARK),
        **dict.fromkeys(("late", "early"), FLAG),
        "low": {"rule": "lowest", "of": NAMES},
        "high": {"rule": "highest", "of": NAMES},
        "limited": {"rule": "limit", "of": "a", "to": "Fair", "when": "late"},
        "lifted": {"rule": "lift", "of": "a", "to": "Good", "when": "early"},
        "chair": {"rule": "panel", "scale": "marks", "ceiling": "a", "floor": "b"},
        "free": {"rule": "panel", "scale": "marks"},
        "good": {"rule": "count", "of": NAMES, "at_least": "Good"},
        "both": {"rule": "all", "of": ["late", "early"]},
        "either": {"rule": "any", "of": ["late", "early"]},
        "prompt": {"rule": "not", "of": "late"},
        "total": {"rule": "total", "of": NAMES},
        "mean": {"rule": "mean", "of": NAMES},
        "passes": {"rule": "table", "inputs": ["a", "b"], "kind": "flag", "rows": ROWS},
    }
).graph


def values(*ratings: Any, late: Any = True, early: Any = False) -> dict[str, Any]:
    """The values of the evidence: the ratings of a, b and c so far as they are settled, and the flags."""
    return {name: value for name, value in zip(NAMES, ratings, strict=False) if value is not None} | {
        name: flag for name, flag in (("late", late), ("early", early)) if flag is not None
    }


@pytest.mark.parametrize(
    ("name", "given", "value", "decided"),
    [
        # the lowest and the highest: those that have it, whatever else is open
        ("low", values(GOOD, FAIR, FAIR), FAIR, "b c"),
        ("low", values(POOR, None, GOOD), POOR, "a"),
        ("low", values(NOT_RATED, FAIR, GOOD), FAIR, "b"),
        ("high", values(GOOD, FAIR, GOOD), GOOD, "a c"),
        ("low", values(NOT_RATED, NOT_RATED, NOT_RATED), NOT_RATED, "a b c"),
        ("low", values(NOT_RATED, None, NOT_RATED), NOT_RATED, ""),
        # a limit: what it limits alone, unless it changes it
        ("limited", values(BEST), FAIR, "a late"),
        ("limited", values(FAIR), FAIR, "a"),
        ("limited", values(BEST, late=None), BEST, ""),
        ("limited", values(NOT_RATED), NOT_RATED, "a late"),
        ("lifted", values(POOR, early=True), GOOD, "a early"),
        ("lifted", values(BEST, early=True), BEST, "a"),
        # a count: those counted, or all when none is
        ("good", values(GOOD, FAIR, BEST), Fraction(2), "a c"),
        ("good", values(FAIR, NOT_RATED, POOR), Fraction(0), "a c"),
        ("good", values(FAIR, None, POOR), Fraction(0), ""),
        # all and any: those that are as the whole is, where one is enough, else all
        ("both", values(late=True, early=False), False, "early"),
        ("both", values(late=True, early=True), True, "early late"),
        ("either", values(late=True, early=False), True, "late"),
        ("either", values(late=False, early=False), False, "early late"),
        ("either", values(late=False, early=NOT_RATED), False, "late"),
        ("both", values(late=NOT_RATED, early=NOT_RATED), NOT_RATED, "early late"),
        # a sum: all that is rated
        ("total", values(GOOD, NOT_RATED, BEST), Score(Fraction(5), Fraction(6)), "a c"),
        ("mean", values(GOOD, FAIR, BEST), Fraction(2), "a b c"),
        ("total", values(NOT_RATED, NOT_RATED, NOT_RATED), NONE_RATED, "a b c"),
        ("total", values(GOOD, None, BEST), Score(Fraction(5), Fraction(6)), ""),
        # anything else: all its inputs
        ("prompt", values(), False, "late"),
        ("passes", values(GOOD, NOT_RATED), True, "a b"),
        ("a", values(GOOD), GOOD, ""),
    ],
)
def test_what_decided(name: str, given: dict[str, Any], value: Any, decided: str) -> None:
    """Each rule names the inputs without which its value would not be what it is; none while one of them is open."""
    assert deciding(GRAPH[name], value, given, None) == tuple(decided.split())


@pytest.mark.parametrize(
    ("name", "ratings", "said", "value", "limit"),
    [
        ("chair", (GOOD, POOR), PanelRating(BEST), GOOD, "a"),
        ("chair", (BEST, FAIR), PanelRating(POOR), FAIR, "b"),
        ("chair", (BEST, POOR), PanelRating(GOOD), GOOD, None),
        ("chair", (GOOD, POOR), PanelRating(BEST, has_reason=True), BEST, None),
        ("chair", (GOOD, None), PanelRating(BEST), GOOD, None),
        ("chair", (GOOD, POOR), None, NOT_RATED, None),
        ("free", (), PanelRating(BEST), BEST, None),
        ("limited", (BEST,), None, FAIR, "late"),
        ("limited", (FAIR,), None, FAIR, None),
        ("low", (BEST, GOOD, FAIR), None, FAIR, None),
    ],
)
def test_what_limited(
    name: str, ratings: tuple[Any, ...], said: PanelRating | None, value: Any, limit: str | None
) -> None:
    """The node that limited a rating is the bound that the panel crossed, or the condition of a limit."""
    given = values(*ratings) | {name: value}
    assert limiting(GRAPH[name], given, said) == limit
    if name != "low" and said:
        assert deciding(GRAPH[name], value, given, said) == (() if limit is None else (limit,))


def test_a_lift_is_named_too() -> None:
    """The condition of a lift that raised a rating is named."""
    assert limiting(GRAPH["lifted"], values(POOR, early=True) | {"lifted": GOOD}, None) == "early"


def published(graph: RuleGraph, name: str, given: dict[str, Any], said: dict[str, PanelRating]) -> tuple[str, ...]:
    """What decided a node, the steps inside key questions and standards passed over."""
    return deciding_published(graph, graph[name], given[name], given, said)


def test_steps_inside_a_standard_are_passed_over() -> None:
    """What decided a standard are its key questions, not the part between; a question names nothing below it."""
    graph = by_cases().graph
    given = {
        "1.1.1.answers": Tally(1, 2),
        "1.1.1.share": Fraction(1, 2),
        "1.1.1": FAIR,
        "1.1.2.answers": Tally(2, 3),
        "1.1.2.share": Fraction(2, 3),
        "1.1.2": GOOD,
        "1.1.lowest": FAIR,
        "1.1": FAIR,
    }
    assert published(graph, "1.1", given, {}) == ("1.1.1",)
    assert published(graph, "1.1.1", given, {}) == ()
    assert published(graph, "1.1", {**given, "1.1.2": FAIR}, {}) == ("1.1.1", "1.1.2")


def test_a_panel_is_asked_for_its_own_rating() -> None:
    """What the panel said of a node counts for that node."""
    given = values(GOOD, POOR) | {"chair": GOOD}
    assert published(GRAPH, "chair", given, {"chair": PanelRating(BEST)}) == ("a",)
    assert published(GRAPH, "chair", given, {"free": PanelRating(BEST)}) == ()


def test_each_is_named_once() -> None:
    """An input that decides by two ways is named once."""
    nodes: dict[str, Any] = {"a": MARK, "twice": {"rule": "table", "inputs": ["a"], "kind": "flag", "rows": ROWS}}
    graph = framework(nodes | {"all": {"rule": "all", "of": ["twice"]}}).graph
    assert published(graph, "all", {"a": GOOD, "twice": True, "all": True}, {}) == ("twice",)
