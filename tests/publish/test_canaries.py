"""Nothing private stands in any byte of an edition: neither names nor texts, nor whatever the books say besides."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.transfers import rows as table_rows
from conductor_bean.publish import ledger_text, public_facts
from tests.cli.town import books_of, both_months, write_credits_only, write_town
from tests.house.tree import ROOT
from tests.publish.canaries import CANARY, digest_of, unmasked, write_aviary
from tests.support import conductor, consumption, plan, work, write


def edition_of(ledger: Path) -> Path:
    """Publish a ledger beside itself."""
    target = ledger.with_name("edition")
    result = conductor("publish", ledger, "--to", target)
    assert result.exit_code == 0, result.output
    return target


def files_of(edition: Path) -> dict[str, bytes]:
    """Content of all files of an edition by name."""
    files = {path.relative_to(edition).as_posix(): path.read_bytes() for path in edition.rglob("*") if path.is_file()}
    assert len(files) > 10
    return files


def places_of(word: str, edition: Path) -> list[str]:
    """Where a word stands in an edition, however it is written; names of files count."""
    pattern = re.compile(rf"(?<![a-z0-9]){re.escape(word.casefold())}")
    found = []
    for name, content in files_of(edition).items():
        found += [
            f"{name}: {line[:200]}"
            for line in (unmasked(name.encode()), *unmasked(content).splitlines())
            if pattern.search(line)
        ]
    return found


@pytest.fixture(scope="module")
def aviary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region with every fact and every transfer of the language, and canaries in all that is private."""
    return write_aviary(tmp_path_factory.mktemp("aviary") / CANARY)


@pytest.fixture(scope="module")
def edition(aviary: Path) -> Path:
    return edition_of(aviary)


def test_the_aviary_has_every_transfer_and_every_fact_of_the_language(aviary: Path) -> None:
    outcomes = [outcome for outcome in books_of(aviary).outcomes if outcome.rejection is None]
    assert {row.name for row in table_rows()} == {t.type for outcome in outcomes for t in outcome.transfers}
    text = "".join(path.read_text() for path in aviary.rglob("*.beancount"))
    assert [fact for fact in FACT_TYPES if f'custom "{fact}"' not in text] == []


def test_no_private_word_stands_in_any_byte_of_an_edition(aviary: Path, edition: Path) -> None:
    assert places_of(CANARY, edition) == []
    assert places_of(digest_of(aviary), edition) == []


def test_no_account_of_a_private_party_is_told(aviary: Path, edition: Path) -> None:
    state = books_of(aviary).machine.state
    private = [company.id for company in state.companies.values() if company.ownership == "workers"]
    assert private
    text = "\n".join(content.decode() for content in files_of(edition).values())
    for party in (*private, *state.members):
        assert f":Companies:{party}:" not in text
        assert f":Members:{party}:" not in text


def test_the_secret_of_the_region_stands_in_no_edition(aviary: Path, edition: Path) -> None:
    record = (aviary / "publication.json").read_text()
    key = json.loads(record)["key"]
    raw = bytes.fromhex(key)
    forms = {key.encode(), key.upper().encode(), raw, raw[::-1], base64.b64encode(raw), base64.urlsafe_b64encode(raw)}
    for name, content in files_of(edition).items():
        assert not any(form in content for form in forms), name
    assert "publication.json" not in files_of(edition)


def test_the_editions_files_are_these_and_no_others(edition: Path) -> None:
    journal = re.compile(r"journal/\d{4}-\d\d\.beancount")
    names = sorted(name for name in files_of(edition) if not journal.fullmatch(name))
    assert [name for name in names if "/" not in name] == [
        "README.md",
        "accounts.beancount",
        "facts.beancount",
        "main.beancount",
    ]
    assert all(re.fullmatch(r"data/[a-z]+\.(json|csv)", name) for name in names if "/" in name)


def test_every_narration_of_an_edition_says_no_more_than_what_it_is_a_total_of(edition: Path) -> None:
    heads = []
    for path in sorted((edition / "journal").iterdir()):
        heads += [line for line in path.read_text().splitlines() if re.match(r"\d{4}-", line)]
    told = re.compile(
        r'[\d-]{10} \* "([a-z_]+|broad type)" "[a-z ]+( of [A-Z]\w+)?( to (the [A-Za-z ]+|[A-Z]\w+|[a-z ]+))?'
        r'(, of [\d-]{10}|, total of \d{4}(-\d\d|-Q\d)?)?"( \^[a-z0-9-]+)?'
    )
    carried = re.compile(
        r'[\d-]{10} \* "(waiting|not told|told again)" '
        r'"(what is not told by itself of )?[\w ]+( is (not told|told again) at the end of| in) \d{4}-\d\d"'
    )
    assert heads
    assert [head for head in heads if not told.fullmatch(head) and not carried.fullmatch(head)] == []


def test_of_a_transaction_only_links_of_plans_are_told(aviary: Path, edition: Path) -> None:
    plans = set(books_of(aviary).machine.state.plans)
    text = "".join(path.read_text() for path in (edition / "journal").iterdir())
    assert set(re.findall(r"\^(\S+)", text)) <= plans


