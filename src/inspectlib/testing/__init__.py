"""For your own tests: strategies for Hypothesis, and all laws of a framework as tests.

One line in a test file checks every law on a framework, shipped or your own:

>>> import inspectlib.testing
>>> test_laws = inspectlib.testing.laws("hmip-pdu-2023")

So does ``pytest --inspectlib my-framework.yaml``, with no test file at all. `inspectlib.testing.strategies` makes
frameworks and evidence for property tests of your own. It takes ``pip install inspectlib[testing]``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspectlib.graph import Framework

__all__ = ["EXAMPLES", "laws"]

#: How many inspections are tried for each law that is searched.
EXAMPLES = 50


def laws(framework: str | os.PathLike[str] | Framework, *, examples: int = EXAMPLES) -> Callable[[str], None]:
    """A test of every law on a framework, one test a law, to be collected by pytest.

    Args:
        framework: a shipped name, the path of a framework file, or a framework; a path may be relative to the folder
            of the test file or to the current one.
        examples: how many inspections to try for each law that is searched.
    """
    import pytest  # noqa: PLC0415  # only who tests needs pytest

    from inspectlib.testing.checks import LAW_NAMES, failure  # noqa: PLC0415  # likewise Hypothesis

    chosen = framework
    if isinstance(framework, (str, os.PathLike)):
        # The file beside the test file that calls, if there is one.
        caller = sys._getframe(1).f_globals.get("__file__", "")  # noqa: SLF001  # the documented way to ask
        beside = Path(caller).parent.joinpath(framework)
        chosen = beside if beside.is_file() else framework

    @pytest.mark.parametrize("law", LAW_NAMES)
    def test_laws(law: str) -> None:
        """The law holds, or the framework says why it does not."""
        wrong = failure(chosen, law, examples)
        if wrong:
            pytest.fail(wrong, pytrace=False)

    return test_laws
