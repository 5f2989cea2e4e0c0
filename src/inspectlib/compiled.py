"""A framework as one flat Python function: a row of values in, ratings out, without the reasons."""

from __future__ import annotations

import builtins
import functools
import hashlib
import keyword
import linecache
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, get_args

import attrs

from inspectlib.derivation import Why
from inspectlib.errors import Misplaced, MissingColumn, NotExact, UnknownNode, WrongForm, did_you_mean
from inspectlib.evaluate import Interval
from inspectlib.evidence_reader import evidence_from
from inspectlib.exact import parse_count, parse_number
from inspectlib.explainer import Explainer
from inspectlib.graph import Framework, Node
from inspectlib.kinds import Absence, Absent, Kind, PanelRating, Score, Tally
from inspectlib.outcome import Outcome, State, shown
from inspectlib.plan import Column, Plan, Result, Term, make_plan, plan_columns
from inspectlib.plan.columns import share_of
from inspectlib.rating import Rated, rate_evidence
from inspectlib.rows import Rows, column_meanings, results_of
from inspectlib.rules import Given, GivenRule, PanelRule

__all__ = ["ByRules", "Compiled", "Value", "cell_text", "compile"]

#: How ratings are given: by their names, or by their positions on the scale.
Ratings = Literal["labels", "positions"]
#: What a result can be.
Value = str | int | bool | Fraction | None
_Row = Mapping[str, Any]


@attrs.frozen(eq=False)
class Compiled:
    """A framework as a function: called with a row, it gives the results by name.

    The row is a mapping from the names of columns (as in a table: `2.1`, `2.1.3.yes`, `1.1.reason`) to values: ratings
    by name or position, counts, numbers. What it does not name is silent. A row whose evidence is complete goes through
    the flat function. One that says ``not rated``, or is silent, goes through a longer one; and one whose evidence is
    open or wrong is rated by `inspectlib.rate`, which gives the interval, or says precisely what is wrong.

    Attributes:
        framework: the framework.
        columns: the names that the function reads.
        results: the names that it gives.
        ratings: ``labels`` or ``positions``. With positions what has no value is None; a share without value always is.
        source: the source of the function.
    """

    framework: Framework
    columns: tuple[str, ...]
    results: tuple[str, ...]
    ratings: Ratings
    source: str = attrs.field(repr=False)
    _rate: Callable[[_Row], dict[str, Value]] = attrs.field(repr=False)
    _explained: Explainer = attrs.field(repr=False)

    def __call__(self, row: _Row) -> dict[str, Value]:
        """The results for a row.

        Raises:
            InspectError: as `inspectlib.rate` raises it.
        """
        return self._rate(row)

    def explained(self, row: _Row) -> dict[str, Why]:
        """The results for a row with their short reasons: what each has, because of what, and what decided.

        That is what the first step of ``judgement.explain(node)`` says, without what takes a search: which evidence is
        enough, and how far it is to another rating.

        Raises:
            InspectError: as `inspectlib.rate` raises it.
        """
        return self._explained(row)

    @property
    def function(self) -> Callable[[_Row], dict[str, Value]]:
        """The function itself, for those who call it very often."""
        return self._rate

    def __reduce__(self) -> tuple[object, ...]:
        # It is written anew where it is unpickled: code does not travel.
        again = functools.partial(compile, results=self.results, ratings=self.ratings)
        return again, (self.framework, self.columns)


def compile(  # noqa: A001  # as re.compile
    framework: Framework,
    columns: Sequence[str] | None = None,
    *,
    results: Sequence[str] | None = None,
    ratings: Ratings = "labels",
) -> Compiled:
    """Compile a framework to one flat Python function.

    Args:
        framework: the framework.
        columns: the names of the columns that rows can have, as in a table; all evidence and reasons unless given.
        results: the names of the results; those of a table unless given.
        ratings: whether ratings come by their ``labels`` or by their ``positions`` on the scale, 0 being the worst.

    Raises:
        UnknownNode: a column or result that the framework does not have.
        Misplaced: a result that is given as counts.
        WrongForm: no way to give ratings.
    """
    meanings = column_meanings(framework)
    names = tuple(dict.fromkeys(_evidence_columns(framework) if columns is None else columns))
    for name in names:
        if name not in meanings:
            raise UnknownNode(f"{name!r} is no column of evidence{did_you_mean(name, meanings)}")
    read = tuple((index, meanings[name]) for index, name in enumerate(names))
    if not read:
        raise MissingColumn("no column is named")
    wanted = tuple(dict.fromkeys(results_of(framework, read) if results is None else results))
    for name in wanted:
        _node_of(framework, name)
    if ratings not in get_args(Ratings):
        raise WrongForm(f"ratings are given by {' or '.join(get_args(Ratings))}, not by {ratings!r}")
    module = _Module(framework, names, wanted, ratings)
    nodes = tuple(dict.fromkeys(_node_of(framework, name) for name in wanted))
    explained = Explainer(framework, nodes, module.values, module.reference.rated)
    return Compiled(framework, names, wanted, ratings, module.source, module.function(), explained)


