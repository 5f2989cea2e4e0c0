"""Mutation testing: what it leaves alone, and the page that says what came of it."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import mutation
from mutation import Mutant, Reason, Survivor

ROOT = Path(__file__).parent.parent
PATTERNS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]["only_mutate"]
MODULES = sorted(path for pattern in PATTERNS for path in ROOT.glob(pattern))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_what_no_mutant_reaches_is_a_line_long(module: Path) -> None:
    """Of decorated functions mutmut makes no mutants: beyond one line they call a plain one, of which it does."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        names = [ast.unparse(decorator) for decorator in getattr(node, "decorator_list", ())]
        if isinstance(node, ast.FunctionDef) and names and names not in (["classmethod"], ["staticmethod"]):
            body = [line for line in node.body if not isinstance(line, (ast.Expr, ast.ImportFrom))]
            assert [type(line) for line in body] == [ast.Return], node.name


def test_the_modules_are_there() -> None:
    """The patterns find the modules they are meant for."""
    names = {str(path.relative_to(ROOT / "src" / "inspectlib")) for path in MODULES}
    assert {"scales.py", "graph.py", "rating.py", "rules/table.py"} <= names


TABLE = "inspectlib.rules.table.xǁTableǁvalue__mutmut_7"
EDGES = "inspectlib.scales.x__sequence_problems__mutmut_64"


def survivor(name: str, after: str) -> Survivor:
    """A mutant that survived."""
    return Survivor(Mutant(name, "survived"), "for pair in zip(a, b, strict=True):", after)


STRICT = Reason(why="Both are of one length.", line=r"strict=False")
EQUAL = Reason(why="Equal edges are dealt with.", line="end <= start", function="scales.py:_sequence_problems")
ONE = survivor(TABLE, "for pair in zip(a, b, strict=False):")
TWO = survivor(EDGES, "elif end <= start:")


@pytest.mark.parametrize(
    ("name", "module", "function"),
    [(TABLE, "rules/table.py", "Table.value"), (EDGES, "scales.py", "_sequence_problems")],
)
def test_where_a_mutant_is(name: str, module: str, function: str) -> None:
    """The name of a mutant says its module and function."""
    assert (Mutant(name, "killed").module, Mutant(name, "killed").function) == (module, function)


def test_a_reason_fits_its_line_and_function_alone() -> None:
    """A reason is for the line that it describes, in the function that it names if it names one."""
    assert (STRICT.fits(ONE), STRICT.fits(TWO), EQUAL.fits(TWO)) == (True, False, True)
    assert not EQUAL.fits(survivor(TABLE, "elif end <= start:"))


def mutants(killed: int, *others: Mutant) -> list[Mutant]:
    """So many that were killed, and others."""
    return [*(Mutant(TABLE, "killed") for _ in range(killed)), *others]


@pytest.mark.parametrize(
    ("found", "reasons", "complaints"),
    [
        ((mutants(39, ONE.mutant, TWO.mutant), [ONE, TWO]), [STRICT, EQUAL], []),
        ((mutants(38, Mutant(TABLE, "timeout"), ONE.mutant, TWO.mutant), [ONE, TWO]), [STRICT, EQUAL], []),
        (
            (mutants(37, ONE.mutant, TWO.mutant), [ONE, TWO]),
            [STRICT, EQUAL],
            ["the tests find less than 95% of the mutants"],
        ),
        ((mutants(39, TWO.mutant), [TWO]), [STRICT, EQUAL], ["a reason for no survivor: Both are of one length."]),
        ((mutants(39, Mutant(TABLE, "not checked")), []), [], ["1 of 40 mutants were not tried; run mutmut run"]),
        (([], []), [], ["0 of 0 mutants were not tried; run mutmut run"]),
    ],
)
def test_what_keeps_the_page_from_being_whole(found: Any, reasons: list[Reason], complaints: list[str]) -> None:
    """A score below the promise, a reason that is not needed and mutants not tried are complained of."""
    tried, survivors = found
    assert list(mutation.complaints(tried, survivors, reasons)) == complaints


def test_a_survivor_without_a_reason_is_shown() -> None:
    """A survivor for which there is no reason is named with what it changes."""
    (complaint,) = mutation.complaints(mutants(39, TWO.mutant), [TWO], [])
    assert complaint.startswith(f"no reason for {EDGES}\n")
    assert "+ elif end <= start:" in complaint


def test_the_page_has_every_survivor_under_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page has a row for each module, and each survivor with its change under its reason."""
    monkeypatch.setattr(mutation, "version", lambda _: "3.8.1")  # mutmut itself is not needed
    page = mutation.page(mutants(38, ONE.mutant, TWO.mutant), [ONE, TWO], [STRICT, EQUAL])
    assert "| `rules/table.py` | 39 | 38 | 1 | 97.4% |" in page
    assert "| `scales.py` | 1 | 0 | 1 | 0% |" in page
    assert "| all | 40 | 38 | 2 | 95% |" in page
    assert "## The 2 that survive, and why" in page
    first, second = page.split("**1:** Both are of one length.")[1].split("**1:** Equal edges are dealt with.")
    assert (
        "# rules/table.py: Table.value\n- for pair in zip(a, b, strict=True):\n+ for pair in zip(a, b, strict=False):"
        in first
    )
    assert "+ elif end <= start:" in second


def test_every_reason_is_read() -> None:
    """The reasons there are can be read, and each says why."""
    assert all(reason.why and reason.line for reason in mutation.read_reasons())


def test_the_page_is_of_the_modules_and_reasons_there_are() -> None:
    """The page in the documentation has a row for every module that mutants are made of, and every reason."""
    text = mutation.PAGE.read_text("utf-8")
    rows = re.findall(r"^\| `(.+?)` \|", text, re.MULTILINE)
    made_of = [path.relative_to(ROOT / "src" / "inspectlib").as_posix() for path in MODULES]
    assert sorted(rows) == sorted(name for name in made_of if name != "rules/__init__.py")
    flat = " ".join(text.split())
    assert all(" ".join(reason.why.split()) in flat for reason in mutation.read_reasons())
