"""A framework in words: its standards, key questions, scales, bands and rules, each with basis and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from inspectlib.exact import fraction_text, percent_text
from inspectlib.framework import FrameworkData, Question, Standard, natural
from inspectlib.graph import NO_RATING, Framework, Node, Role
from inspectlib.kinds import Kind
from inspectlib.provenance import Basis, Grounded
from inspectlib.wording import RuleText, rule_text

__all__ = ["framework_data", "framework_text", "heading_data", "node_data", "node_text"]


def heading_data(framework: Framework) -> dict[str, Any]:
    """What a framework is, as JSON data."""
    data = framework.data
    return {
        "id": framework.id,
        "version": framework.version,
        "title": framework.title,
        "fingerprint": framework.fingerprint,
        "in_force": data.in_force
        and {
            "since": data.in_force.since and data.in_force.since.isoformat(),
            "until": data.in_force.until and data.in_force.until.isoformat(),
            **_grounds(data, data.in_force),
        },
    }


def framework_data(framework: Framework) -> dict[str, Any]:
    """A framework as JSON data: what it says, and on what basis."""
    data = framework.data
    return {
        **heading_data(framework),
        **_grounds(data, data),
        "provider_kinds": list(data.provider_kinds),
        "changes": [{"text": change.text, **_grounds(data, change)} for change in data.changes],
        "sources": {
            name: {"title": s.title, "publisher": s.publisher, "date": s.date, "note": s.note}
            for name, s in sorted(data.sources.items())
        },
        "scales": {name: {"ratings": list(s.ratings), **_grounds(data, s)} for name, s in sorted(data.scales.items())},
        "bands": {
            name: {
                "scale": bands.scale,
                "bands": {label: band.words(_numbers(framework, name)) for label, band in bands.bands.items()},
                "rounding": str(bands.rounding),
                **_grounds(data, bands),
            }
            for name, bands in sorted(data.bands.items())
        },
        "domains": _domains(data),
        "pools": {
            name: {
                "questions": {there: pool.questions[there] for there in sorted(pool.questions, key=natural)},
                **_grounds(data, pool),
            }
            for name, pool in sorted(data.pools.items())
        },
        "rules": [node_data(framework, name) for name in sorted(framework.graph.nodes, key=natural)],
    }


def _grounds(data: FrameworkData, thing: Grounded) -> dict[str, str]:
    title = data.sources[thing.source].title
    return {
        "basis": str(thing.basis),
        "source": title + (f", {thing.section}" if thing.section else ""),
        "note": thing.note,
    }


def _own_grounds(data: FrameworkData, thing: Standard | Question, above: Mapping[str, str]) -> dict[str, str]:
    """The basis and source of a standard or question: its own, or those of what it stands in."""
    if thing.basis is None:
        return {**above, "note": thing.note}
    title = data.sources[thing.source].title if thing.source else above["source"]
    source = title + (f", {thing.section}" if thing.section else "")
    return {"basis": str(thing.basis), "source": source, "note": thing.note}


def _domains(data: FrameworkData) -> dict[str, Any]:
    domains: dict[str, Any] = {}
    for domain_number, domain, number, standard in data.standards():
        grounds = _grounds(data, domain)
        shown = domains.setdefault(domain_number, {"title": domain.title, **grounds, "standards": {}})
        own = _own_grounds(data, standard, grounds)
        shown["standards"][number] = {
            "title": standard.title,
            "topics": list(standard.topics),
            **own,
            "questions": {
                question_number: {
                    "title": question.title,
                    "text": question.text,
                    "sub_sample": question.sub_sample,
                    "prompts": list(question.prompts),
                    **_own_grounds(data, question, own),
                }
                for question_number, question in sorted(standard.questions.items(), key=lambda item: natural(item[0]))
            },
        }
    return domains


def _numbers(framework: Framework, bands: str) -> Any:
    """How the edges of bands read: as percentages when shares are banded by them."""
    shares = any(
        node.binding.bands == framework.data.bands[bands] and node.binding.of is Kind.SHARE
        for node in framework.graph.nodes.values()
    )
    return percent_text if shares else fraction_text


def node_data(framework: Framework, name: str) -> dict[str, Any]:
    """One node with its rule.

    Raises:
        UnknownNode: the framework has no such node.
    """
    node = framework.graph[name]
    text = rule_text(framework, node)
    return {
        "node": name,
        "title": node.title,
        "kind": str(node.type),
        "rule": node.rule.tag,
        "words": text.words,
        "inputs": {slot: list(names) for slot, names in node.slots.items()},
        "polarity": [str(polarity) for polarity in node.polarity],
        "basis": text.basis,
        "source": text.source,
        "note": text.note,
    }


def node_text(framework: Framework, name: str) -> str:
    """One node for people, with the steps inside it.

    Raises:
        UnknownNode: the framework has no such node.
    """
    graph = framework.graph
    if name in framework.unrated:
        unrated = framework.unrated[name]
        parts = [node_text(framework, part) for part in unrated.parts]
        return "\n\n".join((f"{unrated.title}: not rated, {NO_RATING}", *parts))
    nodes = [graph[name], *(n for n in graph.nodes.values() if n.role is Role.PART and n.of == name != n.name)]
    return "\n\n".join("\n".join(_node_lines(framework, node)) for node in nodes)


def _node_lines(framework: Framework, node: Node) -> Iterator[str]:
    used_by = [name for name, inputs in framework.graph.inputs.items() if node.name in inputs]
    text = rule_text(framework, node)
    yield f"{node.title} ({node.type})"
    yield f"  rule: {text.words}"
    if node.binding.bands and node.binding.scale:
        numbers = percent_text if node.binding.of is Kind.SHARE else fraction_text
        for label, band in node.binding.bands.bands.items():
            yield f"        {label}: {band.words(numbers)}"
    yield f"  basis: {text.basis}: {text.source}"
    if text.note:
        yield f"  note: {text.note}"
    for input_name, polarity in zip(node.inputs, node.polarity, strict=True):
        yield f"  input: {input_name} ({polarity})"
    if used_by:
        yield f"  used by: {', '.join(sorted(used_by, key=natural))}"


#: What each basis means, in few words.
_MEANS = {
    Basis.SEED: "stated in a source document of the project",
    Basis.PUBLISHED: "seen in another public document or in published results",
    Basis.REPORTED: "the published methodology as generally reported",
    Basis.MODELLED: "our own choice, which an own framework can change",
}


def framework_text(framework: Framework) -> str:
    """A framework for people: what is stated, reported or our choice can be told apart line by line."""
    return "\n".join(_framework_lines(framework_data(framework), _rules(framework)))


def _rules(framework: Framework) -> dict[RuleText, list[str]]:
    """The rules, each once, with the nodes that have it."""
    rules: dict[RuleText, list[str]] = {}
    for name in sorted(framework.graph.nodes, key=natural):
        rules.setdefault(rule_text(framework, framework.graph[name]), []).append(name)
    return rules


def _elements(shown: Mapping[str, Any], rules: Mapping[RuleText, list[str]]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Everything that has a basis, by what it is called."""
    if shown["in_force"]:
        yield "the dates in force", shown["in_force"]
    yield from ((change["text"], change) for change in shown["changes"])
    for number, domain in shown["domains"].items():
        yield f"{number} {domain['title']}", domain
        for standard_number, standard in domain["standards"].items():
            yield f"{standard_number} {standard['title']}", standard
            for question_number, question in standard["questions"].items():
                yield f"{question_number} {question['title']}", question
    yield from ((f"the cases of {name}", pool) for name, pool in shown["pools"].items())
    yield from ((f"the scale {name}", scale) for name, scale in shown["scales"].items())
    yield from ((f"the bands {name}", bands) for name, bands in shown["bands"].items())
    for rule, nodes in rules.items():
        grounds = {"basis": rule.basis, "source": rule.source, "note": rule.note}
        yield f"the rule of {', '.join(nodes)} ({rule.words})", grounds


