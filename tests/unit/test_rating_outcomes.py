"""From evidence to outcomes: what each node has, what disagrees with what was computed, and who may depart from it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest

from inspectlib.errors import DepartureRefused, Disagreement, InspectError, Where
from inspectlib.evidence import Count, Evidence, Statement
from inspectlib.evidence_reader import evidence_from
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Kind, PanelRating, Score
from inspectlib.outcome import Departure, Outcome, State
from inspectlib.rating import _other_rounding, outcomes, rate_evidence, value_on
from made import FAIR, GROUND, by_cases, framework

MARK: dict[str, Any] = {"rule": "given", "kind": "rating", "scale": "marks"}
NAMES = ["a", "b", "c"]
NODES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(NAMES, MARK),
    "late": {"rule": "given", "kind": "flag"},
    "size": {"rule": "given", "kind": "number", "least": "0", "most": "10"},
    "site": {"rule": "given", "kind": "choice", "options": ["north", "south"]},
    "far": {"rule": "test", "of": "size", "above": "5"},
    "low": {"rule": "lowest", "of": NAMES, "title": "The lowest"},
    "total": {"rule": "total", "of": NAMES},
    "mean": {"rule": "mean", "of": NAMES},
    "limited": {"rule": "limit", "of": "a", "to": "Fair", "when": "late"},
    "chair": {"rule": "panel", "scale": "marks", "ceiling": "low"},
    "strict": {"rule": "panel", "scale": "marks", "ceiling": "low", "binding": "true"},
    "final": {"rule": "discretion", "of": "low"},
}
MADE = framework(NODES)
CASES = by_cases()


def read(evidence: dict[str, Any]) -> Evidence:
    """Evidence that knows where each of its entries stands."""
    found = evidence_from(evidence)
    return attrs.evolve(found, locate=lambda path: Where("/".join(map(str, path))))


def rated(made: Framework = MADE, **evidence: Any) -> dict[str, Outcome]:
    """What every node has."""
    return dict(outcomes(rate_evidence(made, read(evidence))))


def refused(made: Framework = MADE, **evidence: Any) -> list[tuple[type, str, str]]:
    """The faults that evidence is refused with: class, place and message."""
    with pytest.raises(InspectError) as caught:
        rate_evidence(made, read(evidence))
    for fault in caught.value.faults:
        assert fault.where == Where("/".join(map(str, fault.path)))
    return [(type(fault), "/".join(map(str, fault.path)), fault.message) for fault in caught.value.faults]


def marks(a: str, b: str, c: str) -> dict[str, str]:
    """The ratings of the three inputs."""
    return {"a": a, "b": b, "c": c}


def outcome(node: str, role: Role = Role.OTHER, title: str = "", **more: Any) -> Outcome:
    """What a node has; a settled rating unless more is said."""
    return Outcome(
        **{"node": node, "title": title or node, "kind": Kind.RATING, "role": role, "state": State.SETTLED, **more}
    )


# --- outcomes


def test_a_computed_rating() -> None:
    """A computed rating says what computed it and the inputs that decided."""
    found = rated(ratings=marks("Good", "Fair", "Best"))
    assert found["low"] == outcome("low", title="The lowest", rating="Fair", computed="Fair", decided_by=("b",))
    assert found["a"] == outcome("a", rating="Good", computed="Good")


def test_values_of_other_kinds() -> None:
    """A total, a mean, a flag, a number and a choice are shown as what they are, with no rating."""
    found = rated(ratings=marks("Good", "Fair", "not rated"), values={"late": "yes", "size": "3/2", "site": "south"})
    assert found["total"] == outcome("total", kind=Kind.SCORE, value=Score(Fraction(3), Fraction(6)))
    assert found["mean"] == outcome("mean", kind=Kind.NUMBER, value=Fraction(3, 2))
    assert found["late"] == outcome("late", kind=Kind.FLAG, value=True)
    assert found["far"] == outcome("far", kind=Kind.FLAG, value=False)
    assert found["size"] == outcome("size", kind=Kind.NUMBER, value=Fraction(3, 2))
    assert found["site"] == outcome("site", kind=Kind.CHOICE, value="south")


def test_absences() -> None:
    """What is not rated or not applicable says so with its reason."""
    never = {"rating": "not applicable", "reason": "nobody there"}
    found = rated(ratings={"a": {"rating": "not rated", "reason": "shut"}, "b": never, "c": "Good"})
    assert found["a"] == outcome("a", state=State.NOT_RATED, reason="shut")
    assert found["b"] == outcome("b", state=State.NOT_APPLICABLE, reason="nobody there")
    assert found["low"] == outcome("low", title="The lowest", rating="Good", computed="Good", decided_by=("c",))


def test_what_is_open() -> None:
    """What is open says what is still possible, and whether it can have no value in the end."""
    found = rated(ratings={"a": "Good"})
    ends = ("Poor", "Good")
    assert found["low"] == outcome("low", title="The lowest", state=State.OPEN, between=ends)
    assert found["far"] == outcome("far", kind=Kind.FLAG, state=State.OPEN, between=(False, True))
    assert found["total"] == outcome(
        "total",
        kind=Kind.SCORE,
        state=State.OPEN,
        between=(Score(Fraction(2), Fraction(9)), Score(Fraction(8), Fraction(9))),
    )
    asked = rated(CASES, tallies={"1.1.1": "not applicable"})
    assert asked["1.1"] == outcome(
        "1.1", Role.STANDARD, "1.1 Planning", state=State.OPEN, between=("Poor", "Best"), may_be_absent=True
    )


def test_a_limit_that_changed_a_rating_is_named() -> None:
    """A rating that a limit lowered names its condition; one that it left alone does not."""
    late = {"late": "yes"}
    assert rated(ratings={"a": "Best"}, values=late)["limited"] == outcome(
        "limited", rating="Fair", computed="Fair", limited_by="late", decided_by=("a", "late")
    )
    assert rated(ratings={"a": "Poor"}, values=late)["limited"] == outcome(
        "limited", rating="Poor", computed="Poor", decided_by=("a",)
    )


def test_a_stated_rating_is_decided_by_nothing() -> None:
    """A rating that is stated outright names neither a limit nor inputs, though they agree with it."""
    found = rated(ratings={"a": "Best", "limited": "Fair"}, values={"late": "yes"})
    assert found["limited"] == outcome("limited", rating="Fair", computed="Fair")


def test_a_stated_rating_over_open_evidence() -> None:
    """A rating stated over evidence that is still open stands, and nothing is said to have computed it."""
    assert rated(ratings={"a": "Good", "low": "Fair"})["low"] == outcome("low", title="The lowest", rating="Fair")


def test_what_the_panel_said() -> None:
    """A panel rating says what the panel said, what its guide makes of it, and who limited it."""
    ratings = marks("Fair", "Good", "Best")
    found = rated(ratings=ratings, panel={"chair": "Good", "strict": {"rating": "Best", "reason": "well led"}})
    assert found["chair"] == outcome(
        "chair", rating="Fair", computed="Fair", panel="Good", limited_by="low", decided_by=("low",)
    )
    assert found["strict"] == outcome(
        "strict", rating="Fair", computed="Fair", panel="Best", limited_by="low", decided_by=("low",)
    )
    assert rated(ratings=ratings, panel={"chair": "Poor"})["chair"] == outcome(
        "chair", rating="Poor", computed="Poor", panel="Poor"
    )


def test_a_panel_that_departs_from_its_guide() -> None:
    """With a reason the panel's rating stands beyond its guide, as a departure from what the guide gives."""
    found = rated(ratings=marks("Fair", "Good", "Best"), panel={"chair": {"rating": "Best", "reason": "well led"}})
    assert found["chair"] == outcome(
        "chair", rating="Best", computed="Fair", panel="Best", departure=Departure("Best", "well led")
    )


