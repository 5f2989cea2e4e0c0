"""The shipped frameworks give the ratings that regulators published, and wrong rules do not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import inspectlib
import published
from published import Comparison, Computed, Row, Variant, Verdict

FRAMEWORKS = ("hmip-youth-2021", "food-hygiene-rating", "nursing-home-stars-2019", "care-quality-2022")


@pytest.fixture(scope="module")
def found() -> Mapping[str, Comparison]:
    """Every data set compared, by its framework; the published ratings are no part of the project."""
    if not published.DATA.is_dir():
        pytest.skip("the published ratings are not beside this checkout (../shared/data)")
    compared = {comparison.data.framework: comparison for comparison in published.run()}
    print("\n".join(published.figures(compared.values())))  # noqa: T201  # pytest shows it with -s or on failure
    return compared


def said(comparison: Comparison) -> str:
    """The figures of a comparison, for the message of an assertion."""
    counts = ", ".join(f"{len(comparison.having(verdict)):,} {verdict.value}" for verdict in Verdict)
    return f"{comparison.data.title}: of {len(comparison.rows):,} rows {counts}"


@pytest.mark.parametrize(
    ("framework", "rows", "stands_for"),
    [
        ("hmip-youth-2021", 40, 40),
        ("food-hygiene-rating", 144, 395_776),
        ("nursing-home-stars-2019", 12_913, 12_913),
    ],
)
def test_published_ratings_are_reproduced(
    found: Mapping[str, Comparison], framework: str, rows: int, stands_for: int
) -> None:
    """Every published youth inspection, food hygiene rating and nursing home rating is given exactly."""
    comparison = found[framework]
    exact = comparison.having(Verdict.EXACT)
    print(said(comparison))  # noqa: T201  # pytest shows it with -s or on failure
    assert (len(exact), published.weight(exact)) == (rows, stands_for), said(comparison)
    assert len(comparison.rows) == rows, said(comparison)


def test_published_care_ratings_are_reproduced_but_one(found: Mapping[str, Comparison]) -> None:
    """All 649 care ratings are given exactly, or open where a rating is missing, but the one that departs."""
    comparison = found["care-quality-2022"]
    print(said(comparison))  # noqa: T201  # pytest shows it with -s or on failure
    assert len(comparison.rows) == 649
    assert [len(comparison.having(verdict)) for verdict in Verdict] == [644, 4, 1], said(comparison)
    for row in comparison.having(Verdict.OPEN):
        assert not {"safe", "well_led"} <= dict(row.inputs).keys(), row
    (departing,) = comparison.having(Verdict.NOT)
    assert departing.name.startswith("oldham 1-139948467 ")
    assert (departing.published, comparison.computed[departing.inputs].text) == ("Good", "Requires improvement")
    assert comparison.departed == {departing: "Good"}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_wrong_rules_lose_published_ratings(found: Mapping[str, Comparison], framework: str) -> None:
    """Each rule that is wrong on purpose loses at least one row, and each that the page calls unseen loses none."""
    comparison = found[framework]
    lost = {effect.variant.title: len(effect.lost) for effect in comparison.wrong}
    unseen = {effect.variant.title: len(effect.lost) for effect in comparison.unseen}
    print(comparison.data.title, lost, unseen)  # noqa: T201  # pytest shows it with -s or on failure
    assert lost
    assert min(lost.values()) > 0, lost
    assert not any(unseen.values()), unseen


def test_the_page_is_what_the_run_gives(found: Mapping[str, Comparison]) -> None:
    """The page of the documentation is what the tool writes."""
    text = published.page(tuple(found.values()))
    assert published.PAGE.read_text("utf-8") == text, "run python tools/published.py"


def test_a_rating_that_is_not_the_published_one_is_seen() -> None:
    """The verdict tells a rating that is given, one that is still possible and one that is neither."""
    settled, between = Computed("3", ("3",)), Computed("open: 2 to 4", ("2", "3", "4"))
    assert [settled.verdict(rating) for rating in ("3", "4")] == [Verdict.EXACT, Verdict.NOT]
    assert [between.verdict(rating) for rating in ("3", "5")] == [Verdict.OPEN, Verdict.NOT]


def test_a_wrong_rule_is_compared_row_by_row() -> None:
    """A row is lost when the wrong rule alone misses it, and gained when the shipped rule alone does."""
    scores = {"hygiene": "10", "structural": "0", "confidence": "0"}
    same, other = Row("same", tuple(scores.items()), "4"), Row("other", tuple(scores.items()), "5")
    right = published.compute_all(published.FOOD, [same], inspectlib.load("food-hygiene-rating"))
    too_kind = Variant("5 allows a score of 10", {"nodes": {"over_5": {"above": "10"}}})
    effect = published.effect(published.FOOD, [same, other], right, too_kind)
    assert (effect.lost, effect.gained) == ((same,), (other,))


def test_without_the_data_the_tool_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is bad usage, and the page stays as it is."""
    before = published.PAGE.read_bytes()
    assert published.main([str(tmp_path / "nowhere")]) == 2
    assert "no folder with published ratings" in capsys.readouterr().err
    assert published.PAGE.read_bytes() == before


def test_a_page_that_differs_is_found(
    found: Mapping[str, Comparison], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --check the exit code is 1 when the page differs, and the page is not written."""
    monkeypatch.setattr(published, "run", lambda _: tuple(found.values()))
    assert published.main(["--check"]) == 0
    page = tmp_path / "published.md"
    page.write_text("another page", "utf-8")
    monkeypatch.setattr(published, "PAGE", page)
    assert published.main(["--check"]) == 1
    assert "run python tools/published.py" in capsys.readouterr().err
    assert page.read_text("utf-8") == "another page"
    assert published.main([]) == 0
    assert page.read_text("utf-8") == published.page(tuple(found.values()))
