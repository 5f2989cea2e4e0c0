"""The JSON Schemas of framework and evidence files: made from the classes, and of one mind with the library."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types
from ruamel.yaml import YAML

import inspectlib
from inspectlib.errors import InspectError

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "src" / "inspectlib" / "schemas"
FRAMEWORKS = sorted((ROOT / "src" / "inspectlib" / "frameworks").glob("*.yaml"))
#: The evidence files among the examples; a framework file has an id.
EVIDENCE = [file for file in sorted((ROOT / "examples").rglob("*.yaml")) if "\nid: " not in file.read_text("utf-8")]

WHOLE = """
id: small
version: 1
title: A small framework
basis: modelled
source: own
in_force: {since: 2024-04-01, until: , basis: modelled, source: own}
changes: [{text: All of it., basis: modelled, source: own}]
provider_kinds: anyone
sources: {own: {title: An own choice, date: 2024}}
scales:
  three: {ratings: [Poor, Fair, Fine], scores: [0, 1/2, 1.5], basis: modelled, source: own}
  stars: {ratings: [1, 2, 3], basis: modelled, source: own}
bands:
  shares:
    scale: three
    bands: {Poor: {below: 50%}, Fair: {at_least: 50%, below: 0.8}, Fine: {at_least: 4/5}}
    better: higher
    rounding: whole percent
    basis: modelled
    source: own
methods:
  cases:
    title: Rated from its cases
    each_question:
      answers: {rule: given, kind: answers, basis: modelled, source: own}
      share: {rule: share, of: answers, basis: modelled, source: own}
      rating: {rule: band, of: share, bands: shares, basis: modelled, source: own}
    each_standard:
      computed: {rule: lowest, of: questions, basis: modelled, source: own}
      rating:
        {rule: discretion, of: computed, bands: 1, within_points: 2.5, one_answer: true, sample_at_most: 5,
         basis: modelled, source: own}
domains:
  "1":
    title: Cases
    method: cases
    basis: modelled
    source: own
    standards:
      "1.1": {title: Planning, questions: {"1.1.1": {title: need}, "1.1.2": {title: risk, prompts: [the plan]}}}
groups: {rated: "1.1"}
nodes:
  total: {rule: total, of: rated, weights: {"1.1": 2}, unrated: not rated, basis: modelled, source: own}
  stars: {rule: given, kind: rating, scale: stars, missing: not applicable, basis: modelled, source: own}
  adjustment: {rule: given, kind: number, least: -1, most: 1, basis: modelled, source: own}
  raised: {rule: shift, of: stars, by: -1, basis: modelled, source: own}
  moved: {rule: shift, of: 1.1, by: adjustment, basis: modelled, source: own}
  enough: {rule: test, of: stars, at_least: 2, basis: modelled, source: own}
  overall:
    rule: table
    inputs: [enough, stars]
    kind: rating
    scale: three
    rows:
      - {when: {enough: no}, then: Poor}
      - {when: {enough: yes, stars: [1, 2]}, then: Fair}
      - {when: {enough: yes, stars: at least 3}, then: Fine}
    basis: modelled
    source: own
"""
CHANGED = """
id: changed
version: "2"
title: The NPS of 2019, changed
extends: hmip-nps-2019
basis: modelled
source: own-choice
"""
CASES = """
framework: hmip-crc-2019
service: Example CRC
cases:
  - {id: c1, answers: {"2.1.1": yes, "2.1.2": No, "2.1.3": Not  Applicable, "2.2.1": }}
  - {id: 2}
"""


def in_yaml(text: str) -> Any:
    """What an editor sees of a YAML text: JSON, a date as text."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def validator(name: str) -> Draft202012Validator:
    """The validator of a shipped schema."""
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


def with_change(text: str, old: str, new: str) -> str:
    """A text with a passage replaced, which must be there."""
    assert old in text
    return text.replace(old, new, 1)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The tool that makes the schemas."""
    spec = importlib.util.spec_from_file_location("make_schema", ROOT / "tools" / "make_schema.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def frameworks() -> Draft202012Validator:
    """The validator of framework files."""
    return validator("framework")


@pytest.fixture(scope="module")
def evidence() -> Draft202012Validator:
    """The validator of evidence files."""
    return validator("evidence")


def test_schemas_are_up_to_date(tool: ModuleType) -> None:
    """The shipped schemas are, byte for byte, what the tool makes of the classes."""
    assert {file.name: file.read_text(encoding="utf-8") for file in SCHEMAS.glob("*.json")} == tool.texts()


def test_tool_finds_a_stale_schema(tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tool writes what is missing, finds nothing to say of it, and names a file that has been changed."""
    assert tool.main([], tmp_path / "schemas") == 0
    assert tool.main(["--check"], tmp_path / "schemas") == 0
    (tmp_path / "schemas" / "evidence.schema.json").write_text("{}\n", encoding="utf-8")
    assert tool.main(["--check"], tmp_path / "schemas") == 1
    assert capsys.readouterr().err.startswith("evidence.schema.json is stale")
    assert tool.main(["--chekc"], tmp_path / "schemas") == 2


