"""The command line keeps its contract."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import inspectlib

ROOT = Path(__file__).parent.parent
CRC = ROOT / "examples" / "made-up-crc"
EVIDENCE, CASES = str(CRC / "inspection.yaml"), str(CRC / "cases.csv")


def run(
    *arguments: str, stdin: str | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command line as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "inspectlib", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=120,
    )


def test_rate_prints_the_standards_and_says_that_delivery_limited_leadership() -> None:
    """The main job: a table of standards, the score, the overall rating, and that delivery limited leadership."""
    result = run("rate", "hmip-crc-2019", EVIDENCE, "--cases", CASES)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "Example CRC (made up), rated by hmip-crc-2019"
    assert next(line for line in lines if line.startswith("2.1 ")).split("  ")[0] == "2.1 Assessment"
    assert "2.1.3 keeping others safe 44%" in result.stdout
    assert "departs from Inadequate" in result.stdout
    assert "Total score: 9 of 30\nOverall rating: Requires improvement\n" in result.stdout
    limited = next(line for line in lines if line.startswith("1.1 Leadership was limited to Requires improvement"))
    assert "the panel rated it Good" in limited
    assert "Delivery rating is Inadequate" in limited


def test_the_same_evidence_by_the_rules_of_2018() -> None:
    """Under the 2018 framework the panel's rating of leadership stands."""
    result = run("rate", "hmip-crc-2018", EVIDENCE, "--cases", CASES, "--format", "json")
    standards = json.loads(result.stdout)["standards"]
    assert (standards["1.1"]["rating"], standards["1.1"]["limited_by"]) == ("Good", None)
    assert "limited" not in run("rate", "hmip-crc-2018", EVIDENCE, "--cases", CASES).stdout.split("\n", 2)[2]


def test_json_has_the_form_of_the_contract() -> None:
    """The judgement as JSON has the keys and forms that are relied on from outside."""
    judgement = json.loads(run("rate", "hmip-crc-2019", EVIDENCE, "--cases", CASES, "--format", "json").stdout)
    assert judgement["framework"].keys() == {"id", "version", "fingerprint"}
    assert judgement["service"] == "Example CRC (made up)"
    assert {k: judgement["overall"][k] for k in ("rating", "score", "max")} == {
        "rating": "Requires improvement",
        "score": 9,
        "max": 30,
    }
    assert judgement["standards"]["2.3"]["computed"] == "Inadequate"
    assert judgement["standards"]["2.3"]["departure"]["rating"] == "Requires improvement"
    assert judgement["standards"]["1.1"]["limited_by"] == "leadership_ceiling"
    question = judgement["questions"]["2.2.3"]
    assert {k: question[k] for k in ("yes", "of", "share", "rating")} == {
        "yes": 33,
        "of": 70,
        "share": "33/70",
        "rating": "Inadequate",
    }
    assert judgement["ratings"]["delivery"]["rating"] == "Inadequate"


def test_explain_goes_down_to_the_question_and_count_with_basis_and_source() -> None:
    """An explanation of leadership names delivery, the key question and count that decided, and every rule's source."""
    text = run("explain", "hmip-crc-2019", EVIDENCE, "1.1", "--cases", CASES, "--full").stdout
    assert "no reason for departing is recorded" in text
    assert "2.1.3 keeping others safe: Inadequate" in text
    assert "44 of 100 applicable cases are sufficient: 44%, below 50%" in text
    assert "modelled: A modelling choice of this library" in text
    assert "reported: The Inspectorate's published rating methodology, as generally reported" in text
    data = json.loads(run("explain", "hmip-crc-2019", EVIDENCE, "1.1", "--cases", CASES, "--format", "json").stdout)
    assert data["steps"][0]["node"] == data["node"] == "1.1"
    known = {step["node"] for step in data["steps"]}
    assert all(known.issuperset(step["inputs"]) and step["rules"] for step in data["steps"])


@pytest.mark.parametrize("dash", ["framework", "evidence", "cases"])
def test_standard_input(dash: str, tmp_path: Path) -> None:
    """A dash reads standard input, for any one of the files."""
    framework = tmp_path / "own.yaml"
    framework.write_text(
        "id: own\nversion: '1'\ntitle: Own\nextends: hmip-crc-2019\nbasis: modelled\nsource: own-choice\n"
    )
    files = {"framework": str(framework), "evidence": EVIDENCE, "cases": CASES}
    text = Path(files[dash]).read_text(encoding="utf-8")
    names = {**files, dash: "-"}
    found = run("rate", names["framework"], names["evidence"], "--cases", names["cases"], stdin=text)
    assert found.returncode == 0, found.stderr
    assert found.stdout == run("rate", *(files[k] for k in ("framework", "evidence")), "--cases", CASES).stdout


