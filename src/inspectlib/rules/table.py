"""Decision tables: complete and unique, or refused when the graph is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise, product
from math import prod
from operator import and_
from typing import ClassVar

import attrs

from inspectlib.errors import BadRule, Fault, OffScale, RepeatedInput, TableGap, TableOverlap, UnknownName, WrongKind
from inspectlib.frozen import FrozenMapping
from inspectlib.kinds import Absence, Absent, Kind, Polarity, ValueType
from inspectlib.rules.base import Binding, Given, Inputs, Lexicon, Names, Rule, Slot, level, listed

#: More combinations than this are not checked one by one, so not accepted.
MAX_COMBINATIONS = 100_000

_ABSENT = Absent(Absence.NOT_RATED, "")
_COMPARE: dict[str, Callable[[Fraction | int, Fraction | int], bool]] = {
    "at least ": lambda value, edge: value >= edge,
    "at most ": lambda value, edge: value <= edge,
    "above ": lambda value, edge: value > edge,
    "below ": lambda value, edge: value < edge,
}


@attrs.frozen(kw_only=True)
class Row:
    """One row of a decision table.

    Attributes:
        when: for each input that matters, what it must be: a value, or a list of values; of ratings and numbers also
            ``at least``, ``at most``, ``above`` and ``below`` one; ``absent`` for an input that is not rated or not
            applicable. An input left out can be anything.
        then: the value of the table.
    """

    when: FrozenMapping[str, Names]
    then: str


@attrs.frozen(kw_only=True)
class TableRule(Rule):
    """A decision table: exactly one row for every combination of inputs.

    Where no row mentions that an input is absent, the table is not rated when it is.

    Attributes:
        inputs: the nodes it decides from.
        kind: what it gives: rating, number, flag or choice.
        scale: for ratings, the scale.
        options: for choices, what there is.
        rows: the rows, in any order.
        title: what the node is called for people.
    """

    tag: ClassVar[str] = "table"

    inputs: Names
    kind: Kind
    rows: tuple[Row, ...]
    scale: str = ""
    options: tuple[str, ...] = ()
    title: str = ""

    def slots(self) -> tuple[Slot, ...]:
        kinds = frozenset({Kind.RATING, Kind.NUMBER, Kind.SHARE, Kind.FLAG, Kind.CHOICE})
        return (Slot("inputs", self.inputs, kinds, Polarity.EITHER, single=False, ordered=True),)

    def bind(self, inputs: Inputs, lexicon: Lexicon) -> Binding:
        given = inputs["inputs"]
        names = [name for name, _ in given]
        if len(names) != len(self.inputs):
            raise RepeatedInput("name each input of a table by itself, not by a group", path=("inputs",))
        if self.kind in (Kind.ANSWERS, Kind.SHARE, Kind.SCORE):
            raise WrongKind(f"a table gives a rating, number, flag or choice, not a {self.kind}", path=("kind",))
        if len(self.rows) * len(names) > MAX_COMBINATIONS:
            raise BadRule(f"the table is too large: {len(self.rows)} rows for {len(names)} inputs", path=("rows",))
        type_ = ValueType(self.kind, self.scale, self.options)
        scale = lexicon.scale(self.scale) if self.kind is Kind.RATING else None
        columns = tuple(Column.read(self, index, kind, lexicon) for index, (_, kind) in enumerate(given))
        for number, row in enumerate(self.rows):
            for name in row.when:
                if name not in self.inputs:
                    raise UnknownName(f"{name!r} is not an input of the table", path=("rows", number, "when", name))
        outcomes = tuple(self._outcome(number, type_, lexicon) for number in range(len(self.rows)))
        return Binding(type_, scale=scale, table=Table.read(names, columns, outcomes))

    def _outcome(self, number: int, kind: ValueType, lexicon: Lexicon) -> Given:
        try:
            return _cell_value(self.rows[number].then, kind, lexicon)
        except Fault as fault:
            fault.path = ("rows", number, "then")
            raise

    def value(self, binding: Binding, inputs: Sequence[Given]) -> Given:
        assert isinstance(binding.table, Table)
        return binding.table.value(inputs)

    def polarity(self, slot: Slot, index: int, binding: Binding) -> Polarity:
        assert isinstance(binding.table, Table)
        return binding.table.polarity(index)

    def words(self, names: Mapping[str, Sequence[str]], binding: Binding) -> str:
        return f"decided by the table of {listed(names['inputs'])}: {'; '.join(self.row_words(names['inputs']))}"

    def row_words(self, inputs: Sequence[str]) -> tuple[str, ...]:
        """Each row in words, the inputs called so."""
        called = dict(zip(self.inputs, inputs, strict=True))
        return tuple(
            f"{row.then} when "
            + (
                " and ".join(
                    f"{called[name]} is {' or '.join(row.when[name])}" for name in called if row.when.get(name)
                )
                or "always"
            )
            for row in self.rows
        )


def _cell_value(text: str, kind: ValueType, lexicon: Lexicon) -> Given:
    if kind.kind is Kind.FLAG:
        if text not in {"yes", "no"}:
            raise OffScale(f"{text!r} is neither yes nor no")
        return text == "yes"
    return level(text, kind, lexicon, "")


@attrs.frozen
class Column:
    """One input of a table.

    Attributes:
        atoms: its different values; of a number one for each stretch that the rows tell apart.
        accepts: for each row, which of the atoms it accepts.
        tests: for each row, whether it accepts a value.
        cells: for each row, what it accepts as canonical text.
        takes_absent: whether any row says what happens when it is absent.
        ordered: whether its values are better or worse.
        shown: the atoms in words.
    """

    atoms: tuple[Given, ...]
    accepts: tuple[frozenset[int], ...]
    tests: tuple[Callable[[Given], bool], ...] = attrs.field(eq=False, repr=False)
    cells: tuple[tuple[str, ...], ...] = ()
    takes_absent: bool = False
    ordered: bool = True
    shown: tuple[str, ...] = ()

    @classmethod
    def read(cls, rule: TableRule, index: int, kind: ValueType, lexicon: Lexicon) -> Column:
        """The column of an input, from what the rows say of it."""
        name = rule.inputs[index]
        cells = [row.when.get(name, ()) for row in rule.rows]
        takes_absent = any("absent" in cell for cell in cells)
        tests: list[Callable[[Given], bool]] = []
        canonical: list[tuple[str, ...]] = []
        edges: set[Fraction] = set()
        for number, cell in enumerate(cells):
            parts: list[Callable[[Given], bool]] = []
            texts = set[str]()
            for text in cell:
                try:
                    test, canonical_text = _test(text, kind, lexicon, edges)
                    parts.append(test)
                    texts.add(canonical_text)
                except Fault as fault:
                    fault.path = ("rows", number, "when", name)
                    raise
            tests.append(_any_of(parts) if cell else _anything)
            canonical.append(tuple(sorted(texts)))
        atoms = [*_atoms(kind, lexicon, edges), *([_ABSENT] if takes_absent else [])]
        if len(atoms) * sum(len(cell) or 1 for cell in cells) > MAX_COMBINATIONS:
            raise BadRule(f"the table is too large: its rows tell too many values of {name!r} apart", path=("rows",))
        accepts = tuple(frozenset(i for i, atom in enumerate(atoms) if test(atom)) for test in tests)
        ordered = kind.kind is not Kind.CHOICE
        shown = tuple(_shown(atom, kind, lexicon) for atom in atoms)
        return cls(tuple(atoms), accepts, tuple(tests), tuple(canonical), takes_absent, ordered, shown)


def _anything(_: Given) -> bool:
    return True


def _any_of(parts: Sequence[Callable[[Given], bool]]) -> Callable[[Given], bool]:
    return lambda value: any(part(value) for part in parts)


def _test(text: str, kind: ValueType, lexicon: Lexicon, edges: set[Fraction]) -> tuple[Callable[[Given], bool], str]:
    """Whether a value fits one text of a cell, and the canonical text; the numbers named are added to the edges."""
    if text == "absent":
        return lambda value: isinstance(value, Absent), text
    ordered = kind.kind in (Kind.RATING, Kind.NUMBER, Kind.SHARE)
    prefix = next((words for words in _COMPARE if ordered and text.startswith(words)), "")
    wanted = _cell_value(text.removeprefix(prefix), kind, lexicon)
    if isinstance(wanted, Fraction):
        edges.add(wanted)
    if not prefix:
        return lambda value: value == wanted, str(wanted)
    compare = _COMPARE[prefix]
    assert isinstance(wanted, (int, Fraction))
    return lambda value: isinstance(value, (int, Fraction)) and compare(value, wanted), f"{prefix}{wanted}"


def _atoms(kind: ValueType, lexicon: Lexicon, edges: set[Fraction]) -> Sequence[Given]:
    if kind.kind is Kind.RATING:
        return list(range(len(lexicon.scale(kind.scale).ratings)))
    if kind.kind is Kind.FLAG:
        return [False, True]
    if kind.kind is Kind.CHOICE:
        return list(kind.options)
    # The numbers named, those between and beyond them, and where the number has bounds nothing outside.
    least, most = kind.bounds or (min(edges, default=Fraction(0)) - 1, max(edges, default=Fraction(0)) + 1)
    ordered = sorted(edge for edge in {least, most, *edges} if least <= edge <= most)
    if kind.step is None:
        return sorted([*ordered, *((low + high) / 2 for low, high in pairwise(ordered))])
    steps = {(edge - least) / kind.step for edge in ordered}
    counted = {*(step.numerator for step in steps if step.denominator == 1), *(int(step) + 1 for step in steps)}
    return [number for step in sorted(counted) if (number := least + step * kind.step) <= most]


@attrs.frozen
class Table:
    """A table read for its inputs.

    Attributes:
        columns: its inputs.
        outcomes: the value of each row.
        fits: the row that fits each combination of the atoms of the columns, the last column changing first.
    """

    columns: tuple[Column, ...]
    outcomes: tuple[Given, ...]
    fits: tuple[int, ...] = attrs.field(eq=False, repr=False)

    @classmethod
    def read(cls, names: Sequence[str], columns: tuple[Column, ...], outcomes: tuple[Given, ...]) -> Table:
        """A table, exactly one row of which fits every combination of its inputs.

        Raises:
            BadRule: there are too many combinations to try.
            TableGap, TableOverlap: no row fits one of them, or several do.
        """
        if prod(len(column.atoms) for column in columns) > MAX_COMBINATIONS:
            raise BadRule(f"the table has more than {MAX_COMBINATIONS} combinations of inputs", path=("rows",))
        found: list[int] = []
        for combination in product(*map(_accepting, columns)):
            fitting = reduce(and_, combination)
            if fitting.bit_count() != 1:
                raise _at_fault(names, columns, len(found), fitting)
            found.append(fitting.bit_length() - 1)
        return cls(columns, outcomes, tuple(found))

    def rows(self, names: Sequence[str]) -> list[object]:
        """What each row says, canonically: the value, and what each input named must be."""
        found: list[object] = []
        for row, outcome in enumerate(self.outcomes):
            cells = {name: column.cells[row] for name, column in zip(names, self.columns, strict=True)}
            found.append({"then": str(outcome), "when": {name: cell for name, cell in cells.items() if cell}})
        return found

    def value(self, inputs: Sequence[Given]) -> Given:
        """The outcome of the one row that fits; `read` has made sure that there is one."""
        pairs = list(zip(self.columns, inputs, strict=True))
        for column, value in pairs:
            if isinstance(value, Absent) and not column.takes_absent:
                return Absent(Absence.NOT_RATED, value.reason)
        rows = enumerate(self.outcomes)
        return next(outcome for row, outcome in rows if all(column.tests[row](value) for column, value in pairs))

    def polarity(self, index: int) -> Polarity:
        """What a better value of one input does, found by trying all."""
        column = self.columns[index]
        if not column.ordered or column.takes_absent or any(isinstance(outcome, str) for outcome in self.outcomes):
            return Polarity.EITHER
        step = prod(len(later.atoms) for later in self.columns[index + 1 :])
        result = Polarity.NOTHING
        for number, row in enumerate(self.fits):
            if number // step % len(column.atoms) == len(column.atoms) - 1:
                continue  # it has the best value already
            outcome, after = self.outcomes[row], self.outcomes[self.fits[number + step]]
            assert isinstance(after, (int, Fraction)) and isinstance(outcome, (int, Fraction))
            if after > outcome:
                result = result.beside(Polarity.HELPS)
            elif after < outcome:
                result = result.beside(Polarity.HARMS)
        return result


def _accepting(column: Column) -> list[int]:
    """For each atom the rows that accept it, a bit a row."""
    return [
        sum(1 << row for row, atoms in enumerate(column.accepts) if atom in atoms) for atom in range(len(column.atoms))
    ]


def _at_fault(names: Sequence[str], columns: Sequence[Column], number: int, fitting: int) -> Fault:
    """What to say of a combination that no row fits, or several do."""
    said: list[str] = []
    for column in reversed(columns):
        number, atom = divmod(number, len(column.atoms))
        said.insert(0, column.shown[atom])
    case = " and ".join(f"{name} is {words}" for name, words in zip(names, said, strict=True))
    rows = [row for row in range(fitting.bit_length()) if fitting >> row & 1]
    if not rows:
        return TableGap(f"no row fits when {case}", path=("rows",))
    which = listed([str(row + 1) for row in rows])
    return TableOverlap(f"rows {which} both fit when {case}", path=("rows", rows[1]))


def _shown(atom: Given, kind: ValueType, lexicon: Lexicon) -> str:
    if isinstance(atom, Absent):
        return "absent"
    if isinstance(atom, bool):
        return "yes" if atom else "no"
    return lexicon.scale(kind.scale).ratings[atom] if isinstance(atom, int) else str(atom)