def test_another_order_of_hashes_makes_the_same_bytes(tmp_path: Path) -> None:
    # What depends on the order of a set could carry something that nobody sees.
    editions = []
    program = "from conductor_bean.cli.main import run; run()"
    for seed in ("1", "2"):
        ledger = write_town(tmp_path / seed / "town", both_months())
        (ledger / "publication.json").write_text(editions_record(tmp_path))
        target = tmp_path / seed / "edition"
        command = [sys.executable, "-c", program, "publish", str(ledger), "--to", str(target)]
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": "/bin:/usr/bin"}
        subprocess.run(command, check=True, capture_output=True, env=environment)
        editions.append(files_of(target))
    assert editions[0] == editions[1]


def editions_record(folder: Path) -> str:
    """A record of publications with a secret of its own, as after an edition of the town."""
    path = folder / "first" / "town"
    if not path.exists():
        edition_of(write_town(path, both_months()))
    return (path / "publication.json").read_text()


def test_no_private_word_of_a_region_without_labour_time_is_told(tmp_path: Path) -> None:
    edition = edition_of(write_credits_only(tmp_path / "town"))
    private = (
        "Ada",
        "Bob",
        "Cyd",
        "carla",
        "dora",
        "loan-1",
        "home-1",
        "credit-7",
        "City Bank",
        "Mr Grey",
        "second oven",
    )
    for word in (*private, "till-1", "receipt-7", "nobody of the list", "old bicycle", "a shop in the city"):
        assert places_of(word, edition) == [], word


def test_no_private_word_of_a_region_without_credits_is_told(tmp_path: Path) -> None:
    text = '2026-01-01 custom "basic-service" "haircut" "Ada"\n  name: "Coiffure"\n'
    for day in range(1, 29):
        text += work("Bakery", "Ada", 8, date=f"2026-02-{day:02}") + work("Mill", "Cyd", 6, date=f"2026-02-{day:02}")
    text += consumption("bread", "Assets:Members:Ada:Hours", "Bakery", "1.50", extra='  id: "till-9"\n')
    text += (
        '2026-02-08 * "Bob" "fringe" ^haircut\n  Assets:Members:Bob:Hours -2 HOUR\n  Assets:Members:Ada:Hours 2 HOUR\n'
    )
    text += '2026-02-09 custom "reversal" "till-9"\n  by: "carla"\n  reason: "was stale"\n'
    text += plan("cake", "Mill", a=10, filed="2026-03-03", approved=None)
    text += '2026-03-04 custom "plan-rejection" "cake"\n  by: "dora"\n  reason: "no sugar"\n'
    edition = edition_of(write(tmp_path / "town", text))
    for word in (
        "Ada",
        "Bob",
        "Cyd",
        "Dan",
        "carla",
        "dora",
        "haircut",
        "Coiffure",
        "fringe",
        "till-9",
        "stale",
        "no sugar",
    ):
        assert places_of(word, edition) == [], word


def test_both_economies_of_a_town_tell_no_private_word(tmp_path: Path) -> None:
    edition = edition_of(write_town(tmp_path / "town", both_months()))
    for word in ("Ada", "Bob", "Cyd", "carla", "loan-1", "credit-7", "Mr Grey", "payroll", "a book"):
        assert places_of(word, edition) == [], word


# Once seen to fail: what each of these tells more than it should is found.


@pytest.mark.parametrize(
    "opened", [{"basic-service": ("name",)}, {"plan": ("description",)}, {"loan": ("purpose",)}, {"reversal": ()}]
)
def test_a_publisher_that_tells_facts_as_they_stand_is_found_out(
    aviary: Path, opened: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    books = books_of(aviary)
    honest = "".join(ledger_text.directive_text(fact) for fact in public_facts.public_facts(books))
    assert CANARY not in unmasked(honest.encode())
    monkeypatch.setattr(public_facts, "_TOLD", {**public_facts._TOLD, **opened})
    weakened = "".join(ledger_text.directive_text(fact) for fact in public_facts.public_facts(books))
    assert CANARY in unmasked(weakened.encode())


@pytest.mark.parametrize("mask", ["K%61nari", "K\\u0061nari", "K&#97;nari", "KANARI", "K\u00e4nari", "<kanari@x>"])
def test_a_private_word_is_found_whatever_mask_it_wears(mask: str, tmp_path: Path) -> None:
    edition = edition_of(write_town(tmp_path / "town"))
    assert places_of(CANARY, edition) == []
    with (edition / "data" / "region.json").open("a") as file:
        file.write(mask)
    assert len(places_of(CANARY, edition)) == 1


def test_a_file_named_after_a_member_is_found_out(tmp_path: Path) -> None:
    edition = edition_of(write_town(tmp_path / "town"))
    (edition / "journal").mkdir(exist_ok=True)
    (edition / "journal" / "Ada.beancount").write_text("")
    assert places_of("Ada", edition) == ["journal/Ada.beancount: journal/ada.beancount"]
