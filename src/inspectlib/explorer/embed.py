"""The explorer as a piece of a page."""

from __future__ import annotations

import json

from inspectlib.explorer.plan import plan
from inspectlib.graph import Framework
from inspectlib.markup import Markup, tag

__all__ = ["embedded"]


def embedded(framework: Framework, scripts: str) -> str:
    """The explorer of a framework.

    Args:
        framework: the framework.
        scripts: the address of the folder that `engine.js` and `explorer.js` are in.
    """
    # In a script element no character is escaped, so that none must be left that could end it.
    data = json.dumps(plan(framework), ensure_ascii=False).replace("<", "\\u003c")
    return tag(
        "div",
        tag("p", "The explorer rates in the browser; it needs scripts to be allowed.", class_="explorer-waits"),
        tag("script", Markup(data), type="application/json", class_="explorer-plan"),
        tag("script", src=f"{scripts}/engine.js", defer=True),
        tag("script", src=f"{scripts}/explorer.js", defer=True),
        class_="inspect-explorer",
        data_framework=framework.id,
    )
