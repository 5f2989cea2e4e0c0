"""Random frameworks and evidence, as plain data in the form of the files.

Everything is built from a `random.Random`, so that the same makers serve hypothesis and a fast seeded run, and a
failure can be made again from its seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import hypothesis.strategies as st
from hypothesis import reject

import inspectlib
from inspectlib.build import build
from inspectlib.errors import InspectError
from inspectlib.files.framework_file import read_framework
from inspectlib.framework import FrameworkData
from inspectlib.graph import Framework
from inspectlib.structure import structure
from inspectlib.tree import from_python, plain
from naive import Absent, Naive, number

Plain = dict[str, Any]

GROUND = {"basis": "modelled", "source": "own"}
LABELS = ("Poor", "Weak", "Fair", "Sound", "Strong")
OPTIONS = ("north", "east", "south")


def built(mapping: Plain) -> Framework:
    """A framework from plain data, checked."""
    return build(structure(from_python(mapping), FrameworkData))


@cache
def shipped_mapping(name: str) -> Plain:
    """A shipped framework as plain data, everything it extends taken in."""
    found = plain(read_framework(name).tree)
    assert isinstance(found, dict)
    return found


@cache
def shipped_framework(name: str) -> Framework:
    """A shipped framework."""
    return inspectlib.load(name)


# --- numbers and bands


def number_text(rng: random.Random, value: Fraction) -> str:
    """One of the ways to write a number exactly."""
    forms = [f"{value.numerator}/{value.denominator}" if value.denominator > 1 else str(value)]
    if 10**40 % value.denominator == 0:
        forms += [decimal(value), decimal(value * 100) + "%"]
    return rng.choice(forms)


def decimal(value: Fraction) -> str:
    """A number as decimal text of up to 40 places, every digit written."""
    digits = abs(value) * 10**40
    assert digits.denominator == 1
    whole, rest = divmod(digits.numerator, 10**40)
    places = f"{rest:040d}".rstrip("0")
    return ("-" if value < 0 else "") + str(whole) + (f".{places}" if places else "")


def _between(rng: random.Random, low: Fraction, high: Fraction) -> Fraction:
    """A number strictly between two, at times with 40 digits."""
    parts = rng.choice([2, 3, 7, 20, 100, 10**12, 10**38])
    return low + (high - low) * Fraction(rng.randint(1, parts - 1), parts)


def bands(
    rng: random.Random, scale: str, labels: Sequence[str], low: Fraction, high: Fraction, *, percent: bool
) -> Plain:
    """Bands over the numbers from low to high, each with some number in it."""
    if percent and rng.random() < 0.5:  # on a whole percentage, so that no band vanishes by rounding
        edges = sorted(Fraction(p, 100) for p in rng.sample(range(2, 99), len(labels) - 1))
    else:
        points = {_between(rng, low, high)}
        while len(points) < len(labels) - 1:
            points.add(_between(rng, low, high))
        edges = sorted(points)
        percent = False
    better = rng.random() < 0.8
    ordered = list(labels) if better else list(reversed(labels))
    found: Plain = {label: {} for label in ordered}
    for index, edge in enumerate(edges):
        text, stays = number_text(rng, edge), rng.random() < 0.5
        found[ordered[index]]["at_most" if stays else "below"] = text
        found[ordered[index + 1]]["above" if stays else "at_least"] = text
    rounding = {"rounding": rng.choice(["whole percent", "exact"])} if percent else {}
    return {"scale": scale, "bands": found, **({} if better else {"better": "lower"}), **rounding, **GROUND}


# --- frameworks


class _Maker:
    """Makes one framework."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.nodes: Plain = {}
        self.bands: Plain = {}
        self.labels: list[str] = []
        #: The named nodes, standards and key questions there are, by kind.
        self.pool: dict[str, list[str]] = {
            kind: [] for kind in ("rating", "number", "flag", "choice", "score", "share")
        }
        #: The ratings that can be anything on their scale.
        self.full: list[str] = []
        self.bounds: dict[str, tuple[Fraction, Fraction]] = {}

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def some(self, names: Sequence[str], most: int = 4) -> list[str]:
        return self.rng.sample(list(names), self.rng.randint(1, min(most, len(names))))

    def framework(self) -> Plain:
        rng = self.rng
        self.labels = rng.sample(LABELS, rng.randint(2, 5))
        scale: Plain = {"ratings": self.labels, **GROUND}
        self.scores = [Fraction(place) for place in range(len(self.labels))]
        if self.chance(0.3):
            self.scores = sorted(Fraction(n, 4) for n in rng.sample(range(20), len(self.labels)))
            scale["scores"] = [number_text(rng, score) for score in self.scores]
        self.bands["shares"] = bands(rng, "marks", self.labels, Fraction(0), Fraction(1), percent=True)
        self.bands["means"] = bands(rng, "marks", self.labels, self.scores[0], self.scores[-1], percent=False)
        self.bands["means"].pop("better", None)
        if list(self.bands["means"]["bands"]) != self.labels:
            self.bands["means"] = self._rising(self.bands["means"])
        domains = self._domains()
        for _ in range(rng.randint(0, 12)):
            self._add(rng.choice(_KINDS))
        self._overall(domains)
        groups = {"leading": self.some(sorted(domains), 1)} if self.chance(0.3) else {}
        if groups:
            self.nodes["best_of_group"] = {"rule": "highest", "of": "leading", **GROUND}
        return {
            "id": "made-up",
            "version": "1",
            "title": "Made up",
            **GROUND,
            "sources": {"own": {"title": "A source"}},
            "scales": {"marks": scale},
            "bands": self.bands,
            "methods": self._methods(),
            "groups": groups,
            "domains": domains,
            "nodes": self.nodes,
        }

    def _rising(self, banding: Plain) -> Plain:
        """The same bands with the worst rating first."""
        return {**banding, "bands": dict(zip(self.labels, banding["bands"].values(), strict=True))}

    def _methods(self) -> Plain:
        rng = self.rng
        asked: Plain = {
            "answers": {"rule": "given", "kind": "answers", **GROUND},
            "share": {"rule": "share", "of": "answers", **GROUND},
        }
        rated: Plain = {**asked, "rating": {"rule": "band", "of": "share", "bands": "shares", **GROUND}}
        departing: Plain = {"rule": "discretion", "of": "computed", "bands": str(rng.randint(1, 2)), **GROUND}
        grounds = {"within_points": rng.choice(["5", "1/2", "12.5"]), "one_answer": "true", "sample_at_most": "5"}
        departing |= {ground: grounds[ground] for ground in grounds if self.chance(0.4)}
        panel: Plain = {"rule": "panel", "scale": "marks", **GROUND}
        if self.chance(0.3):
            panel |= {"missing": rng.choice(["not rated", "not applicable"]), "missing_reason": "nothing was said"}
        # A binding guide that cannot reach every rating would put some out of the panel's reach.
        binding = "false" if self.nodes.get("guide", {}).get("rule") == "shift" else rng.choice(["true", "false"])
        guided: Plain = {"rule": "panel", "scale": "marks", "binding": binding, **GROUND}
        guided |= dict.fromkeys(rng.choice([("ceiling",), ("floor",)]), "guide")
        computed = {"rule": rng.choice(["lowest", "highest"]), "of": "questions", **GROUND}
        return {
            "cases": {
                "title": "Cases",
                "each_question": rated,
                "each_standard": {"computed": computed, "rating": departing},
            },
            "means": {
                "title": "Mean of the questions",
                "each_question": rated,
                "each_standard": {
                    "average": {
                        "rule": "mean",
                        "of": "questions",
                        "unrated": rng.choice(["left out", "not rated"]),
                        **GROUND,
                    },
                    "rating": {"rule": "band", "of": "average", "bands": "means", **GROUND},
                },
            },
            "panel": {"title": "Panel", "each_standard": {"rating": panel}},
            "guided": {"title": "Panel with a guide", "each_standard": {"rating": guided}},
            "shares": {"title": "Shares alone", "each_question": asked},
        }

    def _domains(self) -> Plain:
        rng = self.rng
        domains: Plain = {}
        for domain in range(1, rng.randint(1, 3) + 1):
            standards: Plain = {}
            for standard in range(1, rng.randint(1, 4) + 1):
                numbered = f"{domain}.{standard}"
                method = rng.choice(["cases", "cases", "means", "panel", "shares" if standard > 1 else "panel"])
                standards[numbered] = {"title": f"Standard {numbered}", "method": method}
                if method in ("cases", "means", "shares"):
                    asked = [f"{numbered}.{question}" for question in range(1, rng.randint(1, 3) + 1)]
                    standards[numbered]["questions"] = {
                        question: {"title": f"question {question}"} for question in asked
                    }
                    if method != "shares":
                        self.pool["rating"] += asked
                    self.pool["share"] += [f"{question}.share" for question in asked]
                if method != "shares":
                    self.pool["rating"].append(numbered)
                    self.full.append(numbered)
            domains[str(domain)] = {"title": f"Domain {domain}", "standards": standards, **GROUND}
        if self.chance(0.4):
            guide = rng.choice(["mean", "shift"])
            if guide == "mean":
                self.nodes["guide_mean"] = {"rule": "mean", "of": list(self.full), **GROUND}
                self.nodes["guide"] = {"rule": "band", "of": "guide_mean", "bands": "means", **GROUND}
            else:
                by = rng.choice(["1", "-1", "+1"])
                self.nodes["guide"] = {"rule": "shift", "of": rng.choice(self.full), "by": by, **GROUND}
            numbered = "9.1"
            standards = {numbered: {"title": "Guided", "method": "guided"}}
            domains["9"] = {"title": "Domain 9", "standards": standards, **GROUND}
            self.pool["rating"].append(numbered)
        return domains

    def _name(self, kind: str, rule: Plain) -> str:
        name = f"{rule['rule']}_{len(self.nodes)}"
        self.nodes[name] = {**rule, **GROUND}
        self.pool[kind].append(name)
        return name

    def _add(self, kind: str) -> None:
        """Add a node with a rule of a kind, where there is something for it to take."""
        getattr(self, f"_add_{kind}")()

    def _add_given(self) -> None:
        kind = self.rng.choice(["rating", "number", "flag", "choice"])
        rule: Plain = {"rule": "given", "kind": kind}
        if self.chance(0.2):
            rule |= {"missing": self.rng.choice(["not rated", "not applicable"])}
        if kind == "rating":
            rule["scale"] = "marks"
        if kind == "choice":
            rule["options"] = list(OPTIONS)
        low = Fraction(self.rng.randint(-8, 8), 4)
        high = low + Fraction(self.rng.randint(1, 12), 4)
        if kind == "number":
            rule |= {"least": number_text(self.rng, low), "most": number_text(self.rng, high)}
            if self.rng.random() < 0.3:
                rule["step"] = number_text(self.rng, (high - low) / 4)
        name = self._name(kind, rule)
        if kind == "rating":
            self.full.append(name)
        self.bounds[name] = low, high

    def _add_extreme(self) -> None:
        kind = self.rng.choice([kind for kind in ("rating", "number") if self.pool[kind]])
        self._name(kind, {"rule": self.rng.choice(["lowest", "highest"]), "of": self.some(self.pool[kind])})

    def _weights(self, of: list[str]) -> Plain:
        weights = {name: number_text(self.rng, Fraction(self.rng.randint(1, 9), self.rng.randint(1, 3))) for name in of}
        unrated = {"unrated": "not rated"} if self.chance(0.2) else {}
        return {**({"weights": weights} if self.chance(0.4) else {}), **unrated}

    def _add_total(self) -> None:
        kind = self.rng.choice([kind for kind in ("rating", "number") if self.pool[kind]])
        of = self.some(self.pool[kind])
        self._name("score" if kind == "rating" else "number", {"rule": "total", "of": of, **self._weights(of)})

    def _add_mean(self) -> None:
        kind = self.rng.choice([kind for kind in ("rating", "number", "score") if self.pool[kind]])
        if kind == "score":
            self._name("number", {"rule": "mean", "of": self.rng.choice(self.pool["score"])})
        else:
            of = self.some(self.pool[kind])
            self._name("number", {"rule": "mean", "of": of, **self._weights(of)})

    def _add_band(self) -> None:
        rng = self.rng
        bounded = [name for name in self.pool["number"] if name in self.bounds]
        kind = rng.choice(["share"] * bool(self.pool["share"]) + ["number"] * bool(bounded) + ["mean"])
        if kind == "mean":
            self._add_full_band()
            return
        of = rng.choice(bounded if kind == "number" else self.pool["share"])
        low, high = self.bounds[of] if kind == "number" else (Fraction(0), Fraction(1))
        name = f"bands_{len(self.bands)}"
        self.bands[name] = bands(rng, "marks", self.labels, low, high, percent=kind == "share")
        self.full.append(self._name("rating", {"rule": "band", "of": of, "bands": name}))

    def _add_full_band(self) -> str:
        """The band of the mean score of ratings that can be anything, so that every rating is within reach."""
        of = self.some(self.full)
        if self.chance(0.5):
            inner = self._name("score", {"rule": "total", "of": of, **self._weights(of)})
            inner = self._name("number", {"rule": "mean", "of": inner})
        else:
            inner = self._name("number", {"rule": "mean", "of": of, **self._weights(of)})
        name = self._name("rating", {"rule": "band", "of": inner, "bands": "means"})
        self.full.append(name)
        return name

    def _condition(self) -> str:
        if not self.pool["flag"] or self.chance(0.3):
            self._add_test()
        return self.rng.choice(self.pool["flag"])

    def _add_limit(self) -> None:
        rule = self.rng.choice(["limit", "lift"])
        of, to = self.rng.choice(self.pool["rating"]), self.rng.choice(self.labels)
        self._name("rating", {"rule": rule, "of": of, "to": to, "when": self._condition()})

    def _add_shift(self) -> None:
        by = self.rng.choice([*self.pool["number"], "1", "-1", "2"])
        self._name("rating", {"rule": "shift", "of": self.rng.choice(self.pool["rating"]), "by": by})

    def _threshold(self, edge: str, *words: str) -> Plain:
        return {self.rng.choice(["at_least", "at_most", *words]): edge}

    def _add_count(self) -> None:
        of = self.some(self.pool["rating"])
        self._name("number", {"rule": "count", "of": of, **self._threshold(self.rng.choice(self.labels))})

    def _add_test(self) -> None:
        kind = self.rng.choice([kind for kind in ("rating", "number", "share", "choice") if self.pool[kind]])
        of = self.rng.choice(self.pool[kind])
        edge = (
            self.rng.choice(self.labels)
            if kind == "rating"
            else number_text(self.rng, Fraction(self.rng.randint(0, 8), 8))
        )
        how = {"equals": self.rng.choice(OPTIONS)} if kind == "choice" else self._threshold(edge, "above", "below")
        self._name("flag", {"rule": "test", "of": of, **how})

    def _add_logic(self) -> None:
        self._condition()
        rule = self.rng.choice(["all", "any", "not"])
        of = self.rng.choice(self.pool["flag"]) if rule == "not" else self.some(self.pool["flag"])
        self._name("flag", {"rule": rule, "of": of})

    def _add_panel(self) -> None:
        guides = {guide: self.rng.choice(self.pool["rating"]) for guide in ("ceiling", "floor") if self.chance(0.6)}
        binding = {"binding": "true"} if self.chance(0.3) else {}
        self._name("rating", {"rule": "panel", "scale": "marks", **guides, **binding})

    def _add_discretion(self) -> None:
        bound = str(self.rng.randint(1, 3))
        self._name("rating", {"rule": "discretion", "of": self.rng.choice(self.pool["rating"]), "bands": bound})

    def _add_table(self) -> None:
        rng = self.rng
        kinds = [kind for kind in ("rating", "number", "flag", "choice") if self.pool[kind]]
        chosen = {kind: rng.choice(self.pool[kind]) for kind in rng.sample(kinds, rng.randint(1, min(2, len(kinds))))}
        cells = {name: self._cells(kind) for kind, name in chosen.items()}
        gives = rng.choice(["rating", "flag", "choice", "number"])
        outcomes = {"rating": self.labels, "flag": ["yes", "no"], "choice": OPTIONS, "number": ["0", "1/2", "7"]}[gives]
        rows: list[Plain] = [{"when": {}, "then": ""}]
        for name, parts in cells.items():
            rows = [{"when": {**row["when"], **({name: part} if part else {})}} for row in rows for part in parts]
        for row in rows:
            row["then"] = rng.choice(outcomes)
        rng.shuffle(rows)
        kind: Plain = {"kind": gives, **({"scale": "marks"} if gives == "rating" else {})}
        kind |= {"options": list(OPTIONS)} if gives == "choice" else {}
        self._name(gives, {"rule": "table", "inputs": [*chosen.values()], "rows": rows, **kind})

    def _cells(self, kind: str) -> list[Any]:
        """Conditions on one input that cover each of its values once."""
        rng = self.rng
        absent: list[Any] = ["absent"] if self.chance(0.4) else []
        if kind == "flag":
            return ["yes", ["no", *absent]] if self.chance(0.5) else ["yes", "no", *absent]
        if kind == "choice":
            return [OPTIONS[0], list(OPTIONS[1:]), *absent]
        if kind == "number":
            edge = number_text(rng, Fraction(rng.randint(0, 12), 4))
            return [*rng.choice([(f"at least {edge}", f"below {edge}"), (f"above {edge}", f"at most {edge}")]), *absent]
        place = rng.randint(1, len(self.labels) - 1)
        low, high = list(self.labels[:place]), list(self.labels[place:])
        if self.chance(0.5):
            return [f"at least {self.labels[place]}", [*low, *absent]]
        return [f"below {self.labels[place]}", *high, *absent]

    def _overall(self, domains: Plain) -> None:
        how = self.rng.choice(["none", "mean", "lowest", "limit"])
        self.nodes["total"] = {"rule": "total", "of": "standards", **GROUND}
        if how == "none":
            return
        self.nodes["mean_score"] = {"rule": "mean", "of": "total", **GROUND}
        by_score = "by_score" if how == "limit" else "overall"
        self.nodes[by_score] = {"rule": "band", "of": "mean_score", "bands": "means", **GROUND}
        if "9" in domains:
            # Under a binding guide the mean of all cannot be taken to reach every rating, so it is taken without.
            self.nodes["total"]["of"] = [number for number in self.full if number[0].isdigit()]
        if how == "lowest":
            self.nodes["overall"] = {"rule": "lowest", "of": list(self.full), **GROUND}
        if how == "limit":
            to = self.rng.choice(self.labels[:-1])
            self.nodes["overall"] = {"rule": "limit", "of": "by_score", "to": to, "when": self._condition(), **GROUND}


