"""Every lint finds what it is for, where it stands; and `check` says it as a warning."""

# ruff: noqa: E501 - an odd change of a file reads best on one line

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import inspectlib
from bad import marked
from inspectlib.cli import cli
from inspectlib.cli.workshop import watch
from inspectlib.errors import Where
from inspectlib.files.fragment import fragment
from inspectlib.files.framework_file import read_framework
from inspectlib.files.new_file import new_file
from inspectlib.lints import LINTS, lint

GROUND = "basis: modelled, source: team"
#: For each lint: what is replaced in a new framework by what makes it odd (§ marks the place), and what is said of it.
ODD = (
    ("unused-question", "      computed: {rule: lowest, of: questions,", '      computed: {rule: lowest, of: "2.1.1",', ""),
    ("unused-question", "        topics: [vision and strategy]\n", '        questions: {§"1.1.1": {title: vision}}\n', "key question 1.1.1"),
    ("unused-standard", "    of: standards\n", '    of: ["2"]\n', "no rule goes on from 1.1"),
    ("unused-source", "sources:\n", "sources:\n  §plan: {title: The plan}\n", "nothing names the source 'plan'"),
    ("unused-scale", "scales:\n", f"scales:\n  §marks: {{ratings: [A, B], {GROUND}}}\n", "is on the scale 'marks'"),
    ("unused-bands", "bands:\n  shares:\n", f"bands:\n  §x: {{scale: ratings, bands: {{Inadequate: {{below: 1}}, Requires improvement: {{at_least: 1, below: 2}}, Good: {{at_least: 2, below: 3}}, Outstanding: {{at_least: 3}}}}, {GROUND}}}\n  shares:\n", "uses the bands 'x'"),
    ("unused-method", "methods:\n", "methods:\n  §other: {title: Another}\n", "rated by the method 'other'"),
    ("unused-group", "nodes:\n", 'groups:\n  §all_of_it: ["1"]\nnodes:\n', "names the group 'all_of_it'"),
    ("empty-domain", "domains:\n", f'domains:\n  §"3": {{title: Outcomes, standards: {{}}, {GROUND}}}\n', "domain 3 has no standards"),
    ("half-stated", "        title: Leadership\n", "        title: Leadership\n        basis: seed\n", "states a basis but no source"),
    ("half-stated", "{title: engagement,", "{source: team, title: engagement,", "2.1.1 states a source but no basis"),
    ("like-titles", "{title: safety,", "{§title: Engagement,", "differs only in case or spaces from that of 2.1.1"),
    ("like-titles", "{title: safety,", "{§title: engagement,", "is the same as that of 2.1.1"),
    ("like-titles", "        title: Assessment\n", '        §title: "leadership"\n', "differs only in case or spaces from that of 1.1"),
    ("unreachable-band", "{at_least: 65%, below: 80%}\n      Out", "{at_least: 65%, below: 80%}\n      Out", "no share of 5 cases is in the band for Good"),
)  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of a framework in which nothing is odd."""
    file = tmp_path_factory.mktemp("good") / "good.yaml"
    new_file(file)
    return file.read_text("utf-8")


@pytest.mark.parametrize(("code", "old", "new", "says"), ODD, ids=[f"{i} {row[0]}" for i, row in enumerate(ODD)])
def test_each_lint_finds_what_it_is_for(  # noqa: PLR0917  # rows of a table
    code: str, old: str, new: str, says: str, good: str, tmp_path: Path
) -> None:
    """A framework with one odd thing gives one warning: its code, its place and its words."""
    assert good.count(old) == 1
    text, places = marked(good.replace(old, new))
    file = tmp_path / "odd.yaml"
    file.write_text(text, "utf-8")
    found = read_framework(file)
    notices = lint(found.framework, found.locate, file=str(file), sample=5 if code == "unreachable-band" else None)
    assert [notice.code for notice in notices] == [code], notices
    assert says in notices[0].message
    for line, column in places:
        assert notices[0].where == Where(str(file), line, column)


def test_every_lint_is_tried_and_described() -> None:
    """Each lint has an odd example here, a sentence that says what it looks for, and a place in the documentation."""
    page = (Path(__file__).parent.parent / "docs" / "reference" / "lints.md").read_text("utf-8")
    codes = {*LINTS, "unreachable-band"}
    assert codes == {code for code, *_ in ODD}
    for code in (*codes, "stale-pin"):
        assert f"| `{code}` |" in page, code
    assert all(odd.__doc__ for odd in LINTS.values())


def test_nothing_is_odd_about_what_is_shipped() -> None:
    """The shipped frameworks have no warnings, but of the group of 2018 that those of 2019 take up."""
    for name in inspectlib.shipped():
        found = read_framework(name)
        odd = [notice.path for notice in lint(found.framework, found.locate, file=found.file)]
        meant = [("groups", "delivery_standards")] if name in {"hmip-crc-2018", "hmip-nps-2018"} else []
        assert (found.notices, odd) == ((), meant), name


def test_what_another_file_leaves_over_is_not_odd(good: str, tmp_path: Path) -> None:
    """What a framework takes over and does not use is said of the other one, when that is checked, and not of it."""
    (tmp_path / "a.yaml").write_text(good.replace("sources:\n", "sources:\n  plan: {title: The plan}\n"), "utf-8")
    child = 'id: b\nversion: "1"\ntitle: B\nbasis: modelled\nsource: team\nextends: a.yaml\n'
    (tmp_path / "b.yaml").write_text(child, "utf-8")
    found = read_framework(tmp_path / "b.yaml")
    assert lint(found.framework, found.locate, file=found.file) == ()
    assert [notice.code for notice in lint(found.framework)] == ["unused-source"]


@pytest.fixture
def odd_file(good: str, tmp_path: Path) -> Path:
    """A framework file with one odd thing."""
    file = tmp_path / "odd.yaml"
    file.write_text(good.replace("sources:\n", "sources:\n  plan: {title: The plan}\n"), "utf-8")
    return file


def test_check_says_what_is_odd_and_ends_well(odd_file: Path) -> None:
    """A warning stands with its line and a caret under the first line of the report; alone it is no finding."""
    result = CliRunner().invoke(cli, ["check", str(odd_file)])
    line = odd_file.read_text("utf-8").splitlines().index("  plan: {title: The plan}") + 1
    assert (result.exit_code, result.stdout.splitlines()[:4]) == (0, [
        "good: no faults, no law refuted, 1 warning",
        f"{odd_file}:{line}:3: warning: unused-source: nothing names the source 'plan'",
        "      plan: {title: The plan}",
        "      ^",
    ])  # fmt: skip


def test_check_gives_warnings_as_data(odd_file: Path) -> None:
    """In JSON and SARIF a warning has its code and place, and SARIF its level."""
    data = json.loads(CliRunner().invoke(cli, ["check", str(odd_file), "--format", "json"]).stdout)
    (warning,) = data["warnings"]
    assert (warning["code"], warning["path"], warning["file"]) == ("unused-source", ["sources", "plan"], str(odd_file))
    log = json.loads(CliRunner().invoke(cli, ["check", str(odd_file), "--format", "sarif"]).stdout)
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("unused-source", "warning")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == warning["line"]


IDLE = f"""
  limited: {{rule: limit, of: overall, to: Outstanding, when: weak, {GROUND}}}
  weak: {{rule: test, of: "2.1", at_most: Inadequate, {GROUND}}}
