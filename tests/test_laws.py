"""The laws are checked on every framework: what is proven is never refuted by trying, what is refuted replays."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import inspectlib
from inspectlib.completions import ends
from inspectlib.errors import WrongForm
from inspectlib.evidence import Count
from inspectlib.evidence_reader import evidence_from
from inspectlib.explore import explore
from inspectlib.graph import Node
from inspectlib.kinds import Absent, Kind
from inspectlib.laws import How, Status
from inspectlib.laws.laws import Laws
from inspectlib.laws.report import LAWS
from inspectlib.laws.witness import evidence_of
from inspectlib.letters import NOT_RATED, letters
from inspectlib.rating import rate_evidence
from inspectlib.rules import Given
from strategies import Example, any_framework, randoms

#: A framework in which the laws do not hold: overall is lowered when 1.2 is better, and the ceiling limits nothing.
BROKEN = """\
id: broken
version: "1"
title: Broken on purpose (made up)
extends: hmip-pdu-2023
basis: modelled
source: own-choice
nodes:
  leadership_ceiling: {by: 3, basis: modelled, source: own-choice}
  overall: {rule: limit, of: overall_by_score, to: Good, when: strong, basis: modelled, source: own-choice}
  overall_by_score: {rule: band, of: mean_score, bands: means, basis: modelled, source: own-choice}
  strong: {rule: test, of: "1.2", at_least: Good, basis: modelled, source: own-choice}
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The file of the broken framework."""
    (tmp_path / "broken.yaml").write_text(BROKEN)
    return tmp_path / "broken.yaml"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line as a user runs it."""
    command = [sys.executable, "-m", "inspectlib", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300)


def place(result: Any) -> Any:
    """Where a result of a SARIF log points."""
    return result["locations"][0]["physicalLocation"]


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_every_shipped_framework_passes(name: str) -> None:
    """No law is refuted on a shipped framework, each is looked at, and all that is found is proven or declared."""
    report = inspectlib.check(inspectlib.load(name))
    assert report.refuted == (), [finding.says for finding in report.refuted]
    assert {finding.law for finding in report.findings} <= set(LAWS)
    assert {finding.status for finding in report.findings} <= {Status.PROVEN, Status.EXCEPTION}
    found = Counter(finding.law for finding in report.findings)
    if name != "hmip-small-youth-2019":
        assert {"known", "total", "reached", "matters", "monotone"} <= found.keys()
    assert json.loads(json.dumps(report.data()))["findings"]


def test_declared_exceptions_are_real() -> None:
    """The exceptions of the shipped frameworks are these, each with evidence or a witness that shows it."""
    declared = {
        (name, finding.law, finding.about)
        for name in inspectlib.shipped()
        if not name.startswith("hmip-")
        for finding in inspectlib.check(inspectlib.load(name)).findings
        if finding.status is Status.EXCEPTION and finding.reason
    }
    assert declared == {
        *(("food-hygiene-rating", "monotone", score) for score in ("hygiene", "structural", "confidence")),
        *((f"nursing-home-stars-{year}", "monotone", "special_focus") for year in (2019, 2022)),
        ("care-quality-2022", "departures", "overall"),
        ("care-quality-2022", "bounded", "normally"),
        *(
            ("care-quality-2022", law, step)
            for law in ("reached", "unanimous", "bounded")
            for step in ("good_or_outstanding", "limited_two_below_good", "limited_one_inadequate")
        ),
    }


def test_a_broken_framework_is_refuted_and_replays(broken: Path) -> None:
    """Each law that does not hold is refuted, and its evidence shows it when it is rated."""
    framework = inspectlib.load(broken)
    refuted = {(finding.law, finding.about): finding for finding in inspectlib.check(framework).refuted}
    wanted = {"known", "monotone", "unanimous", "bounded", "absent", "limits", "reached"}
    assert {law for law, _ in refuted} == wanted
    before, after = (inspectlib.rate(framework, dict(one)).overall for one in refuted["monotone", "1.2"].evidence)
    assert before is not None and after is not None
    assert (before.rating, after.rating) == ("Outstanding", "Good")
    (evidence,) = refuted["unanimous", "overall"].evidence
    assert evidence["ratings"] == dict.fromkeys(("2.1", "2.2", "2.3", "2.4"), "Outstanding")
    assert evidence["panel"].keys() == {"1.1", "1.2", "1.3"}
    assert inspectlib.rate(framework, dict(evidence))["overall"].rating == "Good"


