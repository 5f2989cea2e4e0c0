"""Fuzz the readers: whatever they are given, they return or raise an InspectError, soon and in little memory.

    python tools/fuzz.py run TARGET --seconds 600    try inputs, guided by what of the library they reach
    python tools/fuzz.py keep                        minimise what was found into tests/corpus, and add up the counts

It takes atheris: pip install -e '.[test,fuzz]'. Inputs that show a fault are written to .fuzz/findings.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import add
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import atheris

if TYPE_CHECKING:
    from _typeshed import TraceFunction

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".fuzz"
RUNS = ROOT / "tests" / "corpus" / "runs.json"
sys.path.append(str(ROOT / "tests"))

with atheris.instrument_imports(include=["inspectlib"]):
    import fuzz_seeds
    from inspectlib.errors import InspectError, Where
    from inspectlib.files import evidence_file, framework_file, yaml_reader
    from inspectlib.tree import MAX_DEPTH, ListTree, MapTree, TextTree, Tree, plain
    from readers import CORPUS, READERS, Reader, kept, small_framework

#: What no input may need more of.
MAX_SECONDS = 1.0
MAX_MEMORY = 100_000_000
#: Longer inputs are not kept.
MAX_KEPT = 2500
#: How long inputs are made at most.
MAX_LENGTH = {
    "framework": 1200,
    "evidence": 800,
    "cases": 400,
    "table": 400,
    "framework-tree": 400,
    "evidence-tree": 200,
}


# --- frameworks and evidence without their YAML, which takes longest to read


class Words:
    """Trees written in bytes: an opening or closing bracket, nothing, or a word by its number."""

    CLOSE, MAP, LIST, NULL, MORE = range(5)

    def __init__(self, seeds: Sequence[Any]) -> None:
        words = sorted({word for seed in seeds for word in _words(seed) if len(word) < 100})
        self.words = (*_ODD, *words)[: 256 * 8]
        self.numbers = {word: number for number, word in enumerate(self.words)}

    def written(self, tree: Any) -> bytes:
        """A tree of plain data in bytes."""
        if isinstance(tree, dict):
            inside = (part for key, item in tree.items() for part in (self.written(key), self.written(item)))
            return bytes([self.MAP, *b"".join(inside), self.CLOSE])
        if isinstance(tree, list):
            return bytes([self.LIST, *b"".join(map(self.written, tree)), self.CLOSE])
        number = -1 if tree is None else self.numbers.get(tree, 0)
        if number < 0:
            return bytes([self.NULL])
        plain_words = 256 - self.MORE - 8
        if number < plain_words:
            return bytes([self.MORE + 8 + number])
        page, rest = divmod(number - plain_words, 256)
        return bytes([self.MORE + page, rest])

    def read(self, data: bytes) -> Tree:
        """The tree that bytes stand for; every sequence of bytes stands for one."""
        stream = iter(data)
        return self._tree(next(stream, self.MAP), stream, 0, [0])

    def _tree(self, code: int, stream: Iterator[int], depth: int, count: list[int]) -> Tree:
        count[0] += 1
        where = Where("-", count[0], 1)
        if code == self.MAP and depth < MAX_DEPTH:
            found = MapTree({}, {}, where)
            while (key := next(stream, self.CLOSE)) != self.CLOSE:
                name = self._tree(key, stream, MAX_DEPTH, count)
                value = self._tree(next(stream, self.NULL), stream, depth + 1, count)
                if isinstance(name, TextTree) and name.text not in found.entries:
                    found.entries[name.text] = value
                    found.keys[name.text] = name.where
            return found
        if code == self.LIST and depth < MAX_DEPTH:
            items = ListTree([], where)
            while (item := next(stream, self.CLOSE)) != self.CLOSE:
                items.items.append(self._tree(item, stream, depth + 1, count))
            return items
        if code < self.MORE:
            return TextTree("", where, null=True)
        plain_words = 256 - self.MORE - 8
        number = code - self.MORE - 8
        if number < 0:
            number = plain_words + (code - self.MORE) * 256 + next(stream, 0)
        return TextTree(self.words[number % len(self.words)], where)


#: Texts that are seldom right.
_ODD = (
    *("", " ", "0", "1", "2", "-1", "1/2", "0.5", "50%", "1/0", "1e9", "NaN", "007", "9" * 201, "\u0663", "\x00"),
    *("absent", "at least 1", "below 1/2", "above 1/0", "withdrawn", "<<", "a", "b", "1.1", "1.1.1", "not rated"),
)


def _words(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, item in tree.items():
            yield from (key, *_words(item))
    elif isinstance(tree, list):
        for item in tree:
            yield from _words(item)
    elif tree is not None:
        yield tree


# --- a run


class Target:
    """A reader under test, and what was seen of it."""

    def __init__(self, name: str, read: Reader) -> None:
        self.name = name
        self.read = read
        self.inputs = self.findings = 0
        self.started = time.monotonic()
        self.slowest = 0.0
        self.seen = set[str]()
        self.file = WORK / "runs" / f"{name}-{time.time_ns()}.json"
        self.before = self.peak = 0

    def take(self, data: bytes) -> None:
        """Try one input."""
        if not self.inputs:
            self.before = self.peak = _memory()
        start = time.thread_time()
        try:
            self.read(data)
        except InspectError:
            pass
        except Exception as error:  # noqa: BLE001  # whatever else is raised is a finding
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.found(data, f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}")
        took, memory = time.thread_time() - start, _memory()
        if took > MAX_SECONDS:
            self.found(data, f"slow-{took:.0f}")
        if memory - self.peak > MAX_MEMORY:
            self.found(data, f"memory-{(memory - self.peak) // 1_000_000}")
        self.slowest, self.peak = max(self.slowest, took), memory
        self.inputs += 1
        if self.inputs % 500 == 0:
            self.save()

    def found(self, data: bytes, what: str) -> None:
        """Keep an input that shows a fault, one of each kind."""
        if what not in self.seen:
            self.seen.add(what)
            self.findings += 1
            folder = WORK / "findings"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{self.name}-{what}-{hashlib.sha256(data).hexdigest()[:8]}").write_bytes(data)

    def save(self) -> None:
        """Write down what was seen so far."""
        seen = {
            "inputs": self.inputs,
            "findings": self.findings,
            "seconds": round(time.monotonic() - self.started),
            "slowest_ms": round(self.slowest * 1000),
            "memory_mb": (self.peak - self.before) // 1_000_000,
        }
        self.file.write_text(json.dumps(seen), "utf-8")


def _memory() -> int:
    """The most memory that this process ever held, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _seeds(name: str) -> list[bytes]:
    """What a kind of file is fuzzed from, and what of it is kept."""
    texts = [*fuzz_seeds.bad_files()[name], *fuzz_seeds.examples().get(name, []), *kept(name)]
    if name == "framework":
        texts += [json.dumps(found).encode() for found in fuzz_seeds.frameworks()]
    return texts


