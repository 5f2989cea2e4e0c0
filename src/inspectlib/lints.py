"""What is legal in a framework but odd: most often something left over, or something forgotten.

A lint is a function that yields entries, each by its path with what is odd about it. Its name is its code, its
docstring what it looks for. That rules can bind and that all evidence matters are laws, and not said again here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from inspectlib.build import named_sources
from inspectlib.errors import Notice, Path, Where
from inspectlib.framework import Question, Standard
from inspectlib.graph import Framework
from inspectlib.kinds import Kind
from inspectlib.rules import BandRule

__all__ = ["LINTS", "lint"]

#: What is odd, and where.
Odd = Iterator[tuple[Path, str]]


def lint(
    framework: Framework,
    locate: Callable[[Path], Where | None] = lambda _: None,
    *,
    file: str = "",
    sample: int | None = None,
) -> tuple[Notice, ...]:
    """What is odd about a framework.

    Args:
        framework: the framework.
        locate: finds the places of its entries.
        file: the framework file: what it takes over from another and does not use is not odd. Unless given, all is.
        sample: a number of cases, to find the bands that no share of so many cases is in.
    """
    found = [
        Notice(code=code, message=message, path=path, where=locate(path))
        for code, odd in LINTS.items()
        for path, message in odd(framework)
    ]
    found = [n for n in found if not (file and n.code in _LEFT_OVER and n.where and n.where.file != file)]
    if sample is not None:
        odd = unreachable_band(framework, sample)
        found += [Notice(code="unreachable-band", message=m, path=path, where=locate(path)) for path, m in odd]

    def place(notice: Notice) -> tuple[str, int, int]:
        where = notice.where or Where("")
        return where.file, where.line or 0, where.column or 0

    return tuple(sorted(found, key=place))


def unused_question(framework: Framework) -> Odd:
    """A key question that no rule of its standard uses: it is asked in every case, and nothing comes of it."""
    graph = framework.graph
    for domain, _, number, standard in framework.data.standards():
        if number not in graph.nodes:
            continue  # a standard that is not rated reports the shares of its questions
        used = {graph.nodes[name].of for name in graph.below(number)}
        for question in standard.questions:
            if question not in used:
                path = ("domains", domain, "standards", number, "questions", question)
                yield path, f"the rating of {number} does not depend on key question {question}"


def unused_standard(framework: Framework) -> Odd:
    """A standard that the overall rating does not depend on."""
    graph = framework.graph
    below = graph.below("overall") if "overall" in graph.nodes else frozenset[str]()
    used = {name for inputs in graph.inputs.values() for name in inputs}
    for domain, _, number, _ in framework.data.standards():
        if below and number in graph.nodes and number not in below and number not in used:
            path = ("domains", domain, "standards", number)
            yield path, f"no rule goes on from {number}, and the overall rating does not depend on it"


def unused_source(framework: Framework) -> Odd:
    """A source that nothing names."""
    named = {source for _, source in named_sources(framework.data)}
    yield from _unused(framework.data.sources, named, "sources", "names the source")


def unused_scale(framework: Framework) -> Odd:
    """A scale that no bands and no rule are on."""
    nodes = framework.graph.nodes.values()
    used = {node.type.scale for node in nodes} | {bands.scale for bands in framework.data.bands.values()}
    yield from _unused(framework.data.scales, used, "scales", "is on the scale")


def unused_bands(framework: Framework) -> Odd:
    """Bands that no rule uses."""
    used = {node.rule.bands for node in framework.graph.nodes.values() if isinstance(node.rule, BandRule)}
    yield from _unused(framework.data.bands, used, "bands", "uses the bands")


def unused_method(framework: Framework) -> Odd:
    """A method by which no standard is rated."""
    used = {standard.method or domain.method for _, domain, _, standard in framework.data.standards()}
    yield from _unused(framework.data.methods, used, "methods", "is rated by the method")


def unused_group(framework: Framework) -> Odd:
    """A group that no rule and no other group names."""
    data = framework.data
    rules = [*data.nodes.values()]
    for method in data.methods.values():
        rules += [*method.each_question.values(), *method.each_standard.values()]
    used = {name for rule in rules for slot in rule.slots() for name in slot.names}
    used.update(name for names in data.groups.values() for name in names)
    yield from _unused(data.groups, used, "groups", "names the group")


def empty_domain(framework: Framework) -> Odd:
    """A domain without standards."""
    for number, domain in framework.data.domains.items():
        if not domain.standards:
            yield ("domains", number), f"domain {number} has no standards"


def half_stated(framework: Framework) -> Odd:
    """A standard or key question with a basis of its own but no source, or a source but no basis."""
    for domain, _, number, standard in framework.data.standards():
        path: Path = ("domains", domain, "standards", number)
        yield from _half(path, standard)
        for question_number, question in standard.questions.items():
            yield from _half((*path, "questions", question_number), question)


def _half(path: Path, thing: Standard | Question) -> Odd:
    if thing.basis and not thing.source:
        yield path, f"{path[-1]} states a basis but no source: the source of what it stands in is taken for it"
    elif thing.source and not thing.basis:
        yield path, f"{path[-1]} states a source but no basis: neither counts, and those of what it stands in are shown"


def like_titles(framework: Framework) -> Odd:
    """Titles that people will take for one: in one place the same, or anywhere different only in case or spaces."""
    titles: list[tuple[Path, str, Path]] = []
    for number, domain in framework.data.domains.items():
        titles.append((("domains", number), domain.title, ()))
    for domain_number, _, number, standard in framework.data.standards():
        path: Path = ("domains", domain_number, "standards", number)
        titles.append((path, standard.title, path[:2]))
        titles += [((*path, "questions", q), question.title, path) for q, question in standard.questions.items()]
    for name, rule in framework.data.nodes.items():
        titles.append((("nodes", name), getattr(rule, "title", ""), ("nodes",)))
    seen: dict[tuple[int, str], list[tuple[Path, str, Path]]] = {}
    for path, title, within in titles:
        folded = " ".join(title.casefold().split())
        for other, known, beside in seen.get((len(path), folded), []) if folded else ():
            if known != title or beside == within:
                differs = "differs only in case or spaces from" if known != title else "is the same as"
                yield (*path, "title"), f"the title {title!r} {differs} that of {other[-1]}"
                break
        seen.setdefault((len(path), folded), []).append((path, title, within))


def unreachable_band(framework: Framework, sample: int) -> Odd:
    """A band that no share of so many cases is in (asked for with a sample)."""
    said = set[tuple[str, int]]()
    for node in framework.graph.nodes.values():
        bands, scale = node.binding.bands, node.binding.scale
        if not isinstance(node.rule, BandRule) or node.binding.of is not Kind.SHARE or not bands or not scale:
            continue
        shares = (Fraction(yes, sample) for yes in range(sample + 1))
        reached = {bands.position(share, node.binding.edges, bands.rounding) for share in shares}
        for label in bands.bands:
            position = scale.position(label)
            if position not in reached and (node.rule.bands, position) not in said:
                said.add((node.rule.bands, position))
                yield (
                    ("bands", node.rule.bands, "bands", label),
                    f"no share of {sample} cases is in the band for {label}",
                )


def _unused(entries: Mapping[str, object], used: Iterable[str], heading: str, does: str) -> Odd:
    known = set(used)
    for name in entries:
        if name not in known:
            yield (heading, name), f"nothing {does} {name!r}"


#: Every lint by its code.
LINTS: Mapping[str, Callable[[Framework], Odd]] = {
    odd.__name__.replace("_", "-"): odd
    for odd in (
        unused_question,
        unused_standard,
        unused_source,
        unused_scale,
        unused_bands,
        unused_method,
        unused_group,
        empty_domain,
        half_stated,
        like_titles,
    )
}
#: What is odd only in the file that states it.
_LEFT_OVER = frozenset(code for code in LINTS if code.startswith("unused-")) - {"unused-question", "unused-standard"}
