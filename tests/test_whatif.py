"""What would change a rating: against every combination tried on a small inspection, and at every level of evidence."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

import inspectlib
from inspectlib.cli import cli
from inspectlib.errors import (
    Disagreement,
    Fault,
    InspectError,
    NoRating,
    OffScale,
    OtherRecord,
    Unanswerable,
    UnknownNode,
)
from inspectlib.evidence import Answer
from inspectlib.kinds import Tally
from inspectlib.ways import What, WhatIf
from strategies import GROUND, Plain, built

EXAMPLE = Path(__file__).parent.parent / "examples" / "made-up-crc"
CRC = inspectlib.load("hmip-crc-2019")
YOUTH = inspectlib.load("hmip-youth-2021")
EVIDENCE = inspectlib.load_evidence(EXAMPLE / "inspection.yaml", cases=EXAMPLE / "cases.csv")
JUDGEMENT = inspectlib.rate(CRC, EVIDENCE)

#: A delivery rating from two questions, a panel rating under a guide that delivery lifts, another without, and a total.
RULES: Plain = {
    "a": {"rule": "given", "kind": "answers"},
    "a_share": {"rule": "share", "of": "a"},
    "a_rating": {"rule": "band", "of": "a_share", "bands": "halves"},
    "b": {"rule": "given", "kind": "answers"},
    "b_share": {"rule": "share", "of": "b"},
    "b_rating": {"rule": "band", "of": "b_share", "bands": "halves"},
    "delivery": {"rule": "lowest", "of": ["a_rating", "b_rating"]},
    "leading": {"rule": "panel", "scale": "marks", "ceiling": "delivery"},
    "staff": {"rule": "panel", "scale": "marks"},
    "total": {"rule": "total", "of": ["delivery", "leading", "staff"]},
    "mean": {"rule": "mean", "of": "total"},
    "overall": {"rule": "band", "of": "mean", "bands": "means"},
}
MARKS = ["bad", "fair", "good"]
SMALL = built(
    {
        "id": "small", "version": "1", "title": "Small", **GROUND, "sources": {"own": {"title": "A source"}},
        "scales": {"marks": {"ratings": MARKS, **GROUND}},
        "bands": {
            "halves": {
                "scale": "marks", **GROUND,
                "bands": {
                    "bad": {"below": "1/2"}, "fair": {"at_least": "1/2", "below": "3/4"}, "good": {"at_least": "3/4"},
                },
            },
            "means": {
                "scale": "marks", **GROUND,
                "bands": {
                    "bad": {"at_most": "1/2"}, "fair": {"above": "1/2", "at_most": "5/3"}, "good": {"above": "5/3"},
                },
            },
        },
        "nodes": {name: {**rule, **GROUND} for name, rule in RULES.items()},
    }
)  # fmt: skip


def small(a: int, b: int, leading: str, staff: str) -> Plain:
    """Evidence for the small framework: of four cases each, and two ratings."""
    tallies = {name: {"yes": yes, "of": 4} for name, yes in (("a", a), ("b", b))}
    return {"tallies": tallies, "panel": {"leading": leading, "staff": staff}}


def distance(one: Plain, other: Plain) -> int:
    """The changes from some evidence to other."""
    answers: int = sum(abs(one["tallies"][name]["yes"] - other["tallies"][name]["yes"]) for name in "ab")
    return answers + sum(abs(MARKS.index(one["panel"][n]) - MARKS.index(other["panel"][n])) for n in one["panel"])


EVERY = [small(*said) for said in product(range(5), range(5), MARKS, MARKS)]


@pytest.fixture(scope="module")
def rated() -> list[dict[str, Any]]:
    """What every evidence for the small framework gives, all of it."""
    judgements = (inspectlib.rate(SMALL, evidence) for evidence in EVERY)
    return [{node: judgement[node].rating for node in ("overall", "leading", "delivery")} for judgement in judgements]


@pytest.mark.parametrize("start", [small(1, 3, "good", "bad"), small(0, 0, "bad", "bad"), small(4, 4, "good", "good")])
def test_every_combination_of_a_small_inspection(rated: list[dict[str, Any]], start: Plain) -> None:
    """For every rating and node the ways told are exactly the evidence nearest by, of all 225 combinations tried."""
    judgement = inspectlib.rate(SMALL, start)
    for node, place in product(("overall", "leading", "delivery"), range(3)):
        now = MARKS.index(str(judgement[node].rating))
        questions = [(judgement.to_reach(node, MARKS[place], most=500), range(place, 3))]
        questions += [(judgement.to_lower(node, most=500), range(now))] if place == 0 else []
        for answer, goal in questions:
            able = [
                (distance(start, e), e)
                for e, gives in zip(EVERY, rated, strict=True)
                if MARKS.index(gives[node]) in goal
            ]
            least = min((far for far, _ in able), default=None)
            nearest = [evidence for far, evidence in able if far == least]
            assert (answer.size, answer.count) == (least, len(nearest))
            told = [json.loads(inspectlib.rate(SMALL, way.apply(start)).to_json())["evidence"] for way in answer.ways]
            assert sorted(map(str, told)) == sorted(str(plain(evidence)) for evidence in nearest)


def plain(evidence: Plain) -> Any:
    """Evidence as a judgement records it."""
    return json.loads(inspectlib.rate(SMALL, evidence).to_json())["evidence"]


def test_open_evidence_of_a_small_inspection() -> None:
    """With answers open the fewest changes come first, and then the fewest open answers that must be sufficient."""
    start: Plain = {
        "tallies": {"a": {"yes": 0, "of": 2, "open": 2}, "b": {"yes": 1, "of": 3, "open": 1}},
        "panel": {"leading": "good", "staff": "fair"},
    }
    judgement = inspectlib.rate(SMALL, start)
    for node, rating in (("overall", "good"), ("leading", "fair"), ("delivery", "fair"), ("delivery", "good")):
        costs = []
        for a, b, leading, staff in product(range(5), range(5), MARKS, MARKS):
            if MARKS.index(str(inspectlib.rate(SMALL, small(a, b, leading, staff))[node].rating)) < MARKS.index(rating):
                continue
            bands = abs(MARKS.index(leading) - 2) + abs(MARKS.index(staff) - 1)
            for sufficient in product(range(3), range(2)):
                answers = abs(a - sufficient[0]) + abs(b - 1 - sufficient[1])
                if a - sufficient[0] in range(3) and b - sufficient[1] in range(4):
                    costs.append((answers + bands, sum(sufficient)))
        answer = judgement.to_reach(node, rating)
        assert (answer.size, answer.needed) == min(costs), (node, rating)
        for way in answer.ways:
            after = inspectlib.rate(SMALL, way.apply(start))[node].rating
            assert MARKS.index(str(after)) >= MARKS.index(rating)


# --- a real-size inspection


def test_a_raised_delivery_standard_lifts_leadership() -> None:
    """Two answers raise one delivery standard, so delivery, so the guide for leadership: the panel's Good counts."""
    answer = JUDGEMENT.to_reach("1.1", "Good")
    assert (answer.size, answer.count) == (2, 2)
    assert [[change.node for change in way.changes] for way in answer.ways] == [["2.2.3"], ["4.1.2"]]
    for way in answer.ways:
        assert {"1.1", "delivery", "leadership_ceiling"} <= {effect.node for effect in way.effects}
        assert inspectlib.rate(CRC, way.apply(EVIDENCE))["1.1"].rating == "Good"


