"""Reference pages that are made from the thing itself: the schemas of files, and the kinds of fault."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

import inspectlib
from inspectlib import errors
from inspectlib.sphinxext.doctree import Part, Row, anchored, code, para, section, table

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCHEMAS = Path(inspectlib.__file__).parent / "schemas"


class SchemaDirective(SphinxDirective):
    """The mappings of a file format, each with its keys, from its JSON Schema."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A section for each mapping."""
        file = SCHEMAS / f"{self.arguments[0]}.schema.json"
        self.env.note_dependency(str(file))
        self.prefix = f"schema-{self.arguments[0]}"
        schema = json.loads(file.read_text("utf-8"))
        self.known: Mapping[str, Any] = schema["$defs"]
        found = dict(self.known) if "properties" not in schema else {"File": schema, **self.known}
        # What a file may change of what it extends has the same keys, none of which it must state.
        wanted = {n: s for n, s in found.items() if not n.startswith("Changed") and s.get("properties")}
        return [self._mapping(name, wanted[name]) for name in sorted(wanted, key=lambda n: (n not in _FIRST, n))]

    def _mapping(self, name: str, schema: Mapping[str, Any]) -> nodes.section:
        rows: list[Row] = [
            [
                [code(key)],
                list(self._form(form)),
                ["yes" if key in schema.get("required", ()) else ""],
                [form.get("description", "")],
            ]
            for key, form in schema["properties"].items()
        ]
        about = [para(schema["description"])] if schema.get("description") else []
        keys = table(["key", "form", "must be there", "what it says"], rows)
        return section(f"{self.prefix}-{name}", schema.get("title") or name, *about, keys)

    def _form(self, form: Mapping[str, Any]) -> Iterator[Part]:
        """What can stand there, in few words."""
        if "$ref" in form:
            yield self._named(form["$ref"].rpartition("/")[2])
        elif "const" in form:
            yield code(str(form["const"]))
        elif "enum" in form:
            yield f"one of {', '.join(map(str, form['enum']))}"
        elif "anyOf" in form or "oneOf" in form:
            for place, each in enumerate(form.get("anyOf", form.get("oneOf"))):
                yield from ([" or "] if place else [])
                yield from self._form(each)
        elif form.get("type") == "array":
            yield "a list: "
            yield from self._form(form.get("items", {}))
        elif form.get("type") == "object":
            yield "a mapping: "
            inner = form.get("additionalProperties") or next(iter(form.get("patternProperties", {}).values()), None)
            yield from self._form(inner if isinstance(inner, dict) else dict[str, Any]())
        else:
            kinds = form.get("type", "anything")
            said = {"string": "text", "integer": "a whole number", "boolean": "true or false", "null": "nothing"}
            kinds = [kinds] if isinstance(kinds, str) else kinds
            yield " or ".join(dict.fromkeys(said.get(kind, kind) for kind in kinds))

    def _named(self, name: str) -> Part:
        schema = self.known[name]
        if schema.get("properties") and not name.startswith("Changed"):
            title = schema.get("title") or name
            return nodes.reference("", title, refid=f"{self.prefix}-{name}", internal=True)
        if "enum" in schema:
            return f"one of {', '.join(map(str, schema['enum']))}"
        choices = schema.get("anyOf", schema.get("oneOf", []))
        if choices and all("$ref" in each for each in choices):
            return f"one of {', '.join(each['$ref'].rpartition('/')[2] for each in choices)}"
        return schema.get("title") or name


_FIRST = ("File", "FrameworkData")


class FaultsDirective(SphinxDirective):
    """Every kind of fault by its code."""

    def run(self) -> list[nodes.Node]:
        """A table of the codes."""
        kinds = [
            kind
            for kind in vars(errors).values()
            if isinstance(kind, type) and issubclass(kind, errors.Fault) and kind is not errors.Fault
        ]
        rows: list[Row] = []
        for kind in sorted(kinds, key=lambda kind: kind.code):
            link = addnodes.pending_xref(
                "", refdomain="py", reftype="class", reftarget=f"inspectlib.errors.{kind.__name__}", refwarn=True
            )
            link += nodes.literal(kind.__name__, kind.__name__)
            head = anchored(f"fault-{kind.code}", para(code(kind.code)))
            rows.append([[head], [link], [(inspect.getdoc(kind) or "").partition("\n")[0]]])
        return [table(["code", "class", "what is wrong"], rows)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives."""
    app.add_directive("schema-reference", SchemaDirective)
    app.add_directive("fault-reference", FaultsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
