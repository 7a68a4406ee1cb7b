"""The workspace: what needs a person now, and the forms with which they do it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import WhatworksError
from whatworks.extract.actions import correct as correct_contrast
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.models import Contrast
from whatworks.ledger.canonical import digest
from whatworks.ledger.models import Artefact, Lineage
from whatworks.ledger.paging import paged
from whatworks.people.access import access
from whatworks.people.doors import WORKSPACE, doors
from whatworks.publish.actions import approve, refresh
from whatworks.publish.models import Draft, Page, Revision
from whatworks.publish.needs import Need, of, why
from whatworks.publish.page.comparing import changes
from whatworks.publish.writing.pairs import highlighted
from whatworks.rate.models import Rating
from whatworks.spoken import spoken, spoken_capital
from whatworks.synthesise.models import Synthesis

SHOWN = 5  # of each kind; the rest are a click away


@access("workspace.enter")
def home(request: HttpRequest) -> HttpResponse:
    """What needs me now: the first few of each kind, and the way to the rest."""
    needs = [_shown(need, request.user.actor) for need in of(request.user)]
    shown: dict[str, Any] = {"needs": [need for need in needs if need["items"]]}
    shown |= {"may_match": request.user.may("collate.match"), "may_screen": request.user.may("screen.say")}
    shown["may_declare"] = request.user.may("synthesise.declare")
    shown |= {"may_code": request.user.may("extract.study"), "manages": request.user.may("people.manage")}
    shown["may_map"] = request.user.may("publish.map")
    shown["may_try"] = any(request.user.may(f"trial.{what}") for what in ("run", "custody", "analyse", "arms"))
    shown["may_practise"] = request.user.may("baseline.practise")
    shown["doors"] = doors(WORKSPACE, request.user.may)
    return render(request, "publish/workspace/home.html", shown)


def _shown(need: Need, actor: str) -> dict[str, Any]:
    first = Paginator(need.rows(actor), SHOWN).get_page(1)
    total = first.paginator.count
    return {"title": need.title, "slug": need.slug, "items": need.items(first.object_list), "total": total}


@access("workspace.enter")
def waiting(request: HttpRequest, kind: str) -> HttpResponse:
    """All that waits of one kind, in pages."""
    need = next((one for one in of(request.user) if one.slug == kind), None)
    if need is None:
        raise Http404
    rows, pages = paged(request, need.rows(request.user.actor))
    shown = {"title": need.title, "items": need.items(rows), "pages": pages}
    return render(request, "publish/workspace/waiting.html", shown)


class NumbersForm(forms.Form):
    """The raw numbers of one contrast, one box each, and the reason for changing them."""

    def __init__(self, contrast: Contrast, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = input_titles(contrast.formula)
        for name, value in contrast.inputs.items():
            label = (
                f"{spoken_capital(titles[name])} ({name})" if name in titles else name.replace("_", " ").capitalize()
            )
            if isinstance(value, int | float) and not isinstance(value, bool):
                self.fields[name] = forms.FloatField(label=label, initial=value)
            else:
                self.fields[name] = forms.CharField(label=label, initial=value)
        self.fields["reason"] = forms.CharField(
            label=_("Why is it wrong, and where does the report say so?"),
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=1000,
            error_messages={"required": _("Say what the report prints, and where.")},
        )

    def inputs(self, before: dict[str, Any]) -> dict[str, Any]:
        """The numbers as given; a whole number that was whole stays whole."""
        given = {name: self.cleaned_data[name] for name in before}
        return {
            name: int(value)
            if isinstance(before[name], int) and isinstance(value, float) and value.is_integer()
            else value
            for name, value in given.items()
        }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def input_titles(formula: str) -> dict[str, str]:
    """What each raw number is, in words: as its own formula says, else as any other does."""
    others = {given.name: given.title for one in FORMULAE.values() for given in one.inputs}
    own = FORMULAE[formula].inputs if formula in FORMULAE else ()
    return others | {given.name: given.title for given in own}


@access("extract.correct")
def correct(request: HttpRequest, identifier: str) -> HttpResponse:
    """Correct the raw numbers of a contrast."""
    contrast = get_object_or_404(Contrast.objects.select_related("study", "report"), pk=identifier)
    form = NumbersForm(contrast, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            inputs, reason = form.inputs(contrast.inputs), form.cleaned_data["reason"]
            correct_contrast(by=request.user.actor, contrast=contrast, inputs=inputs, reason=reason)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            made = refresh(by=request.user.actor)
            results, drafts = _count(made["syntheses"], "result"), _count(made["drafts"], "page")
            messages.success(
                request,
                _("Corrected. Computed again: %(results)s. Waiting for approval: %(drafts)s.")
                % {"results": results, "drafts": drafts},
            )
            return redirect("workspace")
    correction = {
        "identifier": contrast.pk,
        "title": f"{contrast.study.name}: {contrast.subject_title()}",
        "source": [{"link": contrast.report.citation(), "href": f"/reports/{contrast.report_id}/"}],
        "rests": _resting(contrast.pk),
    }
    return render(request, "publish/workspace/correct.html", {"correction": correction, "form": form})


def _resting(identifier: str) -> list[list[Any]]:
    """What would be marked out of date, by name: results, ratings and pages as people know them."""
    current = Artefact.objects.current().filter(pk__in=Lineage.descendants(identifier)).values("pk")
    results = Synthesis.objects.filter(pk__in=current).select_related("analysis").order_by("analysis__title", "role")
    ratings = Rating.objects.filter(pk__in=current).select_related("intervention", "outcome").order_by("scheme", "pk")
    revisions = Revision.objects.filter(pk__in=current).select_related("page").order_by("page__title")
    rows = [[f"Result: {one.analysis.title}, ", {"number": one.role, "trace": one.pk}] for one in results]
    rows += [
        [
            f"Rating: {one.intervention.name}, {one.outcome.name}, ",
            {"number": one.scheme.replace("-", " "), "trace": one.pk},
        ]
        for one in ratings
    ]
    return rows + [
        [
            "Page: ",
            {"link": one.page.title, "href": f"/evidence/{one.page.slug}/"},
            _(", revision %(number)s") % {"number": one.number},
        ]
        for one in revisions
    ]


class ApprovalForm(forms.Form):
    """What an editor says when they approve, and which draft they read."""

    what_changed = forms.CharField(
        label=gettext_lazy("What changed, in a sentence for readers"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Say in a sentence what changed and why; readers see it in the page's history.")
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput)


@access("workspace.enter")
def draft(request: HttpRequest, identifier: str) -> HttpResponse:
    """Read the would-be page beside the published one; approve it."""
    page = get_object_or_404(Page, pk=identifier)
    waiting = get_object_or_404(Draft, page=page)
    newest = page.newest()
    may = request.user.may("publish.approve")
    form = ApprovalForm(request.POST or None, initial={"seen": digest(waiting.content)})
    if request.method == "POST" and request.POST.get("decision") == "return":
        messages.info(request, _("Left as it is; the draft goes on waiting."))
        return redirect("workspace")
    if request.method == "POST" and may and form.is_valid():
        try:
            revision = approve(by=request.user.actor, page=page, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Published as revision %(number)s.") % {"number": revision.number})
            return redirect("page", page.slug)
    shown = {
        "title": page.title,
        "identifier": page.pk,
        "because": why(waiting),
        "href": f"/evidence/{page.slug}/" if newest else "",
        "changes": [_marked(one) for one in changes(newest.content if newest else None, waiting.content)],
        "may_approve": may,
        "why_not": _("Approving needs the role Editor."),
    }
    return render(request, "publish/workspace/draft.html", {"draft": shown, "form": form})


def _marked(change: dict[str, Any]) -> dict[str, Any]:
    old, new = change["old"], change["new"]
    return change | {"old": highlighted(old, new), "new": highlighted(new, old)}
