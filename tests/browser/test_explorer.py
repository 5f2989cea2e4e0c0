from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import browsing
import inspectlib
from inspectlib.exact import fraction_text
from inspectlib.explorer import embedded, plan
from inspectlib.graph import NO_RATING, Framework, Role
from inspectlib.judgement import Judgement
from inspectlib.kinds import Kind
from inspectlib.outcome import State
from inspectlib.rows import column_meanings
from inspectlib.rules import RULES, PanelRule

SCRIPTS = Path(inspectlib.__file__).parent / "explorer"
#: So many states are tried of each framework.
STATES = 150


def page(framework: Framework, folder: Path) -> str:
    """The address of a page that holds the explorer of a framework and nothing else."""
    shared = SCRIPTS.parent
    style = "".join((shared / name).read_text("utf-8") for name in ("report/ratings.css", "explorer/explorer.css"))
    body = f"<main><h1>Explorer</h1>{embedded(framework, SCRIPTS.as_uri())}</main>"
    head = f"<meta charset=utf-8><meta name=viewport content='width=device-width'><title>Explorer</title><style>{style}"
    file = folder / f"{framework.id}.html"
    file.write_text(f"<!doctype html><html lang=en><head>{head}</style></head><body>{body}</body></html>", "utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for all tests."""
    with browsing.chromium() as found:
        yield found


def share_columns(dice: random.Random, question: str) -> dict[str, str]:
    """A tally, often on or beside the edge of a band."""
    of = dice.choice([0, 1, 2, 3, 4, 5, 10, 20, 40, 100, 200, 1000])
    yes = dice.choice([of * edge // 100 + step for edge in (0, 50, 65, 80, 100) for step in (-1, 0, 1)])
    return {f"{question}.yes": str(max(0, min(of, yes))), f"{question}.of": str(of)}


def state(framework: Framework, dice: random.Random) -> dict[str, str]:
    """Something that can be picked, as a row of a table."""
    row: dict[str, str] = {}
    favourite, unusual = dice.random(), dice.choice([0, 0.1, 0.3, 0.9])
    questions_of = {number: list(standard.questions) for *_, number, standard in framework.data.standards()}
    answered = {node.of for node in framework.graph.nodes.values() if node.type.kind is Kind.ANSWERS}
    for name, node in framework.graph.nodes.items():
        kind = node.type.kind
        if node.role is Role.PART or not (node.rule.takes_evidence or name in questions_of):
            continue
        questions = [question for question in questions_of.get(name, ()) if question in answered]
        if questions and not node.rule.takes_evidence and dice.random() < 0.4:
            for question in questions:
                row |= share_columns(dice, question)
        elif kind is Kind.RATING:
            ratings = node.binding.scale.ratings if node.binding.scale else ()
            place = min(int(dice.gauss(favourite * len(ratings), 1)), len(ratings) - 1)
            row[name] = ratings[max(0, place)]
            if dice.random() < unusual:
                row[name] = dice.choice(["not rated", "open"])
            elif isinstance(node.rule, PanelRule) and node.inputs and dice.random() < 0.3:
                row[f"{name}.reason"] = "recorded"
        elif kind is Kind.FLAG:
            row[name] = dice.choice(["yes", "no"])
        elif kind is Kind.CHOICE:
            row[name] = dice.choice(node.type.options)
        elif kind is Kind.NUMBER and node.type.bounds:
            least, most = node.type.bounds
            step = node.type.step or (most - least) / 37
            row[name] = fraction_text(least + step * dice.randrange(int((most - least) / step) + 1))
    for number, questions in questions_of.items():
        if number not in framework.graph.nodes:
            for question in questions:
                row |= share_columns(dice, question) if question in answered else {}
    return row


def rated(framework: Framework, row: Mapping[str, str]) -> Judgement:
    """What the library makes of a row."""
    meanings = column_meanings(framework)
    evidence: dict[str, Any] = {}
    for column, text in row.items():
        if text == "open":
            continue
        heading, node, part = meanings[column]
        evidence.setdefault(heading, {}).setdefault(node, {})[part] = text
    for heading, nodes in evidence.items():
        for node, parts in nodes.items():
            if heading == "values":
                nodes[node] = parts["score"]
            elif heading == "tallies" and parts["of"] == "0":
                nodes[node] = "not applicable"
    return inspectlib.rate(framework, evidence)


def said(judgement: Judgement) -> dict[str, Any]:
    """What a judgement says of each node; why, where nothing beneath it is open."""
    return {
        name: [outcome.text(), sorted(outcome.decided_by) if outcome.kind is Kind.RATING else None, outcome.limited_by]
        if outcome.state is not State.OPEN and not outcome.settled_early
        else [outcome.text()]
        for name, outcome in judgement.outcomes.items()
        if outcome.reason != NO_RATING
    }


EVALUATE = """
const plan = document.querySelector('.inspect-explorer').explorer.plan;
return arguments[0].map((row) => {
  const { found } = inspectlib.evaluate(plan, row);
  return Object.fromEntries(plan.nodes.filter((node) => node.role !== 'part').map((node) => {
    const f = found[node.name];
    if (f.open) return [node.name, [f.text]];
    const settled = node.kind === 'rating' && !inspectlib.isAbsent(f.value);
    return [node.name, [f.text, node.kind === 'rating' ? (settled ? [...f.decidedBy].sort() : []) : null,
      settled ? f.limitedBy : null]];
  }));
});
"""


@pytest.mark.parametrize("name", inspectlib.shipped())
def test_the_browser_rates_as_the_library_does(name: str, browser: Any, tmp_path: Path) -> None:
    """Rating, what decided it and what limited it are the same for every node, over states of every kind."""
    framework = inspectlib.load(name)
    dice = random.Random(f"explorer of {name}")
    rows = [state(framework, dice) for _ in range(STATES)]
    browser.get(page(framework, tmp_path))
    for row, found in zip(rows, browser.execute_script(EVALUATE, rows), strict=True):
        expected = said(rated(framework, row))
        assert {name: each[: len(expected[name])] for name, each in found.items()} == expected, row


def test_numbers_are_read_alike(browser: Any, tmp_path: Path) -> None:
    """A number is read exactly as the library reads it, and nothing else is read as one."""
    from inspectlib.errors import InspectError
    from inspectlib.exact import parse_number, percent_text

    browser.get(page(inspectlib.load("hmip-crc-2019"), tmp_path))
    texts = [
        "3",
        "0.65",
        "65%",
        "1/2",
        "-3/4",
        "+1",
        "0.1" * 2,
        "1e3",
        "NaN",
        "",
        "01",
        "1/0",
        "12345678901234567890.5%",
    ]
    texts += ["0.649999999999999999999", "99.95%", "2/3", "1_0", " 1", "1" * 201]
    expected: list[list[str] | None] = []
    for text in texts:
        try:
            expected.append([fraction_text(parse_number(text)), percent_text(parse_number(text))])
        except InspectError:
            expected.append(None)
    script = """return arguments[0].map((t) => { const n = inspectlib.number(t);
        return n && [inspectlib.text(n), inspectlib.percent(n)]; });"""
    assert browser.execute_script(script, texts) == expected
    assert Fraction(expected[1][0]) == Fraction(65, 100) if expected[1] else False


def text_of(browser: Any, selector: str) -> str:
    """The text of an element, blanks made one."""
    return " ".join(browser.find_element("css selector", selector).text.split())


def test_what_if_resettlement_is_inadequate(browser: Any, tmp_path: Path) -> None:
    """A picked rating changes what is shown and the address, and the address alone shows the same again."""
    address = page(inspectlib.load("hmip-youth-2021"), tmp_path)
    best = "&".join(f"{n}=Outstanding" for n in ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2"))
    browser.get(f"{address}#{best}")
    assert "Overall rating: Outstanding" in text_of(browser, ".explorer-result")
    browser.find_element("css selector", "input[name$=' 4.1'][value=Inadequate]").click()
    shown = text_of(browser, ".explorer-result")
    assert "Overall rating: Good" in shown and "limited to Good: Resettlement is Inadequate is yes" in shown
    kept = browser.current_url
    assert "4.1=Inadequate" in kept
    browser.get("about:blank")
    browser.get(kept)
    assert text_of(browser, ".explorer-result") == shown


def test_open_evidence_leaves_an_interval(browser: Any, tmp_path: Path) -> None:
    """What is left open gives what is still possible, and says what it waits for; what it cannot change is settled."""
    address = page(inspectlib.load("hmip-crc-2019"), tmp_path)
    browser.get(f"{address}#1.1=open&2.1=open")
    assert "Overall rating: Good Total score: open: 16 of 30 to 22 of 30" in text_of(browser, ".explorer-result")
    table = text_of(browser, ".explorer-table")
    assert "Overall rating Good Whatever comes of what is still open: 1.1 Leadership, 2.1 Assessment." in table
    assert text_of(browser, ".inspect-explorer > pre").startswith("1.2,1.3,1.4,2.2,")
    browser.find_element("css selector", "input[name$=' 1.2'][value=Inadequate]").click()
    assert "Overall rating: open: Requires improvement to Good" in text_of(browser, ".explorer-result")
    assert "Overall rating open: Requires improvement to Good Still open:" in text_of(browser, ".explorer-table")


def test_going_back_undoes_what_was_picked(browser: Any, tmp_path: Path) -> None:
    """A step back for each rating picked, and one for a share however often it was moved."""
    from selenium.webdriver.common.keys import Keys

    browser.get(page(inspectlib.load("hmip-crc-2019"), tmp_path))
    start = text_of(browser, ".explorer-result")
    browser.find_element("css selector", "input[name$=' 1.2'][value=Inadequate]").click()
    browser.find_element("css selector", "input[name$=' 2.1'][value='from shares']").click()
    picked = text_of(browser, ".explorer-result")
    browser.find_element("css selector", "input[type=range]").send_keys(*[Keys.ARROW_LEFT] * 16)
    assert text_of(browser, ".explorer-result") != picked
    browser.back()
    assert text_of(browser, ".explorer-result") == picked
    browser.back()
    browser.back()
    assert text_of(browser, ".explorer-result") == start
    browser.forward()
    assert "1.2=Inadequate" in browser.current_url


def test_without_a_mouse(browser: Any, tmp_path: Path) -> None:
    """By keyboard alone a rating is picked, shares are opened and moved, and what comes of it is shown at once."""
    from selenium.webdriver.common.keys import Keys

    browser.get(page(inspectlib.load("hmip-crc-2019"), tmp_path))

    def focused() -> Any:
        return browser.switch_to.active_element

    body = browser.find_element("css selector", "body")
    body.send_keys(Keys.TAB, Keys.TAB)
    assert focused().get_attribute("name").endswith(" 1.1") and focused().get_attribute("value") == "Good"
    focused().send_keys(Keys.ARROW_RIGHT)
    assert "1.1=Outstanding" in browser.current_url
    while not focused().get_attribute("name").endswith(" 2.1"):
        focused().send_keys(Keys.TAB)
    for _ in range(4):
        focused().send_keys(Keys.ARROW_RIGHT)
    assert focused().get_attribute("value") == "from shares"
    focused().send_keys(Keys.TAB)
    assert focused().get_attribute("type") == "range"
    for _ in range(16):
        focused().send_keys(Keys.ARROW_LEFT)
    assert "2.1.1.yes=49" in browser.current_url
    section = browser.find_element("xpath", "//fieldset[legend='2.1 Assessment']")
    assert "49% (49 of 100): Inadequate" in section.text
    assert "2.1.1 engagement is Inadequate" in section.text


@pytest.mark.parametrize(
    "address", ["#2.1=Great&nothing=1&1.1", "#2.1.1.of=5&2.1.1.yes=9", "#%3Cscript%3E", "#total=3"]
)
def test_an_odd_address_is_harmless(address: str, browser: Any, tmp_path: Path) -> None:
    """What an address says that cannot be picked is passed over."""
    browser.get(page(inspectlib.load("hmip-crc-2019"), tmp_path) + address)
    row = browser.execute_script("return document.querySelector('.inspect-explorer').explorer.row")
    assert "Overall rating" in text_of(browser, ".explorer-result")
    assert rated(inspectlib.load("hmip-crc-2019"), row).overall is not None


@pytest.mark.parametrize(
    "name", ["hmip-crc-2019", "food-hygiene-rating", "nursing-home-stars-2022", "hmip-small-youth-2019"]
)
def test_accessible_at_every_width(name: str, browser: Any, tmp_path: Path) -> None:
    """No overflow at the width of a phone or a screen, and nothing that axe objects to."""
    browser.get(page(inspectlib.load(name), tmp_path))
    for width in (360, 1440):
        browsing.resize(browser, width)
        assert browsing.overflow(browser) == [], width
    assert browsing.violations(browser) == []


def test_the_plan_is_safe_and_whole() -> None:
    """The plan stands in a script element without ending it, and every kind of rule has its place in the engine."""
    engine = (SCRIPTS / "engine.js").read_text("utf-8")
    body = engine[engine.index("const rules = {") : engine.index("const counts = ")]
    for tag in RULES:
        assert f"\n    {tag}: " in body
    for name in inspectlib.shipped():
        framework = inspectlib.load(name)
        assert "<" not in json.dumps(plan(framework)).replace("<", "\\u003c")
        nodes = [node["name"] for node in plan(framework)["nodes"]]
        assert nodes == list(framework.graph.nodes)
    assert embedded(inspectlib.load("hmip-crc-2019"), "x").count("</script>") == 3
