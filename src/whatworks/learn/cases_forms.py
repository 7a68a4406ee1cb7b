"""The forms of learning from cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.learn.frames import newest
from whatworks.learn.methods.cases_counts import LEAST
from whatworks.learn.methods.cases_frame import MOST_PLACE, Code, Codes, Dimension, Frame
from whatworks.learn.models import CaseLink, CasePublication
from whatworks.learn.models.cases import COUNTRIES
from whatworks.learn.reviewing_cases import EARLIEST, MOST_SUMMARY
from whatworks.scope.models import Intervention

LOCAL = "local"


class EnterForm(forms.Form):
    """A publication."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    publisher = forms.CharField(label=gettext_lazy("Who published it"), max_length=160)
    year = forms.IntegerField(label=gettext_lazy("Year in which it was published"), min_value=EARLIEST)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=[(one, one) for one in COUNTRIES])
    sort = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (CasePublication.NATIONAL, gettext_lazy("A national report or review of many cases")),
            (CasePublication.THEMATIC, gettext_lazy("A review of many cases under one theme")),
            (LOCAL, gettext_lazy("A review of one case or of one place")),
        ],
    )
    cases = forms.IntegerField(
        label=gettext_lazy("On how many cases does it rest?"), required=False, min_value=0,
        help_text=gettext_lazy("Leave it empty where it does not say. Fewer than ten cases are not entered."),
    )  # fmt: skip
    counted = forms.CharField(
        label=gettext_lazy("What does that number count?"), required=False, max_length=200,
        help_text=gettext_lazy("Such as: serious case reviews; incidents that were notified."),
    )  # fmt: skip
    summary = forms.CharField(
        label=gettext_lazy("What is it about, in your own words?"), required=False, max_length=MOST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Nothing from its text. Do not name or describe a child, family or worker."),
    )  # fmt: skip
    link = forms.URLField(
        label=gettext_lazy("Where it can be read"), required=False, max_length=400, assume_scheme="https"
    )
    number = forms.CharField(label=gettext_lazy("DOI or ISBN"), required=False, max_length=80)
    licence = forms.CharField(label=gettext_lazy("Licence"), required=False, max_length=120)
    source = forms.CharField(label=gettext_lazy("Where did you read this?"), max_length=300)
    demonstration = forms.BooleanField(label=gettext_lazy("This is made up, for a demonstration"), required=False)

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if year > timezone.localdate().year:
            raise forms.ValidationError(_("That year is still to come."))
        return year


class CodeForm(forms.Form):
    """For each term of the frame: where the publication says so, and of how many of its cases."""

    def __init__(self, *args: Any, only: Mapping[str, list[str]] | None = None, **told: Any) -> None:
        super().__init__(*args, **told)
        self.frame: Frame = newest()
        self.only = only
        for dimension, term in self._asked():
            self.fields[f"{dimension.key}__{term.key}"] = forms.CharField(
                label=term.title, required=False, max_length=MOST_PLACE,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
            if dimension.counted:
                label = _("“%(term)s”: of how many of its cases?") % {"term": term.title}
                self.fields[f"{dimension.key}__{term.key}__cases"] = forms.IntegerField(
                    label=label, required=False, min_value=LEAST
                )

    def _asked(self) -> Iterator[tuple[Dimension, Any]]:
        for dimension in self.frame.dimensions:
            for term in dimension.terms:
                if self.only is None or term.key in self.only.get(dimension.key, []):
                    yield dimension, term

    def asked(self) -> list[dict[str, Any]]:
        """The fields by dimension, for the page."""
        found: dict[str, dict[str, Any]] = {}
        for dimension, term in self._asked():
            part = found.setdefault(dimension.key, {"dimension": dimension, "rows": []})
            name = f"{dimension.key}__{term.key}"
            part["rows"].append(
                {"term": term, "place": self[name], "cases": self[f"{name}__cases"] if dimension.counted else None}
            )
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, value in list(given.items()):
            if name.endswith("__cases") and value is not None and not given.get(name.removesuffix("__cases")):
                self.add_error(name.removesuffix("__cases"), _("Say where it stands, as you gave a number of cases."))
        return given

    def codes(self) -> Codes:
        """What was given."""
        found: dict[str, dict[str, Code]] = {}
        for dimension, term in self._asked():
            name = f"{dimension.key}__{term.key}"
            if place := self.cleaned_data.get(name, "").strip():
                found.setdefault(dimension.key, {})[term.key] = Code(place, self.cleaned_data.get(f"{name}__cases"))
        return found


class SettleForm(CodeForm):
    """What the one or the other coded, to be settled."""

    why = forms.CharField(
        label=gettext_lazy("Why is it settled so?"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )


class LinkForm(forms.Form):
    """A theme that raises a question about an intervention."""

    theme = forms.ChoiceField(label=gettext_lazy("Theme"))
    intervention = forms.ModelChoiceField(Intervention.objects.in_order(), label=gettext_lazy("Intervention"))
    why = forms.CharField(
        label=gettext_lazy("Which question does it raise?"), max_length=400,
        help_text=gettext_lazy("As a question. A review of cases cannot show that something helps or harms."),
    )  # fmt: skip

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        themes = newest().dimension("theme")
        self.fields["theme"].choices = [(one.key, one.title) for one in themes.terms] if themes else []


class UnlinkForm(forms.Form):
    """A tie to be taken back."""

    link = forms.ModelChoiceField(CaseLink.objects.all(), widget=forms.HiddenInput)
