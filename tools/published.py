"""Reproduce published ratings with the shipped frameworks, and write the page that shows what came out.

    python tools/published.py [FOLDER]            write docs/explanation/published.md
    python tools/published.py [FOLDER] --check    exit 1 when the page is not what the run gives

FOLDER holds the published ratings; it is `../shared/data` beside the repository unless given. They are no part of the
project: the page states figures and single rows.

Each data set is rated under its framework, and again under rules that are wrong on purpose, which must lose rows. Rules
that lose none are ones that the rows cannot tell from the shipped ones; the page lists them apart.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

import inspectlib
from inspectlib import Framework

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "published.md"
WIDTH = 120
DATA = ROOT.parent / "shared" / "data"

#: What was published of one row before its overall rating, by column; a column that is empty is left out.
Inputs = tuple[tuple[str, str], ...]
#: Evidence in the form of an evidence file.
Plain = dict[str, Any]

GROUND = {"basis": "modelled", "source": "wrong-on-purpose"}
REASON = "the published rating departs from what the rules normally give; the data does not say why"


class Verdict(Enum):
    """How a computed rating stands to the published one."""

    EXACT = "reproduced exactly"
    OPEN = "open, the published rating among those still possible"
    NOT = "not reproduced"


@attrs.frozen
class Row:
    """One published row.

    Attributes:
        name: what the page calls it.
        inputs: what was published of it before the overall rating.
        published: its published overall rating.
        stands_for: how many establishments the row stands for.
    """

    name: str
    inputs: Inputs
    published: str
    stands_for: int = 1


@attrs.frozen
class Computed:
    """The overall rating that a framework gives.

    Attributes:
        text: the rating, or the interval, in words.
        possible: the ratings that it can be: one when it is settled.
    """

    text: str
    possible: tuple[str, ...]

    def verdict(self, published: str) -> Verdict:
        """How it stands to the published rating."""
        if published not in self.possible:
            return Verdict.NOT
        return Verdict.EXACT if len(self.possible) == 1 else Verdict.OPEN


@attrs.frozen
class Variant:
    """A framework with a rule that is wrong on purpose.

    Attributes:
        title: what is wrong.
        changes: entries of a framework file over the framework of the data set, without their basis and source.
        shipped: in place of changes: another shipped framework.
    """

    title: str
    changes: Mapping[str, Mapping[str, Plain]] = attrs.field(factory=dict)
    shipped: str = ""


@attrs.frozen(kw_only=True)
class DataSet:
    """Published ratings, and the framework that must give them.

    Attributes:
        title: the heading on the page.
        framework: the name of the framework.
        compared: what is compared, for people.
        licence: the licence of the data.
        units: what the rows stand for.
        read: the rows, from the folder with the data.
        evidence: the evidence for the inputs of a row.
        wrong: rules that are wrong and lose rows.
        unseen: other rules that lose no row, so that the rows cannot tell them from the shipped ones.
        silent: what no row shows, for people.
        known: why a row is not reproduced, where that is known, by the beginning of its name.
    """

    title: str
    framework: str
    compared: str
    licence: str
    units: str
    read: Callable[[Path], list[Row]]
    evidence: Callable[[Mapping[str, str]], Plain]
    wrong: tuple[Variant, ...]
    unseen: tuple[Variant, ...] = ()
    silent: str
    known: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Effect:
    """What a variant does to the rows.

    Attributes:
        variant: the variant.
        lost: the rows that it gets wrong and the framework does not.
        gained: the rows that the framework gets wrong and it does not.
    """

    variant: Variant
    lost: tuple[Row, ...]
    gained: tuple[Row, ...]


@attrs.frozen
class Comparison:
    """A data set compared with what its framework gives.

    Attributes:
        data: the data set.
        rows: its rows.
        computed: what the framework gives for each different input.
        departed: for each row that is not reproduced, what it gives with a departure recorded.
        wrong: what the wrong rules do.
        unseen: what the other rules do, which lose no row.
    """

    data: DataSet
    rows: tuple[Row, ...]
    computed: Mapping[Inputs, Computed]
    departed: Mapping[Row, str]
    wrong: tuple[Effect, ...]
    unseen: tuple[Effect, ...]

    def having(self, verdict: Verdict) -> tuple[Row, ...]:
        """The rows with a verdict, in the order of the data."""
        return tuple(row for row in self.rows if self.computed[row.inputs].verdict(row.published) is verdict)


# --- reading


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, which may be compressed."""
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def columns(row: Mapping[str, str], names: Iterable[str]) -> Inputs:
    """The columns of a row that say something."""
    return tuple((name, row[name]) for name in names if row[name])


