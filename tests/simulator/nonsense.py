"""Text that cannot mean anything: refused by its form alone, whatever the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model.events import Nonsense

if TYPE_CHECKING:
    from tests.simulator.generator import Author


def directive(head: str, *metadata: str) -> str:
    """A custom directive with its metadata."""
    return "\n".join([f"custom {head}", *(f"  {line}" for line in metadata)])


def plan(**changes: str | None) -> str:
    """A plan that would be right but for the changes; None leaves the key out."""
    keys: dict[str, str | None] = {
        "product": '"Bread"',
        "unit": '"loaf"',
        "quantity": "10",
        "fixed-means": "1 HOUR",
        "raw-materials": "1 HOUR",
        "labour": "1 HOUR",
        "days": "30",
    }
    keys |= {key.replace("_", "-"): value for key, value in changes.items()}
    metadata = [f"{key}: {value}" for key, value in keys.items() if value is not None]
    return directive('"plan" "plan-of-nothing" "{company}"', *metadata)


def movement(narration: str, *postings: str) -> str:
    """A transaction."""
    return "\n".join([f'* "{narration}"', *(f"  {posting}" for posting in postings)])


A, MEMBER = "Assets:Companies:{company}:A", "Assets:Members:{member}:Hours"
TEXTS = (
    directive('"plann" "p-1" "{company}"'),
    directive('"employment" "{company}"'),
    directive('"member" 42'),
    directive('"member" "lower"'),
    directive('"member" "Has Space"'),
    directive('"plan-approval" "p-1" "p-2"', 'by: "carla"'),
    directive('"member" "Zed"', 'nmae: "Zed"'),
    directive('"reversal" "no-such-id"'),
    plan(quantity="-1"),
    plan(quantity="1.5"),
    plan(days="-3"),
    plan(days="36501"),
    plan(labour="-1 HOUR"),
    plan(labour="1 EUR"),
    plan(labour="1000000000000000 HOUR"),
    plan(labour=None),
    plan(public='"maybe"'),
    movement("unbalanced", f"{A}  -8 HOUR", f"{MEMBER}  7 HOUR"),
    movement("a typo", "Assets:Companies:{company}:AA  -8 HOUR", f"{MEMBER}  8 HOUR"),
    movement("another commodity", f"{A}  -8 EUR", f"{MEMBER}  8 EUR"),
    movement("a price", f"{A}  -8 HOUR @ 1 HOUR", f"{MEMBER}  8 HOUR"),
    movement("no cause", f"{MEMBER}  -1 HOUR", '  transfer: "taxes"', "Equity:PSF  1 HOUR", '  transfer: "taxes"'),
    movement("no plan", "Liabilities:Companies:{company}:PRD  -1 HOUR", "Assets:Companies:{company}:P  1 HOUR"),
    movement(
        "two and two",
        f"{A}  -4 HOUR",
        "Assets:Companies:{company}:R  -4 HOUR",
        f"{MEMBER}  4 HOUR",
        "Equity:PSF  4 HOUR",
    ),
    movement("not our accounts", "Assets:Cash  -4 HOUR", f"{MEMBER}  4 HOUR"),
)
# What a region without regional credits has no use for.
OTHER_ECONOMY = (
    directive('"bank" "PublicBank"', 'ownership: "regional"'),
    directive('"offer" "o-1" "{company}"', 'product: "x"', 'unit: "y"', 'kind: "product"', "price: 1 RSC"),
    directive('"bankruptcy" "{company}"', 'by: "carla"'),
    directive('"month-close" "2026-01"'),
    movement("a gift", "Assets:Members:{member}:Wallet  -1 RSC", "Equity:Outside  1 RSC"),
)


def some(author: Author, texts: tuple[str, ...]) -> Nonsense:
    """Something that no reading makes sense of."""
    member = author.rng.choice(author.parties("member", ended=True))
    company = author.rng.choice(author.parties("company", ended=True))
    text = author.rng.choice(texts)
    return Nonsense(author.now, text.format(member=member, company=company))
