"""Chromium without a window, and what its console and its network say while pages are drawn."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

SECONDS = 30
"""How long something may take to be drawn; a machine that does other work at the same time is slow."""

OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # containers often forbid what the sandbox needs; only our own pages are opened
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--lang=en",
)

EXPECTED = ("Duplicate keyboard shortcut",)
"""Warnings of Fava itself: two of its buttons share a key where a page has several charts."""

READY = """
const [page] = arguments;
const ours = document.querySelector('article .conductor');
const drawn = [...document.querySelectorAll('article svelte-component')].every(one => one.querySelector('svg, canvas'));
const other = document.querySelector('article') && document.querySelector('article').childElementCount > 0;
if (document.querySelector('article > [data-left]')) return false;
return page ? !!ours && ours.dataset.page === page && drawn : other;
"""

SETTLE = """
const [done] = arguments;
const finish = () => document.getAnimations().forEach(one => one.finish());
requestAnimationFrame(() => requestAnimationFrame(() => { finish(); requestAnimationFrame(done); }));
"""


def programs() -> tuple[str, str] | None:
    """Where Chromium and its driver are, None where one of them is missing."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


class Browser:
    """One window of Chromium."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        # What must never happen is noted by each page itself before anything else of it runs.
        self.command("Page.addScriptToEvaluateOnNewDocument", source="window.alert = () => { window.hacked = true; };")
        self.driver.get("about:blank")
        self.complaints()  # those of the page that Chromium begins with

    def command(self, name: str, **parameters: Any) -> None:
        """A command of the Chrome DevTools Protocol."""
        self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns that runs in the page."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, holds: Callable[[], Any], what: str) -> Any:
        """Wait, at most so long, until something holds, and return it."""
        waiting = WebDriverWait(
            self.driver, SECONDS, poll_frequency=0.05, ignored_exceptions=(StaleElementReferenceException,)
        )
        return waiting.until(lambda _: holds(), what)

    def open(self, address: str, page: str = "") -> None:
        """Load an address anew, and wait until its page (of ours, or one of Fava's) is drawn."""
        self.driver.get(address)
        self.wait(lambda: self.run(READY, page), f"{address} is not drawn")

    def click(self, element: WebElement, page: str = "") -> None:
        """Click on what leads to another page, and wait until that is drawn."""
        self.run("document.querySelector('article').firstElementChild.dataset.left = 'true'")
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()
        self.wait(lambda: self.run(READY, page), f"{page or 'a page of Fava'} is not drawn after a click")

    def find(self, selector: str) -> WebElement:
        """The first element like that."""
        found: WebElement = self.driver.find_element("css selector", selector)
        return found

    def all(self, selector: str) -> list[WebElement]:
        """All elements like that."""
        found: list[WebElement] = self.driver.find_elements("css selector", selector)
        return found

    def size(self, width: int, height: int) -> None:
        """Make the window so large."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    def scheme(self, name: str) -> None:
        """Prefer light or dark colours."""
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def settle(self) -> None:
        """Wait until what was asked of the window is drawn, without waiting for colours to fade into each other."""
        self.driver.execute_async_script(SETTLE)

    def picture(self, path: Path) -> None:
        """Take a picture of the window."""
        assert self.driver.save_screenshot(str(path))

    def complaints(self) -> list[str]:
        """What console and network complained about since this was last asked."""
        console = (
            f"{entry['level']} {entry['message']}"
            for entry in self.driver.get_log("browser")  # type: ignore[no-untyped-call]
            if entry["level"] in ("WARNING", "SEVERE") and not any(text in entry["message"] for text in EXPECTED)
        )
        return [*console, *self._network()]

    def _network(self) -> Iterator[str]:
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            event = json.loads(entry["message"])["message"]
            given = event["params"]
            if event["method"] == "Network.responseReceived" and given["response"]["status"] >= 400:
                yield f"{given['response']['status']} {given['response']['url']}"
            # What a page asked for that a reader left is cancelled; that is no failure.
            if event["method"] == "Network.loadingFailed" and not given.get("canceled"):
                yield f"{given['errorText']} ({given['type']})"


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """Run Chromium with a profile in an empty folder.

    Raises:
        LookupError: There is none here.
    """
    found = programs()
    if found is None:
        raise LookupError("there is no chromium and chromedriver here; install both (Debian: chromium chromium-driver)")
    options = ChromeOptions()
    options.binary_location = found[0]
    for option in (*OPTIONS, f"--user-data-dir={folder}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(found[1]))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