@pytest.mark.parametrize("rating", ["Good", "Outstanding"])
def test_a_real_size_inspection_takes_no_time(rating: str) -> None:
    """Ten standards and 135 cases are answered in less than two seconds."""
    start = time.perf_counter()
    answer = JUDGEMENT.to_reach("overall", rating)
    assert time.perf_counter() - start < 2
    assert answer.size == {"Good": 8, "Outstanding": 147}[rating]


def test_how_robust_a_rating_is() -> None:
    """What lowers a rating: a departure withdrawn is one change."""
    answer = JUDGEMENT.to_lower("2.3")
    assert answer.size == 1 and [c.what for c in answer.ways[0].changes] == [What.DEPARTURE]
    assert inspectlib.rate(CRC, answer.ways[0].apply(EVIDENCE))["2.3"].rating == "Inadequate"
    answer = JUDGEMENT.to_lower()
    assert (answer.node, answer.size, answer.count, len(answer.ways)) == ("overall", 4, 18, 10)


def test_the_first_ways_are_the_same_however_many_are_told() -> None:
    """Asking for more ways adds ways; those told before come first as before, and in whatever order the cases come."""
    ten = JUDGEMENT.to_lower("overall", most=10)
    assert JUDGEMENT.to_lower("overall", most=3).ways == ten.ways[:3]
    assert JUDGEMENT.to_lower("overall", most=500).ways[:10] == ten.ways
    turned = inspectlib.rate(CRC, attrs.evolve(EVIDENCE, cases=EVIDENCE.cases[::-1]))
    assert turned.to_lower("overall").text() == ten.text()


