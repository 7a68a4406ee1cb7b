"""What everybody sees: sites, adoption, communities of practice; and the questions of readiness for those who have a code."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from whatworks.baseline.models import Practice
from whatworks.convene.guarding import PUBLIC_ACTOR
from whatworks.convene.guarding_forms import refuse_flood
from whatworks.errors import WhatworksError
from whatworks.implement import asking, talking
from whatworks.implement.forms_improving import AskForm, CodeForm, ItemsForm, ReplyForm
from whatworks.implement.instruments import instrument
from whatworks.implement.models import PracticeQuestion, Site
from whatworks.implement.presenters import listed, site_page
from whatworks.implement.presenters_adoption import adoption_page, practices
from whatworks.implement.presenters_talking import communities_list, community_page
from whatworks.implement.showing import KEEP, shown_site
from whatworks.ledger import sections
from whatworks.people.access import PUBLIC, access
from whatworks.publish.models import Page
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell


@access(PUBLIC)
def sites(request: HttpRequest) -> HttpResponse:
    """Every site that agreed to be shown."""
    return render(request, "implement/sites.html", {"groups": listed()})


@access(PUBLIC)
def site(request: HttpRequest, slug: str) -> HttpResponse:
    """One site."""
    held = shown_site(slug)
    if held is None:
        raise Http404
    told = {"site": site_page(held), "sections": sections.about(Site.kind, held.pk)}
    return render(request, "implement/site.html", told)


@access(PUBLIC)
def adoptions(request: HttpRequest) -> HttpResponse:
    """Every practice on the map."""
    return render(request, "implement/adoptions.html", {"practices": practices()})


@access(PUBLIC)
def adoption(request: HttpRequest, slug: str) -> HttpResponse:
    """How widely one practice is adopted."""
    held = get_object_or_404(Practice.objects.select_related("intervention"), slug=slug)
    return render(request, "implement/adoption.html", adoption_page(held))


@access(PUBLIC)
def adoption_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a table: round, day, number, denominator, part by part."""
    held = get_object_or_404(Practice, slug=slug)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["practice", "source", "denominator_on", "part", "known_to_do_it", "authorities"])
    told = adoption_page(held)
    rows = [(one["round"].name, one) for one in told["rounds"]]
    if told["now"]:
        rows.append(("practice map today", told["now"]))
    for source, one in rows:
        found = one["found"]
        parts = [("all", found.whole.number, found.whole.of), *((p.name, p.number, p.of) for p in found.parts)]
        for part in parts:
            table.writerow([cell(held.slug), cell(source), found.on.isoformat(), *(cell(str(value)) for value in part)])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{held.slug}-adoption.csv"'
    return answer


@access(PUBLIC)
def communities(request: HttpRequest) -> HttpResponse:
    """The pages on which people may ask."""
    return render(request, "implement/communities.html", {"communities": communities_list()})


# Nobody is signed in here and no cookie is set, so there is no session that another site could misuse.
@csrf_exempt
@access(PUBLIC)
def community(request: HttpRequest, slug: str) -> HttpResponse:
    """Questions of practice on one page, with a box for another."""
    page = get_object_or_404(Page.objects.select_related("intervention"), slug=slug)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if not form.trapped:
                refuse_flood(request)
                talking.ask(intervention=page.intervention, words=form.cleaned_data["words"], by=PUBLIC_ACTOR)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            return redirect(f"{reverse('community', args=[slug])}?sent=yes")
    told = community_page(page) | {
        "form": form,
        "sent": "sent" in request.GET,
        "may_reply": request.user.is_authenticated and request.user.may(KEEP),
    }
    return render(request, "implement/community.html", told, status=400 if form.errors else 200)


@access(KEEP)
@never_cache
def reply(request: HttpRequest, slug: str, question: str) -> HttpResponse:
    """Answer a question of practice."""
    page = get_object_or_404(Page, slug=slug)
    held = get_object_or_404(
        PracticeQuestion.objects.select_related("text"), pk=question, intervention=page.intervention_id
    )
    form = ReplyForm(page, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            talking.reply(
                by=request.user.actor, question=held, words=told["words"], revision=form.revisions[told["revision"]]
            )
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Kept. A moderator reads it before it shows."))
            return redirect("community", slug)
    words = community_page(page, only=held.pk)["questions"]
    told = {"page": page, "form": form, "question": words[0] if words else None}
    return render(request, "implement/reply.html", told, status=400 if form.errors else 200)


# The same here: the code alone opens the questions, and nobody is signed in.
@csrf_exempt
@access(PUBLIC)
@never_cache
def readiness(request: HttpRequest) -> HttpResponse:
    """A code is given, then the questions are asked. The code is in no address and no cookie."""
    code = request.POST.get("code", "")
    wave = asking.wave_of(code) if code else None
    if wave is None:
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            form.add_error("code", _("This code was used, or the questions are closed. Ask whoever gave it to you."))
        return render(request, "implement/readiness.html", {"form": form}, status=400 if form.errors else 200)
    found = instrument(wave.instrument)
    items = ItemsForm(found, request.POST if "answers" in request.POST else None, initial={"code": code})
    if "answers" in request.POST and items.is_valid():
        try:
            asking.answer(code=code, given=items.given())
        except WhatworksError as error:
            items.add_error(None, spoken(error))
        else:
            return render(request, "implement/readiness_done.html")
    told = {"items": items, "wave": wave, "instrument": found}
    return render(request, "implement/readiness_items.html", told, status=400 if items.errors else 200)
