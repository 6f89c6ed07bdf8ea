"""Names come from anybody: no name runs, breaks or hides anything in a report."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from conductor_bean.reporting import fonts
from tests.reporting.reading import Page, everything, paper_pages, paper_text, written
from tests.support import PRELUDE, consumption, plan, write

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)> & \\\"quoted\\\" 'it' --> ]]>"
LONG = "W" * 3_000
SCRIPTS = (
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u6f22\u5b57 \u0431\u0443\u043b\u043a\u0430 \U0001f44d"
)
HIDDEN = "safe\u202eevil\u200b\u0007"
MATHS = "$\\\\frac{1}{0}$ $x^2$ {nb} **bold**"


def named(number: int, product: str) -> str:
    """A plan with a product of some name."""
    text = plan(f"plan-{number}", "Mill", a=10, quantity=10)
    return text.replace(f'product: "plan-{number}"', f'product: "{product}"')


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("hostile")
    names = (SCRIPT, LONG, SCRIPTS, HIDDEN, MATHS, "=1+1", " ")
    text = "".join(named(number, name) for number, name in enumerate(names))
    text += consumption("plan-0", "Assets:Members:Ada:Hours", "Mill", "1.00")
    write(folder / "ledger", text, prelude=PRELUDE)
    return written(folder / "ledger", folder / "out", "--month", "2026-02")


@pytest.fixture(scope="module")
def page(files: dict[str, bytes]) -> Page:
    return Page(files[".html"])


def test_a_name_is_text_and_never_markup(page: Page, files: dict[str, bytes]) -> None:
    assert page.faults == []
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "form"}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "<script>alert(1)</script>" in page.table("Plans at work").row("plan-0")["product"]
    assert b"<script" not in files[".html"]


def test_a_long_name_is_cut(page: Page, files: dict[str, bytes]) -> None:
    assert page.table("Plans at work").row("plan-1")["product"] == "W" * 299 + "…"
    assert paper_text(files[".pdf"]).replace(" ", "").count("W") < 700


def test_every_script_stands_on_a_page_as_it_is(page: Page) -> None:
    assert page.table("Plans at work").row("plan-2")["product"] == SCRIPTS


def test_what_hides_or_turns_a_text_is_shown_as_lost(page: Page) -> None:
    assert page.table("Plans at work").row("plan-3")["product"] == "safe\ufffdevil\ufffd\ufffd"


def test_what_looks_like_a_formula_or_a_page_number_is_a_name(page: Page, files: dict[str, bytes]) -> None:
    assert page.table("Plans at work").row("plan-4")["product"] == "$\\frac{1}{0}$ $x^2$ {nb} **bold**"
    assert "**bold**" in paper_text(files[".pdf"])


def test_paper_replaces_visibly_what_its_fonts_lack(files: dict[str, bytes]) -> None:
    text = paper_text(files[".pdf"])
    assert "булка" in text
    assert "漢" not in text
    assert "\ufffd stands for a character that the fonts of this document do not have." in text


def test_each_character_that_a_font_lacks_leaves_a_mark() -> None:
    known = fonts.Fonts(FPDF())
    assert known.shown("булка שלום") == "булка שלום"
    assert not known.lost
    assert known.shown("漢字 a") == "\ufffd\ufffd a"
    assert known.lost


def test_what_runs_from_right_to_left_is_written_in_the_order_of_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "CAN_SHAPE", False)
    known = fonts.Fonts(FPDF())
    with known.shaping("a שלום b") as shown:
        assert shown == "a םולש b"
    with known.shaping("plain") as shown:
        assert shown == "plain"


def test_nothing_in_a_paper_acts(files: dict[str, bytes]) -> None:
    whole = everything(files[".pdf"])
    for act in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction /", b"/URI", b"/EmbeddedFile"):
        assert act not in whole, act
    assert len(paper_pages(files[".pdf"])) < 8
