from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pytest
from click.testing import CliRunner

import inspectlib
from inspectlib.build import build
from inspectlib.cli import cli
from inspectlib.colours import DARK, LIGHT
from inspectlib.draw import dot, draw, mermaid, svg
from inspectlib.draw.boxes import picture
from inspectlib.draw.layout import text_width
from inspectlib.framework import Domain, FrameworkData, Method, Standard
from inspectlib.frozen import FrozenMapping
from inspectlib.graph import Framework, Role
from inspectlib.structure import structure
from inspectlib.tree import from_python

SVG = "{http://www.w3.org/2000/svg}"
MINUS = "\u2212"
HOSTILE = 'a "b" <script>&amp;</script> #quot; \\N | `c` {d} [e] -- 1. \x00\x1b end\n%%{init}%%'
Edges = list[tuple[str, str]]


@pytest.fixture(params=inspectlib.shipped())
def framework(request: pytest.FixtureRequest) -> Framework:
    """Each shipped framework."""
    return inspectlib.load(request.param)


def own(
    nodes: dict[str, object], domains: dict[str, object] | None = None, methods: dict[str, object] | None = None
) -> Framework:
    """A framework of a few nodes on the scale of no and yes."""
    grounded = {"basis": "modelled", "source": "us"}

    def rules(given: dict[str, object]) -> dict[str, object]:
        return {name: {**grounded, **rule} for name, rule in given.items() if isinstance(rule, dict)}

    data = {
        "id": "own",
        "version": "1",
        "title": HOSTILE,
        **grounded,
        "sources": {"us": {"title": "Ourselves"}},
        "scales": {"s": {"ratings": ["no", "yes"], **grounded}},
        "methods": {
            name: {"title": name, **{each: rules(parts) for each, parts in method.items()}}
            for name, method in (methods or {}).items()
            if isinstance(method, dict)
        },
        "domains": {
            name: {**grounded, **domain} for name, domain in (domains or {}).items() if isinstance(domain, dict)
        },
        "nodes": rules(nodes),
    }
    return build(structure(from_python(data), FrameworkData))


RATING = {"rule": "given", "kind": "rating", "scale": "s"}
FLAG = {"rule": "given", "kind": "flag"}


def published(framework: Framework) -> list[str]:
    """What a picture shows: the nodes of the graph but for parts, and standards and questions that are not rated."""
    nodes = {name for name, node in framework.graph.nodes.items() if node.role is not Role.PART}
    for *_, number_, standard in framework.data.standards():
        nodes |= {number_, *standard.questions}
    return sorted(nodes)


def folded_edges(framework: Framework) -> Edges:
    """The edges between boxes, straight from the rules."""
    nodes = framework.graph.nodes
    pairs = {(nodes[start].of, node.of) for node in nodes.values() for start in node.inputs}
    return sorted(pair for pair in pairs if pair[0] != pair[1])


def drawn_mermaid(text: str) -> tuple[list[str], Edges]:
    """The nodes and edges of a Mermaid text."""
    ids = re.findall(r'^ +(n_\w+)\["[^"]*"\]$', text, re.MULTILINE)
    edges = re.findall(r'^ +(n_\w+) -\.?->?>?(?:\|"[^"]*"\|)? (n_\w+)$', text, re.MULTILINE)
    return sorted(map(number, ids)), sorted((number(start), number(end)) for start, end in edges)


def number(of_mermaid: str) -> str:
    """The name of a node from its id in Mermaid."""
    return of_mermaid.removeprefix("n_").replace("__", "\0").replace("_", ".").replace("\0", "_")


def drawn_dot(text: str) -> tuple[list[str], Edges]:
    """The nodes and edges of a dot text."""
    names = re.findall(r'^ +"([\w.]+)" \[label=', text, re.MULTILINE)
    return sorted(names), sorted(re.findall(r'^ +"([\w.]+)" -> "([\w.]+)"', text, re.MULTILINE))


