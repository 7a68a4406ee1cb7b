"""The smaller forms of those who lead a review: its team, what is added to it, conflicts, and the end of reading."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.collate.models import Import, Report
from whatworks.errors import WhatworksError
from whatworks.people.models import User
from whatworks.people.roles import roles
from whatworks.screen.forms import choice, lines, split
from whatworks.screen.methods.protocol import FULL_TEXT, Rules
from whatworks.screen.models import Opinion, Review, Screener, Wave
from whatworks.screen.naming_reports import reports_named
from whatworks.screen.reviewing import PARTS
from whatworks.screen.waves import ROUTES
from whatworks.spoken import spoken

KINDS = {
    "websites": gettext_lazy("Websites"),
    "organisations": gettext_lazy("Organisations that were asked"),
    "citations": gettext_lazy("Citation searching"),
}
SIGNED = "stop"  # what somebody types who signs


def may_take_part() -> QuerySet[User]:
    """Everybody whose roles let them screen."""
    able = [key for key, role in roles().items() if "screen.say" in role.may]
    return User.objects.here().filter(is_active=True, assignments__role__in=able).distinct()


class PersonField(forms.ModelChoiceField):
    """A choice of people by their names."""

    def label_from_instance(self, user: Any) -> str:
        """Name and address: two people may have one name."""
        return f"{user.name} ({user.email})" if user.name else str(user.email)


class JoiningForm(forms.Form):
    """Who is to take part, and as what."""

    user = PersonField(
        User.objects.none(),
        label=gettext_lazy("Who?"),
        empty_label=gettext_lazy("Choose a person"),
        error_messages={"required": gettext_lazy("Choose who is to take part.")},
    )
    part = choice(gettext_lazy("As what?"), PARTS)

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Screener.objects.here().filter(review=review).values("user")
        self.fields["user"].queryset = may_take_part().exclude(pk__in=here)
        self.fields["part"].initial = Screener.SCREENER

    def clean(self) -> dict[str, Any]:
        """A lead needs the role that lets them lead."""
        given = super().clean() or {}
        refuse_lead(self, given.get("user"), given.get("part", ""))
        return given


def refuse_lead(form: forms.Form, user: Any, part: str) -> None:
    """An error where somebody is to lead whose roles do not let them."""
    if part == Screener.LEAD and user is not None and not user.may("screen.lead"):
        form.add_error(
            "part", _("This person has not the role “Lead of reviews”; an administrator can give it to them.")
        )


class PartForm(forms.Form):
    """Another part for somebody who is here."""

    user = forms.CharField(widget=forms.HiddenInput)
    part = forms.ChoiceField(label=gettext_lazy("Part"), choices=list(PARTS.items()))


class ImportField(forms.ModelMultipleChoiceField):
    """A choice of files that came in."""

    def label_from_instance(self, origin: Any) -> str:
        """What it is, where it is from, how long."""
        return ngettext(
            "%(file)s, %(source)s: %(records)s record", "%(file)s, %(source)s: %(records)s records", origin.records
        ) % {"file": origin.filename, "source": origin.source.name, "records": f"{origin.records:,}"}


class AddingForm(forms.Form):
    """Records to be screened: imports, or single reports, and by which way they were found."""

    imports = ImportField(
        Import.objects.none(), label=gettext_lazy("Search exports"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reports = lines(
        gettext_lazy("Or single reports"), gettext_lazy("Identifiers or DOIs of reports that are here, one a line."), 3
    )
    route = choice(gettext_lazy("How were they found?"), ROUTES)
    kind = forms.ChoiceField(
        label=gettext_lazy("If by other methods, which?"),
        choices=[("", gettext_lazy("Not by other methods")), *KINDS.items()],
        required=False,
    )
    name = forms.CharField(
        label=gettext_lazy("What to call it in the flow chart"),
        help_text=gettext_lazy("Such as “PsycInfo”. Left empty, it takes the name of the database."),
        max_length=200,
        required=False,
    )
    studies = forms.IntegerField(
        label=gettext_lazy("If from the previous version: how many studies were in it?"), min_value=0, required=False
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {one for wave in review.waves.all() for one in wave.given["imports"]}
        free = Import.objects.filter(complete=True, records__gt=0).exclude(pk__in=held)
        self.fields["imports"].queryset = free.select_related("source").order_by("-pk")
        self.fields["route"].initial = Wave.DATABASES

    def clean_reports(self) -> list[Report]:
        """The reports named."""
        try:
            return reports_named(split(self.cleaned_data["reports"]))
        except WhatworksError as error:
            raise forms.ValidationError(spoken(error)) from None

    def clean(self) -> dict[str, Any]:
        """Something to add; the kind of another method where that is the way, and only there."""
        given = super().clean() or {}
        if not self.errors and not given["imports"] and not given["reports"]:
            self.add_error("imports", _("Choose at least one search export, or name at least one report."))
        if given.get("route") == Wave.OTHER and not given.get("kind"):
            self.add_error("kind", _("Say by which other method they were found."))
        if given.get("route") != Wave.OTHER:
            given["kind"] = ""
        return given

    def given(self) -> dict[str, Any]:
        """What `add_search` takes."""
        told = self.cleaned_data
        imports = list(told["imports"])
        sources = sorted({one.source.name for one in imports})
        name = told["name"] or ", ".join(sources) or KINDS.get(told["kind"], "Single reports")
        studies = told["studies"] if told["route"] == Wave.PREVIOUS else None
        run = imports[0].run if len(imports) == 1 else None
        chosen = {name: told[name] for name in ("route", "kind", "reports")}
        return chosen | {"imports": imports, "name": name, "studies": studies, "run": run}


class RemarkForm(forms.Form):
    """Something for the others."""

    text = forms.CharField(
        label=gettext_lazy("Write to the others"),
        help_text=gettext_lazy("They see it without your name until this is settled."),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )


class SayingForm(forms.Form):
    """A decision on one record, with its reason."""

    decision = choice(
        gettext_lazy("Your decision"),
        {Opinion.INCLUDE: gettext_lazy("Belongs in"), Opinion.EXCLUDE: gettext_lazy("Does not belong in")},
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason, where it does not belong in"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea({"rows": 2}), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, rules: Rules, stage: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        if rules.reasons:
            self.fields["reason"].choices = [("", _("No reason given")), *((one, one) for one in rules.reasons)]
        else:  # the protocol leaves it to the screener's words
            self.fields["reason"] = forms.CharField(
                label=str(self.fields["reason"].label), max_length=120, required=False
            )
        self.fields["key"].initial = uuid.uuid4().hex

    def clean(self) -> dict[str, Any]:
        """A reason is for what does not belong in, and at full text it is needed."""
        given = super().clean() or {}
        if given.get("decision") == Opinion.INCLUDE:
            given["reason"] = ""
        elif given.get("decision") and self.stage == FULL_TEXT and not given.get("reason"):
            self.add_error("reason", _("An exclusion at full text needs a reason; choose one."))
        return given


class StoppingForm(forms.Form):
    """The signature under the decision to stop."""

    why = forms.CharField(
        label=gettext_lazy("Why do you stop?"),
        help_text=gettext_lazy("Needed where the rule of the protocol is not met. Readers will see it."),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        required=False,
    )
    confirm = forms.CharField(
        label=gettext_lazy("To sign, type the word stop"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off"}),
        error_messages={"required": gettext_lazy("Type the word stop to sign.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, early: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.early = early

    def clean_confirm(self) -> str:
        """The word, in whatever capitals."""
        if self.cleaned_data["confirm"].strip().casefold() != SIGNED:
            raise forms.ValidationError(_("Type the word %(signed)s to sign; nothing was signed.") % {"signed": SIGNED})
        return SIGNED

    def clean(self) -> dict[str, Any]:
        """A reason where the rule is not met."""
        given = super().clean() or {}
        if self.early and not (given.get("why") or "").strip():
            self.add_error("why", _("The rule is not met yet; say why you stop all the same."))
        return given


class LiftingForm(forms.Form):
    """Why reading goes on."""

    why = forms.CharField(
        label=gettext_lazy("Why does screening go on?"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": gettext_lazy("Say why screening goes on.")},
    )
