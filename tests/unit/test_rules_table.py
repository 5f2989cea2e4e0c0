"""Decision tables: one row for every combination, what the rows say, what a better input does, and every fault."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import pytest

from inspectlib.errors import BadRule, NotExact, OffScale, RepeatedInput, TableGap, TableOverlap, UnknownName, WrongKind
from inspectlib.frozen import FrozenMapping
from inspectlib.kinds import Absence, Absent, Kind, Polarity, ValueType
from inspectlib.rules import Binding, Row, Slot, TableRule
from inspectlib.rules.table import Table
from made import (
    BEST,
    CHOICE,
    FAIR,
    FLAG,
    GOOD,
    LEXICON,
    MARK,
    MARKS,
    NOT_APPLICABLE,
    NOT_RATED,
    NUMBER,
    OWN,
    POOR,
    SHARE,
    bind,
    refusal,
    words,
)

Rows = list[tuple[dict[str, str], str]]


def table(rows: Rows, *inputs: str, kind: Kind = Kind.RATING, **more: Any) -> TableRule:
    """A table of ratings unless another kind is given; a cell of several values has them between bars."""
    made = tuple(
        Row(when=FrozenMapping({name: tuple(cell.split("|")) for name, cell in when.items()}), then=then)
        for when, then in rows
    )
    scale = {"scale": "marks"} if kind is Kind.RATING else {}
    return TableRule(inputs=inputs or ("a",), kind=kind, rows=made, **{**scale, **more}, **OWN)


def read(binding: Binding) -> Table:
    """The table that was read."""
    assert isinstance(binding.table, Table)
    return binding.table


#: Good or better passes, and so does Fair with a plan; what is not rated is Poor.
TWO_INPUTS: Rows = [
    ({"a": "at least Good"}, "Best"),
    ({"a": "Fair", "plan": "yes"}, "Good"),
    ({"a": "Poor|Fair", "plan": "no"}, "Fair"),
    ({"a": "Poor", "plan": "yes"}, "Fair"),
    ({"a": "absent"}, "Poor"),
]


@pytest.mark.parametrize(
    ("a", "plan", "outcome"),
    [
        (BEST, True, BEST),
        (GOOD, False, BEST),
        (FAIR, True, GOOD),
        (FAIR, False, FAIR),
        (POOR, True, FAIR),
        (POOR, False, FAIR),
        (NOT_RATED, True, POOR),
        (NOT_APPLICABLE, False, POOR),
        (GOOD, NOT_APPLICABLE, Absent(Absence.NOT_RATED, "no such case")),
        (NOT_APPLICABLE, NOT_RATED, Absent(Absence.NOT_RATED, "not inspected")),
    ],
)
def test_the_row_that_fits_decides(a: Any, plan: Any, outcome: Any) -> None:
    """The value is that of the one row that fits; an absence of which no row speaks leaves the table not rated."""
    rule = table(TWO_INPUTS, "a", "plan")
    assert rule.value(bind(rule, inputs=(MARK, FLAG)), [a, plan]) == outcome


def test_what_a_table_takes_and_gives() -> None:
    """A table takes all but scores and answers, each input by itself, and gives what it says."""
    rule = table(TWO_INPUTS, "a", "plan")
    kinds = frozenset({Kind.RATING, Kind.NUMBER, Kind.SHARE, Kind.FLAG, Kind.CHOICE})
    assert rule.slots() == (Slot("inputs", ("a", "plan"), kinds, Polarity.EITHER, single=False, ordered=True),)
    binding = bind(rule, inputs=(MARK, FLAG))
    assert (binding.type, binding.scale) == (MARK, MARKS)
    choice = table([({}, "east")], kind=Kind.CHOICE, options=("north", "east", "south"))
    assert (bind(choice, inputs=MARK).type, bind(choice, inputs=MARK).scale) == (CHOICE, None)


@pytest.mark.parametrize(
    ("kind", "more", "then", "value"),
    [
        (Kind.RATING, {}, "good", GOOD),
        (Kind.NUMBER, {}, "3/2", Fraction(3, 2)),
        (Kind.FLAG, {}, "yes", True),
        (Kind.FLAG, {}, "no", False),
        (Kind.CHOICE, {"options": ("north", "south")}, "south", "south"),
    ],
)
def test_what_a_row_gives(kind: Kind, more: Any, then: str, value: Any) -> None:
    """A row gives a rating, number, flag or choice, whatever the input."""
    rule = table([({}, then)], kind=kind, **more)
    outcome = rule.value(bind(rule, inputs=FLAG), [True])
    assert outcome == value
    assert type(outcome) is type(value)


@pytest.mark.parametrize(
    ("cell", "type_", "fits", "fits_not"),
    [
        ("Good", MARK, [GOOD], [POOR, FAIR, BEST]),
        ("at least Good", MARK, [GOOD, BEST], [POOR, FAIR]),
        ("at most Good", MARK, [POOR, FAIR, GOOD], [BEST]),
        ("above Good", MARK, [BEST], [POOR, FAIR, GOOD]),
        ("below Good", MARK, [POOR, FAIR], [GOOD, BEST]),
        ("Poor|above Good", MARK, [POOR, BEST], [FAIR, GOOD]),
        ("no", FLAG, [False], [True]),
        ("east|north", CHOICE, ["north", "east"], ["south"]),
        ("2", NUMBER, [Fraction(2)], [Fraction(199, 100), Fraction(201, 100)]),
        ("at least 2", NUMBER, [Fraction(2), Fraction(9)], [Fraction(199, 100)]),
        ("above 2", NUMBER, [Fraction(201, 100)], [Fraction(2)]),
        ("at most 50%", SHARE, [Fraction(0), Fraction(1, 2)], [Fraction(51, 100)]),
        ("below 50%", SHARE, [Fraction(49, 100)], [Fraction(1, 2)]),
    ],
)
def test_what_a_cell_accepts(cell: str, type_: ValueType, fits: list[Any], fits_not: list[Any]) -> None:
    """A cell accepts the values it lists, and those on the side of an edge that its words say."""
    edge = cell.rsplit(maxsplit=1)[-1]
    opposite = {"at least": "below", "at most": "above", "above": "at most", "below": "at least"}
    words = cell.removesuffix(f" {edge}") if " " in cell and "|" not in cell else ""
    others = {
        "Good": "below Good|above Good",
        "Poor|above Good": "Fair|Good",
        "no": "yes",
        "east|north": "south",
        "2": "below 2|above 2",
    }
    other = f"{opposite[words]} {edge}" if words else others[cell]
    rule = table([({"a": cell}, "yes"), ({"a": other}, "no")], kind=Kind.FLAG)
    binding = bind(rule, inputs=type_)
    assert [rule.value(binding, [value]) for value in fits] == [True] * len(fits)
    assert [rule.value(binding, [value]) for value in fits_not] == [False] * len(fits_not)


def test_an_option_may_read_like_a_comparison() -> None:
    """Only what is ordered can be compared: an option of a choice is taken as it is."""
    odd = ValueType(Kind.CHOICE, options=("above all", "none"))
    rule = table([({"a": "above all"}, "yes"), ({"a": "none"}, "no")], kind=Kind.FLAG)
    assert rule.value(bind(rule, inputs=odd), ["above all"]) is True


def number(least: int, most: int, step: str | None = None) -> ValueType:
    """Numbers within bounds, in steps."""
    return ValueType(
        Kind.NUMBER, bounds=(Fraction(least), Fraction(most)), step=None if step is None else Fraction(step)
    )


def halves(edge: str) -> Rows:
    """Yes from an edge on."""
    return [({"a": f"at least {edge}"}, "yes"), ({"a": f"below {edge}"}, "no")]


@pytest.mark.parametrize(
    ("rows", "type_", "atoms"),
    [
        (halves("5"), NUMBER, "4 9/2 5 11/2 6"),
        ([({}, "yes")], NUMBER, "-1 0 1"),
        (halves("3"), number(0, 10), "0 3/2 3 13/2 10"),
        (halves("0"), number(0, 10), "0 5 10"),
        (halves("10"), number(0, 10), "0 5 10"),
        (halves("12"), number(0, 10), "0 5 10"),
        (halves("-2"), number(0, 10), "0 5 10"),
        (halves("3"), number(0, 10, "1"), "0 1 3 4 10"),
        (halves("5/2"), number(0, 10, "1"), "0 1 3 10"),
        (halves("2"), number(1, 4, "1/2"), "1 3/2 2 5/2 4"),
        (halves("7/2"), number(-1, 5, "3"), "-1 2 5"),
        (halves("1"), number(1, 1, "1"), "1"),
    ],
)
def test_numbers_that_the_rows_tell_apart(rows: Rows, type_: ValueType, atoms: str) -> None:
    """Of a number there is one value for each edge and for each stretch between: possible ones only, rising."""
    (column,) = read(bind(table(rows, kind=Kind.FLAG), inputs=type_)).columns
    assert list(column.atoms) == [Fraction(atom) for atom in atoms.split()]


@pytest.mark.parametrize("edge", ["-1", "0", "1/3", "5/2", "3", "10", "11"])
@pytest.mark.parametrize("type_", [number(0, 10), number(0, 10, "1"), number(0, 10, "5/3"), NUMBER])
def test_nothing_is_left_between_the_numbers_tried(edge: str, type_: ValueType) -> None:
    """Every number there can be is treated as one of those tried, and each one tried is a number there can be."""
    rows = [({"a": f"below {edge}"}, "1"), ({"a": edge}, "2"), ({"a": f"above {edge}"}, "3")]
    rule = table(rows, kind=Kind.NUMBER)
    binding = bind(rule, inputs=type_)
    (column,) = read(binding).columns
    least, most = type_.bounds or (Fraction(-3), Fraction(13))
    step = type_.step or Fraction(1, 12)
    there = [least + i * step for i in range(int((most - least) / step) + 1)]
    tried = {rule.value(binding, [atom]) for atom in column.atoms}
    assert {rule.value(binding, [value]) for value in there} == tried
    if type_.bounds:
        assert all(least <= atom <= most for atom in column.atoms if isinstance(atom, Fraction))


# --- what the rows say, in whatever order and writing


def test_rows_in_any_order_and_writing_say_the_same() -> None:
    """Rows, cells and numbers written otherwise say the same; another value or cell does not."""

    def said(rows: Rows) -> list[object]:
        found = read(bind(table(rows, "a", "b", kind=Kind.NUMBER), inputs=(SHARE, MARK)))
        return sorted(found.rows(("x", "y")), key=repr)

    rows: Rows = [
        ({"a": "below 50%"}, "1"),
        ({"a": "at least 1/2", "b": "Poor|Fair"}, "2"),
        ({"a": "at least 0.5", "b": "Good|Best"}, "3"),
    ]
    same: Rows = [
        ({"b": "best|GOOD|Good", "a": "at least 50%"}, "3.0"),
        ({"b": "fair|poor", "a": "at least 50%"}, "6/3"),
        ({"a": "below 1/2"}, "1"),
    ]
    assert said(rows) == said(same)
    assert said(rows) == [
        {"then": "1", "when": {"x": ("below 1/2",)}},
        {"then": "2", "when": {"x": ("at least 1/2",), "y": ("0", "1")}},
        {"then": "3", "when": {"x": ("at least 1/2",), "y": ("2", "3")}},
    ]
    assert said(rows) != said([*rows[:2], ({"a": "at least 1/2", "b": "Good|Best"}, "4")])
    assert said(rows) != said(
        [*rows[:1], *(({"a": "at least 1/2", "b": b}, n) for b, n in (("Poor", "2"), ("above Poor", "3")))]
    )


def test_tables_are_equal_when_their_columns_and_values_are() -> None:
    """Two readings of the same rows are equal."""
    rule = table(TWO_INPUTS, "a", "plan")
    assert bind(rule, inputs=(MARK, FLAG)) == bind(rule, inputs=(MARK, FLAG))


# --- polarity


def turned(rule: TableRule, *types: ValueType) -> list[Polarity]:
    """What a better value of each input does."""
    binding = bind(rule, inputs=types)
    return [rule.polarity(rule.slots()[0], index, binding) for index in range(len(types))]


BY_FLAG: Rows = [({"a": "yes"}, "Good"), ({"a": "no"}, "Poor")]


@pytest.mark.parametrize(
    ("rule", "types", "polarity"),
    [
        (table(BY_FLAG), (FLAG,), "+"),
        (table([({"a": "no"}, "Good"), ({"a": "yes"}, "Poor")]), (FLAG,), "-"),
        (table([({"a": "no"}, "Good"), ({"a": "yes"}, "Good")]), (FLAG,), "0"),
        (table([({"a": "Fair"}, "Good"), ({"a": "Poor|Good|Best"}, "Poor")]), (MARK,), "?"),
        (table([({"a": "at least 2"}, "Good"), ({"a": "below 2"}, "Poor")]), (NUMBER,), "+"),
        (table([({"a": "at least 2"}, "1"), ({"a": "below 2"}, "9")], kind=Kind.NUMBER), (NUMBER,), "-"),
        (table([({"a": "Fair|Best"}, "yes"), ({"a": "Poor|Good"}, "no")], kind=Kind.FLAG), (MARK,), "?"),
        # a choice has no order, what is absent is neither better nor worse, and options are not ordered either
        (table([({"a": "east|south"}, "Good"), ({"a": "north"}, "Poor")]), (CHOICE,), "?"),
        (table([({"a": "absent"}, "Poor"), *BY_FLAG]), (FLAG,), "?"),
        (table([({"a": "yes"}, "b"), ({"a": "no"}, "a")], kind=Kind.CHOICE, options=("a", "b")), (FLAG,), "?"),
        # the one helps, the other harms, and either way for a third
        (
            table(
                [
                    ({"a": "yes", "b": "no"}, "Best"),
                    ({"a": "yes", "b": "yes"}, "Good"),
                    ({"a": "no", "c": "Good"}, "Fair"),
                    ({"a": "no", "c": "Poor|Fair|Best"}, "Poor"),
                ],
                *"abc",
            ),
            (FLAG, FLAG, MARK),
            "+-?",
        ),
    ],
)
def test_what_a_better_input_does(rule: TableRule, types: tuple[ValueType, ...], polarity: str) -> None:
    """A better input helps, harms, does nothing or either, found by trying every combination."""
    assert "".join(turned(rule, *types)) == polarity


# --- words


def test_tables_in_words() -> None:
    """A table reads row by row; a row without conditions always fits."""
    text = words(table(TWO_INPUTS, "a", "plan"), inputs=(MARK, FLAG))
    assert text == (
        "decided by the table of 'a' and 'plan': Best when 'a' is at least Good; "
        "Good when 'a' is Fair and 'plan' is yes; Fair when 'a' is Poor or Fair and 'plan' is no; "
        "Fair when 'a' is Poor and 'plan' is yes; Poor when 'a' is absent"
    )
    assert words(table([({}, "Good")]), inputs=MARK) == "decided by the table of 'a': Good when always"


def test_a_table_takes_one_value_and_one_name_for_each_input() -> None:
    """Values and names go with the inputs, one by one."""
    rule = table(TWO_INPUTS, "a", "plan")
    binding = bind(rule, inputs=(MARK, FLAG))
    for wrong in ([FAIR], [FAIR, True, True]):
        with pytest.raises(ValueError, match="argument 2"):
            rule.value(binding, wrong)
    for names in (["a"], ["a", "b", "c"]):
        with pytest.raises(ValueError, match="argument 2"):
            rule.words({"inputs": names}, binding)
        with pytest.raises(ValueError, match="argument"):
            read(binding).rows(names)


# --- faults


@pytest.mark.parametrize(
    ("rule", "types", "fault"),
    [
        *(
            (
                table([({}, "1")], kind=kind),
                (MARK,),
                (WrongKind, ("kind",), f"a table gives a rating, number, flag or choice, not a {kind}"),
            )
            for kind in (Kind.ANSWERS, Kind.SHARE, Kind.SCORE)
        ),
        (table([({}, "Good")], scale="grades"), (MARK,), (UnknownName, ("scale",), "no scale is called 'grades'")),
        (
            table([({}, "Good"), ({"a": "Poor", "b": "yes"}, "Good")]),
            (MARK,),
            (UnknownName, ("rows", 1, "when", "b"), "'b' is not an input of the table"),
        ),
        (
            table([({"a": "Poor"}, "Good"), ({"a": "Fair|Superb"}, "Good")]),
            (MARK,),
            (
                OffScale,
                ("rows", 1, "when", "a"),
                "'Superb' is not a rating of the scale Poor, Fair, Good, Best",
            ),
        ),
        (
            table([({"a": "at least"}, "Good")]),
            (MARK,),
            (OffScale, ("rows", 0, "when", "a"), "'at least' is not a rating of the scale Poor, Fair, Good, Best"),
        ),
        (
            table([({"a": "above 1e2"}, "Good")]),
            (NUMBER,),
            (NotExact, ("rows", 0, "when", "a"), "'1e2' is not an exact number; write it like 3, 0.65, 65% or 1/2"),
        ),
        (
            table([({"a": "true"}, "Good")]),
            (FLAG,),
            (OffScale, ("rows", 0, "when", "a"), "'true' is neither yes nor no"),
        ),
        (
            table([({"a": "west"}, "Good")]),
            (CHOICE,),
            (OffScale, ("rows", 0, "when", "a"), "'west' is none of north, east, south"),
        ),
        (
            table([({"a": "Poor"}, "Good"), ({"a": "above Poor"}, "Superb")]),
            (MARK,),
            (OffScale, ("rows", 1, "then"), "'Superb' is not a rating of the scale Poor, Fair, Good, Best"),
        ),
        (
            table([({}, "true")], kind=Kind.FLAG),
            (MARK,),
            (OffScale, ("rows", 0, "then"), "'true' is neither yes nor no"),
        ),
        # gaps and overlaps, with the first case that shows them
        (table([]), (MARK,), (TableGap, ("rows",), "no row fits when a is Poor")),
        (
            table([({"a": "below Good"}, "Poor")]),
            (MARK,),
            (TableGap, ("rows",), "no row fits when a is Good"),
        ),
        (
            table([({"a": "yes"}, "Poor"), ({"a": "no", "b": "no"}, "Good")], "a", "b"),
            (FLAG, FLAG),
            (TableGap, ("rows",), "no row fits when a is no and b is yes"),
        ),
        (
            table([({"a": "no"}, "Poor"), ({"a": "yes", "b": "at least 1/2"}, "Good")], "a", "b"),
            (FLAG, number(0, 1)),
            (TableGap, ("rows",), "no row fits when a is yes and b is 0"),
        ),
        (
            table([({"a": "below 1/2"}, "Poor"), ({"a": "above 1/2"}, "Good")]),
            (SHARE,),
            (TableGap, ("rows",), "no row fits when a is 1/2"),
        ),
        (
            table([({"a": "absent", "b": "no"}, "Poor"), ({"a": "yes|no"}, "Good")], "a", "b"),
            (FLAG, FLAG),
            (TableGap, ("rows",), "no row fits when a is absent and b is yes"),
        ),
        (
            table([({"a": "south"}, "Poor"), ({"a": "north"}, "Good")]),
            (CHOICE,),
            (TableGap, ("rows",), "no row fits when a is east"),
        ),
        (
            table([({"a": "yes"}, "Poor"), ({}, "Good")]),
            (FLAG,),
            (TableOverlap, ("rows", 1), "rows 1 and 2 both fit when a is yes"),
        ),
        (
            table([({"a": "no"}, "Poor"), ({"a": "at least 1"}, "Poor"), ({"a": "at most 1"}, "Good")]),
            (number(0, 2),),
            (NotExact, ("rows", 0, "when", "a"), "'no' is not an exact number; write it like 3, 0.65, 65% or 1/2"),
        ),
        (
            table([({"a": "below 1"}, "Poor"), ({"a": "at least 1"}, "Poor"), ({"a": "1"}, "Good")]),
            (number(0, 2),),
            (TableOverlap, ("rows", 2), "rows 2 and 3 both fit when a is 1"),
        ),
    ],
)
def test_tables_that_are_refused(rule: TableRule, types: tuple[ValueType, ...], fault: Any) -> None:
    """A table that leaves a gap, overlaps, or speaks of what is not there is refused, with the case or the cell."""
    assert refusal(lambda: bind(rule, inputs=types)) == fault


def test_a_group_is_no_input() -> None:
    """Rows name inputs one by one, so that a group cannot stand for several."""
    rule = table([({}, "Good")])
    message = "name each input of a table by itself, not by a group"
    given = [("a1", MARK), ("a2", MARK)]
    assert refusal(lambda: rule.bind({"inputs": given}, LEXICON)) == (RepeatedInput, ("inputs",), message)


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        ("abcde", (TableGap, ("rows",), "no row fits when a is 0 and b is 0 and c is 0 and d is 0 and e is 0")),
        ("abcdef", (BadRule, ("rows",), "the table has more than 100000 combinations of inputs")),
    ],
)
def test_tables_that_are_too_large_to_check(names: str, fault: Any) -> None:
    """Of five inputs with ten options all 100,000 combinations are tried; more are refused at once."""
    digit = ValueType(Kind.CHOICE, options=tuple("0123456789"))
    assert refusal(lambda: bind(table([], *names), inputs=digit)) == fault


TOO_MANY = "the table is too large: its rows tell too many values of 'a' apart"


YES_NO: Rows = [({"a": "yes"}, "Good"), ({"a": "no"}, "Poor")]
THREE_NAMED: Rows = [({"a": "Poor|Fair"}, "Good"), ({"a": "above Fair"}, "Poor")]


@pytest.mark.parametrize(
    ("rule", "type_", "most", "message"),
    [
        # two rows for two inputs; and of either input two values, each held against two cells
        (table(YES_NO, "a", "b"), FLAG, 4, None),
        (table(YES_NO, "a", "b"), FLAG, 3, "the table is too large: 2 rows for 2 inputs"),
        # three values named, each held against four
        (table(THREE_NAMED), MARK, 12, None),
        (table(THREE_NAMED), MARK, 11, TOO_MANY),
    ],
)
def test_tables_that_would_take_long_to_read(
    monkeypatch: pytest.MonkeyPatch, rule: TableRule, type_: ValueType, most: int, message: str | None
) -> None:
    """As many steps as there may be are taken to read a table, and not one more."""
    monkeypatch.setattr("inspectlib.rules.table.MAX_COMBINATIONS", most)
    if message is None:
        assert bind(rule, inputs=type_).type == MARK
    else:
        assert refusal(partial(bind, rule, inputs=type_)) == (BadRule, ("rows",), message)


def test_exactly_one_row_for_every_combination() -> None:
    """Of three rows over two flags, those accepted are just those of which one fits each of the four combinations."""
    cells = [dict(zip("ab", pair, strict=True)) for pair in product(("yes", "no", "yes|no"), repeat=2)]

    def fits(cell: dict[str, str], values: tuple[str, ...]) -> bool:
        return all(value in cell[name].split("|") for name, value in zip("ab", values, strict=True))

    for three in product(cells, repeat=3):
        often = [sum(fits(cell, values) for cell in three) for values in product(("no", "yes"), repeat=2)]
        rule = table([(cell, "Good") for cell in three], "a", "b")
        if set(often) == {1}:
            assert bind(rule, inputs=FLAG).type == MARK
        else:
            first = next(n for n in often if n != 1)
            assert refusal(partial(bind, rule, inputs=FLAG))[0] is (TableOverlap if first else TableGap)