YOUTH_COLUMNS = ("score", "out_of")
FOOD_COLUMNS = ("hygiene", "structural", "confidence")
STAR_COLUMNS = ("health_inspection", "staffing", "quality", "special_focus")
CARE_COLUMNS = ("safe", "effective", "caring", "responsive", "well_led")


def read_youth(folder: Path) -> list[Row]:
    """The published youth inspections."""
    rows = read_csv(folder / "hmip_youth_overall.csv")
    return [Row(f"{r['service']}, {r['published']}", columns(r, YOUTH_COLUMNS), r["overall"]) for r in rows]


def read_food(folder: Path) -> list[Row]:
    """The published food hygiene ratings, each row standing for the establishments with these scores."""
    rows = read_csv(folder / "food_hygiene_2015.csv")
    return [Row(r["snapshot"], columns(r, FOOD_COLUMNS), r["rating"], int(r["n"])) for r in rows]


def read_stars(folder: Path) -> list[Row]:
    """The published star ratings of nursing homes."""
    rows = read_csv(folder / "nursing_homes_2020.csv.gz")
    return [Row(r["ccn"], columns(r, STAR_COLUMNS), r["overall"]) for r in rows]


def read_care(folder: Path) -> list[Row]:
    """The published care quality ratings."""
    rows = read_csv(folder / "care_quality_ratings.csv")
    return [
        Row(f"{r['source']} {r['location']} ({r['level']}, {r['published']})", columns(r, CARE_COLUMNS), r["overall"])
        for r in rows
    ]


# --- evidence


def youth_evidence(inputs: Mapping[str, str]) -> Plain:
    """A total with its maximum."""
    return {"values": {"total": {"score": inputs["score"], "max": inputs["out_of"]}}}


def food_evidence(inputs: Mapping[str, str]) -> Plain:
    """Three scores."""
    return {"values": dict(inputs)}


def star_evidence(inputs: Mapping[str, str]) -> Plain:
    """Three ratings, and whether the facility is a special focus facility."""
    values = {name: value for name, value in inputs.items() if name == "special_focus"}
    return {"ratings": {name: value for name, value in inputs.items() if name not in values}, "values": values}


def care_evidence(inputs: Mapping[str, str]) -> Plain:
    """The ratings of the key questions."""
    return {"ratings": dict(inputs)}


# --- rating


def compute(framework: Framework, evidence: Plain) -> Computed:
    """The overall rating that a framework gives."""
    overall = inspectlib.rate(framework, evidence).overall
    assert overall is not None
    if overall.between is None:
        return Computed(overall.text(), (overall.text(),))
    scale = framework.graph["overall"].binding.scale
    assert scale is not None
    worst, best = (scale.position(str(end)) for end in overall.between)
    return Computed(overall.text(), scale.ratings[worst : best + 1])


def compute_all(data: DataSet, rows: Iterable[Row], framework: Framework) -> dict[Inputs, Computed]:
    """What a framework gives for each different input, each rated once."""
    return {inputs: compute(framework, data.evidence(dict(inputs))) for inputs in dict.fromkeys(r.inputs for r in rows)}


def load_variant(variant: Variant, base: str) -> Framework:
    """The framework of a variant: written to a file that extends the base, and loaded as any own framework is."""
    if variant.shipped:
        return inspectlib.load(variant.shipped)
    changes = {
        part: {name: {**entry, **GROUND} for name, entry in entries.items()}
        for part, entries in variant.changes.items()
    }
    own = {
        "id": "wrong-on-purpose",
        "version": "1",
        "title": variant.title,
        "extends": base,
        "sources": {"wrong-on-purpose": {"title": "A rule that is wrong on purpose"}},
        **GROUND,
        **changes,
    }
    with TemporaryDirectory() as folder:
        file = Path(folder) / "wrong-on-purpose.json"
        file.write_text(json.dumps(own), "utf-8")
        return inspectlib.load(file)


