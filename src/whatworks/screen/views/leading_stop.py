"""Where a lead asks whether screening may stop, signs that it does, or lets it go on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import ConflictError, WhatworksError
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.screen.forms_leading import LiftingForm, StoppingForm
from whatworks.screen.lifting import lift
from whatworks.screen.methods.protocol import TITLE
from whatworks.screen.models import Review, Stop
from whatworks.screen.presenters_stopping import stop_page
from whatworks.screen.signing import sign_stop
from whatworks.screen.views.parts import framed, refuse_unless_lead
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken


@access("screen.say")
@closed_to_others
def stopping(request: HttpRequest, review: Review) -> HttpResponse:
    """What the rule says now. A lead signs here, or lifts what was signed."""
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step:
        refuse_unless_lead(request, review)
    shown = stop_page(review)
    forms: dict[str, Any] = {
        "sign": StoppingForm(
            request.POST if step == "sign" else None, early=not shown["allowed"], initial={"seen": shown["unread"]}
        ),
        "lift": LiftingForm(request.POST if step == "lift" else None),
    }
    if step in forms and forms[step].is_valid():
        try:
            messages.success(request, ACTS[step](request, review, forms[step].cleaned_data))
        except ConflictError as error:  # the page beside this sentence has the new numbers
            forms[step].data = forms[step].data | {"seen": str(shown["unread"])}
            forms[step].add_error(None, spoken(error))
        except WhatworksError as error:
            forms[step].add_error(None, spoken(error))
        else:
            return redirect("lead_stop", review.slug)
    return render(request, "screen/lead_stop.html", framed(request, review, "stop", forms=forms, **shown))


def _sign(request: HttpRequest, review: Review, given: dict[str, Any]) -> str:
    made = sign_stop(by=request.user.actor, review=review, stage=TITLE, why=given["why"], seen=given["seen"])
    return _("Signed. %(unscreened)s reports are left out unread; what is half-screened is still to be finished.") % {
        "unscreened": f"{made.unscreened:,}"
    }


def _lift(request: HttpRequest, review: Review, given: dict[str, Any]) -> str:
    stop = Stop.objects.standing().filter(review=review, stage=TITLE).first()
    if stop is None:
        raise ConflictError(said("Nothing is signed now, so screening goes on already."))
    lift(by=request.user.actor, stop=stop, why=given["why"])
    return _("Screening goes on.")


ACTS = {"sign": _sign, "lift": _lift}
