"""A simulation of samples in words, as a picture, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from inspectlib.draw.charts import Bar, bar_chart, shade
from inspectlib.exact import fraction_text, half_up, percent_text
from inspectlib.plain_table import aligned
from inspectlib.sampling.simulation import Chances, Drawn, Simulation

__all__ = ["assumptions", "data", "svg", "text"]

#: The form of a simulation as JSON; the number rises when it changes.
FORMAT = "inspectlib/simulation/1"


def assumptions(simulation: Simulation) -> Iterator[str]:
    """What the model takes for granted, a sentence each; all of it is a choice of this library."""
    yield "Each key question has a true share of sufficient cases in the service."
    caseload = next(iter(simulation.sizes[0].values())).caseload
    if caseload is None:
        yield "Cases are drawn at random, each by itself, from a service without end (binomial)."
    else:
        yield f"Cases are drawn at random, none of them twice, from {caseload:,} (hypergeometric)."
    yield "The answers to different key questions are independent of each other, and no answer is mistaken."
    if simulation.stated:
        words = (f"{name} {value}" for name, value in simulation.stated.items())
        yield f"This stays as it is stated: {', '.join(words)}."
    yield "The panel departs from no computed rating" + (
        f"; the departures stated for {', '.join(simulation.left_out)} are left out." if simulation.left_out else "."
    )
    if simulation.runs is None:
        yield "The chances are exact."
    else:
        yield f"The chances are the shares of {simulation.runs:,} samples, drawn with the seed {simulation.seed}."


def _size(drawn: Mapping[str, Drawn]) -> str:
    """The size of the samples in words."""
    sizes = sorted({one.cases for one in drawn.values()})
    if len(sizes) == 1:
        return f"{sizes[0]:,} cases"
    return f"{sizes[0]:,} to {sizes[-1]:,} cases"


def text(simulation: Simulation) -> str:
    """The simulation as text."""
    lines = [f"{simulation.service or 'A service'} under {simulation.framework.id}, in other samples of its cases"]
    lines += ["", "What is taken for granted (modelled):", *(f"- {words}" for words in assumptions(simulation)), ""]
    for drawn, chances in zip(simulation.sizes, simulation.chances, strict=True):
        found = {word: None for one in chances.values() for word in one.chances}
        ratings = [word for word in _ranked(simulation) if word in found]
        columns = [*ratings, *(word for word in found if word not in ratings)]
        header = ("", "at the true shares", *columns, "another rating", "two samples agree")
        rows = [
            (
                one.title,
                one.true,
                *(percent(one.chances[word]) if word in one.chances else "" for word in columns),
                percent(one.other),
                percent(one.agree),
            )
            for one in chances.values()
        ]
        if not rows:
            continue
        lines.append(f"Samples of {_size(drawn)} for each key question")
        lines += [*aligned((header, *rows)), ""]
    if simulation.wanting:
        wanting = ", ".join(simulation.wanting)
        lines.append(f"Ratings that rest on these are left out, because nothing is known of them: {wanting}.")
    return "\n".join(lines).rstrip() + "\n"


def _ranked(simulation: Simulation) -> list[str]:
    """Every rating of every scale, the worst first."""
    nodes = simulation.framework.graph.nodes.values()
    return list(dict.fromkeys(rating for node in nodes if node.binding.scale for rating in node.binding.scale.ratings))


def percent(chance: Fraction) -> str:
    """A chance for people; one that is not certain is never shown as if it were."""
    shown = percent_text(chance)
    if shown == "100%" and chance < 1:
        return "over 99.9%"
    return "under 0.1%" if shown == "0%" and chance > 0 else shown


def svg(simulation: Simulation) -> str:
    """The picture: a bar for each rating, under each other for each size of the sample."""
    bars = []
    several = len(simulation.sizes) > 1
    for name in simulation.chances[0]:
        for drawn, chances in zip(simulation.sizes, simulation.chances, strict=True):
            bars.append(_bar(simulation, chances[name], f", {_size(drawn)}" if several else ""))
    who = simulation.service or "A service"
    size = "" if several else f": samples of {_size(simulation.sizes[0])}"
    title = f"{who} under {simulation.framework.id}{size}"
    said = " ".join(
        f"{bar.title}: {', '.join(f'{word} {bar.words[word]}' for word in bar.parts)}; {bar.remark}." for bar in bars
    )
    return bar_chart(title, f"Bars of the chances of each rating when samples are drawn. {said}", bars)


def _bar(simulation: Simulation, one: Chances, size: str) -> Bar:
    scale = simulation.framework.graph[one.node].binding.scale
    ranked = {rating: place for place, rating in enumerate(scale.ratings)} if scale else {}
    parts = {word: shade(ranked[word], len(ranked)) if word in ranked else "none" for word in one.chances}
    ends = [0]
    for chance in one.chances.values():
        ends.append(ends[-1] + half_up(chance * 1_000_000))
    # Rounded where they end, not each by itself, so that together they are the whole bar.
    places = [min(1000, (end + 500) // 1000) for end in ends]
    thousandths = dict(zip(one.chances, (high - low for low, high in pairwise(places)), strict=True))
    return Bar(
        title=f"{one.title}{size}",
        remark=f"at the true shares {one.true}; two samples agree {percent(one.agree)}",
        parts=parts,
        shares=thousandths,
        words={word: percent(chance) for word, chance in one.chances.items()},
    )


def data(simulation: Simulation) -> dict[str, Any]:
    """The simulation as JSON data; chances are decimals of six places as text, rounded half up."""
    return {
        "format": FORMAT,
        "framework": {
            "id": simulation.framework.id,
            "version": simulation.framework.version,
            "fingerprint": simulation.framework.fingerprint,
        },
        "service": simulation.service,
        "assumptions": list(assumptions(simulation)),
        "exact": simulation.runs is None,
        "runs": simulation.runs,
        "seed": None if simulation.runs is None else simulation.seed,
        "wanting": list(simulation.wanting),
        "samples": [
            {
                "questions": {
                    name: {"share": fraction_text(one.share), "cases": one.cases, "caseload": one.caseload}
                    for name, one in drawn.items()
                },
                "chances": {name: _chances_data(one) for name, one in {**chances, **questions}.items()},
            }
            for drawn, chances, questions in zip(
                simulation.sizes, simulation.chances, simulation.questions, strict=True
            )
        ],
    }


def _chances_data(one: Chances) -> dict[str, Any]:
    return {
        "title": one.title,
        "true": one.true,
        "chances": {word: _decimal(chance) for word, chance in one.chances.items()},
        "another": _decimal(one.other),
        "agree": _decimal(one.agree),
    }


def _decimal(chance: Fraction) -> str:
    whole, rest = divmod(half_up(chance * 1_000_000), 1_000_000)
    return f"{whole}.{rest:06d}"
