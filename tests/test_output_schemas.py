"""What the commands write as JSON is what its schema says, whatever it is asked of."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

import inspectlib
from inspectlib.backtest import Comparison
from inspectlib.cli import cli
from inspectlib.errors import InspectError
from inspectlib.files.new_file import new_file
from naive import Naive
from strategies import Example, add_stated, any_framework, make_evidence, make_open, randoms

EXAMPLES = Path(__file__).parent.parent / "examples"
CRC = ("hmip-crc-2019", str(EXAMPLES / "made-up-crc" / "inspection.yaml"))
CASES = ("--cases", str(EXAMPLES / "made-up-crc" / "cases.csv"))
PILOT = EXAMPLES / "standards_2021"
#: Frameworks and lists of them are for people to look through; what is in them is in their files.
NO_FORM = {"frameworks", "show", "table"}


def validator(name: str) -> Draft202012Validator:
    """The validator that the schema command gives for a form of output."""
    result = CliRunner().invoke(cli, ["schema", f"--{name}"])
    assert result.exit_code == 0
    return Draft202012Validator(json.loads(result.stdout))


OUTPUTS = ("judgement", "explanation", "what-if", "audit", "check", "diff", "comparison", "simulation")
VALIDATORS = {name: validator(name) for name in (*OUTPUTS, "evidence")}
FILES = {
    "total.yaml": "values: {total: 17}",
    "open.yaml": 'tallies: {"2.1.1": {yes: 3, of: 5, open: 4}, "4.2.1": not applicable}',
    "region.yaml": 'tallies: {"2.1.1": {yes: 3, of: 5}}',
    "youth.yaml": 'cases: [{id: c1, answers: {"2.1.1": yes, "2.1.2": no}}]',
    "stars.yaml": "ratings: {health_inspection: 4}\nvalues: {special_focus: no}",
    "faulty.yaml": "id: faulty\nversion: 1\ntitle: F\nextends: hmip-crc-2019\nbasis: modelled\nsource: nowhere\n",
    "weak.yaml": """
        id: weak
        version: 1
        title: Weak
        extends: {framework: hmip-crc-2019, fingerprint: "sha256:0"}
        basis: modelled
        source: own-choice
        exceptions: {ceiling: withdrawn}
        """,
}
RUNS = [
    ("judgement", ("rate", *CRC, *CASES)),
    ("judgement", ("rate", "hmip-crc-2019", "total.yaml")),
    ("judgement", ("rate", "hmip-crc-2019", "open.yaml")),
    ("judgement", ("rate", "hmip-small-youth-2019", "youth.yaml")),
    ("judgement", ("rate", "hmip-region-2023", "region.yaml")),
    ("judgement", ("rate", "nursing-home-stars-2022", "stars.yaml")),
    ("judgement", ("rate", str(PILOT / "nps.yaml"), str(PILOT / "nps-inspections" / "ashby.yaml"))),
    ("explanation", ("explain", *CRC, *CASES)),
    ("explanation", ("explain", "hmip-crc-2019", "open.yaml", "2.1")),
    ("what-if", ("whatif", *CRC, "--reach", "overall=Good", *CASES)),
    ("what-if", ("whatif", *CRC, "--lower", "2.1", *CASES)),
    ("what-if", ("whatif", "hmip-crc-2019", "open.yaml", "--reach", "2.1=Good")),
    ("what-if", ("whatif", "hmip-crc-2019", "total.yaml", "--reach", "overall=Outstanding")),
    ("what-if", ("whatif", "hmip-crc-2019", "total.yaml", "--reach", "overall=Outstanding", "--hold", "total")),
    ("audit", ("audit", "record.json")),
    ("audit", ("audit", "tampered.json")),
    ("audit", ("audit", "refused.json")),
    ("check", ("check", "small.yaml", "--sample", "3")),
    ("check", ("check", "weak.yaml")),
    ("check", ("check", "faulty.yaml")),
    ("check", ("check", "nowhere.yaml")),
    ("diff", ("diff", "hmip-crc-2018", "hmip-crc-2018")),
    ("diff", ("diff", "hmip-pdu-2021", "hmip-pdu-2023")),
    ("diff", ("diff", "hmip-youth-2018", "hmip-small-youth-2019")),
    ("diff", ("diff", "nursing-home-stars-2019", "nursing-home-stars-2022")),
    ("comparison", ("compare", "hmip-nps-2019", str(PILOT / "nps.yaml"), "--evidence", str(PILOT / "nps-inspections"))),
    ("comparison", ("compare", "hmip-nps-2019", str(PILOT / "nps.yaml"), "--evidence", str(PILOT / "past-2019.csv"))),
    ("comparison", ("compare", "hmip-crc-2018", "hmip-crc-2019", "--evidence", "past.csv")),
    ("simulation", ("simulate", "hmip-pdu-2023", "--share", "70%", "--cases", "5", "--cases", "9")),
    ("simulation", ("simulate", CRC[0], "--evidence", CRC[1], "--case-file", CASES[1], "--runs", "20")),
    ("simulation", ("simulate", "hmip-pdu-2023", "--share", "1/3", "--cases", "5", "--caseload", "9")),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small files, good and bad."""
    made = tmp_path_factory.mktemp("outputs")
    for name, text in FILES.items():
        (made / name).write_text(text, "utf-8")
    (made / "past.csv").write_text("service,total,overall\nA,17,Good\nB,12,Splendid\n", "utf-8")
    new_file(made / "small.yaml")
    record = inspectlib.rate(inspectlib.load(CRC[0]), inspectlib.load_evidence(CRC[1], cases=CASES[1:])).to_json()
    (made / "record.json").write_text(record, "utf-8")
    data = json.loads(record)
    data["overall"]["rating"] = "Outstanding"
    del data["overall"]["score"]
    (made / "tampered.json").write_text(json.dumps(data), "utf-8")
    data["evidence"]["tallies"]["2.1.1"]["yes"] = 900
    (made / "refused.json").write_text(json.dumps(data), "utf-8")
    return made