def drawn_svg(text: str) -> tuple[list[str], Edges]:
    """The nodes and edges of an SVG."""
    root = ET.fromstring(text)
    names = [group.attrib["data-node"] for group in root.iter(f"{SVG}g")]
    paths = [path for path in root.iter(f"{SVG}path") if "data-from" in path.attrib]
    return sorted(names), sorted((path.attrib["data-from"], path.attrib["data-to"]) for path in paths)


FORMS = [(mermaid, drawn_mermaid), (dot, drawn_dot), (svg, drawn_svg)]


@pytest.mark.parametrize(("form", "read"), FORMS)
def test_all_there(
    framework: Framework, form: Callable[[Framework], str], read: Callable[[str], tuple[list[str], Edges]]
) -> None:
    """Every published node is drawn once, and every edge between two boxes once."""
    assert read(form(framework)) == (published(framework), folded_edges(framework))


def boxes(root: ET.Element) -> Iterable[tuple[str, tuple[int, int, int, int], ET.Element]]:
    """Each box of an SVG: its node, its sides and its group."""
    for group in root.iter(f"{SVG}g"):
        yield group.attrib["data-node"], sides(group.find(f"{SVG}rect")), group


def sides(rect: ET.Element | None) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a rectangle."""
    assert rect is not None
    x, y, width, height = (int(rect.attrib[key]) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether two rectangles do not touch."""
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def check_layout(text: str) -> None:
    """No text leaves its box, no two boxes or panels meet, and everything is inside the picture."""
    root = ET.fromstring(text)
    width, height = (int(part) for part in root.attrib["viewBox"].split()[2:])
    found = list(boxes(root))
    for name, (left, top, right, bottom), group in found:
        assert 0 <= left < right <= width and 0 <= top < bottom <= height, name
        for line in group.findall(f"{SVG}text"):
            x, y, size = (int(line.attrib[key]) for key in ("x", "y", "font-size"))
            assert left < x and x + text_width(line.text or "", size) < right, line.text
            assert top + size <= y < bottom, line.text
    for line in root.iter(f"{SVG}text"):
        x, size = int(line.attrib["x"]), int(line.attrib["font-size"])
        assert x + text_width(line.text or "", size) < width or line.get("class") in {"guide-label", "sign"}
    panels = [sides(rect) for rect in root.iter(f"{SVG}rect") if rect.get("class") == "panel"]
    for things in ([place for _, place, _ in found], panels):
        for index, one in enumerate(things):
            assert all(apart(one, other) for other in things[:index])
    for _, box, _ in found:
        inside = [p for p in panels if p[0] < box[0] and p[1] < box[1] and box[2] < p[2] and box[3] < p[3]]
        assert inside or all(apart(box, panel) for panel in panels)


def test_layout(framework: Framework) -> None:
    """The pictures of the shipped frameworks are laid out cleanly, and are narrow enough to be read on a screen."""
    text = svg(framework)
    check_layout(text)
    assert int(ET.fromstring(text).attrib["width"]) < 1700


def test_edges_run_to_the_right(framework: Framework) -> None:
    """Every box stands to the right of all its inputs."""
    place = {name: rect for name, rect, _ in boxes(ET.fromstring(svg(framework)))}
    assert all(place[start][2] < place[end][0] for start, end in folded_edges(framework))


def test_accessible(framework: Framework) -> None:
    """The picture has a role, a title and a description, and each box the whole of its title."""
    root = ET.fromstring(svg(framework))
    assert root.attrib["role"] == "group"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert framework.title in (root[0].text or "")
    standards = len(framework.data.standards())
    assert (f"{standards} standards" if standards else f"{len(framework.graph.nodes)} nodes") in (root[1].text or "")
    for name, _, group in boxes(root):
        title = framework.graph[name].title if name in framework.graph.nodes else f"{name} "
        assert title in (group[0].text or "")


