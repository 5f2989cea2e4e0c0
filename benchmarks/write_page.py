"""Run every benchmark, and write what was measured into the page on speed.

``python benchmarks/write_page.py FOLDER [ROUNDS [PART ...]]``, with FOLDER a copy of the peers' benchmark as for
`peers.py`. The parts of the page are between comments that name them; nothing else of it is touched.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cold_start
import engines
import growth
import peers

import inspectlib

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "speed.md"
NAMES = {
    "plain_python": "plain hand-written Python",
    "inspectlib_compiled": "**inspectlib, compiled**",
    "jsonlogic_datalogic": "datalogic-py (Rust)",
    "zen_graph": "zen-engine (Rust)",
    "numpy_vec": "NumPy by hand",
    "inspectlib_arrays": "**inspectlib, NumPy columns**",
    "hamilton_lib": "Hamilton",
}


def machine() -> Iterator[str]:
    """What it was measured on."""
    cpu = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    load = os.getloadavg()[2]
    day = f"{datetime.now(UTC):%d %B %Y}".lstrip("0")
    yield f"{os.cpu_count()} cores ({cpu}, {platform.system()}, Python {platform.python_version()}), {day}."
    yield f"Others used the machine: on average {load:.0f} programs wanted to run."


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text("utf-8").splitlines() if file.exists() else []


def beside_peers(bench: Path, rounds: int) -> Iterator[str]:
    """The peers' benchmark."""
    out = bench / "results" / "page.json"
    arguments = ["run", "--rounds", str(rounds), "--single-seconds", "0.2", "--batch-seconds", "1", "--out", str(out)]
    peers.main(bench, arguments)
    tools = json.loads(out.read_text("utf-8"))["tools"]
    yield "| | A single, µs | A batch, a second | B single, µs | B batch, a second |"
    yield "|---|--:|--:|--:|--:|"
    for tool, name in NAMES.items():
        cells = []
        for model in "AB":
            run = tools[tool][model]
            cells.append(f"{statistics.median(one['us'] for one in run['single']):,.3g}")
            cells.append(_rate(run["batch_n"] / statistics.median(one["s"] for one in run["batch"])))
        yield f"| {name} | {' | '.join(cells)} |"


def _rate(number: float) -> str:
    return f"{number / 1e6:,.3g} M" if number >= 1e6 else f"{number / 1e3:,.3g} k"


def reasons(bench: Path) -> Iterator[str]:
    """Short reasons beside zen-engine with its trace, model A, in turns."""
    framework = inspectlib.load(engines.MODELS / "model-a.yaml")
    one = inspectlib.compile(framework, engines.STANDARDS, results=["overall"], ratings="positions")
    three = inspectlib.compile(framework, engines.STANDARDS, results=["r11", "total", "overall"], ratings="positions")
    rows = [{name: (7 * row + 3 * place) % 4 for place, name in enumerate(engines.STANDARDS)} for row in range(64)]
    evidence = [{"ratings": {name: str(value) for name, value in row.items()}} for row in rows]
    times: dict[str, list[float]] = {name: [] for name in ("zen", "overall", "all", "rate", "full")}
    ways: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "overall": (one.explained, rows),
        "all": (three.explained, rows),
        "rate": (lambda said: inspectlib.rate(framework, said), evidence),
        "full": (lambda said: inspectlib.rate(framework, said).explain("overall").text(), evidence[:8]),
    }
    for _ in range(5):
        python = bench.parent / "venvs" / "zen" / "bin" / "python"
        done = subprocess.run([python, "traces.py", "zen_graph"], cwd=bench, check=True, capture_output=True, text=True)
        times["zen"].append(json.loads(done.stdout)["traced_us"])
        for name, (way, inputs) in ways.items():
            way(inputs[0])
            seconds = []
            for said in inputs * 8:
                started = time.perf_counter()
                way(said)
                seconds.append(time.perf_counter() - started)
            times[name].append(statistics.median(seconds) * 1e6)
    titles = {
        "zen": "zen-engine with its trace",
        "overall": "**`explained`**, the overall rating with its short reason",
        "all": "**`explained`**, the capped rating, the total and the overall rating",
        "rate": "`rate`: every node with what decided it, and the record",
        "full": "`rate` and `explain` as text: with the evidence that is enough",
    }
    yield "| model A, one inspection | µs |"
    yield "|---|--:|"
    for name, title in titles.items():
        yield f"| {title} | {statistics.median(times[name]):,.3g} |"


def tables(rounds: int) -> Iterator[str]:
    """Tables by engine."""
    yield "| | rows | M rows a second | beside |"
    yield "|---|--:|--:|---|"
    for found in engines.comparisons(1_000_000, rounds):
        by_hand = [way for way in found.ways if "by hand" in way.name]
        for way in found.ways:
            if way not in by_hand:
                ratios = (f"{o.seconds / way.seconds:.2f} ({o.work / way.work:.2f}) of {o.name}" for o in by_hand)
                speed = found.rows / way.seconds / 1e6
                name = way.name.removeprefix("inspectlib on ")
                title = found.title.removesuffix(f", {name}")
                yield f"| {title}, {name} | {found.rows / 1e6:.0f} M | {speed:,.3g} | {'; '.join(ratios)} |"


def growing(rounds: int) -> Iterator[str]:
    """Growth with the nodes of a graph."""
    yield "| graph, and what is done | 1,000 nodes, ms | 10,000 nodes, ms | times |"
    yield "|---|--:|--:|--:|"
    for g in growth.growths(rounds):
        yield f"| {g.name} | {g.small * 1e3:,.0f} | {g.large * 1e3:,.0f} | {g.large / g.small:.1f} |"


def starting(rounds: int) -> Iterator[str]:
    """Cold starts."""
    yield "| a process that does | times `import attrs, cattrs` |"
    yield "|---|--:|"
    for name, (fastest, median) in cold_start.ratios(rounds).items():
        yield f"| {name} | {fastest:.2f} (median {median:.2f}) |"


def main(bench: Path, rounds: int, only: list[str]) -> None:
    """Run all or some, and write the page."""
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "machine": machine,
        "peers": lambda: beside_peers(bench, rounds),
        "reasons": lambda: reasons(bench),
        "tables": lambda: tables(rounds),
        "growth": lambda: growing(rounds),
        "start": lambda: starting(5 * rounds),
    }
    page = PAGE.read_text("utf-8")
    for name, run in parts.items():
        if only and name not in only:
            continue
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, rest = page.split(begin)
        page = before + begin + "\n".join(run()) + "\n" + end + rest.split(end)[1]
        print(page.split(begin)[1].split(end)[0], flush=True)
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 5, sys.argv[3:])