def test_a_panel_whose_guide_is_open() -> None:
    """What the panel said settles its rating only where the open guide can no longer change it."""
    assert rated(panel={"chair": "Poor"})["chair"] == outcome(
        "chair", rating="Poor", computed="Poor", panel="Poor", settled_early=True
    )
    whole = rated(ratings=marks("Good", "Good", "Good"), panel={"chair": "Poor"})
    assert not whole["chair"].settled_early
    assert rated(panel={"chair": "Good"})["chair"] == outcome("chair", state=State.OPEN, between=("Poor", "Good"))


def test_a_panel_that_has_not_rated() -> None:
    """Without a panel rating there is nothing that the panel said."""
    found = rated(
        ratings=marks("Fair", "Good", "Best"), panel={"chair": {"rating": "not rated", "reason": "no quorum"}}
    )
    assert found["chair"] == outcome("chair", state=State.NOT_RATED, reason="no quorum")
    assert found["strict"] == outcome("strict", state=State.OPEN, between=("Poor", "Fair"))


def test_a_departure() -> None:
    """A departure says to what, why and on what grounds, beside what was computed."""
    depart = {"final": {"rating": "Good", "reason": "improving"}}
    found = rated(ratings=marks("Fair", "Good", "Best"), departures=depart)
    assert found["final"] == outcome(
        "final", rating="Good", computed="Fair", departure=Departure("Good", "improving"), decided_by=("low",)
    )
    graded = rated(
        by_cases(sample_at_most="4"),
        tallies={"1.1.1": {"yes": 2, "of": 4}, "1.1.2": {"yes": 9, "of": 10}},
        departures={"1.1": {"rating": "Good", "reason": "improving"}},
    )
    assert graded["1.1"] == outcome(
        "1.1",
        Role.STANDARD,
        "1.1 Planning",
        rating="Good",
        computed="Fair",
        departure=Departure("Good", "improving", ("1.1.1 comes from 4 cases",)),
        decided_by=("1.1.1",),
    )


