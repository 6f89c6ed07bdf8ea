"""In a terminal what is missing is asked for; a shell completes ids; anywhere else all that is missing is named."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from conductor_bean.cli import asking
from conductor_bean.cli.main import main
from tests.recording.valley import PARTIES, bytes_of, write_valley


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return write_valley(tmp_path / "valley")


def talk(valley: Path, answers: list[str], *words: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run `conductor add` as in a terminal, with the answers that somebody types."""
    monkeypatch.setattr(asking, "somebody_is_there", lambda: True)
    result = CliRunner().invoke(main, ["add", "-l", str(valley), *words], input="\n".join(answers) + "\n")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return f"{result.output}exit {result.exit_code}"


def test_what_is_missing_is_asked_with_what_may_stand_there(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = talk(valley, ["", "Bob", "bread", "3", "y"], "consume", monkeypatch=monkeypatch)
    assert "Date [2026-01-02]" in said
    assert "Ada, Bob, Cyd, Bakery, Mill, Clinic, School" in said
    assert "bread, flour, clinic, haircut" in said
    assert "3 x 1.50 = 4.50 HOUR" in said
    assert said.endswith("written\nexit 0")
    assert "2026-01-02-Bob-carla-1" in (valley / "journal" / "2026-01.beancount").read_text("utf-8")


def test_of_an_id_that_is_not_there_the_nearest_is_named(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["", "Bib", "n", "Bob", "flour", "1", "y"]
    said = talk(valley, answers, "consume", monkeypatch=monkeypatch)
    assert 'There is no Bib here; did you mean "Bob"?' in said
    assert said.endswith("exit 0")


def test_several_workers_are_asked_one_after_the_other(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = talk(valley, ["", "Bakery", "Ada=8", "Bob=4", "", "y"], "hours", monkeypatch=monkeypatch)
    assert "Ada=, Bob=" in said
    assert "Assets:Companies:Bakery:A" in said
    assert "-12.00 HOUR" in said
    assert said.endswith("exit 0")


def test_what_usually_is_said_is_asked_and_may_be_left_out(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = talk(valley, ["2026-02-01", "Eve", "", "y"], "member", monkeypatch=monkeypatch)
    assert said.endswith("exit 0")
    assert (valley / "parties.beancount").read_text("utf-8").endswith('\n\n2026-02-01 custom "member" "Eve"\n')


def test_of_a_company_it_is_asked_which_means_it_consumes(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = talk(valley, ["", "Mill", "bread", "2", "r", "y"], "consume", monkeypatch=monkeypatch)
    assert "Means (Of a company: p (fixed) or r (raw materials))" in said
    assert "Assets:Companies:Mill:R" in said
    assert said.endswith("exit 0")
    said = talk(valley, ["", "Bakery", "5", "yeast", "y"], "external-purchase", monkeypatch=monkeypatch)
    assert 'input: "yeast"' in said
    assert said.endswith("exit 0")


def test_who_says_no_writes_nothing(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bytes_of(valley)
    said = talk(valley, ["", "n"], "member", "Eve", "--name", "Eve", monkeypatch=monkeypatch)
    assert "Nothing is written." in said
    assert bytes_of(valley) == before
    assert "Aborted" in talk(valley, [], "consume", monkeypatch=monkeypatch)
    assert bytes_of(valley) == before


def test_where_several_must_sign_they_are_asked_for(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (valley / "parties.beancount").write_text(PARTIES + '2026-01-01 custom "accountant" "omar"\n', "utf-8")
    region = valley / "region.yaml"
    region.write_text(
        region.read_text("utf-8") + "  - date: 2026-01-05\n    title: Two sign\n    set: {approvals: 2}\n", "utf-8"
    )
    said = talk(valley, ["2026-01-06", "carla, omar", "y"], "subsidy", "School", "5", monkeypatch=monkeypatch)
    assert "By (2 accountant(s)" in said
    assert 'by: "carla, omar"' in said
    assert said.endswith("exit 0")


def test_of_several_events_one_is_chosen_to_be_reversed(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = talk(valley, ["2", "2026-01-09", "y"], "reversal", "--party", "Lakeside", monkeypatch=monkeypatch)
    assert "Which: 2" in said
    assert said.endswith("exit 0")


def test_in_a_real_terminal(valley: Path) -> None:
    """A person at a pseudo-terminal; the process knows by it that somebody is there."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "conductor_bean.cli.main", "add", "-l", str(valley), "gift", "Ada"]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TERM": "dumb"})
    os.close(slave)
    said = b""
    for asked, answer in ((b"Date", "2026-01-09"), (b"To", "Bob"), (b"Amount", "5"), (b"Append it?", "y")):
        while asked not in said:
            said += os.read(master, 1000)
        said = b""
        os.write(master, f"{answer}\n".encode())
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        try:
            said += os.read(master, 1000)
        except OSError:
            break
    assert process.wait(10) == 0
    os.close(master)
    assert 'id: "2026-01-09-Ada-carla-1"' in (valley / "journal" / "2026-01.beancount").read_text("utf-8")


# Shells


def test_bash_takes_what_switches_completion_on() -> None:
    line = 'eval "$(_CONDUCTOR_COMPLETE=bash_source conductor)" && complete -p conductor'
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["bash", "-c", line], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith(" conductor")


def complete(valley: Path | str, words: str, incomplete: str = "") -> list[str]:
    """What bash is given for the word that is being typed."""
    line = f"conductor add -l {valley} {words} {incomplete}"
    environment = {
        "_CONDUCTOR_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split()) - bool(incomplete)),
    }
    result = CliRunner(env=environment).invoke(main, [], prog_name="conductor")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert not result.stderr
    return [entry.split(",", 1)[1] for entry in result.stdout.split("\n") if "," in entry]


@pytest.mark.parametrize(
    ("words", "incomplete", "expected"),
    [
        ("", "cons", ["consume"]),
        ("consume", "", ["Ada", "Bob", "Cyd", "Bakery", "Mill", "Clinic", "School"]),
        ("consume", "B", ["Bob", "Bakery"]),
        ("consume Ada", "", ["bread", "flour", "clinic", "haircut"]),
        ("consume --date 2027-06-01 Ada", "", ["haircut"]),
        ("consume Mill bread 1 --means", "", ["p", "r"]),
        ("hours Bakery", "", ["Ada=", "Bob="]),
        ("hours Bakery Ada=8", "B", ["Bob="]),
        ("buy Ada", "", ["sourdough"]),
        ("gift Ada", "", ["Ada", "Bob", "Cyd"]),
        ("issue", "", ["treasury", "PublicBank"]),
        ("external-purchase", "M", ["Mill"]),
        ("property flat --kind", "h", ["housing"]),
        ("lease", "", ["oven"]),
        ("lease oven", "o", ["outside"]),
        ("cooperation", "acc", ["accept"]),
        ("approve", "", []),
        ("member --by", "", ["carla"]),
    ],
)
def test_a_shell_completes_what_may_stand_there(valley: Path, words: str, incomplete: str, expected: list[str]) -> None:
    assert complete(valley, words, incomplete) == expected


def test_who_and_what_has_ended_is_not_proposed(valley: Path) -> None:
    more = '2026-01-09 custom "employment-end" "Bakery" "Bob"\n2026-01-10 custom "member-end" "Cyd"\n'
    (valley / "parties.beancount").write_text(PARTIES + more, "utf-8")
    (valley / "market.beancount").write_text('2026-01-09 custom "offer-end" "sourdough"\n', "utf-8")
    assert complete(valley, "hours Bakery") == ["Ada="]
    assert complete(valley, "gift") == ["Ada", "Bob"]
    assert complete(valley, "buy Ada") == []


@pytest.mark.parametrize("text", ["\0\xff" * 100, 'include "parties.beancount"\n2026-01-01 custom "member', "<<<<<<<"])
def test_a_broken_ledger_says_nothing_in_a_shell(valley: Path, text: str) -> None:
    (valley / "parties.beancount").write_text(text, "latin-1")
    assert "Ada" not in complete(valley, "gift")
    assert complete(valley / "nowhere", "gift") == []
    assert complete(valley / ("too-long" * 1000), "gift") == []


def test_a_file_that_includes_itself_is_read_once(valley: Path) -> None:
    (valley / "plans.beancount").write_text('include "*.beancount"\n', "utf-8")
    assert complete(valley, "gift") == ["Ada", "Bob", "Cyd"]


def test_a_large_journal_is_no_reason_to_wait(valley: Path) -> None:
    """A shell asks at each key; a journal of more than a megabyte is passed over, with what else it says."""
    gift = '2026-06-02 * "a gift"\n  Assets:Members:Ada:Wallet  -1 RSC\n  Assets:Members:Bob:Wallet  1 RSC\n\n'
    (valley / "journal" / "2026-06.beancount").write_text('2026-06-01 custom "member" "Eve"\n' + gift * 20_000, "utf-8")
    (valley / "journal" / "2026-07.beancount").write_text('2026-07-01 custom "member" "Fay"\n', "utf-8")
    assert complete(valley, "gift") == ["Ada", "Bob", "Cyd", "Fay"]