_KINDS = (
    "given", "given", "given", "extreme", "total", "mean", "band", "limit", "shift", "count", "test", "logic", "panel",
    "discretion", "table", "table",
)  # fmt: skip


def make_framework(rng: random.Random) -> Plain:
    """A framework; now and then one that cannot be built, because some rating of it is out of reach."""
    made = _Maker(rng).framework()
    if not any("guide" in rule for rule in made["nodes"]):
        made["methods"].pop("guided", None)
    return made


# --- evidence


def leaves(naive: Naive) -> dict[str, Plain]:
    """The rules that take evidence, by key question or node."""
    return {of: dict(rule) for rule, of, _ in naive.rules.values() if rule["rule"] in ("given", "panel")}


def _amount(rng: random.Random, rule: Plain) -> str:
    """A number within the bounds of a given one."""
    least, most = number(rule["least"]), number(rule["most"])
    parts = int((most - least) / number(rule["step"])) if "step" in rule else 8
    return number_text(rng, least + (most - least) * Fraction(rng.randint(0, parts), parts))


def make_evidence(rng: random.Random, naive: Naive) -> Plain:
    """Complete evidence, at whatever level."""
    found: Plain = {key: {} for key in ("tallies", "ratings", "panel", "departures", "values")}
    inputs = leaves(naive)
    scales = {name: scale["ratings"] for name, scale in naive.framework["scales"].items()}
    asked = [name for name, rule in inputs.items() if rule.get("kind") == "answers"]
    by_case = [question for question in asked if rng.random() < 0.5] if rng.random() < 0.3 else []
    for name, rule in inputs.items():
        if rule.get("kind") == "answers":
            if name not in by_case:
                of = rng.choice([0, 1, 2, 3, 5, 10, 20, 20, 100, 300])
                found["tallies"][name] = {"yes": str(rng.randint(0, of)), "of": str(of)} if of else "not applicable"
        elif rule.get("missing", "open") != "open" and rng.random() < 0.4:
            continue
        else:
            _state(rng, found, name, rule, scales)
    if by_case:
        found["cases"] = [
            {"id": f"c{case}", "answers": {q: rng.choice(["yes", "yes", "no", "not applicable"]) for q in by_case}}
            for case in range(rng.randint(1, 12))
        ]
    return {key: entries for key, entries in found.items() if entries}


