"""What guides have to show on the page of an intervention: which of them rest on what is held about it."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from whatworks.ledger.models import Lineage
from whatworks.ledger.sections import Section, offer
from whatworks.publish.models import Consultation, Guide, GuideRevision
from whatworks.rate.models import Rating


def guides_about(intervention: str) -> Section | None:
    """The guides whose newest version rests on a rating of the intervention; nothing where there is none."""
    ratings = Rating.objects.filter(intervention=intervention).values("pk")
    kinds = (GuideRevision.kind, Consultation.kind)
    resting = Lineage.objects.filter(input__in=ratings, output__kind__in=kinds)
    outputs = set(resting.values_list("output", flat=True))
    rows = []
    for guide in Guide.objects.shown() if outputs else ():
        newest = guide.newest()
        frozen = newest or guide.consulted()
        if frozen and frozen.pk in outputs and not guide.withdrawn():
            rows.append({"guide": guide, "title": frozen.content["title"], "draft": newest is None})
    return (
        Section(_("Guides that rest on this"), render_to_string("publish/guides/_offered.html", {"rows": rows}))
        if rows
        else None
    )


offer("intervention", guides_about, order=30)
