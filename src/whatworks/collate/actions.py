"""What people do with what has been written: the front door to imports, matches and retractions."""

from __future__ import annotations

import datetime

from django.db import transaction

from whatworks.collate.importing import (
    add_records,
    add_source,
    as_read,
    close_import,
    import_file,
    open_import,
    report_of,
    source_named,
)
from whatworks.collate.matching import choose_field, decide, decide_together, let_rules_merge, undo
from whatworks.collate.merging import regroup
from whatworks.collate.models import MatchDecision, MatchProposal, Report
from whatworks.collate.proposing import propose_matches
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said

__all__ = [
    "add_records",
    "add_source",
    "as_read",
    "choose_field",
    "close_import",
    "confirm_match",
    "decide",
    "decide_together",
    "import_file",
    "let_rules_merge",
    "mark_retracted",
    "open_import",
    "propose_matches",
    "refuse_match",
    "report_of",
    "source_named",
    "undo",
    "undo_match",
]


def confirm_match(*, by: str, match: MatchProposal) -> None:
    """Say that the two reports of a proposal are one: from now on one speaks for both."""
    decide(by=by, left=match.left_id, right=match.right_id, decision=MatchDecision.SAME)


def refuse_match(*, by: str, match: MatchProposal) -> None:
    """Say that the two reports of a proposal are different."""
    decide(by=by, left=match.left_id, right=match.right_id, decision=MatchDecision.DIFFERENT)


def undo_match(*, by: str, match: MatchProposal) -> None:
    """Take back what was decided last about the two reports of a proposal; a ConflictError where nothing was."""
    last = MatchDecision.objects.of(match.left_id, match.right_id).last()
    if last is None:
        raise ConflictError(said("Nobody has decided on this pair yet; there is nothing to take back."))
    undo(by=by, decision=last)


@transaction.atomic
def mark_retracted(*, by: str, report: Report, on: datetime.date, notice_url: str) -> list[str]:
    """Record that a report was withdrawn by its publisher. All that rests on it is marked stale; nothing is deleted.

    The report through which it speaks says so too. Returns the identifiers marked.
    """
    if not notice_url.startswith(("https://", "http://")):
        raise InputError(said("A retraction needs the address of its notice, beginning with https://."))
    report.retracted_on, report.retraction_url = on, notice_url
    report.chosen = {name: one for name, one in report.chosen.items() if name != "retracted_on"}
    report.save(update_fields=["retracted_on", "retraction_url", "chosen"])
    payload = {"on": on.isoformat(), "notice": notice_url}
    event = record(verb="collate.retract", by=by, about=[report], payload=payload, audience=PUBLIC)
    regroup([report.pk], event=event)
    return mark_stale(report.pk, report.speaker().pk, event=event)
