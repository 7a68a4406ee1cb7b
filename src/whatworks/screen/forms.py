"""The forms of those who lead a review: its protocol, and the review itself."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import WhatworksError
from whatworks.scope.models import Theme
from whatworks.screen.methods.protocol import LEARNING, MODES, ORDERS, SETTLING, STOPPING, USUAL, Rules, read_rules
from whatworks.screen.naming_reports import reports_named
from whatworks.spoken import spoken

SPARE = 3  # empty rows offered for criteria
MORE = "rows"  # the button that asks for more of them
PERCENT = {"min_value": 0, "max_value": 100, "widget": forms.NumberInput({"step": "any", "inputmode": "decimal"})}
NOT_ALL = {
    "max_value": gettext_lazy("At most 99.9 per cent: only reading everything finds all."),
    "min_value": gettext_lazy("At least 1 per cent."),
}
SHARE = {**PERCENT, "min_value": 1, "max_value": 99.9}  # of a goal, which no test can set at all or nothing
LINES = {"required": False, "strip": False}
Parts = tuple[tuple[str, tuple[str, ...]], ...]  # a heading, and the fields below it
SEEDS = 2**31  # drawn by the machine, so that nobody can choose a lot that suits them


def lines(label: str, words: str, rows: int = 4) -> forms.CharField:
    """A field with one thing a line."""
    return forms.CharField(label=label, help_text=words, widget=forms.Textarea({"rows": rows}), **LINES)


def choice(label: str, known: dict[str, str], words: str = "", **told: Any) -> forms.ChoiceField:
    """One of several things said in plain words, all of them in view."""
    told |= {"label": label, "choices": list(known.items()), "help_text": words}
    return forms.ChoiceField(widget=forms.RadioSelect, **told)


def split(text: str) -> tuple[str, ...]:
    """The lines of a field that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class CriterionForm(forms.Form):
    """One criterion: its name, what is in, what is out."""

    name = forms.CharField(label=gettext_lazy("About"), max_length=80, required=False)
    include = forms.CharField(label=gettext_lazy("What is in"), widget=forms.Textarea({"rows": 2}), required=False)
    exclude = forms.CharField(label=gettext_lazy("What is out"), widget=forms.Textarea({"rows": 2}), required=False)

    def clean(self) -> dict[str, Any]:
        """A row that says something has a name, and a row with a name says something."""
        given = super().clean() or {}
        says = given.get("include") or given.get("exclude")
        if says and not given.get("name"):
            self.add_error("name", _("Say in a word or two what this is about, such as “Age” or “Place”."))
        if given.get("name") and not says:
            self.add_error("include", _("Say what is in or what is out about “%(name)s”.") % {"name": given["name"]})
        return given


CriterionFormSet = formset_factory(CriterionForm, extra=0, max_num=60)