def _state(rng: random.Random, found: Plain, name: str, rule: Plain, scales: dict[str, list[str]]) -> None:
    """State something for a node that the evidence gives."""
    heading = "ratings" if "scale" in rule else "values"
    if rule["rule"] == "panel" and rng.random() < 0.7:
        heading = "panel"
    if rng.random() < 0.07:
        found[heading][name] = rng.choice(["not rated", "not applicable"])
        return
    if "scale" in rule:
        label = rng.choice(scales[rule["scale"]])
        label = rng.choice([label, label.upper(), label.lower()])
        explained = rule["rule"] == "panel" and rng.random() < 0.4
        found[heading][name] = {"rating": label, "reason": "as recorded"} if explained else label
    elif rule["kind"] == "number":
        found[heading][name] = _amount(rng, rule)
    else:
        found[heading][name] = rng.choice(rule["options"] if rule["kind"] == "choice" else ["yes", "no"])


def add_stated(rng: random.Random, naive: Naive, evidence: Plain) -> Plain:
    """The evidence with computed values also stated, and with some departures, which the rules may yet refuse."""
    naive = naive.on(evidence)
    found = {**evidence, **{key: dict(evidence.get(key, {})) for key in ("ratings", "values", "departures")}}
    for name, (rule, _, _) in naive.rules.items():
        if rule["rule"] == "discretion" and rng.random() < 0.3:
            computed = naive.value(name)
            places = [place for place in (getattr(computed, "place", -9) + step for step in (-1, 1)) if place >= 0]
            labels = naive.framework["scales"][naive.kind(name)[1]]["ratings"]
            options = [labels[place] for place in places if place < len(labels)]
            if options:
                found["departures"][name] = {"rating": rng.choice(options), "reason": "as recorded"}
    naive = naive.on(found)
    for name, (rule, _, _) in naive.rules.items():
        stated = name not in found["departures"] and rule["rule"] not in ("given", "panel")
        if stated and naive.kind(name)[0] in ("rating", "flag", "choice") and rng.random() < 0.1:
            value = naive.value(name)
            label = value.value if isinstance(value, Absent) else str(value)
            if isinstance(value, bool):
                label = "yes" if value else "no"
            found["ratings" if naive.kind(name)[0] == "rating" else "values"][name] = label
    return {key: entries for key, entries in found.items() if entries}


