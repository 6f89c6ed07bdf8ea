"""Who rates the productivity of a worker: her peers, or the industry's standard (seed of Conductor, "Wages")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.problems import quoted

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact


def check_rating(context: Context, fact: Fact) -> None:
    """Hold that peers rate a worker, or that it is said whose measure her productivity is.

    RULES.md, part B, "Productivity".

    Raises:
        Rejection: `rater-is-not-a-peer`.
    """
    company, worker = fact.ids
    if not fact.by and not fact.data["standard"]:
        context.advise(
            "rated-by-nobody",
            f"nobody says who rated the productivity of {quoted(worker)} at {quoted(company)}; name peers who work "
            "there in by:, or say whose measure it is with standard:",
        )
    strangers = [name for name in fact.by if name == worker or not context.staff.holds(context.state, company, name)]
    if strangers:
        who = ", ".join(quoted(name) for name in strangers)
        found = "rates herself" if strangers == [worker] else f"does not work at {quoted(company)} at this instant"
        message = (
            f"by: {who} {found}; productivity of {quoted(worker)} is rated by others who work there: name them, or say "
            "whose measure it is with standard:"
        )
        context.object_to("rater-is-not-a-peer", message)