def effect(data: DataSet, rows: Sequence[Row], right: Mapping[Inputs, Computed], variant: Variant) -> Effect:
    """What a variant does to the rows."""
    wrong = compute_all(data, rows, load_variant(variant, data.framework))
    missed_before = {row for row in rows if right[row.inputs].verdict(row.published) is Verdict.NOT}
    missed_now = {row for row in rows if wrong[row.inputs].verdict(row.published) is Verdict.NOT}
    lost = tuple(row for row in rows if row in missed_now - missed_before)
    gained = tuple(row for row in rows if row in missed_before - missed_now)
    return Effect(variant, lost, gained)


def with_departure(framework: Framework, data: DataSet, row: Row) -> str:
    """The rating of a row when the panel's departure to its published rating is recorded."""
    departure = {"departures": {"overall": {"rating": row.published, "reason": REASON}}}
    try:
        return compute(framework, {**data.evidence(dict(row.inputs)), **departure}).text
    except inspectlib.InspectError as error:
        return f"refused: {error}"


def compare(data: DataSet, folder: Path) -> Comparison:
    """A data set compared with what its framework and the wrong rules give."""
    framework, rows = inspectlib.load(data.framework), tuple(data.read(folder))
    computed = compute_all(data, rows, framework)
    missed = [row for row in rows if computed[row.inputs].verdict(row.published) is Verdict.NOT]
    return Comparison(
        data,
        rows,
        computed,
        {row: with_departure(framework, data, row) for row in missed},
        tuple(effect(data, rows, computed, variant) for variant in data.wrong),
        tuple(effect(data, rows, computed, variant) for variant in data.unseen),
    )


def run(folder: Path = DATA) -> tuple[Comparison, ...]:
    """Every data set compared."""
    return tuple(compare(data, folder) for data in DATA_SETS)


# --- the data sets, and rules that are wrong on purpose


def number_bands(scale: str, edges: Sequence[tuple[str, str]], labels: Sequence[str], **more: str) -> Plain:
    """Bands in rising order of their numbers: for each edge between two of them, the number and who has it."""
    bands: dict[str, dict[str, str]] = {label: {} for label in labels}
    for (number, owner), (lower, upper) in zip(edges, pairwise(labels), strict=True):
        bands[lower]["at_most" if owner == "lower" else "below"] = number
        bands[upper]["above" if owner == "lower" else "at_least"] = number
    return {"scale": scale, "bands": bands, **more}


RATINGS = ("Inadequate", "Requires improvement", "Good", "Outstanding")


def mean_edges(title: str, *owners: str) -> Variant:
    """The bands of the mean score with the edges 1/2, 3/2 and 5/2 in the band that is named for each."""
    edges = tuple(zip(("1/2", "3/2", "5/2"), owners, strict=True))
    bands = {"turned": number_bands("ratings", edges, RATINGS)}
    return Variant(title, {"bands": bands, "nodes": {"overall_by_score": {"bands": "turned"}}})


def total_edges(title: str, *edges: str) -> Variant:
    """The bands of the food hygiene total with these edges."""
    owners = tuple((edge, "lower") for edge in edges)
    bands = {"moved": number_bands("ratings", owners, ("5", "4", "3", "2", "1", "0"), better="lower")}
    return Variant(title, {"bands": bands, "nodes": {"rating_by_total": {"bands": "moved"}}})


def outstanding_rows(count: int, otherwise: str) -> list[Plain]:
    """Outstanding from so many key questions, and what they give when the rest is not Good."""
    many = f"at least {count}"
    return [
        {"when": {"outstanding_count": many, "lowest_rating": "at least Good"}, "then": "Outstanding"},
        {"when": {"outstanding_count": many, "lowest_rating": "below Good"}, "then": otherwise},
        {"when": {"outstanding_count": f"below {count}"}, "then": "Good"},
    ]