def test_standard_input_only_once() -> None:
    """Two dashes are bad usage."""
    result = run("rate", "-", "-", stdin="")
    assert result.returncode == 2
    assert "standard input" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["rate"],
        ["rat"],
        ["rate", "hmip-crc-2091", "x.yaml"],
        ["rate", "hmip-crc-2019", "no-such-file.yaml"],
        ["rate", "hmip-crc-2019", "examples"],
        ["rate", "hmip-crc-2019", CASES],
        ["explain", "hmip-crc-2019", EVIDENCE, "9.9"],
        ["show", "hmip-crc-2019", "9.9"],
        ["check", "base-hmip"],
        ["draw", "hmip-crc-2019", "--as", "png"],
        ["rate", "hmip-crc-2019", EVIDENCE, "-o", "no/such/folder/out.txt"],
    ],
)
def test_bad_usage_and_bad_input_exit_with_2(arguments: list[str]) -> None:
    """Bad usage and bad input exit with 2, say so on standard error, and print no result and no traceback."""
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert "unexpected" not in result.stderr


def test_every_fault_is_a_line_with_its_place(tmp_path: Path) -> None:
    """Several faults come in one report, a line each: file, line, column, code and message."""
    evidence = tmp_path / "bad.yaml"
    evidence.write_text('ratings:\n  "2.1": Splendid\n  "9.9": Good\npanel: {"1.1": 7}\n')
    lines = run("rate", "hmip-crc-2019", str(evidence)).stderr.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        [f"{evidence}:2:3", "off-scale"],
        [f"{evidence}:3:3", "unknown-node"],
        [f"{evidence}:4:9", "off-scale"],
    ]


def test_no_colour_where_there_is_no_terminal() -> None:
    """What goes to a pipe or file has no colours, whatever the terminal says."""
    assert "\x1b" not in run("rate", "hmip-crc-2019", EVIDENCE, "--cases", CASES, env={"TERM": "xterm-256color"}).stdout


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_colour_on_a_terminal_unless_no_color(no_color: str) -> None:
    """On a terminal ratings are in colour, and NO_COLOR turns that off."""
    leader, follower = os.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": no_color}
    command = [sys.executable, "-m", "inspectlib", "rate", "hmip-crc-2019", EVIDENCE, "--cases", CASES]
    with subprocess.Popen(command, stdout=follower, env=environment, cwd=ROOT) as process:
        os.close(follower)
        chunks = []
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                break
            if not chunk:
                break
            chunks.append(chunk)
        process.wait(60)
    os.close(leader)
    assert (b"\x1b[31m" in b"".join(chunks)) == (not no_color)


def test_output_is_saved_whole(tmp_path: Path) -> None:
    """-o saves what would have been printed, and prints nothing."""
    out = tmp_path / "out.json"
    arguments = ("rate", "hmip-crc-2019", EVIDENCE, "--cases", CASES, "--format", "json")
    assert run(*arguments, "-o", str(out)).stdout == ""
    assert out.read_text(encoding="utf-8") == run(*arguments).stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said_plainly() -> None:
    """When standard output cannot be written, that is said in one line, with exit code 2."""
    command = [sys.executable, "-m", "inspectlib", "frameworks"]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    assert result.returncode == 2
    assert result.stderr.startswith("standard output: unreadable-file: it cannot be written")
    assert "Traceback" not in result.stderr


def test_a_closed_pipe_is_no_fault() -> None:
    """When the reader of a pipe has read enough, nothing is said."""
    command = f"'{sys.executable}' -m inspectlib show hmip-crc-2019 | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_is_said_plainly() -> None:
    """Ctrl-C while waiting for standard input ends with 130 and one word."""
    # A background job may have interrupts ignored; the command is to have them as at a terminal.
    code = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.argv = ['inspectlib', 'check', '-']\n"
        "from inspectlib.cli import main\n"
        "print('ready', flush=True)\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (said.strip(), process.returncode) == ("interrupted", 130)


def test_frameworks_and_check_and_show() -> None:
    """The shipped frameworks are listed; one passes its check, and shows in text and JSON."""
    listed = {each["id"]: each for each in json.loads(run("frameworks", "--format", "json").stdout)}
    assert sorted(listed) == list(inspectlib.shipped())
    assert "hmip-crc-2019" in run("frameworks").stdout
    check = json.loads(run("check", "hmip-crc-2019", "--format", "json").stdout)
    assert (check["faults"], check["fingerprint"]) == ([], listed["hmip-crc-2019"]["fingerprint"])
    assert "no faults" in run("check", "hmip-crc-2019").stdout
    shown = run("show", "hmip-crc-2019").stdout
    for words in (
        "2.1.3 keeping others safe",
        "from 65% to below 80%",
        "[seed: HM Inspectorate of Probation Corporate",
    ):
        assert words in shown
    data = json.loads(run("show", "hmip-crc-2019", "--format", "json").stdout)
    assert all(rule["basis"] and rule["source"] for rule in data["rules"])
    node = run("show", "hmip-youth-2021", "overall").stdout
    assert "no better than Good" in node
    assert "used by: 1.1" in run("show", "hmip-crc-2019", "leadership_ceiling").stdout
    assert json.loads(run("show", "hmip-crc-2019", "2.1", "--format", "json").stdout)["rule"] == "discretion"


