"""From evidence to values: settled in one pass, and where evidence is open, just what some completion of it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from inspectlib.evaluate import Completions, Interval, Result, evaluate, every_value, open_beneath, order, settle
from inspectlib.evidence import Count
from inspectlib.evidence_reader import evidence_from
from inspectlib.explore import explore
from inspectlib.graph import Framework, Node, RuleGraph
from inspectlib.intake import Intake, take_in
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Score, Tally
from inspectlib.rules import Given, PanelRule
from made import BEST, FAIR, GOOD, NOT_RATED, POOR, framework

MARK: dict[str, Any] = {"rule": "given", "kind": "rating", "scale": "marks"}
STAR: dict[str, Any] = {"rule": "given", "kind": "rating", "scale": "stars"}
FLAG: dict[str, Any] = {"rule": "given", "kind": "flag"}
ANSWERS: dict[str, Any] = {"rule": "given", "kind": "answers"}
#: Fair is best: neither better nor worse is.
MIDDLING = [{"when": {"a": ["Fair"]}, "then": "yes"}, {"when": {"a": ["Poor", "Good", "Best"]}, "then": "no"}]
#: Silence is better than a poor answer.
SILENCE = [
    {"when": {"banded": ["absent", "Fair"]}, "then": "Fair"},
    {"when": {"banded": ["Poor"]}, "then": "Poor"},
    {"when": {"banded": ["above Fair"]}, "then": "Best"},
]
#: Where nobody was asked, being late is all that counts.
TOLD = [
    {"when": {"asked": ["absent"], "late": ["yes"]}, "then": "Best"},
    {"when": {"asked": ["absent"], "late": ["no"]}, "then": "Poor"},
    {"when": {"asked": ["yes", "no"]}, "then": "Fair"},
]
#: A number that is all its kind can be were it a flag; and one that swings further.
POINT = [{"when": {"banded": ["at least Fair"]}, "then": "1"}, {"when": {"banded": ["below Fair"]}, "then": "0"}]
SWING = [{"when": {"late": ["yes"]}, "then": "-5"}, {"when": {"late": ["no"]}, "then": "5"}]
SOUTHERN = [{"when": {"site": ["south"]}, "then": "Good"}, {"when": {"site": ["north"]}, "then": "Fair"}]
NODES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("a", "b", "z"), MARK),
    **dict.fromkeys(("one", "two"), STAR),
    **dict.fromkeys(("late", "early"), FLAG),
    "site": {"rule": "given", "kind": "choice", "options": ["north", "south"]},
    "bonus": {"rule": "given", "kind": "number", "least": "-1", "most": "1", "step": "1"},
    "q": ANSWERS,
    "share": {"rule": "share", "of": "q"},
    "banded": {"rule": "band", "of": "share", "bands": "shares"},
    "low": {"rule": "lowest", "of": ["a", "b", "banded"]},
    "high": {"rule": "highest", "of": ["a", "b", "banded"]},
    "lowered": {"rule": "shift", "of": "banded", "by": "-1"},
    "low_of_lowered": {"rule": "lowest", "of": ["a", "lowered"]},
    "raised": {"rule": "shift", "of": "banded", "by": "1"},
    "high_of_raised": {"rule": "highest", "of": ["a", "raised"]},
    "moved": {"rule": "shift", "of": "a", "by": "bonus"},
    "total": {"rule": "total", "of": ["a", "b", "banded"]},
    "mean": {"rule": "mean", "of": ["a", "banded"]},
    "stars": {"rule": "total", "of": ["one", "two"]},
    "limited": {"rule": "limit", "of": "a", "to": "Fair", "when": "late"},
    "lifted": {"rule": "lift", "of": "b", "to": "Good", "when": "late"},
    "limited_more": {"rule": "limit", "of": "limited", "to": "Poor", "when": "late"},
    "either_way": {"rule": "lowest", "of": ["limited", "lifted"]},
    "prompt": {"rule": "not", "of": "late"},
    "both": {"rule": "all", "of": ["late", "early"]},
    "any": {"rule": "any", "of": ["prompt", "early"]},
    "good": {"rule": "count", "of": ["a", "b", "banded"], "at_least": "Good"},
    "weak": {"rule": "count", "of": ["a", "b"], "at_most": "Fair"},
    "rated": {"rule": "count", "of": ["a", "banded"], "at_least": "Poor"},
    "rated_too": {"rule": "count", "of": ["b", "banded"], "at_most": "Best"},
    "well": {"rule": "test", "of": "banded", "at_least": "Good"},
    "poorly": {"rule": "test", "of": "banded", "at_most": "Poor"},
    "all_well": {"rule": "all", "of": ["well", "late"]},
    "any_well": {"rule": "any", "of": ["well", "early"]},
    "all_poor": {"rule": "all", "of": ["poorly", "early"]},
    "kept": {"rule": "limit", "of": "a", "to": "Fair", "when": "poorly"},
    "points": {"rule": "mean", "of": ["banded"]},
    "least": {"rule": "lowest", "of": ["points", "mean"]},
    "most": {"rule": "highest", "of": ["points", "mean"]},
    "sum": {"rule": "total", "of": ["points", "mean"]},
    "silence": {"rule": "table", "inputs": ["banded"], "kind": "rating", "scale": "marks", "rows": SILENCE},
    "after": {"rule": "highest", "of": ["silence", "b"]},
    # what is best or worst here where some inputs are absent and others are not
    "above_lowered": {"rule": "highest", "of": ["low_of_lowered"]},
    "few": {"rule": "test", "of": "rated", "at_most": "1"},
    "few_and_late": {"rule": "all", "of": ["few", "late"]},
    "top": {"rule": "test", "of": "lowered", "at_least": "Best"},
    "all_top": {"rule": "all", "of": ["top", "late"]},
    "not_poor": {"rule": "test", "of": "raised", "at_least": "Fair"},
    "any_not_poor": {"rule": "any", "of": ["not_poor", "prompt"]},
    "twice_raised": {"rule": "shift", "of": "banded", "by": "2"},
    "high_or_limited": {"rule": "highest", "of": ["twice_raised", "limited"]},
    "limited_or_raised": {"rule": "highest", "of": ["limited", "twice_raised"]},
    "mean_or_limited": {"rule": "mean", "of": ["twice_raised", "limited"]},
    "mean_or_lifted": {"rule": "mean", "of": ["lowered", "lifted"]},
    "point": {"rule": "table", "inputs": ["banded"], "kind": "number", "rows": POINT},
    "swing": {"rule": "table", "inputs": ["late"], "kind": "number", "rows": SWING},
    "mean_or_swing": {"rule": "mean", "of": ["point", "swing"]},
    "a_star": {"rule": "band", "of": "share", "bands": "few"},
    "star_limited": {"rule": "limit", "of": "two", "to": "One", "when": "late"},
    "stars_or_limited": {"rule": "total", "of": ["a_star", "star_limited"]},
    "stars_rated": {"rule": "total", "of": ["a_star", "one"], "unrated": "not rated"},
    "by_stars": {"rule": "band", "of": "stars_rated", "bands": "few"},
    "marks_rated": {"rule": "total", "of": ["banded", "z"], "unrated": "not rated"},
    "asked": {"rule": "table", "inputs": ["banded"], "kind": "flag", "rows": [{"when": {}, "then": "yes"}]},
    "told": {"rule": "table", "inputs": ["asked", "late"], "kind": "rating", "scale": "marks", "rows": TOLD},
    "middling": {"rule": "table", "inputs": ["a"], "kind": "flag", "rows": MIDDLING},
    "capped": {"rule": "limit", "of": "b", "to": "Fair", "when": "middling"},
    "low_capped": {"rule": "limit", "of": "low", "to": "Poor", "when": "middling"},
    "southern": {"rule": "table", "inputs": ["site"], "kind": "rating", "scale": "marks", "rows": SOUTHERN},
    "chair": {"rule": "panel", "scale": "marks", "ceiling": "limited", "floor": "b"},
    "strict": {"rule": "panel", "scale": "marks", "ceiling": "low", "binding": "true"},
    "final": {"rule": "discretion", "of": "low"},
    "last": {"rule": "lowest", "of": ["final", "chair"]},
}


@pytest.fixture
def made() -> Framework:
    """The framework, made anew for each test, since its graph remembers what it has found."""
    return framework(NODES)


def settled(made: Framework, **evidence: Any) -> Intake:
    """Evidence brought to the nodes; what is not said of ratings, flags and the rest is said in the middle."""
    ratings = {"a": "Good", "b": "Fair", "z": "Good", "one": "Two", "two": "Two"} | evidence.pop("ratings", {})
    values = {"late": "no", "early": "no", "site": "north", "bonus": "0"} | evidence.pop("values", {})
    panel = {"chair": "Fair", "strict": "Fair"} | evidence.pop("panel", {})
    asked = evidence.pop("asked", {"yes": 7, "of": 10})
    return read(made, ratings=ratings, values=values, panel=panel, answers=asked, **evidence)


def read(made: Framework, *, answers: dict[str, int] | str | None = None, **evidence: Any) -> Intake:
    """Evidence brought to the nodes, without what is said to be None."""
    said = {
        section: {name: value for name, value in found.items() if value is not None}
        for section, found in evidence.items()
    }
    intake = take_in(made, evidence_from(said))
    if answers is None:
        return intake
    # The answers are those of no key question, so that no case or tally can give them.
    if answers == "not applicable":
        answers = {"yes": 0, "of": 0}
    assert isinstance(answers, dict)
    count = Count(answers["yes"], answers["of"], answers.get("open", 0))
    still_open = {name: known for name, known in intake.open.items() if name != "q"}
    if count.open:
        return Intake(intake.settled, {**still_open, "q": count}, intake.given, intake.departures, {}, intake.counts)
    whole = {**intake.settled, "q": Tally(count.yes, count.of)}
    return Intake(whole, still_open, intake.given, intake.departures, {}, intake.counts)


# --- complete evidence


def test_settling_in_one_pass(made: Framework) -> None:
    """Complete evidence gives every node a value, each from those of its inputs."""
    values, computed = settle(made.graph, settled(made, values={"late": "yes"}).settled, {})
    assert computed == {}
    assert set(values) == set(NODES)
    assert {
        name: values[name] for name in ("share", "banded", "low", "high", "limited", "lifted", "chair", "final")
    } == {
        "share": Fraction(7, 10),
        "banded": GOOD,
        "low": FAIR,
        "high": GOOD,
        "limited": FAIR,
        "lifted": GOOD,
        "chair": FAIR,
        "final": FAIR,
    }


def test_fixed_values_stand(made: Framework) -> None:
    """A fixed value stands and is passed on, whatever the rule computes, and that is kept beside."""
    evidence = settled(made).settled
    values, computed = settle(made.graph, evidence, {"low": BEST, "a": POOR})
    assert computed == {"low": POOR, "a": GOOD}
    assert (values["a"], values["low"], values["final"], values["limited"]) == (POOR, BEST, BEST, POOR)


def test_settling_only_some_nodes(made: Framework) -> None:
    """Only the nodes asked for are settled, and only their evidence is needed."""
    only = made.graph.sort(made.graph.below("high"))
    values, _ = settle(made.graph, {"a": POOR, "b": FAIR, "q": Tally(1, 1)}, {}, only=only)
    assert values == {"a": POOR, "b": FAIR, "q": Tally(1, 1), "share": Fraction(1), "banded": BEST, "high": BEST}


def test_settling_with_the_other_rounding(made: Framework) -> None:
    """With the other rounding a share is banded as a whole percentage, where the bands take it as it is."""
    evidence = {"q": Tally(129, 200)}
    only = ("q", "share", "banded")
    assert settle(made.graph, evidence, {}, only=only)[0]["banded"] == FAIR
    assert settle(made.graph, evidence, {}, only=only, other_rounding=True)[0]["banded"] == GOOD
    assert settle(made.graph, evidence, {}, only=only, other_rounding=True)[0]["share"] == Fraction(129, 200)


def test_numbers_and_scores_are_not_rounded_the_other_way() -> None:
    """The other rounding is of shares alone: a number or a score stays as it is."""
    nodes: dict[str, dict[str, Any]] = {
        "n": {"rule": "given", "kind": "number", "least": "0", "most": "1"},
        "by_number": {"rule": "band", "of": "n", "bands": "shares"},
    }
    graph = framework(nodes).graph
    evidence = {"n": Fraction(645, 1000)}
    assert settle(graph, evidence, {}, other_rounding=True)[0]["by_number"] == FAIR


def test_complete_evidence_is_no_interval(made: Framework) -> None:
    """With nothing open every node has the value that it computes, but for those stated or departed from."""
    intake = settled(made, ratings={"low": "Fair"}, departures={"final": {"rating": "Good", "reason": "improving"}})
    results = evaluate(made.graph, intake)
    assert results["low"] == Result(FAIR, FAIR)
    assert results["final"] == Result(GOOD, FAIR)
    assert results["last"] == Result(FAIR, FAIR)
    assert set(results) == set(NODES)
    near = settled(made, asked={"yes": 129, "of": 200})
    assert evaluate(made.graph, near)["banded"] == Result(FAIR, FAIR)
    assert evaluate(made.graph, near, other_rounding=True)["banded"] == Result(GOOD, GOOD)


def test_one_node_after_another_on_complete_evidence(made: Framework, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for one node after another, complete evidence is brought to each node once, and only to those beneath."""
    asked: list[str] = []
    looked_at: list[str] = []
    rule_of, absorbs = Node.value, Completions._absorbs

    def spy(node: Node, inputs: Sequence[Given], *, other_rounding: bool = False) -> Given:
        asked.append(node.name)
        return rule_of(node, inputs, other_rounding=other_rounding)

    def spy_too(completions: Completions, node: Node) -> bool:
        looked_at.append(node.name)
        return absorbs(completions, node)

    monkeypatch.setattr(Node, "value", spy)
    monkeypatch.setattr(Completions, "_absorbs", spy_too)
    completions = Completions(made.graph, settled(made, ratings={"low": "Fair", "z": "not rated"}))
    assert completions.result("low") == Result(FAIR, FAIR)
    assert completions.result("final") == Result(FAIR, FAIR)
    assert completions.result("high") == Result(GOOD, GOOD)
    absent = completions.result("marks_rated").value
    assert absent == Absent(Absence.NOT_RATED, "a part of it is not rated: so stated in the evidence")
    once = sorted(["a", "b", "q", "share", "banded", "low", "final", "high", "z", "marks_rated"])
    assert (sorted(asked), sorted(looked_at)) == (once, once)
    assert completions.result("limited") == Result(GOOD, GOOD)
    asked.clear()
    assert Completions(made.graph, completions.intake).result("final") == Result(FAIR, FAIR)
    assert "low" not in asked  # it is stated