def test_key_questions_show_their_answers() -> None:
    """A key question has its count and share, nothing computed it but they, and it names no inputs."""
    found = rated(CASES, tallies={"1.1.1": {"yes": 7, "of": 10}, "1.1.2": {"yes": 1, "of": 2, "open": 1}})
    assert found["1.1.1"] == outcome(
        "1.1.1", Role.QUESTION, "1.1.1 Enough", rating="Good", count=Count(7, 10), share=Fraction(7, 10)
    )
    assert found["1.1.2"] == outcome(
        "1.1.2",
        Role.QUESTION,
        "1.1.2 Enough",
        state=State.OPEN,
        between=("Poor", "Good"),
        count=Count(1, 2, 1),
    )
    assert list(found) == ["1.1", "1.1.1", "1.1.2"]


def test_a_number_within_a_key_question_is_not_its_share() -> None:
    """The share of a key question is its share, whatever numbers its rules make of it."""
    parts: dict[str, dict[str, Any]] = {
        "answers": {"rule": "given", "kind": "answers"},
        "share": {"rule": "share", "of": "answers"},
        "banded": {"rule": "band", "of": "share", "bands": "shares"},
        "steps": {"rule": "count", "of": ["banded"], "at_least": "Good"},
        "rating": {"rule": "shift", "of": "banded", "by": "steps"},
    }
    made = framework(
        {},
        methods={
            "counted": {"title": "Counted", "each_question": {name: part | GROUND for name, part in parts.items()}}
        },
        domains={
            "1": {
                "title": "Everything",
                "standards": {
                    "1.1": {
                        "title": "Planning",
                        "method": "counted",
                        "questions": {"1.1.1": {"title": "Enough"} | GROUND},
                    }
                },
                **GROUND,
            }
        },
    )
    question = rated(made, tallies={"1.1.1": {"yes": 7, "of": 10}})["1.1.1"]
    assert (question.rating, question.share) == ("Best", Fraction(7, 10))


