"""Files merged by whole entries: nothing is lost, nothing is mixed up, and either order gives the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conductor_bean.formatting.merging import NotMergedError, merged
from tests.founding.shell import shell
from tests.support import conductor

HEAD = ';; January 2026\n\noption "title" "T"\n'


def entry(name: str, date: str = "2026-01-10", hours: int = 8) -> str:
    """A transaction whose lines but for the first are those of others."""
    return (
        f'\n{date} * "Bakery" "{name}"\n'
        f"  Assets:Companies:Bakery:A  -{hours} HOUR\n  Assets:Members:Ada:Hours  {hours} HOUR\n"
    )


BASE = HEAD + entry("a") + entry("b", "2026-01-12")


def merge(base: str, ours: str, theirs: str) -> str:
    """Merge, in both orders; the result, which is the same."""
    one, other = (merged(base.encode(), *sides).decode() for sides in _orders(ours.encode(), theirs.encode()))
    assert one == other
    return one


def _orders(ours: bytes, theirs: bytes) -> list[tuple[bytes, bytes]]:
    return [(ours, theirs), (theirs, ours)]


def refusal(base: str, ours: str, theirs: str) -> str:
    """Why three states are not merged, in both orders."""
    whys = set()
    for sides in _orders(ours.encode(), theirs.encode()):
        with pytest.raises(NotMergedError) as caught:
            merged(base.encode(), *sides)
        whys.add(str(caught.value))
    (why,) = whys
    return why


def test_what_both_append_is_kept_whole_the_earlier_first() -> None:
    ours, theirs = entry("ours", "2026-01-20"), entry("theirs", "2026-01-15")
    assert merge(BASE, BASE + ours, BASE + theirs) == BASE + theirs + ours


def test_an_edit_and_an_addition_go_together() -> None:
    edited = BASE.replace('"a"', '"a, mended"')
    assert merge(BASE, edited, BASE + entry("c")) == edited + entry("c")


def test_an_entry_is_taken_out_while_another_joins() -> None:
    assert merge(BASE, HEAD + entry("b", "2026-01-12"), BASE + entry("c")) == (
        HEAD + entry("b", "2026-01-12") + entry("c")
    )


def test_comments_stay_with_their_entry() -> None:
    ours = BASE + "\n; of the till" + entry("ours", "2026-01-20")
    theirs = BASE + "\n; of the oven" + entry("theirs", "2026-01-15")
    assert merge(BASE, ours, theirs) == BASE + "\n; of the oven" + entry("theirs", "2026-01-15") + (
        "\n; of the till" + entry("ours", "2026-01-20")
    )


def test_a_string_of_several_lines_is_one_piece() -> None:
    first, second = (f'\n2026-01-01 query "{name}" "\n  SELECT {name}\n\n  FROM 2"\n' for name in "pq")
    assert merge(BASE, BASE + second, BASE + first) == BASE + first + second


def test_facts_without_an_empty_line_between_them_are_entries_of_their_own() -> None:
    base = '2026-01-01 custom "member" "Ada"\n2026-01-02 custom "member" "Bob"\n'
    ours = base.replace('"Ada"', '"Eva"')
    theirs = base + '2026-01-03 custom "member" "Cyd"\n'
    assert merge(base, ours, theirs) == ours + '2026-01-03 custom "member" "Cyd"\n'


def test_two_new_files_become_one() -> None:
    assert (
        merge("", entry("b", "2026-01-12").lstrip(), entry("a").lstrip()) == (entry("a") + entry("b", "2026-01-12"))[1:]
    )


def test_the_same_change_on_both_sides_is_one() -> None:
    both = BASE.replace('"a"', '"z"') + entry("c")
    assert merge(BASE, both, both) == both


def test_an_entry_that_both_edit_is_for_people() -> None:
    why = refusal(BASE, BASE.replace('"a"', '"x"'), BASE.replace('"a"', '"y"'))
    assert why == 'both sides changed \'2026-01-10 * "Bakery" "a"\''


def test_an_entry_that_one_edits_and_the_other_takes_out_is_for_people() -> None:
    assert "both sides changed" in refusal(BASE, BASE.replace('"a"', '"x"'), HEAD + entry("b", "2026-01-12"))


def test_an_entry_that_both_add_beside_others_is_for_people() -> None:
    same = entry("same", "2026-01-20")
    assert "is it one, or two?" in refusal(BASE, BASE + same, BASE + entry("more", "2026-01-15") + same)
    elsewhere = HEAD + same + BASE.removeprefix(HEAD)
    assert "is it one, or two?" in refusal(BASE, BASE + same, elsewhere)


@pytest.mark.parametrize(
    "fault",
    [
        b"<<<<<<< ours\n",
        b"\xff\n",
        b'2026-01-01 * "open\n',
        b"pushtag #x\n\npoptag #x\n",
        b"; \r\n",
        b"\xef\xbb\xbf; mark\n",
        b"\0",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_nobody_can_read_is_for_people(fault: bytes, place: int) -> None:
    states = [BASE.encode()] * 3
    states[place] = states[place] + fault if not fault.startswith(b"\xef") else fault + states[place]
    with pytest.raises(NotMergedError):
        merged(*states)


NAMES = st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True)


@settings(deadline=None, max_examples=60)
@given(kept=NAMES, ours=NAMES, theirs=NAMES, out=st.sets(st.sampled_from("abcdefgh")))
def test_nothing_is_lost_and_nothing_comes_of_itself(
    kept: list[str], ours: list[str], theirs: list[str], out: set[str]
) -> None:
    def text(names: list[str]) -> str:
        return HEAD + "".join(entry(name) for name in names)

    mine = [name for name in kept if name not in out] + [f"mine {name}" for name in ours]
    other = [f"other {name}" for name in theirs] + kept
    found = merge(text(kept), text(mine), text(other))
    wanted = Counter(name for name in [*mine, *other] if name not in kept) + Counter(
        name for name in kept if name not in out
    )
    assert Counter(line.split('"')[3] for line in found.splitlines() if " * " in line) == wanted
    for name in wanted:
        assert entry(name) in found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one journal, to which two branches have appended."""
    folder = tmp_path / "books"
    folder.mkdir()
    shell(folder, "git init --quiet --initial-branch=main")
    (folder / ".gitattributes").write_text("*.beancount merge=conductor\n", encoding="utf-8")
    (folder / "journal.beancount").write_text(BASE, encoding="utf-8")
    shell(folder, "git add --all && git commit --quiet --message Begin")
    for name in ("one", "other"):
        shell(folder, f"git switch --quiet --create {name} main")
        (folder / "journal.beancount").write_text(BASE + entry(name), encoding="utf-8")
        shell(folder, f"git commit --quiet --all --message {name}")
    shell(folder, "git switch --quiet one")
    return folder