def test_the_command_line(broken: Path, tmp_path: Path) -> None:
    """A refuted law is exit code 1, in text, JSON and SARIF; its evidence is saved as files that can be rated."""
    text = run("check", str(broken), "--save", str(tmp_path / "found"))
    assert (text.returncode, text.stderr) == (1, "")
    assert "refuted: 1.2: with a better 1.2 Staffing overall falls from Outstanding to Good" in text.stdout
    overall = [
        json.loads(
            run("rate", str(broken), str(tmp_path / "found" / f"monotone-1.2-{n}.yaml"), "--format", "json").stdout
        )
        for n in (1, 2)
    ]
    assert [judgement["overall"]["rating"] for judgement in overall] == ["Outstanding", "Good"]
    data = json.loads(run("check", str(broken), "--format", "json").stdout)
    statuses = {finding["status"] for finding in data["findings"]}
    assert statuses == {"proven", "refuted"}
    log = json.loads(run("check", str(broken), "--format", "sarif").stdout)
    (found,) = log["runs"]
    lines = {
        (r["ruleId"], place(r)["artifactLocation"]["uri"], place(r)["region"]["startLine"]) for r in found["results"]
    }
    assert {(law, file, line) for law, file, line in lines if file == str(broken)} == {
        *((law, str(broken), 9) for law in ("monotone", "unanimous", "bounded", "absent")),
        ("reached", str(broken), 8),
    }
    assert {law for law, _, _ in lines} == {"known", "monotone", "unanimous", "bounded", "absent", "limits", "reached"}
    assert {rule["id"] for rule in found["tool"]["driver"]["rules"]} == {r["ruleId"] for r in found["results"]}


def test_faults_as_sarif(broken: Path) -> None:
    """A framework that cannot be loaded is exit code 2, and its faults stand at their lines in the log."""
    broken.write_text(BROKEN.replace("by: 3", "by: many"))
    done = run("check", str(broken), "--format", "sarif")
    ((result,),) = (found["results"] for found in json.loads(done.stdout)["runs"])
    assert done.returncode == 2
    assert (result["ruleId"], place(result)["region"]["startLine"]) == ("unknown-name", 8)


def test_an_exception_that_is_not_real_is_refuted(broken: Path) -> None:
    """Whoever declares an exception for a law that holds, or for none there is, is told."""
    broken.write_text(
        BROKEN.partition("nodes:")[0] + "exceptions:\n  so: {law: monotone, of: ['1.2'], reason: so, basis: modelled,"
        " source: own-choice}\n  no: {law: none, of: [overall], reason: so, basis: modelled, source: own-choice}\n"
    )
    refuted = inspectlib.check(inspectlib.load(broken)).refuted
    assert {(finding.law, finding.about) for finding in refuted} == {("monotone", "1.2"), ("none", "overall")}


FOLLOW_UP = """\
id: follow-up
version: "1"
title: When to come back hangs on the overall rating (made up)
extends: hmip-youth-2021
basis: modelled
source: own-choice
nodes:
  follow_up:
    rule: table
    inputs: [overall, "1.1", "2.1"]
    kind: choice
    options: [in six months, in a year, not soon]
    rows:
      - {when: {overall: Inadequate}, then: in six months}
      - {when: {overall: Requires improvement}, then: in a year}
      - {when: {overall: [at least Good, absent], "1.1": [below Good, absent]}, then: in a year}
      - {when: {overall: [at least Good, absent], "1.1": at least Good, "2.1": [Inadequate, absent]}, then: in a year}
      - {when: {overall: [at least Good, absent], "1.1": at least Good, "2.1": above Inadequate}, then: not soon}
    basis: modelled
    source: own-choice
"""