def make_open(rng: random.Random, evidence: Plain, chance: Fraction) -> Plain:
    """Complete evidence with some of it taken away."""
    found = {key: dict(entries) if isinstance(entries, dict) else entries for key, entries in evidence.items()}
    found.pop("cases", None)
    for key in ("tallies", "ratings", "panel", "values"):
        for name, entry in list(found.get(key, {}).items()):
            if rng.random() >= chance:
                continue
            if key == "tallies" and rng.random() < 0.7:
                yes = rng.randint(0, 2)
                counted = {"yes": str(yes), "of": str(yes + rng.randint(0, 2)), "open": str(rng.randint(1, 2))}
                found[key][name] = counted
            else:
                assert entry is not None
                del found[key][name]
    return {key: entries for key, entries in found.items() if entries}


def completion(rng: random.Random, naive: Naive, evidence: Plain) -> Plain:
    """Open evidence completed at random. What is not rated stays so only where the evidence says so."""
    found = {**evidence, **{key: dict(evidence.get(key, {})) for key in ("tallies", "ratings", "panel", "values")}}
    scales = {name: scale["ratings"] for name, scale in naive.framework["scales"].items()}
    for name, rule in leaves(naive).items():
        if rule.get("kind") == "answers":
            tally = found["tallies"].get(name)
            if tally is None and not any(name in case["answers"] for case in found.get("cases", ())):
                found["tallies"][name] = _tally(rng, 0, 0, rng.randint(1, 20))
            elif isinstance(tally, dict) and "open" in tally:
                found["tallies"][name] = _tally(rng, int(tally["yes"]), int(tally["of"]), int(tally["open"]))
        elif rule.get("missing", "open") == "open" and all(
            name not in found[key] for key in ("ratings", "panel", "values")
        ):
            _settle(rng, found, name, rule, scales)
    return {key: entries for key, entries in found.items() if entries}


