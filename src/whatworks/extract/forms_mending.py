"""The forms with which what is said of a study, its parts and its results is changed, saying why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import InputError
from whatworks.extract.forms_coding import page_of
from whatworks.extract.forms_entering import ANY, DIRECTIONS, SCALE, FindingForm, of_study
from whatworks.extract.forms_studies import ArmForm, Lines, MeasureForm, StudyForm, whole, words
from whatworks.extract.models import Study, StudyDetail
from whatworks.saying import said
from whatworks.spoken import spoken

LATER = gettext_lazy("Say why it is another now; readers of the study's history will ask.")
INVOLVED = {
    StudyDetail.NONE: gettext_lazy("Took no part"),
    StudyDetail.TOOK_PART: gettext_lazy("Took part"),
    StudyDetail.LED: gettext_lazy("Led the study"),
    StudyDetail.NOT_REPORTED: gettext_lazy("The reports do not say"),
}
TYPED = ("page", "sign")  # whole numbers whose fields hold text
YES_NO = {True: "yes", False: "no"}


class Why(forms.Form):
    """Changes of what is said; where something was said before, they have a reason."""

    why = words(gettext_lazy("Why is it changed?"), 300, gettext_lazy("Needed where something else was said before."))

    def clean(self) -> dict[str, Any]:
        """What was said already is changed for a reason only."""
        given = super().clean() or {}
        changed = [name for name in self.changed_data if name != "why" and self.initial.get(name) not in (None, "")]
        if changed and not given.get("why", "").strip():
            self.add_error("why", LATER)
        return given

    def told(self) -> dict[str, Any]:
        """What was changed, and no more: nobody else's change of another field is undone."""
        names = [name for name in self.changed_data if name != "why" and name in self.cleaned_data]
        return {name: self.cleaned_data[name] for name in names}


def initial(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Plain facts as a form's fields hold them.

    >>> initial({"adjusted": False, "months": 12.0, "n": None, "page": 7})
    {'adjusted': 'no', 'months': 12, 'n': None, 'page': '7'}
    """
    shown = {name: _shown(value) for name, value in facts.items()}
    return shown | {name: str(shown[name]) for name in TYPED if shown.get(name) is not None}


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return YES_NO[value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class StudyFactsForm(Why):
    """What is said of a study."""

    name, design, randomised = (StudyForm.base_fields[one] for one in ("name", "design", "randomised"))
    country, place, years = (StudyForm.base_fields[one] for one in ("country", "place", "years"))
    population = Lines(gettext_lazy("Who took part"))
    n_total = whole(gettext_lazy("How many took part in all"))
    unit = StudyForm.base_fields["unit"]
    caution = Lines(gettext_lazy("To keep in mind"), gettext_lazy("Readers see it beside the study's results."))

    field_order = ("name", "design", "randomised", "country", "place", "years", "population", "n_total", "unit",
                   "caution", "why")  # fmt: skip


class SupportForm(Why):
    """Who paid for a study, and who took part in it."""

    funder = Lines(gettext_lazy("Who paid for it"))
    funder_involved = forms.ChoiceField(
        label=gettext_lazy("How far whoever paid took part"), choices=[ANY, *INVOLVED.items()], required=False
    )
    developer_involved = forms.ChoiceField(
        label=gettext_lazy("How far those who developed the intervention took part"),
        choices=[ANY, *INVOLVED.items()],
        required=False,
    )
    interests = Lines(gettext_lazy("Interests that its authors declare"))
    registration = words(
        gettext_lazy("Registration"), 200, gettext_lazy("The register and number, such as ISRCTN 12345678.")
    )
    clusters = words(
        gettext_lazy("What was drawn or grouped"),
        120,
        gettext_lazy("Such as schools or teams. Empty where people were."),
    )

    field_order = ("funder", "funder_involved", "developer_involved", "interests", "registration", "clusters", "why")


class ArmChangeForm(ArmForm, Why):
    """What is said of an arm."""

    order = whole(gettext_lazy("Its place among the arms"))
    told = Why.told

    field_order = (*ArmForm.base_fields, "order", "why")


class MeasureChangeForm(MeasureForm, Why):
    """What is said of an outcome as measured."""

    order = whole(gettext_lazy("Its place among the outcomes"))
    told = Why.told

    field_order = (*MeasureForm.base_fields, "order", "why")


class RemovingForm(forms.Form):
    """Why a part of a study is removed."""

    why = words(
        gettext_lazy("Why does it not belong to the study?"), 300, gettext_lazy("Such as that it was typed twice.")
    )


RESULT_PARTS = {
    said("What is compared"): ("measure", "measured", "outcome", "intervention", "arm", "comparison", "compared_with", "unit",
                         "sign", "reported_direction"),
    said("When and how"): ("follow_up", "months_from_baseline", "months_from_end", "population", "analysis_set", "adjusted",
                     "adjusted_for"),
    said("Clusters"): ("clustering", "icc", "icc_source", "cluster_size"),
    said("Where it stands"): ("page", "place", "quote", "caution"),
    said("Why"): ("why",),
}  # fmt: skip


class ResultForm(Why):
    """Whom and what a result compares, when and how, and where it stands. Its numbers have a page of their own."""

    measured = words(gettext_lazy("What it is called"), 200, needed=True)
    follow_up, months_from_baseline, months_from_end = (
        FindingForm.base_fields[one] for one in ("follow_up", "months_from_baseline", "months_from_end")
    )
    sign = forms.TypedChoiceField(label=gettext_lazy("Which way does the scale run?"), choices=SCALE, coerce=int)
    reported_direction = forms.ChoiceField(
        label=gettext_lazy("What does its text say?"), choices=DIRECTIONS, required=False
    )
    unit = forms.CharField(
        label=gettext_lazy("Who or what is counted"),
        max_length=40,
        error_messages={"required": gettext_lazy("Say who or what is counted.")},
    )
    compared_with = words(gettext_lazy("What it is compared with, in words"), 160)
    population, analysis_set, adjusted, adjusted_for = (
        FindingForm.base_fields[one] for one in ("population", "analysis_set", "adjusted", "adjusted_for")
    )
    clustering, icc, icc_source, cluster_size = (
        FindingForm.base_fields[one] for one in ("clustering", "icc", "icc_source", "cluster_size")
    )
    page, place, quote = (FindingForm.base_fields[one] for one in ("page", "place", "quote"))
    caution = Lines(gettext_lazy("To keep in mind"), gettext_lazy("Readers see it beside the result."))

    def __init__(self, study: Study, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        rows = {name: field for name, field in of_study(study).items() if name != "report"}
        rows["outcome"].required, rows["outcome"].help_text = True, ""
        self.fields |= rows
        self.order_fields([name for part in RESULT_PARTS.values() for name in part])
        for field in rows.values():
            field.initial = None  # what the result says, never what a new one would

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Its fields, part by part."""
        return [(title, [self[name] for name in part]) for title, part in RESULT_PARTS.items()]

    def clean(self) -> dict[str, Any]:
        """A page is a number, and an ICC has its source."""
        given = super().clean()
        try:
            given["page"] = page_of((given.get("page") or "").strip())
        except InputError as error:
            self.add_error("page", spoken(error))
        if given.get("icc") is not None and not given.get("icc_source"):
            self.add_error("icc_source", _("Say where the ICC is from: the report, another study, or an assumption."))
        return given
