"""What this room can show on the pages of lower rooms' subjects, and where people find it."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.implement.models import Adaptation, Site
from whatworks.implement.presenters import entry_of
from whatworks.implement.showing import TEAM, shown
from whatworks.ledger.sections import Section, offer
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door
from whatworks.trial.sighting import hidden, will_hide


def sites_of(intervention: str) -> Section | None:
    """The sites that do an intervention and agreed to be shown; nothing where there is none."""
    held = [entry_of(site) for site in shown() if site.revision.page.intervention_id == intervention]
    if not held:
        return None
    return Section(_("Sites"), render_to_string("implement/_sites_here.html", {"sites": held}))


def sites_in(trial: str) -> Section | None:
    """The sites of a trial, and what of their adaptations waits for its statistician; no names while arms are concealed."""
    held = Site.objects.filter(trial=trial).select_related("trial", "revision__page")
    first = held.first()
    if first is None or first.trial is None:
        return None
    hide = hidden(first.trial) or (will_hide(first.trial) and not first.trial.unblindings.exists())
    adaptations = Adaptation.objects.filter(site__trial=trial)
    told = {
        "sites": [] if hide else [entry_of(site) for site in shown() if site.trial_id == trial],
        "hide": hide,
        "adaptations": adaptations.count(),
        "lower": adaptations.exclude(keeps="consistent").count(),
        "waiting": Adaptation.objects.unheeded().filter(site__trial=trial).count(),
    }
    return Section(_("Sites"), render_to_string("implement/_sites_in_trial.html", told))


def sites_of_call(call: str) -> Section | None:
    """The sites that awards of a call pay for and that agreed to be shown; nothing where there is none."""
    held = [entry_of(site) for site in shown() if site.award is not None and site.award.call_id == call]
    if not held:
        return None
    return Section(_("Sites that came of it"), render_to_string("implement/_sites_here.html", {"sites": held}))


offer("call", sites_of_call, order=70)
offer("intervention", sites_of, order=70)
offer("trial", sites_in, order=70)
offer_door(
    Door(
        TAKING_PART,
        gettext_lazy("Places that put it into practice"),
        (
            (gettext_lazy("Sites"), "sites"),
            (gettext_lazy("How widely it is adopted"), "adoptions"),
            (gettext_lazy("Ask those who do the work"), "communities"),
            (gettext_lazy("Answer questions on readiness, with a code"), "readiness"),
        ),
        gettext_lazy("See which places do what a page speaks of and what they changed, and ask how it is done."),
        order=60,
    )
)
offer_door(
    Door(WORKSPACE, gettext_lazy("Sites"), ((gettext_lazy("Your sites"), "sites_work"),), permission=TEAM, order=60)
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Fidelity in trials"),
        ((gettext_lazy("Adaptations that may lower fidelity"), "site_warnings"),),
        permission="trial.analyse",
        order=61,
    )
)
