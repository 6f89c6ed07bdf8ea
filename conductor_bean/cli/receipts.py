"""`conductor receipt` and `conductor verify-receipt`: somebody finds her own transfers in an edition."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import click

from conductor_bean.cli.output import json_option, ledger_argument, load, moment, print_json, print_table, reads_ledger
from conductor_bean.cli.output import warn as warn_of_errors
from conductor_bean.domain.problems import did_you_mean, printable
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books
from conductor_bean.publish.key import RecordRefusedError, read_publication
from conductor_bean.publish.receipt_reader import NotReadableError, Receipt, read_edition, read_receipt
from conductor_bean.publish.receipts import ReceiptRefusedError, private_parties
from conductor_bean.publish.receipts import receipt as receipt_of
from conductor_bean.publish.verifying import Fault, faults


@click.command()
@ledger_argument
@click.argument("party")
@click.option("--to", "target", type=click.Path(path_type=Path), help="The file to write; it must not exist yet.")
@json_option
@reads_ledger
def receipt(ledger: Path, party: str, target: Path | None, *, as_json: bool) -> None:
    """Make the receipt of PARTY, a member or a company that workers own, for the latest edition.

    It holds her statement, and for each transfer the leaf, the blind and the audit path that lead to the tree head in
    the edition's data/edition.json (RFC 9162). It is hers alone: whoever holds it reads her statement.
    """
    if target is not None and (target.exists() or target.is_symlink()):
        raise click.UsageError(f"{str(target)!r} exists; nothing was written: give --to a file that does not exist yet")
    books = load(ledger)
    if books.errors:
        warn_of_errors(books)
        _end("no receipt is made of a ledger with errors, since its edition would be another; mend them first", 1)
    _check_private(books, party)
    try:
        document = receipt_of(books, read_publication(books.main.parent), party)
    except RecordRefusedError as error:
        _end(str(error), 2)
    except ReceiptRefusedError as error:
        _end(str(error), 1)
    if target is not None:
        _write(target, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    if as_json:
        print_json(document)
    elif target is not None:
        click.echo(
            f"wrote {target}: {len(document['leaves'])} transfers of {party} up to {moment(document['through'])}; "
            "it is for nobody else"
        )
        click.echo(f"next: conductor verify-receipt {target} --edition DIR")
    else:
        _print_receipt(books, document)


def _check_private(books: Books, party: str) -> None:
    parties = private_parties(books)
    if party in parties:
        return
    if party in reports.owners(books):
        _end(
            f"the books of {party} are public and stand in the edition in full; receipts are for members and for "
            "companies that workers own",
            2,
        )
    _end(f"there is no member or company {party!r} with accounts{did_you_mean(party, parties)}", 2)


def _print_receipt(books: Books, document: dict[str, Any]) -> None:
    tree = document["tree"]
    rows = zip(document["statement"]["transfers"], document["leaves"], strict=True)
    print_table(
        f"{books.region.name}: receipt of {document['party']} up to {moment(document['through'])}",
        ("when", "transfer", "debit", "credit", ">amount", "", ">leaf", "blind"),
        [
            (
                *(moment(row["instant"]), row["type"], row["debit"], row["credit"], row["amount"], row["commodity"]),
                *(leaf["index"], f"{leaf['blind'][:8]}..."),
            )
            for row, leaf in rows
        ],
        f"root {tree['root']} of {tree['leaves']} leaves; --to FILE writes what `conductor verify-receipt` checks",
    )


def _write(target: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner alone to read."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).rename(target)
        except BaseException:
            Path(name).unlink()
            raise
    except OSError as error:
        _end(f"{str(target)!r} cannot be written: {error.strerror or error}; nothing was written", 2)


@click.command("verify-receipt")
@click.argument("receipt_file", metavar="RECEIPT", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
@click.option("--edition", type=click.Path(path_type=Path), help="The folder of the edition; or name it as DIR.")
@json_option
def verify_receipt(receipt_file: Path, folder: Path | None, edition: Path | None, *, as_json: bool) -> None:
    """Check RECEIPT against an edition alone: neither the ledger nor the region's secret is needed.

    Every leaf must lead to the edition's tree head, leaves and statement must be of the same transfers, and opening,
    transfers and closing must agree. Exit status: 0 where all of it holds, 1 where something does not (one line for
    each fault), 2 where RECEIPT is no receipt or DIR no edition.
    """
    if (folder is None) == (edition is None):
        raise click.UsageError("Name the edition once: --edition DIR, or DIR after RECEIPT.")
    try:
        head = read_edition(edition or folder or Path())
        found = read_receipt(receipt_file)
    except NotReadableError as error:
        _end(str(error), 2)
    wrong = faults(found, head)
    if as_json:
        print_json(_verdict(found, wrong))
    else:
        _print_verdict(str(receipt_file), found, wrong)
    sys.exit(1 if wrong else 0)


def _verdict(found: Receipt, wrong: list[Fault]) -> dict[str, Any]:
    return {
        "ok": not wrong,
        "party": found.party,
        "through": found.head.through,
        "transfers": len(found.transfers),
        "faults": [fault._asdict() for fault in wrong],
    }


def _print_verdict(name: str, found: Receipt, wrong: list[Fault]) -> None:
    for fault in wrong:
        click.echo(f"{printable(name)}: {fault.where}: {fault.message}")
    if wrong:
        click.echo(f"{printable(name)}: does not hold: {len(wrong)} fault(s)")
        return
    click.echo(
        f"{printable(name)}: holds: all {len(found.transfers)} transfers of {found.party} up to "
        f"{moment(found.head.through)} are in the edition, and the balances follow from them"
    )
    click.echo("Now read the statement in it: that nothing is missing or made up only its owner can tell.")


def _end(message: str, status: int) -> NoReturn:
    click.echo(f"conductor: {message}", err=True)
    sys.exit(status)
