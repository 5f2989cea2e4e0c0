"""One law checked on one framework, and what a reader is told when it does not hold."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import SafeRepresenter

from inspectlib.errors import InspectError
from inspectlib.files.framework_file import Reading, read_framework
from inspectlib.graph import Framework
from inspectlib.laws import Finding, Report, check
from inspectlib.laws.report import LAWS, Status

__all__ = ["LAW_NAMES", "failure", "meaning"]

#: Laws that are searched alone, and one that all exceptions must keep.
_MORE = {
    "repeated": "the same evidence rated twice gives the same bytes",
    "recorded": "a judgement reads back from its record, and can be computed again from it",
    "exceptions": "every declared exception names a law that there is",
}
#: Every law that is tested, in the order of the tests.
LAW_NAMES = tuple(dict.fromkeys((*LAWS, *_MORE)))


def meaning(law: str) -> str:
    """What a law says, in a sentence."""
    return {**_MORE, **LAWS}[law]


def failure(framework: str | os.PathLike[str] | Framework | Reading, law: str, examples: int) -> str:
    """Why a law does not hold of a framework, with the evidence that shows it; empty when it holds.

    Args:
        framework: a shipped name, a path, or a framework with or without the places that it was read from.
        law: one of `LAW_NAMES`.
        examples: how many inspections to try where the law is searched.
    """
    try:
        known = framework if isinstance(framework, (Framework, Reading)) else _loaded(os.fspath(framework))
    except InspectError as error:
        return f"the framework cannot be loaded:\n{error}"
    from inspectlib.testing.search import SEARCHED, searched  # noqa: PLC0415  # Hypothesis, and only if it loads

    loaded = known.framework if isinstance(known, Reading) else known
    broken = [finding for finding in _report(known).refuted if _law_of(finding) == law]
    if not broken and law in SEARCHED:
        found = searched(loaded, law, examples)
        broken = [found] if found.status is Status.REFUTED else []
    if not broken:
        return ""
    head = f"{loaded.id} breaks the law {law!r}: {meaning(law)}"
    return "\n\n".join([head, *(_told(finding) for finding in broken), *([_WAY_OUT] if law in _DECLARABLE else [])])


#: The laws that a framework can mean not to hold.
_DECLARABLE = frozenset(LAWS) - {"covered", "ordered", "sizes", "known", "total", "open"}
_WAY_OUT = "Where it is so on purpose, the framework can say so under `exceptions`, with its reason."


@cache
def _loaded(framework: str) -> Reading:
    return read_framework(framework)


#: The reports so far, by fingerprint, exceptions and file: all laws are checked at once, and told one by one.
_REPORTS: dict[object, Report] = {}


def _report(known: Framework | Reading) -> Report:
    framework, locate = (known.framework, known.locate) if isinstance(known, Reading) else (known, None)
    key = (framework.fingerprint, framework.data, known.file if isinstance(known, Reading) else "")
    if key not in _REPORTS:
        _REPORTS[key] = check(framework, locate) if locate else check(framework)
    return _REPORTS[key]


def _law_of(finding: Finding) -> str:
    """The test that tells of a finding: an exception to a law that there is not has one of its own."""
    return finding.law if finding.law in LAW_NAMES else "exceptions"


def _told(finding: Finding) -> str:
    """A finding for a reader: its sentence, then its evidence as files, what differs marked."""
    lines = [f"{finding.about + ': ' if finding.about else ''}{finding.says}"]
    lines += [f"at {finding.where}"] if finding.where else []
    first = ""
    for place, evidence in enumerate(finding.evidence):
        text = as_yaml(evidence)
        called = ("evidence", "the other evidence", "yet other evidence")[min(place, 2)]
        marked = _marked(text, first.splitlines()) if place else text
        lines += ["", f"# {called}", *marked.splitlines()]
        first = first or text
    return "\n".join(lines)


def _marked(text: str, before: Sequence[str]) -> str:
    """A YAML text with a comment at each line that was not there before."""
    return "\n".join(line if line in before else f"{line}  # differs" for line in text.splitlines())


class _Representer(SafeRepresenter):
    """Everything is written out where it stands."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(evidence: Mapping[str, Any]) -> str:
    """Evidence as a YAML file, in the order in which it is given; what is no evidence as JSON, which is YAML too."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Representer
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed by its default alone
    yaml.width = 120
    stream = io.StringIO()
    try:
        yaml.dump(dict(evidence), stream)
    except (YAMLError, TypeError, ValueError):
        return json.dumps(evidence, indent=1, default=repr, ensure_ascii=False)
    return stream.getvalue().rstrip("\n")