def test_the_other_rounding() -> None:
    """Where rounding a share the other way would change a rating, the other rating is said, above it too."""
    near = rated(CASES, tallies={"1.1.1": {"yes": 129, "of": 200}, "1.1.2": {"yes": 9, "of": 10}})
    assert (near["1.1.1"].rating, near["1.1.1"].other_rounding) == ("Fair", "Good")
    assert (near["1.1"].rating, near["1.1"].other_rounding) == ("Fair", "Good")
    assert near["1.1.2"].other_rounding is None
    hidden = rated(CASES, tallies={"1.1.1": {"yes": 129, "of": 200}, "1.1.2": {"yes": 0, "of": 10}})
    assert (hidden["1.1.1"].other_rounding, hidden["1.1"].other_rounding) == ("Good", None)
    far = rated(CASES, tallies={"1.1.1": {"yes": 6, "of": 10}, "1.1.2": {"yes": 9, "of": 10}})
    assert [found.other_rounding for found in far.values()] == [None, None, None]


def test_the_other_rounding_while_something_is_open() -> None:
    """A settled rating says what the other rounding would make of it though other evidence is open."""
    near = rated(CASES, tallies={"1.1.1": {"yes": 129, "of": 200}})
    assert (near["1.1.1"].rating, near["1.1.1"].other_rounding) == ("Fair", "Good")
    assert near["1.1"].state is State.OPEN
    settled = rated(CASES, tallies={"1.1.1": {"yes": 99, "of": 200}, "1.1.2": {"yes": 0, "of": 9, "open": 1}})
    assert (settled["1.1"].rating, settled["1.1"].other_rounding) == ("Poor", None)


@pytest.mark.parametrize(
    ("evidence", "differs"),
    [
        ({"tallies": {"1.1.1": {"yes": 129, "of": 200}, "1.1.2": {"yes": 9, "of": 10}}}, True),
        ({"tallies": {"1.1.1": {"yes": 6, "of": 10}, "1.1.2": {"yes": 9, "of": 10}}}, False),
        ({"tallies": {"1.1.1": "not applicable", "1.1.2": {"yes": 9, "of": 10}}}, False),
        ({"tallies": {"1.1.1": {"yes": 6, "of": 10}}}, True),  # it may differ once the rest is there
    ],
)
def test_the_other_rounding_is_followed_only_where_it_matters(evidence: dict[str, Any], differs: bool) -> None:
    """Nothing is computed a second time unless some share is banded otherwise."""
    assert bool(_other_rounding(rate_evidence(CASES, read(evidence)))) is differs


def test_numbers_have_no_other_rounding() -> None:
    """A number near an edge is banded as it is, and nothing is computed a second time."""
    number = {"rule": "given", "kind": "number", "least": "0", "most": "1"}
    made = framework({"n": number, "by_number": {"rule": "band", "of": "n", "bands": "shares"}})
    found = rate_evidence(made, read({"values": {"n": "0.645"}}))
    assert _other_rounding(found) == {}
    assert outcomes(found)["by_number"].other_rounding is None


