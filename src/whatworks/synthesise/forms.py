"""The forms with which an analysis is declared and its plan changed."""

from __future__ import annotations

from typing import Any, get_args

from django import forms

from whatworks.extract.methods.metrics import METRICS
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review
from whatworks.synthesise.methods.heterogeneity import Estimator
from whatworks.synthesise.methods.plan import (
    DESIGNS,
    INTERVALS,
    LABELS,
    LONGEST,
    MODELS,
    MODERATORS,
    SENSITIVITIES,
    TAKES,
    Plan,
)

USUAL = Plan(question="", metric="SMD")


def one_of(name: str, known: dict[str, str], words: str = "") -> forms.ChoiceField:
    """One of several things said in plain words, all of them in view."""
    choices = [(key, said[0].upper() + said[1:]) for key, said in known.items()]
    return forms.ChoiceField(label=LABELS[name], choices=choices, help_text=words, widget=forms.RadioSelect)


def several_of(name: str, known: dict[str, str], words: str) -> forms.MultipleChoiceField:
    """Any of several things."""
    choices = [(key, said[0].upper() + said[1:]) for key, said in known.items()]
    told: dict[str, Any] = {"label": LABELS[name], "choices": choices, "help_text": words, "required": False}
    return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, **told)


def months(name: str) -> forms.FloatField:
    """A number of months, or nothing."""
    return forms.FloatField(label=LABELS[name], required=False, min_value=0, help_text="Empty for any.")


class PlanForm(forms.Form):
    """Everything that a plan says."""

    question = forms.CharField(
        label=LABELS["question"],
        help_text="One sentence: who, what, compared with what, measured how and when.",
        widget=forms.Textarea({"rows": 2}),
        max_length=LONGEST,
        error_messages={"required": "Say in a sentence what the analysis asks."},
    )
    metric = forms.ChoiceField(
        label=LABELS["metric"],
        choices=[(code, f"{one.title[0].upper()}{one.title[1:]} ({code})") for code, one in METRICS.items()],
    )
    model = one_of("model", MODELS)
    tau2 = forms.ChoiceField(label=LABELS["tau2"], choices=[(one, one) for one in get_args(Estimator)])
    interval = one_of("interval", INTERVALS)
    take = one_of("take", TAKES, "More than one of a study needs the model of correlated and hierarchical effects.")
    designs = one_of("designs", DESIGNS)
    months_from, months_to = months("months_from"), months("months_to")
    without_high_risk = forms.BooleanField(label=LABELS["without_high_risk"], required=False)
    rho = forms.FloatField(
        label=LABELS["rho"],
        min_value=0,
        max_value=0.99,
        help_text="Used where studies give several results. 0.6 unless something is known.",
    )
    moderators = several_of(
        "moderators", MODERATORS, "Few studies cannot say much about differences: name only what you have reason for."
    )
    sensitivity = several_of(
        "sensitivity", SENSITIVITIES, "What is tried is shown beside the result, whatever it says."
    )

    def plan(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {name: self.cleaned_data[name] for name in PlanForm.base_fields}


class DeclaringForm(PlanForm):
    """A plan, and what it is about."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="As it will stand in lists.",
        error_messages={"required": "Give the analysis a title."},
    )
    review = forms.ModelChoiceField(Review.objects.order_by("title"), label="Review", empty_label="Choose a review")
    intervention = forms.ModelChoiceField(
        Intervention.objects.in_order(), label="Intervention", empty_label="Choose an intervention"
    )
    outcome = forms.ModelChoiceField(
        Outcome.objects.order_by("group__order", "order"), label="Outcome", empty_label="Choose an outcome"
    )
    unit = forms.CharField(
        label="Who or what is counted", max_length=40, help_text="Such as children, families or schools."
    )

    field_order = ("title", "review", "intervention", "outcome", "unit")


class ChangingForm(PlanForm):
    """A plan changed; with a reason once it is locked."""

    why = forms.CharField(
        label="Why?",
        help_text="Once the plan is locked every change is a deviation. Readers see this reason.",
        widget=forms.Textarea({"rows": 2}),
        required=False,
        max_length=LONGEST,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
