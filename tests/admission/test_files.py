"""No file hangs, floods or leaves the folder; each is told within a second, and nothing is written."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conductor_bean.ledger.books import load_books
from tests.admission.commands import commands, refused, state
from tests.support import HEAD, REGION, conductor, work, write

MB = 1_000_000


def _link(target: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return make


def _pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def _bytes(content: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def _folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link to /dev/zero": (_link("/dev/zero"), "outside-the-folder"),
    "a link out of the folder": (_link("../beside.beancount"), "outside-the-folder"),
    "a link through several": (_link("out/beside.beancount"), "outside-the-folder"),
    "a link to itself": (_link("doc.beancount"), "not-a-plain-file"),
    "a pipe": (_pipe, "not-a-plain-file"),
    "a folder": (_folder, "not-a-plain-file"),
    "a link to a pipe": (_link("pipe"), "not-a-plain-file"),
    "a line of 30 MB": (_bytes(b'2026-01-01 custom "member" "' + b"x" * 30 * MB + b'"\n'), "line-too-long"),
    "a comment of 2 MB": (_bytes(b"; x\n;" + b"x" * 2 * MB), "line-too-long"),
    "thirty million carriage returns": (_bytes(b"\r" * 30 * MB), "line-too-long"),
    "a terabyte of nothing": (_sparse, "forbidden-character"),
    "NUL": (_bytes(b"; \0\n"), "forbidden-character"),
    "a control of direction": (_bytes("; \u202e\n".encode()), "forbidden-character"),
    "an isolate": (_bytes("; \u2066\n".encode()), "forbidden-character"),
    "a byte order mark": (_bytes(b"\xef\xbb\xbf; x\n"), "byte-order-mark"),
    "UTF-16": (_bytes("\ufeff; x\n".encode("utf-16-le")), "byte-order-mark"),
    "UTF-16 without a mark": (_bytes("; x\n".encode("utf-16-be")), "byte-order-mark"),
    "UTF-32": (_bytes("; x\n".encode("utf-32")), "byte-order-mark"),
}


@pytest.fixture
def _beside(region: Path) -> None:
    (region.parent / "beside.beancount").write_text("; somebody else's\n", encoding="utf-8")
    (region / "out").symlink_to(region.parent)
    os.mkfifo(region / "pipe")


@pytest.mark.usefixtures("_beside")
@pytest.mark.parametrize("place", ["doc.beancount", "region.yaml", "main.beancount"])
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_text_of_the_folder_is_told_within_a_second(region: Path, name: str, place: str) -> None:
    make, code = FILES[name]
    if name == "a link to itself":
        make = _link(place)
    make(region / place)
    if place == "main.beancount" and name == "a folder":
        assert conductor("check", region).exit_code == 2
        return
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    books = load_books(region)
    assert time.monotonic() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200_000, "kilobytes"
    assert [problem.code for problem in books.errors] == [code], books.errors
    assert not books.complete


@pytest.mark.usefixtures("_beside")
@pytest.mark.parametrize("name", ["a link to /dev/zero", "a pipe", "a line of 30 MB", "a control of direction"])
def test_every_command_refuses_it_and_writes_nothing(region: Path, name: str) -> None:
    make, code = FILES[name]
    make(region / "doc.beancount")
    for command in commands(region):
        refused(region, command, code)


INCLUDES = {
    "/dev/zero": "outside-the-folder",
    "/etc/passwd": "outside-the-folder",
    "../beside.beancount": "outside-the-folder",
    "out/beside.beancount": "outside-the-folder",
    "out/*.beancount": "outside-the-folder",
    "/**": "outside-the-folder",
    "../**": "outside-the-folder",
    "pipe": "not-a-plain-file",
    "pip[e]": "not-a-plain-file",
    "secret.beancount.gpg": "not-a-plain-file",
    "journal": "not-a-plain-file",
}


@pytest.mark.usefixtures("_beside")
@pytest.mark.parametrize("name", INCLUDES)
def test_an_include_that_leaves_the_folder_or_names_no_file_is_told_where_it_stands(region: Path, name: str) -> None:
    (region / "journal").mkdir()
    (region / "secret.beancount.gpg").write_bytes(b"x")
    main = region / "main.beancount"
    main.write_text(main.read_text("utf-8") + f'include "{name}"\n', encoding="utf-8")
    (problem,) = load_books(region).errors
    assert (problem.code, problem.line) == (INCLUDES[name], 6)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ('option "documents" "/"', "outside-the-folder"),
        ('option "documents" "../.."', "outside-the-folder"),
        ('option "include" "/etc/passwd"', "outside-the-folder"),
        ('2026-01-01 document Equity:Elsewhere "/etc/passwd"', "outside-the-folder"),
        ('2026-01-01 document Equity:Elsewhere "../beside.beancount"', "outside-the-folder"),
        ('2026-01-01 document Equity:Elsewhere "pipe"', "not-a-plain-file"),
        ('2026-01-01 custom "fava-option" "default-file" "../beside.beancount"', "outside-the-folder"),
    ],
)
@pytest.mark.usefixtures("_beside")
def test_documents_and_options_stay_in_the_folder_too(region: Path, what: str, code: str) -> None:
    main = region / "main.beancount"
    main.write_text(main.read_text("utf-8") + f"{what}\n", encoding="utf-8")
    problems = load_books(region).errors
    assert [(problem.code, problem.line) for problem in problems] == [(code, 6)]


def test_a_document_within_the_folder_is_none_of_it_unless_it_is_named_from_the_root(region: Path) -> None:
    (region / "letter.txt").write_text("x", encoding="utf-8")
    main = region / "main.beancount"
    text = main.read_text("utf-8") + "2026-01-01 open Equity:Elsewhere\n"
    main.write_text(text + '2026-01-01 document Equity:Elsewhere "letter.txt"\n', encoding="utf-8")
    assert load_books(region).errors == []
    main.write_text(text + f'2026-01-01 document Equity:Elsewhere "{region}/letter.txt"\n', encoding="utf-8")
    assert [problem.code for problem in load_books(region).errors] == ["outside-the-folder"]


def test_links_and_nested_includes_within_the_folder_are_as_beancount_has_them(tmp_path: Path) -> None:
    region = write(tmp_path / "region", "", files={"a/b/c.beancount": work("Bakery", "Ada", 8)})
    (region / "link").symlink_to("a")
    for pattern in ("link/b/c.beancount", "a/**/*.beancount", "[a]/?/*.beancount", "a/../a/b/c.beancount"):
        (region / "doc.beancount").write_text(f'include "{pattern}"\n', encoding="utf-8")
        books = load_books(region)
        assert books.errors == [], pattern
        assert sum(outcome.event.instant > 0 for outcome in books.outcomes) > 0


def _circles(region: Path) -> None:
    for name in "abc":
        (region / name).symlink_to(".")


def _doors(region: Path) -> None:
    for number in range(30):
        room = region / "rooms" / str(number)
        room.mkdir(parents=True)
        for door in "abcd":
            (room / door).symlink_to(f"../{number + 1}")


def _cellar(region: Path) -> None:
    (region / "/".join("abcdefghijkl")).mkdir(parents=True)


BOMBS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "links in circles": ("**/*.beancount", _circles),
    "many doors to the next room": ("rooms/**/*.beancount", _doors),
    "stars upon stars": ("**/" * 40 + "*.beancount", _cellar),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_pattern_that_would_never_end_ends(region: Path, name: str) -> None:
    pattern, make = BOMBS[name]
    make(region)
    main = region / "main.beancount"
    main.write_text(main.read_text("utf-8").splitlines()[2] + f'\ninclude "{pattern}"\n', encoding="utf-8")
    began = time.monotonic()
    books = load_books(region)
    assert time.monotonic() - began < 3
    assert books.errors


def test_includes_in_a_circle_and_a_thousand_deep_end(region: Path) -> None:
    for number in range(1000):
        (region / f"d{number}.beancount").write_text(f'include "d{number + 1}.beancount"\n', encoding="utf-8")
    (region / "d1000.beancount").write_text('include "main.beancount"\n', encoding="utf-8")
    main = region / "main.beancount"
    main.write_text(main.read_text("utf-8") + 'include "d0.beancount"\n', encoding="utf-8")
    (problem,) = load_books(region).errors
    assert problem.code == "file-not-loaded"


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "region: " + "[" * 10_000,
        REGION + "x: " + "y" * 2 * MB,
    ],
    ids=["aliases", "depth", "a line"],
)
def test_a_region_yaml_that_would_unfold_is_told_at_once(region: Path, text: str) -> None:
    (region / "region.yaml").write_text(text, encoding="utf-8")
    began = time.monotonic()
    assert not load_books(region).complete
    assert time.monotonic() - began < 1


# What is written


@pytest.mark.parametrize(
    "what", ["the folder", "the folder to nothing", "its .gitignore", "its lock", "a file", "a pipe as lock"]
)
def test_dot_conductor_as_a_link_leads_nowhere(region: Path, what: str) -> None:
    outside = region.parent / "outside"
    outside.mkdir()
    local = region / ".conductor"
    if what == "the folder":
        local.symlink_to(outside)
    elif what == "the folder to nothing":
        local.symlink_to(outside / "nothing")
    elif what == "a file":
        local.write_text("x", encoding="utf-8")
    else:
        local.mkdir()
        if what == "its .gitignore":
            (local / ".gitignore").symlink_to(outside / "new")
        elif what == "its lock":
            (outside / "kept").write_text("kept", encoding="utf-8")
            (local / "lock").symlink_to(outside / "kept")
        else:
            os.mkfifo(local / "lock")
    before = state(region.parent)
    for name in ("add", "import"):
        result = conductor(*commands(region)[name])
        assert result.exit_code in (1, 2), (name, result.output)
        assert "no lock can be taken" in result.stderr, (name, result.output)
    after = state(region.parent)
    assert {**after, "hours.csv": b""} == {**before, "hours.csv": b""}


def test_add_does_not_write_through_a_link_out_of_the_folder(region: Path) -> None:
    outside = region.parent / "outside.beancount"
    outside.write_text("; somebody else's\n", encoding="utf-8")
    (region / "more.beancount").symlink_to(outside)
    main = region / "main.beancount"
    main.write_text(main.read_text("utf-8") + 'include "more.beancount"\n', encoding="utf-8")
    for extra in ([], ["--file", str(region / "more.beancount")]):
        result = conductor(*commands(region)["add"], *extra)
        assert result.exit_code == 1
        assert "outside-the-folder" in result.output
    assert outside.read_text("utf-8") == "; somebody else's\n"


def test_a_new_file_is_not_made_through_a_link_to_nothing(tmp_path: Path) -> None:
    head = HEAD + 'include "journal/*.beancount"\n'
    region = write(tmp_path / "region", work("Bakery", "Ada", 8), head=head, files={"journal/a.beancount": "; x\n"})
    (region / "journal").joinpath("new.bean").symlink_to(tmp_path / "made-outside")
    (region / "journal" / "b.beancount").symlink_to(tmp_path / "made-outside")
    for name in ("new.bean", "b.beancount"):
        result = conductor(*commands(region)["add"], "--file", str(region / "journal" / name))
        assert result.exit_code in (1, 2), result.output
    assert not (tmp_path / "made-outside").exists()


def test_mapping_yaml_and_publication_json_as_pipes_are_not_waited_for(region: Path) -> None:
    os.mkfifo(region / "mapping.yaml")
    result = conductor(*commands(region)["import"])
    assert (result.exit_code, "no regular file" in result.output) == (2, True), result.output
    os.mkfifo(region / "publication.json")
    assert conductor(*commands(region)["publish"]).exit_code in (1, 2)


def test_lists_of_seals_as_pipes_or_links_are_not_waited_for(tmp_path: Path) -> None:
    region = write(tmp_path / "region", work("Bakery", "Ada", 8) + work("Bakery", "Bob", 8, date="2026-03-02"))
    result = conductor("seal", region, "2026-02", "--yes")
    assert result.exit_code == 0, result.output
    path = region / "seals" / "2026-02.txt"
    for make in (_pipe, _link("/dev/zero")):
        make(path)
        text = (region / "doc.beancount").read_text("utf-8").replace("8 HOUR", "9 HOUR")
        (region / "doc.beancount").write_text(text, encoding="utf-8")
        assert "sealed-history-changed" in {problem.code for problem in load_books(region).errors}
