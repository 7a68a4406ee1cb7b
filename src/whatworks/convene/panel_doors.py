"""Where people find panels, events and consultations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door

DOORS = (
    Door(
        TAKING_PART,
        _("Meet us, and tell us what you think"),
        (
            (_("Panels: groups that meet again and again"), "panels"),
            (_("Events"), "gatherings"),
            (_("Consultations: what we ask, and what people answered"), "consultations"),
            (_("What we said we would do"), "messages"),
        ),
        says=_(
            "Panels are chosen by a lot that anybody can check. Everybody who is not drawn is offered another way in."
        ),
        order=20,
    ),
    Door(
        WORKSPACE,
        _("Panels, events, consultations"),
        ((_("Panels"), "panels_work"), (_("Events"), "gatherings_work"), (_("Consultations"), "consultations_work")),
        permission="convene.run",
        order=20,
    ),
    Door(WORKSPACE, _("Coding answers"), ((_("Answers to code"), "coding_work"),), permission="convene.code", order=21),
)
for door in DOORS:
    offer_door(door)
