"""Pages of the survey rounds: how many answered, for everybody; opening, answering and closing, for keepers of the map."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from whatworks.baseline.forms_rounds import AnswerForm, ReplyForm, RoundForm, answers
from whatworks.baseline.models import Practice, Round
from whatworks.baseline.presenters_rounds import round_page
from whatworks.baseline.surveying import answer_round, close_round, open_round
from whatworks.baseline.views_practice import MAY, posted
from whatworks.errors import InputError
from whatworks.people.access import PUBLIC, access
from whatworks.people.models import Area
from whatworks.spoken import spoken


@access(PUBLIC)
def survey(request: HttpRequest, identifier: str) -> HttpResponse:
    """A survey round: what was asked, how many answered, who did not."""
    held = get_object_or_404(Round, pk=identifier)
    return render(request, "baseline/round.html", {"round": round_page(held)})


@access(MAY)
def opening(request: HttpRequest) -> HttpResponse:
    """Open a round."""
    form = RoundForm(posted(request))
    if request.method == "POST" and form.is_valid():
        told = {
            key: form.cleaned_data[key] for key in ("name", "question", "areas", "practices", "opened_on", "source_url")
        }
        try:
            made = open_round(by=request.user.actor, **told)
        except InputError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(
                request,
                _("“%(name)s” is open. %(areas)s places are asked.") % {"name": made.name, "areas": len(made.areas)},
            )
            return redirect("round_work", made.pk)
    return render(request, "baseline/round_open.html", {"form": form}, status=400 if form.errors else 200)


@access(MAY)
def work(request: HttpRequest, identifier: str) -> HttpResponse:
    """How far a round came: who answered, and who is still to answer."""
    held = get_object_or_404(Round, pk=identifier)
    return render(request, "baseline/round_work.html", {"round": round_page(held)})


@access(MAY)
@require_POST
def close(request: HttpRequest, identifier: str) -> HttpResponse:
    """Close a round."""
    try:
        held = close_round(by=request.user.actor, round=get_object_or_404(Round, pk=identifier))
    except InputError as error:
        messages.error(request, spoken(error))
    else:
        messages.success(request, _("“%(name)s” is closed.") % {"name": held.name})
    return redirect("round_work", identifier)


@access(MAY)
def answer(request: HttpRequest, identifier: str, code: str) -> HttpResponse:
    """Enter the reply of one place: all practices on one form."""
    held, area = get_object_or_404(Round, pk=identifier), get_object_or_404(Area, code=code)
    form = ReplyForm(posted(request))
    asked = Practice.objects.filter(pk__in=held.practices).order_by("name")
    forms = [AnswerForm(held, area, one, posted(request)) for one in asked]
    if request.method == "POST" and _valid(form, forms):
        try:
            answer_round(by=request.user.actor, round=held, area=area, answers=answers(forms), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The reply of %(name)s is kept.") % {"name": area.name})
            return redirect("round_work", held.pk)
    wrong = form.errors or any(one.errors for one in forms)
    told = {"round": held, "area": area, "form": form, "forms": forms, "wrong": wrong}
    return render(request, "baseline/round_answer.html", told, status=400 if wrong else 200)


def _valid(form: ReplyForm, forms: list[AnswerForm]) -> bool:
    """Whether every part is well said; each is checked, so that everything wrong is said at once."""
    good = [form.is_valid(), *(one.is_valid() for one in forms)]
    if form.is_valid():
        for one in forms:
            if one.is_valid():
                one.check(form.cleaned_data["on"], form.cleaned_data["said_by"])
    return all(good) and not any(one.errors for one in forms)
