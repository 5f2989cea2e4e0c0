"""The laws, each with the ways in which it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import methodcaller

import attrs

from inspectlib.errors import Path
from inspectlib.explore import Worlds, explore
from inspectlib.graph import Node
from inspectlib.kinds import Absent, Kind, PanelRating, Polarity, Tally
from inspectlib.laws.claims import Claims
from inspectlib.laws.openness import Openness
from inspectlib.laws.report import Finding, How, Status
from inspectlib.letters import NOT_RATED
from inspectlib.rules import DiscretionRule, LimitRule, Names, PanelRule, ShareRule, TableRule
from inspectlib.rules.table import Table

__all__ = ["Laws"]


class Laws(Openness, Claims):
    """The laws of one framework."""

    def total(self) -> Iterator[Finding]:
        """Every rating has a place on its scale, or none for a reason, whatever the evidence."""
        for node in self.ratings:
            scale = node.binding.scale
            assert scale is not None
            count = len(scale.ratings)

            def judge(state: tuple[Worlds, ...], count: int = count, name: str = node.name) -> str:
                (value,) = state[0]
                fine = isinstance(value, Absent) or (isinstance(value, int) and 0 <= value < count)
                return "" if fine else f"{name} has {value}"

            yield self.law("total", node.name, [node.name], {}, judge, f"{node.title} always has a rating or a reason")

    def reached(self) -> Iterator[Finding]:
        """Every rating of every rating node is reached."""
        for node in self.ratings:
            scale, says = node.binding.scale, f"every rating of {node.title} is reached"
            assert scale is not None
            found = self.found([node.name])
            how = How.EXHAUSTION if found is not None else How.SOLVER
            missing = []
            for place, label in enumerate(scale.ratings):
                verdict = self._reaches(node.name, place) if found is None else ((place,),) in found
                if verdict is None:
                    yield self.undecided("reached", node.name, says)
                    break
                missing += [] if verdict else [label]
            else:
                self.unreached[node.name] = tuple(missing)
                if missing:
                    yield self._unreached(node, missing, how)
                else:
                    yield Finding(law="reached", about=node.name, status=Status.PROVEN, how=how, says=says)

    def _unreached(self, node: Node, missing: Sequence[str], how: How) -> Finding:
        """Some ratings are not reached: an exception where the framework says so of each."""
        reasons = {label: self.declared("reached", node.name, label) for label in missing}
        owed = [label for label, reason in reasons.items() if not reason]
        wrong = f"no evidence makes {node.title} {' or '.join(owed or missing)}"
        status = Status.REFUTED if owed else Status.EXCEPTION
        reason = "" if owed else " ".join(dict.fromkeys(reasons.values()))
        return Finding(law="reached", about=node.name, status=status, how=how, says=wrong, reason=reason)

    def _reaches(self, name: str, place: int) -> bool | None:
        """Whether the solver finds evidence for a rating; None when it does not know."""
        answer = self.solver.reached(name, place) if self.solver else None
        return {"found": True, "never": False}.get(str(answer.verdict)) if answer else None

    def monotone(self) -> Iterator[Finding]:
        """A better answer or rating lowers no rating."""
        for leaf in self.leaves:
            effects = self.graph.effect(leaf)
            signs = {n.name: effects[n.name] for n in self.ratings if n.name in effects and n.name != leaf}
            unproven = [name for name, sign in signs.items() if sign in (Polarity.HARMS, Polarity.EITHER)]
            title = self.graph[leaf].title
            if not unproven:
                says = (
                    f"a better {title} lowers none of {len(signs)} ratings" if signs else f"{title} goes into no rating"
                )
                yield Finding(law="monotone", about=leaf, status=Status.PROVEN, how=How.TYPE, says=says)
                continue
            yield self._monotone(leaf, unproven)

    def _monotone(self, leaf: str, unproven: Sequence[str]) -> Finding:
        title = self.graph[leaf].title
        says = f"a better {title} lowers no rating"
        steps = self._better(leaf)
        if steps == ():
            return Finding(law="monotone", about=leaf, status=Status.PROVEN, how=How.TYPE, says=f"no {title} is better")
        chosen = None if steps is None else {leaf: steps}
        finding = None
        for name in unproven:

            def judge(state: tuple[Worlds, ...], name: str = name) -> str:
                before, after = state[0]
                if not (isinstance(before, int) and isinstance(after, int) and after < before):
                    return ""
                fall = f"{self.graph[name].title} falls from {self.label(name, before)} to {self.label(name, after)}"
                return f"with a better {title} {fall}"

            finding = self.law("monotone", leaf, [name], chosen, judge, says, methodcaller("monotone", leaf, name))
            if finding.status is not Status.PROVEN:
                return attrs.evolve(finding, path=self._bend(leaf, name))
        assert finding is not None
        return finding

    def _bend(self, leaf: str, name: str) -> Path:
        """The entry of the first rule on the way from evidence to a rating by which a better value can harm."""
        effects, below = self.graph.effect(leaf), self.graph.below(name)
        bad = (Polarity.HARMS, Polarity.EITHER)
        return next(self.graph[node].path for node in effects if node in below and effects[node] in bad)

    def _better(self, leaf: str) -> tuple[Worlds, ...] | None:
        """What evidence can say of a node beside what is the next better thing to say."""
        said = self.letters[leaf]
        if said is None:
            return None
        values = [v for v in said if not isinstance(v, Absent) and not (isinstance(v, Tally) and not v.of)]
        if self.graph[leaf].type.kind is Kind.CHOICE:
            return ()
        if any(isinstance(v, PanelRating) for v in values):
            # With or without a reason: that a reason can lift what none would is not what this law is about.
            return tuple(
                (a, b)
                for a in values
                for b in values
                if isinstance(a, PanelRating) and isinstance(b, PanelRating)
                if a.has_reason == b.has_reason and b.position == a.position + 1
            )
        return tuple(pairwise(values))

    def matters(self) -> Iterator[Finding]:
        """Every piece of evidence can change something that is reported."""
        for leaf in self.leaves:
            yield self._matters(leaf)

    def _matters(self, leaf: str) -> Finding:
        title = self.graph[leaf].title
        said, says = self.letters[leaf], f"{title} can change what is reported"
        reached = {leaf, *self.graph.effect(leaf)}
        ends = [end for end in self.ends if end in reached]
        if leaf in ends:
            return Finding(law="matters", about=leaf, status=Status.PROVEN, how=How.TYPE, says=f"{title} is reported")
        if said is None:
            return self._matters_to_solver(leaf, ends, says)
        pairs = tuple((a, b) for a, b in zip(said, (*said[1:], said[0]), strict=True) if a != b)
        for end in ends:
            for background in self._backgrounds([end], leaf):
                found = explore(self.graph, [end], {**background, leaf: pairs}, parts=self.parts_found)
                if found and any(values[0][0] != values[0][1] for values in found):
                    return Finding(law="matters", about=leaf, status=Status.PROVEN, how=How.EXHAUSTION, says=says)
        for end in ends:
            found = self.found([end], {leaf: pairs})
            if found is None:
                return self._matters_to_solver(leaf, ends, says)
            if any(values[0][0] != values[0][1] for values in found):
                return Finding(law="matters", about=leaf, status=Status.PROVEN, how=How.EXHAUSTION, says=says)
        return self.refuted("matters", leaf, f"nothing that is reported depends on {title}")

    def _matters_to_solver(self, leaf: str, ends: Sequence[str], says: str) -> Finding:
        answer = self.solver.matters(leaf, tuple(ends)) if self.solver else None
        if answer and answer.verdict == "found":
            return Finding(law="matters", about=leaf, status=Status.PROVEN, how=How.SOLVER, says=says)
        if answer and answer.verdict == "never":
            wrong = f"nothing that is reported depends on {self.graph[leaf].title}"
            return attrs.evolve(self.refuted("matters", leaf, wrong), how=How.SOLVER)
        return self.undecided("matters", leaf, says)

    def _backgrounds(self, targets: Sequence[str], leaf: str) -> Iterator[dict[str, Sequence[Worlds]]]:
        """Evidence that is alike all round, a first guess at where one more piece of it matters."""
        choices = self.choices(targets, {leaf: ((NOT_RATED, NOT_RATED),)})
        if choices is None:
            return
        for place in range(max((len(options) for options in choices.values()), default=0)):
            yield {name: (options[min(place, len(options) - 1)],) for name, options in choices.items() if name != leaf}

    def aggregates(self) -> Iterator[tuple[Node, Names]]:
        """The ratings that are put together from several others by rules alone."""
        for node in self.ratings:
            parts = self.parts(node)
            if len(parts) > 1 and not node.rule.takes_evidence:
                yield node, parts

    def unanimous(self) -> Iterator[Finding]:
        """Parts that all have a rating give that rating."""
        for node, parts in self.aggregates():
            yield self._within("unanimous", node, parts, "parts that agree give their rating", agree=True)

    def bounded(self) -> Iterator[Finding]:
        """No rating is better than the best of its parts, or worse than the worst."""
        for node, parts in self.aggregates():
            yield self._within("bounded", node, parts, "it lies between its worst and its best part", agree=False)

    def _within(self, law: str, node: Node, parts: Names, says: str, *, agree: bool) -> Finding:
        scale, says = node.binding.scale, f"{node.title}: {says}"
        assert scale is not None
        top = len(scale.ratings) - 1
        spans = [(p, p) for p in range(top + 1)]
        if not agree:
            spans = [span for p in range(1, top + 1) for span in ((p, top), (0, p - 1))]
        finding = None
        for low, high in spans:

            def judge(state: tuple[Worlds, ...], low: int = low, high: int = high) -> str:
                (value,) = state[0]
                if not isinstance(value, int) or low <= value <= high:
                    return ""
                ends = dict.fromkeys((scale.ratings[low], scale.ratings[high]))
                return f"with parts of {' to '.join(ends)} {node.title} is {scale.ratings[value]}"

            absent: tuple[Worlds, ...] = () if agree else ((NOT_RATED,),)
            chosen = {part: (*((p,) for p in range(low, high + 1)), *absent) for part in parts}
            finding = self.law(
                law,
                node.name,
                [node.name],
                chosen,
                judge,
                says,
                methodcaller("within", node.name, parts, low, high, absent=not agree),
                parts if agree else (),
            )
            if finding.status is not Status.PROVEN:
                return finding
        assert finding is not None
        return finding

    def absent(self) -> Iterator[Finding]:
        """A part that is not rated counts for no more than the best and no less than the worst."""
        for node, parts in self.aggregates():
            yield self._absent(node, parts)

    def _absent(self, node: Node, parts: Names) -> Finding:
        says = f"a part of {node.title} that is not rated is neither rewarded nor punished"
        assert node.binding.scale is not None
        top = len(node.binding.scale.ratings) - 1
        finding = None
        for missing in self.unlike(parts):

            def judge(state: tuple[Worlds, ...], missing: str = missing) -> str:
                worst, without, best = state[0]
                if not (isinstance(worst, int) and isinstance(without, int) and isinstance(best, int)):
                    return ""
                if min(worst, best) <= without <= max(worst, best):
                    return ""
                labels = [self.label(node.name, value) for value in (worst, without, best)]
                ends = f"{labels[0]} with it at its worst and {labels[2]} at its best"
                return f"{node.title} is {labels[1]} without {missing}, but {ends}"

            every = tuple((value,) * 3 for value in (*range(top + 1), NOT_RATED))
            chosen: dict[str, Sequence[Worlds]] = dict.fromkeys(parts, every)
            chosen[missing] = ((0, NOT_RATED, top),)
            finding = self.law(
                "absent",
                node.name,
                [node.name],
                chosen,
                judge,
                says,
                methodcaller("absent", node.name, parts, missing),
            )
            if finding.status is not Status.PROVEN:
                return finding
        assert finding is not None
        return finding

    def limits(self) -> Iterator[Finding]:
        """Limits, lifts and guides hold where they apply, change nothing elsewhere, and can bind."""
        for node in self.graph.nodes.values():
            if isinstance(node.rule, LimitRule):
                yield self._limit(node)
            for slot in node.slots if isinstance(node.rule, PanelRule) else ():
                yield self._guide(node, slot)
            if isinstance(node.rule, TableRule):
                yield self._rows(node)

    def _limit(self, node: Node) -> Finding:
        assert isinstance(node.rule, LimitRule)
        of, when = node.slots["of"][0], node.slots["when"][0]
        targets, lift, to = [of, when, node.name], node.rule.tag == "lift", node.binding.level
        assert isinstance(to, int)
        says = f"{node.title} is no {'worse' if node.rule.tag == 'lift' else 'better'} than {node.rule.to} when {when}"

        def judge(state: tuple[Worlds, ...]) -> str:
            (before,), (holds,), (after,) = state
            if not isinstance(before, int) or not isinstance(after, int):
                return ""
            right = (max if lift else min)(before, to) if holds is True else before
            return "" if after == right else f"{node.title} is {self.label(node.name, after)}"

        finding = self.law("limits", node.name, targets, {}, judge, says)
        if finding.status is not Status.PROVEN:
            return finding
        states = self.found(targets) or ()
        if all(before == after for (before,), _, (after,) in states):
            wrong = f"{node.title} never differs from {of}: the {node.rule.tag} is idle"
            return self.refuted("limits", node.name, wrong)
        return finding

    def _guide(self, node: Node, slot: str) -> Finding:
        guide = node.slots[slot][0]
        says = f"the {slot} of {node.title} can bind"
        found = self.found([guide])
        if found is None:
            return self.undecided("limits", node.name, says)
        assert node.binding.scale is not None
        idle = len(node.binding.scale.ratings) - 1 if slot == "ceiling" else 0
        if all(value in (idle, NOT_RATED) for ((value,),) in found):
            return self.refuted("limits", node.name, f"the {slot} of {node.title} never binds: {guide} limits nothing")
        return Finding(law="limits", about=node.name, status=Status.PROVEN, how=How.EXHAUSTION, says=says)

    def _rows(self, node: Node) -> Finding:
        assert isinstance(node.binding.table, Table)
        says = f"every row of {node.title} is used"
        found = self.found(node.inputs)
        if found is None:
            return self.undecided("limits", node.name, says)
        columns = node.binding.table.columns
        for row in range(len(node.binding.table.outcomes)):
            if not any(
                all(column.tests[row](world[0]) for column, world in zip(columns, state, strict=True))
                for state in found
            ):
                return self.refuted("limits", node.name, f"row {row + 1} of {node.title} is never used")
        return Finding(law="limits", about=node.name, status=Status.PROVEN, how=How.EXHAUSTION, says=says)

    def guided(self) -> Iterator[Finding]:
        """What guides a panel rating depends on evidence, and not on panel ratings of its own domain."""
        domain = {number: d for d, _, number, _ in self.framework.data.standards()}
        for node in self.graph.nodes.values():
            for slot, (guide, *_) in node.slots.items() if isinstance(node.rule, PanelRule) else ():
                below = self.graph.below(guide)
                same = sorted(n for n in below if n in domain and domain[n] == domain.get(node.name))
                cases = [n for n in below if n in self.letters and n not in same]
                says = f"the {slot} of {node.title} rests on {len(cases)} pieces of evidence outside its domain"
                if same:
                    yield self.refuted("guided", node.name, f"the {slot} of {node.title} reads {' and '.join(same)}")
                elif not cases:
                    yield self.refuted("guided", node.name, f"the {slot} of {node.title} rests on no evidence")
                else:
                    yield Finding(law="guided", about=node.name, status=Status.PROVEN, how=How.TYPE, says=says)

    def departures(self) -> Iterator[Finding]:
        """The panel departs from a computed rating by one band at most."""
        for node in self.graph.nodes.values():
            if isinstance(node.rule, DiscretionRule):
                bands = node.rule.bands
                if bands > 1:
                    yield self.refuted("departures", node.name, f"{node.title} can be departed from by {bands} bands")
                else:
                    says = f"{node.title} can be departed from by one band"
                    yield Finding(law="departures", about=node.name, status=Status.PROVEN, how=How.TYPE, says=says)

    def ordered(self) -> Iterator[Finding]:
        """The order of cases, keys and inputs changes nothing."""
        says = "evidence goes by name, and every rule takes its inputs in the order of their names or names each"
        yield Finding(law="ordered", about="", status=Status.PROVEN, how=How.TYPE, says=says)

    def sizes(self) -> Iterator[Finding]:
        """The same shares of more cases give the same ratings."""
        for node in self.graph.nodes.values():
            if node.type.kind is Kind.ANSWERS:
                users = [user for user in self.graph.nodes.values() if node.name in user.inputs]
                others = [user.title for user in users if not isinstance(user.rule, ShareRule)]
                if others:
                    yield self.refuted("sizes", node.name, f"{' and '.join(others)} reads the counts of {node.title}")
                else:
                    says = f"of {node.title} only the share is used (and for departures the count)"
                    yield Finding(law="sizes", about=node.name, status=Status.PROVEN, how=How.TYPE, says=says)