def test_a_table_may_hang_on_the_overall_rating(tmp_path: Path) -> None:
    """A choice from the overall rating and two standards: all is tried, and what it cannot tell apart still counts."""
    (tmp_path / "follow-up.yaml").write_text(FOLLOW_UP)
    laws = Laws(inspectlib.load(tmp_path / "follow-up.yaml"))
    findings = [*laws.matters(), *laws.limits(), *laws.monotone()]
    assert {finding.status for finding in findings} == {Status.PROVEN}
    # Resettlement limits to Good, and from Good on the table says the same.
    assert "4.1" in {finding.about for finding in findings if finding.law == "matters"}


def test_the_report_says_what_each_law_assumes() -> None:
    """For each law the report has how it was shown and what that takes for granted, in text and as data."""
    report = inspectlib.check(inspectlib.load("hmip-pdu-2023"))
    laws = {law["law"]: law for law in report.data()["laws"]}
    assert laws["monotone"]["shown"] == {"proven by type": 15}
    assert [words.partition(" ")[0] for words in laws["monotone"]["assumed"]] == ["each", "nobody"]
    assert laws["known"]["assumed"] == laws["covered"]["assumed"] == []
    lines = list(report.lines())
    (monotone,) = (line for line in lines if line.startswith("monotone"))
    numbers = monotone.rpartition("assuming ")[2].split(", ")
    notes = dict(line.split(" ", 1) for line in lines if line.startswith("["))
    assert [notes[number] for number in numbers] == laws["monotone"]["assumed"]


KNOWN = """\
id: known
version: "1"
title: Outcomes that are known, one of them wrong (made up)
extends: hmip-pdu-2023
basis: modelled
source: own-choice
known:
  two bands: {given: {"2.1": Good, "2.1.departure": Inadequate, "2.1.reason": so}, refused: departure-refused, GROUND}
  no reason: {given: {"2.1": Good, "2.1.departure": Outstanding}, refused: reason-missing, GROUND}
  another fault: {given: {"2.1": Good, "2.1.departure": Outstanding}, refused: off-scale, GROUND}
  none: {given: {"2.1": Good}, refused: departure-refused, GROUND}
""".replace("GROUND", "basis: modelled, source: own-choice")


def test_a_refusal_can_be_known(tmp_path: Path) -> None:
    """What must be refused, and for what fault, is checked; what is rated or refused for another fault is refuted."""
    (tmp_path / "known.yaml").write_text(KNOWN)
    framework = inspectlib.load(tmp_path / "known.yaml")
    findings = {finding.about: finding for finding in Laws(framework).known()}
    names = ("two bands", "no reason", "another fault", "none")
    assert [findings[name].status for name in names] == [Status.PROVEN] * 2 + [Status.REFUTED] * 2
    assert findings["none"].says == "2.1 Good is known to give a refusal: departure-refused, but gives none"
    assert findings["none"].evidence == ({"ratings": {"2.1": "Good"}},)
    (tmp_path / "known.yaml").write_text(KNOWN.replace("refused: off-scale, ", ""))
    with pytest.raises(WrongForm, match="either what it gives or for what fault it is refused"):
        inspectlib.load(tmp_path / "known.yaml")


def test_an_exception_holds_for_the_ratings_that_it_names(tmp_path: Path) -> None:
    """That one rating is never reached, on purpose, does not excuse another; and each that is named is shown."""
    file = tmp_path / "headroom.yaml"
    exception = "exceptions: {headroom: {ratings: [%s], basis: modelled, source: own-choice}}\n"
    for ratings, by, refuted in (
        ("Inadequate", 1, ""),
        ("Inadequate", 2, "no evidence makes Guide ceiling for leadership Requires improvement"),
        ("Inadequate, Good", 1, "leadership_ceiling is declared never to be Good, but nothing shows that"),
    ):
        ceiling = f"nodes: {{leadership_ceiling: {{by: {by}, basis: modelled, source: own-choice}}}}\n"
        file.write_text(BROKEN.partition("nodes:")[0] + ceiling + exception % ratings)
        laws = Laws(inspectlib.load(file))
        findings = list(laws.reached())
        found = (*findings, *laws.unreal(findings))
        assert [f.says for f in found if f.status is Status.REFUTED] == [refuted] * bool(refuted)


