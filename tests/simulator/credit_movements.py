"""Random transactions in regional credits: trade, wages and loans."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.model.credits.past import about, outstanding
from tests.model.events import Leg, Transaction, account, is_component
from tests.simulator.movements import finished

if TYPE_CHECKING:
    from tests.simulator.generator import Author


def paid(
    author: Author, debit: str, credit: str, amount: Decimal, *, link: str | None = None, transfer: str | None = None
) -> Transaction | None:
    """One transfer; nothing where there is nothing to pay."""
    if amount <= 0:
        return None
    made = finished(author, [Leg(debit, -amount), Leg(credit, amount)], (link,) if link else ())
    return replace(made, transfer=transfer)


def wallet(author: Author, kind: str | None = None) -> str:
    """The wallet of a member or a company."""
    kind = kind or author.rng.choice(("member", "member", "company"))
    name = author.one(author.parties(kind))
    return account(f"{kind}_wallet", name if is_component(name) else "Nobody")


def what(author: Author, name: str) -> Decimal:
    """An amount that an account mostly has."""
    return author.part_of(author.state.balances.get(name, Decimal(0)))


def gift(author: Author) -> Transaction | None:
    """From one person to another, or to two, or of two to one."""
    giver, first, second = (wallet(author, "member") for _ in range(3))
    amount = what(author, giver)
    if len({giver, first, second}) == 3 and author.rng.random() < 0.3 and amount:
        return shared(author, giver, {first: amount, second: amount * author.rng.choice((1, 1, 2))})
    return paid(author, giver, first, amount) if giver != first or author.wrong() else None


def shared(
    author: Author, one: str, parts: dict[str, Decimal], transfer: str | None = None, *, reverse: bool | None = None
) -> Transaction:
    """One account pays several, or is paid by several."""
    sign = -1 if (author.rng.random() < 0.3 if reverse is None else reverse) else 1
    legs = [Leg(one, -sign * sum(parts.values(), Decimal(0)))]
    made = finished(author, [*legs, *(Leg(name, sign * amount) for name, amount in parts.items())])
    return replace(made, transfer=transfer)


def purchase(author: Author) -> Transaction | None:
    """An offer, as much as one can mostly pay."""
    rng = author.rng
    offers = [found for found in author.state.credits.offers.values() if author.wrong() or found.ended is None]
    offers = [found for found in offers if author.wrong() or found.kind != "job"]
    if not offers:
        return None
    found = rng.choice(offers)
    buyer, seller = wallet(author), account("company_wallet", found.company)
    quantity: int | Decimal = rng.choice((1, 1, 2, 3, 10, Decimal("0.5"), Decimal("2.125"), Decimal("0.000001")))
    amount = author.state.round_credits(Fraction(found.price or 1) * Fraction(quantity))
    if (buyer == seller and not author.wrong()) or (amount == 0 and buyer.startswith("Assets:Companies")):
        return None
    if amount > author.state.balances[buyer] and not author.wrong():
        return None
    made = finished(author, [Leg(buyer, -amount), Leg(seller, amount)], (found.id,))
    transfer = "purchase" if rng.random() < 0.3 else None
    return replace(made, quantity=quantity, transfer=transfer)


def sell_outside(author: Author) -> Transaction | None:
    """To a buyer outside, or in another region; perhaps of an offer, so that the units sold are known."""
    rng = author.rng
    company = wallet(author, "company")
    amount = author.credits(1, rng.choice((10, 200, 3000)))
    buyer, transfer = account("outside"), "external_sale"
    if rng.random() < 0.4:
        buyer, transfer = account("clearing", rng.choice(("Lakeside", "Hills"))), "interregional_sale"
    offers = author.state.credits.offers.values()
    mine = [found.id for found in offers if account("company_wallet", found.company) == company and found.kind != "job"]
    if rng.random() < 0.1 and (other := wallet(author, "company")) != company:
        return shared(author, buyer, {company: amount, other: author.credits(1, 90)}, transfer, reverse=False)
    made = paid(author, buyer, company, amount, link=rng.choice(mine) if mine else None, transfer=transfer)
    return replace(made, quantity=rng.choice((1, Decimal("2.5")))) if made is not None and mine else made


def buy_outside(author: Author) -> Transaction | None:
    """From outside, or from another region."""
    rng = author.rng
    buyer = wallet(author)
    by_company = buyer.startswith("Assets:Companies")
    if rng.random() < 0.3:
        transfer = None if by_company else "interregional_purchase"
        return paid(author, buyer, account("clearing", "Lakeside"), what(author, buyer), transfer=transfer)
    # Some spend all that they have, and cannot pay what falls due.
    amount = author.state.balances[buyer] if rng.random() < 0.2 else what(author, buyer)
    made = paid(author, buyer, account("outside"), amount)
    if made is None:
        return None
    told = by_company and not author.wrong()
    return replace(made, transfer="external_purchase" if by_company else None, input="salt" if told else None)


def give_abroad(author: Author) -> Transaction | None:
    """To a person in another region, or from one."""
    member, clearing = wallet(author, "member"), account("clearing", author.rng.choice(("Lakeside", "Hills")))
    if author.rng.random() < 0.5:
        return paid(author, clearing, member, author.credits(1, 50))
    return paid(author, member, clearing, what(author, member), transfer="interregional_gift")


def surcharge(author: Author) -> Transaction | None:
    payer = author.rng.choice((account("outside"), account("clearing", "Lakeside")))
    return paid(author, payer, account("treasury"), author.credits(1, 50), transfer="surcharge")


def repay(author: Author) -> Transaction | None:
    """A loan before it is due, some of it or all."""
    loans = [
        loan for loan in author.state.credits.loans.values() if author.wrong() or outstanding(author.state, loan.id)
    ]
    if not loans:
        return None
    loan = author.rng.choice(loans)
    if loan.granted == author.now or loan.id in author.changed or author.touch(("loan", loan.id)):
        return None
    payer = account(f"{author.state.parties[loan.borrower].kind}_wallet", loan.borrower)
    amount = min(what(author, payer), outstanding(author.state, loan.id))
    if author.wrong():
        amount = outstanding(author.state, loan.id) + author.credits(1, 9)
    return paid(author, payer, account("bank", loan.bank), amount, link=loan.id)


def draw(author: Author) -> Transaction | None:
    """On a loan from elsewhere, or back to the lender."""
    loans = list(author.state.credits.outside_loans.values())
    if not loans:
        return None
    loan = author.rng.choice(loans)
    if loan.id in author.changed or author.touch(("outside-loan", loan.id)):
        return None
    borrower = account("company_wallet", loan.company)
    drawn = about(author.state, loan.id, "outside_loan")
    if drawn and author.rng.random() < 0.4:
        amount = what(author, borrower)
        return paid(author, borrower, account("outside"), amount, link=loan.id, transfer="outside_repayment")
    amount = author.part_of(loan.principal - drawn)
    return paid(author, account("outside"), borrower, amount, link=loan.id, transfer="outside_loan")


def pay_wages(author: Author) -> Transaction | None:
    """Where labour time is off, wages are written down with the hours that they are for."""
    rng = author.rng
    pairs = sorted(author.state.employments)
    if not pairs or author.region.labour:
        return None
    company, _ = rng.choice(pairs)
    workers = [worker for at, worker in pairs if at == company]
    legs = []
    for worker in rng.sample(workers, rng.randint(1, min(3, len(workers)))):
        if author.touch(worker):
            continue
        job = author.state.employments[company, worker]
        pay = author.region.occupation(job.occupation or "", author.now)
        least, most = pay or (Decimal(1), Decimal(1))
        hours = Decimal(rng.randint(1, 40)) / 4 + (15 if author.wrong() else 0)
        amount = Fraction(hours) * (Fraction(least) + Fraction(job.productivity) * Fraction(most - least))
        legs.append(Leg(account("member_wallet", worker), author.state.round_credits(amount), hours))
    total = sum((leg.amount for leg in legs), Decimal(0))
    if not total:
        return None
    return finished(author, [Leg(account("company_wallet", company), -total), *legs])


MOVEMENTS = {
    gift: 2,
    purchase: 6,
    sell_outside: 3,
    buy_outside: 2,
    give_abroad: 1,
    surcharge: 0.5,
    repay: 1.5,
    draw: 2,
    pay_wages: 6,
}
