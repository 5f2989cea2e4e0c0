"""Framework files that are refused: for each kind of fault its class, place and message. All frameworks are made up."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

import inspectlib
from bad import Bad, changed, check, ids, marked, refused
from inspectlib.errors import (
    AliasUsed,
    BadRule,
    BadScores,
    BadSyntax,
    BandGap,
    BandOrder,
    BandOverlap,
    ByteOrderMark,
    DuplicateKey,
    DuplicateName,
    EmptyFile,
    EmptyScale,
    ExtendsCycle,
    IncompleteFramework,
    MissingKey,
    NotExact,
    NotUtf8,
    OffScale,
    RepeatedInput,
    RuleCycle,
    SeveralDocuments,
    TableGap,
    TableOverlap,
    TagUsed,
    TooDeep,
    TooLarge,
    UnknownFramework,
    UnknownKey,
    UnknownName,
    UnreachableRating,
    UnreadableFile,
    UnstatedBasis,
    Where,
    WrongForm,
    WrongKind,
)

#: A small framework, made up, that uses most rules.
GOOD = """\
id: made-up
version: "1"
title: A made-up framework
basis: modelled
source: invention
sources:
  invention: {title: Made up for the tests}
scales:
  marks:
    ratings: [Poor, Fair, Good, Great]
    basis: modelled
    source: invention
bands:
  shares:
    scale: marks
    bands:
      Poor: {below: 50%}
      Fair: {at_least: 50%, below: 65%}
      Good: {at_least: 65%, below: 80%}
      Great: {at_least: 80%}
    basis: modelled
    source: invention
  means:
    scale: marks
    bands:
      Poor: {at_most: 0.5}
      Fair: {above: 0.5, at_most: 3/2}
      Good: {above: 3/2, at_most: 2.5}
      Great: {above: 2.5}
    basis: modelled
    source: invention
methods:
  cases:
    title: Rated from cases
    each_question:
      answers: {rule: given, kind: answers, basis: modelled, source: invention}
      share: {rule: share, of: answers, basis: modelled, source: invention}
      rating: {rule: band, of: share, bands: shares, basis: modelled, source: invention}
    each_standard:
      computed: {rule: lowest, of: questions, basis: modelled, source: invention}
      rating:
        rule: discretion
        of: computed
        within_points: 5
        basis: modelled
        source: invention
  panel:
    title: Rated by the panel
    each_standard:
      rating: {rule: panel, scale: marks, basis: modelled, source: invention}
groups:
  scored: [standards]
domains:
  "1":
    title: Delivery
    method: cases
    basis: modelled
    source: invention
    standards:
      "1.1":
        title: Planning
        questions:
          "1.1.1": {title: safety}
          "1.1.2": {title: progress}
  "2":
    title: Leadership
    method: panel
    basis: modelled
    source: invention
    standards:
      "2.1": {title: Governance}
nodes:
  total:
    rule: total
    of: scored
    basis: modelled
    source: invention
  overall:
    rule: mean
    of: total
    basis: modelled
    source: invention
  rating:
    rule: band
    of: overall
    bands: means
    basis: modelled
    source: invention
  weak:
    rule: test
    of: "1.1"
    at_most: Poor
    basis: modelled
    source: invention
  outcome:
    rule: limit
    of: rating
    to: Fair
    when: weak
    basis: modelled
    source: invention
  verdict:
    rule: table
    inputs: [outcome, weak]
    kind: choice
    options: [stop, go]
    rows:
      - {when: {weak: "yes"}, then: stop}
      - {when: {weak: "no", outcome: at most Poor}, then: stop}
      - {when: {weak: "no", outcome: above Poor}, then: go}
    basis: modelled
    source: invention
