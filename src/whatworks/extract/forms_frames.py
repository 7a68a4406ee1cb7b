"""The forms with which frames are taken into use, copied, changed and brought in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST = 4 * 1024 * 1024  # bytes of a file with a frame
KEY = forms.RegexField(
    r"^[a-z][a-z0-9-]*$",
    label=gettext_lazy("Short name"),
    max_length=60,
    help_text=gettext_lazy("Small letters, figures and hyphens, such as our-study. Files are called by it."),
    error_messages={"invalid": gettext_lazy("Use small letters, figures and hyphens, and begin with a letter.")},
)


class CopyingForm(forms.Form):
    """A frame of one's own that begins as another."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    key = KEY


class ExtendingForm(CopyingForm):
    """A frame that asks all of another and one thing more to begin with; later versions add to it."""

    label = forms.CharField(label=gettext_lazy("What is asked besides?"), max_length=300)
    item = forms.RegexField(r"^[a-z][a-z0-9-]*$", label=gettext_lazy("Short name of the item"), max_length=60)
    help = forms.CharField(
        label=gettext_lazy("Help"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    values = forms.CharField(
        label=gettext_lazy("Allowed values"),
        required=False,
        help_text=gettext_lazy("One a line; empty for words."),
        widget=forms.Textarea({"rows": 3}),
    )

    def additions(self) -> list[dict[str, object]]:
        """The item, as plain values."""
        given = self.cleaned_data
        values = [line.strip() for line in given["values"].splitlines() if line.strip()]
        more = {"kind": "choice", "values": values} if values else {}
        told = {"key": given["item"], "label": given["label"], **more}
        return [told | ({"help": given["help"]} if given["help"] else {})]


class ChangingForm(forms.Form):
    """A frame changed: its text as TOML, and why."""

    text = forms.CharField(
        label=gettext_lazy("The frame, as TOML"), widget=forms.Textarea({"rows": 24, "spellcheck": "false"})
    )
    why = forms.CharField(label=gettext_lazy("Why is it changed?"), max_length=1000)


class ImportingForm(forms.Form):
    """A frame in a file: ours as TOML or JSON, or the code sets of an EPPI-Reviewer export."""

    sort = forms.ChoiceField(
        label=gettext_lazy("What is in the file?"),
        choices=[
            ("eppi", gettext_lazy("Code sets exported from EPPI-Reviewer (JSON)")),
            ("toml", gettext_lazy("A frame (TOML)")),
            ("json", gettext_lazy("A frame (JSON)")),
        ],
        widget=forms.RadioSelect,
        initial="eppi",
    )
    file = forms.FileField(label=gettext_lazy("File"), max_length=200)

    def clean_file(self) -> str:
        """The text of the file."""
        held = self.cleaned_data["file"]
        if held.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 4 MB; a frame is not."))
        try:
            return str(held.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not text in UTF-8; export it again.")) from None
