"""Promise 1. Exact: shares, means and edges are integers or Fractions from text to rating; no float is on that way."""

from __future__ import annotations

import ast
import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import inspectlib
from inspectlib.graph import Framework
from inspectlib.kinds import Tally
from strategies import GROUND, Plain, bands, built, decimal, number_text, randoms, shipped_framework

SOURCES = sorted(Path(inspectlib.__file__).parent.rglob("*.py"))
#: Where `/` stands, by module and function, with what it divides; each looked at.
REVIEWED = {
    ("__init__", "_write_static"): "a path",
    ("answer", "_next_band"): "the points by the maximum of a score, both Fractions",
    ("answer", "_points"): "a Fraction by a Fraction",
    ("closeness", "_points"): "a Fraction by 100",
    ("completions", "_numbers"): "the sum of two Fractions by 2, and a Fraction by a Fraction",
    ("completions", "_tallies"): "the sum of two Fractions by 2",
    ("completions", "_tally_between"): "a whole number by a Fraction, and the sum of two Fractions by 2",
    ("counting", "_any"): "a Fraction by a Fraction",
    ("exact", "parse_number"): "a Fraction by an integer",
    ("explore", "_finished"): "a sum by its weights, both Fractions",
    ("letters", "_tallies"): "the sum of two Fractions by 2",
    ("letters", "letters"): "a Fraction by a Fraction",
    ("fewest", "_said"): "a Fraction by a Fraction",
    ("frames", "_div"): "a whole number by a Fraction",
    ("framework_file", "_locate"): "a path",
    ("framework_file", "_shipped_files"): "a path",
    ("intake", "_score"): "a Fraction by a Fraction",
    ("intake", "read_value"): "a Fraction by a Fraction",
    ("new_file", "_template"): "a path",
    ("new_file", "new_file"): "a path",
    ("new_file", "schema_text"): "a path",
    ("page", "_style"): "a path",
    ("reach", "_keeps_ends"): "the points by the maximum of a score, both Fractions",
    ("proportion", "share_interval"): "a Fraction by 2",
    ("question", "read"): "points by a weight, both Fractions",
    ("ratings", "_steps_fit"): "a Fraction by a Fraction",
    ("ratings", "banded"): "the points by the maximum of a score, both Fractions",
    ("ratings", "value"): "a sum by its weights, or points by a maximum, all Fractions",
    ("table", "_atoms"): "the sum of two Fractions by 2, and a Fraction by a Fraction",
    ("workshop", "_save_evidence"): "a path",
}
#: The module that draws samples: whole numbers from a seed, which no rating rests on.
DRAWS = "simulation"
TINY = [Fraction(0), *(sign * Fraction(1, 10**k) for k in range(1, 41) for sign in (-1, 1))]


def banded(banding: Plain, kind: str) -> Framework:
    """A framework that bands one number, or one share."""
    labels = list(banding["bands"])
    scale = {"ratings": labels, **GROUND}
    if banding.get("better") == "lower":
        scale["ratings"] = labels[::-1]
    nodes: Plain = {"x": {"rule": "given", "kind": "number", "least": "-2", "most": "2", **GROUND}}
    if kind == "share":
        nodes = {
            "answers": {"rule": "given", "kind": "answers", **GROUND},
            "x": {"rule": "share", "of": "answers", **GROUND},
        }
    nodes["overall"] = {"rule": "band", "of": "x", "bands": "edges", **GROUND}
    named = {"id": "one-band", "version": "1", "title": "One band", **GROUND, "sources": {"own": {"title": "A source"}}}
    return built({**named, "scales": {"marks": scale}, "bands": {"edges": banding}, "nodes": nodes})


def expected(banding: Plain, amount: Fraction) -> str:
    """The one band that a number is in, found by reading the bands."""
    tests = {
        "at_least": lambda edge: amount >= edge,
        "above": lambda edge: amount > edge,
        "at_most": lambda edge: amount <= edge,
        "below": lambda edge: amount < edge,
    }
    (label,) = (
        label
        for label, band in banding["bands"].items()
        if all(
            tests[bound](Fraction(edge.rstrip("%")) / (100 if edge.endswith("%") else 1))
            for bound, edge in band.items()
        )
    )
    return str(label)


def edges(banding: Plain) -> list[Fraction]:
    """The edges of bands."""
    texts = {edge for band in banding["bands"].values() for edge in band.values()}
    return [Fraction(edge.rstrip("%")) / (100 if edge.endswith("%") else 1) for edge in texts]


@given(rng=randoms(), labels=st.integers(2, 5), digits=st.integers(10**39, 10**40 - 1))
def test_exact_at_every_edge_of_a_number(rng: random.Random, labels: int, digits: int) -> None:
    """A number on an edge, or beside it by any power of ten down to the fortieth, gets the band that the edge says."""
    low = Fraction(digits, 10**40)
    banding = bands(rng, "marks", ["a", "b", "c", "d", "e"][:labels], low - 1, low, percent=False)
    framework = banded(banding, "number")
    for edge in edges(banding):
        for step in rng.sample(TINY, 6):
            amount = edge + step
            text = number_text(rng, amount)
            judgement = inspectlib.rate(framework, {"values": {"x": text}})
            assert judgement["overall"].rating == expected(banding, amount), (text, banding)
            assert judgement["x"].value == amount


