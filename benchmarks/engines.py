"""What tables cost on Polars, DuckDB, pandas and NumPy, as ratios to the same thing written by hand in the same engine.

``python benchmarks/engines.py [ROWS] [ROUNDS]``: the rounds are interleaved. A ratio of 1 is as fast as by hand, above
1 is faster: of the fastest rounds by the clock, and of the least time of the processor, which other work on the machine
disturbs less. What is by hand reads clean columns: it looks for no answer that is missing or off its scale.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl

import inspectlib
import inspectlib.tables
from inspectlib.kinds import Kind

MODELS = Path(__file__).parent / "models"
STANDARDS = ("s11", "s12", "s13", "s14", "s21", "s22", "s23", "s24", "s31", "s32")
QUESTIONS = tuple(f"q{number}" for number in range(1, 13))
CASES = 100


def numpy_a(c: Any) -> Any:
    """Model A by hand in NumPy."""
    low = (c[4:] <= 1).sum(0, dtype=np.uint8)
    r = np.where(low >= 3, np.minimum(c[0], 1), c[0])
    t = r + c[1:].sum(0, dtype=np.uint8)
    return r, t, (t > 5).astype(np.uint8) + (t > 15) + (t > 25)


def polars_a(frame: pl.DataFrame) -> pl.DataFrame:
    """Model A by hand in Polars."""
    c = pl.col
    low = pl.sum_horizontal((c(name) <= 1).cast(pl.UInt8) for name in STANDARDS[4:])
    capped = pl.when(c("low") >= 3).then(pl.min_horizontal("s11", pl.lit(1, pl.UInt8))).otherwise("s11")
    total = sum((c(name) for name in STANDARDS[1:]), c("r11"))
    overall = (c("total") > 5).cast(pl.UInt8) + (c("total") > 15).cast(pl.UInt8) + (c("total") > 25).cast(pl.UInt8)
    lazy = frame.lazy().with_columns(low=low).with_columns(r11=capped).with_columns(total=total)
    return lazy.with_columns(overall=overall).drop("low", "r11").collect()


def band(expression: Any, lit: Callable[[int], Any], when: Callable[..., Any]) -> Any:
    """The band of a share, in Polars."""
    return when(expression < 50).then(lit(0)).when(expression < 65).then(lit(1)).when(expression < 80).then(lit(2))


def polars_b(frame: pl.DataFrame) -> pl.DataFrame:
    """Model B by hand in Polars, from a table of cases."""
    shares = [(100 * pl.col(name).sum() / pl.len()).alias(name) for name in QUESTIONS]
    bands = [band(pl.col(name), pl.lit, pl.when).otherwise(pl.lit(3)).alias(name) for name in QUESTIONS]
    groups = [pl.min_horizontal(QUESTIONS[k : k + 3]).alias(f"r{k // 3 + 1}") for k in range(0, 12, 3)]
    return frame.lazy().group_by("inspection").agg(shares).select("inspection", *bands).with_columns(groups).collect()


def duckdb_b(table: Any) -> Any:
    """Model B by hand in DuckDB."""
    share = "100.0 * count(*) FILTER (WHERE {0}) / count(*)"
    case = "CASE WHEN {0} < 50 THEN 0 WHEN {0} < 65 THEN 1 WHEN {0} < 80 THEN 2 ELSE 3 END"
    counts = ", ".join(f"{share.format(name)} AS {name}" for name in QUESTIONS)
    bands = ", ".join(f"{case.format(name)} AS {name}" for name in QUESTIONS)
    lowest = ", ".join(f"least({', '.join(QUESTIONS[k : k + 3])}) AS r{k // 3 + 1}" for k in range(0, 12, 3))
    found = duckdb.sql(
        f"SELECT *, {lowest} FROM (SELECT inspection, {bands} FROM (SELECT inspection, {counts} FROM table "
        "GROUP BY inspection))".replace("FROM table", f"FROM {table}")
    )
    assert found is not None
    return found.to_arrow_table()


def pandas_b(frame: pd.DataFrame) -> pd.DataFrame:
    """Model B by hand in pandas."""
    grouped = frame.groupby("inspection")[list(QUESTIONS)]
    shares = 100 * grouped.sum() / grouped.count()
    bands = (shares >= 50).astype(np.int8) + (shares >= 65) + (shares >= 80)
    for k in range(0, 12, 3):
        bands[f"r{k // 3 + 1}"] = bands[list(QUESTIONS[k : k + 3])].min(axis=1)
    return bands


@attrs.frozen
class Way:
    """How long one way took.

    Attributes:
        name: what it is.
        seconds: the seconds of the fastest round, by the clock.
        median: those of the median round.
        work: the seconds of the processor, all its cores together, of the round with the least.
    """

    name: str
    seconds: float
    median: float
    work: float


@attrs.frozen
class Comparison:
    """Several ways to do one thing, timed in turns.

    Attributes:
        title: what was done.
        rows: to how many rows.
        ways: the ways, those by hand first.
    """

    title: str
    rows: int
    ways: tuple[Way, ...]


def compare(title: str, ways: dict[str, Callable[[], object]], rounds: int, rows: int) -> Comparison:
    """Time several ways in turns."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            started, worked = time.perf_counter(), time.process_time()
            way()
            times[name].append((time.perf_counter() - started, time.process_time() - worked))
    return Comparison(title, rows, tuple(_way(name, *zip(*found, strict=True)) for name, found in times.items()))


