"""The pages of what is rated: what waits, everything of an intervention that can be rated, and how far raters agreed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from whatworks.extract.models import Contrast, Study
from whatworks.rate.agreement import SchemeAgreement, agreements
from whatworks.rate.models import Assessment, Rating
from whatworks.rate.presenters_waiting import STATES, approving_for, at, parts_for, rating_for, scheme_title
from whatworks.rate.rated_things import schemes_for
from whatworks.rate.schemes import load_scheme
from whatworks.rate.standing import standing_of
from whatworks.scope.models import Intervention
from whatworks.screen.models import Review
from whatworks.synthesise.models import Synthesis


def work_for(user: Any) -> dict[str, Any]:
    """What waits for a person, what is in hand, what was approved lately, and the interventions to choose from."""
    waiting = rating_for(user.actor) if user.may("rate.sign") else []
    waiting += approving_for(user.actor) if user.may("rate.approve") else []
    waiting += parts_for(user.actor) if user.may("rate.ask") else []
    rows = Assessment.objects.order_by("-at", "pk")
    return {
        "waiting": waiting,
        "open": [_listed(one) for one in rows.open()],
        "settled": [_listed(one) for one in rows.exclude(state__in=Assessment.OPEN)[:50]],
        "interventions": Intervention.objects.filter(part_of=None).in_order() if user.may("rate.ask") else [],
        "asks": user.may("rate.ask"),
    }


def _listed(one: Assessment) -> dict[str, Any]:
    return {"title": one.title, "scheme": scheme_title(one), "state": STATES[one.state], "at": at(one), "since": one.at}


def of_intervention(intervention: Intervention) -> list[dict[str, Any]]:
    """Everything about an intervention that two people can be asked to rate, by kind, with what was judged of each."""
    ratings = Rating.objects.current().filter(intervention=intervention).select_related("outcome")
    family = [intervention.pk, *intervention.parts.values_list("pk", flat=True)]
    results = Synthesis.objects.current().filter(analysis__intervention__in=family, role=Synthesis.DEFAULT)
    contrasts = Contrast.objects.about(intervention)
    studies = Study.objects.filter(pk__in=contrasts.values("study"), randomised=True).order_by("name", "pk")
    reviews = Review.objects.filter(pk__in=contrasts.values("study__review")).order_by("title", "pk")
    return [
        {"heading": _("Ratings computed by rule"), "items": [_rating(one) for one in ratings.order_by("outcome__order", "scheme")]},
        {"heading": _("How sure are we? GRADE of each result"), "items": _results(results)},
        {"heading": _("Findings of what people said: CERQual"), "items": [_other(intervention.pk, _("A finding, which you name"))]},
        {"heading": _("Randomised studies: padlocks"), "items": [_other(one.pk, one.name) for one in studies]},
        {"heading": "Reviews: EMMIE", "items": [_other(one.pk, one.title) for one in reviews]},
    ]  # fmt: skip


def _rating(one: Rating) -> dict[str, Any]:
    title = f"{one.outcome.name}: {load_scheme(one.scheme, int(one.version)).title}"
    return {"about": one.pk, "title": title, "note": _begun(standing_of(one).words), "trace": True}


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _results(rows: QuerySet[Synthesis]) -> list[dict[str, Any]]:
    ordered = rows.select_related("analysis").order_by("analysis__title", "pk")
    return [_other(one.pk, one.analysis.title) | {"trace": True} for one in ordered]


def _other(about: str, title: str) -> dict[str, Any]:
    judged = Assessment.objects.filter(about=about).order_by("-at", "pk")
    note = "; ".join(f"{one.title}, {one.scheme}: {STATES[one.state]}" for one in judged[:5])
    return {"about": about, "title": title, "note": _begun(note) or _("Not judged by people"), "trace": False}


def scheme_choices(kind: str) -> list[tuple[str, str]]:
    """The schemes by which people judge a kind of thing, by key and title."""
    return [(key, load_scheme(key).title) for key in schemes_for(kind)]


def agreement_page() -> list[dict[str, Any]]:
    """How far two raters agreed, by scheme, in words and numbers."""
    return [_agreement(one) for one in agreements()]


def _agreement(one: SchemeAgreement) -> dict[str, Any]:
    rows = [
        {
            "name": _begun(row.name.removeprefix("a judgement of ")),
            "n": row.n,
            "agreed": row.agreed,
            "share": _between(row.share.value, row.share.low, row.share.high, percent=True),
            "kappa": _between(row.kappa.value, row.kappa.low, row.kappa.high),
            "weighted": _between(row.weighted.value, row.weighted.low, row.weighted.high),
            "warnings": row.warnings,
        }
        for row in one.rows
    ]
    return {"scheme": one.scheme, "things": one.things, "warning": one.warning, "rows": rows}


def _between(value: float | None, low: float | None, high: float | None, *, percent: bool = False) -> str:
    if value is None:
        return ""
    told = [f"{100 * one:.0f}%" if percent else f"{one:.2f}" for one in (value, low, high) if one is not None]
    return (
        _("%(told)s (%(told_2)s to %(told_3)s)") % {"told": told[0], "told_2": told[1], "told_3": told[2]}
        if len(told) == 3
        else told[0]
    )