def test_what_is_not_rated_is_listed_beside() -> None:
    """Standards and key questions without a rating are there, with the answers to the questions."""
    question = {"title": "Enough", "basis": "modelled", "source": "own"}
    answers = {"rule": "given", "kind": "answers", "basis": "modelled", "source": "own"}
    made = framework(
        {"a": MARK},
        methods={"counted": {"title": "Only counted", "each_question": {"answers": answers}}},
        domains={
            "1": {
                "title": "Everything",
                "standards": {
                    "1.10": {"title": "More", "method": "counted"},
                    "1.1": {"title": "Counted", "method": "counted", "questions": {"1.1.1": question}},
                    "1.2": {"title": "Too", "method": "counted"},
                },
                "basis": "modelled",
                "source": "own",
            }
        },
    )
    found = rated(made, tallies={"1.1.1": {"yes": 1, "of": 2}}, ratings={"a": "Good"})
    nothing = {"state": State.NOT_RATED, "reason": "the framework gives it no rating"}
    assert found["1.1"] == outcome("1.1", Role.STANDARD, "1.1 Counted", **nothing)
    assert found["1.1.1"] == outcome("1.1.1", Role.QUESTION, "1.1.1 Enough", **nothing, count=Count(1, 2))
    assert list(found) == ["1.1", "1.1.1", "1.2", "1.10", "a"]


def test_everything_computed_on_the_way_is_kept() -> None:
    """A rated inspection keeps the settled values, what the panel said, and the grounds of departures."""
    found = rate_evidence(
        MADE,
        read({"ratings": {"a": "Poor"}, "panel": {"chair": "Good"}, "values": {"late": "no"}}),
    )
    assert found.framework is MADE
    assert {heading: dict(said) for heading, said in found.stated.items()} == {
        "ratings": {"a": Statement("Poor")},
        "panel": {"chair": Statement("Good")},
        "departures": {},
        "values": {"late": Statement("no")},
    }
    assert found.panels == {"chair": PanelRating(2)}
    assert found.grounds == {}
    assert {name: found.values[name] for name in ("a", "low", "limited", "late")} == {
        "a": 0,
        "low": 0,
        "limited": 0,
        "late": False,
    }
    assert "b" not in found.values
    assert found.results["b"].value.best == 3  # type: ignore[union-attr]  # it is open


@pytest.mark.parametrize(
    "evidence",
    [
        {"ratings": marks("Good", "Fair", "Best"), "values": {"late": "yes"}, "panel": {"chair": "Best"}},
        {"ratings": {"a": "Good", "low": "Fair"}},
        {"ratings": marks("Fair", "Good", "Best"), "departures": {"final": {"rating": "Good", "reason": "improving"}}},
        {},
    ],
)
def test_one_node_by_itself(evidence: dict[str, Any]) -> None:
    """What one node has is the same when the others are looked at only as far as need be."""
    whole = rate_evidence(MADE, read(evidence)).results
    assert {name: value_on(MADE, read(evidence), name) for name in MADE.graph.nodes} == {
        name: result.value for name, result in whole.items()
    }


def test_one_node_by_itself_is_rounded_as_its_bands_say() -> None:
    """A share near an edge is banded as it is."""
    near = {"tallies": {"1.1.1": {"yes": 129, "of": 200}}}
    assert value_on(CASES, read(near), "1.1.1") == FAIR


@pytest.mark.parametrize(
    "evidence",
    [
        {"ratings": {**marks("Good", "Fair", "Best"), "low": "Good"}},
        {"ratings": {"a": "Poor"}, "departures": {"final": {"rating": "Fair", "reason": "improving"}}},
    ],
)
def test_one_node_by_itself_refuses_what_all_do(evidence: dict[str, Any]) -> None:
    """Evidence that does not agree is refused whichever node is asked for."""
    with pytest.raises(InspectError) as caught:
        value_on(MADE, read(evidence), "late")
    assert [(fault.message, fault.path) for fault in caught.value.faults] == [
        (message, tuple(path.split("/"))) for _, path, message in refused(**evidence)
    ]


# --- stated values that disagree


RECORD = "record a departure with its reason if the panel departs"
LESS = "is stated as {}, but the evidence beneath it gives {}"


