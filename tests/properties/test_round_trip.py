"""Promise. Round trip: what is written reads back the same, to the byte, with the same fingerprint and judgement."""

from __future__ import annotations

import csv
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import inspectlib
from inspectlib import Evidence, Framework
from inspectlib.build import build
from inspectlib.errors import AliasUsed, BadTally, InspectError, TooLarge, WrongForm
from inspectlib.evidence import Case, Count, Statement
from inspectlib.evidence_reader import evidence_from
from inspectlib.exact import MAX_NUMBER, parse_number
from inspectlib.files.write import evidence_text, framework_json, framework_text
from inspectlib.rules import GivenRule
from naive import Naive
from strategies import (
    GROUND,
    Example,
    Plain,
    add_stated,
    any_framework,
    built,
    frameworks,
    make_evidence,
    make_open,
    number_text,
    randoms,
    shipped_framework,
)
from test_schema import WHOLE, in_yaml, validator

ROOT = Path(__file__).parent.parent.parent
#: The evidence files among the examples; a framework file has an id.
EXAMPLES = [file for file in sorted((ROOT / "examples").rglob("*.yaml")) if "\nid: " not in file.read_text("utf-8")]
SCHEMAS = {name: validator(name) for name in ("framework", "evidence")}
PROGRAM = """
import sys
import inspectlib
from inspectlib.evidence_reader import evidence_from
from inspectlib.files.write import evidence_text, framework_text
answers = {f"2.{n}.1": "yes" for n in range(1, 9)}
cases = [{"id": f"c{n}", "answers": answers} for n in range(9)] + [{"id": "c", "answers": {"1.1.1": "no"}}]
tallies = {f"3.{n}.1": "not applicable" for n in range(9)}
evidence = evidence_from({"cases": cases, "tallies": tallies, "panel": dict.fromkeys(["1.1", "1.10", "1.2"], "Good")})
texts = [evidence_text(evidence), *(framework_text(inspectlib.load(name)) for name in inspectlib.shipped()[::6])]
sys.stdout.buffer.write("".join(texts).encode())
"""
#: Numbers as they were written, and as they are written anew.
NUMBERS = {
    "65%": "0.65",
    "1/2": "0.5",
    "-12.50%": "-0.125",
    "2/3": "2/3",
    "+16": "16",
    "300%": "3",
    "-0": "0",
    "1/300": "1/300",
    "0.001": "0.001",
}
#: How often the slowest of these tests are tried.
FEWER = settings().max_examples // 5
#: Texts that YAML could take for something else, or bend.
NASTY = (
    "", " ", "null", "Null", "NULL", "~", "yes", "No", "true", "2.1", "1", "0x1F", "1_000", "1e3", ".inf",
    "2019-07-01", "withdrawn", "<<", "=", "---", "...", "- a", "? a", "-", "?", ":", "a: b", "a:", "#", "a #b", "#a",
    "&a", "*a", "!a", "!!str a", "%a", "@a", "`a`", "|", ">", "[a]", "{a: b}", "a, b", "'", '"', "it's", 'say "no"',
    "\\", "\\n", "a\\", " a ", "a  b", "\ta", "a\t", "a\nb", "a\n", "\na", "\n", "a\n\n b\n", "a \nb", "a\r\nb",
    "a\rb", "\x00", "\x07", "\x1b[31m", "\x7f", "\x80", "a\x85b", "a\u2028b\u2029", "\xa0", "\xad", "\u200b", "\u202ea",
    "\ufeff", "\ufdd0", "\ufffe", "\uffff", "\U0001f600", "\U0001ffff", "\U0010ffff", "e\u0301", "Größe", "評価",
    "word " * 40, " word" * 40, "a long text - with: colons, #hashes and 'quotes' - that goes on " * 3 + "and ends",
    "- a long text that begins like a list, goes on beyond the width of a line and ends at last, # as a comment would",
    "a" * 20_000, "é " * 9_000,
)  # fmt: skip
#: Those that stand many times in one file without making it too long.
SHORT = NASTY[:-2]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(SHORT), max_size=4).map("".join),
    st.text(max_size=300),
)


