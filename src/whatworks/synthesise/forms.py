"""The forms with which an analysis is declared and its plan changed."""

from __future__ import annotations

from typing import Any, get_args

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.extract.methods.metrics import METRICS
from whatworks.saying import said
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review
from whatworks.spoken import capital_lazy, spoken_capital, spoken_lazy
from whatworks.synthesise.coded import items_of
from whatworks.synthesise.methods.coded import CodedItem
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
    choices = [(key, capital_lazy(said)) for key, said in known.items()]
    return forms.ChoiceField(
        label=spoken_lazy(LABELS[name]), choices=choices, help_text=words, widget=forms.RadioSelect
    )


def several_of(name: str, known: dict[str, str], words: str) -> forms.MultipleChoiceField:
    """Any of several things."""
    choices = [(key, capital_lazy(said)) for key, said in known.items()]
    told: dict[str, Any] = {
        "label": spoken_lazy(LABELS[name]),
        "choices": choices,
        "help_text": words,
        "required": False,
    }
    return forms.MultipleChoiceField(widget=Grouped, **told)


def months(name: str) -> forms.FloatField:
    """A number of months, or nothing."""
    return forms.FloatField(
        label=spoken_lazy(LABELS[name]), required=False, min_value=0, help_text=gettext_lazy("Empty for any.")
    )


class Grouped(forms.CheckboxSelectMultiple):
    """Boxes to tick, those of a group under its name."""

    template_name = "synthesise/_grouped.html"


def comparable(coded: dict[str, CodedItem]) -> list[Any]:
    """What effects may be compared by: what is held of every study, then the coded items under their frame's title."""
    choices: list[Any] = [
        (_("What is held of every study"), [(key, spoken_capital(said)) for key, said in MODERATORS.items()])
    ]
    frames = dict.fromkeys(item.frame for item in coded.values())
    for frame in frames:
        items = [(one.key, one.label) for one in coded.values() if one.frame == frame]
        choices.append((_("Coded by “%(frame)s”") % {"frame": frame}, items))
    return choices if frames else choices[0][1]


class PlanForm(forms.Form):
    """Everything that a plan says."""

    question = forms.CharField(
        label=spoken_lazy(LABELS["question"]),
        help_text=gettext_lazy("One sentence: who, what, compared with what, measured how and when."),
        widget=forms.Textarea({"rows": 2}),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Say in a sentence what the analysis asks.")},
    )
    metric = forms.ChoiceField(
        label=spoken_lazy(LABELS["metric"]),
        choices=[
            (code, capital_lazy(said("%(title)s (%(code)s)", title=one.title, code=code)))
            for code, one in METRICS.items()
        ],
    )
    model = one_of("model", MODELS)
    tau2 = forms.ChoiceField(label=spoken_lazy(LABELS["tau2"]), choices=[(one, one) for one in get_args(Estimator)])
    interval = one_of("interval", INTERVALS)
    take = one_of(
        "take", TAKES, gettext_lazy("More than one of a study needs the model of correlated and hierarchical effects.")
    )
    designs = one_of("designs", DESIGNS)
    months_from, months_to = months("months_from"), months("months_to")
    without_high_risk = forms.BooleanField(label=spoken_lazy(LABELS["without_high_risk"]), required=False)
    rho = forms.FloatField(
        label=spoken_lazy(LABELS["rho"]),
        min_value=0,
        max_value=0.99,
        help_text=gettext_lazy("Used where studies give several results. 0.6 unless something is known."),
    )
    moderators = several_of(
        "moderators",
        MODERATORS,
        gettext_lazy(
            "Few studies cannot say much about differences: name only what you have reason for. Of what was coded, only what "
            "two coders agreed on, or somebody decided, counts."
        ),
    )
    sensitivity = several_of(
        "sensitivity", SENSITIVITIES, gettext_lazy("What is tried is shown beside the result, whatever it says.")
    )

    def __init__(self, *args: Any, reviews: tuple[str, ...] = (), **told: Any) -> None:
        """reviews: those whose coded items may be asked about; without any, those of all reviews."""
        super().__init__(*args, **told)
        asked: Any = self.fields["moderators"]
        asked.choices = comparable(items_of(*reviews))

    def plan(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {name: self.cleaned_data[name] for name in PlanForm.base_fields}


class DeclaringForm(PlanForm):
    """A plan, and what it is about."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("As it will stand in lists."),
        error_messages={"required": gettext_lazy("Give the analysis a title.")},
    )
    review = forms.ModelChoiceField(
        Review.objects.order_by("title"), label=gettext_lazy("Review"), empty_label=gettext_lazy("Choose a review")
    )
    intervention = forms.ModelChoiceField(
        Intervention.objects.in_order(),
        label=gettext_lazy("Intervention"),
        empty_label=gettext_lazy("Choose an intervention"),
    )
    outcome = forms.ModelChoiceField(
        Outcome.objects.order_by("group__order", "order"),
        label=gettext_lazy("Outcome"),
        empty_label=gettext_lazy("Choose an outcome"),
    )
    unit = forms.CharField(
        label=gettext_lazy("Who or what is counted"),
        max_length=40,
        help_text=gettext_lazy("Such as children, families or schools."),
    )

    field_order = ("title", "review", "intervention", "outcome", "unit")


class ChangingForm(PlanForm):
    """A plan changed; with a reason once it is locked."""

    why = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Once the plan is locked every change is a deviation. Readers see this reason."),
        widget=forms.Textarea({"rows": 2}),
        required=False,
        max_length=LONGEST,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
