"""A second evaluator: slow, recursive, without a graph, and written from the methodology alone.

It takes a framework as plain data in the form of a framework file (everything it extends taken in) and evidence as
plain data in the form of an evidence file, and shares no code with the library. Every rule is one short method, written
as framework files say it.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple, cast

__all__ = ["Absent", "Naive", "Open", "Points", "Rating", "number"]

Plain = Mapping[str, Any]


class Absent(Enum):
    """Why there is no value although nothing is missing."""

    NOT_APPLICABLE = "not applicable"
    NOT_RATED = "not rated"


class Rating(NamedTuple):
    """A rating by its place on a scale, the worst first."""

    place: int
    scale: tuple[str, ...]

    def __str__(self) -> str:
        return self.scale[self.place]


class Points(NamedTuple):
    """Points out of the most there could have been, on the scale of that name."""

    points: Fraction
    most: Fraction
    scale: str


class Open(Exception):  # a state of the evidence, no error
    """Evidence is missing that this evaluator would need."""


Value = Rating | Fraction | Points | bool | str | tuple[int, int] | Absent
Scope = Mapping[str, list[str]]


@cache
def number(text: str) -> Fraction:
    """A number as files write it: 3, 0.65, 65% or 1/2."""
    return Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def _fold(text: object) -> str:
    return " ".join(str(text).casefold().split())


def _names(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


class Naive:
    """The values of all nodes of one inspection, each found by recursion when it is asked for."""

    def __init__(self, framework: Plain, evidence: Plain | None = None) -> None:
        self.framework = framework
        self.evidence = evidence or {}
        self.known: dict[str, Value | None] = {}
        self.kinds: dict[str, tuple[str, str]] = {}
        nodes: Plain = framework.get("nodes", {})
        self.rules: dict[str, tuple[Plain, str, Scope]] = {name: (rule, name, {}) for name, rule in nodes.items()}
        self.groups: dict[str, list[str]] = {name: _names(g) for name, g in framework.get("groups", {}).items()}
        self.published = [name for name, rule in nodes.items() if rule.get("kind") != "answers"]
        self.shares: dict[str, str] = {}
        for domain_number, domain in framework.get("domains", {}).items():
            for standard_number, standard in domain["standards"].items():
                method = framework["methods"][standard.get("method") or domain["method"]]
                self._standard(standard_number, standard.get("questions", {}), method)
                if standard_number in self.rules:
                    for group in ("standards", domain_number):
                        self.groups.setdefault(group, []).append(standard_number)

    def _standard(self, standard: str, questions: Iterable[str], method: Plain) -> None:
        asked, rated = method.get("each_question", {}), method.get("each_standard", {})
        for question in questions:
            self._parts(question, asked, {})
            self.published.append(question)
            for part in (part for part, rule in asked.items() if rule["rule"] == "share"):
                self.shares[question] = self._part(question, part)
        self._parts(standard, rated, {"questions": [question for question in questions if "rating" in asked]})
        self.published.append(standard)

    def _parts(self, of: str, rules: Plain, scope: Scope) -> None:
        scope = {**scope, **{part: [self._part(of, part)] for part in rules}}
        self.rules |= {self._part(of, part): (rule, of, scope) for part, rule in rules.items()}

    @staticmethod
    def _part(of: str, part: str) -> str:
        return of if part == "rating" else f"{of}.{part}"

    def on(self, evidence: Plain) -> Naive:
        """The same framework on other evidence."""
        other = copy.copy(self)
        other.evidence, other.known = evidence, {}
        return other

    # --- values

    def value(self, name: str) -> Value:
        """The value of a node; a standard or key question without a rule is not rated.

        Raises:
            Open: evidence for it is missing.
        """
        if name not in self.known:
            try:
                self.known[name] = self._value(name)
            except Open:
                self.known[name] = None
        found = self.known[name]
        if found is None:
            raise Open
        return found

    def _value(self, name: str) -> Value:
        if name not in self.rules:
            return Absent.NOT_RATED
        headings = () if self.rules[name][0]["rule"] == "panel" else ("departures", "ratings", "values")
        for heading in headings:
            if name in self.evidence.get(heading, {}):
                return self._read(name, self.evidence[heading][name])
        return self.computed(name)

    def computed(self, name: str) -> Value:
        """What the rule of a node gives, whatever is stated for it."""
        rule, _, scope = self.rules[name]
        compute: Callable[[str, Plain, Scope], Value] = getattr(self, f"_{rule['rule']}")
        return compute(name, rule, scope)

    def share(self, question: str) -> Fraction | None:
        """The share of sufficient answers to a key question, where there is one."""
        try:
            found = self.value(self.shares[question]) if question in self.shares else None
        except Open:
            return None
        return found if isinstance(found, Fraction) else None

    def all(self, names: Any, scope: Scope) -> list[str]:
        """The nodes that names stand for: parts beside the rule, nodes, or groups of them."""
        found: list[str] = []
        for name in _names(names):
            inside = scope.get(name) or ([name] if name in self.rules else self.all(self.groups[name], {}))
            found.extend(inside)
        return found

    def one(self, name: str, scope: Scope) -> Value:
        (only,) = self.all(name, scope)
        return self.value(only)

    def _present(self, names: Any, scope: Scope) -> list[Any]:
        values = [self.value(name) for name in self.all(names, scope)]
        return [value for value in values if not isinstance(value, Absent)]

    # --- what files say, read for a node

    def _labels(self, scale: str) -> tuple[str, ...]:
        return tuple(self.framework["scales"][scale]["ratings"])

    def _rating(self, scale: tuple[str, ...], label: object) -> Rating:
        return Rating([_fold(rating) for rating in scale].index(_fold(label)), scale)

    def _score(self, rating: Rating, scale: str) -> Fraction:
        scores = self.framework["scales"][scale].get("scores")
        return number(scores[rating.place]) if scores else Fraction(rating.place)

    def _top(self, scale: str) -> Fraction:
        labels = self._labels(scale)
        return self._score(Rating(len(labels) - 1, labels), scale)

    def _read(self, name: str, stated: Any) -> Value:
        """What is stated for a node, read for its kind."""
        text = stated.get("rating", stated.get("score")) if isinstance(stated, Mapping) else stated
        if _fold(text) in {"not rated", "not applicable"}:
            return Absent(_fold(text))
        kind, scale = self.kind(name)
        if kind == "rating":
            return self._rating(self._labels(scale), text)
        if kind == "flag":
            return _fold(text) == "yes"
        if kind == "choice":
            return str(text)
        if kind == "score":
            given = isinstance(stated, Mapping) and "max" in stated
            return Points(number(str(text)), number(str(stated["max"])) if given else self._most(name), scale)
        return number(str(text))

    def _most(self, name: str) -> Fraction:
        """The most points of a total with every part of it rated."""
        rule, _, scope = self.rules[name]
        weights = rule.get("weights", {})
        counted = sum((number(weights.get(part, "1")) for part in self.all(rule["of"], scope)), Fraction(0))
        return counted * self._top(self.kind(name)[1])

    def kind(self, name: str) -> tuple[str, str]:
        """The kind of value of a node, and its scale where it has one."""
        if name not in self.kinds:
            self.kinds[name] = self._kind(name)
        return self.kinds[name]

    def _kind(self, name: str) -> tuple[str, str]:
        rule, _, scope = self.rules[name]
        tag = rule["rule"]
        if tag in {"given", "table"}:
            return rule["kind"], rule.get("scale", "")
        if tag == "panel":
            return "rating", rule["scale"]
        if tag == "band":
            return "rating", self.framework["bands"][rule["bands"]]["scale"]
        if tag in {"share", "count"}:
            return {"share": "share", "count": "number"}[tag], ""
        if tag in {"test", "all", "any", "not"}:
            return "flag", ""
        inner, scale = self.kind(self.all(rule["of"], scope)[0])
        if tag == "mean" or (tag == "total" and inner == "number"):
            return "number", scale
        return ("score" if tag == "total" else inner), scale

    # --- one method for each rule

    def _given(self, name: str, rule: Plain, scope: Scope) -> Value:
        if rule["kind"] == "answers":
            return self._answers(self.rules[name][1])
        return self._silent(rule)

    def _silent(self, rule: Plain) -> Value:
        if rule.get("missing", "open") == "open":
            raise Open
        return Absent(rule["missing"])

    def _answers(self, question: str) -> tuple[int, int]:
        tally = self.evidence.get("tallies", {}).get(question)
        if tally == "not applicable":
            return 0, 0
        if tally is not None:
            if int(tally.get("open", 0)):
                raise Open
            return int(tally["yes"]), int(tally["of"])
        cases = self.evidence.get("cases", [])
        answers = [_fold(case.get("answers", {}).get(question)) for case in cases]
        if not answers or _fold(None) in answers:
            raise Open
        return answers.count("yes"), answers.count("yes") + answers.count("no")

    def _share(self, name: str, rule: Plain, scope: Scope) -> Value:
        answers = self.one(rule["of"], scope)
        if isinstance(answers, Absent):
            return answers
        yes, of = cast("tuple[int, int]", answers)
        return Fraction(yes, of) if of else Absent.NOT_APPLICABLE

    def _band(self, name: str, rule: Plain, scope: Scope) -> Value:
        found = self.one(rule["of"], scope)
        if isinstance(found, Absent):
            return found
        amount = found.points / found.most if isinstance(found, Points) else found
        assert isinstance(amount, Fraction)
        bands = self.framework["bands"][rule["bands"]]
        if bands.get("rounding") == "whole percent":
            amount = Fraction(math.floor(amount * 100 + Fraction(1, 2)), 100)
        (label,) = (label for label, band in bands["bands"].items() if self._inside(amount, band))
        return self._rating(self._labels(bands["scale"]), label)

    @staticmethod
    def _inside(amount: Fraction, band: Plain) -> bool:
        return (
            ("at_least" not in band or amount >= number(band["at_least"]))
            and ("above" not in band or amount > number(band["above"]))
            and ("at_most" not in band or amount <= number(band["at_most"]))
            and ("below" not in band or amount < number(band["below"]))
        )

    def _lowest(self, name: str, rule: Plain, scope: Scope) -> Value:
        return min(self._present(rule["of"], scope), default=Absent.NOT_RATED)

    def _highest(self, name: str, rule: Plain, scope: Scope) -> Value:
        return max(self._present(rule["of"], scope), default=Absent.NOT_RATED)

    def _weighted(self, rule: Plain, scope: Scope) -> tuple[Fraction, Fraction] | Absent:
        """The weighted sum of scores or numbers, and the sum of the weights of those there are."""
        points = weights = Fraction(0)
        for part in self.all(rule["of"], scope):
            value = self.value(part)
            weight = number(rule.get("weights", {}).get(part, "1"))
            if isinstance(value, Absent):
                if rule.get("unrated") == "not rated":
                    return Absent.NOT_RATED
                continue
            score = self._score(value, self.kind(part)[1]) if isinstance(value, Rating) else value
            assert isinstance(score, Fraction)
            points += weight * score
            weights += weight
        return (points, weights) if weights else Absent.NOT_RATED

    def _total(self, name: str, rule: Plain, scope: Scope) -> Value:
        found = self._weighted(rule, scope)
        kind, scale = self.kind(name)
        if isinstance(found, Absent):
            return found
        return Points(found[0], found[1] * self._top(scale), scale) if kind == "score" else found[0]

    def _mean(self, name: str, rule: Plain, scope: Scope) -> Value:
        parts = self.all(rule["of"], scope)
        if self.kind(parts[0])[0] == "score":
            score = self.value(parts[0])
            return score.points / score.most * self._top(score.scale) if isinstance(score, Points) else score
        found = self._weighted(rule, scope)
        return found if isinstance(found, Absent) else found[0] / found[1]

    def _limit(self, name: str, rule: Plain, scope: Scope) -> Value:
        rating, holds = self.one(rule["of"], scope), self.one(rule["when"], scope)
        if holds is not True or not isinstance(rating, Rating):
            return rating
        bound = self._rating(rating.scale, rule["to"])
        return min(rating, bound) if rule["rule"] == "limit" else max(rating, bound)

    _lift = _limit

    def _shift(self, name: str, rule: Plain, scope: Scope) -> Value:
        rating = self.one(rule["of"], scope)
        if not isinstance(rating, Rating):
            return rating
        by: Value
        try:
            by = Fraction(int(rule["by"]))
        except ValueError:
            by = self.one(rule["by"], scope)
        steps = math.floor(by + Fraction(1, 2)) if isinstance(by, Fraction) else 0
        return rating._replace(place=min(max(rating.place + steps, 0), len(rating.scale) - 1))

    def _count(self, name: str, rule: Plain, scope: Scope) -> Value:
        return Fraction(sum(self._holds(value, rule) for value in self._present(rule["of"], scope)))

    def _holds(self, value: Any, rule: Plain) -> bool:
        """Whether a value is at least, above, at most or below what a rule says."""
        (how,) = rule.keys() & {"at_least", "above", "at_most", "below"}
        edge = self._rating(value.scale, rule[how]) if isinstance(value, Rating) else number(rule[how])
        if value == edge:
            return how in {"at_least", "at_most"}
        return (how in {"at_least", "above"}) == bool(value > edge)

    def _test(self, name: str, rule: Plain, scope: Scope) -> Value:
        value = self.one(rule["of"], scope)
        if isinstance(value, Absent):
            return value
        return value == rule["equals"] if "equals" in rule else self._holds(value, rule)

    def _all(self, name: str, rule: Plain, scope: Scope) -> Value:
        present = self._present(rule["of"], scope)
        if not present:
            return Absent.NOT_RATED
        return all(present) if rule["rule"] == "all" else any(present)

    _any = _all

    def _not(self, name: str, rule: Plain, scope: Scope) -> Value:
        value = self.one(rule["of"], scope)
        return value if isinstance(value, Absent) else not value

    def _table(self, name: str, rule: Plain, scope: Scope) -> Value:
        inputs = {called: self.one(called, scope) for called in _names(rule["inputs"])}
        rows = rule["rows"]
        for called, value in inputs.items():
            if isinstance(value, Absent) and not any("absent" in _names(row["when"].get(called, [])) for row in rows):
                return Absent.NOT_RATED
        (then,) = (
            row["then"] for row in rows if all(self._fits(inputs[called], cell) for called, cell in row["when"].items())
        )
        kind, scale = self.kind(name)
        if kind == "rating":
            return self._rating(self._labels(scale), then)
        if kind == "number":
            return number(then)
        return bool(then == "yes") if kind == "flag" else str(then)

    def _fits(self, value: Any, cell: Any) -> bool:
        return any(self._matches(value, text) for text in _names(cell))

    def _matches(self, value: Any, text: str) -> bool:
        if text == "absent" or isinstance(value, Absent):
            return text == "absent" and isinstance(value, Absent)
        if isinstance(value, bool):
            return value == (text == "yes")
        if isinstance(value, str):
            return value == text
        words = next((words for words in ("at least ", "at most ", "above ", "below ") if text.startswith(words)), "")
        rest = text.removeprefix(words)
        edge = self._rating(value.scale, rest) if isinstance(value, Rating) else number(rest)
        return bool(
            {
                "": value == edge,
                "at least ": value >= edge,
                "at most ": value <= edge,
                "above ": value > edge,
                "below ": value < edge,
            }[words]
        )

    def _panel(self, name: str, rule: Plain, scope: Scope) -> Value:
        said = self.evidence.get("panel", {}).get(name, self.evidence.get("ratings", {}).get(name))
        if said is None:
            return self._silent(rule)
        rating = self._read(name, said)
        if not isinstance(rating, Rating):
            return rating
        within = rating
        for guide, bring in (("floor", max), ("ceiling", min)):
            bound = self.one(rule[guide], scope) if guide in rule else Absent.NOT_RATED
            within = bring(within, bound) if isinstance(bound, Rating) else within
        explained = isinstance(said, Mapping) and bool(said.get("reason"))
        return rating if explained and rule.get("binding") != "true" else within

    def _discretion(self, name: str, rule: Plain, scope: Scope) -> Value:
        return self.one(rule["of"], scope)