DRIVER = "conductor merge-entries %O %A %B || git merge-file --marker-size=%L %A %O %B"


def test_git_merges_two_branches_by_entries(repository: Path) -> None:
    shell(repository, f"git config merge.conductor.driver '{DRIVER}' && git merge --quiet --no-edit other")
    assert (repository / "journal.beancount").read_text(encoding="utf-8") == BASE + entry("one") + entry("other")


@pytest.mark.parametrize("driver", ["", DRIVER.replace("conductor", "no-such-command")])
def test_where_the_command_is_missing_git_asks_as_ever(repository: Path, driver: str) -> None:
    if driver:
        shell(repository, f"git config merge.conductor.driver '{driver}'")
    shell(repository, "git merge --quiet --no-edit other", code=1)
    text = (repository / "journal.beancount").read_text(encoding="utf-8")
    for part in ("<<<<<<<", ">>>>>>>", '"one"', '"other"'):
        assert part in text


def test_what_does_not_go_together_is_left_to_git_with_its_markers(repository: Path) -> None:
    path = repository / "journal.beancount"
    for name in ("one", "other"):
        shell(repository, f"git switch --quiet {name}")
        path.write_text(BASE.replace('"a"', f'"{name}"'), encoding="utf-8")
        shell(repository, "git commit --quiet --all --message Edit")
    shell(repository, f"git config merge.conductor.driver '{DRIVER}'")
    done = shell(repository, "git merge --no-edit one", code=1)
    assert "both sides changed" in done.stdout + done.stderr
    assert "<<<<<<<" in path.read_text(encoding="utf-8")


def test_the_command_leaves_the_file_as_it_was_where_it_refuses(tmp_path: Path) -> None:
    states = {"base": BASE, "ours": BASE.replace('"a"', '"x"'), "theirs": BASE.replace('"a"', '"y"')}
    for name, text in states.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = conductor("merge-entries", *(tmp_path / name for name in states))
    assert (result.exit_code, result.stdout) == (1, "")
    assert (tmp_path / "ours").read_text(encoding="utf-8") == states["ours"]
    assert conductor("merge-entries", tmp_path / "base", tmp_path / "none", tmp_path / "theirs").exit_code == 2
