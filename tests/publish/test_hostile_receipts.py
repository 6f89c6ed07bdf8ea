"""A receipt is somebody else's file: whatever it holds, the verdict is a verdict, quick, and never a traceback."""

from __future__ import annotations

import copy
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.region import answer
from tests.cli.town import refused
from tests.publish.village import publish_by_hand, write_village
from tests.support import conductor

Document = dict[str, Any]
HASH = "ab" * 32


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_village(tmp_path_factory.mktemp("village"))
    publish_by_hand(folder, folder / "edition")
    return folder


@pytest.fixture(scope="module")
def honest(ledger: Path) -> str:
    return json.dumps(answer("receipt", ledger, "Bob"), indent=1)


@pytest.fixture
def edition(ledger: Path) -> Path:
    return ledger / "edition"


@pytest.fixture
def refusal(tmp_path: Path, edition: Path) -> Callable[[str | bytes], str]:
    """What the command says of a file that is no receipt: one printable line that says what to do."""

    def run(content: str | bytes) -> str:
        file = tmp_path / "receipt.json"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        said = refused("verify-receipt", file, edition)
        assert said.startswith(f'conductor: "{file}" ')
        assert said.endswith("or ask the region's accountants for a new one\n")
        assert said.rstrip("\n").isprintable()
        assert len(said) < 1_000
        return said

    return run


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "is no JSON text"),
        ("{", "is no JSON text"),
        (b"\xff\xfe{", "is no JSON text"),
        (b"\x00" * 100, "is no JSON text"),
        ("[" * 1_000_000, "is nested too deeply"),
        ('{"a":' * 100_000, "is nested too deeply"),
        ('{"receipt": ' + "[" * 500 + "]" * 500 + "}", "is no receipt"),
        ("null", "is no receipt"),
        ("[]", "is no receipt"),
        ("{}", "is no receipt"),
        ('"receipt"', "is no receipt"),
        ('{"receipt": true}', "is no receipt"),
        ('{"receipt": "1"}', "is no receipt"),
        ('{"receipt": 2}', "another version than 1"),
        ('{"receipt": 1}', "has no region"),
        ('{"receipt": NaN}', "holds the number NaN"),
        ('{"receipt": -Infinity}', "holds the number -Infinity"),
        ('{"receipt": 1.0}', "holds the number 1.0"),
        ('{"receipt": 1e999}', "holds the number 1e999"),
        ('{"receipt": ' + "9" * 10_000 + "}", "is no JSON text"),
        ('{"receipt": ' + "9" * 4_000 + "}", "another version"),
        ('{"receipt": 1, "receipt": 1}', "names a key twice"),
        ('{"receipt": 1, "region": {"a": 1, "a": 2}}', "names a key twice"),
    ],
)
def test_what_is_no_receipt_is_refused(content: str | bytes, fault: str, refusal: Callable[[str | bytes], str]) -> None:
    start = time.perf_counter()
    assert fault in refusal(content)
    assert time.perf_counter() - start < 10


