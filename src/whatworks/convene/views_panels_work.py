"""The work of panels: opened, frozen, drawn; people for the few who may see them; meetings with staff, attendance and payments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.convene import panel_forms as forms
from whatworks.convene import paneling, paneling_draw, paneling_meetings
from whatworks.convene.enquiring_forms import QuestionForm
from whatworks.convene.joining import came_of, raise_in_meeting
from whatworks.convene.methods.agreed import missing
from whatworks.convene.methods.selecting import pool_of, why_impossible
from whatworks.convene.models import Panel, PanelMeeting, PanelRate
from whatworks.convene.panel_presenters import panel_of
from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken

RUN, CONTACTS, CUSTODY = "convene.run", "convene.contacts", "trial.custody"
Do = Callable[[str, Any, Any], object]


@access("workspace.enter")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Every panel, and the rate card."""
    form = forms.RateForm(request.POST or None)
    may = request.user.may(RUN)
    if request.method == "POST" and form.is_valid():
        if not may:
            raise ForbiddenError(said("Your roles do not allow this step; ask somebody who may."))
        try:
            paneling_meetings.set_rate(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            return redirect("panels_work")
    rates = [
        {"rate": one, "pounds": f"£{one.pence / 100:.2f}"} for one in PanelRate.objects.order_by("activity", "since")
    ]
    told = {
        "panels": [panel_of(one) for one in Panel.objects.order_by("title")],
        "form": form,
        "rates": rates,
        "may": may,
    }
    return render(request, "convene/panels_work.html", told, status=400 if form.errors else 200)


@access(RUN)
@never_cache
def open_panel(request: HttpRequest) -> HttpResponse:
    """Open a panel with its call."""
    form = forms.OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = paneling.open_panel(by=request.user.actor, **form.told())
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            return redirect("panel_run", made.slug)
    return render(request, "convene/panel_open.html", {"form": form}, status=400 if form.errors else 200)


@access("workspace.enter")
@never_cache
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """One panel, step by step."""
    panel = get_object_or_404(Panel, slug=slug)
    parties = list(panel.parties.order_by("number").values_list("name", flat=True))
    empty: dict[str, Form] = {
        "commit": forms.CommitForm(prefix="commit"), "draw": forms.SecretsForm(parties, prefix="draw"),
        "meeting": forms.MeetingForm(prefix="meeting"), "staff": forms.StaffForm(prefix="staff"),
    }  # fmt: skip
    answer, shown = _stepped(request, RUN_STEPS, panel, empty, parties)
    if answer is not None:
        return answer
    may = {"run": request.user.may(RUN), "contacts": request.user.may(CONTACTS), "custody": request.user.may(CUSTODY)}
    told = {"panel": panel_of(panel), "forms": shown, "may": may, "applied": panel.contacts.count(), "why": _why(panel),
            "staff": panel.staff.select_related("user").order_by("part")}  # fmt: skip
    return render(request, "convene/panel_run.html", told, status=400 if request.method == "POST" else 200)


def _why(panel: Panel) -> Any:
    """Why no panel is possible as things are, before anything is frozen."""
    held = list(panel.contacts.filter(state="applied").values_list("bands", flat=True))
    if panel.frozen() or len(held) <= panel.places:
        return None
    return why_impossible(pool_of(dict(enumerate(held, 1)), paneling.quotas_in(panel.quotas), panel.places))


def _stepped(
    request: HttpRequest, steps: dict[str, tuple[str, Do, Any]], subject: Any, empty: dict[str, Form], names: list[str]
) -> tuple[HttpResponse | None, dict[str, Form]]:
    """Take the step that was sent. Returns where to go next, or nothing and the forms to show."""
    asked = request.POST.get("step", "")
    if request.method != "POST":
        return None, empty
    if asked not in steps:
        raise InputError(said("There is no step “%(step)s”; reload the page.", step=asked[:40]))
    permission, do, done = steps[asked]
    if not request.user.may(permission):
        raise ForbiddenError(said("Your roles do not allow this step; ask somebody who may."))
    held = empty.get(asked)
    bound = _bound(held, request, asked, subject, names) if held is not None else None
    if bound is None or bound.is_valid():
        try:
            do(request.user.actor, subject, bound)
        except WhatworksError as error:
            if bound is None:
                messages.error(request, spoken(error))
                return redirect(request.path), empty
            bound.add_error(None, spoken(error))
        else:
            messages.success(request, done)
            return redirect(request.path), empty
    return None, empty | ({asked: bound} if bound is not None else {})


def _bound(held: Form, request: HttpRequest, asked: str, subject: Any, names: list[str]) -> Form:
    if isinstance(held, forms.SecretsForm):
        return forms.SecretsForm(names, request.POST, prefix=asked)
    if isinstance(held, forms.MemberForm | forms.AttendanceForm):
        return type(held)(subject.panel, request.POST, prefix=asked)
    return type(held)(request.POST, prefix=asked)


RUN_STEPS: dict[str, tuple[str, Do, Any]] = {
    "commit": (
        CUSTODY,
        lambda by, panel, form: paneling_draw.commit(by=by, panel=panel, **form.cleaned_data),
        gettext_lazy("Your commitment is published. Keep your secret until the draw."),
    ),
    "freeze": (
        RUN,
        lambda by, panel, form: paneling_draw.freeze(by=by, panel=panel),
        gettext_lazy("The list is frozen. Publish its seal elsewhere now, and let a custodian take the list away."),
    ),
    "draw": (
        CUSTODY,
        lambda by, panel, form: paneling_draw.draw(by=by, panel=panel, secrets=form.secrets()),
        gettext_lazy("The panel is drawn, everybody is told, and what people said of themselves is deleted."),
    ),
    "meeting": (
        RUN,
        lambda by, panel, form: paneling_meetings.hold_meeting(by=by, panel=panel, **form.cleaned_data),
        gettext_lazy("The meeting is set."),
    ),
    "staff": (
        RUN,
        lambda by, panel, form: paneling_meetings.add_staff(by=by, panel=panel, **form.cleaned_data),
        gettext_lazy("Written down."),
    ),
}


@access(CONTACTS)
@never_cache
def list_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The frozen list, for a custodian to keep elsewhere: here it is deleted with the draw."""
    panel = get_object_or_404(Panel, slug=slug, freeze__listed__isnull=False)
    text = json.dumps(panel.freeze.listed.content, ensure_ascii=False, indent=1) + "\n"
    return HttpResponse(
        text,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{slug}-list.json"'},
    )


@access(CONTACTS)
@never_cache
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who applied and who is on the panel: for the few who may see it. Agreements are written down, people are invited or forgotten."""
    panel = get_object_or_404(Panel, slug=slug)
    form = forms.AgreementForm(request.POST if request.POST.get("step") == "agree" else None)
    if request.method == "POST" and _person_step(request, panel, form):
        return redirect("panel_people", slug)
    rows = [
        {
            "contact": one,
            "missing": missing(one.age, paneling.held_by(one)),
            "agreements": one.agreements.order_by("on", "pk"),
        }
        for one in panel.contacts.order_by("state", "name")
    ]
    told = {"panel": panel, "rows": rows, "form": form, "chosen": request.POST.get("which", "")}
    return render(request, "convene/panel_people.html", told, status=400 if form.errors else 200)


def _person_step(request: HttpRequest, panel: Panel, form: forms.AgreementForm) -> bool:
    """One step about one person. False where the form has something to mend."""
    contact = get_object_or_404(panel.contacts.all(), pk=request.POST.get("which", ""))
    step, by = request.POST.get("step", ""), request.user.actor
    try:
        if step == "agree":
            if not form.is_valid():
                return False
            held = form.cleaned_data
            paneling.agree(
                by=by, contact=contact, by_whom=held["by_whom"], to=held["to"], how=held["how"], parent=form.parent()
            )
        elif step == "invite":
            paneling.invite(by=by, contact=contact)
        elif step == "forget":
            paneling_meetings.forget(by=by, contact=contact)
        else:
            raise InputError(said("There is no step “%(step)s”; reload the page.", step=step[:40]))
    except WhatworksError as error:
        if step == "agree":
            form.add_error(None, spoken(error))
            return False
        messages.error(request, spoken(error))
    else:
        messages.success(request, _("Done."))
    return True


@access(CONTACTS)
@never_cache
def meeting(request: HttpRequest, identifier: str) -> HttpResponse:
    """One meeting: who works at it, who came, what is paid, what was said."""
    held = get_object_or_404(PanelMeeting.objects.select_related("panel"), pk=identifier)
    empty: dict[str, Form] = {
        "attend": forms.AttendanceForm(held.panel, prefix="attend"), "pay": forms.PaymentForm(held.panel, prefix="pay"),
        "note": forms.NoteForm(held.panel, prefix="note"), "tell": forms.TellForm(prefix="tell"),
        "question": QuestionForm(prefix="question"),
    }  # fmt: skip
    if request.POST.get("step") in ("duty", "paid"):
        return _small_step(request, held)
    answer, shown = _stepped(request, MEETING_STEPS, held, empty, [])
    if answer is not None:
        return answer
    sayings = [
        {"saying": one, "form": forms.TellForm(prefix="tell", initial={"saying": one.pk}, auto_id=f"{one.pk}_%s")}
        for one in held.sayings.select_related("contact").order_by("-at")
    ]
    told = {
        "meeting": held, "forms": shown, "sayings": sayings, "duties": held.duties.select_related("staff__user"),
        "staff": held.panel.staff.select_related("user"), "came": paneling_meetings.came_to(held),
        "came_of": came_of(held),
        "payments": [{"payment": one, "pounds": f"£{one.pence / 100:.2f}"} for one in held.payments.select_related("contact")],
    }  # fmt: skip
    return render(request, "convene/panel_meeting.html", told, status=400 if request.method == "POST" else 200)


def _small_step(request: HttpRequest, held: PanelMeeting) -> HttpResponse:
    """A step that is a button beside a row."""
    which, by = request.POST.get("which", ""), request.user.actor
    try:
        if request.POST["step"] == "duty":
            paneling_meetings.put_on_duty(
                by=by, meeting=held, staff=get_object_or_404(held.panel.staff.all(), pk=which)
            )
        else:
            payment = get_object_or_404(held.payments.all(), pk=which)
            paneling_meetings.answer_payment(by=by, payment=payment, state="paid")
    except WhatworksError as error:
        messages.error(request, spoken(error))
    else:
        messages.success(request, _("Done."))
    return redirect(request.path)


def _tell(by: str, held: PanelMeeting, form: Any) -> None:
    told = form.cleaned_data
    saying = get_object_or_404(held.sayings.all(), pk=told["saying"])
    paneling_meetings.tell(by=by, saying=saying, state=told["state"], happened=told["happened"])


def _pay(by: str, held: PanelMeeting, form: Any) -> None:
    told = form.cleaned_data
    paneling_meetings.offer_payment(
        by=by, meeting=held, contact=told["contact"], sort=told["sort"], rate=told["rate"], pence=told["pence"] or 0
    )


MEETING_STEPS: dict[str, tuple[str, Do, Any]] = {
    "attend": (
        CONTACTS,
        lambda by, held, form: paneling_meetings.attend(by=by, meeting=held, contacts=form.cleaned_data["contacts"]),
        gettext_lazy("Written down."),
    ),
    "pay": (CONTACTS, _pay, gettext_lazy("Offered. The person answers on their private page.")),
    "note": (
        CONTACTS,
        lambda by, held, form: paneling_meetings.note(by=by, meeting=held, **form.cleaned_data),
        gettext_lazy("Written down. The person sees it on their private page."),
    ),
    "tell": (CONTACTS, _tell, gettext_lazy("The person can read it on their private page.")),
    "question": (
        CONTACTS,
        lambda by, held, form: raise_in_meeting(by=by, meeting=held, **form.cleaned_data),
        gettext_lazy("It is taken up. Members see on their private pages what comes of it."),
    ),
}
