"""The editor in the workspace: the texts of a page, the check as one writes, the numbers to insert, previews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from whatworks.errors import ConflictError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.publish.actions import draft
from whatworks.publish.models import Draft, Page, Passage
from whatworks.publish.page.here import here
from whatworks.publish.writing import pages, passages, withdrawing
from whatworks.publish.writing.results import results
from whatworks.publish.writing.reviewing import reviewed
from whatworks.saying import said
from whatworks.scope.models import Intervention
from whatworks.spoken import spoken

LONGEST_CHECK = 40_000  # characters that one check looks through
FRAME = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


class TextForm(forms.Form):
    """The text of one part, its sources, and the version that the writer began with."""

    text = forms.CharField(
        label=gettext_lazy("The text"),
        strip=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true", "lang": "en-GB"}),
        help_text=gettext_lazy(
            "Leave an empty line between paragraphs. Begin the lines of a list with a dash and a space."
        ),
    )
    sources = forms.CharField(
        label=gettext_lazy("Sources, one on a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What it is called, then its address, if it has one."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReasonForm(forms.Form):
    """Why something is taken back, withdrawn or put back."""

    why = forms.CharField(label=gettext_lazy("Why?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=600)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


def _about(slug: str) -> Intervention:
    return get_object_or_404(Intervention.objects.select_related("theme"), slug=slug, part_of=None)


@access("workspace.enter")
def texts(request: HttpRequest) -> HttpResponse:
    """Every page with how much of it people have written."""
    return render(request, "publish/writing/texts.html", {"texts": pages.texts(), "of": len(passages.PLACES)})


@access("workspace.enter")
def text_parts(request: HttpRequest, slug: str) -> HttpResponse:
    """The parts of one page."""
    about = _about(slug)
    page = Page.objects.filter(intervention=about).first()
    shown: dict[str, Any] = {"about": about, "parts": pages.parts_of(about), "ways": pages.WAYS, "page": page}
    shown |= {"may_write": request.user.may("publish.write"), "may_approve": request.user.may("publish.approve")}
    shown["draft"] = page and Draft.objects.filter(page=page).exists()
    shown["withdrawn"] = page and withdrawing.notice_of(page)
    return render(request, "publish/writing/parts.html", shown)


@access("publish.write")
def write_text(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """Write one part of a page: check it, keep it as work in hand, put it into the would-be page."""
    about = _about(slug)
    if part not in passages.PLACES:
        raise Http404
    held = Passage.objects.newest_of(about).get(part)
    begun = {
        "text": held.text if held else "",
        "sources": passages.sources_typed(held.sources) if held else "",
        "seen": held.number if held else 0,
    }
    form = TextForm(request.POST or None, initial=begun)
    shown: dict[str, Any] = {"about": about, "place": passages.PLACES[part], "form": form, "held": held}
    shown["reason"] = ReasonForm(initial={"seen": begun["seen"]}, auto_id="id_back_%s")
    if request.method == "POST" and form.is_valid():
        if request.POST.get("decision") == "check":
            shown["review"] = _looked(form.cleaned_data)
        elif (answer := _kept(request, about, part, shown)) is not None:
            return answer
    shown["versions"] = pages.versions(about, part)
    return render(request, "publish/writing/write.html", shown)


def _looked(given: dict[str, Any]) -> Any:
    return reviewed(given["text"][:LONGEST_CHECK], sourced=bool(given["sources"].strip()))


def _kept(request: HttpRequest, about: Intervention, part: str, shown: dict[str, Any]) -> HttpResponse | None:
    """Keep what was sent and go back to the parts; None where the page is to be shown again with what stands in the way."""
    form, ready = shown["form"], request.POST.get("decision") != "keep"
    given = dict(form.cleaned_data)  # a copy: what is refused is taken out of the form's own
    try:
        passages.write(
            by=request.user.actor,
            intervention=about,
            part=part,
            text=given["text"],
            sources=passages.sources_from(given["sources"]),
            seen=given["seen"],
            ready=ready,
        )
    except ConflictError as error:
        form.add_error(None, spoken(error))
        _beside(form, about, part, shown)
    except InputError as error:
        shown["review"] = found = _looked(given)
        name = shown["place"].title
        listed = _("“%(name)s” cannot go into the page yet; what must change is listed under the text.") % {
            "name": name
        }
        form.add_error("text", spoken(error) if found.fits else listed)
    else:
        draft(by=request.user.actor, intervention=about)
        name = passages.PLACES[part].title
        said = (
            _("“%(name)s” is in the would-be page; an editor reads it next.") % {"name": name}
            if ready
            else _("“%(name)s” is kept as work in hand.") % {"name": name}
        )
        messages.success(request, said)
        return redirect("text_parts", about.slug)
    return None


def _beside(form: TextForm, about: Intervention, part: str, shown: dict[str, Any]) -> None:
    """Both texts side by side; saving again is then a decision made with the other text in view."""
    now = Passage.objects.newest_of(about)[part]
    form.data = form.data.copy()
    form.data["seen"] = str(now.number)
    shown["theirs"] = pages.theirs(now)


@access("publish.write")
@require_POST
def take_text_back(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """Take the text of a part from the would-be page."""
    about, form = _about(slug), ReasonForm(request.POST)
    if not form.is_valid() or form.cleaned_data["seen"] is None:
        raise InputError(said("Say why the text is taken back; go back and write a sentence."))
    given = form.cleaned_data
    passages.take_back(by=request.user.actor, intervention=about, part=part, why=given["why"], seen=given["seen"])
    draft(by=request.user.actor, intervention=about)
    messages.success(
        request, _("“%(title)s” is taken back. Its history stays readable.") % {"title": passages.PLACES[part].title}
    )
    return redirect("text_parts", slug)


@access("publish.write")
@require_POST
def check_text(request: HttpRequest) -> HttpResponse:
    """What is to be said about a text that is being written, as a piece of a page."""
    text = request.POST.get("text", "")[:LONGEST_CHECK]
    found = reviewed(text, sourced=request.POST.get("sourced", "yes") != "no")
    return render(request, "publish/writing/_review.html", {"review": found})


@access("publish.write")
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers that a text may hold: a page of its own, or a piece of one for the editor."""
    query, about = request.GET.get("q", "")[:100], request.GET.get("about", "")[:80]
    shown = {"found": results(query, about), "query": query, "about": about}
    piece = request.headers.get("X-Part") == "numbers"
    return render(request, f"publish/writing/{'_numbers' if piece else 'numbers'}.html", shown)