def _evidence_columns(framework: Framework) -> Iterator[str]:
    """The columns of all evidence, and of the reasons that can matter."""
    for name, node in framework.graph.nodes.items():
        if node.type.kind is Kind.ANSWERS:
            yield from (f"{node.of}.yes", f"{node.of}.of")
        elif isinstance(node.rule, PanelRule):
            yield name
            if node.rule.slots() and not node.rule.binding:
                yield f"{name}.reason"
        elif isinstance(node.rule, GivenRule):
            yield name


def _node_of(framework: Framework, name: str) -> str:
    """The node that a result is of."""
    nodes = framework.graph.nodes
    whole, _, part = name.rpartition(".")
    if name not in nodes and part == "max" and whole in nodes and nodes[whole].type.kind is Kind.SCORE:
        return whole
    if name not in nodes and part == "share" and share_of(framework, whole):
        return str(share_of(framework, whole))
    if name not in nodes:
        raise UnknownNode(f"the framework has no {name!r}{did_you_mean(name, nodes)}")
    if nodes[name].type.kind is Kind.ANSWERS:
        raise Misplaced(f"{name!r} has answers, which are given and not a result")
    return name


class _Module:
    """The source of a compiled framework, and what it refers to."""

    def __init__(self, framework: Framework, names: tuple[str, ...], wanted: tuple[str, ...], ratings: Ratings) -> None:
        self.framework = framework
        self.names = names
        self.wanted = wanted
        self.ratings = ratings
        self.scope: dict[str, Any] = {
            "Fraction": Fraction,
            "read_count": _count,
            "read_cases": _cases,
            "read_number": _number,
        }
        self.reference = self.scope["by_rate"] = ByRules(framework, names, wanted, ratings)
        meanings = column_meanings(framework)
        leaves = {name for name in names if self._is_evidence(meanings[name])}
        nodes = tuple(dict.fromkeys(_node_of(framework, name) for name in wanted))
        flat = make_plan(framework, plan_columns(framework, names, complete=leaves), nodes, intervals=False)
        general = make_plan(framework, plan_columns(framework, names), nodes, intervals=False)
        lines = [f'"""{framework.id}, compiled: {framework.title}."""', ""]
        lines += _Writer(self, general).function("rate_incomplete", "by_rate")
        lines += ["", "", *_Writer(self, flat).function("rate", "rate_incomplete")]
        self.source = "\n".join(lines) + "\n"

    def _is_evidence(self, meaning: tuple[str, str, str]) -> bool:
        heading, node, part = meaning
        if part in {"reason", "max", "open"}:
            return False
        return heading == "tallies" or self.framework.graph[node].rule.takes_evidence

    def function(self) -> Callable[[_Row], dict[str, Value]]:
        """The function, its source known to tracebacks."""
        function: Callable[[_Row], dict[str, Value]] = self._made(self.source, "rate")
        return function

    def values(self) -> Callable[[_Row], Mapping[str, Given] | None] | None:
        """A function that gives the value of every node beneath the results; None for rows that it does not cover.

        There is none where rows can state what is also computed.
        """
        meanings = column_meanings(self.framework)
        evidence = [name for name in self.names if self._is_evidence(meanings[name])]
        if any(name not in evidence and meanings[name][2] != "reason" for name in self.names):
            return None
        graph = self.framework.graph
        nodes = graph.sort({n for name in self.wanted for n in graph.below(_node_of(self.framework, name))})
        columns = plan_columns(self.framework, self.names, complete=evidence)
        plan = make_plan(self.framework, columns, nodes, intervals=False)
        self.scope |= {"no_values": lambda _: None, "Score": Score, "Tally": Tally, "PanelRating": PanelRating}
        lines = [f'"""{self.framework.id}, every value."""', "", *_Writer(self, plan).values("values", "no_values")]
        function: Callable[[_Row], Mapping[str, Given] | None] = self._made("\n".join(lines) + "\n", "values")
        return function

    def _made(self, source: str, name: str) -> Any:
        """A function that was written."""
        file = f"<inspectlib {self.framework.id} {name} {hashlib.sha256(source.encode()).hexdigest()[:8]}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        exec(builtins.compile(source, file, "exec"), self.scope)  # noqa: S102  # written here, of whole numbers alone
        return self.scope[name]