def _settle(rng: random.Random, found: Plain, name: str, rule: Plain, scales: dict[str, list[str]]) -> None:
    heading = "ratings" if "scale" in rule else "values"
    while found[heading].get(name) in (None, "not rated", "not applicable"):
        found[heading].pop(name, None)
        found["panel"].pop(name, None)
        _state(rng, found, name, rule, scales)
        if name in found["panel"] and found["panel"][name] not in ("not rated", "not applicable"):
            return


def _tally(rng: random.Random, yes: int, of: int, still_open: int) -> Any:
    answered = rng.randint(0, still_open)
    more = rng.choice([0, answered, rng.randint(0, answered)])
    return {"yes": str(yes + more), "of": str(of + answered)} if of + answered else "not applicable"


def completions(naive: Naive, evidence: Plain, most: int) -> list[Plain] | None:
    """Every completion of open evidence, or None when there are more than so many or no end of them."""
    options: list[tuple[str, str, list[Any]]] = []
    count = 1
    for name, rule in leaves(naive).items():
        choices = _choices(naive, evidence, name, rule)
        if choices is None:
            return None
        heading, found = choices
        if found:
            count *= len(found)
            options.append((heading, name, found))
        if count > most:
            return None
    whole = [{**evidence}]
    for heading, name, found in options:
        whole = [{**e, heading: {**e.get(heading, {}), name: choice}} for e in whole for choice in found]
    return whole


