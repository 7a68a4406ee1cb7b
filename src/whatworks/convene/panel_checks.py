"""How panels, events and consultations are verified: rows as they were entered, draws that come out again from their record."""

from __future__ import annotations

import hashlib
import json

from whatworks.convene.methods.lottery import first_difference
from whatworks.convene.models import (
    Consultation,
    Gathering,
    KeyMessage,
    MessageDone,
    Panel,
    PanelDraw,
    PanelFreeze,
    PanelMeeting,
    PanelParty,
    PanelRate,
    Theme,
)
from whatworks.errors import WhatworksError
from whatworks.ledger.verification import Difference, Report, check, check_digests

ROWS = {
    "panels": Panel,
    "commitments to panels": PanelParty,
    "frozen lists of panels": PanelFreeze,
    "draws of panels": PanelDraw,
    "meetings of panels": PanelMeeting,
    "rates of pay": PanelRate,
    "events": Gathering,
    "consultations": Consultation,
    "themes of consultations": Theme,
    "key messages": KeyMessage,
    "what was done about key messages": MessageDone,
}


@check("convene panels")
def check_panels(report: Report) -> None:
    """Every row as it was entered; each draw is repeated from its record, and belongs to what was frozen."""
    for name, model in ROWS.items():
        check_digests(report, model.objects.all(), name, whole=model)
    for drawn in PanelDraw.objects.select_related("panel__freeze").iterator(20):
        if problem := _problem(drawn):
            report.differences.append(Difference(drawn.pk, problem, drawn.digest, None))


def _problem(drawn: PanelDraw) -> str | None:
    if hashlib.sha256(drawn.document.encode()).hexdigest() != drawn.digest:
        return "the record of the draw has another digest"
    try:
        held = json.loads(drawn.document)
        if held["frozen"] != drawn.panel.freeze.published:
            return "the draw is of another list than was frozen"
        return first_difference(held)
    except (ValueError, KeyError, TypeError, WhatworksError) as error:
        return f"the record of the draw cannot be read: {error}"
