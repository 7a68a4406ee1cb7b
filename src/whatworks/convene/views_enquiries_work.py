"""The workspace of enquiries: what waits, one enquiry with the next steps, questions that came of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from whatworks.convene import enquiring, enquiring_forms, enquiring_further, enquiring_letters, enquiring_offers
from whatworks.convene.enquiring_forms import MOVES, MoveForm
from whatworks.convene.enquiring_presenters import inbox, one
from whatworks.convene.methods import clock
from whatworks.convene.models import Disclosure, Enquiry, Letter, Quarantined, Text
from whatworks.errors import InputError, WhatworksError
from whatworks.ledger.paging import paged
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.scope.models import Question
from whatworks.spoken import spoken

MAY, MAY_APART = "convene.answer", "convene.quarantine"
Made = dict[str, Form]


@access(MAY)
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Every enquiry that waits, and what was closed."""
    closed, pages = paged(request, Enquiry.objects.exclude(state__in=Enquiry.OPEN).order_by("-received_on", "pk"))
    told = {"rows": inbox(), "closed": closed, "pages": pages, "offered": enquiring_offers.deflection()}
    return render(request, "convene/enquiries_work.html", told)


@access(MAY)
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Enter an enquiry that came by post, telephone or e-mail."""
    form = enquiring_forms.EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = enquiring.ask(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Entered. Its clock runs from the day it reached us."))
            return redirect("enquiry_work", made.pk)
    return render(request, "convene/enquiries_enter.html", {"form": form}, status=400 if form.errors else 200)


@access(MAY)
@never_cache
def enquiry(request: HttpRequest, identifier: str) -> HttpResponse:
    """One enquiry, and what can be done with it now: each step its own form."""
    held = get_object_or_404(Enquiry.objects.select_related("text", "question__answer"), pk=identifier)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    forms = _forms(held, step, request.POST if step else None)
    if step and _take(request, held, step, forms):
        return redirect("enquiry_work", held.pk)
    told = one(held, colleagues=True) | {
        "steps": [{"step": name, "title": _titles(name), "form": form} for name, form in forms.items()],
        "step": step,
        "apart": _apart(request, held),
        "failed": held.letters.filter(state="failed").exists(),
    }
    return render(request, "convene/enquiry_work.html", told, status=400 if step else 200)


def _apart(request: HttpRequest, held: Enquiry) -> Quarantined | None:
    """Words that lie apart, for those who may read them; everybody else hears that they do."""
    return Quarantined.objects.filter(text=held.text).first() if request.user.may(MAY_APART) else None


def _forms(held: Enquiry, step: str, data: Any) -> Made:
    """The forms of the steps that can be taken now; the one that was sent holds what was sent."""

    def given(name: str) -> Any:
        return data if name == step else None

    made: Made = {}
    state = enquiring.standing_of(held).state
    rule = enquiring.rule_of(held)
    for what in clock.ALLOWED[state]:
        if not clock.has(rule, what):
            continue
        made[what] = MoveForm(what, given(what), auto_id=f"{what}_%s")
    if held.state in Enquiry.OPEN:
        start = {"sort": held.sort, "regime": held.regime}
        made["sort"] = enquiring_forms.SortForm(given("sort"), initial=start, auto_id="sort_%s")
    if held.sort not in enquiring.PERSONAL and held.text.state != Text.DELETED:
        if held.question_id is None:
            made["question"] = enquiring_forms.QuestionForm(given("question"), auto_id="question_%s")
            if Question.objects.open().exists():
                made["link"] = enquiring_forms.LinkForm(given("link"), auto_id="link_%s")
        if state in (clock.ANSWERED, clock.REFUSED) and not Disclosure.objects.filter(enquiry=held).exists():
            made["disclose"] = enquiring_forms.DiscloseForm(given("disclose"), auto_id="disclose_%s")
    if held.text.state != Text.DELETED:
        made["forget"] = Form(given("forget"))
    return made


def _titles(step: str) -> Any:
    others = {
        "sort": _("Sort it"),
        "question": _("Make it a question that we look into"),
        "link": _("It asks a question that we have already"),
        "disclose": _("Put the answer into the public log"),
        "forget": _("Delete what was asked and who asked, for good"),
    }
    return MOVES.get(step) or others[step]


def _take(request: HttpRequest, held: Enquiry, step: str, forms: Made) -> bool:
    """Take one step; False where its form has to be shown again with what is wrong."""
    by = request.user.actor
    try:
        if step == "send":
            return _send_again(request, held)
        form = forms.get(step)
        if form is None:
            raise InputError(said("That cannot be done with this enquiry now; look at its history."))
        if not form.is_valid():
            return False
        _step(step)(by, held, step, form.cleaned_data)
    except WhatworksError as error:
        if step in forms:
            forms[step].add_error(None, spoken(error))
            return False
        messages.error(request, spoken(error))
        return True
    messages.success(request, _("Done, and in its history."))
    return True


def _send_again(request: HttpRequest, held: Enquiry) -> bool:
    sent = [enquiring_letters.send(letter) for letter in Letter.objects.filter(enquiry=held, state="failed")]
    if all(letter.state == "sent" for letter in sent):
        messages.success(request, _("Sent."))
    else:
        messages.error(request, _("It could not be sent. It stands at their private address; try again later."))
    return True


Step = Callable[[str, Enquiry, str, dict[str, Any]], object]


def _step(step: str) -> Step:
    steps: dict[str, Step] = {
        "sort": lambda by, held, _step, told: enquiring.sort_out(by=by, enquiry=held, **told),
        "question": lambda by, held, _step, told: enquiring_further.raise_question(by=by, enquiry=held, **told),
        "link": lambda by, held, _step, told: enquiring_further.link_question(by=by, enquiry=held, **told),
        "disclose": lambda by, held, _step, told: enquiring_further.disclose(by=by, enquiry=held, **told),
        "forget": lambda by, held, _step, told: enquiring.forget(by=by, enquiry=held),
    }
    return steps.get(step, lambda by, held, what, told: enquiring.move(by=by, enquiry=held, what=what, **told))


@access(MAY)
@never_cache
def questions(request: HttpRequest) -> HttpResponse:
    """Questions that came of enquiries; say what answers one, and everybody who asked is told."""
    data = request.POST if request.method == "POST" else None
    form, wrong = enquiring_forms.AnsweredForm(data), ""
    if data is not None and form.is_valid():
        question = get_object_or_404(Question, pk=data.get("question", ""))
        try:
            told = enquiring_further.answer_and_tell(
                by=request.user.actor, question=question, answer=form.cleaned_data["answer"].strip()
            )
        except WhatworksError as error:
            wrong = spoken(error)
        else:
            words = ngettext("%(n)s person who asked is told.", "%(n)s people who asked are told.", told) % {"n": told}
            messages.success(request, words)
            return redirect("questions_work")
    asked = (
        Question.objects.filter(origin_kind=Enquiry.kind).select_related("answer").order_by("state", "asked_on", "pk")
    )
    shown = {"questions": asked, "form": enquiring_forms.AnsweredForm(), "wrong": wrong}
    return render(request, "convene/enquiries_questions.html", shown, status=400 if wrong else 200)