@cache
def _trees(name: str) -> tuple[Words, list[Any]]:
    """The words of a kind of file, and the files to begin with as plain data."""
    seeds = list(fuzz_seeds.mappings(_seeds(name)))
    return Words(seeds), seeds


def _target(name: str) -> tuple[Reader, list[bytes]]:
    """The reader of a target and the inputs to begin with."""
    kind, _, tree = name.partition("-")
    small_framework()
    if not tree:
        return READERS[kind], [text for text in _seeds(kind) if len(text) <= MAX_LENGTH[name]]
    words, seeds = _trees(kind)
    given: list[Tree] = [TextTree("")]
    shipped = (ROOT / "src" / "inspectlib" / "frameworks").glob("*.yaml")
    parents = {path.stem: yaml_reader.read_yaml(path) for path in shipped}  # what frameworks extend
    module: Any = {"framework": framework_file, "evidence": evidence_file}[kind]
    module.read_yaml = lambda path: given[0] if str(path) == "-" else parents[path.stem]

    def read_tree(data: bytes) -> object:
        given[0] = words.read(data)
        return READERS[kind](b"")

    return read_tree, [words.written(seed) for seed in seeds]


#: Words for the inputs of CSV.
_CELLS = ["yes", "no", "not applicable", ".yes", ".of", ".open", ".reason", ".departure", "total.max", "case", "unit"]


