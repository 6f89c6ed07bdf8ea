"""What the app's own rounding adds to the overdraw that it allows.

The app compares what a member spends with the sum of her transfers as its database adds them up; the ledger keeps each
of them at ten decimals. After three taxes of a third, 16 hours that she has are 15.9999999999 here: no overdraw.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.importers.workers_control.values import PRECISION

if TYPE_CHECKING:
    from conductor_bean.importers.workers_control.records import Account, App, Transfer


def overdraw_of_rounding(app: App, overdraw: Decimal) -> Decimal:
    """Hours by which members fall below the overdraw for no other reason than rounding; 0 where none does.

    Each transfer of a member may be off by one unit of the last decimal. Who falls deeper has overdrawn: her spending
    is left to `conductor check`, which sets it aside.

    Args:
        app: The app, read in whole.
        overdraw: What the app allows, in hours.
    """
    needed = Decimal(0)
    balances: dict[str, Decimal] = defaultdict(Decimal)
    rounded: dict[str, Decimal] = defaultdict(Decimal)
    for spends, transfers in _events(app):
        moved = [(side.owner, value) for side, value in _sides(transfers) if side.kind == "member"]
        for owner, value in moved:
            balances[owner] += value
            rounded[owner] += PRECISION
        spent = transfers[0]
        if not spends or spent.debit.kind != "member" or spent.value <= 0:
            continue
        lack = -overdraw - balances[spent.debit.owner]
        if 0 < lack <= rounded[spent.debit.owner]:
            needed = max(needed, lack)
        elif lack > 0:
            for owner, value in moved:
                balances[owner] -= value
    return needed


def _sides(transfers: tuple[Transfer, ...]) -> list[tuple[Account, Decimal]]:
    return [
        side
        for transfer in transfers
        for side in ((transfer.debit, -transfer.value), (transfer.credit, transfer.value))
    ]


def _events(app: App) -> list[tuple[bool, tuple[Transfer, ...]]]:
    """The transfers of each event with members, and whether it spends, in order."""
    events: list[tuple[bool, tuple[Transfer, ...]]] = []
    events += [(False, (hours.certificates, hours.taxes)) for hours in app.hours]
    events += [(True, (consumption.transfer,)) for consumption in app.consumptions if consumption.quantity > 0]
    events += [(True, (consumption.transfer, consumption.taxes)) for consumption in app.service_consumptions]
    events += [(False, (transfer,)) for transfer in app.orphans]
    return sorted(events, key=lambda event: (event[1][0].instant, event[1][0].number))
