"""Questions of practice for everybody, and the workspace where one person answers from the store and a second approves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.errors import WhatworksError
from whatworks.learn import answering
from whatworks.learn.answering_presenters import answer_of, draft_of, questions_page
from whatworks.learn.looping_forms import AnswerForm, BackForm
from whatworks.learn.methods.citing import typed
from whatworks.learn.models import AnswerDraft, PracticeAnswer
from whatworks.people.access import PUBLIC, access
from whatworks.publish.listing import newest_revisions
from whatworks.scope.models import Question
from whatworks.spoken import spoken

WRITE, APPROVE = "learn.answer", "learn.approve"


@access(PUBLIC)
def questions(request: HttpRequest) -> HttpResponse:
    """Every question that we took up, and where it stands."""
    return render(request, "learn/answers.html", questions_page(request.GET.dict()))


@access("workspace.enter")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Questions that wait for an answer, and answers that wait for a second person or whose ground has moved."""
    drafts = AnswerDraft.objects.select_related("question").order_by("at")
    told = {
        "drafts": [{"draft": one, "own": one.by == request.user.actor} for one in drafts],
        "open": Question.objects.open().filter(answer_draft=None),
        "moved": answering.moved_answers(),
        "may_write": request.user.may(WRITE),
        "may_approve": request.user.may(APPROVE),
    }
    return render(request, "learn/answers_work.html", told)


@access(WRITE)
@never_cache
def write(request: HttpRequest, identifier: str) -> HttpResponse:
    """Write an answer, or write it again."""
    question = get_object_or_404(Question.objects.exclude(state=Question.DECLINED), pk=identifier)
    draft = AnswerDraft.objects.filter(question=question).first()
    before = PracticeAnswer.objects.filter(question=question).order_by("-number").first()
    held = draft or before
    start = {"text": typed(held.parts), "asked_as": held.asked_as} if held else None
    form = AnswerForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            answering.write_answer(by=request.user.actor, question=question, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Kept. A second person reads it before anybody else does."))
            return redirect("answers_work")
    told = {
        "question": question,
        "form": form,
        "draft": draft,
        "standing": answer_of(before) if before else None,
        "pages": newest_revisions(),
    }
    return render(request, "learn/answer_write.html", told, status=400 if form.errors else 200)


@access(APPROVE)
@never_cache
def check(request: HttpRequest, identifier: str) -> HttpResponse:
    """Read an answer that somebody else wrote; approve it, or send it back."""
    draft = get_object_or_404(AnswerDraft.objects.select_related("question"), question=identifier)
    back = BackForm(request.POST if request.POST.get("step") == "back" else None)
    wrong = ""
    if request.method == "POST":
        try:
            if request.POST.get("step") == "approve":
                answering.approve_answer(by=request.user.actor, draft=draft)
                messages.success(request, _("Everybody can read it, and whoever asked is told."))
                return redirect("question", draft.question_id)
            if back.is_valid():
                answering.send_back(by=request.user.actor, draft=draft, why=back.cleaned_data["why"])
                return redirect("answers_work")
        except WhatworksError as error:
            wrong = spoken(error)
    told = draft_of(draft) | {"form": back, "wrong": wrong, "own": draft.by == request.user.actor}
    return render(request, "learn/answer_check.html", told, status=400 if wrong or back.errors else 200)
