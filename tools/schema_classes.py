"""Classes as JSON has them, made from ours for msgspec to make schemas of: fields, types, and what each means."""

from __future__ import annotations

import inspect
import re
import textwrap
import types
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
import msgspec
from msgspec import Meta

from inspectlib.frozen import FrozenMapping
from inspectlib.kinds import Absence
from inspectlib.rules import Rule

DRAFT = "https://json-schema.org/draft/2020-12/schema"

JsonSchema = dict[str, Any]

#: What an editor sees of a text: `version: 1` and `of: 2.1` are numbers to it; the library reads them as written.
TEXT: Any = str | float
WRITTEN_NUMBER: Any = Annotated[str, Meta(pattern="^-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?$")]
EXACT: Any = Annotated[str, Meta(pattern=r"^[+-]?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?%?$")] | float
WHOLE: Any = Annotated[int, Meta(ge=0)]
DAY: Any = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", extra_json_schema={"format": "date"})]
NAME: Any = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")] | float
RULE: Any = Annotated[Any, Meta(extra_json_schema={"$ref": "#/$defs/Rule"})]

#: Fields that are texts to the classes, but take only some.
NARROWER: dict[str, Any] = {
    "FrameworkData.id": NAME,
    "missing": Literal["open", *(str(absence) for absence in Absence)],
    "unrated": Literal["left out", "not rated"],
}


# --- words ---------------------------------------------------------------------------------------------------------


def paragraphs(text: str) -> str:
    """Docstring text as Markdown: lines joined, paragraphs kept."""
    joined = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))
    return "\n\n".join(joined).replace("``", "`")


def sentence(text: str) -> str:
    """A text that begins with a capital letter and ends with a full stop, in the words of JSON."""
    text = paragraphs(text).replace("None", "null")
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def class_words(cls: type[Any]) -> tuple[str, Mapping[str, str]]:
    """What the docstring says of a class, and of each of its fields under `Attributes:`."""
    about, _, attributes = inspect.cleandoc(cls.__doc__ or "").partition("\nAttributes:\n")
    entries = re.split(r"^(\w+): ", textwrap.dedent(attributes), flags=re.MULTILINE)[1:]
    found = dict(zip(entries[::2], map(sentence, entries[1::2]), strict=True))
    for base in cls.__mro__[1:-1]:
        if attrs.has(base):
            found = {**class_words(base)[1], **found}
    return paragraphs(about), found


# --- classes as an editor sees their files -------------------------------------------------------------------------


