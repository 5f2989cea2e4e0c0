"""Sphinx configuration."""

from __future__ import annotations

import inspectlib

project = "inspectlib"
author = copyright = "The inspectlib developers"
release = version = inspectlib.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.intersphinx"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "inspectlib"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"
intersphinx_mapping: dict[str, tuple[str, None]] = {}
nitpick_ignore_regex = [
    # Python's own types; the build needs no network to look them up.
    ("py:.*", r"(collections|fractions|datetime|enum|pathlib|os|typing|builtins)\..*"),
    ("py:.*", r"(Fraction|Mapping|Iterable|Sequence|Iterator|Callable|date|StrEnum|ExceptionGroup|Exception|Path|Any|nx\..*)"),
    ("py:class", r"(ValueError|LookupError|TypeError|KeyError|OSError|ArithmeticError|optional)"),
    # Aliases of unions, spelled out where they are documented.
    ("py:.*", r"(inspectlib\.[a-z_.]*)?(Locate|FilePath|Shown|Value|Given|Names|Inputs|K|V_co|Range)"),
]
