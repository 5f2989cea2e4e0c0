"""The strategies give what they say, and the laws of a framework can be tested with one line."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

import inspectlib
import inspectlib.testing
from inspectlib import laws
from inspectlib.evidence_reader import evidence_from
from inspectlib.files.write import evidence_text, framework_text
from inspectlib.graph import Framework
from inspectlib.outcome import State
from inspectlib.scales import Scale
from inspectlib.testing import checks, registration, search, strategies

ROOT = Path(__file__).parent.parent
#: Evidence is drawn step by step here, so all phases are of use.
DRAWN = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
SHIPPED = ["hmip-pdu-2023", "care-quality-2022", "food-hygiene-rating", "nursing-home-stars-2019"]

BROKEN = """
id: broken
version: "1"
title: Broken
basis: modelled
source: own
sources:
  own: {title: Made up}
scales:
  marks: {ratings: [Poor, Fair, Good], basis: modelled, source: own}
bands:
  shares:
    scale: marks
    bands: {Poor: {below: 50%}, Fair: {at_least: 50%, below: 75%}, Good: {at_least: 75%}}
    basis: modelled
    source: own
methods:
  cases:
    title: Cases
    each_question:
      answers: {rule: given, kind: answers, basis: modelled, source: own}
      share: {rule: share, of: answers, basis: modelled, source: own}
      rating: {rule: band, of: share, bands: shares, basis: modelled, source: own}
    each_standard:
      rating: {rule: lowest, of: questions, basis: modelled, source: own}
domains:
  "1":
    title: Care
    method: cases
    basis: modelled
    source: own
    standards:
      "1.1": {title: Daily care, questions: {"1.1.1": {title: dignity}, "1.1.2": {title: medicines}}}
      "1.2": {title: Staff, questions: {"1.2.1": {title: training}}}
nodes:
  overall:
    rule: table
    inputs: ["1.1", "1.2"]
    kind: rating
    scale: marks
    rows:
      - {when: {"1.1": Poor}, then: Poor}
      - {when: {"1.1": Fair, "1.2": at most Fair}, then: Good}   # Good on purpose: the better it is, the worse
      - {when: {"1.1": Fair, "1.2": Good}, then: Fair}
      - {when: {"1.1": Good}, then: Good}
    basis: modelled
    source: own
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A framework in which a better answer lowers the overall rating."""
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN, "utf-8")
    return path


def shipped(name: str) -> Framework:
    """A shipped framework."""
    return inspectlib.load(name)


# --- the strategies


@DRAWN
@given(strategies.scales())
def test_scales_are_sound(scale: Scale) -> None:
    """No scale has anything wrong with it, and its scores rise."""
    assert not list(scale.problems())
    assert scale.score(0) < scale.top_score


@DRAWN
@given(strategies.frameworks())
def test_frameworks_load_again(framework: Framework) -> None:
    """A made-up framework can be written as a file, which loads to the same fingerprint."""
    text = framework_text(framework)
    assert f"id: {framework.id}" in text
    assert framework.graph.nodes


@settings(DRAWN, max_examples=3)
@given(strategies.frameworks())
def test_frameworks_keep_the_laws(framework: Framework) -> None:
    """No law is refuted for a made-up framework."""
    assert not [(finding.law, finding.about, finding.says) for finding in laws.check(framework).refuted]


@DRAWN
@given(st.data())
def test_evidence_of_made_up_frameworks(data: st.DataObject) -> None:
    """Evidence is valid; complete evidence leaves no overall rating open, and a completion leaves nothing open."""
    framework = data.draw(strategies.frameworks())
    overall = inspectlib.rate(framework, data.draw(strategies.evidence(framework))).overall
    assert overall is None or overall.state is not State.OPEN
    partial = data.draw(strategies.partial_evidence(framework))
    inspectlib.rate(framework, partial)
    whole = inspectlib.rate(framework, data.draw(strategies.completions(framework, partial)))
    assert State.OPEN not in {outcome.state for outcome in whole.outcomes.values()}


@pytest.mark.parametrize("name", SHIPPED)
def test_evidence_of_shipped_frameworks(name: str) -> None:
    """Evidence for a shipped framework is valid, at all levels, and leaves no overall rating open."""
    framework = shipped(name)

    @DRAWN
    @given(strategies.evidence(framework))
    def rated(evidence: dict[str, Any]) -> None:
        overall = inspectlib.rate(framework, evidence).overall
        assert overall is not None
        assert overall.state is not State.OPEN

    rated()


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        *((heading, "hmip-pdu-2021") for heading in ("panel", "ratings", "cases", "departures", "date")),
        ("units", "hmip-region-2023"),
    ],
)
def test_evidence_at_all_levels(heading: str, name: str) -> None:
    """Evidence enters at each level there is, pooled or on a day, and a departure is one that the rules allow."""
    framework = shipped(name)
    any_of_it = settings(DRAWN, max_examples=300, phases=[Phase.generate])
    found = find(strategies.evidence(framework), lambda evidence: heading in evidence, settings=any_of_it)
    inspectlib.rate(framework, found)


def test_pooled_evidence_is_of_units_of_this_framework_and_of_those_it_pools() -> None:
    """The units of made-up evidence go by the framework or by one that it pools, and what they say adds up."""
    framework, by = shipped("hmip-region-2023"), set[str]()

    @settings(DRAWN, max_examples=100)
    @given(strategies.evidence(framework))
    def rated(evidence: dict[str, Any]) -> None:
        judgement = inspectlib.rate(framework, evidence)
        for unit in evidence.get("units", {}).values():
            by.add(unit["framework"])
            alone = judgement if unit["framework"] == framework.id else None
            for question, count in unit["tallies"].items() if alone else ():
                pooled = judgement[question].count
                assert pooled is None or count == "not applicable" or pooled.of >= count["of"]

    rated()
    assert by == {"hmip-region-2023", "hmip-pdu-2023"}


def test_partial_evidence_is_open() -> None:
    """Of partial evidence something is always open."""
    framework = shipped("hmip-pdu-2023")

    @DRAWN
    @given(strategies.partial_evidence(framework))
    def rated(evidence: dict[str, Any]) -> None:
        states = {outcome.state for outcome in inspectlib.rate(framework, evidence).outcomes.values()}
        assert State.OPEN in states

    rated()


@pytest.mark.parametrize("name", ["hmip-pdu-2023", "food-hygiene-rating"])
def test_wild_evidence_is_rated_or_refused(name: str) -> None:
    """Wild evidence raises nothing but faults of the library's own; some of it is rated and some refused."""
    framework, came = shipped(name), set[bool]()

    @settings(DRAWN, max_examples=40)
    @given(strategies.wild_evidence(framework))
    def rated(evidence: dict[str, Any]) -> None:
        try:
            inspectlib.rate(framework, evidence)
            came.add(True)
        except inspectlib.InspectError as error:
            assert error.faults
            came.add(False)

    rated()
    assert came == {True, False}