def _choices(naive: Naive, evidence: Plain, name: str, rule: Plain) -> tuple[str, list[Any]] | None:
    """What an input can still be, with its heading; nothing when it is settled, None when there is no end."""
    if rule.get("kind") == "answers":
        tally = evidence.get("tallies", {}).get(name)
        if tally is None:
            return None if not any(name in case["answers"] for case in evidence.get("cases", ())) else ("tallies", [])
        if tally == "not applicable" or "open" not in tally:
            return "tallies", []
        yes, of, still_open = (int(tally[key]) for key in ("yes", "of", "open"))
        found = [(yes + more, of + n) for n in range(still_open + 1) for more in range(n + 1)]
        return "tallies", [{"yes": str(y), "of": str(n)} if n else "not applicable" for y, n in found]
    if rule.get("missing", "open") != "open" or any(
        name in evidence.get(key, {}) for key in ("ratings", "panel", "values")
    ):
        return "values", []
    if "scale" in rule:
        labels = list(naive.framework["scales"][rule["scale"]]["ratings"])
        reasons = [{"rating": label, "reason": "as recorded"} for label in labels] if rule["rule"] == "panel" else []
        return "ratings", labels + reasons
    if rule["kind"] == "number":
        return None
    return "values", list(rule["options"]) if rule["kind"] == "choice" else ["yes", "no"]


