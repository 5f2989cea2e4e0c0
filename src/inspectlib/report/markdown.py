"""A report as Markdown, in which no text can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspectlib.report.content import Content

__all__ = ["markdown"]


def markdown(content: Content) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Content) -> Iterator[str]:
    judgement = content.judgement
    yield f"# {_plain(content.title)}"
    day = f"Inspected on {judgement.date}. " if judgement.date else ""
    yield f"\n{day}Rated by {_plain(content.framework.title)}."
    yield from (f"\n**Warning: {_plain(warning)}**" for warning in judgement.warnings)
    if judgement.overall:
        yield f"\n## {_plain(judgement.overall.title)}"
        score = f" ({_plain(judgement.total.title)}: {judgement.total.text()})" if judgement.total else ""
        yield f"\n**{_plain(judgement.overall.text())}**{score}"
        yield from (f"\n{_plain(sentence)}" for sentence in content.limits)
    if content.lines:
        yield "\n## Standards" if content.framework.data.domains else "\n## Nodes"
        yield "\n| | rating | decided by | limits, departures and remarks |\n|---|---|---|---|"
        for line in content.lines:
            cells = (
                (line.outcome.title,),
                (line.outcome.text() if content.rated else "",),
                line.decided_by,
                line.remarks,
            )
            yield f"| {' | '.join('<br>'.join(_plain(text) for text in cell) for cell in cells)} |"
    if content.bars:
        yield "\n## Key questions"
        yield "\n| | share | rating |\n|---|---|---|"
        for bars in content.bars.values():
            for bar in bars:
                yield f"| {_plain(bar.outcome.title)} | {_plain(bar.words)} | {_plain(bar.outcome.rating or '')} |"
    if content.reasons:
        yield "\n## Departures and recorded reasons"
    for reason in content.reasons:
        yield f"\n### {_plain(reason.outcome.title)}"
        yield f"\n{_plain(reason.what[0].upper() + reason.what[1:])}."
        yield f"\n> {_plain(reason.reason)}"
        yield from (f"\n* {_plain(ground)}" for ground in reason.grounds)
    yield "\n## Full derivation"
    yield "\n<details><summary>Step by step, down to the counts</summary>"
    for explanation in content.derivations:
        yield ""
        for depth, step, first in explanation.walk():
            indent = "  " * depth
            refs = "".join(f" [{content.rules[rule.rule]}]" for rule in step.rules) if first else " (see above)"
            yield f"{indent}* {_plain(step.title)}: **{_plain(step.has)}**{refs}"
            yield from (f"{indent}  <br>{_plain(reason)}" for reason in (step.because if first else ()))
    yield "\n### Rules of these steps\n"
    for rule, number in content.rules.items():
        note = f" {_plain(rule.note)}" if rule.note else ""
        yield f"{number}. {_plain(rule.words)}. *{rule.basis}*: {_plain(rule.source)}.{note}"
    yield "\n</details>"
    yield "\n## Record"
    yield f"\nFramework {judgement.framework.id}, version {_plain(judgement.framework.version)}, fingerprint"
    yield f"`{judgement.framework.fingerprint}`. As a file, this record is computed again by `inspectlib audit FILE`:"
    # A fence longer than any in the text.
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", judgement.to_json()))])
    yield "\n<details><summary>The record</summary>"
    yield f"\n{fence}json\n{judgement.to_json()}{fence}"
    yield "\n</details>"


def _plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    escaped = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~$:-])", r"\\\1", escaped)
