"""The form with which somebody declares an interest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from whatworks.ledger.models import Subject
from whatworks.people.interests import KINDS, LONGEST

LISTED = (
    ("intervention", gettext_lazy("Interventions")),
    ("organisation", gettext_lazy("Bodies")),
    ("review", gettext_lazy("Reviews")),
)


class InterestForm(forms.Form):
    """What the interest is in, and what it is."""

    about = forms.ChoiceField(
        label=gettext_lazy("What is it in?"),
        help_text=gettext_lazy(
            "For a study or report, press “I have an interest in this” on the page on which you are asked to rate."
        ),
        error_messages={
            "required": gettext_lazy("Choose what your interest is in."),
            "invalid_choice": gettext_lazy("Choose one of the list."),
        },
    )
    what = forms.CharField(
        label=gettext_lazy("What is your interest?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "Such as “I work for the body that sells it” or “I wrote this study”. Leads see it; readers do not."
        ),
        error_messages={"required": gettext_lazy("Say what your interest is, such as “I wrote its manual”.")},
    )

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = choices(about)
        self.fields["about"].initial = about


def choices(about: str = "") -> list[Any]:
    """What one can choose, by kind and name; `about` names one more, such as a study whose page one came from."""
    shown: list[Any] = [("", gettext("Choose one"))]
    for kind, name in LISTED:
        rows = Subject.objects.filter(kind=kind).order_by("title", "pk").values_list("pk", "title")
        shown.append((name, list(rows)))
    more = Subject.objects.filter(pk=about, kind__in=KINDS).exclude(kind__in=[kind for kind, _ in LISTED])
    return [*shown, *((one.pk, f"{one.kind.capitalize()}: {one.title}") for one in more)]
