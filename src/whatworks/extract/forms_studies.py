"""The forms with which a study is opened and described: its reports, arms, outcomes as measured, codings and coders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.extract.models import Arm, CodingFrame, Measure, Study, StudyReport
from whatworks.people.models import User
from whatworks.people.roles import roles
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Judgement, Review, Screener

MOST = 2_000_000_000  # people or clusters in one study; a database's whole number holds it
LONGEST = 5000  # characters of what is said in sentences
CITED = 90  # characters of a report's citation in a list
NAMING = {"required": gettext_lazy("Give it a name.")}


class ReportField(forms.ModelChoiceField):
    """A report, by its citation."""

    def label_from_instance(self, obj: Report) -> str:
        """The citation, cut to a line."""
        return cited(obj)


def cited(report: Report) -> str:
    """A report's citation, cut to a line."""
    text = report.citation()
    return text if len(text) <= CITED else f"{text[:CITED].rstrip()}…"


def arms_of(study: Study) -> Any:
    """The arms of a study in their order; older rows have none, and stand first."""
    return study.arms.order_by(Coalesce("detail__order", 0), "role", "pk")


class NamedField(forms.ModelChoiceField):
    """A study or a part of it, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name."""
        return str(obj.name)


class PersonField(forms.ModelChoiceField):
    """A colleague, by name."""

    def label_from_instance(self, obj: User) -> str:
        """The name, else the address."""
        return str(obj.name or obj.email)


def included(review: Review | str) -> Any:
    """The reports that were taken in on their full text, and those that tell of a study of the review already."""
    told = {"review": review, "stage": Judgement.FULL_TEXT, "decision": Judgement.INCLUDE}
    taken = Judgement.objects.standing().filter(**told).values("report")
    rows = Report.objects.filter(pk__in=taken) | Report.objects.filter(tellings__study__review=review)
    return rows.filter(merged_into=None).order_by("title", "pk").distinct()


def coders(review: Review | str) -> Any:
    """Who may be given a form: people with the role, of the review's team where it has one."""
    able = [key for key, role in roles().items() if "extract.correct" in role.may]
    rows = User.objects.filter(is_active=True, assignments__role__in=able).distinct().order_by("name", "email")
    team = Screener.objects.here().filter(review=review)
    return rows.filter(pk__in=team.values("user")) if team.exists() else rows


def whole(label: str, words: str = "") -> forms.IntegerField:
    """A count, or nothing."""
    return forms.IntegerField(label=label, help_text=words, required=False, min_value=0, max_value=MOST)


def words(label: str, most: int, said: str = "", *, needed: bool = False) -> forms.CharField:
    """A line of words."""
    return forms.CharField(label=label, help_text=said, max_length=most, required=needed, error_messages=NAMING)


class Lines(forms.CharField):
    """Some sentences; a browser's line ends are none of their words."""

    def __init__(self, label: str, said: str = "", **told: Any) -> None:
        area = forms.Textarea({"rows": 2})
        super().__init__(label=label, help_text=said, max_length=LONGEST, required=False, widget=area, **told)

    def to_python(self, value: Any) -> str:
        """The words, with plain line ends."""
        return super().to_python(value).replace("\r\n", "\n")


