"""The rules of a framework: a closed set, small enough to read in one sitting."""

from __future__ import annotations

from inspectlib.rules.base import Binding, Given, Inputs, Lexicon, Names, Rule, Slot, WithoutInput
from inspectlib.rules.conditions import AllRule, AnyRule, CountRule, LiftRule, LimitRule, NotRule, TestRule
from inspectlib.rules.panel import DiscretionRule, Guided, PanelRule
from inspectlib.rules.ratings import (
    BandRule,
    GivenRule,
    HighestRule,
    LowestRule,
    MeanRule,
    ShareRule,
    ShiftRule,
    TotalRule,
)
from inspectlib.rules.table import Row, TableRule

__all__ = [
    "RULES",
    "AllRule",
    "AnyRule",
    "BandRule",
    "Binding",
    "CountRule",
    "DiscretionRule",
    "Given",
    "GivenRule",
    "Guided",
    "HighestRule",
    "Inputs",
    "Lexicon",
    "LiftRule",
    "LimitRule",
    "LowestRule",
    "MeanRule",
    "Names",
    "NotRule",
    "PanelRule",
    "Row",
    "Rule",
    "ShareRule",
    "ShiftRule",
    "Slot",
    "TableRule",
    "TestRule",
    "TotalRule",
    "WithoutInput",
]

#: Every rule by the word that framework files use for it.
RULES: dict[str, type[Rule]] = {
    rule.tag: rule
    for rule in (
        GivenRule,
        ShareRule,
        BandRule,
        LowestRule,
        HighestRule,
        TotalRule,
        MeanRule,
        LimitRule,
        LiftRule,
        ShiftRule,
        CountRule,
        TestRule,
        AllRule,
        AnyRule,
        NotRule,
        TableRule,
        PanelRule,
        DiscretionRule,
    )
}
