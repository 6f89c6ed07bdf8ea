"""Takes the README's pictures of the region's pages: `python docs/make_pictures.py`.

It publishes a copy of ledgers/riverbend, serves the edition as `conductor serve --public` does, and looks at it with
Chromium without a window. Needs chromium, chromedriver (Debian: chromium-driver) and selenium. Where Pillow is
installed the pictures are made smaller by a palette.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.support.wait import WebDriverWait

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(__file__).with_name("pictures")
SECONDS = 30
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1")
DRAWN = """
const components = [...document.querySelectorAll('.conductor svelte-component')];
document.getAnimations().forEach(one => one.finish());
return document.querySelector('.conductor') !== null && document.fonts.status === 'loaded'
  && components.every(one => one.querySelector('svg'));
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page: how large, in which colours, and of what."""

    name: str
    page: str
    width: int = 1200
    height: int = 750
    scheme: str = "light"
    parameters: str = ""

    @property
    def path(self) -> Path:
        """Its file."""
        return FOLDER / f"{self.name}.png"


PICTURES = (
    Picture("region", "region", height=860),
    Picture("plans", "plans", parameters="&state=active"),
    Picture("month", "months", height=680, parameters="&month=2026-12"),
    Picture("region-dark-narrow", "region", 390, 860, "dark"),
)


def conductor(*arguments: str) -> list[str]:
    """The command that stands beside this Python."""
    return [shutil.which("conductor", path=str(Path(sys.executable).parent)) or "conductor", *arguments]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Publish a copy of the example and serve its edition; the address of the first page."""
    # Without the record of what somebody may have published here already.
    fresh = shutil.ignore_patterns("publication.json")
    shutil.copytree(ROOT / "ledgers" / "riverbend", folder / "riverbend", ignore=fresh)
    publish = conductor("publish", str(folder / "riverbend"), "--to", str(folder / "public"))
    subprocess.run(publish, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    command = conductor("serve", str(folder / "public"), "--public", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - ours
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def chromium() -> Iterator[Chrome]:
    """Chromium without a window."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for option in OPTIONS:
        options.add_argument(option)
    driver = Chrome(options=options, service=ChromeService(shutil.which("chromedriver") or "chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


def take(driver: Chrome, picture: Picture, address: str) -> None:
    """Take one picture."""
    size = {"width": picture.width, "height": picture.height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": picture.scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    driver.get(f"{address}?page={picture.page}{picture.parameters}")
    WebDriverWait(driver, SECONDS).until(lambda _: driver.execute_script(DRAWN))
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    driver.execute_script(DRAWN)
    driver.save_screenshot(str(picture.path))
    _shrink(picture.path)


def _shrink(path: Path) -> None:
    """Give a picture a palette of 256 colours, which is enough for a page."""
    with suppress(ImportError):
        from PIL import Image  # noqa: PLC0415 - only where it happens to be installed

        with Image.open(path) as image:
            image.convert("RGB").quantize(256).save(path, optimize=True)


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as address,
        chromium() as driver,
    ):
        for picture in PICTURES:
            take(driver, picture, address)
            print(f"{picture.path.relative_to(ROOT)}: {picture.path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
