"""The forms with which a study is opened and described: its reports, arms, outcomes as measured, codings and coders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Coalesce

from whatworks.collate.models import Report
from whatworks.extract.models import Arm, CodingFrame, Measure, Study, StudyReport
from whatworks.people.models import User
from whatworks.people.roles import roles
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Judgement, Review, Screener

MOST = 2_000_000_000  # people or clusters in one study; a database's whole number holds it
LONGEST = 5000  # characters of what is said in sentences
CITED = 90  # characters of a report's citation in a list
NAMING = {"required": "Give it a name."}


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

    name = words("Name", 200, "Such as the place and year, or the first author and year.", needed=True)
    design = words("Design", 60, "Such as randomised trial, or matched comparison.", needed=True)
    randomised = forms.TypedChoiceField(
        label="Were people or groups drawn by lot?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    country, place = words("Country", 60), words("Place", 160)
    years = words("Years", 60, "When it took place, such as 2014 to 2016.")
    unit = words("Who or what is counted", 40, "Such as children, families or schools.")

    def __init__(self, review: Review, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        said = "Those taken in on their full text. Others can be attached later."
        self.fields["report"] = ReportField(
            included(review), label="Main report", help_text=said, required=False, empty_label="None yet"
        )
        self.order_fields(["name", "report", "design", "randomised"])


class TellingForm(forms.Form):
    """That a report tells of the study, in a role."""

    role = forms.ChoiceField(label="What it is to the study", choices=[(one, one) for one in StudyReport.ROLES])

    def __init__(self, review: Review, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["report"] = ReportField(included(review), label="Report", empty_label="Choose a report")
        self.order_fields(["report", "role"])


class ArmForm(forms.Form):
    """An arm of a study."""

    name = words("What the arm is called", 160, "In a word or two.", needed=True)
    role = forms.ChoiceField(label="Part", choices=[(one, one) for one in Arm.ROLES])
    intervention = forms.ModelChoiceField(
        Intervention.objects.in_order(), label="Intervention", required=False, empty_label="None, or not one of ours"
    )
    offered = Lines("What its people were offered", "As the report describes it; usual services, too.")
    n_randomised = whole("People put in it")
    n_analysed = whole("People analysed")
    clusters = whole("Clusters put in it", "Such as schools or teams, where these were drawn.")
    clusters_analysed = whole("Clusters analysed")

    def told(self) -> dict[str, Any]:
        """What was said."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class MeasureForm(forms.Form):
    """An outcome as the study measured it."""

    outcome = forms.ModelChoiceField(
        Outcome.objects.order_by("group__order", "order"), label="Outcome of the framework", empty_label="Choose one"
    )
    name = words("What the report calls it", 200, needed=True)
    instrument = words("Instrument", 200, "The questionnaire or record it was measured with.")
    direction = forms.ChoiceField(
        label="Which way is good?",
        choices=[("", "Neither, or not said"), (Measure.HIGHER, Measure.HIGHER), (Measure.LOWER, Measure.LOWER)],
        required=False,
    )
    informant = words("Who told it", 120, "Such as parents, teachers or records.")
    unit = words("Who or what is counted", 40, "Such as children or families; the study's own where it is empty.")
    population = Lines("In whom it was measured", "Where that is not everybody in the study.")
    priority = forms.ChoiceField(
        label="What it was to the study",
        choices=[("", "Not said"), ("primary", "A primary outcome"), ("secondary", "A secondary outcome")],
        required=False,
    )

    told = ArmForm.told


class CodingForm(forms.Form):
    """A study put up for coding by a frame."""

    frame = forms.ModelChoiceField(CodingFrame.objects.newest(), label="Frame", empty_label="Choose a frame")
    needed = forms.TypedChoiceField(
        label="How many code it?",
        choices=[(2, "Two, each without seeing the other"), (1, "One")],
        coerce=int,
        widget=forms.RadioSelect,
        initial=2,
    )


class AssigningForm(forms.Form):
    """Somebody given the form of a study."""

    def __init__(self, review: Review, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["user"] = PersonField(coders(review), label="Who codes it?", empty_label="Choose somebody")
