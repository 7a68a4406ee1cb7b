"""The forms with which people say how a practice stands in a place, and bring a table of such words in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from whatworks.baseline.methods.standing import NAMES, Word
from whatworks.baseline.models import Practice, Standing
from whatworks.baseline.models.practice import STATUSES
from whatworks.baseline.practising import authorities, faults_of, word_of
from whatworks.people.models import Area
from whatworks.scope.models import Intervention

EXACTLY = "As exactly as you know it: 2019, 2019-01 or 2019-01-25."
CHOOSE = ("", "Choose one")
AREA_UNKNOWN = "Choose a place from the list."
LABELS = {
    "status": "How does it stand there?",
    "on": "Which day is this of?",
    "since": "Since when?",
    "until": "Until when?",
    "scale": "On what scale?",
    "delivered_by": "Who delivers it?",
    "partners": "Partner agencies",
    "cost": "What does it cost?",
    "cost_of": "What is the amount for?",
    "source": "Where is this from?",
    "source_url": "Its web address",
    "said_by": "Who said so?",
}
HELP = {
    "on": f"The day on which it was so, not today. {EXACTLY}",
    "since": EXACTLY,
    "until": EXACTLY,
    "scale": "Such as “4 of 11 teams” or “the whole service”.",
    "partners": "With semicolons between.",
    "cost": "The amount, the currency and the year of its prices: 2600 GBP 2024.",
    "cost_of": "Such as “one worker for a year”.",
    "source": "Such as the title of a report, or “A call with the council”.",
    "said_by": "Their part, such as “the council's head of service”. Never a name.",
}
NEEDED = {
    "status": "Choose how it stands; “Not known” is an answer, too.",
    "on": f"Give the day. {EXACTLY}",
    "source": "Say where this is from.",
    "said_by": "Say what part they have who said so.",
}


def status_field() -> forms.ChoiceField:
    """How a practice stands. Nothing is chosen beforehand."""
    labels = {key: label.capitalize() for key, label in STATUSES.items()}
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
            label=LABELS[name] + ("" if name in NEEDED else " (optional)"),
            help_text=HELP.get(name, ""),
            required=name in NEEDED,
            max_length=most,
            error_messages={"required": NEEDED.get(name, "")},
        )
    return made


class PlaceField(forms.ModelChoiceField):
    """A place by its code; those that are no more say until when they were there."""

    def label_from_instance(self, area: Area) -> str:
        return area.name + (f" (until {area.valid_to:%-d %B %Y})" if area.valid_to else "")


class WordForm(forms.Form):
    """A word about a practice in a place. What is wrong with it is said beside the field that is wrong."""

    PARTS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("How it stands", ("status", "on", "since", "until")),
        ("More about it", ("scale", "delivered_by", "partners", "cost", "cost_of")),
        ("Where this is from", ("source", "source_url", "said_by")),
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
                self.add_error(name, sentence)
        return held


class SayingForm(WordForm):
    """How a practice stands in a place that is chosen here."""

    PARTS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What, and where", ("area", "practice")),
        *WordForm.PARTS,
    )
    area = PlaceField(
        queryset=authorities().order_by("name", "code"), to_field_name="code", label="Which place?", empty_label=CHOOSE[1],
        error_messages={"required": AREA_UNKNOWN, "invalid_choice": AREA_UNKNOWN},
    )  # fmt: skip
    practice = forms.ModelChoiceField(
        queryset=Practice.objects.order_by("name"), to_field_name="slug", label="Which practice?", empty_label=CHOOSE[1],
        error_messages={"required": "Choose a practice from the list, or add it to the map first."},
    )  # fmt: skip

    def place(self) -> Area | None:
        return self.cleaned_data.get("area")


class CorrectingForm(WordForm):
    """A better word in the place of one that was wrong, and why."""

    PARTS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (*WordForm.PARTS, ("Why it is corrected", ("why",)))
    why = forms.CharField(
        label="Why does this replace what was said?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Say why; readers of the history will ask."},
    )

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:
        self.standing = standing
        said = word_of(standing)
        super().__init__(*args, initial={name: getattr(said, name) for name in NAMES}, **kwargs)

    def place(self) -> Area | None:
        return self.standing.area


class PracticeForm(forms.Form):
    """A practice to put on the map."""

    name = forms.CharField(label="What is it called?", max_length=Practice._meta.get_field("name").max_length)
    plain = forms.CharField(
        label="What do people do in it?",
        help_text="In one or two plain sentences. Whether it works is told on the evidence page, not here.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    intervention = forms.ModelChoiceField(
        queryset=Intervention.objects.order_by("name"),
        label="Which evidence is about it? (optional)",
        help_text="Only where the practice is what was studied.",
        required=False,
        empty_label="None that we hold",
    )


class TableForm(forms.Form):
    """A table of words to bring in."""

    file = forms.FileField(
        label="The table (CSV)",
        error_messages={"required": "Choose a file.", "empty": "The file is empty; choose another."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
