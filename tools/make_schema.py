"""Make the JSON Schemas of framework and evidence files and of explanations from the classes that stand for them.

    python tools/make_schema.py            write the schemas
    python tools/make_schema.py --check    exit 1 when a schema is not what the classes give

An editor that knows the schema completes and checks while a file is written, and shows what each entry means. It checks
the form alone: that names are known, bands meet and kinds fit is found when the file is loaded.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import textwrap
import types
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
import msgspec
from msgspec import Meta

from inspectlib.answer import ShortAnswer
from inspectlib.closeness import Closeness
from inspectlib.derivation import Step
from inspectlib.evidence import Answer, Case, Count, Evidence, Statement
from inspectlib.explain import FORMAT
from inspectlib.framework import Change, FrameworkData, InForce, Parent
from inspectlib.frozen import FrozenMapping
from inspectlib.judgement import FrameworkId
from inspectlib.kinds import Absence, Kind
from inspectlib.missing import MissingEvidence
from inspectlib.provenance import Basis
from inspectlib.rules import RULES, Row, Rule
from inspectlib.scales import Better, Rounding
from inspectlib.sufficient import Reasons

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).parent.parent / "src" / "inspectlib" / "schemas"

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

EXTENDS_WORDS = (
    "The framework that this one changes, or several, taken in one after the other: a shipped name, or the path of a "
    "file beside this one; or a mapping that also pins it. Only what is different is then written down; `withdrawn` "
    "takes an entry out."
)
WITHDRAWN = {"const": "withdrawn", "description": "Taken out: what this framework extends has it, this one does not."}
#: Replaced whole by a framework that changes it: words to choose from, what stands in lists, and when it was in force.
WHOLE_CLASSES = {cls.__name__ for cls in (Basis, Better, Kind, Rounding, Change, Row, InForce, Parent)}
#: What even a framework that only changes another states for itself.
OWN = ("id", "version", "title", "basis", "source")


def any_case(words: str) -> str:
    """A pattern for words in upper or lower case, with any space around and between them."""
    folded = r"\s+".join("".join(f"[{c.upper()}{c}]" for c in word) for word in words.split())
    return rf"^\s*{folded}\s*$"


# --- words ---------------------------------------------------------------------------------------------------------


def paragraphs(text: str) -> str:
    """Docstring text as Markdown: lines joined, paragraphs kept."""
    joined = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))
    return "\n\n".join(joined).replace("``", "`")


def sentence(text: str) -> str:
    """A text that begins with a capital letter and ends with a full stop."""
    text = paragraphs(text)
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
) -> type[msgspec.Struct]:
    """A class like one of ours, with each field of the type that its place in a file has.

    Args:
        cls: the class.
        name: what to call it; as the class unless given.
        about: its description; that of the class unless given.
        field_types: the fields by the names they have in a file, with types; all of the class unless given. A type can
            be a pair of a type and the name of the field of the class that describes it.
        required: fields that must be there although the class has a default for them.
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
        if field.default is attrs.NOTHING or key in required:
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


def evidence_twin() -> type[msgspec.Struct]:
    """The class of an evidence file."""
    rating: dict[str, Any] = {"rating": (TEXT, "value"), "reason": TEXT}
    stated = twin(
        Statement, name="StatedRating", about="A rating, with its reason if there is one to record.", field_types=rating
    )
    departure = twin(
        Statement,
        name="Departure",
        about="A departure from a computed rating. It needs its reason.",
        field_types={**rating, "reason": Annotated[str, Meta(pattern=r"\S")]},
        required=("reason",),
    )
    score = twin(
        Statement,
        name="StatedScore",
        about="A score, with the most it could have been.",
        field_types={"score": (TEXT, "value"), "max": EXACT},
    )
    case = twin(Case, field_types={"id": TEXT, "unit": TEXT, "answers": dict[str, one_of_words(Answer)] | None})  # type: ignore[misc]
    nowhere = Annotated[str, Meta(pattern=any_case("not applicable"), examples=["not applicable"])]
    sections: dict[str, Any] = {
        "tallies": twin(Count) | nowhere,
        "ratings": TEXT | stated,
        "panel": TEXT | stated,
        "departures": departure,
        "values": TEXT | score,
    }
    texts = {"framework": TEXT, "service": TEXT, "date": DAY, "cases": tuple[case, ...]}  # type: ignore[valid-type]
    mappings = {key: dict[str, entry] | None for key, entry in sections.items()}  # type: ignore[valid-type]
    unit = twin(
        Evidence,
        name="Unit",
        about="The evidence of a delivery unit: its cases and tallies are pooled.",
        field_types={**texts, **mappings},
        required=("framework",),
    )
    return twin(Evidence, name="EvidenceFile", field_types={**texts, **mappings, "units": dict[str, unit] | None})  # type: ignore[valid-type]


def explanation_twin() -> type[msgspec.Struct]:
    """The class of an explanation as JSON."""
    parts: dict[str, tuple[Any, str]] = {
        "format": (Literal[FORMAT], "The form of the explanation."),
        "framework": (written(FrameworkId), "The framework that gave the rating."),
        "node": (str, "The node explained."),
        "short": (written(ShortAnswer), "The short answer."),
        "reasons": (written(Reasons), "The evidence that alone gives the node what it has."),
        "standards": (list[str], "The standards whose ratings alone give it, none of which can be spared; if any do."),
        "missing": (list[written(MissingEvidence)], "The open evidence it rests on, what matters most first."),  # type: ignore[misc]
        "closeness": (written(Closeness), "How close it is to another rating."),
        "steps": (list[written(Step)], "How it came to what it has: its own step first; each node once."),  # type: ignore[misc]
    }
    fields = [(name, Annotated[kind, Meta(description=words)]) for name, (kind, words) in parts.items()]
    namespace = {"__doc__": "Why a node has what it has."}
    return msgspec.defstruct("ExplanationData", fields, kw_only=True, forbid_unknown_fields=True, namespace=namespace)


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


