"""Names come from anybody: no name runs, breaks or hides anything in a report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib.font_manager import FontEntry

from conductor_bean.reporting import fonts
from conductor_bean.reporting.content import Note, Plot, Report, Section, Series
from conductor_bean.reporting.paper import pdf
from tests.reporting.built_fonts import built
from tests.reporting.reading import Page, everything, paper, paper_pages, paper_text, written
from tests.support import PRELUDE, conductor, consumption, plan, write

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)> & \\\"quoted\\\" 'it' --> ]]>"
LONG = "W" * 3_000
SCRIPTS = (
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u6f22\u5b57 \u0431\u0443\u043b\u043a\u0430 \U0001f44d"
)
HIDDEN = "safe\u200fevil\u200b\u0007"
MATHS = "$\\\\frac{1}{0}$ $x^2$ {nb} **bold**"


def named(number: int, product: str) -> str:
    """A plan with a product of some name."""
    text = plan(f"plan-{number}", "Mill", a=10, quantity=10)
    return text.replace(f'product: "plan-{number}"', f'product: "{product}"')


@pytest.fixture(scope="module", autouse=True)
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[FontEntry]]:
    """A machine that has one font of TrueType and one of another kind beside DejaVu."""
    folder = tmp_path_factory.mktemp("fonts")
    found = [
        built(folder, "Han of a test", "\u6f22\u5b57\u738b\u82b3", truetype=True),
        built(folder, "Signs of a test", "\U0001f44d", truetype=False),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fonts, "machine_fonts", lambda: found)
        yield found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, machine: list[FontEntry]) -> dict[str, bytes]:
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


def test_paper_shows_every_script_and_marks_what_hides(files: dict[str, bytes]) -> None:
    text = paper_text(files[".pdf"])
    assert all(word in text for word in ("\u0431\u0443\u043b\u043a\u0430", "\u6f22\u5b57", "\U0001f44d"))
    assert "safe\ufffdevil\ufffd\ufffd" in text
    assert "\ufffd stands for a character that cannot be shown." in text


@pytest.mark.parametrize(
    ("name", "font", "kind"),
    [("\u738b\u82b3", "Hanofatest", "/Type0"), ("\U0001f44d", "Signsofatest", "/Type3"), ("\u0141ukasz", "", "/Type0")],
)
def test_a_name_is_embedded_in_a_font_that_has_it(name: str, font: str, kind: str) -> None:
    series = [Series(name, ["1", "2"])]
    plot = Plot("plot", name, "levels", "RSC", [name, "b"], series)
    content = pdf(Report(name, "S", [Note(name)], [Section("s", name, [plot])], "2026-01-31"))
    assert content == pdf(Report(name, "S", [Note(name)], [Section("s", name, [plot])], "2026-01-31"))
    reader = paper(content)
    assert paper_text(content).count(name) >= 3
    assert reader.metadata.title == f"{name} - S"
    embedded = [face.get_object() for page in reader.pages for face in page["/Resources"]["/Font"].values()]
    assert {face["/Subtype"] for face in embedded} == {kind}
    if kind == "/Type0":
        assert any(font in face["/BaseFont"] for face in embedded)


def test_a_character_that_no_font_has_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    write(
        tmp_path / "ledger",
        named(0, "\u0e01 rice") + consumption("plan-0", "Assets:Members:Ada:Hours", "Mill", "1.00"),
        prelude=PRELUDE,
    )
    result = conductor("report", tmp_path / "ledger", "--to", tmp_path / "out", "--month", "2026-02")
    assert result.exit_code == 2
    assert 'no font of this machine has "\u0e01" (U+0E01), which stands in "\u0e01 rice"; install one' in result.stderr
    assert not (tmp_path / "out").exists()
    page = conductor("report", tmp_path / "ledger", "--to", tmp_path / "out", "--month", "2026-02", "--format", "html")
    assert page.exit_code == 0


def test_letters_that_join_are_joined() -> None:
    known = fonts.Fonts()
    name = known.shown("\u0644\u0627")  # lam and alef are written as one
    assert known.width(name, 10) < sum(known.width(one, 10) for one in name)
    assert known.families == [fonts.FAMILY]


def test_nothing_in_a_paper_acts(files: dict[str, bytes]) -> None:
    whole = everything(files[".pdf"])
    for act in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction /", b"/URI", b"/EmbeddedFile"):
        assert act not in whole, act
    assert len(paper_pages(files[".pdf"])) < 8