def test_a_file_larger_than_any_receipt_is_refused_unread(tmp_path: Path, edition: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as opened:
        opened.truncate(2**40)  # a terabyte of nothing, none of it on the disk
    assert "is larger than 64 MiB" in refused("verify-receipt", file, edition)


def test_what_is_no_file_is_refused(tmp_path: Path, edition: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # reading it would wait for ever
    for name in ("nowhere.json", "pipe", "."):
        assert "is no file" in refused("verify-receipt", tmp_path / name, edition)
    assert "is no file" in refused("verify-receipt", "a\x07b" * 50, edition)


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def changed(honest: str, path: tuple[str | int, ...], value: Any) -> str:
    document = json.loads(honest)
    at(document, path[:-1])[path[-1]] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("region",), 5, "has a number as region, which must be a printable text"),
        (("region",), "a\nb", r'has "a\nb" as region'),
        (("region",), "\x1b[2J", r'has "\x1b[2J" as region'),
        (("region",), "\ud800", r'has "\ud800" as region'),
        (("region",), "x" * 2_001, "at most 2000 characters"),
        (("party",), None, "has null as party"),
        (("party",), "Ada", "must be the receipt's party"),
        (("through",), "2026-02-30T00:00:00", "must be an instant"),
        (("through",), "2026-03-01", "must be an instant"),
        (("through",), "2026-03-01T00:00:00Z", "must be an instant"),
        (("through",), 7, "must be an instant"),
        (("tree",), [], "has a list as tree, which must be an object"),
        (("tree", "algorithm"), "RFC 6962 MD5", "must be RFC 9162 SHA-256"),
        (("tree", "root"), HASH.upper(), "must be 64 hexadecimal digits in lower case"),
        (("tree", "root"), HASH + "\n", "must be 64 hexadecimal digits"),
        (("tree", "leaves"), True, "has true as tree.leaves"),
        (("tree", "leaves"), -1, "must be an integer from 0 on"),
        (("tree", "leaves"), 2**63, "must be an integer from 0 on"),
        (("tree", "leaves"), "64", "must be an integer from 0 on"),
        (("more",), 1, 'has the unknown key "more"'),
        (("statement", "more"), 1, 'has the unknown key "more" at statement'),
        (("statement",), "x", "must be an object"),
        (("statement", "opening"), [], "must be an object of balances"),
        (("statement", "opening", "Assets:Members:Bob:Wallet"), 1, "must be a decimal number in quotes"),
        (("statement", "closing", "Assets:Members:Bob:Wallet"), "NaN", "must be a decimal number in quotes"),
        (("statement", "closing", "Assets:Members:Bob:Wallet"), "1e9", "must be a decimal number in quotes"),
        (("statement", "closing", "Assets:Members:Bob:Wallet"), "9" * 25, "must be a decimal number in quotes"),
        (("statement", "closing", "Assets:Members:Bob:Wallet"), "٣", "must be a decimal number in quotes"),
        (("statement", "closing", "a\tb"), "0", "must be a printable text"),
        (("statement", "transfers"), {}, "must be a list"),
        (("statement", "transfers", 0), None, "must be an object"),
        (("statement", "transfers", 0, "amount"), "-40.00", "must be a decimal number in quotes"),
        (("statement", "transfers", 0, "amount"), 40, "must be a decimal number in quotes"),
        (("statement", "transfers", 0, "instant"), "0000-01-01T00:00:00", "must be an instant"),
        (("statement", "transfers", 0, "debit"), {}, "has an object as statement.transfers[0].debit"),
        (("statement", "transfers", 0, "derived"), 1, "must be true or false"),
        (("statement", "transfers", 0, "line"), "1", "must be an integer"),
        (("statement", "transfers", 0, "links"), "a", "must be a list"),
        (("statement", "transfers", 0, "links"), [1], "statement.transfers[0].links[0]"),
        (("leaves",), None, "must be a list"),
        (("leaves", 0), [], "must be an object"),
        (("leaves", 0, "index"), -1, "must be an integer from 0 on"),
        (("leaves", 0, "index"), 10**400, "must be an integer from 0 on"),
        (("leaves", 0, "index"), False, "must be an integer from 0 on"),
        (("leaves", 0, "blind"), HASH + "00", "must be 64 hexadecimal digits"),
        (("leaves", 0, "blind"), "", "must be 64 hexadecimal digits"),
        (("leaves", 0, "text"), ["a"], "must be a printable text"),
        (("leaves", 0, "text"), "x\u202ey", "must be a printable text"),
        (("leaves", 0, "path"), HASH, "must be a list"),
        (("leaves", 0, "path"), [HASH, 5], "has a number as leaves[0].path[1]"),
        (("leaves", 0, "path"), [HASH] * 65, "has a path of 65 hashes at leaves[0]"),
    ],
)
def test_a_value_of_the_wrong_form_is_named(
    path: tuple[str | int, ...], value: Any, fault: str, honest: str, refusal: Callable[[str | bytes], str]
) -> None:
    assert fault in refusal(changed(honest, path, value))


