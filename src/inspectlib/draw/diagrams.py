"""The rule graph as text for other programs to draw: Mermaid and Graphviz dot."""

from __future__ import annotations

import re

from inspectlib.draw.boxes import Box, picture
from inspectlib.graph import Framework, Role

__all__ = ["dot", "mermaid"]


def mermaid(framework: Framework) -> str:
    """The rule graph as a Mermaid flowchart."""
    shown = picture(framework)
    lines = ["flowchart LR"]
    for index, (domain, title) in enumerate(shown.domains.items(), 1):
        lines += [f'  subgraph d{index}["{_mermaid_text(title)}"]', *map(_mermaid_box, shown.inside(domain)), "  end"]
    lines += map(_mermaid_box, shown.inside(None))
    for edge in shown.edges:
        arrow = "-.->" if edge.guides else "-->"
        label = f'|"{_mermaid_text(edge.label)}"|' if edge.label else ""
        lines.append(f"  {_mermaid_id(edge.start)} {arrow}{label} {_mermaid_id(edge.end)}")
    guides = [str(index) for index, edge in enumerate(shown.edges) if edge.guides]
    if guides:
        lines.append(f"  linkStyle {','.join(guides)} stroke:#c2560c,stroke-width:3px")
    return "\n".join(lines) + "\n"


def _mermaid_box(box: Box) -> str:
    return f'    {_mermaid_id(box.name)}["{_mermaid_text(box.title)}<br/>{_mermaid_text(box.rule)}"]'


def _mermaid_id(name: str) -> str:
    """An id that is no word of Mermaid's, different for different names."""
    return "n_" + name.replace("_", "__").replace(".", "_")


def _mermaid_text(text: str) -> str:
    """Text with every sign coded that could be read as syntax or as Markdown."""
    coded = r"""[!"#$%&*+/:;<=>?@\[\\\]^_`{|}~]|(?<![^\W_])[.-]|[.)-](?![^\W_])"""
    return re.sub(coded, lambda sign: f"#{ord(sign[0])};", text)


def dot(framework: Framework) -> str:
    """The rule graph in the language of Graphviz."""
    shown = picture(framework)
    lines = [
        f"digraph {_dot_text(framework.id)} {{",
        f'  graph [rankdir=LR, label={_dot_text(shown.title)}, labelloc=t, fontname="Helvetica", ranksep=0.9];',
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=11];',
        '  edge [color="#66727f", fontname="Helvetica", fontsize=10];',
    ]
    for index, (domain, title) in enumerate(shown.domains.items(), 1):
        lines += [f"  subgraph cluster_{index} {{", f'    label={_dot_text(title)}; color="#c3ccd5";']
        lines += [*map(_dot_box, shown.inside(domain)), "  }"]
    lines += map(_dot_box, shown.inside(None))
    for edge in shown.edges:
        how = [f"label={_dot_text(edge.label)}"] if edge.label else []
        if edge.guides:
            how += ["style=dashed", 'color="#c2560c"', 'fontcolor="#c2560c"', "penwidth=2"]
        style = f" [{', '.join(how)}]" if how else ""
        lines.append(f'  "{edge.start}" -> "{edge.end}"{style};')
    return "\n".join([*lines, "}"]) + "\n"


def _dot_box(box: Box) -> str:
    fill = ', fillcolor="#e3eefb"' if box.role is Role.STANDARD else ""
    return f'    "{box.name}" [label="{_dot_escaped(box.title)}\\n{_dot_escaped(box.rule)}"{fill}];'


def _dot_text(text: str) -> str:
    return f'"{_dot_escaped(text)}"'


def _dot_escaped(text: str) -> str:
    """Text for a quoted label, in which Graphviz reads backslashes and character entities."""
    return (
        text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("<", "&lt;").replace(">", "&gt;")
    )
