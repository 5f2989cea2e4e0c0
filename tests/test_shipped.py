"""The shipped frameworks say what the methodology says."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import networkx as nx
import pytest

import inspectlib
from inspectlib import Framework
from inspectlib.errors import IncompleteFramework, InspectError
from inspectlib.files.framework_file import _shipped_files
from inspectlib.framework import Question, Standard, natural
from inspectlib.graph import Role
from inspectlib.outcome import State
from inspectlib.provenance import Basis
from inspectlib.rules import PanelRule

PUBLISHED = Path(__file__).parent.parent / "examples" / "published"

#: Each standard with its number of key questions; one without is judged by the ratings panel, or not rated.
ADULT = (
    "1.1 Leadership: 0",
    "1.2 Staff: 0",
    "1.3 Services: 0",
    "1.4 Information and facilities: 0",
    "2.1 Assessment: 3",
    "2.2 Planning: 3",
    "2.3 Implementation and delivery: 3",
    "2.4 Reviewing: 3",
)
CRC = (*ADULT, "4.1 Unpaid work: 4", "4.2 Through the Gate: 3")
NPS = (*ADULT, "3.1 Court reports and case allocation: 2", "3.2 Statutory victim work: 3")
PDU_2021 = (
    "1.1 Leadership: 0",
    "1.2 Staff: 0",
    "1.3 Services: 0",
    "1.4 Information and facilities: 0",
    "2.1 Court work: 2",
    "2.2 Assessment: 3",
    "2.3 Planning: 3",
    "2.4 Implementation and delivery: 3",
    "2.5 Reviewing: 3",
)
PDU_2023 = (
    "1.1 Leadership: 0",
    "1.2 Staffing: 0",
    "1.3 Services: 0",
    "2.1 Assessment: 3",
    "2.2 Planning: 3",
    "2.3 Implementation and delivery: 3",
    "2.4 Reviewing: 3",
)
REGION_2023 = (
    "1.1 Leadership: 0",
    "1.2 Staffing: 0",
    "2.1 Public protection: 4",
    "2.2 Desistance: 4",
    "2.3 Court work: 2",
    "2.4 Unpaid work: 4",
    "2.5 Resettlement: 3",
    "2.6 Statutory victim work: 3",
)
YOUTH = (
    "1.1 Governance and leadership: 0",
    "1.2 Staff: 0",
    "1.3 Partnerships and services: 0",
    "1.4 Information and facilities: 0",
    "2.1 Assessment: 3",
    "2.2 Planning: 3",
    "2.3 Implementation and delivery: 3",
    "2.4 Reviewing: 3",
    "3.1 Assessment: 3",
    "3.2 Planning: 3",
    "3.3 Implementation and delivery: 3",
)
YOUTH_2018 = (*YOUTH, "3.4 Joint working: 2")
YOUTH_2021 = (
    *YOUTH,
    "3.4 Out-of-court disposal policy and provision: 0",
    "4.1 Resettlement policy and provision: 0",
)
#: The frameworks of HM Inspectorate of Probation.
STRUCTURE = {
    "hmip-crc-2018": CRC,
    "hmip-crc-2019": CRC,
    "hmip-nps-2018": NPS,
    "hmip-nps-2019": NPS,
    "hmip-pdu-2021": PDU_2021,
    "hmip-pdu-2023": PDU_2023,
    "hmip-region-2023": REGION_2023,
    "hmip-small-youth-2019": YOUTH_2018,
    "hmip-youth-2018": YOUTH_2018,
    "hmip-youth-2021": YOUTH_2021,
}
HMIP = tuple(STRUCTURE)
NOT_RATED = "hmip-small-youth-2019"
GUIDED = ("hmip-crc-2019", "hmip-nps-2019", "hmip-pdu-2021", "hmip-pdu-2023", "hmip-region-2023")
FRAMEWORKS = {name: inspectlib.load(name) for name in HMIP}
LABELS = ("Inadequate", "Requires improvement", "Good", "Outstanding")

#: As reported: the highest total of each rating but the last, by number of rated standards; and who has that number.
TOTALS = {
    "hmip-pdu-2023": (7, (3, 10, 17)),
    "hmip-region-2023": (8, (4, 12, 20)),
    "hmip-pdu-2021": (9, (4, 13, 22)),
    "hmip-crc-2018": (10, (5, 15, 25)),
    "hmip-youth-2018": (12, (6, 18, 30)),
}


def test_shipped_names() -> None:
    """The contract's names are shipped, and bases are not among them."""
    assert tuple(name for name in inspectlib.shipped() if name.startswith("hmip-")) == HMIP
    assert not [name for name in inspectlib.shipped() if name.startswith("base-")]


