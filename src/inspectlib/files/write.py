"""The inverse of reading: a framework, or evidence, as the text of one YAML file that reads back the same."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
import cattrs
from cattrs.gen import make_dict_unstructure_fn
from ruamel.yaml import YAML
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import SafeRepresenter

from inspectlib.errors import TooLarge, WrongForm
from inspectlib.evidence import Answer, Evidence, evidence_data
from inspectlib.evidence_reader import read_evidence
from inspectlib.exact import MAX_NUMBER, fraction_text
from inspectlib.files.yaml_reader import MAX_BYTES, MAX_NODES, parse_yaml
from inspectlib.framework import FrameworkData
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework
from inspectlib.provenance import Grounded
from inspectlib.rules import Rule
from inspectlib.structure import structure
from inspectlib.tree import MAX_BITS

__all__ = ["entries_text", "evidence_text", "framework_json", "framework_text"]

#: What places in a text are called that has not been saved yet.
_FILE = "the file to write"
_PROVENANCE = tuple(field.name for field in attrs.fields(Grounded))
#: A longer text stands folded on lines of its own, which end with the word that passes the width.
_FOLDED_FROM = 90
_WIDTH = 110
#: A text that can be folded at any space: characters that can be seen, and single spaces between them.
_SEEN = r"[!-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]+"
#: What a file may not hold as it is.
_UNSEEN = re.compile(r"[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAME = re.compile(f"{_SEEN}(?: {_SEEN})*")
#: What begins otherwise is quoted, as the numbers of standards are everywhere.
_LETTER = re.compile("[A-Za-z]")


def framework_text(framework: Framework) -> str:
    """A framework as the text of one framework file, everything that it extends taken in.

    Loading the text gives a framework with equal data, and so with the same fingerprint. Comments, and the ways in
    which numbers were written, are not data.

    Raises:
        TooLarge: the file would be longer than is read.
        WrongForm: a framework built in code holds what no file can say, such as half a character.
        InspectError: likewise, as the reader puts it.
    """
    text = _yaml(_converter().unstructure(framework.data))
    _same(framework.data, structure(parse_yaml(text, _FILE), FrameworkData))
    return text


def framework_json(framework: Framework) -> str:
    """A framework as the text of one JSON file, everything that it extends taken in; fractions as texts.

    The text is a framework file too: loading it gives a framework with equal data.

    Raises:
        TooLarge, WrongForm, InspectError: as for `framework_text`.
    """
    written = json.dumps(_exact(_converter().unstructure(framework.data)), indent=2, ensure_ascii=False) + "\n"
    text = _UNSEEN.sub(lambda character: f"\\u{ord(character[0]):04x}", written)
    _same(framework.data, structure(parse_yaml(text, _FILE), FrameworkData))
    return text


def _exact(data: Any) -> Any:
    """Mappings and lists with every number as other tools read it exactly."""
    if isinstance(data, dict):
        return {key: _exact(entry) for key, entry in data.items()}
    if isinstance(data, list):
        return [_exact(entry) for entry in data]
    if isinstance(data, date):
        return data.isoformat()
    return _number_text(data) if isinstance(data, Fraction) else data


def entries_text(entries: Mapping[str, Any]) -> str:
    """Texts, numbers, lists and mappings under their keys, as part of a YAML file."""
    return _yaml(dict(entries))


def evidence_text(evidence: Evidence) -> str:
    """Evidence as the text of one evidence file, its cases listed one by one.

    Loading the text gives equal evidence, and so the same judgement. Of cases from a CSV file the columns are lost
    (`asked`), with the check that a file has all of a standard. A case that had no column for a key question which
    others answer is written as one to which it is not applicable, so that it does not become open there.

    Raises:
        TooLarge: the file would be longer than is read; many cases stay in a CSV file.
        WrongForm: evidence built in code holds what no file can say, such as half a character or a reason for a value.
        InspectError: likewise, as the reader puts it.
    """
    listed = _listed(evidence)
    text = _yaml(_evidence_entries(listed))
    _same(listed, read_evidence(parse_yaml(text, _FILE)))
    return text


def _listed(evidence: Evidence) -> Evidence:
    """The evidence with its cases as a file lists them, and its units called as the file calls them."""
    answered = {question for case in evidence.cases for question in case.answers}
    unlisted = {question for case in evidence.cases if not case.asked for question in case.answers}
    cases = []
    for case in evidence.cases:
        spared = sorted(answered.difference(case.asked or unlisted, case.answers))
        answers = {**case.answers, **dict.fromkeys(spared, Answer.NOT_APPLICABLE)}
        cases.append(attrs.evolve(case, answers=FrozenMapping(answers), asked=()))
    units = {name: attrs.evolve(_listed(unit), service=name) for name, unit in evidence.units.items()}
    return attrs.evolve(evidence, cases=tuple(cases), units=FrozenMapping(units), asked=())


def _evidence_entries(evidence: Evidence) -> dict[str, Any]:
    entries = evidence_data(evidence, evidence.tallies, {})
    if evidence.cases:
        entries["cases"] = _converter().unstructure(evidence.cases)
    if evidence.units:
        entries["units"] = {
            name: _evidence_entries(attrs.evolve(unit, service=None)) for name, unit in sorted(evidence.units.items())
        }
    return {field.name: entries[field.name] for field in attrs.fields(Evidence) if field.name in entries}


def _same(given: object, again: object) -> None:
    if again != given:
        raise WrongForm("it cannot be written: some text of it would not read back the same")


# --- from objects to mappings and lists of texts and numbers


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_unstructure_hook(StrEnum, str)
    converter.register_unstructure_hook_func(
        lambda cls: getattr(cls, "__origin__", cls) is FrozenMapping,
        lambda entries: {key: converter.unstructure(entry) for key, entry in entries.items()},
    )
    converter.register_unstructure_hook_factory(attrs.has, lambda cls: _entries(converter, cls))
    return converter


def _entries(converter: cattrs.Converter, cls: type[Any]) -> Callable[[Any], dict[str, Any]]:
    """The writer of a class: its entries but for defaults, in an order that reads well."""
    entries = make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True)
    tag = {"rule": cls.tag} if issubclass(cls, Rule) else {}
    grounded = set(_PROVENANCE) <= {field.name for field in attrs.fields(cls)}

    def place(entry: tuple[str, Any]) -> int:
        """Where something is stated with its basis: what is short, then the basis, then what is nested."""
        key, value = entry
        nested = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))
        return 1 if key in _PROVENANCE else 2 if nested else 0

    def write(thing: Any) -> dict[str, Any]:
        found = tag | entries(thing)
        return dict(sorted(found.items(), key=place)) if grounded else found

    return write


# --- from mappings and lists to YAML


class _Representer(SafeRepresenter):
    """Texts in a style that reads back as the same text, numbers exactly; everything is written out where it stands."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, data: str) -> ScalarNode:
        if any("\ud800" <= character <= "\udfff" for character in data):
            raise WrongForm(f"a text with half a character, which no file can hold: {data!r}")
        tame = _TAME.fullmatch(data)
        style = ">" if tame and len(data) > _FOLDED_FROM else None if tame and _LETTER.match(data) else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def number(self, data: Fraction | int) -> ScalarNode:
        written = _number_text(Fraction(data))
        kind = "str" if set(written) & set("/%") else "float" if "." in written else "int"
        return self.represent_scalar(f"tag:yaml.org,2002:{kind}", written)


