"""The step between an upload and its import where a person sees what each column of a table was taken for, and mends it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.methods.columns import FIELDS
from whatworks.collate.methods.decisions import decisions_in
from whatworks.collate.methods.fullest import NO_TITLE
from whatworks.collate.sources.previewing import Column, Preview
from whatworks.spoken import spoken

MOST_ASKED = 60  # columns; of a wider table the mapped ones and the first are asked about, the rest is kept as it is
KEPT = gettext_lazy("Keep it as it is")
CHOICES = [("", KEPT), *((field.name, field.label) for field in FIELDS.values())]


class MappingForm(forms.Form):
    """One choice for each column of a table, and the line of its header."""

    header = forms.IntegerField(
        label=gettext_lazy("On which line is the header?"),
        help_text=gettext_lazy("0 if the table has none: its first line is then a record."),
        min_value=0,
    )

    def __init__(self, preview: Preview, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.preview = preview
        self.fields["header"].initial = preview.header_line
        self._asked = asked_about(preview)
        for at, column in self._asked:
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=column.name, help_text=_examples(column), choices=CHOICES, initial=column.field, required=False
            )

    def clean(self) -> dict[str, Any]:
        """No field is taken from two columns."""
        given = super().clean() or {}
        taken: dict[str, str] = {}
        for at, column in self._asked:
            field = given.get(f"column_{at}", "")
            if field and field in taken:
                label = FIELDS[field].label
                self.add_error(
                    f"column_{at}",
                    _("%(label)s is taken from “%(taken)s” already; choose one of the two.")
                    % {"label": label, "taken": taken[field]},
                )
            elif field:
                taken[field] = column.name
        return given

    @property
    def mapping(self) -> dict[str, str]:
        """The mapping for `read`, once the form is valid. With another line of the header, only that: look again then."""
        given = self.cleaned_data
        if given["header"] != self.preview.header_line:
            return {"header": str(given["header"]) if given["header"] else "none"}
        chosen = {column.name: given[f"column_{at}"] for at, column in self._asked}
        return self.preview.corrected(chosen)


def asked_about(preview: Preview) -> list[tuple[int, Column]]:
    """The columns that a person is asked about, with their places."""
    columns = list(enumerate(preview.columns))
    if len(columns) <= MOST_ASKED:
        return columns
    mapped = [one for one in columns if one[1].field]
    others = [one for one in columns if not one[1].field][: max(0, MOST_ASKED - len(mapped))]
    return sorted([*mapped, *others])


def _examples(column: Column) -> str:
    shown = " · ".join(escape(example) for example in column.examples)
    return _("For example: %(shown)s") % {"shown": shown} if shown else _("Empty in the first rows")


def mapping_shown(preview: Preview) -> dict[str, Any]:
    """What the template says around the form: the format, the first records as they would come in, what is wrong."""
    left = len(preview.columns) - len(asked_about(preview))
    return {
        "format": preview.format,
        "problem": spoken(preview.problem),
        "columns": len(preview.columns),
        "left": left,
        "tools": sorted({one.tool for record in preview.records for one in decisions_in(record)}),
        "records": [
            {
                "title": record.title or NO_TITLE,
                "authors": "; ".join(record.authors[:3]) + (_("; and others") if len(record.authors) > 3 else ""),
                "year": record.year,
                "venue": record.venue,
                "doi": record.doi,
            }
            for record in preview.records
        ],
    }