#: A number that is no step of anything: every value cannot be tried.
ENDLESS = """\
id: endless
version: "1"
title: A number without steps (made up)
basis: modelled
source: own
sources: {own: {title: Made up for this test}}
scales: {marks: {ratings: [bad, fair, good], basis: modelled, source: own}}
bands:
  halves: {scale: marks, bands: {bad: {below: 1/3}, fair: {at_least: 1/3, below: 2/3}, good: {at_least: 2/3}},
           basis: modelled, source: own}
nodes:
  a: {rule: given, kind: number, least: 0, most: 1, basis: modelled, source: own}
  b: {rule: given, kind: number, least: 0, most: 1, basis: modelled, source: own}
  mean: {rule: mean, of: [a, b], basis: modelled, source: own}
  low: {rule: test, of: a, below: 1/2, basis: modelled, source: own}
  by_mean: {rule: band, of: mean, bands: halves, basis: modelled, source: own}
  overall: {rule: limit, of: by_mean, to: fair, when: low, basis: modelled, source: own}
"""


def test_the_solver_goes_beyond_what_can_be_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers without steps are proven or refuted by the solver; without it the report says so."""
    (tmp_path / "endless.yaml").write_text(ENDLESS)
    framework = inspectlib.load(tmp_path / "endless.yaml")
    assert inspectlib.check(framework).refuted == ()
    assert How.SOLVER in {finding.how for finding in inspectlib.check(framework).findings if finding.law == "reached"}
    (tmp_path / "turned.yaml").write_text(ENDLESS.replace("of: a, below: 1/2", "of: a, above: 1/2"))
    turned = inspectlib.load(tmp_path / "turned.yaml")
    (finding,) = (f for f in inspectlib.check(turned).refuted if f.law == "monotone")
    before, after = (inspectlib.rate(turned, dict(one))["overall"].rating for one in finding.evidence)
    assert (finding.about, finding.how, before, after) == ("a", How.SOLVER, "good", "fair")
    monkeypatch.setitem(sys.modules, "inspectlib.laws.solver", None)
    unknown = [f for f in inspectlib.check(turned).findings if f.law == "monotone" and f.about == "a"]
    assert [(f.status, "inspectlib[prove]" in f.says) for f in unknown] == [(Status.SEARCHED, True)]


#: A number without steps, and a rating that it never comes to, which the framework says.
NEVER_HIGH = """\
id: fx
version: "1"
title: Example
basis: modelled
source: own
sources:
  own: {title: Ours}
scales:
  r: {ratings: [Low, Mid, High], basis: modelled, source: own}
bands:
  b:
    scale: r
    bands:
      Low: {below: 5}
      Mid: {at_least: 5, below: 20}
      High: {at_least: 20}
    basis: modelled
    source: own
nodes:
  x: {title: X, rule: given, kind: number, least: 0, most: 30, basis: modelled, source: own}
  banded: {title: Banded, rule: band, of: x, bands: b, basis: modelled, source: own}
  much: {title: Much, rule: test, of: x, at_least: 15, basis: modelled, source: own}
  overall: {title: Overall, rule: limit, of: banded, to: Mid, when: much, basis: modelled, source: own}
exceptions:
  never high:
    law: reached
    of: [overall]
    ratings: [High]
    reason: So it is.
    basis: modelled
    source: own