# --- what is held


@pytest.mark.parametrize(
    ("hold", "held"),
    [
        (["2.1"], "2.1"),
        (["2.1.3"], "2.1.3"),
        (["1"], "1"),
        (["1.1", "1.2"], "1.2"),
        (["1.3", "2.2"], "2.2"),
    ],
)
def test_what_is_held_does_not_change(hold: list[str], held: str) -> None:
    """A standard, question, domain or other node is held with all that it is put together from."""
    answer = JUDGEMENT.to_reach("overall", "Good", hold=hold)
    assert answer.size is not None and answer.size > 7 and answer.held == tuple(hold)
    for way in answer.ways:
        for change in way.changes:
            assert not change.node.startswith(held)


def test_holding_a_panel_rating_does_not_hold_its_guide() -> None:
    """With 1.1 held at the panel's Good it still rises, because delivery lifts what limits it."""
    answer = JUDGEMENT.to_reach("1.1", "Good", hold=["1.1"])
    assert answer.size == 2


def test_out_of_reach_names_what_stands_in_the_way() -> None:
    """The best within reach is said, what is held, the guide that limits, and what it takes with nothing held."""
    answer = JUDGEMENT.to_reach("1.1", "Outstanding", hold=["2"])
    assert answer.size is None and answer.ways == () and answer.limit == "Good"
    assert answer.obstacles[0].startswith("1.1 Leadership has the ceiling Guide ceiling for leadership, which binds")
    assert answer.obstacles[1] == "2.1.1 engagement is held with 2, and so with 12 others."
    assert answer.obstacles[-1] == "With nothing held it takes 35 changes."


def test_a_limiting_judgement_stands_in_the_way() -> None:
    """Resettlement that is Inadequate and held keeps a youth service from Outstanding; not held it takes one change."""
    standards = [f"{d}.{n}" for d in (1, 2) for n in (1, 2, 3, 4)] + ["3.1", "3.2", "3.3", "3.4"]
    evidence = {"ratings": {**dict.fromkeys(standards, "Outstanding"), "4.1": "Inadequate"}}
    judgement = inspectlib.rate(YOUTH, evidence)
    assert judgement.to_reach("overall", "Outstanding").size == 1
    answer = judgement.to_reach("overall", "Outstanding", hold=["4.1"])
    assert answer.obstacles == (
        "Overall rating is no better than Good because of Resettlement is Inadequate.",
        "4.1 Resettlement policy and provision is held at Inadequate.",
        "With nothing held it takes 1 change.",
    )
    assert "It cannot reach Outstanding." in answer.text()


