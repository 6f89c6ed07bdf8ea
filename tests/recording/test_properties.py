"""Whatever is typed: what is added checks clean and is read back as it was meant, or nothing has changed."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from beancount.core import data
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor_bean.ledger.books import load_books
from tests.recording.valley import add, added, bytes_of, write_valley

texts = st.text(max_size=30)
plain = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40).filter(str.isprintable)
amounts = st.decimals("0.01", "400", places=2)
lean = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@lean
@given(narration=plain, payee=plain, amount=amounts, day=st.integers(1, 28), month=st.integers(1, 12))
def test_a_gift_is_read_back_as_it_was_meant(narration: str, payee: str, amount: Decimal, day: int, month: int) -> None:
    date = f"2026-{month:02}-{max(day, 3):02}"
    with tempfile.TemporaryDirectory() as name:
        folder = write_valley(Path(name))
        words = (
            "gift",
            "Ada",
            "Bob",
            f"{amount:f}",
            f"--narration={narration}",
            f"--payee={payee}",
            "--ahead",
            "--date",
            date,
        )
        document = added(folder, *words)
        books = load_books(folder)
        assert not books.errors
        (entry,) = [
            entry
            for entry in books.entries
            if isinstance(entry, data.Transaction) and entry.meta.get("id") == document["id"]
        ]
        assert (entry.payee, entry.narration, entry.date.isoformat()) == (payee, narration, date)
        assert [posting.units.number for posting in entry.postings] == [-amount, amount]
        assert entry.meta["filename"].endswith(document["file"])
        assert entry.meta["lineno"] == document["line"]


@lean
@given(quantity=st.integers(1, 900), member=st.sampled_from(["Ada", "Bob", "Cyd"]))
def test_a_consumption_costs_its_price_times_its_quantity(quantity: int, member: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        document = added(write_valley(Path(name)), "consume", member, "bread", quantity)
        (row,) = [row for row in document["transfers"] if not row["derived"]]
        assert Decimal(row["amount"]) == Decimal("1.50") * quantity


@lean
@given(
    kind=st.sampled_from(["member", "gift", "consume", "hours", "plan", "offer", "reversal", "issue"]),
    values=st.lists(st.one_of(texts, st.sampled_from(["Ada", "Bakery", "bread", "3", "-1", "Ada=8"])), max_size=4),
    name=texts,
)
def test_whatever_is_typed_the_ledger_holds_afterwards(kind: str, values: list[str], name: str) -> None:
    with tempfile.TemporaryDirectory() as where:
        folder = write_valley(Path(where))
        before = bytes_of(folder)
        option = f"--narration={name}" if kind in {"gift", "consume", "hours", "issue"} else f"--name={name}"
        result = add(
            folder, kind, *([option] if kind in {"gift", "consume", "hours", "issue", "member"} else []), "--", *values
        )
        assert result.exit_code in {0, 1, 2}
        assert (bytes_of(folder) == before) == (result.exit_code != 0)
        assert not load_books(folder).errors