def _count(value: object) -> int:
    """A count that is no whole number as it comes."""
    if isinstance(value, str):
        return parse_count(value.strip())
    raise TypeError


def _cases(value: object) -> int:
    """A number of cases that is no whole number as it comes."""
    return _count(value) or _count(None)


def _number(value: object, low: int | Fraction, high: int | Fraction) -> int | Fraction:
    """A number, read exactly, between its bounds."""
    if isinstance(value, str):
        value = parse_number(" ".join(value.split()))
    if not isinstance(value, (int, Fraction)) or isinstance(value, bool) or not low <= value <= high:
        raise TypeError
    return value


class _Writer:
    """Writes a plan as a Python function."""

    def __init__(self, module: _Module, plan: Plan) -> None:
        self.module = module
        self.plan = plan
        self.names: dict[str, str] = {}
        self.taken = {*vars(builtins), *module.scope, "row", "x"}
        self.lines: list[str] = []
        self.spare = 0

    def function(self, name: str, otherwise: str) -> list[str]:
        """The lines of the function; rows that it does not cover go to another."""
        return self._ending(self._beginning(name, otherwise), self._given())

    def values(self, name: str, otherwise: str) -> list[str]:
        """The lines of a function that gives the value of every node, and what the panel said; as rules take them."""
        lines = self._beginning(name, otherwise)
        missing = [f"{self._held(result.value)} is None" for result in self.plan.results if result.value.null]
        for first in range(0, len(missing), 8):
            self.lines += [f"if {' or '.join(missing[first : first + 8])}:", f"    return {otherwise}(row)"]
        given = [(result.node, self._value(result)) for result in self.plan.results]
        for column in self.plan.columns:
            if column.meaning[0] == "panel" and column.meaning[2] == "rating":
                reason = f"{column.name}.reason"
                has = f"bool((row.get({reason!r}) or '').strip())" if reason in self.module.names else "False"
                given.append((f"panel {column.meaning[1]}", f"PanelRating({self.name(column.variable)}, {has})"))
        return self._ending(lines, given)

    def _value(self, result: Result) -> str:
        """A value as rules take it."""
        value, per = self._enclosed(result.value), self._enclosed(result.per)
        if result.kind in (Kind.SHARE, Kind.NUMBER):
            return f"Fraction({value})" if per == "1" else f"Fraction({value}, {per})"
        if result.kind is Kind.SCORE:
            return f"Score(Fraction({value}, {result.unit}), Fraction({per}, {result.unit}))"
        if result.kind is Kind.ANSWERS:
            return f"Tally({value}, {per})"
        return f"{self._constant(result.labels)}[{value}]" if result.kind is Kind.CHOICE else value

    def _beginning(self, name: str, otherwise: str) -> list[str]:
        """The lines that read a row, compute the steps and check them."""
        lines = [f"def {name}(row):", "    try:"]
        lines += [f"        {line}" for column in self.plan.columns for line in self._read(column)]
        lines += ["    except (KeyError, TypeError, ValueError, AttributeError):", f"        return {otherwise}(row)"]
        nodes = self.module.framework.graph.nodes
        for step in self.plan.steps:
            begun = len(self.lines)
            code = self.whole(step.term)
            self.lines.append(f"{self.name(step.name)} = {code}")
            # On every line, since a traceback shows one.
            rule = f", {nodes[step.node].rule.tag}" if step.node in nodes else ""
            self.lines[begun:] = [f"{line}  # {step.node}{rule}" for line in self.lines[begun:]]
        wrong = [self.plain(check.wrong) for check in self.plan.checks]
        wrong += [self.plain(result.open) for result in self.plan.results if not result.open.constant]
        wrong += ["True"] * any(result.open.constant and bool(result.open.value) for result in self.plan.results)
        for first in range(0, len(wrong), 8):
            self.lines += [f"if {' or '.join(wrong[first : first + 8])}:", f"    return {otherwise}(row)"]
        return lines

    def _ending(self, lines: list[str], given: Iterable[tuple[str, str]]) -> list[str]:
        """All lines: those before, those still to be written, and what is given."""
        pairs = [f"        {name!r}: {code}," for name, code in given]
        return [*lines, *(f"    {line}" for line in self.lines), "    return {", *pairs, "    }"]

    def name(self, name: str) -> str:
        """A name that Python takes."""
        if name not in self.names:
            plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()
            plain = f"n{plain}" if not plain or plain[0].isdigit() else plain
            while plain in self.taken or keyword.iskeyword(plain) or re.fullmatch(r"t[0-9]+", plain):
                plain += "_"
            self.taken.add(plain)
            self.names[name] = plain
        return self.names[name]

    def _read(self, column: Column) -> Iterator[str]:
        """The lines that read a column."""
        name, key = self.name(column.variable), repr(column.name)
        if column.meaning[2] == "reason":
            yield f'{name} = bool((row.get({key}) or "").strip())'
            return
        get = f"row.get({key})" if column.silent else f"row[{key}]"
        yield f"{name} = {get}"
        if column.labels:
            # Truths and floats are equal to whole numbers, so that a mapping would take them for positions.
            yield f"if {name}.__class__ is int:"
            yield f"    if not 0 <= {name} < {len(column.labels)}:"
            yield "        raise ValueError"
            if column.kind is Kind.FLAG:
                yield f"elif {name}.__class__ is bool:"
                yield f"    {name} = int({name})"
            yield "else:"
            yield f"    {name} = {self._codes(column)}[{name}]"
            return
        if column.silent or column.absent:
            codes = self._absences(column)
            test = f"if {name}.__class__ is str or {name} is None:" if column.silent else f"if {name}.__class__ is str:"
            yield test
            yield f"    {name} = {codes}.get({name} and {name}.strip().casefold(), {name})"
        if column.kind in (Kind.ANSWERS, Kind.SCORE):
            yield f"if {name}.__class__ is not int or {name} < 0:"
            # As text, 0 cases are not said to be not applicable, so `rate` refuses them.
            reads = f"{'read_cases' if column.meaning[2] == 'of' else 'read_count'}({name})"
        else:
            yield f"if {name}.__class__ is not int or not {column.low!r} <= {name} <= {column.high!r}:"
            reads = f"read_number({name}, {column.low!r}, {column.high!r})"
        if column.silent or column.absent:
            yield f"    if {name} is not None and {name} != {column.not_rated} and {name} != {column.not_applicable}:"
            yield f"        {name} = {reads}"
        else:
            yield f"    {name} = {reads}"

    def _codes(self, column: Column) -> str:
        """A mapping from what a cell can say to what the plan reads."""
        codes: dict[object, int | None] = {}
        for position, label in enumerate(column.labels):
            codes[label] = position
            if column.kind is not Kind.CHOICE:
                codes |= {label.casefold(): position, label.upper(): position, label.title(): position}
        if column.absent:
            codes |= {str(Absence.NOT_RATED): column.not_rated, str(Absence.NOT_APPLICABLE): column.not_applicable}
        if column.silent:
            codes |= {None: None, "": None}
        return self._constant(codes)

    def _absences(self, column: Column) -> str:
        codes: dict[object, int | None] = {None: None, "": None} if column.silent else {}
        if column.absent:
            if column.kind is not Kind.ANSWERS:
                codes[str(Absence.NOT_RATED)] = column.not_rated
            codes[str(Absence.NOT_APPLICABLE)] = column.not_applicable
        return self._constant(codes)

    def _constant(self, value: object) -> str:
        """A name for a constant."""
        for name, known in self.module.scope.items():
            if name.isupper() and known == value and list(known) == list(value):  # type: ignore[call-overload]  # of one kind
                return name
        name = f"CODES_{sum(known.isupper() for known in self.module.scope)}"
        self.module.scope[name] = value
        return name

    # Terms as expressions

    def whole(self, term: Term) -> str:
        """An expression for a term, None where it is missing."""
        code, guards = self.strict(term)
        if not guards or term.op == "var":
            return code
        return f"None if {' or '.join(f'{name} is None' for name in guards)} else {code}"

    def plain(self, term: Term) -> str:
        """An expression for a term that is never missing."""
        code, guards = self.strict(term)
        assert not guards
        return code

    def _enclosed(self, term: Term) -> str:
        code = self.whole(term)
        return code if code.isidentifier() or code.lstrip("-").isdigit() else f"({code})"

    def _held(self, term: Term) -> str:
        """The name of a variable that holds a term."""
        if term.op == "var":
            return self.name(str(term.value))
        self.spare += 1
        name = f"t{self.spare}"
        self.lines.append(f"{name} = {self.whole(term)}")
        return name

    def strict(self, term: Term) -> tuple[str, list[str]]:
        """An expression for a term where none of the variables is None."""
        if term.op == "const":
            return ("None" if term.value is None else repr(term.value)), []
        if term.op == "var":
            name = self.name(str(term.value))
            return name, [name] if term.null else []
        if term.op == "if":
            condition, one, other = term.args
            return f"{self._enclosed(one)} if {self._enclosed(condition)} else {self._enclosed(other)}", []
        if term.op == "null":
            held = self._held(term.args[0])
            return f"{held} is None", []
        if term.op == "coalesce":
            held = self._held(term.args[0])
            return f"{self._enclosed(term.args[1])} if {held} is None else {held}", []
        if term.op in {"least", "greatest"}:
            return self._extreme(term)
        guards: list[str] = []
        parts: list[str] = []
        for arg in term.args:
            code, needed = self.strict(arg) if not arg.null or arg.op in _STRICT else (self._held(arg), [])
            if arg.null and arg.op not in _STRICT:
                needed = [code]
            guards += [name for name in needed if name not in guards]
            parts.append(code if code.isidentifier() or code.isdigit() else f"({code})")
        if term.op == "count":
            chain = [f"{place} if {part} else " for place, part in enumerate(parts, 1)]
            return "".join(reversed(chain)) + "0", guards
        if term.op == "add" and len(parts) == 1:
            return f"0 + {parts[0]}", guards  # a condition that is counted, as the number 1
        if term.op == "not":
            return f"not {parts[0]}", guards
        if term.op in {"ge", "gt"} and term.args[0].constant:
            return f"{parts[1]} {'<=' if term.op == 'ge' else '<'} {parts[0]}", guards
        if term.op == "add" and len(parts) > _MANY:
            return f"sum(({', '.join(parts)}))", guards  # Python nests long sums, and only so deep
        return _SIGNS[term.op].join(parts), guards

    def _extreme(self, term: Term) -> tuple[str, list[str]]:
        names = [repr(arg.value) if arg.constant else self._held(arg) for arg in term.args]
        sign = "<" if term.op == "least" else ">"
        if not any(arg.null for arg in term.args) and len(names) > _MANY:
            return f"{'min' if term.op == 'least' else 'max'}({', '.join(names)})", []
        # Statements: several times as fast as a call with what there is.
        self.spare += 1
        found, may_be_null = f"t{self.spare}", term.args[0].null
        self.lines.append(f"{found} = {names[0]}")
        for name, arg in zip(names[1:], term.args[1:], strict=True):
            better = f"{name} {sign} {found}"
            if may_be_null:
                better = f"{found} is None or {better}"
            if arg.null:
                better = f"{name} is not None and ({better})" if may_be_null else f"{name} is not None and {better}"
            self.lines += [f"if {better}:", f"    {found} = {name}"]
            may_be_null = may_be_null and arg.null
        return found, [found] if term.null else []

    # Results

    def _given(self) -> Iterator[tuple[str, str]]:
        """The results by name, each as an expression."""
        by_node = {result.node: result for result in self.plan.results}
        framework = self.module.framework
        for wanted in self.module.wanted:
            result = by_node[_node_of(framework, wanted)]
            is_max = wanted != result.node and result.kind is Kind.SCORE
            code = self._shown(result, is_max=is_max)
            if result.value.null:
                none = (
                    "None"
                    if self.module.ratings == "positions" or is_max or result.kind is Kind.SHARE
                    else self._absent(result)
                )
                held = self._held(result.value)
                code = f"{none} if {held} is None else {code}"
            yield wanted, code

    def _shown(self, result: Result, *, is_max: bool) -> str:
        if result.value.constant and result.value.value is None:
            return "None"
        value = self._held(result.value) if not result.value.constant else repr(result.value.value)
        if result.kind in (Kind.SHARE, Kind.NUMBER) and not (result.per.constant and result.per.value == 1):
            return f"Fraction({value}, {self._held(result.per)})"
        if result.kind is Kind.SCORE:
            value = self._held(result.per) if is_max else value
            return value if result.unit == 1 else f"Fraction({value}, {result.unit})"
        if result.kind is Kind.CHOICE or (result.kind is Kind.RATING and self.module.ratings == "labels"):
            return f"{self._constant(result.labels)}[{value}]"
        return value

    def _absent(self, result: Result) -> str:
        na, none = (repr(str(state)) for state in (Absence.NOT_APPLICABLE, Absence.NOT_RATED))
        if result.not_applicable.constant:
            return na if result.not_applicable.value else none
        return f"({na} if {self.plain(result.not_applicable)} else {none})"