def test_domains(framework: Framework) -> None:
    """The boxes of a domain are together under its title, in each form."""
    for number_, domain in framework.data.domains.items():
        title = f"{number_} {domain.title}"
        inside = {n for number, standard in domain.standards.items() for n in (number, *standard.questions)}
        cluster = re.search(rf'label="{re.escape(title)}".*?\n  }}', dot(framework), re.DOTALL)
        group = re.search(rf'\["{re.escape(title)}"\].*?\n  end', mermaid(framework), re.DOTALL)
        assert cluster is not None and set(drawn_dot(cluster[0])[0]) == inside
        assert group is not None and set(drawn_mermaid(group[0].partition("\n")[2])[0]) == inside
        assert title in [text.text for text in ET.fromstring(svg(framework)).iter(f"{SVG}text")]


def test_link_to_leadership() -> None:
    """The guide from delivery to leadership is dashed and named in each form."""
    framework = inspectlib.load("hmip-crc-2019")
    assert 'n_leadership__ceiling -.->|"ceiling"| n_1_1\n' in mermaid(framework)
    assert re.search(r'"leadership_ceiling" -> "1.1" \[label="ceiling", style=dashed', dot(framework))
    root = ET.fromstring(svg(framework))
    guides = [path for path in root.iter(f"{SVG}path") if path.get("class") == "guide"]
    assert [(path.get("data-from"), path.get("data-to")) for path in guides] == [("leadership_ceiling", "1.1")]
    assert "ceiling" in [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "guide-label"]


def test_rules_in_few_words() -> None:
    """The second line says which rules a box has, the steps folded into it first."""
    shown = picture(inspectlib.load("hmip-youth-2021")).boxes
    names = ("2.1.1", "2.1", "1.1", "total", "resettlement_inadequate", "overall")
    words = ["share → band", "lowest → discretion", "panel", "total", "at most Inadequate", "no better than Good"]
    assert [shown[name].rule for name in names] == words
    rules: dict[str, object] = {
        "a": RATING,
        "n": {"rule": "count", "of": ["a"], "at_least": "yes"},
        "up": {"rule": "shift", "of": "a", "by": "n"},
        "few": {"rule": "test", "of": "n", "at_most": "0"},
        "lifted": {"rule": "lift", "of": "a", "to": "yes", "when": "few"},
    }
    of_own = picture(own(rules)).boxes
    assert [of_own[name].rule for name in rules] == [
        "given rating",
        "count at least yes",
        "shift by n",
        "at most 0",
        "no worse than yes",
    ]


def test_signs() -> None:
    """An edge that can harm has a minus sign, one that can do either a question mark; steps inside a box count."""
    twice = {"each_standard": {"no": {"rule": "not", "of": "f"}, "rating": {"rule": "not", "of": "no"}}}
    thrice = {
        "each_standard": {
            "no": {"rule": "not", "of": "f"},
            "again": {"rule": "not", "of": "no"},
            "rating": {"rule": "not", "of": "again"},
        }
    }
    both = {"each_standard": {"no": {"rule": "not", "of": "f"}, "rating": {"rule": "all", "of": ["no", "f"]}}}
    standards = {
        "1.1": {"title": "twice", "method": "twice"},
        "1.2": {"title": "thrice", "method": "thrice"},
        "1.3": {"title": "both", "method": "both"},
    }
    framework = own(
        {"f": FLAG}, {"1": {"title": "D", "standards": standards}}, {"twice": twice, "thrice": thrice, "both": both}
    )
    assert [(edge.end, edge.sign) for edge in picture(framework).edges] == [("1.1", ""), ("1.2", MINUS), ("1.3", "?")]
    assert f'n_f -->|"{MINUS}"| n_1_2' in mermaid(framework) and 'n_f -->|"#63;"| n_1_3' in mermaid(framework)
    assert f'"f" -> "1.2" [label="{MINUS}"]' in dot(framework)
    signs = [text.text for text in ET.fromstring(svg(framework)).iter(f"{SVG}text") if text.get("class") == "sign"]
    assert Counter(signs) == {MINUS: 1, "?": 1}


