"""A framework file to begin with: commented, and sound as it is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import attrs

from inspectlib.errors import FileExists, Where, WrongForm
from inspectlib.exact import fraction_text
from inspectlib.files.framework_file import is_workbook, load, pin, shipped
from inspectlib.files.save import save
from inspectlib.files.workbook import workbook_bytes
from inspectlib.files.write import entries_text
from inspectlib.framework import FrameworkData, Method, Parent, Standard
from inspectlib.graph import Framework
from inspectlib.kinds import Kind
from inspectlib.scales import Band

__all__ = ["SCHEMA", "extends_text", "new_file", "schema_text"]

#: The schema that a new file names, saved beside it.
SCHEMA = "framework.schema.json"
#: A pin of many parts is folded to this width.
_WIDTH = 110


def new_file(path: Path, extends: str | None = None) -> None:
    """Write a framework file to begin with, and beside it the schema by which an editor completes and checks it.

    A file whose name ends in ``.xlsx`` is a workbook with the standards and key questions of the framework that it
    extends.

    Args:
        path: the file; its name gives the id and title of the framework.
        extends: the framework that it changes, a shipped name or a path; a small framework of its own unless given.

    Raises:
        FileExists: there is such a file already.
        InspectError: the framework to extend cannot be loaded, or the file cannot be written.
    """
    if path.exists():
        raise FileExists("it is there already; choose another name", where=Where(str(path)))
    words = re.findall("[a-z0-9]+", path.stem.casefold()) or ["framework"]
    if is_workbook(path):
        if extends is None:
            raise WrongForm("a workbook holds no rules: say which framework it extends", where=Where(str(path)))
        parent, beside = load(extends), _named(extends, path.parent)
        title = " ".join(words).capitalize()
        save(path, workbook_bytes(parent, pin(parent, beside), id_="-".join(words), title=title))
        return
    named = {"file": path.name, "id": "-".join(words), "title": " ".join(words).capitalize()}
    if extends is None:
        text = _template("framework.yaml")
        for name, value in named.items():
            text = text.replace(f"{{{name}}}", value)
    else:
        text = "\n".join(_extending(load(extends), _named(extends, path.parent), named)) + "\n"
    save(path, text)
    if not (path.parent / SCHEMA).exists():
        save(path.parent / SCHEMA, schema_text("framework"))


def schema_text(name: str) -> str:
    """A JSON Schema: of a ``framework`` or ``evidence`` file, or of some JSON, such as a ``judgement``."""
    return (Path(__file__).parent.parent / "schemas" / f"{name}.schema.json").read_text("utf-8")


def _template(name: str) -> str:
    return (Path(__file__).parent.parent / "templates" / name).read_text("utf-8")


def _named(parent: str, folder: Path) -> str:
    """A framework as a file in the folder names it."""
    if parent in shipped():
        return parent
    try:
        return Path(os.path.relpath(parent, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(parent).absolute().as_posix()


def extends_text(parent: Parent) -> str:
    """The `extends` entry that pins a framework."""
    named = entries_text({"framework": parent.framework, "fingerprint": parent.fingerprint})
    lines = ["extends:", *(f"  {line}" for line in named.splitlines()), "  pinned:"]
    line = "    {"
    for place, (name, short) in enumerate(parent.pinned.items(), 1):
        entry = f'"{name}": "{short}"' + ("}" if place == len(parent.pinned) else ", ")
        if len(line) + len(entry) > _WIDTH:
            lines.append(line.rstrip())
            line = "     "
        line += entry
    return "\n".join([*lines, line]) + "\n"


def _scalar(text: str) -> str:
    """A text as it stands in a file: by itself where it is plain words, else in quotes."""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_ -]*(?<! )", text) else json.dumps(text, ensure_ascii=False)


# --- a framework that changes another


def _extending(parent: Framework, name: str, named: Mapping[str, str]) -> Iterator[str]:
    file, data = named["file"], parent.data
    source = next(source for source in ("team", "own-team", "team-2021", "x") if source not in data.sources)
    grounds = ("basis: modelled", f"source: {source}")
    yield f"# yaml-language-server: $schema={SCHEMA}"
    yield f"# What is different from {name} ({parent.title})."
    yield "#"
    yield "# Only what is different is written down; all else is as it is there. After each change:"
    yield f"#     inspectlib check {file}           faults, laws, and what is odd (--watch: each time it is saved)"
    yield f"#     inspectlib diff {name} {file}    what changed, and what that does to ratings"
    yield "# Who changes a figure or rule states `basis` and `source` beside it: modelled (our own choice), published,"
    yield "# reported or seed. What is commented out below shows how; take away the # and change it."
    yield f"id: {named['id']}"
    yield 'version: "1"'
    yield f"title: {named['title']}"
    yield ""
    yield "# What it changes, as that was when this file was begun: a check warns of what has changed since."
    yield extends_text(pin(parent, name)).rstrip()
    yield ""
    yield from grounds
    yield "sources:"
    yield f"  {source}:"
    yield "    title: Choices of the methodology team"
    yield ""
    if data.in_force:
        yield "# When it is in force: not known yet, and the dates of what it changes are not its own."
        yield "in_force: withdrawn"
        yield "# in_force:"
        yield "#   since: 2021-10-01"
        yield from (f"#   {line}" for line in grounds)
        yield ""
    yield "# What is different, for people to read."
    yield "changes:"
    yield "  - text: Nothing yet."
    yield from (f"    {line}" for line in grounds)
    for example in (_bands(parent, grounds), _domains(data, grounds), _nodes(parent, grounds), _known(data)):
        lines = list(example)
        if lines:
            yield ""
            yield from (f"# {line}" for line in lines)


def _bands(parent: Framework, grounds: tuple[str, ...]) -> Iterator[str]:
    """Bands that shares fall into, or else any, with their figures as they are."""
    used = {n.rule.bands: n.binding.of is Kind.SHARE for n in parent.graph.nodes.values() if n.rule.tag == "band"}  # type: ignore[attr-defined]  # a band rule has them
    for name in sorted(used, key=lambda name: (not used[name], name))[:1]:
        yield "bands:  # the edges as they are now: change a figure, on both sides of its edge"
        yield f"  {_scalar(name)}:"
        yield "    bands:"
        for label, band in parent.data.bands[name].bands.items():
            yield f"      {_scalar(label)}: {{{', '.join(_bounds(band, percent=used[name]))}}}"
        yield from (f"    {line}" for line in grounds)


def _bounds(band: Band, *, percent: bool) -> Iterator[str]:
    for field in attrs.fields(Band):
        edge: Fraction | None = getattr(band, field.name)
        if edge is not None:
            yield f"{field.name}: {fraction_text(edge * 100)}%" if percent else f"{field.name}: {fraction_text(edge)}"


def _domains(data: FrameworkData, grounds: tuple[str, ...]) -> Iterator[str]:
    """A standard with another title and other questions, and a new domain."""
    if not data.domains:
        return
    yield "domains:"
    pooled = {question for pool in data.pools.values() for question in pool.questions.values()}
    for domain, _, number, standard in data.standards():
        spare = [question for question in standard.questions if question not in pooled]
        if len(standard.questions) > 1 and spare:
            yield f'  "{domain}":'
            yield "    standards:"
            yield f'      "{number}":'
            yield f"        title: {_scalar(standard.title)}  # another title"
            yield "        questions:"
            yield f'          "{spare[-1]}": withdrawn  # a key question less'
            yield f'          "{_next(standard)}":  # and a new one'
            yield "            title: a new topic"
            yield "            text: Is what is asked of it done well enough?"
            break
    taken = [int(number) for number in data.domains if re.fullmatch("[0-9]{1,4}", number)]
    method = _method(data)
    if taken and method:
        yield f'  "{max(taken) + 1}":  # a new domain, and its first standard'
        yield "    title: Effectiveness"
        yield f"    method: {_scalar(method)}  # how its standards are rated; there are: {', '.join(data.methods)}"
        yield from (f"    {line}" for line in grounds)
        yield "    standards:"
        yield f'      "{max(taken) + 1}.1": {{title: Outcomes}}'


def _next(standard: Standard) -> str:
    """The number of the next key question of a standard."""
    head, _, _ = max(standard.questions).rpartition(".")
    numbers = [
        int(n.rpartition(".")[2]) for n in standard.questions if re.fullmatch("[0-9]{1,4}", n.rpartition(".")[2])
    ]
    return f"{head}.{max(numbers, default=0) + 1}"


def _method(data: FrameworkData) -> str | None:
    """A method that rates a standard without key questions."""

    def plain(method: Method) -> bool:
        return not method.each_question and "rating" in method.each_standard

    used = [standard.method or domain.method for _, domain, _, standard in data.standards()]
    found = [name for name in used if plain(data.methods[name])]
    return min(found, key=lambda name: len(data.methods[name].each_standard["rating"].slots()), default=None)


def _nodes(parent: Framework, grounds: tuple[str, ...]) -> Iterator[str]:
    """A new rule that goes on from the overall rating."""
    overall = parent.graph.nodes.get("overall")
    if overall and overall.type.kind is Kind.RATING and overall.binding.scale and "follow_up" not in parent.graph.nodes:
        yield "nodes:"
        yield "  follow_up:  # a new rule: what comes of the overall rating"
        yield "    title: Follow-up inspection"
        yield "    rule: test"
        yield "    of: overall"
        yield f"    at_most: {_scalar(overall.binding.scale.ratings[0])}"
        yield from (f"    {line}" for line in grounds)


def _known(data: FrameworkData) -> Iterator[str]:
    """An outcome that is known of the parent, taken out."""
    if data.known:
        yield "known:  # what is known to come of evidence; take out by its name what no longer does"
        yield f"  {_scalar(min(data.known, key=len))}: withdrawn"
