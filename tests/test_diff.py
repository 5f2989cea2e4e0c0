"""What changed between two frameworks is said by name, and its effect is what rating every combination gives."""

# ruff: noqa: E501 - a framework and its edits read best an entry a line

from __future__ import annotations

import copy
import json
from collections import Counter
from itertools import product
from typing import Any

import pytest
from click.testing import CliRunner

import inspectlib
from inspectlib.changes import Difference, How, counting
from inspectlib.cli import cli
from strategies import built, shipped_framework, shipped_mapping

Plain = dict[str, Any]
GROUND = {"basis": "modelled", "source": "own"}
LABELS = ["Poor", "Fair", "Good"]


def small() -> Plain:
    """Four standards, made up: one by the panel, two from cases, one that an overall limit rests on."""
    cases = {"rule": "band", "of": "share", "bands": "shares", **GROUND}
    return {
        "id": "small", "version": "1", "title": "Small", **GROUND, "sources": {"own": {"title": "Own"}},
        "scales": {"marks": {"ratings": LABELS, **GROUND}},
        "bands": {
            "shares": {"scale": "marks", "bands": {"Poor": {"below": "1/2"}, "Fair": {"at_least": "1/2", "below": "3/4"}, "Good": {"at_least": "3/4"}}, **GROUND},
            "means": {"scale": "marks", "bands": {"Poor": {"at_most": "1/2"}, "Fair": {"above": "1/2", "at_most": "3/2"}, "Good": {"above": "3/2"}}, **GROUND},
        },
        "methods": {
            "panel": {"title": "Panel", "each_standard": {"rating": {"rule": "panel", "scale": "marks", **GROUND}}},
            "cases": {
                "title": "Cases",
                "each_question": {"answers": {"rule": "given", "kind": "answers", **GROUND}, "share": {"rule": "share", "of": "answers", **GROUND}, "rating": cases},
                "each_standard": {"computed": {"rule": "lowest", "of": "questions", **GROUND}, "rating": {"rule": "discretion", "of": "computed", **GROUND}},
            },
        },
        "domains": {
            "1": {"title": "Leadership", "method": "panel", **GROUND, "standards": {"1.1": {"title": "Vision"}}},
            "2": {"title": "Cases", "method": "cases", **GROUND, "standards": {
                f"2.{n}": {"title": title, "questions": {f"2.{n}.1": {"title": "engagement", "text": f"Is {title} done?"}, f"2.{n}.2": {"title": "safety"}}}
                for n, title in ((1, "Assessment"), (2, "Planning"), (3, "Review"))
            }},
        },
        "nodes": {
            "total": {"rule": "total", "of": "standards", **GROUND},
            "mean_score": {"rule": "mean", "of": "total", **GROUND},
            "overall": {"title": "Overall", "rule": "band", "of": "mean_score", "bands": "means", **GROUND},
        },
    }  # fmt: skip


def edited(*changes: tuple[tuple[str, ...], Any]) -> Plain:
    """The small framework with entries put in place, or taken out where there is nothing to put."""
    found = copy.deepcopy(small())
    for path, value in changes:
        parent = found
        for step in path[:-1]:
            parent = parent.setdefault(step, {})
        if value is None:
            parent.pop(path[-1])
        else:
            parent[path[-1]] = value
    return found


def standards(number: str, *rest: str) -> tuple[str, ...]:
    """The path of a standard."""
    return ("domains", number[0], "standards", number, *rest)


