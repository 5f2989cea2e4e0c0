"""A browser without a window, for tests of pages; where there is none, those tests are skipped and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

__all__ = ["chromium", "overflow", "resize", "violations"]


@contextmanager
def chromium(width: int = 1440, height: int = 900) -> Iterator[Any]:
    """Headless Chromium, driven by Selenium."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: pip install '.[browser]'")
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (binary and driver):
        pytest.skip("there is no Chromium here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(flag)
    options.add_argument(f"--window-size={width},{height}")
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield browser
    finally:
        browser.quit()


def resize(browser: Any, width: int, height: int = 900) -> None:
    """Give a page a width exactly; a window of its own can be no narrower than 500."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def overflow(browser: Any) -> list[str]:
    """What is wider than the page."""
    found: list[str] = browser.execute_script(
        """
        const wide = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= wide) return [];
        return [...document.querySelectorAll('body *')]
          .filter((e) => e.getBoundingClientRect().right > wide + 1 && e.checkVisibility())
          .map((e) => e.tagName + '.' + (e.className.baseVal ?? e.className)).slice(0, 10);
        """
    )
    return found


def violations(browser: Any, part: str = "html") -> list[str]:
    """What the accessibility checker axe finds in a part of the page, in a line each."""
    axe = pytest.importorskip("axe_core_python", reason="axe is not installed: pip install '.[browser]'")
    script = next(iter(axe.__path__)) + "/axe.min.js"
    with open(script, encoding="utf-8") as file:  # noqa: PTH123  # one line
        browser.execute_script(file.read())
    browser.set_script_timeout(120)
    found = browser.execute_async_script(
        """
        const done = arguments[arguments.length - 1];
        const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
        axe.run(arguments[0], {runOnly, resultTypes: ['violations']})
          .then((result) => done(result.violations), (error) => done([{id: String(error), nodes: []}]));
        """,
        part,
    )
    return [
        f"{each['id']}: {node['html'][:150]} {node.get('failureSummary', '')[:200]}"
        for each in found
        for node in each["nodes"][:3] or [{"html": ""}]
    ]