def test_an_input_that_another_input_rests_on() -> None:
    """What is needed twice on the way to a node is there the second time."""
    table = {"rule": "table", "inputs": ["same", "a"], "kind": "flag", "rows": [{"when": {}, "then": "yes"}]}
    made = framework({"a": MARK, "same": {"rule": "discretion", "of": "a"}, "settled": table})
    assert Completions(made.graph, read(made, ratings={"a": "Good"})).result("settled") == Result(
        value=True, computed=True
    )


# --- open evidence, against every completion one by one


def ways(node: Node, count: Count | None) -> list[Given]:
    """Every way in which open evidence can be completed."""
    if node.type.kind is Kind.ANSWERS:
        assert count is not None
        more = range(count.open + 1)
        return [Tally(count.yes + yes, count.of + of) for of in more for yes in range(of + 1)]
    if isinstance(node.rule, PanelRule):
        return [PanelRating(position, has_reason=why) for position in range(4) for why in (False, True)]
    if node.type.kind is Kind.RATING and node.binding.scale:
        return list(range(len(node.binding.scale.ratings)))
    if node.type.kind is Kind.CHOICE:
        return list(node.type.options)
    return [False, True] if node.type.kind is Kind.FLAG else [Fraction(n) for n in (-1, 0, 1)]


