"""Promise 7. Explained.

The reasons given are sufficient (they alone give the same rating) and minimal (drop any one and they do not).
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
from hypothesis import example as with_example
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

import inspectlib
from inspectlib.errors import InspectError
from inspectlib.evaluate import Completions, Interval, settle
from inspectlib.evidence_reader import evidence_from
from inspectlib.graph import Framework, Role
from inspectlib.kinds import Absent
from inspectlib.rating import rate_evidence, value_on
from inspectlib.sufficient import PieceKind, deciding_standards
from naive import Naive
from strategies import (
    Example,
    Plain,
    Seeded,
    add_stated,
    any_framework,
    frameworks,
    make_evidence,
    make_open,
    randoms,
    shipped_framework,
    shipped_frameworks,
    shipped_mapping,
)

FOLDER = Path(inspectlib.__file__).parent / "schemas"
SCHEMA = Draft202012Validator(json.loads((FOLDER / "explanation.schema.json").read_text("utf-8")))
#: A framework that rates nothing.
SMALL_YOUTH = Example(
    shipped_mapping("hmip-small-youth-2019"), shipped_framework("hmip-small-youth-2019"), "small youth"
)
#: The headings of an evidence file under which a piece of evidence stands.
HEADINGS = {
    PieceKind.ANSWERS: ("tallies",),
    PieceKind.STATED: ("ratings", "panel", "values"),
    PieceKind.DEPARTURE: ("departures",),
}


def value(framework: Framework, evidence: Mapping[str, Any], node: str) -> object:
    """What a node has on some evidence, the reason why it has nothing left out; None where the evidence is refused."""
    try:
        found = value_on(framework, evidence_from(evidence), node)
    except InspectError:
        return None
    return found.state if isinstance(found, Absent) else found


def without(evidence: Mapping[str, Any], piece: inspectlib.Piece) -> Plain:
    """Evidence without one piece of it."""
    return {
        heading: {
            node: said for node, said in said.items() if (node, heading in HEADINGS[piece.kind]) != (piece.node, True)
        }
        for heading, said in evidence.items()
    }


def some_evidence(rng: random.Random, mapping: Plain, framework: Framework) -> inspectlib.Judgement:
    """A judgement on complete or open evidence, with values stated beside and departures where the rules allow them."""
    naive = Naive(mapping)
    evidence = make_evidence(rng, naive)
    if rng.random() < 0.5:
        evidence = make_open(rng, evidence, Fraction(rng.choice([1, 3, 6]), 10))
    else:
        try:
            return inspectlib.rate(framework, add_stated(rng, naive, evidence))
        except InspectError:  # a departure that the rules do not allow
            pass
    return inspectlib.rate(framework, evidence)


def check(example: Example, rng: random.Random) -> None:
    """The promise for some nodes of one framework and some evidence."""
    mapping, framework, _ = example
    judgement = some_evidence(rng, mapping, framework)
    named = [name for name, node in framework.graph.nodes.items() if node.role is not Role.PART]
    for node in {*rng.sample(named, min(2, len(named))), *({"overall"} & framework.graph.nodes.keys())}:
        reasons = judgement.reasons(node)
        alone, wanted = inspectlib.rate(framework, reasons.evidence), value(framework, judgement.evidence, node)
        assert alone[node].text() == judgement[node].text()
        assert value(framework, reasons.evidence, node) == wanted, (node, reasons)
        for piece in reasons.pieces:
            assert value(framework, without(reasons.evidence, piece), node) != wanted, (node, piece, reasons)


@given(example=shipped_frameworks(), rng=randoms())
@settings(max_examples=30)
def test_explained_by_reasons_under_shipped_frameworks(example: Example, rng: random.Random) -> None:
    """Rated by themselves the reasons give the same; without any one of them they do not. Intervals too."""
    check(example, rng)


@given(example=frameworks(), rng=randoms())
@settings(max_examples=25)
def test_explained_by_reasons_under_made_up_frameworks(example: Example, rng: random.Random) -> None:
    """Rated by themselves the reasons give the same; without any one of them they do not. Intervals too."""
    check(example, rng)


@given(example=any_framework(), rng=randoms())
@settings(max_examples=30)
def test_explained_by_standards(example: Example, rng: random.Random) -> None:
    """The deciding standards give the overall rating whatever all evidence says; without any one, some can differ."""
    mapping, framework, _ = example
    if "overall" not in framework.graph.nodes:
        return
    judgement = some_evidence(rng, mapping, framework)
    rated = judgement._rated
    assert rated is not None
    graph, wanted = framework.graph, rated.results["overall"].value
    everything_open = attrs.evolve(
        rated.intake, settled={}, open={n: None for n, node in graph.nodes.items() if node.rule.takes_evidence},
        departures={},
    )  # fmt: skip

    def known(names: Sequence[str]) -> object:
        """What is known of the overall rating from some standards alone."""
        given_alone = attrs.evolve(everything_open, given={name: rated.values[name] for name in names})
        found = Completions(graph, given_alone).result("overall").value
        return found.state if isinstance(found, Absent) else found

    standards = deciding_standards(rated, "overall")
    if not standards:
        return
    assert known(standards) == (wanted.state if isinstance(wanted, Absent) else wanted)
    for standard in standards:
        assert known([name for name in standards if name != standard]) != wanted, standard
    if isinstance(wanted, (Interval, Absent)):
        return
    for _ in range(4):
        leaves = rate_evidence(framework, evidence_from(make_evidence(rng, Naive(mapping)))).intake.settled
        if not any(isinstance(said, Absent) for said in leaves.values()):  # that evidence states so is not foreseen
            fixed = {name: rated.values[name] for name in standards}
            assert settle(graph, leaves, fixed)[0]["overall"] == wanted, standards


@given(example=any_framework(), rng=randoms(), share_open=st.sampled_from([0, 4, 8]))
@settings(max_examples=25)
@with_example(SMALL_YOUTH, Seeded(1), 4)
def test_explained_in_every_form(example: Example, rng: random.Random, share_open: int) -> None:
    """Every node can be explained in short and in full, as text, Markdown and JSON, each step with all it must say."""
    mapping, framework, _ = example
    naive = Naive(mapping)
    evidence = make_open(rng, make_evidence(rng, naive), Fraction(share_open, 10))
    judgement = inspectlib.rate(framework, evidence)
    for node in rng.sample(sorted(judgement.outcomes), min(2, len(judgement.outcomes))):
        explanation = judgement.explain(node)
        short, full = explanation.text(), explanation.text(full=True)
        assert full.startswith(short)
        assert explanation.markdown(full=True).startswith("# ")
        data = json.loads(json.dumps(explanation.data()))
        SCHEMA.validate(data)
        known = {step["node"] for step in data["steps"]}
        for step in data["steps"]:
            assert known.issuperset(step["inputs"])
            assert all(rule["rule"][part] for rule in step["rules"] for part in ("words", "basis", "source"))
        assert bool(data["missing"]) == (judgement[node].state == "open")