_Representer.add_representer(str, _Representer.text)
_Representer.add_representer(int, _Representer.number)
_Representer.add_representer(Fraction, _Representer.number)


class _Emitter(Emitter):
    """Folds the texts marked to be folded, and no others: those can be folded anywhere and stay the same."""

    def write_folded(self, *args: Any, **kwargs: Any) -> None:
        whole, self.best_width = self.best_width, _WIDTH
        super().write_folded(*args, **kwargs)
        self.best_width = whole


def _yaml(data: Any) -> str:
    """The text of a YAML file: block style, every text written out, keys in the order given."""
    if _nodes(data) > MAX_NODES:
        raise TooLarge(f"more than {MAX_NODES:,} entries for one file; keep a large set of cases as a CSV file")
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer, yaml.Emitter = _Representer, _Emitter
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed by its default alone
    yaml.width = MAX_BYTES  # a quoted text stays on its line
    stream = io.StringIO()
    yaml.dump(data, stream)
    text = stream.getvalue()
    if len(text.encode()) > MAX_BYTES:
        raise TooLarge(f"more than {MAX_BYTES:,} bytes for one file; keep a large set of cases as a CSV file")
    return text


def _number_text(value: Fraction) -> str:
    """A number as a decimal where it has one; written in another way where that would be longer than is read."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) <= MAX_BITS:
        for form in (*_forms(value), *(f"{form}%" for form in _forms(value * 100))):
            if len(form) <= MAX_NUMBER:
                return form
    raise TooLarge(f"a number of more than {MAX_NUMBER} characters")


def _forms(value: Fraction) -> Iterator[str]:
    places = next((places for places in range(MAX_NUMBER) if 10**places % value.denominator == 0), 0)
    if places:
        digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}}"
        yield f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    yield fraction_text(value)


def _nodes(data: Any) -> int:
    """How many entries the reader will count: mappings, lists, keys and texts."""
    if isinstance(data, dict):
        return 1 + sum(1 + _nodes(item) for item in data.values())
    return 1 + sum(map(_nodes, data)) if isinstance(data, list) else 1
