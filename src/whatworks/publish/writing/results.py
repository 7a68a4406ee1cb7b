"""Which results may a text refer to? A search over them by name, with the numbers of each."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from whatworks.publish.writing.referring import numbers_of
from whatworks.publish.writing.reviewing import facts_of
from whatworks.rate.methods.states import state
from whatworks.scope.models import Intervention
from whatworks.synthesise.models import Analysis, PublishedResult, Synthesis

MANY = 12  # results in one answer: more are found by asking more narrowly


def results(query: str, about: str = "") -> dict[str, Any]:
    """Results whose names hold every word of the query, those about the given intervention (a slug) first.

    Each has its name, its state in words, and the numbers that a text may hold.
    """
    words = query.split()[:8]
    family = _family(about)
    pooled = Synthesis.objects.current().filter(role=Synthesis.DEFAULT).values("analysis")
    analyses = Analysis.objects.filter(pk__in=pooled)
    published = PublishedResult.objects.exclude(estimate=None)
    for word in words:
        named = Q(title__icontains=word) | Q(intervention__name__icontains=word) | Q(outcome__name__icontains=word)
        analyses = analyses.filter(named | Q(pk=word))
        told = Q(review_name__icontains=word) | Q(measured__icontains=word) | Q(intervention__name__icontains=word)
        published = published.filter(told | Q(pk=word))
    if family and not words:
        analyses, published = analyses.filter(intervention__in=family), published.filter(intervention__in=family)
    found = sorted(analyses.order_by("title", "pk"), key=lambda one: one.intervention_id not in family)
    theirs = sorted(
        published.order_by("review_name", "measured", "pk"), key=lambda one: one.intervention_id not in family
    )
    rows = [(one.pk, one.title) for one in found] + [(one.pk, f"{one.review_name}: {one.measured}") for one in theirs]
    return {"rows": [_row(*row) for row in rows[:MANY]], "more": max(0, len(rows) - MANY), "total": len(rows)}


def _family(about: str) -> set[str]:
    if not about:
        return set()
    asked = Q(slug=about) | Q(part_of__slug=about)
    return set(Intervention.objects.filter(asked).values_list("pk", flat=True))


def _row(identifier: str, title: str) -> dict[str, Any]:
    fact = facts_of([identifier]).get(identifier)
    known = state(fact.state).word if fact and fact.state else ""
    return {"identifier": identifier, "title": title, "state": known, "numbers": numbers_of(identifier)}