def completed(made: Framework, intake: Intake, *, other_rounding: bool) -> Iterator[dict[str, tuple[Given, Given]]]:
    """What every node has, and what its rule computes, for every completion."""
    fixed = {**intake.given, **{name: rating for name, (rating, _) in intake.departures.items()}}
    options = {leaf: ways(made.graph[leaf], count) for leaf, count in intake.open.items()}
    for chosen in product(*options.values()):
        evidence = {**intake.settled, **dict(zip(options, chosen, strict=True))}
        values, computed = settle(made.graph, evidence, fixed, other_rounding=other_rounding)
        yield {name: (value, computed.get(name, value)) for name, value in values.items()}


def worse(value: Any) -> Any:
    """What values are compared by: shares by what they are of, scores by points and then by the most there could be."""
    if isinstance(value, Tally):
        return (Fraction(value.yes, value.of) if value.of else Fraction(-1)), value.yes
    return (value.points, -value.max) if isinstance(value, Score) else value


def spanned(values: list[Any]) -> Any:
    """What is to be expected of values that are all possible: the one there is, or the worst and best; ``absent``."""
    there = [value for value in values if not isinstance(value, Absent)]
    absent = len(there) < len(values)
    if not there:
        return "absent"
    worst, best = min(there, key=worse), max(there, key=worse)
    return worst if worst == best and not absent else Interval(worst, best, absent)


