from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import inspectlib
from inspectlib import Judgement
from inspectlib.cli import cli
from inspectlib.draw import svg
from inspectlib.report import report
from inspectlib.testing import strategies as made

EXAMPLES = Path(__file__).parent.parent / "examples"
HOSTILE = """</script><script>alert(1)</script><img src=x onerror=alert(1)>"'`|*_[x](javascript:alert(1)) &amp; \x00"""


@pytest.fixture(scope="module")
def framework() -> inspectlib.Framework:
    """The framework of the made-up inspection."""
    return inspectlib.load("hmip-crc-2019")


@pytest.fixture(scope="module")
def judgement(framework: inspectlib.Framework) -> Judgement:
    """The made-up inspection, rated."""
    folder = EXAMPLES / "made-up-crc"
    evidence = inspectlib.load_evidence(folder / "inspection.yaml", cases=folder / "cases.csv")
    return inspectlib.rate(framework, evidence)


class Reader(HTMLParser):
    """What a browser finds in a page: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All text, blanks made one."""
        return " ".join("".join(self.texts).split())

    def record(self) -> str:
        """The record in the page."""
        return self.texts[-1] if self.texts[-1].lstrip().startswith("{") else next(t for t in self.texts if t[0] == "{")


def test_a_page_says_what_the_judgement_says(framework: inspectlib.Framework, judgement: Judgement) -> None:
    """Each standard with its rating and what limited it, each share with its count, each reason, and the score."""
    page = Reader(report(framework, judgement))
    assert not page.open
    for outcome in judgement.outcomes.values():
        if outcome.section in {"standards", "questions"}:
            assert outcome.title in page.text and outcome.text() in page.text
    for said in (
        "44% (44 of 100)",
        "9 of 30",
        "departs from Inadequate",
        "workloads are high",
        "within 5 points of 50%",
    ):
        assert said in page.text
    assert "no reason for departing is recorded" in page.text


def test_the_whole_derivation_is_there(framework: inspectlib.Framework, judgement: Judgement) -> None:
    """Every step down to the counts, and every rule with its basis, as `explain` gives them."""
    page, text = Reader(report(framework, judgement)).text, report(framework, judgement, "markdown")
    for step in judgement.explain().steps:
        assert f"{step.title}: {step.has}" in page
        assert all(" ".join(reason.split()) in page for reason in step.because)
        for rule in step.rules:
            assert rule.rule.words in page and rule.rule.source in page
    assert text.count("* ") >= len(judgement.explain().steps)


def test_a_page_stands_by_itself(framework: inspectlib.Framework, judgement: Judgement) -> None:
    """Nothing is fetched from anywhere, nothing is run, and the policy of the page says so."""
    page = Reader(report(framework, judgement))
    for tag, attributes in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed"}
        assert tag != "script" or attributes["type"] == "application/json"
        assert "src" not in attributes and not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith(("#", "data:application/json"))
    assert any("default-src 'none'" in (attributes.get("content") or "") for _, attributes in page.elements)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_record_recomputes(framework: inspectlib.Framework, judgement: Judgement) -> None:
    """The record in the page and in the Markdown gives the judgement again."""
    page = Reader(report(framework, judgement))
    fenced = re.search(r"^(`{3,})json\n(.*?)^\1$", report(framework, judgement, "markdown"), re.MULTILINE | re.DOTALL)
    assert fenced
    for text in (page.record(), fenced[2]):
        assert Judgement.from_json(text, framework) == judgement


def test_the_record_is_audited(framework: inspectlib.Framework, judgement: Judgement, tmp_path: Path) -> None:
    """The record copied out of a page, saved by its link, or cut out of the Markdown agrees; a changed one does not."""
    page, markdown = Reader(report(framework, judgement)), report(framework, judgement, "markdown")
    link = next(a["href"] for tag, a in page.elements if tag == "a" and "download" in a) or ""
    fenced = re.search(r"^(`{3,})json\n(.*?)^\1$", markdown, re.MULTILINE | re.DOTALL)
    assert fenced
    file = tmp_path / "record.json"
    for text in (page.record(), unquote(link.partition(",")[2]), fenced[2]):
        file.write_text(text, "utf-8")
        assert CliRunner().invoke(cli, ["audit", str(file)]).exit_code == 0
    file.write_text(page.record().replace('"Requires improvement"', '"Good"', 1), "utf-8")
    assert CliRunner().invoke(cli, ["audit", str(file)]).exit_code == 1


def hostile(framework: inspectlib.Framework) -> Judgement:
    """An inspection in which every free text is hostile."""
    return inspectlib.rate(
        framework,
        {
            "service": HOSTILE,
            "panel": {"1.1": {"rating": "Good", "reason": HOSTILE}, "1.2": {"rating": "Good", "reason": HOSTILE}},
            "ratings": {"2.2": {"rating": "not rated", "reason": HOSTILE}},
            "tallies": {n: {"yes": 49, "of": 100} for n in ("4.1.1", "4.1.2", "4.1.3", "4.1.4")},
            "departures": {"4.1": {"rating": "Requires improvement", "reason": HOSTILE}},
        },
    )


def test_hostile_texts_are_harmless(framework: inspectlib.Framework) -> None:
    """Markup in a service or reason is shown as it was written: no element comes of it, in HTML or in Markdown."""
    plain = hostile(framework)
    page = Reader(report(framework, plain))
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert "alert(1)" in page.text
    assert not [a for _, attributes in page.elements for a in attributes if a.startswith("on")]
    assert Judgement.from_json(page.record(), framework) == plain
    outside = report(framework, plain, "markdown").partition("\n## Record")[0]
    assert not re.search(r"<(?!br>|/?details>|/?summary>)", outside)
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert "<script" not in svg(framework, plain)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_report_of_anything(data: st.DataObject) -> None:
    """Whatever was found under whatever framework, open or not, is reported, and its record reads back."""
    name = data.draw(st.sampled_from(inspectlib.shipped()))
    framework = inspectlib.load(name)
    judgement = inspectlib.rate(framework, data.draw(made.evidence(framework)))
    page = Reader(report(framework, judgement))
    assert not page.open
    assert Judgement.from_json(page.record(), framework) == judgement
    assert report(framework, judgement, "markdown").startswith("# ")


def test_the_command(tmp_path: Path) -> None:
    """The command writes a page or Markdown, whole, and refuses what `rate` refuses."""
    folder = EXAMPLES / "made-up-crc"
    args = ["report", "hmip-crc-2019", str(folder / "inspection.yaml"), "--cases", str(folder / "cases.csv")]
    target = tmp_path / "report.html"
    assert CliRunner().invoke(cli, [*args, "-o", str(target)]).exit_code == 0
    assert target.read_text("utf-8").startswith("<!doctype html>")
    assert CliRunner().invoke(cli, [*args, "--format", "markdown"]).stdout.startswith("# Example CRC")
    bad = CliRunner().invoke(cli, ["report", "hmip-crc-2019", "-"], input="panel: {'1.1': Great}")
    assert isinstance(bad.exception, inspectlib.InspectError)


def test_unknown_form(framework: inspectlib.Framework, judgement: Judgement) -> None:
    """A form that there is not is refused by its name."""
    with pytest.raises(ValueError, match="not 'pdf'"):
        report(framework, judgement, "pdf")


def test_same_bytes(framework: inspectlib.Framework, judgement: Judgement) -> None:
    """A judgement computed again from its record gives the same report."""
    again = Judgement.from_json(json.dumps(json.loads(judgement.to_json())), framework)
    assert report(framework, again) == report(framework, judgement)