@given(digits=st.integers(1, 10**40 - 2), stays=st.booleans(), power=st.integers(0, 40), sign=st.sampled_from([-1, 1]))
def test_exact_at_an_edge_of_forty_digits(digits: int, stays: bool, power: int, sign: int) -> None:
    """An edge written with 40 digits parts the numbers just there, and the number on it falls on the declared side."""
    edge = f"0.{digits:040d}"
    banding: Plain = {
        "scale": "marks",
        "bands": {"low": {"at_most" if stays else "below": edge}, "high": {"above" if stays else "at_least": edge}},
        **GROUND,
    }
    framework = banded(banding, "number")
    beside = Fraction(digits, 10**40) + Fraction(sign, 10**power)
    on, near = (
        inspectlib.rate(framework, {"values": {"x": decimal(amount)}}).overall
        for amount in (Fraction(digits, 10**40), beside)
    )
    assert on is not None
    assert near is not None
    assert on.rating == ("low" if stays else "high")
    assert near.rating == ("low" if sign < 0 else "high")


@given(rng=randoms(), labels=st.integers(2, 5))
def test_exact_at_every_edge_of_a_share(rng: random.Random, labels: int) -> None:
    """A share of a huge sample that lies on an edge, or one case beside it, gets the band that the edge says."""
    banding = bands(rng, "marks", ["a", "b", "c", "d", "e"][:labels], Fraction(0), Fraction(1), percent=False)
    framework = banded(banding, "share")
    for edge in edges(banding):
        of = edge.denominator * 10 ** rng.choice([0, 1, 20, 40])
        for step in (-1, 0, 1):
            yes = edge * of + step
            assert yes.denominator == 1
            if 0 <= yes <= of:
                tally = {"yes": str(yes), "of": str(of)}
                overall = inspectlib.rate(framework, {"tallies": {"answers": tally}}).overall
                assert overall is not None
                assert overall.rating == expected(banding, Fraction(yes, of)), (tally, banding)


BANDS_SHARES = [name for name in inspectlib.shipped() if name.startswith("hmip-") and name != "hmip-small-youth-2019"]


@pytest.mark.parametrize("name", BANDS_SHARES)
def test_exact_at_the_shipped_edges_for_every_sample_size(name: str) -> None:
    """For every edge and sample size up to 300, the shares just below, on and above the edge get their band."""
    graph = shipped_framework(name).graph
    banding = next(
        node for node in graph.nodes.values() if node.rule.tag == "band" and node.slots["of"][0].endswith(".share")
    )
    labels = ("Inadequate", "Requires improvement", "Good", "Outstanding")
    question = banding.name
    assert banding.binding.scale is not None
    for of in range(1, 301):
        for percent in (50, 65, 80):
            for yes in {percent * of // 100 + step for step in (-1, 0, 1, 2)}:
                if not 0 <= yes <= of:
                    continue
                rank = sum(100 * yes >= edge * of for edge in (50, 65, 80))
                share = graph[f"{question}.share"].rule.value(graph[f"{question}.share"].binding, [Tally(yes, of)])
                position = banding.rule.value(banding.binding, [share])
                assert banding.binding.scale.ratings[position] == labels[rank], (yes, of)  # type: ignore[index]


# --- the source text


#: What of math gives whole numbers from whole numbers and Fractions.
_WHOLE = frozenset({"ceil", "comb", "floor", "gcd", "lcm", "prod"})


def floats(text: str) -> list[str]:
    """Where a module makes, names as a type or reads a float."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            found.append(f"line {node.lineno}: the literal {node.value}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            found.append(f"line {node.lineno}: float()")
        annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
        if isinstance(annotation, ast.AST) and any(
            isinstance(part, ast.Name) and part.id == "float" for part in ast.walk(annotation)
        ):
            found.append(f"line {annotation.lineno}: a float as a type")  # type: ignore[attr-defined]
        if isinstance(node, ast.ImportFrom) and node.module == "math":
            found += [f"line {node.lineno}: math.{a.name}" for a in node.names if a.name not in _WHOLE]
        if isinstance(node, ast.Import):
            found += [f"line {node.lineno}: {a.name}" for a in node.names if a.name in {"math", "statistics", "random"}]
    return found


def divisions(text: str) -> set[str]:
    """The functions in which a true division stands."""
    found = set()

    def visit(node: ast.AST, function: str) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = node.name
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            found.add(function)
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(ast.parse(text), "")
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_exact_no_float_in_the_source(source: Path) -> None:
    """No module makes a float, has one as a literal, or takes one."""
    found = [
        line for line in floats(source.read_text("utf-8")) if source.stem != DRAWS or not line.endswith(": random")
    ]
    assert not found


def test_exact_every_division_is_reviewed() -> None:
    """Each `/` in the library divides a Fraction, or joins a path, and has been looked at."""
    found = {(path.stem, function) for path in SOURCES for function in divisions(path.read_text("utf-8"))}
    assert found == set(REVIEWED), "see that no float can come of the division, then list it in REVIEWED"


@pytest.mark.parametrize(
    "text",
    ["x = 0.5", "x = float(y)", "x: float = y", "def f(x: int | float): ...", "def f() -> float: ...", "import math"],
)
def test_exact_the_search_finds_floats(text: str) -> None:
    """The search for floats finds each way to come by one."""
    assert floats(text)


def test_exact_the_search_finds_divisions() -> None:
    """The search for divisions finds both ways to write one, and no floor division."""
    text = "def f(a, b):\n    a /= b\ndef g(a, b):\n    return a / b\ndef h(a, b):\n    return a // b"
    assert divisions(text) == {"f", "g"}
