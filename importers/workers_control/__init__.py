"""Imports the database of a Workers Control app as a region's folder.

The folder holds the facts and, in full, what the app recorded: the consumption, the hours, and also the taxes, credits
and compensations that it derived from them. So `conductor check` audits the app: it computes all of that anew and
compares. The importer itself holds no rule but what it needs to infer what the app does not record (who worked or
cooperated at an earlier time).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from conductor_bean.importers.workers_control.breaches import breaches_of, let_pass
from conductor_bean.importers.workers_control.database import open_database
from conductor_bean.importers.workers_control.errors import ImportRefusedError
from conductor_bean.importers.workers_control.facts import Fact, Facts, facts_of, first_date
from conductor_bean.importers.workers_control.folder import check_target, write_folder
from conductor_bean.importers.workers_control.ids import assign_ids
from conductor_bean.importers.workers_control.memberships import infer_memberships
from conductor_bean.importers.workers_control.reading import read_app
from conductor_bean.importers.workers_control.records import App
from conductor_bean.importers.workers_control.region import Settings, main_text, region_text
from conductor_bean.importers.workers_control.report import Report
from conductor_bean.importers.workers_control.rounding import overdraw_of_rounding
from conductor_bean.importers.workers_control.sights import sights_of
from conductor_bean.importers.workers_control.writing import Journal, write_fact

__all__ = ["ImportRefusedError", "Report", "Settings", "import_database", "write_region"]


def import_database(database: str, target: Path, settings: Settings | None = None) -> Report:
    """Makes a region's folder of the database of a Workers Control app.

    The same database gives the same bytes, whether it lies in SQLite or in PostgreSQL.

    Args:
        database: Path of an SQLite file, or a `postgresql://` URL. It is only read.
        target: The folder to make. It must not exist, or be empty.
        settings: The region's id and what it has decided: the app's settings are not in its database.

    Returns:
        Counts of what was read, inferred and left out.

    Raises:
        ImportRefusedError: When the database is not the app's, is damaged or contradicts itself, or the folder is not
            free. Nothing is written then.
    """
    settings = settings or Settings()
    settings.check()
    folder = check_target(target)
    with open_database(database) as source:
        app = read_app(source)
    files, report = write_region(app, target, settings)
    write_folder(folder, files)
    return report


def write_region(app: App, target: Path, settings: Settings) -> tuple[dict[str, str], Report]:
    """The files of a region by their path in its folder, and what was inferred for them.

    Args:
        app: The app, read in whole.
        target: The folder that the report names.
        settings: The region's id and what it has decided.
    """
    ids = assign_ids(app)
    memberships = infer_memberships(app, sights_of(app))
    breaches = breaches_of(app)
    facts = facts_of(app, ids, memberships, breaches)
    months = Journal(app, ids, memberships.unexplained, breaches).months()
    rounding = Decimal(0) if settings.overdraw is None else overdraw_of_rounding(app, settings.overdraw)
    report = _report(app, facts, len(memberships.unexplained), target)
    files = {
        "region.yaml": region_text(settings, first_date(app), rounding),
        "parties.beancount": _text("Accountants, members, companies, and who worked where.", facts.parties),
        "plans.beancount": _text("Plans, decisions about them, cooperations and basic services.", facts.plans),
    }
    files |= {f"journal/{month}.beancount": text for month, text in sorted(months.items())}
    report.let_pass.extend(let_pass(files))
    return {"main.beancount": main_text(settings, first_date(app), sorted(months), report), **files}, report


def _text(title: str, facts: list[Fact]) -> str:
    return "\n\n".join([f"; {title}", *(write_fact(fact) for fact in facts)]) + "\n"


def _report(app: App, facts: Facts, unexplained: int, target: Path) -> Report:
    read = {
        "accountants": len(app.accountants),
        "members": len(app.members),
        "companies": len(app.companies),
        "jobs": len(app.jobs),
        "plans": len(app.plans),
        "approvals": len(app.approvals),
        "rejections": len(app.rejections),
        "cooperations": len(app.cooperations),
        "present memberships": sum(plan.home is not None for plan in app.plans),
        "coordination tenures": sum(len(cooperation.tenures) for cooperation in app.cooperations),
        "coordination requests": sum(len(cooperation.requests) for cooperation in app.cooperations),
        "basic services": len(app.services),
        "registrations of hours": len(app.hours),
        "consumptions of plans": len(app.consumptions),
        "consumptions of basic services": len(app.service_consumptions),
        "transfers": len(app.transfers),
    }
    compensations = [event.compensation for event in app.consumptions if event.compensation is not None]
    left_out = {
        "drafts of plans": app.drafts,
        "invitations to work": app.invitations,
        "marks that hide a plan": sum(plan.hidden for plan in app.plans),
        "compensations below the tenth decimal": sum(not transfer.value for transfer in compensations),
    }
    notes = list(facts.notes)
    if unexplained:
        notes.append(
            f"{unexplained} consumptions have a price or a compensation that follows from no membership of cooperations"
            " that was found; they are written as recorded and tagged #not-inferred"
        )
    if app.orphans:
        notes.append(
            f"{len(app.orphans)} transfers belong to no event of the app; they are written as recorded and tagged"
            " #without-event"
        )
    return Report(target, read, facts.inferred, left_out, notes)
