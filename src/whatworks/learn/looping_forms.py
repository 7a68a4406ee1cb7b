"""The forms of the living loop: small ones, one for each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Strategy
from whatworks.learn.answering_presenters import ASKED_AS
from whatworks.learn.looping import MOST_DAYS
from whatworks.people.models import User
from whatworks.screen.models import Review

DAY = forms.DateInput(attrs={"type": "date"})


class SearchForm(forms.Form):
    """A search that is run again for a review."""

    review = forms.ModelChoiceField(Review.objects.order_by("title"), label=gettext_lazy("For which review?"))
    strategy = forms.ModelChoiceField(
        Strategy.objects.select_related("source").order_by("name"),
        label=gettext_lazy("Which search?"),
        help_text=gettext_lazy("Its words are noted once, under Searches."),
    )
    every_days = forms.IntegerField(
        label=gettext_lazy("Run again after how many days?"), min_value=1, max_value=MOST_DAYS, initial=90
    )


class ShareForm(forms.Form):
    """Who does a piece of work, and by when."""

    owner = forms.ChoiceField(label=gettext_lazy("Who does it?"), required=False)
    due_on = forms.DateField(label=gettext_lazy("By which day?"), widget=DAY, required=False)

    def __init__(self, people: list[User], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self._people = {one.pk: one for one in people}
        named = [(one.pk, one.name or one.email) for one in people]
        self.fields["owner"].choices = [("", gettext_lazy("Nobody yet")), *named]

    def person(self) -> User | None:
        """The person chosen."""
        return self._people.get(self.cleaned_data["owner"])


class DeclineForm(forms.Form):
    """Why a suggested report is not for a review."""

    reason = forms.CharField(label=gettext_lazy("Why is it not for this review?"), max_length=300)


class AnswerForm(forms.Form):
    """An answer from the store."""

    text = forms.CharField(
        label=gettext_lazy("The answer"),
        help_text=gettext_lazy(
            "Plain words, in paragraphs with an empty line between. End each with what it rests on, in square brackets: identifiers "
            "of pages, guides, results or ratings, such as [pag-…, syn-…]. Of a page its newest revision is kept."
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=16_000,
    )
    asked_as = forms.ChoiceField(
        label=gettext_lazy("What kind of person asked?"),
        choices=[("", gettext_lazy("Not said")), *ASKED_AS.items()],
        help_text=gettext_lazy("Only the kind is shown, never who."),
        required=False,
    )


class BackForm(forms.Form):
    """What the writer of an answer should change."""

    why = forms.CharField(
        label=gettext_lazy("What should the writer change?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )
