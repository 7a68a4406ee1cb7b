"""The form with which a search export comes in."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from whatworks.collate.forms_places import PlaceForm, known_source, named_source
from whatworks.collate.models import SearchRun
from whatworks.collate.sources import SOURCES
from whatworks.collate.uploads import LARGEST, too_large
from whatworks.spoken import spoken

FORMATS = ", ".join(source.name for source in SOURCES)


class ExportForm(PlaceForm):
    """A search export and where the search was made."""

    other, one_of_two = "name", gettext_lazy("Choose where the search was made, or name it; one of the two.")

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=format_lazy(
            gettext_lazy("A search export as {formats}, up to {size} MB. It is kept as it is."),
            formats=FORMATS,
            size=LARGEST // 1024**2,
        ),
        error_messages={"empty": gettext_lazy("The file is empty; export the search again.")},
    )
    source = known_source(gettext_lazy("Where was the search made?"))
    name = named_source()
    run = forms.ModelChoiceField(
        SearchRun.objects.select_related("strategy__source").order_by("-ran_on", "strategy__name", "-number"),
        label=gettext_lazy("Which search did it come from?"),
        empty_label=gettext_lazy("None that is noted here"),
        required=False,
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise forms.ValidationError(spoken(too_large()))
        return file
