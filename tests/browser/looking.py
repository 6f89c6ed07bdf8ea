"""What a person sees of a page, taken out of the browser at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.browser.chromium import Browser

NARROW = 360

LOOK = r"""
const text = node => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll('small, progress').forEach(part => part.remove());
  return copy.textContent.trim().replace(/\s+/g, ' ');
};
const length = path => path.getTotalLength();
const box = one => { const { width, height } = one.getBoundingClientRect(); return width > 0 && height > 0; };
return {
  title: document.title,
  text: document.querySelector('article').innerText,
  words: document.querySelector('.conductor').innerText,
  wide: document.documentElement.scrollWidth,
  hacked: 'hacked' in window,
  tables: [...document.querySelectorAll('.conductor-wide[aria-label]:has(table)')].map(one => ({
    caption: one.getAttribute('aria-label'),
    rows: [...one.querySelectorAll('tbody tr')].map(row => [...row.cells].map(text)),
  })),
  figures: Object.fromEntries(
    [...document.querySelectorAll('.conductor-figures > div')].map(one => [...one.children].map(text))
  ),
  charts: [...document.querySelectorAll('svelte-component[type="charts"]')].map(one => ({
    data: JSON.parse(one.querySelector('script').textContent),
    lines: [...one.querySelectorAll('svg path')].filter(path => box(path)).map(length),
    bars: [...one.querySelectorAll('svg rect')].filter(rect => box(rect)).length,
    points: [...one.querySelectorAll('svg path[d]')].map(path => path.getAttribute('d').split(/[MLHVC]/).length - 1),
  })),
  flows: [...document.querySelectorAll('.conductor-flow')].map(one => ({
    bands: [...one.querySelectorAll('path')].filter(path => box(path)).map(length),
    texts: [...one.querySelectorAll('text')].map(part => part.textContent.replace(/\s+/g, ' ').trim()),
  })),
  links: [...document.querySelectorAll('.conductor a')].map(one => one.getAttribute('href')),
};
"""

CONTRAST = r"""
const numbers = color => color.match(/[\d.]+/g).map(Number);
const light = color => {
  const straight = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const [r, g, b] = numbers(color).map(part => straight(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = node => {
  for (let one = node; one; one = one.parentElement) {
    const color = getComputedStyle(one).backgroundColor;
    const parts = numbers(color);
    if (parts.length === 3 || parts[3] > 0.5) return color;
  }
  return 'rgb(255, 255, 255)';
};
const worst = {};
const texts = 'h2, h3, h4, td, th, p, dt, dd, a, small, label, button, select, input, text';
for (const node of document.querySelectorAll(`.conductor :is(${texts})`)) {
  if (!node.textContent.trim() || !node.getClientRects().length) continue;
  const style = getComputedStyle(node);
  const [a, b] = [light(node.tagName === 'text' ? style.fill : style.color), light(ground(node))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (!(node.tagName in worst) || ratio < worst[node.tagName]) worst[node.tagName] = ratio;
}
return { worst, ground: light(ground(document.querySelector('.conductor'))) };
"""


@dataclass(frozen=True, slots=True)
class Look:
    """A page as it was seen.

    Attributes:
        seen: What LOOK takes out of it.
        complaints: Of console and network.
        narrow: How wide the page is where the window has a width of NARROW.
        dark: What CONTRAST says where dark colours are preferred.
        light: ... and where light ones are.
    """

    seen: dict[str, Any]
    complaints: list[str]
    narrow: int
    dark: dict[str, Any]
    light: dict[str, Any]

    def rows(self, caption: str, key: str) -> list[list[str]]:
        """The rows of the tables under a caption that begin with a cell."""
        tables = [table["rows"] for table in self.seen["tables"] if table["caption"] == caption]
        return [row for rows in tables for row in rows if row[0] == key]

    def charts(self) -> Iterator[dict[str, Any]]:
        """Its charts."""
        yield from self.seen["charts"]


def look(browser: Browser, address: str, page: str) -> Look:
    """Open a page and look at it: wide and narrow, light and dark."""
    browser.open(address, page)
    seen, light = browser.run(LOOK), browser.run(CONTRAST)
    browser.size(NARROW, 740)
    browser.wait(lambda: browser.run("return window.innerWidth") == NARROW, "the window does not become narrow")
    browser.settle()
    narrow = browser.run("return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    browser.scheme("dark")
    browser.settle()
    dark = browser.run(CONTRAST)
    browser.scheme("light")
    browser.size(1200, 800)
    return Look(seen, browser.complaints(), narrow, dark, light)
