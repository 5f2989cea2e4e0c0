"""The model of samples: exact chances of every rating, checked by counting every sample."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations, product
from math import comb
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

import inspectlib
from inspectlib.cli import cli
from inspectlib.errors import BadTally, InspectError, MissingKey, OffScale, TooLarge, UnknownNode
from inspectlib.sampling import simulate

ROOT = Path(__file__).parent.parent
HALF = Fraction(1, 2)
PANEL = {"1.1": "Good", "1.2": "Good", "1.3": "Requires improvement"}


def pdu() -> inspectlib.Framework:
    """A framework with three questions a standard."""
    return inspectlib.load("hmip-pdu-2023")


def binomial(cases: int, share: Fraction) -> list[Fraction]:
    """The chance of every number of sufficient cases."""
    return [comb(cases, k) * share**k * (1 - share) ** (cases - k) for k in range(cases + 1)]


@pytest.mark.parametrize(
    ("cases", "share"), [(1, HALF), (5, Fraction(13, 20)), (20, Fraction(4, 5)), (60, Fraction(1, 3))]
)
def test_one_question_has_the_binomial_chances_of_its_bands(cases: int, share: Fraction) -> None:
    """The chance of each rating of a key question is the sum over the tallies in its band, written out here."""
    found = simulate(pdu(), share=share, cases=[cases]).questions[0]["2.1.1"].chances
    expected: dict[str, Fraction] = {}
    for yes, chance in enumerate(binomial(cases, share)):
        ratio = Fraction(yes, cases)
        rating = (
            "Inadequate"
            if ratio < HALF
            else "Requires improvement"
            if ratio < Fraction(13, 20)
            else "Good"
            if ratio < Fraction(4, 5)
            else "Outstanding"
        )
        expected[rating] = expected.get(rating, Fraction(0)) + chance
    assert dict(found) == {rating: chance for rating, chance in expected.items() if chance}


def test_a_standard_and_the_overall_rating_have_the_chances_that_counting_every_sample_gives() -> None:
    """With two cases a question, every sample is rated by itself; the sums of their chances are the chances given."""
    framework = pdu()
    standards = {"2.2": "Good", "2.3": "Requires improvement", "2.4": "Outstanding"}
    evidence: dict[str, Any] = {"panel": PANEL, "ratings": standards}
    shares = {"2.1.1": Fraction(4, 5), "2.1.2": Fraction(9, 10), "2.1.3": Fraction(2, 3)}
    found = simulate(framework, evidence, shares=shares, cases=[2]).chances[0]
    counted: Mapping[str, Counter[str]] = {"2.1": Counter(), "overall": Counter()}
    weights: dict[str, dict[str, Fraction]] = {"2.1": {}, "overall": {}}
    for tallies in product(range(3), repeat=3):
        chance = Fraction(1)
        for yes, share in zip(tallies, shares.values(), strict=True):
            chance *= binomial(2, share)[yes]
        sample = {q: {"yes": yes, "of": 2} for q, yes in zip(shares, tallies, strict=True)}
        judgement = inspectlib.rate(framework, {**evidence, "tallies": sample})
        for node, sums in weights.items():
            rating = judgement[node].text()
            sums[rating] = sums.get(rating, Fraction(0)) + chance
            counted[node][rating] += 1
    for node, sums in weights.items():
        assert dict(found[node].chances) == sums, node
    assert len(counted["2.1"]) > 2


def test_a_service_of_so_many_cases_has_the_chances_of_all_its_samples() -> None:
    """Drawn from seven cases of which four are sufficient, every sample of three is as likely as any other."""
    drawn = simulate(pdu(), share=Fraction(4, 7), cases=[3], caseload=7).questions[0]["2.2.2"]
    service = [True] * 4 + [False] * 3
    framework = pdu()
    counted = Counter(
        inspectlib.rate(framework, {"tallies": {"2.2.2": {"yes": sum(sample), "of": 3}}})["2.2.2"].text()
        for sample in combinations(service, 3)
    )
    assert drawn.chances == {rating: Fraction(n, 35) for rating, n in counted.items()}
    assert drawn.true == "Requires improvement"
    whole = simulate(pdu(), share=Fraction(4, 7), cases=[7], caseload=7).questions[0]["2.2.2"]
    assert dict(whole.chances) == {"Requires improvement": 1} and whole.agree == 1 and whole.other == 0


@pytest.mark.parametrize("name", ["hmip-crc-2019", "hmip-youth-2021", "hmip-region-2023", "hmip-pdu-2021"])
def test_chances_add_up_and_more_cases_come_nearer_to_the_truth(name: str) -> None:
    """All chances of a node are 1 together; away from the edges, a larger sample agrees more with the true shares."""
    framework = inspectlib.load(name)
    panels = {n: "Good" for n, node in framework.graph.nodes.items() if node.rule.tag == "panel"}
    found = simulate(framework, {"panel": panels}, share=Fraction(72, 100), cases=[10, 40, 160])
    assert "overall" in found.chances[0] and not found.wanting
    for chances in found.chances:
        for one in chances.values():
            assert sum(one.chances.values()) == 1
            assert 0 < one.agree <= 1
    for node, first in found.chances[0].items():
        others = [first.other, *(chances[node].other for chances in found.chances[1:])]
        assert others == sorted(others, reverse=True), node


@pytest.mark.parametrize("share", [0, 1])
def test_a_service_that_is_all_alike_has_one_rating(share: int) -> None:
    """Where every case is the same, every sample is."""
    for one in simulate(pdu(), share=Fraction(share), cases=[17]).chances[0].values():
        assert one.chances == {one.true: 1}


def test_runs_come_near_the_exact_chances_and_repeat() -> None:
    """Samples drawn with a seed are the same every time, other ones with another, and near what is exact."""
    exact = simulate(pdu(), {"panel": PANEL}, share=Fraction(7, 10), cases=[30])
    drawn = [simulate(pdu(), {"panel": PANEL}, share=Fraction(7, 10), cases=[30], runs=1500, seed=s) for s in (1, 1, 2)]
    assert drawn[0].text() == drawn[1].text() != drawn[2].text()
    for node, one in exact.chances[0].items():
        for rating, chance in one.chances.items():
            assert abs(drawn[0].chances[0][node].chances.get(rating, Fraction(0)) - chance) < Fraction(1, 20)


def test_an_inspection_gives_shares_sizes_and_what_stays() -> None:
    """Shares and sizes come from the evidence, its panel ratings stay, its departures are left out and said."""
    folder = ROOT / "examples" / "made-up-crc"
    evidence = inspectlib.load_evidence(folder / "inspection.yaml", cases=folder / "cases.csv")
    framework = inspectlib.load("hmip-crc-2019")
    found = simulate(framework, evidence)
    judgement = inspectlib.rate(framework, evidence)
    assert found.left_out == ("2.3",)
    assert {name: one.true for name, one in found.chances[0].items()} == {
        name: judgement[name].computed if name == "2.3" else judgement[name].text() for name in found.chances[0]
    }
    assert found.sizes[0]["2.2.3"].share == Fraction(33, 70) and found.sizes[0]["2.2.3"].cases == 70
    assert found.chances[0]["1.2"].chances == {"Requires improvement": 1}
    assert "departures stated for 2.3 are left out" in found.text()


def test_what_is_not_known_is_left_out_and_said() -> None:
    """Without panel ratings there is no overall rating to simulate, and the text says what is wanting."""
    found = simulate(pdu(), shares={"2.1.1": HALF, "2.1.2": HALF, "2.1.3": HALF}, cases=[9])
    assert list(found.chances[0]) == ["2.1"]
    assert found.wanting[:4] == ("1.1", "1.2", "1.3", "2.2.1")
    assert "left out, because nothing is known of them: 1.1, 1.2" in found.text()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ({"share": Fraction(3, 2), "cases": [3]}, OffScale),
        ({"shares": {"2.1.1": Fraction(-1)}, "cases": [3]}, OffScale),
        ({"shares": {"2.1": HALF}, "cases": [3]}, UnknownNode),
        ({"share": HALF, "cases": [0]}, BadTally),
        ({"share": HALF, "cases": [10**9]}, TooLarge),
        ({"share": HALF, "cases": [3], "runs": 10**9}, TooLarge),
        ({"share": HALF, "cases": [3], "caseload": 2}, BadTally),
        ({"share": HALF}, MissingKey),
        ({"cases": [3]}, MissingKey),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict[str, Any], fault: type[InspectError]) -> None:
    """A share, size or question that cannot be is a fault of its own kind."""
    with pytest.raises(fault):
        simulate(pdu(), **arguments)


def test_a_framework_without_ratings_is_refused_and_without_evidence_only_said() -> None:
    """Where there are no ratings nothing is simulated; where all lack something, the text has no empty table."""
    with pytest.raises(MissingKey, match="gives no ratings"):
        simulate(inspectlib.load("hmip-small-youth-2019"), share=HALF, cases=[3])
    text = simulate(pdu(), shares={"2.1.1": HALF}, cases=[3]).text()
    assert "Samples of" not in text and "nothing is known of them" in text


def run(*words: str) -> Result:
    """The result of a command."""
    return CliRunner().invoke(cli, ["simulate", *words])


@pytest.mark.parametrize("form", ["text", "json", "svg"])
def test_the_command_gives_the_same_bytes_every_time(form: str) -> None:
    """Each form is the same whenever it is made, and says which rating the true shares have."""
    words = (
        "hmip-pdu-2023",
        "--share",
        "65%",
        "--share",
        "2.1.1=4/5",
        "--cases",
        "9",
        "--cases",
        "30",
        "--format",
        form,
    )
    first, second = run(*words), run(*words)
    assert (first.exit_code, first.stdout) == (0, second.stdout)
    if form == "json":
        data = json.loads(first.stdout)
        assert data["exact"] and [s["questions"]["2.1.1"]["cases"] for s in data["samples"]] == [9, 30]
        assert data["samples"][0]["questions"]["2.1.1"]["share"] == "4/5"
        assert data["samples"][0]["chances"]["2.1"]["true"] == "Good"
    elif form == "svg":
        root = ET.fromstring(first.stdout)
        assert "two samples agree" in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")
        width = int(root.attrib["width"])
        for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
            assert int(rect.get("x", "0")) + int(rect.attrib["width"]) <= width


def test_the_command_refuses_bad_usage() -> None:
    """A share that is no number, and cases without an inspection, are bad usage."""
    assert run("hmip-pdu-2023", "--share", "most", "--cases", "5").exit_code == 2
    assert run("hmip-pdu-2023", "--case-file", "x.csv", "--cases", "5").exit_code == 2
