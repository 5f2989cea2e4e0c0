from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import inspectlib
from inspectlib.formula import formula
from inspectlib.graph import Role

pytest.importorskip("sphinx", reason="Sphinx is not installed: pip install '.[sphinx]'")

SMALL = """
id: made-up
version: "1"
title: Made-up standards
basis: modelled
source: us
sources:
  us: {title: Ourselves & <others>}
  law: {title: A made-up law}
scales:
  ratings: {ratings: [Poor, Fair, Good], basis: modelled, source: us}
bands:
  shares:
    scale: ratings
    bands: {Poor: {below: 50%}, Fair: {at_least: 50%, below: 65%}, Good: {at_least: 65%}}
    basis: reported
    source: law
    section: clause 7
methods:
  cases:
    title: From cases
    each_question:
      answers: {rule: given, kind: answers, basis: modelled, source: us}
      share: {rule: share, of: answers, basis: modelled, source: us}
      rating: {rule: band, of: share, bands: shares, basis: reported, source: law, section: clause 7}
    each_standard:
      rating: {rule: lowest, of: questions, basis: modelled, source: us, note: The lowest decides.}
domains:
  "1":
    title: Care
    method: cases
    basis: modelled
    source: us
    standards:
      "1.1":
        title: Meals
        questions:
          "1.1.1": {title: taste}
nodes:
  overall: {title: Overall rating, rule: lowest, of: standards, basis: modelled, source: us}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty Sphinx project of three lines, with a framework of its own."""
    (tmp_path / "conf.py").write_text('extensions = ["inspectlib.sphinxext"]\n', "utf-8")
    (tmp_path / "made-up.yaml").write_text(SMALL, "utf-8")
    (tmp_path / "index.rst").write_text("Ours\n====\n\n.. inspect:framework:: made-up.yaml\n", "utf-8")
    return tmp_path


