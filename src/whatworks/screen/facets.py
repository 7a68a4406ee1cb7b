"""By what reports can be narrowed where they are searched: for which review they were judged, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from whatworks.collate.search.facets import Facet, offer
from whatworks.screen.models import Judgement, Review

WORDS = {
    f"{Judgement.INCLUDE} {Judgement.TITLE}": "Taken further on title and abstract",
    f"{Judgement.EXCLUDE} {Judgement.TITLE}": "Left out on title and abstract",
    f"{Judgement.INCLUDE} {Judgement.FULL_TEXT}": "Taken in at full text",
    f"{Judgement.EXCLUDE} {Judgement.FULL_TEXT}": "Left out at full text",
}


def _by_review() -> QuerySet[Judgement]:
    return Judgement.objects.standing().filter(review__listed=True).annotate(slug=F("review__slug"))


def _by_decision() -> QuerySet[Judgement]:
    return Judgement.objects.standing().annotate(decided=Concat("decision", Value(" "), "stage"))


def _titles(slugs: Iterable[str]) -> Mapping[str, str]:
    return dict(Review.objects.filter(slug__in=list(slugs)).values_list("slug", "title"))


def _words(values: Iterable[str]) -> Mapping[str, str]:
    return {value: WORDS[value] for value in values if value in WORDS}


# Which review a report was judged for stands on its public page; how, as a way to narrow, is for those who work here.
offer(Facet("review", "Review", _by_review, "slug", _titles, open=True))
offer(Facet("decision", "Decision", _by_decision, "decided", _words))