def read_framework(text: str) -> Framework:
    """A framework from the text of a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "framework.yaml"
        file.write_bytes(text.encode())
        return inspectlib.load(file)


def read_evidence(text: str) -> Evidence:
    """Evidence from the text of a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "evidence.yaml"
        file.write_bytes(text.encode())
        return inspectlib.load_evidence(file)


def check_framework(framework: Framework) -> tuple[str, Framework]:
    """The text of a framework, and what it reads back to, which must be the same."""
    text = framework_text(framework)
    again = read_framework(text)
    assert again.data == framework.data
    assert again.fingerprint == framework.fingerprint
    assert framework_text(again) == text
    assert read_framework(framework_json(framework)).data == framework.data
    return text, again


def check_evidence(evidence: Evidence) -> tuple[str, Evidence]:
    """The text of evidence without case files, and what it reads back to, which must be the same."""
    text = evidence_text(evidence)
    again = read_evidence(text)
    assert again == evidence
    assert evidence_text(again) == text
    return text, again


def with_texts(rng: random.Random, value: Any, texts: list[str], keys: tuple[str, ...]) -> Any:
    """The data with other texts under some of the keys."""
    if isinstance(value, dict):
        return {
            key: rng.choice(texts) if key in keys and isinstance(item, str) else with_texts(rng, item, texts, keys)
            for key, item in value.items()
        }
    return [with_texts(rng, item, texts, keys) for item in value] if isinstance(value, list) else value


def evidence_for(rng: random.Random, mapping: Plain) -> Plain:
    """Evidence of any kind for a framework."""
    naive = Naive(mapping)
    found = make_evidence(rng, naive)
    kind = rng.choice(["as it is", "open", "stated"])
    if kind == "open":
        return make_open(rng, found, Fraction(3, 10))
    return add_stated(rng, naive, found) if kind == "stated" else found


def one_number(text: str) -> Plain:
    """A small framework with a number that can be at most what the text says."""
    node = {"rule": "given", "kind": "number", "least": "-" + "9" * 199, "most": text, **GROUND}
    named = {"id": "one-number", "version": "1", "title": "One number", **GROUND, "sources": {"own": {"title": "own"}}}
    return {**named, "nodes": {"x": node}}


# --- frameworks


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_round_trip_of_a_shipped_framework(name: str) -> None:
    """A shipped framework written as one file is whole, fits the schema, and loads to the same data and fingerprint."""
    text, _ = check_framework(shipped_framework(name))
    SCHEMAS["framework"].validate(in_yaml(text))
    assert text.startswith(f"id: {name}\n")
    assert not re.search(r"^(extends|abstract):|withdrawn|[ \t]$", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) <= 120


def test_round_trip_of_every_kind_of_entry() -> None:
    """A framework that uses nearly every entry there is comes back with all of them."""
    SCHEMAS["framework"].validate(in_yaml(check_framework(read_framework(WHOLE))[0]))


@settings(max_examples=FEWER)
@given(example=frameworks(), rng=randoms())
def test_round_trip_of_any_framework(example: Example, rng: random.Random) -> None:
    """Any framework, its titles and notes being any texts, loads back to the same data, fingerprint and bytes."""
    texts = [rng.choice(SHORT) for _ in range(5)]
    named = with_texts(rng, example.mapping, texts, ("title", "missing_reason", "version", "section"))
    SCHEMAS["framework"].validate(in_yaml(check_framework(built(named))[0]))


@given(text=TEXTS)
def test_round_trip_of_any_text(text: str) -> None:
    """A text with too much meaning to YAML comes back as it was: as a title, in a list, and as a key."""
    sources = {"own": {"title": "A source"}, text.replace("<<", "<"): {"title": text}}
    mapping = {**one_number("1"), "title": text, "note": text, "provider_kinds": [text, text], "sources": sources}
    again = check_framework(built(mapping))[1].data
    assert (again.title, again.note, again.provider_kinds) == (text, text, (text, text))
    assert again.sources[text.replace("<<", "<")].title == text