def test_frameworks_on_a_day() -> None:
    """A framework is chosen by a date: both its first and its last day are in force, and unknown dates are said."""
    for day, found in {
        "2019-06-30": {"hmip-crc-2018", "hmip-nps-2018", "hmip-youth-2018"},
        "2019-07-01": {"hmip-crc-2019", "hmip-nps-2019", "hmip-youth-2018", "hmip-small-youth-2019"},
        "2020-02-01": {"hmip-crc-2019", "hmip-nps-2019", "hmip-youth-2018", "hmip-small-youth-2019"},
        "2024-01-01": {"hmip-pdu-2023", "hmip-region-2023", "hmip-youth-2021"},
    }.items():
        listed = run("frameworks", "--on", day, "--format", "json")
        ids = {framework["id"] for framework in json.loads(listed.stdout)}
        assert {name for name in ids if name.startswith("hmip-")} == found, day
        assert "care-quality-2022, food-hygiene-rating" in listed.stderr
    bad = run("frameworks", "--on", "1 July 2019")
    assert (bad.returncode, bad.stderr.count("write it like 2019-07-01")) == (2, 1)


def test_a_framework_out_of_force_is_warned_of() -> None:
    """A framework that was not in force on the day of the inspection rates all the same, with a warning."""
    for day, warns in (("2019-06-30", True), ("2019-07-01", False), ("2020-12-31", False), ("2021-01-01", True)):
        done = run("rate", "hmip-crc-2019", "-", "--format", "json", stdin=f"{{date: {day}}}")
        assert ("was not in force on" in done.stderr) == warns, day
        assert bool(json.loads(done.stdout)["warnings"]) == warns
        assert json.loads(done.stdout)["date"] == day


def test_pooled_units() -> None:
    """The evidence files of delivery units are pooled on the command line."""
    folder = ROOT / "examples" / "made-up-region"
    units = [part for name in ("north", "south") for part in ("--unit", str(folder / f"{name}.yaml"))]
    assert "36 of 68" in run("rate", "hmip-region-2023", str(folder / "region.yaml"), *units).stdout
    explained = run("explain", "hmip-region-2023", str(folder / "region.yaml"), "2.1.1", *units).stdout
    assert "36 of 68 applicable cases are sufficient" in explained


def test_the_whole_framework_in_one_file(tmp_path: Path) -> None:
    """A framework is printed as one file that has the same fingerprint."""
    (tmp_path / "whole.yaml").write_text(run("show", "hmip-nps-2019", "--whole").stdout, "utf-8")
    assert inspectlib.load(tmp_path / "whole.yaml").fingerprint == inspectlib.load("hmip-nps-2019").fingerprint
    assert run("show", "hmip-nps-2019", "1.1", "--whole").returncode == 2


def test_what_is_not_rated_is_shown_and_explained() -> None:
    """Under a framework that rates nothing the shares are printed, shown and explained."""
    evidence = '{"tallies": {"2.1.1": {"yes": 5, "of": 7}, "2.1.3": "not applicable"}}'
    printed = run("rate", "hmip-small-youth-2019", "-", stdin=evidence).stdout
    assert "71.4%  5 of 7" in printed
    assert "which gives no ratings" in printed
    explained = run("explain", "hmip-small-youth-2019", "-", "2.1", "--full", stdin=evidence).stdout
    assert "2.1 Assessment: not rated: the framework gives it no rating" in explained
    assert "2.1.1 desistance, share: 71.4%" in explained
    assert "not rated" in run("show", "hmip-small-youth-2019", "2.1").stdout
    refused = run("rate", "hmip-small-youth-2019", "-", stdin='{"ratings": {"2.1": "Good"}}')
    assert (refused.returncode, "2.1 Assessment is not rated" in refused.stderr) == (2, True)


@pytest.mark.parametrize(("form", "begins"), [("mermaid", "flowchart"), ("dot", "digraph"), ("svg", "<svg")])
def test_draw(form: str, begins: str) -> None:
    """The graph is drawn in each form."""
    assert begins in run("draw", "hmip-crc-2019", "--as", form).stdout[:400]


def test_schema() -> None:
    """The schemas of files are printed, as they are shipped."""
    assert json.loads(run("schema").stdout)["$schema"] == json.loads(run("schema", "--evidence").stdout)["$schema"]


def test_open_and_absent_ratings_are_printed() -> None:
    """A rating that is open shows what is still possible, and one that is not rated shows why."""
    evidence = '{"ratings": {"2.1": "Inadequate", "2.2": {"rating": "not rated", "reason": "no such cases (made up)"}}}'
    text = run("rate", "hmip-crc-2018", "-", stdin=evidence).stdout
    assert "open: Inadequate to Outstanding" in text
    assert "no such cases (made up)" in text
    assert "Overall rating: open: Inadequate to Outstanding" in text
    assert "Total score: open: 0 of 27 to 24 of 27" in text


def test_brackets_in_a_reason_are_printed_as_they_are() -> None:
    """A service or reason with square brackets is text, not colour, and nothing of it is lost."""
    evidence = '{"service": "X [/bold]", "ratings": {"2.2": {"rating": "not rated", "reason": "[red] (made up)"}}}'
    text = run("rate", "hmip-crc-2018", "-", stdin=evidence).stdout
    assert "X [/bold]" in text
    assert "[red] (made up)" in text
