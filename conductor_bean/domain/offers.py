"""Products, services and jobs that companies list (seed of Conductor: products and jobs are listed)."""

from __future__ import annotations

from dataclasses import dataclass

JOB = "job"


@dataclass(slots=True)
class Offer:
    """An offer of a company.

    Attributes:
        id: Its id, a link.
        company: Who offers it.
        product: What it is.
        unit: What one of it is.
        price: Price of a unit in units of credits; 0 for a job.
        kind: `product`, `service` or `job`.
        occupation: Of a job.
        hours: Of a job, as text.
        since: Instant of the first offer.
        ended: Instant at which it was taken back, or None.
    """

    id: str
    company: str
    product: str
    unit: str
    price: int
    kind: str
    occupation: str
    hours: str
    since: int
    ended: int | None = None