def test_a_base_rates_nothing() -> None:
    """A framework that is only a base for others is refused with the reason."""
    bases = set(_shipped_files()).difference(inspectlib.shipped())
    assert bases >= {"base-hmip", "base-adult-2018", "base-adult-2019", "base-leadership-guide"}
    for name in bases:
        with pytest.raises(IncompleteFramework, match="use one that extends it"):
            inspectlib.load(name)


@pytest.mark.parametrize("name", TOTALS)
def test_bands_of_the_total_are_the_published_table(name: str) -> None:
    """For every total of 7, 8, 9, 10 and 12 standards the rating is that of the table, and of the closed form."""
    framework, (count, edges) = FRAMEWORKS[name], TOTALS[name]
    assert len(_standards(framework)) == count
    for total in range(3 * count + 1):
        by_table = LABELS[sum(total > edge for edge in edges)]
        by_closed_form = LABELS[
            sum(Fraction(total, count) > edge for edge in (Fraction(1, 2), Fraction(3, 2), Fraction(5, 2)))
        ]
        judgement = inspectlib.rate(framework, {"values": {"total": {"score": total, "max": 3 * count}}})
        assert judgement.overall is not None
        assert judgement.overall.rating == by_table == by_closed_form, total


@pytest.mark.parametrize(
    ("framework", "ratings", "total", "overall"),
    [
        ("hmip-youth-2018", {0: 12}, 0, "Inadequate"),
        ("hmip-youth-2018", {0: 7, 1: 5}, 5, "Inadequate"),
        ("hmip-youth-2018", {1: 8, 0: 4}, 8, "Requires improvement"),
        ("hmip-youth-2018", {2: 6, 1: 6}, 18, "Requires improvement"),
        ("hmip-youth-2018", {2: 7, 1: 5}, 19, "Good"),
        ("hmip-youth-2018", {3: 5, 2: 6, 1: 1}, 28, "Good"),
        ("hmip-youth-2018", {3: 7, 2: 5}, 31, "Outstanding"),
        ("hmip-youth-2018", {3: 12}, 36, "Outstanding"),
        ("hmip-crc-2018", {2: 5, 1: 5}, 15, "Requires improvement"),
        ("hmip-nps-2018", {2: 5, 1: 5}, 15, "Requires improvement"),
        ("hmip-pdu-2021", {0: 9}, 0, "Inadequate"),
        ("hmip-pdu-2021", {1: 2, 0: 7}, 2, "Inadequate"),
        ("hmip-pdu-2021", {1: 3, 0: 6}, 3, "Inadequate"),
        ("hmip-region-2023", {1: 1, 0: 7}, 1, "Inadequate"),
    ],
)
def test_known_outcomes(framework: str, ratings: dict[int, int], total: int, overall: str) -> None:
    """The known totals get their published rating from the ratings of the standards."""
    loaded = FRAMEWORKS[framework]
    labels = [LABELS[position] for position, times in ratings.items() for _ in range(times)]
    evidence = {"ratings": dict(zip(_standards(loaded), labels, strict=True))}
    judgement = inspectlib.rate(loaded, evidence)
    assert judgement.to_data()["overall"]["score"] == total
    assert judgement.overall is not None
    assert judgement.overall.rating == overall


def _standards(framework: Framework) -> list[str]:
    return [
        number for _, _, number, _ in framework.data.standards() if framework.id != "hmip-youth-2021" or number != "4.1"
    ]


with (PUBLISHED / "outcomes.csv").open(encoding="utf-8", newline="") as file:
    OUTCOMES = list(csv.DictReader(file))


@pytest.mark.parametrize("row", OUTCOMES, ids=[row["evidence"] for row in OUTCOMES])
def test_published_inspections(row: dict[str, str]) -> None:
    """Every published inspection among the examples gets its published overall rating."""
    evidence = inspectlib.load_evidence(PUBLISHED / row["evidence"])
    judgement = inspectlib.rate(FRAMEWORKS[row["framework"]], evidence)
    assert judgement.service == row["service"]
    assert judgement.overall is not None
    assert judgement.overall.rating == row["overall"]


def test_the_year_of_change_makes_no_difference_to_brighton() -> None:
    """All twelve standards Outstanding is Outstanding under both youth frameworks."""
    evidence = inspectlib.load_evidence(PUBLISHED / "brighton-and-hove-2021.yaml")
    for name in ("hmip-youth-2018", "hmip-youth-2021"):
        overall = inspectlib.rate(FRAMEWORKS[name], evidence).overall
        assert overall is not None
        assert overall.rating == "Outstanding"