def test_what_is_not_rated_is_not_changed() -> None:
    """A question that applies to no case, and a panel rating that is not given, stand as they are; it is said."""
    evidence = {**small(1, 1, "not rated", "bad"), "tallies": {"a": "not applicable", "b": "not applicable"}}
    judgement = inspectlib.rate(SMALL, evidence)
    answer = judgement.to_reach("delivery", "good")
    assert answer.size is None and answer.limit == ""
    assert any("applies to no case" in obstacle for obstacle in answer.obstacles)
    assert judgement.to_reach("overall", "good").size == 2
    with pytest.raises(NoRating, match="it is not rated"):
        judgement.to_lower("leading")


def test_the_worst_rating_cannot_be_lowered() -> None:
    """Nothing is worse than the worst rating of a scale, which is said."""
    answer = JUDGEMENT.to_lower("delivery")
    assert answer.obstacles == ("Inadequate is the worst rating there is.",)


# --- evidence at every level


def test_open_answers_come_out_as_they_are_wanted() -> None:
    """During fieldwork: how many of the open answers must be sufficient, without any change of those that are there."""
    evidence = {"tallies": {f"2.1.{n}": {"yes": 10, "of": 20, "open": 20} for n in (1, 2, 3)}}
    answer = inspectlib.rate(CRC, evidence).to_reach("2.1", "Good")
    assert (answer.size, answer.needed, answer.count) == (0, 48, 1)
    assert answer.text() == (
        "2.1 Assessment is open: Inadequate to Good. It can reach Good without any change.\n"
        "\n"
        "So far\n"
        "  as long as open evidence comes out so:\n"
        "    2.1.1 engagement: of its 20 open answers 16 sufficient, 4 not\n"
        "    2.1.2 desistance: of its 20 open answers 16 sufficient, 4 not\n"
        "    2.1.3 keeping others safe: of its 20 open answers 16 sufficient, 4 not\n"
        "  Then:\n"
        "    2.1 Assessment: Good, not open: Inadequate to Good\n"
    )
    answer = inspectlib.rate(CRC, evidence).to_reach("2.1", "Outstanding")
    assert (answer.size, answer.needed) == (6, 60)
    lower = inspectlib.rate(CRC, evidence).to_lower("2.1")
    assert (lower.rating, lower.size, lower.needed, lower.count) == ("Good", 0, 5, 3)


def test_open_cases_are_filled_in() -> None:
    """Open answers of cases are filled in case by case, and the first cases are those that change."""
    answers = [("c10", "no"), ("c2", "no"), ("c1", None), ("c3", "yes")]
    evidence = inspectlib.rate(
        SMALL,
        {"cases": [{"id": case, "answers": {"b": "yes", **({"a": said} if said else {})}} for case, said in answers]},
    ).evidence
    cases = [{"id": case, "answers": {"b": "yes", **({"a": said} if said else {})}} for case, said in answers]
    answer = inspectlib.rate(SMALL, {"cases": cases}).to_reach("delivery", "good")
    assert (answer.size, answer.needed) == (1, 1)
    after = answer.ways[0].apply({"cases": cases})
    assert {case.id: case.answers["a"] for case in after.cases} == {
        "c10": Answer.NO, "c2": Answer.YES, "c1": Answer.YES, "c3": Answer.YES,
    }  # fmt: skip
    assert inspectlib.rate(SMALL, after)["delivery"].rating == "good"
    assert inspectlib.rate(SMALL, answer.ways[0].apply(evidence))["delivery"].rating == "good"


def test_a_tally_beside_its_cases_changes_with_them() -> None:
    """Where answers stand both as cases and as a tally, both are changed, so that they agree."""
    cases = [{"id": str(n), "answers": {"a": "yes" if n else "no", "b": "yes"}} for n in range(2)]
    evidence = {"cases": cases, "tallies": {"a": {"yes": 1, "of": 2}}, "panel": {"leading": "good", "staff": "good"}}
    answer = inspectlib.rate(SMALL, evidence).to_reach("delivery", "good")
    after = answer.ways[0].apply(evidence)
    assert after.tallies["a"].yes == 2 and inspectlib.rate(SMALL, after)["delivery"].rating == "good"