def _way(name: str, seconds: Sequence[float], work: Sequence[float]) -> Way:
    return Way(name, min(seconds), statistics.median(seconds), min(work))


def text(comparison: Comparison) -> str:
    """A comparison for people: the others as ratios, above 1 where the way is faster."""
    lines = [f"{comparison.title}, {comparison.rows:,} rows"]
    for way in comparison.ways:
        others = [other for other in comparison.ways if other is not way]
        ratios = "  ".join(f"{o.seconds / way.seconds:.2f} ({o.work / way.work:.2f}) of {o.name}" for o in others)
        speed = f"{comparison.rows / way.seconds / 1e6:7.2f} M a second"
        lines.append(f"  {way.name:24}{way.seconds * 1e3:9.1f} ms, median {way.median * 1e3:9.1f}  {speed}  {ratios}")
    return "\n".join(lines)


def comparisons(rows: int, rounds: int) -> Iterator[Comparison]:
    """All that is compared."""
    rng = np.random.default_rng(1)
    model_a = inspectlib.load(MODELS / "model-a.yaml")
    array = rng.integers(0, 4, (len(STANDARDS), rows)).astype(np.uint8)
    columns: Any = dict(zip(STANDARDS, array, strict=True))
    frame = pl.DataFrame(columns)
    rate = inspectlib.tables.rate
    yield compare(
        "Model A",
        {
            "NumPy by hand": lambda: numpy_a(array),
            "Polars by hand": lambda: polars_a(frame),
            "inspectlib on NumPy": lambda: rate(model_a, columns, ratings="positions"),
            "inspectlib on Polars": lambda: rate(model_a, frame, ratings="positions"),
        },
        rounds,
        rows,
    )
    for size in (rows, 10 * rows):
        yield from _of_cases(max(1, size // CASES), rounds)
    tallies = tallied(rows, rng)
    whole = inspectlib.load("hmip-crc-2019")
    in_polars = pl.DataFrame(tallies)
    yield compare(
        "hmip-crc-2019 from tallies by question and panel ratings",
        {
            "inspectlib on Polars": lambda: rate(whole, in_polars, ratings="positions"),
            "inspectlib on NumPy": lambda: rate(whole, tallies, ratings="positions"),
        },
        rounds,
        rows,
    )


def _of_cases(inspections: int, rounds: int) -> Iterator[Comparison]:
    """Model B from a table of cases, by engine."""
    rng, rate = np.random.default_rng(2), inspectlib.tables.rate
    model_b = inspectlib.load(MODELS / "model-b.yaml")
    answers = {name: rng.integers(0, 2, inspections * CASES).astype(bool) for name in QUESTIONS}
    cases = pl.DataFrame({"inspection": np.repeat(np.arange(inspections), CASES), **answers})
    in_pandas, in_arrow = cases.to_pandas(), cases.to_arrow()
    duckdb.register("cases", in_arrow)
    options: Any = {"by": "inspection", "ratings": "positions"}
    for engine, by_hand, ours in (
        ("Polars", lambda: polars_b(cases), lambda: rate(model_b, cases, **options)),
        ("DuckDB", lambda: duckdb_b("cases"), lambda: rate(model_b, duckdb.table("cases"), **options).to_arrow_table()),
        ("pandas", lambda: pandas_b(in_pandas), lambda: rate(model_b, in_pandas, **options)),
    ):
        ways: dict[str, Callable[[], object]] = {f"{engine} by hand": by_hand, f"inspectlib on {engine}": ours}
        yield compare(f"Model B from cases, {engine}", ways, rounds, inspections * CASES)


def main(rows: int, rounds: int) -> None:
    """Compare, and print."""
    for comparison in comparisons(rows, rounds):
        print(text(comparison), end="\n\n", flush=True)


def tallied(rows: int, rng: Any) -> Any:
    """Tallies of every key question and the ratings of the panel, made up."""
    columns: dict[str, Any] = {}
    for node in inspectlib.load("hmip-crc-2019").graph.nodes.values():
        if node.type.kind is Kind.ANSWERS:
            columns[f"{node.of}.of"] = rng.integers(1, 121, rows, np.uint8)
            columns[f"{node.of}.yes"] = rng.integers(0, columns[f"{node.of}.of"] + 1, dtype=np.uint8)
        elif node.rule.tag == "panel":
            columns[node.name] = rng.integers(0, 4, rows, np.uint8)
    return columns


if __name__ == "__main__":
    main(*(int(number) for number in (sys.argv[1:3] + ["1000000", "7"][len(sys.argv) - 1 :])))
