"""How a trial is run: its recruitment, what was delivered, its pilot; and a look at arms that are concealed, which the record keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.saying import said
from whatworks.spoken import spoken
from whatworks.trial import delivering, forms_conduct, piloting, sighting
from whatworks.trial.methods.complying import components_of
from whatworks.trial.methods.design import Design, read
from whatworks.trial.methods.recruiting import WAY
from whatworks.trial.models import Trial
from whatworks.trial.presenters_conduct import design_of, funnel_of, pilot_of, recruitment_of, told_or_why, unit_row
from whatworks.trial.reports.archive import table_text
from whatworks.trial.views_running import text_of

RUN, ARMS, ANALYSE = "trial.run", "trial.arms", "trial.analyse"
CSV = "text/csv; charset=utf-8"


@access(PUBLIC)
def recruitment(request: HttpRequest, slug: str) -> HttpResponse:
    """How many units came how far: counts alone."""
    trial = get_object_or_404(Trial, slug=slug)
    told = recruitment_of(trial, inside=False)
    if told is None:
        raise Http404
    return render(request, "trial/recruitment.html", {"trial": trial, "told": told})


@access(PUBLIC)
def recruitment_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The counts of the funnel by stage, for a spreadsheet."""
    trial, design = _designed(slug)
    rows = [
        (one.name, "" if one.units is None else str(one.units), str(one.left), str(one.waiting))
        for one in funnel_of(trial, design).stages
    ]
    return _csv(("stage", "units", "left", "waiting"), rows, f"{slug}-recruitment.csv")


@access(RUN)
@never_cache
def recruiting(request: HttpRequest, slug: str) -> HttpResponse:
    """The funnel unit by unit, for those who run the trial."""
    trial = get_object_or_404(Trial, slug=slug)
    return render(request, "trial/recruiting.html", {"trial": trial, "told": recruitment_of(trial, inside=True)})


@access(RUN)
@never_cache
def recruiting_file(request: HttpRequest, slug: str) -> HttpResponse:
    """How far each unit came and when, for a spreadsheet."""
    trial, design = _designed(slug)
    found = [unit_row(one) for one in funnel_of(trial, design).units]
    names = ("unit", "stratum", "furthest", "left", *WAY)
    return _csv(names, [[one[name] for name in names] for one in found], f"{slug}-units.csv")


@access("workspace.enter")
@never_cache
def delivered(request: HttpRequest, slug: str) -> HttpResponse:
    """What units had of the offer. It tells arms: while they are concealed, only after a look that is recorded."""
    trial, design = _designed(slug)
    hidden, may = sighting.hidden(trial), _may(request)
    measures = [one.measure for one in components_of(_locked(trial) or design)]
    forms: dict[str, Form] = {
        "one": forms_conduct.DeliveryForm(measures, *_sent(request, "one"), prefix="one"),
        "many": forms_conduct.DeliveriesForm(*_sent(request, "many"), prefix="many"),
        "look": forms_conduct.LookForm(*_sent(request, "look"), prefix="look"),
    }
    shown = None if hidden else told_or_why(trial)
    asked = request.POST.get("step", "")
    if request.method == "POST":
        steps = {"one": (RUN, _one), "many": (RUN, _many), "look": (ARMS, _look)}
        if not _take(request, trial, asked, forms, steps):
            return _delivered(request, trial, forms, None, may, status=400)
        if asked != "look":
            messages.success(request, _("Written down."))
            return redirect("trial_delivered", slug)
        shown = told_or_why(trial)
    return _delivered(request, trial, forms, shown, may)


def _delivered(
    request: HttpRequest, trial: Trial, forms: dict[str, Form], shown: Any, may: dict[str, bool], status: int = 200
) -> HttpResponse:
    told = {"trial": trial, "forms": forms, "told": shown, "may": may, "hidden": sighting.hidden(trial)}
    return render(request, "trial/delivered.html", told, status=status)