# --- strategies


class Seeded(random.Random):
    """Random choices that can be made again: shown, in the report of a failure, with their seed."""

    def __init__(self, seed: int) -> None:
        self.seed_given = seed
        super().__init__(seed)

    def __repr__(self) -> str:
        return f"Seeded({self.seed_given})"


def randoms() -> st.SearchStrategy[random.Random]:
    """Random choices from a seed that hypothesis chooses."""
    return st.integers(0, 2**32).map(Seeded)


class Example(NamedTuple):
    """A framework as plain data, and built; shown by its name or seed alone."""

    mapping: Plain
    framework: Framework
    made_from: object

    def __repr__(self) -> str:
        return f"Example(made_from={self.made_from!r})"


@st.composite
def frameworks(draw: st.DrawFn) -> Example:
    """A made-up framework."""
    rng = draw(randoms())
    mapping = make_framework(rng)
    try:
        return Example(mapping, built(mapping), rng)
    except InspectError as fault:
        if any(found.code != "unreachable-rating" for found in fault.faults):
            raise
        reject()


@st.composite
def shipped_frameworks(draw: st.DrawFn) -> Example:
    """A shipped framework."""
    name = draw(st.sampled_from(inspectlib.shipped()))
    return Example(shipped_mapping(name), shipped_framework(name), name)


def any_framework() -> st.SearchStrategy[Example]:
    """A shipped framework or one made up."""
    return st.one_of(shipped_frameworks(), frameworks())


def seeded_frameworks(seed: int, how_many: int) -> Iterator[Example]:
    """So many made-up frameworks, always the same."""
    rng = random.Random(seed)
    while how_many:
        mapping = make_framework(rng)
        try:
            framework = built(mapping)
        except InspectError as fault:
            assert {found.code for found in fault.faults} == {"unreachable-rating"}, fault
            continue
        how_many -= 1
        yield Example(mapping, framework, (seed, how_many))
