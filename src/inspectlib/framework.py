"""A framework as data: published standards, how they are rated, and where each statement comes from."""

from __future__ import annotations

import re
from datetime import date

import attrs

from inspectlib.frozen import FrozenMapping
from inspectlib.provenance import Basis, Grounded, Source
from inspectlib.rules import Rule
from inspectlib.scales import Bands, Scale

__all__ = [
    "Change",
    "Domain",
    "FrameworkData",
    "InForce",
    "Known",
    "LawException",
    "Method",
    "Parent",
    "Pool",
    "Question",
    "Standard",
    "natural",
]


@attrs.frozen(kw_only=True)
class Question:
    """A key question. Each case in the sample is answered yes, no or not applicable.

    Attributes:
        title: the topic, in a few words.
        text: the question, in our own words.
        sub_sample: the cases it applies to, when not to all.
        prompts: what informs the answer; prompts are not counted.
        basis: as for the domain, unless given.
        source: as for the domain, unless given.
        section: the place in the source.
        note: a remark.
    """

    title: str
    text: str = ""
    sub_sample: str = ""
    prompts: tuple[str, ...] = ()
    basis: Basis | None = None
    source: str = ""
    section: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class Standard:
    """A standard: what is rated.

    Attributes:
        title: its published title.
        questions: its key questions by number.
        topics: for a standard that is not rated from cases, what it covers.
        method: how it is rated: the name of a method; as for the domain, unless given.
        basis: as for the domain, unless given.
        source: as for the domain, unless given.
        section: the place in the source.
        note: a remark.
    """

    title: str
    questions: FrozenMapping[str, Question] = FrozenMapping()
    topics: tuple[str, ...] = ()
    method: str = ""
    basis: Basis | None = None
    source: str = ""
    section: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class Domain(Grounded):
    """A domain: a group of standards.

    Attributes:
        title: its published title.
        standards: its standards by number.
        method: how its standards are rated, unless they say otherwise.
    """

    title: str
    standards: FrozenMapping[str, Standard]
    method: str = ""


@attrs.frozen(kw_only=True)
class Method:
    """A way to rate a standard: the rules written once, for every standard that uses it.

    The rules are named parts. The part ``rating`` is the node of the question or standard itself; any other part is a
    node beside it, such as ``2.1.1.share``. A rule may name the other parts, and in ``each_standard`` also
    ``questions``: the ratings of the standard's key questions.

    Attributes:
        title: what the method is called for people.
        each_question: the rules for each key question.
        each_standard: the rules for each standard.
    """

    title: str
    each_question: FrozenMapping[str, Rule] = FrozenMapping()
    each_standard: FrozenMapping[str, Rule] = FrozenMapping()


@attrs.frozen(kw_only=True)
class Pool(Grounded):
    """How the cases of a service inspected under another framework are pooled here.

    Attributes:
        questions: for each key question there, the key question here that its answers count for, or ``not used``.
    """

    questions: FrozenMapping[str, str]

    def numbers(self) -> dict[str, str]:
        """For each key question there its number here; empty where it is not used."""
        return {there: "" if here == "not used" else here for there, here in self.questions.items()}


@attrs.frozen(kw_only=True)
class InForce(Grounded):
    """When a framework was in force.

    Attributes:
        since: the first day; none where it is not known.
        until: the last day; none while it is in force.
    """

    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it was in force on a day, so far as its dates are known."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def words(self) -> str:
        """Its dates in words: ``since 2021-07-01``, ``2018-04-01 to 2019-06-30``."""
        if self.since is None or self.until is None:
            return f"since {self.since}" if self.since else f"until {self.until}"
        return f"{self.since} to {self.until}"


@attrs.frozen(kw_only=True)
class Change(Grounded):
    """Something that is different from the framework before, for people to read.

    Attributes:
        text: what changed.
    """

    text: str


@attrs.frozen(kw_only=True)
class LawException(Grounded):
    """A law that is meant not to hold, for reasons that the framework gives.

    Attributes:
        law: the law, by the word that a check of the laws uses.
        of: the nodes that it does not hold for.
        ratings: for the law ``reached``, the ratings that are not reached; any unless given.
        reason: why it is so on purpose.
    """

    law: str
    of: tuple[str, ...]
    reason: str
    ratings: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Known(Grounded):
    """What is known to come of some evidence, such as a published outcome.

    Attributes:
        given: the evidence, in the form of a row of a table: by column.
        gives: what must come of it, by node.
        refused: instead, the kind of fault for which it must be refused, such as ``departure-refused``.
    """

    given: FrozenMapping[str, str]
    gives: FrozenMapping[str, str] = FrozenMapping()
    refused: str = ""


@attrs.frozen(kw_only=True)
class Parent:
    """A framework that another extends, pinned: as it was when the other was written.

    Attributes:
        framework: a shipped name, or the path of a file beside the one that names it.
        fingerprint: its fingerprint then.
        pinned: a short fingerprint of each standard and each other node then, by which it is told what changed since.
    """

    framework: str
    fingerprint: str = ""
    pinned: FrozenMapping[str, str] = FrozenMapping()


@attrs.frozen(kw_only=True)
class FrameworkData(Grounded):
    """A whole framework, everything it extends taken in.

    Attributes:
        id: its name in files and on the command line.
        version: the version of the encoding, for people.
        title: its title.
        abstract: whether it is only a base for others.
        in_force: when it was in force.
        provider_kinds: the kinds of provider it is for.
        changes: what is different from the framework before, for people to read.
        sources: the sources that statements name.
        scales: the rating scales.
        bands: the bands.
        methods: the ways in which standards are rated.
        groups: names for several nodes at once. ``standards``, and each domain by its number, are there already.
        domains: the domains by number.
        pools: by framework, how the cases of services inspected under it are pooled in an inspection under this one.
        nodes: the other nodes, each with its rule.
        exceptions: the laws that are meant not to hold, each under a name.
        known: what is known to come of some evidence, each under a name.
    """

    id: str
    version: str
    title: str
    abstract: bool = False
    in_force: InForce | None = None
    provider_kinds: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    sources: FrozenMapping[str, Source] = FrozenMapping()
    scales: FrozenMapping[str, Scale] = FrozenMapping()
    bands: FrozenMapping[str, Bands] = FrozenMapping()
    methods: FrozenMapping[str, Method] = FrozenMapping()
    groups: FrozenMapping[str, tuple[str, ...]] = FrozenMapping()
    domains: FrozenMapping[str, Domain] = FrozenMapping()
    pools: FrozenMapping[str, Pool] = FrozenMapping()
    nodes: FrozenMapping[str, Rule] = FrozenMapping()
    exceptions: FrozenMapping[str, LawException] = FrozenMapping()
    known: FrozenMapping[str, Known] = FrozenMapping()

    def standards(self) -> tuple[tuple[str, Domain, str, Standard], ...]:
        """Every standard with the number and data of its domain, in the order of their numbers."""
        return tuple(
            (domain_number, domain, number, standard)
            for domain_number, domain in sorted(self.domains.items(), key=lambda item: natural(item[0]))
            for number, standard in sorted(domain.standards.items(), key=lambda item: natural(item[0]))
        )


#: Longer numbers sort as words.
_NUMBER = re.compile("[0-9]{1,9}", re.ASCII)


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A sorting key by which 2.10 comes after 2.9, and numbers before words."""
    return tuple(
        (0, int(part)) if _NUMBER.fullmatch(part) else (1, part) for part in re.split(r"[.]|(?<=\D)(?=\d)", name)
    )