"""

_BASIS = "basis: modelled, source: invention"

#: Whole texts that are refused before they say anything about inspections.
TEXTS = [
    Bad("only comments", "# nothing\n# more of it\n", EmptyFile, "but for comments"),
    Bad("two documents", "id: a\n§---\nid: b\n", SeveralDocuments, "keep one to a file"),
    Bad("duplicate key", "id: a\ntitle: b\n§id: c\n", DuplicateKey, "'id' is there already"),
    Bad("duplicate key inside", "id: a\nnodes:\n  x: {rule: all, §rule: any}\n", DuplicateKey, ":3:7"),
    Bad("duplicate key in other quotes", "'id': a\n§\"id\": c\n", DuplicateKey, "'id' is there already"),
    Bad("duplicate key in JSON", '{"id": "a", §"id": "b"}', DuplicateKey, "'id' is there already"),
    Bad("duplicate key by an escape", '{"id": "a", §"\\u0069d": "b"}', DuplicateKey, "'id' is there already"),
    Bad("anchor", "id: §&a made-up\n", AliasUsed, "write it out"),
    Bad("alias", "id: §*a\n", AliasUsed, "write it out"),
    Bad("cyclic alias", "nodes: §&a [*a]\n", AliasUsed, "write it out"),
    Bad("merge key", "nodes:\n  §<<: {a: b}\n", AliasUsed, "write it out"),
    Bad(
        "alias bomb",
        "a: §&a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{k}: &{k} [{', '.join([f'*{j}'] * 9)}]\n" for j, k in zip("abcdefgh", "bcdefghi", strict=True)),
        AliasUsed,
        "write it out",
    ),
    Bad("tag", "id: §!!python/object/apply:os.getcwd []\n", TagUsed, "plain data"),
    Bad("own tag", "id: §!thing x\n", TagUsed, "plain data"),
    Bad("text by a tag", "id: §!!str x\n", TagUsed, "plain data"),
    Bad("tag for a mapping", "nodes: §!!map {}\n", TagUsed, "plain data"),
    Bad("unclosed list", "id: [a, b\n§", BadSyntax, "expected ',' or ']'"),
    Bad("wrong indent", "id: a\n title§: b\n", BadSyntax, "mapping values are not allowed here"),
    Bad("tab for indent", "id:\n§\ttitle: b\n", BadSyntax, "cannot start any token"),
    Bad("control character", "id: a§\x07b\n", BadSyntax, "not allowed"),
    Bad("NUL", "id: a\ntitle: §\0\n", BadSyntax, "not allowed"),
    Bad("key that is a list", "§[a, b]: c\n", WrongForm, "a key must be a text"),
    Bad("key that is nothing", "id: a\n§~: c\n", WrongForm, "a key must be a text"),
    Bad("a list", "§[a, b]\n", WrongForm, "a framework file is a mapping"),
    Bad("a text", "§made-up\n", WrongForm, "a framework file is a mapping"),
    Bad("long text", f"id: a\ntitle: §{'x' * 20_001}\n", TooLarge, "20,000 characters"),
    Bad(
        "too many entries",
        f"id: a\ngroups: {{a: [{'a, ' * 20_000}\n{'a,' * 9_993}§a]}}\n",
        TooLarge,
        "30,000 entries",
    ),
    Bad("number of 20,001 digits", f"id: a\nversion: §{'9' * 20_001}\n", TooLarge, "20,000 characters"),
    Bad("number of a million digits", f"id: a\nversion: {'9' * 1_000_000}\n", TooLarge, "1,000,000 bytes"),
]

#: A hundred thousand levels, in each of the ways that a file can nest; 41 levels are too many already.
DEEP = [
    Bad("lists", "[" * 41 + "§" + "[" * 99_959, TooDeep, "40 levels"),
    Bad("mappings in flow", '{"a":' * 40 + '{§"a":' + '{"a":' * 99_959, TooDeep, "40 levels"),
    Bad("lists in blocks", "- " * 41 + "§" + "- " * 99_959 + "x", TooDeep, "40 levels"),
    Bad("keys that are keys", "? §" + "? " * 99_999, WrongForm, "a key must be a text"),
    Bad("just too deep", "[" * 41 + "§[" + "]" * 42, TooDeep, "40 levels"),
]


def _row(name: str, old: str, text: str, error: type[inspectlib.Fault], says: str) -> Bad:
    return Bad(name, text, error, says, old)


_MARKS = "    ratings: [Poor, Fair, Good, Great]\n"
_SHARES = """\
      Poor: {below: 50%}
      Fair: {at_least: 50%, below: 65%}
      Good: {at_least: 65%, below: 80%}
      Great: {at_least: 80%}
"""
_TOTAL = "  total:\n    rule: total\n    of: scored\n"
_ROWS = """\
    rows:
      - {when: {weak: "yes"}, then: stop}
      - {when: {weak: "no", outcome: at most Poor}, then: stop}
      - {when: {weak: "no", outcome: above Poor}, then: go}
