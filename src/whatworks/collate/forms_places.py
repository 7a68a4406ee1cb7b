"""The part of a form that says where something was found: a source that is known here, or one that is named."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Source

NAMED = gettext_lazy("If it is somewhere else, what is it called?")


def known_source(label: str) -> forms.ModelChoiceField:
    """The choice among the sources that are known here."""
    return forms.ModelChoiceField(
        Source.objects.order_by("name", "platform"),
        label=label,
        empty_label=gettext_lazy("Somewhere else: I name it below"),
        required=False,
    )


def named_source() -> forms.CharField:
    """The name of one that is not known yet."""
    return forms.CharField(label=NAMED, max_length=160, required=False)


class PlaceForm(forms.Form):
    """A form with a `source` and a field for another's name, `other`, of which just one is given.

    `one_of_two` says so to who gave both, or neither.
    """

    other, one_of_two = "new_source", ""

    def clean(self) -> dict[str, Any]:
        """One source, chosen or named."""
        given = super().clean() or {}
        if bool(given.get("source")) == bool(given.get(self.other)):
            self.add_error("source", self.one_of_two)
        return given