def _framework_lines(shown: Mapping[str, Any], rules: Mapping[RuleText, list[str]]) -> Iterator[str]:
    yield f"{shown['id']}: {shown['title']} (version {shown['version']})"
    yield f"fingerprint {shown['fingerprint']}"
    yield f"as a whole {_stated(shown)}"
    yield from _note(shown)
    if shown["in_force"]:
        since, until = (f" {end} {day}" if (day := shown["in_force"][end]) else "" for end in ("since", "until"))
        yield f"in force{since}{until} {_stated(shown['in_force'])}"
        yield from _note(shown["in_force"])
    if shown["provider_kinds"]:
        yield f"for: {', '.join(shown['provider_kinds'])}"
    elements = list(_elements(shown, rules))
    counts = Counter(grounds["basis"] for _, grounds in elements)
    yield f"\nWhat it rests on ({len(elements)} elements)"
    yield from (f"  {basis:<9} {counts[basis]:>3}  {means}" for basis, means in _MEANS.items())
    if shown["changes"]:
        yield "\nWhat changed"
        yield from (f"- {change['text']} {_stated(change)}" for change in shown["changes"])
    if shown["domains"]:
        yield "\nStandards and key questions"
    yield from _standard_lines(shown)
    if shown["pools"]:
        yield "\nPooled cases"
    yield from _pool_lines(shown)
    if shown["scales"]:
        yield "\nScales"
    for name, scale in shown["scales"].items():
        yield f"{name}: {' < '.join(scale['ratings'])} {_stated(scale)}"
        yield from _note(scale)
    if shown["bands"]:
        yield "\nBands"
    for name, bands in shown["bands"].items():
        yield f"{name} {_stated(bands)}"
        yield from (f"  {label}: {words}" for label, words in bands["bands"].items())
        yield from _note(bands)
    yield "\nRules"
    for rule, nodes in rules.items():
        yield ", ".join(nodes)
        yield f"  {rule.words}"
        yield f"  [{rule.basis}: {rule.source}]"
        yield from _note({"note": rule.note})
    yield "\nSources"
    for name, source in shown["sources"].items():
        about = ", ".join(part for part in (source["publisher"], source["date"]) if part)
        yield f"{name}: {source['title']}" + (f" ({about})" if about else "")
        yield from _note(source)
    chosen = [(called, grounds) for called, grounds in elements if grounds["basis"] == Basis.MODELLED]
    if chosen:
        yield "\nOur own choices, all in one place"
    for called, grounds in chosen:
        yield f"- {called}"
        yield from _note(grounds)


