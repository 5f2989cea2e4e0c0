"""Seeded faults: each a single plausible edit to a shipped framework, and by what it is caught.

A fault is refused when the file is loaded, or it refutes a law that the shipped framework keeps. Evidence that a law
gives as a counterexample, and what is known of past inspections, is rated again on the command line and must show it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

import inspectlib
from inspectlib.cli import cli
from inspectlib.errors import (
    BadRule,
    BadScores,
    BandGap,
    BandOrder,
    BandOverlap,
    DepartureRefused,
    DuplicateKey,
    Fault,
    InspectError,
    RepeatedInput,
    RuleCycle,
    TableGap,
    TableOverlap,
    UnreachableRating,
    WrongKind,
)
from inspectlib.files.write import framework_text
from inspectlib.framework import Known
from inspectlib.laws import Finding, Status
from inspectlib.laws.laws import Laws

CRC_2018, CRC_2019, NPS_2018, NPS_2019 = "hmip-crc-2018", "hmip-crc-2019", "hmip-nps-2018", "hmip-nps-2019"
PDU_2021, PDU, REGION = "hmip-pdu-2021", "hmip-pdu-2023", "hmip-region-2023"
SMALL, YOUTH_2018, YOUTH = "hmip-small-youth-2019", "hmip-youth-2018", "hmip-youth-2021"
FOOD, CARE, HOMES_2019, HOMES_2022 = (
    "food-hygiene-rating",
    "care-quality-2022",
    "nursing-home-stars-2019",
    "nursing-home-stars-2022",
)


class Refused(NamedTuple):
    """An edit to a shipped framework that is refused when it is loaded."""

    name: str
    framework: str
    old: str
    new: str
    by: type[Fault]

    def __str__(self) -> str:
        return f"{self.framework}: {self.name}"


class Refuted(NamedTuple):
    """An edit to a shipped framework that refutes laws: each as the law, and what it is about."""

    name: str
    framework: str
    old: str
    new: str
    by: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.framework}: {self.name}"


def edges(name: str, framework: str, old: str, new: str, *by: str) -> Refuted:
    """An edit to both sides of an edge between two bands: ``old`` and ``new`` are `below|band|at_least`."""
    return Refuted(name, framework, _edge(old), _edge(new), by)


def _edge(text: str) -> str:
    upper, band, lower = text.split("|")
    return f"{upper}\n      {band}:\n        {lower}"


_PDU_SHARES = "bands:\n  shares:\n    scale: ratings\n"
_PDU_TOTAL = "rule: total\n    of:\n    - scored\n"
_PDU_SCALE = "    - Inadequate\n    - Requires improvement\n    - Good\n    - Outstanding\n"
_HEADROOM = "law: reached\n    of:\n    - leadership_ceiling\n"
_DELIVERY = 'delivery_standards:\n  - "2"'
_OVER_CEILING, _AT_CEILING = "known: leadership above its ceiling", "known: leadership at its ceiling"
_WITH_A_REASON = "known: leadership above its ceiling with a reason"
_FIVE_POINTS = "known: departed from within five points of an edge"
_SIX_POINTS = "known: departed from six points from an edge"
_FIVE_CASES, _SIX_CASES = "known: departed from on five cases", "known: departed from on six cases"
_ONE_ANSWER = "known: departed from where one other answer would do"
_NOT_ROUNDED = ("known: 129 of 200 cases", "known: 159 of 200 cases")
_DELIVERY_MEAN = "rule: mean\n    of:\n    - delivery_standards\n"
_REVIEWING_FOR_OTHERS = (
    '          "2.4.3":\n            title: keeping others safe\n'
    "            text: Does reviewing look well enough at keeping other people safe?\n"
    "            sub_sample: not cases with a low risk of serious harm\n"
)
_SMALL_QUESTION = (
    '          "3.4.2":\n            title: work with the police\n'
    "            text: Does the service work well enough with the police in carrying out the disposal?\n"
    "            basis: modelled\n            source: own-choice\n"
    "            note: That there are key questions is reported; these two topics are our choice.\n"
)
_YOUTH_SCORED = 'scored:\n  - "1"\n  - "2"\n  - "3"\n'
_PLANNING_FOR_OTHERS = (
    '          "2.2.3":\n            title: keeping others safe\n'
    "            text: Does the plan do enough to keep other people safe?\n"
    "            sub_sample: not cases with a low risk of serious harm\n"
)
_PANEL = "rule: panel\n        scale: ratings\n"
_STAFFING_1 = '    - when:\n        staffing:\n        - "1"\n      then: "-1"\n'
_STAFFING_NONE = '- "2"\n        - "3"\n        - absent\n      then: "0"'
_QUALITY_NONE = '        - absent\n      then: "0"\n    - when:\n        quality:\n'
_CARE_ROW = "        lowest_rating:\n        - at least Good\n      then: Outstanding"
_TWO_BELOW, _TWO_INADEQUATE = 'of: below_good_count\n    at_least: "2"', 'of: inadequate_count\n    at_least: "2"'

REFUSED = [
    # bands of shares and means
    Refused("shares leave a gap", PDU, "at_least: 0.65", "at_least: 0.66", BandGap),
    Refused("shares overlap", PDU, "at_least: 0.65", "at_least: 0.64", BandOverlap),
    Refused("an edge in both bands", PDU, "below: 0.65", "at_most: 0.65", BandOverlap),
    Refused("an edge in neither band", PDU, "at_least: 0.65", "above: 0.65", BandGap),
    Refused("a band is left out", PDU, "      Good:\n        at_least: 0.65\n        below: 0.8\n", "", BandGap),
    Refused("a lower share is better", PDU, _PDU_SHARES, f"{_PDU_SHARES}    better: lower\n", BandOrder),
    Refused(
        "two bands change places",
        PDU,
        "Requires improvement:\n        at_least: 0.5\n        below: 0.65\n      Good:",
        "Good:\n        at_least: 0.5\n        below: 0.65\n      Requires improvement:",
        BandOrder,
    ),
    Refused(
        "65% is misprinted",
        PDU,
        _edge("below: 0.65|Good|at_least: 0.65"),
        _edge("below: 6.5|Good|at_least: 6.5"),
        BandOrder,
    ),
    Refused("means leave a gap", NPS_2018, "above: 2.5", "above: 2.6", BandGap),
    # the scale
    Refused(
        "the best rating first",
        PDU,
        _PDU_SCALE,
        "    - Outstanding\n    - Good\n    - Requires improvement\n    - Inadequate\n",
        BandOrder,
    ),
    Refused("two ratings with one score", PDU, _PDU_SCALE, f"{_PDU_SCALE}    scores: [0, 1, 2, 2]\n", BadScores),
    Refused("a negative score", PDU, _PDU_SCALE, f"{_PDU_SCALE}    scores: [-1, 0, 1, 2]\n", BadScores),
    Refused("scores from 1 on", PDU, _PDU_SCALE, f"{_PDU_SCALE}    scores: [1, 2, 3, 4]\n", UnreachableRating),
    Refused("stars out of order", HOMES_2019, "- 3\n    - 4\n    - 5\n", "- 3\n    - 5\n    - 4\n", BadScores),
    # what is put together
    Refused("a negative weight", PDU, _PDU_TOTAL, f'{_PDU_TOTAL}    weights: {{"2.1": -1}}\n', BadRule),
    Refused("no weight", PDU, _PDU_TOTAL, f'{_PDU_TOTAL}    weights: {{"2.1": 0}}\n', BadRule),
    Refused("a standard counted twice", PDU, "- scored\n", '- scored\n    - "2.1"\n', RepeatedInput),
    Refused("a question used twice", PDU, "- questions\n", '- questions\n        - "2.1.1"\n', RepeatedInput),
    Refused("a question with a number that is taken", PDU, '          "2.1.2":', '          "2.1.1":', DuplicateKey),
    Refused("a mean of questions where a rating belongs", PDU, "rule: lowest", "rule: mean", WrongKind),
    Refused("the sum banded as a mean", PDU, "of: mean_score\n", "of: total\n", UnreachableRating),
    Refused(
        "the panel's standard rated from no cases",
        PDU,
        "title: Staffing\n",
        "title: Staffing\n        method: cases\n",
        BadRule,
    ),
    Refused("a standard with a number that is taken", SMALL, '"2.2":', '"2.1":', DuplicateKey),
    Refused("a share of itself", SMALL, "of: answers", "of: share", RuleCycle),
    Refused("a share of what is no count", SMALL, "kind: answers", "kind: flag", WrongKind),
    # guides
    Refused("a discretion of no band", PDU, "of: computed\n", "of: computed\n        bands: 0\n", BadRule),
    Refused(
        "the ceiling of leadership reads overall", PDU, "ceiling: leadership_ceiling", "ceiling: overall", RuleCycle
    ),
    Refused("the guide reads leadership itself", PDU, _DELIVERY, f'{_DELIVERY}\n  - "1.1"', RuleCycle),
    Refused("the guide reads all of domain 1", PDU, _DELIVERY, f'{_DELIVERY}\n  - "1"', RuleCycle),
    Refused("the headroom is added to overall", PDU, "of: delivery\n", "of: overall\n", RuleCycle),
    # other regulators
    Refused("food totals leave a gap", FOOD, "above: 30", "above: 31", BandGap),
    Refused("a higher food total is better", FOOD, "better: lower", "better: higher", BandOrder),
    Refused(
        "the food total without one score", FOOD, "    - confidence\n    unrated", "    unrated", UnreachableRating
    ),
    Refused(
        "a food score counted twice",
        FOOD,
        "- confidence\n    unrated",
        "- confidence\n    - confidence\n    unrated",
        RepeatedInput,
    ),
    Refused(
        "a negative weight in the food total",
        FOOD,
        "- confidence\n    unrated",
        "- confidence\n    weights: {confidence: -1}\n    unrated",
        BadRule,
    ),
    Refused("the mean of the food scores banded as a sum", FOOD, "rule: total", "rule: mean", UnreachableRating),
    Refused("a row of the table is missing", HOMES_2019, _STAFFING_1, "", TableGap),
    Refused(
        "rows of the table overlap",
        HOMES_2019,
        '- "2"\n        - "3"\n        - absent',
        '- "1"\n        - "2"\n        - "3"\n        - absent',
        TableOverlap,
    ),
    Refused("a row of the table is too narrow", HOMES_2019, "- below 5\n", "- below 4\n", TableGap),
    Refused("a row of the table is too wide", HOMES_2019, "- below 5\n", "- at most 5\n", TableOverlap),
    Refused(
        "the rating after quality rests on itself", HOMES_2019, "of: after_staffing\n", "of: after_quality\n", RuleCycle
    ),
    Refused(
        "four stars add one too",
        HOMES_2022,
        '- "5"\n      then: "1"\n    - when:\n        staffing',
        '- "4"\n        - "5"\n      then: "1"\n    - when:\n        staffing',
        TableOverlap,
    ),
    Refused("a row is out by one rating", CARE, "- at least Good\n", "- at least Outstanding\n", TableGap),
    Refused("two rows share a rating", CARE, "- below Good\n", "- at most Good\n", TableOverlap),
    Refused("two rows share a count", CARE, "- below 2\n", "- at most 2\n", TableOverlap),
    Refused(
        "enough for Outstanding gives Good",
        CARE,
        _CARE_ROW,
        _CARE_ROW.replace("Outstanding", "Good"),
        UnreachableRating,
    ),
    Refused(
        "the worst limit does not limit to the worst",
        CARE,
        "to: Inadequate",
        "to: Requires improvement",
        UnreachableRating,
    ),
    Refused(
        "two Inadequate become six", CARE, _TWO_INADEQUATE, 'of: inadequate_count\n    at_least: "6"', UnreachableRating
    ),
    Refused("the last limit is passed over", CARE, "of: normally\n", "of: limited_one_inadequate\n", UnreachableRating),
    Refused(
        "a key question counted twice", CARE, "  - well_led\nnodes", "  - well_led\n  - safe\nnodes", RepeatedInput
    ),
]

REFUTED = [
    # bands of shares
    edges(
        "Good from 66%",
        PDU,
        "below: 0.65|Good|at_least: 0.65",
        "below: 0.66|Good|at_least: 0.66",
        "known: 65 of 100 cases",
    ),
    edges(
        "Good from 64%",
        PDU,
        "below: 0.65|Good|at_least: 0.65",
        "below: 0.64|Good|at_least: 0.64",
        "known: 64 of 100 cases",
    ),
    edges(
        "50% itself is Inadequate",
        PDU,
        "below: 0.5|Requires improvement|at_least: 0.5",
        "at_most: 0.5|Requires improvement|above: 0.5",
        "known: 50 of 100 cases",
    ),
    edges(
        "80% itself is Good",
        PDU,
        "below: 0.8|Outstanding|at_least: 0.8",
        "at_most: 0.8|Outstanding|above: 0.8",
        "known: 80 of 100 cases",
    ),
    edges(
        "Requires improvement from 49%",
        NPS_2019,
        "below: 0.5|Requires improvement|at_least: 0.5",
        "below: 0.49|Requires improvement|at_least: 0.49",
        "known: 49 of 100 cases",
    ),
    # bands of means
    edges("1.4 for 1.5", PDU, "at_most: 1.5|Good|above: 1.5", "at_most: 1.4|Good|above: 1.4", "known: 10 of 21"),
    edges("1.6 for 1.5", PDU, "at_most: 1.5|Good|above: 1.5", "at_most: 1.6|Good|above: 1.6", "known: 11 of 21"),
    edges(
        "2.4 for 2.5",
        PDU,
        "at_most: 2.5|Outstanding|above: 2.5",
        "at_most: 2.4|Outstanding|above: 2.4",
        "known: 17 of 21",
    ),
    edges(
        "2.6 for 2.5",
        PDU,
        "at_most: 2.5|Outstanding|above: 2.5",
        "at_most: 2.6|Outstanding|above: 2.6",
        "known: 18 of 21",
    ),
    edges(
        "0.6 for 0.5",
        PDU,
        "at_most: 0.5|Requires improvement|above: 0.5",
        "at_most: 0.6|Requires improvement|above: 0.6",
        "known: 4 of 21",
    ),
    edges(
        "a mean of 1.5 is Good for ten",
        CRC_2018,
        "at_most: 1.5|Good|above: 1.5",
        "below: 1.5|Good|at_least: 1.5",
        "known: 15 of 30",
    ),
    edges(
        "a mean of 1.5 is Good for twelve",
        YOUTH_2018,
        "at_most: 1.5|Good|above: 1.5",
        "below: 1.5|Good|at_least: 1.5",
        "known: 18 of 36",
    ),
    edges(
        "a mean of 1.5 is Good for eight",
        REGION,
        "at_most: 1.5|Good|above: 1.5",
        "below: 1.5|Good|at_least: 1.5",
        "known: 12 of 24",
    ),
    edges(
        "a mean of 0.5 is no longer Inadequate",
        CRC_2018,
        "at_most: 0.5|Requires improvement|above: 0.5",
        "below: 0.5|Requires improvement|at_least: 0.5",
        "known: 5 of 30",
    ),
    edges(
        "a mean of 2.5 is Outstanding",
        YOUTH,
        "at_most: 2.5|Outstanding|above: 2.5",
        "below: 2.5|Outstanding|at_least: 2.5",
        "known: 30 of 36",
    ),
    Refuted(
        "the mean in the bands of shares",
        PDU,
        "of: mean_score\n    bands: means",
        "of: mean_score\n    bands: shares",
        ("known: 17 of 21", "unanimous: overall", "bounded: overall"),
    ),
    # what is put together
    Refuted("the best question decides", PDU, "rule: lowest", "rule: highest", ("known: one Inadequate key question",)),
    Refuted(
        "the worst standard decides",
        PDU,
        "rule: band\n    of: mean_score\n    bands: means\n",
        "rule: lowest\n    of: [scored]\n",
        ("known: 18 of 21",),
    ),
    Refuted(
        "a standard left out of the total",
        PDU,
        "scored:\n  - standards",
        'scored:\n  - "1.1"\n  - "1.2"\n  - "2"',
        ("known: 21 of 21",),
    ),
    Refuted("only delivery is scored", PDU, "scored:\n  - standards", 'scored:\n  - "2"', ("known: 21 of 21",)),
    Refuted("Outstanding scored 4", PDU, _PDU_SCALE, f"{_PDU_SCALE}    scores: [0, 1, 2, 4]\n", ("known: 18 of 21",)),
    Refuted(
        "questions moved to another standard",
        PDU,
        '      "2.2":\n        title: Planning\n        questions:\n',
        "",
        ("known: one Inadequate key question", "known: 21 of 21"),
    ),
    Refuted(
        "a question left out",
        PDU,
        _PLANNING_FOR_OTHERS,
        "",
        ("known: one Inadequate key question",),
    ),
    Refuted(
        "a panel that is silent has not rated",
        PDU,
        f"{_PANEL}        basis",
        f"{_PANEL}        missing: not rated\n        missing_reason: silent\n        basis",
        ("known: 21 of 21",),
    ),
    Refuted(
        "a domain left out of the total", YOUTH, _YOUTH_SCORED, 'scored:\n  - "1"\n  - "2"\n', ("known: 36 of 36",)
    ),
    Refuted(
        "a standard of domain 3 left out of the total",
        YOUTH,
        _YOUTH_SCORED,
        'scored:\n  - "1"\n  - "2"\n  - "3.1"\n  - "3.2"\n  - "3.3"\n',
        ("known: 36 of 36",),
    ),
    # weights, and what is not rated
    Refuted(
        "a standard counts double",
        PDU,
        _PDU_TOTAL,
        f'{_PDU_TOTAL}    weights: {{"2.1": 2}}\n',
        ("known: every standard",),
    ),
    Refuted(
        "leadership counts double",
        CRC_2019,
        _PDU_TOTAL,
        f'{_PDU_TOTAL}    weights: {{"1.1": 2}}\n',
        ("known: every standard",),
    ),
    Refuted(
        "a standard counts double for delivery",
        PDU,
        _DELIVERY_MEAN,
        f'{_DELIVERY_MEAN}    weights: {{"2.1": 2}}\n',
        ("known: every standard of delivery",),
    ),
    Refuted(
        "a standard counts half",
        NPS_2018,
        _PDU_TOTAL,
        f'{_PDU_TOTAL}    weights: {{"3.2": 1/2}}\n',
        ("known: every standard",),
    ),
    Refuted(
        "one standard not rated, no total",
        PDU,
        _PDU_TOTAL,
        f"{_PDU_TOTAL}    unrated: not rated\n",
        ("known: two standards not rated",),
    ),
    Refuted(
        "one standard not rated, no delivery rating",
        PDU,
        _DELIVERY_MEAN,
        f"{_DELIVERY_MEAN}    unrated: not rated\n",
        ("known: a standard of delivery not rated",),
    ),
    edges(
        "a mean of 0.5 is no longer Inadequate for seven",
        PDU,
        "at_most: 0.5|Requires improvement|above: 0.5",
        "below: 0.5|Requires improvement|at_least: 0.5",
        "known: 3 of 18",
    ),
    edges(
        "a mean of 2.5 is Outstanding for seven",
        PDU,
        "at_most: 2.5|Outstanding|above: 2.5",
        "below: 2.5|Outstanding|at_least: 2.5",
        "known: 15 of 18",
    ),
    edges(
        "0.6 for 0.5 where some are not rated",
        REGION,
        "at_most: 0.5|Requires improvement|above: 0.5",
        "at_most: 0.6|Requires improvement|above: 0.6",
        "known: 4 of 21",
    ),
    Refuted("shares are rounded", PDU, _PDU_SHARES, f"{_PDU_SHARES}    rounding: whole percent\n", _NOT_ROUNDED),
    # what is asked
    Refuted("the last question taken out", PDU, _REVIEWING_FOR_OTHERS, "", ("known: every key question",)),
    Refuted(
        "a question added",
        PDU,
        _REVIEWING_FOR_OTHERS,
        f'{_REVIEWING_FOR_OTHERS}          "2.4.4":\n            title: one more\n',
        ("known: every key question",),
    ),
    Refuted(
        "a question of a service that is not rated taken out",
        SMALL,
        _SMALL_QUESTION,
        "",
        ("known: the share of every key question",),
    ),
    Refuted(
        "the panel rates what is rated from cases",
        PDU,
        "        title: Reviewing\n",
        "        title: Reviewing\n        method: panel\n",
        ("known: every key question",),
    ),
    Refuted(
        "services are guided by delivery too",
        PDU,
        "        title: Services\n",
        "        title: Services\n        method: panel guided by delivery\n",
        ("known: every standard",),
    ),
    Refuted(
        "staffing is guided by delivery too",
        PDU,
        "        title: Staffing\n",
        "        title: Staffing\n        method: panel guided by delivery\n",
        ("known: staffing above the ceiling of leadership", "known: every standard"),
    ),
    Refuted(
        "a standard left out of delivery",
        PDU,
        _DELIVERY,
        'delivery_standards:\n  - "2.1"\n  - "2.2"\n  - "2.3"',
        ("known: every standard of delivery",),
    ),
    # the limit of resettlement
    Refuted("the limit lifts", YOUTH, "rule: limit", "rule: lift", ("known: Inadequate resettlement", "monotone: 4.1")),
    Refuted(
        "the limit is Outstanding",
        YOUTH,
        "to: Good",
        "to: Outstanding",
        ("known: Inadequate resettlement", "limits: overall"),
    ),
    Refuted(
        "the limit is Requires improvement",
        YOUTH,
        "to: Good",
        "to: Requires improvement",
        ("known: Inadequate resettlement",),
    ),
    Refuted("any resettlement limits", YOUTH, "at_most: Inadequate", "at_least: Inadequate", ("unanimous: overall",)),
    Refuted(
        "better resettlement limits",
        YOUTH,
        "at_most: Inadequate",
        "above: Inadequate",
        ("known: Inadequate resettlement", "monotone: 4.1"),
    ),
    Refuted("another standard limits", YOUTH, 'of: "4.1"\n', 'of: "3.4"\n', ("known: Inadequate resettlement",)),
    Refuted(
        "silence on resettlement leaves it open",
        YOUTH,
        "        missing: not rated\n        missing_reason: no resettlement cases, so far as the evidence says\n",
        "",
        ("known: 36 of 36",),
    ),
    # guides and departures
    Refuted(
        "a discretion of two bands",
        PDU,
        "of: computed\n",
        "of: computed\n        bands: 2\n",
        ("departures: 2.1", "departures: 2.4"),
    ),
    Refuted(
        "a discretion of three bands",
        NPS_2018,
        "of: computed\n",
        "of: computed\n        bands: 3\n",
        ("departures: 3.2",),
    ),
    Refuted("within ten points", PDU, "within_points: 5", "within_points: 10", (_SIX_POINTS,)),
    Refuted("within six points", YOUTH, "within_points: 5", "within_points: 6", (_SIX_POINTS,)),
    Refuted("within four points", REGION, "within_points: 5", "within_points: 4", (_FIVE_POINTS,)),
    Refuted("ten cases are few", PDU, "sample_at_most: 5", "sample_at_most: 10", (_SIX_CASES,)),
    Refuted("six cases are few", NPS_2019, "sample_at_most: 5", "sample_at_most: 6", (_SIX_CASES,)),
    Refuted("five cases are not few", PDU_2021, "sample_at_most: 5", "sample_at_most: 4", (_FIVE_CASES,)),
    Refuted("no small samples", PDU, "        sample_at_most: 5\n", "", (_FIVE_CASES,)),
    Refuted("one other answer is no ground", CRC_2018, "one_answer: true", "one_answer: false", (_ONE_ANSWER,)),
    Refuted(
        "no grounds are needed for one standard",
        CRC_2018,
        "        title: Reviewing\n",
        "        title: Reviewing\n        method: cases or panel\n",
        ("known: 2.4 departed from six points from an edge",),
    ),
    Refuted(
        "no grounds are needed",
        YOUTH_2018,
        "        within_points: 5\n        one_answer: true\n        sample_at_most: 5\n",
        "",
        (_SIX_POINTS, _SIX_CASES),
    ),
    Refuted(
        "the ceiling is a floor", PDU, "ceiling: leadership_ceiling", "floor: leadership_ceiling", (_OVER_CEILING,)
    ),
    Refuted(
        "the ceiling is binding",
        PDU,
        "ceiling: leadership_ceiling",
        "ceiling: leadership_ceiling\n        binding: true",
        (_WITH_A_REASON,),
    ),
    Refuted(
        "the ceiling is delivery itself",
        PDU,
        "ceiling: leadership_ceiling",
        "ceiling: delivery",
        (_OVER_CEILING, _AT_CEILING),
    ),
    Refuted("leadership has no guide", PDU, "        method: panel guided by delivery\n", "", (_OVER_CEILING,)),
    Refuted("the guide reads staffing", PDU, _DELIVERY, f'{_DELIVERY}\n  - "1.2"', ("guided: 1.1",)),
    Refuted("the headroom is on staffing", PDU, "of: delivery\n", 'of: "1.2"\n', ("guided: 1.1", _AT_CEILING)),
    Refuted("no headroom", PDU, 'by: "1"', 'by: "0"', (_OVER_CEILING, _AT_CEILING, "reached: leadership_ceiling")),
    Refuted("a headroom of two bands", PDU_2021, 'by: "1"', 'by: "2"', (_OVER_CEILING, "reached: leadership_ceiling")),
    Refuted("a headroom of three bands", PDU, 'by: "1"', 'by: "3"', (_OVER_CEILING, "limits: 1.1")),
    Refuted("a ceiling below delivery", CRC_2019, 'by: "1"', 'by: "-1"', (_OVER_CEILING, _AT_CEILING)),
    # what the framework says of itself
    Refuted(
        "an exception to no law",
        PDU,
        "law: reached",
        "law: reachable",
        ("reached: leadership_ceiling", "reachable: leadership_ceiling"),
    ),
    Refuted(
        "an exception to another law",
        PDU,
        "law: reached",
        "law: monotone",
        ("reached: leadership_ceiling", "monotone: leadership_ceiling"),
    ),
    Refuted(
        "an exception for another node",
        PDU,
        _HEADROOM,
        _HEADROOM.replace("leadership_ceiling", "delivery"),
        ("reached: leadership_ceiling", "reached: delivery"),
    ),
    Refuted(
        "an exception for another rating",
        PDU,
        "ratings:\n    - Inadequate\n    basis",
        "ratings:\n    - Good\n    basis",
        ("reached: leadership_ceiling",),
    ),
    Refuted(
        "an exception for one rating too many",
        PDU,
        "ratings:\n    - Inadequate\n    basis",
        "ratings:\n    - Inadequate\n    - Good\n    basis",
        ("reached: leadership_ceiling",),
    ),
    Refuted(
        "a refusal for another fault",
        PDU,
        "six points from an edge:\n    refused: departure-refused",
        "six points from an edge:\n    refused: reason-missing",
        (_SIX_POINTS,),
    ),
    Refuted("an exception that is none", PDU, _HEADROOM, f"{_HEADROOM}    - overall\n", ("reached: overall",)),
    Refuted("what is known is misprinted", PDU, '"2.1.1.yes": "64"', '"2.1.1.yes": "66"', ("known: 64 of 100 cases",)),
    Refuted(
        "what is known is of no node",
        PDU,
        'delivery: Requires improvement\n      "1.1"',
        'delivry: Requires improvement\n      "1.1"',
        (_AT_CEILING,),
    ),
    # food hygiene: bands
    edges("5 up to 10", FOOD, 'at_most: 15|"4"|above: 15', 'at_most: 10|"4"|above: 10', "known: 5 and 5 and 5"),
    edges("15 itself is 4", FOOD, 'at_most: 15|"4"|above: 15', 'below: 15|"4"|at_least: 15', "known: 5 and 5 and 5"),
    edges("4 up to 25", FOOD, 'at_most: 20|"3"|above: 20', 'at_most: 25|"3"|above: 25', "known: 10 and 10 and 5"),
    edges(
        "20 itself is 3",
        FOOD,
        'at_most: 20|"3"|above: 20',
        'below: 20|"3"|at_least: 20',
        "known: 5 and 5 and 10",
        "reached: rating_by_total",
    ),
    edges("3 up to 25", FOOD, 'at_most: 30|"2"|above: 30', 'at_most: 25|"2"|above: 25', "known: 10 and 10 and 10"),
    edges("2 up to 45", FOOD, 'at_most: 40|"1"|above: 40', 'at_most: 45|"1"|above: 45', "known: 15 and 15 and 15"),
    edges("1 up to 55", FOOD, 'at_most: 50|"0"|above: 50', 'at_most: 55|"0"|above: 55', "known: 20 and 20 and 15"),
    # food hygiene: limits
    Refuted("a score of 5 itself limits", FOOD, 'above: "5"', 'at_least: "5"', ("known: 5 and 5 and 5",)),
    Refuted(
        "a score of 10 itself limits",
        FOOD,
        'above: "10"',
        'at_least: "10"',
        ("known: 0 and 0 and 10", "reached: overall"),
    ),
    Refuted("a score of 20 itself limits to 0", FOOD, 'above: "20"', 'at_least: "20"', ("known: 0 and 0 and 20",)),
    Refuted("no score is over 30", FOOD, 'above: "20"', 'above: "30"', ("known: 0 and 25 and 0", "limits: overall")),
    Refuted(
        "a low score limits", FOOD, 'above: "15"', 'below: "15"', ("known: 0 and 0 and 0", "reached: limited_over_15")
    ),
    Refuted(
        "the best score limits", FOOD, "rule: highest", "rule: lowest", ("known: 0 and 0 and 10", "limits: overall")
    ),
    Refuted(
        "one score does not limit",
        FOOD,
        "rule: highest\n    of:\n    - hygiene\n    - structural\n    - confidence\n",
        "rule: highest\n    of:\n    - hygiene\n    - structural\n",
        ("known: 0 and 0 and 10",),
    ),
    Refuted(
        "a limit to the best rating",
        FOOD,
        'of: rating_by_total\n    to: "4"',
        'of: rating_by_total\n    to: "5"',
        ("known: 0 and 0 and 10", "limits: limited_over_5"),
    ),
    Refuted(
        "limits out of order",
        FOOD,
        'of: rating_by_total\n    to: "4"',
        'of: rating_by_total\n    to: "1"',
        ("known: 0 and 0 and 10", "limits: limited_over_10"),
    ),
    Refuted("the limit over 10 is 3", FOOD, 'to: "2"', 'to: "3"', ("known: 0 and 0 and 15",)),
    Refuted(
        "the last limit lifts",
        FOOD,
        "rule: limit\n    of: limited_over_15",
        "rule: lift\n    of: limited_over_15",
        ("known: 0 and 25 and 0", "limits: overall"),
    ),
    Refuted(
        "a limit is passed over", FOOD, "of: limited_over_5\n", "of: rating_by_total\n", ("known: 0 and 0 and 10",)
    ),
    Refuted("a limit on another condition", FOOD, "when: over_15\n", "when: over_20\n", ("known: 0 and 0 and 20",)),
    Refuted(
        "a score that counts twice",
        FOOD,
        "- confidence\n    unrated",
        "- confidence\n    weights: {confidence: 2}\n    unrated",
        ("known: 5 and 5 and 5",),
    ),
    Refuted(
        "a higher score is declared worse for two of three",
        FOOD,
        "    - confidence\n    reason",
        "    reason",
        ("monotone: confidence",),
    ),
    Refuted(
        "the worst of two scores limits",
        FOOD,
        "rule: highest\n    of:\n    - hygiene\n",
        "rule: highest\n    of:\n",
        ("known: 10 and 0 and 0",),
    ),
    Refuted(
        "a limit on one score alone",
        FOOD,
        'of: worst_score\n    above: "15"',
        'of: confidence\n    above: "15"',
        ("known: 20 and 0 and 0", "known: 0 and 20 and 0"),
    ),
    Refuted(
        "a score not rated leaves the total",
        FOOD,
        "    unrated: not rated\n",
        "",
        ("known: confidence not rated",),
    ),
    Refuted(
        "silence on hygiene is no score",
        FOOD,
        "    title: Hygiene score\n",
        "    title: Hygiene score\n    missing: not rated\n    missing_reason: silent\n",
        ("known: no hygiene score",),
    ),
    edges("3 up to 35", FOOD, 'at_most: 30|"2"|above: 30', 'at_most: 35|"2"|above: 35', "known: 15 and 10 and 10"),
    # nursing homes
    Refuted(
        "silence on special focus is none",
        HOMES_2019,
        "    title: Facility is a special focus facility\n",
        "    title: Facility is a special focus facility\n    missing: not rated\n    missing_reason: silent\n",
        ("known: nothing said of special focus",),
    ),
    Refuted(
        "silence on health is no rating",
        HOMES_2022,
        "    title: Health inspection rating\n",
        "    title: Health inspection rating\n    missing: not applicable\n    missing_reason: silent\n",
        ("known: nothing said of health",),
    ),
    Refuted(
        "no staffing rating adds a star",
        HOMES_2019,
        _STAFFING_NONE,
        _STAFFING_NONE.replace('"0"', '"1"'),
        (
            "known: 2 and no staffing and no quality",
            "monotone: staffing",
            "unanimous: after_staffing",
            "bounded: after_staffing",
        ),
    ),
    Refuted(
        "no quality rating takes a star",
        HOMES_2019,
        f'{_QUALITY_NONE}        - "1"\n',
        '      then: "0"\n    - when:\n        quality:\n        - absent\n        - "1"\n',
        ("known: 2 and no staffing and no quality", "bounded: after_quality"),
    ),
    Refuted(
        "the best quality takes a star",
        HOMES_2019,
        '- "5"\n      then: "1"\n    - when:\n        quality',
        '- "5"\n      then: "-1"\n    - when:\n        quality',
        (
            "known: 1 and 5 staffing and 5 quality",
            "monotone: quality",
            "unanimous: after_quality",
            "absent: after_quality",
        ),
    ),
    Refuted(
        "the worst quality adds a star",
        HOMES_2019,
        'quality:\n        - "1"\n      then: "-1"',
        'quality:\n        - "1"\n      then: "1"',
        ("known: 5 and 5 staffing and 1 quality", "monotone: quality", "absent: after_quality"),
    ),
    Refuted(
        "staffing no better than health adds a star",
        HOMES_2019,
        '- at least 4\n      then: "0"',
        '- at least 4\n      then: "1"',
        ("known: 4 and 4 staffing and 3 quality", "unanimous: after_staffing", "bounded: after_staffing"),
    ),
    Refuted(
        "five stars twice take one",
        HOMES_2019,
        '- "5"\n      then: "0"',
        '- "5"\n      then: "-1"',
        ("monotone: health_inspection", "monotone: staffing", "absent: after_staffing"),
    ),
    Refuted(
        "one staffing star takes two",
        HOMES_2019,
        _STAFFING_1,
        _STAFFING_1.replace("-1", "-2"),
        ("known: 3 and 1 staffing and 5 quality",),
    ),
    Refuted(
        "staffing is counted twice",
        HOMES_2019,
        "by: quality_adjustment",
        "by: staffing_adjustment",
        ("known: 5 and 5 staffing and 1 quality", "monotone: health_inspection"),
    ),
    Refuted(
        "quality goes on from health",
        HOMES_2019,
        "of: after_staffing\n",
        "of: health_inspection\n",
        ("known: 3 and 4 staffing and 3 quality", "limits: after_one_star_limit"),
    ),
    Refuted(
        "one health star can have three",
        HOMES_2019,
        'to: "2"',
        'to: "3"',
        ("known: 1 and 5 staffing and 5 quality", "limits: after_one_star_limit"),
    ),
    Refuted(
        "one health star or more limits",
        HOMES_2019,
        'at_most: "1"',
        'at_least: "1"',
        ("known: 4 and 5 staffing and 3 quality", "reached: overall"),
    ),
    Refuted(
        "special focus up to four stars",
        HOMES_2019,
        'to: "3"',
        'to: "4"',
        ("known: 5 and 5 staffing and 5 quality special focus",),
    ),
    Refuted(
        "special focus up to five stars",
        HOMES_2019,
        'to: "3"',
        'to: "5"',
        ("matters: special_focus", "limits: overall", "monotone: special_focus"),
    ),
    Refuted(
        "special focus lifts",
        HOMES_2019,
        "rule: limit\n    of: after_one_star_limit",
        "rule: lift\n    of: after_one_star_limit",
        ("known: 5 and 5 staffing and 5 quality special focus", "monotone: special_focus"),
    ),
    Refuted(
        "the one-star limit is passed over",
        HOMES_2019,
        "of: after_one_star_limit",
        "of: after_quality",
        ("known: 1 and 5 staffing and 5 quality",),
    ),
    Refuted(
        "silence on staffing leaves it open",
        HOMES_2019,
        "    missing: not rated\n    missing_reason: no staffing rating, so far as the evidence says\n",
        "",
        ("known: 2 and no staffing and no quality",),
    ),
    Refuted(
        "an exception for the wrong evidence",
        HOMES_2019,
        "- special_focus\n    reason",
        "- staffing\n    reason",
        ("monotone: special_focus", "monotone: staffing"),
    ),
    Refuted(
        "five staffing stars add nothing",
        HOMES_2022,
        '- "5"\n      then: "1"\n    - when:\n        staffing',
        '- "5"\n      then: "0"\n    - when:\n        staffing',
        ("known: 3 and 5 staffing and 3 quality", "limits: after_one_star_limit"),
    ),
    # care quality
    Refuted(
        "a count from the wrong side",
        CARE,
        "at_least: Outstanding",
        "at_most: Outstanding",
        ("known: all Good",),
    ),
    Refuted("Good counts as Outstanding", CARE, "at_least: Outstanding", "at_least: Good", ("known: all Good",)),
    Refuted(
        "Good counts as below Good",
        CARE,
        "at_most: Requires improvement",
        "at_most: Good",
        ("known: all Good", "unanimous: normally"),
    ),
    Refuted(
        "what is not below Good is counted",
        CARE,
        "at_most: Requires improvement",
        "at_least: Requires improvement",
        ("known: all Good", "monotone: caring", "reached: overall"),
    ),
    Refuted("three below Good", CARE, _TWO_BELOW, _TWO_BELOW.replace("2", "3"), ("known: two Requires improvement",)),
    Refuted(
        "one below Good",
        CARE,
        _TWO_BELOW,
        _TWO_BELOW.replace("2", "1"),
        ("known: one Requires improvement", "limits: limited_one_inadequate"),
    ),
    Refuted(
        "two below Good at most",
        CARE,
        _TWO_BELOW,
        'of: below_good_count\n    at_most: "2"',
        ("known: all Good", "monotone: caring"),
    ),
    Refuted("three Inadequate", CARE, _TWO_INADEQUATE, _TWO_INADEQUATE.replace("2", "3"), ("known: two Inadequate",)),
    Refuted(
        "one Inadequate is as two", CARE, "when: two_inadequate", "when: one_inadequate", ("known: one Inadequate",)
    ),
    Refuted(
        "Outstanding whatever the rest",
        CARE,
        "- below Good\n      then: Good",
        "- below Good\n      then: Outstanding",
        ("known: two Outstanding and one Requires improvement",),
    ),
    Refuted(
        "the highest for the lowest",
        CARE,
        "rule: lowest",
        "rule: highest",
        ("known: two Outstanding and one Requires improvement", "limits: good_or_outstanding"),
    ),
    Refuted(
        "a limit that limits nothing",
        CARE,
        "of: good_or_outstanding\n    to: Requires improvement",
        "of: good_or_outstanding\n    to: Good",
        ("known: two Requires improvement", "limits: limited_two_below_good"),
    ),
    Refuted(
        "a limit that is too low",
        CARE,
        "of: good_or_outstanding\n    to: Requires improvement",
        "of: good_or_outstanding\n    to: Inadequate",
        ("known: two Requires improvement", "limits: normally"),
    ),
    Refuted(
        "the limit for one Inadequate is passed over",
        CARE,
        "of: limited_one_inadequate\n",
        "of: limited_two_below_good\n",
        ("known: one Inadequate",),
    ),
    Refuted(
        "another key question left out",
        CARE,
        "  - responsive\n",
        "",
        ("known: caring and responsive Requires improvement",),
    ),
    Refuted(
        "silence on safe is no rating",
        CARE,
        "    title: Rating for safe\n",
        "    title: Rating for safe\n    missing: not rated\n    missing_reason: silent\n",
        ("known: no rating for safe",),
    ),
    Refuted("departures of two bands", CARE, "bands: 3", "bands: 2", ("known: departed from by three ratings",)),
    Refuted("a key question left out", CARE, "  - well_led\nnodes", "nodes", ("known: two Inadequate",)),
    Refuted(
        "any departure is an exception, but one band is none", CARE, "bands: 3", "bands: 1", ("departures: overall",)
    ),
    Refuted(
        "the exception for departures is elsewhere",
        CARE,
        "law: departures\n    of:\n    - overall\n",
        "law: departures\n    of:\n    - normally\n",
        ("departures: overall", "departures: normally"),
    ),
    Refuted(
        "the exception to agreement is elsewhere",
        CARE,
        "law: unanimous\n    of:\n    - good_or_outstanding\n",
        "law: unanimous\n    of:\n    - overall\n",
        ("unanimous: good_or_outstanding", "unanimous: overall"),
    ),
    Refuted(
        "an exception to absent for bounded",
        CARE,
        "law: unanimous",
        "law: absent",
        ("unanimous: good_or_outstanding", "absent: good_or_outstanding"),
    ),
    Refuted(
        "an exception withdrawn",
        CARE,
        "    law: reached\n    of:\n    - limited_two_below_good\n",
        "    law: reached\n    of:\n",
        ("reached: limited_two_below_good",),
    ),
]


@cache
def whole(name: str) -> str:
    """A shipped framework as one file."""
    return framework_text(inspectlib.load(name))


def edited(fault: Refused | Refuted, folder: Path) -> Path:
    """A file with a seeded fault, which is a single edit."""
    text = whole(fault.framework)
    assert text.count(fault.old) == 1, f"{fault.old!r} stands {text.count(fault.old)} times in {fault.framework}"
    file = folder / "edited.yaml"
    file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return file


def found(laws: Laws, law: str) -> Iterator[Finding]:
    """What is found of one law, exceptions that are none among it; nothing where there is no such law."""
    findings = list(getattr(laws, law)()) if hasattr(laws, law) else []
    yield from findings
    yield from (finding for finding in laws.unreal(findings) if finding.law == law)


@cache
def broken(name: str, law: str) -> frozenset[str]:
    """What the shipped framework breaks a law for, without saying so."""
    findings = found(Laws(inspectlib.load(name)), law)
    return frozenset(finding.about for finding in findings if finding.status is Status.REFUTED)


@pytest.mark.parametrize("fault", REFUSED, ids=str)
def test_a_seeded_fault_is_refused_at_its_place(fault: Refused, tmp_path: Path) -> None:
    """What can be seen from the file alone is refused when it is loaded, with the line."""
    file = edited(fault, tmp_path)
    with pytest.raises(InspectError) as caught:
        inspectlib.load(file)
    assert fault.by in {type(each) for each in caught.value.faults}, str(caught.value)
    assert all(each.where and each.where.file == str(file) and each.where.line for each in caught.value.faults)


@pytest.mark.parametrize("fault", REFUTED, ids=str)
def test_a_seeded_fault_refutes_laws_that_were_kept(fault: Refuted, tmp_path: Path) -> None:
    """Everything else refutes a law; to rate the counterexample again shows that the law is broken."""
    file = edited(fault, tmp_path)
    laws = Laws(inspectlib.load(file))
    wanted = [(law, about) for law, _, about in (each.partition(": ") for each in fault.by)]
    refuted = {
        (finding.law, finding.about): finding
        for law in dict.fromkeys(law for law, _ in wanted)
        for finding in found(laws, law)
        if finding.status is Status.REFUTED
    }
    for law, about in wanted:
        assert (law, about) in refuted, f"{law} is not refuted for {about}, but {sorted(refuted)}"
        assert about not in broken(fault.framework, law)
        finding = refuted[law, about]
        if law == "known":
            known = laws.framework.data.known[about]
            assert known_again(file, known, *finding.evidence) != (known.refused or dict(known.gives))
        elif finding.evidence:
            assert SHOWN[law](laws, about, [rated(file, evidence) for evidence in finding.evidence])
            if law == "monotone":
                assert sum(one != other for one, other in zip(*map(said, finding.evidence), strict=True)) == 1


def test_every_shipped_framework_has_a_seeded_fault() -> None:
    """No framework is left out, and no fault is there twice."""
    faults: list[Refused | Refuted] = [*REFUSED, *REFUTED]
    assert {fault.framework for fault in faults} == set(inspectlib.shipped())
    assert len({(fault.framework, fault.old, fault.new) for fault in faults}) == len(faults)
    assert len({str(fault) for fault in faults}) == len(faults)


def test_a_discretion_of_two_bands_lets_a_departure_of_two_bands_stand(tmp_path: Path) -> None:
    """What the law of departures is about: the same evidence is refused under the shipped framework."""
    fault = next(fault for fault in REFUTED if fault.name == "a discretion of two bands")
    evidence = {
        "tallies": {name: {"yes": 0, "of": 2} for name in ("2.1.1", "2.1.2", "2.1.3")},
        "departures": {"2.1": {"rating": "Good", "reason": "a reason (made up)"}},
    }
    file = edited(fault, tmp_path)
    assert rated(file, evidence)["2.1"] == "Good"
    with pytest.raises(DepartureRefused):
        rated(fault.framework, evidence)


# --- rating again


def run(folder: Path, command: str, framework: str | Path, text: str) -> str:
    """What a command writes for a file of evidence."""
    given, written = folder / "given", folder / "written"
    given.write_text(text, encoding="utf-8")
    written.unlink(missing_ok=True)
    arguments = [command, str(framework), str(given), "-o", str(written)]
    cli.main(arguments + (["--format", "json"] if command == "rate" else []), standalone_mode=False)
    return written.read_text(encoding="utf-8")


def rated(framework: str | Path, evidence: Mapping[str, Any]) -> dict[str, str]:
    """What `inspectlib rate` gives each node that is rated."""
    with TemporaryDirectory() as folder:
        judgement = json.loads(run(Path(folder), "rate", framework, json.dumps(evidence)))
    entries = {**judgement["ratings"], **judgement["standards"], **judgement["questions"]}
    entries |= {"overall": judgement["overall"]} if judgement["overall"] else {}
    given = {name: rating for name, rating in evidence.get("ratings", {}).items() if rating != "not rated"}
    return given | {name: entry["rating"] for name, entry in entries.items() if entry["rating"]}


def known_again(file: Path, known: Known, evidence: Mapping[str, Any]) -> dict[str, str] | str:
    """What `inspectlib rate` gives for what is known of, in the words of a table; or why it refuses it."""
    try:
        with TemporaryDirectory() as folder:
            judgement = json.loads(run(Path(folder), "rate", file, json.dumps(evidence)))
    except InspectError as error:
        (fault, *_) = error.faults
        return fault.code
    entries = {**judgement["values"], **judgement["ratings"], **judgement["standards"], **judgement["questions"]}
    entries |= {"overall": judgement["overall"]} if judgement["overall"] else {}
    return {node: in_words(entries[node]) for node in known.gives if node in entries}


def in_words(entry: Mapping[str, Any]) -> str:
    """An entry of a judgement as a cell of a table has it."""
    if "between" in entry:
        return f"open: {' to '.join(entry['between'])}"
    value = entry["rating"] if "rating" in entry else entry["value"]
    if value is None:
        return "not rated" if "not_rated" in entry else "not applicable"
    return str(value["score"] if isinstance(value, dict) else value)


def said(evidence: Mapping[str, Any]) -> list[tuple[str, str, object]]:
    """What evidence says, piece by piece."""
    return [(heading, name, entry) for heading, entries in evidence.items() for name, entry in entries.items()]


def places(laws: Laws, ratings: Mapping[str, str], names: Iterable[str]) -> list[int]:
    """The places on their scale of those of some nodes that are rated."""
    found_at = []
    for name in names:
        scale = laws.graph[name].binding.scale
        assert scale is not None
        found_at += [scale.ratings.index(ratings[name])] if name in ratings else []
    return found_at


def falls(laws: Laws, _: str, worlds: Sequence[Mapping[str, str]]) -> bool:
    """Whether some rating is lower in the second of two worlds."""
    before, after = worlds
    names = before.keys() & after.keys()
    return any(places(laws, after, [name]) < places(laws, before, [name]) for name in names)


def disagrees(laws: Laws, about: str, worlds: Sequence[Mapping[str, str]]) -> bool:
    """Whether the parts that have a rating agree, and what is put together from them is rated otherwise."""
    (world,) = worlds
    (place,) = places(laws, world, [about])
    of_parts = set(places(laws, world, laws.parts(laws.graph[about])))
    return len(of_parts) == 1 and place not in of_parts


def outside(laws: Laws, about: str, worlds: Sequence[Mapping[str, str]]) -> bool:
    """Whether a rating is better than the best of its parts, or worse than the worst."""
    (world,) = worlds
    of_parts = places(laws, world, laws.parts(laws.graph[about]))
    (place,) = places(laws, world, [about])
    return not min(of_parts) <= place <= max(of_parts)


def not_between(laws: Laws, about: str, worlds: Sequence[Mapping[str, str]]) -> bool:
    """Whether a rating without a part is not between those with the part at its worst and at its best."""
    (worst,), (without,), (best,) = (places(laws, world, [about]) for world in worlds)
    return not min(worst, best) <= without <= max(worst, best)


#: For each law with evidence against it: what the ratings by that evidence must show.
SHOWN: dict[str, Callable[[Laws, str, Sequence[Mapping[str, str]]], bool]] = {
    "monotone": falls,
    "unanimous": disagrees,
    "bounded": outside,
    "absent": not_between,
}
