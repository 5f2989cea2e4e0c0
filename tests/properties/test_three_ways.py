"""Three ways to show a law agree on random frameworks: what is proven no search refutes, what is refuted replays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings

import inspectlib
from inspectlib.graph import Framework
from inspectlib.laws import How, Status
from inspectlib.laws.laws import Laws
from inspectlib.testing.search import searched
from strategies import Example, any_framework, seeded_frameworks
from test_seeded_faults import SHOWN

#: What is searched with whole inspections, beside what is proven by type, by exhaustion or by the solver.
BESIDE = ("monotone", "open", "sizes", "ordered")


def ratings(framework: Framework, evidence: Mapping[str, Any]) -> dict[str, str]:
    """What evidence gives each node that is rated, stated ratings among them."""
    outcomes = inspectlib.rate(framework, evidence).outcomes
    stated = {name: rating for name, rating in evidence.get("ratings", {}).items() if rating != "not rated"}
    return stated | {name: outcome.rating for name, outcome in outcomes.items() if outcome.rating}


def test_what_is_proven_is_not_refuted_by_search() -> None:
    """Where every finding of a law is proven, a search over whole inspections finds nothing against it."""
    proven: Counter[tuple[str, How]] = Counter()
    for example in seeded_frameworks(20230704, 9):
        laws = Laws(example.framework)
        for law in BESIDE:
            findings = list(getattr(laws, law)())
            if any(finding.status is not Status.PROVEN for finding in findings):
                continue
            found = searched(example.framework, law, 12)
            assert found.status is not Status.REFUTED, (law, found.says, found.evidence, example.made_from)
            proven.update((law, finding.how) for finding in findings)
    assert {law for law, _ in proven} == set(BESIDE)
    assert {how for _, how in proven} >= {How.TYPE, How.EXHAUSTION}


@settings(max_examples=12)
@given(example=any_framework())
def test_what_is_refuted_replays(example: Example) -> None:
    """Rating the evidence of any law that is refuted shows that it does not hold, whatever way it was refuted."""
    laws = Laws(example.framework)
    for law, shows in SHOWN.items():
        for finding in getattr(laws, law)():
            if finding.status is Status.REFUTED and finding.evidence:
                worlds = [ratings(example.framework, evidence) for evidence in finding.evidence]
                assert shows(laws, finding.about, worlds), (law, finding.about, finding.says, finding.evidence)
