"""Promises 7 and 8, of the compiled function: its short reasons are what the judgement's explanation says."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings

import inspectlib
from inspectlib.compiled import Compiled
from inspectlib.derivation import Why
from inspectlib.errors import InspectError
from inspectlib.graph import Framework
from inspectlib.kinds import Kind
from strategies import Example as Made
from strategies import any_framework, randoms, shipped_framework
from table_rows import column, evidence_of, rows_for

SHIPPED = inspectlib.shipped()


def complete(rng: random.Random, framework: Framework) -> dict[str, Any]:
    """A row in which all evidence is there."""
    row: dict[str, Any] = {}
    for name, node in framework.graph.nodes.items():
        if node.type.kind is Kind.ANSWERS:
            of = rng.randint(1, 20)
            row |= {f"{node.of}.yes": rng.randint(0, of), f"{node.of}.of": of}
        elif not node.rule.takes_evidence:
            continue
        elif node.type.kind is Kind.RATING:
            assert node.binding.scale is not None
            row[name] = rng.choice(node.binding.scale.ratings)
            if node.rule.tag == "panel" and rng.random() < 0.3:
                row[f"{name}.reason"] = "it was seen"
        elif node.type.kind is Kind.FLAG:
            row[name] = rng.choice(["yes", "no"])
        else:
            row[name] = (node.type.options and rng.choice(node.type.options)) or str(node.range[rng.randrange(2)])
    return row


def evidence(row: dict[str, Any], framework: Framework) -> dict[str, Any]:
    """The same as an evidence file has it."""
    found: dict[str, Any] = {"tallies": {}, "panel": {}, "ratings": {}, "values": {}}
    for name, value in row.items():
        whole, _, part = name.rpartition(".")
        if part in {"yes", "of"}:
            found["tallies"].setdefault(whole, {})[part] = value
        elif part == "reason" and name not in framework.graph.nodes:
            found["panel"][whole] = {"rating": row[whole], "reason": value}
        elif framework.graph[name].rule.tag == "panel":
            found["panel"].setdefault(name, value)
        else:
            found["ratings" if framework.graph[name].type.kind is Kind.RATING else "values"][name] = value
    return found


def check(compiled: Compiled, row: dict[str, Any], judgement: inspectlib.Judgement) -> None:
    """The short reasons of a row are those of the judgement."""
    for name, found in compiled.explained(row).items():
        step = judgement.explain(name).steps[0]
        assert found == Why(step.has, step.because, step.inputs), name


@pytest.mark.parametrize("name", SHIPPED)
def test_the_short_reasons_are_those_of_the_explanation(name: str) -> None:
    """For complete evidence, which goes through a function of its own, under every framework that is shipped."""
    framework, rng = shipped_framework(name), random.Random(1)
    rows = [complete(rng, framework) for _ in range(4)]
    compiled = inspectlib.compile(framework, list(dict.fromkeys(name for row in rows for name in row)))
    values = compiled._explained.values
    assert values is not None
    for row in rows:
        check(compiled, row, inspectlib.rate(framework, evidence(row, framework)))
    assert any(values(row) is not None for row in rows)


@settings(max_examples=5)
@given(framework=any_framework(), rng=randoms())
def test_open_and_stated_evidence_have_the_same_reasons(framework: Made, rng: random.Random) -> None:
    """Under any framework, for open, absent and stated evidence; wrong evidence is refused."""
    whole, rows = framework.framework, rows_for(rng, framework.mapping)
    names = list(dict.fromkeys(column(meaning) for row in rows for meaning in row))
    if not names:
        return
    compiled = inspectlib.compile(whole, names)
    for cells in rows:
        row = {column(meaning): cell for meaning, cell in cells.items()}
        try:
            judgement = inspectlib.rate(whole, evidence_of(cells))
        except InspectError:
            with pytest.raises(InspectError):
                compiled.explained(row)
            continue
        check(compiled, row, judgement)


def test_a_short_reason_reads_well() -> None:
    """What a rating is because of, with its figures, and what decided it."""
    rate = inspectlib.compile(shipped_framework("hmip-pdu-2021"), ["total", "total.max"], results=["overall"])
    words = "Mean score is 16/9, above 3/2 up to and including 5/2"
    assert rate.explained({"total": 16, "total.max": 27}) == {"overall": Why("Good", (words,), ("mean_score",))}
