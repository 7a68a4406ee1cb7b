"""The workspace of trials: opened, its protocol written, and then one step after the other, each with its own form."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken
from whatworks.trial import analysing, drawing, forms, happening, opening, reporting
from whatworks.trial.methods.flowing import Happening
from whatworks.trial.methods.registering import FIELDS
from whatworks.trial.models import Trial, TrialLock
from whatworks.trial.presenters import stage_of, trials_list

RUN, CUSTODY, ANALYSE = "trial.run", "trial.custody", "trial.analyse"
COLUMNS = ("unit", "kind", "people", "reason", "on")
Step = Callable[[str, Trial, Form | None], object]


@access("workspace.enter")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Every trial, and the way to run it."""
    return render(request, "trial/work.html", {"trials": trials_list(), "may_open": request.user.may(RUN)})


@access(RUN)
@never_cache
def open_trial(request: HttpRequest) -> HttpResponse:
    """Open a trial."""
    form = forms.OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = opening.open_trial(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The trial is open. Write its protocol next."))
            return redirect("trial_protocol", made.slug)
    return render(request, "trial/open.html", {"form": form}, status=400 if form.errors else 200)


@access(RUN)
@never_cache
def write_protocol(request: HttpRequest, slug: str) -> HttpResponse:
    """A new version of a protocol."""
    trial = get_object_or_404(Trial, slug=slug)
    newest = trial.newest()
    assert newest is not None  # a trial is opened with one
    begun = {"seen": newest.number, "design": newest.design, **newest.particulars}
    form = forms.ProtocolForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        changed = told["what_changed"] or (_("The first design.") if not newest.design else "")
        try:
            made = opening.add_protocol(
                by=request.user.actor, trial=trial, seen=told["seen"], what_changed=changed, design=told["design"],
                particulars=form.particulars(),
            )  # fmt: skip
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Protocol %(n)s is kept.") % {"n": made.number})
            return redirect("trial_run", slug)
    return render(
        request,
        "trial/write.html",
        {"form": form, "trial": trial, "fields": list(FIELDS)},
        status=400 if form.errors else 200,
    )


@access("workspace.enter")
@never_cache
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """One trial, step by step: what is done, and what comes next."""
    trial = get_object_or_404(Trial, slug=slug)
    asked = request.POST.get("step", "")
    bound = _bound(trial, asked, request) if request.method == "POST" else None
    if request.method == "POST" and (bound is None or bound.is_valid()):
        try:
            _take(asked, request, trial, bound)
        except ForbiddenError:
            raise
        except WhatworksError as error:
            if bound is None:
                messages.error(request, spoken(error))
                return redirect("trial_run", slug)
            bound.add_error(None, spoken(error))
        else:
            return redirect("trial_run", slug)
    shown = _forms(trial) | ({asked: bound} if bound is not None else {})
    may = {name: request.user.may(f"trial.{name}") for name in ("run", "custody", "analyse", "arms")}
    told = {"trial": trial, "stage": stage_of(trial), "forms": shown, "may": may}
    return render(request, "trial/run.html", told, status=400 if bound is not None else 200)


def _forms(trial: Trial) -> dict[str, Form]:
    """The empty forms of all steps."""
    parties = list(trial.commitments.order_by("number").values_list("custodian", flat=True))
    return {
        "commit": forms.CommitForm(prefix="commit"),
        "freeze": forms.ListForm(prefix="freeze"),
        "practise": forms.PracticeForm(prefix="practise"),
        "draw": forms.SecretsForm(parties, prefix="draw"),
        "event": forms.EventForm(prefix="event"),
        "events": forms.EventsForm(prefix="events"),
        "data": forms.DataForm(prefix="data"),
        "unblind": forms.UnblindingForm(prefix="unblind"),
        "deposit": forms.DepositForm(prefix="deposit"),
    }


def _bound(trial: Trial, step: str, request: HttpRequest) -> Form | None:
    """The form of a step with what was sent; None for a step that is a button alone."""
    held = _forms(trial).get(step)
    if held is None:
        return None
    told: dict[str, Any] = {"data": request.POST, "files": request.FILES, "prefix": step}
    return forms.SecretsForm(held.names, **told) if isinstance(held, forms.SecretsForm) else type(held)(**told)


def _take(step: str, request: HttpRequest, trial: Trial, form: Form | None) -> None:
    """Do one step. Raises ForbiddenError where this person may not, InputError for a step that is none."""
    known = STEPS.get(step)
    if known is None:
        raise InputError(said("There is no step “%(step)s”; reload the page.", step=step[:40]))
    permission, do, done = known
    if not request.user.may(permission):
        raise ForbiddenError(said("Your roles do not allow this step; ask somebody who may."))
    do(request.user.actor, trial, form)
    messages.success(request, spoken(done))


def text_of(form: Form | None, name: str) -> str:
    """The text of a file that was sent. Raises InputError for one that is not UTF-8."""
    assert form is not None
    try:
        found: str = form.cleaned_data[name].read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(said("The file is not a CSV in UTF-8; save it so and bring it again.")) from error
    return found


def _register(by: str, trial: Trial, form: Form | None) -> None:
    newest = trial.newest()
    assert newest is not None
    opening.lock(by=by, protocol=newest, what=TrialLock.REGISTRATION)


def _commit(by: str, trial: Trial, form: Form | None) -> None:
    assert form is not None
    drawing.commit(by=by, trial=trial, **form.cleaned_data)


def _freeze(by: str, trial: Trial, form: Form | None) -> None:
    drawing.freeze(by=by, trial=trial, listed=text_of(form, "listed"))


def _draw(by: str, trial: Trial, form: Form | None) -> None:
    assert isinstance(form, forms.SecretsForm)
    drawing.draw(by=by, trial=trial, secrets=form.secrets())


def _practise(by: str, trial: Trial, form: Form | None) -> None:
    assert form is not None
    drawing.practise(by=by, trial=trial, listed=text_of(form, "listed"), typed=form.cleaned_data["typed"])


def _event(by: str, trial: Trial, form: Form | None) -> None:
    assert form is not None
    happening.record_events(by=by, trial=trial, events=[Happening(**form.cleaned_data)])


def _events(by: str, trial: Trial, form: Form | None) -> None:
    happening.record_events(by=by, trial=trial, events=events_of(text_of(form, "table")))


def events_of(text: str) -> list[Happening]:
    """The events of a table. Raises InputError that names the line that is wrong."""
    rows = csv.DictReader(io.StringIO(text))
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise InputError(said("The table needs the columns %(columns)s.", columns=", ".join(COLUMNS)))
    found = []
    for line, row in enumerate(rows, 2):
        people = (row["people"] or "").strip()
        try:
            on = datetime.date.fromisoformat((row["on"] or "").strip())
            counted = int(people) if people else None
        except ValueError as error:
            raise InputError(
                said("Line %(line)s: a day is written as 2026-01-31, and people as a whole number.", line=line)
            ) from error
        found.append(
            Happening((row["unit"] or "").strip(), (row["kind"] or "").strip(), on, counted, reason=row["reason"] or "")
        )
    return found


def _data(by: str, trial: Trial, form: Form | None) -> None:
    assert form is not None
    analysing.take_in(by=by, trial=trial, content=form.cleaned_data["data"].read())


def _newest_data(trial: Trial) -> Any:
    held = trial.datasets.order_by("-number").first()
    if held is None:
        raise InputError(said("No data have come in yet; take them in first."))
    return held


def _blind(by: str, trial: Trial, form: Form | None) -> None:
    analysing.run_blind(by=by, trial=trial, dataset=_newest_data(trial))


def _plan(by: str, trial: Trial, form: Form | None) -> None:
    analysing.lock_plan(by=by, trial=trial)


def _unblind(by: str, trial: Trial, form: Form | None) -> None:
    assert form is not None
    analysing.unblind(by=by, trial=trial, reason=form.cleaned_data["reason"])


def _open(by: str, trial: Trial, form: Form | None) -> None:
    analysing.run_open(by=by, trial=trial, dataset=_newest_data(trial))


def _deposit(by: str, trial: Trial, form: Form | None) -> None:
    assert form is not None
    reporting.deposit(by=by, trial=trial, review=form.cleaned_data["review"])


STEPS: dict[str, tuple[str, Step, Any]] = {
    "register": (RUN, _register, gettext_lazy("The design is locked by its digest.")),
    "commit": (CUSTODY, _commit, gettext_lazy("Your commitment is published. Keep your secret until the draw.")),
    "freeze": (RUN, _freeze, gettext_lazy("The list is frozen. Nobody can change it, or commit, from now on.")),
    "draw": (CUSTODY, _draw, gettext_lazy("Units are drawn. Anybody can repeat the draw from its file.")),
    "practise": (RUN, _practise, gettext_lazy("A practice draw: it allocates nobody.")),
    "event": (RUN, _event, gettext_lazy("Written down.")),
    "events": (RUN, _events, gettext_lazy("All of them are written down.")),
    "data": (
        RUN,
        _data,
        gettext_lazy("The data are checked and in the store of participants; their digest is kept here."),
    ),
    "blind": (ANALYSE, _blind, gettext_lazy("The plan ran on arms that were dealt out anew.")),
    "plan": (ANALYSE, _plan, gettext_lazy("The plan of analysis is locked.")),
    "unblind": (RUN, _unblind, gettext_lazy("The arms are told.")),
    "open": (ANALYSE, _open, gettext_lazy("The plan ran on the arms as drawn.")),
    "deposit": (RUN, _deposit, gettext_lazy("The result is with the evidence. Pages that speak of this are marked.")),
}