def seen(value: Any) -> Any:
    """What was found, without the reason of an absence."""
    return "absent" if isinstance(value, Absent) else value


OPEN: dict[str, dict[str, Any]] = {
    "a rating": {"ratings": {"a": None}},
    "both ratings": {"ratings": {"a": None, "b": None}},
    "a rating beside one that is not rated": {"ratings": {"a": None, "b": "not rated"}},
    "a flag that limits and lifts": {"values": {"late": None}},
    "a flag and the ratings it limits and lifts": {"ratings": {"a": None, "b": None}, "values": {"late": None}},
    "flags": {"values": {"late": None, "early": None}},
    "a choice": {"values": {"site": None}},
    "a number": {"values": {"bonus": None}, "ratings": {"a": None}},
    "stars, of which the worst scores": {"ratings": {"one": None}},
    "stars beside some not rated": {"ratings": {"one": None, "two": "not rated"}},
    "answers": {"asked": {"yes": 1, "of": 2, "open": 2}},
    "answers that cannot be none": {"asked": {"yes": 1, "of": 1, "open": 1}, "values": {"late": None}},
    "answers that are good at best": {"asked": {"yes": 3, "of": 5, "open": 1}, "values": {"early": None}},
    "answers of which there may be none": {"asked": {"yes": 0, "of": 0, "open": 2}},
    "answers, of which there may be none, and a rating": {
        "asked": {"yes": 0, "of": 0, "open": 2},
        "ratings": {"a": None},
    },
    "answers of which there may be none, beside nothing rated": {
        "asked": {"yes": 0, "of": 0, "open": 1},
        "ratings": {"a": "not rated", "b": "not rated"},
    },
    "answers of which there may be none, and flags": {
        "asked": {"yes": 0, "of": 0, "open": 1},
        "values": {"late": None, "early": None},
    },
    "answers of which there may be none, beneath a stated mean": {
        "asked": {"yes": 0, "of": 0, "open": 1},
        "values": {"mean": "2"},
    },
    "the panel": {"panel": {"chair": None, "strict": None}},
    "the panel and its guide": {"panel": {"chair": None}, "ratings": {"a": None, "b": None}},
    "the guide alone": {"ratings": {"a": None}, "values": {"late": None}, "panel": {"chair": "Best"}},
    "beneath a stated rating": {"ratings": {"a": None, "b": None, "low": "Fair"}},
    "beneath a departure": {
        "ratings": {"a": None},
        "departures": {"final": {"rating": "Good", "reason": "improving"}},
    },
    "beneath a stated absence": {"ratings": {"a": None, "low": "not rated"}},
    "near an edge": {"asked": {"yes": 129, "of": 199, "open": 1}, "ratings": {"a": None}},
}


