"""The schemas of what is written as JSON: judgements, explanations, and what the other commands find."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from inspectlib import auditing, explain, ways
from inspectlib import record as records
from inspectlib.answer import ShortAnswer
from inspectlib.auditing import Audit
from inspectlib.backtest import attribution, comparison
from inspectlib.backtest import report as backtest
from inspectlib.changes import difference, effect
from inspectlib.closeness import Closeness
from inspectlib.derivation import Step
from inspectlib.errors import Notice
from inspectlib.judgement import FrameworkId
from inspectlib.kinds import Kind
from inspectlib.laws import report as laws
from inspectlib.missing import MissingEvidence
from inspectlib.outcome import Departure, Outcome
from inspectlib.sampling import report as sampling
from inspectlib.sampling import simulation
from inspectlib.sufficient import Reasons
from schema_classes import (
    DAY,
    DRAFT,
    WRITTEN_NUMBER,
    JsonSchema,
    class_words,
    definitions,
    shape,
    told,
    twin,
    written,
)

__all__ = ["output_schemas"]

WHOLE: Any = Annotated[int, Meta(ge=0)]
#: A whole number as it is, any other as exact text.
NUMBER: Any = int | WRITTEN_NUMBER
CHANCE: Any = Annotated[str, Meta(pattern=r"^(0|1)\.[0-9]{6}$")]
FINGERPRINT: Any = Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$")]
VALUE: Any = Annotated[Any, Meta(extra_json_schema={"$ref": "#/$defs/Value"})]
VALUE_OR_NONE: Any = Annotated[Any, Meta(extra_json_schema={"anyOf": [{"$ref": "#/$defs/Value"}, {"type": "null"}]})]
ANYTHING: Any = Annotated[Any, Meta(extra_json_schema={})]

FRAMEWORK: Any = twin(FrameworkId, field_types={"id": str, "version": str, "fingerprint": FINGERPRINT})
SCORED = shape(
    "ScoreValue", "A score.", {"score": (NUMBER, "The points."), "max": (NUMBER, "The most they could have been.")}
)
TALLY = shape(
    "AnswersValue", "Answers.", {"yes": (WHOLE, "How many are sufficient."), "of": (WHOLE, "How many there are.")}
)
VALUE_WORDS = (
    "What a node has: a rating or choice as its name, a flag as true or false, a share or number as a whole number or "
    "exact text, a score with its maximum, or answers."
)


def form(name: str, format_: str, about: str, fields: Mapping[str, tuple[Any, str]]) -> type[msgspec.Struct]:
    """The class of a whole output, which says what form it is of."""
    return shape(name, about, {"format": (Literal[format_], "The form of this JSON."), **fields})


def list_of(item: Any) -> Any:
    """A list of such items."""
    return list[item]


def dict_of(item: Any) -> Any:
    """A mapping to such items."""
    return dict[str, item]


# --- one inspection ------------------------------------------------------------------------------------------------


def judgement_class() -> type[msgspec.Struct]:
    """A judgement."""
    departure = twin(Departure, field_types={"rating": str, "reason": str, "grounds": list[str]}, required=("grounds",))
    open_or_absent: dict[str, Any] = {
        "between": list[VALUE],
        "may_be_absent": bool,
        "not_applicable": (str | None, "reason"),
        "not_rated": (str | None, "reason"),
        "settled_early": bool,
        "decided_by": list[str],
    }
    rated: dict[str, Any] = {
        "computed": str | None,
        "departure": departure | None,
        "limited_by": str | None,
        "panel": str,
        "other_rounding": str,
    }
    rating = {"title": str, "rating": str | None, **rated, **open_or_absent}
    needed = ("rating", "computed", "departure", "limited_by")
    standard = twin(Outcome, name="Rating", about="What a rated node has.", field_types=rating, required=needed)
    score: dict[str, Any] = {
        "score": (NUMBER | None, "value"),
        "max": (NUMBER | None, "value"),
        "score_between": (list[VALUE], "between"),
    }
    overall = twin(
        Outcome,
        name="Overall",
        about="The overall rating, with the total score where there is one.",
        field_types={**rating, **score},
        required=needed,
    )
    counted: dict[str, Any] = {"yes": (WHOLE | None, "count"), "of": (WHOLE | None, "count"), "open": (WHOLE, "count")}
    question = twin(
        Outcome,
        name="KeyQuestion",
        about="What a key question has.",
        field_types={
            "title": str,
            "rating": str | None,
            "kind": Kind,
            "value": VALUE_OR_NONE,
            **counted,
            "share": WRITTEN_NUMBER | None,
            **{name: rated[name] for name in ("panel", "other_rounding")},
            **open_or_absent,
        },
        required=("yes", "of", "share"),
        optional=("kind",),
    )
    value = twin(
        Outcome,
        name="OtherValue",
        about="What a node has that is not rated but has a score, number, share, flag or choice.",
        field_types={"title": str, "kind": Kind, "value": VALUE_OR_NONE, **open_or_absent},
        required=("value",),
    )
    return form(
        "JudgementData",
        records.RECORD,
        "A judgement: what every node has, and all that is needed to compute it again.",
        {
            "framework": (FRAMEWORK, "The framework that gave it."),
            "service": (str | None, "The service inspected."),
            "date": (DAY | None, "The day of the inspection."),
            "warnings": (list[str], "What a reader should know."),
            "overall": (overall | None, "The overall rating; null where the framework has none."),
            "standards": (dict_of(standard), "The standards by number."),
            "questions": (dict_of(question), "The key questions by number."),
            "ratings": (dict_of(standard), "Every other rated node by name."),
            "values": (dict_of(value), "Every other node by name."),
            "evidence": (dict[str, Any], "What was found, in the form of an evidence file, cases counted."),
        },
    )


def explanation_class() -> type[msgspec.Struct]:
    """An explanation."""
    return form(
        "ExplanationData",
        explain.FORMAT,
        "Why a node has what it has.",
        {
            "framework": (written(FrameworkId), "The framework that gave the rating."),
            "node": (str, "The node explained."),
            "short": (written(ShortAnswer), "The short answer."),
            "reasons": (written(Reasons), "The evidence that alone gives the node what it has."),
            "standards": (
                list[str],
                "The standards whose ratings alone give it, none of which can be spared; if any do.",
            ),
            "missing": (list_of(written(MissingEvidence)), "The open evidence it rests on, what matters most first."),
            "closeness": (written(Closeness), "How close it is to another rating."),
            "steps": (list_of(written(Step)), "How it came to what it has: its own step first; each node once."),
        },
    )


def what_if_class() -> type[msgspec.Struct]:
    """What would change a rating."""
    change = shape(
        "Change",
        "One change of the evidence.",
        told(
            ways.Change,
            {"node": str, "title": str, "what": ways.What, "was": VALUE, "to": VALUE_OR_NONE, "size": WHOLE},
        ),
    )
    coming = twin(
        ways.Coming,
        field_types={
            "node": str,
            "title": str,
            "what": ways.What,
            "needed": WHOLE,
            "open": (WHOLE, "count"),
            "sufficient": WHOLE,
            "to": VALUE,
            "departs": bool,
        },
        optional=("to",),
    )
    parts = {"changes": list_of(change), "coming": list_of(coming), "effects": list_of(written(ways.Effect))}
    way = shape("Way", class_words(ways.Way)[0], told(ways.Way, {**parts, "left_out": list[str]}))
    return form(
        "WhatIfData",
        ways.FORMAT,
        class_words(ways.WhatIf)[0],
        told(
            ways.WhatIf,
            {
                **dict.fromkeys(("node", "title"), str),
                "asked": ways.Asked,
                **dict.fromkeys(("rating", "now"), str),
                "held": list[str],
                "size": WHOLE | None,
                **dict.fromkeys(("needed", "count"), WHOLE),
                "ways": list_of(way),
                "limit": str | None,
                "obstacles": list[str],
            },
        ),
    )


def audit_class() -> type[msgspec.Struct]:
    """An audit."""
    found = shape(
        "Difference",
        class_words(records.Difference)[0],
        told(records.Difference, {"node": str, "entry": str, "recorded": ANYTHING, "recomputed": ANYTHING}),
    )
    return form(
        "AuditData",
        auditing.FORMAT,
        class_words(Audit)[0],
        {
            "agrees": (bool, "Whether the same rules give what is recorded."),
            "same_rules": (bool, "Whether the rules are those that gave the record."),
            **told(
                Audit,
                {
                    "service": str | None,
                    "recorded": FRAMEWORK,
                    "recomputed": FRAMEWORK,
                    "differences": list_of(found),
                    "refused": list[str],
                },
            ),
        },
    )


# --- frameworks ----------------------------------------------------------------------------------------------------


def check_class() -> type[msgspec.Struct]:
    """A check."""
    place: dict[str, tuple[Any, str]] = {
        "file": (str | None, "The file."),
        "line": (WHOLE | None, "The line, from 1 on."),
        "column": (WHOLE | None, "The column, from 1 on."),
        "cell": (str | None, "The cell of a workbook, such as `Standards:B7`."),
    }
    fault = shape(
        "Notice",
        "A fault or warning.",
        {**told(Notice, {"code": str, "message": str, "path": list[str | int]}), **place},
    )
    finding = twin(
        laws.Finding,
        field_types={
            "law": str,
            "about": str,
            "status": laws.Status,
            "how": laws.How,
            "says": str,
            "evidence": list[dict[str, Any]],
            "reason": str,
            "path": list[str | int],
            "file": (str | None, "where"),
            "line": (WHOLE | None, "where"),
            "column": (WHOLE | None, "where"),
            "cell": (str | None, "where"),
        },
        required=("path", "file", "line", "column", "cell"),
    )
    law = shape(
        "Law",
        "A law, how it was shown, and what is assumed.",
        {
            "law": (str, "The law, in one word."),
            "says": (str, "The law, in a sentence."),
            "shown": (dict[str, WHOLE], "How often what was found of it, and how that was shown."),
            "assumed": (list[str], "What is taken for granted by that."),
        },
    )
    return form(
        "CheckData",
        laws.FORMAT,
        "What a check of a framework found.",
        {
            "framework": (str | None, "The id of the framework; null where its faults leave none."),
            "fingerprint": (FINGERPRINT | None, "Its fingerprint; null likewise."),
            "faults": (list_of(fault), "What makes the file unusable; laws and warnings are then not looked at."),
            "warnings": (list_of(fault), "What is legal but odd."),
            "laws": (list_of(law), "The laws that were looked at."),
            "findings": (list_of(finding), "What was found, by law."),
        },
    )


def diff_class() -> type[msgspec.Struct]:
    """A difference between frameworks."""
    change = shape(
        "Change",
        class_words(difference.Change)[0],
        told(
            difference.Change,
            {
                **dict.fromkeys(("what", "title"), str),
                **dict.fromkeys(("old", "new"), str | None),
                "how": list[difference.How],
                "says": list[str],
            },
        ),
    )
    shift = shape(
        "Shift",
        class_words(effect.Shift)[0],
        told(
            effect.Shift,
            {**dict.fromkeys(("old", "new", "direction"), str), "count": WHOLE, "example": dict[str, str]},
        ),
    )
    rating = shape(
        "RatingEffect",
        class_words(effect.NodeEffect)[0],
        told(effect.NodeEffect, {"node": str, "title": str, "shifts": list_of(shift)}),
    )
    effects = shape(
        "Effect",
        class_words(effect.Effect)[0],
        {
            **told(effect.Effect, {"over": str, "combinations": WHOLE, "exact": bool, "note": str}),
            "ratings": (list_of(rating), class_words(effect.Effect)[1]["nodes"]),
        },
    )
    return form(
        "DiffData",
        difference.FORMAT,
        class_words(difference.Difference)[0],
        told(
            difference.Difference,
            {
                **dict.fromkeys(("old", "new"), FRAMEWORK),
                "unchanged": WHOLE,
                "changes": list_of(change),
                "effects": list_of(effects),
            },
        ),
    )


# --- many inspections, and many samples ----------------------------------------------------------------------------


def comparison_class() -> type[msgspec.Struct]:
    """A back-test."""
    flow = shape(
        "Flow",
        "Inspections that went from one rating to another.",
        {
            "before": (str, "What they had."),
            "after": (str, "What they have."),
            "inspections": (WHOLE, "How many they are."),
        },
    )
    counts = dict[str, WHOLE]
    rating = shape(
        "Rating",
        "What became of one rating.",
        {
            "title": (str, "What it is called."),
            "before": (counts, "How many inspections had what."),
            "after": (counts, "How many inspections have what."),
            "flows": (list_of(flow), "From what to what."),
            "changed": (WHOLE, "How many changed."),
        },
    )
    rule = shape(
        "Rule",
        class_words(comparison.Effect)[0],
        told(
            comparison.Effect,
            {
                "place": str,
                "kind": attribution.CauseKind,
                "nodes": list[str],
                "difference": str,
                "changed": counts,
                "inspections": list[str],
            },
        ),
    )
    cause = shape(
        "Cause",
        class_words(attribution.Cause)[0],
        told(attribution.Cause, {"node": str, "kind": attribution.CauseKind, "alone": bool}),
    )
    texts = dict.fromkeys(("node", "title", "before", "after"), str)
    change = shape(
        "Change",
        class_words(comparison.Change)[0],
        told(comparison.Change, {**texts, "bands": int | None, "causes": list_of(cause)}),
    )
    left_out = shape(
        "LeftOut",
        "Evidence that is left out, by the reason why.",
        {
            "old": (dict[str, list[str]], "Under the old framework."),
            "new": (dict[str, list[str]], "Under the new one."),
        },
    )
    one = shape(
        "Inspection",
        class_words(comparison.Compared)[0],
        {
            "changes": (list_of(change), class_words(comparison.Compared)[1]["changes"]),
            "before": (dict[str, str], "What it had, in words."),
            "after": (dict[str, str], "What it has."),
            "left_out": (left_out, "Evidence that is left out."),
            "as_stated": (list[str], class_words(comparison.Compared)[1]["as_stated"]),
            "open": (list[str], class_words(comparison.Compared)[1]["wanting"]),
        },
    )
    return form(
        "ComparisonData",
        backtest.FORMAT,
        class_words(comparison.Comparison)[0],
        {
            **told(comparison.Comparison, dict.fromkeys(("old", "new"), FRAMEWORK)),
            "ratings": (dict_of(rating), "What became of each rating, by node."),
            "rules": (list_of(rule), "What each rule did, the one that changed most first."),
            "inspections": (dict_of(one), "Every inspection by its name."),
            "refused": (dict[str, list[str]], "Those whose evidence could not be rated, with what is wrong with it."),
        },
    )


def simulation_class() -> type[msgspec.Struct]:
    """A simulation of samples."""
    drawn = shape(
        "Drawn",
        class_words(simulation.Drawn)[0],
        told(simulation.Drawn, {"share": WRITTEN_NUMBER, "cases": WHOLE, "caseload": WHOLE | None}),
    )
    words = class_words(simulation.Chances)[1]
    chances = shape(
        "Chances",
        class_words(simulation.Chances)[0],
        {
            "title": (str, words["title"]),
            "true": (str, words["true"]),
            "chances": (dict_of(CHANCE), words["chances"]),
            "another": (CHANCE, "The chance that a sample gives something else than the true shares do."),
            "agree": (CHANCE, "The chance that two samples of the same service give the same."),
        },
    )
    sample = shape(
        "Sample",
        "Samples of one size.",
        {
            "questions": (dict_of(drawn), "What is drawn for each key question."),
            "chances": (dict_of(chances), "The chances of each rating, by node."),
        },
    )
    words = class_words(simulation.Simulation)[1]
    return form(
        "SimulationData",
        sampling.FORMAT,
        class_words(simulation.Simulation)[0],
        {
            **told(simulation.Simulation, {"framework": FRAMEWORK, "service": str | None}),
            "assumptions": (list[str], "What the model takes for granted, a sentence each."),
            "exact": (bool, "Whether the chances are exact; else samples were drawn."),
            **told(simulation.Simulation, {"runs": WHOLE | None}),
            "seed": (int | None, f"{words['seed'].removesuffix('.')}; null where the chances are exact."),
            "wanting": (list[str], words["wanting"]),
            "samples": (list_of(sample), "The chances for each size of the sample."),
        },
    )


# --- all of them ---------------------------------------------------------------------------------------------------


#: What each schema is called, and the class that it is made from.
CLASSES = {
    "judgement": judgement_class,
    "explanation": explanation_class,
    "what-if": what_if_class,
    "audit": audit_class,
    "check": check_class,
    "diff": diff_class,
    "comparison": comparison_class,
    "simulation": simulation_class,
}


def output_schemas() -> dict[str, JsonSchema]:
    """Every schema by its name."""
    return {name: _schema(name, make()) for name, make in CLASSES.items()}


def _schema(name: str, cls: type[msgspec.Struct]) -> JsonSchema:
    found = definitions(cls, SCORED, TALLY)
    top = found.pop(cls.__name__)
    parts = [{"$ref": f"#/$defs/{part.__name__}"} for part in (SCORED, TALLY)]
    found["Value"] = {
        "title": "a value",
        "description": VALUE_WORDS,
        "anyOf": [{"type": ["boolean", "integer", "string"]}, *parts],
    }
    while unused := found.keys() - set(re.findall('"#/\\$defs/([^"]+)"', json.dumps([top, *found.values()]))):
        for part in unused:
            del found[part]
    title = f"{name.capitalize()} of inspectlib"
    return {"$schema": DRAFT, **top, "title": title, "$defs": dict(sorted(found.items()))}
