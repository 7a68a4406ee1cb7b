"""The forms of events."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.convene.guarding_forms import GuardedForm, box
from whatworks.convene.panel_forms import text

SCALE = [(str(n), str(n)) for n in range(1, 6)]


class PlaceForm(GuardedForm):
    """Ask for a place."""

    name = text(_("Your name"), 120)
    email = forms.EmailField(label=_("E-mail address"))
    needs = text(
        _("What do you need to take part?"), 500, rows=2, needed=False,
        help_text=_("Such as a step-free way in, an interpreter, food. We delete this on the day after the event."),
    )  # fmt: skip


class FeedbackForm(GuardedForm):
    """What somebody thought."""

    useful = forms.ChoiceField(label=_("Was it useful to you? 1 is not at all, 5 is very"), choices=SCALE)
    heard = forms.ChoiceField(label=_("Did you feel heard? 1 is not at all, 5 is very"), choices=SCALE)
    words = box(_("What should we know?"), rows=4, most=2000, needed=False)


def moment(label: Any, *, needed: bool = False) -> forms.DateTimeField:
    """A field for a day and a time."""
    return forms.DateTimeField(
        label=label, required=needed, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class OpeningForm(forms.Form):
    """A new event."""

    title = text(_("Title"))
    about = text(_("What happens, in plain words"), 4000, rows=4, needed=False)
    starts_at = moment(_("Starts"), needed=True)
    ends_at = moment(_("Ends"), needed=True)
    place = text(_("Place"), needed=False)
    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=5000)
    contact = text(_("Whom to ask"), help_text=_("A part and how to reach it; no name of a person."))
    demonstration = forms.BooleanField(label=_("This is a demonstration: the event is made up"), required=False)


class PlacesForm(forms.Form):
    """More places, or fewer."""

    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=5000)
