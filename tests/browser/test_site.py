"""The built site as an auditor uses it. Build it first: sphinx-build -b html docs docs/_build/html."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import browsing
import inspectlib
from inspectlib.report import report

ROOT = Path(__file__).parent.parent.parent
SITE = Path(os.environ.get("INSPECTLIB_SITE", ROOT / "docs" / "_build" / "html"))
#: A framework of every kind: from cases (the largest page), limited, pooled, not rated, by points, by table.
FRAMEWORKS = (
    "hmip-crc-2019",
    "hmip-youth-2021",
    "hmip-region-2023",
    "hmip-small-youth-2019",
    "food-hygiene-rating",
    "nursing-home-stars-2022",
    "care-quality-2022",
)
#: The first page, and one of every kind of page.
PAGES = (
    "index.html",
    "auditors.html",
    "tutorial/first-inspection.html",
    "how-to/back-test-a-framework.html",
    "explanation/published.html",
    "frameworks/index.html",
    "explore/index.html",
    "explore/hmip-crc-2019.html",
    "explore/hmip-small-youth-2019.html",
    "explore/nursing-home-stars-2022.html",
    "inspect-sources.html",
    "reference/command-line.html",
    "reference/framework-files.html",
    "reference/schemas.html",
    "reference/glossary.html",
    "reference/errors.html",
    *(f"frameworks/{name}.html" for name in FRAMEWORKS),
)
#: Those that are looked at in the dark too.
DARK = ("index.html", "auditors.html", "frameworks/food-hygiene-rating.html", "explore/hmip-crc-2019.html")
#: The five questions: what is clicked on, page after page, and what must then be seen.
QUESTIONS = {
    "why is leadership Requires improvement here": (
        ["Questions an auditor asks", "the derivation of 1.1, step by step"],
        "1.1 Leadership: Requires improvement the panel rated it Good; Guide ceiling for leadership is Requires",
    ),
    "where does 65 % come from": (
        ["Questions an auditor asks", "the bands of a share, with basis and source"],
        "Good from 65% to below 80% [65%, 80%)",
    ),
    "what if resettlement is Inadequate": (
        ["Questions an auditor asks", "the explorer, with resettlement Inadequate and all else Outstanding"],
        "Overall rating: Good Total score: 36 of 36. Overall rating is limited to Good",
    ),
    "which rules are the library's own choice": (
        ["Questions an auditor asks", "the choices of one framework, all in one place"],
        "Guide ceiling for leadership. A headroom of one band above the delivery rating",
    ),
    "did this rule change in 2019": (
        ["Questions an auditor asks", "what changed, rule by rule"],
        "1.1 Leadership changed its rating: takes as ceiling leadership_ceiling",
    ),
}

UNFOLD = "document.querySelectorAll('details').forEach((folded) => { folded.open = true; });"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for all tests."""
    if not (SITE / "index.html").is_file():
        pytest.skip(f"no site is built in {SITE}: sphinx-build -b html docs docs/_build/html")
    with browsing.chromium() as found:
        yield found


def seen(browser: Any) -> str:
    """The text in the window and below, from the place that the address names, blanks made one."""
    text: str = browser.execute_script(
        """
        for (const folded of document.querySelectorAll(':target details, details:has(:target)')) folded.open = true;
        const target = document.querySelector(':target');
        const part = target && (target.textContent ? target : target.parentElement);
        return (part || document.querySelector('main, .main, body')).innerText;
        """
    )
    return " ".join(text.split())


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_auditor_finds_the_answer(question: str, browser: Any) -> None:
    """The answer is at most three clicks from the first page; unfolding it is a click too."""
    links, answer = QUESTIONS[question]
    browser.get((SITE / "index.html").as_uri())
    for text in links:
        link = browser.find_element("xpath", f"//*[@role='main' or self::article]//a[normalize-space(.)='{text}']")
        link.click()
    folded = browser.execute_script("return !!document.querySelector(':target')?.closest('details:not([open])');")
    assert answer in seen(browser)
    assert len(links) + folded <= 3


