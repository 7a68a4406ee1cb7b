"""The form with which somebody makes a token."""

from __future__ import annotations

from django import forms

from whatworks.people.tokens import DAYS, LONGEST, SCOPES


class TokenForm(forms.Form):
    """What a token is called, what it is for, and for how long."""

    name = forms.CharField(
        label="What it is for", max_length=80, help_text="So that you know it again, such as “Screening script”."
    )
    scopes = forms.MultipleChoiceField(
        label="What the program may do",
        choices=[(one.key, one.plain) for one in SCOPES.values()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    review = forms.CharField(
        label="Only in this review (optional)",
        max_length=60,
        required=False,
        help_text="Its name as in the address of its page, such as “leaving-care”. Empty: every review you take part in.",
    )
    days = forms.IntegerField(
        label="Days until it ends", min_value=1, max_value=LONGEST, initial=DAYS, help_text=f"At most {LONGEST}."
    )