def test_nothing_known_yet() -> None:
    """With no evidence at all everything may still come: what must come is said, for answers as a share."""
    judgement = inspectlib.rate(SMALL, {})
    answer = judgement.to_reach("overall", "good")
    assert answer.size == 0 and answer.needed == 8
    assert "a: 75% of its answers sufficient; there are none yet" in answer.text()
    after = answer.ways[0].apply({})
    assert inspectlib.rate(SMALL, after)["overall"].rating == "good"


def test_a_panel_that_must_depart_to_get_there() -> None:
    """While the panel has not rated, it may yet record a reason for going beyond its guide; that is one thing more."""
    evidence = {"tallies": {"a": {"yes": 2, "of": 4}, "b": {"yes": 4, "of": 4}}, "panel": {"staff": "good"}}
    answer = inspectlib.rate(SMALL, evidence).to_reach("leading", "good", hold=["delivery"])
    assert (answer.size, answer.needed) == (0, 3)
    assert "leading: good, with a recorded reason" in answer.text()
    after = answer.ways[0].apply(evidence)
    assert inspectlib.rate(SMALL, after)["leading"].departure is not None


def test_a_stated_total_moves_by_points() -> None:
    """Where only a total is stated, each point of it is a change, as far as what is stated beneath lets it go."""
    judgement = inspectlib.rate(CRC, {"values": {"total": 15}})
    answer = judgement.to_reach("overall", "Good")
    assert [change.text() for change in answer.ways[0].changes] == ["Total score: 16 of 30, not 15 of 30"]
    assert inspectlib.rate(CRC, answer.ways[0].apply({"values": {"total": 15}}))["overall"].rating == "Good"
    evidence = {"values": {"total": 24}, "ratings": {"2.1": "Requires improvement", "2.2": "Good", "2.3": "Inadequate"}}
    answer = inspectlib.rate(CRC, evidence).to_reach("overall", "Outstanding")
    assert answer.size is None
    assert "Total score is stated, and the evidence beneath it leaves it no further." in answer.obstacles


def test_a_value_stated_beside_what_it_rests_on_is_left_out() -> None:
    """A rating stated beside the evidence that gives it no longer agrees after a change, and is computed instead."""
    evidence = {**small(4, 1, "good", "good"), "ratings": {"delivery": "bad"}, "values": {"a_share": "100%"}}
    answer = inspectlib.rate(SMALL, evidence).to_reach("delivery", "fair")
    assert answer.size == 1 and answer.ways[0].left_out == ("delivery",)
    after = answer.ways[0].apply(evidence)
    assert "delivery" not in after.ratings and "a_share" in after.values
    assert inspectlib.rate(SMALL, after)["delivery"].rating == "fair"


def test_a_stated_share_moves_by_percentage_points() -> None:
    """A share that is stated without its answers counts a change for each percentage point."""
    evidence = {"values": {"a_share": "71.5%", "b_share": "1"}}
    answer = inspectlib.rate(SMALL, evidence).to_reach("delivery", "good")
    assert answer.size == 4
    assert inspectlib.rate(SMALL, answer.ways[0].apply(evidence))["delivery"].rating == "good"


