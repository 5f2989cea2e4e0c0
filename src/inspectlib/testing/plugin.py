"""The pytest plugin: ``pytest --inspectlib FRAMEWORK`` runs a test for every law of a framework.

Nothing of the library, nor Hypothesis, is imported here before the option is used.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from inspectlib.files.framework_file import Reading

__all__ = ["FrameworkLaws", "LawItem"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("inspectlib", "inspection frameworks")
    group.addoption(
        "--inspectlib",
        action="append",
        default=[],
        metavar="FRAMEWORK",
        help="check every law on a framework: a shipped name or the path of a framework file; may be repeated",
    )
    group.addoption(
        "--inspectlib-examples",
        type=int,
        metavar="N",
        help="how many inspections to try for each law that is searched (default: 50)",
    )


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Put the frameworks named on the command line beside the files and folders that are collected."""
    report = yield
    if isinstance(collector, pytest.Session) and report.passed:
        named = dict.fromkeys(collector.config.getoption("--inspectlib") or ())
        report.result = [*(report.result or ()), *(FrameworkLaws.of(collector, name) for name in named)]
    return report


class FrameworkLaws(pytest.Collector):
    """A framework, collected as a test for each law."""

    @classmethod
    def of(cls, session: pytest.Session, framework: str) -> FrameworkLaws:
        """The framework of a name or path."""
        path = Path(framework).resolve()
        if not path.is_file():
            return cls.from_parent(session, name=framework, nodeid=f"inspectlib:{framework}")
        root = session.config.rootpath
        nodeid = path.relative_to(root) if path.is_relative_to(root) else path
        return cls.from_parent(session, name=framework, nodeid=nodeid.as_posix(), path=path)

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each law; a framework that cannot be loaded is an error with all of its faults."""
        from inspectlib.errors import InspectError  # noqa: PLC0415  # only now is the option used
        from inspectlib.files.framework_file import read_framework  # noqa: PLC0415  # likewise
        from inspectlib.testing.checks import LAW_NAMES  # noqa: PLC0415  # likewise

        try:
            reading = read_framework(self.name)
        except InspectError as error:
            raise self.CollectError(f"{self.name} cannot be loaded:\n{error}") from None
        for law in LAW_NAMES:
            yield LawItem.from_parent(self, name=law, reading=reading)


class LawItem(pytest.Item):
    """One law, tested on one framework."""

    def __init__(self, *, reading: Reading, **more: Any) -> None:
        super().__init__(**more)
        self.reading = reading

    def runtest(self) -> None:
        """Check the law."""
        from inspectlib.testing import EXAMPLES  # noqa: PLC0415  # only now is the option used
        from inspectlib.testing.checks import failure  # noqa: PLC0415  # likewise

        examples = self.config.getoption("--inspectlib-examples")
        wrong = failure(self.reading, self.name, EXAMPLES if examples is None else examples)
        if wrong:
            pytest.fail(wrong, pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where a failure is reported: at the framework."""
        return self.path, None, f"{self.reading.framework.id}: {self.name}"