@pytest.mark.parametrize("name", HMIP)
def test_structure_is_that_of_the_methodology(name: str) -> None:
    """Each framework has the standards and the numbers of key questions of the methodology."""
    standards = FRAMEWORKS[name].data.standards()
    found = [f"{number} {standard.title}: {len(standard.questions)}" for _, _, number, standard in standards]
    assert tuple(found) == STRUCTURE[name]


@pytest.mark.parametrize("name", HMIP)
def test_everything_carries_its_basis_and_source(name: str) -> None:
    """Every rule, scale, band, domain, change and date names a basis and a source; standards and questions may."""
    data = FRAMEWORKS[name].data
    rules = [node.rule for node in FRAMEWORKS[name].graph.nodes.values()]
    assert data.in_force is not None
    named = (*data.scales.values(), *data.bands.values(), *data.domains.values(), *data.changes, data.in_force, data)
    for thing in (*rules, *named):
        assert isinstance(thing.basis, Basis)
        assert thing.source in data.sources
        assert (thing.basis is Basis.MODELLED) == (thing.source == "own-choice")
    inner: list[Standard | Question] = [standard for *_, standard in data.standards()]
    inner += [question for *_, standard in data.standards() for question in standard.questions.values()]
    for own in inner:
        assert (own.basis is None) == (not own.source)
        assert (own.basis is Basis.MODELLED) == (own.source == "own-choice")


def test_dates_in_force_never_overlap() -> None:
    """For one kind of provider one framework is in force at a time, and at most one has no end."""
    periods: dict[str, list[tuple[date, date]]] = {}
    for framework in FRAMEWORKS.values():
        force = framework.data.in_force
        assert force is not None
        for kind in framework.data.provider_kinds:
            periods.setdefault(kind, []).append((force.since or date.min, force.until or date.max))
    assert {kind: len(found) for kind, found in periods.items()} == {
        "Community Rehabilitation Company": 2,
        "National Probation Service division": 2,
        "probation delivery unit": 2,
        "probation region": 1,
        "small youth offending service": 1,
        "youth offending service": 2,
    }
    for found in periods.values():
        for (_, until), (since, _) in pairwise(sorted(found)):
            assert until < since


def test_leadership_is_guided_by_delivery_from_2019_on() -> None:
    """The link from delivery to leadership is a rule for 1.1 alone: of adult frameworks from 2019 on, and no other."""
    for name, framework in FRAMEWORKS.items():
        guided = {
            node.name: node.rule.ceiling
            for node in framework.graph.nodes.values()
            if isinstance(node.rule, PanelRule) and node.rule.ceiling
        }
        assert guided == ({"1.1": "leadership_ceiling"} if name in GUIDED else {})


@pytest.mark.parametrize("name", GUIDED)
def test_delivery_is_every_standard_outside_domain_1(name: str) -> None:
    """The guide looks at all standards of delivery, and at no other."""
    framework = FRAMEWORKS[name]
    assert framework.graph["delivery_mean"].inputs == tuple(n for n in _standards(framework) if n[0] != "1")


@pytest.mark.parametrize("kind", ["crc", "nps"])
def test_2018_and_2019_differ_exactly_where_leadership_exceeds_its_ceiling(kind: str) -> None:
    """For the same ratings, 2018 and 2019 differ in 1.1 exactly when the panel exceeds delivery plus one band."""
    before, after = FRAMEWORKS[f"hmip-{kind}-2018"], FRAMEWORKS[f"hmip-{kind}-2019"]
    delivery = [number for number in _standards(before) if number[0] != "1"]
    for panel, low, high in product(range(4), repeat=3):
        positions = [low] * 3 + [high] * 3
        ratings = {number: LABELS[p] for number, p in zip(delivery, positions, strict=True)}
        evidence = {"ratings": ratings, "panel": {"1.1": LABELS[panel], "1.2": "Good", "1.3": "Good", "1.4": "Good"}}
        old, new = inspectlib.rate(before, evidence), inspectlib.rate(after, evidence)
        mean = Fraction(sum(positions), 6)
        ceiling = min(3, sum(mean > edge for edge in (Fraction(1, 2), Fraction(3, 2), Fraction(5, 2))) + 1)
        assert old["1.1"].rating == LABELS[panel]
        assert new["1.1"].rating == LABELS[min(panel, ceiling)]
        assert new["1.1"].limited_by == ("leadership_ceiling" if panel > ceiling else None)


