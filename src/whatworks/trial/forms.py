"""The forms with which people run a trial: small ones, one for each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review
from whatworks.spoken import spoken
from whatworks.trial.methods.flowing import KINDS
from whatworks.trial.methods.registering import DATES, FIELDS, LONGEST, STATES

LONG = ("summary", "setting", "eligibility", "ethics", "data_protection", "team", "logic", "qualitative", "sharing")
CSV = gettext_lazy("A table as CSV, in UTF-8, with a header.")


def text(label: Any, most: int, help_text: Any = "", *, rows: int = 0, needed: bool = False) -> forms.CharField:
    """A field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=needed)


class OpeningForm(forms.Form):
    """A new trial."""

    title = text(gettext_lazy("Title"), 300, gettext_lazy("What is tested, where, and how."), needed=True)
    intervention = forms.ModelChoiceField(
        Intervention.objects.order_by("name"), label=gettext_lazy("Which intervention is tested?"), required=False,
        empty_label=gettext_lazy("None in the list"),
    )  # fmt: skip
    outcome = forms.ModelChoiceField(
        Outcome.objects.order_by("name"), label=gettext_lazy("Which outcome of the framework decides?"), required=False,
        empty_label=gettext_lazy("None in the list"),
    )  # fmt: skip
    demonstration = forms.BooleanField(
        label=gettext_lazy("This is a demonstration: its places and people are made up"), required=False
    )


class ProtocolForm(forms.Form):
    """One version of a protocol: the design as TOML, and what a registry asks."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    design = text(
        gettext_lazy("The design (TOML)"),
        40_000,
        gettext_lazy("The reference of designs says what may stand in it."),
        rows=24,
    )
    what_changed = text(gettext_lazy("What changed, and why?"), 400, gettext_lazy("Not needed for the first version."))

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        for name, label in FIELDS.items():
            self.fields[name] = self._field(name, spoken(label))
        self.order_fields(["seen", "what_changed", "design"])

    def _field(self, name: str, label: str) -> forms.Field:
        if name == "status":
            states = [("", "—"), *((str(state), spoken(state)) for state in STATES)]
            return forms.ChoiceField(label=label, choices=states, required=False)
        if name in DATES:
            return forms.CharField(
                label=label, required=False, max_length=10, help_text=gettext_lazy("As 2026-01-31, where it is known.")
            )
        return text(label, LONGEST, rows=3 if name in LONG else 0)

    def particulars(self) -> dict[str, str]:
        """What was typed of the registry's fields."""
        return {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data[name]}


class CommitForm(forms.Form):
    """A custodian's commitment."""

    name = text(
        gettext_lazy("Your part"),
        120,
        gettext_lazy("Such as “First custodian, Brookfield council”. Never a name."),
        needed=True,
    )
    commitment = text(
        gettext_lazy("Your commitment"), 64,
        gettext_lazy("64 signs, made on your own machine with “whatworks trial commit”. Your secret stays there until the draw."),
        needed=True,
    )  # fmt: skip


class ListForm(forms.Form):
    """The list of units."""

    listed = forms.FileField(label=gettext_lazy("The list of units"), help_text=CSV)


class PracticeForm(forms.Form):
    """A practice draw."""

    listed = forms.FileField(label=gettext_lazy("The list of units"), help_text=CSV)
    typed = text(gettext_lazy("Any word or number as a seed"), 80, needed=True)


class SecretsForm(forms.Form):
    """The secret of everybody who committed."""

    def __init__(self, names: list[str], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.names = names
        for number, name in enumerate(names):
            self.fields[f"secret-{number}"] = forms.CharField(
                label=name, max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"})
            )

    def secrets(self) -> dict[str, str]:
        """The secrets by the name of who committed to them."""
        return {name: self.cleaned_data[f"secret-{number}"] for number, name in enumerate(self.names)}


class EventForm(forms.Form):
    """Something that happened to a unit."""

    unit = text(gettext_lazy("Unit"), 80, gettext_lazy("As it stands in the list. Never a person's name."), needed=True)
    kind = forms.ChoiceField(label=gettext_lazy("What happened?"), choices=[(kind, kind) for kind in KINDS])
    people = forms.IntegerField(
        label=gettext_lazy("To how many people in it?"), min_value=0, required=False,
        help_text=gettext_lazy("Leave empty where it is about the unit as a whole."),
    )  # fmt: skip
    reason = text(gettext_lazy("Why?"), 400)
    on = forms.DateField(label=gettext_lazy("On which day?"), help_text=gettext_lazy("As 2026-01-31."))


class EventsForm(forms.Form):
    """Many events as a table."""

    table = forms.FileField(
        label=gettext_lazy("Many at once"),
        help_text=gettext_lazy("A CSV with the columns unit, kind, people, reason, on."),
    )


class DataForm(forms.Form):
    """Outcome data."""

    data = forms.FileField(
        label=gettext_lazy("The file of outcomes"),
        help_text=gettext_lazy(
            "A CSV with a row for each person. Its rows stay in a file outside the database; leave the arms out."
        ),
    )


class UnblindingForm(forms.Form):
    """Why the arms are told."""

    reason = text(gettext_lazy("Why are the arms told now?"), 400, rows=2, needed=True)


class DepositForm(forms.Form):
    """The review that the result joins."""

    review = forms.ModelChoiceField(
        Review.objects.order_by("title"), label=gettext_lazy("Which review does the result join?"),
        empty_label=gettext_lazy("Choose one"),
    )  # fmt: skip