YOUTH = DataSet(
    title="Probation: youth inspections 2021-2025",
    framework="hmip-youth-2021",
    compared=(
        "HM Inspectorate of Probation. From the total score and its maximum, the overall rating. Resettlement, which"
        " the framework rates apart, is not in the file, and is taken as not rated."
    ),
    licence="Open Government Licence v3 (OGL v3)",
    units="inspections",
    read=read_youth,
    evidence=youth_evidence,
    wrong=(
        mean_edges("a mean on an edge falls up, as a share does", "upper", "upper", "upper"),
        Variant(
            "the total, as a share of its maximum, is banded like a share of cases (50%, 65%, 80%)",
            {"nodes": {"overall_by_score": {"of": "total", "bands": "shares"}}},
        ),
    ),
    unseen=(
        mean_edges("a mean of exactly 1/2 falls up", "upper", "lower", "lower"),
        mean_edges("a mean of exactly 5/2 falls up", "lower", "lower", "upper"),
    ),
    silent="means of exactly 1/2 or 5/2; the ratings of standards; resettlement.",
)

FOOD = DataSet(
    title="Food hygiene ratings 2015",
    framework="food-hygiene-rating",
    compared=(
        "Food Hygiene Rating Scheme, UK. From the scores for hygiene, structure and confidence in management, the"
        " rating 0 to 5. Each row stands for all establishments with the same scores and rating."
    ),
    licence="Open Government Licence v3 (OGL v3)",
    units="establishments",
    read=read_food,
    evidence=food_evidence,
    wrong=(
        Variant(
            "no single-score limits: the total alone",
            {"nodes": {"overall": {"rule": "band", "of": "total", "bands": "totals"}}},
        ),
        total_edges("5 up to a total of 10, not 15", "10", "20", "30", "40", "50"),
        total_edges("4 up to a total of 25, not 20", "15", "25", "30", "40", "50"),
        total_edges("3 up to a total of 25, not 30", "15", "20", "25", "40", "50"),
        total_edges("2 up to a total of 35, not 40", "15", "20", "30", "35", "50"),
        total_edges("1 up to a total of 45, not 50", "15", "20", "30", "40", "45"),
        Variant("5 allows a score of 10", {"nodes": {"over_5": {"above": "10"}}}),
        Variant("4 and 3 allow a score of 15", {"nodes": {"over_10": {"above": "15"}}}),
        Variant("2 allows a score of 20", {"nodes": {"over_15": {"above": "20"}}}),
        Variant("1 allows a score of 25", {"nodes": {"over_20": {"above": "25"}}}),
    ),
    silent="scores of 15 or 25 for confidence in management, which the framework accepts.",
)

STARS = DataSet(
    title="Nursing home stars 2020",
    framework="nursing-home-stars-2019",
    compared=(
        "Nursing home five-star ratings, US. From the stars for health inspection, staffing and quality, and whether"
        " the home is a special focus facility, the overall stars. The framework of 2022 is a wrong rule here: it"
        " came later."
    ),
    licence="US public domain",
    units="nursing homes",
    read=read_stars,
    evidence=star_evidence,
    wrong=(
        Variant(
            "one health inspection star can rise by more than one",
            {"nodes": {"overall": {"of": "after_quality"}}},
        ),
        Variant("staffing by the rules since July 2022", shipped="nursing-home-stars-2022"),
        Variant(
            "four-star staffing adds one also where it is not above the health inspection stars",
            {
                "nodes": {
                    "staffing_adjustment": {
                        "inputs": ["staffing"],
                        "rows": [
                            {"when": {"staffing": ["4", "5"]}, "then": "1"},
                            {"when": {"staffing": ["2", "3", "absent"]}, "then": "0"},
                            {"when": {"staffing": "1"}, "then": "-1"},
                        ],
                    }
                }
            },
        ),
        Variant(
            "kept within 1 and 5 at the end alone, not after each step",
            {
                "nodes": {
                    "adjustments": {"rule": "total", "of": ["staffing_adjustment", "quality_adjustment"]},
                    "after_quality": {"of": "health_inspection", "by": "adjustments"},
                }
            },
        ),
        Variant(
            "quality first, then staffing",
            {"nodes": {"after_staffing": {"by": "quality_adjustment"}, "after_quality": {"by": "staffing_adjustment"}}},
        ),
    ),
    unseen=(
        Variant("no limit for a special focus facility", {"nodes": {"overall": {"to": "5"}}}),
        Variant(
            "a missing quality rating takes one star",
            {
                "nodes": {
                    "quality_adjustment": {
                        "rows": [
                            {"when": {"quality": "5"}, "then": "1"},
                            {"when": {"quality": ["2", "3", "4"]}, "then": "0"},
                            {"when": {"quality": ["1", "absent"]}, "then": "-1"},
                        ]
                    }
                }
            },
        ),
    ),
    silent='missing ratings; special focus facilities (the column says "no" throughout).',
)