@access(ARMS)
@never_cache
def arms(request: HttpRequest, slug: str) -> HttpResponse:
    """The arms of a concealed draw, for whoever must know them: each look is recorded, with its reason."""
    trial = get_object_or_404(Trial, slug=slug)
    form = forms_conduct.LookForm(request.POST or None)
    found: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        _refuse_analyst(request)
        try:
            found = sighting.see_arms(by=request.user.actor, trial=trial, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
    told = {
        "trial": trial, "form": form, "arms": list(found.items()), "hidden": sighting.hidden(trial),
        "sights": trial.sights.order_by("-number"), "analyst": request.user.may(ANALYSE),
    }  # fmt: skip
    return render(request, "trial/arms.html", told, status=400 if form.errors else 200)


@access(PUBLIC)
def pilot(request: HttpRequest, slug: str) -> HttpResponse:
    """What the pilot asked besides effects, what it found, and what was decided."""
    trial = get_object_or_404(Trial, slug=slug)
    told = pilot_of(trial)
    if told is None:
        raise Http404
    return render(request, "trial/pilot.html", {"trial": trial, "told": told})


@access("workspace.enter")
@never_cache
def piloted(request: HttpRequest, slug: str) -> HttpResponse:
    """The pilot in the workspace: answers and decisions are written down."""
    trial, design = _designed(slug)
    forms: dict[str, Form] = {
        "answer": forms_conduct.AnswerForm(design, *_sent(request, "answer"), prefix="answer"),
        "decide": forms_conduct.DecisionForm(design, *_sent(request, "decide"), prefix="decide"),
    }
    if request.method == "POST":
        steps = {"answer": (RUN, _answer), "decide": (RUN, _decide)}
        if _take(request, trial, request.POST.get("step", ""), forms, steps):
            messages.success(request, _("Written down."))
            return redirect("trial_piloted", slug)
    told = {"trial": trial, "forms": forms, "told": pilot_of(trial), "may": _may(request), "design": design}
    return render(request, "trial/piloted.html", told, status=400 if request.method == "POST" else 200)


def _designed(slug: str) -> tuple[Trial, Design]:
    trial = get_object_or_404(Trial, slug=slug)
    design = design_of(trial)
    if design is None:
        raise Http404
    return trial, design


def _locked(trial: Trial) -> Design | None:
    try:
        return read(delivering.locked_protocol(trial).design)
    except InputError:
        return None


def _may(request: HttpRequest) -> dict[str, bool]:
    return {"run": request.user.may(RUN), "arms": request.user.may(ARMS) and not request.user.may(ANALYSE)}


def _sent(request: HttpRequest, step: str) -> tuple[Any, ...]:
    """What was sent to a form; nothing to the others on the page."""
    return (request.POST, request.FILES) if request.method == "POST" and request.POST.get("step") == step else ()


Step = Callable[[str, Trial, Any], object]


def _take(
    request: HttpRequest, trial: Trial, step: str, forms: dict[str, Form], steps: Mapping[str, tuple[str, Step]]
) -> bool:
    """Do one step; False where its form says what is wrong. Raises ForbiddenError where this person may not."""
    if step not in steps:
        raise InputError(said("There is no step “%(step)s”; reload the page.", step=step[:40]))
    permission, do = steps[step]
    if not request.user.may(permission):
        raise ForbiddenError(said("Your roles do not allow this step; ask somebody who may."))
    if permission == ARMS:
        _refuse_analyst(request)
    form = forms[step]
    if not form.is_valid():
        return False
    try:
        do(request.user.actor, trial, form)
    except ForbiddenError:
        raise
    except WhatworksError as error:
        form.add_error(None, spoken(error))
        return False
    return True


def _refuse_analyst(request: HttpRequest) -> None:
    if request.user.may(ANALYSE):
        raise ForbiddenError(
            said("Whoever analyses trials cannot look at arms before they are told; ask somebody else.")
        )


def _one(by: str, trial: Trial, form: Any) -> None:
    delivering.record_deliveries(by=by, trial=trial, told=[form.delivery()])


def _many(by: str, trial: Trial, form: Any) -> None:
    delivering.record_deliveries(by=by, trial=trial, told=delivering.deliveries_of(text_of(form, "table")))


def _look(by: str, trial: Trial, form: Any) -> None:
    sighting.see_arms(by=by, trial=trial, reason=form.cleaned_data["reason"])


def _answer(by: str, trial: Trial, form: Any) -> None:
    piloting.answer_question(by=by, trial=trial, **form.cleaned_data)


def _decide(by: str, trial: Trial, form: Any) -> None:
    piloting.decide_progression(by=by, trial=trial, counts=form.counts(), **form.said())


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    body = table_text(head, list(rows))
    return HttpResponse(body, content_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})
