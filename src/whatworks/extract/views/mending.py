"""Where what is said of a study, its support, arms, outcomes and results is changed, and a part of it removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from whatworks.extract.facts import plain_facts
from whatworks.extract.forms_mending import (
    ArmChangeForm,
    MeasureChangeForm,
    RemovingForm,
    ResultForm,
    StudyFactsForm,
    SupportForm,
    Why,
    initial,
)
from whatworks.extract.measuring import MEASURE_FACTS, change_measure
from whatworks.extract.models import Arm, Contrast, Measure, Study
from whatworks.extract.redescribing import contrast_facts, describe_contrast
from whatworks.extract.removing import remove_arm, remove_measure
from whatworks.extract.seen import state_of
from whatworks.extract.studying import (
    STUDY_FACTS,
    arm_facts,
    change_arm,
    describe_study,
    describe_support,
    support_facts,
)
from whatworks.extract.views.parts import of_study, refuse_unless_changing, tried
from whatworks.extract.views.studies import gone
from whatworks.ledger.canonical import canonical
from whatworks.people.access import access
from whatworks.spoken import spoken


@dataclass(frozen=True)
class Part:
    """What is changed: its title, its form, what is said of it now, and how it is changed or removed."""

    title: str
    lead: str
    form: Callable[..., Why]
    facts: dict[str, Any]
    change: Callable[..., Any]
    remove: Callable[..., Any] | None = None
    removing: str = ""


@access("extract.study")
@of_study
def facts(request: HttpRequest, study: Study) -> HttpResponse:
    """Change what is said of a study."""
    lead = _("What was said before is kept in the study's history.")
    do = partial(describe_study, study=study)
    return _mended(request, study, Part(_("The study"), lead, StudyFactsForm, plain_facts(study, STUDY_FACTS), do))


@access("extract.study")
@of_study
def support(request: HttpRequest, study: Study) -> HttpResponse:
    """Say who paid for a study and who took part in it."""
    lead = _("Readers weigh a study by who paid for it and who took part in it.")
    do = partial(describe_support, study=study)
    return _mended(request, study, Part(_("Who paid, and who took part"), lead, SupportForm, support_facts(study), do))


@access("extract.study")
@of_study
def arm(request: HttpRequest, study: Study, part: str) -> HttpResponse:
    """Change or remove an arm of a study."""
    row = get_object_or_404(Arm, pk=part, study=study)
    lead = _("An arm that was added by mistake can be removed while nothing was said or computed of it.")
    do, undo = partial(change_arm, arm=row), partial(remove_arm, arm=row)
    return _mended(
        request,
        study,
        Part(
            _("Arm: %(name)s") % {"name": row.name}, lead, ArmChangeForm, arm_facts(row), do, undo, _("Remove this arm")
        ),
    )


@access("extract.study")
@of_study
def measure(request: HttpRequest, study: Study, part: str) -> HttpResponse:
    """Change or remove an outcome as a study measured it."""
    row = get_object_or_404(Measure, pk=part, study=study)
    lead = _("Its results follow a new name and another outcome of the framework. Which way each runs stays as it is.")
    do, undo = partial(change_measure, measure=row), partial(remove_measure, measure=row)
    part_of = Part(_("Outcome: %(name)s") % {"name": row.name}, lead, MeasureChangeForm, plain_facts(row, MEASURE_FACTS), do, undo,
                   _("Remove this outcome"))  # fmt: skip
    return _mended(request, study, part_of)


@access("extract.study")
@of_study
def result(request: HttpRequest, study: Study, part: str) -> HttpResponse:
    """Change what is said of a result beyond its numbers."""
    row = get_object_or_404(Contrast, pk=part, study=study)
    lead = _("Its numbers are put right elsewhere: “Correct its numbers” on the study's page.")
    do = partial(describe_contrast, contrast=row)
    form = partial(ResultForm, study)
    return _mended(
        request,
        study,
        Part(_("Result: %(title)s") % {"title": row.subject_title()}, lead, form, contrast_facts(row), do),
    )


def _mended(request: HttpRequest, study: Study, part: Part) -> HttpResponse:
    """The page of a part: its form, what was typed in it where it is refused, and its removal."""
    refuse_unless_changing(request, study.review_id)
    if elsewhere := gone(request, study):
        return elsewhere
    removing = request.method == "POST" and request.POST.get("step") == "remove"
    form = part.form(initial=initial(part.facts))
    leaving = RemovingForm(request.POST if removing else None, prefix="removing")
    if removing and part.remove and leaving.is_valid():
        why = leaving.cleaned_data["why"]
        if tried(request, leaving, partial(part.remove, by=request.user.actor, why=why), _("Removed.")):
            return redirect("study_work", study.pk)
    if request.method == "POST" and not removing:
        form = part.form(request.POST, initial=initial(_shown(request, part)))
        if form.is_valid() and _changed(request, form, part):
            return redirect("study_work", study.pk)
        form = _beside(form, part) if form.non_field_errors() else form
    shown = {"study": study, "review": study.review, "part": part, "form": form, "leaving": leaving}
    return render(request, "extract/mend.html", shown | {"shown": _told(request, part, form)})


def _shown(request: HttpRequest, part: Part) -> dict[str, Any]:
    """What the page showed when it was opened, as it came back; what is said now where that cannot be read."""
    try:
        told = json.loads(request.POST.get("shown", ""))
    except ValueError:
        return part.facts
    return told if isinstance(told, dict) and set(told) == set(part.facts) else part.facts


def _told(request: HttpRequest, part: Part, form: Form) -> str:
    """What to hand back: what the page showed first, while its form waits to be mended; what is said now otherwise."""
    waits = form.is_bound and not form.non_field_errors()
    return canonical(_shown(request, part) if waits else part.facts)


def _changed(request: HttpRequest, form: Why, part: Part) -> bool:
    told = form.told()
    if not told:
        messages.info(request, _("Nothing was changed."))
        return True
    seen = state_of(_shown(request, part))
    do = partial(part.change, by=request.user.actor, why=form.cleaned_data.get("why", ""), seen=seen, **told)
    return tried(request, form, do, _("Changed. What was said before is in the history below."))


def _beside(form: Why, part: Part) -> Why:
    """The refused form, with what was typed, and all else as it is said now: to send it again undoes nothing."""
    now, data = initial(part.facts), form.data.copy()
    for name in set(now) & set(form.fields) - set(form.changed_data):
        data[name] = "" if now[name] is None else str(now[name])
    again = part.form(data, initial=now)
    for error in form.non_field_errors():
        again.add_error(None, spoken(error))
    return again