class StudyForm(forms.Form):
    """A new study, told of by one report."""

    name = words(
        gettext_lazy("Name"),
        200,
        gettext_lazy("Such as the place and year, or the first author and year."),
        needed=True,
    )
    design = words(
        gettext_lazy("Design"), 60, gettext_lazy("Such as randomised trial, or matched comparison."), needed=True
    )
    randomised = forms.TypedChoiceField(
        label=gettext_lazy("Were people or groups drawn by lot?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    country, place = words(gettext_lazy("Country"), 60), words(gettext_lazy("Place"), 160)
    years = words(gettext_lazy("Years"), 60, gettext_lazy("When it took place, such as 2014 to 2016."))
    unit = words(gettext_lazy("Who or what is counted"), 40, gettext_lazy("Such as children, families or schools."))

    def __init__(self, review: Review, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        said = _("Those taken in on their full text. Others can be attached later.")
        self.fields["report"] = ReportField(
            included(review), label=_("Main report"), help_text=said, required=False, empty_label=_("None yet")
        )
        self.order_fields(["name", "report", "design", "randomised"])


class TellingForm(forms.Form):
    """That a report tells of the study, in a role."""

    role = forms.ChoiceField(
        label=gettext_lazy("What it is to the study"), choices=[(one, one) for one in StudyReport.ROLES]
    )

    def __init__(self, review: Review, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["report"] = ReportField(included(review), label=_("Report"), empty_label=_("Choose a report"))
        self.order_fields(["report", "role"])


class ArmForm(forms.Form):
    """An arm of a study."""

    name = words(gettext_lazy("What the arm is called"), 160, gettext_lazy("In a word or two."), needed=True)
    role = forms.ChoiceField(label=gettext_lazy("Part"), choices=[(one, one) for one in Arm.ROLES])
    intervention = forms.ModelChoiceField(
        Intervention.objects.in_order(),
        label=gettext_lazy("Intervention"),
        required=False,
        empty_label=gettext_lazy("None, or not one of ours"),
    )
    offered = Lines(
        gettext_lazy("What its people were offered"), gettext_lazy("As the report describes it; usual services, too.")
    )
    n_randomised = whole(gettext_lazy("People put in it"))
    n_analysed = whole(gettext_lazy("People analysed"))
    clusters = whole(
        gettext_lazy("Clusters put in it"), gettext_lazy("Such as schools or teams, where these were drawn.")
    )
    clusters_analysed = whole(gettext_lazy("Clusters analysed"))

    def told(self) -> dict[str, Any]:
        """What was said."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class MeasureForm(forms.Form):
    """An outcome as the study measured it."""

    outcome = forms.ModelChoiceField(
        Outcome.objects.order_by("group__order", "order"),
        label=gettext_lazy("Outcome of the framework"),
        empty_label=gettext_lazy("Choose one"),
    )
    name = words(gettext_lazy("What the report calls it"), 200, needed=True)
    instrument = words(
        gettext_lazy("Instrument"), 200, gettext_lazy("The questionnaire or record it was measured with.")
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("Which way is good?"),
        choices=[
            ("", gettext_lazy("Neither, or not said")),
            (Measure.HIGHER, Measure.HIGHER),
            (Measure.LOWER, Measure.LOWER),
        ],
        required=False,
    )
    informant = words(gettext_lazy("Who told it"), 120, gettext_lazy("Such as parents, teachers or records."))
    unit = words(
        gettext_lazy("Who or what is counted"),
        40,
        gettext_lazy("Such as children or families; the study's own where it is empty."),
    )
    population = Lines(
        gettext_lazy("In whom it was measured"), gettext_lazy("Where that is not everybody in the study.")
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("What it was to the study"),
        choices=[
            ("", gettext_lazy("Not said")),
            ("primary", gettext_lazy("A primary outcome")),
            ("secondary", gettext_lazy("A secondary outcome")),
        ],
        required=False,
    )

    told = ArmForm.told


class CodingForm(forms.Form):
    """A study put up for coding by a frame."""

    frame = forms.ModelChoiceField(
        CodingFrame.objects.newest(), label=gettext_lazy("Frame"), empty_label=gettext_lazy("Choose a frame")
    )
    needed = forms.TypedChoiceField(
        label=gettext_lazy("How many code it?"),
        choices=[(2, gettext_lazy("Two, each without seeing the other")), (1, gettext_lazy("One"))],
        coerce=int,
        widget=forms.RadioSelect,
        initial=2,
    )


class AssigningForm(forms.Form):
    """Somebody given the form of a study."""

    def __init__(self, review: Review, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["user"] = PersonField(coders(review), label=_("Who codes it?"), empty_label=_("Choose somebody"))
