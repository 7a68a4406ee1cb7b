"""What a new result does to declared analyses: those on its question are marked out of date until somebody looks."""

from __future__ import annotations

from django.db.models import Q

from whatworks.extract.following import follow_coding, follow_contrasts
from whatworks.extract.models import Contrast, Study
from whatworks.ledger.actions import mark_stale
from whatworks.ledger.models import Event
from whatworks.synthesise.coded import mark_recoded
from whatworks.synthesise.models import Analysis


@follow_contrasts
def mark_analyses(contrast: Contrast, event: Event) -> None:
    """Mark the results of every declared analysis whose question the result is about, and all that rests on them."""
    about = Q(intervention=contrast.intervention_id) | Q(intervention__parts=contrast.intervention_id)
    asked = Analysis.objects.filter(about, outcome=contrast.outcome_id, lock__isnull=False).distinct()
    if held := list(asked.values_list("pk", flat=True)):
        mark_stale(*held, event=event)


@follow_coding
def mark_compared(study: Study, event: Event) -> None:
    """Mark the results that compare effects by something of the study that is decided otherwise now."""
    mark_recoded(study, event)