"""


@pytest.mark.parametrize("solver", [True, False])
def test_an_exception_that_cannot_be_looked_at_stands(
    solver: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a rating is declared never to be reached is refuted where it is looked at, and nowhere else."""
    file = tmp_path / "never.yaml"
    if not solver:
        monkeypatch.setitem(sys.modules, "inspectlib.laws.solver", None)
    for text, wrong in ((NEVER_HIGH, False), (NEVER_HIGH.replace("[High]", "[High, Low]"), True)):
        file.write_text(text)
        report = inspectlib.check(inspectlib.load(file))
        assert bool(report.refuted) is (wrong and solver)
        statuses = {f.status for f in report.findings if (f.law, f.about) == ("reached", "overall")}
        assert (Status.EXCEPTION if solver else Status.SEARCHED) in statuses


@settings(max_examples=40)
@given(example=any_framework(), rng=randoms())
def test_exploring_finds_whatever_rating_finds(example: Example, rng: random.Random) -> None:
    """For evidence made of what exploring tries, what is rated is among what was found, for every node."""
    graph = example.framework.graph
    said = {name: letters(graph, name) for name, node in graph.nodes.items() if node.rule.takes_evidence}
    if None in said.values():
        return
    whole = {name: rng.choice(values) for name, values in said.items() if values}
    results = rate_evidence(example.framework, evidence_from(evidence_of(example.framework, whole))).results
    for name in rng.sample(sorted(graph.nodes), min(4, len(graph.nodes))):
        below = graph.below(name)
        choices = {leaf: tuple((v,) for v in values) for leaf, values in said.items() if leaf in below and values}
        found = explore(graph, [name], choices)
        value = results[name].value
        if found is not None and graph[name].type.kind is not Kind.ANSWERS:
            plain = NOT_RATED if isinstance(value, Absent) else value
            values = {NOT_RATED if isinstance(state[0][0], Absent) else state[0][0] for state in found}
            assert plain in values, name


@settings(max_examples=25)
@given(example=any_framework())
def test_what_is_refuted_replays(example: Example) -> None:
    """On any framework a law about two inspections that is refuted is violated when the two are rated."""
    laws = Laws(example.framework)
    for finding in laws.monotone():
        if finding.status is Status.REFUTED and finding.evidence:
            assert finding.how in {How.EXHAUSTION, How.SOLVER}
            before, after = (rate_evidence(example.framework, evidence_from(one)).results for one in finding.evidence)
            falls = (
                name
                for name, node in example.framework.graph.nodes.items()
                if node.type.kind is Kind.RATING
                if isinstance(before[name].value, int) and isinstance(after[name].value, int)
                if after[name].value < before[name].value  # type: ignore[operator]  # both are positions
            )
            assert next(falls, None), finding.says


def test_open_evidence_is_proven_for_standards_and_for_a_framework_of_twelve_key_questions() -> None:
    """Whatever is open, no completion of a standard, nor of the ratings above it, leads beyond its interval."""
    statuses = {f.about: (f.status, f.how) for f in Laws(inspectlib.load("hmip-pdu-2023")).open()}
    assert {status for status, _ in statuses.values()} == {Status.PROVEN}
    assert statuses["overall"][1] is statuses["2.1"][1] is How.EXHAUSTION
    foods = {f.how for f in Laws(inspectlib.load("food-hygiene-rating")).open()}
    assert foods == {How.TYPE}


@pytest.mark.parametrize("wrong", [0, 1])
def test_an_end_that_some_completion_goes_beyond_is_not_proven(monkeypatch: pytest.MonkeyPatch, wrong: int) -> None:
    """Were the worst completion taken for the best, or the best for the worst, no question would be proven."""

    def mistaken(node: Node, count: Count | None) -> tuple[Given, Given, Given]:
        end = ends(node, count)[wrong]
        return end, end, end

    monkeypatch.setattr("inspectlib.laws.openness.ends", mistaken)
    statuses = {f.about: f.status for f in Laws(inspectlib.load("hmip-pdu-2023")).open()}
    assert statuses["2.1"] is statuses["2.1.1"] is Status.SEARCHED
