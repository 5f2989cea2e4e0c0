"""YAML (and so JSON) as a tree of texts, each with its place: one pass over the parser's events.

Files are data and stay small: no tags, no anchors, aliases or merge keys, one document, bounded depth and size.
Nothing is read as a number or a date here, so nothing can be lost: a number is text until something asks for one.
"""

from __future__ import annotations

from pathlib import Path as FilePath

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from inspectlib.errors import (
    AliasUsed,
    BadSyntax,
    DuplicateKey,
    EmptyFile,
    Fault,
    SeveralDocuments,
    TagUsed,
    TooDeep,
    TooLarge,
    Where,
    WrongForm,
)
from inspectlib.files.text import STDIN, read_text
from inspectlib.tree import MAX_DEPTH, ListTree, MapTree, TextTree, Tree

__all__ = ["parse_yaml", "read_yaml"]

#: Far above any framework or evidence file; large sets of cases come as CSV.
MAX_BYTES = 1_000_000
MAX_NODES = 30_000
MAX_TEXT = 20_000

_NULLS = {"", "~", "null", "Null", "NULL"}


def read_yaml(path: str | FilePath) -> Tree:
    """The tree of a YAML or JSON file; ``-`` is standard input.

    Raises:
        Fault: what is wrong with the file, at its place.
    """
    return parse_yaml(read_text(path, MAX_BYTES), "standard input" if str(path) == STDIN else str(path))


def parse_yaml(text: str, file: str) -> Tree:
    """The tree of a YAML or JSON text; `file` is what places are called."""
    builder = _TreeBuilder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except Fault:
        raise  # one of ours is a ValueError too
    except ReaderError as error:
        line, column = text.count("\n", 0, error.position) + 1, error.position - text.rfind("\n", 0, error.position)
        message = f"the character {error.character!r} is not allowed"
        raise BadSyntax(message, where=Where(file, line, column)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file)
        parts = (error.context, error.problem)
        raise BadSyntax(", ".join(part for part in parts if part), where=where) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise BadSyntax(f"this is not YAML: {error}", where=Where(file)) from None
    if builder.root is None:
        raise EmptyFile("it is empty but for comments", where=Where(file))
    return builder.root


class _TreeBuilder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Tree | None = None
        self.documents = self.nodes = 0
        #: The open mappings and lists, each mapping with the key that waits for its value.
        self.stack: list[tuple[MapTree | ListTree, TextTree | None]] = []

    def where(self, event: Event) -> Where:
        mark = event.start_mark
        return Where(self.file, mark.line + 1, mark.column + 1)

    def take(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise SeveralDocuments("a second document begins here; keep one to a file", where=self.where(event))
        if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.stack.pop()
        if isinstance(event, NodeEvent):
            self.guard(event)
        if isinstance(event, ScalarEvent):
            plain = event.style is None
            text = event.value
            if not plain:  # a JSON text may hold a character as two escapes
                text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            self.put(TextTree(text, self.where(event), null=plain and text in _NULLS))
        elif isinstance(event, MappingStartEvent):
            self.open(MapTree({}, {}, self.where(event)))
        elif isinstance(event, SequenceStartEvent):
            self.open(ListTree([], self.where(event)))

    def guard(self, event: NodeEvent) -> None:
        """Refuse what a file of ours does not need."""
        self.nodes += 1
        if isinstance(event, AliasEvent) or event.anchor is not None:
            message = "anchors and aliases (& and *) are not read; write it out"
            raise AliasUsed(message, where=self.where(event))
        if getattr(event, "tag", None) is not None:
            message = f"the tag {event.tag} is not read; files are plain data"  # type: ignore[attr-defined]
            raise TagUsed(message, where=self.where(event))
        if len(self.stack) > MAX_DEPTH:
            raise TooDeep(f"nested deeper than {MAX_DEPTH} levels", where=self.where(event))
        if self.nodes > MAX_NODES:
            message = f"more than {MAX_NODES:,} entries; give a large set of cases as a CSV file"
            raise TooLarge(message, where=self.where(event))
        if isinstance(event, ScalarEvent) and len(event.value) > MAX_TEXT:
            raise TooLarge(f"a text of more than {MAX_TEXT:,} characters", where=self.where(event))

    def open(self, tree: MapTree | ListTree) -> None:
        self.put(tree)
        self.stack.append((tree, None))

    def put(self, tree: Tree) -> None:
        """Put an entry where it belongs: as the root, into a list, as a key or as the value of one."""
        if not self.stack:
            self.root = tree
            return
        parent, key = self.stack[-1]
        if isinstance(parent, ListTree):
            parent.items.append(tree)
        elif key is None:
            self.key(parent, tree)
        else:
            parent.entries[key.text] = tree
            self.stack[-1] = parent, None

    def key(self, parent: MapTree, tree: Tree) -> None:
        if not isinstance(tree, TextTree) or tree.null:
            raise WrongForm("a key must be a text", where=tree.where)
        if tree.text == "<<":
            raise AliasUsed("merge keys (<<) are not read; write it out", where=tree.where)
        if tree.text in parent.entries:
            first = parent.keys[tree.text]
            raise DuplicateKey(f"the key {tree.text!r} is there already, at {first}", where=tree.where)
        parent.keys[tree.text] = tree.where
        self.stack[-1] = parent, tree