def test_pooled_units() -> None:
    """Answers of pooled questions change in the units that they come from, the first unit first."""
    region = inspectlib.load("hmip-region-2023")
    pooled = {f"2.{n}.3": {"yes": 2, "of": 4} for n in (1, 2, 3, 4)}
    other = {question: {"yes": 3, "of": 4} for question in pooled}
    desistance = {f"2.{n}.2": {"yes": 3, "of": 4} for n in (1, 2, 3, 4)}
    evidence: Plain = {
        "units": {
            "North": {"framework": "hmip-pdu-2023", "tallies": {**pooled, **desistance}},
            "South": {"framework": "hmip-pdu-2023", "tallies": {**other, **desistance}},
        }
    }
    judgement = inspectlib.rate(region, evidence)
    answer = judgement.to_reach("2.1", "Good")
    assert answer.size == 4 and len(answer.ways[0].changes) == 4
    after = answer.ways[0].apply(evidence)
    assert inspectlib.rate(region, after)["2.1"].rating == "Good"
    assert after.units["North"].tallies["2.1.3"].yes == 3 and after.units["South"].tallies["2.1.3"].yes == 3
    evidence["units"]["South"] = {"framework": "hmip-pdu-2023", "tallies": desistance}
    with pytest.raises(Unanswerable, match="not every unit has answers"):
        inspectlib.rate(region, evidence).to_reach("2.1", "Good")


def test_numbers_flags_and_choices() -> None:
    """A step of a number is a change: of food hygiene the scores move by fives."""
    hygiene = inspectlib.load("food-hygiene-rating")
    names = [name for name, node in hygiene.graph.nodes.items() if node.rule.takes_evidence]
    evidence = {"values": dict.fromkeys(names, 10)}
    answer = inspectlib.rate(hygiene, evidence).to_reach("overall", "5")
    assert answer.size == 3
    after = answer.ways[0].apply(evidence)
    assert inspectlib.rate(hygiene, after)["overall"].rating == "5"


# --- what is refused


@pytest.mark.parametrize(
    ("ask", "fault", "says"),
    [
        (lambda j: j.to_reach("overal", "Good"), UnknownNode, "did you mean 'overall'"),
        (lambda j: j.to_reach("overall", "Great"), OffScale, "'Great' is not a rating of the scale"),
        (lambda j: j.to_reach("total", "Good"), NoRating, "Total score is a score, not a rating"),
        (lambda j: j.to_lower("total"), NoRating, "Total score is a score"),
        (lambda j: j.to_reach("overall", "Good", hold=["9.9"]), UnknownNode, "no '9.9'"),
        (lambda j: j.to_reach("overall", "Good", most=0), OffScale, "no number of ways"),
    ],
)
def test_bad_questions(ask: Callable[[inspectlib.Judgement], WhatIf], fault: type[Fault], says: str) -> None:
    """A node that is not there, a rating off the scale, a node without a rating: each has its fault."""
    with pytest.raises(fault, match=says):
        ask(JUDGEMENT)


def test_a_framework_without_ratings() -> None:
    """A standard that the framework gives no rating cannot be asked about."""
    judgement = inspectlib.rate(inspectlib.load("hmip-small-youth-2019"), {})
    with pytest.raises(NoRating, match="the framework gives it no rating"):
        judgement.to_reach("2.1", "Good")


def test_a_record_without_its_framework() -> None:
    """A judgement that was read from a record without its framework says how to ask."""
    with pytest.raises(OtherRecord, match="read the record with its framework to ask"):
        inspectlib.Judgement.from_json(JUDGEMENT.to_json()).to_lower()


def test_an_open_number_is_too_much() -> None:
    """A number that is open and can be anything is no basis for an exact answer, which is said."""
    nodes: Plain = {
        "x": {"rule": "given", "kind": "number", "least": "0", "most": "1"},
        "y": {"rule": "given", "kind": "rating", "scale": "marks"},
        "overall": {"rule": "shift", "of": "y", "by": "x"},
    }
    named = {"id": "shift", "version": "1", "title": "Shift", **GROUND, "sources": {"own": {"title": "A source"}}}
    nodes = {name: {**rule, **GROUND} for name, rule in nodes.items()}
    framework = built({**named, "scales": {"marks": {"ratings": MARKS, **GROUND}}, "nodes": nodes})
    with pytest.raises(Unanswerable, match="x is open and could be any number"):
        inspectlib.rate(framework, {"ratings": {"y": "bad"}}).to_reach("overall", "good")
    judgement = inspectlib.rate(framework, {"ratings": {"y": "bad"}, "values": {"x": "1/2"}})
    assert judgement.to_reach("overall", "good").size == 1
    answer = judgement.to_reach("overall", "good", hold=["y"])
    assert "x is 1/2, and no smallest change of it is known." in answer.obstacles


