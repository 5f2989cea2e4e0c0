"""What the README and the documentation show is true: files load, code runs, commands give what is shown."""

from __future__ import annotations

import ast
import fnmatch
import importlib
import io
import json
import re
import shlex
import shutil
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

import inspectlib
from inspectlib.cli import cli

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_FRAMEWORK = re.compile(r"whole framework: (\S+)")
_EVIDENCE = re.compile(r"whole evidence: (\S+) for (\S+)")
_FILE = re.compile(r"whole file: (\S+)")
_ADDED = re.compile(r"nodes of (\S+)")


@attrs.frozen
class Block:
    """A fenced block of a page, with the comment right before it."""

    language: str
    text: str
    mark: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found = _BLOCK.finditer(page.read_text("utf-8"))
    return [Block(match["language"], match["text"], match["mark"] or "") for match in found]


def commands(block: Block) -> Iterator[tuple[list[str], list[str]]]:
    """The inspectlib commands of a block, each with the lines shown as its output. Set-up lines are passed over."""
    if block.language == "console":
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield shlex.split(command), shown
    elif block.language == "sh":
        for command in re.split(r"\n|&&", block.text):
            words = shlex.split(command, comments=True)
            if words and Path(words[0]).name == "inspectlib":
                yield words, []


def run(words: list[str]) -> str:
    """The output of a command, which must end well: a difference may be found."""
    result = CliRunner().invoke(cli, words[1:])
    assert result.exit_code in ((0, 1) if words[1] == "diff" else (0,)), (
        f"{shlex.join(words)}: {result.output} {result.exception}"
    )
    return result.stdout


def is_value(comment: str) -> bool:
    """Whether a comment is a value, not a remark."""
    try:
        ast.parse(comment, mode="eval")
    except SyntaxError:
        return False
    return True


def execute(code: str, names: dict[str, Any]) -> int:
    """Run a block of code; an expression with a value in a comment behind it must have it. How many there were."""
    comments = {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(code).readline)
        if token.type == tokenize.COMMENT and is_value(token.string.removeprefix("#").strip())
    }
    compared = 0
    for statement in ast.parse(code).body:
        lines = code.splitlines()[statement.lineno - 1 : statement.end_lineno]
        if isinstance(statement, ast.Expr) and statement.end_lineno in comments:
            expression = ast.get_source_segment(code, statement) or ""
            assert repr(eval(expression, names)) == comments[statement.end_lineno], expression
            compared += 1
        else:
            exec("\n".join(lines), names)
    return compared


def within(part: object, whole: object) -> bool:
    """Whether a JSON value shows nothing that the whole one does not say."""
    if isinstance(part, Mapping) and isinstance(whole, Mapping):
        return all(key in whole and within(value, whole[key]) for key, value in part.items())
    return part == whole


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the examples, in which the files that a page shows are saved."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


def save(block: Block) -> None:
    """Save a block that is said to be a whole file, which must be sound."""
    if match := _FRAMEWORK.fullmatch(block.mark):
        Path(match[1]).write_text(block.text, "utf-8")
        assert inspectlib.load(match[1]).graph.nodes
    elif match := _EVIDENCE.fullmatch(block.mark):
        Path(match[1]).write_text(block.text, "utf-8")
        assert inspectlib.rate(inspectlib.load(match[2]), inspectlib.load_evidence(match[1])).outcomes
    elif match := _FILE.fullmatch(block.mark):
        Path(match[1]).write_text(block.text, "utf-8")
    elif match := _ADDED.fullmatch(block.mark):
        known, more = Path(match[1]).read_text("utf-8"), block.text.removeprefix("nodes:\n")
        assert known.rindex("\nnodes:\n") > 0
        Path("with-more-nodes.yaml").write_text(known + more, "utf-8")
        assert inspectlib.load("with-more-nodes.yaml").graph.nodes
    else:
        assert not block.mark, f"no test knows what {block.mark!r} means"


@pytest.mark.usefixtures("_folder")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_shows_what_is_true(page: Path) -> None:
    """From top to bottom: files load, code gives the values behind it, commands end well and print the lines shown."""
    names: dict[str, Any] = {"__name__": page.stem}
    for block in blocks(page):
        save(block)
        if block.language == "python":
            execute(block.text, names)
        for words, shown in commands(block):
            printed = [line.rstrip() for line in run(words).splitlines()]
            pattern = "\n".join("*" if line == "..." else re.sub(r"[\[*?]", r"[\g<0>]", line) for line in shown)
            if shown:
                assert fnmatch.fnmatchcase("\n".join(printed), pattern), "\n".join(printed)


