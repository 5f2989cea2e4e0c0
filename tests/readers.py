"""The readers of files, each given its bytes as standard input: what is fuzzed, and what the corpus is run through."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import inspectlib
from inspectlib.files.evidence_file import CaseFile, read_cases
from inspectlib.files.table_file import rate_table
from inspectlib.files.yaml_reader import parse_yaml
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework
from inspectlib.tree import plain
from strategies import built
from test_bad_framework_files import GOOD

__all__ = ["CORPUS", "READERS", "Reader", "kept", "small_framework"]

CORPUS = Path(__file__).parent / "corpus"

#: Reads bytes; raises an InspectError when they are not what they should be.
Reader = Callable[[bytes], object]


@cache
def small_framework() -> Framework:
    """The framework that evidence and tables are rated under: small, so that reading takes most of the time."""
    whole = plain(parse_yaml(GOOD, "made-up"))
    assert isinstance(whole, dict)
    return built(whole)


def _standard_input(data: bytes) -> str:
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    return "-"


def _framework(data: bytes) -> object:
    return inspectlib.load(_standard_input(data))


def _evidence(data: bytes) -> object:
    evidence = inspectlib.load_evidence(_standard_input(data))
    return inspectlib.rate(small_framework(), evidence)


def _cases(data: bytes) -> CaseFile:
    return read_cases(_standard_input(data))


def _table(data: bytes) -> object:
    return rate_table(small_framework(), _standard_input(data), io.StringIO(), report=lambda _: None)


#: By what they read.
READERS: Mapping[str, Reader] = FrozenMapping(
    {"framework": _framework, "evidence": _evidence, "cases": _cases, "table": _table}
)


def kept(name: str) -> list[bytes]:
    """The inputs of a reader that are kept, a line each, a character a byte."""
    file = CORPUS / f"{name}.jsonl"
    lines = file.read_text("ascii").splitlines() if file.exists() else []
    return [json.loads(line).encode("latin-1") for line in lines]
