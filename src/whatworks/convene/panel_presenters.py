"""Panels as pages show them. Who applied is in nothing here but in a person's own page."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone

from whatworks.convene.joining import came_of
from whatworks.convene.methods.agreed import missing
from whatworks.convene.models import Panel, PanelContact
from whatworks.convene.panel_words import words
from whatworks.convene.paneling import held_by, quotas_in
from whatworks.convene.paneling_meetings import came_to


def panel_of(panel: Panel) -> dict[str, Any]:
    """A panel with its meetings and its draw."""
    today = timezone.localdate()
    frozen, drawn = panel.frozen(), panel.drawn()
    calling = frozen is None and Panel.objects.calling(today).filter(pk=panel.pk).exists()
    return {
        "held": panel,
        "kind": words()["kinds"].get(panel.sort, panel.sort),
        "calling": calling,
        "quotas": quotas_in(panel.quotas),
        "categories": list(dict.fromkeys(row[0] for row in panel.quotas)),
        "meetings": [
            {"meeting": one, "came": came_to(one), "came_of": came_of(one)}
            for one in panel.meetings.order_by("-on", "-pk")
        ],
        "frozen": frozen,
        "smallest": f"{frozen.published['smallest'] / frozen.published['tickets']:.1%}" if frozen else "",
        "drawn": drawn,
        "record": json.loads(drawn.document) if drawn else None,
        "parties": panel.parties.order_by("number"),
    }


def mine_of(contact: PanelContact) -> dict[str, Any]:
    """A person's own page."""
    return {
        "contact": contact,
        "panel": contact.panel,
        "missing": missing(contact.age, held_by(contact)) if contact.state in ("applied", "drawn") else [],
        "agreements": contact.agreements.order_by("on", "pk"),
        "sayings": contact.sayings.select_related("meeting").order_by("-at"),
        "payments": [
            {"payment": one, "pounds": f"£{one.pence / 100:.2f}"}
            for one in contact.payments.select_related("meeting", "rate").order_by("-on", "-pk")
        ],
        "came": [
            {"meeting": one.meeting, "came_of": came_of(one.meeting)}
            for one in contact.attendance.select_related("meeting").order_by("-meeting__on", "-pk")
        ],
    }