def test_new_standards_begin_with_an_empty_folder() -> None:
    """The first half of the tutorial uses no file but those that it makes, and ends with a comparison and a drawing."""
    page = (ROOT / "docs" / "tutorial" / "new-standards.md").read_text("utf-8")
    first = page[: page.index("## The whole pilot")]
    made = set(re.findall(r"inspectlib new (\S+)|whole file: (\S+)|-o (\S+)", first))
    used = set(re.findall(r"(?<![\w./-])[\w/-]+\.(?:yaml|csv|svg)\b", first))
    assert used == {name for names in made for name in names if name}
    shown = [Block(match["language"], match["text"], "") for match in _BLOCK.finditer(first)]
    steps = [words[1] for block in shown for words, _ in commands(block)]
    assert [*dict.fromkeys(steps)] == ["new", "show", "check", "diff", "compare", "draw"]


def test_the_json_shown_is_what_the_made_up_example_gives() -> None:
    """Every JSON block of the documentation stands in the judgement of the made-up example."""
    folder = ROOT / "examples" / "made-up-crc"
    evidence = inspectlib.load_evidence(folder / "inspection.yaml", cases=folder / "cases.csv")
    whole = json.loads(inspectlib.rate(inspectlib.load("hmip-crc-2019"), evidence).to_json())
    shown = [block.text for page in PAGES for block in blocks(page) if block.language == "json"]
    assert shown
    for text in shown:
        assert within(json.loads(text), whole), text


def described() -> list[Any]:
    """Whatever the Python reference describes."""
    module, found = "", list[Any]()
    for kind, name in re.findall(
        r"^\.\. (currentmodule|autofunction|autoclass):: (\S+)$",
        (ROOT / "docs" / "reference" / "api.md").read_text("utf-8"),
        re.MULTILINE,
    ):
        if kind == "currentmodule":
            module = name
        else:
            where, _, own = (name if name.startswith("inspectlib") else f"{module}.{name}").rpartition(".")
            found.append(getattr(importlib.import_module(where), own))
    return found


def test_every_public_name_is_described() -> None:
    """The Python reference describes each once, those of the sub-packages that are for users too."""
    from inspectlib import draw, report, tables, testing
    from inspectlib.testing import strategies

    found = described()
    assert len(found) == len({id(thing) for thing in found})
    for module in (inspectlib, tables, testing, strategies, draw, report):
        for name in module.__all__:
            thing = getattr(module, name)
            if (isinstance(thing, type) and issubclass(thing, Exception)) or thing is tables:
                continue  # all errors are described together; and a module by what is in it
            if callable(thing) and name not in {"fault", "colour_rules"}:
                assert thing in found, f"{module.__name__}.{name}"


def test_every_rule_is_described() -> None:
    """The tables of the page on framework files name every rule, and every key of it."""
    from inspectlib.rules import RULES

    page = (ROOT / "docs" / "reference" / "framework-files.md").read_text("utf-8")
    section = page[page.index("## The rules") : page.index("## Extend another framework")]
    rows = {row[1]: row[0] for row in re.finditer(r"^\| `(\w+)` \| .*$", section, re.MULTILINE)}
    assert rows.keys() == RULES.keys()
    for name, rule in RULES.items():
        for field in attrs.fields(rule):
            if field.name not in {"basis", "source", "section", "note", "title"}:
                assert f"`{field.name}`" in rows[name], f"{name}: {field.name}"


def test_the_words_of_the_field_are_in_the_glossary() -> None:
    """Each once, in the order of the alphabet."""
    page = (ROOT / "docs" / "reference" / "glossary.md").read_text("utf-8")
    terms = re.findall(r"^([a-z][a-z -]*)$", page, re.MULTILINE)
    assert terms == sorted(terms)
    assert set(terms) >= set(_WORDS.split(", "))


_WORDS = (
    "framework, domain, standard, key question, prompt, case, sample, sub-sample, sufficient, share, band, rating, "
    "ratings panel, professional discretion, departure, limiting judgement, not rated, not applicable, open, service, "
    "inspection, fieldwork, recommendation, basis, rule graph, node, law"
)


def test_every_shipped_framework_is_described() -> None:
    """The page on the methodology names every shipped framework."""
    page = (ROOT / "docs" / "explanation" / "methodology.md").read_text("utf-8")
    assert [name for name in inspectlib.shipped() if f"`{name}`" not in page] == []


def test_the_checks_can_fail() -> None:
    """Wrong values, wrong JSON and a failing command are noticed."""
    assert execute("1 + 1  # 2", {}) == 1
    assert execute("1 + 1  # a remark", {}) == 0
    with pytest.raises(AssertionError):
        execute("1 + 1  # 3", {})
    assert not within({"a": {"b": 1}}, {"a": {"b": 2}})
    with pytest.raises(AssertionError):
        run(["inspectlib", "rate", "no-such-framework", "no-such-file"])