@st.composite
def number_texts(draw: st.DrawFn) -> str:
    """A number in any way of writing it, up to the longest that is read."""
    whole = draw(st.integers(0, 10 ** draw(st.integers(0, 196))))
    sign, percent = draw(st.sampled_from(["", "-", "+"])), draw(st.sampled_from(["", "%"]))
    room = MAX_NUMBER - len(f"{sign}{whole}.{percent}")
    digits = "".join(str(draw(st.integers(0, 9))) for _ in range(draw(st.integers(1, max(1, min(room, 30))))))
    filled = draw(st.sampled_from([digits, digits.rjust(room, "0"), digits.rjust(room, "3")]))
    rest = draw(st.sampled_from(["", f".{filled}", f"/1{filled[1:]}"]))
    return f"{sign}{whole}{rest}{percent}"[:MAX_NUMBER]


@given(text=number_texts())
@example("0." + "0" * 197 + "1")
@example("5." + "7" * 197 + "%")
@example("1/" + "7" * 197 + "%")
@example("-1/" + "7" * 196 + "%")
@example("1" * 200)
def test_round_trip_of_any_number(text: str) -> None:
    """A number, however it was written and however long it is, comes back exactly."""
    again = check_framework(built(one_number(text)))[1].data.nodes["x"]
    assert isinstance(again, GivenRule)
    assert again.most == parse_number(text)


def test_round_trip_writes_numbers_for_people() -> None:
    """A number is written as a decimal where it has one, else as a fraction, without quotes."""
    written = {text: framework_text(built(one_number(text))).partition("most: ")[2].splitlines()[0] for text in NUMBERS}
    assert written == NUMBERS


def test_round_trip_folds_long_texts() -> None:
    """A long text is folded within the width of a page; one that folding could bend stays on one line, in quotes."""
    long = "A text that goes on: it has 'quotes', #signs and - dashes, and more than one sentence. " * 4
    title = '"Two  spaces, one  after the other, ' + "  again" * 30 + '"'
    text = framework_text(built({**one_number("1"), "note": long.strip(), "title": title[1:-1]}))
    assert f"\ntitle: {title}\n" in text
    folded = text.partition("note: >-\n")[2].partition("\nsources")[0].splitlines()
    assert " ".join(line.removeprefix("  ") for line in folded) == long.strip()
    assert 100 < max(map(len, folded)) <= 120


# --- evidence


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_round_trip_of_an_example(file: Path) -> None:
    """An evidence file of the examples reads back the same when it is written anew, and fits the schema."""
    SCHEMAS["evidence"].validate(in_yaml(check_evidence(inspectlib.load_evidence(file))[0]))


@settings(max_examples=FEWER)
@given(example=any_framework(), rng=randoms(), text=TEXTS)
def test_round_trip_of_any_evidence(example: Example, rng: random.Random, text: str) -> None:
    """Evidence of any kind, its service and reasons being any texts, reads back the same and gives the same bytes."""
    found = with_texts(rng, evidence_for(rng, example.mapping), [text.strip() or "made up"], ("reason",))
    evidence = evidence_from({"service": text, "framework": example.framework.id, **found})
    written, again = check_evidence(evidence)
    SCHEMAS["evidence"].validate(in_yaml(written))
    try:
        judgement = inspectlib.rate(example.framework, evidence)
    except InspectError:  # a departure that the rules refuse
        return
    assert inspectlib.rate(example.framework, again).to_json() == judgement.to_json()


@given(text=TEXTS)
def test_round_trip_of_any_text_in_evidence(text: str) -> None:
    """A text comes back as it was: as the service, the name of a case, a node, a value and a reason."""
    name, stated = text.replace("<<", "<"), Statement(text.strip(), text.strip())
    check_evidence(
        Evidence(
            framework=text,
            service=text,
            cases=(Case(id=text if text.strip() else "c1"),),
            tallies={name: Count(0, 0), "other": Count(1, 2, 3)},
            ratings={name: Statement(text)},
            panel={name: stated},
            values={name: Statement(text), "total": Statement(text.strip(), max=text.strip())},
        )
    )