def test_labels_apart() -> None:
    """Two labels on the same way to a box do not stand on each other."""
    rules: dict[str, object] = {
        "a": RATING,
        "b": RATING,
        "up": {"rule": "shift", "of": "a", "by": "1"},
        "more": {"rule": "shift", "of": "up", "by": "1"},
        "rated": {"rule": "panel", "scale": "s", "ceiling": "up", "floor": "b"},
        "lower": {"rule": "lowest", "of": ["rated", "more"]},
        "last": {"rule": "panel", "scale": "s", "ceiling": "b", "floor": "a"},
        "all": {"rule": "lowest", "of": ["last", "lower"]},
        "end": {"rule": "panel", "scale": "s", "ceiling": "a", "floor": "b"},
    }
    text = svg(own(rules))
    check_layout(text)
    labels = [
        label for label in ET.fromstring(text).iter(f"{SVG}text") if label.get("class") in {"guide-label", "sign"}
    ]
    assert len(labels) == 6
    assert len({(label.get("x"), label.get("y")) for label in labels}) == len(labels)


def test_steps_that_lead_back() -> None:
    """Two boxes of which each uses a step of the other are drawn, with both edges."""
    method = {
        "each_standard": {
            "said": RATING,
            "rating": {"rule": "panel", "scale": "s", "ceiling": "back"},
        }
    }
    standards = {"1.1": {"title": "One", "method": "m"}}
    nodes: dict[str, object] = {"back": {"rule": "lowest", "of": ["1.1.said"]}}
    framework = own(nodes, {"1": {"title": "D", "standards": standards}}, {"m": method})
    for form, read in FORMS:
        assert read(form(framework)) == (["1.1", "back"], [("1.1", "back"), ("back", "1.1")])
    check_layout(svg(framework))


def test_standards_that_use_each_other() -> None:
    """Standards of one domain that use each other stand in different columns of one panel."""
    methods: dict[str, object] = {
        "a": {"each_standard": {"rating": RATING}},
        "b": {"each_standard": {"rating": {"rule": "lowest", "of": ["1.1"]}}},
    }
    standards = {"1.1": {"title": "One", "method": "a"}, "1.2": {"title": "Two", "method": "b"}}
    text = svg(own({}, {"1": {"title": "D", "standards": standards}}, methods))
    check_layout(text)
    place = {name: rect for name, rect, _ in boxes(ET.fromstring(text))}
    assert place["1.1"][2] < place["1.2"][0]


@pytest.mark.parametrize("title", [HOSTILE, "W" * 300, "字" * 300, "1. - * _x_ ]]> &lt;", "'\"\\", "\ufffe \u202e"])
def test_hostile_titles(title: str) -> None:
    """Whatever a title holds, each form has the same boxes and edges and no syntax from the title."""
    standard = {"1.1": {"title": title, "method": "m"}}
    methods: dict[str, object] = {"m": {"each_standard": {"rating": RATING}}}
    nodes: dict[str, object] = {"end": {"rule": "lowest", "of": ["1.1"], "title": title}}
    framework = own(nodes, {"1": {"title": title, "standards": standard}}, methods)
    for form, read in FORMS:
        assert read(form(framework)) == (["1.1", "end"], [("1.1", "end")])
    check_layout(svg(framework))
    assert int(ET.fromstring(svg(framework)).attrib["width"]) < 800
    for label in re.findall(r'\["(.*)"\]$', mermaid(framework), re.MULTILINE):
        assert not re.search(r"""["<>&`\\\[\]{}|*_]|#(?!\d+;)""", label.replace("<br/>", "")), label
    for line in dot(framework).splitlines():
        assert not re.search(r"[<>&\x00]", re.sub(r"->|&(amp|lt|gt);", "", line)), line
        assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0, line