@DRAWN
@given(strategies.inspections(), strategies.inspections(inspectlib.load("nursing-home-stars-2019")))
def test_inspections(made_up: strategies.Inspection, stars: strategies.Inspection) -> None:
    """An inspection has a judgement under its own framework; the framework can be chosen."""
    assert made_up.judgement().framework.fingerprint == made_up.framework.fingerprint
    assert stars.judgement().framework.id == "nursing-home-stars-2019"
    assert repr(stars).startswith("Inspection('nursing-home-stars-2019', {")


def simplest(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    """What a strategy shrinks to."""
    return find(strategy, condition, settings=settings(DRAWN, max_examples=300))


def test_frameworks_shrink() -> None:
    """The simplest framework with an overall rating has one standard, two ratings and next to no nodes."""
    framework = simplest(strategies.frameworks(), lambda found: "overall" in found.graph.nodes)
    assert len(framework.data.standards()) == 1
    assert len(framework.data.scales["marks"].ratings) == 2
    assert len(framework.graph.nodes) <= 4


def test_evidence_shrinks() -> None:
    """The simplest evidence with a poor share has one case that falls short."""
    framework = shipped("hmip-pdu-2023")
    found = simplest(
        strategies.evidence(framework, plain=True),
        lambda evidence: inspectlib.rate(framework, evidence)["2.1.1"].rating == "Inadequate",
    )
    assert found["tallies"].pop("2.1.1") == {"yes": 0, "of": 1}
    assert all(tally == {"yes": 1, "of": 1} for tally in found["tallies"].values())


def test_registered_types() -> None:
    """Hypothesis makes scales, frameworks and evidence from their types alone."""
    registration.register()

    @settings(DRAWN, max_examples=3)
    @given(st.from_type(Scale), st.from_type(inspectlib.Framework), st.from_type(inspectlib.Evidence))
    def made(scale: Scale, framework: Framework, evidence: inspectlib.Evidence) -> None:
        assert len(scale.ratings) >= 2
        assert framework.graph.nodes
        assert isinstance(evidence, inspectlib.Evidence)

    made()


# --- the laws that are searched


@pytest.mark.parametrize("law", search.SEARCHED)
@pytest.mark.parametrize("name", ["hmip-pdu-2023", "food-hygiene-rating"])
def test_searched_laws_hold(name: str, law: str) -> None:
    """No search refutes a law for a shipped framework."""
    finding = search.searched(shipped(name), law, 8)
    assert finding.status is laws.Status.SEARCHED, finding


def test_searched_counterexample_is_small(broken: Path) -> None:
    """Where a better answer lowers a rating, the search ends in the least evidence that shows it, one answer apart."""
    finding = search.searched(inspectlib.load(broken), "monotone", 200)
    assert finding.status is laws.Status.REFUTED
    assert "with better evidence overall falls from Good to Fair" in finding.says
    before, after = finding.evidence
    assert set(before) <= {"tallies"}
    assert len(before["tallies"]) == len(after["tallies"]) <= 3
    assert sum(before["tallies"][name] != after["tallies"][name] for name in before["tallies"]) == 1
    assert max(tally["of"] for tally in before["tallies"].values() if tally != "not applicable") <= 5


@pytest.mark.parametrize(
    ("law", "fault"),
    [
        ("repeated", lambda found: found.get("tallies", {}).get("1.1.1", {})["of"] > 2),
        ("recorded", lambda found: "1.2.1" in found.get("tallies", {})),
        ("total", lambda found: "unknown" in found),
    ],
)
def test_searched_error_is_shown_small(
    broken: Path, monkeypatch: pytest.MonkeyPatch, law: str, fault: Callable[[dict[str, Any]], bool]
) -> None:
    """Where rating raises what it should not, the search says so and keeps only the evidence that does it."""
    real = inspectlib.rate

    def rate(framework: Framework, found: dict[str, Any]) -> inspectlib.Judgement:
        try:
            bad = fault(found)
        except (AttributeError, KeyError, TypeError):
            bad = False
        if bad:
            raise ZeroDivisionError("made up")
        return real(framework, found)

    monkeypatch.setattr(search, "rate", rate)
    finding = search.searched(inspectlib.load(broken), law, 400)
    assert finding.says == "rating raises ZeroDivisionError: made up"
    (found,) = finding.evidence
    assert len(found) == 1
    assert len(next(iter(found.values())) or [0]) == 1


def test_searched_interval(monkeypatch: pytest.MonkeyPatch, broken: Path) -> None:
    """An interval that leaves no room for what comes is found."""
    real = search._results

    def results(framework: Framework, found: dict[str, Any]) -> Any:
        # All that is open is taken to be at its best.
        return {
            name: type(result)(getattr(result.value, "best", result.value), result.computed)
            for name, result in real(framework, found).items()
        }

    monkeypatch.setattr(search, "_results", results)
    finding = search.searched(inspectlib.load(broken), "open", 100)
    assert "while evidence is open, but then" in finding.says


def test_searched_sizes(monkeypatch: pytest.MonkeyPatch, broken: Path) -> None:
    """A rating that differs with the size of the sample is found."""
    real = search._results

    def results(framework: Framework, found: dict[str, Any]) -> Any:
        small = any(tally != "not applicable" and tally["of"] < 4 for tally in found["tallies"].values())
        came = dict(real(framework, found))
        return {**came, "overall": attrs_evolved(came["overall"], 0)} if small else came

    def attrs_evolved(result: Any, value: int) -> Any:
        return type(result)(value, result.computed)

    monkeypatch.setattr(search, "_results", results)
    finding = search.searched(inspectlib.load(broken), "sizes", 100)
    assert "but with the same shares of more cases" in finding.says


# --- one line in a test file, and the option of pytest


def test_failure_tells_the_evidence(broken: Path) -> None:
    """A law that does not hold is told in a sentence, with evidence that reads back from where it is shown."""
    told = checks.failure(broken, "monotone", 20)
    assert told.startswith("broken breaks the law 'monotone': a better answer or rating lowers no rating")
    assert "falls from Good to Fair" in told
    assert "# evidence\n" in told and "# the other evidence\n" in told and "# differs" in told
    shown = told.split("# evidence\n")[1].split("# the other evidence")[0]
    path = broken.with_name("evidence.yaml")
    path.write_text(shown, "utf-8")
    assert inspectlib.rate(inspectlib.load(broken), inspectlib.load_evidence(path))["overall"].rating == "Good"


@pytest.mark.parametrize(
    "evidence",
    [{"tallies": {"1.1": {"yes": 1, "of": 2}}, "ratings": {"2.10": "not rated"}}, {"values": {"x": "1/2", "y": "no"}}],
)
def test_shown_evidence_reads_back(tmp_path: Path, evidence: dict[str, Any]) -> None:
    """Evidence that is shown is a file that reads back the same."""
    path = tmp_path / "evidence.yaml"
    path.write_text(checks.as_yaml(evidence), "utf-8")
    assert inspectlib.load_evidence(path) == evidence_from(evidence)
    assert evidence_text(inspectlib.load_evidence(path))


def test_shown_evidence_that_is_none() -> None:
    """What no file can say is shown all the same."""
    assert "Fraction(1, 2)" in checks.as_yaml({"values": {"x": Fraction(1, 2)}})


def test_failure_of_what_is_not_there() -> None:
    """A framework that cannot be loaded fails with its faults."""
    assert "cannot be loaded" in checks.failure("nowhere-2020", "total", 1)


@pytest.fixture
def entry_points(tmp_path: Path) -> Path:
    """A folder that makes the entry points of this project known, installed or not."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    folder = tmp_path / "installed"
    info = folder / f"inspectlib-{inspectlib.__version__}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: inspectlib\nVersion: {inspectlib.__version__}\n")
    lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in named.items()) for group, named in points.items()]
    (info / "entry_points.txt").write_text("\n".join(lines))
    return folder


def run(folder: Path, entry_points: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest in a folder, every warning an error."""
    paths = os.pathsep.join([str(entry_points), str(ROOT / "src")])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "-p", "no:cacheprovider", "--rootdir", str(folder), *args],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