def test_changes_are_applied_to_the_evidence_they_were_asked_about() -> None:
    """Evidence that does not say what the changes change is refused, and nothing is half applied."""
    way = JUDGEMENT.to_reach("1.1", "Good").ways[0]
    changed = way.apply(EVIDENCE)
    with pytest.raises(Disagreement, match=r"2\.2\.3 keeping others safe is not 33 of 70"):
        way.apply(changed)
    with pytest.raises(Disagreement):
        JUDGEMENT.to_lower("2.3").ways[0].apply(attrs.evolve(EVIDENCE, departures=type(EVIDENCE.departures)()))
    with pytest.raises(InspectError):
        way.apply({"nonsense": "x"})


# --- the command


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of the command on the made-up inspection, and what it says."""
    files = [str(EXAMPLE / "inspection.yaml"), "--cases", str(EXAMPLE / "cases.csv")]
    result = CliRunner().invoke(cli, ["whatif", "hmip-crc-2019", *files, *arguments])
    return (
        (2, str(result.exception)) if isinstance(result.exception, InspectError) else (result.exit_code, result.output)
    )


def test_the_command_as_text() -> None:
    """The answer reads in short sentences."""
    code, shown = run("--reach", "1.1=good", "--most", "1")
    assert code == 0
    assert shown == (
        "1.1 Leadership is Requires improvement. To reach Good it takes 2 changes, and no fewer.\n"
        "There are 2 ways with so few; this is one of them.\n"
        "\n"
        "Way 1\n"
        "  2.2.3 keeping others safe: 2 answers from no to yes (35 of 70, not 33)\n"
        "  Then:\n"
        "    1.1 Leadership: Good, not Requires improvement\n"
        "    2.2 Planning: Requires improvement, not Inadequate\n"
        "    Delivery rating: Requires improvement, not Inadequate\n"
        "    Guide ceiling for leadership: Good, not Requires improvement\n"
    )


def test_the_command_as_json_and_saved(tmp_path: Path) -> None:
    """As JSON the answer is the one of Python, and the evidence saved gives the rating that was asked for."""
    saved = tmp_path / "after.yaml"
    code, shown = run("--reach", "overall=Good", "--format", "json", "--save", str(saved))
    assert code == 0
    assert json.loads(shown) == JUDGEMENT.to_reach("overall", "Good").data()
    judgement = inspectlib.rate(CRC, inspectlib.load_evidence(saved))
    assert judgement.overall is not None and judgement.overall.rating == "Good"


def test_the_command_when_nothing_leads_there(tmp_path: Path) -> None:
    """Out of reach the exit code is 1, what stands in the way is said, and nothing is saved."""
    saved = tmp_path / "after.yaml"
    code, shown = run("--reach", "1.1=Outstanding", "--hold", "2", "--save", str(saved))
    assert code == 1 and "It cannot reach Outstanding." in shown and not saved.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--reach", "overall=Good", "--lower", "overall"),
        ("--reach", "overall"),
        ("--reach", "overall=Great"),
        ("--reach", "=Good"),
        ("--lower", "nothing"),
        ("--lower", "overall", "--most", "0"),
    ],
)
def test_the_command_refuses(arguments: tuple[str, ...]) -> None:
    """No question, two questions, or one about nothing: exit code 2."""
    assert run(*arguments)[0] == 2


def test_the_size_of_a_way_is_what_its_changes_count() -> None:
    """The sizes of the changes of a way add up, and answers count one each."""
    for way in JUDGEMENT.to_reach("overall", "Outstanding").ways:
        assert way.size == 147
        for change in way.changes:
            if isinstance(change.was, Tally) and isinstance(change.to, Tally):
                assert change.size == change.to.yes - change.was.yes