def test_hostile_title_is_kept() -> None:
    """What is escaped reads as it was written."""
    box = picture(own({"a": {**RATING, "title": HOSTILE}})).boxes["a"]
    framework = own({"a": {**RATING, "title": HOSTILE}})
    group = next(group for _, _, group in boxes(ET.fromstring(svg(framework))))
    assert group[0].text == f"{box.title}: given rating"
    label = re.search(r'n_a\["(.*)<br/>', mermaid(framework))
    assert label and re.sub(r"#(\d+);", lambda code: chr(int(code[1])), label[1]) == box.title
    quoted = re.search(r'"a" \[label="(.*)\\ngiven rating"', dot(framework))
    assert quoted and html.unescape(re.sub(r"\\(.)", r"\1", quoted[1])) == box.title
    assert "<script>&amp;</script> #quot; \\N | `c`" in box.title


def backwards(framework: Framework) -> Framework:
    """The same framework with every mapping the other way round."""

    def turned(value: Any) -> Any:
        if isinstance(value, FrozenMapping):
            return FrozenMapping({key: turned(value[key]) for key in reversed(list(value))})
        if isinstance(value, (FrameworkData, Domain, Standard, Method)):
            fields: list[str] = [field.name for field in attrs.fields(type(value))]
            return attrs.evolve(value, **{name: turned(getattr(value, name)) for name in fields})
        return value

    data = turned(framework.data)
    assert isinstance(data, FrameworkData)
    assert [*data.nodes, *data.domains] != [*framework.data.nodes, *framework.data.domains]
    return build(data)


@pytest.mark.parametrize("form", ["mermaid", "dot", "svg"])
def test_any_order_of_the_file(framework: Framework, form: str) -> None:
    """The order of the entries of a framework file changes nothing."""
    assert draw(backwards(framework), form) == draw(framework, form)


def test_any_hash_seed() -> None:
    """The same bytes under every hash seed."""
    code = (
        "import inspectlib, sys; from inspectlib.draw import draw; "
        "sys.stdout.buffer.write(''.join(draw(inspectlib.load('hmip-crc-2019'), form) "
        "for form in ('mermaid', 'dot', 'svg')).encode())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "77")
    }
    framework = inspectlib.load("hmip-crc-2019")
    assert outputs == {"".join(draw(framework, form) for form in ("mermaid", "dot", "svg")).encode()}


def test_unknown_form() -> None:
    """A form that there is not is refused by its name."""
    with pytest.raises(ValueError, match="not as 'png'"):
        draw(inspectlib.load("hmip-crc-2018"), "png")


def example() -> tuple[Framework, inspectlib.Judgement]:
    """The made-up inspection under the framework of 2019."""
    framework = inspectlib.load("hmip-crc-2019")
    folder = Path(__file__).parent.parent / "examples" / "made-up-crc"
    evidence = inspectlib.load_evidence(folder / "inspection.yaml", cases=folder / "cases.csv")
    return framework, inspectlib.rate(framework, evidence)


def test_overview(framework: Framework) -> None:
    """Without key questions, the standards and other nodes are drawn with every edge between them."""
    names, edges = drawn_svg(svg(framework, questions=False))
    standard_of = {q: number for *_, number, standard in framework.data.standards() for q in standard.questions}
    assert names == sorted(set(published(framework)) - standard_of.keys())
    pairs = {(standard_of.get(start, start), standard_of.get(end, end)) for start, end in folded_edges(framework)}
    assert edges == sorted(pair for pair in pairs if pair[0] != pair[1])
    check_layout(svg(framework, questions=False))


@pytest.mark.parametrize("questions", [True, False])
def test_way_of_an_inspection(questions: bool) -> None:
    """What each box has is written in it, and the edges that decided are told from those that did not."""
    framework, judgement = example()
    text = svg(framework, judgement, questions=questions)
    check_layout(text)
    root = ET.fromstring(text)
    for name, _, group in boxes(root):
        outcome = judgement[name]
        assert outcome.text() in (group[0].text or "")
        assert ("grade-" in group.attrib["class"]) is (outcome.rating is not None)
    decided = {
        (path.attrib["data-from"], path.attrib["data-to"])
        for path in root.iter(f"{SVG}path")
        if "decided" in path.get("class", "").split() and "data-from" in path.attrib
    }
    steps = {step.node: step.inputs for step in judgement.explain().steps}
    expected = {(start, end) for end, starts in steps.items() for start in starts}
    assert decided == {
        (start, end) for start, end in expected if questions or judgement[start].role is not Role.QUESTION
    }


