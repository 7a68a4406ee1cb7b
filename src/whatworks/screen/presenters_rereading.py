"""Reading again, as a page shows it: how far it is, and the next report for this person, without what others said."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from whatworks.screen.methods.lots import lot
from whatworks.screen.models import Candidate, Review
from whatworks.screen.presenters_screening import records
from whatworks.screen.rereading import WANTED, Row, row_of
from whatworks.screen.reviewing import rules_of
from whatworks.screen.stopping import pool


def reread_page(review: Review, actor: str) -> dict[str, Any]:
    """How far the reading is, and the report that this person is handed."""
    rules, row = rules_of(review), row_of(pool(review))
    waiting = row.waiting_for(actor)
    # Each begins elsewhere, so that two who read at the same time seldom read the same.
    chosen = min(waiting, key=lambda pk: lot(rules.seed, actor, pk), default=None)
    held = [] if chosen is None else [Candidate.objects.get(pk=chosen)]
    record = records(held, by=actor, terms=(rules.terms_for, rules.terms_against))
    return {
        "rules": rules,
        "record": record[0] if record else None,
        "key": uuid.uuid4().hex,
        "answer": _answer(row),
        "short": max(WANTED - len(row.reports), 0),
        "wanted": WANTED,
        "waiting": len(waiting),
        "others": len(row.reports) - row.done,
        "found": row.found,
    }


def _answer(row: Row) -> str:
    if not row.reports:
        return _("No excluded report can be read again yet.")
    if row.done == WANTED:
        return _("Done: %(wanted)s in a row were read again, and none belongs in.") % {"wanted": WANTED}
    return _("%(done)s of %(wanted)s reports have been read again without a find.") % {
        "done": row.done,
        "wanted": f"{WANTED:,}",
    }
