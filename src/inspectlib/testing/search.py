"""Laws searched for counterexamples: evidence that the framework at hand takes, rated in two ways that must agree.

The laws of `inspectlib.laws` try what a framework can tell apart. Here whole inspections are rated as a user rates
them, with samples of all sizes, cases, reasons and texts; Hypothesis chooses them and shrinks what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import attrs
import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, find, reject, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable

from inspectlib.errors import InspectError
from inspectlib.evaluate import Interval, Result
from inspectlib.evidence_reader import evidence_from
from inspectlib.exact import fraction_text
from inspectlib.graph import Framework, Node
from inspectlib.judgement import Judgement, rate
from inspectlib.kinds import Absent, Kind, Score
from inspectlib.laws import Finding, How, Status
from inspectlib.outcome import shown, shown_text
from inspectlib.rating import rate_evidence
from inspectlib.testing.asked import Asked, heading
from inspectlib.testing.strategies import completions, evidence, partial_evidence, wild_evidence

__all__ = ["SEARCHED", "searched"]

#: The evidence of one or two inspections, side by side.
Trial = tuple[Mapping[str, Any], ...]

#: So often is a counterexample tried to be made simpler before it is shown as it is.
_SHRINKS = 400


@attrs.frozen
class _Search:
    """A law as it is searched.

    Attributes:
        trials: what to try.
        wrong: what is wrong with a trial, in a sentence; nothing when the law holds there.
        says: what no trial refuted.
    """

    trials: Callable[[Framework], st.SearchStrategy[Trial]]
    wrong: Callable[[Framework, Trial], str]
    says: str


def searched(framework: Framework, law: str, examples: int) -> Finding:
    """Search for evidence by which a law does not hold; the same examples are tried each time.

    Args:
        framework: the framework.
        law: one of `SEARCHED`.
        examples: how many trials to make.
    """
    search = SEARCHED[law]
    told: dict[str, str] = {}
    left = _SHRINKS

    def wrong(trial: Trial) -> str:
        nonlocal left
        key = repr(trial)
        if key not in told:
            left -= any(told.values())
            # When there is no more time to make it simpler, nothing new is: what was found stays found.
            told[key] = _judged(search, framework, trial)[1] if left > 0 else ""
        return told[key]

    profile = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    trials = search.trials(framework)
    nothing = Finding(
        law=law, about="", status=Status.SEARCHED, how=How.SEARCH, says="there is no evidence to try it on"
    )
    if trials.is_empty:
        return nothing
    try:
        trial = find(trials, lambda trial: bool(wrong(trial)), settings=profile)
    except NoSuchExample:
        says = f"{search.says} ({examples} inspections tried)"
        return Finding(law=law, about="", status=Status.SEARCHED, how=How.SEARCH, says=says)
    except Unsatisfiable:
        return nothing
    kind, _ = _judged(search, framework, trial)
    trial = _least(trial, lambda fewer: _judged(search, framework, fewer)[0] == kind)
    _, says = _judged(search, framework, trial)
    return Finding(law=law, about="", status=Status.REFUTED, how=How.SEARCH, says=says, evidence=trial)


def _judged(search: _Search, framework: Framework, trial: Trial) -> tuple[str, str]:
    """What is wrong with a trial: what kind of thing, and in a sentence; that it cannot be rated is wrong too."""
    try:
        says = search.wrong(framework, trial)
    except InspectError as error:
        return "refused", f"valid evidence is refused: {error}"
    except Exception as error:  # noqa: BLE001  # whatever is raised is the counterexample
        return type(error).__name__, f"rating raises {type(error).__name__}: {error}"
    return ("broken" if says else ""), says


def _least(trial: Trial, holds: Callable[[Trial], bool]) -> Trial:
    """The trial without every entry that it does not take to show the same."""
    for where in dict.fromkeys(key for one in trial for key in one):
        fewer: Trial = tuple({key: entries for key, entries in one.items() if key != where} for one in trial)
        if holds(fewer):
            trial = fewer
            continue
        for name in dict.fromkeys(name for one in trial for name in _names(one.get(where))):
            fewer = tuple(_without(one, where, name) for one in trial)
            if holds(fewer):
                trial = fewer
    return trial


def _names(entries: Any) -> list[Any]:
    """The entries under a heading, cases by their id."""
    if isinstance(entries, Mapping):
        return list(entries)
    return [_id(case) for case in entries] if isinstance(entries, list) else []


def _id(case: Any) -> Any:
    return str(case.get("id")) if isinstance(case, Mapping) else ""


def _without(one: Mapping[str, Any], where: str, name: Any) -> dict[str, Any]:
    entries = one.get(where)
    kept: Any = entries
    if isinstance(entries, Mapping):
        kept = {key: entry for key, entry in entries.items() if key != name}
    elif isinstance(entries, list):
        kept = [case for case in entries if _id(case) != name]
    return {key: kept if key == where else entry for key, entry in one.items() if key != where or kept}


# --- what comes of evidence


def _results(framework: Framework, found: Mapping[str, Any]) -> Mapping[str, Result]:
    return rate_evidence(framework, evidence_from(found)).results


def _words(node: Node, value: Any) -> str:
    """A value of a node in words."""
    if isinstance(value, Absent):
        return str(value.state)
    if isinstance(value, Interval):
        return f"{_words(node, value.worst)} to {_words(node, value.best)}" + (", or none" if value.absent else "")
    return shown_text(shown(node, value))


def _order(value: Any) -> Any:
    """What a value is compared by: of a score the points, since its maximum depends on how many parts are rated."""
    return value.points if isinstance(value, Score) else value


def _differing(first: Judgement, second: Judgement, between: str) -> str:
    """What two judgements that must be the same bytes do not agree in."""
    if first.to_json() == second.to_json():
        return ""
    for name, outcome in first.outcomes.items():
        other = second.outcomes.get(name)
        if outcome != other:
            return f"{between} {name} is {outcome.text()}, then {other.text() if other else 'nothing'}"
    return f"{between} the judgement is written differently"


# --- the laws: what to try, and what may be wrong with it


def _one(framework: Framework) -> st.SearchStrategy[Trial]:
    """One inspection, complete or partly open."""
    return st.one_of(evidence(framework), partial_evidence(framework)).map(lambda found: (found,))


def _repeated(framework: Framework, trial: Trial) -> str:
    (found,) = trial
    return _differing(rate(framework, found), rate(framework, found), "rated twice,")


def _recorded(framework: Framework, trial: Trial) -> str:
    judgement = rate(framework, trial[0])
    return _differing(judgement, Judgement.from_json(judgement.to_json(), framework), "read back from its record,")


def _raises(framework: Framework, trial: Trial) -> str:
    with suppress(InspectError):
        rate(framework, trial[0]).to_json()
    return ""


@st.composite
def _reordered(draw: st.DrawFn, asked: Asked) -> Trial:
    framework = asked.framework
    found = draw(st.one_of(evidence(framework), partial_evidence(framework)))
    if sum(len(entries) for entries in found.values()) < 2:  # one entry has one order
        reject()

    def other(entries: Any) -> Any:
        if isinstance(entries, Mapping):
            return {key: entries[key] for key in draw(st.permutations(list(entries)))}
        return draw(st.permutations(entries)) if isinstance(entries, list) else entries

    return found, {key: other(found[key]) for key in draw(st.permutations(list(found)))}


def _order_matters(framework: Framework, trial: Trial) -> str:
    first, second = (rate(framework, found) for found in trial)
    return _differing(first, second, "in one order and in another,")


@st.composite
def _opened(draw: st.DrawFn, asked: Asked) -> Trial:
    framework = asked.framework
    found = draw(partial_evidence(framework))
    return found, draw(completions(framework, found))


def _leaves_its_interval(framework: Framework, trial: Trial) -> str:
    before, after = (_results(framework, found) for found in trial)
    for name, node in framework.graph.nodes.items():
        said, came = before[name].value, after[name].value
        if node.type.kind is Kind.ANSWERS or isinstance(came, Interval):
            continue
        if isinstance(said, Interval):
            # Choices have no order.
            within = said.absent if isinstance(came, Absent) else node.type.kind is Kind.CHOICE
            within = within or (
                not isinstance(came, Absent) and _order(said.worst) <= _order(came) <= _order(said.best)
            )
        else:
            within = isinstance(came, Absent) if isinstance(said, Absent) else said == came
        if not within:
            return f"{node.title} is {_words(node, said)} while evidence is open, but then {_words(node, came)}"
    return ""


def _better(node: Node, stated: Any) -> Iterator[Any]:
    """What would be better to say of a node than what is stated, the next better first."""
    if node.type.kind is Kind.ANSWERS:
        if isinstance(stated, Mapping):
            yield from ({**stated, "yes": yes} for yes in range(stated["yes"] + 1, stated["of"] + 1))
        return
    said = stated["rating"] if isinstance(stated, Mapping) else stated
    if said in {"not rated", "not applicable"}:
        return
    ladder: Sequence[str] = ()
    if node.type.kind is Kind.FLAG:
        ladder = ("no", "yes")
    if node.type.kind is Kind.RATING and node.binding.scale:
        ladder = node.binding.scale.ratings
    for label in ladder[ladder.index(said) + 1 :] if said in ladder else ():
        yield {**stated, "rating": label} if isinstance(stated, Mapping) else label
    if node.type.bounds and Fraction(said) < node.type.bounds[1]:
        yield fraction_text(Fraction(said) + node.type.step if node.type.step else node.type.bounds[1])


def _meant_to_fall(framework: Framework, node: Node) -> bool:
    """Whether the framework declares that a better value of a node can lower a rating."""
    exceptions = framework.data.exceptions.values()
    return any(e.law == "monotone" and not {node.name, node.of}.isdisjoint(e.of) for e in exceptions)


@st.composite
def _improved(draw: st.DrawFn, asked: Asked) -> Trial:
    framework = asked.framework
    found = draw(evidence(framework, plain=True))
    options = []
    for node in framework.graph.nodes.values():
        name = node.of if node.type.kind is Kind.ANSWERS else node.name
        where = next((w for w in dict.fromkeys((heading(node), "ratings")) if name in found.get(w, {})), None)
        if where and node.rule.takes_evidence and not _meant_to_fall(framework, node):
            options += [(where, name, better) for better in (tuple(_better(node, found[where][name])),) if better]
    if not options:
        reject()
    where, name, better = options[draw(st.integers(0, len(options) - 1))]
    return found, {**found, where: {**found[where], name: draw(st.sampled_from(better))}}


def _falls(framework: Framework, trial: Trial) -> str:
    before, after = (_results(framework, found) for found in trial)
    for name, node in framework.graph.nodes.items():
        old, new = before[name].value, after[name].value
        if node.type.kind is Kind.RATING and isinstance(old, int) and isinstance(new, int) and new < old:
            return f"with better evidence {node.title} falls from {_words(node, old)} to {_words(node, new)}"
    return ""


def _resized(framework: Framework) -> st.SearchStrategy[Trial]:
    asks = any(node.type.kind is Kind.ANSWERS for node in framework.graph.nodes.values())
    return _multiplied(Asked(framework)) if asks else st.nothing()


@st.composite
def _multiplied(draw: st.DrawFn, asked: Asked) -> Trial:
    framework = asked.framework
    # Departures can depend on how small a sample is, and values stated outright may be of any sample.
    found = draw(evidence(framework, plain=True))
    if not any(isinstance(count, Mapping) for count in found.get("tallies", {}).values()):
        reject()
    times = draw(st.integers(2, 5))
    tallies = {
        question: {part: times * cases for part, cases in count.items()} if isinstance(count, Mapping) else count
        for question, count in found["tallies"].items()
    }
    return found, {**found, "tallies": tallies}


def _size_matters(framework: Framework, trial: Trial) -> str:
    few, many = (_results(framework, found) for found in trial)
    for name, node in framework.graph.nodes.items():
        if node.type.kind is Kind.RATING and few[name].value != many[name].value:
            one, other = _words(node, few[name].value), _words(node, many[name].value)
            return f"{node.title} is {one}, but with the same shares of more cases {other}"
    return ""


#: The laws that are searched, by their words in `inspectlib.laws`, and two more.
SEARCHED: Mapping[str, _Search] = {
    "total": _Search(
        lambda framework: wild_evidence(framework).map(lambda found: (found,)),
        _raises,
        "odd evidence is rated or refused, and nothing else happens",
    ),
    "ordered": _Search(
        lambda framework: _reordered(Asked(framework)),
        _order_matters,
        "no order of keys and cases changed the judgement",
    ),
    "sizes": _Search(_resized, _size_matters, "no rating changed with the same shares of more cases"),
    "monotone": _Search(lambda framework: _improved(Asked(framework)), _falls, "no better answer lowered a rating"),
    "open": _Search(
        lambda framework: _opened(Asked(framework)),
        _leaves_its_interval,
        "every completion of open evidence was within its interval",
    ),
    "repeated": _Search(_one, _repeated, "evidence rated twice gave the same bytes"),
    "recorded": _Search(_one, _recorded, "every judgement was read back from its record and computed again"),
}