#: What is missing where any of its parts is.
_STRICT = frozenset({"var", "add", "mul", "div", "ge", "gt", "eq", "not", "count"})
#: More terms than this go through a call of Python's own.
_MANY = 16
_SIGNS = {
    "add": " + ",
    "mul": " * ",
    "div": " // ",
    "ge": " >= ",
    "gt": " > ",
    "eq": " == ",
    "and": " and ",
    "or": " or ",
}


class ByRules:
    """Rates a row by the rules themselves: what the compiled function does with a row that it does not cover."""

    def __init__(
        self, framework: Framework, names: Sequence[str], wanted: Sequence[str], ratings: Ratings = "labels"
    ) -> None:
        self.rows = Rows.of(framework, names)
        self.columns = plan_columns(framework, names)
        self.wanted = wanted
        self.ratings = ratings

    def __call__(self, row: _Row) -> dict[str, Value]:
        """The results for a row, as of a compiled framework."""
        rated = self.rated(row)
        return {name: self._value(rated, name) for name in self.wanted}

    def rated(self, row: _Row) -> Rated:
        """A row rated.

        Raises:
            WrongForm: no row.
            InspectError: as `inspectlib.rate` raises it.
        """
        if not isinstance(row, Mapping):
            raise WrongForm(f"a row is a mapping from names of columns to values, not a {type(row).__name__}")
        cells = tuple(_text(column, row.get(column.name), row) for column in self.columns)
        return rate_evidence(self.rows.framework, evidence_from(self.rows.evidence(cells)))

    def _value(self, rated: Rated, name: str) -> Value:
        node = rated.framework.graph[_node_of(rated.framework, name)]
        value = rated.results[node.name].value
        beside = name != node.name
        if isinstance(value, (Interval, Absent)):
            if self.ratings == "positions" or beside or node.type.kind is Kind.SHARE:
                return None
            return str(value.state) if isinstance(value, Absent) else open_text(node, value)
        if isinstance(value, Score):
            return value.max if beside else value.points
        if node.type.kind is Kind.RATING and self.ratings == "labels":
            assert node.binding.scale is not None and isinstance(value, int)
            return node.binding.scale.ratings[value]
        assert isinstance(value, (Fraction, str, int))
        return value