@pytest.mark.parametrize(
    ("evidence", "faults"),
    [
        (
            {"ratings": {**marks("Good", "Fair", "Best"), "low": "Good"}},
            [("ratings/low", "low " + LESS.format("Good", "Fair"))],
        ),
        (
            {"ratings": {**marks("Good", "Fair", "Best"), "final": "Good"}},
            [
                (
                    "ratings/final",
                    f"final {LESS.format('Good', 'Fair')}; {RECORD}",
                )
            ],
        ),
        (
            {"ratings": {"a": "Good", "low": "Best"}},
            [("ratings/low", "low " + LESS.format("Best", "Poor to Good"))],
        ),
        (
            {"ratings": {"a": "Good", "low": {"rating": "not rated", "reason": "no quorum"}}},
            [("ratings/low", "low " + LESS.format("not rated (no quorum)", "Poor to Good"))],
        ),
        (
            {"ratings": dict.fromkeys(NAMES, "not rated") | {"low": "Poor"}},
            [("ratings/low", "low " + LESS.format("Poor", "not rated (so stated in the evidence)"))],
        ),
        (
            {"ratings": marks("Good", "Fair", "Best"), "values": {"total": "5", "mean": "5/2"}},
            [
                ("values/mean", "mean " + LESS.format("5/2", "2")),
                ("values/total", "total " + LESS.format("5 of 9", "6 of 9")),
            ],
        ),
        (
            {"ratings": {"a": "Good"}, "values": {"total": "1"}},
            [("values/total", "total " + LESS.format("1 of 9", "2 of 9 to 8 of 9"))],
        ),
        (
            {"ratings": {"a": "Good"}, "values": {"total": "9"}},
            [("values/total", "total " + LESS.format("9 of 9", "2 of 9 to 8 of 9"))],
        ),
        (
            {"values": {"size": "5", "far": "yes"}},
            [("values/far", "far " + LESS.format("yes", "no"))],
        ),
        (
            {"ratings": {**marks("Best", "Best", "Best"), "low": "not rated"}},
            [("ratings/low", "low " + LESS.format("not rated (so stated in the evidence)", "Best"))],
        ),
    ],
)
def test_what_disagrees_is_refused(evidence: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    """A stated value that the evidence beneath cannot give is refused where it stands, naming both."""
    assert refused(**evidence) == [(Disagreement, path, message) for path, message in faults]


@pytest.mark.parametrize(
    "evidence",
    [
        {"ratings": {**marks("Good", "Fair", "Best"), "low": "Fair"}},
        {"ratings": {"a": "Good", "low": "Good"}},
        {"ratings": {"a": "Good", "low": "Poor"}},
        {"ratings": dict.fromkeys(NAMES, "not rated") | {"low": {"rating": "not applicable", "reason": "another"}}},
        {"ratings": {"a": "Good"}, "values": {"total": "2"}},
        {"ratings": {"a": "Good"}, "values": {"total": "8"}},
        # fewer parts may be rated in the end than could be, so the maximum is open too
        {"ratings": {"a": "Good"}, "values": {"total": {"score": "3", "max": "6"}}},
        {"ratings": marks("Good", "Fair", "Best"), "values": {"total": "6", "mean": "2"}},
    ],
)
def test_what_agrees_is_taken(evidence: dict[str, Any]) -> None:
    """A stated value that is computed too, or can still become so, is taken."""
    assert rated(**evidence)


def test_a_stated_absence_over_open_cases() -> None:
    """That a standard is not rated can be stated where its open cases can still turn out to be none."""
    stated = {"1.1": {"rating": "not rated", "reason": "no cases"}}
    assert rated(CASES, ratings=stated)["1.1"].state is State.NOT_RATED
    message = f"1.1 {LESS.format('not rated (no cases)', 'Poor to Best')}; {RECORD}"
    tallies = {"1.1.1": {"yes": 1, "of": 1, "open": 1}}
    assert refused(CASES, ratings=stated, tallies=tallies) == [(Disagreement, "ratings/1.1", message)]


# --- departures that are refused


def to(rating: str) -> dict[str, dict[str, str]]:
    """A departure of the final rating."""
    return {"final": {"rating": rating, "reason": "improving"}}


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        (
            {"ratings": {"a": "Poor"}, "departures": to("Fair")},
            "evidence beneath it is still open, so there is no computed rating to depart from",
        ),
        (
            {"ratings": dict.fromkeys(NAMES, "not rated"), "departures": to("Fair")},
            "nothing to depart from: final is not rated (so stated in the evidence)",
        ),
        (
            {"ratings": marks("Good", "Fair", "Best"), "departures": to("Fair")},
            "no departure: the computed rating is Fair already",
        ),
        (
            {"ratings": marks("Good", "Fair", "Best"), "departures": to("Best")},
            "Best is 2 bands from Fair; the rules allow 1 at most",
        ),
        (
            {"ratings": marks("Good", "Best", "Best"), "departures": to("Poor")},
            "Poor is 2 bands from Good; the rules allow 1 at most",
        ),
    ],
)
def test_departures_that_are_refused(evidence: dict[str, Any], message: str) -> None:
    """A departure needs a computed rating, another one, and no more bands than the rules allow."""
    assert refused(**evidence) == [(DepartureRefused, "departures/final", message)]


