"""The forms of enquiries: ask, and the small ones with which colleagues let one thing happen after the other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.convene.enquiring_presenters import REGIMES, SORTS
from whatworks.convene.guarding_forms import GuardedForm, box
from whatworks.convene.methods import clock
from whatworks.scope.models import Outcome, Question, Theme

EMAIL = _("Your e-mail address, if you want the answer by e-mail")
EMAIL_HELP = _("You can leave this empty: you get an address of your own where the answer will be.")


class LookForm(GuardedForm):
    """What somebody wants to know, before we show what is published about it."""

    words = box(_("What do you want to know?"), rows=4)


class AskForm(GuardedForm):
    """The enquiry itself."""

    words = box(_("What do you want to know?"), rows=6)
    sort = forms.ChoiceField(label=_("What is it?"), choices=list(SORTS.items()), widget=forms.RadioSelect)
    reply_to = forms.EmailField(label=EMAIL, help_text=EMAIL_HELP, required=False, max_length=254)
    offer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)


class EnterForm(forms.Form):
    """An enquiry that came another way, as a colleague enters it."""

    words = box(_("What was asked"), rows=6)
    sort = forms.ChoiceField(label=_("What is it?"), choices=list(SORTS.items()))
    received_on = forms.DateField(
        label=_("The day it reached us"), help_text=_("Such as 2026-01-31. It can be a Sunday or a holiday.")
    )
    reply_to = forms.EmailField(label=_("E-mail address, where there is one"), required=False, max_length=254)


class WriteForm(GuardedForm):
    """What somebody writes back to us."""

    words = box(_("Write to us"), rows=5)


class SortForm(forms.Form):
    """What kind it is, and which law applies."""

    sort = forms.ChoiceField(label=_("What is it?"), choices=list(SORTS.items()))
    regime = forms.ChoiceField(
        label=_("For information that we hold: which law?"),
        choices=[("", "—"), *REGIMES.items()],
        required=False,
    )


class MoveForm(forms.Form):
    """One thing that happens: its letter, the exemption, the body it goes to, the day; each only where it is asked."""

    words = box(_("The letter they get"), rows=6, most=20_000)
    exemption = forms.CharField(
        label=_("Exemption"), help_text=_("Such as “s22” or “reg 12(4)(d)”."), max_length=120, required=False
    )
    to = forms.CharField(label=_("To which body?"), max_length=200)
    on = forms.DateField(label=_("On which day, if not today?"), help_text=_("Such as 2026-01-31."), required=False)

    def __init__(self, what: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"words", "exemption", "to"} - set(NEEDS.get(what, ())):
            del self.fields[name]


NEEDS: dict[str, tuple[str, ...]] = {
    clock.ASK: ("words",),
    clock.EXTEND: ("words", "exemption"),
    clock.ANSWER: ("words",),
    clock.REFUSE: ("words", "exemption"),
    clock.TRANSFER: ("words", "to"),
    clock.REVIEW_LONGER: ("words",),
    clock.REVIEWED: ("words",),
}
MOVES = {
    clock.ANSWER: _("Answer"),
    clock.ASK: _("Ask back"),
    clock.REPLY: _("Their answer came another way"),
    clock.EXTEND: _("Take more time"),
    clock.REFUSE: _("Refuse"),
    clock.TRANSFER: _("Send it on to another body"),
    clock.WITHDRAW: _("They took it back"),
    clock.REVIEW: _("They asked for a review another way"),
    clock.REVIEW_LONGER: _("The review needs longer"),
    clock.REVIEWED: _("The review is done"),
}


class DiscloseForm(forms.Form):
    """An answer for everybody."""

    title = forms.CharField(label=_("Title"), max_length=200)
    asked = forms.CharField(
        label=_("What was asked, in our words"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5_000
    )
    answered = forms.CharField(label=_("What we answered"), widget=forms.Textarea(attrs={"rows": 8}), max_length=20_000)
    outcome = forms.ChoiceField(
        label=_("How much of it we gave"),
        choices=[
            ("full", _("All of it")),
            ("part", _("A part of it")),
            ("refused", _("None of it, with the reason")),
            ("not-held", _("We do not hold it")),
        ],
    )
    exemption = forms.CharField(label=_("Exemption"), max_length=120, required=False)


class QuestionForm(forms.Form):
    """The enquiry as a question of the centre."""

    wording = forms.CharField(
        label=_("The question in our words, as everybody will read it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
    )
    theme = forms.ModelChoiceField(
        Theme.objects.order_by("order"), label=_("Theme"), required=False, empty_label=_("None in the list")
    )
    outcome = forms.ModelChoiceField(
        Outcome.objects.order_by("name"), label=_("Outcome"), required=False, empty_label=_("None in the list")
    )


class LinkForm(forms.Form):
    """A question that was taken up already."""

    question = forms.ModelChoiceField(Question.objects.open(), label=_("Which question?"))


class AnsweredForm(forms.Form):
    """What answers a question."""

    answer = forms.CharField(
        label=_("The identifier of the page or guide that answers it"), help_text=_("It stands at the foot of the page."),
        max_length=24,
    )  # fmt: skip