@pytest.mark.parametrize("other_rounding", [False, True])
@pytest.mark.parametrize("name", OPEN)
def test_the_interval_is_what_the_completions_give(made: Framework, name: str, other_rounding: bool) -> None:
    """For every node the ends are the worst and best that some completion gives, and absent what some leave so."""
    intake = settled(made, **{section: dict(said) for section, said in OPEN[name].items()})
    assert intake.open
    results = evaluate(made.graph, intake, other_rounding=other_rounding)
    every = list(completed(made, intake, other_rounding=other_rounding))
    fixed = {*intake.given, *intake.departures}
    for node in NODES:
        expected = spanned([computed[node][1] for computed in every])
        assert (node, seen(results[node].computed)) == (node, expected)
        stands = spanned([computed[node][0] for computed in every])
        assert (node, seen(results[node].value)) == (node, stands)
        if node in fixed:
            assert not isinstance(results[node].value, Interval)


#: Where some answers may turn out to be none: all that goes on without them as with none of the answers there can be.
MIXED = (
    "low_of_lowered above_lowered high_of_raised high_or_limited limited_or_raised mean_or_limited mean_or_lifted "
    "mean_or_swing rated rated_too few few_and_late all_top any_not_poor least most sum stars_or_limited stars_rated "
    "by_stars silence after told"
)


@pytest.mark.parametrize(
    ("name", "explored"),
    [
        ("a rating", "middling capped low_capped"),
        ("a choice", "southern"),
        ("the panel", ""),
        ("stars, of which the worst scores", ""),
        ("answers", "silence after"),
        ("answers of which there may be none", MIXED),
        ("answers of which there may be none, and flags", f"{MIXED} either_way"),
    ],
)
def test_two_ends_are_enough_where_more_evidence_cannot_harm(
    made: Framework, monkeypatch: pytest.MonkeyPatch, name: str, explored: str
) -> None:
    """Completions are followed together only for nodes that the same evidence helps and harms, or that absence does."""
    asked: list[str] = []

    def spy(graph: RuleGraph, targets: Sequence[str], *choices: Any, **more: Any) -> Any:
        asked.extend(targets)
        return explore(graph, targets, *choices, **more)

    monkeypatch.setattr("inspectlib.evaluate.explore", spy)
    evaluate(made.graph, settled(made, **{section: dict(said) for section, said in OPEN[name].items()}))
    assert sorted(asked) == sorted(explored.split())


