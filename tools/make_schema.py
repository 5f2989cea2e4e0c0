"""Make the JSON Schemas of framework and evidence files, and of what is written as JSON, from the classes behind them.

    python tools/make_schema.py            write the schemas
    python tools/make_schema.py --check    exit 1 when a schema is not what the classes give

An editor that knows the schema completes and checks while a file is written, and shows what each entry means. It checks
the form alone: that names are known, bands meet and kinds fit is found when the file is loaded.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from inspectlib.evidence import Answer, Case, Count, Evidence, Statement
from inspectlib.framework import Change, FrameworkData, InForce, Parent
from inspectlib.kinds import Kind
from inspectlib.provenance import Basis
from inspectlib.rules import RULES, Row
from inspectlib.scales import Better, Rounding
from output_schemas import output_schemas
from schema_classes import DAY, DRAFT, EXACT, TEXT, JsonSchema, definitions, mapped, twin

FOLDER = Path(__file__).parent.parent / "src" / "inspectlib" / "schemas"

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


# --- evidence files ----------------------------------------------------------------------------------------------


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


def one_of_words(words: type[StrEnum]) -> Any:
    """One of several words in upper or lower case, or nothing; the words as they are come first, to be offered."""
    choices = [{"enum": list(words)}, *({"type": "string", "pattern": any_case(word)} for word in words)]
    return Annotated[Any, Meta(extra_json_schema={"anyOf": [*choices, {"type": "null"}]})]


def evidence_schema() -> JsonSchema:
    """The schema of evidence files."""
    found = definitions(evidence_twin())
    top = found.pop("EvidenceFile")
    return {"$schema": DRAFT, **top, "title": "Evidence file of inspectlib", "$defs": dict(sorted(found.items()))}


# --- framework files ---------------------------------------------------------------------------------------------


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


# --- all of them -------------------------------------------------------------------------------------------------


def texts() -> dict[str, str]:
    """The text of each schema by the name of its file."""
    schemas = {
        "framework": framework_schema(),
        "evidence": evidence_schema(),
        **output_schemas(),
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