def schemas_inside(schema: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema."""
    for item in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from schemas_inside(item)
    if isinstance(schema, dict):
        yield schema


@pytest.mark.parametrize("name", [file.name.removesuffix(".schema.json") for file in sorted(SCHEMAS.glob("*.json"))])
def test_schemas_are_sound_and_described(name: str) -> None:
    """A schema is valid, its references lead somewhere, and every class and every entry of one has a description."""
    schema = validator(name).schema
    assert isinstance(schema, dict)
    Draft202012Validator.check_schema(schema)
    for inner in schemas_inside(schema):
        assert inner.get("$ref", "#/$defs/").startswith("#/$defs/")
        if isinstance(inner.get("$ref"), str):
            assert inner["$ref"].removeprefix("#/$defs/") in schema["$defs"]
        if "properties" in inner and inner is not schema and "additionalProperties" in inner:
            assert inner["additionalProperties"] is False
            assert inner["description"]
            for key, entry in inner["properties"].items():
                assert entry.get("description"), (inner["title"], key)


@pytest.mark.parametrize("file", FRAMEWORKS, ids=lambda file: file.stem)
def test_shipped_frameworks_validate(file: Path, frameworks: Draft202012Validator) -> None:
    """Every shipped framework file, those that are only a base for others too, is one by the schema."""
    frameworks.validate(in_yaml(file.read_text(encoding="utf-8")))


def test_example_evidence_validates(evidence: Draft202012Validator) -> None:
    """Every evidence file among the examples is one by the schema."""
    assert EVIDENCE
    for file in EVIDENCE:
        evidence.validate(in_yaml(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        with_change(WHOLE, "version: 1", 'version: "2024.1"'),
        with_change(WHOLE, "of: rated, weights", "of: [rated], weights"),
        with_change(WHOLE, "within_points: 2.5", "within_points: 5/2"),
        CHANGED,
        CHANGED + 'domains: {"3": {standards: {"3.1": {questions: {"3.1.2": withdrawn}}}}}',
        CHANGED + "nodes: {leadership_ceiling: {by: 2, basis: modelled, source: own-choice}}",
        CHANGED + "nodes: {leadership_ceiling: {rule: shift, by: 0, basis: modelled, source: own-choice}}",
        CHANGED + "in_force: {since: 2019-07-01, until: 2021-06-25, basis: modelled, source: own-choice}",
        with_change(CHANGED, "hmip-nps-2019", "[hmip-nps-2018, base-adult-2019]"),
    ],
)
def test_what_the_schema_accepts_is_loaded(text: str, frameworks: Draft202012Validator, tmp_path: Path) -> None:
    """A framework that the schema accepts, in one way of writing or another, is a framework to the library too."""
    frameworks.validate(in_yaml(text))
    (tmp_path / "framework.yaml").write_text(text, encoding="utf-8")
    assert inspectlib.load(tmp_path / "framework.yaml").id in {"small", "changed"}


@pytest.mark.parametrize(
    "text",
    [
        with_change(WHOLE, "version: 1", "verison: 1"),
        with_change(WHOLE, "title: A small framework\n", ""),
        with_change(WHOLE, "id: small", "id: Small Framework"),
        with_change(WHOLE, "of: rated, weights", "of: rated, wieghts"),
        with_change(WHOLE, "rule: lowest", "rule: lowset"),
        with_change(WHOLE, "rule: lowest, ", ""),
        with_change(WHOLE, "bands: shares, basis: modelled", "bands: shares"),
        with_change(WHOLE, "bands: shares, basis: modelled", "bands: shares, basis: guessed"),
        with_change(WHOLE, "bands: shares, ", ""),
        with_change(WHOLE, "below: 0.8", "belwo: 0.8"),
        with_change(WHOLE, "below: 0.8", "below: four fifths"),
        with_change(WHOLE, "whole percent", "up"),
        with_change(WHOLE, "2024-04-01", "1 April 2024"),
        with_change(WHOLE, "one_answer: true", "one_answer: yes"),
        with_change(WHOLE, "bands: 1, within", "bands: -1, within"),
        with_change(WHOLE, "missing: not applicable", "missing: unknown"),
        with_change(WHOLE, "unrated: not rated", "unrated: zero"),
        with_change(WHOLE, ", then: Poor", ""),
        with_change(WHOLE, "sources: {own: {title: An own choice, date: 2024}}", "sources: [own]"),
        with_change(WHOLE, 'groups: {rated: "1.1"}', "groups: withdrawn"),
        with_change(CHANGED, 'version: "2"\n', ""),
        CHANGED + "in_force: {until: 2021-06-25}",
        with_change(CHANGED, "hmip-nps-2019", "{name: hmip-nps-2019}"),
        CHANGED + 'domains: {"3": {standards: {"3.1": {question: {"3.1.2": withdrawn}}}}}',
        CHANGED + "nodes: {leadership_ceiling: {rule: shift, at_least: Good}}",
        CHANGED + "changes: [{text: A change on no basis.}]",
        "[id, version]",
    ],
)
def test_wrong_frameworks_are_refused(text: str, frameworks: Draft202012Validator, tmp_path: Path) -> None:
    """A framework file of the wrong form is refused by the schema, and by the library as well."""
    assert not frameworks.is_valid(in_yaml(text))
    (tmp_path / "framework.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InspectError):
        inspectlib.load(tmp_path / "framework.yaml")


@pytest.mark.parametrize(
    "text",
    [
        CASES,
        'tallies: {"2.2.1": {yes: 41, of: 60}, "2.2.2": {yes: 0, of: 2, open: 3}, "4.2.1": Not applicable}',
        'ratings: {"2.4": Good, "2.3": {rating: not rated, reason: not in scope}}',
        'panel: {"1.1": {rating: Good, reason: "..."}, "1.2": Good, "1.3": outstanding}',
        'departures: {"2.3": {rating: Good, reason: "..."}}',
        "values: {total: 16}",
        "values: {total: {score: 1, max: 24}, mean_score: 1/2}",
        "cases: []\ntallies:\nratings:\npanel: {}\ndepartures:\nvalues:",
    ],
)
def test_what_the_evidence_schema_accepts_is_read(text: str, evidence: Draft202012Validator, tmp_path: Path) -> None:
    """Evidence that the schema accepts, in one way of writing or another, is evidence to the library too."""
    evidence.validate(in_yaml(text))
    (tmp_path / "evidence.yaml").write_text(text, encoding="utf-8")
    inspectlib.load_evidence(tmp_path / "evidence.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "tally: {}",
        "service:",
        'cases: {"c1": {"2.1.1": yes}}',
        'cases: [{answers: {"2.1.1": yes}}]',
        with_change(CASES, '2.1.1": yes', '2.1.1": maybe'),
        with_change(CASES, "{id: 2}", "{id: 2, answer: {}}"),
        'tallies: {"2.2.1": {yes: 41}}',
        'tallies: {"2.2.1": {yes: 41, of: 60, on: 1}}',
        'tallies: {"2.2.1": {yes: -1, of: 60}}',
        'tallies: {"2.2.1": {yes: 4.5, of: 60}}',
        'tallies: {"2.2.1": 41}',
        'ratings: {"2.4": {reason: "..."}}',
        'ratings: {"2.4": [Good]}',
        'panel: {"1.1": {score: 2}}',
        "values: {total: {max: 24}}",
        "values: {total: {score: 1, of: 24}}",
        "[cases]",
    ],
)
def test_wrong_evidence_is_refused(text: str, evidence: Draft202012Validator, tmp_path: Path) -> None:
    """Evidence of the wrong form is refused by the schema, and by the library as well."""
    assert not evidence.is_valid(in_yaml(text))
    (tmp_path / "evidence.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InspectError):
        inspectlib.load_evidence(tmp_path / "evidence.yaml")


@pytest.mark.parametrize("departure", ["Good", "{rating: Good}", "{rating: Good, reason: ' '}"])
def test_departure_needs_its_reason(departure: str, evidence: Draft202012Validator, tmp_path: Path) -> None:
    """A departure without a recorded reason is refused by the schema, as it is when the inspection is rated."""
    text = f'tallies: {{"2.1.1": {{yes: 64, of: 100}}}}\ndepartures: {{"2.1": {departure}}}'
    assert not evidence.is_valid(in_yaml(text))
    (tmp_path / "evidence.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InspectError, match="reason"):
        inspectlib.rate(inspectlib.load("hmip-crc-2019"), inspectlib.load_evidence(tmp_path / "evidence.yaml"))
