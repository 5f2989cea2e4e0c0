"""What must hold for each shipped framework, over every combination of the ratings that its standards can have.

Standards that play the same part are interchangeable, which is proved on the graph and tried, so that it is enough to
know how many of them have which rating. The exceptions to a law stand by name in a table, each with a witness.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import Any, NamedTuple

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import inspectlib
from inspectlib.evaluate import Interval, settle
from inspectlib.evidence_reader import evidence_from
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework, Role, RuleGraph
from inspectlib.kinds import Absence, Absent, Kind, PanelRating
from inspectlib.provenance import Basis
from inspectlib.rating import rate_evidence
from inspectlib.rules import Given, GivenRule, Names, PanelRule
from strategies import Plain, randoms, shipped_framework

INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = RATINGS = range(4)

#: The number of combinations, and the inputs by the part they play. Of n standards of one part there are (n + 3) over
#: 3, resettlement can be absent too, and a panel that is guided can give reasons or none.
_GRIDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "care-quality-2022": (4**2 * 5**3, ("caring effective responsive safe well_led",)),
    "food-hygiene-rating": (6 * 6 * 7, ("confidence hygiene structural",)),
    "hmip-crc-2018": (286, ("1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 4.1 4.2",)),
    "hmip-crc-2019": (2 * 4 * 20 * 84, ("1.1", "1.2 1.3 1.4", "2.1 2.2 2.3 2.4 4.1 4.2")),
    "hmip-nps-2018": (286, ("1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 3.1 3.2",)),
    "hmip-nps-2019": (2 * 4 * 20 * 84, ("1.1", "1.2 1.3 1.4", "2.1 2.2 2.3 2.4 3.1 3.2")),
    "hmip-pdu-2021": (2 * 4 * 20 * 56, ("1.1", "1.2 1.3 1.4", "2.1 2.2 2.3 2.4 2.5")),
    "hmip-pdu-2023": (2 * 4 * 10 * 35, ("1.1", "1.2 1.3", "2.1 2.2 2.3 2.4")),
    "hmip-region-2023": (2 * 4 * 4 * 84, ("1.1", "1.2", "2.1 2.2 2.3 2.4 2.5 2.6")),
    "hmip-youth-2018": (455, ("1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 3.1 3.2 3.3 3.4",)),
    "hmip-youth-2021": (455 * 5, ("1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 3.1 3.2 3.3 3.4", "4.1")),
    "nursing-home-stars-2019": (5 * 6 * 6 * 2, ("health_inspection", "staffing", "quality", "special_focus")),
    "nursing-home-stars-2022": (5 * 6 * 6 * 2, ("health_inspection", "staffing", "quality", "special_focus")),
}
PARTS = {name: tuple(tuple(part.split()) for part in parts) for name, (_, parts) in _GRIDS.items()}
UNRATED, YOUTH_2021 = "hmip-small-youth-2019", "hmip-youth-2021"
HMIP = tuple(name for name in PARTS if name.startswith("hmip-"))
GUIDED = tuple(name for name in HMIP if PARTS[name][0] == ("1.1",))

#: The highest total of each rating but the last, by the number of rated standards.
TOTALS = {7: (3, 10, 17), 8: (4, 12, 20), 9: (4, 13, 22), 10: (5, 15, 25), 12: (6, 18, 30)}

#: Ratings out of reach: a ceiling is a band above delivery, and care is Good or Outstanding before its limits.
NEVER = {
    "leadership_ceiling": {INADEQUATE},
    "good_or_outstanding": {INADEQUATE, REQUIRES_IMPROVEMENT},
    "limited_two_below_good": {INADEQUATE},
    "limited_one_inadequate": {INADEQUATE},
}

#: Where all are alike and overall is not: what all are but those named, the position of the overall rating, and why.
NOT_UNANIMOUS: list[tuple[str, Any, dict[str, Any], int, str]] = [
    (YOUTH_2021, OUTSTANDING, {"4.1": INADEQUATE}, GOOD, "resettlement is rated apart, and limits"),
    ("nursing-home-stars-2019", 4, {"special_focus": True}, 2, "special focus is apart, and limits to three stars"),
    ("nursing-home-stars-2022", 4, {"special_focus": True}, 2, "special focus is apart, and limits to three stars"),
    ("care-quality-2022", None, {"safe": OUTSTANDING}, GOOD, "it takes two to be Outstanding"),
    ("care-quality-2022", None, {"safe": REQUIRES_IMPROVEMENT}, GOOD, "it takes two to require improvement"),
    *(
        ("food-hygiene-rating", Fraction(score), {}, rating, "scores are no ratings, and lower ones are better")
        for score, rating in ((0, 5), (5, 5), (10, 3), (15, 1), (20, 0), (25, 0))
    ),
]

#: What inputs are given: the position of a rating, a number or a flag; None where there is none.
Stated = Mapping[str, Any]


class Top(NamedTuple):
    """A framework from its standards upwards: what each standard is given is its rating, and no cases lie beneath."""

    framework: Framework
    graph: RuleGraph
    names: Names
    panels: frozenset[str]
    ratings: Names

    def settled(self, stated: Stated, *, reasons: bool = False) -> dict[str, Given]:
        """The value of every node; the panel gives a reason for all of its ratings or for none."""
        evidence: dict[str, Given] = {n: PanelRating(v, reasons) if n in self.panels else v for n, v in stated.items()}
        evidence |= {n: Absent(Absence.NOT_RATED, "so stated") for n, v in stated.items() if v is None}
        return settle(self.graph, evidence, {})[0]

    def options(self, name: str) -> list[Any]:
        """What an input can be: absent too where the framework lets it be missing."""
        node = self.graph[name]
        assert isinstance(node.rule, (GivenRule, PanelRule))
        values: Sequence[Any] = (False, True)
        if node.binding.scale:
            values = range(len(node.binding.scale.ratings))
        elif node.type.bounds:
            least, most = (int(bound) for bound in node.type.bounds)
            values = [Fraction(value) for value in range(least, most + 1, int(node.type.step or 1))]
        return [*values, *([] if node.rule.missing == "open" else [None])]


@cache
def top(name: str) -> Top:
    """A shipped framework from its standards upwards, or from its inputs where it has no standards."""
    framework = shipped_framework(name)
    nodes = dict(framework.graph.nodes)
    for node in framework.graph.nodes.values():
        if node.role is Role.STANDARD and not isinstance(node.rule, PanelRule):
            for below in framework.graph.below(node.name) - {node.name}:
                del nodes[below]
            rule = GivenRule(kind=Kind.RATING, scale=node.type.scale, basis=Basis.MODELLED, source="")
            nodes[node.name] = attrs.evolve(node, rule=rule, slots=FrozenMapping(), polarity=())
    graph = attrs.evolve(framework.graph, nodes=FrozenMapping(nodes))
    panels = frozenset(n for n, node in nodes.items() if isinstance(node.rule, PanelRule))
    ratings = tuple(n for n, node in nodes.items() if node.type.kind is Kind.RATING)
    return Top(framework, graph, tuple(n for part in PARTS[name] for n in part), panels, ratings)


class Point(NamedTuple):
    """One combination: what the inputs are given, whether the panel gives reasons, and the rating of each node."""

    stated: Stated
    reasons: bool
    got: Mapping[str, int | None]


def point(name: str, values: Sequence[Any], *, reasons: bool) -> Point:
    """A combination of what the inputs are given, in the order of their parts, settled."""
    stated = dict(zip(top(name).names, values, strict=True))
    settled = top(name).settled(stated, reasons=reasons)
    ratings = ((n, settled[n]) for n in top(name).ratings)
    return Point(stated, reasons, {n: value if isinstance(value, int) else None for n, value in ratings})


@cache
def grid(name: str) -> list[Point]:
    """Every combination; of standards that play the same part only how many have which rating."""
    one = top(name)
    options: list[Any] = [[(value,) for value in one.options(n)] for n in one.names]
    if name in HMIP:
        options = [combinations_with_replacement(one.options(part[0]), len(part)) for part in PARTS[name]]
    reasons = (False, True) if name in GUIDED else (False,)
    return [point(name, sum(parts, ()), reasons=reason) for parts in product(*options) for reason in reasons]


@cache
def holes(name: str) -> list[Point]:
    """For every number of standards not rated in each part, some combinations of the ratings of the others."""
    rng, found = random.Random(name), []
    for absent in product(*(range(len(part) + 1) for part in PARTS[name])) if name in HMIP else ():
        for turn in range(30 if any(absent) else 0):
            ratings, values = rng.choices(RATINGS, k=2), list[int | None]()
            for part, count in zip(PARTS[name], absent, strict=True):
                values += [None] * count + rng.choices(ratings, k=len(part) - count)
            found.append(point(name, values, reasons=bool(turn % 2)))
    return found


def by_score(ratings: Sequence[int]) -> int | None:
    """The rating of a mean, in whole numbers: a mean of 1/2, 3/2 or 5/2 falls down; of nothing there is none."""
    return sum(2 * sum(ratings) > edge * len(ratings) for edge in (1, 3, 5)) if ratings else None


def by_hand(name: str, found: Point) -> tuple[int | None, int | None, list[int], int | None]:
    """Delivery, leadership, what counts for the total, and overall, from those standards that are rated."""
    rated = {n: rating for n, rating in found.stated.items() if rating is not None}
    delivery = by_score([rating for n, rating in rated.items() if n[0] != "1"])
    if name in GUIDED and "1.1" in rated and delivery is not None and not found.reasons:
        rated["1.1"] = min(rated["1.1"], delivery + 1)
    resettlement = rated.pop("4.1", None) if name == YOUTH_2021 else None
    overall = by_score([*rated.values()])
    limited = resettlement == INADEQUATE and overall == OUTSTANDING
    return delivery, rated.get("1.1"), [*rated.values()], GOOD if limited else overall


def test_one_framework_rates_nothing() -> None:
    """The laws are for all shipped frameworks but the one for small services, which has no rating at all."""
    assert {*PARTS, UNRATED} == set(inspectlib.shipped())
    assert not [node for node in shipped_framework(UNRATED).graph.nodes.values() if node.type.kind is Kind.RATING]


def same_part(graph: RuleGraph, one: str, other: str) -> bool:
    """Whether swapping two inputs leaves every rule the same: it takes both in one slot, with one weight, in any order.

    Nor may anything lie beneath an input. A score of another range is the same input on the values that both can have.
    """
    swap = {one: other, other: one}
    alike = graph[one].type.same(graph[other].type) and not graph.inputs[one] and not graph.inputs[other]
    for node in graph.nodes.values():
        weights = dict(zip(node.inputs, node.binding.weights or [Fraction(1)] * len(node.inputs), strict=True))
        for slot in node.rule.slots():
            names = node.slots[slot.name]
            swapped = [(swap.get(name, name), weights[name]) for name in names]
            alike &= Counter(swapped) == Counter((name, weights[name]) for name in names)
            alike &= not slot.ordered or swap.keys().isdisjoint(names)
    return alike


@pytest.mark.parametrize("name", PARTS)
def test_inputs_of_one_part_are_interchangeable(name: str) -> None:
    """Swapping two inputs leaves the graph the same exactly when they play the same part, and what is given stands."""
    one = top(name)
    standards = {n for n, node in one.graph.nodes.items() if node.role is Role.STANDARD}
    assert set(one.names) == (standards or {n for n, node in one.graph.nodes.items() if node.rule.takes_evidence})
    together = {pair for part in PARTS[name] for pair in combinations(part, 2)}
    assert {pair for pair in combinations(one.names, 2) if same_part(one.graph, *pair)} == together
    for n, reasons in product(one.names, (False, True)):
        for value in one.options(n):  # with all others absent there is no guide
            stands = one.settled({**dict.fromkeys(one.names), n: value}, reasons=reasons)[n]
            assert (None if isinstance(stands, Absent) else stands) == value


@pytest.mark.parametrize("name", PARTS)
def test_order_is_without_effect(name: str) -> None:
    """Permuting which input of a part has which value changes no other node."""
    rng, one = random.Random(name), top(name)
    permuted = {n for part in PARTS[name] if len(part) > 1 for n in part}
    for turn in range(100):
        before, after = dict[str, Any](), dict[str, Any]()
        for part in PARTS[name]:
            options = [value for value in one.options(part[0]) if all(value in one.options(n) for n in part)]
            values = rng.choices(rng.choices([*options, None], k=3), k=len(part))
            before |= zip(part, values, strict=True)
            after |= zip(part, rng.sample(values, len(part)), strict=True)
        old, new = (one.settled(stated, reasons=bool(turn % 2)) for stated in (before, after))
        assert {**new, **{n: old[n] for n in permuted}} == old, (before, after)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        (name, one, other)
        for name, parts in PARTS.items()
        for (one, *_), (other, *_) in combinations(parts, 2)
        if other != "special_focus"  # a flag, so it cannot have stars
    ],
)
def test_order_has_these_exceptions(name: str, one: str, other: str) -> None:
    """Exceptions are real: between any two parts there is a swap of ratings that changes the overall rating."""
    for found in random.Random(name).sample(grid(name), len(grid(name))):
        swapped = {**found.stated, one: found.stated[other], other: found.stated[one]}
        overall = top(name).settled(swapped, reasons=found.reasons)["overall"]
        if overall != found.got["overall"] and None not in swapped.values():
            return
    pytest.fail("no swap changes the overall rating")


@pytest.mark.parametrize("name", HMIP)
def test_the_grid_is_what_rating_gives(name: str) -> None:
    """Rated as an evidence file states it, a combination gives every standard and node the rating it has here."""
    one = top(name)
    for found in random.Random(name).sample([*grid(name), *holes(name)], 10):
        labels = one.framework.data.scales["ratings"].ratings
        stated = {n: "not rated" if rating is None else labels[rating] for n, rating in found.stated.items()}
        panel = {n: {"rating": stated[n], "reason": "as recorded"} for n in one.panels if found.stated[n] is not None}
        evidence = {"ratings": stated, "panel": panel if found.reasons else {}}
        outcomes = inspectlib.rate(one.framework, evidence).outcomes
        got = {n: None if rating is None else labels[rating] for n, rating in found.got.items()}
        assert {n: outcomes[n].rating for n in got} == got, found


@pytest.mark.parametrize("name", PARTS)
def test_every_combination_is_rated(name: str) -> None:
    """Every combination has a settled overall rating; with standards absent too, unless none that counts is rated."""
    assert len(grid(name)) == _GRIDS[name][0]
    for found in grid(name):
        assert found.got["overall"] is not None, found
    for found in holes(name):
        counted = any(rating is not None for n, rating in found.stated.items() if (name, n) != (YOUTH_2021, "4.1"))
        assert (found.got["overall"] is not None) == counted, found


@pytest.mark.parametrize("name", PARTS)
def test_every_rating_is_reached(name: str) -> None:
    """Every rating is reached by overall, every standard and every rating between, but for those in the table."""
    for n in top(name).ratings:
        scale = top(name).graph[n].binding.scale
        reached = {found.got[n] for found in grid(name)} - {None}
        assert scale and reached == set(range(len(scale.ratings))) - NEVER.get(n, set()), n


@pytest.mark.parametrize("name", HMIP)
def test_each_key_question_can_hold_its_standard_at_every_rating(name: str) -> None:
    """From cases too every standard reaches every rating: whichever key question is lowest holds it there."""
    framework = shipped_framework(name)
    asked = {number: [*standard.questions] for _, _, number, standard in framework.data.standards()}
    labels = framework.data.scales["ratings"].ratings
    for place, (label, yes) in product(range(4), zip(labels, (9, 10, 13, 16), strict=True)):
        low = {questions[place % len(questions)] for questions in asked.values() if questions}
        tallies = {q: {"yes": yes if q in low else 20, "of": 20} for questions in asked.values() for q in questions}
        judgement = inspectlib.rate(framework, {"tallies": tallies})
        assert {judgement[number].rating for number, questions in asked.items() if questions} == {label}


@pytest.mark.parametrize("name", [name for name in PARTS if name != "food-hygiene-rating"])
def test_unanimity(name: str) -> None:
    """When all that is rated has one rating, so have overall, delivery and leadership: no guide or limit interferes."""
    seen = Counter[int | None]()
    for found in (*grid(name), *holes(name)):
        values = {value for n, value in found.stated.items() if value is not None and n != "special_focus"}
        if len(values) == 1 and not found.stated.get("special_focus"):
            alike = {found.got[n] for n in ("overall", "delivery", *found.stated) if n in found.got}
            assert alike <= {*values, None}, found
            seen[found.got["overall"]] += 1
    assert {*seen, None} == {*top(name).options(top(name).names[0]), None}


@pytest.mark.parametrize(("name", "others", "named", "overall", "why"), NOT_UNANIMOUS)
def test_unanimity_has_these_exceptions(name: str, others: Any, named: Stated, overall: int, why: str) -> None:
    """Exceptions are real: what is in the table is alike and has another overall rating."""
    stated = {**dict.fromkeys(top(name).names, others), **named}
    assert top(name).settled(stated)["overall"] == overall, why


@pytest.mark.parametrize("name", HMIP)
def test_the_closed_form(name: str) -> None:
    """Delivery, leadership and overall are what the method gives by hand; what is not rated leaves the total."""
    for found in (*grid(name), *holes(name)):
        delivery, leadership, _, overall = by_hand(name, found)
        assert (found.got["1.1"], found.got["overall"]) == (leadership, overall), found
        assert found.got.get("delivery", delivery) == delivery, found


@pytest.mark.parametrize("name", HMIP)
def test_the_total_has_the_published_bands(name: str) -> None:
    """Every total has the rating of the published table for its number of standards, those not rated not counted."""
    by_total, seen = "overall_by_score" if name == YOUTH_2021 else "overall", set[tuple[int, int]]()
    for found in (*grid(name), *holes(name)):
        _, _, scored, _ = by_hand(name, found)
        if len(scored) in TOTALS:
            seen.add((len(scored), sum(scored)))
            assert found.got[by_total] == sum(sum(scored) > edge for edge in TOTALS[len(scored)]), found
    full = len(top(name).names) - (name == YOUTH_2021)
    assert seen >= {(full, total) for total in range(3 * full + 1)}


@pytest.mark.parametrize("name", GUIDED)
def test_the_guide_changes_leadership_alone(name: str) -> None:
    """Leadership is lowered exactly where it is two bands above delivery without a reason, and overall through it."""
    lowered = 0
    for found in (*grid(name), *holes(name)):
        panel, delivery = found.stated["1.1"], found.got["delivery"]
        exceeds = panel is not None and delivery is not None and panel >= delivery + 2 and not found.reasons
        assert (found.got["1.1"] != panel) == exceeds, found
        if exceeds:
            lowered += 1
            explained = top(name).settled({**found.stated, "1.1": found.got["1.1"]}, reasons=True)
            assert explained["overall"] == found.got["overall"], found
    assert lowered


@pytest.mark.parametrize("kind", ["crc", "nps"])
def test_2018_and_2019_differ_in_leadership_alone(kind: str) -> None:
    """The same ratings differ in 1.1 exactly where it exceeds its ceiling without a reason, and overall through it."""
    old, new = f"hmip-{kind}-2018", f"hmip-{kind}-2019"

    @cache
    def of_2018(*ratings: int) -> int | None:
        return point(old, [None if rating < 0 else rating for rating in ratings], reasons=False).got["overall"]

    differ = Counter[str]()
    for found in (*grid(new), *holes(new)):
        delivery = [rating for n, rating in found.stated.items() if n[0] != "1" and rating is not None]
        ceiling = min(OUTSTANDING, (by_score(delivery) or 0) + 1) if delivery else OUTSTANDING
        above = (found.stated["1.1"] or 0) > ceiling and not found.reasons
        assert found.got["1.1"] == (ceiling if above else found.stated["1.1"]), found
        before, through = (
            of_2018(
                *sorted(-1 if rating is None else rating for rating in {**found.stated, "1.1": leadership}.values())
            )
            for leadership in (found.stated["1.1"], found.got["1.1"])
        )
        assert found.got["overall"] == through, found
        differ += Counter({"1.1": above, "overall": before != through})
    assert 0 < differ["overall"] < differ["1.1"]


def test_resettlement_limits_and_does_nothing_else() -> None:
    """With resettlement Inadequate overall is never Outstanding, and else it is what it is without, and was in 2018."""
    of_2018 = {tuple(found.stated.values()): found.got["overall"] for found in grid("hmip-youth-2018")}
    limited = 0
    for found in grid(YOUTH_2021):
        *ratings, resettlement = found.stated.values()
        without = of_2018[tuple(ratings)]
        limits = resettlement == INADEQUATE and without == OUTSTANDING
        assert found.got["overall"] == (GOOD if limits else without), found
        limited += limits
    assert limited


class Inspection(NamedTuple):
    """The answers to each key question case by case, told by case and in tallies by turns, and what the panel says."""

    answers: Mapping[str, Sequence[str]]
    panel: Mapping[str, Plain]

    @classmethod
    def at_random(cls, rng: random.Random, framework: Framework) -> Inspection:
        """Random answers, some of them open, and random ratings of the panel, some open, some with a reason."""
        labels = framework.data.scales["ratings"].ratings
        yes, still_open, cases = rng.choice([4, 6, 8]), rng.choice([0, 0.5, 3]), rng.randint(1, 7)
        answers, panel = dict[str, Sequence[str]](), dict[str, Plain]()
        for name, node in framework.graph.nodes.items():
            if node.role is Role.QUESTION:
                weights = (yes, 10 - yes, 2, still_open)
                answers[name] = rng.choices(("yes", "no", "not applicable", "open"), weights, k=cases)
            elif isinstance(node.rule, PanelRule) and rng.random() < 0.9:
                reason = {"reason": "as recorded"} if rng.random() < 0.3 else {}
                panel[name] = {"rating": rng.choice([*labels, labels[-1]]), **reason}
        return cls(answers, panel)

    def one_more_yes(self, rng: random.Random, was: str) -> Inspection:
        """One answer turned into yes, if there is one to turn."""
        places = [(q, place) for q, told in self.answers.items() for place, answer in enumerate(told) if answer == was]
        if not places:
            return self
        question, place = rng.choice(places)
        told = self.answers[question]
        return self._replace(answers={**self.answers, question: [*told[:place], "yes", *told[place + 1 :]]})

    def ends(self, framework: Framework) -> dict[str, tuple[int, int, bool]]:
        """The worst and the best that each rating can be, and whether it can turn out absent; none that is absent."""
        cases = [Plain(id=str(number), answers={}) for number in range(max(map(len, self.answers.values())))]
        tallies: Plain = {}
        for turn, (question, told) in enumerate(self.answers.items()):
            yes, no, still_open = (told.count(answer) for answer in ("yes", "no", "open"))
            if turn % 2:
                count = {"yes": yes, "of": yes + no, "open": still_open}
                tallies[question] = count if yes + no + still_open else "not applicable"
            for case, answer in zip(cases, told, strict=True) if turn % 2 == 0 else ():
                case["answers"] |= {} if answer == "open" else {question: answer}
        evidence, found = evidence_from({"cases": cases, "tallies": tallies, "panel": self.panel}), {}
        for name, result in rate_evidence(framework, evidence).results.items():
            value = result.value
            if framework.graph[name].type.kind is Kind.RATING and not isinstance(value, Absent):
                low, high = (value.worst, value.best) if isinstance(value, Interval) else (value, value)
                assert isinstance(low, int) and isinstance(high, int)
                found[name] = low, high, isinstance(value, Interval) and value.absent
        return found


@pytest.mark.parametrize("was", ["no", "not applicable", "open"])
@settings(max_examples=60)
@given(name=st.sampled_from(HMIP), rng=randoms())
def test_one_more_yes_lowers_nothing(was: str, name: str, rng: random.Random) -> None:
    """One answer turned from no, not applicable or open into yes lowers no rating, nor either end of one that is open.

    Claimed of every rating that is not absent before, from key question to overall, with the panel's ratings as they
    are and no departures; nor can one then turn out absent that could not before. Where the answer was open, the best
    end stays as it was. Of an answer that turns into no or not applicable nothing is claimed.
    """
    framework = shipped_framework(name)
    inspection = Inspection.at_random(rng, framework)
    before = inspection.ends(framework)
    for _ in range(3):
        inspection = inspection.one_more_yes(rng, was)
        after = inspection.ends(framework)
        for n, (worst, best, absent) in before.items():
            assert after[n][0] >= worst and after[n][1] >= best and after[n][2] <= absent, (n, before[n], after[n])
            assert after[n][1] == best or was != "open", (n, before[n], after[n])
        before = after


@pytest.mark.parametrize("name", GUIDED)
def test_one_more_yes_can_be_enough(name: str) -> None:
    """One answer more can raise its standard, delivery, leadership and overall at once."""
    *domain_1, (*delivery, last) = PARTS[name]
    labels, half = shipped_framework(name).data.scales["ratings"].ratings, (len(delivery) + 1) // 2
    panel = {n: labels[INADEQUATE] for part in domain_1 for n in part} | {"1.1": labels[OUTSTANDING]}
    panel["1.2"] = labels[len(top(name).names) // 2 - 1 - half]  # so that the total is just not enough
    ratings = {n: labels[REQUIRES_IMPROVEMENT if place < half else INADEQUATE] for place, n in enumerate(delivery)}
    found = []
    for yes in (9, 10):
        tallies = {f"{last}.{question}": {"yes": 10, "of": 20} for question in (1, 2, 3)}
        judgement = inspectlib.rate(
            shipped_framework(name),
            {"panel": panel, "ratings": ratings, "tallies": {**tallies, f"{last}.1": {"yes": yes, "of": 20}}},
        )
        found.append([labels.index(judgement[n].rating or "") for n in (last, "delivery", "1.1", "overall")])
    assert found == [[0, 0, 1, 0], [1, 1, 2, 1]]
