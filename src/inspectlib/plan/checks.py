"""What the columns of a row must not hold."""

from __future__ import annotations

from math import lcm

from inspectlib.graph import Node
from inspectlib.kinds import Kind, Score
from inspectlib.plan.columns import Column
from inspectlib.plan.parts import Check
from inspectlib.plan.reach import UNBOUNDED, Reach
from inspectlib.plan.terms import (
    FALSE,
    TRUE,
    Term,
    add,
    both,
    choose,
    coalesce,
    compare,
    const,
    either,
    is_null,
    multiply,
    negate,
    quotient,
)
from inspectlib.plan.values import PLAIN, Mode, Value, cross, same, whole
from inspectlib.plan.workings import Workings
from inspectlib.rules import BandRule, DiscretionRule

__all__ = ["Checks"]


class Checks:
    """The checks of a plan.

    Args:
        workings: what the nodes have.
        reach: what open evidence can become.
    """

    def __init__(self, workings: Workings, reach: Reach) -> None:
        self.workings = workings
        self.reach = reach
        self.reading = workings.reading
        self.graph = workings.graph
        self._found: list[Check] = []

    def found(self) -> tuple[Check, ...]:
        """The checks, in the order of the columns."""
        order = {column.name: place for place, column in enumerate(self.reading.columns)}
        return tuple(sorted(self._found, key=lambda check: order[check.column]))

    def refuse(self, column: Column, wrong: Term, code: str, message: str) -> None:
        """Refuse the rows where something of a column is wrong."""
        if wrong is not FALSE:
            named = self.workings.step(f"{column.name} {code}", column.meaning[1], wrong)
            self._found.append(Check(column.name, named, code, message))

    def add(self, column: Column) -> None:
        """What a column must not hold."""
        heading, name, part = column.meaning
        said = self.reading.said(*column.meaning)
        if heading == "tallies":
            self._tally(column, said)
            return
        node = self.graph.nodes[name]
        if part in {"reason", "max"}:
            main = self.reading.column(heading, name, "score" if part == "max" else "rating")
            given = coalesce(said, FALSE) if part == "reason" else negate(is_null(said))
            if main is not None:
                wrong = both(given, is_null(self.reading.said(*main.meaning)))
                self.refuse(main, wrong, "missing-key", f"{main.name!r} is empty beside {column.name!r}")
            return
        if heading == "departures":
            self._departure(column, node, said)
            return
        if node.type.step is not None and node.rule.takes_evidence:
            self._step(column, node, said)
        if node.type.kind is Kind.SCORE:
            self._score(column, node, said)
        if not node.rule.takes_evidence:
            self._agrees(column, node, said)

    def _tally(self, column: Column, said: Term) -> None:
        name, part = column.meaning[1:]
        others = [self.reading.column("tallies", name, other) for other in ("yes", "of", "open") if other != part]
        present = [self.reading.said(*other.meaning) for other in others if other is not None]
        inapplicable = self.reading.inapplicable(column, said)
        counted = [compare("ge", coalesce(other, const(-1)), const(0)) for other in present]
        self.refuse(column, both(inapplicable, either(*counted)), "bad-tally", "it is not applicable and also counted")
        if part != "open":
            wrong = both(is_null(said), either(*counted))
            self.refuse(column, wrong, "missing-key", f"{column.name!r} is empty beside what is counted")
        if part == "of" and column.absent:
            # Text has words for it; a column of numbers has only its 0.
            still = coalesce(self.reading.said("tallies", name, "open"), const(0))
            none = both(compare("eq", coalesce(said, const(-1)), const(0)), compare("eq", still, const(0)))
            self.refuse(column, none, "bad-tally", "where the question applies to no case, write not applicable")
        if part == "of" and others[0] is None:
            wrong = compare("ge", coalesce(said, const(-1)), const(0))
            self.refuse(column, wrong, "missing-key", f"{name}.yes is missing beside it")
        if part == "yes":
            of = coalesce(self.reading.said("tallies", name, "of"), const(0))
            wrong = both(compare("ge", of, const(0)), compare("gt", coalesce(said, const(0)), of))
            self.refuse(column, wrong, "bad-tally", f"more are sufficient than {name} applies to")

    def _step(self, column: Column, node: Node, said: Term) -> None:
        bounds, step = node.type.bounds, node.type.step
        if step is None or bounds is None:
            return
        parts = lcm(step.denominator, bounds[0].denominator)
        per = const(whole(step * parts) * column.unit)
        away = add(multiply(said, const(parts)), const(-whole(bounds[0] * parts) * column.unit))
        away = coalesce(away, const(0))
        reached = multiply(quotient(away, per), per)
        there = negate(either(is_null(said), self.reading.states_none(column, said)))
        message = f"it is not among {bounds[0]}, {bounds[0] + step} and so on"
        self.refuse(column, both(there, negate(compare("eq", reached, away))), "off-scale", message)

    def _score(self, column: Column, node: Node, said: Term) -> None:
        full, scale, weights = node.range[1], node.binding.scale, set(node.binding.weights)
        assert isinstance(full, Score) and scale is not None
        most = coalesce(self.reading.said("values", node.name, "max"), const(whole(full.max)))
        step = min(weights) * scale.top_score if len(weights) == 1 else None
        there = negate(either(is_null(said), self.reading.states_none(column, said)))
        wrong = either(compare("lt", most, const(1)), compare("gt", most, const(whole(full.max))))
        if step is not None:
            steps = multiply(most, const(step.denominator))
            reached = multiply(quotient(steps, const(step.numerator)), const(step.numerator))
            wrong = either(wrong, negate(compare("eq", reached, steps)))
        message = f"{node.name} can have no such maximum; with every part rated it is {full.max}"
        self.refuse(column, both(there, wrong), "off-scale", message)
        beyond = compare("gt", coalesce(said, const(0)), most)
        self.refuse(column, both(there, beyond), "off-scale", f"that is no total that {node.name} can have")

    def _agrees(self, column: Column, node: Node, said: Term) -> None:
        plain = self.workings.computed(node.name, PLAIN)
        stated = self.reading.instead(node, said, column, plain)
        there = negate(is_null(said))
        none = is_null(stated.num)
        agrees = both(none, is_null(plain.num))
        agrees = either(agrees, both(negate(none), coalesce(same(node.type.kind, stated, plain), FALSE)))
        if node.name in self.reading.touched and plain.open is not FALSE:
            agrees = choose(plain.open, self.reach.within(node, stated), agrees)
            self.refuse(column, both(there, self.reach.unbounded(node, plain.open)), "open-evidence", UNBOUNDED)
        message = f"{node.name} is stated otherwise than the evidence beneath it gives"
        if isinstance(node.rule, DiscretionRule):
            message += "; record a departure with its reason if the panel departs"
        self.refuse(column, both(there, negate(agrees)), "disagreement", message)

    def _departure(self, column: Column, node: Node, said: Term) -> None:
        rule = node.rule
        assert isinstance(rule, DiscretionRule)
        there = negate(is_null(said))
        reason = coalesce(self.reading.said("departures", node.name, "reason"), FALSE)
        self.refuse(column, both(there, negate(reason)), "reason-missing", "the departure has no recorded reason")
        none = self.reading.states_none(column, said)
        self.refuse(column, both(there, none), "off-scale", "a departure must be to a rating")
        computed = self.workings.computed(node.name, PLAIN)
        below = self.workings.below(node.name)
        opened = either(
            *(self.workings.value(leaf, PLAIN).open for leaf in self.graph.sort(self.reading.openable & below))
        )
        message = "evidence beneath it is still open, so there is no computed rating to depart from"
        self.refuse(column, both(there, opened), "departure-refused", message)
        self.refuse(column, both(there, is_null(computed.num)), "departure-refused", "there is nothing to depart from")
        to, from_ = coalesce(said, const(0)), coalesce(computed.num, const(0))
        self.refuse(column, both(there, compare("eq", to, from_)), "departure-refused", "that is the computed rating")
        far = either(compare("gt", to, add(from_, const(rule.bands))), compare("gt", from_, add(to, const(rule.bands))))
        message = f"the rules allow {rule.bands} {'band' if rule.bands == 1 else 'bands'} at most"
        self.refuse(column, both(there, far), "departure-refused", message)
        if rule.grounds:
            met = self._grounds(node, rule)
            message = f"not eligible: it is not so that {' or '.join(rule.grounds)}"
            self.refuse(column, both(there, negate(met)), "departure-refused", message)

    def _grounds(self, node: Node, rule: DiscretionRule) -> Term:
        of = node.slots["of"][0]
        beneath = self.graph.sort(self.workings.below(of))
        shared: list[tuple[Node, Value, str]] = []
        for name in beneath:
            band = self.graph.nodes[name]
            if isinstance(band.rule, BandRule) and band.binding.of is Kind.SHARE:
                shared.append((band, self.workings.value(band.inputs[0], PLAIN), band.inputs[0]))
        met: list[Term] = []
        for band, share, share_name in shared:
            lowest = both(
                negate(is_null(share.num)),
                *(coalesce(cross("ge", other, share), TRUE) for _, other, _ in shared if other is not share),
            )
            if rule.within_points is not None:
                for edge, _ in band.binding.edges:
                    scaled = multiply(share.num, const(100 * edge.denominator * rule.within_points.denominator))
                    at = multiply(share.per, const(100 * edge.numerator * rule.within_points.denominator))
                    reach = multiply(share.per, const(rule.within_points.numerator * edge.denominator))
                    near = both(
                        coalesce(compare("le", scaled, add(at, reach)), FALSE),
                        coalesce(compare("le", at, add(scaled, reach)), FALSE),
                    )
                    met.append(both(lowest, near))
            answers = next(iter(self.graph.inputs[share_name]), None)
            if (
                rule.sample_at_most is not None
                and answers is not None
                and self.graph.nodes[answers].type.kind is Kind.ANSWERS
            ):
                few = compare("le", self.workings.value(answers, PLAIN).per, const(rule.sample_at_most))
                met.append(both(lowest, few))
        if rule.one_answer:
            now = self.workings.value(of, PLAIN).num
            for name in beneath:
                if self.graph.nodes[name].type.kind is not Kind.ANSWERS:
                    continue
                answers_ = self.workings.value(name, PLAIN)
                for change in (-1, 1):
                    yes = add(answers_.num, const(change))
                    able = both(compare("ge", yes, const(0)), compare("le", yes, answers_.per))
                    then = self.workings.value(of, Mode(leaf=name, change=change)).num
                    same = choose(is_null(then), is_null(now), coalesce(compare("eq", then, now), FALSE))
                    met.append(both(able, negate(same)))
        return either(*met)