def _text(column: Column, value: object, row: _Row) -> str:
    """A value as a cell of a table says it."""
    if value is None:
        return ""
    if isinstance(value, float):
        message = f"{value} is not exact; give a whole number, a Fraction, a Decimal or text like '0.65'"
        raise NotExact(message, path=column.meaning if column.kind is Kind.ANSWERS else column.meaning[:2])
    if column.kind is Kind.ANSWERS and value == 0:
        # Of no case at all: in numbers that is said by 0, in text by words.
        question = column.meaning[1]
        if row.get(f"{question}.of") == 0 and not row.get(f"{question}.yes") and not row.get(f"{question}.open"):
            return str(Absence.NOT_APPLICABLE)
    truth = isinstance(value, bool) and column.kind is not Kind.FLAG
    if column.labels and isinstance(value, int) and not truth and 0 <= value < len(column.labels):
        return column.labels[value]
    return str(value)


def cell_text(value: Value) -> str:
    """A result as a cell of a table has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def open_text(node: Node, interval: Interval) -> str:
    """An open value for people, as an outcome says it."""
    between = (shown(node, interval.worst), shown(node, interval.best))
    base = Outcome(node=node.name, title=node.title, kind=node.type.kind, role=node.role, state=State.OPEN)
    return attrs.evolve(base, between=between, may_be_absent=interval.absent).text()