@settings(max_examples=FEWER)
@given(rng=randoms())
def test_round_trip_of_cases_from_case_files(rng: random.Random) -> None:
    """Cases from files with other columns, and from the evidence file, rate the same when all stand in one file."""
    framework = shipped_framework("hmip-crc-2019")
    groups = [list(standard.questions) for *_, standard in framework.data.standards() if standard.questions]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{index}.csv" for index in range(rng.randint(1, 3))]
        for index, file in enumerate(files):
            write_cases(rng, file, index, [q for group in rng.sample(groups, rng.randint(1, 3)) for q in group])
        answers = {question: rng.choice(["yes", "no"]) for question in rng.choice(groups) if rng.random() < 0.6}
        listed = [{"id": f"listed {case}", "answers": answers} for case in range(rng.randint(0, 2))]
        (Path(folder) / "evidence.yaml").write_text(f"service: made up\ncases: {listed}\n", encoding="utf-8")
        evidence = inspectlib.load_evidence(Path(folder) / "evidence.yaml", cases=files)
    text = evidence_text(evidence)
    again = read_evidence(text)
    assert evidence_text(again) == text
    assert [case.id for case in again.cases] == [case.id for case in evidence.cases]
    assert inspectlib.rate(framework, again).to_json() == inspectlib.rate(framework, evidence).to_json()


def test_round_trip_of_pooled_units() -> None:
    """The evidence of delivery units comes back within that of the whole, under their names, and rates the same."""
    cases = [
        {"id": f"c{case}", "answers": {"2.1.1": "yes", "2.1.2": answer}} for case, answer in enumerate(["yes", "no"])
    ]
    unit = {"framework": "hmip-pdu-2023", "cases": cases, "tallies": {"2.2.2": {"yes": 3, "of": 5, "open": 1}}}
    silent = {"framework": "hmip-pdu-2023", "service": "called otherwise in its own file"}
    whole = {"date": "2024-02-29", "units": {"North: 1": unit, "south": silent}, "panel": {"1.1": "Good"}}
    evidence = evidence_from(
        {**whole, "cases": [{"id": "c1", "unit": "east", "answers": {"2.2.1": "no"}}, {"id": "c1"}]}
    )
    text, again = check_evidence(evidence)
    SCHEMAS["evidence"].validate(in_yaml(text))
    framework = shipped_framework("hmip-region-2023")
    assert inspectlib.rate(framework, again).to_json() == inspectlib.rate(framework, evidence).to_json()
    # Built in code, a unit need not say what it is called: its name does.
    bare = attrs.evolve(evidence, units={"south": Evidence(framework="hmip-pdu-2023")})
    assert read_evidence(evidence_text(bare)).units["south"].service == "south"


def write_cases(rng: random.Random, file: Path, index: int, questions: list[str]) -> None:
    """Write a case file with some answers open; at times a question is answered in no case."""
    silent = {question for question in questions if rng.random() < 0.2}
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["case", *questions])
        for case in range(rng.randint(1, 4)):
            found = [rng.choice(["yes", "yes", "no", "not applicable", ""]) for _ in questions]
            kept = ["" if question in silent else answer for question, answer in zip(questions, found, strict=True)]
            rows.writerow([f"{index}-{case}", *kept])


def test_round_trip_of_the_example_with_its_case_file() -> None:
    """The example inspection written as one file, its cases listed, has every case and rates the same."""
    folder = ROOT / "examples" / "made-up-crc"
    evidence = inspectlib.load_evidence(folder / "inspection.yaml", cases=folder / "cases.csv")
    text = evidence_text(evidence)
    again = read_evidence(text)
    assert plain_cases(again) == plain_cases(evidence)
    framework = shipped_framework("hmip-crc-2019")
    assert inspectlib.rate(framework, again).to_json() == inspectlib.rate(framework, evidence).to_json()
    SCHEMAS["evidence"].validate(in_yaml(text))


def plain_cases(evidence: Evidence) -> list[tuple[str, Mapping[str, str]]]:
    """The cases with their answers."""
    return [(case.id, case.answers) for case in evidence.cases]


# --- bytes, and what cannot be written


def test_round_trip_writes_the_same_bytes_for_any_hash_seed() -> None:
    """Three processes with different hash seeds write the same bytes."""
    written = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "4294967295")
    }
    assert len(written) == 1
    assert all(f"id: {name}\n".encode() in next(iter(written)) for name in inspectlib.shipped()[::6])


