"""From trees of text to typed objects, strictly: cattrs with hooks that refuse what it would bend.

Unknown keys, missing keys and texts of the wrong form are all reported together, each with its path and place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache, partial
from itertools import islice
from typing import Any, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from inspectlib.errors import (
    MAX_FAULTS,
    Fault,
    FaultList,
    MissingKey,
    Path,
    UnknownKey,
    UnstatedBasis,
    Where,
    WrongForm,
    did_you_mean,
    raise_any,
)
from inspectlib.exact import parse_count, parse_date, parse_number
from inspectlib.frozen import FrozenMapping
from inspectlib.rules import RULES, Rule
from inspectlib.tree import Tree, find, plain

__all__ = ["structure"]

T = TypeVar("T")


def structure(tree: Tree, cls: type[T], path: Path = (), locate: Callable[[Path], Where | None] | None = None) -> T:
    """Read a tree as a class of ours.

    Raises:
        InspectError: every fault found, each with its path (after the given one) and place.
    """
    find_place = locate or (lambda inner: find(tree, inner))
    try:
        return _converter().structure(plain(tree), cls)
    except Exception as error:  # noqa: BLE001  # what cattrs raises is sorted by _faults, which raises what is not a fault again
        faults = list(islice(_faults(error, ()), MAX_FAULTS))
    for fault in faults:
        fault.at(find_place(fault.path))
        fault.path = (*path, *fault.path)
    raise_any(faults)
    raise AssertionError("a structuring error holds at least one fault")


def _faults(error: BaseException, path: Path) -> Iterable[Fault]:
    """Turn what cattrs raised into faults."""
    notes: list[str] = getattr(error, "__notes__", [])
    for note in notes:
        if isinstance(note, AttributeValidationNote):
            path = (*path, note.name)
        elif isinstance(note, IterableValidationNote):
            path = (*path, note.index)
    if isinstance(error, ExceptionGroup) and not isinstance(error, Fault):
        for part in error.exceptions:
            yield from _faults(part, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            message = f"{key!r} has no meaning here{did_you_mean(key, known)}; there can be {', '.join(known)}"
            yield UnknownKey(message, path=(*path, key))
    elif isinstance(error, Fault):
        notes.clear()  # said now; the same fault may pass here again on its way up
        error.path = (*path, *error.path)
        yield error.with_traceback(None)
    elif isinstance(error, KeyError) and path:
        kind = UnstatedBasis if path[-1] in {"basis", "source"} else MissingKey
        yield kind(f"{path[-1]!r} is missing", path=path)
    else:
        raise error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongForm(f"{_form(value)} where a text belongs")
    return value


def _form(value: object) -> str:
    if value is None:
        return "nothing"
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"{value!r}"


def _switch(value: object) -> bool:
    if value not in ("true", "false"):
        raise WrongForm(f"{_form(value)} where true or false belongs")
    return value == "true"


def _word(value: object, cls: type[StrEnum]) -> StrEnum:
    text = _text(value)
    if text not in {str(member) for member in cls}:
        raise WrongForm(f"{text!r} is none of {', '.join(cls)}{did_you_mean(text, [*cls])}")
    return cls(text)


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise WrongForm(f"{_form(value)} where a mapping belongs")
    return value


def _each(items: Iterable[tuple[str | int, Callable[[], Any]]]) -> list[Any]:
    """Read several entries, and report the faults of all of them."""
    found, faults = [], FaultList()
    for key, read in items:
        try:
            found.append(read())
        except Exception as error:  # noqa: BLE001  # as in structure
            faults.extend(_faults(error, (key,)))
    raise_any(faults)
    return found


class _Converter(cattrs.Converter):
    """The converter, with a short-cut for reading one entry."""

    def entry(self, value: object, cls: Any) -> Callable[[], Any]:
        return lambda: self.structure(value, cls)


@cache
def _converter() -> _Converter:
    converter = _Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(str, lambda value, _: _text(value))
    converter.register_structure_hook(bool, lambda value, _: _switch(value))
    converter.register_structure_hook(int, lambda value, _: parse_count(_text(value)))
    converter.register_structure_hook(Fraction, lambda value, _: parse_number(_text(value)))
    converter.register_structure_hook(date, lambda value, _: parse_date(_text(value)))
    converter.register_structure_hook(StrEnum, _word)
    converter.register_structure_hook_func(
        partial(_made_of, FrozenMapping), lambda value, cls: _frozen(converter, value, cls)
    )
    converter.register_structure_hook_func(partial(_made_of, tuple), lambda value, cls: _several(converter, value, cls))
    converter.register_structure_hook_factory(attrs.has, lambda cls: _strict(converter, cls))
    # By function, because a hook registered for the class would catch every kind of rule.
    converter.register_structure_hook_func(lambda cls: cls is Rule, lambda value, _: _rule(converter, value))
    return converter


def _made_of(origin: object, cls: object) -> bool:
    """Whether a type is the origin with parameters, such as tuple[str, ...] of tuple."""
    found: object = get_origin(cls)
    return found is origin


def _strict(converter: _Converter, cls: type[Any]) -> Callable[[Any, Any], Any]:
    """The reader of a class: a mapping with its keys and no others."""
    read = make_dict_structure_fn(cls, converter)
    return lambda value, _: read(_mapping(value), cls)


def _frozen(converter: _Converter, value: object, cls: Any) -> FrozenMapping[str, Any]:
    entries = _mapping(value)
    item = get_args(cls)[1]
    found = _each((key, converter.entry(entry, item)) for key, entry in entries.items())
    return FrozenMapping(dict(zip(entries, found, strict=True)))


def _several(converter: _Converter, value: object, cls: Any) -> tuple[Any, ...]:
    """A list; a single text stands for a list of one."""
    item = get_args(cls)[0]
    if isinstance(value, str) and item in (str, Fraction):
        value = [value]
    if not isinstance(value, list):
        raise WrongForm(f"{_form(value)} where a list belongs")
    return tuple(_each((index, converter.entry(entry, item)) for index, entry in enumerate(value)))


def _rule(converter: _Converter, value: object) -> Rule:
    entries = dict(_mapping(value))
    tag = entries.pop("rule", None)
    if tag is None:
        raise MissingKey(f"'rule' is missing; it is one of {', '.join(RULES)}", path=("rule",))
    name = _text(tag)
    if name not in RULES:
        raise WrongForm(
            f"{name!r} is no rule{did_you_mean(name, RULES)}; it is one of {', '.join(RULES)}", path=("rule",)
        )
    return converter.structure(entries, RULES[name])
