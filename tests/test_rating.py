"""Rating: absences, levels of evidence, the panel's guide, departures, intervals, rounding and records."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import pytest

import inspectlib
from inspectlib import Judgement
from inspectlib.errors import DepartureRefused, Disagreement, InspectError, OtherRecord, UnknownNode
from inspectlib.evidence import Count, Evidence
from inspectlib.evidence_reader import evidence_from
from inspectlib.outcome import State

CRC = inspectlib.load("hmip-crc-2019")
YOUTH = inspectlib.load("hmip-youth-2021")
DELIVERY = ("2.1", "2.2", "2.3", "2.4", "4.1", "4.2")


def rate(**evidence: Any) -> Judgement:
    """Rate evidence by the CRC framework of 2019."""
    return inspectlib.rate(CRC, evidence)


def tally(yes: int, of: int, **more: int) -> dict[str, int]:
    """A tally as evidence files have it."""
    return {"yes": yes, "of": of, **more}


@pytest.mark.parametrize("of", range(1, 301))
def test_every_edge_at_every_sample_size(of: int) -> None:
    """For every sample size to 300 the counts just below, on and above every edge get the right band."""
    for edge in (50, 65, 80):
        on = -(-edge * of // 100)
        for yes in {max(0, on - 1), on, min(of, on + 1)}:
            expected = sum(100 * yes >= e * of for e in (50, 65, 80))
            question = rate(tallies={"2.1.1": tally(yes, of)})["2.1.1"]
            assert question.rating == ("Inadequate", "Requires improvement", "Good", "Outstanding")[expected]
            assert question.share == Fraction(yes, of)


@pytest.mark.parametrize("yes", [57, 29, 58])
def test_shares_that_floats_get_wrong(yes: int) -> None:
    """57, 29 and 58 of 100 are exactly 57, 29 and 58 per cent."""
    question = rate(tallies={"2.1.1": tally(yes, 100)})["2.1.1"]
    assert question.share == Fraction(yes, 100)


def test_the_lowest_question_decides() -> None:
    """Good, Good and Inadequate key questions make an Inadequate standard, which names the one that decided."""
    judgement = rate(tallies={"2.1.1": tally(7, 10), "2.1.2": tally(7, 10), "2.1.3": tally(4, 10)})
    assert judgement["2.1"].rating == "Inadequate"
    assert judgement["2.1"].decided_by == ("2.1.3",)


def test_not_applicable_is_left_out() -> None:
    """A key question that applies to no case is not applicable, and leaves its standard to the others."""
    judgement = rate(tallies={"2.1.1": tally(7, 10), "2.1.2": tally(9, 10), "2.1.3": "not applicable"})
    question = judgement["2.1.3"]
    assert (question.state, question.rating) == (State.NOT_APPLICABLE, None)
    assert question.reason == "no case to which it applies"
    assert judgement["2.1"].rating == "Good"


def test_cases_with_no_applicable_answer_are_not_applicable_too() -> None:
    """When every case answers not applicable, that is the same as the tally saying so."""
    cases = [{"id": f"c{i}", "answers": {"2.1.1": "yes", "2.1.2": "no", "2.1.3": "not applicable"}} for i in range(4)]
    by_cases = rate(cases=cases)
    by_tally = rate(tallies={"2.1.1": tally(4, 4), "2.1.2": tally(0, 4), "2.1.3": "not applicable"})
    assert by_cases.to_json() == by_tally.to_json()


def test_a_standard_without_relevant_cases_is_not_rated_and_leaves_the_total() -> None:
    """A standard none of whose key questions applies is not rated, with the reason, and is not part of the total."""
    ratings = dict.fromkeys((*DELIVERY[:5], "1.1", "1.2", "1.3", "1.4"), "Good")
    judgement = rate(ratings=ratings, tallies=dict.fromkeys(("4.2.1", "4.2.2", "4.2.3"), "not applicable"))
    standard = judgement["4.2"]
    assert (standard.state, standard.reason) == (State.NOT_RATED, "no case to which it applies")
    assert judgement.to_data()["overall"]["score"] == 18
    assert judgement.to_data()["overall"]["max"] == 27
    assert judgement.overall is not None
    assert judgement.overall.rating == "Good"


def test_nothing_rated_is_no_overall_rating() -> None:
    """Where no standard is rated there is no overall rating, and the reason is said."""
    ratings = {
        n: {"rating": "not rated", "reason": "not inspected (made up)"} for n in (*DELIVERY, "1.1", "1.2", "1.3", "1.4")
    }
    overall = rate(ratings=ratings).overall
    assert overall is not None
    assert (overall.state, overall.reason) == (State.NOT_RATED, "not inspected (made up)")


def test_open_answers_give_the_interval_still_possible() -> None:
    """With 6 of 10 sufficient and 5 open, between 6 and 11 of 15 can be sufficient: Inadequate to Good."""
    judgement = rate(tallies={"2.1.1": tally(6, 10, open=5)})
    question = judgement["2.1.1"]
    assert (question.state, question.between, question.may_be_absent) == (State.OPEN, ("Inadequate", "Good"), False)
    assert question.count == Count(6, 10, 5)


def test_open_evidence_that_cannot_matter_leaves_a_rating_settled() -> None:
    """One key question that is Inadequate whatever comes settles the standard, though others are open."""
    judgement = rate(tallies={"2.1.1": tally(1, 10, open=3)})
    assert judgement["2.1"].rating == "Inadequate"
    assert judgement["2.1.2"].state is State.OPEN


def test_no_evidence_at_all_is_open_from_worst_to_best() -> None:
    """Without any evidence every rating is open over its whole scale."""
    judgement = rate()
    assert judgement.overall is not None
    assert judgement.overall.between == ("Inadequate", "Outstanding")
    assert judgement["2.1"].may_be_absent
    assert not judgement["1.1"].may_be_absent


def test_the_interval_of_leadership_follows_that_of_delivery() -> None:
    """While one standard is open, delivery and with it the ceiling of leadership are open, and both ends are right."""
    ratings = dict.fromkeys(DELIVERY[:2], "Good") | dict.fromkeys(DELIVERY[2:5], "Inadequate")
    judgement = rate(ratings=ratings, panel={"1.1": "Outstanding"})
    # The mean of delivery can be 4/6 to 7/6 with 4.2, and 4/5 without it.
    assert judgement["delivery"].rating == "Requires improvement"
    assert judgement["delivery_mean"].between == (Fraction(2, 3), Fraction(7, 6))
    assert judgement["1.1"].rating == "Good"
    ratings["2.1"] = "Inadequate"
    judgement = rate(ratings=ratings, panel={"1.1": "Outstanding"})
    assert judgement["delivery"].between == ("Inadequate", "Requires improvement")
    assert judgement["1.1"].between == ("Requires improvement", "Good")


def test_evidence_may_enter_at_any_level() -> None:
    """A value stated for a computed node stands for what lies under it, and is used by what lies above."""
    judgement = rate(ratings={"delivery": "Inadequate"}, panel={"1.1": "Outstanding"})
    assert judgement["1.1"].rating == "Requires improvement"
    assert rate(values={"delivery_mean": "3/2"})["delivery"].rating == "Requires improvement"
    assert rate(values={"2.1.1.share": "65%"})["2.1.1"].rating == "Good"


def test_a_stated_value_that_agrees_is_accepted() -> None:
    """Tally, standard and total may all be stated when they agree."""
    tallies = dict.fromkeys(("2.1.1", "2.1.2", "2.1.3"), tally(7, 10))
    assert rate(tallies=tallies, ratings={"2.1": "good"})["2.1"].rating == "Good"
    with pytest.raises(Disagreement, match=r"2\.1 is stated as Outstanding, but the evidence beneath it gives Good"):
        rate(tallies=tallies, ratings={"2.1": "Outstanding"})


def test_a_stated_value_must_lie_in_the_interval_still_possible() -> None:
    """A stated rating that open evidence can no longer lead to is a disagreement."""
    with pytest.raises(Disagreement):
        rate(tallies={"2.1.1": tally(1, 10, open=3)}, ratings={"2.1": "Good"})
    with pytest.raises(Disagreement):
        rate(ratings={"2.1": "Outstanding"}, values={"total": "2"})


@pytest.mark.parametrize(
    ("yes", "of", "departure", "allowed"),
    [
        (46, 100, "Requires improvement", True),  # within five points of 50
        (45, 100, "Requires improvement", True),  # on the fifth point
        (44, 100, "Requires improvement", False),
        (57, 100, "Good", False),
        (60, 100, "Good", True),
        (3, 5, "Good", True),  # a sample of five
        (4, 7, "Good", True),  # one more yes is 71%
        (11, 20, "Inadequate", True),  # within five points of 50
        (7, 7, "Good", False),
        (17, 30, "Good", False),
    ],
)
def test_professional_discretion_needs_its_grounds(yes: int, of: int, departure: str, allowed: bool) -> None:
    """A departure is allowed near an edge, one answer away, or on five cases or fewer, and else refused."""
    evidence = {
        "tallies": {"2.3.1": tally(yes, of), "2.3.2": tally(100, 100), "2.3.3": tally(100, 100)},
        "departures": {"2.3": {"rating": departure, "reason": "a reason (made up)"}},
    }
    if not allowed:
        with pytest.raises(DepartureRefused, match="2.3"):
            inspectlib.rate(CRC, evidence)
        return
    outcome = inspectlib.rate(CRC, evidence)["2.3"]
    assert outcome.rating == departure != outcome.computed
    assert outcome.departure is not None
    assert outcome.departure.grounds


def test_unpaid_work_may_be_departed_from_without_further_grounds() -> None:
    """Unpaid work lets the panel depart by one band with a reason alone, and not by two."""
    tallies = dict.fromkeys(("4.1.1", "4.1.2", "4.1.3", "4.1.4"), tally(57, 100))
    good = {"rating": "Good", "reason": "a reason (made up)"}
    assert rate(tallies=tallies, departures={"4.1": good})["4.1"].rating == "Good"
    with pytest.raises(DepartureRefused, match="2 bands"):
        rate(tallies=tallies, departures={"4.1": {**good, "rating": "Outstanding"}})


def test_rounding_that_would_change_a_rating_is_marked() -> None:
    """64.5% is Requires improvement, marked as Good if rounded first; so is everything that it would change."""
    tallies = dict.fromkeys(("2.1.1", "2.1.2", "2.1.3"), tally(129, 200))
    judgement = rate(tallies=tallies)
    for node in ("2.1.1", "2.1"):
        assert (judgement[node].rating, judgement[node].other_rounding) == ("Requires improvement", "Good")
    assert rate(tallies={"2.1.1": tally(128, 200)})["2.1.1"].other_rounding is None


def test_a_total_counts_against_all_scored_standards_unless_it_says_otherwise() -> None:
    """A total without a maximum counts against all scored standards; resettlement of youth 2021 is not among them."""
    assert rate(values={"total": 16}).to_data()["overall"]["max"] == 30
    assert inspectlib.rate(YOUTH, {"values": {"total": "31"}}).to_data()["overall"]["max"] == 36
    assert inspectlib.rate(YOUTH, {"values": {"total": {"score": 1, "max": 24}}}).overall.rating == "Inadequate"  # type: ignore[union-attr]


def test_a_record_is_read_back_and_computed_again() -> None:
    """from_json gives an equal judgement; with the framework it is computed again and can be explained."""
    evidence = inspectlib.load_evidence("examples/made-up-crc/inspection.yaml", cases="examples/made-up-crc/cases.csv")
    judgement = inspectlib.rate(CRC, evidence)
    text = judgement.to_json()
    recorded = Judgement.from_json(text)
    assert recorded == judgement
    assert hash(recorded) == hash(judgement)
    assert recorded.to_json() == text
    assert Judgement.from_json(text, CRC).explain("1.1") == judgement.explain("1.1")
    with pytest.raises(OtherRecord, match="with its framework"):
        recorded.explain()
    assert recorded.position("1.1") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "inspectlib/judgement/1"}', "NaN", "[" * 100_000, '{"format": 1}']
)
def test_what_is_no_record_is_refused(text: str) -> None:
    """Anything that is not a recorded judgement is refused as such."""
    with pytest.raises(OtherRecord):
        Judgement.from_json(text)


def test_a_record_that_was_changed_is_found_out() -> None:
    """A record whose ratings are not those of its evidence, or that another framework gave, is refused."""
    data = rate(values={"total": 16}).to_data()
    with pytest.raises(OtherRecord, match="given by hmip-crc-2019"):
        Judgement.from_json(json.dumps(data), YOUTH)
    data["overall"]["rating"] = "Outstanding"
    with pytest.raises(OtherRecord, match="overall"):
        Judgement.from_json(json.dumps(data), CRC)


def test_a_judgement_cannot_be_changed_and_can_be_pickled() -> None:
    """Judgements are immutable, and travel between processes."""
    judgement = rate(values={"total": 16})
    with pytest.raises(AttributeError):
        judgement.service = "other"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(judgement)) == judgement


def test_a_framework_is_hashable_and_shared_between_threads() -> None:
    """One framework may rate in many threads at once with the same result, and is known by its fingerprint."""
    again = inspectlib.load("hmip-crc-2019")
    assert hash(again.graph) == hash(CRC.graph)
    assert again.graph == CRC.graph != YOUTH.graph
    assert hash(again) == hash(CRC)
    evidence = {"tallies": {"2.1.1": tally(6, 10, open=5)}, "panel": {"1.1": "Good"}}
    with ThreadPoolExecutor(8) as pool:
        texts = set(pool.map(lambda _: inspectlib.rate(again, evidence).to_json(), range(64)))
    assert texts == {inspectlib.rate(CRC, evidence).to_json()}


def test_unknown_nodes_are_named() -> None:
    """Asking for what is not there says so, with the nearest name."""
    judgement = rate()
    with pytest.raises(UnknownNode, match="did you mean 'delivery'"):
        judgement["delivry"]
    with pytest.raises(UnknownNode):
        judgement.explain("9.9")


def test_evidence_built_in_code_is_the_same_as_read() -> None:
    """Evidence built from its classes rates like a mapping, and cannot carry what a file could not."""
    built = Evidence(tallies=evidence_from({"tallies": {"2.1.1": tally(3, 4)}}).tallies)
    assert inspectlib.rate(CRC, built).to_json() == rate(tallies={"2.1.1": tally(3, 4)}).to_json()
    bad = Evidence(tallies=type(built.tallies)({"2.1.1": Count(5, 4)}))
    with pytest.raises(InspectError, match="bad-tally"):
        inspectlib.rate(CRC, bad)


def test_explanations_are_complete_for_every_node() -> None:
    """Every node of a judgement can be explained, in every state, down to evidence, each step with basis and source."""
    evidence = {
        "tallies": {
            "2.1.1": tally(7, 10),
            "2.1.2": tally(129, 200),
            "2.1.3": "not applicable",
            "2.2.1": tally(3, 4, open=2),
        },
        "ratings": {"2.4": "Good", "4.1": {"rating": "not rated", "reason": "no such cases (made up)"}},
        "panel": {"1.1": {"rating": "Outstanding", "reason": "a reason (made up)"}, "1.2": "Good"},
    }
    judgement = inspectlib.rate(CRC, evidence)
    for node in judgement.outcomes:
        explanation = judgement.explain(node)
        steps = {step.node: step for step in explanation.steps}
        for step in explanation.steps:
            assert step.has
            assert all(used.rule.words and used.rule.basis and used.rule.source for used in step.rules)
            assert all(name in steps for name in step.inputs)
        assert explanation.text().startswith(judgement[node].title)
        assert explanation.text(full=True).startswith(explanation.text())
