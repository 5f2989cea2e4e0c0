"""Where a statement comes from. Every figure and rule of a framework carries this."""

from __future__ import annotations

from enum import StrEnum

import attrs

__all__ = ["Basis", "Grounded", "Source"]


class Basis(StrEnum):
    """How well a statement is founded."""

    #: Stated in one of the project's two source documents.
    SEED = "seed"
    #: Seen in another public document or in published results.
    PUBLISHED = "published"
    #: The inspectorate's published methodology as generally reported; its text is not at hand.
    REPORTED = "reported"
    #: Our own choice where no source speaks; a user may choose otherwise.
    MODELLED = "modelled"


@attrs.frozen(kw_only=True)
class Source:
    """A document or body of results that statements rest on.

    Attributes:
        title: its title.
        publisher: who published it.
        date: when, as far as known.
        note: anything a reader should know of it.
    """

    title: str
    publisher: str = ""
    date: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class Grounded:
    """Something stated, with its basis and source.

    Attributes:
        basis: seed, published, reported or modelled.
        source: the name of a source of the framework.
        section: the place in the source.
        note: a remark, such as why a choice was made.
    """

    basis: Basis
    source: str
    section: str = ""
    note: str = ""
