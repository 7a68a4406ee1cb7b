"""The work of consultations: questions, files, themes, coding apart from each other, settling, messages, what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.convene import consultation_forms as forms
from whatworks.convene import consulting, theming
from whatworks.convene.consultation_presenters import consultation_of, message_of
from whatworks.convene.methods.themes import frequent
from whatworks.convene.models import Consultation, ThemeSettled
from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken

RUN, CODE = "convene.run", "convene.code"


@access("workspace.enter")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Every consultation, and a new one."""
    form = forms.OpeningForm(request.POST or None)
    if request.method == "POST" and not request.user.may(RUN):
        raise ForbiddenError(said("Your roles do not allow this step; ask somebody who may."))
    if request.method == "POST" and form.is_valid():
        try:
            made = consulting.open_consultation(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            return redirect("consultation_run", made.slug)
    told = {"consultations": Consultation.objects.order_by("title"), "form": form, "may": request.user.may(RUN)}
    return render(request, "convene/consultations_work.html", told, status=400 if form.errors else 200)


@access(RUN)
@never_cache
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """One consultation, step by step."""
    held = get_object_or_404(Consultation, slug=slug)
    shown = _empty(held)
    if request.method == "POST":
        asked = request.POST.get("step", "")
        bound = _bound(held, asked, request)
        if _taken(request, held, asked, bound):
            return redirect("consultation_run", slug)
        if bound is not None:
            shown[asked] = bound
    status = 400 if request.method == "POST" else 200
    return render(request, "convene/consultation_run.html", _shown(held, shown), status=status)


def _empty(held: Consultation) -> dict[str, Form]:
    return {
        "upload": forms.UploadForm(held, prefix="upload"), "theme": forms.ThemeForm(prefix="theme"),
        "message": forms.MessageForm(held, prefix="message"), "settle": forms.SettleForm(held, prefix="settle"),
        "done": forms.DoneForm(prefix="done"),
    }  # fmt: skip


def _bound(held: Consultation, asked: str, request: HttpRequest) -> Form | None:
    """The form of a step with what was sent; None for a step that is a button."""
    kind = type(_empty(held).get(asked, forms.ThemeForm()))
    if asked not in STEPS or asked in ("suggest", "sign"):
        return None
    needs = kind in (forms.UploadForm, forms.MessageForm, forms.SettleForm)
    made: Form = kind(*([held] if needs else []), request.POST, request.FILES, prefix=asked)
    return made


def _taken(request: HttpRequest, held: Consultation, asked: str, form: Form | None) -> bool:
    """Take the step that was sent. False where its form has something to mend."""
    if asked not in STEPS:
        raise InputError(said("There is no step “%(step)s”; reload the page.", step=asked[:40]))
    if form is not None and not form.is_valid():
        return False
    do, done = STEPS[asked]
    try:
        do(request, held, form)
    except WhatworksError as error:
        if form is not None:
            form.add_error(None, spoken(error))
            return False
        messages.error(request, spoken(error))
    else:
        messages.success(request, done)
    return True


def _shown(held: Consultation, shown: dict[str, Form]) -> dict[str, Any]:
    titles = dict(held.themes.values_list("pk", "title"))
    open_ones = [
        {
            "answer": one,
            "codings": [[titles[theme] for theme in coding.themes] for coding in one.codings.order_by("at")],
            "form": forms.SettleForm(held, prefix="settle", initial={"answer": one.pk}, auto_id=f"{one.pk}_%s"),
        }
        for one in theming.to_settle(held)
    ]
    drafts = held.messages.filter(signed_by="").order_by("number")
    signed = [
        message_of(one) | {"form": forms.DoneForm(prefix="done", initial={"message": one.pk}, auto_id=f"{one.pk}_%s")}
        for one in held.messages.exclude(signed_by="").order_by("number")
    ]
    answers = held.own_words.all().to_code()
    return {
        "told": consultation_of(held), "forms": shown, "to_settle": open_ones, "drafts": drafts, "signed": signed,
        "settled": ThemeSettled.objects.filter(answer__consultation=held).count(),
        "frequent": frequent([one.text.content for one in answers]),
        "waiting": answers.filter(text__state="waiting").count(),
    }  # fmt: skip


def _upload(request: HttpRequest, held: Consultation, form: Any) -> None:
    told, file = form.cleaned_data, form.cleaned_data["table"]
    try:
        table = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(said("The file is not a CSV in UTF-8; save it so and bring it again.")) from error
    consulting.upload(
        by=request.user.actor, consultation=held, question=told["question"], table=table, column=told["column"],
        scope=told["scope"], name=file.name,
    )  # fmt: skip


def _sign(request: HttpRequest, held: Consultation, form: Any) -> None:
    message = get_object_or_404(held.messages.all(), pk=request.POST.get("which", ""))
    theming.sign_message(by=request.user.actor, message=message)


def _settle(request: HttpRequest, held: Consultation, form: Any) -> None:
    told = form.cleaned_data
    answer = get_object_or_404(held.own_words.all(), pk=told["answer"])
    theming.settle(by=request.user.actor, answer=answer, themes=told["themes"], why=told["why"])


def _done(request: HttpRequest, held: Consultation, form: Any) -> None:
    told = form.cleaned_data
    message = get_object_or_404(held.messages.exclude(signed_by=""), pk=told["message"])
    theming.tell_done(
        by=request.user.actor, message=message, state=told["state"], words=told["words"], evidence=told["evidence"],
        address=told["address"],
    )  # fmt: skip


Step = Callable[[HttpRequest, Consultation, Any], object]
STEPS: dict[str, tuple[Step, Any]] = {
    "upload": (_upload, gettext_lazy("The answers are in. Each waits for a moderator before its words can show.")),
    "theme": (
        lambda request, held, form: theming.add_theme(by=request.user.actor, consultation=held, **form.cleaned_data),
        gettext_lazy("The theme is kept."),
    ),
    "suggest": (
        lambda request, held, form: theming.suggest(by=request.user.actor, consultation=held),
        gettext_lazy("The machine made its proposals. They code nothing."),
    ),
    "settle": (_settle, gettext_lazy("Settled.")),
    "message": (
        lambda request, held, form: theming.write_message(
            by=request.user.actor,
            consultation=held,
            **{**form.cleaned_data, "themes": list(form.cleaned_data["themes"])},
        ),
        gettext_lazy("The message is written. It shows once somebody has signed it."),
    ),
    "sign": (_sign, gettext_lazy("Signed. Readers see it now.")),
    "done": (_done, gettext_lazy("Written down, for everybody to read.")),
}


@access(CODE)
@never_cache
def to_code(request: HttpRequest) -> HttpResponse:
    """Consultations with answers for this person to code."""
    rows = [
        {"held": one, "left": theming.to_code(one, request.user.actor) is not None}
        for one in Consultation.objects.exclude(themes=None).order_by("title")
    ]
    return render(request, "convene/consultations_coding.html", {"rows": rows})


@access(CODE)
@never_cache
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Code the next answer, without seeing what the other coder found. A machine's proposals come after a click."""
    held = get_object_or_404(Consultation, slug=slug)
    form = forms.ThemesForm(held, request.POST or None)
    if request.method == "POST":
        answer = get_object_or_404(held.own_words.all().to_code(), pk=request.POST.get("answer", ""))
        if form.is_valid():
            try:
                theming.code(by=request.user.actor, answer=answer, themes=form.cleaned_data["themes"])
            except WhatworksError as error:
                messages.error(request, spoken(error))
            return redirect("answer_coding", slug)
    answer = theming.to_code(held, request.user.actor)
    question = next((one["words"] for one in held.questions if answer and one["key"] == answer.question), "")
    proposed = answer.suggestions.select_related("theme").order_by("-score") if answer else []
    told = {"held": held, "answer": answer, "question": question, "form": form, "proposed": proposed}
    return render(request, "convene/consultation_coding.html", told)
