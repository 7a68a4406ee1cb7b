"""The forms of public challenge: comment on a page or challenge it; answer a challenge."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.convene.guarding_forms import GuardedForm, box
from whatworks.convene.models import Challenge

SAYS = [
    ("comment", _("I have a comment")),
    ("challenge", _("Something on the page is wrong")),
    ("rating-challenge", _("You say you are surer, or less sure, than you can be")),
]


class SayForm(GuardedForm):
    """A comment or a challenge."""

    of = forms.CharField(widget=forms.HiddenInput, max_length=200)
    kind = forms.ChoiceField(label=_("What is it?"), choices=SAYS, widget=forms.RadioSelect)
    words = box(_("Your words"), help_text=_("They show on the page, once somebody here has read them."))
    speaks_as = forms.CharField(
        label=_("You speak as"),
        help_text=_("Such as “a foster carer”. No name, please."),
        max_length=120,
        required=False,
    )
    reply_to = forms.EmailField(
        label=_("Your e-mail address, if you want to hear what came of it"),
        help_text=_("It is not shown. You can leave it empty."), required=False, max_length=254,
    )  # fmt: skip


class AnswerForm(forms.Form):
    """Our answer, for everybody to read."""

    state = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (Challenge.UPHELD, _("They were right: we change something")),
            (Challenge.ANSWERED, _("We explain; nothing changes")),
            (Challenge.DECLINED, _("We do not agree, and say why")),
        ],
    )
    words = forms.CharField(
        label=_("Our answer"), help_text=_("With the reason. Name nobody."), max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
