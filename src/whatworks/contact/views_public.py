"""What everybody sees: news, the way onto our lists, and the pages behind the links in our letters.

The links in letters carry a token that only we can make, and nothing else is asked of who follows them: no cookie, no sign-in.
Following one (GET) changes nothing, since mail scanners follow every link; a button, or a mail program's one click, posts.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from whatworks.contact import consenting, tokens
from whatworks.contact.composing import preferences_link
from whatworks.contact.feeds import news_atom
from whatworks.contact.forms import JoinForm
from whatworks.contact.joining import UnsentError, join
from whatworks.contact.models import Contact, Edition, Follow, MailingList, Post
from whatworks.contact.presenters import alike_in_mail, masked, places_of
from whatworks.contact.wordings import ALERTS, NEWSLETTER, wordings
from whatworks.errors import WhatworksError
from whatworks.ledger.addresses import link_to
from whatworks.ledger.models import Subject
from whatworks.people.access import PUBLIC, access
from whatworks.spoken import spoken

ONLINE = ["GET", "HEAD", "POST"]


def _with_embargo(response: HttpResponse) -> HttpResponse:
    """While something waits for its moment no page of news is kept: the moment comes without anything being written."""
    if Post.objects.waiting(timezone.now()).exists():
        add_never_cache_headers(response)
    return response


@access(PUBLIC)
def news(request: HttpRequest) -> HttpResponse:
    """Posts and press releases, the newest first."""
    return _with_embargo(render(request, "contact/public/news.html", {"posts": Post.objects.shown(timezone.now())}))


@access(PUBLIC)
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them."""
    held = get_object_or_404(Post.objects.shown(timezone.now()), slug=slug)
    told = {
        "post": held,
        "base": str(settings.BASE_URL),
        "address": str(settings.BASE_URL) + reverse("post", args=[slug]),
    }
    return render(request, "contact/public/post.html", told)


@access(PUBLIC)
def news_feed(request: HttpRequest) -> HttpResponse:
    """The same as an Atom feed."""
    return _with_embargo(HttpResponse(news_atom(timezone.now()), content_type="application/atom+xml; charset=utf-8"))


@access(PUBLIC)
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An edition as it went out."""
    held = get_object_or_404(
        Edition.objects.shown().select_related("mailing_list"), mailing_list__slug=slug, number=number
    )
    return render(request, "contact/public/edition.html", {"edition": held, "shown": alike_in_mail(held)})


@access(PUBLIC)
@csrf_exempt  # a form sent from elsewhere makes nobody a reader: the inbox confirms
@require_http_methods(ONLINE)
def newsletter(request: HttpRequest) -> HttpResponse:
    """What can be had by e-mail, and the form to ask for it; with `follow`, for one page that may change."""
    asked = (request.POST if request.method == "POST" else request.GET).get("follow", "")[:24]
    about = Subject.objects.filter(pk=asked, kind="page").first() if asked else None
    sort = MailingList.ALERTS if about else MailingList.NEWSLETTER
    lists = list(MailingList.objects.filter(open=True, sort=sort).order_by("order", "title"))
    form = JoinForm(lists, request.POST or None, initial={"follow": about.pk if about else ""})  # no box is ticked
    if request.method == "POST" and form.is_valid() and _joined(request, form, lists, about):
        return render(request, "contact/public/asked.html", {"days": tokens.DAYS})
    told = {
        "form": form, "lists": lists, "about": link_to(about) if about else None, "live": str(settings.BASE_URL),
        "words": wordings()[ALERTS if about else NEWSLETTER],
        "editions": Edition.objects.shown().select_related("mailing_list").order_by("-begun_at", "-pk")[:50],
    }  # fmt: skip
    return render(request, "contact/public/newsletter.html", told, status=400 if form.errors else 200)


def _joined(request: HttpRequest, form: JoinForm, lists: list[MailingList], about: Subject | None) -> bool:
    wanted = [one for one in lists if one.pk in form.cleaned_data["lists"]]
    try:
        join(
            email=form.cleaned_data["email"], lists=wanted, wording=ALERTS if about else NEWSLETTER,
            source=f"{settings.BASE_URL}{reverse('newsletter')}", evidence=_evidence(request), about=about.pk if about else "",
        )  # fmt: skip
    except UnsentError:
        raise
    except WhatworksError as error:
        form.add_error(None, spoken(error))
        return False
    return True


def _evidence(request: HttpRequest) -> dict[str, Any]:
    """What a click leaves behind: when, and from where."""
    return {
        "at": timezone.now().isoformat(),
        "network_address": request.META.get("REMOTE_ADDR", ""),
        "program": request.headers.get("User-Agent", "")[:200],
    }


def _stranger(request: HttpRequest) -> HttpResponse:
    """The answer to a token that is not ours, or is worn out. Nothing was done."""
    return render(request, "contact/public/stranger.html", status=404)


@access(PUBLIC)
@never_cache
@csrf_exempt
@require_http_methods(ONLINE)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The question from the inbox: a page with a button; the button confirms."""
    named = tokens.read(tokens.CONFIRM, token)
    contact = Contact.objects.filter(pk=named[0], erased_at=None).first() if named else None
    if named is None or contact is None:
        return _stranger(request)
    if request.method == "POST":
        consenting.confirm(contact=contact, asked=named[1:], evidence=_evidence(request))
        return render(request, "contact/public/confirmed.html", {"preferences": preferences_link(contact.pk)})
    titles = MailingList.objects.filter(consents__in=named[1:]).order_by("order").values_list("title", flat=True)
    return render(request, "contact/public/confirm.html", {"titles": list(titles.distinct())})


@access(PUBLIC)
@never_cache
@csrf_exempt
@require_http_methods(ONLINE)
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """One click (RFC 8058): a POST, whatever is in it, takes one person off one list. A GET shows a page."""
    named = tokens.read(tokens.LEAVE, token)
    held = MailingList.objects.filter(pk=named[1]).first() if named and len(named) == 2 else None
    contact = Contact.objects.filter(pk=named[0], erased_at=None).first() if named else None
    if named is None or held is None or contact is None:
        return _stranger(request)
    if request.method == "POST":
        consenting.leave(by=consenting.READER, contact=contact, mailing_list=held, source=_("the link in an e-mail"))
        return render(request, "contact/public/left.html", {"list": held})
    return render(request, "contact/public/leave.html", {"list": held, "who": masked(contact.kept().email)})


@access(PUBLIC)
@never_cache
@csrf_exempt
@require_http_methods(ONLINE)
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """What one person gets. Taking something off holds at once; putting something on is asked in the inbox first."""
    named = tokens.read(tokens.PREFERENCES, token)
    held = Contact.objects.filter(pk=named[0], erased_at=None).first() if named else None
    if held is None:
        return _stranger(request)
    contact, done = held.kept(), ""
    if request.method == "POST":
        done = _changed(request, contact)
    told = {
        "places": places_of(contact), "who": masked(contact.email), "done": done,
        "follows": [(one.pk, link_to(one.about)) for one in contact.follows.select_related("about").order_by("pk")],
    }  # fmt: skip
    return render(request, "contact/public/preferences.html", told)


def _changed(request: HttpRequest, contact: Contact) -> str:
    """Do what the form says; a sentence on what was done."""
    source = _("the page of preferences")
    if "stop" in request.POST:
        consenting.leave(by=consenting.READER, contact=contact, mailing_list=None, source=source)
        return _("Done. You will get no more e-mails from us.")
    if "object" in request.POST:
        consenting.object_to_all(by=consenting.READER, contact=contact, source=source)
        return _("Done. Nobody here may write to you about our work again, unless you sign up yourself.")
    if followed := request.POST.get("unfollow", ""):
        Follow.objects.filter(pk=followed, contact=contact).delete()
        return _("Done. You no longer follow that page.")
    ticked, new = set(request.POST.getlist("lists")), []
    for place in places_of(contact):
        if place.gets and place.identifier not in ticked:
            consenting.leave(by=consenting.READER, contact=contact, mailing_list=place.mailing_list, source=source)
        elif not place.gets and place.identifier in ticked:
            new.append(place.mailing_list)
    if new:
        join(email=contact.email, lists=new, wording=NEWSLETTER, source=source, evidence=_evidence(request))
        return _("Kept. For what is new we sent you an e-mail: confirm it there.")
    return _("Kept.")