known:
  all good: {{given: {{mean_score: 2}}, gives: {{overall: Outstanding}}, {GROUND}}}
"""


def test_a_law_that_is_refuted_is_said_where_it_stands(good: str, tmp_path: Path) -> None:
    """A limit that can never bind and a known outcome that does not come out have their line, in every form."""
    file = tmp_path / "idle.yaml"
    file.write_text(good.rstrip() + IDLE, "utf-8")
    lines = file.read_text("utf-8").splitlines()
    places = {
        name: (next(number for number, line in enumerate(lines, 1) if line.startswith(f"  {name}: ")), 3)
        for name in ("all good", "limited")
    }
    result = CliRunner().invoke(cli, ["check", str(file)])
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "good: no faults, 2 laws refuted")
    for name, says in (("limited", "never differs from overall: the limit is idle"), ("all good", "is known to give")):
        line, column = places[name]
        text = result.stdout[result.stdout.index(f"refuted: {name}: ") :].splitlines()
        assert says in text[0]
        assert text[1].strip() == f"at {file}:{line}:{column}"
        assert text[2].strip().startswith(f"{name}: {{")
        assert text[3].strip() == "^"
    found = json.loads(CliRunner().invoke(cli, ["check", str(file), "--format", "json"]).stdout)["findings"]
    refuted = {one["about"]: (one["line"], one["column"]) for one in found if one["status"] == "refuted"}
    log = json.loads(CliRunner().invoke(cli, ["check", str(file), "--format", "sarif"]).stdout)
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in log["runs"][0]["results"]]
    assert refuted == places
    assert {(region["startLine"], region["startColumn"]) for region in regions} == set(places.values())


def test_check_gives_faults_as_data(odd_file: Path) -> None:
    """A file that cannot be loaded gives its faults as JSON too, and exit code 2."""
    odd_file.write_text(odd_file.read_text("utf-8").replace("of: mean_score", "of: mean_scor"), "utf-8")
    result = CliRunner().invoke(cli, ["check", str(odd_file), "--format", "json"])
    (fault,) = json.loads(result.stdout)["faults"]
    assert (fault["code"], "did you mean 'mean_score'?" in fault["message"]) == ("unknown-name", True)
    done = subprocess.run(
        [sys.executable, "-m", "inspectlib", "check", str(odd_file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"{odd_file}:{fault['line']}:{fault['column']}: unknown-name: {fault['message']}",
        "        of: mean_scor",
        "        ^",
    ]


@pytest.mark.parametrize(
    ("text", "where", "shown"),
    [
        ("a: b\n  c: d\r\n", (2, 3), "      c: d\n      ^"),
        ("x" * 150 + "!" + "y" * 150, (1, 151), f"    ...{'x' * 60}!{'y' * 39}...\n    {' ' * 63}^"),
        ("a:\x1b[31m red", (1, 4), "    a: [31m red\n       ^"),
        ("a: b", (9, 1), ""),
        ("a: b", (1, None), ""),
        ("a: b", (None, None), ""),
    ],
)
def test_the_line_is_shown(text: str, where: tuple[int | None, int | None], shown: str, tmp_path: Path) -> None:
    """A caret stands under the column, long lines are cut around it, and nothing in a file reaches the terminal."""
    file = tmp_path / "a.yaml"
    file.write_bytes(text.encode())
    assert fragment(Where(str(file), *where)) == shown
    assert fragment(Where(str(tmp_path / "gone.yaml"), 1, 1)) == ""
    assert fragment(None) == ""


def test_watching_runs_again_when_any_file_changes(tmp_path: Path) -> None:
    """It runs at once, and again once each file is saved, made or removed, also while it runs; and only then."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1", "utf-8")
    runs: list[str] = []

    def run(reading: Callable[[Path], object]) -> None:
        reading(one)
        reading(two)
        runs.append(one.read_text("utf-8") if one.exists() else "gone")
        if runs[-1] == "22":
            one.write_text("333", "utf-8")  # saved while it runs

    def pauses() -> Iterator[None]:
        yield  # nothing happens
        one.write_text("", "utf-8")  # emptied before it is written
        yield
        one.write_text("22", "utf-8")
        yield
        yield
        yield  # of what was saved while it ran
        two.write_text("made", "utf-8")
        yield
        yield
        one.unlink()
        yield
        yield
        raise KeyboardInterrupt

    steps = pauses()
    with pytest.raises(KeyboardInterrupt):
        watch(run, lambda: next(steps))
    assert runs == ["1", "22", "333", "333", "gone"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_check_watches_what_the_framework_extends(odd_file: Path) -> None:
    """Saving the framework that another extends checks the other again; faults are survived; Ctrl-C gives 130."""
    child = odd_file.with_name("child.yaml")
    child.write_text('id: b\nversion: "1"\ntitle: B\nbasis: modelled\nsource: team\nextends: odd.yaml\n', "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "inspectlib", "check", "--watch", str(child)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        text = odd_file.read_text("utf-8")
        for saved, expected in (
            (None, "b: no faults"),
            ("id: broken\n", "unknown-name"),
            (text + "# more\n", "b: no faults"),
        ):
            if saved is not None:
                odd_file.write_text(saved, "utf-8")
            seen = ""
            while "Ctrl-C ends it" not in seen:
                line = process.stdout.readline()
                assert line, seen
                seen += line
            assert expected in seen
            assert f"watching {child}, {odd_file};" in seen
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
