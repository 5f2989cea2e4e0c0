"""A report as a page of HTML that stands by itself: nothing is fetched from anywhere, and no script runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import inspectlib
from inspectlib.colours import DARK, LIGHT, declared
from inspectlib.draw import svg
from inspectlib.exact import percent_text
from inspectlib.explain import Explanation
from inspectlib.markup import Markup, joined, tag
from inspectlib.outcome import Outcome
from inspectlib.report.content import Bar, Content

__all__ = ["derivation", "page", "rating_mark", "share_bar"]


def page(content: Content) -> str:
    """The report as a page."""
    title = f"{content.title}: judgement"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        # Whatever the evidence says, nothing is fetched and nothing is run.
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="generator", content=f"inspectlib {inspectlib.__version__}"),
        tag("title", title),
        tag("style", Markup(_style())),
    )
    body = tag("body", tag("main", *_parts(content)))
    return f"<!doctype html>\n{tag('html', head, Markup(chr(10)), body, lang='en')}\n"


def _parts(content: Content) -> Iterator[Markup]:
    judgement = content.judgement
    yield tag("h1", content.title)
    day = f"Inspected on {judgement.date}. " if judgement.date else ""
    yield tag("p", f"{day}Rated by {content.framework.title}.", class_="lead")
    for warning in judgement.warnings:
        yield tag("p", f"Warning: {warning}", class_="warning")
    yield from _overall(content)
    yield from _standards(content)
    yield from _questions(content)
    yield from _reasons(content)
    yield tag("h2", "How it was rated")
    ways = {"The way of the ratings, by standard": False, "The way of the ratings, with key questions": True}
    for called, questions in ways.items():
        if content.bars or not questions:
            yield _folded(called, _picture(content, called, questions=questions), shut=questions)
    yield _folded("Full derivation, down to the counts", *derivation(content))
    yield from _record(content)


def _overall(content: Content) -> Iterator[Markup]:
    overall, total = content.judgement.overall, content.judgement.total
    if overall is None:
        return
    score = f"{total.title}: {total.text()}" if total else ""
    yield tag(
        "section",
        tag("h2", overall.title, id="overall"),
        tag("p", rating_mark(content, overall), *([tag("span", score, class_="score")] if score else [])),
        *(tag("p", sentence) for sentence in content.limits),
        class_="overall",
        aria_labelledby="overall",
    )


def _standards(content: Content) -> Iterator[Markup]:
    if not content.lines:
        return
    what = "Standard" if content.bars or content.framework.data.domains else "Node"
    heads = (what, "Rating" if content.rated else "", "Decided by", "Limits, departures and remarks")
    rows = (
        tag(
            "tr",
            tag("th", line.outcome.title, scope="row"),
            tag("td", rating_mark(content, line.outcome), data_label=heads[1]),
            tag("td", *_lines(line.decided_by), data_label=heads[2], class_="" if line.decided_by else "none"),
            tag("td", *_lines(line.remarks), data_label=heads[3], class_="" if line.remarks else "none"),
        )
        for line in content.lines
    )
    yield tag("h2", f"{what}s" if content.rated else f"{what}s, which the framework does not rate")
    yield tag(
        "table",
        tag("thead", tag("tr", *(tag("th", head or "Result", scope="col") for head in heads))),
        tag("tbody", *rows),
    )


def _lines(lines: tuple[str, ...]) -> list[Markup]:
    return [tag("div", line) for line in lines]


def _questions(content: Content) -> Iterator[Markup]:
    if not content.bars:
        return
    yield tag("h2", "Key questions")
    yield tag("p", "The share of applicable cases in which the work was sufficient. Lines mark the edges of the bands.")
    for standard, bars in content.bars.items():
        title = content.judgement[standard].title
        yield tag("h3", title)
        yield tag("ul", *(tag("li", *share_bar(content, bar)) for bar in bars), class_="bars")


def share_bar(content: Content, bar: Bar) -> Iterator[Markup]:
    """A key question: its title, its share with the count and its band, and the share as a bar."""
    mark = rating_mark(content, bar.outcome) if bar.outcome.rating else joined()
    yield tag("div", tag("span", bar.outcome.title), tag("span", bar.words, class_="share"), mark, class_="bar-words")
    grade = content.grade(bar.outcome.node)
    filled = [] if bar.share is None else [tag("i", class_="fill", style=f"width:{percent_text(bar.share)}")]
    edges = (tag("i", class_="edge", style=f"left:{percent_text(edge)}") for edge in bar.edges)
    shade = "" if grade is None else f" grade-{grade}"
    yield tag("div", *filled, *edges, class_=f"bar{shade}", aria_hidden="true")


def rating_mark(content: Content, outcome: Outcome) -> Markup:
    """A rating in its colour, or why there is none."""
    grade = content.grade(outcome.node)
    return tag("span", outcome.text(), class_="rating" + ("" if grade is None else f" grade-{grade}"))


def _reasons(content: Content) -> Iterator[Markup]:
    if not content.reasons:
        return
    yield tag("h2", "Departures and recorded reasons")
    for reason in content.reasons:
        yield tag("h3", reason.outcome.title)
        yield tag("p", f"{reason.what[0].upper()}{reason.what[1:]}.")
        yield tag("blockquote", tag("p", reason.reason))
        if reason.grounds:
            yield tag("p", "What made the departure allowed:")
            yield tag("ul", *(tag("li", ground) for ground in reason.grounds))


def _picture(content: Content, called: str, *, questions: bool) -> Markup:
    drawn = svg(content.framework, content.judgement, questions=questions)
    return tag("div", Markup(drawn), class_="picture", tabindex="0", role="region", aria_label=called)


def _folded(summary: str, *parts: str, shut: bool = True) -> Markup:
    return tag("details", tag("summary", summary), *parts, open=not shut)


def derivation(content: Content) -> Iterator[Markup]:
    """Every step from the ratings down to the counts, and the rules that the steps name."""
    for explanation in content.derivations:
        yield tag("ul", _steps(explanation, content), class_="steps")
    yield tag("h3", "Rules of these steps")
    rules = []
    for rule, number in content.rules.items():
        note = [tag("div", rule.note, class_="soft")] if rule.note else []
        basis = tag("div", tag("b", rule.basis), f": {rule.source}", class_="soft")
        rules.append(tag("li", tag("div", rule.words), basis, *note, id=f"rule-{number}"))
    yield tag("ol", *rules, class_="rules")


def _steps(explanation: Explanation, content: Content) -> Markup:
    """The steps as lists in lists; made without recursion, for a derivation can be deep."""
    written: list[str] = []
    open_items = 0
    for depth, step, first in explanation.walk():
        while open_items > depth:
            written.append("</ul></li>")
            open_items -= 1
        has = tag("span", f"{step.title}: ", tag("b", step.has))
        if not first:
            written.append(tag("li", has, " (see above)"))
            continue
        refs = (
            tag("a", f"[{number}]", href=f"#rule-{number}", aria_label=f"rule {number}")
            for number in dict.fromkeys(content.rules[rule.rule] for rule in step.rules)
        )
        because = (tag("div", reason, class_="because") for reason in step.because)
        inside = joined(has, " ", *refs, *because)
        if step.inputs:
            written.append(f"<li>{inside}<ul>")
            open_items += 1
        else:
            written.append(f"<li>{inside}</li>")
    written.append("</ul></li>" * open_items)
    return Markup("".join(written))


def _record(content: Content) -> Iterator[Markup]:
    judgement = content.judgement
    text = judgement.to_json()
    yield tag("h2", "Record")
    facts = {
        "Framework": f"{judgement.framework.id}, version {judgement.framework.version}",
        "Fingerprint": judgement.framework.fingerprint,
        "Written by": f"inspectlib {inspectlib.__version__}",
    }
    yield tag(
        "dl", *(part for name, value in facts.items() for part in (tag("dt", name), tag("dd", tag("code", value))))
    )
    name = f"{judgement.framework.id}-judgement.json"
    link = tag("a", "Download the record", download=name, href=f"data:application/json;charset=utf-8,{quote(text)}")
    yield tag(
        "p", link, ", the judgement as data with the evidence it rests on. From it the judgement can be computed again:"
    )
    yield tag("pre", tag("code", f"inspectlib audit {name}"), tabindex="0")
    # In a script element no character is escaped, so that none must be left that could end it.
    yield tag("script", Markup(text.replace("<", "\\u003c")), type="application/json", id="record")


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def _style() -> str:
    """The style of the page: light or dark as the reader has it, light on paper."""
    light, dark = f":root{{{declared(LIGHT)}}}", f":root{{{declared(DARK)}}}"
    colours = f"{light}\n@media screen and (prefers-color-scheme:dark){{{dark}}}\n"
    folder = Path(__file__).parent
    return colours + "".join((folder / name).read_text("utf-8") for name in ("ratings.css", "page.css"))