def build(project: Path, *options: str) -> tuple[int, str]:
    """The exit code of a build, and what it said."""
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-b", "html", *options, "-N"]
    run = subprocess.run(
        [*command, str(project), str(project / "_build")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    return run.returncode, run.stdout + run.stderr


def page(project: Path, name: str = "index") -> str:
    """A page that was built."""
    return (project / "_build" / f"{name}.html").read_text("utf-8")


def text(html: str) -> str:
    """What can be read of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_three_lines_are_enough(project: Path) -> None:
    """Every part of a framework is on the page, every rule with its formula, bands with their sides, and the laws."""
    code, said = build(project)
    assert code == 0, said
    shown = text(page(project))
    for part in ("What it rests on", "The rule graph", "Standards and key questions", "The rules", "Laws checked"):
        assert part in shown
    framework = inspectlib.load(project / "made-up.yaml")
    assert formula(framework.graph["1.1.1"]) in shown
    assert "[50%, 65%)" in shown and "[65%, ∞)" in shown
    assert "The lowest decides." in shown and "monotone" in shown and "proven by type" in shown
    assert "Ourselves &amp; &lt;others&gt;" in page(project)
    assert "<svg" in page(project) and "_static/inspectlib/inspectlib.css" in page(project)
    assert (project / "_build" / "_static" / "inspectlib" / "engine.js").is_file()


def test_links_lead_both_ways(project: Path) -> None:
    """From a rule to the standards that use it and its clause; from a clause to the rules that encode it."""
    assert build(project)[0] == 0
    html = page(project)
    rule = html[html.index('id="made-up-rule-1-1-1"') :]
    rule = rule[: rule.index("</section>")]
    assert 'href="#made-up-standard-1-1"' in rule and 'href="#made-up-clause-law-clause-7"' in rule
    clause = html[html.index('id="made-up-clause-law-clause-7"') :]
    assert 'href="#made-up-rule-1-1-1"' in clause[: clause.index("</tr>")]
    index = (project / "_build" / "inspect-sources.html").read_text("utf-8")
    assert "A made-up law" in index and 'href="index.html#made-up-rule-1-1-1"' in index
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {href for href in re.findall(r'href="#([^"]+)"', html) if href not in ids} <= {""}


def test_examples_standards_rules_and_roles(project: Path) -> None:
    """A worked example is rated when the page is built; roles link to whatever is described, on whatever page."""
    (project / "more.rst").write_text(
        """
More
====

.. inspect:example:: made-up.yaml
   :name: first

   service: A <b>service</b>
   tallies: {"1.1.1": {yes: 13, of: 20}}

.. inspect:standard:: made-up.yaml 1.1
   :no-index:

.. inspect:rule:: made-up.yaml overall
   :no-index:

.. inspect:explorer:: made-up.yaml

:inspect:standard:`made-up 1.1`, :inspect:rule:`the end <made-up overall>`, :inspect:bands:`made-up shares`,
:inspect:clause:`made-up law clause 7`, :inspect:example:`made-up first 1.1`, :inspect:framework:`made-up`,
:inspect:explorer:`as picked <made-up#1.1=Poor>`, :inspect:source:`made-up law`, :any:`made-up overall`.
""",
        "utf-8",
    )
    index = project / "index.rst"
    index.write_text(index.read_text("utf-8") + "\n.. toctree::\n\n   more\n", "utf-8")
    code, said = build(project, "-j", "2")
    assert code == 0, said
    shown, html = text(page(project, "more")), page(project, "more")
    assert "Overall rating: Good" in shown and "13 of 20" in shown
    assert "<b>service" not in html
    for link in ("index.html#made-up-rule-overall", "#1.1=Poor", "made-up-explorer", "index.html#made-up-bands-shares"):
        assert f'"{link}"' in html
    assert 'class="inspect-explorer"' in html and "_static/inspectlib/explorer.js" in html


def test_other_forms_of_a_page(project: Path) -> None:
    """As folders or as one page the explorer finds its scripts; for paper all is said without pictures and scripts."""
    more = "Ours\n====\n\n.. inspect:framework:: made-up.yaml\n\n.. inspect:explorer:: made-up.yaml\n"
    (project / "more.rst").write_text(more, "utf-8")
    (project / "index.rst").write_text("Ours\n====\n\n.. toctree::\n\n   more\n", "utf-8")
    for builder, place in (("html", "more.html"), ("dirhtml", "more/index.html"), ("singlehtml", "index.html")):
        code, said = build(project, "-b", builder, "-d", str(project / "_trees"))
        assert code == 0, said
        html = project / "_build" / place
        scripts = re.findall(r'<script[^>]* src="([^"?]*explorer.js)', html.read_text("utf-8"))
        assert len(scripts) == 1 and (html.parent / scripts[0]).is_file(), builder
    code, said = build(project, "-b", "latex", "-d", str(project / "_trees"))
    assert code == 0, said
    (written,) = (project / "_build").glob("*.tex")
    latex = written.read_text("utf-8")
    assert "The lowest decides." in latex and "<svg" not in latex and "<details" not in latex


def test_a_changed_framework_is_built_again(project: Path) -> None:
    """A page is built again when its framework changes, or one that it extends; otherwise it is not."""
    (project / "own.yaml").write_text(
        'id: own\nversion: "1"\ntitle: Own\nextends: made-up.yaml\nbasis: modelled\nsource: us\n', "utf-8"
    )
    (project / "index.rst").write_text("Ours\n====\n\n.. inspect:framework:: own.yaml\n", "utf-8")
    assert build(project)[0] == 0
    assert "0 added, 0 changed" in build(project)[1]
    base = project / "made-up.yaml"
    base.write_text(SMALL.replace("65%", "70%"), "utf-8")
    os.utime(base, (2_000_000_000, 2_000_000_000))
    assert "0 added, 1 changed" in build(project)[1]
    assert "[70%, ∞)" in text(page(project))


def test_laws_are_checked_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a check found is kept by fingerprint, so that a page is built again without it."""
    from sphinx.application import Sphinx

    from inspectlib.sphinxext import directives

    def checked(framework: inspectlib.Framework) -> object:
        count.append(framework.id)
        return inspectlib.check(framework)

    count: list[str] = []
    monkeypatch.setattr(directives, "check", checked)
    for _ in range(2):
        trees = project / "_trees"
        Sphinx(project, project, project / "_build", trees, "html", status=None, warning=None).build()
        page_file = project / "index.rst"
        page_file.write_text(page_file.read_text("utf-8") + "\nMore.\n", "utf-8")
    assert count == ["made-up"]


@pytest.mark.parametrize(
    ("directive", "says"),
    [
        (".. inspect:framework:: no-such-framework", "neither a shipped framework nor a file"),
        (".. inspect:framework:: broken.yaml", "broken.yaml:1:1: missing-key"),
        (".. inspect:standard:: made-up.yaml 9.9", "made-up has no standard '9.9'"),
        (".. inspect:rule:: made-up.yaml nothing", "no 'nothing'"),
        (".. inspect:example:: made-up.yaml\n\n   ratings: {'1.1': Great}", "index.rst:6:11: off-scale"),
        (":inspect:rule:`made-up nothing`", "inspect:rule reference target not found: made-up nothing"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(directive: str, says: str, project: Path) -> None:
    """A wrong file, name or link is an error of the page, with its place, and never a traceback."""
    (project / "broken.yaml").write_text("id: broken\n", "utf-8")
    (project / "index.rst").write_text(f"Ours\n====\n\n{directive}\n", "utf-8")
    code, said = build(project)
    assert code == 1 and says in said, said
    assert "Traceback" not in said


def test_every_rule_has_a_formula() -> None:
    """Every node of every shipped framework has a formula that names all its inputs."""
    for name in inspectlib.shipped():
        for node in inspectlib.load(name).graph.nodes.values():
            written = formula(node)
            assert written.startswith(f"{node.name} = ")
            assert all(start in written for start in node.inputs), written


def test_the_derivation_of_an_example_is_whole() -> None:
    """What an example shows is every step of the explanation, each once."""
    from inspectlib.report.content import Content

    framework = inspectlib.load("hmip-crc-2019")
    standards = [name for name, node in framework.graph.nodes.items() if node.role is Role.STANDARD]
    judgement = inspectlib.rate(framework, {"ratings": dict.fromkeys(standards, "Good")})
    content = Content.of(framework, judgement)
    shown = {step.node for each in content.derivations for step in each.steps}
    assert shown >= {step.node for step in judgement.explain().steps}


@pytest.mark.parametrize(
    ("old", "new"), [("hmip-crc-2018", "hmip-crc-2019"), ("hmip-pdu-2021", "hmip-pdu-2023"), ("hmip-crc-2018",) * 2]
)
def test_what_changed_on_a_page_is_what_diff_says(old: str, new: str) -> None:
    """A page says of each thing that changed, and of the effect, what the command says; of each rule likewise."""
    from docutils import nodes

    from inspectlib.laws import Report
    from inspectlib.sphinxext.changes_part import changes_parts
    from inspectlib.sphinxext.framework_page import FrameworkPage

    before, after = inspectlib.load(old), inspectlib.load(new)
    found = inspectlib.diff(before, after)
    linked: list[tuple[str, str]] = []

    def to(kind: str, name: str, text: str) -> nodes.Node:
        linked.append((kind, name))
        return nodes.Text(text)

    shown = " ".join(part.astext().replace("\n", " ") for part in changes_parts(found, to))
    assert found.summary() in shown
    for change in found.changes:
        assert change.heading() in shown and all(words in shown for words in change.says)
        assert not change.new or change.what not in {"standard", "rule"} or (change.what, change.new) in linked
    for effect in found.effects:
        assert effect.heading() in shown and all(effect.counted(node) in shown for node in effect.nodes)
    page = FrameworkPage(after, Report(framework="", fingerprint="", findings=()), before)
    said = {name: page._since(page.group_of[name]) for name, n in after.graph.nodes.items() if n.role is Role.OTHER}
    rules = [change for change in found.changes if change.what == "rule" and change.new]
    assert {name for name, words in said.items() if words == "new"} == {c.new for c in rules if not c.old}
    assert {name for name, words in said.items() if words.startswith("changed: ")} == {c.new for c in rules if c.old}