def one_of_words(words: type[StrEnum]) -> Any:
    """One of several words in upper or lower case, or nothing; the words as they are come first, to be offered."""
    choices = [{"enum": list(words)}, *({"type": "string", "pattern": any_case(word)} for word in words)]
    return Annotated[Any, Meta(extra_json_schema={"anyOf": [*choices, {"type": "null"}]})]


def one_or_several(item: Any) -> Any:
    """A list, or one item by itself. Written out: msgspec 0.22 crashes on such a choice of texts with a pattern."""
    schema = msgspec.json.schema(item)
    choices = [schema, {"type": "array", "items": schema}]
    return Annotated[Any, Meta(extra_json_schema={"anyOf": choices})]


# --- schemas -------------------------------------------------------------------------------------------------------


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


def relaxed(name: str, schema: JsonSchema) -> JsonSchema:
    """The schema of a class where only changes are written down: nothing is required, any entry can be withdrawn."""
    top = name == FrameworkData.__name__
    kept = {"rule", "extends", *(OWN if top else ())}
    properties = {key: entry if key in kept else withdrawable(entry) for key, entry in schema["properties"].items()}
    return {**schema, "properties": properties, "required": list(OWN) if top else []}


def withdrawable(schema: JsonSchema) -> JsonSchema:
    """An entry that can be withdrawn, and so can the entries in it. A list is replaced whole, so it is as ever."""
    if schema.get("type") == ["string", "number"] and "pattern" not in schema:
        return schema  # any text, so this word too
    about = {key: item for key, item in schema.items() if key == "description"}
    entry = {key: item for key, item in schema.items() if key not in ("description", "default")}
    choices = entry["anyOf"] if list(entry) == ["anyOf"] else [entry]
    return {**about, "anyOf": [*map(changeable, choices), {"$ref": "#/$defs/Withdrawn"}]}


def changeable(schema: JsonSchema) -> JsonSchema:
    """The schema of an entry that is merged with the one it changes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return schema if name in WHOLE_CLASSES else {"$ref": f"#/$defs/Changed{name}"}
    if "additionalProperties" in schema:
        return {**schema, "additionalProperties": withdrawable(schema["additionalProperties"])}
    return schema


def framework_schema() -> JsonSchema:
    """The schema of framework files."""
    found = definitions(twin(FrameworkData), twin(Parent), *(twin(rule) for rule in RULES.values()))
    top = found[FrameworkData.__name__]
    parent = mapped(msgspec.json.schema(TEXT)), {"$ref": f"#/$defs/{Parent.__name__}"}
    extends = {"anyOf": [*parent, {"type": "array", "items": {"anyOf": list(parent)}}]}
    top["properties"] = {"extends": {"description": EXTENDS_WORDS, **extends}, **top["properties"]}
    for tag, rule in RULES.items():
        schema = found[rule.__name__]
        schema["properties"] = {"rule": {"const": tag, "description": schema["description"]}, **schema["properties"]}
        schema["required"] = ["rule", *schema["required"]]
    rules = [rule.__name__ for rule in RULES.values()]
    found["Rule"] = {"description": "A rule.", "oneOf": [{"$ref": f"#/$defs/{name}"} for name in rules]}
    found["Withdrawn"] = WITHDRAWN
    changed = {
        f"Changed{name}": relaxed(name, schema)
        for name, schema in found.items()
        if "properties" in schema and name not in WHOLE_CLASSES
    }
    changed["ChangedRule"] = {
        "description": "A rule, or what is different in one.",
        "anyOf": [{"$ref": f"#/$defs/Changed{name}"} for name in rules],
    }
    partial = [
        {"required": ["extends"]},
        {"required": ["abstract"], "properties": {"abstract": {"const": True}}},
    ]
    return {
        "$schema": DRAFT,
        "title": "Framework file of inspectlib",
        "description": (
            "Inspection standards and rating rules. A framework that extends another, or is only a base for others, "
            "states what is different; any other is whole."
        ),
        "type": "object",
        "if": {"anyOf": partial},
        "then": {"$ref": f"#/$defs/Changed{FrameworkData.__name__}"},
        "else": {"$ref": f"#/$defs/{FrameworkData.__name__}"},
        "$defs": dict(sorted((found | changed).items())),
    }


def explanation_schema() -> JsonSchema:
    """The schema of explanations."""
    found = definitions(explanation_twin())
    top = found.pop("ExplanationData")
    return {"$schema": DRAFT, **top, "title": "Explanation of inspectlib", "$defs": dict(sorted(found.items()))}


def evidence_schema() -> JsonSchema:
    """The schema of evidence files."""
    found = definitions(evidence_twin())
    top = found.pop("EvidenceFile")
    return {"$schema": DRAFT, **top, "title": "Evidence file of inspectlib", "$defs": dict(sorted(found.items()))}


def texts() -> dict[str, str]:
    """The text of each schema by the name of its file."""
    schemas = {
        "framework": framework_schema(),
        "evidence": evidence_schema(),
        "explanation": explanation_schema(),
    }
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def main(arguments: Sequence[str], folder: Path = FOLDER) -> int:
    """Write the schemas, or with `--check` say which are stale."""
    if list(arguments) not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    made = {folder / name: text.encode() for name, text in texts().items()}
    stale = [file for file, text in made.items() if not file.is_file() or file.read_bytes() != text]
    if arguments:
        for file in stale:
            print(f"{file.name} is stale; run python tools/make_schema.py", file=sys.stderr)
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for file in stale:
        file.write_bytes(made[file])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
