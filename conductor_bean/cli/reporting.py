"""`conductor report`: the region's report of a month or a year, as a page and on paper."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console

from conductor_bean.cli.months import MONTH
from conductor_bean.cli.output import ledger_argument, read, reads_ledger, shown_path, warn
from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.reporting.material import Material
    from conductor_bean.reporting.period import Period

FORMATS = ("html", "pdf")


class FormatsType(click.ParamType[tuple[str, ...]]):
    """Formats of a report, with commas between them."""

    name = "formats"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Hold that each is known."""
        found = tuple(dict.fromkeys(part.strip().lower() for part in str(value).split(",")))
        for name in found:
            if name not in FORMATS:
                self.fail(f"{name!r} is no format of a report; there are {' and '.join(FORMATS)}", param, ctx)
        return found


@click.command()
@ledger_argument
@click.option("--month", type=MONTH, help="The month, as 2026-01.")
@click.option("--year", type=click.IntRange(FIRST_DATE.year, LAST_DATE.year), help="Or the year, as 2026.")
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help="A folder, or one file (.html or .pdf)."
)
@click.option("--format", "formats", type=FormatsType(), help="html, pdf or html,pdf; both by default.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@reads_ledger
def report(
    ledger: Path, month: str | None, year: int | None, target: Path, formats: tuple[str, ...] | None, *, force: bool
) -> None:
    """Write the region's report of a month or a year, as HTML and as PDF, with plots.

    LEDGER is a ledger, or the folder of a public edition. From a ledger the report is for accountants: it names
    companies and plans with figures that are not public; from an edition it is for everybody. Members are only
    counted.
    """
    if (month is None) == (year is None):
        raise click.UsageError("Name either --month, as 2026-01, or --year, as 2026.")
    # What draws is large; no other command should wait for it.
    from conductor_bean.reporting.material import ReportRefusedError, edition_folder, of_edition  # noqa: PLC0415
    from conductor_bean.reporting.period import Period  # noqa: PLC0415
    from conductor_bean.reporting.placing import TargetRefusedError, hold_free  # noqa: PLC0415

    period = Period.month(month) if month is not None else Period.year(year or 0)
    places = _places(target, formats, period.name)
    folder = edition_folder(ledger)
    try:
        if not force:
            hold_free(places.values())
        material = of_edition(folder, period) if folder is not None else _of_ledger(ledger, period)
        _write(material, places, force=force)
    except (ReportRefusedError, TargetRefusedError) as error:
        _refuse(str(error), 2)


def _of_ledger(ledger: Path, period: Period) -> Material:
    from conductor_bean.reporting.material import of_books  # noqa: PLC0415

    return of_books(sound(read(ledger), "a report"), period)


def sound(books: Books, what: str) -> Books:
    """The books where they hold; otherwise their errors are shown and the command ends."""
    if books.errors or not books.complete:
        warn(books)
        _refuse(f"nothing is written; {what} is made of books that hold", 1)
    return books


def _places(target: Path, formats: tuple[str, ...] | None, name: str) -> dict[str, Path]:
    """Which format goes where."""
    suffix = target.suffix.lower().removeprefix(".")
    if target.is_dir() or suffix not in FORMATS:
        if suffix and not target.exists():
            raise click.UsageError(
                f"{str(target)!r} is neither a folder that exists nor a file that ends in .html or .pdf"
            )
        return {each: target / f"report-{name}.{each}" for each in formats or FORMATS}
    if formats not in (None, (suffix,)):
        raise click.UsageError(f"{str(target)!r} ends in .{suffix}; name a folder for several formats")
    return {suffix: target}


def _write(material: Material, places: dict[str, Path], *, force: bool) -> None:
    from conductor_bean.reporting.fonts import NoFontError  # noqa: PLC0415
    from conductor_bean.reporting.page import html  # noqa: PLC0415
    from conductor_bean.reporting.paper import pdf  # noqa: PLC0415
    from conductor_bean.reporting.placing import PRIVATE, PUBLIC, write_files  # noqa: PLC0415
    from conductor_bean.reporting.report import region_report  # noqa: PLC0415

    writers = {"html": html, "pdf": pdf}
    with Console(stderr=True).status("Drawing ...") if sys.stderr.isatty() else nullcontext():
        content = region_report(material)
        try:
            files = {path: writers[name](content) for name, path in places.items()}
        except NoFontError as error:
            _refuse(f"{error}; nothing is written", 2)
    write_files(files, mode=PRIVATE if material.private else PUBLIC, force=force)
    for path in files:
        click.echo(f"wrote {shown_path(str(path))}")


def _refuse(why: str, code: int) -> NoReturn:
    click.echo(f"conductor: {why}", err=True)
    sys.exit(code)
