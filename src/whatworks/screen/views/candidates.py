"""What a screener does about one record besides deciding: mend its abstract, say where they met it before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.screen.mending import LONGEST, mend_abstract
from whatworks.screen.methods.marking import read_terms
from whatworks.screen.methods.protocol import FULL_TEXT
from whatworks.screen.models import Candidate, Review
from whatworks.screen.seen_before import candidates_like, tell_same
from whatworks.screen.sitting import keep, sitting
from whatworks.screen.texts import texts_of
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken


def _place(held: Candidate) -> str:
    """The name of the page on which this candidate is decided."""
    return "screen_full-text" if held.stage == FULL_TEXT else "screen_screen"


def _back(held: Candidate, review: Review) -> HttpResponse:
    return redirect(f"{reverse(_place(held), args=[review.slug])}?first={held.pk}")


class AbstractForm(forms.Form):
    """An abstract that no database had."""

    text = forms.CharField(
        label=gettext_lazy("The abstract"),
        help_text=gettext_lazy("All of it, and nothing else."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=2 * LONGEST,
    )
    source = forms.CharField(
        label=gettext_lazy("Where did you find it?"),
        help_text=gettext_lazy("For example: the publisher’s page."),
        max_length=160,
    )


class ReplaceForm(AbstractForm):
    """An abstract that is to take the place of another."""

    replace = forms.BooleanField(label=gettext_lazy("Show mine in place of the one that is here"))


@access("screen.say")
@closed_to_others
def abstract(request: HttpRequest, review: Review, identifier: str) -> HttpResponse:
    """Type in an abstract that is missing, or a fuller one."""
    held = get_object_or_404(Candidate.objects.select_related("report__merged_into"), pk=identifier, review=review)
    report = held.report.speaker()
    here = texts_of([report.pk])[report.pk].abstract
    form = (ReplaceForm if here else AbstractForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mend_abstract(by=request.user.actor, review=review, report=report, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The abstract is kept. Everybody who screens this sees it from now on."))
            return _back(held, review)
    told: dict[str, Any] = {"review": review, "report": report, "here": here, "form": form}
    return render(request, "screen/screening_abstract.html", told | _way_back(held))


def _way_back(held: Candidate) -> dict[str, str]:
    return {"place": _place(held), "candidate": held.pk}


@access("screen.say")
@closed_to_others
def seen_before(request: HttpRequest, review: Review, identifier: str) -> HttpResponse:
    """Say that this is the same report as another of the review."""
    held = get_object_or_404(Candidate.objects.select_related("report__merged_into"), pk=identifier, review=review)
    if request.method == "POST":
        other = (
            Candidate.objects.filter(pk=request.POST.get("other", ""), review=review).select_related("report").first()
        )
        try:
            if other is None:
                messages.error(request, _("Choose the one that you have seen before."))
                return redirect(request.get_full_path())
            done = tell_same(user=request.user, review=review, candidate=held, other=other)
        except WhatworksError as error:
            messages.error(request, spoken(error))
            return redirect(request.get_full_path())
        return _told(request, held, review, done)
    words = request.GET.get("q", "").strip()[:200]
    found = candidates_like(review, held, words)
    told = {"review": review, "report": held.report.speaker(), "words": words, "found": found}
    return render(request, "screen/screening_seen_before.html", told | _way_back(held))


def _told(request: HttpRequest, held: Candidate, review: Review, done: bool) -> HttpResponse:
    if done:
        messages.success(request, _("They are one report now. What was said about either counts for both."))
        return redirect(_place(held), review.slug)
    messages.success(request, _("Thank you. Those who may merge reports are asked. Decide on it, or skip it."))
    return _back(held, review)


@access("screen.say")
@require_POST
@closed_to_others
def terms(request: HttpRequest, review: Review) -> HttpResponse:
    """Keep the words that this screener wants marked, and whether any are."""
    held = sitting(request.session, review.pk)
    held.terms_for = list(read_terms(request.POST.get("terms_for", "")))
    held.terms_against = list(read_terms(request.POST.get("terms_against", "")))
    held.marks = request.POST.get("marks") == "on"
    keep(request.session, review.pk, held)
    messages.success(request, _("Your words are kept until you sign out. Nobody else sees them."))
    return redirect("screen_full-text" if request.POST.get("at") == "full-text" else "screen_screen", review.slug)