@pytest.mark.parametrize(("name", "arguments"), RUNS, ids=[f"{n} {' '.join(a[1:])[-40:]}" for n, a in RUNS])
def test_what_a_command_writes_is_what_its_schema_says(
    name: str, arguments: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command gives JSON of the form that its schema describes, of whatever it is asked, findings and faults."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(cli, [*arguments, "--format", "json"])
    assert result.stdout, result.output
    data = json.loads(result.stdout)
    VALIDATORS[name].validate(data)
    assert data["format"].startswith(f"inspectlib/{name}/")
    if name == "judgement":
        VALIDATORS["evidence"].validate(data["evidence"])


def test_every_command_that_writes_json_has_a_schema() -> None:
    """No command writes JSON of a form that no schema describes and no run above looks at."""
    able = {
        name
        for name, command in cli.commands.items()
        for option in command.params
        if option.name == "as_" and isinstance(option.type, click.Choice) and "json" in option.type.choices
    }
    assert able - NO_FORM == {arguments[0] for _, arguments in RUNS}
    flags = {option.opts[0] for option in cli.commands["schema"].params if option.name == "name"}
    assert flags == {f"--{name}" for name in VALIDATORS}


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_schema_refuses_another_form(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a key is added, and wherever one of the whole is left out, the schema refuses what is left."""
    monkeypatch.chdir(folder)
    arguments = next(arguments for known, arguments in RUNS if known == name)
    data = json.loads(CliRunner().invoke(cli, [*arguments, "--format", "json"]).stdout)
    assert not VALIDATORS[name].is_valid(data | {"more": 1})
    assert not VALIDATORS[name].is_valid(data | {"format": f"inspectlib/{name}/0"})
    for key in data:
        assert not VALIDATORS[name].is_valid({other: entry for other, entry in data.items() if other != key})


@given(example=any_framework(), rng=randoms())
def test_judgements_of_any_framework_are_what_their_schema_says(example: Example, rng: random.Random) -> None:
    """Any judgement, settled or open, with departures and stated values, is of the form that its schema describes."""
    naive = Naive(example.mapping)
    evidence = make_evidence(rng, naive)
    evidence = add_stated(rng, naive, evidence) if rng.random() < 0.5 else make_open(rng, evidence, Fraction(1, 5))
    try:
        judgement = inspectlib.rate(example.framework, evidence)
    except InspectError:
        return
    data: dict[str, Any] = json.loads(judgement.to_json())
    VALIDATORS["judgement"].validate(data)
    found = inspectlib.compare(example.framework, example.framework, {"one": data["evidence"]})
    assert isinstance(found, Comparison)
    VALIDATORS["comparison"].validate(json.loads(json.dumps(found.data())))
