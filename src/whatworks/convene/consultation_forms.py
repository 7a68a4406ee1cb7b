"""The forms of consultations: the questions that anybody answers, and those of the work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.convene.guarding_forms import GuardedForm, box
from whatworks.convene.models import Consultation, Gathering, Theme
from whatworks.convene.panel_forms import day, text
from whatworks.ledger.models import Subject

SCOPES = [("count", _("Only count it; never show my words")), ("quote", _("You may show my words, without my name"))]


class AnswerForm(GuardedForm):
    """The questions of a consultation."""

    def __init__(self, consultation: Consultation, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.own = [one for one in consultation.questions if one["sort"] == "text"]
        for one in consultation.questions:
            if one["sort"] == "text":
                self.fields[one["key"]] = box(one["words"], rows=4, needed=False)
                continue
            options = one["options"] if one["sort"] == "choice" else list("12345")
            label = (
                one["words"]
                if one["sort"] == "choice"
                else _("%(words)s (1 is not at all, 5 is very)") % {"words": one["words"]}
            )
            self.fields[one["key"]] = forms.ChoiceField(
                label=label, required=False, choices=[("", "—"), *((option, option) for option in options)]
            )
        self.fields["scope"] = forms.ChoiceField(
            label=_("May we show your words?"), choices=SCOPES, widget=forms.RadioSelect, initial="count"
        )

    def answers(self) -> dict[str, str]:
        """The answers by key."""
        return {key: value for key, value in self.cleaned_data.items() if key != "scope"}


class OpeningForm(forms.Form):
    """A new consultation."""

    title = text(_("Title"))
    about = text(_("What it is about, in plain words"), 4000, rows=3)
    questions = text(
        _("Questions"), 6000, rows=6,
        help_text=_("One a line: key; choice, scale or text; the question; options. For example: helps; text; What helped you?"),
    )  # fmt: skip
    opens_on = day(_("First day"), needed=False)
    closes_on = day(_("Last day"), needed=False)
    gathering = forms.ModelChoiceField(
        Gathering.objects.order_by("-starts_at", "title"),
        label=_("What was said at an event: which? The days may then be empty"),
        required=False,
    )
    demonstration = forms.BooleanField(label=_("This is a demonstration: its answers are made up"), required=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["gathering"].label_from_instance = lambda one: one.title

    def clean_questions(self) -> list[dict[str, Any]]:
        """The questions as rows."""
        rows = []
        for line in self.cleaned_data["questions"].splitlines():
            cells = [cell.strip() for cell in line.split(";")]
            if any(cells):
                key, sort, words = [*cells, "", "", ""][:3]
                rows.append({"key": key, "sort": sort, "words": words, "options": [one for one in cells[3:] if one]})
        return rows


class UploadForm(forms.Form):
    """Answers from elsewhere, as CSV."""

    table = forms.FileField(label=_("Answers as CSV, in UTF-8, with a header"))
    question = forms.ChoiceField(label=_("Which question they answer"))
    column = text(_("In which column they are"), 80)
    scope = forms.ChoiceField(label=_("What those people agreed to"), choices=SCOPES)

    def __init__(self, consultation: Consultation, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["question"].choices = [
            (one["key"], one["words"]) for one in consultation.questions if one["sort"] == "text"
        ]


class ThemeForm(forms.Form):
    """A theme."""

    title = text(_("Name of the theme"), 160)
    meaning = text(_("What belongs to it"), 1000, rows=2, needed=False)


class ThemesForm(forms.Form):
    """The themes of one answer."""

    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick none where none fits."),
    )

    def __init__(self, consultation: Consultation, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["themes"].choices = [
            (one.pk, f"{one.title}: {one.meaning}" if one.meaning else one.title)
            for one in consultation.themes.order_by("order")
        ]


class SettleForm(ThemesForm):
    """The themes of an answer on which two people differ, and why."""

    answer = forms.CharField(widget=forms.HiddenInput)
    why = text(_("Why"), 500, rows=2)


class MessageForm(forms.Form):
    """A key message."""

    words = text(_("The message, in a sentence"), 400, rows=2)
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.none(), label=_("Themes that it rests on"), widget=forms.CheckboxSelectMultiple, required=False
    )
    source = text(_("Or the published source that it is taken from"), 400, needed=False)
    address = forms.URLField(label=_("Address of that source"), required=False, max_length=400, assume_scheme="https")

    def __init__(self, consultation: Consultation, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["themes"].queryset = consultation.themes.order_by("order")
        self.fields["themes"].label_from_instance = lambda one: one.title


class DoneForm(forms.Form):
    """What was done about a message."""

    message = forms.CharField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("Where it stands"),
        choices=[
            ("promised", _("Promised")),
            ("under way", _("Under way")),
            ("done", _("Done")),
            ("not done", _("Not done")),
        ],
    )
    words = text(_("What was done, or why not"), 1000, rows=2)
    evidence = text(_("Identifier of what shows it"), 24, needed=False)
    address = forms.URLField(label=_("Or an address"), required=False, max_length=400, assume_scheme="https")

    def clean_evidence(self) -> Subject | None:
        """What shows it."""
        named = self.cleaned_data["evidence"].strip()
        found = Subject.objects.filter(pk=named).first() if named else None
        if named and found is None:
            raise forms.ValidationError(_("There is nothing here with this identifier."))
        return found
