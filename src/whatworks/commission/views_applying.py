"""Where applicants are: they begin with an address, follow their letter, write with others, hand in, and read what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from whatworks.commission import applying, holding, letters
from whatworks.commission.forms import ApplicationForm, BeginForm, FileForm, InviteForm, JoinForm
from whatworks.commission.models import Application, Attachment, Call, Determination
from whatworks.commission.presenters import moment
from whatworks.errors import WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.spoken import spoken

APPLY = "commission.apply"


@access(PUBLIC)
@never_cache
@csrf_exempt  # the letter's link begins an application, not this form; so the page needs no cookie
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an application: the body, and the address to which the link goes."""
    call = get_object_or_404(Call.objects.exclude(state="draft"), slug=slug)
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if told["website"]:  # a machine filled in what no person sees
            return render(request, "commission/sent.html", {"call": call})
        try:
            made, secret = applying.begin(by="public", call=call, body=told["body"], email=told["email"])
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            _invite(request, made, told["email"], secret)
            return render(request, "commission/sent.html", {"call": call})
    status = 400 if form.errors else 200
    return render(request, "commission/begin.html", {"form": form, "call": call}, status=status)


def _invite(request: HttpRequest, application: Application, email: str, secret: str) -> None:
    link = request.build_absolute_uri(reverse("application_join", args=[secret]))
    letters.invitation(application=application, email=email, link=link, days=applying.DAYS)


@access(PUBLIC)
@never_cache
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Follow the letter. Looking at this page does nothing; pressing its button uses the link up."""
    author = applying.invited(secret)
    if author is None:
        return render(request, "commission/join.html", {"gone": True}, status=410)
    known = request.user if request.user.is_authenticated else None
    form = JoinForm(request.POST or None)
    error = ""
    if request.method == "POST" and (known or form.is_valid()):
        try:
            password = "" if known else form.cleaned_data["password"]
            user = applying.join(secret=secret, user=known, password=password)
        except WhatworksError as refused:
            error = spoken(refused)
        else:
            if known is None:
                login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("application", author.application_id)
    told = {"form": form, "author": author, "call": author.application.call, "error": error, "known": known}
    response = render(request, "commission/join.html", told, status=400 if error or form.errors else 200)
    # The address is a secret, so it goes nowhere; without its origin the form would be refused.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@access(APPLY)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The applications of which one is an author."""
    held = Application.objects.of(request.user).select_related("call")
    return render(request, "commission/mine.html", {"applications": held})


@access(APPLY)
@never_cache
def application(request: HttpRequest, identifier: str) -> HttpResponse:
    """One's own application: written, handed in, what was decided on it; and the award, where there is one."""
    held = _own(request, identifier)
    form = ApplicationForm(request.POST or None, rules=held.call.rules(), application=held)
    step = request.POST.get("step", "")
    if request.method == "POST" and step in STEPS and (step not in ("save", "submit") or form.is_valid()):
        try:
            said = STEPS[step](request, held, form)
        except WhatworksError as error:
            form = form if step in ("save", "submit") else ApplicationForm(rules=held.call.rules(), application=held)
            messages.error(request, spoken(error))
            held.refresh_from_db()
        else:
            messages.success(request, said)
            return redirect("applications") if step == "discard" else redirect("application", held.pk)
    return render(
        request, "commission/application.html", _shown(held, form) | {"holding": holding.holding(held, step, request.POST)},
        status=400 if request.method == "POST" else 200,
    )  # fmt: skip


def _shown(held: Application, form: ApplicationForm) -> dict[str, Any]:
    decided = Determination.objects.filter(application=held).exclude(told_at=None).first()
    return {
        "application": held, "call": held.call, "form": form, "rules": held.call.rules(), "decided": decided,
        "closes": moment(held.call.rules().about.closes), "invite": InviteForm(), "attach": FileForm(),
        "open": held.call.state == "open", "answers": answers_of(held),
        "handed_in": moment(held.submitted_at) if held.submitted_at else "",
    }  # fmt: skip


def answers_of(application: Application) -> list[tuple[str, str]]:
    """What an application says, each answer with what was asked."""
    rules = application.call.rules()
    rows = [(group.title, application.groups.get(group.key, "")) for group in rules.groups]
    rows += [(one.asks, application.gateways.get(one.key, "")) for one in rules.gateways]
    return rows + [(one.asks, application.answers.get(one.key, "")) for one in rules.questions]


def _own(request: HttpRequest, identifier: str) -> Application:
    held: Application = get_object_or_404(Application.objects.of(request.user).select_related("call"), pk=identifier)
    return held


def _save(request: HttpRequest, held: Application, form: ApplicationForm) -> str:
    applying.save(by=request.user.actor, application=held, seen=form.cleaned_data["seen"], values=form.values())
    return _("Saved. You can leave and come back.")


def _submit(request: HttpRequest, held: Application, form: ApplicationForm) -> str:
    """What was written is kept even where something lacks, so that nobody writes it twice."""
    kept = applying.save(by=request.user.actor, application=held, seen=form.cleaned_data["seen"], values=form.values())
    form.data = form.data.copy()
    form.data["seen"] = str(kept.saved)
    applying.submit(by=request.user.actor, application=held)
    letters.handed_in(application=held, emails=[one.email for one in held.authors.all()])
    return _("Your application is in.")


def _take_back(request: HttpRequest, held: Application, form: ApplicationForm) -> str:
    applying.take_back(by=request.user.actor, application=held)
    return _("You can write on. Hand it in again before the call closes.")


def _invite_another(request: HttpRequest, held: Application, form: ApplicationForm) -> str:
    asked = InviteForm(request.POST)
    email = asked.cleaned_data["email"] if asked.is_valid() else ""
    _invite(request, held, email, applying.invite(by=request.user.actor, application=held, email=email))
    return _("A letter with a link is on its way to them.")


def _attach(request: HttpRequest, held: Application, form: ApplicationForm) -> str:
    given = request.FILES.get("file")
    name, content = (given.name, given.read(applying.LARGEST + 1)) if given else ("", b"")
    applying.attach(by=request.user.actor, application=held, name=name or "none.txt", content=content)
    return _("The file is kept with your application.")


def _discard(request: HttpRequest, held: Application, form: ApplicationForm) -> str:
    applying.discard(by=request.user.actor, application=held)
    return _("The draft is deleted.")


STEPS: dict[str, Callable[[HttpRequest, Application, ApplicationForm], str]] = {
    "save": _save, "submit": _submit, "take-back": _take_back, "invite": _invite_another, "attach": _attach, "discard": _discard,
    "claim": holding.ask_for_money, "hand-over": holding.hand_over,
}  # fmt: skip


@access(APPLY)
@never_cache
def own_file(request: HttpRequest, identifier: str, attachment: str) -> HttpResponse:
    """A file of one's own application."""
    return attached(get_object_or_404(Attachment, application=_own(request, identifier), pk=attachment))


def attached(held: Attachment) -> HttpResponse:
    """An attachment, never shown in the browser: it comes from elsewhere."""
    try:
        content = applying.content_of(held)
    except WhatworksError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{held.digest[:12]}{_ending(held.name)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _ending(name: str) -> str:
    return next((one for one in applying.ENDINGS if name.lower().endswith(one)), "")
