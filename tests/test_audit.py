"""An audit computes a record again from its own evidence: whole records agree, and what is tampered with is seen."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given

import inspectlib
from inspectlib.cli import cli
from inspectlib.errors import InspectError, OtherRecord, UnknownFramework
from naive import Naive
from strategies import Example, add_stated, any_framework, make_evidence, make_open, randoms

EXAMPLE = Path(__file__).parent.parent / "examples" / "made-up-crc"
CRC = inspectlib.load("hmip-crc-2019")
EVIDENCE = inspectlib.load_evidence(EXAMPLE / "inspection.yaml", cases=EXAMPLE / "cases.csv")
RECORD = inspectlib.rate(CRC, EVIDENCE).to_json()
#: The rules of a record, its evidence, and the format are not what an audit computes.
GIVEN = ("evidence", "format", "framework")


def tampered(change: Callable[[dict[str, Any]], object]) -> str:
    """The record of the made-up inspection with something changed by hand."""
    data = json.loads(RECORD)
    change(data)
    return json.dumps(data)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every single value of JSON data."""
    if isinstance(data, (dict, list)):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))
    else:
        yield path


@given(example=any_framework(), rng=randoms())
def test_a_record_agrees_and_any_change_of_it_is_seen(example: Example, rng: random.Random) -> None:
    """What was recorded agrees under its framework; with any one value changed it does not, or is no record."""
    naive = Naive(example.mapping)
    evidence = make_evidence(rng, naive)
    evidence = add_stated(rng, naive, evidence) if rng.random() < 0.5 else make_open(rng, evidence, Fraction(1, 5))
    try:
        record = inspectlib.rate(example.framework, evidence).to_json()
    except InspectError:
        return
    found = inspectlib.audit(record, example.framework)
    assert found.agrees, found.text()
    data = json.loads(record)
    able = [path for path in places(data) if path[0] not in GIVEN]
    for path in rng.sample(able, min(4, len(able))):
        other = json.loads(record)
        parent = other
        for step in path[:-1]:
            parent = parent[step]
        before = parent[path[-1]]
        parent[path[-1]] = rng.choice(
            [other_value for other_value in ("Good", 7, None, True, "1/2") if other_value != before]
        )
        try:
            audited = inspectlib.audit(json.dumps(other), example.framework)
        except OtherRecord:
            continue
        assert not audited.agrees, path
        assert len(audited.differences) == 1, (path, audited.differences)


