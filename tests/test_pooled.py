"""Cases of several delivery units are pooled: from evidence files, from one file, or from a column of a case file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import inspectlib
from inspectlib.errors import (
    DuplicateName,
    InspectError,
    MissingKey,
    OtherFramework,
    RepeatedInput,
    UnknownName,
    UnknownNode,
)
from inspectlib.evidence import Count

EXAMPLE = Path(__file__).parent.parent / "examples" / "made-up-region"
REGION, UNIT = inspectlib.load("hmip-region-2023"), inspectlib.load("hmip-pdu-2023")
#: As the methodology says: keeping others safe, then desistance, of assessment, planning, delivery and reviewing.
PAIRS = {f"2.{part}.{topic}": f"2.{standard}.{part}" for part in range(1, 5) for topic, standard in ((3, 1), (2, 2))}
UNITS = [EXAMPLE / "north.yaml", EXAMPLE / "south.yaml"]

tallies = st.fixed_dictionaries(
    {
        q: st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda n: {"yes": min(n), "of": max(*n, 1)})
        for q in PAIRS
    }
)


def rated(evidence: Any) -> inspectlib.Judgement:
    """The region rated."""
    return inspectlib.rate(REGION, evidence)


def test_the_made_up_region() -> None:
    """Each question of the region counts the cases of both units, and none of their panels' ratings."""
    judgement = rated(inspectlib.load_evidence(EXAMPLE / "region.yaml", units=UNITS))
    alone = [inspectlib.rate(UNIT, inspectlib.load_evidence(file)) for file in UNITS]
    for there, here in PAIRS.items():
        counts = [found[there].count for found in alone]
        assert all(counts)
        yes, of = sum(c.yes for c in counts if c), sum(c.of for c in counts if c)
        assert judgement[here].count == Count(yes, of), here
    assert judgement["1.1"].panel == "Good"
    assert (judgement["2.1"].rating, alone[0]["2.1"].rating) == ("Requires improvement", "Inadequate")
    assert judgement.warnings == ()


@given(north=tallies, south=tallies)
def test_pooled_tallies_are_their_sum(north: Any, south: Any) -> None:
    """Units answered under their own framework are rated as one tally, the sum of theirs, in any order."""
    units = {name: {"framework": UNIT.id, "tallies": counts} for name, counts in (("N", north), ("S", south))}
    total = {PAIRS[q]: {"yes": north[q]["yes"] + south[q]["yes"], "of": north[q]["of"] + south[q]["of"]} for q in PAIRS}
    together = rated({"tallies": total})
    for order in (units, dict(reversed(units.items()))):
        assert rated({"units": order}).outcomes == together.outcomes


def test_a_record_of_pooled_cases_is_computed_again() -> None:
    """The record of a region holds the tallies of each unit, and gives the same judgement again."""
    judgement = rated(inspectlib.load_evidence(EXAMPLE / "region.yaml", units=UNITS))
    assert set(judgement.evidence["units"]) == {"Example North (made up)", "Example South (made up)"}
    assert inspectlib.Judgement.from_json(judgement.to_json(), REGION) == judgement


def test_a_column_unit_pools_too(tmp_path: Path) -> None:
    """Cases of two units in one case file may have the same id, and count together."""
    columns = [f"2.1.{number}" for number in range(1, 5)]
    rows = [f"c{case},{unit},{','.join([answer] * 4)}" for unit in "NS" for case, answer in ((1, "yes"), (2, "no"))]
    (tmp_path / "cases.csv").write_text("\n".join([f"case,unit,{','.join(columns)}", *rows]))
    (tmp_path / "region.yaml").write_text("service: made up\n")
    judgement = rated(inspectlib.load_evidence(tmp_path / "region.yaml", cases=tmp_path / "cases.csv"))
    assert {judgement[column].count for column in columns} == {Count(2, 4)}