"""


def _shares(*bands: str) -> str:
    return "".join(f"      {band}\n" for band in bands)


def _nodes(*nodes: str) -> str:
    """Further nodes before the total."""
    return "".join(f"  {node}\n" for node in nodes) + _TOTAL


#: Changes of one place in the good framework.
CHANGES = [
    # keys and forms
    _row("unknown key", "title: A made-up framework\n", "title: A\n§titel: B\n", UnknownKey, "did you mean 'title'?"),
    _row(
        "unknown key inside", "{title: safety}", "{title: safety, §promts: []}", UnknownKey, "did you mean 'prompts'?"
    ),
    _row("unknown key of a rule", _TOTAL, _TOTAL + "    §wieghts: {}\n", UnknownKey, "did you mean 'weights'?"),
    _row("key in the wrong case", "title: A made-up framework", "title: A\n§Version: 2", UnknownKey, "'Version'"),
    _row("missing key", 'id: made-up\nversion: "1"\n', "§id: made-up\n", MissingKey, "'version' is missing"),
    _row("missing key inside", '"1.1.1": {title: safety}', '§"1.1.1": {text: safe?}', MissingKey, "'title' is missing"),
    _row(
        "missing rule",
        "  overall:\n    rule: mean\n",
        "  §overall:\n",
        MissingKey,
        "'rule' is missing; it is one of given",
    ),
    _row(
        "missing basis",
        '  "2":\n    title: Leadership\n    method: panel\n    basis: modelled\n',
        '  §"2":\n    title: Leadership\n    method: panel\n',
        UnstatedBasis,
        "'basis' is missing",
    ),
    _row(
        "missing source",
        "  marks:\n" + _MARKS + "    basis: modelled\n    source: invention\n",
        "  §marks:\n" + _MARKS + "    basis: modelled\n",
        UnstatedBasis,
        "'source' is missing",
    ),
    _row(
        "missing basis of a rule",
        "share: {rule: share, of: answers, basis: modelled, source: invention}",
        "§share: {rule: share, of: answers, source: invention}",
        UnstatedBasis,
        "'basis' is missing",
    ),
    _row(
        "unknown basis",
        'version: "1"\ntitle: A made-up framework\nbasis: modelled',
        'version: "1"\ntitle: A made-up framework\n§basis: guessed',
        WrongForm,
        "'guessed' is none of seed, published",
    ),
    _row("list for a text", "title: A made-up framework", "§title: [A]", WrongForm, "a list where a text belongs"),
    _row("nothing for a text", "title: A made-up framework", "§title:", WrongForm, "nothing where a text belongs"),
    _row(
        "text for a mapping", "groups:\n  scored: [standards]", "§groups: scored", WrongForm, "where a mapping belongs"
    ),
    _row(
        "mapping for a list", "  scored: [standards]", "  §scored: {a: b}", WrongForm, "a mapping where a list belongs"
    ),
    _row("7 for a list", _MARKS, "    §ratings: {7: 7}\n", WrongForm, "a mapping where a list belongs"),
    _row("yes for a switch", "within_points: 5", "§one_answer: yes", WrongForm, "true or false"),
    _row("no rule", "rule: mean", "§rule: meen", WrongForm, "did you mean 'mean'?"),
    _row("bad id", "id: made-up", "§id: Made Up", WrongForm, "single hyphens"),
    _row(
        "no date",
        "title: A made-up framework",
        f"title: A\nin_force: {{§since: 1 July 2019, {_BASIS}}}",
        WrongForm,
        "write it like 2019-07-01",
    ),
    _row(
        "no day",
        "title: A made-up framework",
        f"title: A\nin_force: {{§since: 2019-02-30, {_BASIS}}}",
        WrongForm,
        "not a day of the calendar",
    ),
    _row("bad name", _TOTAL, _nodes(f"§Total: {{rule: panel, scale: marks, {_BASIS}}}"), WrongForm, "not a name"),
    # numbers
    *(
        _row(f"number {text[:12]}", "within_points: 5", f"§within_points: {text}", NotExact, "not an exact number")
        for text in (
            "NaN",
            ".nan",
            "inf",
            ".inf",
            "-.inf",
            "1e2",
            "5E0",
            "1_0",
            "05",
            "0x5",
            "5.",
            ".5",
            "1/0",
            "5,0",
            "12:30",
            "yes",
            "true",
            "five",
            "\u0665",
            "'5 '",
            "1/2/3",
            "--5",
        )
    ),
    _row("number of 201 digits", "within_points: 5", f"§within_points: {'5' * 201}", TooLarge, "at most 200"),
    _row("number of 20,000 digits", "within_points: 5", f"§within_points: {'5' * 20_000}", TooLarge, "at most 200"),
    _row("count of 20,000 digits", "within_points: 5", f"§sample_at_most: {'5' * 20_000}", TooLarge, "at most 200"),
    _row("fraction for a count", "within_points: 5", "§sample_at_most: 2.5", NotExact, "not a whole number"),
    _row("negative count", "within_points: 5", "§sample_at_most: -2", NotExact, "not a whole number, 0 or more"),
    _row("negative distance", "within_points: 5", "§within_points: -1", BadRule, "0 or more"),
    _row("departure of no band", "within_points: 5", "§bands: 0", BadRule, "at least one band"),
    # scales
    _row("empty scale", _MARKS, "    §ratings: []\n", EmptyScale, "at least two ratings"),
    _row("scale of one", _MARKS, "    §ratings: [Good]\n", EmptyScale, "at least two ratings"),
    _row("same but for case", _MARKS, "    ratings: [Poor, Fair, Good, §GOOD]\n", EmptyScale, "stands twice"),
    _row("same but for case in German", _MARKS, "    ratings: [Groß, §GROSS]\n", EmptyScale, "stands twice"),
    _row("rating called not rated", _MARKS, "    ratings: [§Not rated, Fair, Good, Great]\n", EmptyScale, "cannot be"),
    _row("rating with a space before", _MARKS, "    ratings: [§' Poor', Fair, Good, Great]\n", EmptyScale, "cannot be"),
    _row("scores that fall", _MARKS, _MARKS + "    §scores: [0, 2, 1, 3]\n", BadScores, "rise from the worst"),
    _row("scores that stand", _MARKS, _MARKS + "    §scores: [0, 1, 1, 3]\n", BadScores, "rise from the worst"),
    _row("negative score", _MARKS, _MARKS + "    §scores: [-1, 1, 2, 3]\n", BadScores, "0 or more"),
    _row("three scores for four", _MARKS, _MARKS + "    §scores: [0, 1, 2]\n", BadScores, "3 scores for 4 ratings"),
    # bands
    _row(
        "gap",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "§Fair: {at_least: 51%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "Great: {at_least: 80%}",
        ),
        BandGap,
        "no band between Poor",
    ),
    _row(
        "gap at one edge",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "§Fair: {above: 50%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "Great: {at_least: 80%}",
        ),
        BandGap,
        "no band between Poor",
    ),
    _row(
        "overlap",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "§Fair: {at_least: 49%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "Great: {at_least: 80%}",
        ),
        BandOverlap,
        "overlap",
    ),
    _row(
        "overlap at one edge",
        _SHARES,
        _shares(
            "Poor: {at_most: 50%}",
            "§Fair: {at_least: 50%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "Great: {at_least: 80%}",
        ),
        BandOverlap,
        "overlap",
    ),
    _row(
        "overlap for want of an edge",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "Fair: {at_least: 50%, below: 65%}",
            "Good: {at_least: 65%}",
            "§Great: {at_least: 80%}",
        ),
        BandOverlap,
        "Good has no upper bound",
    ),
    _row(
        "empty band",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "Fair: {at_least: 50%, below: 65%}",
            "§Good: {at_least: 65%, below: 65%}",
            "Great: {at_least: 65%}",
        ),
        BandOrder,
        "no number is in the band for Good",
    ),
    _row(
        "two lower edges",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "§Fair: {at_least: 50%, above: 50%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "Great: {at_least: 80%}",
        ),
        BandOrder,
        "one lower bound",
    ),
    _row(
        "two upper edges",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "§Fair: {at_least: 50%, at_most: 65%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "Great: {at_least: 80%}",
        ),
        BandOrder,
        "one upper",
    ),
    _row(
        "lower edge of the first",
        _SHARES,
        _shares(
            "§Poor: {at_least: 0%, below: 50%}",
            "Fair: {at_least: 50%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "Great: {at_least: 80%}",
        ),
        BandGap,
        "leave out its lower bound",
    ),
    _row(
        "upper edge of the last",
        _SHARES,
        _shares(
            "Poor: {below: 50%}",
            "Fair: {at_least: 50%, below: 65%}",
            "Good: {at_least: 65%, below: 80%}",
            "§Great: {at_least: 80%, at_most: 100%}",
        ),
        BandGap,
        "leave out its upper bound",
    ),
    _row(
        "rating without a band",
        "    bands:\n" + _SHARES,
        "    §bands:\n" + _shares("Poor: {below: 50%}", "Good: {at_least: 50%, below: 80%}", "Great: {at_least: 80%}"),
        BandGap,
        "no band for Fair",
    ),
    _row(
        "band off the scale",
        _SHARES,
        _SHARES + "      §Superb: {at_least: 90%}\n",
        OffScale,
        "'Superb' is not a rating",
    ),
    _row(
        "two bands of one rating", _SHARES, _SHARES + "      §GREAT: {at_least: 80%}\n", BandOverlap, "the same rating"
    ),
    _row(
        "bands of an unknown scale",
        "  shares:\n    scale: marks",
        "  shares:\n    §scale: mark",
        UnknownName,
        "did you mean 'marks'?",
    ),
    # names
    _row(
        "duplicate id of a standard",
        '      "2.1": {title: Governance}',
        '      §"1.1": {title: Governance}',
        DuplicateName,
        "'1.1' is there already, at",
    ),
    _row(
        "duplicate id of a question",
        '      "2.1": {title: Governance}',
        '      "2.1": {title: Governance, method: cases, questions: {§"1.1.1": {title: again}}}',
        DuplicateName,
        "'1.1.1' is there already, at",
    ),
    _row(
        "node named like a standard",
        _TOTAL,
        _nodes(f'§"2.1": {{rule: panel, scale: marks, {_BASIS}}}'),
        DuplicateName,
        "'2.1' is there already, at",
    ),
    _row(
        "group named like a node",
        "  scored: [standards]",
        "  scored: [standards]\n  §total: [standards]",
        DuplicateName,
        "the name of something else",
    ),
    _row("dangling reference", "    of: total\n", "    §of: totl\n", UnknownName, "did you mean 'total'?"),
    _row("dangling reference in a method", "of: computed\n", "§of: compted\n", UnknownName, "did you mean 'computed'?"),
    _row(
        "dangling reference in a group", "  scored: [standards]", '  §scored: ["1.1", "9.9"]', UnknownName, "no '9.9'"
    ),
    _row("unknown method", "    method: panel\n", "    §method: pannel\n", UnknownName, "did you mean 'panel'?"),
    _row(
        "no method",
        '    method: panel\n    basis: modelled\n    source: invention\n    standards:\n      "2.1"',
        '    basis: modelled\n    source: invention\n    standards:\n      §"2.1"',
        MissingKey,
        "say how it is rated",
    ),
    _row(
        "unknown method of a standard",
        "{title: Governance}",
        "{title: Governance, §method: pannel}",
        UnknownName,
        "did you mean 'panel'?",
    ),
    _row(
        "unknown scale", "{rule: panel, scale: marks", "{rule: panel, §scale: mark", UnknownName, "no scale is called"
    ),
    _row("unknown bands", "    bands: means\n", "    §bands: meens\n", UnknownName, "no bands are called 'meens'"),
    _row(
        "unknown source",
        _TOTAL,
        _nodes("x: {rule: panel, scale: marks, basis: seed, §source: inventio}"),
        UnknownName,
        "did you mean 'invention'?",
    ),
    _row(
        "unknown source of a question",
        "{title: safety}",
        "{title: safety, basis: seed, §source: report}",
        UnknownName,
        "no source is called 'report'",
    ),
    # kinds and rules
    _row("reference of the wrong kind", "    of: total\n", "    §of: weak\n", WrongKind, "'weak' is a flag"),
    _row("share of a rating", _TOTAL, _nodes(f'x: {{rule: share, §of: "1.1", {_BASIS}}}'), WrongKind, "is a rating"),
    _row("limit by a rating", "    when: weak\n", "    §when: rating\n", WrongKind, "takes a flag"),
    _row(
        "inputs of two kinds",
        _TOTAL,
        _nodes(
            f"x: {{rule: given, kind: number, least: 0, most: 9, {_BASIS}}}",
            f'y: {{rule: lowest, §of: [x, "1.1"], {_BASIS}}}',
        ),
        WrongKind,
        "must be alike",
    ),
    _row(
        "given share", _TOTAL, _nodes(f"x: {{rule: given, §kind: share, {_BASIS}}}"), WrongKind, "computed, not given"
    ),
    _row("table of shares", "    kind: choice\n", "    §kind: share\n", WrongKind, "a table gives a rating"),
    _row("no kind", _TOTAL, _nodes(f"x: {{rule: given, §kind: ratng, {_BASIS}}}"), WrongForm, "did you mean 'rating'?"),
    _row(
        "number without bounds", _TOTAL, _nodes(f"x: {{rule: given, §kind: number, {_BASIS}}}"), BadRule, "its bounds"
    ),
    _row(
        "choice of one",
        _TOTAL,
        _nodes(f"x: {{rule: given, kind: choice, §options: [a, a], {_BASIS}}}"),
        BadRule,
        "two different options",
    ),
    _row(
        "silence of a fourth kind",
        _TOTAL,
        _nodes(f"x: {{rule: given, kind: flag, §missing: unknown, {_BASIS}}}"),
        BadRule,
        "open, not rated or not applicable",
    ),
    _row("limit off the scale", "    to: Fair\n", "    §to: Fine\n", OffScale, "not a rating of the scale Poor, Fair"),
    _row("limit to 7", "    to: Fair\n", "    §to: 7\n", OffScale, "'7' is not a rating"),
    _row("limit to true", "    to: Fair\n", "    §to: true\n", OffScale, "'true' is not a rating"),
    _row(
        "two thresholds",
        "  weak:\n    rule: test\n",
        "  §weak:\n    rule: test\n    at_least: Good\n",
        BadRule,
        "one of at_least, above, at_most, below and equals",
    ),
    _row(
        "no threshold",
        '  weak:\n    rule: test\n    of: "1.1"\n    at_most: Poor\n',
        '  §weak:\n    rule: test\n    of: "1.1"\n',
        BadRule,
        "one of at_least, above, at_most, below and equals",
    ),
    _row("weight 0", _TOTAL, _TOTAL + '    weights: {§"1.1": 0}\n', BadRule, "above 0"),
    _row("negative weight", _TOTAL, _TOTAL + '    weights: {§"1.1": -1}\n', BadRule, "above 0"),
    _row("weight of a stranger", _TOTAL, _TOTAL + '    weights: {§"9.9": 1}\n', UnknownName, "not among the inputs"),
    _row("unrated ignored", _TOTAL, _TOTAL + "    §unrated: ignored\n", BadRule, "left out or not rated"),
    _row(
        "repeated input",
        _TOTAL,
        '  total:\n    rule: total\n    §of: ["1.1", "2.1", "1.1"]\n',
        RepeatedInput,
        "'1.1' is there twice",
    ),
    _row(
        "repeated by a group",
        _TOTAL,
        '  total:\n    rule: total\n    §of: [scored, "1.1"]\n',
        RepeatedInput,
        "'1.1' is there twice",
    ),
    _row("no input", _TOTAL, "  total:\n    rule: total\n    §of: []\n", BadRule, "at least one"),
    _row("several for one", '    of: "1.1"\n', "    §of: scored\n", BadRule, "exactly one"),
    _row(
        "weights of a mean of a total",
        "    rule: mean\n    of: total\n",
        "    rule: mean\n    §of: [total]\n    weights: {total: 2}\n",
        WrongKind,
        "that one total",
    ),
    # circles
    _row("cycle of 1", _TOTAL, _nodes(f"§a: {{rule: not, of: a, {_BASIS}}}"), RuleCycle, "a needs a"),
    _row(
        "cycle of 2",
        _TOTAL,
        _nodes(f"§a: {{rule: not, of: b, {_BASIS}}}", f"b: {{rule: not, of: a, {_BASIS}}}"),
        RuleCycle,
        "a needs b needs a",
    ),
    _row(
        "cycle of 3",
        _TOTAL,
        _nodes(
            f"§a: {{rule: not, of: b, {_BASIS}}}",
            f"b: {{rule: not, of: c, {_BASIS}}}",
            f"c: {{rule: not, of: a, {_BASIS}}}",
        ),
        RuleCycle,
        "a needs b needs c needs a",
    ),
    _row(
        "group containing itself",
        "  scored: [standards]",
        "  scored: [standards]\n  §a: [a, standards]",
        RuleCycle,
        "the group 'a' contains itself",
    ),
    _row(
        "groups in a circle",
        "  scored: [standards]",
        "  scored: [standards]\n  §a: [b]\n  b: [a]",
        RuleCycle,
        "contains itself",
    ),
    # tables
    _row(
        "table gap",
        _ROWS,
        _ROWS.replace("above Poor", "above Fair").replace("    rows:", "    §rows:"),
        TableGap,
        "no row fits when outcome",
    ),
    _row(
        "table overlap",
        _ROWS,
        _ROWS.replace("above Poor", "at least Poor").replace(
            '      - {when: {weak: "no", outcome: at least', '      - §{when: {weak: "no", outcome: at least'
        ),
        TableOverlap,
        "rows 2 and 3 both fit",
    ),
    _row(
        "table of a stranger",
        _ROWS,
        _ROWS.replace("outcome: above Poor", "§rating: above Poor"),
        UnknownName,
        "not an input of the table",
    ),
    _row("table off its options", _ROWS, _ROWS.replace("then: go", "§then: gone"), OffScale, "none of stop, go"),
    _row(
        "table cell off the scale",
        _ROWS,
        _ROWS.replace("outcome: above Poor", "§outcome: above Fine"),
        OffScale,
        "not a rating of the scale",
    ),
    _row(
        "table cell neither yes nor no",
        _ROWS,
        _ROWS.replace('weak: "yes"', "§weak: true"),
        OffScale,
        "neither yes nor no",
    ),
    _row(
        "table of a group",
        "    inputs: [outcome, weak]\n",
        "    §inputs: [scored, weak]\n",
        RepeatedInput,
        "not by a group",
    ),
    _row("table without rows", _ROWS, "    §rows: []\n", TableGap, "no row fits"),
    # reach and whole
    _row(
        "unreachable rating",
        _TOTAL,
        _nodes(
            f"x: {{rule: given, kind: number, least: 0, most: 2, {_BASIS}}}",
            f"§y: {{rule: band, of: x, bands: means, {_BASIS}}}",
        ),
        UnreachableRating,
        "lead to the rating Great",
    ),
    _row(
        "unreachable ratings",
        _TOTAL,
        _nodes(
            f"x: {{rule: given, kind: number, least: 1, most: 2, {_BASIS}}}",
            f"§§y: {{rule: band, of: x, bands: means, {_BASIS}}}",
        ),
        UnreachableRating,
        "lead to the rating Poor",
    ),
    _row(
        "a base for others",
        "title: A made-up framework",
        "title: A\n§abstract: true",
        IncompleteFramework,
        "use one that extends it",
    ),
    _row(
        "unknown parent",
        "title: A made-up framework",
        "title: A\nextends: §hmip-crc-218",
        UnknownFramework,
        "did you mean 'hmip-crc-2018'?",
    ),
    _row(
        "parent that is a mapping without its name",
        "title: A made-up framework",
        "title: A\nextends: §{fingerprint: x}",
        MissingKey,
        "'framework' is missing",
    ),
    _row(
        "parent that is nothing",
        "title: A made-up framework",
        "title: A\n§extends:",
        WrongForm,
        "name the framework to extend",
    ),
]


#: Sound texts near the edge of what is refused.
SOUND = [
    _row("keys in quotes", "title: A made-up framework", "'title': A", WrongForm, ""),
    _row("numbers without quotes", 'version: "1"', "version: 1", WrongForm, ""),
    _row("labels in any case", "    to: Fair\n", "    to: fAIR\n", WrongForm, ""),
    _row(
        "bands in any case and order",
        _SHARES,
        _shares(
            "GREAT: {at_least: 0.80}",
            "poor: {below: 1/2}",
            "fair: {at_least: +50.0%, below: 65%}",
            "good: {at_least: 13/20, below: 80.00%}",
        ),
        WrongForm,
        "",
    ),
    _row(
        "every edge to the band below",
        _SHARES,
        _shares(
            "Poor: {at_most: 50%}",
            "Fair: {above: 50%, at_most: 65%}",
            "Good: {above: 65%, at_most: 80%}",
            "Great: {above: 80%}",
        ),
        WrongForm,
        "",
    ),
    _row("one text for a list of one", "  scored: [standards]", "  scored: standards", WrongForm, ""),
    _row("number of 200 digits", "within_points: 5", f"within_points: 5.{'0' * 198}", WrongForm, ""),
    _row("long text", "title: A made-up framework", f"title: {'x' * 20_000}", WrongForm, ""),
    _row("comments and a document mark", "id: made-up", "# made up\n---\nid: made-up # so", WrongForm, ""),
    _row("two rising scores alike in text", _MARKS, _MARKS + "    scores: [0, 1, 2, 7/2]\n", WrongForm, ""),
]


def _write(folder: Path, text: str, name: str = "made-up.yaml") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def test_the_good_framework_is_accepted(tmp_path: Path) -> None:
    """What the rows below change must be sound without the change."""
    assert inspectlib.load(_write(tmp_path, GOOD)).id == "made-up"


@pytest.mark.parametrize("bad", ids(TEXTS))
def test_a_bad_text_is_refused(bad: Bad, tmp_path: Path) -> None:
    """A text that is no sound YAML of ours raises its own class at its place."""
    text, places = marked(bad.text)
    file = _write(tmp_path, text)
    check(refused(lambda: inspectlib.load(file)), bad, file, places)


@pytest.mark.parametrize("bad", ids(DEEP))
def test_deep_nesting_is_refused_at_once(bad: Bad, tmp_path: Path) -> None:
    """Nesting without end is refused at the first level too many, in no time."""
    text, places = marked(bad.text)
    file = _write(tmp_path, text)
    started = time.perf_counter()
    error = refused(lambda: inspectlib.load(file))
    assert time.perf_counter() - started < 30  # unguarded it takes minutes
    check(error, bad, file, places)


@pytest.mark.parametrize("bad", ids(CHANGES))
def test_a_bad_framework_is_refused(bad: Bad, tmp_path: Path) -> None:
    """One fault in a good framework raises its own class at its place, and nothing else is said to be wrong."""
    text, places = marked(changed(GOOD, bad))
    file = _write(tmp_path, text)
    check(refused(lambda: inspectlib.load(file)), bad, file, places)


@pytest.mark.parametrize("row", ids(SOUND))
def test_a_sound_variation_is_accepted(row: Bad, tmp_path: Path) -> None:
    """What is only near a fault is read, and the framework keeps its id."""
    assert inspectlib.load(_write(tmp_path, changed(GOOD, row))).id == "made-up"


def test_line_ends_do_not_matter(tmp_path: Path) -> None:
    """A file with CRLF line ends means the same, and its faults have the same places."""
    plain, windows = _write(tmp_path, GOOD, "a.yaml"), _write(tmp_path, GOOD.replace("\n", "\r\n"), "b.yaml")
    assert inspectlib.load(plain).fingerprint == inspectlib.load(windows).fingerprint
    broken = _write(tmp_path, GOOD.replace("to: Fair", "to: Fine").replace("\n", "\r\n"), "c.yaml")
    line = GOOD.splitlines().index("    to: Fair") + 1
    assert refused(lambda: inspectlib.load(broken)).faults[0].where == Where(str(broken), line, 5)


@pytest.mark.parametrize(
    ("data", "error", "line", "column", "says"),
    [
        pytest.param(b"id: a\ntitle: caf\xe9\n", NotUtf8, 2, 11, "0xe9", id="latin-1"),
        pytest.param(b"\xff\xfei\0d\0", NotUtf8, 1, 1, "save the file as UTF-8", id="utf-16"),
        pytest.param(b"id: \xed\xa0\x80", NotUtf8, 1, 5, "UTF-8", id="half a pair"),
        pytest.param(b"id: \xc0\xaf", NotUtf8, 1, 5, "UTF-8", id="overlong"),
        pytest.param(b"\xef\xbb\xbfid: a\n", ByteOrderMark, 1, 1, "without one", id="byte order mark"),
        pytest.param(b"", EmptyFile, None, None, "it is empty", id="empty"),
        pytest.param(b" \n\t\n", EmptyFile, None, None, "it is empty", id="only blanks"),
    ],
)
def test_bad_bytes_are_refused(
    *, data: bytes, error: type[Exception], line: int | None, column: int | None, says: str, tmp_path: Path
) -> None:
    """Bytes that are no text of ours raise their own class at the first of them that is wrong."""
    file = tmp_path / "made-up.yaml"
    file.write_bytes(data)
    raised = refused(lambda: inspectlib.load(file))
    assert type(raised) is error
    assert raised.faults[0].where == Where(str(file), line, column)
    assert says in str(raised)


#: A change of the good framework in a file of its own.
CHILD = "id: child\nversion: 1\ntitle: A made-up change\nextends: made-up.yaml\nbasis: modelled\nsource: invention\n"

EXTENDING = [
    Bad(
        "changed figure",
        CHILD + "bands:\n  shares:\n    §rounding: whole percent\n",
        UnstatedBasis,
        "changes 'rounding'",
    ),
    Bad(
        "changed figure, source only",
        CHILD + "bands:\n  shares:\n    §rounding: whole percent\n    source: invention\n",
        UnstatedBasis,
        "state the basis and source",
    ),
    Bad(
        "changed list",
        CHILD + "scales:\n  marks:\n    §ratings: [Poor, Fair, Good, Best]\n",
        UnstatedBasis,
        "'ratings'",
    ),
    Bad(
        "changed edge",
        CHILD + "bands:\n  shares:\n    bands:\n      Poor: {§below: 40%}\n      Fair: {§at_least: 40%}\n",
        UnstatedBasis,
        "changes 'at_least'",
    ),
    Bad(
        "changed rule in a method",
        CHILD + "methods:\n  cases:\n    each_standard:\n      rating: {§within_points: 9}\n",
        UnstatedBasis,
        "changes 'within_points'",
    ),
    Bad("changed weight", CHILD + 'nodes:\n  total:\n    §weights: {"1.1": 2}\n', UnstatedBasis, "state the basis"),
    Bad(
        "withdrawn node that is not there",
        CHILD + "nodes:\n  §verdit: withdrawn\n",
        UnknownName,
        "did you mean 'verdict'?",
    ),
    Bad(
        "withdrawn standard that is not there",
        CHILD + 'domains:\n  "1":\n    standards:\n      §"1.9": withdrawn\n',
        UnknownName,
        "no '1.9' to withdraw",
    ),
    Bad("withdrawn heading that is not there", CHILD + "§changes: withdrawn\n", UnknownName, "'changes' to withdraw"),
    Bad("parent that is no name", CHILD.replace("made-up.yaml", "§made-up"), UnknownFramework, "neither a shipped"),
    Bad("parent that is not there", CHILD.replace("made-up.yaml", "§gone.yaml"), UnreadableFile, "gone.yaml"),
    Bad("extends itself", CHILD.replace("made-up.yaml", "§child.yaml"), ExtendsCycle, "extends this framework itself"),
    Bad("extends itself by another way", CHILD.replace("made-up.yaml", "§./child.yaml"), ExtendsCycle, "itself"),
]


@pytest.mark.parametrize("bad", ids(EXTENDING))
def test_a_bad_extending_file_is_refused(bad: Bad, tmp_path: Path) -> None:
    """A fault in what a file changes has its place in that file."""
    _write(tmp_path, GOOD)
    text, places = marked(bad.text)
    file = _write(tmp_path, text, "child.yaml")
    check(refused(lambda: inspectlib.load(file)), bad, file, places)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_frameworks_that_extend_each_other_in_a_circle_are_refused(length: int, tmp_path: Path) -> None:
    """A circle of files is refused whatever its length, at the line that closes it."""
    for number in range(length):
        parent = f"f{(number + 1) % length}.yaml"
        _write(tmp_path, CHILD.replace("made-up.yaml", parent), f"f{number}.yaml")
    error = refused(lambda: inspectlib.load(tmp_path / "f0.yaml"))
    assert type(error) is ExtendsCycle
    assert error.where == Where(str(tmp_path / f"f{length - 1}.yaml"), 4, 10)


def test_a_long_chain_of_frameworks_is_refused(tmp_path: Path) -> None:
    """More files than any framework has are not followed."""
    for number in range(60):
        _write(tmp_path, CHILD.replace("made-up.yaml", f"f{number + 1}.yaml"), f"f{number}.yaml")
    assert type(refused(lambda: inspectlib.load(tmp_path / "f0.yaml"))) is TooLarge


def test_a_fan_of_frameworks_ends_soon(tmp_path: Path) -> None:
    """Files that extend the next one many times over cannot make loading endless."""
    for number in range(12):
        parents = ", ".join([f"f{number + 1}.yaml"] * 6)
        _write(tmp_path, CHILD.replace("made-up.yaml", f"[{parents}]"), f"f{number}.yaml")
    _write(tmp_path, GOOD, "f12.yaml")
    code = "import sys, inspectlib\ntry: inspectlib.load(sys.argv[1])\nexcept inspectlib.InspectError: pass"
    command = [sys.executable, "-c", code, str(tmp_path / "f0.yaml")]
    assert subprocess.run(command, timeout=60, check=True, capture_output=True).returncode == 0


def test_a_fault_from_the_extended_file_has_its_place_there(tmp_path: Path) -> None:
    """A file may bring out a fault in what it extends; the place named is that of the entry."""
    base = _write(tmp_path, GOOD)
    file = _write(tmp_path, CHILD + "nodes:\n  total: withdrawn\n", "child.yaml")
    error = refused(lambda: inspectlib.load(file))
    assert type(error) is UnknownName
    assert error.where == Where(str(base), GOOD.splitlines().index("    of: total") + 1, 5)


def test_a_change_with_basis_is_accepted(tmp_path: Path) -> None:
    """A figure changed with its basis, a note added without one, an entry withdrawn and one restated are all sound."""
    _write(tmp_path, GOOD)
    change = """\