def _dictionary(name: str) -> Path:
    """The words that inputs are made of, in a file for the fuzzer."""
    file = WORK / f"{name}.dict"
    words = {word for seed in _trees(name)[1] for word in _words(seed)} if name in {"framework", "evidence"} else _CELLS
    plain_words = (w for w in sorted(words) if 0 < len(w) < 40 and w.isascii() and w.isprintable())
    file.write_text("".join(f'"{word}"\n' for word in plain_words if not {'"', "\\"} & {*word}), "ascii")
    return file


def run(name: str, seconds: int, max_length: int | None) -> None:
    """Try inputs for some time; the process ends with it."""
    read, seeds = _target(name)
    corpus = WORK / "corpus" / name
    for folder in (corpus, WORK / "runs"):
        folder.mkdir(parents=True, exist_ok=True)
    _write(corpus, seeds)
    target = Target(name, read)
    options = [f"-max_total_time={seconds}", f"-max_len={max_length or MAX_LENGTH[name]}"]
    options += ["-verbosity=0", "-rss_limit_mb=3000", "-timeout=60", "-reload=0"]
    options += [] if name.endswith("-tree") else [f"-dict={_dictionary(name)}"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], target.take)
    atheris.Fuzz()


def _write(folder: Path, inputs: Iterable[bytes]) -> None:
    for data in inputs:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


# --- what is kept


def keep() -> None:
    """Keep few inputs that reach what all of them reach, and add up what was seen."""
    CORPUS.mkdir(exist_ok=True)
    small_framework()
    for name in READERS:
        inputs = {*kept(name), *_found(name)}
        if (tree := WORK / "corpus" / f"{name}-tree").is_dir():
            words = _trees(name)[0]
            inputs |= {json.dumps(plain(words.read(file.read_bytes()))).encode() for file in tree.iterdir()}
        lines = (json.dumps(data.decode("latin-1")) for data in _least(READERS[name], inputs))
        (CORPUS / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "ascii")
    _add_up()


def _found(name: str) -> Iterator[bytes]:
    folder = WORK / "corpus" / name
    yield from (file.read_bytes() for file in (folder.iterdir() if folder.is_dir() else ()))


def _least(read: Reader, inputs: Iterable[bytes]) -> Iterator[bytes]:
    """The inputs, the shortest first, that go from a line of the library to another as none before them did."""
    seen = set[object]()
    for data in sorted(inputs, key=lambda data: (len(data), data)):
        steps = _steps(read, data)
        if len(data) < MAX_KEPT and not steps <= seen:
            seen |= steps
            yield data


def _steps(read: Reader, data: bytes) -> set[object]:
    """Every step from a line to the next that the library takes to read an input."""
    steps = set[object]()

    def enter(frame: FrameType, _: str, __: object) -> TraceFunction | None:
        if "inspectlib" not in frame.f_code.co_filename:
            return None
        before = 0

        def step(inner: FrameType, _: str, __: object) -> TraceFunction:
            nonlocal before
            steps.add((inner.f_code, before, inner.f_lineno))
            before = inner.f_lineno
            return step

        return step

    sys.settrace(enter)
    try:
        read(data)
    except InspectError:
        pass
    finally:
        sys.settrace(None)
    return steps


def _add_up() -> None:
    """Add the runs since the last time to those before."""
    seen: dict[str, dict[str, int]] = json.loads(RUNS.read_text("utf-8")) if RUNS.exists() else {}
    for file in sorted((WORK / "runs").glob("*.json")):
        one: dict[str, int] = json.loads(file.read_text("utf-8"))
        name = file.name.rpartition("-")[0]
        before = seen.setdefault(name, dict.fromkeys(one, 0))
        for what, figure in one.items():
            before[what] = (max if what in _MOST else add)(before[what], figure)
        file.unlink()
    RUNS.write_text(json.dumps(seen, indent=1, sort_keys=True) + "\n", "utf-8")


#: Of these figures the highest counts, not the sum.
_MOST = ("slowest_ms", "memory_mb")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="try inputs")
    running.add_argument("target", choices=MAX_LENGTH)
    running.add_argument("--seconds", type=int, default=60, help="for how long (default: 60)")
    running.add_argument("--max-length", type=int, help="of an input, in bytes")
    commands.add_parser("keep", help="minimise the corpus and add up the counts")
    args = parser.parse_args()
    if args.command == "run":
        run(args.target, args.seconds, args.max_length)
    else:
        keep()


if __name__ == "__main__":
    main()
