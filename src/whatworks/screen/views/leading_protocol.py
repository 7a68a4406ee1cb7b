"""Where a review's protocol is read, changed with a reason, and followed through its versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.screen.forms import MORE, AmendingForm, criteria_of, grouped
from whatworks.screen.models import Protocol, Review
from whatworks.screen.presenters_protocol import protocol_page
from whatworks.screen.reviewing import amend_protocol, rules_of
from whatworks.screen.views.parts import framed, refuse_unless_lead
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken


@access("screen.say")
@closed_to_others
def protocol(request: HttpRequest, review: Review) -> HttpResponse:
    """The protocol in force and every version before it."""
    return render(request, "screen/lead_protocol.html", framed(request, review, "protocol", **protocol_page(review)))


@access("screen.lead")
@closed_to_others
def amending(request: HttpRequest, review: Review) -> HttpResponse:
    """Change the protocol, saying why."""
    refuse_unless_lead(request, review)
    rules, held = rules_of(review), Protocol.objects.current(review)
    initial = AmendingForm.initial_of(rules) | {"seen": held.number if held else 0}
    more = MORE in request.POST
    form, criteria = AmendingForm(request.POST or None, initial=initial), criteria_of(request, rules)
    if request.method == "POST" and not more and form.is_valid() & criteria.is_valid():
        try:
            told = {"why": form.cleaned_data["why"], "seen": form.cleaned_data["seen"]}
            made = amend_protocol(by=request.user.actor, review=review, rules=form.rules(criteria, rules), **told)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            changed = held is not None and made.number != held.number
            said = (
                _("Version %(number)s is in force.") % {"number": made.number}
                if changed
                else _("Nothing was changed, so the version stays.")
            )
            messages.success(request, said)
            return redirect("lead_protocol", review.slug)
    if more:
        form = AmendingForm(initial={name: request.POST.get(name, "") for name in form.fields})
    shown = {"form": form, "criteria": criteria, "parts": grouped(form)}
    return render(request, "screen/lead_amend.html", framed(request, review, "protocol", **shown))
