"""Who may open the pages of a study, what they may do there, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from whatworks.errors import ForbiddenError, WhatworksError
from whatworks.extract.models import Coding, Study
from whatworks.people.roles import holders
from whatworks.saying import said
from whatworks.screen.models import Review, Screener
from whatworks.screen.reviewing import may_lead
from whatworks.spoken import spoken

CODE, LEAD = "extract.correct", "screen.lead"
# A page may show a file or a page of text that we serve beside the form; all else is as on every page.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
View = Callable[..., HttpResponse]


def refuse_strangers(request: HttpRequest, review: Review | str) -> None:
    """A ForbiddenError for who does not take part in a review that has a team."""
    user = request.user
    team = Screener.objects.here().filter(review=review)
    if team.exists() and not team.filter(user=user.actor).exists() and not _codes(request, review):
        raise ForbiddenError(said("You do not take part in this review; ask one of its leads to add you."))


def _codes(request: HttpRequest, review: Review | str) -> bool:
    return Coding.objects.of(request.user.actor).filter(study__review=review).exists()


def leads(request: HttpRequest, review: Review | str) -> bool:
    """Whether this person sets up the coding of a review's studies: its lead, or any lead where it has no team."""
    if not request.user.may(LEAD):
        return False
    return may_lead(review, request.user.actor) or not Screener.objects.here().filter(review=review).exists()


def refuse_unless_lead(request: HttpRequest, review: Review | str) -> None:
    """A ForbiddenError for whoever does not lead the review."""
    if not leads(request, review):
        raise ForbiddenError(said("Only a lead of this review can do this; ask one of its leads."))


def changes(request: HttpRequest, review: Review | str) -> bool:
    """Whether this person describes studies and enters what they print: its coders and leads."""
    return bool(request.user.may(CODE)) or leads(request, review)


def refuse_unless_changing(request: HttpRequest, review: Review | str) -> None:
    """A ForbiddenError for whoever only looks on."""
    if not changes(request, review):
        who = _(" or ").join(holders(CODE))
        raise ForbiddenError(said("This needs the role %(who)s; ask an administrator.", who=who))


def of_study(view: View) -> View:
    """Give a view the study that its address names, closed to who does not take part in its review."""

    @wraps(view)
    def opened(request: HttpRequest, identifier: str, **told: Any) -> HttpResponse:
        study = get_object_or_404(Study.objects.select_related("review"), pk=identifier)
        refuse_strangers(request, study.review_id)
        return view(request, study, **told)

    return opened


def of_coding(view: View) -> View:
    """Give a view the coding that its address names, closed to who does not take part in its review."""

    @wraps(view)
    def opened(request: HttpRequest, identifier: str, **told: Any) -> HttpResponse:
        coding = get_object_or_404(Coding.objects.select_related("study__review", "frame"), pk=identifier)
        refuse_strangers(request, coding.study.review_id)
        return view(request, coding, **told)

    return opened


def tried(request: HttpRequest, form: Any, done: Callable[[], Any], said: str) -> bool:
    """Do it, and say so; what cannot be done is said in the form, where what was typed still stands."""
    try:
        done()
    except WhatworksError as error:
        form.add_error(None, spoken(error))
        return False
    messages.success(request, said)
    return True


def reading(response: HttpResponse) -> HttpResponse:
    """The page with leave to show a file beside it; never from the browser's memory, since answers change."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
