"""The short answer: what decided, what limited, how far it is to the next band, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from inspectlib.derivation import Step, deciding_inputs
from inspectlib.evaluate import Interval, open_beneath
from inspectlib.exact import fraction_text, percent_text
from inspectlib.framework import natural
from inspectlib.graph import Node, Role
from inspectlib.kinds import Kind, Score, Tally
from inspectlib.missing import MissingEvidence, missing_words
from inspectlib.rating import Rated
from inspectlib.reasons import deciding_published, limiting
from inspectlib.rules import BandRule, Names
from inspectlib.scales import Better
from inspectlib.sufficient import Reasons
from inspectlib.wording import has_words, rule_text

__all__ = ["NextBand", "ShortAnswer", "short_answer"]

#: So many of what decided, is enough or matters most are named; the full explanation has them all.
MOST_NAMED = 3
#: So many pieces of evidence or standards that are enough are named.
MOST_ENOUGH = 12


@attrs.frozen(kw_only=True)
class NextBand:
    """How far it is to the next better band.

    Attributes:
        node: the node that has the band: a key question, or a rating of a total or mean.
        number: the number that is banded.
        rating: the next better rating.
        edge: the edge that has to be reached or passed.
        answers: for a share, how many more sufficient answers among the same cases would do it.
        words: all that in words.
    """

    node: str
    number: Fraction
    rating: str
    edge: Fraction
    answers: int | None
    words: str


@attrs.frozen(kw_only=True)
class ShortAnswer:
    """The answer in a few sentences, and the facts in them as data.

    Attributes:
        title: what the node is called.
        has: what it has, in words.
        sentences: why.
        decided_by: the standards, key questions and named nodes that decided.
        limited_by: the node whose limit changed it, if any.
        limited: the standards beneath it that were limited.
        next_bands: how far what decided is from its next band.
        settled_early: whether evidence beneath it is open and can no longer change it.
    """

    title: str
    has: str
    sentences: tuple[str, ...]
    decided_by: tuple[str, ...]
    limited_by: str | None
    limited: tuple[str, ...]
    next_bands: tuple[NextBand, ...]
    settled_early: bool


def short_answer(
    rated: Rated,
    steps: Sequence[Step],
    reasons: Reasons,
    standards: Names,
    missing: Sequence[MissingEvidence],
) -> ShortAnswer:
    """The short answer for the node of the first step.

    Args:
        rated: the rated inspection.
        steps: how the node came to what it has.
        reasons: the evidence that is enough for it.
        standards: the standards that are enough for it, if any are.
        missing: the open evidence that it rests on, what matters most first.
    """
    own, graph = steps[0], rated.framework.graph
    by_node = {step.node: step for step in steps}
    empty = ShortAnswer(
        title=own.title,
        has=own.has,
        sentences=(),
        decided_by=(),
        limited_by=None,
        limited=(),
        next_bands=(),
        settled_early=False,
    )
    if own.node in rated.framework.unrated:
        reported = (_sentence(reason) for step in steps for reason in step.because)
        return attrs.evolve(empty, sentences=tuple(reported))
    node = graph[own.node]
    is_open = isinstance(rated.results[node.name].value, Interval)
    beneath = open_beneath(graph, rated.intake, node.name) if rated.intake.open else ()
    decided = () if is_open or node.name in rated.intake.given else _decided_by(rated, node)
    limit = None if node.name in rated.intake.given else limiting(node, rated.values, rated.panels.get(node.name))
    limited = tuple(_limited(rated, node))
    next_bands = () if is_open else tuple(_next_bands(rated, node))
    early = bool(beneath) and not is_open
    sentences = [_sentence(reason) for reason in own.because]
    named = [by_node[name] for name in decided if name in by_node and by_node[name].because and name != node.name]
    if len(named) <= MOST_NAMED:
        sentences += [_sentence(f"{step.title} is {step.has}: {'; '.join(step.because)}") for step in named]
    if limit:
        rule = rule_text(rated.framework, node)
        sentences.append(_sentence(f"the rule that limited it ({rule.basis}): {rule.words}"))
    for name in limited:
        why = f": {'; '.join(by_node[name].because)}" if name in by_node else ""
        sentences.append(
            _sentence(f"{graph[name].title} was limited to {has_words(graph[name], rated.values[name])}{why}")
        )
    sentences += list(_enough(rated, reasons, standards, is_open=is_open))
    sentences += [_sentence(f"next band: {band.words}") for band in next_bands[:MOST_NAMED]]
    if early:
        sentences.append(f"It is settled: {_pieces_words(len(beneath))} beneath it can no longer change it.")
    if is_open and missing:
        sentences.append(f"{_capital(_pieces_words(len(missing)))} beneath it. What matters most:")
        sentences += [_matters(rated, piece) for piece in missing[:MOST_NAMED]]
    return attrs.evolve(
        empty,
        sentences=tuple(dict.fromkeys(sentences)),
        decided_by=decided,
        limited_by=limit,
        limited=limited,
        next_bands=next_bands,
        settled_early=early,
    )


def _decided_by(rated: Rated, node: Node) -> Names:
    computed = rated.results[node.name].computed
    if isinstance(computed, Interval):
        return ()
    return deciding_published(rated.framework.graph, node, computed, rated.values, rated.panels)


def _limited(rated: Rated, node: Node) -> Iterator[str]:
    """The standards beneath a node that a limit changed."""
    graph = rated.framework.graph
    for name in sorted(graph.below(node.name) - {node.name}, key=natural):
        computed = graph[name].role is Role.STANDARD and name in rated.values and name not in rated.intake.given
        if computed and limiting(graph[name], rated.values, rated.panels.get(name)):
            yield name


def _enough(rated: Rated, reasons: Reasons, standards: Names, *, is_open: bool) -> Iterator[str]:
    """What is enough for what the node has, in a sentence."""
    graph = rated.framework.graph
    if standards:
        found = [
            f"{graph[name].title} ({has_words(graph[name], rated.values[name])}{_question(rated, name)})"
            for name in standards
        ]
        yield f"Enough for it, whatever the other standards are: {_some(found)}."
    elif [piece.node for piece in reasons.pieces] == [reasons.node]:
        return
    elif reasons.pieces:
        found = [f"{piece.title} ({piece.says})" for piece in reasons.pieces]
        what = "this interval" if is_open else "it"
        yield f"Enough for {what}, whatever other evidence says: {_some(found)}."
    elif not is_open:
        yield "It would be the same on any evidence."


def _question(rated: Rated, standard: str) -> str:
    """The key question that decided the computed rating of a standard, with its count; the first of several."""
    if standard in rated.intake.given:
        return ""
    decided = _decided_by(rated, rated.framework.graph[standard])
    counts = ((name, rated.intake.counts.pooled[name]) for name in decided if name in rated.intake.counts.pooled)
    return next((f": {rated.framework.graph[name].title} {count}" for name, count in counts), "")


def _some(found: Sequence[str]) -> str:
    more = len(found) - MOST_ENOUGH
    return "; ".join(found[:MOST_ENOUGH]) + (f"; and {more} more" if more > 0 else "")


def _next_bands(rated: Rated, node: Node) -> Iterator[NextBand]:
    """The next better bands of what decided, as far as the first bands beneath a node."""
    graph = rated.framework.graph
    seen, todo = set[str](), [node.name]
    for name in todo:
        if name in seen or name in rated.intake.given:
            continue
        seen.add(name)
        if isinstance(graph[name].rule, BandRule):
            found = _next_band(rated, graph[name])
            if found:
                yield found
        else:
            todo.extend(deciding_inputs(rated, graph[name]))


def _next_band(rated: Rated, band: Node) -> NextBand | None:
    """The next better band of a node; None where it has the best, or no number that is settled."""
    graph, bands, scale = rated.framework.graph, band.binding.bands, band.binding.scale
    position, number = rated.values.get(band.name), rated.values.get(band.inputs[0])
    assert bands is not None and scale is not None
    if isinstance(number, Score):
        number = number.points / number.max
    if not isinstance(position, int) or not isinstance(number, Fraction) or position + 1 == len(scale.ratings):
        return None
    rising = bands.better is Better.HIGHER
    edge = band.binding.edges[position if rising else len(scale.ratings) - 2 - position][0]
    rating = scale.ratings[position + 1]
    wanted = next(found for label, found in bands.bands.items() if scale.position(label) == position + 1)
    share = band.binding.of is Kind.SHARE
    reach = f"{rating} is {wanted.words(percent_text if share else fraction_text)}"
    answers = _answers_needed(rated, band) if share else None
    if answers is not None:
        plural = "" if answers == 1 else "s"
        reach += f", which {answers} more sufficient answer{plural} would reach"
    points = _points(rated, band, edge)
    if points:
        reach += f", that is {'past' if rising else 'under'} {points}"
    title = graph[band.of].title if band.of in graph.nodes else band.title
    return NextBand(
        node=band.of, number=number, rating=rating, edge=edge, answers=answers, words=f"for {title}, {reach}"
    )


def _answers_needed(rated: Rated, band: Node) -> int | None:
    """How many more sufficient answers among the same cases bring a share to a better band."""
    graph = rated.framework.graph
    tally = next((rated.values.get(name) for name in graph.inputs[band.inputs[0]]), None)
    position = rated.values[band.name]
    if not isinstance(tally, Tally) or not isinstance(position, int):
        return None
    low, high = tally.yes, tally.of + 1
    while high - low > 1:  # the fewest sufficient answers that have a better band
        middle = (low + high) // 2
        value = band.value([Fraction(middle, tally.of)])
        low, high = (low, middle) if isinstance(value, int) and value > position else (middle, high)
    return high - tally.yes if high <= tally.of else None


def _points(rated: Rated, band: Node, edge: Fraction) -> str:
    """The edge of a mean in points of the total that it is the mean of."""
    graph = rated.framework.graph
    mean = graph[band.inputs[0]]
    total = rated.values.get(mean.inputs[0]) if len(mean.inputs) == 1 else None
    if not isinstance(total, Score) or mean.binding.scale is None:
        return ""
    points = edge * total.max / mean.binding.scale.top_score
    if points.denominator != 1:
        return ""
    return f"{points} of {fraction_text(total.max)} points; it has {fraction_text(total.points)}"


def _matters(rated: Rated, piece: MissingEvidence) -> str:
    """One piece of open evidence and what it can do, in a sentence."""
    what = missing_words(piece)
    ways = [f"{way.comes_out}: {way.then}" for way in piece.ways if way.narrows][:MOST_NAMED]
    if ways:
        return f"{what}{' can settle it alone' if piece.can_settle else ''}: if {'; if '.join(ways)}."
    if piece.number and piece.narrows_number:
        number = rated.framework.graph[piece.number].title
        return f"{what} can narrow {number} by {fraction_text(piece.narrows_number)}, not yet the rating alone."
    return f"{what} can narrow nothing alone."


def _pieces_words(count: int) -> str:
    return "one piece of open evidence" if count == 1 else f"{count} pieces of open evidence"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return _capital(text) + ("" if text.endswith((".", "?", "!")) else ".")