def test_cases_of_their_own(tmp_path: Path) -> None:
    """A case file asks what it has columns for: unpaid work in a file of its own opens nothing elsewhere."""
    (tmp_path / "pooled.csv").write_text("case,2.1.1,2.1.2,2.1.3,2.1.4\na,yes,yes,yes,no\nb,yes,yes,no,\n")
    (tmp_path / "own.csv").write_text("case,2.4.1,2.4.2,2.4.3,2.4.4\nu1,yes,yes,yes,no\n")
    (tmp_path / "region.yaml").write_text("service: made up\n")
    files = [tmp_path / "pooled.csv", tmp_path / "own.csv"]
    judgement = rated(inspectlib.load_evidence(tmp_path / "region.yaml", cases=files))
    assert judgement["2.1.1"].count == Count(2, 2)
    assert judgement["2.1.4"].count == Count(0, 1, 1)
    assert judgement["2.4.1"].count == Count(1, 1)
    assert judgement["2.4"].rating == "Inadequate"


def test_a_silent_unit_keeps_a_question_open() -> None:
    """While one unit has said nothing of a question, what the other said settles nothing."""
    north = {"framework": UNIT.id, "tallies": {"2.1.3": {"yes": 1, "of": 100}}}
    units: dict[str, Any] = {"N": north, "S": {"framework": UNIT.id}}
    assert rated({"units": units})["2.1.1"].between == ("Inadequate", "Outstanding")
    units["S"]["tallies"] = {"2.1.3": "not applicable"}
    assert rated({"units": units})["2.1.1"].rating == "Inadequate"


def test_what_a_unit_says_beyond_its_cases_stays_with_it() -> None:
    """Ratings, departures and values of a unit under its own framework mean nothing to the region."""
    north = {"framework": UNIT.id, "tallies": {"2.1.3": {"yes": 9, "of": 10}}, "panel": {"1.1": "Inadequate"}}
    assert rated({"units": {"N": north}})["1.1"].rating is None


def test_the_same_unit_twice_is_refused() -> None:
    """Two files of one service are no two units."""
    with pytest.raises(DuplicateName, match="is there already"):
        inspectlib.load_evidence(EXAMPLE / "region.yaml", units=[UNITS[0], UNITS[0]])


@pytest.mark.parametrize(
    ("unit", "error", "says"),
    [
        ({"tallies": {"2.1.1": {"yes": 1, "of": 2}}}, MissingKey, "under which framework"),
        ({"framework": "hmip-pdu-2021"}, OtherFramework, "hmip-region-2023 and hmip-pdu-2023"),
        ({"framework": "hmip-pdu-2023", "tallies": {"2.5.1": {"yes": 1, "of": 2}}}, UnknownNode, "no key question"),
    ],
)
def test_a_unit_that_cannot_be_pooled(unit: Any, error: type[InspectError], says: str) -> None:
    """A unit that does not say what its numbers mean, or whose numbers mean nothing, is refused by name."""
    with pytest.raises(error, match=says) as caught:
        rated({"units": {"North": unit}})
    assert "units > North" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "error"),
    [('"2.1.1": "2.1.9"', UnknownName), ('"2.1.1": "2.1.1"', RepeatedInput)],
)
def test_a_pool_leads_to_questions(change: str, error: type[InspectError], tmp_path: Path) -> None:
    """A pool that leads to no question of the framework, or twice to one, is refused where it is written."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\nversion: '1'\ntitle: Own\nextends: hmip-region-2023\nbasis: modelled\nsource: own-choice\n"
        f"pools:\n  hmip-pdu-2023:\n    questions: {{{change}}}\n    basis: modelled\n    source: own-choice\n"
    )
    with pytest.raises(error, match="there"):
        inspectlib.load(own)


def test_how_cases_are_pooled_is_meaning(tmp_path: Path) -> None:
    """Pooling another question changes the fingerprint."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\nversion: '1'\ntitle: Own\nextends: hmip-region-2023\nbasis: modelled\nsource: own-choice\n"
        "pools:\n  hmip-pdu-2023: {questions: {2.4.3: not used}, basis: modelled, source: own-choice}\n"
    )
    assert inspectlib.load(own).fingerprint != REGION.fingerprint
