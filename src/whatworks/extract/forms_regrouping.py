"""The forms with which a study is split in two, or said to be the same as another of its review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.extract.forms_studies import NamedField, arms_of, cited, words
from whatworks.extract.models import Contrast, Study

STAYS, GOES, BOTH = "stays", "goes", "both"
PLACES = (
    (STAYS, gettext_lazy("Stays with this study")),
    (GOES, gettext_lazy("Goes to the new study")),
    (BOTH, gettext_lazy("Tells of both")),
)
WHY = {"required": gettext_lazy("Say why; readers of the studies' history will ask.")}
REPORT = "report-"  # before a report's identifier, in the name of its field


def why(label: str) -> forms.CharField:
    """A reason, which must be given."""
    area = forms.Textarea({"rows": 2})
    return forms.CharField(label=label, max_length=1000, widget=area, error_messages=WHY)


class SplitForm(forms.Form):
    """What of a study is a study of its own."""

    name = words(gettext_lazy("Name of the new study"), 200, gettext_lazy("Such as its place and year."), needed=True)

    def __init__(self, study: Study, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        tellings = study.tellings.select_related("report").order_by("role", "pk")
        self.reports = {REPORT + one.report_id: one.report_id for one in tellings}
        for one in tellings:
            label = _("%(role)s report: %(report)s") % {"role": one.role.capitalize(), "report": cited(one.report)}
            self.fields[REPORT + one.report_id] = forms.ChoiceField(
                label=label, choices=PLACES, initial=STAYS, widget=forms.RadioSelect
            )
        arms = arms_of(study).values_list("pk", "name")
        self._several("arms", _("Arms that go to the new study"), list(arms))
        results = [
            (one.pk, result_line(one)) for one in Contrast.objects.of_study(study).select_related("intervention")
        ]
        self._several("contrasts", _("Results that go to the new study"), results)
        self.fields["why"] = why(_("Why are these two studies?"))

    def _several(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def told(self) -> dict[str, Any]:
        """What goes, and what tells of both, by identifier."""
        given = self.cleaned_data
        placed = {where: [key for name, key in self.reports.items() if given[name] == where] for where in (GOES, BOTH)}
        named = {name: given.get(name, []) for name in ("arms", "contrasts")}
        return {"name": given["name"], "why": given["why"], "reports": placed[GOES], "shared": placed[BOTH], **named}


class MergeForm(forms.Form):
    """Which study this one is the same as."""

    def __init__(self, study: Study, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        others = Study.objects.in_review(study.review_id).exclude(pk=study.pk)
        missing = {"required": _("Choose the study that this one is the same as.")}
        self.fields["into"] = NamedField(
            others, label=_("Which study is it the same as?"), empty_label=_("Choose a study"),
            help_text=_("Everything of this study goes there."), error_messages=missing,
        )  # fmt: skip
        self.fields["why"] = why(_("Why are they one study?"))

    def told(self) -> dict[str, Any]:
        """The other study, and why."""
        return {"into": self.cleaned_data["into"], "why": self.cleaned_data["why"]}


class TakingBackForm(forms.Form):
    """Why a merge is taken back."""

    why = words(gettext_lazy("Why is it taken back?"), 300)


def result_line(row: Contrast) -> str:
    """A result by what was measured, of what, against what."""
    against = _(" against %(compared_with)s") % {"compared_with": row.compared_with} if row.compared_with else ""
    return f"{row.subject_title()}: {row.intervention.name}{against}"