GUIDE = (
    (("nodes", "delivery_mean"), {"rule": "mean", "of": "2", **GROUND}),
    (("nodes", "delivery"), {"title": "Delivery", "rule": "band", "of": "delivery_mean", "bands": "means", **GROUND}),
    (("methods", "panel", "each_standard", "rating", "ceiling"), "delivery"),
)
EDITS: dict[str, tuple[tuple[tuple[str, ...], Any], ...]] = {
    "nothing": (),
    "edge": ((("bands", "means", "bands", "Fair", "at_most"), "7/4"), (("bands", "means", "bands", "Good", "above"), "7/4")),
    "side": ((("bands", "means", "bands", "Poor"), {"below": "1/2"}), (("bands", "means", "bands", "Fair"), {"at_least": "1/2", "at_most": "3/2"})),
    "weight": ((("nodes", "total", "weights"), {"1.1": "3"}),),
    "guide": GUIDE,
    "binding guide": (*GUIDE, (("methods", "panel", "each_standard", "rating", "binding"), "true")),
    "lowest": ((("nodes", "overall"), {"title": "Overall", "rule": "lowest", "of": "standards", **GROUND}), (("nodes", "mean_score"), None)),
    "withdrawn": ((standards("2.3"), None),),
    "added": ((standards("1.2"), {"title": "Staff"}),),
    "moved": ((standards("2.3"), None), (standards("1.2"), {"title": "Review", "method": "cases", "questions": {"1.2.1": {"title": "engagement", "text": "Is Review done?"}, "1.2.2": {"title": "safety"}}})),
    "scores": ((("scales", "marks", "scores"), ["0", "1", "4"]),),
    "labels": ((("scales", "marks", "ratings"), ["Bad", "Fair", "Good"]), (("bands", "shares", "bands", "Poor"), None), (("bands", "means", "bands", "Poor"), None), (("bands", "shares", "bands", "Bad"), {"below": "1/2"}), (("bands", "means", "bands", "Bad"), {"at_most": "1/2"})),
    "follow-up": ((("nodes", "repeat"), {"rule": "test", "of": "overall", "at_most": "Poor", **GROUND}),),
}  # fmt: skip


def difference(edit: str) -> Difference:
    """The small framework, and what an edit makes of it."""
    return inspectlib.diff(built(small()), built(edited(*EDITS[edit])))


def by_rating(
    old: inspectlib.Framework, new: inspectlib.Framework, pairs: dict[str, str], node: str
) -> Counter[tuple[str, str]]:
    """How often each pair of ratings comes out, every combination of the ratings of the standards being rated.

    Args:
        old: the framework before.
        new: the framework after.
        pairs: the new number of each old standard that is rated.
        node: the rating that is looked at, by its new number.
    """
    found: Counter[tuple[str, str]] = Counter()
    back = {after: before for before, after in pairs.items()}
    numbers = [{n for _, _, n, _ in framework.data.standards()} for framework in (old, new)]
    for positions in product(range(3), repeat=len(pairs)):
        ratings = []
        for framework, names, every, name in zip(
            (old, new), (pairs, pairs.values()), numbers, (back.get(node, node), node), strict=True
        ):
            said = dict.fromkeys(every, "not rated") | {
                number: framework.graph[number].binding.scale.ratings[place]  # type: ignore[union-attr]
                for number, place in zip(names, positions, strict=True)
            }
            panel = {n: r for n, r in said.items() if framework.graph[n].rule.tag == "panel"}
            evidence = {"panel": panel, "ratings": {n: r for n, r in said.items() if n not in panel}}
            ratings.append(inspectlib.rate(framework, evidence)[name].rating or "not rated")
        found[ratings[0], ratings[1]] += 1
    return found  # fmt: skip


@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit != "nothing"])
def test_the_effect_is_what_rating_every_combination_gives(edit: str) -> None:
    """The counts by rating before and after are those of rating each combination under both frameworks."""
    old, new = built(small()), built(edited(*EDITS[edit]))
    effect = inspectlib.diff(old, new).effects[0]
    moved = {"2.3": "1.2"} if edit == "moved" else {}
    pairs = {n: moved.get(n, n) for _, _, n, _ in old.data.standards() if moved.get(n, n) in new.graph.nodes}
    assert (effect.exact, effect.combinations) == (True, 3 ** len(pairs))
    assert [node.node for node in effect.nodes][:1] == ["overall"]
    assert ("1.1" in [node.node for node in effect.nodes]) is ("guide" in edit)
    for node in effect.nodes:
        counted = {(shift.old, shift.new): shift.count for shift in node.shifts}
        assert counted == by_rating(old, new, pairs, node.node), node.node
        for shift in node.shifts:
            order = [LABELS if edit != "labels" else ["Bad", *LABELS[1:]]][0]
            known = LABELS.index(shift.old), order.index(shift.new)
            assert shift.direction == ("same" if known[0] == known[1] else "higher" if known[1] > known[0] else "lower")


