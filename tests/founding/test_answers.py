"""`conductor init` asks what no option says, until each answer can be."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from conductor_bean.cli.main import main
from conductor_bean.ledger.books import load_books
from tests.founding.shell import environment
from tests.support import conductor

ALL_DEFAULTS = "\n" * 20


def answer(target: Path, answers: str, *options: str) -> str:
    """Run `conductor init --ask` and type the answers; what is shown."""
    result = CliRunner().invoke(main, ["init", str(target), "--ask", "--no-git", *options], input=answers)
    assert result.exit_code == 0, result.output
    return result.output


def texts(folder: Path) -> dict[str, str]:
    """All files of a folder."""
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file()}


def test_enter_takes_what_no_options_would_have_given(tmp_path: Path) -> None:
    answer(tmp_path / "a" / "valley", ALL_DEFAULTS)
    conductor("init", tmp_path / "b" / "valley", "--no-ask", "--no-git")
    assert texts(tmp_path / "a" / "valley") == texts(tmp_path / "b" / "valley")


def test_answers_give_what_the_same_options_give(tmp_path: Path) -> None:
    lines = ["The Valley", "Valley", "both", "STUNDE", "0.001", "TALER", "1", "2027-03-15", "First of all"]
    lines += ["income_tax=0.12", "dividend=0.3", "", "baker=18-24", "", "carla=Carla Brandt", "dora", ""]
    shown = answer(tmp_path / "a" / "valley", "\n".join(lines) + "\n")
    assert "income_tax                 [0]  of every wage" in shown
    result = conductor(
        *("init", tmp_path / "b" / "valley", "--no-ask", "--no-git", "--name", "The Valley", "--id", "Valley"),
        *("--labour-time-name", "STUNDE", "--labour-time-precision", "0.001", "--credits-name", "TALER"),
        *("--credits-precision", "1", "--date", "2027-03-15", "--title", "First of all", "--set", "income_tax=0.12"),
        *("--set", "dividend=0.3", "--occupation", "baker=18-24", "--accountant", "carla=Carla Brandt"),
        *("--accountant", "dora"),
    )
    assert result.exit_code == 0, result.output
    assert texts(tmp_path / "a" / "valley") == texts(tmp_path / "b" / "valley")


def test_an_answer_that_cannot_be_is_asked_again(tmp_path: Path) -> None:
    lines = ["two\x07bells", "Valley", "valley", "Valley", "gold", "both", "hour", "HOUR", "0.02", "0.01"]
    lines += [
        "HOUR",
        "RSC",
        "0.01",
        "yesterday",
        "2026-04-01",
        "First",
        "incom_tax=1",
        "income_tax=7",
        "income_tax=0.1",
    ]
    lines += ["", "baker", "baker=1-2", "", "a,b", "carla", ""]
    shown = answer(tmp_path / "valley", "\n".join(lines) + "\n")
    for why in (
        *("on one line", "such as Valley", "'gold' is not one of", "write capitals", "power of ten"),
        *("an hour is called HOUR already", "write it as 2026-01-01", 'did you mean "income_tax"'),
        *("less than or equal to 1", "NAME=MIN-MAX", "without a comma"),
    ):
        assert shown.count(why) == 1, why
    books = load_books(tmp_path / "valley")
    assert books.problems == []
    assert list(books.machine.state.accountants) == ["carla"]


def test_what_an_option_says_is_not_asked(tmp_path: Path) -> None:
    shown = answer(
        tmp_path / "valley",
        "\n" * 2,
        *("--name", "V", "--id", "V", "--economy", "labour-time", "--labour-time-precision", "0.01", "--title", "T"),
        *("--date", "2026-01-01", "--set", "fic_window_days=90", "--accountant", "carla"),
    )
    assert shown.count("[") == shown.count("ledger [HOUR]") == 1
    assert "decision" not in shown.partition("wrote")[0]


def test_what_the_region_does_not_count_is_not_asked(tmp_path: Path) -> None:
    shown = answer(tmp_path / "valley", "\n\nlabour-time\n\n\n\n\nincome_tax=0.1\n\n\n\n")
    assert "credit is called" not in shown
    assert "Wages" not in shown
    assert "income_tax is about what this region does not count" in shown


def test_whoever_leaves_before_the_last_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new" / "valley"), "--ask"], input="Valley\nValley\n")
    assert result.exit_code == 1
    assert not (tmp_path / "new").exists()


def test_nobody_is_asked_about_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(main, ["init", str(tmp_path), "--ask"], input=ALL_DEFAULTS)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_in_a_terminal_it_asks_by_itself(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["conductor", "init", "valley", "--no-git"],
        cwd=tmp_path,
        env=environment(tmp_path / "home"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as command:
        os.close(theirs)
        shown = _read_until(ours, "name [Valley]: ")
        os.write(ours, b"The Vale\n" + ALL_DEFAULTS.encode())
        shown += _read_until(ours, "next: cd ")
        assert command.wait(60) == 0
    os.close(ours)
    assert "account names of other regions [The-Vale]" in shown
    assert load_books(tmp_path / "valley").region.name == "The Vale"


def _read_until(terminal: int, text: str) -> str:
    shown = ""
    while text not in shown:
        assert select.select([terminal], [], [], 60)[0], shown
        shown += os.read(terminal, 4096).decode()
    return shown
