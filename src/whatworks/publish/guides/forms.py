"""The forms around a guide: begin one, respond to a draft, answer a response, decide on a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.publish.models import Consultation
from whatworks.scope.models import Theme

WHOLE = ("", _("The whole guide"))


def _area(label: str, needed: str, *, rows: int = 4, help_text: str = "", most: int = 20_000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    messages = {"required": needed}
    return forms.CharField(
        label=label, widget=widget, help_text=help_text, max_length=most, error_messages=messages, required=bool(needed)
    )


class OpenForm(forms.Form):
    """The question of a new guide, and its theme."""

    question = forms.CharField(
        label=_("The question"),
        help_text=_("One question that somebody asks at work. It becomes the title."),
        max_length=200,
        error_messages={"required": _("Ask one question.")},
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


class ResponseForm(forms.Form):
    """What somebody says of a draft: about which part, as whom, and whether their words may be shown."""

    about = forms.ChoiceField(label=_("About"), required=False)
    text = _area(_("What do you think?"), _("Say what you think of the draft."), rows=8)
    speaks_as = forms.CharField(
        label=_("You speak as"),
        help_text=_("Such as “a foster carer” or “a social worker in the north of England”. No name is needed."),
        max_length=120,
        error_messages={"required": _("Say as whom you speak, such as “a foster carer”.")},
    )
    may_show = forms.BooleanField(label=_("You may show these words on the public page"), required=False)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, consultation: Consultation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = consultation.content["recommendations"]
        choices = [WHOLE, *((one["key"], _("Recommendation %(number)s") % {"number": one["number"]}) for one in rows)]
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = choices


class LetterForm(ResponseForm):
    """A letter that came by post, as somebody here enters it."""

    def __init__(self, consultation: Consultation, *args: Any, **kwargs: Any) -> None:
        super().__init__(consultation, *args, **kwargs)
        self.fields["text"].label = _("What the letter says")
        self.fields["speaks_as"].label = _("Who wrote it, in words without a name")
        self.fields["may_show"].label = _("Its writer lets us show these words")


class AnswerForm(forms.Form):
    """What we did about a response, for everybody to read."""

    asked = _area(
        _("What was asked"), _("Say in a sentence what was asked."), help_text=_("In your words, without names.")
    )
    did = _area(_("What we did about it"), _("Say what you did, or why nothing."))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DecisionForm(forms.Form):
    """What an approver says, and which draft they read."""

    what_changed = _area(_("What changed, in a sentence for readers"), "", rows=3, most=500)
    closes_on = forms.DateField(label=_("People can respond until"), required=False, help_text=_("Such as 2027-01-31."))
    why = _area(_("Why it goes back to its writers"), "", rows=3, most=2000)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, names: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"what_changed", "closes_on", "why"} - set(names):
            del self.fields[name]


class StandingForm(forms.Form):
    """Why a guide is withdrawn, or taken into use again."""

    why = _area(_("Why? Readers see this."), _("Say why; readers see the reason."), rows=3, most=2000)