class RulesForm(forms.Form):
    """Everything that a protocol says, in plain words."""

    question = forms.CharField(
        label=gettext_lazy("What does the review ask?"),
        help_text=gettext_lazy("One sentence, such as: What helps children to stay safely at home?"),
        widget=forms.Textarea({"rows": 2}),
        max_length=500,
        error_messages={"required": gettext_lazy("Write what the review asks, in one sentence.")},
    )
    reasons = lines(
        gettext_lazy("Reasons to leave a full text out"),
        gettext_lazy("One a line, such as “Wrong age”. The flow chart counts them."),
    )
    terms_for = lines(
        gettext_lazy("Words that speak for a report"), gettext_lazy("One a line. They are marked while people read."), 3
    )
    terms_against = lines(
        gettext_lazy("Words that speak against a report"),
        gettext_lazy("One a line. They are marked in another way."),
        3,
    )
    title_mode = choice(gettext_lazy("On title and abstract"), MODES)
    full_text_mode = choice(gettext_lazy("At full text"), MODES)
    settling = choice(gettext_lazy("If two people differ"), SETTLING)
    order = choice(gettext_lazy("In which order are reports read?"), ORDERS)
    learner = choice(
        gettext_lazy("Which learner orders the reports?"),
        LEARNING,
        gettext_lazy("Used where the order is learnt. Change it once little more is found, if you follow SAFE."),
        required=False,
        initial=USUAL,
    )
    share = forms.FloatField(
        label=gettext_lazy("Random sample, in per cent of all reports"),
        help_text=gettext_lazy(
            "Drawn by lot and spread through the reading. It shows what is still missing and how well people agree. "
            "It cannot be changed once reports have been added."
        ),
        **PERCENT,
    )
    stopping = choice(gettext_lazy("When may reading stop?"), STOPPING)
    target = forms.FloatField(
        label=gettext_lazy("Share of the relevant reports to find, in per cent"),
        help_text=gettext_lazy("Chosen now, before anyone has seen a result."),
        error_messages=NOT_ALL,
        **SHARE,
    )
    confidence = forms.FloatField(
        label=gettext_lazy("How sure to be, in per cent"),
        help_text=gettext_lazy("Chosen now, before anyone has seen a result."),
        error_messages=NOT_ALL,
        **SHARE,
    )
    seeds = lines(
        gettext_lazy("Studies known to belong in"),
        gettext_lazy("Identifiers or DOIs of reports that are here, one a line. They teach the order."),
        3,
    )

    parts: Parts = (
        (gettext_lazy("What belongs in"), ("reasons", "terms_for", "terms_against")),
        (gettext_lazy("Who decides"), ("title_mode", "full_text_mode", "settling")),
        (gettext_lazy("Order and sample"), ("order", "learner", "share", "seeds")),
        (gettext_lazy("When to stop"), ("stopping", "target", "confidence")),
    )

    def clean_seeds(self) -> tuple[str, ...]:
        """The identifiers of the reports named."""
        try:
            return tuple(report.pk for report in reports_named(split(self.cleaned_data["seeds"])))
        except WhatworksError as error:
            raise forms.ValidationError(spoken(error)) from None

    def rules(self, criteria: BaseFormSet, before: Rules | None = None) -> Rules:
        """What was given, as rules; an InputError says what cannot be so."""
        given = self.cleaned_data
        lists = {name: split(given[name]) for name in ("reasons", "terms_for", "terms_against")}
        shares = {name: round(given[name] / 100, 6) for name in ("share", "target", "confidence")}
        plain = {name: given[name] for name in ("question", "order", "settling", "stopping", "seeds")}
        modes = {name: {"mode": given[f"{name}_mode"]} for name in ("title", "full_text")}
        named = [form.cleaned_data for form in criteria if form.cleaned_data.get("name")]
        seed = before.seed if before else secrets.randbelow(SEEDS)
        alike = before.alike if before else True
        was = before.learner if before else ""
        # The usual learner is left unnamed where it was unnamed, so that an amendment lists only what was changed.
        learner = was if (given["learner"] or USUAL) == (was or USUAL) else given["learner"]
        fixed = {"criteria": named, "seed": seed, "alike": alike, "learner": learner}
        return read_rules({**lists, **shares, **plain, **modes, **fixed})

    @classmethod
    def initial_of(cls, rules: Rules) -> dict[str, Any]:
        """What the fields hold for these rules."""
        told: dict[str, Any] = {
            name: "\n".join(getattr(rules, name)) for name in ("reasons", "terms_for", "terms_against")
        }
        told |= {name: getattr(rules, name) for name in ("question", "order", "settling", "stopping")}
        told |= {name: f"{100 * getattr(rules, name):.6g}" for name in ("share", "target", "confidence")}
        told |= {"title_mode": rules.title.mode, "full_text_mode": rules.full_text.mode}
        told |= {"learner": rules.learner or USUAL}
        return told | {"seeds": "\n".join(rules.seeds)}


class OpeningForm(RulesForm):
    """A new review."""

    title = forms.CharField(
        label=gettext_lazy("What is the review called?"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the review a name, such as “Family group meetings”.")},
    )
    theme = forms.ModelChoiceField(
        Theme.objects.order_by("order"),
        label=gettext_lazy("Theme"),
        empty_label=gettext_lazy("Choose a theme"),
        error_messages={"required": gettext_lazy("Choose the theme it belongs to.")},
    )
    conducted_by = forms.CharField(
        label=gettext_lazy("Who does it?"),
        help_text=gettext_lazy("The team or body, as readers shall see it."),
        max_length=300,
        error_messages={"required": gettext_lazy("Say who does the review, such as the name of your team.")},
    )

    field_order = ("title", "question", "theme", "conducted_by")
    parts: Parts = ((gettext_lazy("What it asks"), ("title", "question", "theme", "conducted_by")), *RulesForm.parts)


class AmendingForm(RulesForm):
    """A changed protocol, and why."""

    why = forms.CharField(
        label=gettext_lazy("Why is it changed?"),
        help_text=gettext_lazy("Readers of the review will ask. What was decided so far stays decided."),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": gettext_lazy("Say why the protocol is changed; readers of the review will ask.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    parts: Parts = ((gettext_lazy("What it asks"), ("question",)), *RulesForm.parts, (gettext_lazy("Why"), ("why",)))


def criteria_of(request: HttpRequest, rules: Rules | None = None) -> BaseFormSet:
    """The rows for criteria: as sent, with more of them where that was asked for; else those of the rules and some empty."""
    if request.method == "POST" and MORE not in request.POST:
        return CriterionFormSet(request.POST, prefix="criteria")
    if request.method == "POST":
        rows = _typed(request.POST)
        return CriterionFormSet(initial=[*rows, *({} for _ in range(SPARE))], prefix="criteria")
    rows = [asdict(one) for one in rules.criteria] if rules else []
    return CriterionFormSet(initial=[*rows, *({} for _ in range(SPARE))], prefix="criteria")


def _typed(data: QueryDict) -> list[dict[str, Any]]:
    """The rows as they were typed, whatever is in them."""
    told = data.get("criteria-TOTAL_FORMS", "")
    rows = range(min(int(told), CriterionFormSet.max_num) if told.isdecimal() else 0)
    return [{name: data.get(f"criteria-{row}-{name}", "") for name in CriterionForm.base_fields} for row in rows]


def grouped(form: RulesForm) -> list[dict[str, Any]]:
    """The fields in their parts, for the page."""
    return [
        {"title": title, "criteria": "reasons" in names, "fields": [form[name] for name in names]}
        for title, names in form.parts
    ]
