"""Rows of tables for tests: what an inspection says, as the cells of a row."""

from __future__ import annotations

import random
from fractions import Fraction

from naive import Naive
from strategies import Plain, add_stated, make_evidence, make_open

#: So many rows has a table.
ROWS = 5
#: Heading, node and part of an evidence file, for one cell.
Meaning = tuple[str, str, str]
#: What a row says: its evidence.
Cells = dict[Meaning, str]
#: Cells that are wrong in most columns.
WRONG = ("Splendid", "1e1", "-1", "1/3", "99", "yes", "not rated", "not applicable", "0", "")


def column(meaning: Meaning) -> str:
    """The name of the column of a cell."""
    heading, node, part = meaning
    if heading == "departures" and part == "rating":
        return f"{node}.departure"
    return node if part in {"rating", "score"} else f"{node}.{part}"


def cells(evidence: Plain) -> Cells:
    """The cells of a row for an inspection, its cases counted."""
    found: Cells = {}
    answers = [case["answers"] for case in evidence.get("cases", ())]
    for question in answers[0] if answers else ():
        said = [answer[question] for answer in answers]
        of = len(said) - said.count("not applicable")
        counts = {"yes": str(said.count("yes")), "of": str(of)} if of else {"of": "Not applicable"}
        found |= {("tallies", question, part): text for part, text in counts.items()}
    for heading in ("tallies", "ratings", "panel", "departures", "values"):
        for node, entry in evidence.get(heading, {}).items():
            parts = entry if isinstance(entry, dict) else {_bare(heading): entry}
            found |= {(heading, node, part): text for part, text in parts.items()}
    return found


def _bare(heading: str) -> str:
    """The part that is meant where an evidence file gives only one."""
    return {"tallies": "of", "values": "score"}.get(heading, "rating")


def evidence_of(row: Cells) -> Plain:
    """The evidence that the cells of a row are."""
    found: Plain = {}
    for (heading, node, part), cell in row.items():
        if cell.strip():
            found.setdefault(heading, {}).setdefault(node, {})[part] = cell.strip()
    for heading, nodes in found.items():
        for node, parts in nodes.items():
            if heading == "tallies" and {cell.casefold() for cell in parts.values()} == {"not applicable"}:
                nodes[node] = "not applicable"
    return found


def rows_for(rng: random.Random, mapping: Plain) -> list[Cells]:
    """Some rows: complete, partly open, with computed values also stated, with departures, and now and then wrong."""
    naive = Naive(mapping)
    found = []
    for _ in range(ROWS):
        evidence = make_evidence(rng, naive)
        if rng.random() < 0.4:
            evidence = make_open(rng, evidence, Fraction(rng.randint(1, 9), 10))
        elif rng.random() < 0.6:
            evidence = add_stated(rng, naive, evidence)
        row = cells(evidence)
        if row and rng.random() < 0.3:
            row[rng.choice(list(row))] = rng.choice(WRONG)
        found.append(row)
    return found
