"""Where people find this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from whatworks.commission import needing  # noqa: F401  what waits for people of this room
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door

offer_door(
    Door(
        TAKING_PART,
        gettext_lazy("Open calls"),
        ((gettext_lazy("Calls for partners, and who was chosen"), "calls"),),
        gettext_lazy(
            "Councils and others can apply to work with us. The rules of a choice are public before it is made."
        ),
        order=30,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Calls and awards"),
        ((gettext_lazy("Calls, applications and awards"), "calls_work"),),
        permission="commission.work",
        order=220,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Lots of calls"),
        ((gettext_lazy("Commit to a lot"), "lots_work"),),
        permission="trial.custody",
        order=221,
    )
)
