"""Sphinx configuration. The build needs no network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import inspectlib
from inspectlib import Evidence

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "inspectlib"
author = copyright = "The inspectlib developers"
release = version = inspectlib.__version__

# attrs makes __init__ before the class has its name, which the type of `units` needs.
Evidence.__init__.__globals__["Evidence"] = Evidence

sys.path.insert(0, str(Path(__file__).parent / "ext"))
extensions = [
    "inspectlib.sphinxext",
    "myst_parser",
    "reference",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "inspectlib"

myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
napoleon_use_ivar = True
napoleon_use_rtype = False

nitpick_ignore_regex = [
    # Python's own types, and those of networkx and Hypothesis.
    ("py:.*", r"(collections|fractions|datetime|enum|hypothesis|pathlib|os|typing|builtins|networkx|nx)\..*"),
    (
        "py:.*",
        r"(Fraction|Mapping|Iterable|Sequence|Iterator|Callable|date|StrEnum|ExceptionGroup|Exception|PathLike|Any)",
    ),
    ("py:class", r"(ValueError|LookupError|TypeError|KeyError|OSError|ArithmeticError|optional)"),
    # Aliases of unions, type variables, and what is only handed from one part of the library to another.
    ("py:.*", r"(inspectlib\.[a-z_.]*)?(Locate|FilePath|Path|Shown|Value|Given|Names|Inputs|Range|K|T|V_co)"),
    ("py:.*", r"(inspectlib\.[a-z_.]*)?(Rated|WithoutInput)"),
]


def keep_colons(_app: Sphinx, what: str, *event: Any) -> None:
    """Keep a colon in a sentence from being read as the end of a type."""
    lines: list[str] = event[-1]
    for number, line in enumerate(lines):
        first = what in {"attribute", "property"} and number == 0
        if (first or (number and lines[number - 1].strip() == "Returns:")) and ": " in line:
            lines[number] = line.replace(": ", " \N{EN DASH} ", 1)


def setup(app: Sphinx) -> None:
    """Before napoleon, which reads docstrings at priority 500."""
    app.connect("autodoc-process-docstring", keep_colons, priority=400)
