"""The form with which a search export comes in."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from whatworks.collate.forms_places import PlaceForm, known_source, named_source
from whatworks.collate.models import SearchRun
from whatworks.collate.sources import SOURCES
from whatworks.collate.uploads import LARGEST, too_large

FORMATS = ", ".join(source.name for source in SOURCES)


class ExportForm(PlaceForm):
    """A search export and where the search was made."""

    other, one_of_two = "name", "Choose where the search was made, or name it; one of the two."

    file = forms.FileField(
        label="The file",
        help_text=f"A search export as {FORMATS}, up to {LARGEST // 1024**2} MB. It is kept as it is.",
        error_messages={"empty": "The file is empty; export the search again."},
    )
    source = known_source("Where was the search made?")
    name = named_source()
    run = forms.ModelChoiceField(
        SearchRun.objects.select_related("strategy__source").order_by("-ran_on", "strategy__name", "-number"),
        label="Which search did it come from?",
        empty_label="None that is noted here",
        required=False,
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise forms.ValidationError(too_large())
        return file
