"""The forms with which a trial is run beside its steps: what was delivered, a look at arms, what a pilot found, whether it goes on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.trial.delivering import Delivery
from whatworks.trial.forms import text
from whatworks.trial.methods.design import Design
from whatworks.trial.piloting import DECISIONS, OUTCOMES, Count
from whatworks.trial.presenters_conduct import decision_words

DAY = gettext_lazy("As 2026-01-31.")


class DeliveryForm(forms.Form):
    """One value of what was delivered."""

    unit = text(gettext_lazy("Unit"), 80, gettext_lazy("As it stands in the list. Never a person's name."), needed=True)
    period = text(gettext_lazy("Period"), 40, gettext_lazy("Such as “autumn 2026”."), needed=True)
    measure = forms.ChoiceField(label=gettext_lazy("What was counted?"))
    value = forms.FloatField(label=gettext_lazy("How much?"))
    on = forms.DateField(label=gettext_lazy("On which day was it known?"), help_text=DAY)
    source = text(
        gettext_lazy("Where does this come from?"), 200, gettext_lazy("Such as “log of sessions”."), needed=True
    )

    def __init__(self, measures: list[str], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["measure"].choices = [(one, one) for one in measures]

    def delivery(self) -> Delivery:
        """The value that was typed."""
        return Delivery(**self.cleaned_data)


class DeliveriesForm(forms.Form):
    """Many values as a table."""

    table = forms.FileField(
        label=gettext_lazy("Many at once"),
        help_text=gettext_lazy("A CSV with the columns unit, period, measure, value, on, source."),
    )


class LookForm(forms.Form):
    """Why somebody must know an arm before arms are told."""

    unit = text(gettext_lazy("Which unit?"), 80, gettext_lazy("Empty for every unit."))
    reason = text(gettext_lazy("Why do you need to know?"), 400, rows=2, needed=True)


class AnswerForm(forms.Form):
    """What a pilot found on one of its questions."""

    question = forms.ChoiceField(label=gettext_lazy("Which question?"))
    asked = text(
        gettext_lazy("Whom does the answer rest on?"), 300, gettext_lazy("In numbers and roles, such as “eight teachers”. No names."),
        needed=True,
    )  # fmt: skip
    summary = text(
        gettext_lazy("What was found?"),
        4000,
        gettext_lazy("A summary in your own words, without anybody's own."),
        rows=4,
        needed=True,
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Is its criterion met?"))
    on = forms.DateField(label=gettext_lazy("On which day?"), help_text=DAY)

    def __init__(self, design: Design, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["question"].choices = [(one.name, f"{one.name}: {one.question}"[:120]) for one in design.pilot]
        words = {"met": _("met"), "partly met": _("partly met"), "not met": _("not met")}
        self.fields["outcome"].choices = [(one, words.get(one, _("cannot be told"))) for one in OUTCOMES]


class DecisionForm(forms.Form):
    """Whether a pilot goes on: what was counted for each criterion, and what people decided."""

    decision = forms.ChoiceField(label=gettext_lazy("What was decided?"))
    decided_by = text(
        gettext_lazy("By whom?"), 300, gettext_lazy("The body or the roles, such as “the steering group”."), needed=True
    )
    why = text(gettext_lazy("Why?"), 4000, gettext_lazy("Also what speaks against it."), rows=4, needed=True)
    on = forms.DateField(label=gettext_lazy("On which day?"), help_text=DAY)

    def __init__(self, design: Design, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.names = [one.name for one in design.progression]
        self.fields["decision"].choices = [(one, decision_words(one)) for one in DECISIONS]
        for number, name in enumerate(self.names):
            self.fields[f"events-{number}"] = forms.IntegerField(
                label=_("%(name)s: how many?") % {"name": name}, min_value=0
            )
            self.fields[f"n-{number}"] = forms.IntegerField(
                label=_("%(name)s: out of how many?") % {"name": name}, min_value=1
            )

    def counts(self) -> list[Count]:
        """What was counted for each criterion."""
        told = self.cleaned_data
        return [(name, told[f"events-{n}"], told[f"n-{n}"]) for n, name in enumerate(self.names)]

    def said(self) -> dict[str, Any]:
        """What was decided."""
        return {name: self.cleaned_data[name] for name in ("decision", "decided_by", "why", "on")}
