"""The explorer as a piece of a page."""

from __future__ import annotations

import json

from inspectlib.explorer.plan import plan
from inspectlib.graph import Framework
from inspectlib.markup import Markup, tag

__all__ = ["SCRIPTS", "embedded"]


#: What an explorer needs on its page, in this order.
SCRIPTS = ("engine.js", "explorer.js")


def embedded(framework: Framework, scripts: str | None = None) -> str:
    """The explorer of a framework.

    Args:
        framework: the framework.
        scripts: the address of the folder that its scripts are in; None where the page brings them in.
    """
    # In a script element no character is escaped, so that none must be left that could end it.
    data = json.dumps(plan(framework), ensure_ascii=False).replace("<", "\\u003c")
    return tag(
        "div",
        tag("p", "The explorer rates in the browser; it needs scripts to be allowed.", class_="explorer-waits"),
        tag("script", Markup(data), type="application/json", class_="explorer-plan"),
        *(tag("script", src=f"{scripts}/{name}", defer=True) for name in SCRIPTS if scripts is not None),
        class_="inspect-explorer",
        data_framework=framework.id,
    )