def test_a_standard_of_only_one_is_counted_with_all_its_ratings_too() -> None:
    """Where only one framework has a standard the effect is told twice: without it, and with each rating of it."""
    without, every = difference("added").effects
    assert (without.combinations, every.combinations) == (81, 243)
    assert "1.2 (new) not rated" in without.over
    assert sum(shift.count for shift in every.nodes[0].shifts) == 243
    assert [sum(shift.count for shift in without.nodes[0].shifts if shift.direction != "same")] == [0]
    old, new = built(small()), built(edited(*EDITS["added"]))
    found: Counter[tuple[str, str]] = Counter()
    for positions in product(range(3), repeat=5):
        labels = dict(zip(("1.1", "1.2", "2.1", "2.2", "2.3"), (LABELS[p] for p in positions), strict=True))
        ratings = {n: label for n, label in labels.items() if n[0] == "2"}
        panel = {"1.1": labels["1.1"]}
        before = inspectlib.rate(old, {"panel": panel, "ratings": ratings})
        after = inspectlib.rate(new, {"panel": panel | {"1.2": labels["1.2"]}, "ratings": ratings})
        assert before.overall and after.overall and before.overall.rating and after.overall.rating
        found[before.overall.rating, after.overall.rating] += 1
    assert {(shift.old, shift.new): shift.count for shift in every.nodes[0].shifts} == found


def test_the_example_of_each_shift_shows_it() -> None:
    """Rated under both frameworks, the example given of a shift goes from the one rating to the other."""
    old, new = shipped_framework("hmip-crc-2018"), shipped_framework("hmip-crc-2019")
    (effect,) = inspectlib.diff(old, new).effects
    assert (effect.exact, effect.combinations) == (True, 4**10)
    shown = 0
    for node in effect.nodes:
        assert sum(shift.count for shift in node.shifts) == 4**10
        for shift in node.shifts:
            ratings = {name: rating for name, rating in shift.example.items() if name[0] != "1"}
            panel = {name: rating for name, rating in shift.example.items() if name[0] == "1"}
            if node.node == "overall" or shift.direction != "same":
                found = [inspectlib.rate(f, {"panel": panel, "ratings": ratings})[node.node].rating for f in (old, new)]
                assert found == [shift.old, shift.new]
                shown += 1
    assert shown >= 9
    # By hand: with delivery Inadequate (a mean of its six standards of at most 1/2: 84 of 4096) leadership is limited
    # to Requires improvement, with delivery Requires improvement to Good.
    counts = {(shift.old, shift.new): shift.count for shift in effect.nodes[1].shifts}
    assert counts["Good", "Requires improvement"] == 84 * 4**3


