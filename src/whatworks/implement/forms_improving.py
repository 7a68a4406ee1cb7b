"""The forms of small tests, barriers, interviews, waves of readiness, and questions of practice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.convene.guarding_forms import GuardedForm, box
from whatworks.implement.forms import chosen, day, number, words
from whatworks.implement.instruments import KEYS, instrument
from whatworks.implement.methods.acting import PARTS
from whatworks.implement.methods.scoring import Instrument
from whatworks.implement.models.delivery import DECISIONS
from whatworks.implement.models.improving import ENDS, ROLES
from whatworks.publish.models import Page, Revision


def indicators(choices: list[tuple[str, str]]) -> forms.ChoiceField:
    """One of the indicators of the plan."""
    return forms.ChoiceField(label=_("Which indicator?"), choices=choices)


class PointForm(forms.Form):
    """One number of an indicator."""

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["indicator"] = indicators(choices)
        self.fields["on"] = day(_("Which day?"))
        self.fields["value"] = forms.FloatField(
            label=_("Value"), widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
        )


class TestForm(forms.Form):
    """A small test of change."""

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["title"] = words(_("What do you want to try?"), 160)
        self.fields["indicator"] = indicators(choices)
        self.fields["indicator"].label = _("Which indicator would show it?")


class CycleForm(GuardedForm):
    """The plan of one turn."""

    plan = box(gettext_lazy("What will you try, with whom, when, and what do you expect to see?"), rows=4, most=2_000)


class EndForm(GuardedForm):
    """What came of one turn."""

    done_on = day(gettext_lazy("When was it done?"))
    learnt = box(gettext_lazy("What happened, and what did you learn?"), rows=4, most=2_000)
    ended = chosen(gettext_lazy("What becomes of the idea?"), ENDS)


class BarrierForm(forms.Form):
    """What stands in the way."""

    part = chosen(gettext_lazy("What is it about?"), PARTS)
    title = words(gettext_lazy("What stands in the way, in a few words?"), 160)


class ActionForm(forms.Form):
    """What is planned against a barrier."""

    what = words(gettext_lazy("What will be done?"), 200)
    who = words(gettext_lazy("Which role does it?"), 80, gettext_lazy("A role, no name."))
    due = day(gettext_lazy("By when?"))


class InsightForm(forms.Form):
    """That an interview was held."""

    role = chosen(gettext_lazy("With whom?"), ROLES)
    on = day(gettext_lazy("On which day?"))


class CodingForm(forms.Form):
    """The parts of COM-B in an interview."""

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Which of these stood in the way, by what was said?"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        field: Any = self.fields["parts"]
        field.choices = chosen("", PARTS).choices


class WaveForm(forms.Form):
    """A new wave."""

    key = forms.ChoiceField(label=gettext_lazy("Which questions?"))
    asked = number(
        gettext_lazy("How many people are asked?"), gettext_lazy("Everybody whom the change concerns."), least=1
    )

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        field: Any = self.fields["key"]
        field.choices = [(key, instrument(key).title) for key in KEYS]


class AnswersForm(forms.Form):
    """Answers that were collected elsewhere."""

    table = forms.FileField(
        label=gettext_lazy("Answers as CSV"),
        help_text=gettext_lazy(
            "A column for each item, a row for each person, no names. Empty where an item was left out."
        ),
    )


class CodeForm(forms.Form):
    """The code of somebody who is asked."""

    code = forms.CharField(
        label=gettext_lazy("Your code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class ItemsForm(forms.Form):
    """The questions of an instrument, one choice each; any may be left out."""

    code = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, found: Instrument, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        points = [(str(at), label) for at, label in enumerate(found.points, 1)]
        for item in found.items:
            self.fields[item] = forms.ChoiceField(
                label=found.wording[item], choices=points, required=False, widget=forms.RadioSelect
            )

    def given(self) -> dict[str, int]:
        """What was answered."""
        return {name: int(value) for name, value in self.cleaned_data.items() if name != "code" and value}


class HeedForm(forms.Form):
    """What the statistician decides."""

    decision = chosen(gettext_lazy("What becomes of the analysis?"), DECISIONS)


class AskForm(GuardedForm):
    """A question of practice."""

    words = box(
        gettext_lazy("Your question"),
        rows=4,
        most=2_000,
        help_text=gettext_lazy("How is it done? What helped? What would you leave out?"),
    )


class ReplyForm(GuardedForm):
    """An answer to a question of practice, with the page that it rests on."""

    words = box(gettext_lazy("The answer"), rows=5)

    def __init__(self, page: Page, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        held = Revision.objects.filter(page=page).order_by("-number").defer("content")
        self.revisions = {one.pk: one for one in held}
        listed = [(one.pk, _("Revision %(n)s of the page") % {"n": one.number}) for one in held]
        self.fields["revision"] = forms.ChoiceField(
            label=_("On which revision of the page does it rest?"), choices=listed
        )
