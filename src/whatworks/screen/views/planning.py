"""Where somebody plans a review on a finished one, before anything is screened."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import WhatworksError
from whatworks.ledger.models import Job
from whatworks.people.access import access
from whatworks.screen.forms import NOT_ALL, SHARE
from whatworks.screen.models import Review, Screener
from whatworks.screen.planning import PLAN, ask_for_plan, bring, forget
from whatworks.screen.presenters_planning import plan_page, plans_of
from whatworks.spoken import spoken

RENEW = 3


class PlanningForm(forms.Form):
    """A finished review: a file, or one that is held here."""

    file = forms.FileField(
        label=gettext_lazy("A finished review as a table (CSV)"),
        help_text=gettext_lazy("Columns: title, abstract, and included with 1 or 0."),
        required=False,
        error_messages={"empty": gettext_lazy("The file is empty; export the table again.")},
    )
    review = forms.ModelChoiceField(
        Review.objects.none(),
        label=gettext_lazy("Or a review of yours that is screened here"),
        empty_label=gettext_lazy("None"),
        required=False,
    )
    target = forms.FloatField(
        label=gettext_lazy("Share of the relevant reports to find, in per cent"),
        initial=95,
        error_messages=NOT_ALL,
        **SHARE,
    )
    confidence = forms.FloatField(
        label=gettext_lazy("How sure to be, in per cent"), initial=95, error_messages=NOT_ALL, **SHARE
    )

    def __init__(self, actor: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        mine = Screener.objects.here().filter(user=actor).values("review")
        field = self.fields["review"]
        field.queryset = Review.objects.filter(pk__in=mine, waves__complete=True).distinct().order_by("title")
        field.label_from_instance = lambda review: review.title

    def clean(self) -> dict[str, object]:
        """One of the two."""
        given = super().clean() or {}
        if not self.errors and bool(given.get("file")) == bool(given.get("review")):
            self.add_error("file", _("Choose a file or a review that is held here; one of the two."))
        return given


@access("screen.lead")
def planning(request: HttpRequest) -> HttpResponse:
    """Ask what each way to read and each rule to stop would have cost and missed."""
    form = PlanningForm(request.user.actor, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("plan", _asked(request, form).pk)
        except WhatworksError as error:
            form.add_error("file" if form.cleaned_data["file"] else "review", spoken(error))
    shown = {"form": form, "plans": plans_of(request.user.actor)}
    return render(request, "screen/lead_planning.html", shown)


def _asked(request: HttpRequest, form: PlanningForm) -> Job:
    given = form.cleaned_data
    sought = {name: round(given[name] / 100, 6) for name in ("target", "confidence")}
    if given["review"]:
        return ask_for_plan(by=request.user.actor, name=given["review"].title, review=given["review"], **sought)
    path = bring(given["file"].chunks())
    try:
        return ask_for_plan(by=request.user.actor, name=given["file"].name[:120], path=path, **sought)
    except WhatworksError:
        forget({"path": str(path)})  # of a file that no plan can be made of, nothing is kept
        raise


@access("screen.lead")
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """One plan, as far as it has come. Its page renews itself meanwhile, unless asked to keep still."""
    job = get_object_or_404(Job, pk=number, kind=PLAN, by=request.user.actor)
    shown, still = plan_page(job), "still" in request.GET
    response = render(request, "screen/lead_plan.html", {"plan": shown, "still": still})
    if shown["live"] and not still:
        response.headers["Refresh"] = str(RENEW)
    return response