def test_a_recorded_reason_lets_leadership_stand() -> None:
    """A panel rating above the ceiling stands with a recorded reason, and is shown as a departure."""
    framework = FRAMEWORKS["hmip-crc-2019"]
    ratings = dict.fromkeys((n for n in _standards(framework) if n[0] != "1"), "Inadequate")
    panel = {"1.1": {"rating": "Good", "reason": "a reason (made up)"}}
    outcome = inspectlib.rate(framework, {"ratings": ratings, "panel": panel})["1.1"]
    assert (outcome.rating, outcome.computed, outcome.limited_by) == ("Good", "Requires improvement", None)
    assert outcome.departure is not None
    assert outcome.departure.reason == "a reason (made up)"


@pytest.mark.parametrize(
    ("domain_1", "total", "overall"),
    [
        (("Requires improvement", "Requires improvement", "Requires improvement"), 3, "Inadequate"),
        (("Requires improvement", "Good", "Requires improvement"), 4, "Requires improvement"),
        (("Requires improvement", "Good", "Good"), 5, "Requires improvement"),
    ],
)
def test_the_guide_allows_the_delivery_unit_of_2024(domain_1: tuple[str, ...], total: int, overall: str) -> None:
    """Published in 2024: all of delivery Inadequate, yet Requires improvement overall.

    Some standard of domain 1 was then Good or better. The guide lets it be, without a departure; a limit of one band
    above delivery for all of domain 1 would not.
    """
    delivery = dict.fromkeys(("2.1", "2.2", "2.3", "2.4"), "Inadequate")
    panel = dict(zip(("1.1", "1.2", "1.3"), domain_1, strict=True))
    judgement = inspectlib.rate(FRAMEWORKS["hmip-pdu-2023"], {"ratings": delivery, "panel": panel})
    assert judgement["leadership_ceiling"].rating == "Requires improvement"
    for number, rating in panel.items():
        assert (judgement[number].rating, judgement[number].departure) == (rating, None)
        assert judgement[number].limited_by is None
    assert judgement.total is not None and judgement.total.text() == f"{total} of 21"
    assert judgement.overall is not None and judgement.overall.rating == overall


def test_small_youth_services_are_not_rated() -> None:
    """Small youth services: the share of every key question exactly, and no rating of anything."""
    framework = FRAMEWORKS[NOT_RATED]
    tallies = {"2.1.1": {"yes": 2, "of": 3}, "3.3.3": {"yes": 0, "of": 1}, "3.4.2": {"yes": 4, "of": 4}}
    judgement = inspectlib.rate(framework, {"tallies": {**tallies, "2.2.1": "not applicable"}})
    assert judgement.overall is None
    assert judgement.total is None
    assert {name: judgement[name].share for name in _questions(framework) if judgement[name].share is not None} == {
        "2.1.1": Fraction(2, 3),
        "3.3.3": Fraction(0),
        "3.4.2": Fraction(1),
    }
    for name in (*_numbers(framework), *_questions(framework)):
        outcome = judgement[name]
        assert (outcome.rating, outcome.state) == (None, State.NOT_RATED)
        assert outcome.reason == "the framework gives it no rating"
    assert {outcome.rating for outcome in judgement.outcomes.values()} == {None}


def test_small_youth_services_have_no_rule_that_rates() -> None:
    """What is left of youth 2018 is the answers to each key question and their share: no scale, no band, no panel."""
    framework, youth = FRAMEWORKS[NOT_RATED], FRAMEWORKS["hmip-youth-2018"]
    questions = _questions(framework)
    assert questions == _questions(youth)
    assert set(framework.graph.nodes) == {f"{name}.{part}" for name in questions for part in ("answers", "share")}
    assert not framework.data.scales
    assert not framework.data.bands
    for refused in (
        {"ratings": {"2.1": "Good"}},
        {"panel": {"1.1": "Good"}},
        {"values": {"total": {"score": 1, "max": 36}}},
    ):
        with pytest.raises(InspectError, match="unknown-node"):
            inspectlib.rate(framework, refused)


