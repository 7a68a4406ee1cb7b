"""Where a review team keeps its searches: what was asked where and when, what arrived, and what a rerun brought."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from whatworks.collate.actions import source_named
from whatworks.collate.forms_places import PlaceForm, known_source, named_source
from whatworks.collate.models import SearchRun, Source, Strategy
from whatworks.collate.rerunning import enqueue_rerun, preview
from whatworks.collate.search_log import listed, rerun_page, search_log, strategies, strategy_page
from whatworks.collate.searching import SERVICES, TEXTS, add_strategy, explain, record_run, revise_strategy
from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.spoken import spoken

SORTS = {
    "database": gettext_lazy("A database"),
    "register": gettext_lazy("A register of studies"),
    "website": gettext_lazy("A website"),
    "citation": gettext_lazy("Citations of a report, or its references"),
    "people": gettext_lazy("People who were asked"),
    "other": gettext_lazy("Another way"),
}


class StrategyForm(PlaceForm):
    """A search: where it is made and, word for word, what is asked."""

    one_of_two = gettext_lazy("Choose where the search is made, or name it; one of the two.")

    source = known_source(gettext_lazy("Where is it made?"))
    new_source = named_source()
    platform = forms.CharField(
        label=gettext_lazy("On which platform?"),
        help_text=gettext_lazy("Such as Ovid, EBSCO or ProQuest."),
        max_length=120,
        required=False,
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("What kind of place is it?"), choices=list(SORTS.items()), required=False
    )
    name = forms.CharField(label=gettext_lazy("What do you call this search?"), max_length=160)
    text = forms.CharField(
        label=gettext_lazy("What is asked, word for word"),
        help_text=gettext_lazy(
            "Copy every line as it was typed, with its numbers. This is what others need to run it again."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
    )
    limits = forms.CharField(
        label=gettext_lazy("Limits and restrictions"),
        help_text=gettext_lazy("Such as languages, years, or kinds of publication. Say “none” if there were none."),
        required=False,
    )
    filters = forms.CharField(label=gettext_lazy("Published search filters that were used"), required=False)
    peer_review = forms.CharField(label=gettext_lazy("Who checked the search, and how"), required=False)
    service = forms.ChoiceField(
        label=gettext_lazy("Can a machine run it again?"),
        choices=[("", gettext_lazy("No")), *SERVICES.items()],
        required=False,
    )


class WordsForm(forms.Form):
    """What is asked from now on."""

    text = StrategyForm.base_fields["text"]
    limits = StrategyForm.base_fields["limits"]
    filters = StrategyForm.base_fields["filters"]
    peer_review = StrategyForm.base_fields["peer_review"]


class RunForm(forms.Form):
    """That the search was run."""

    ran_on = forms.DateField(
        label=gettext_lazy("On which day was it run?"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    hits = forms.IntegerField(
        label=gettext_lazy("How many hits did the platform report?"),
        help_text=gettext_lazy("Leave it empty if nobody noted it. Zero is worth noting too."),
        min_value=0,
        required=False,
    )


@access("collate.match")
def searches(request: HttpRequest) -> HttpResponse:
    """Every search, and what still wants a word."""
    shown = [listed(one) for one in strategies()]
    return render(request, "collate/searches.html", {"searches": shown})


@access("collate.match")
def new_search(request: HttpRequest) -> HttpResponse:
    """Note a search."""
    form = StrategyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = add_strategy(
                by=request.user.actor,
                source=given["source"] or _source(given, request.user.actor),
                name=given["name"],
                service=given["service"],
                **{name: given[name] for name in TEXTS},
            )
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Noted. When it has been run, say so here."))
            return redirect("strategy", made.pk)
    return render(request, "collate/search_form.html", {"form": form})


def _source(given: dict[str, Any], by: str) -> Source:
    return source_named(by=by, name=given["new_source"], sort=given["sort"] or "other", platform=given["platform"])


@access("collate.match")
def strategy(request: HttpRequest, identifier: str) -> HttpResponse:
    """One search: its words, its runs, and the form to note another run."""
    held = get_object_or_404(Strategy.objects.select_related("source"), pk=identifier)
    form = RunForm(request.POST or None, initial={"ran_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            record_run(by=request.user.actor, strategy=held, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(
                request, _("Noted. Bring in the files that came of it, and their records are counted here.")
            )
            return redirect("strategy", held.pk)
    return render(request, "collate/strategy.html", {"search": strategy_page(held), "form": form})


@access("collate.match")
def strategy_words(request: HttpRequest, identifier: str) -> HttpResponse:
    """Change what is asked from now on."""
    held = get_object_or_404(Strategy, pk=identifier)
    form = WordsForm(request.POST or None, initial={name: getattr(held, name) for name in TEXTS})
    if request.method == "POST" and form.is_valid():
        revise_strategy(by=request.user.actor, strategy=held, **form.cleaned_data)
        messages.success(request, _("Changed. Earlier runs keep the words that they were run with."))
        return redirect("strategy", held.pk)
    return render(request, "collate/search_words.html", {"search": held, "form": form})


@access("collate.match")
def rerun_online(request: HttpRequest, identifier: str) -> HttpResponse:
    """Run a search again by machine, after a look at what that would give and cost."""
    held = get_object_or_404(Strategy.objects.select_related("source"), pk=identifier)
    try:
        if request.method == "POST":
            enqueue_rerun(by=request.user.actor, strategy=held)
            messages.success(request, _("It is being run. Its run and what came of it appear here."))
            return redirect("strategy", held.pk)
        shown = {"search": held, "preview": preview(held), "error": ""}
    except WhatworksError as error:
        shown = {"search": held, "preview": None, "error": spoken(error)}
    return render(request, "collate/rerun.html", shown)


@access("collate.match")
def run_changes(request: HttpRequest, identifier: str) -> HttpResponse:
    """What a run brought and lost against the one before."""
    run = get_object_or_404(SearchRun.objects.select_related("strategy__source"), pk=identifier)
    return render(request, "collate/run.html", {"run": run, "changes": rerun_page(run)})


@access("collate.match")
@require_POST
def explain_run(request: HttpRequest, identifier: str) -> HttpResponse:
    """Say why the counts of a run differ."""
    run = get_object_or_404(SearchRun, pk=identifier)
    try:
        explain(by=request.user.actor, run=run, explanation=request.POST.get("explanation", ""))
    except WhatworksError as error:
        messages.error(request, spoken(error))
    else:
        messages.success(request, _("Noted beside the counts, and in the search log."))
    return redirect("strategy", run.strategy_id)


@access("collate.match")
def search_log_csv(request: HttpRequest) -> HttpResponse:
    """The log of all searches as a table, ready for the appendix of a review."""
    response = HttpResponse(search_log(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="search-log.csv"'
    return response
