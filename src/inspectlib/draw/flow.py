"""What one inspection made of each box of a picture, and the edges along which its ratings were decided."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from inspectlib.colours import grade
from inspectlib.draw.boxes import Box, Picture
from inspectlib.exact import percent_text
from inspectlib.judgement import Judgement
from inspectlib.outcome import Outcome

__all__ = ["flowing"]


def flowing(shown: Picture, judgement: Judgement) -> Picture:
    """The picture with what each box has, and which edges decided what all ends in."""
    decided = set(_decided(shown, judgement))
    boxes = {name: _filled(box, judgement) for name, box in shown.boxes.items()}
    edges = tuple(attrs.evolve(edge, decided=(edge.start, edge.end) in decided) for edge in shown.edges)
    return attrs.evolve(shown, boxes=boxes, edges=edges)


def _filled(box: Box, judgement: Judgement) -> Box:
    outcome = judgement[box.name]
    position = judgement.position(box.name)
    return attrs.evolve(box, has=_has(outcome), grade=position and grade(*position))


def _has(outcome: Outcome) -> str:
    """What a box has, in few words: a key question its share too, and where a limit changed the rating a mark."""
    if outcome.share is not None:
        share = percent_text(outcome.share)
        return f"{outcome.rating}, {share}" if outcome.rating else share
    mark = " (limited)" if outcome.limited_by else " (departure)" if outcome.departure else ""
    return f"{outcome.text()}{mark}"


def _decided(shown: Picture, judgement: Judgement) -> Iterator[tuple[str, str]]:
    """From each box in which all ends back to the evidence, the pairs of boxes of which one decided the other."""
    for end in (box.name for box in shown.boxes.values() if box.last):
        steps = {step.node: step for step in judgement.explain(end).steps}
        todo, seen = [end], {end}
        for name in todo:
            for start in steps[name].inputs:
                if not _let_stand(shown, judgement, start, name):
                    yield shown.folded.get(start, start), shown.folded.get(name, name)
                    if start not in seen:
                        seen.add(start)
                        todo.append(start)


def _let_stand(shown: Picture, judgement: Judgement, start: str, end: str) -> bool:
    """Whether an input is a guide that was looked at and changed nothing."""
    guides = any(edge.guides for edge in shown.edges if (edge.start, edge.end) == (start, end))
    return guides and judgement[end].limited_by is None