def objects(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Each value of a document with its path; of long lists only the first."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from objects(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value[:1]):
            yield from objects(item, (*path, number))


def test_every_key_is_needed(honest: str, refusal: Callable[[str | bytes], str]) -> None:
    kinds = [path for path, _ in objects(json.loads(honest)) if path and isinstance(path[-1], str)]
    for path in kinds:
        if path[:2] in (("statement", "opening"), ("statement", "closing")) and len(path) == 3:
            continue  # an account, not a key of the format
        document = json.loads(honest)
        del at(document, path[:-1])[path[-1]]
        said = refusal(json.dumps(document))
        assert f"has no {path[-1]}" in said or path == ("receipt",)


def test_a_key_may_be_hostile_too(honest: str, refusal: Callable[[str | bytes], str]) -> None:
    assert r"\x1b]0;" in refusal(changed(honest, ("\x1b]0;" + "x" * 10_000,), 1))


def test_no_change_of_any_value_passes_unnoticed(honest: str, tmp_path: Path, edition: Path) -> None:
    """But of what is there for people alone: file, line, links, and whether a transfer is derived."""
    source = random.Random(9162)
    file = tmp_path / "receipt.json"
    replacements: list[Any] = [
        None,
        True,
        0,
        -1,
        10**30,
        "",
        "0.00",
        "Ada",
        "\x00",
        [],
        {},
        [[]],
        HASH,
        "2026-01-01T00:00:00",
    ]
    for path, value in objects(json.loads(honest)):
        if not path or {"file", "line", "links", "derived"} & set(path):
            continue
        choices: list[Any] = source.sample(replacements, 4)
        if isinstance(value, str) and value:
            place = source.randrange(len(value))
            choices.append(value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :])
        if isinstance(value, list):
            choices += [value[1:], [*value, copy.deepcopy(value[0])], value[::-1][:-1]]
        for choice in choices:
            if choice == value and type(choice) is type(value):
                continue
            file.write_text(changed(honest, path, choice))
            result = conductor("verify-receipt", file, edition)
            assert result.exit_code in (1, 2), (path, choice)
            assert "Traceback" not in result.output


def test_a_receipt_of_very_many_faults_is_judged_in_seconds(honest: str, tmp_path: Path, edition: Path) -> None:
    document = json.loads(honest)
    leaf, row = document["leaves"][0], document["statement"]["transfers"][0]
    document["leaves"] = [leaf | {"index": number, "path": [HASH] * 64} for number in range(3_000)]
    document["statement"]["transfers"] = [row] * 3_000
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(document))
    start = time.perf_counter()
    result = conductor("verify-receipt", file, edition)
    assert result.exit_code == 1
    assert time.perf_counter() - start < 10
    assert max(map(len, result.stdout.splitlines())) < 1_000


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "is no JSON text"),
        ("[]", "has no region"),
        ("{}", "has no region"),
        ('{"region": "Milltown", "through": "2026-03-06T12:00:00"}', "has no tree"),
        ('{"region": "Milltown", "through": "2026-03-06T12:00:00", "tree": {"root": "' + HASH + '"}}', "no algorithm"),
        ('{"region": "Milltown", "region": "Lakeside"}', "names a key twice"),
    ],
)
def test_a_damaged_edition_is_refused(content: str, fault: str, honest: str, tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text(honest)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "edition.json").write_text(content)
    said = refused("verify-receipt", tmp_path / "receipt.json", tmp_path)
    assert fault in said
    assert "name the folder of an edition" in said


def test_a_folder_that_is_no_edition_is_refused(honest: str, tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text(honest)
    said = refused("verify-receipt", tmp_path / "receipt.json", "--edition", tmp_path / "nowhere")
    assert "name the folder of an edition" in said


def test_an_edition_may_say_more_than_receipts_need(honest: str, tmp_path: Path, edition: Path) -> None:
    (tmp_path / "receipt.json").write_text(honest)
    (tmp_path / "data").mkdir()
    document = json.loads((edition / "data" / "edition.json").read_text())
    (tmp_path / "data" / "edition.json").write_text(json.dumps(document | {"thresholds": {"k": 5}, "more": [1, 2]}))
    assert conductor("verify-receipt", tmp_path / "receipt.json", tmp_path).exit_code == 0