def test_what_cannot_be_counted_is_sampled_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many states the effect is that of a sample, the same each time, near to the exact one."""
    exact = difference("guide").effects[0]
    monkeypatch.setattr(counting, "follow", lambda *_: None)
    monkeypatch.setattr(counting, "SAMPLE", 2000)
    sampled = difference("guide").effects[0]
    assert (sampled.exact, sampled.combinations) == (False, 2000)
    assert "2,000 (picked at random, the same each time) of the combinations" in "\n".join(sampled.lines())
    assert sampled == difference("guide").effects[0]
    for one, other in zip(exact.nodes, sampled.nodes, strict=True):
        assert abs(one.count("lower") / 81 - other.count("lower") / 2000) < 0.05


def test_a_framework_with_numbers_of_its_own_is_sampled() -> None:
    """Evidence with no end of values is sampled within its bounds."""
    number = {"rule": "given", "kind": "number", "least": "0", "most": "10", **GROUND}
    mapping = edited(
        (("nodes", "risk"), number),
        (("nodes", "risky"), {"rule": "test", "of": "risk", "above": "5", **GROUND}),
        (("nodes", "normal"), small()["nodes"]["overall"]),
        (("nodes", "overall"), {"rule": "limit", "of": "normal", "to": "Fair", "when": "risky", **GROUND}),
    )
    other = copy.deepcopy(mapping)
    other["nodes"]["risky"]["above"] = "2"
    (effect,) = inspectlib.diff(built(mapping), built(other)).effects
    assert (effect.exact, effect.combinations) == (False, counting.SAMPLE)
    assert effect.nodes[0].count("lower") > 0 == effect.nodes[0].count("higher")


SAYS = (
    ("edge", "rule", "overall", "changed", "Good was above 3/2, is above 7/4"),
    ("side", "rule", "overall", "changed", "Poor was up to and including 1/2, is below 1/2"),
    ("weight", "rule", "total", "changed", "its weights: none before, 1.1 3 now"),
    ("guide", "standard", "1.1", "changed", "its rating: takes as ceiling delivery"),
    ("binding guide", "standard", "1.1", "changed", "its rating: takes as ceiling delivery"),
    ("lowest", "rule", "overall", "changed", "is the lowest of 1.1, 2.1, 2.2 and 2.3, those not rated left out"),
    ("lowest", "rule", "mean_score", "withdrawn", "the mean score of the rated standards in total"),
    ("withdrawn", "standard", "2.3", "withdrawn", None),
    ("withdrawn", "rule", "total", "changed", "no longer takes 2.3"),
    ("added", "standard", "1.2", "added", "its rating: judged by the ratings panel from all evidence"),
    ("added", "rule", "total", "changed", "takes 1.2 too"),
    ("moved", "standard", "1.2", "moved", "was 2.3 in domain 2, is 1.2 in domain 1"),
    ("scores", "rule", "total", "changed", "its ratings were scored 0, 1, 2, are scored 0, 1, 4"),
    ("labels", "standard", "2.1", "changed", "its rating: its ratings were Poor < Fair < Good, are Bad < Fair < Good"),
    ("follow-up", "rule", "repeat", "added", "whether overall is at most Poor"),
)


@pytest.mark.parametrize(("edit", "what", "name", "how", "says"), SAYS, ids=[f"{r[0]} {r[2]}" for r in SAYS])
def test_what_changed_is_said_in_words(edit: str, what: str, name: str, how: str, says: str | None) -> None:
    """Each kind of change is said of the standard or rule that it is of, with the figures before and after."""
    found = difference(edit)
    (change,) = [c for c in found.changes if c.what == what and name in {c.new, c.old if not c.new else c.new}]
    assert how in change.how
    assert says is None or says in change.says, change.says
    for text in (found.text(), found.markdown().replace("\\", "")):
        assert f"{name} " in text or name in text
        assert says is None or says in text


def test_a_moved_standard_that_is_rated_alike_is_only_moved() -> None:
    """A standard under another number whose questions and rules came along is moved, and nothing else."""
    changes = difference("moved").changes
    (moved,) = [change for change in changes if change.what == "standard"]
    assert (moved.how, moved.old, moved.new) == ((How.MOVED,), "2.3", "1.2")
    assert [change.new for change in changes if change.what == "rule"] == []


def test_questions_are_matched_whatever_their_numbers() -> None:
    """A key question that is renamed, moved, added, withdrawn or put otherwise is said to be so."""
    other = edited(
        (standards("2.1", "questions", "2.1.2"), {"title": "safety of all", "text": "Is everybody safe?"}),
        (standards("2.1", "questions", "2.1.3"), {"title": "progress", "text": "Is there progress?"}),
        (standards("2.2", "questions"), {"2.2.1": {"title": "safety"}, "2.2.2": {"title": "engagement", "text": "Is Planning done?"}}),
        (standards("2.3", "questions", "2.3.1"), None),
        (standards("2.3", "title"), "Reviewing"),
    )  # fmt: skip
    changes = {change.new: change for change in inspectlib.diff(built(small()), built(other)).changes}
    assert changes["2.1"].says == (
        "key question 2.1.2: was called “safety”, is called “safety of all”",
        "key question 2.1.2: its text was not stated, is “Is everybody safe?”",
        "key question 2.1.3 progress is added: Is there progress?",
    )
    assert changes["2.2"].says == ("key question 2.2.1: was 2.2.2", "key question 2.2.2: was 2.2.1")
    assert changes["2.3"].how == (How.RENAMED, How.CHANGED)
    assert changes["2.3"].says == (
        "was called “Review”, is called “Reviewing”",
        "key question 2.3.1 engagement is withdrawn",
    )


def test_bands_beneath_standards_are_named_once_for_all_that_are_alike() -> None:
    """Another edge of the bands of shares is said once, of every standard rated by them, with its percentages."""
    other = copy.deepcopy(shipped_mapping("hmip-crc-2019"))
    other["bands"]["shares"]["bands"]["Requires improvement"]["below"] = "70%"
    other["bands"]["shares"]["bands"]["Good"]["at_least"] = "70%"
    found = inspectlib.diff(shipped_framework("hmip-crc-2019"), built(other))
    assert [change.new for change in found.changes] == ["2.1", "2.2", "2.3", "2.4", "4.1", "4.2"]
    text = found.text()
    line = "each key question: its rating: Good was from 65% to below 80%, is from 70% to below 80%"
    assert text.count(line) == 1
    assert "4.2 Through the Gate" in text
    assert "How 2.1, 2.2, 2.3, 2.4, 4.1 and 4.2 are rated changed too; that is not in this" in text
    ratings, three, four = found.effects
    assert ratings.nodes[0].count("same") == 4**10
    assert ([node.node for node in three.nodes], [node.node for node in four.nodes]) == (
        ["2.1", "2.2", "2.3", "2.4", "4.2"],
        ["4.1"],
    )
    # By hand, in thousandths: all of 650 to 1000 but not all of 700 to 1000, of 1001 each.
    assert (three.combinations, three.nodes[0].count("lower")) == (1001**3, 351**3 - 301**3)
    assert (four.combinations, four.nodes[0].count("lower")) == (1001**4, 351**4 - 301**4)
    assert text.count("(1.6%): Good -> Requires improvement") == 1  # of all that are alike


BENEATH = (
    (("bands", "shares", "bands"), {"Poor": {"at_most": "1/2"}, "Fair": {"above": "1/2", "below": "4/5"}, "Good": {"at_least": "4/5"}}),
    (("methods", "cases", "each_standard", "computed", "rule"), "highest"),
    (standards("2.1", "questions", "2.1.2"), None),
    (standards("2.1", "questions", "2.1.3"), {"title": "progress"}),
)  # fmt: skip


@pytest.mark.parametrize("edit", BENEATH, ids=lambda edit: edit[0][-1])
def test_the_effect_of_other_bands_and_questions_is_what_rating_every_share_gives(
    edit: tuple[tuple[str, ...], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts over all shares are those of rating each combination of answers under both frameworks."""
    monkeypatch.setattr(counting, "_PARTS", 4)
    old, new = built(small()), built(edited(edit))
    (effect,) = [e for e in inspectlib.diff(old, new).effects if "shares" in e.over]
    numbers = ["2.1.1", "2.1.2", *(["2.1.3"] if "2.1.3" in new.graph.nodes else [])]
    found: Counter[tuple[str | None, str | None]] = Counter()
    for counts in product(range(5), repeat=len(numbers)):
        tallies = {number: {"yes": yes, "of": 4} for number, yes in zip(numbers, counts, strict=True)}
        ratings = []
        for framework in (old, new):
            known = {n: t for n, t in tallies.items() if n in framework.graph.nodes}
            ratings.append(inspectlib.rate(framework, {"tallies": known})["2.1"].rating)
        found[ratings[0], ratings[1]] += 1
    node = next(node for node in effect.nodes if node.node == "2.1")
    assert effect.combinations == 5 ** len(numbers) == sum(found.values())
    assert {(shift.old, shift.new): shift.count for shift in node.shifts} == found