def test_plugin_passes_on_shipped_frameworks(tmp_path: Path, entry_points: Path) -> None:
    """Every law is a test that passes, once by the option and once by one line in a test file."""
    (tmp_path / "test_own.py").write_text(
        "import inspectlib.testing\nfrom hypothesis import given\nimport hypothesis.strategies as st\n"
        'test_laws = inspectlib.testing.laws("nursing-home-stars-2019", examples=3)\n'
        "@given(st.from_type(inspectlib.Framework))\ndef test_type(framework):\n    assert framework.graph.nodes\n"
    )
    options = ["--inspectlib-examples=3", "--inspectlib", "hmip-pdu-2023", "--hypothesis-profile=ci"]
    done = run(tmp_path, entry_points, "-v", *options)
    laws_tested = len(checks.LAW_NAMES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{2 * laws_tested + 1} passed" in done.stdout
    assert "inspectlib:hmip-pdu-2023::monotone PASSED" in done.stdout
    assert "test_own.py::test_laws[monotone] PASSED" in done.stdout


def test_plugin_fails_readably(broken: Path, tmp_path: Path, entry_points: Path) -> None:
    """A law that does not hold fails with its sentence and evidence, and no traceback."""
    (tmp_path / "test_own.py").write_text(
        'import inspectlib.testing\ntest_it = inspectlib.testing.laws("broken.yaml")\n'
    )
    done = run(tmp_path, entry_points, "-k", "monotone or repeated", "--inspectlib", broken.name)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed, 2 passed" in done.stdout
    said = "broken breaks the law 'monotone': a better answer or rating lowers no rating"
    assert done.stdout.splitlines().count(said) == 2
    assert "# the other evidence" in done.stdout
    assert "Traceback" not in done.stdout
    assert "FAILED broken.yaml::monotone" in done.stdout


def test_plugin_refuses_a_framework_at_fault(tmp_path: Path, entry_points: Path) -> None:
    """A framework that cannot be loaded is an error of collection that lists its faults."""
    (tmp_path / "bad.yaml").write_text("id: bad\nscales: 3\n")
    done = run(tmp_path, entry_points, "--inspectlib=bad.yaml", "--inspectlib=nowhere")
    assert done.returncode == 2
    assert "bad.yaml:2:1: wrong-form" in done.stdout
    assert "unknown-framework" in done.stdout


def test_plugin_imports_nothing_until_used() -> None:
    """The modules behind the entry points import neither Hypothesis nor more of the library than it does itself."""
    program = (
        "import sys, inspectlib; before = set(sys.modules)\n"
        "import inspectlib.testing.plugin, inspectlib.testing.registration\n"
        "print(sorted(m for m in set(sys.modules) - before if m.startswith(('inspectlib', 'hypothesis', 'networkx'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    expected = ["inspectlib.testing", "inspectlib.testing.plugin", "inspectlib.testing.registration"]
    assert done.stdout.strip() == str(expected)
