"""The form with which somebody checks a plan against a scheme: one question for each thing the scheme asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.rate.methods.conditions import Value
from whatworks.rate.methods.scheme import Input, Scheme

OPEN = [("", gettext_lazy("Not decided yet"))]
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class CheckForm(forms.Form):
    """Answers that are sure already; what is left open is left out. Sent by GET, so that a plan is an address."""

    def __init__(self, data: Any, scheme: Scheme) -> None:
        super().__init__(data)
        self.scheme = scheme
        for name, declared in scheme.inputs.items():
            self.fields[name] = _field(declared)

    def answers(self) -> dict[str, Value]:
        """What was answered, as the scheme takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        yes_no = {name for name in said if self.scheme.inputs[name].kind == "boolean"}
        return {name: value == "yes" if name in yes_no else value for name, value in said.items()}


def _field(declared: Input) -> forms.Field:
    words = declared.words.removeprefix("a judgement of ")
    told: dict[str, Any] = {"required": False, "label": words[:1].upper() + words[1:], "help_text": declared.meaning}
    if declared.kind in ("integer", "number"):
        kind = forms.IntegerField if declared.kind == "integer" else forms.FloatField
        wrong = _("a whole number") if declared.kind == "integer" else _("a number")
        errors = {
            "invalid": _("%(label)s: write %(wrong)s, or leave it empty.") % {"label": told["label"], "wrong": wrong}
        }
        # A text box: a browser's own box for numbers sends nothing at all for what is no number, and loses what was typed.
        box = forms.TextInput(attrs={"inputmode": "decimal" if declared.kind == "number" else "numeric"})
        limits = {"min_value": declared.minimum, "max_value": declared.maximum}
        return kind(widget=box, error_messages=errors, **limits, **told)
    if declared.kind in ("boolean", "choice"):
        named = (
            YES_NO if declared.kind == "boolean" else [(key, _capital(said)) for key, said in declared.choices.items()]
        )
        errors = {"invalid_choice": _("%(label)s: choose one of the answers.") % {"label": told["label"]}}
        return forms.ChoiceField(choices=[*OPEN, *named], error_messages=errors, **told)
    return forms.CharField(max_length=200, **told)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