def ends_of(found: Any) -> tuple[Any, Any, bool]:
    """The worst and the best of what was found, and whether it can be absent; absent alone has no ends."""
    if isinstance(found, Interval):
        return worse(found.worst), worse(found.best), found.absent
    return (None, None, True) if seen(found) == "absent" else (worse(found), worse(found), False)


@pytest.mark.parametrize("name", OPEN)
def test_where_there_is_too_much_to_follow_no_completion_is_left_out(
    made: Framework, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What cannot be followed together is held to become as much as it can, or more, and never less."""
    monkeypatch.setattr("inspectlib.explore.MAX_STATES", 0)
    intake = settled(made, **{section: dict(said) for section, said in OPEN[name].items()})
    results, every = evaluate(made.graph, intake), list(completed(made, intake, other_rounding=False))
    for node in NODES:
        worst, best, absent = ends_of(spanned([computed[node][1] for computed in every]))
        least, most, may_be_absent = ends_of(results[node].computed)
        assert may_be_absent or not absent, node
        if worst is not None and not isinstance(worst, str):
            assert least <= worst, node
            assert most >= best, node


def test_a_sum_that_is_too_much_to_follow_says_whether_it_can_be_absent(
    made: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only the range of a number is known, it can be absent if it is when nothing applies."""
    monkeypatch.setattr("inspectlib.explore.MAX_STATES", 0)
    asked = {"yes": 0, "of": 0, "open": 1}
    low, high = made.graph["sum"].range
    for rating, absent in (("not rated", True), ("Good", False)):
        found = evaluate(made.graph, settled(made, asked=asked, ratings={"a": rating}))
        assert found["sum"].value == Interval(low, high, absent), rating


def test_reasons_of_absences_are_joined(made: Framework) -> None:
    """What is absent in every completion says why, for whichever reasons there can be."""
    intake = settled(
        made,
        ratings={"a": {"rating": "not rated", "reason": "shut"}, "b": {"rating": "not rated", "reason": "shut"}},
        asked={"yes": 0, "of": 0, "open": 1},
        values={"late": None},
    )
    results = evaluate(made.graph, intake)
    assert results["limited"].value == Absent(NOT_RATED.state, "shut")
    assert isinstance(results["low"].value, Interval)
    assert results["low"].value.absent


def test_reasons_that_there_can_be(made: Framework) -> None:
    """What is absent for one reason or another gives them in the order of the alphabet; explored, at least one."""
    shut = {"rating": "not rated", "reason": "shut"}
    intake = settled(made, ratings={"one": shut, "z": shut}, asked={"yes": 0, "of": 0, "open": 1})
    results = evaluate(made.graph, intake)
    reasons = [f"a part of it is not rated: {why}" for why in ("no case to which it applies", "shut")]
    assert results["marks_rated"].value == Absent(Absence.NOT_RATED, " or ".join(reasons))
    assert results["stars_rated"].value in [Absent(Absence.NOT_RATED, reason) for reason in reasons]


def test_a_stated_absence_keeps_its_reason_beside_the_computed_one(made: Framework) -> None:
    """Where a stated node is computed to be absent whatever comes, the reason computed is not the one stated."""
    shut, said = ({"rating": "not rated", "reason": reason} for reason in ("shut", "said so"))
    intake = settled(made, ratings={"one": shut, "by_stars": said}, asked={"yes": 0, "of": 0, "open": 1})
    found = evaluate(made.graph, intake)["by_stars"]
    assert isinstance(found.value, Absent) and isinstance(found.computed, Absent)
    assert found.value.reason == "said so"
    assert found.computed.reason.startswith("a part of it is not rated: ")


def test_every_value_in_an_interval(made: Framework) -> None:
    """Ratings, flags and choices are counted out, absence last; of numbers there is no end."""
    silent = Absent(Absence.NOT_RATED, "an input may turn out absent")
    assert every_value(made.graph["a"], Interval(FAIR, BEST)) == [FAIR, GOOD, BEST]
    assert every_value(made.graph["a"], Interval(POOR, FAIR, absent=True)) == [POOR, FAIR, silent]
    flags = every_value(made.graph["late"], Interval(worst=False, best=True))
    assert [(value, type(value)) for value in flags] == [(False, bool), (True, bool)]
    assert every_value(made.graph["site"], Interval("north", "south")) == ["north", "south"]
    assert every_value(made.graph["bonus"], Interval(Fraction(-1), Fraction(1), absent=True)) == []
    assert every_value(made.graph["bonus"], Fraction(1)) == [Fraction(1)]


def test_values_from_worst_to_best() -> None:
    """Answers are ordered by their share, and no answers before all; scores by points, fewer possible being better."""
    tallies = [Tally(0, 0), Tally(0, 1), Tally(1, 3), Tally(1, 2), Tally(2, 4), Tally(3, 4), Tally(1, 1)]
    assert sorted([*tallies[3:], *tallies[:3]], key=order) == tallies
    scores = [Score(Fraction(2), Fraction(6)), Score(Fraction(3), Fraction(9)), Score(Fraction(3), Fraction(6))]
    assert sorted([*scores[1:], scores[0]], key=order) == scores
    assert sorted([BEST, POOR, GOOD], key=order) == [POOR, GOOD, BEST]


def test_a_node_bands_with_the_rounding_asked_for(made: Framework) -> None:
    """A node rounds as its bands say, unless it is asked for the other rounding."""
    near = Fraction(645, 1000)
    assert made.graph["banded"].value([near]) == FAIR
    assert made.graph["banded"].value([near], other_rounding=True) == GOOD


# --- where the completions have no end, each input by itself

BY_TWISTED = [
    {"when": {"twisted": ["at least Good"]}, "then": "south"},
    {"when": {"twisted": ["below Good"]}, "then": "north"},
]
LOSS = [{"when": {"n": ["at least 5"]}, "then": "-3"}, {"when": {"n": ["below 5"]}, "then": "9"}]
#: A number that is added to and counted on cannot be tried one by one, and here it helps and harms.
ENDLESS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("a", "b"), MARK),
    "n": {"rule": "given", "kind": "number", "least": "0", "most": "10"},
    "q": ANSWERS,
    "share": {"rule": "share", "of": "q"},
    "banded": {"rule": "band", "of": "share", "bands": "shares"},
    "more": {"rule": "shift", "of": "a", "by": "n"},
    "far": {"rule": "test", "of": "n", "above": "5"},
    "less": {"rule": "limit", "of": "b", "to": "Fair", "when": "far"},
    "twisted": {"rule": "lowest", "of": ["more", "less"]},
    "loss": {"rule": "table", "inputs": ["n"], "kind": "number", "rows": LOSS},
    "net": {"rule": "total", "of": ["n", "loss"]},
    "fine": {"rule": "test", "of": "twisted", "at_least": "Good"},
    "any": {"rule": "any", "of": ["far", "fine"]},
    "site": {
        "rule": "table",
        "inputs": ["twisted"],
        "kind": "choice",
        "options": ["north", "south"],
        "rows": BY_TWISTED,
    },
    "southern": {"rule": "table", "inputs": ["site"], "kind": "rating", "scale": "marks", "rows": SOUTHERN},
    "mixed": {"rule": "lowest", "of": ["banded", "twisted"]},
    "capped": {"rule": "limit", "of": "banded", "to": "Fair", "when": "fine"},
    "chair": {"rule": "panel", "scale": "marks", "ceiling": "twisted"},
    "fixed": {"rule": "discretion", "of": "twisted"},
    "no_better": {"rule": "lowest", "of": ["b", "twisted"]},
    "b_good": {"rule": "test", "of": "b", "at_least": "Good"},
    "humbled": {"rule": "limit", "of": "no_better", "to": "Fair", "when": "b_good"},
    "least": {"rule": "lowest", "of": ["b", "more"]},
    "humbled_least": {"rule": "limit", "of": "least", "to": "Fair", "when": "b_good"},
    **dict.fromkeys(("r1", "r2", "r3", "r4", "r5", "r6"), MARK),
    "of_six": {"rule": "lowest", "of": ["twisted", "r1", "r2", "r3", "r4", "r5"]},
    "of_seven": {"rule": "lowest", "of": ["twisted", "r1", "r2", "r3", "r4", "r5", "r6"]},
    "flat": {"rule": "shift", "of": "twisted", "by": "9"},
    "above_flat": {"rule": "lowest", "of": ["flat"]},
}


