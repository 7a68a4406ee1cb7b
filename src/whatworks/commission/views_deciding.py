"""Where deciders are: the table with how sure it is, the best set and its price, the decision on each, and the announcement."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.commission import assessing, deciding, forms, letters, lots
from whatworks.commission.forms import checked
from whatworks.commission.methods.workflow import APPLICATION, CALL
from whatworks.commission.models import Application, Call, CriterionScore, Determination
from whatworks.commission.presenters_work import decide_page
from whatworks.commission.summary import money
from whatworks.commission.views_applying import answers_of
from whatworks.commission.views_work import may_take
from whatworks.commission.weighing import weighed
from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell

DECIDING = ("deciding", "decided")  # before that nobody sees an average


@access("commission.decide")
@never_cache
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """One call for those who decide."""
    call = get_object_or_404(Call, slug=slug, state__in=DECIDING, elsewhere=False)
    if request.method == "POST":
        try:
            messages.success(request, _taken(request, call, request.POST.get("step", "")))
        except WhatworksError as error:
            messages.error(request, spoken(error))
        return redirect("call_decide", slug)
    return render(request, "commission/decide.html", decide_page(call, request.user))


def _taken(request: HttpRequest, call: Call, step: str) -> str:
    actor = request.user.actor
    if step == "freeze":
        lots.freeze(by=request.user, call=call)
        return _("The list is signed and frozen.")
    if step == "draw":
        names = [one.custodian for one in call.lot_commitments.order_by("number")]
        form = forms.SecretsForm(request.POST, names=names)
        checked(form)
        lots.draw(by=actor, call=call, secrets=form.secrets())
        return _("The lot is drawn. Its record is public once the call is decided.")
    may_take(request.user, CALL, call.state, "announce")
    deciding.announce(by=actor, call=call)
    letters.decided(call=call, link=request.build_absolute_uri(reverse("applications")))
    return _("The call is decided. Applicants can read their feedback.")


@access("commission.decide")
@never_cache
def table_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The deciders' table, for a spreadsheet; of the applications that the person may see."""
    call = get_object_or_404(Call, slug=slug, state__in=DECIDING, elsewhere=False)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(
        ["application", "cost", "groups", "value", "expected rank", "low", "high", "chance", "stands", "in best set"]
    )
    for row in decide_page(call, request.user)["rows"]:
        values = [row["application"].body, row["application"].cost, row["groups"]]
        values += [row[name] for name in ("value", "expected", "low", "high", "chance", "stands", "in_best")]
        table.writerow([cell(str(value)) for value in values])
    headers = {"Content-Disposition": f'attachment; filename="{slug}-table.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@access("commission.decide")
@never_cache
def determine(request: HttpRequest, identifier: str) -> HttpResponse:
    """One application with everybody's scores and reasons: what was agreed on it, and the decision."""
    seen = Application.objects.judged().visible_to(request.user).filter(call__state__in=DECIDING).select_related("call")
    held = get_object_or_404(seen, pk=identifier)
    decided = Determination.objects.filter(application=held).first()
    begun = {name: getattr(decided, name) for name in ("decision", "why", "reasons", "feedback")} if decided else {}
    step = request.POST.get("step", "")
    form = forms.DetermineForm(request.POST if step == "determine" else None, initial=begun)
    agreed = forms.ModerateForm(request.POST if step == "moderate" else None, criteria=held.call.rules().criteria)
    bound: Any = form if step == "determine" else agreed
    if request.method == "POST" and bound.is_valid():
        try:
            _settled(request, held, step, bound.cleaned_data)
        except WhatworksError as error:
            bound.add_error(None, spoken(error))
        else:
            messages.success(request, _("It is written down."))
            return redirect(
                "call_decide" if step == "determine" else "application_decide",
                held.call.slug if step == "determine" else held.pk,
            )
    told = {
        "application": held, "call": held.call, "answers": answers_of(held), "cost": money(held.cost), "form": form,
        "agreed": agreed, "scores": _scores(held), "moderations": held.moderations.order_by("criterion"),
        "came_out": deciding.came_out(held, weighed(held.call, request.user)), "decided": decided,
        "open": held.call.state == "deciding",
    }  # fmt: skip
    return render(request, "commission/determine.html", told, status=400 if request.method == "POST" else 200)


def _settled(request: HttpRequest, held: Application, step: str, told: dict[str, Any]) -> None:
    if step == "moderate":
        assessing.moderate(by=request.user.actor, application=held, **told)
        return
    if held.state != told["decision"]:
        may_take(request.user, APPLICATION, held.state, deciding.STATES[told["decision"]])
    deciding.determine(by=request.user.actor, application=held, **told)


def _scores(held: Application) -> list[dict[str, Any]]:
    given = CriterionScore.objects.filter(assessment__application=held).exclude(assessment__submitted_at=None)
    titles = {one.key: one.title for one in held.call.rules().criteria}
    rows = given.select_related("assessment__user").order_by("criterion", "assessment__user__name", "pk")
    return [
        {
            "title": titles.get(one.criterion, one.criterion),
            "who": one.assessment.user.name or one.assessment.user.email,
            "score": one.score,
            "why": one.why,
        }
        for one in rows
    ]