CARE = DataSet(
    title="Care quality ratings",
    framework="care-quality-2022",
    compared=(
        "Care Quality Commission, England. From the ratings of the five key questions, the overall rating. The rules"
        " say what is normally so, and ratings may depart from it by judgement. The name of a row begins with the"
        " collection that it was taken from."
    ),
    licence="Open Government Licence v3 (OGL v3)",
    units="ratings",
    read=read_care,
    evidence=care_evidence,
    wrong=(
        Variant(
            "no limit for two key questions below Good",
            {"nodes": {"limited_one_inadequate": {"of": "good_or_outstanding"}}},
        ),
        Variant(
            "Outstanding from one key question Outstanding",
            {"nodes": {"good_or_outstanding": {"rows": outstanding_rows(1, "Good")}}},
        ),
        Variant(
            "Outstanding from three key questions Outstanding",
            {"nodes": {"good_or_outstanding": {"rows": outstanding_rows(3, "Good")}}},
        ),
        Variant("one Inadequate gives Inadequate", {"nodes": {"normally": {"when": "one_inadequate"}}}),
        Variant("Inadequate needs three key questions Inadequate", {"nodes": {"two_inadequate": {"at_least": "3"}}}),
        Variant(
            "safe and well-led too are left out when they are missing",
            {
                "nodes": {
                    name: {"missing": "not rated", "missing_reason": "not in the published row"}
                    for name in ("safe", "well_led")
                }
            },
        ),
    ),
    unseen=(
        Variant(
            "no limit for one Inadequate (the limit is modelled)",
            {"nodes": {"normally": {"of": "limited_two_below_good"}}},
        ),
        Variant(
            "Outstanding from two key questions Outstanding also where another is below Good",
            {"nodes": {"good_or_outstanding": {"rows": outstanding_rows(2, "Outstanding")}}},
        ),
    ),
    silent=(
        "one Inadequate and all others Good or better (a second one below Good is always there, and leads to the same"
        " rating); two Outstanding and another below Good."
    ),
    known={"oldham 1-139948467 ": "known to depart by judgement"},
)

DATA_SETS = (YOUTH, FOOD, STARS, CARE)


# --- the page


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], numbers: int = 0) -> Iterator[str]:
    """A table; the last columns, so many, hold numbers."""
    rules = ["---"] * (len(heads) - numbers) + ["---:"] * numbers
    for cells in (heads, rules, *rows):
        yield f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


def weight(rows: Iterable[Row]) -> int:
    """How many establishments rows stand for."""
    return sum(row.stands_for for row in rows)