def put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value in JSON data; None takes the entry out."""
    for step in path[:-1]:
        data = data[step]
    if value is None:
        del data[path[-1]]
    else:
        data[path[-1]] = value


def run(tmp_path: Path, text: str | bytes, *arguments: str) -> tuple[int, str]:
    """The exit code of the command on a record, and what it says."""
    file = tmp_path / "record.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = CliRunner().invoke(cli, ["audit", str(file), *arguments])
    if isinstance(result.exception, InspectError):
        return 2, str(result.exception)
    return result.exit_code, result.stdout


def test_a_record_that_agrees(tmp_path: Path) -> None:
    """The record of the made-up inspection agrees with the shipped framework that it names, and the exit code is 0."""
    rules = f"hmip-crc-2019, version {CRC.version}, {CRC.fingerprint}"
    assert run(tmp_path, RECORD) == (0, f"The record agrees with what its evidence gives.\n  rules: {rules}\n")
    assert run(tmp_path, RECORD, "hmip-crc-2019")[0] == 0


def test_a_record_holds_all_that_is_needed() -> None:
    """With units, a date, reasons, departures and open answers the record alone gives the whole judgement again."""
    region = inspectlib.load("hmip-region-2023")
    unit = {"framework": "hmip-pdu-2023", "tallies": {"2.1.3": {"yes": 4, "of": 9, "open": 2}}}
    evidence = {
        "date": "2019-05-01",
        "service": "Made up",
        "units": {"North": unit},
        "panel": {"1.1": {"rating": "Good", "reason": "made up"}},
    }
    record = inspectlib.rate(region, evidence).to_json()
    assert inspectlib.audit(record).agrees
    assert inspectlib.Judgement.from_json(record, region).to_json() == record


#: What is changed in the record by hand, by path, and what an audit says of it.
TAMPERED: list[tuple[tuple[str, ...], Any, str]] = [
    (("overall", "rating"), "Good", "overall: rating is recorded as Good, and its evidence gives Requires improvement"),
    (("overall", "score"), 17, "overall: score is recorded as 17, and its evidence gives 9"),
    (("evidence", "tallies", "2.1.1", "yes"), 67, "2.1.1: yes is recorded as 66, and its evidence gives 67"),
    (
        ("standards", "2.3", "departure", "reason"),
        "x",
        "2.3: departure reason is recorded as x, and its evidence gives Made up",
    ),
    (("standards", "1.4"), None, "1.4: all is recorded as nothing, and its evidence gives {"),
    (("standards", "1.9"), {"title": "x", "rating": "Good"}, "1.9: all is recorded as {"),
    (("service",), "Another", "service is recorded as Another, and its evidence gives Example CRC (made up)"),
    (
        ("questions", "2.1.1", "decided_by"),
        ["2.1.2"],
        '2.1.1: decided_by is recorded as ["2.1.2"], and its evidence gives',
    ),
]


@pytest.mark.parametrize(("path", "value", "says"), TAMPERED, ids=[" ".join(path) for path, _, _ in TAMPERED])
def test_a_record_that_was_tampered_with(tmp_path: Path, path: tuple[str, ...], value: Any, says: str) -> None:
    """What a record says otherwise than its evidence gives is named, and the exit code is 1."""
    text = tampered(lambda data: put(data, path, value))
    code, shown = run(tmp_path, text)
    assert code == 1 and shown.startswith("The record does not agree with what its evidence gives.\n")
    assert f"  {says}" in shown
    with pytest.raises(OtherRecord):
        inspectlib.Judgement.from_json(text, CRC)


def test_a_departure_removed_from_the_evidence(tmp_path: Path) -> None:
    """Without the recorded departure the rating that it gave no longer follows, nor what rests on it."""
    code, shown = run(tmp_path, tampered(lambda data: data["evidence"].pop("departures")), "--format", "json")
    data = json.loads(shown)
    assert code == 1 and data["same_rules"] and not data["agrees"]
    found = {(one["node"], one["entry"]): (one["recorded"], one["recomputed"]) for one in data["differences"]}
    assert found["2.3", "rating"] == ("Requires improvement", "Inadequate")
    assert found["overall", "score"] == (9, 8)
    assert next(iter(found))[0] == "overall"


def test_evidence_that_the_rules_refuse(tmp_path: Path) -> None:
    """A record whose evidence the rules refuse does not agree, and the fault is said."""
    code, shown = run(
        tmp_path, tampered(lambda data: data["evidence"]["departures"]["2.3"].update(rating="Outstanding"))
    )
    assert code == 1
    assert "Its evidence is refused:\n  departure-refused: departures > 2.3:" in shown


def test_other_rules_than_those_recorded(tmp_path: Path) -> None:
    """Where the rules are not those that gave the record it says so, and what they change for this inspection."""
    code, shown = run(tmp_path, RECORD, "hmip-crc-2018")
    assert code == 1
    assert shown.startswith("The record was not given by these rules.\n  rules: hmip-crc-2018, version")
    assert f"  recorded: hmip-crc-2019, version {CRC.version}, {CRC.fingerprint}\n" in shown
    assert "1.1: rating is recorded as Requires improvement, and its evidence gives Good" in shown
    code, shown = run(tmp_path, tampered(lambda data: data["framework"].update(fingerprint="sha256:0")))
    assert code == 1 and "For this inspection they give the same." in shown


def test_a_framework_that_is_not_shipped(tmp_path: Path) -> None:
    """A record names a framework, never a file: what is not shipped has to be named on the command line."""
    for name in ("made-up-2030", "/etc/passwd", "../hmip-crc-2019.yaml", ""):
        forged = tampered(lambda data, name=name: data["framework"].update(id=name))  # type: ignore[misc]  # a default argument
        with pytest.raises(UnknownFramework):
            inspectlib.audit(forged)
        assert run(tmp_path, forged)[0] == 2
    assert "framework id is recorded as" in run(tmp_path, forged, "hmip-crc-2019")[1]


@pytest.mark.parametrize(
    "text",
    [
        RECORD[: len(RECORD) // 2],
        "not JSON at all",
        "[]",
        "{}",
        '{"format": "inspectlib/judgement/2"}',
        '{"format": "inspectlib/judgement/1"}',
        "[" * 200_000,
        RECORD.replace('"service"', '"service": "Another", "service"', 1),
        RECORD.replace(": 9", ": NaN", 1),
        RECORD.replace('"share": "33/50"', '"share": "1e99999999"', 1),
        RECORD.replace('"share": "33/50"', '"share": "1/0"', 1),
        RECORD.replace(": 9", ": " + "9" * 5_000, 1),
        b"\xff\xfe",
        b" ",
        " " * 9_000_000,
    ],
    ids=range(15),
)
def test_what_is_no_record(tmp_path: Path, text: str | bytes) -> None:
    """Text that is no record, is cut off, says a thing twice or would take long to read is refused: exit code 2."""
    code, shown = run(tmp_path, text)
    assert code == 2, shown


def test_a_record_from_standard_input() -> None:
    """A record can come from standard input, and the result be saved as JSON."""
    result = CliRunner().invoke(cli, ["audit", "-", "--format", "json"], input=RECORD)
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert data["format"] == "inspectlib/audit/1" and data["agrees"] and data["differences"] == []
    assert CliRunner().invoke(cli, ["audit", "-", "-"], input=RECORD).exit_code == 2
