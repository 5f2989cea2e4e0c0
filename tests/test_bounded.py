"""Promise 10. Files are safe: whatever a reader is given takes less than a second and 100 MB, and raises our errors."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspectlib.errors import MAX_FAULTS, InspectError
from readers import CORPUS, READERS, kept, small_framework

Plain = dict[str, Any]

_GROUND: Plain = {"basis": "modelled", "source": "s"}
_HEAD: Plain = {"id": "a", "version": "1", "title": "t", **_GROUND, "sources": {"s": {"title": "t"}}}
_FLAG: Plain = {"rule": "given", "kind": "flag", **_GROUND}


def _rating(scale: Plain, **more: Any) -> Plain:
    return {**_HEAD, "scales": {"m": {**scale, **_GROUND}}, **more}


def _table(inputs: Plain, rows: list[Plain]) -> Plain:
    table = {"rule": "table", "kind": "number", "inputs": [*inputs], "rows": rows, **_GROUND}
    return {**_HEAD, "nodes": {**inputs, "t": table}}


def _number(most: int) -> Plain:
    return {"rule": "given", "kind": "number", "least": "0", "most": str(most), **_GROUND}


def _panels(each_standard: Plain, standards: int) -> Plain:
    """Standards that are rated by one method."""
    rating = {"rule": "panel", "scale": "m", **_GROUND}
    methods = {"p": {"title": "t", "each_standard": {**each_standard, "rating": rating}}}
    numbers = {f"1.{number}": {"title": "t"} for number in range(standards)}
    domains = {"1": {"title": "t", "method": "p", **_GROUND, "standards": numbers}}
    return _rating({"ratings": ["a", "b"]}, methods=methods, domains=domains)


def _frameworks() -> Iterator[tuple[str, Plain]]:
    """Small files that ask for much work."""
    flags = {f"node{n}": _FLAG for n in range(499)}
    yield "unknown names", {**_HEAD, "nodes": {**flags, "x": {"rule": "all", "of": [f"nodx{n}" for n in range(3000)]}}}
    yield "unknown keys", {**_HEAD, **{f"titel{n}": "x" for n in range(3000)}}
    yield "a rating many times", _rating({"ratings": ["r"] * 8000})
    bands = {"b": {"scale": "m", "bands": {f"q{n}": {"below": "1"} for n in range(2000)}, **_GROUND}}
    yield "bands of no ratings", _rating({"ratings": [f"r{n}" for n in range(100)]}, bands=bands)
    rows = [{"when": {"n0": "0"}, "then": "1"}] * 200
    yield "many rows", _table({f"n{n}": _number(1) for n in range(10)}, rows)
    yield "many inputs", _table({f"n{n}": _number(0) for n in range(250)}, rows)
    rows = [{"when": {"n": [str(2 * n + 20 * step) for step in range(100)]}, "then": str(n)} for n in range(10)]
    yield "many values told apart", _table({"n": _number(10_000)}, rows)
    weights = {f"n{n}": f"1/{'7' * 150}{n}1" for n in range(500)}
    total = {"rule": "total", "of": [*weights], "weights": weights, **_GROUND}
    yield "many denominators", {**_HEAD, "nodes": {**{n: _number(1) for n in weights}, "x": total}}
    yield "many parts of standards", _panels({f"p{n}": _FLAG for n in range(60)}, 500)
    yield "all standards for each", _panels({"p": {"rule": "highest", "of": "standards", **_GROUND}}, 400)
    groups = {"g": [*flags], **{f"h{n}": ["g"] for n in range(400)}}
    yield "groups of groups", {**_HEAD, "groups": groups, "nodes": flags}
    users = {f"m{n}": {"rule": "all", "of": "g", **_GROUND} for n in range(300)}
    yield "a group for each", {**_HEAD, "groups": {"g": [*flags]}, "nodes": {**flags, **users}}


def _csv() -> Iterator[tuple[str, bytes]]:
    """Case files that ask for much work."""
    yield "a column many times", b"case" + b",x" * 100_000
    yield "many columns", b"case," + ",".join(f"x{number}" for number in range(100_000)).encode()
    yield "many bad cells", b"case,1.1.1\nc,yes\n" + b"".join(b"c%d,perhaps\n" % n for n in range(20_000))
    yield "a case many times", b"case,1.1.1\n" + b"c,yes\n" * 50_000


HOSTILE = [
    *(pytest.param("framework", json.dumps(found).encode(), id=name) for name, found in _frameworks()),
    *(pytest.param("cases", data, id=name) for name, data in _csv()),
    pytest.param("evidence", json.dumps({f"rating{n}": "x" for n in range(3000)}).encode(), id="keys of no meaning"),
    pytest.param("evidence", json.dumps({"ratings": {f"1.{n}": "Good" for n in range(2000)}}).encode(), id="no nodes"),
]


@pytest.mark.parametrize(("reader", "data"), HOSTILE)
def test_a_file_that_asks_for_much_work_is_refused_soon(reader: str, data: bytes) -> None:
    """Work that grows faster than the file is bounded, and so is the number of faults that are told."""
    small_framework()
    start = time.thread_time()
    with pytest.raises(InspectError) as caught:
        READERS[reader](data)
    assert time.thread_time() - start < 1
    assert len(caught.value.faults) <= MAX_FAULTS


#: Runs the inputs of a reader in a process of its own, and tells the worst of them.
_RUN = """
import json, resource, sys, time
from inspectlib.errors import InspectError
from readers import READERS, kept, small_framework
small_framework()
worst = {}
for name, read in READERS.items():
    inputs, slowest, before = kept(name), 0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for data in inputs:
        start = time.thread_time()
        try:
            read(data)
        except InspectError as error:
            assert error.faults and str(error)
        except Exception as error:
            raise AssertionError(f"{name}: {data!r}") from error
        slowest = max(slowest, time.thread_time() - start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    worst[name] = {"inputs": len(inputs), "seconds": slowest, "bytes": grown}
print(json.dumps(worst))
"""


def test_every_input_of_the_corpus_is_read_or_refused() -> None:
    """What fuzzing kept: only errors of ours come of it, each within a second, all of a reader within 100 MB."""
    folder = str(Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", _RUN], capture_output=True, check=False, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    worst = json.loads(done.stdout)
    assert all(one["inputs"] > 10 and one["seconds"] < 1 and one["bytes"] < 100_000_000 for one in worst.values()), (
        worst
    )


def test_the_corpus_is_small() -> None:
    """No input is there twice, and all of them together are half a megabyte at most."""
    inputs = [(name, data) for name in READERS for data in kept(name)]
    assert len(set(inputs)) == len(inputs)
    assert sum(file.stat().st_size for file in CORPUS.iterdir()) < 500_000


def test_the_docs_give_the_figures_of_the_runs() -> None:
    """The page on robustness counts the inputs that the runs of the fuzzer counted, ten million or more in all."""
    page = (CORPUS.parent.parent / "docs" / "explanation" / "robustness.md").read_text("utf-8")
    runs = json.loads((CORPUS / "runs.json").read_text("utf-8"))
    for run in runs.values():
        assert f"| {run['inputs']:,} | {run['findings']} | {run['slowest_ms']} ms | {run['memory_mb']} MB |" in page
    total = sum(run["inputs"] for run in runs.values())
    assert total >= 10_000_000 and f"{total:,} inputs in all" in page
