"""How reports are selected by what a review decided about them: offered to exports and the open API."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from whatworks.collate.exporting import offer_selection
from whatworks.collate.models import Report
from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.models import Judgement, Review


def included_in(slug: str) -> QuerySet[Report]:
    """The reports that a review took in at full text, as they speak now; an InputError where there is no such review."""
    review = Review.objects.listed().filter(Q(slug=slug) | Q(pk=slug)).first()
    if review is None:
        raise InputError(
            said("There is no review %(slug)s; check its name in the address of its page.", slug=slug[:60])
        )
    taken_in = Judgement.objects.standing().filter(review=review, stage=Judgement.FULL_TEXT, decision=Judgement.INCLUDE)
    through = Report.objects.filter(merged_into=OuterRef("pk"), pk__in=taken_in.values("report"))
    return Report.objects.speaking().filter(Exists(taken_in.filter(report=OuterRef("pk"))) | Exists(through))


offer_selection("review", included_in)
