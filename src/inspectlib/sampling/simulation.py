"""A service with known true shares, and what its ratings are when samples of its cases are drawn.

The model, all of it a choice of this library: each key question has a true share of sufficient cases; a sample is drawn
by simple random draw, for each key question by itself; what the panel said and what else is stated stays as it is. The
chance of every rating follows exactly, by whole numbers, from the chance of every tally: binomial where the service is
taken to be endless, hypergeometric where it has so many cases.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import comb
from typing import Any

import attrs

from inspectlib.errors import BadTally, MissingKey, OffScale, TooLarge, UnknownNode, did_you_mean
from inspectlib.evidence import Evidence
from inspectlib.evidence_reader import evidence_from
from inspectlib.exact import fraction_text, half_up
from inspectlib.explore import follow
from inspectlib.framework import natural
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework, Role
from inspectlib.intake import Intake, take_in
from inspectlib.kinds import Absent, Kind, PanelRating, Tally
from inspectlib.letters import teller
from inspectlib.outcome import shown, shown_text
from inspectlib.rules import Given, Names

__all__ = ["Chances", "Drawn", "Simulation", "simulate"]

#: So that everything ends in bounded time.
MAX_CASES, MAX_RUNS = 5_000, 1_000_000
_COUNTED = {Kind.RATING, Kind.CHOICE, Kind.FLAG}


@attrs.frozen(kw_only=True)
class Drawn:
    """A key question of the model.

    Attributes:
        share: its true share of sufficient cases.
        cases: how many cases are drawn.
        caseload: how many there are; None where the service is taken to be endless.
    """

    share: Fraction
    cases: int
    caseload: int | None = None

    def weights(self) -> tuple[int, ...]:
        """The chance of every number of sufficient cases in a sample, from 0 on, as whole numbers."""
        drawn = range(self.cases + 1)
        if self.caseload is None:
            yes, no = self.share.numerator, self.share.denominator - self.share.numerator
            return tuple(comb(self.cases, k) * yes**k * no ** (self.cases - k) for k in drawn)
        sufficient = half_up(self.share * self.caseload)
        return tuple(comb(sufficient, k) * comb(self.caseload - sufficient, self.cases - k) for k in drawn)

    def true(self) -> Tally:
        """The tally of the whole service."""
        if self.caseload is None:
            return Tally(self.share.numerator, self.share.denominator)
        return Tally(half_up(self.share * self.caseload), self.caseload)


@attrs.frozen(kw_only=True)
class Chances:
    """What a node can have.

    Attributes:
        node: the node.
        title: what it is called.
        true: what it has at the true shares.
        chances: the chance of each rating, or of having none, those that are impossible left out, the worst first.
    """

    node: str
    title: str
    true: str
    chances: FrozenMapping[str, Fraction]

    @property
    def agree(self) -> Fraction:
        """The chance that two samples of the same service give the same."""
        return sum((chance * chance for chance in self.chances.values()), Fraction(0))

    @property
    def other(self) -> Fraction:
        """The chance that a sample gives something else than the true shares do."""
        return 1 - self.chances.get(self.true, Fraction(0))


@attrs.frozen(kw_only=True)
class Simulation:
    """What becomes of the ratings of one service when samples of its cases are drawn.

    Attributes:
        framework: the framework.
        service: the service, where the evidence says so.
        sizes: the sizes of the sample, each with what the model draws for each key question.
        chances: for each size, the chances of the standards and other ratings.
        questions: for each size, the chances of the key questions.
        stated: what is taken as stated, with its value.
        left_out: the departures of the evidence, which no sample can tell of beforehand.
        wanting: what the ratings that are left out lack.
        runs: how many samples were drawn; None where the chances are exact.
        seed: what the random numbers of the runs begin with.
    """

    framework: Framework
    service: str | None
    sizes: tuple[FrozenMapping[str, Drawn], ...]
    chances: tuple[FrozenMapping[str, Chances], ...]
    questions: tuple[FrozenMapping[str, Chances], ...]
    stated: FrozenMapping[str, str]
    left_out: tuple[str, ...]
    wanting: tuple[str, ...]
    runs: int | None
    seed: int

    def text(self) -> str:
        """The simulation for people, as text."""
        from inspectlib.sampling.report import text  # noqa: PLC0415  # only when it is printed

        return text(self)

    def svg(self) -> str:
        """The simulation as a picture: a bar of chances for each rating."""
        from inspectlib.sampling.report import svg  # noqa: PLC0415  # only when it is drawn

        return svg(self)

    def data(self) -> dict[str, Any]:
        """The simulation as JSON data."""
        from inspectlib.sampling.report import data  # noqa: PLC0415  # only when it is asked for

        return data(self)


def simulate(
    framework: Framework,
    evidence: Evidence | Mapping[str, object] | None = None,
    *,
    share: Fraction | None = None,
    shares: Mapping[str, Fraction] | None = None,
    cases: Sequence[int] = (),
    caseload: int | None = None,
    runs: int | None = None,
    seed: int = 0,
) -> Simulation:
    """What becomes of the ratings of one service when samples of its cases are drawn.

    Args:
        framework: the framework.
        evidence: an inspection: its shares are taken for the true ones and its numbers of cases for the size of the
            sample, unless they are given; what else is stated in it stays as it is.
        share: the true share of sufficient cases of every key question.
        shares: that of single key questions.
        cases: the sizes of sample to try: so many cases for each key question.
        caseload: how many cases the service has for each key question; endlessly many unless given.
        runs: draw so many samples, in place of the exact chances.
        seed: what the random numbers of the runs begin with.

    Raises:
        InspectError: a share, a size or a key question that cannot be; evidence that is at fault; or more than can be
            followed exactly, where runs can be drawn instead.
    """
    given = evidence if isinstance(evidence, Evidence) else evidence_from(evidence or {})
    _check(share, shares or {}, cases, caseload, runs)
    model = _Model(framework, given)
    if not model.rated:
        raise MissingKey(f"{framework.id} gives no ratings, so that no sample can change them")
    sizes = [model.drawn(share, shares or {}, size, caseload) for size in cases or (None,)]
    found = [model.chances(drawn, runs, seed) for drawn in sizes]
    return Simulation(
        framework=framework,
        service=given.service,
        sizes=tuple(sizes),
        chances=tuple(chances for chances, _ in found),
        questions=tuple(questions for _, questions in found),
        stated=model.stated_words(),
        left_out=tuple(sorted(model.intake.departures, key=natural)),
        wanting=model.wanting(sizes[0]),
        runs=runs,
        seed=seed,
    )


def _check(
    share: Fraction | None,
    shares: Mapping[str, Fraction],
    cases: Sequence[int],
    caseload: int | None,
    runs: int | None,
) -> None:
    for path, one in ((("share",), share), *((("shares", name), one) for name, one in shares.items())):
        if one is not None and not 0 <= one <= 1:
            raise OffScale(f"{fraction_text(one)} is not between 0 and 1", path=path)
    for what, number, most in (*(("cases", n, MAX_CASES) for n in cases), ("runs", runs, MAX_RUNS)):
        if number is not None and number < 1:
            raise BadTally(f"{number} is no number of {what}", path=(what,))
        if number is not None and number > most:
            raise TooLarge(f"{number:,} {what}; at most {most:,} can be drawn", path=(what,))
    if caseload is not None and caseload < max(cases, default=1):
        message = f"{max(cases, default=1)} cases cannot be drawn from {caseload}"
        raise BadTally(message, path=("caseload",))


class _Model:
    """One framework and what is stated, ready for samples to be drawn."""

    def __init__(self, framework: Framework, evidence: Evidence) -> None:
        self.framework = framework
        self.graph = framework.graph
        self.intake: Intake = take_in(framework, evidence)
        #: The nodes that take answers, by the number of their key question.
        self.answers = {node.of: name for name, node in self.graph.nodes.items() if node.type.kind is Kind.ANSWERS}
        #: What stays as it is: stated values, panel ratings, other evidence.
        self.fixed: dict[str, Given] = {
            name: value for name, value in self.intake.settled.items() if name not in self.answers.values()
        } | dict(self.intake.given)
        targets = {n: node for n, node in self.graph.nodes.items() if node.type.kind in _COUNTED}
        used = {name for inputs in self.graph.inputs.values() for name in inputs}
        rated = [n for n, node in targets.items() if node.role is Role.STANDARD]
        ends = [n for n, node in targets.items() if node.role is Role.OTHER and (n not in used or n == "delivery")]
        last = [name for name in ends if name == "overall"]
        self.rated = [*sorted(rated, key=natural), *sorted(set(ends) - {"overall"}, key=natural), *last]
        self.asked = sorted((n for n, node in targets.items() if node.role is Role.QUESTION), key=natural)

    def drawn(
        self, share: Fraction | None, shares: Mapping[str, Fraction], cases: int | None, caseload: int | None
    ) -> FrozenMapping[str, Drawn]:
        """What is drawn for each key question that has a share and a number of cases."""
        for name in shares:
            if name not in self.answers:
                raise UnknownNode(f"there is no key question {name!r}{did_you_mean(name, self.answers)}", path=(name,))
        found: dict[str, Drawn] = {}
        for question in sorted(self.answers, key=natural):
            count = self.intake.counts.pooled.get(question)
            known = Fraction(count.yes, count.of) if count and count.of else None
            true = shares.get(question, known if share is None else share)
            size = cases if cases is not None else count.of + count.open if count else None
            if true is not None and size:
                if size > MAX_CASES:
                    raise TooLarge(f"{size:,} cases; at most {MAX_CASES:,} can be drawn", path=(question,))
                if caseload is not None and size > caseload:
                    raise BadTally(f"{size} cases cannot be drawn from {caseload}", path=(question,))
                found[question] = Drawn(share=true, cases=size, caseload=caseload)
        if not found:
            message = "nothing to draw: give a share and a number of cases, or an inspection that has them"
            raise MissingKey(message)
        return FrozenMapping(found)

    def stated_words(self) -> FrozenMapping[str, str]:
        """What stays as it is, in words."""
        found = {}
        for name, value in sorted(self.fixed.items(), key=lambda item: natural(item[0])):
            node = self.graph[name]
            if isinstance(value, PanelRating):
                assert node.binding.scale is not None
                words = node.binding.scale.ratings[value.position]
                found[name] = f"{words} (panel{', with a reason' if value.has_reason else ''})"
            else:
                found[name] = str(value.state) if isinstance(value, Absent) else shown_text(shown(node, value))
        return FrozenMapping(found)

    def choices(self, drawn: Mapping[str, Drawn]) -> dict[str, tuple[tuple[Given], ...]]:
        """What each node can have that is drawn or stated, and that of questions which no case answers."""
        found: dict[str, tuple[tuple[Given], ...]] = {name: ((value,),) for name, value in self.fixed.items()}
        for question, name in self.answers.items():
            if question in drawn:
                alike = self.alike(question, drawn[question])
                found.setdefault(name, tuple((Tally(counts[0], drawn[question].cases),) for counts in alike))
            elif name in self.intake.settled:
                found.setdefault(name, ((self.intake.settled[name],),))
        return found

    def alike(self, question: str, drawn: Drawn) -> list[list[int]]:
        """The numbers of sufficient cases in a sample, those together that the rules cannot tell apart."""
        tell = teller(self.graph, self.answers[question])
        found: dict[object, list[int]] = {}
        for yes in range(drawn.cases + 1):
            found.setdefault(tell(Fraction(yes, drawn.cases)), []).append(yes)
        return list(found.values())

    def lacks(self, target: str, choices: Mapping[str, object]) -> set[str]:
        """The evidence beneath a node that is neither drawn nor stated."""
        seen, todo = set[str](), [target]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name not in choices or isinstance(self.fixed.get(name), PanelRating):
                todo.extend(self.graph.inputs[name])
        return {name for name in seen if self.graph[name].rule.takes_evidence and name not in choices}

    def wanting(self, drawn: Mapping[str, Drawn]) -> tuple[str, ...]:
        """What the ratings lack that cannot be simulated."""
        choices = self.choices(drawn)
        lacking = {self.graph[name].of for target in self.rated for name in self.lacks(target, choices)}
        return tuple(sorted(lacking, key=natural))

    def chances(
        self, drawn: Mapping[str, Drawn], runs: int | None, seed: int
    ) -> tuple[FrozenMapping[str, Chances], FrozenMapping[str, Chances]]:
        """The chances of the standards and other ratings, and those of the key questions."""
        choices = self.choices(drawn)
        targets = [name for name in (*self.rated, *self.asked) if not self.lacks(name, choices)]
        weights: dict[str, Sequence[int]] = dict.fromkeys(choices, (1,))
        for question, one in drawn.items():
            # Samples that the rules cannot tell apart weigh together.
            single, alike = one.weights(), self.alike(question, one)
            weights[self.answers[question]] = tuple(sum(single[yes] for yes in counts) for counts in alike)
        true: dict[str, Given] = {name: options[0][0] for name, options in choices.items()}
        true |= {self.answers[question]: one.true() for question, one in drawn.items()}
        way = self.way(targets, choices)
        at_true = self.settled(way, true)
        drawn_often = {} if runs is None else self.counted(targets, way, choices, weights, runs, seed)
        found: dict[str, Chances] = {}
        for name in targets:
            counted = self.exact(name, choices, weights) if runs is None else drawn_often[name]
            shares = Counter[str]()
            for value in sorted(counted, key=lambda value: self.order(name, value)):
                shares[self.word(name, value)] += counted[value]
            total = sum(shares.values())
            found[name] = Chances(
                node=name,
                title=self.graph[name].title,
                true=self.word(name, at_true[name]),
                chances=FrozenMapping({word: Fraction(n, total) for word, n in shares.items() if n}),
            )
        of = [FrozenMapping({n: found[n] for n in names if n in found}) for names in (self.rated, self.asked)]
        return of[0], of[1]

    def exact(
        self, name: str, choices: Mapping[str, Sequence[tuple[Given]]], weights: Mapping[str, Sequence[int]]
    ) -> Mapping[Given, int]:
        """How much the samples weigh that give a node each value."""

        def chosen(weight: int, node: str, option: int) -> int:
            return weight * weights[node][option]

        found = follow(self.graph, (name,), choices, 1, chosen, int.__add__)
        if found is None:
            raise TooLarge(f"{name}: more than can be followed exactly; draw samples instead", path=("runs",))
        return {value: weight for ((value,),), weight in found.items()}

    def way(self, targets: Sequence[str], choices: Mapping[str, Sequence[tuple[Given]]]) -> Names:
        """The nodes to go through for the targets, each after its inputs; nothing beneath what is stated."""
        seen, todo = set[str](), list(targets)
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                panel = name in choices and isinstance(choices[name][0][0], PanelRating)
                todo.extend(() if name in choices and not panel else self.graph.inputs[name])
        return self.graph.sort(seen)

    def settled(self, way: Names, evidence: Mapping[str, Given]) -> dict[str, Given]:
        """What the nodes have on one sample."""
        values: dict[str, Given] = {}
        for name in way:
            node, said = self.graph[name], evidence.get(name)
            if said is None or isinstance(said, PanelRating):
                inputs = [values[i] for i in node.inputs]
                values[name] = node.rule.value(node.binding, inputs if said is None else [said, *inputs])
            else:
                values[name] = said
        return values

    def counted(  # noqa: PLR0917  # as the chances have them
        self,
        targets: Sequence[str],
        way: Names,
        choices: Mapping[str, Sequence[tuple[Given]]],
        weights: Mapping[str, Sequence[int]],
        runs: int,
        seed: int,
    ) -> dict[str, Counter[Given]]:
        """How often the nodes had each value over so many samples."""
        chance = random.Random(seed)  # noqa: S311  # samples, not secrets; the same everywhere for the same seed
        sums = {name: list(accumulate(weights[name])) for name in self.graph.sort(choices)}
        found: dict[str, Counter[Given]] = {name: Counter() for name in targets}
        for _ in range(runs):
            sample = {
                name: choices[name][bisect_right(sums[name], chance.randrange(sums[name][-1]))][0] for name in sums
            }
            values = self.settled(way, sample)
            for name in targets:
                found[name][values[name]] += 1
        return found

    def word(self, name: str, value: Given) -> str:
        """A value as it is counted."""
        if isinstance(value, Absent):
            return str(value.state)
        assert not isinstance(value, PanelRating)
        return shown_text(shown(self.graph[name], value))

    def order(self, name: str, value: Given) -> tuple[bool, int]:
        """Sorts the values of a node from the worst to the best; none at all comes last."""
        if isinstance(value, Absent):
            return True, 0
        return False, value if isinstance(value, int) else self.graph[name].type.options.index(str(value))
