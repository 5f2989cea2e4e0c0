"""The links of the built site. Build it first: sphinx-build -b html docs docs/_build/html."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parent.parent.parent
SITE = Path(os.environ.get("INSPECTLIB_SITE", ROOT / "docs" / "_build" / "html"))
#: What a builder of sites adds beside the pages that are written.
ADDED = {"search.html", "genindex.html", "py-modindex.html"}


class Page(HTMLParser):
    """The places of a page that can be linked to, and what it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: list[str] = []
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key == "id" and value:
                self.places.append(value)
            elif key in {"href", "src"} and value:
                self.links.add(value)


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """Every page of the site by its path."""
    if not (SITE / "index.html").is_file():
        pytest.skip(f"no site is built in {SITE}: sphinx-build -b html docs docs/_build/html")
    return {
        file.relative_to(SITE).as_posix(): Page(file.read_text("utf-8"))
        for file in sorted(SITE.rglob("*.html"))
        if "_static" not in file.parts
    }


def within(page: str, link: str) -> tuple[str, str] | None:
    """The path and the place that a link of a page leads to; None where it leaves the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = os.path.normpath(Path(page).parent / unquote(parts.path)) if parts.path else page
    return Path(path).as_posix(), unquote(parts.fragment)


def test_no_link_is_broken(pages: dict[str, Page]) -> None:
    """Every link within the site leads to a file that is there, and to a place that is on it."""
    broken = []
    for name, page in pages.items():
        for link in sorted(page.links):
            target = within(name, link)
            if target is None:
                continue
            path, place = target
            # What is picked in an explorer stands in its address.
            picked = path.startswith("explore/") and "=" in place
            there = not place or picked or path not in pages or place in pages[path].places
            if not ((SITE / path).exists() and there):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_no_place_is_twice_on_a_page(pages: dict[str, Page]) -> None:
    """A link leads to one place alone."""
    assert {name: n for name, page in pages.items() if len(page.places) != (n := len(set(page.places)))} == {}


def test_every_page_is_reached(pages: dict[str, Page]) -> None:
    """Every page can be reached from the first one."""
    reached, todo = {"index.html"}, ["index.html"]
    for name in todo:
        for target in (within(name, link) for link in pages[name].links):
            if target is not None and target[0] in pages and target[0] not in reached:
                reached.add(target[0])
                todo.append(target[0])
    assert pages.keys() - reached - ADDED == set()