bands:
  shares: {rounding: whole percent, basis: modelled, source: invention}
  means: {scale: marks}
nodes:
  verdict: withdrawn
"""
    framework = inspectlib.load(_write(tmp_path, CHILD + change, "child.yaml"))
    assert "verdict" not in framework.graph.nodes
    assert framework.data.bands["shares"].rounding == "whole percent"


def test_edges_out_of_order_are_refused(tmp_path: Path) -> None:
    """Two bands that have changed places are told as such, beside the gaps that this leaves."""
    bands = _shares(
        "Poor: {below: 50%}",
        "§Fair: {at_least: 65%, below: 80%}",
        "§Good: {at_least: 50%, below: 65%}",
        "§Great: {at_least: 80%}",
    )
    text, places = marked(GOOD.replace(_SHARES, bands))
    file = _write(tmp_path, text)
    error = refused(lambda: inspectlib.load(file))
    assert [type(fault) for fault in error.faults] == [BandGap, BandOrder, BandGap]
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places]
    assert "Good (from 1/2 to below 13/20) must come after Fair (from 13/20 to below 4/5)" in str(error)


def test_an_edge_above_the_next_is_refused(tmp_path: Path) -> None:
    """A band that ends before it begins is told as a fault of order."""
    text, places = marked(GOOD.replace("Good: {at_least: 65%, below: 80%}", "§Good: {at_least: 80%, below: 65%}"))
    file = _write(tmp_path, text)
    faults = refused(lambda: inspectlib.load(file)).faults
    assert [fault.where for fault in faults if isinstance(fault, BandOrder)] == [Where(str(file), *places[0])]


def test_a_number_used_twice_names_its_first_place(tmp_path: Path) -> None:
    """A key question listed under two standards is one fault, and the message says where it is first."""
    text, places = marked(
        GOOD.replace('"1.1.1": {title', '§"1.1.1": {title').replace(
            "{title: Governance}", '{title: Governance, method: cases, questions: {§"1.1.1": {title: again}}}'
        )
    )
    file = _write(tmp_path, text)
    error = refused(lambda: inspectlib.load(file))
    assert [fault.where for fault in error.faults] == [Where(str(file), *places[1])]
    assert f"at {Where(str(file), *places[0])}" in str(error)


def test_several_faults_come_in_one_report(tmp_path: Path) -> None:
    """Every fault of a file is reported in one go, each with its place, in the order of the file."""
    text = (
        GOOD.replace("Fair: {above: 0.5", "§Fair: {above: 0.6")
        .replace("    of: total\n", "    §of: totl\n")
        .replace("    at_most: Poor\n", "    §at_most: Pour\n")
        .replace("nodes:\n", f'nodes:\n  §"2.1": {{rule: panel, scale: marks, {_BASIS}}}\n')
        .replace("{title: progress}", "{title: progress, basis: seed, §source: report}")
    )
    text, places = marked(text)
    file = _write(tmp_path, text)
    error = refused(lambda: inspectlib.load(file))
    assert isinstance(error, inspectlib.FaultReport)
    assert [type(fault) for fault in error.faults] == [BandGap, UnknownName, DuplicateName, UnknownName, OffScale]
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places]
    assert error.message == "5 faults"


def test_several_faults_of_form_come_in_one_report(tmp_path: Path) -> None:
    """Unknown keys, missing keys and texts of the wrong form are all reported in one go, in the order of the file."""
    text = (
        GOOD.replace("title: A made-up framework", "§titel: A")
        .replace("id: made-up\n", "§id: made-up\n")
        .replace("within_points: 5", "§within_points: 5e0")
        .replace("    rule: mean\n", "    §rule: meen\n")
        .replace('      "2.1": {title: Governance}', '      "2.1": {title: Governance, §topics: {}}')
    )
    text, places = marked(text)
    file = _write(tmp_path, text)
    error = refused(lambda: inspectlib.load(file))
    assert [type(fault) for fault in error.faults] == [MissingKey, UnknownKey, NotExact, WrongForm, WrongForm]
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places]


def test_two_circles_are_both_reported(tmp_path: Path) -> None:
    """Circles that have nothing to do with each other are reported in one go."""
    circles = _nodes(
        f"§a: {{rule: not, of: b, {_BASIS}}}",
        f"b: {{rule: not, of: a, {_BASIS}}}",
        f"§c: {{rule: not, of: c, {_BASIS}}}",
    )
    text, places = marked(GOOD.replace(_TOTAL, circles))
    file = _write(tmp_path, text)
    error = refused(lambda: inspectlib.load(file))
    assert [type(fault) for fault in error.faults] == [RuleCycle, RuleCycle]
    assert [fault.where for fault in error.faults] == [Where(str(file), *place) for place in places]
