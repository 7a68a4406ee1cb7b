"""The form with which somebody makes a token."""

from __future__ import annotations

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from whatworks.people.tokens import DAYS, LONGEST, SCOPES


class TokenForm(forms.Form):
    """What a token is called, what it is for, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("So that you know it again, such as “Screening script”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What the program may do"),
        choices=[(one.key, one.plain) for one in SCOPES.values()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    review = forms.CharField(
        label=gettext_lazy("Only in this review (optional)"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Its name as in the address of its page, such as “leaving-care”. Empty: every review you take part in."
        ),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it ends"),
        min_value=1,
        max_value=LONGEST,
        initial=DAYS,
        help_text=format_lazy(gettext_lazy("At most {days}."), days=LONGEST),
    )