@access("workspace.enter")
def preview(request: HttpRequest, slug: str, how: str) -> HttpResponse:
    """The would-be page as a reader will have it: on a phone, on paper, as an Easy Read outline."""
    about = _about(slug)
    if how not in pages.WAYS:
        raise Http404
    shown: dict[str, Any] = {"about": about, "how": how, "ways": pages.WAYS, "way": pages.WAYS[how]}
    if how == "easy":
        shown["outline"] = pages.easy(about)
    else:
        shown["source"] = reverse("preview_page", args=[slug]) + ("?as=paper" if how == "print" else "")
    return _framed(render(request, "publish/writing/preview.html", shown))


@access("workspace.enter")
@xframe_options_sameorigin
def preview_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The would-be page itself, for the frame of a preview."""
    content = pages.would_be(_about(slug))
    shown = {"page": content, "here": here(content, {}), "paper": request.GET.get("as") == "paper"}
    return _framed(render(request, "publish/writing/preview_page.html", shown))


def _framed(response: HttpResponse) -> HttpResponse:
    """Let this centre's own pages, and no others, hold the answer in a frame."""
    response.headers["Content-Security-Policy"] = FRAME
    return response


@access("workspace.enter")
def paper_style(request: HttpRequest) -> HttpResponse:
    """The look as printers get it, for the screen: the same rules, not a second set of them."""
    found = finders.find("web/look.css")
    if not found:
        raise Http404
    with open(found, encoding="utf-8") as file:
        style = file.read().replace("@media print", "@media all")
    style += "body { padding: 13mm 15mm !important }\n"  # the margins that a printer adds
    return HttpResponse(style, content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=300"})


@access("publish.approve")
def withdraw_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Withdraw a page with a reason, or put it back."""
    page = get_object_or_404(Page, slug=slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = withdrawing.reinstate if request.POST.get("decision") == "reinstate" else withdrawing.withdraw
        try:
            made = act(by=request.user.actor, page=page, why=form.cleaned_data["why"])
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            said = _("“%(title)s” is withdrawn.") if made.withdrawn else _("“%(title)s” is in use again.")
            messages.success(request, said % {"title": page.title})
            return redirect("page", page.slug)
    return render(request, "publish/writing/withdraw.html", {"page": page, "form": form, "use": pages.in_use(page)})