def test_frameworks_without_a_rating_in_common_have_no_effect() -> None:
    """Where one of the two puts no rating together it is said that there is nothing to compare."""
    found = inspectlib.diff(shipped_framework("hmip-youth-2018"), shipped_framework("hmip-small-youth-2019"))
    assert (found.effects[0].nodes, "no rating that both frameworks" in found.text()) == ((), True)


def test_the_command_says_by_its_exit_code_whether_something_changed() -> None:
    """Exit code 0 says that two frameworks mean the same, 1 that they do not; text, Markdown and JSON say the same."""
    same = CliRunner().invoke(cli, ["diff", "hmip-crc-2018", "hmip-crc-2018"])
    assert (same.exit_code, same.stdout) == (0, "hmip-crc-2018 means the same as hmip-crc-2018\n")
    arguments = ["diff", "nursing-home-stars-2019", "nursing-home-stars-2022"]
    results = {form: CliRunner().invoke(cli, [*arguments, "--format", form]) for form in ("text", "markdown", "json")}
    assert {result.exit_code for result in results.values()} == {1}
    data = json.loads(results["json"].stdout)
    assert data["changes"][0] | {"says": 0} == {
        "what": "rule", "old": "staffing_adjustment", "new": "staffing_adjustment", "title": "Adjustment for staffing",
        "how": ["changed"], "says": 0,
    }  # fmt: skip
    (effect,) = data["effects"]
    lower = sum(shift["count"] for shift in effect["ratings"][0]["shifts"] if shift["direction"] == "lower")
    for form in ("text", "markdown"):
        assert f"{lower} ({lower / effect['combinations']:.1%}) lower" in results[form].stdout
    assert results["markdown"].stdout.startswith("# nursing-home-stars-2019 → nursing-home-stars-2022\n")
    refused = CliRunner().invoke(cli, ["diff", "-", "-"])
    assert (refused.exit_code, "one of the frameworks only" in refused.output) == (2, True)
