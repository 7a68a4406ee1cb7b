"""The form in which a guide is written: one field for each part, and nothing but plain text in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from whatworks.publish.guides.problems import Problem
from whatworks.publish.methods.guide_text import (
    CHOICE,
    DAY,
    GUIDE,
    LINE,
    LIST,
    RECOMMENDATION,
    RESTS,
    TEXT,
    Part,
    Text,
    blank_recommendation,
)
from whatworks.spoken import spoken

LONGEST = {LINE: 300, DAY: 10, CHOICE: 120, TEXT: 6000, LIST: 4000, RESTS: 2000}
ROWS = {TEXT: 4, LIST: 4, RESTS: 3}
AREAS = (TEXT, LIST, RESTS)


def _field(part: Part, stages: list[str]) -> forms.Field:
    most = LONGEST[part.kind]
    if part.kind == CHOICE:
        choices = [("", _("Choose one")), *((stage, stage) for stage in stages)]
        return forms.ChoiceField(label=spoken(part.title), choices=choices, required=False)
    widget = forms.Textarea(attrs={"rows": ROWS[part.kind]}) if part.kind in AREAS else forms.TextInput()
    made = forms.CharField(
        label=spoken(part.title), help_text=spoken(part.help), required=False, max_length=most, widget=widget
    )
    setattr(made, "running", part.kind == TEXT)  # noqa: B010  a field of Django's has no such name; looked through while written
    return made


class GuideForm(forms.Form):
    """A guide's text as fields: those of the guide by their own names, those of a recommendation after its key."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    order = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, text: Text, seen: str, data: Mapping[str, Any] | None = None) -> None:
        self.held = text
        self.keys = _keys(data) if data is not None else [one["key"] for one in text["recommendations"]]
        stages = _lines(str(data.get("stages", ""))) if data is not None else list(text["stages"])
        super().__init__(data, initial=self._initial(text, seen))
        for part in GUIDE:
            self.fields[part.key] = _field(part, [])
        for key in self.keys:
            for part in RECOMMENDATION:
                self.fields[f"{key}-{part.key}"] = _field(part, _with(stages, self._value(key, part.key)))

    def _initial(self, text: Text, seen: str) -> dict[str, Any]:
        values: dict[str, Any] = {"seen": seen, "order": " ".join(self.keys)}
        values |= {part.key: _typed(text[part.key]) for part in GUIDE}
        for one in text["recommendations"]:
            values |= {f"{one['key']}-{part.key}": _typed(one[part.key]) for part in RECOMMENDATION}
        return values

    def _value(self, key: str, part: str) -> str:
        """What a choice holds, so that a stage that was renamed since is still told as it was chosen."""
        name = f"{key}-{part}"
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name, ""))

    def text(self) -> Text:
        """The text as typed. Recommendations that were removed stay with it, to be put back."""
        typed: Text = {part.key: self.data.get(part.key, "") for part in GUIDE}
        typed["recommendations"] = [
            blank_recommendation(key) | {part.key: self.data.get(f"{key}-{part.key}", "") for part in RECOMMENDATION}
            for key in self.keys
        ]
        known = [*self.held["removed"], *self.held["recommendations"]]
        gone = str(self.data.get("gone", "")).split()
        typed["removed"] = [one for one in known if one["key"] in gone and one["key"] not in self.keys]
        return typed

    def guide_fields(self) -> list[forms.BoundField]:
        """The fields of the guide itself."""
        return [self[part.key] for part in GUIDE]

    def recommendations(self, problems: list[Problem]) -> list[dict[str, Any]]:
        """The fields of each recommendation, with how many problems it has."""
        return [
            {
                "key": key,
                "number": number,
                "first": number == 1,
                "last": number == len(self.keys),
                "title": self._value(key, "title"),
                "fields": [self[f"{key}-{part.key}"] for part in RECOMMENDATION],
                "problems": sum(one.at.startswith(f"{key}-") for one in problems),
            }
            for number, key in enumerate(self.keys, 1)
        ]


def _keys(data: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(str(data.get("order", "")).split()))


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _typed(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else value


def _with(stages: list[str], held: str) -> list[str]:
    return stages if not held or held in stages else [*stages, held]
