"""Evidence that is refused: for each kind of fault its class, place and message. All inspections are made up."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import inspectlib
from bad import Bad, check, ids, marked, refused
from inspectlib.errors import (
    AliasUsed,
    BadAnswer,
    BadSyntax,
    BadTally,
    DepartureRefused,
    Disagreement,
    DuplicateCase,
    DuplicateKey,
    EmptyFile,
    ExtraColumn,
    Misplaced,
    MissingColumn,
    MissingKey,
    NotExact,
    OffScale,
    OtherFramework,
    ReasonMissing,
    RepeatedColumn,
    TooDeep,
    TooLarge,
    UnknownKey,
    UnknownNode,
    Where,
    WrongForm,
)
from inspectlib.evidence import Answer, Case, Count, Evidence
from inspectlib.frozen import FrozenMapping
from inspectlib.kinds import Score

FRAMEWORK = inspectlib.load("hmip-crc-2019")

_COUNTED = 'tallies:\n  "2.1.1": {yes: 90, of: 100}\n  "2.1.2": {yes: 66, of: 100}\n  "2.1.3": {yes: 99, of: 100}\n'
_FAR = 'tallies:\n  "2.1.1": {yes: 90, of: 100}\n  "2.1.2": {yes: 72, of: 100}\n  "2.1.3": {yes: 99, of: 100}\n'
_CASE = "cases:\n  - {id: c1, answers: {"
#: Every standard Good; the total is then 20 of 30.
_STANDARDS = "ratings:\n" + "".join(f'  "{number}": Good\n' for number in FRAMEWORK.graph["total"].inputs)

#: Evidence files under the framework of 2019 for a CRC.
FILES = [
    # forms
    Bad("a list", "§- a\n", WrongForm, "a mapping belongs here"),
    Bad("a text", "§Good\n", WrongForm, "a mapping belongs here"),
    Bad("only comments", "# made up\n", EmptyFile, "but for comments"),
    Bad("duplicate key", 'ratings: {"2.4": Good, §"2.4": Good}\n', DuplicateKey, "there already"),
    Bad("alias", "ratings: §&a {}\npanel: *a\n", AliasUsed, "write it out"),
    Bad("too deep", "ratings: " + '{"2.4": ' * 39 + '{"2.4": '.replace('"', '§"', 1), TooDeep, "40 levels"),
    Bad("unknown key", "§rating: {}\n", UnknownKey, "did you mean 'ratings'?"),
    Bad("unknown key of a tally", 'tallies: {"2.1.1": {yes: 1, of: 2, §off: 3}}\n', UnknownKey, "did you mean 'of'?"),
    Bad("unknown key of a case", "cases:\n  - {id: c1, §answer: {}}\n", UnknownKey, "did you mean 'answers'?"),
    Bad("unknown key of a departure", 'departures:\n  "2.1": {rating: Good, §why: so}\n', UnknownKey, "rating, reason"),
    Bad("missing key of a tally", 'tallies: {§"2.1.1": {yes: 1}}\n', MissingKey, "'of' is missing"),
    Bad("case without an id", "cases:\n  - §{answers: {}}\n", MissingKey, "'id' is missing"),
    Bad("panel without a rating", 'panel: {§"1.1": {reason: so}}\n', MissingKey, "'rating' is missing"),
    Bad("cases by id", "§cases: {c1: {}}\n", WrongForm, "a list of cases"),
    Bad("ratings as a list", "§ratings: [Good]\n", WrongForm, "a mapping belongs here"),
    Bad("rating that is a list", 'ratings: {§"2.4": [Good]}\n', WrongForm, "a mapping belongs here"),
    Bad("rating that is nothing", 'ratings: {§"2.4": }\n', WrongForm, "a text belongs here"),
    Bad("case without a name", "cases:\n  - {§id: }\n", WrongForm, "a name is missing here"),
    # names
    Bad("evidence of another framework", "§framework: hmip-nps-2019\n", OtherFramework, "not for 'hmip-crc-2019'"),
    Bad("unknown standard", 'ratings: {§"2.9": Good}\n', UnknownNode, "no '2.9'"),
    Bad("unknown panel standard", 'panel: {§"1.9": Good}\n', UnknownNode, "no '1.9'"),
    Bad("unknown departure", 'departures: {§"9": {rating: Good, reason: so}}\n', UnknownNode, "no '9'"),
    Bad("unknown value", "values: {§totl: 16}\n", UnknownNode, "did you mean 'total'?"),
    Bad(
        "unknown question of a tally", 'tallies: {§"2.1.9": {yes: 1, of: 2}}\n', UnknownNode, "no key question '2.1.9'"
    ),
    Bad("unknown question of a case", _CASE + '§"2.1.9": yes}}\n', UnknownNode, "no key question '2.1.9'"),
    Bad("tally of a standard", 'tallies: {§"2.1": {yes: 1, of: 2}}\n', UnknownNode, "no key question '2.1'"),
    # ratings
    *(
        Bad(f"rating {text}", f'ratings: {{§"2.4": {text}}}\n', OffScale, "not a rating of the scale Inadequate")
        for text in ("Excellent", "7", "true", "false", "yes", "Goood", "''", "'Good.'", "3", "2.5", "NaN", "\u0262ood")
    ),
    Bad("panel rating off the scale", 'panel: {§"1.1": {rating: 7, reason: so}}\n', OffScale, "'7' is not a rating"),
    Bad("rating under values", 'values: {§"2.4": 7}\n', Misplaced, "state it under ratings"),
    Bad("total under ratings", "ratings: {§total: Good}\n", Misplaced, "state it under values"),
    Bad("answers under values", 'values: {§"2.1.1.answers": 7}\n', Misplaced, "state it under tallies"),
    Bad("panel rating of a standard from cases", 'panel: {§"2.1": Good}\n', Misplaced, "goes under departures"),
    # tallies
    Bad("yes above of", 'tallies:\n  "2.1.1": {§yes: 4, of: 3}\n', BadTally, "4 sufficient answers of 3 cases"),
    Bad("of 0", 'tallies:\n  "2.1.1": {yes: 0, §of: 0}\n', BadTally, "write not applicable"),
    Bad("negative yes", 'tallies:\n  "2.1.1": {§yes: -1, of: 3}\n', BadTally, "not a whole number, 0 or more"),
    Bad("negative of", 'tallies:\n  "2.1.1": {yes: 1, §of: -3}\n', BadTally, "not a whole number, 0 or more"),
    *(
        Bad(f"count {text}", f'tallies:\n  "2.1.1": {{§yes: {text}, of: 30}}\n', BadTally, "cases are counted whole")
        for text in ("1.5", "1/2", "50%", "1e1", "NaN", ".inf", "1_0", "01", "+1", "0x1", "true", "ten", "\u0661", "''")
    ),
    Bad("count of 201 digits", f'tallies:\n  "2.1.1": {{yes: 1, §of: {"9" * 201}}}\n', TooLarge, "at most 200"),
    Bad("count of 20,001 digits", f'tallies:\n  "2.1.1": {{yes: 1, of: §{"9" * 20_001}}}\n', TooLarge, "20,000"),
    Bad("tally that is a number", 'tallies: {§"2.1.1": 40}\n', BadTally, "such as {yes: 41, of: 60}"),
    Bad("tally that is a share", 'tallies: {§"2.1.1": 40/60}\n', BadTally, "such as {yes: 41, of: 60}"),
    # cases
    Bad("answer of a fourth kind", _CASE + '§"2.1.1": maybe}}\n', BadAnswer, "none of yes, no and not applicable"),
    Bad("answer true", _CASE + '§"2.1.1": true}}\n', BadAnswer, "none of yes, no and not applicable"),
    Bad("answer n/a", _CASE + '§"2.1.1": n/a}}\n', BadAnswer, "none of yes, no and not applicable"),
    Bad("answer 1", _CASE + '§"2.1.1": 1}}\n', BadAnswer, "none of yes, no and not applicable"),
    Bad("answer y", _CASE + '§"2.1.1": y}}\n', BadAnswer, "none of yes, no and not applicable"),
    Bad("case listed twice", "cases:\n  - {id: c1}\n  - {§id: c1}\n", DuplicateCase, "listed twice"),
    Bad("case listed three times", "cases:\n  - {id: c1}\n  - {§id: c1}\n  - {§id: 'c1'}\n", DuplicateCase, "twice"),
    Bad("case without its unit", "cases:\n  - {id: c1, §unit: ' '}\n", WrongForm, "a name is missing here"),
    # dates
    *(
        Bad(f"date {text}", f"§date: {text}\n", WrongForm, "2019-07-01")
        for text in ("2019-7-1", "01/07/2019", "20190701", "July 2019", "2019-07-01T10:00", "''")
    ),
    Bad("day that is none", "§date: 2019-02-29\n", WrongForm, "not a day of the calendar"),
    # units
    Bad("units as a list", "§units: []\n", WrongForm, "a mapping belongs here"),
    Bad("unit that is a text", "units: {§North: here}\n", WrongForm, "{framework: ..., cases: ...} belongs here"),
    Bad(
        "unit without a framework", "units: {North: §{tallies: {2.1.1: {yes: 1, of: 2}}}}\n", MissingKey, "under which"
    ),
    Bad(
        "unit under another framework",
        "units: {North: {§framework: hmip-pdu-2023}}\n",
        OtherFramework,
        "hmip-crc-2019 can pool hmip-crc-2019",
    ),
    Bad(
        "unit in a unit",
        "units: {N: {framework: hmip-crc-2019, §units: {S: {framework: x}}}}\n",
        Misplaced,
        "no units of its own",
    ),
    Bad(
        "panel of a unit",
        "units: {N: {framework: hmip-crc-2019, §panel: {1.1: Good}}}\n",
        Misplaced,
        "state panel for the whole",
    ),
    Bad(
        "unknown question of a unit",
        "units: {N: {framework: hmip-crc-2019, tallies: {§2.1.9: {yes: 1, of: 2}}}}\n",
        UnknownNode,
        "no key question '2.1.9'",
    ),
    Bad(
        "bad tally of a unit",
        "units: {N: {framework: hmip-crc-2019, tallies: {2.1.1: {§yes: 3, of: 2}}}}\n",
        BadTally,
        "3 sufficient answers of 2",
    ),
    # values
    *(
        Bad(f"total {text}", f"values: {{§total: {text}}}\n", NotExact, "not an exact number")
        for text in ("1e1", "NaN", ".nan", ".inf", "-.INF", "1_6", "016", "sixteen", "''", "16 of 36", "0b1")
    ),
    Bad("total of 201 digits", f"values: {{§total: {'1' * 201}}}\n", TooLarge, "at most 200"),
    Bad("total above all", "values: {§total: 31}\n", OffScale, "31 of 30"),
    Bad("negative total", "values: {§total: -1}\n", OffScale, "-1 of 30"),
    Bad("fraction of a point", "values: {§total: 15.5}\n", OffScale, "no total that total can have"),
    Bad("total above its maximum", "values: {§total: {score: 25, max: 24}}\n", OffScale, "25 of 24"),
    Bad("maximum that cannot be", "values: {§total: {score: 5, max: 25}}\n", OffScale, "no maximum of 25"),
    Bad("maximum above all", "values: {§total: {score: 5, max: 33}}\n", OffScale, "no maximum of 33"),
    Bad("maximum 0", "values: {§total: {score: 0, max: 0}}\n", OffScale, "no maximum of 0"),
    Bad("maximum of a mean", "values: {§mean_score: {score: 1, max: 3}}\n", WrongForm, "only a score has a maximum"),
    Bad("share above 1", 'values: {§"2.1.1.share": 5/4}\n', OffScale, "between 0 and 1"),
    # two levels
    Bad(
        "cases against a tally",
        _CASE + '"2.1.1": yes}}\n  - {id: c2, answers: {"2.1.1": no}}\ntallies: {§"2.1.1": {yes: 2, of: 2}}\n',
        Disagreement,
        "the tally of 2.1.1 is 2 of 2, but its cases give 1 of 2",
    ),
    Bad(
        "open case against a tally",
        _CASE + '"2.1.1": yes}}\n  - {id: c2}\ntallies: {§"2.1.1": {yes: 1, of: 1}}\n',
        Disagreement,
        "1 of 1 and 1 open",
    ),
    Bad(
        "tally against a rating",
        _COUNTED + 'ratings: {§"2.1": Outstanding}\n',
        Disagreement,
        "2.1 is stated as Outstanding, but the evidence beneath it gives Good; record a departure",
    ),
    Bad(
        "tally against a question's rating", _COUNTED + 'ratings: {§"2.1.1": Good}\n', Disagreement, "gives Outstanding"
    ),
    Bad("tally against a share", _COUNTED + 'values: {§"2.1.1.share": 89%}\n', Disagreement, "gives 9/10"),
    Bad("tally against not rated", _COUNTED + 'ratings: {§"2.1": not rated}\n', Disagreement, "stated as not rated"),
    Bad(
        "not applicable against a rating",
        'tallies: {"2.1.1": not applicable}\nratings: {§"2.1.1": Good}\n',
        Disagreement,
        "no case to which it applies",
    ),
    Bad(
        "open evidence against a rating",
        'tallies: {"2.1.1": {yes: 1, of: 9}}\nratings: {§"2.1": Outstanding}\n',
        Disagreement,
        "Inadequate",
    ),
    Bad(
        "panel against ratings",
        'ratings: {"1.1": Good}\npanel: {§"1.1": Outstanding}\n',
        Disagreement,
        "rated under ratings and under panel",
    ),
    Bad(
        "standards against a total",
        _STANDARDS + "values: {§total: 21}\n",
        Disagreement,
        "total is stated as 21 of 30, but the evidence beneath it gives 20 of 30",
    ),
    Bad(
        "standards against a rating",
        _STANDARDS + "  §overall: Outstanding\n",
        Disagreement,
        "overall is stated as Outstanding, but the evidence beneath it gives Good",
    ),
    Bad("total against overall", "values: {total: 16}\nratings: {§overall: Inadequate}\n", Disagreement, "gives Good"),
    Bad(
        "standards against delivery",
        _STANDARDS + "  §delivery: Inadequate\n",
        Disagreement,
        "delivery is stated as Inadequate",
    ),
    # departures
    Bad(
        "departure not eligible",
        _FAR + 'departures: {§"2.1": {rating: Outstanding, reason: so}}\n',
        DepartureRefused,
        "not eligible (the lowest share is 72%, 2.1.2)",
    ),
    Bad(
        "departure without a reason",
        _COUNTED + 'departures: {§"2.1": {rating: Requires improvement}}\n',
        ReasonMissing,
        "no recorded reason",
    ),
    Bad(
        "departure in short form",
        _COUNTED + 'departures: {§"2.1": Requires improvement}\n',
        ReasonMissing,
        "no recorded reason",
    ),
    Bad(
        "departure with a blank reason",
        _COUNTED + 'departures: {§"2.1": {rating: Requires improvement, reason: " "}}\n',
        ReasonMissing,
        "no recorded reason",
    ),
    Bad(
        "departure by two bands",
        _COUNTED + 'departures: {§"2.1": {rating: Inadequate, reason: so}}\n',
        DepartureRefused,
        "Inadequate is 2 bands from Good; the rules allow 1 at most",
    ),
    Bad(
        "departure to the same rating",
        _COUNTED + 'departures: {§"2.1": {rating: good, reason: so}}\n',
        DepartureRefused,
        "Good already",
    ),
    Bad(
        "departure on open evidence",
        'tallies: {"2.1.1": {yes: 66, of: 100}}\ndepartures: {§"2.1": {rating: Requires improvement, reason: so}}\n',
        DepartureRefused,
        "still open",
    ),
    Bad(
        "departure on an open case",
        _COUNTED.replace("of: 100}", "of: 100, open: 1}", 1)
        + 'departures: {§"2.1": {rating: Requires improvement, reason: so}}\n',
        DepartureRefused,
        "still open",
    ),
    Bad("departure on nothing", 'departures: {§"2.1": {rating: Good, reason: so}}\n', DepartureRefused, "still open"),
    Bad(
        "departure from what is not rated",
        "".join(["tallies:\n", *(f'  "2.1.{n}": not applicable\n' for n in (1, 2, 3))])
        + 'departures: {§"2.1": {rating: Good, reason: so}}\n',
        DepartureRefused,
        "nothing to depart from",
    ),
    Bad(
        "departure for a panel standard",
        'departures: {§"1.1": {rating: Good, reason: so}}\n',
        Misplaced,
        "a panel rating goes under panel, with its reason",
    ),
    Bad(
        "departure for the overall rating",
        "departures: {§overall: {rating: Good, reason: so}}\n",
        Misplaced,
        "the rules allow no departure for 'overall'",
    ),
    Bad(
        "departure to not rated",
        _COUNTED + 'departures: {§"2.1": {rating: not rated, reason: so}}\n',
        OffScale,
        "must be to a rating",
    ),
    Bad(
        "departure off the scale",
        _COUNTED + 'departures: {§"2.1": {rating: Superb, reason: so}}\n',
        OffScale,
        "'Superb' is not a rating",
    ),
]

#: Case files; § stands before the faulty cell, or before the row. The column counts the cells of the row.
CASES = [
    Bad("no column for cases", "§2.1.1,2.1.2,2.1.3\nyes,no,no\n", MissingColumn, "the column 'case' is missing"),
    Bad("missing column", "§case,2.1.1,2.1.3\nc1,yes,no\n", MissingColumn, "standard 2.1 lacks the column 2.1.2"),
    Bad("extra column", "case,2.1.1,2.1.2,2.1.3,¤2.1.4\nc1,yes,no,no,no\n", ExtraColumn, "no key question '2.1.4'"),
    Bad("column without an answer", "case,2.1.1,2.1.2,2.1.3,¤note\nc1,yes,no,no,good work\n", ExtraColumn, "'note'"),
    Bad("column without a name", "case,2.1.1,2.1.2,2.1.3,¤\nc1,yes,no,no,\n", ExtraColumn, "without a name"),
    Bad("repeated column", "case,2.1.1,2.1.2,¤2.1.1\nc1,yes,no,no\n", RepeatedColumn, "'2.1.1' is there twice"),
    Bad("repeated column with blanks", "case,2.1.1,2.1.2,¤ 2.1.1 \nc1,yes,no,no\n", RepeatedColumn, "there twice"),
    Bad("repeated column for cases", "case,2.1.1,2.1.2,2.1.3,¤case\nc1,yes,no,no,c1\n", RepeatedColumn, "'case'"),
    Bad("row too long", "case,2.1.1,2.1.2,2.1.3\nc1,yes,no,no,¤yes\n", ExtraColumn, "5 cells under 4 columns"),
    Bad(
        "row too short", "case,2.1.1,2.1.2,2.1.3\nc1,yes,no,no\n§c2,yes,no\n", MissingColumn, "3 cells under 4 columns"
    ),
    Bad("broken quotes", 'case,2.1.1,2.1.2,2.1.3\n§c1,"y"es,no,no\n', BadSyntax, "this is not CSV"),
    Bad("open quotes", 'case,2.1.1,2.1.2,2.1.3\n§c1,yes,no,"no', BadSyntax, "this is not CSV"),
    Bad("NUL", "case,2.1.1,2.1.2,2.1.3\nc1,¤y\0s,no,yes\nc2,no,no,no\n", BadAnswer, "none of yes, no"),
    Bad("bad answer", "case,2.1.1,2.1.2,2.1.3\nc1,yes,no,no\n\nc2,yes,¤maybe,no\n", BadAnswer, "'maybe' is none of"),
    Bad("two bad answers", "case,2.1.1,2.1.2,2.1.3\nc1,yes,no,¤1\nc2,yes,¤maybe,no\n", BadAnswer, "leave it out"),
    Bad("case without a name", "case,2.1.1,2.1.2,2.1.3\n¤ ,yes,no,no\n", BadAnswer, "a case without a name"),
    Bad(
        "case of no unit", "case,unit,2.1.1,2.1.2,2.1.3\nc1,N,yes,no,no\nc2,¤,no,no,no\n", BadAnswer, "without its unit"
    ),
    Bad("case twice in its unit", "case,unit\nc1,N\nc1,S\n§c1,N\n", DuplicateCase, "first on line 2"),
    Bad("case listed twice", "case,2.1.1,2.1.2,2.1.3\nc1,yes,no,no\n§c1,yes,no,no\n", DuplicateCase, "first on line 2"),
    Bad(
        "case with blanks listed twice", "case,2.1.1,2.1.2,2.1.3\nc1,yes,no,no\n§ c1 ,yes,no,no\n", DuplicateCase, "c1"
    ),
    Bad("long cell", f"case,2.1.1,2.1.2,2.1.3\nc1,¤{'y' * 1001},no,no\n", TooLarge, "1000 characters"),
    Bad("cell beyond CSV", f"case,2.1.1,2.1.2,2.1.3\n§c1,{'y' * 200_000},no,no\n", BadSyntax, "field larger"),
    Bad("semicolons", "§case;2.1.1;2.1.2;2.1.3\nc1;yes;no;no\n", MissingColumn, "the column 'case' is missing"),
]

#: Sound evidence near the edge of what is refused.
SOUND: list[tuple[str, str]] = [
    ("labels in any case", 'ratings: {"2.4": gOOD}\npanel: {"1.1": " requires   Improvement "}\n'),
    ("keys without quotes", "ratings: {2.4: Good}\ntallies: {2.1.1: {yes: 1, of: 2}}\n"),
    ("JSON with tabs", '{\n\t"ratings": {\n\t\t"2.4":\t"Good"\n\t}\n}\n'),
    ("CRLF", 'ratings:\r\n  "2.4": Good\r\n'),
    ("not applicable", 'tallies: {"2.1.1": Not Applicable}\n'),
    ("all open", 'tallies: {"2.1.1": {yes: 0, of: 0, open: 3}}\n'),
    ("empty headings", "cases: []\ntallies: {}\nratings:\npanel:\ndepartures:\nvalues:\n"),
    ("open answers", "cases:\n  - {id: c1, answers: {2.1.1: }}\n  - {id: c2}\n"),
    ("answers in any case", "cases:\n  - {id: c1, answers: {2.1.1: YES, 2.1.2: 'not  applicable', 2.1.3: No}}\n"),
    ("cases that differ by case", "cases:\n  - {id: c1}\n  - {id: C1}\n"),
    ("tally that agrees", "cases:\n  - {id: c1, answers: {2.1.1: yes}}\ntallies: {2.1.1: {yes: 1, of: 1}}\n"),
    ("rating that agrees", _COUNTED + 'ratings: {"2.1": good}\n'),
    ("rating within the open", 'tallies: {"2.1.1": {yes: 90, of: 100}}\nratings: {"2.1": Outstanding}\n'),
    ("panel that agrees", 'ratings: {"1.1": Good}\npanel: {"1.1": {rating: GOOD, reason: so}}\n'),
    ("departure near an edge", _COUNTED + 'departures: {"2.1": {rating: Requires improvement, reason: so}}\n'),
    ("same case in two units", "cases:\n  - {id: c1, unit: N}\n  - {id: c1, unit: S}\n"),
    ("date", "date: 2019-08-01\n"),
    ("unit", "units: {N: {framework: hmip-crc-2019, tallies: {2.1.1: {yes: 1, of: 2}}}}\n"),
    ("total with a maximum", "values: {total: {score: 1, max: 24}}\n"),
    ("total as an exact decimal", "values: {total: 16.0}\n"),
]


def _write(folder: Path, text: str, name: str = "evidence.yaml") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def _rate(file: Path, *cases: Path) -> object:
    return inspectlib.rate(FRAMEWORK, inspectlib.load_evidence(file, cases=cases))


@pytest.mark.parametrize("bad", ids(FILES))
def test_bad_evidence_is_refused(bad: Bad, tmp_path: Path) -> None:
    """One fault in an evidence file raises its own class at its place, and nothing else is said to be wrong."""
    text, places = marked(bad.text)
    file = _write(tmp_path, text)
    check(refused(lambda: _rate(file)), bad, file, places)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in SOUND])
def test_sound_evidence_is_accepted(text: str, tmp_path: Path) -> None:
    """What is only near a fault is rated, and so is its record."""
    judgement = inspectlib.rate(FRAMEWORK, inspectlib.load_evidence(_write(tmp_path, text)))
    assert inspectlib.Judgement.from_json(judgement.to_json(), FRAMEWORK) == judgement


def _cells(text: str) -> tuple[str, list[tuple[int, int | None]]]:
    """A case file without its marks, and the line of each, with the cell for marks of cells (¤)."""
    places: list[tuple[int, int | None]] = []
    for number, line in enumerate(text.split("\n")):
        places.extend((number + 1, None) for _ in range(line.count("§")))
        places.extend((number + 1, index + 1) for index, cell in enumerate(line.split(",")) if "¤" in cell)
    return text.replace("§", "").replace("¤", ""), places


@pytest.mark.parametrize("bad", ids(CASES))
def test_a_bad_case_file_is_refused(bad: Bad, tmp_path: Path) -> None:
    """One fault in a case file raises its own class at its line and cell, and nothing else is said to be wrong."""
    text, places = _cells(bad.text)
    file, evidence = _write(tmp_path, text, "cases.csv"), _write(tmp_path, "service: made up\n")
    error = refused(lambda: _rate(evidence, file))
    assert [type(fault) for fault in error.faults] == [bad.error] * len(places), str(error)
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places], str(error)
    assert bad.says in str(error)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("case,2.1.1,2.1.2,2.1.3\n\nc1,yes,no,no\n\n,,,\n", id="blank lines"),
        pytest.param("case,2.1.1,2.1.2,2.1.3\r\nc1,yes,no,no\r\n", id="CRLF"),
        pytest.param("case,2.1.1,2.1.2,2.1.3\nc1,yes,no,no", id="no line end at the end"),
        pytest.param(' case , 2.1.3,2.1.1,"2.1.2"\n"c1", NO ,"Yes",no\n', id="blanks, quotes and another order"),
    ],
)
def test_a_sound_case_file_is_accepted(text: str, tmp_path: Path) -> None:
    """Blank lines, line ends, quotes, blanks and the order of columns do not matter to what a case file says."""
    evidence = inspectlib.load_evidence(_write(tmp_path, "service: x\n"), cases=_write(tmp_path, text, "cases.csv"))
    answers = {"2.1.1": Answer.YES, "2.1.2": Answer.NO, "2.1.3": Answer.NO}
    asked = ("2.1.1", "2.1.2", "2.1.3")
    assert evidence.cases == (Case(id="c1", answers=FrozenMapping(answers), asked=asked),)
    inspectlib.rate(FRAMEWORK, evidence)


def test_a_case_in_two_files_is_refused(tmp_path: Path) -> None:
    """A case that is in the evidence file and in a case file, or in two case files, is told at its second place."""
    header = "case,2.1.1,2.1.2,2.1.3\n"
    evidence = _write(tmp_path, "cases:\n  - {id: c1}\n")
    first, second = (
        _write(tmp_path, header + "c2,yes,,\n", "a.csv"),
        _write(tmp_path, header + "c3,yes,,\nc2,no,,\n", "b.csv"),
    )
    error = refused(lambda: _rate(evidence, first, second))
    assert type(error) is DuplicateCase
    assert error.where == Where(str(second), 3)
    third = _write(tmp_path, header + "c1,yes,,\n", "c.csv")
    error = refused(lambda: _rate(evidence, third))
    assert type(error) is DuplicateCase
    assert error.where == Where(str(third), 2)


def test_a_fault_of_a_case_file_found_later_keeps_its_place(tmp_path: Path) -> None:
    """What only the framework can tell about a case file is told at the cell of that file."""
    evidence = _write(tmp_path, 'tallies: {"2.1.1": {yes: 2, of: 2}}\n')
    cases = _write(tmp_path, "case,2.1.1,2.1.2,2.1.3,9.9.9\nc1,no,,,yes\n", "cases.csv")
    error = refused(lambda: _rate(evidence, cases))
    assert [(type(fault), fault.where) for fault in error.faults] == [
        (ExtraColumn, Where(str(cases), 1, 5)),
        (Disagreement, Where(str(evidence), 1, 11)),
    ]


def test_several_faults_of_evidence_come_in_one_report(tmp_path: Path) -> None:
    """Every fault of an evidence file is reported in one go, each with its place, in the order of the file."""
    text, places = marked(
        "§framework: hmip-nps-2018\n" + _CASE + '§"2.9.1": yes}}\n' + 'tallies: {§"3.9.1": {yes: 1, of: 2}}\n'
        'ratings: {§"2.4": Superb, §"2.9": Good}\npanel:\n  §"2.1": Good\n'
        'departures:\n  §"2.2": Good\nvalues:\n  §total: 1e1\n'
    )
    file = _write(tmp_path, text)
    error = refused(lambda: _rate(file))
    expected = [OtherFramework, UnknownNode, UnknownNode, OffScale, UnknownNode, Misplaced, ReasonMissing, NotExact]
    assert [type(fault) for fault in error.faults] == expected
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places]


def test_several_disagreements_come_in_one_report(tmp_path: Path) -> None:
    """Disagreements and refused departures are reported together."""
    text, places = marked(
        _COUNTED + 'ratings:\n  §"2.1.1": Good\n  §"2.1.2": Outstanding\n'
        'departures: {§"2.1": {rating: Inadequate, reason: so}}\n'
    )
    file = _write(tmp_path, text)
    error = refused(lambda: _rate(file))
    assert [type(fault) for fault in error.faults] == [Disagreement, Disagreement, DepartureRefused]
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places]


def _cyclic() -> dict[str, Any]:
    ratings: dict[str, Any] = {}
    ratings["2.4"] = ratings
    return {"ratings": ratings}


def _cyclic_list() -> dict[str, Any]:
    cases: list[Any] = []
    cases.append(cases)
    return {"cases": cases}


@pytest.mark.parametrize(
    ("data", "error", "path", "says"),
    [
        pytest.param({"values": {"total": 16.0}}, NotExact, ("values", "total"), "give a whole number", id="float"),
        pytest.param({"values": {"total": float("nan")}}, NotExact, ("values", "total"), "nan", id="NaN"),
        pytest.param({"values": {"total": float("-inf")}}, NotExact, ("values", "total"), "inf", id="infinity"),
        pytest.param({"values": {"total": Decimal("NaN")}}, NotExact, ("values", "total"), "NaN", id="decimal NaN"),
        pytest.param({"values": {"total": Decimal("sNaN")}}, NotExact, ("values", "total"), "NaN", id="signalling NaN"),
        pytest.param(
            {"values": {"total": Decimal("1E+9999999")}}, TooLarge, ("values", "total"), "200", id="big decimal"
        ),
        pytest.param({"values": {"total": 10**1_000_000}}, TooLarge, ("values", "total"), "200", id="big number"),
        pytest.param(
            {"values": {"total": Fraction(1, 10**5000)}}, TooLarge, ("values", "total"), "200", id="big fraction"
        ),
        pytest.param({"values": {"total": 1 + 1j}}, WrongForm, ("values", "total"), "complex", id="complex"),
        pytest.param(
            {"tallies": {"2.1.1": {"yes": 1.0, "of": 2}}}, NotExact, ("tallies", "2.1.1", "yes"), "1.0", id="count"
        ),
        pytest.param(
            {"tallies": {"2.1.1": {"yes": -1, "of": 2}}},
            BadTally,
            ("tallies", "2.1.1", "yes"),
            "0 or more",
            id="negative",
        ),
        pytest.param(
            {"tallies": {"2.1.1": {"yes": True, "of": 2}}}, WrongForm, ("tallies", "2.1.1", "yes"), "True", id="bool"
        ),
        pytest.param(
            {"cases": [{"id": "c1", "answers": {"2.1.1": True}}]},
            WrongForm,
            ("cases", 0, "answers", "2.1.1"),
            "write 'yes' or 'no'",
            id="answer True",
        ),
        pytest.param({"ratings": {"2.4": True}}, WrongForm, ("ratings", "2.4"), "True", id="rating True"),
        pytest.param({"ratings": {"2.4": 7}}, OffScale, ("ratings", "2.4"), "'7' is not a rating", id="rating 7"),
        pytest.param({"ratings": {"2.4": b"Good"}}, WrongForm, ("ratings", "2.4"), "bytes", id="bytes"),
        pytest.param(
            {"ratings": {"2.4": bytearray(b"Good")}}, WrongForm, ("ratings", "2.4"), "bytearray", id="bytearray"
        ),
        pytest.param({"ratings": {"2.4": object()}}, WrongForm, ("ratings", "2.4"), "object", id="object"),
        pytest.param({"ratings": {2.4: "Good"}}, WrongForm, ("ratings",), "write '2.4'", id="float key"),
        pytest.param({"ratings": {b"2.4": "Good"}}, WrongForm, ("ratings",), "must be text", id="bytes key"),
        pytest.param({"ratings": {10**5000: "Good"}}, WrongForm, ("ratings",), "must be text", id="big key"),
        pytest.param({"cases": {"c1", "c2"}}, WrongForm, ("cases",), "set", id="set"),
        pytest.param(
            {"cases": [{"id": "c1"}, {"id": "c1"}]}, DuplicateCase, ("cases", 1, "id"), "twice", id="case twice"
        ),
        pytest.param(["Good"], WrongForm, (), "a mapping belongs here", id="list"),
        pytest.param(None, WrongForm, (), "mapping", id="nothing"),
        pytest.param({"unknown": 1}, UnknownKey, ("unknown",), "no meaning here", id="unknown key"),
    ],
)
def test_a_bad_mapping_is_refused(
    data: Any, error: type[inspectlib.Fault], path: tuple[object, ...], says: str
) -> None:
    """A mapping from code is refused like a file, with the path of the entry."""
    raised = refused(lambda: inspectlib.rate(FRAMEWORK, data))
    assert type(raised) is error
    assert raised.path == path
    assert raised.where is None
    assert says in str(raised)


@pytest.mark.parametrize("data", [pytest.param(_cyclic(), id="mapping"), pytest.param(_cyclic_list(), id="list")])
def test_a_cyclic_mapping_is_refused(data: dict[str, Any]) -> None:
    """A mapping that contains itself is refused."""
    assert type(refused(lambda: inspectlib.rate(FRAMEWORK, data))) is TooDeep


def test_a_mapping_that_unfolds_without_end_is_refused_soon() -> None:
    """Lists that hold the same list many times over are refused before they are unfolded."""
    code = (
        "import inspectlib\nbomb = ['yes']\nfor _ in range(12): bomb = [bomb] * 9\n"
        "try: inspectlib.rate(inspectlib.load('hmip-crc-2019'), {'cases': bomb})\n"
        "except inspectlib.errors.TooLarge: print('refused')"
    )
    ran = subprocess.run([sys.executable, "-c", code], timeout=60, check=True, capture_output=True, text=True)
    assert ran.stdout == "refused\n"


def test_evidence_built_in_code_is_checked() -> None:
    """Evidence that no reader has seen is refused all the same: a case twice, counts that cannot be."""
    cases = (Case(id="c1"), Case(id="c1"))
    assert type(refused(lambda: inspectlib.rate(FRAMEWORK, Evidence(cases=cases)))) is DuplicateCase
    for yes, of in ((3, 2), (-1, 2), (-2, -1)):
        evidence = Evidence(tallies={"2.1.1": Count(yes, of)})
        assert type(refused(partial(inspectlib.rate, FRAMEWORK, evidence))) is BadTally


def test_numbers_from_code_are_read_exactly() -> None:
    """Whole numbers, fractions, decimals and text say the same."""
    ways = [16, Fraction(16), Decimal("16.0"), "16", "32/2"]
    judgements = [inspectlib.rate(FRAMEWORK, {"values": {"total": way}}) for way in ways]
    assert [judgement["total"].value for judgement in judgements] == [Score(Fraction(16), Fraction(30))] * len(ways)
