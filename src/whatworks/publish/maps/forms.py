"""The forms with which somebody brings a map that others made, and says under which licence readers may see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.publish.models import EvidenceMap


class TakeForm(forms.Form):
    """A file and whose it is."""

    file = forms.FileField(
        label=_("The map (HTML or JSON)"),
        help_text=_("The HTML file that EPPI-Mapper wrote, or a map exported from a centre like this one."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty; choose another.")},
        widget=forms.FileInput(attrs={"accept": ".html,.htm,.json,text/html,application/json"}),
    )
    slug = forms.ChoiceField(label=_("Is it a newer edition of one held here?"), required=False)
    whose = forms.CharField(
        label=_("Whose map is it?"),
        max_length=200,
        error_messages={"required": _("Say whose map it is; readers must see that it is theirs.")},
    )
    title = forms.CharField(
        label=_("What is it called? (optional)"),
        help_text=_("Left empty, it is called what the file calls it."),
        required=False,
        max_length=300,
    )
    source_url = forms.CharField(label=_("Where is it published? (optional)"), required=False, max_length=500)
    licence = forms.CharField(
        label=_("Under which licence? (optional)"),
        help_text=_("Without a licence only people who keep maps see it here."),
        required=False,
        max_length=200,
    )
    dated = forms.CharField(
        label=_("How old is it? (optional)"),
        help_text=_("As its makers say it, such as “April 2024”."),
        required=False,
        max_length=40,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = EvidenceMap.objects.order_by("title", "slug").values_list("slug", "title")
        self.fields["slug"].choices = [("", _("No, it is new here")), *held]


class LicenceForm(forms.Form):
    """The licence under which readers may see a map."""

    licence = forms.CharField(label=_("Its licence, in its makers' words"), required=False, max_length=200)
