"""The forms of packages: begin one, and gather guides and pages in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.publish.guides.packaging import LEAD, STAGE, TITLE, WHY, Gathered, Item
from whatworks.publish.models import Guide, Page
from whatworks.scope.models import Theme


class OpenPackageForm(forms.Form):
    """What a new package is called, and its theme."""

    title = forms.CharField(
        label=_("The title"),
        help_text=_("Such as “Leaving care”. It becomes the address."),
        max_length=TITLE,
        error_messages={"required": _("Give the package a title.")},
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        label=_("Theme"),
        to_field_name="slug",
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose a theme.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = self.fields["theme"]
        assert isinstance(themes, forms.ModelChoiceField)
        themes.queryset = Theme.objects.order_by("order")
        themes.label_from_instance = lambda theme: theme.name


class PackageForm(forms.Form):
    """A package as fields: its own, then a stage and a line why for each thing in it, in their sequence."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    order = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("The title"), required=False)
    lead = forms.CharField(
        label=_("What it is about"),
        help_text=_("A sentence or two for readers."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LEAD}),
        required=False,
    )
    add = forms.ChoiceField(label=_("Add a guide or a page"), required=False)

    def __init__(self, says: Gathered, seen: str, data: Mapping[str, Any] | None = None) -> None:
        self.things = _order(data) if data is not None else [one.thing for one in says.items]
        super().__init__(data, initial=self._initial(says, seen))
        self.called = named()
        for thing in self.things:
            self.fields[f"{thing}-stage"] = _line(
                _("Stage"), STAGE, _("Such as “Start here”. What is of one stage stands together.")
            )
            self.fields[f"{thing}-why"] = _line(_("Why it is here"), WHY, _("In a line, for readers."))
        left = [(key, words) for key, words in self.called.items() if key not in self.things]
        add = self.fields["add"]
        assert isinstance(add, forms.ChoiceField)
        add.choices = [("", _("Choose one")), *left]

    def _initial(self, says: Gathered, seen: str) -> dict[str, Any]:
        values: dict[str, Any] = {"seen": seen, "order": " ".join(self.things), "title": says.title, "lead": says.lead}
        for one in says.items:
            values |= {f"{one.thing}-stage": one.stage, f"{one.thing}-why": one.why}
        return values

    def says(self) -> Gathered:
        """The package as typed."""
        told = lambda name: str(self.data.get(name, ""))  # noqa: E731  one line, used five times
        items = tuple(Item(one, told(f"{one}-stage"), told(f"{one}-why")) for one in self.things)
        return Gathered(told("title"), told("lead"), items)

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each thing, with its name."""
        last = len(self.things) - 1
        return [
            {
                "key": thing,
                "name": self.called.get(thing, thing),
                "fields": [self[f"{thing}-stage"], self[f"{thing}-why"]],
                "first": at == 0,
                "last": at == last,
            }
            for at, thing in enumerate(self.things)
        ]


def named() -> dict[str, str]:
    """Every guide and every page that can be put into a package, by identifier, in words."""
    guides = [(one.pk, _("Guide: %(title)s") % {"title": one.title}) for one in Guide.objects.order_by("title", "pk")]
    pages = Page.objects.filter(intervention__part_of=None).order_by("title", "pk")
    rows = [(one.intervention_id, _("Page: %(title)s") % {"title": one.title}) for one in pages]
    return dict([*guides, *rows])


def _order(data: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(str(data.get("order", "")).split()))


def _line(label: Any, most: int, told: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=told, required=False, widget=forms.TextInput(attrs={"maxlength": most})
    )