def inputs_text(inputs: Inputs) -> str:
    """Inputs for people."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in inputs)


def wrapped(text: str) -> list[str]:
    """A paragraph in lines."""
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def figures(found: Iterable[Comparison]) -> Iterator[str]:
    """The table of figures."""
    rows = (
        [
            comparison.data.title,
            f"`{comparison.data.framework}`",
            f"{weight(comparison.rows):,} {comparison.data.units}",
            len(comparison.rows),
            len(comparison.computed),
            *(len(comparison.having(verdict)) for verdict in Verdict),
        ]
        for comparison in found
    )
    heads = ["data", "framework", "the rows stand for", "rows", "different inputs", *(v.value for v in Verdict)]
    return table(heads, rows, numbers=5)


def effects(comparison: Comparison, found: Sequence[Effect]) -> Iterator[str]:
    """The table of wrong rules."""
    units = comparison.data.units
    weighted = any(row.stands_for != 1 for row in comparison.rows)
    heads = ["rule", "rows lost", *([f"{units} lost"] if weighted else []), "rows gained"]
    rows = ([e.variant.title, len(e.lost), *([weight(e.lost)] if weighted else []), len(e.gained)] for e in found)
    return table(heads, rows, numbers=len(heads) - 1)


def missed_rows(comparison: Comparison) -> Iterator[str]:
    """The rows that are not reproduced, each with why where that is known, and those that are open."""
    missed, still_open = comparison.having(Verdict.NOT), comparison.having(Verdict.OPEN)
    exact = comparison.having(Verdict.EXACT)
    some = f"{len(exact):,} of {len(comparison.rows):,} rows are"
    yield f"{'Every row is' if len(exact) == len(comparison.rows) else some} reproduced exactly."
    if missed:
        yield from ("", "Not reproduced:", "")
        heads = ["row", "published inputs", "published", "computed", "with a recorded departure", "why"]
        yield from table(heads, (_missed(comparison, row) for row in missed))
    if still_open:
        yield from ("", "Open, because a rating that cannot be left out is missing from the row:", "")
        heads = ["row", "published inputs", "published", "computed"]
        rows = ([*_start(row), comparison.computed[row.inputs].text] for row in still_open)
        yield from table(heads, rows)


def _start(row: Row) -> list[str]:
    return [row.name, inputs_text(row.inputs), row.published]


def _missed(comparison: Comparison, row: Row) -> list[str]:
    known = (why for beginning, why in comparison.data.known.items() if row.name.startswith(beginning))
    computed = comparison.computed[row.inputs].text
    return [*_start(row), computed, comparison.departed[row], next(known, "not known")]


def section(comparison: Comparison) -> Iterator[str]:
    """The section of a data set."""
    data = comparison.data
    yield from (f"## {data.title}", "", *wrapped(f"{data.compared} Licence of the data: {data.licence}."), "")
    yield from missed_rows(comparison)
    yield from ("", "Rules that are wrong on purpose:", "", *effects(comparison, comparison.wrong))
    yield from ("", *wrapped(f"No row shows: {data.silent}"))
    if comparison.unseen:
        yield from ("", "So the rows cannot tell these rules from the shipped ones:", "")
        yield from effects(comparison, comparison.unseen)
    yield ""


INTRODUCTION = """\
# Published ratings, reproduced

<!-- This page is written by tools/published.py. Change that, not this. -->

Regulators publish ratings together with what the ratings rest on. This page shows what the shipped frameworks make of
such rows, taken from published data of four regulators: every different input is rated once with `inspectlib.rate`,
and the overall rating is compared with the published one. The page is written by the tool that makes the comparison.
"""

READING = """\
A row is open when something it rests on is missing, and the rating is then an interval. It counts as neither reproduced
nor wrong.

That a right rule gives the published ratings says little unless a wrong one does not. So each data set is also rated
by rules that are wrong on purpose: small frameworks of their own that extend the shipped one and change one thing. A
row is lost when it is reproduced, or open with the published rating still possible, under the shipped framework and not
under the wrong rule; it is gained the other way round.
"""

ENDING = """\
## Run it

```sh
python tools/published.py            # writes this page
python tools/published.py --check    # exits 1 when this page is not what the run gives
```

The data is not part of the project. The tool looks for it in `../shared/data` beside the repository, or in the folder
given to it. The youth, food hygiene and care quality ratings are under the Open Government Licence v3 (OGL v3); those
of nursing homes are in the US public domain. `tests/test_published.py` makes the same run where the data is there.
"""


def page(found: Sequence[Comparison]) -> str:
    """The page."""
    parts = [INTRODUCTION, "\n".join(figures(found)) + "\n", READING, *("\n".join(section(c)) for c in found), ENDING]
    return "\n".join(parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(
        description="Reproduce published ratings, and write docs/explanation/published.md."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DATA, help="the folder with the published ratings")
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is not what the run gives")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        print(f"{options.folder}: no folder with published ratings", file=sys.stderr)
        return 2
    found = run(options.folder)
    print("\n".join(figures(found)))
    text = page(found)
    if not options.check:
        PAGE.write_text(text, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != text:
        print(f"{PAGE.name} is not what the run gives; run python tools/published.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
