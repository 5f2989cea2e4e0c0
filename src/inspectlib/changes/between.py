"""What is different in meaning, in words: standard by standard and rule by rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from inspectlib.changes.difference import Change, How
from inspectlib.changes.match import Match
from inspectlib.exact import fraction_text, percent_text
from inspectlib.fingerprint import plain, rule_meaning
from inspectlib.framework import Domain, Question, Standard, natural
from inspectlib.graph import Framework, Node, Role
from inspectlib.kinds import Kind
from inspectlib.rules import TableRule
from inspectlib.rules.base import listed
from inspectlib.rules.table import Table
from inspectlib.scales import Band, Bands, Scale

__all__ = ["changes", "rule_changes"]

#: The figures of rules that are said in a few words, which are best given whole.
_SHORT = {"by", "to", "at_least", "above", "at_most", "below", "equals"}
#: What other figures are called.
_FIGURES = {
    "bands": "bands that the panel may depart by",
    "within_points": "percentage points within which of an edge it may",
    "one_answer": "whether it may where one other answer would change the rating",
    "sample_at_most": "cases that are few enough for it",
    "binding": "whether its guide is binding",
    "unrated": "what becomes of inputs that are not rated",
    "missing": "what it has where the evidence is silent",
}


def changes(old: Framework, new: Framework, match: Match) -> tuple[tuple[Change, ...], int]:
    """What is different, in the order of the new framework, what was withdrawn last; and how many things are not."""
    found = [*_Changes(old, new, match).all()]
    return tuple(change for change in found if change.how), sum(not change.how for change in found)


def rule_changes(old: Framework, new: Framework, match: Match) -> Mapping[str, tuple[str, ...]]:
    """What is different about the rule of each node that both frameworks have, in words; nothing where it is not."""
    found = _Changes(old, new, match)
    return {after: tuple(found.rule(old.graph[before], new.graph[after])) for before, after in match.nodes.items()}


class _Changes:
    def __init__(self, old: Framework, new: Framework, match: Match) -> None:
        self.old, self.new, self.match = old, new, match
        self.back = {name: before for before, name in match.nodes.items()}
        self.standards = {name: before for before, name in match.standards.items()}
        self.questions = {name: before for before, name in match.questions.items()}

    def all(self) -> Iterator[Change]:
        yield from self._domains()
        yield from self._standards()
        yield from self._rules()
        yield from self._pools()

    # --- what is asked

    def _domains(self) -> Iterator[Change]:
        before, after = self.old.data.domains, self.new.data.domains
        for number in sorted(before.keys() | after.keys(), key=natural):
            if number not in before:
                yield _change("domain", "", number, after[number].title, How.ADDED)
            elif number not in after:
                yield _change("domain", number, "", before[number].title, How.WITHDRAWN)
            else:
                says = _called(before[number].title, after[number].title)
                yield _change(
                    "domain", number, number, after[number].title, *([How.RENAMED] if says else []), says=says
                )

    def _standards(self) -> Iterator[Change]:
        before = {number: (domain, standard) for _, domain, number, standard in self.old.data.standards()}
        homes = {number: home for home, _, number, _ in self.old.data.standards()}
        for home, _, number, standard in self.new.data.standards():
            if number not in self.standards:
                said = tuple(f"key question {q} {standard.questions[q].title}" for q in _ordered(standard.questions))
                words = (*said, *self._rated(number))
                yield _change("standard", "", number, standard.title, How.ADDED, says=words)
                continue
            past = self.standards[number]
            yield self._standard(past, before[past], homes[past], number, standard, home)
        for number, (_, standard) in before.items():
            if number not in self.match.standards:
                yield _change("standard", number, "", standard.title, How.WITHDRAWN)

    def _rated(self, number: str) -> Iterator[str]:
        """How a new standard is rated, step by step."""
        for name, node in self.new.graph.nodes.items():
            if node.of == number:
                yield f"{_called_part(node, name.removeprefix(number))}: {_words(self.new, node)}"

    def _standard(  # noqa: PLR0917  # before, after
        self, past: str, before: tuple[Domain, Standard], past_home: str, number: str, standard: Standard, home: str
    ) -> Change:
        how, says = list[How](), list[str]()
        if past != number or past_home != home:
            how.append(How.MOVED)
            says.append(f"was {past} in domain {past_home}, is {number} in domain {home}")
        titles = _called(before[1].title, standard.title)
        how += [How.RENAMED] if titles else []
        inner = [
            *_listed("topic", before[1].topics, standard.topics),
            *self._asked(past, number, before[1], standard),
            *self._how_rated(past, number, standard),
        ]
        how += [How.CHANGED] if inner else []
        return _change("standard", past, number, standard.title, *how, says=(*says, *titles, *inner))

    def _asked(self, past: str, number: str, before: Standard, after: Standard) -> Iterator[str]:
        """What is different about the key questions of a standard."""
        for name in _ordered(after.questions):
            question = after.questions[name]
            origin = self.questions.get(name)
            if origin is None:
                yield f"key question {name} {question.title} is added{_put(question)}"
            elif origin not in before.questions:
                yield f"key question {name} {question.title} is moved here, from {origin}"
            else:
                yield from (f"key question {name}: {words}" for words in self._question(origin, name, before, question))
        for name in _ordered(before.questions):
            if self.match.questions.get(name) not in after.questions:
                moved = self.match.questions.get(name)
                gone = f"is moved to {moved}" if moved else "is withdrawn"
                yield f"key question {name} {before.questions[name].title} {gone}"

    def _question(self, origin: str, name: str, standard: Standard, after: Question) -> Iterator[str]:
        before = standard.questions[origin]
        ends = (name.rpartition(".")[2], origin.rpartition(".")[2])
        if ends[0] != ends[1]:
            yield f"was {origin}"
        yield from _called(before.title, after.title)
        for what, one, other in (
            ("text", before.text, after.text),
            ("sub-sample", before.sub_sample, after.sub_sample),
        ):
            if one != other:
                yield f"its {what} was {_quoted(one)}, is {_quoted(other)}"
        yield from _listed("prompt", before.prompts, after.prompts)

    def _how_rated(self, past: str, number: str, standard: Standard) -> Iterator[str]:
        """What is different in the rules of a standard, those of its key questions said together where they agree."""
        wholes = {number: past, **{q: self.questions[q] for q in standard.questions if q in self.questions}}
        said: dict[str, list[str]] = {}
        for whole, before in wholes.items():
            for words in self._parts(before, whole):
                said.setdefault(words, []).append(whole)
        for words, of in said.items():
            if number in of:
                yield words
            asked = [name for name in of if name != number]
            every = len(asked) > 1 and set(asked) == set(standard.questions)
            if asked:
                yield f"{'each key question' if every else 'key question ' + ', '.join(_ordered(asked))}: {words}"

    def _parts(self, past: str, number: str) -> Iterator[str]:
        before = {name.removeprefix(past): node for name, node in self.old.graph.nodes.items() if node.of == past}
        after = {name.removeprefix(number): node for name, node in self.new.graph.nodes.items() if node.of == number}
        for part in dict.fromkeys((*after, *before)):
            called = _called_part(after[part] if part in after else before[part], part)
            if part not in before:
                yield f"{called} is new: {_words(self.new, after[part])}"
            elif part not in after:
                yield f"{called} is withdrawn: it was {_words(self.old, before[part])}"
            else:
                yield from (f"{called}: {words}" for words in self.rule(before[part], after[part], asked=False))

    # --- rules

    def _rules(self) -> Iterator[Change]:
        for name, node in self.new.graph.nodes.items():
            if node.role is not Role.OTHER:
                continue
            if name not in self.back:
                yield _change("rule", "", name, node.title, How.ADDED, says=(_words(self.new, node),))
                continue
            past = self.old.graph[self.back[name]]
            says = tuple(self.rule(past, node))
            how = [How.RENAMED] if past.name != name or any(w.startswith("was called") for w in says) else []
            how += [How.CHANGED] if any(not words.startswith("was called") for words in says) else []
            named = (f"was named {past.name}",) if past.name != name else ()
            yield _change("rule", past.name, name, node.title, *how, says=(*named, *says))
        for name, node in self.old.graph.nodes.items():
            if node.role is Role.OTHER and name not in self.match.nodes:
                yield _change("rule", name, "", node.title, How.WITHDRAWN, says=(_words(self.old, node),))

    def rule(self, past: Node, node: Node, *, asked: bool = True) -> Iterator[str]:
        """What is different between two rules, in words.

        Args:
            past: the node with the rule before.
            node: the node with the rule after.
            asked: whether to say it of the key questions of its standard too, which a rule follows.
        """
        slots = {s: tuple(self.match.nodes.get(n, f"the former {n}") for n in names) for s, names in past.slots.items()}
        before, after = rule_meaning(past.rule, past.binding, slots), rule_meaning(node.rule, node.binding, node.slots)
        if before.pop("title", "") != after.pop("title", ""):
            yield from _called(getattr(past.rule, "title", ""), getattr(node.rule, "title", ""))
        if before == after:
            return
        if before["rule"] != after["rule"]:
            yield from _was(_words(self.old, past), _words(self.new, node))
            return
        differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        if differing & _SHORT and _words(self.old, past) != _words(self.new, node):
            yield from _was(_words(self.old, past), _words(self.new, node))
            differing &= {"scale"}  # the words have all else
        for key in sorted(differing):
            if key == "bands" and past.binding.bands and node.binding.bands:
                yield from _bands(past, node, past.binding.bands, node.binding.bands)
            elif key == "scale" and past.binding.scale and node.binding.scale:
                yield from _scales(past.binding.scale, node.binding.scale)
            elif key in slots or key in node.slots:
                own = () if asked else self._own(past, node)
                yield from self._inputs(key, slots.get(key, ()), node.slots.get(key, ()), own)
            elif key == "rows":
                yield from _rows(past, node, slots["inputs"])
            else:
                one, other = (_value(getattr(rule, key, None)) for rule in (past.rule, node.rule))
                yield f"{_FIGURES.get(key) or 'its ' + key.replace('_', ' ')}: {one} before, {other} now"

    def _own(self, past: Node, node: Node) -> set[str]:
        """The key questions of the standard that a rule is part of, before and after."""
        if node.role is Role.OTHER:
            return set()
        own = {q for _, _, n, s in self.new.data.standards() if n == node.of for q in s.questions}
        return own | {
            f"the former {q}" for _, _, n, s in self.old.data.standards() if n == past.of for q in s.questions
        }

    def _inputs(self, slot: str, before: Sequence[str], after: Sequence[str], unsaid: Collection[str]) -> Iterator[str]:
        """What a rule takes as well, or no longer."""
        more = _ordered(name for name in after if name not in before and name not in unsaid)
        less = [self._former(name) for name in before if name not in after and name not in unsaid]
        said = "" if slot in {"of", "inputs"} else f"as {slot} "
        if more and less:
            yield f"takes {said}{listed(more)} in place of {listed(less)}"
        elif more:
            yield f"takes {said}{listed(more)}{' too' if before else ''}"
        elif less:
            yield f"no longer takes {said}{listed(less)}"
        elif set(before) == set(after):  # the same inputs, in an order that a rule speaks of
            yield f"takes {said}{listed(after)} in the places of {listed(before)}"

    def _former(self, name: str) -> str:
        """The name of a former node, which is said to be that where there is another one by this name."""
        gone = name.removeprefix("the former ")
        return name if gone in self.new.graph.nodes else gone

    # --- pooled cases

    def _pools(self) -> Iterator[Change]:
        before, after = self.old.data.pools, self.new.data.pools
        for name in sorted(before.keys() | after.keys()):
            if name not in before:
                yield _change("pooled cases", "", name, name, How.ADDED)
            elif name not in after:
                yield _change("pooled cases", name, "", name, How.WITHDRAWN)
            else:
                one, other = before[name].questions, after[name].questions
                says = tuple(
                    f"{q}: {_pooled(one.get(q))} before, {_pooled(other.get(q))} now"
                    for q in _ordered(one.keys() | other.keys())
                    if one.get(q) != other.get(q)
                )
                yield _change("pooled cases", name, name, name, *([How.CHANGED] if says else []), says=says)


def _pooled(question: str | None) -> str:
    """What the answers to a key question of pooled cases are counted for."""
    return "not named" if question is None else "not used" if question == "not used" else f"counted for {question}"


def _change(what: str, old: str, new: str, title: str, *how: How, says: tuple[str, ...] = ()) -> Change:
    return Change(what=what, old=old, new=new, title=title, how=how, says=says)


def _ordered(names: Any) -> list[str]:
    return sorted(names, key=natural)


def _called(before: str, after: str) -> tuple[str, ...]:
    return () if before == after else (f"was called {_quoted(before)}, is called {_quoted(after)}",)


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "not stated"


def _put(question: Question) -> str:
    return f": {question.text}" if question.text else ""


def _listed(what: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """What a list without an order has more, and less."""
    yield from (f"{what} {_quoted(text)} is added" for text in after if text not in before)
    yield from (f"{what} {_quoted(text)} is withdrawn" for text in before if text not in after)
    if sorted(before) != sorted(after) and set(before) == set(after):
        yield f"a {what} is said another number of times"


def _words(framework: Framework, node: Node) -> str:
    """A rule in words, the parts of its standard or key question called as its method calls them."""
    names: dict[str, list[str]] = {}
    for slot, inputs in node.slots.items():
        asked = {q for _, _, n, s in framework.data.standards() if n == node.of for q in s.questions}
        if len(inputs) > 1 and set(inputs) == asked and node.role is not Role.OTHER:
            names[slot] = ["its key questions"]
        else:
            names[slot] = [
                _called_part(framework.graph[n], n.removeprefix(node.of)) if _own(framework, n, node) else n
                for n in inputs
            ]
    return node.rule.words(names, node.binding)


def _called_part(node: Node, part: str) -> str:
    """What a step of a standard or key question is called: ``its computed rating``, ``its share``."""
    words = part.removeprefix(".").replace("_", " ").split()
    return " ".join(("its", *words, *(("rating",) if node.type.kind is Kind.RATING or not words else ())))


def _own(framework: Framework, name: str, node: Node) -> bool:
    other = framework.graph[name]
    return other.of == node.of and name.startswith(f"{node.of}.") and other.role is Role.PART


def _was(before: str, after: str) -> Iterator[str]:
    yield f"was {before}"
    yield f"is {after}"


def _bands(past: Node, node: Node, before: Bands, after: Bands) -> Iterator[str]:
    show = percent_text if node.binding.of is Kind.SHARE and past.binding.of is Kind.SHARE else fraction_text
    old, new = ({label.casefold(): (label, band) for label, band in bands.bands.items()} for bands in (before, after))
    for folded, (label, band) in new.items():
        if folded not in old:
            yield f"{label} is new: {_band(band, show)}"
        elif _edges(old[folded][1]) != _edges(band):
            yield f"{label} was {_band(old[folded][1], show)}, is {_band(band, show)}"
    yield from (f"{label} is withdrawn" for folded, (label, _) in old.items() if folded not in new)
    if before.better != after.better:
        yield f"a {before.better} number was better, a {after.better} one is"
    if before.rounding != after.rounding:
        yield f"rounding was {before.rounding}, is {after.rounding}"


def _rows(past: Node, node: Node, inputs: tuple[str, ...]) -> Iterator[str]:
    """The rows that a decision table has no more, and those that it has now."""
    assert isinstance(past.rule, TableRule) and isinstance(past.binding.table, Table)
    assert isinstance(node.rule, TableRule) and isinstance(node.binding.table, Table)
    before, after = past.binding.table.rows(inputs), node.binding.table.rows(node.slots["inputs"])
    for row, words in zip(before, past.rule.row_words(inputs), strict=True):
        if row not in after:
            yield f"no longer gives {words}"
    for row, words in zip(after, node.rule.row_words(node.slots["inputs"]), strict=True):
        if row not in before:
            yield f"gives {words}"


def _edges(band: Band) -> Any:
    return plain(band)


def _band(band: Band, show: Any) -> str:
    """A band exactly: in percentages only where they are not rounded."""
    edges = [edge for edge in (band.at_least, band.above, band.at_most, band.below) if edge is not None]
    exact = all((edge * 1000).denominator == 1 for edge in edges)
    return band.words(show if exact else fraction_text)


def _scales(before: Scale, after: Scale) -> Iterator[str]:
    if before.ratings != after.ratings:
        yield f"its ratings were {' < '.join(before.ratings)}, are {' < '.join(after.ratings)}"
    scores = [", ".join(fraction_text(s.score(p)) for p in range(len(s.ratings))) for s in (before, after)]
    if scores[0] != scores[1]:
        yield f"its ratings were scored {scores[0]}, are scored {scores[1]}"


def _value(value: Any) -> str:
    """A figure or word of a rule."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(item)}" for name, item in sorted(value.items())) or "none"
    if isinstance(value, tuple):
        return ", ".join(map(_value, value)) or "none"
    return str(value)
