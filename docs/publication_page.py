"""The generated page of the hierarchy by which a public edition merges totals."""

from __future__ import annotations

from collections.abc import Iterator

from conductor_bean.domain.transfers import rows
from conductor_bean.publish.hierarchy import IN_FULL, BroadType, broad_types
from docs.markup import page, table


def publication_page() -> str:
    """The page of the hierarchy by which a public edition merges totals."""
    merged = [broad for broad in broad_types() if broad.name != IN_FULL]
    in_full = [broad for broad in broad_types() if broad.name == IN_FULL]
    return page(
        "How an edition merges totals",
        "A public edition tells what members and companies of workers did as totals alone. A total that would say too "
        "much of somebody is merged with others, and in which order is declared beforehand, for all regions: it is "
        "`conductor_bean/publication.yaml`, and `conductor publish` and this page read it there. "
        "[Publishing](publishing.md) tells when a total says too much.",
        "Three steps, each taken only where the one before was not enough: **type** (one transfer, apart by the "
        "regional companies, cooperations, banks, pools and neighbours that take part, then of all of them "
        "together), **broad type** (the transfers of one line below), **other** (several broad types together). What "
        "is unsafe as a broad type becomes a part of *other*; and where *other* is unsafe too, it takes in the broad "
        "types of this list, one after the other from the top. What is unsafe even then waits: from the **month** to "
        "the **quarter** to the **year**.",
        table(
            ("broad type", "meaning", "transfers"),
            [(f"[{broad.name}](#{broad.name})", broad.meaning.strip(), _types(broad)) for broad in merged],
        ),
        *(line for broad in merged for line in _broad_section(f"### {broad.name}", broad)),
        *(line for broad in in_full for line in _broad_section("## In full, whoever takes part", broad)),
        "Every transfer between public accounts alone is told in full too, unless it tells of somebody: the sales tax "
        "of a regional company and the surplus of a regional bank follow from private payments; behind a neighbour's "
        "clearing account and outside the region somebody pays or is paid; and a settlement is the sum of what people "
        "of two regions did. These are merged as above, and a settlement is told in full where it passes.",
    )


def _types(broad: BroadType) -> str:
    return ", ".join(f"`{name}`" for name in broad.types)


def _broad_section(title: str, broad: BroadType) -> Iterator[str]:
    """A broad type with all rows of its transfers in the table of transfers."""
    yield title
    meaning = broad.meaning.strip()
    yield f"{meaning[0].upper()}{meaning[1:]}."
    mine = [row for name in broad.types for row in rows() if row.name == name]
    yield table(
        ("transfer", "from", "to", "commodity", "what it means"),
        [
            (f"[{row.name}](transfers.md#{row.name})", row.debit, row.credit, row.commodity, row.explanation.strip())
            for row in mine
        ],
    )
