"""Promise 3. Deterministic: the same evidence gives the same bytes, in any order and for any hash seed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import inspectlib
from naive import Naive
from strategies import Example, any_framework, built, make_evidence, make_open, randoms

PROGRAM = """
import inspectlib, random
rng = random.Random(7)
framework = inspectlib.load({name!r})
asked = [q for _, _, _, s in framework.data.standards() for q in s.questions]
answers = ["yes", "yes", "no", "not applicable"]
cases = [{{"id": f"c{{i}}", "answers": {{q: rng.choice(answers) for q in asked}}}} for i in range(30)]
panel = {{n: "Good" for n, node in framework.graph.nodes.items() if node.rule.tag == "panel" and n != "1.2"}}
judgement = inspectlib.rate(framework, {{"cases": cases, "panel": panel}})
import sys
sys.stdout.buffer.write((judgement.to_json() + judgement.explain().text() + framework.fingerprint).encode())
"""


def shuffled(rng: random.Random, value: Any) -> Any:
    """The same data with the keys of each mapping in another order, and the cases too."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        found = {key: shuffled(rng, value[key]) for key in keys}
        if isinstance(found.get("cases"), list):
            rng.shuffle(found["cases"])
        return found
    return [shuffled(rng, item) for item in value] if isinstance(value, list) else value


@given(framework=any_framework(), rng=randoms(), is_open=st.booleans(), seed=st.integers(0, 2**32))
def test_deterministic_in_any_order(framework: Example, rng: random.Random, is_open: bool, seed: int) -> None:
    """Cases and keys of the evidence, and keys of the framework, can come in any order: the bytes are the same."""
    mapping, checked, _ = framework
    naive = Naive(mapping)
    evidence = make_evidence(rng, naive)
    if is_open:
        evidence = make_open(rng, evidence, Fraction(3, 10))
    order = random.Random(seed)
    first = inspectlib.rate(checked, evidence)
    again = inspectlib.rate(built(shuffled(order, mapping)), shuffled(order, evidence))
    assert again.to_json() == first.to_json()
    assert again.framework.fingerprint == first.framework.fingerprint
    for name in ("overall", "total"):
        if name in first.outcomes:
            assert again.explain(name).text() == first.explain(name).text()


@pytest.mark.parametrize("name", ["hmip-crc-2019"])
def test_deterministic_for_any_hash_seed(name: str) -> None:
    """Five processes with different hash seeds write the same bytes."""
    written = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM.format(name=name)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "2", "33", "4294967295")
    }
    assert len(written) == 1
    assert b'"fingerprint"' in next(iter(written))


def test_deterministic_sees_another_result() -> None:
    """Other evidence gives other bytes."""
    framework = inspectlib.load("hmip-crc-2018")
    assert (
        inspectlib.rate(framework, {"ratings": {"1.1": "Good"}}).to_json() != inspectlib.rate(framework, {}).to_json()
    )
