"""What this room can show on the pages of lower rooms' subjects."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from whatworks.ledger.sections import Section, offer
from whatworks.trial.models import Trial
from whatworks.trial.presenters import entry_of


def trials_of(intervention: str) -> Section | None:
    """The trials of an intervention that this centre knows of; nothing where it knows none."""
    held = [entry_of(trial) for trial in Trial.objects.about(intervention)]
    if not held:
        return None
    return Section(_("Trials of this"), render_to_string("trial/_trials_here.html", {"trials": held}))


offer("intervention", trials_of, order=50)