def test_resettlement_limits_and_is_left_out_without_cases() -> None:
    """Youth 2021: Inadequate resettlement keeps the overall rating from Outstanding; silence means it is not rated."""
    framework = FRAMEWORKS["hmip-youth-2021"]
    ratings = dict.fromkeys(_standards(framework), "Outstanding")
    for resettlement, overall in [
        (None, "Outstanding"),
        ("not rated", "Outstanding"),
        *zip(LABELS, ["Good", *["Outstanding"] * 3], strict=True),
    ]:
        panel = {} if resettlement is None else {"4.1": resettlement}
        judgement = inspectlib.rate(framework, {"ratings": ratings, "panel": panel})
        assert judgement.overall is not None
        assert judgement.overall.rating == overall
        assert judgement.to_data()["overall"]["max"] == 36
        assert judgement.overall.limited_by == ("resettlement_inadequate" if resettlement == "Inadequate" else None)


def test_numbers_sort_as_people_count() -> None:
    """2.10 comes after 2.9, and numbers come before words."""
    assert sorted(["2.10", "overall", "2.9", "2.1.1", "delivery", "2.1"], key=natural) == [
        "2.1", "2.1.1", "2.9", "2.10", "delivery", "overall",
    ]  # fmt: skip


def test_parameters_can_be_changed_without_editing_the_shipped_file(tmp_path: Path) -> None:
    """Headroom, force and reach of the leadership guide, and rounding, are changed by an own framework that extends."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\nversion: '1'\ntitle: Own\nextends: hmip-crc-2019\nbasis: modelled\nsource: own-choice\n"
        "nodes:\n  leadership_ceiling: {by: 0, basis: modelled, source: own-choice}\n"
        "methods:\n  panel guided by delivery:\n    each_standard:\n      rating:\n"
        "        {binding: true, basis: modelled, source: own-choice}\n"
        "bands:\n  shares: {rounding: whole percent, basis: modelled, source: own-choice}\n"
        "domains:\n  '1': {standards: {'1.2': {method: panel guided by delivery}}}\n"
    )
    framework = inspectlib.load(own)
    ratings = dict.fromkeys((n for n in _standards(framework) if n[0] != "1"), "Inadequate")
    reasoned = {"rating": "Good", "reason": "a reason (made up)"}
    judgement = inspectlib.rate(
        framework, {"ratings": ratings, "panel": {"1.1": reasoned, "1.2": reasoned, "1.3": reasoned}}
    )
    assert [judgement[n].rating for n in ("1.1", "1.2", "1.3")] == ["Inadequate", "Inadequate", "Good"]
    rounded = inspectlib.rate(framework, {"tallies": {"2.1.1": {"yes": 129, "of": 200}}})["2.1.1"]
    assert (rounded.rating, rounded.other_rounding) == ("Good", "Requires improvement")
    assert framework.fingerprint != FRAMEWORKS["hmip-crc-2019"].fingerprint


def test_a_change_must_say_its_basis(tmp_path: Path) -> None:
    """Whoever changes a figure of a framework states the basis of the change."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\nversion: '1'\ntitle: Own\nextends: hmip-crc-2019\nbasis: modelled\nsource: own-choice\n"
        "nodes:\n  leadership_ceiling: {by: 2}\n"
    )
    with pytest.raises(InspectError, match="own.yaml:8:24: unstated-basis: this changes 'by'"):
        inspectlib.load(own)


@pytest.mark.parametrize("name", HMIP)
def test_questions_and_standards_have_one_node_each(name: str) -> None:
    """Every published number that is rated is a node under that number, and nothing else takes those roles."""
    framework = FRAMEWORKS[name]
    published = {Role.STANDARD: set(_numbers(framework)), Role.QUESTION: set(_questions(framework))}
    if name == NOT_RATED:
        published = {Role.STANDARD: set(), Role.QUESTION: set()}
    for role, numbers in published.items():
        assert {node.name for node in framework.graph.nodes.values() if node.role is role} == numbers


def test_the_graph_has_a_networkx_view() -> None:
    """The networkx view has every node and input with what it says of them, and cannot be changed."""
    graph = FRAMEWORKS["hmip-crc-2019"].graph
    view = graph.networkx
    assert set(view) == set(graph.nodes)
    assert set(view.edges) == {(start, end) for end, starts in graph.inputs.items() for start in starts}
    assert nx.is_directed_acyclic_graph(view)
    assert view.nodes["2.1"]["rule"] == "discretion"
    assert view.edges["leadership_ceiling", "1.1"] == {"slot": "ceiling", "polarity": "+"}
    assert "delivery" in nx.ancestors(view, "1.1")
    with pytest.raises(nx.NetworkXError, match="[Ff]rozen"):
        view.add_node("other")


def _numbers(framework: Framework) -> list[str]:
    return [number for _, _, number, _ in framework.data.standards()]


def _questions(framework: Framework) -> list[str]:
    return [question for *_, standard in framework.data.standards() for question in standard.questions]