def endless(**evidence: Any) -> dict[str, Result]:
    """What every node has while the number is open; a is Good and b Best, and no case is known."""
    ratings = {"a": "Good", "b": "Best"} | evidence.pop("ratings", {})
    made = framework(ENDLESS)
    return evaluate(made.graph, read(made, ratings=ratings, **evidence))


def test_where_completions_have_no_end_inputs_are_taken_by_themselves() -> None:
    """A node is then held to become whatever its inputs can, each by itself, absent among them."""
    found = {name: result.value for name, result in endless(answers={"yes": 0, "of": 0, "open": 2}).items()}
    assert {name: found[name] for name in ("more", "far", "less")} == {
        "more": Interval(GOOD, BEST),
        "far": Interval(worst=False, best=True),
        "less": Interval(FAIR, BEST),
    }
    assert {name: found[name] for name in ("twisted", "fine", "any", "site", "southern", "mixed", "capped")} == {
        "twisted": Interval(FAIR, BEST),
        "fine": Interval(worst=False, best=True),
        "any": Interval(worst=False, best=True),
        "site": Interval("north", "south"),
        "southern": Interval(FAIR, GOOD),
        "mixed": Interval(POOR, BEST),
        "capped": Interval(POOR, BEST, absent=True),
    }


def test_where_inputs_have_no_end_either_the_range_is_all_there_is() -> None:
    """A sum of numbers that are open is held to be anything in its range, and maybe absent."""
    found = endless()
    assert found["n"].value == Interval(Fraction(0), Fraction(10))
    assert found["loss"].value == Interval(Fraction(-3), Fraction(9))
    assert framework(ENDLESS).graph["net"].range == (Fraction(-3), Fraction(19))
    assert found["net"].value == Interval(Fraction(-3), Fraction(19), absent=True)