def _standard_lines(shown: Mapping[str, Any]) -> Iterator[str]:
    for number, domain in shown["domains"].items():
        yield f"{number} {domain['title']} {_stated(domain)}"
        yield from _note(domain)
        for standard_number, standard in domain["standards"].items():
            yield f"  {standard_number} {standard['title']} {_stated_in(standard, domain)}"
            yield from (f"    {line}" for line in _note(standard))
            yield from (f"      - {topic}" for topic in standard["topics"])
            for question_number, question in standard["questions"].items():
                subsample = f" (applies to: {question['sub_sample']})" if question["sub_sample"] else ""
                text = f": {question['text']}" if question["text"] else ""
                stated = _stated_in(question, standard)
                yield f"    {question_number} {question['title']}{text}{subsample} {stated}"
                yield from (f"      {line}" for line in _note(question))
                yield from (f"      - {prompt}" for prompt in question["prompts"])


def _pool_lines(shown: Mapping[str, Any]) -> Iterator[str]:
    for name, pool in shown["pools"].items():
        yield f"cases answered under {name} {_stated(pool)}"
        yield from (f"  {there} counts for {here}" for there, here in pool["questions"].items() if here != "not used")
        unused = [there for there, here in pool["questions"].items() if here == "not used"]
        if unused:
            yield f"  not used: {', '.join(unused)}"
        yield from _note(pool)


def _stated(grounds: Mapping[str, str]) -> str:
    return f"[{grounds['basis']}: {grounds['source']}]"


def _stated_in(grounds: Mapping[str, str], above: Mapping[str, str]) -> str:
    """The basis, and the source where it is not that of what it stands in."""
    same = (grounds["basis"], grounds["source"]) == (above["basis"], above["source"])
    return f"[{grounds['basis']}]" if same else _stated(grounds)


def _note(thing: Mapping[str, str]) -> Iterator[str]:
    if thing["note"]:
        yield f"  note: {thing['note']}"
