"""The forms with which people open a survey round and enter the reply of a place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.baseline.forms_practice import HELP, word_fields
from whatworks.baseline.methods.standing import Word
from whatworks.baseline.models import Practice, Reply, Round
from whatworks.baseline.practice_csv import PlacesThen
from whatworks.baseline.practising import authorities, faults_of
from whatworks.baseline.surveying import reply_word
from whatworks.errors import InputError
from whatworks.people.models import Area
from whatworks.spoken import spoken

ALL, SOME = "all", "some"
ANSWER = ("status", "since", "until", "scale", "delivered_by", "partners", "cost", "cost_of")


def day_field(label: str, help_text: str = "") -> forms.DateField:
    """A day, today until it is changed."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("Give the day such as 2026-01-25."),
        },
    )


class RoundForm(forms.Form):
    """A survey round to open: what is asked, of whom, from when on."""

    name = forms.CharField(
        label=gettext_lazy("What is the round called?"),
        max_length=120,
        help_text=gettext_lazy("Such as “Spring 2026”. Readers see it."),
    )
    question = forms.CharField(
        label=gettext_lazy("The question, as it is put to the places"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    practices = forms.ModelMultipleChoiceField(
        queryset=Practice.objects.order_by("name"),
        label=gettext_lazy("Which practices are asked about?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one practice.")},
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Which places are asked?"),
        choices=[(ALL, gettext_lazy("All that exist on the day")), (SOME, gettext_lazy("Only those below"))],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    places = forms.CharField(
        label=gettext_lazy("Only these places (optional)"),
        help_text=gettext_lazy("One to a line, by name or by code."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    opened_on = day_field(gettext_lazy("When does it begin?"))
    source_url = forms.URLField(
        label=gettext_lazy("A web page about it (optional)"), required=False, max_length=500, assume_scheme="https"
    )

    def clean(self) -> dict[str, Any]:
        """Find the places that are named."""
        held = super().clean() or self.cleaned_data
        day = held.get("opened_on")
        if day is None:
            return held
        if held.get("who") == ALL:
            held["areas"] = list(authorities().valid_on(day))
        else:
            held["areas"] = self._named(held.get("places", ""), day)
        return held

    def _named(self, text: str, day: datetime.date) -> list[Area]:
        register, found = PlacesThen(), []
        for line in filter(None, (line.strip() for line in text.splitlines())):
            try:
                found.append(register.find(line, day.isoformat()))
            except InputError as error:
                self.add_error("places", spoken(error))
        if not found and "places" not in self.errors:
            self.add_error("places", _("Name the places, one to a line, or choose all."))
        return found


class ReplyForm(forms.Form):
    """When a place answered, and who did there."""

    on = day_field(gettext_lazy("When did the place answer?"))
    said_by = forms.CharField(
        label=gettext_lazy("Who answered?"),
        help_text=HELP["said_by"],
        max_length=Reply._meta.get_field("said_by").max_length,
        error_messages={"required": gettext_lazy("Say what part they have who answered.")},
    )


class AnswerForm(forms.Form):
    """What a place answers about one practice."""

    def __init__(self, round: Round, area: Area, practice: Practice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=practice.slug, **kwargs)
        self.round, self.area, self.practice = round, area, practice
        self.fields |= word_fields(ANSWER)

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields that may stay empty."""
        return [self[name] for name in ANSWER[1:]]

    @property
    def status_field(self) -> forms.BoundField:
        """The field that every practice needs."""
        return self["status"]

    @property
    def typed(self) -> bool:
        """Whether something stands in the fields that may stay empty."""
        return any(field.data or field.errors for field in self.more)

    def word(self, on: datetime.date, said_by: str) -> Word:
        """What was typed, as a word of that day."""
        return reply_word(self.round, on, said_by, self.cleaned_data)

    def check(self, on: datetime.date, said_by: str) -> None:
        """Say beside each field what is wrong with the word."""
        for name, sentence in faults_of(self.area, self.word(on, said_by)):
            self.add_error(name if name in self.fields else None, spoken(sentence))


def answers(forms: list[AnswerForm]) -> dict[str, Mapping[str, str]]:
    """What was typed, by the identifier of the practice."""
    return {one.practice.pk: one.cleaned_data for one in forms}