def test_a_guide_that_changed_nothing_decided_nothing() -> None:
    """A ceiling above the panel's rating is drawn as looked at; it did not decide, nor did what led to it."""
    framework = inspectlib.load("hmip-crc-2019")
    standards = [number for *_, number, _ in framework.data.standards()]
    judgement = inspectlib.rate(framework, {"ratings": dict.fromkeys(standards, "Good")})
    root = ET.fromstring(svg(framework, judgement))
    ways = {path.get("data-from"): path.get("class") for path in root.iter(f"{SVG}path") if path.get("data-from")}
    assert ways["leadership_ceiling"] == "guide idle"
    assert ways["delivery"] == "edge idle"
    assert ways["mean_score"] == "edge decided"


def test_reached_by_keyboard(framework: Framework) -> None:
    """Every box can be reached and says what it is and what it takes; with links it leads to them."""
    root = ET.fromstring(svg(framework))
    starts = {end: start for start, end in folded_edges(framework)}
    for name, _, group in boxes(root):
        assert group.attrib["tabindex"] == "0"
        takes = starts.get(name)
        assert takes is None or picture(framework).boxes[takes].title in group.attrib["aria-label"]
    linked = ET.fromstring(svg(framework, links={name: f"#{name}" for name in published(framework)}))
    hrefs = {a.attrib["href"]: a.attrib["aria-label"] for a in linked.iter(f"{SVG}a")}
    assert hrefs.keys() == {f"#{name}" for name in published(framework)}
    assert not any("tabindex" in group.attrib for _, _, group in boxes(linked))


def test_marks_are_told_apart() -> None:
    """The pictures of one framework can stand on one page: no two have a mark of the same name."""
    framework, judgement = example()
    pictures = [svg(framework, found, questions=q) for found in (None, judgement) for q in (True, False)]
    names = [name for text in pictures for name in re.findall(r'<marker id="([^"]+)"', text)]
    assert len(names) == len(set(names)) == 8
    for text in pictures:
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(re.findall(r'<marker id="([^"]+)"', text))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as accessibility guidelines count it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_contrast(colours: Mapping[str, str]) -> None:
    """Text has a contrast of 4.5 to what it stands on, and the lines that mean something one of 3."""
    grounds = ["page", "standard", "limit-page", *(f"grade-{n}" for n in range(4))]
    texts = [("ink", ground) for ground in grounds] + [("soft", ground) for ground in ("page", "panel", "standard")]
    texts += [("heading", "panel"), ("on-end", "end"), ("limit", "page"), ("accent", "page"), ("soft", "limit-page")]
    assert [pair for pair in texts if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    lines = [("limit", "panel"), ("edge", "page"), ("accent", "panel"), ("line", "panel")]
    lines += [(f"grade-{n}-line", "panel") for n in range(4)]
    assert [pair for pair in lines if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_the_command_draws_an_inspection(tmp_path: Path) -> None:
    """With evidence the command draws the way of an inspection; it is refused where it cannot be drawn."""
    evidence = tmp_path / "evidence.yaml"
    evidence.write_text('service: "A <service> & more"\nratings: {"2.1": Good}\n', "utf-8")
    drawn = CliRunner().invoke(cli, ["draw", "hmip-crc-2019", "--as", "svg", "--overview", "--evidence", str(evidence)])
    assert "A &lt;service&gt; &amp; more" in drawn.stdout
    for wrong in (["--evidence", str(evidence)], ["--overview"], ["--as", "svg", "--cases", "x.csv"]):
        assert CliRunner().invoke(cli, ["draw", "hmip-crc-2019", *wrong]).exit_code == 2
