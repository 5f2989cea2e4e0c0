"""Beginning a framework: the file is sound as it is, and says how it can be changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # it has no types of its own
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

import inspectlib
from inspectlib.cli import cli
from inspectlib.errors import FileExists
from inspectlib.files.framework_file import read_framework
from inspectlib.files.new_file import SCHEMA, new_file
from inspectlib.lints import lint

EXAMPLES = re.compile(r"^(?:# (?:bands|domains|nodes|known|in_force):.*\n(?:# .*\n)*)", re.MULTILINE)


@pytest.mark.parametrize(
    "parent",
    [
        None,
        "hmip-crc-2019",
        "hmip-region-2023",
        "hmip-small-youth-2019",
        "nursing-home-stars-2022",
        "care-quality-2022",
    ],
)
def test_a_new_file_is_sound_and_so_is_each_of_its_examples(parent: str | None, tmp_path: Path) -> None:
    """It loads with nothing odd, means what it extends, fits its schema, and so does what is commented out in it."""
    file = tmp_path / "my-2021.yaml"
    new_file(file, parent)
    found = read_framework(file)
    assert (found.framework.id, found.framework.title, found.framework.data.in_force) == ("my-2021", "My 2021", None)
    assert [*found.notices, *lint(found.framework, found.locate, file=str(file))] == []
    text = file.read_text("utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA}\n")
    schema = json.loads((tmp_path / SCHEMA).read_text("utf-8"))
    jsonschema.validate(YAML(typ="safe", pure=True).load(text), schema)
    assert parent is None or found.framework.fingerprint == inspectlib.load(parent).fingerprint
    for example in EXAMPLES.findall(text):
        plain = re.sub("^# ", "", example, flags=re.MULTILINE)
        begun = text.replace("in_force: withdrawn\n", "") if "in_force" in example else text
        (tmp_path / "other.yaml").write_text(begun.replace(example, plain), "utf-8")
        other = inspectlib.load(tmp_path / "other.yaml")
        same = example.startswith(("# bands", "# known", "# in_force"))
        assert (other.fingerprint == found.framework.fingerprint) is same, example


def test_a_new_framework_of_its_own_breaks_no_law(tmp_path: Path) -> None:
    """What a methodologist begins with without any other framework is consistent."""
    new_file(tmp_path / "own.yaml")
    assert inspectlib.check(inspectlib.load(tmp_path / "own.yaml")).refuted == ()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays as it is, and so does a schema that is there."""
    file, schema = tmp_path / "a.yaml", tmp_path / SCHEMA
    file.write_text("mine", "utf-8")
    schema.write_text("mine too", "utf-8")
    with pytest.raises(FileExists):
        new_file(file)
    new_file(tmp_path / "b.yaml")
    assert (file.read_text("utf-8"), schema.read_text("utf-8")) == ("mine", "mine too")


def test_a_framework_to_extend_is_found_from_where_the_new_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path to the framework to extend is given from the current folder, and written as seen from the new file."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path)
    for arguments in (["new", "old/own.yaml"], ["new", "new/child.yaml", "--extends", "old/own.yaml"]):
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
    assert 'framework: "../old/own.yaml"\n' in (tmp_path / "new" / "child.yaml").read_text("utf-8")
    monkeypatch.chdir("/")
    child, own = inspectlib.load(tmp_path / "new" / "child.yaml"), inspectlib.load(tmp_path / "old" / "own.yaml")
    assert (child.id, child.fingerprint) == ("child", own.fingerprint)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-"], "standard input"),
        (["x.yaml", "--extends", "-"], "standard input"),
        (["x.yaml", "--extends", "base-hmip"], "base-hmip is a base"),
        (["x.yaml", "--extends", "hmip-crc-2091"], "did you mean 'hmip-crc-2019'?"),
        (["no-such-folder/x.yaml"], "cannot be written"),
    ],
)
def test_what_cannot_be_begun_is_refused(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A base alone, an unknown framework, standard input or a folder that is not there leave no file behind."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["new", *arguments])
    assert result.exit_code != 0
    assert says in result.output + str(result.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.yaml", "Ärger 2021!.yaml", "---.yaml", "2021.yaml"])
def test_any_file_name_gives_an_id(name: str, tmp_path: Path) -> None:
    """Whatever the file is called, the id is one that a framework can have."""
    new_file(tmp_path / name, "hmip-small-youth-2019")
    assert inspectlib.load(tmp_path / name).graph.nodes