@settings(max_examples=FEWER)
@given(rng=randoms())
def test_round_trip_writes_the_same_bytes_in_any_order(rng: random.Random) -> None:
    """Evidence with its keys in another order gives the same bytes; cases stay in theirs."""
    whole: Plain = {
        "tallies": {f"2.1.{n}": {"yes": n, "of": 12} for n in range(1, 12)},
        "panel": dict.fromkeys(["1.1", "1.2", "1.10"], "Good"),
        "units": {name: {"framework": "hmip-pdu-2023"} for name in "cab"},
        "cases": [{"id": name} for name in "zyx"],
    }
    order = rng.sample(sorted(whole), len(whole))
    other = {key: dict(rng.sample(sorted(whole[key].items()), len(whole[key]))) for key in order if key != "cases"}
    text = evidence_text(evidence_from(whole))
    assert evidence_text(evidence_from({**other, "cases": whole["cases"]})) == text
    assert re.findall("- id: (.)", text) == ["z", "y", "x"]


def titled(title: str) -> Framework:
    """A framework built in code with another title."""
    return build(attrs.evolve(shipped_framework("hmip-youth-2018").data, title=title))


@pytest.mark.parametrize("text", ["a\ud800", "\udfff", "\ud83d\ude00"])
def test_round_trip_refuses_half_a_character(text: str) -> None:
    """A text with half a character is refused by name, since no file can hold it."""
    with pytest.raises(WrongForm, match="half a character"):
        framework_text(titled(text))
    with pytest.raises(WrongForm, match="half a character"):
        evidence_text(Evidence(service=text))


def test_round_trip_refuses_what_would_be_too_long_to_read() -> None:
    """A text, a number, a file and a set of cases longer than are read are refused, the cases at once."""
    assert titled("a" * 20_000).title == read_framework(framework_text(titled("a" * 20_000))).title
    for title in ("a" * 20_001, "\U0001f600" * 20_001):
        with pytest.raises(TooLarge, match="20,000 characters"):
            framework_text(titled(title))
    for number in (10**5000, 10**200):
        with pytest.raises(TooLarge, match="200 characters"):
            evidence_text(Evidence(tallies={"2.1.1": Count(0, number)}))
    reasons = {str(node): Statement("Good", "é" * 20_000) for node in range(26)}
    with pytest.raises(TooLarge, match="1,000,000 bytes"):
        evidence_text(Evidence(panel=reasons))
    cases = tuple(Case(id=str(case)) for case in range(15_000))
    with pytest.raises(TooLarge, match="30,000 entries for one file.*CSV"):
        evidence_text(Evidence(cases=cases))


@pytest.mark.parametrize(
    ("evidence", "error", "message"),
    [
        (Evidence(values={"total": Statement("not rated", "because")}), WrongForm, "would not read back the same"),
        (Evidence(ratings={"<<": Statement("Good")}), AliasUsed, "merge keys"),
        (Evidence(tallies={"2.1.1": Count(3, 2)}), BadTally, "3 sufficient answers of 2"),
        (Evidence(cases=(Case(id=" "),)), WrongForm, "name"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_round_trip_refuses_what_no_file_can_say(evidence: Evidence, error: type[InspectError], message: str) -> None:
    """Evidence built in code that no evidence file could have given is refused, never written as something else."""
    with pytest.raises(error, match=message):
        evidence_text(evidence)


def test_round_trip_writes_what_it_is_given() -> None:
    """Another framework, another reason or one more answer gives another text."""
    assert framework_text(shipped_framework("hmip-crc-2018")) != framework_text(shipped_framework("hmip-nps-2018"))
    given_answers: list[dict[str, str]] = [{}, {"2.1.1": "yes"}, {"2.1.1": "no"}, {"2.1.2": "no"}]
    cases = [[{"id": "c1", "answers": answers}, {"id": "c2"}] for answers in given_answers]
    texts = [evidence_text(evidence_from({"cases": listed})) for listed in cases]
    texts += [evidence_text(evidence_from({"values": {"x": number_text(random.Random(1), Fraction(1, 3))}}))]
    assert len(set(texts)) == 5
    assert texts[1] == 'cases:\n- id: c1\n  answers:\n    "2.1.1": yes\n- id: c2\n'