@pytest.mark.parametrize("rating", ["Poor", "Good"])
def test_departures_either_way(rating: str) -> None:
    """A departure may go up or down, as far as the rules allow."""
    assert rated(ratings=marks("Fair", "Good", "Best"), departures=to(rating))["final"].rating == rating
    wide = framework({**NODES, "final": {"rule": "discretion", "of": "low", "bands": 2}})
    assert rated(wide, ratings=marks("Fair", "Good", "Best"), departures=to("Best"))["final"].rating == "Best"


def test_departures_without_grounds() -> None:
    """A departure for which none of the grounds is met is refused, with the lowest share and the grounds there are."""
    made = by_cases(within_points="1", sample_at_most="4")
    tallies = {"1.1.1": {"yes": 30, "of": 50}, "1.1.2": {"yes": 9, "of": 10}}
    message = (
        "not eligible (the lowest share is 60%, 1.1.1): it is not so that the lowest share is within 1 percentage "
        "points of an edge of its bands or the lowest share comes from 4 cases or fewer"
    )
    depart = {"1.1": {"rating": "Good", "reason": "improving"}}
    assert refused(made, tallies=tallies, departures=depart) == [(DepartureRefused, "departures/1.1", message)]


def test_a_stated_rating_is_no_ground() -> None:
    """One other answer is a ground only where it would change the rating, which a stated one keeps it from doing."""
    made = by_cases(one_answer="true")
    tallies = {"1.1.1": {"yes": 1, "of": 2}, "1.1.2": {"yes": 9, "of": 10}}
    depart = {"1.1": {"rating": "Good", "reason": "improving"}}
    assert rated(made, tallies=tallies, departures=depart)["1.1"].rating == "Good"
    stated = {"1.1.1": "Fair"}
    assert [kind for kind, *_ in refused(made, tallies=tallies, departures=depart, ratings=stated)] == [
        DepartureRefused
    ]


def test_a_departure_without_any_share_beneath() -> None:
    """Grounds are judged on shares, so where none lies beneath none is met, and none is named."""
    made = framework({**NODES, "final": {"rule": "discretion", "of": "low", "one_answer": "true"}})
    assert refused(made, ratings=marks("Fair", "Good", "Best"), departures=to("Good")) == [
        (
            DepartureRefused,
            "departures/final",
            "not eligible: it is not so that one other answer in one case would change the rating",
        )
    ]


def test_every_fault_is_found_at_once() -> None:
    """Disagreements and departures are all reported together."""
    faults = refused(ratings={**marks("Good", "Fair", "Best"), "low": "Good"}, departures=to("Poor"))
    assert [(kind, path) for kind, path, _ in faults] == [
        (DepartureRefused, "departures/final"),
        (Disagreement, "ratings/low"),
    ]
