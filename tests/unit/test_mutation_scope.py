"""What mutation testing leaves alone in the modules that it is for."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
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
