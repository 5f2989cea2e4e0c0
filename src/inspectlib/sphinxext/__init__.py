"""A Sphinx extension: frameworks, standards, rules and worked examples, on pages made from the rule graph itself.

In `conf.py`::

    extensions = ["inspectlib.sphinxext"]

and on a page::

    .. inspect:framework:: my-framework.yaml
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

import inspectlib
from inspectlib.colours import DARK, LIGHT, declared
from inspectlib.draw.svg import colour_rules
from inspectlib.explorer import SCRIPTS
from inspectlib.sphinxext.doctree import EXPLORER
from inspectlib.sphinxext.domain import InspectDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]

_HERE = Path(__file__).parent
#: Where the style and the scripts of this extension are among the static files of a site.
_FILES = "inspectlib"


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the domain `inspect`, its directives and roles, and the style of what they show."""
    app.add_domain(InspectDomain)
    app.connect("build-finished", _write_static)
    app.connect("html-page-context", _bring_in_scripts)
    app.add_css_file(f"{_FILES}/inspectlib.css")
    app.add_js_file(f"{_FILES}/reach.js", loading_method="defer")
    return {
        "version": inspectlib.__version__,
        # What is kept between builds is made anew by another library than the one that made it.
        "env_version": _made_by(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _bring_in_scripts(app: Sphinx, *event: Any) -> None:
    """Bring the scripts of the explorer into the pages that have one, and into no others."""
    doctree = event[-1]
    if doctree is not None and any(EXPLORER in node["classes"] for node in doctree.findall(nodes.raw)):
        for name in SCRIPTS:
            app.add_js_file(f"{_FILES}/{name}", loading_method="defer")


def _made_by() -> int:
    """A number for the library as it is, so that no page keeps what an earlier one said."""
    files = sorted(_HERE.parent.rglob("*.py"))
    return int.from_bytes(sha256(b"".join(file.read_bytes() for file in files)).digest()[:6])


def _write_static(app: Sphinx, exception: Exception | None) -> None:
    """Put the style and the scripts beside the other static files of an HTML site."""
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", _FILES)
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("inspectlib.css").write_text(_style(), "utf-8")
    for script in (_HERE / "reach.js", *(_HERE.parent / "explorer" / name for name in SCRIPTS)):
        folder.joinpath(script.name).write_text(script.read_text("utf-8"), "utf-8")


def _style() -> str:
    """The style: dark only where a theme is, which it says by `data-theme`; other themes and paper are light.

    The colours are declared for what is ours alone, so that a theme keeps its own.
    """
    ours = ':is([class^="inspect-"],[class*=" inspect-"])'
    plain, auto, dark = ":root:not([data-theme]):not(:has([data-theme]))", '[data-theme="auto"]', '[data-theme="dark"]'
    parts = [
        f"{ours}{{{declared(LIGHT)}}}",
        f"@media screen and (prefers-color-scheme:dark){{{auto} {ours}{{{declared(DARK)}}}}}",
        f"@media screen{{{dark} {ours}{{{declared(DARK)}}}{colour_rules(DARK, f'{dark} ')}}}",
        colour_rules(LIGHT, f"{plain} "),
        colour_rules(LIGHT, '[data-theme="light"] '),
    ]
    ratings, *others = (_HERE.parent.joinpath(file).read_text("utf-8") for file in _STYLES)
    return "\n".join([*parts, f"{ours} {{\n{ratings}}}", *others])


_STYLES = ("report/ratings.css", "explorer/explorer.css", "sphinxext/inspectlib.css")
