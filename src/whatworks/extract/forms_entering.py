"""The form with which numbers are entered as a report prints them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.errors import InputError
from whatworks.extract.forms_coding import page_of
from whatworks.extract.forms_studies import LONGEST, NamedField, ReportField, arms_of
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.methods.entry import KINDS, PREFERRED, Kind
from whatworks.extract.methods.formula import Formula, Input
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.methods.shelves import in_order
from whatworks.extract.models import Arm, ContrastDetail, Measure, Study, StudyDetail
from whatworks.saying import said
from whatworks.scope.models import Intervention, Outcome
from whatworks.spoken import spoken, spoken_capital

BOX = "n-"  # before the name of a number's box
ANY = ("", gettext_lazy("Not said"))
DIRECTIONS = (ANY, ("higher", gettext_lazy("Higher with the intervention")), ("lower", gettext_lazy("Lower with the intervention")),
              ("no clear difference", gettext_lazy("No clear difference")))  # fmt: skip
SCALE = ((1, gettext_lazy("More is more of the outcome")), (-1, gettext_lazy("The other way: more is less of it")))
CLUSTERED = {"not clustered": gettext_lazy("People were not grouped"), "handled": gettext_lazy("Grouped, and the analysis handled it"),
             "not handled": gettext_lazy("Grouped, and the analysis did not handle it"),
             "not reported": gettext_lazy("The report does not say")}  # fmt: skip
CORRECTED = ("icc", "icc_source", "cluster_size")  # of numbers that a formula corrects for clusters, too
ALARMED = {"higher": "higher", "lower": "lower", "no clear difference": "same"}
NAMED = ("estimate", "log_estimate")  # a printed estimate is on the scale that the report says, never on one guessed


def kind_of(key: str) -> Kind:
    """The sort of numbers of this key, the commonest without one."""
    held = {one.key: one for one in KINDS}
    return held.get(key) or held["means"]


def fitting(kind: Kind) -> list[Formula]:
    """The formulae that a sort of numbers is enough for, those that reviews use most first; conversions last."""
    names = set(kind.inputs)
    rows = [one for one in in_order() if one.needed and one.needed <= names]
    liked = {code: at for at, code in enumerate(PREFERRED)}
    return sorted(rows, key=lambda one: (one.converts, -len(one.needed), liked.get(one.metric, len(liked))))


def box_of(name: str, kind: Kind) -> Input:
    """What a box asks for, as the formulae that take it say."""
    rows = (one for formula in (*fitting(kind), *FORMULAE.values()) for one in formula.inputs if one.name == name)
    return next(rows, Input(name, name.replace("_", " ")))


def boxes_of(kind: Kind, post: QueryDict | None) -> list[dict[str, Any]]:
    """The boxes of a sort of numbers, with what was typed in them."""
    found = []
    for name in kind.inputs:
        asked = box_of(name, kind)
        typed = post.get(BOX + name, "") if post else ""
        title = spoken_capital(asked.title)
        found.append({"name": BOX + name, "title": title, "short": name, "value": typed, "choices": asked.choices,
                      "words": asked.note, "optional": not asked.needed})  # fmt: skip
    return found


def typed_in(kind: Kind, post: QueryDict) -> dict[str, str]:
    """What was typed, as text: the decimals that a report prints tell something."""
    told = {name: post.get(BOX + name, "").strip() for name in kind.inputs}
    return {name: text for name, text in told.items() if text}


def as_numbers(kind: Kind, typed: dict[str, str]) -> dict[str, Any]:
    """The same as numbers; whole ones stay whole, words stay words. InputError for what is neither."""
    return {name: _number(box_of(name, kind), text) for name, text in typed.items()}


def _number(asked: Input, text: str) -> Any:
    if not asked.number:
        return text
    plain = text.replace(",", "").replace("−", "-").replace("%", "").strip()
    try:
        return int(plain) if plain.lstrip("+-").isdecimal() else float(plain)
    except ValueError:
        raise InputError(
            said("%(title)s: %(text)s is no number.", title=asked.title.capitalize(), text=f"{text[:30]!r}")
        ) from None


class FindingForm(forms.Form):
    """Whom a result compares, on what, when and how; the numbers have boxes of their own."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What does the report print?"), choices=[(one.key, one.title) for one in KINDS]
    )
    formula = forms.ChoiceField(label=gettext_lazy("Formula"), required=False)
    direction = forms.ChoiceField(label=gettext_lazy("What does its text say?"), choices=DIRECTIONS, required=False)
    whole = forms.BooleanField(label=gettext_lazy("The outcome is counted in whole points"), required=False)
    follow_up = forms.CharField(label=gettext_lazy("When, as the report says it"), max_length=120, required=False)
    months_from_baseline = forms.FloatField(label=gettext_lazy("Months from the start"), required=False, min_value=0)
    months_from_end = forms.FloatField(label=gettext_lazy("Months from the end of treatment"), required=False)
    sign = forms.TypedChoiceField(
        label=gettext_lazy("Which way does the scale run?"),
        choices=SCALE,
        coerce=int,
        required=False,
        empty_value=1,
    )
    analysis_set = forms.ChoiceField(
        label=gettext_lazy("Who was analysed"),
        choices=[ANY, *((one, one) for one in ContrastDetail.ANALYSED)],
        required=False,
    )
    adjusted = forms.TypedChoiceField(
        label=gettext_lazy("Adjusted?"),
        choices=[ANY, ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce=lambda value: value == "yes",
        required=False,
        empty_value=None,
    )
    adjusted_for = forms.CharField(label=gettext_lazy("Adjusted for"), max_length=300, required=False)
    population = forms.CharField(
        label=gettext_lazy("In whom"),
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Where that is not everybody in the two groups, such as girls only."),
        max_length=LONGEST,
        required=False,
    )
    clustering = forms.ChoiceField(
        label=gettext_lazy("Was clustering handled?"), choices=[ANY, *CLUSTERED.items()], required=False
    )
    icc = forms.FloatField(
        label=gettext_lazy("ICC"),
        help_text=gettext_lazy("The intracluster correlation, from −1 to 1."),
        required=False,
        min_value=-1,
        max_value=1,
    )
    icc_source = forms.CharField(
        label=gettext_lazy("Where the ICC is from"),
        help_text=gettext_lazy("The report, another study, or an assumption."),
        max_length=300,
        required=False,
    )
    cluster_size = forms.FloatField(label=gettext_lazy("People in a cluster, on average"), required=False, min_value=1)
    page = forms.CharField(label=gettext_lazy("Page"), max_length=6, required=False)
    place = forms.CharField(
        label=gettext_lazy("Place in words"), max_length=160, required=False, help_text=gettext_lazy("Such as table 2.")
    )
    quote = forms.CharField(
        label=gettext_lazy("Quote"), widget=forms.Textarea({"rows": 2}), required=False, max_length=5000
    )

    def __init__(self, study: Study, kind: Kind, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields |= of_study(study)
        for name in CORRECTED:
            if name in kind.inputs:
                del self.fields[name]  # its box is among the numbers
        if clustered(study):
            self.fields["clustering"].help_text = _("This study put groups into its arms, not people one by one.")
        shown = [
            (one.name, f"{spoken_capital(METRICS[one.metric].title)}: {spoken(one.title)}") for one in fitting(kind)
        ]
        first = _("Choose one: the report says which") if names_scale(kind) else _("The nearest to the numbers")
        self.fields["formula"].choices = [("", first), *shown]

    def clean(self) -> dict[str, Any]:
        """A page is a number, and a result is about an outcome."""
        given = super().clean() or {}
        try:
            given["page"] = page_of(given.get("page", "").strip())
        except InputError as error:
            self.add_error("page", spoken(error))
        if not given.get("measure") and not given.get("outcome"):
            self.add_error("measure", _("Say what was measured, or which outcome of the framework it is."))
        if given.get("icc") is not None and not given.get("icc_source"):
            self.add_error("icc_source", _("Say where the ICC is from: the report, another study, or an assumption."))
        return given

    def said(self) -> dict[str, Any]:
        """What is said of the contrast beyond its numbers."""
        names = ("follow_up", "months_from_baseline", "months_from_end", "analysis_set", "adjusted", "adjusted_for",
                 "population", "clustering", *CORRECTED, "page", "quote", "measure", "sign")  # fmt: skip
        told = {name: self.cleaned_data.get(name) for name in names}
        told["reported_direction"] = self.cleaned_data.get("direction", "")
        return {name: value for name, value in told.items() if value not in (None, "")}


def of_study(study: Study) -> dict[str, forms.Field]:
    """The fields whose choices are the study's own."""
    arms = arms_of(study)
    ours, theirs = (arms.filter(role=role).first() for role in (Arm.INTERVENTION, Arm.COMPARISON))
    measures, reports = Measure.objects.filter(study=study).order_by("order", "pk"), _reports(study)
    done = Intervention.objects.in_order()
    outcomes = Outcome.objects.order_by("group__order", "order")
    maybe: dict[str, Any] = {"required": False}
    return {
        "report": ReportField(reports, label=_("Report"), empty_label=_("Choose a report"), initial=reports.first()),
        "intervention": forms.ModelChoiceField(
            done, label=_("Intervention"), empty_label=_("Choose one"), initial=_offered(study)
        ),
        "arm": NamedField(
            arms, label=_("Group 1: the intervention arm"), empty_label=_("Not named"), initial=ours, **maybe
        ),
        "comparison": NamedField(
            arms, label=_("Group 2: what it is compared with"), empty_label=_("Not named"), initial=theirs, **maybe
        ),
        "measure": NamedField(
            measures, label=_("Outcome as measured"), empty_label=_("Not listed"), initial=measures.first(), **maybe
        ),
        "outcome": forms.ModelChoiceField(
            outcomes,
            label=_("Outcome of the framework"),
            empty_label=_("As measured"),
            help_text=_("Only where the outcome as measured is not listed."),
            **maybe,
        ),
    }


def clustered(study: Study) -> bool:
    """Whether groups, not people one by one, were put into the arms of a study, as far as is said."""
    arms = study.arms.filter(detail__clusters__gt=0) | study.arms.filter(detail__clusters_analysed__gt=0)
    return arms.exists() or StudyDetail.objects.filter(study=study).exclude(clusters="").exists()


def names_scale(kind: Kind) -> bool:
    """Whether the report itself must say on which scale the estimate is."""
    return any(name in kind.inputs for name in NAMED)


def _reports(study: Study) -> Any:
    return Report.objects.filter(tellings__study=study).order_by("tellings__pk").distinct()


def _offered(study: Study) -> Intervention | None:
    row = study.arms.filter(role=Arm.INTERVENTION, detail__intervention__isnull=False).select_related("detail").first()
    return row.detail.intervention if row else None
