"""The forms with which people say how a practice stands in a place, and bring a table of such words in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.baseline.methods.standing import NAMES, Word
from whatworks.baseline.models import Practice, Standing
from whatworks.baseline.models.practice import STATUSES
from whatworks.baseline.practising import authorities, faults_of, word_of
from whatworks.people.models import Area
from whatworks.scope.models import Intervention
from whatworks.spoken import capital_lazy, on_day, spoken

EXACTLY = gettext_lazy("As exactly as you know it: 2019, 2019-01 or 2019-01-25.")
CHOOSE = ("", gettext_lazy("Choose one"))
AREA_UNKNOWN = gettext_lazy("Choose a place from the list.")
LABELS = {
    "status": gettext_lazy("How does it stand there?"),
    "on": gettext_lazy("Which day is this of?"),
    "since": gettext_lazy("Since when?"),
    "until": gettext_lazy("Until when?"),
    "scale": gettext_lazy("On what scale?"),
    "delivered_by": gettext_lazy("Who delivers it?"),
    "partners": gettext_lazy("Partner agencies"),
    "cost": gettext_lazy("What does it cost?"),
    "cost_of": gettext_lazy("What is the amount for?"),
    "source": gettext_lazy("Where is this from?"),
    "source_url": gettext_lazy("Its web address"),
    "said_by": gettext_lazy("Who said so?"),
}
HELP = {
    "on": format_lazy("{} {}", gettext_lazy("The day on which it was so, not today."), EXACTLY),
    "since": EXACTLY,
    "until": EXACTLY,
    "scale": gettext_lazy("Such as “4 of 11 teams” or “the whole service”."),
    "partners": gettext_lazy("With semicolons between."),
    "cost": gettext_lazy("The amount, the currency and the year of its prices: 2600 GBP 2024."),
    "cost_of": gettext_lazy("Such as “one worker for a year”."),
    "source": gettext_lazy("Such as the title of a report, or “A call with the council”."),
    "said_by": gettext_lazy("Their part, such as “the council's head of service”. Never a name."),
}
NEEDED = {
    "status": gettext_lazy("Choose how it stands; “Not known” is an answer, too."),
    "on": format_lazy("{} {}", gettext_lazy("Give the day."), EXACTLY),
    "source": gettext_lazy("Say where this is from."),
    "said_by": gettext_lazy("Say what part they have who said so."),
}


def status_field() -> forms.ChoiceField:
    """How a practice stands. Nothing is chosen beforehand."""
    labels = {key: capital_lazy(label) for key, label in STATUSES.items()}
    return forms.ChoiceField(
        label=LABELS["status"],
        choices=[CHOOSE, *labels.items()],
        error_messages={"required": NEEDED["status"]},
    )


def word_fields(names: Iterable[str]) -> dict[str, forms.Field]:
    """The named parts of a word as fields; what is not needed may stay empty."""
    made: dict[str, forms.Field] = {}
    for name in names:
        if name == "status":
            made[name] = status_field()
            continue
        most = Standing._meta.get_field(name).max_length
        made[name] = forms.CharField(
            label=LABELS[name]
            if name in NEEDED
            else format_lazy(gettext_lazy("{label} (optional)"), label=LABELS[name]),
            help_text=HELP.get(name, ""),
            required=name in NEEDED,
            max_length=most,
            error_messages={"required": NEEDED.get(name, "")},
        )
    return made


class PlaceField(forms.ModelChoiceField):
    """A place by its code; those that are no more say until when they were there."""

    def label_from_instance(self, area: Area) -> str:
        return area.name + (_(" (until %(valid_to)s)") % {"valid_to": on_day(area.valid_to)} if area.valid_to else "")


class WordForm(forms.Form):
    """A word about a practice in a place. What is wrong with it is said beside the field that is wrong."""

    PARTS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (gettext_lazy("How it stands"), ("status", "on", "since", "until")),
        (gettext_lazy("More about it"), ("scale", "delivered_by", "partners", "cost", "cost_of")),
        (gettext_lazy("Where this is from"), ("source", "source_url", "said_by")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= word_fields(name for _, names in self.PARTS for name in names if name in NAMES)

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.PARTS]

    def place(self) -> Area | None:
        """The place that the word is of; None while it is not chosen."""
        raise NotImplementedError

    def word(self) -> Word:
        """What was typed, as a word."""
        return Word(**{name: self.cleaned_data.get(name, "") for name in NAMES}).trimmed()

    def clean(self) -> dict[str, Any]:
        """Say everything that is wrong with the word, once."""
        held = super().clean() or self.cleaned_data
        area = self.place()
        for name, sentence in faults_of(area, self.word()) if area else []:
            if name not in self.errors:
                self.add_error(name, spoken(sentence))
        return held


class SayingForm(WordForm):
    """How a practice stands in a place that is chosen here."""

    PARTS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (gettext_lazy("What, and where"), ("area", "practice")),
        *WordForm.PARTS,
    )
    area = PlaceField(
        queryset=authorities().order_by("name", "code"), to_field_name="code", label=gettext_lazy("Which place?"), empty_label=CHOOSE[1],
        error_messages={"required": AREA_UNKNOWN, "invalid_choice": AREA_UNKNOWN},
    )  # fmt: skip
    practice = forms.ModelChoiceField(
        queryset=Practice.objects.order_by("name"), to_field_name="slug", label=gettext_lazy("Which practice?"), empty_label=CHOOSE[1],
        error_messages={"required": gettext_lazy("Choose a practice from the list, or add it to the map first.")},
    )  # fmt: skip

    def place(self) -> Area | None:
        return self.cleaned_data.get("area")


class CorrectingForm(WordForm):
    """A better word in the place of one that was wrong, and why."""

    PARTS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        *WordForm.PARTS,
        (gettext_lazy("Why it is corrected"), ("why",)),
    )
    why = forms.CharField(
        label=gettext_lazy("Why does this replace what was said?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": gettext_lazy("Say why; readers of the history will ask.")},
    )

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:
        self.standing = standing
        said = word_of(standing)
        super().__init__(*args, initial={name: getattr(said, name) for name in NAMES}, **kwargs)

    def place(self) -> Area | None:
        return self.standing.area


class PracticeForm(forms.Form):
    """A practice to put on the map."""

    name = forms.CharField(
        label=gettext_lazy("What is it called?"), max_length=Practice._meta.get_field("name").max_length
    )
    plain = forms.CharField(
        label=gettext_lazy("What do people do in it?"),
        help_text=gettext_lazy(
            "In one or two plain sentences. Whether it works is told on the evidence page, not here."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    intervention = forms.ModelChoiceField(
        queryset=Intervention.objects.order_by("name"),
        label=gettext_lazy("Which evidence is about it? (optional)"),
        help_text=gettext_lazy("Only where the practice is what was studied."),
        required=False,
        empty_label=gettext_lazy("None that we hold"),
    )


class TableForm(forms.Form):
    """A table of words to bring in."""

    file = forms.FileField(
        label=gettext_lazy("The table (CSV)"),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty; choose another."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