def unfolded(browser: Any, page: str, width: int, theme: str = "light") -> None:
    """A page in a width and theme, everything on it unfolded, and done with what scripts do to it."""
    browsing.resize(browser, width)
    browser.get((SITE / page).as_uri())
    browser.execute_script("document.body.dataset.theme = arguments[0];" + UNFOLD, theme)
    browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 50))")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_accessible(page: str, browser: Any) -> None:
    """Nothing is wider than the page, on a screen and on a phone, and axe objects to nothing in it."""
    # On a phone, where more has to be moved within its place than on a screen.
    for width in (1440, 360):
        unfolded(browser, page, width)
        assert browsing.overflow(browser) == [], width
    assert browsing.violations(browser, "article") == []


@pytest.mark.parametrize("page", DARK)
def test_a_page_is_accessible_in_the_dark(page: str, browser: Any) -> None:
    """Nothing that axe objects to where the reader has it dark."""
    unfolded(browser, page, 1440, "dark")
    assert browsing.violations(browser, "article") == []


def test_the_search_finds_a_rule(browser: Any) -> None:
    """What is searched for by its title is found, on the page of a framework."""
    browser.get(f"{(SITE / 'search.html').as_uri()}?q=guide+ceiling")
    found = "return [...document.querySelectorAll('#search-results li a')].map((link) => link.href)"
    for _ in range(100):
        if any("frameworks/hmip-crc-2019.html" in link for link in browser.execute_script(found)):
            break
        time.sleep(0.1)
    else:
        pytest.fail("nothing was found")


def test_the_largest_framework_page_is_among_them() -> None:
    """The page of a framework that is most to read is one of those that axe looks at."""
    if not (SITE / "frameworks").is_dir():
        pytest.skip("no site is built")
    sizes = {file.name: file.stat().st_size for file in (SITE / "frameworks").glob("*.html")}
    assert f"frameworks/{max(sizes, key=lambda name: sizes[name])}" in PAGES


def test_a_report_is_accessible(browser: Any, tmp_path: Path) -> None:
    """A report is no wider than a phone, passes axe in light and dark, and can be read without scripts."""
    framework = inspectlib.load("hmip-crc-2019")
    folder = ROOT / "examples" / "made-up-crc"
    evidence = inspectlib.load_evidence(folder / "inspection.yaml", cases=folder / "cases.csv")
    file = tmp_path / "report.html"
    file.write_text(report(framework, inspectlib.rate(framework, evidence)), "utf-8")
    for scheme in ("light", "dark"):
        browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        browser.get(file.as_uri())
        browser.execute_script(UNFOLD)
        for width in (360, 1440):
            browsing.resize(browser, width)
            assert browsing.overflow(browser) == [], width
        assert browsing.violations(browser, "html") == []


def test_a_report_is_printed_whole(browser: Any, tmp_path: Path) -> None:
    """On paper all is light and unfolded, also for a reader who has it dark."""
    framework = inspectlib.load("hmip-youth-2021")
    file = tmp_path / "report.html"
    file.write_text(report(framework, inspectlib.rate(framework, {"ratings": {"2.1": "Good"}})), "utf-8")
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": dark})
    browser.get(file.as_uri())
    colours = "return ['body', '.rule-graph .page'].map((e) => getComputedStyle(document.querySelector(e)))"
    assert (
        browser.execute_script(f"{colours}.map((style, n) => n ? style.fill : style.backgroundColor)")
        == ["rgb(255, 255, 255)"] * 2
    )
    assert browser.execute_script("return document.querySelectorAll('details:not([open])').length") > 0
    shown = "return [...document.querySelectorAll('details > :last-child')].every((part) => part.checkVisibility())"
    assert browser.execute_script(shown)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_every_framework_has_its_pages() -> None:
    """Every shipped framework has a page with a worked example, and an explorer."""
    for name in inspectlib.shipped():
        page = (ROOT / "docs" / "frameworks" / f"{name}.md").read_text("utf-8")
        assert f"{{inspect:framework}} {name}\n" in page and f"{{inspect:example}} {name}" in page
        assert f"{{inspect:explorer}} {name}\n" in (ROOT / "docs" / "explore" / f"{name}.md").read_text("utf-8")
        assert f"`{name}`" in (ROOT / "docs" / "frameworks" / "index.md").read_text("utf-8")
        assert f"({name}.md)" in (ROOT / "docs" / "explore" / "index.md").read_text("utf-8")