def twin(
    cls: type[Any],
    *,
    name: str = "",
    about: str = "",
    field_types: Mapping[str, Any] | None = None,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> type[msgspec.Struct]:
    """A class like one of ours, with each field of the type that its place in a file has.

    Args:
        cls: the class.
        name: what to call it; as the class unless given.
        about: its description; that of the class unless given.
        field_types: the fields by the names they have in a file, with types; all of the class unless given. A type can
            be a pair of a type and the name of the field of the class that describes it.
        required: fields that must be there although the class has a default for them.
        optional: fields that need not be there although it has none.
    """
    words, field_words = class_words(cls)
    own = {field.name: field for field in attrs.fields(cls)}
    hints = get_type_hints(cls)
    wanted = field_types or {key: field_type(f"{cls.__name__}.{key}", hints[key]) for key in own}
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for key, entry in wanted.items():
        kind, described_by = entry if isinstance(entry, tuple) else (entry, key)
        described: Any = Annotated[kind, Meta(description=field_words[described_by])]
        field = own[described_by]
        if key not in optional and (field.default is attrs.NOTHING or key in required):
            fields.append((key, described))
        else:
            fields.append((key, described, default(field.default)))
    namespace = {"__doc__": about or words}
    made: type[msgspec.Struct] = msgspec.defstruct(
        name or cls.__name__, fields, kw_only=True, forbid_unknown_fields=True, namespace=namespace
    )
    return made


def default(value: object) -> Any:
    """A default worth showing as it is; any other as one that the schema does not show."""
    return value if isinstance(value, (str, int)) and value != "" else msgspec.field(default_factory=lambda: value)


def field_type(name: str, kind: Any) -> Any:
    """The type that a field of one of our classes has in a file."""
    for key in (name, name.partition(".")[2]):
        if key in NARROWER:
            return NARROWER[key]
    return file_type(kind)


@cache
def file_type(kind: Any) -> Any:
    """The type that a value of one of our types has in a file."""
    origin, args = get_origin(kind), get_args(kind)
    simple = {str: TEXT, bool: bool, int: WHOLE, Fraction: EXACT, date: DAY, type(None): None}
    if kind in simple:
        return simple[kind]
    if kind is Rule:
        return RULE
    if origin is FrozenMapping:
        return dict[str, file_type(args[1])]  # type: ignore[misc]  # a type made while running
    if origin is tuple:
        item = file_type(args[0])
        return one_or_several(item) if args[0] in (str, Fraction) else tuple[item, ...]  # type: ignore[valid-type]  # made while running
    if origin in (Union, types.UnionType):
        return reduce(or_, (file_type(arg) for arg in args))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return twin(kind)


@cache
def written(kind: Any) -> Any:
    """The type that a value of one of our types has in JSON that we write: everything is there, numbers exact text."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is Fraction:
        return WRITTEN_NUMBER
    if origin is tuple:
        return list[written(args[0])]  # type: ignore[misc]  # a type made while running
    if origin in (Union, types.UnionType):
        return reduce(or_, (written(arg) for arg in args))
    if isinstance(kind, type) and attrs.has(kind):
        hints = get_type_hints(kind)
        names = [field.name for field in attrs.fields(kind)]
        return twin(kind, field_types={name: written(hints[name]) for name in names}, required=names)
    return dict[str, Any] if origin is Mapping else kind


def one_or_several(item: Any) -> Any:
    """A list, or one item by itself. Written out: msgspec 0.22 crashes on such a choice of texts with a pattern."""
    schema = msgspec.json.schema(item)
    choices = [schema, {"type": "array", "items": schema}]
    return Annotated[Any, Meta(extra_json_schema={"anyOf": choices})]


def definitions(*classes: type[msgspec.Struct]) -> JsonSchema:
    """The schemas of classes and of all that they hold, by name."""
    found: JsonSchema = mapped(msgspec.json.schema_components(classes, ref_template="#/$defs/{name}")[1])
    for name, schema in found.items():
        if "properties" in schema:
            schema["title"] = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Data")).capitalize()
        else:
            schema.pop("description", None)  # a set of words: each field says what it means by them
    return found


def mapped(schema: Any) -> Any:
    """A schema with every choice of a text or a number said in short."""
    if isinstance(schema, list):
        return [mapped(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    short = {key: mapped(item) for key, item in schema.items()}
    choices = short.pop("anyOf", None)
    if choices is None:
        return short
    number = {"type": "number"}
    text = next((choice for choice in choices if choice.get("type") == "string"), None)
    if number in choices and text is not None:
        joined = {**text, "type": ["string", "number"]}
        choices = [joined, *(choice for choice in choices if choice not in (text, number))]
    return {**short, **choices[0]} if len(choices) == 1 else {**short, "anyOf": choices}


def shape(name: str, about: str, fields: Mapping[str, tuple[Any, str]]) -> type[msgspec.Struct]:
    """A class as JSON has it: each field of a type, with what it means; all of them must be there."""
    described = [(key, Annotated[kind, Meta(description=words)]) for key, (kind, words) in fields.items()]
    return msgspec.defstruct(name, described, kw_only=True, forbid_unknown_fields=True, namespace={"__doc__": about})


def told(cls: type[Any], kinds: Mapping[str, Any]) -> dict[str, tuple[Any, str]]:
    """Fields of a type each, with what one of our classes says that they mean."""
    words = class_words(cls)[1]
    return {key: (kind, words[key]) for key, kind in kinds.items()}
