"""Frameworks that extend each other: pinned parents, folders, circles, and what was withdrawn but is still named."""

# ruff: noqa: E501 - a change of a file reads best on one line

from __future__ import annotations

from pathlib import Path

import pytest

import inspectlib
from bad import marked, refused
from inspectlib.errors import ExtendsCycle, UnknownName, UnreadableFile, Where, WrongForm
from inspectlib.files.framework_file import pin, read_framework
from inspectlib.files.new_file import extends_text, new_file
from inspectlib.meaning import differing, meanings, pinned

HEAD = 'version: "1"\ntitle: Made up\nbasis: modelled\nsource: team\n'


@pytest.fixture
def family(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A framework, one that extends it from another folder, and one that extends that: each pins the one before."""
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
    first, second, third = tmp_path / "a" / "first.yaml", tmp_path / "b" / "second.yaml", tmp_path / "c" / "third.yaml"
    new_file(first)
    new_file(second, str(first))
    new_file(third, str(second))
    return first, second, third


def edit(file: Path, old: str, new: str) -> None:
    """Replace the one place of a text in a file."""
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    file.write_text(text.replace(old, new), "utf-8")


CHANGES = (
    ("title: Leadership", "title: Governance", "changed: 1.1"),
    ("topics: [vision and strategy]", "topics: [vision]", "changed: 1.1"),
    ("below: 80%}\n      Outstanding: {at_least: 80%}", "at_most: 80%}\n      Outstanding: {above: 80%}", "changed: 2.1"),
    ("{at_least: 50%, below: 65%}\n      Good: {at_least: 65%,", "{at_least: 50%, below: 66%}\n      Good: {at_least: 66%,", "changed: 2.1"),
    ("within_points: 5", "within_points: 4", "changed: 2.1"),
    ("title: Case supervision", "title: Cases", "changed: domain 2"),
    ("nodes:\n", "nodes:\n  fine: {rule: test, of: overall, at_least: Good, basis: modelled, source: team}\n", "new: fine"),
    ("    of: standards\n", '    of: ["2"]\n', "changed: total"),
    ('          "2.1.2": {title: safety, text: Does assessment look well enough at the safety of others?}\n', "", "changed: 2.1"),
    ("scales:\n  ratings:\n    ratings: [Inadequate,", "scales:\n  ratings:\n    ratings: [Poor,", "changed: 1.1, 2.1, total, mean_score, overall"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), CHANGES, ids=[says for _, _, says in CHANGES])
def test_a_parent_that_changed_is_noticed_by_name(
    old: str, new: str, says: str, family: tuple[Path, Path, Path]
) -> None:
    """Whatever changes in what is extended, its child is told which standards and rules; and so is the child's child."""
    first, second, third = family
    assert [read_framework(file).notices for file in family] == [(), (), ()]
    edit(first, old, new)
    if "Poor" in new:
        first.write_text(first.read_text("utf-8").replace("      Inadequate: ", "      Poor: "), "utf-8")
    (notice,) = read_framework(second).notices
    assert (notice.code, f"({says})" in notice.message) == ("stale-pin", True), notice.message
    line = second.read_text("utf-8").splitlines().index('  framework: "../a/first.yaml"') + 1
    assert str(notice).startswith(f"{second}:{line}:3: warning: stale-pin: ../a/first.yaml has changed since")
    assert [Path(n.where.file).name for n in read_framework(third).notices if n.where] == [second.name, third.name]


def test_a_parent_that_means_the_same_is_not_noticed(family: tuple[Path, Path, Path]) -> None:
    """Comments, the order of entries, sources, notes and versions of what is extended may change."""
    first, second, _ = family
    text = first.read_text("utf-8")
    head, domains = text.split("# The standards and key questions.")
    domains, nodes = domains.split("# The other rules, each")
    text = f"{head}# The other rules, each{nodes}# The standards and key questions.{domains}"
    first.write_text(
        text.replace('version: "1"', 'version: "2"').replace("source: team\n", "source: team\n  \n"), "utf-8"
    )
    assert read_framework(second).notices == ()


def test_a_pin_renewed_is_quiet(family: tuple[Path, Path, Path]) -> None:
    """With what `pin` prints in place of the old pin there is nothing more to say."""
    first, second, _ = family
    edit(first, "title: Leadership", "title: Governance")
    text = second.read_text("utf-8")
    start, end = (
        text.index("extends:\n"),
        text.index("\n\nbasis:") if "\n\nbasis:" in text else text.index("basis: mod"),
    )
    renewed = extends_text(pin(inspectlib.load(first), "../a/first.yaml"))
    second.write_text(text[:start] + renewed + text[end:].lstrip("\n"), "utf-8")
    assert read_framework(second).notices == ()


def test_a_pin_without_its_parts_says_so(tmp_path: Path) -> None:
    """A fingerprint alone shows that something changed, and not what."""
    pinned_alone = "extends: {framework: hmip-crc-2019, fingerprint: 'sha256:0'}\n"
    (tmp_path / "a.yaml").write_text(f"id: a\n{HEAD.replace('team', 'own-choice')}{pinned_alone}", "utf-8")
    (notice,) = read_framework(tmp_path / "a.yaml").notices
    assert "(what, the pin does not say)" in notice.message
    assert notice.where == Where(str(tmp_path / "a.yaml"), 6, 11)


def test_a_parent_that_is_sound_only_with_its_child(family: tuple[Path, Path, Path]) -> None:
    """A parent that has faults of its own now is noticed, when its child still makes sense of it."""
    first, second, _ = family
    edit(first, "of: mean_score", "of: mean")
    with second.open("a", encoding="utf-8") as file:
        file.write("nodes:\n  overall: {of: mean_score, basis: modelled, source: team-2021}\n")
    edit(second, "sources:\n", "sources:\n  team-2021: {title: Team}\n")
    (notice,) = read_framework(second).notices
    assert "has faults of its own now" in notice.message
    assert "there is no 'mean'" in notice.message


def test_a_base_cannot_be_pinned(tmp_path: Path) -> None:
    """What is only a base for others has no fingerprint, so a pin of it is refused."""
    text = "extends: {framework: base-hmip, fingerprint: 'sha256:0'}\n"
    (tmp_path / "a.yaml").write_text(f"id: a\n{HEAD.replace('team', 'own-choice')}{text}", "utf-8")
    error = refused(lambda: inspectlib.load(tmp_path / "a.yaml"))
    assert (type(error), "base-hmip is only a base" in str(error)) == (WrongForm, True)


def test_a_circle_through_folders_is_named_whole(tmp_path: Path) -> None:
    """Frameworks in several folders that extend each other are refused, the circle named file by file."""
    for folder, parent in (("a", "../b/f.yaml"), ("b", "../c/f.yaml"), ("c", "../a/f.yaml")):
        (tmp_path / folder).mkdir()
        extends = f"extends: {{framework: {parent}, fingerprint: x}}\n"
        (tmp_path / folder / "f.yaml").write_text(f"id: {folder}\n{HEAD}{extends}", "utf-8")
    error = refused(lambda: inspectlib.load(tmp_path / "a" / "f.yaml"))
    assert type(error) is ExtendsCycle
    assert "f.yaml extends f.yaml extends f.yaml extends f.yaml" in str(error)


def test_a_parent_that_is_gone_is_named_with_its_place(family: tuple[Path, Path, Path]) -> None:
    """A grandparent that is no longer there is missed where it is named."""
    first, second, third = family
    first.unlink()
    error = refused(lambda: inspectlib.load(third))
    assert isinstance(error, UnreadableFile)
    assert error.where and Path(error.where.file).resolve() == second


WITHDRAWN = (
    ('domains:\n  "2":\n    standards:\n      §"2.1": withdrawn\nnodes:\n  fine: {rule: all, of: [x], basis: modelled, source: team}\n  x: {rule: test, of: "2.1", at_least: Good, basis: modelled, source: team}\n', "2.1"),
    ('domains:\n  §"2": withdrawn\nnodes:\n  x: {rule: test, of: "2.1.1", at_least: Good, basis: modelled, source: team}\n', "2.1.1"),
    ("nodes:\n  §mean_score: withdrawn\n", "mean_score"),
    ('groups: {scored: ["1", "2.1"]}\nnodes: {total: {of: scored, basis: modelled, source: team}}\ndomains:\n  "2":\n    standards:\n      §"2.1": withdrawn\n', "2.1"),
    ("methods:\n  §panel: withdrawn\n", "panel"),
    ("scales:\n  §ratings: withdrawn\n", "ratings"),
    ("sources:\n  §team: withdrawn\n", "team"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "name"), WITHDRAWN, ids=[f"{i} {name}" for i, (_, name) in enumerate(WITHDRAWN)])
def test_a_rule_that_names_what_was_withdrawn_says_where_it_went(
    change: str, name: str, family: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """What is withdrawn while a rule still names it is missed where it is named, and the message says who withdrew it."""
    first, *_ = family
    text, places = marked(f"id: child\n{HEAD}extends: a/first.yaml\n{change}")
    (tmp_path / "child.yaml").write_text(text, "utf-8")
    ((line, column),) = places
    error = refused(lambda: inspectlib.load(tmp_path / "child.yaml"))
    faults = [fault for fault in error.faults if isinstance(fault, UnknownName)]
    assert any(
        repr(name) in fault.message and f"withdrawn, at {tmp_path / 'child.yaml'}:{line}:{column}" in fault.message
        for fault in faults
    ), str(error)
    assert first.is_file()


@pytest.mark.usefixtures("family")
def test_what_is_withdrawn_and_put_elsewhere_is_there(tmp_path: Path) -> None:
    """A standard withdrawn from one domain and written down in another is not missed."""
    change = 'domains:\n  "2": {standards: {"2.1": withdrawn}}\n  "1": {standards: {"2.1": {title: Moved}}}\n'
    (tmp_path / "child.yaml").write_text(f"id: child\n{HEAD}extends: a/first.yaml\n{change}", "utf-8")
    assert inspectlib.load(tmp_path / "child.yaml").graph["2.1"].title == "2.1 Moved"


def test_what_was_known_of_what_is_withdrawn_goes_with_it(tmp_path: Path) -> None:
    """A known outcome of a withdrawn standard is not asked for; one that the file itself states is, and others stay."""
    before = inspectlib.load("hmip-crc-2019").data.known
    own = '{given: {"2.1": Good}, gives: {"2.1": Good}, basis: modelled, source: own-choice}'
    change = f'domains: {{"2": {{standards: {{"2.1": withdrawn}}}}}}\nknown: {{mine: {own}}}\n'
    (tmp_path / "child.yaml").write_text(
        f"id: child\n{HEAD.replace('team', 'own-choice')}extends: hmip-crc-2019\n{change}", "utf-8"
    )
    known = inspectlib.load(tmp_path / "child.yaml").data.known
    gone = [
        name
        for name, one in before.items()
        if any(c == "2.1" or c.startswith("2.1.") for c in (*one.given, *one.gives))
    ]
    assert gone
    assert known.keys() == (before.keys() - set(gone)) | {"mine"}


def test_the_parts_of_a_meaning_are_the_whole_of_it() -> None:
    """Every node, standard, domain and pool of a framework is in exactly one part of its meaning."""
    for name in ("hmip-crc-2019", "hmip-region-2023", "nursing-home-stars-2022"):
        framework = inspectlib.load(name)
        parts = meanings(framework)
        rules = [node for part in parts.values() if "rules" in part for node in part["rules"]]
        assert sorted(rules) == sorted(framework.graph.nodes)
        standards = [number for _, _, number, _ in framework.data.standards()]
        others = [f"domain {number}" for number in framework.data.domains] + [f"pool {p}" for p in framework.data.pools]
        assert {*standards, *others} <= parts.keys()
        assert differing(pinned(framework), pinned(framework)) == ""