def test_what_comes_out_the_same_is_settled() -> None:
    """Where all that the inputs can become gives one value, that is the value, and so above it."""
    found = endless()
    assert (found["flat"].value, found["above_flat"].value) == (BEST, BEST)


def test_a_panel_over_what_has_no_end() -> None:
    """What the panel said is held against all that its guide can become; a silent panel can say anything."""
    assert endless(panel={"chair": "Best"})["chair"].value == Interval(FAIR, BEST)
    assert endless(panel={"chair": "Poor"})["chair"].value == POOR
    assert endless()["chair"].value == Interval(POOR, BEST, absent=True)


def test_a_stated_value_over_what_has_no_end() -> None:
    """A stated value stands, beside what could have been computed, and is passed on."""
    found = endless(ratings={"twisted": "Good"})
    assert found["twisted"] == Result(GOOD, Interval(FAIR, BEST))
    assert (found["fine"].value, found["site"].value, found["fixed"].value) == (True, "south", GOOD)


def test_what_is_open_beneath_a_stated_value_is_not_followed_beyond_it() -> None:
    """A stated value passes nothing on, so what has no end beneath it leaves what rests on both to be found exactly."""
    assert endless(ratings={"b": None})["humbled"].value == Interval(POOR, BEST)
    # a good b is humbled and any other is no better than Fair
    assert endless(ratings={"b": None, "twisted": "Best"})["humbled"].value == Interval(POOR, FAIR)


def test_what_has_no_end_but_can_only_help_is_followed_from_end_to_end() -> None:
    """A number of which more can only help has two ends that matter, whatever else helps and harms."""
    assert endless(ratings={"b": None})["humbled_least"].value == Interval(POOR, FAIR)


def test_so_many_combinations_of_inputs_are_tried() -> None:
    """Six inputs of four ratings are 4,096 combinations, tried one by one; of seven only the range is known."""
    found = endless(ratings={"a": "Poor"})
    assert found["twisted"].value == Interval(POOR, BEST)
    assert found["of_six"].value == Interval(POOR, BEST)
    assert found["of_seven"].value == Interval(POOR, BEST, absent=True)


# --- what of the open evidence matters


@pytest.mark.parametrize(
    ("name", "stated", "beneath"),
    [
        ("last", {}, "a b q"),
        ("low", {}, "a b q"),
        ("banded", {}, "q"),
        ("a", {}, "a"),
        ("prompt", {}, ""),
        ("last", {"low": "Fair"}, "a b"),
        ("low", {"low": "Fair"}, ""),
    ],
)
def test_the_open_evidence_that_a_node_rests_on(
    made: Framework, name: str, stated: dict[str, str], beneath: str
) -> None:
    """Beneath a node lies all open evidence that can reach it; what is stated passes nothing on."""
    intake = settled(made, ratings={"a": None, "b": None, **stated}, asked={"yes": 0, "of": 0, "open": 1})
    assert open_beneath(made.graph, intake, name) == tuple(beneath.split())
