"""What this room can show on the pages of lower rooms' subjects."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from whatworks.ledger.sections import Section, offer
from whatworks.trial.models import Deposit, Trial
from whatworks.trial.presenters import entry_of


def trials_of(intervention: str) -> Section | None:
    """The trials of an intervention that this centre knows of; nothing where it knows none."""
    held = [entry_of(trial) for trial in Trial.objects.about(intervention)]
    if not held:
        return None
    return Section(_("Trials of this"), render_to_string("trial/_trials_here.html", {"trials": held}))


def trial_of(study: str) -> Section | None:
    """On the page of a study: the trial of this centre whose result it is; nothing for a study of others."""
    held = Deposit.objects.filter(contrast__study=study).select_related("analysis__trial").first()
    if held is None:
        return None
    told = {"trials": [entry_of(held.analysis.trial)]}
    return Section(_("The trial of this result"), render_to_string("trial/_trials_here.html", told))


offer("intervention", trials_of, order=50)
offer("study", trial_of, order=50)
