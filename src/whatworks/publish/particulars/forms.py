"""The forms in which a particular of an intervention is recorded, put in the place of another, or taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.extract.forms_studies import ReportField
from whatworks.extract.models import Contrast
from whatworks.scope.models import Intervention, Particular
from whatworks.scope.particulars import Sort

QUOTE, PLACE = 1000, 60  # characters
DATED = gettext_lazy(
    "Quote the year of the prices too: without it readers are told that it is missing, and see no band."
)


class ParticularForm(forms.Form):
    """One thing recorded: its value, and the report that says so, with its words and the page on which they stand."""

    report = ReportField(
        Report.objects.none(), label=gettext_lazy("The report that says so"), required=False, empty_label=""
    )
    other = forms.CharField(
        label=gettext_lazy("Or another report that is held here"),
        help_text=gettext_lazy("Its identifier, such as rep-7h3k9q2x, or its DOI."),
        required=False,
        max_length=200,
    )
    words = forms.CharField(
        label=gettext_lazy("What it says, word for word"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=QUOTE,
        error_messages={"required": gettext_lazy("Quote what the report says.")},
    )
    place = forms.CharField(
        label=gettext_lazy("On which page"),
        help_text=gettext_lazy("Such as 12, or “table 2”."),
        max_length=PLACE,
        error_messages={"required": gettext_lazy("Say on which page it stands, or in which table or paragraph.")},
    )

    def __init__(self, about: Intervention, sort: Sort, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reports = self.fields["report"]
        assert isinstance(reports, forms.ModelChoiceField)
        reports.queryset = reports_about(about)
        reports.empty_label = _("Choose one")
        self.fields["value"] = _value(sort)
        self.order_fields(["value"])
        if sort.key == "cost":
            self.fields["words"].help_text = DATED

    def clean(self) -> dict[str, Any]:
        """Exactly one report, which is held here."""
        given = super().clean() or {}
        typed = str(given.get("other", "")).strip()
        if bool(typed) == bool(given.get("report")):
            self.add_error("report", _("Choose the report that says so, or name another; one of the two."))
        elif typed and (found := report_called(typed)) is None:
            told = _("No report here is called “%(typed)s”; enter the report first, or mend its name.")
            self.add_error("other", told % {"typed": typed})
        elif typed:
            given["report"] = found
        return given


def _value(sort: Sort) -> forms.Field:
    needed = {"required": _("Say what is recorded.")}
    if not sort.values:
        return forms.CharField(label=sort.title, max_length=120, error_messages=needed)
    choices = [("", _("Choose one")), *sort.values.items()]
    return forms.ChoiceField(label=sort.title, choices=choices, error_messages=needed)


def reports_about(about: Intervention) -> Any:
    """The reports that tell of the studies of an intervention, by title."""
    studies = Contrast.objects.about(about).values("study")
    return (
        Report.objects.filter(tellings__study__in=studies, merged_into=None).distinct().order_by("title", "pk")
    )  # of those that were merged one speaks for all


def report_called(typed: str) -> Report | None:
    """The report of an identifier or a DOI; the one that speaks for it where it was merged."""
    doi = typed.casefold().removeprefix("https://doi.org/").removeprefix("doi:").strip()
    found = Report.objects.filter(pk=typed[:24]).first()
    found = found or Report.objects.filter(doi__iexact=doi).order_by("merged_into", "pk").first()
    return found.speaker() if found else None


class TakeBackForm(forms.Form):
    """Why a record no longer stands."""

    reason = forms.CharField(
        label=gettext_lazy("Why does it no longer stand?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=QUOTE,
        error_messages={"required": gettext_lazy("Say why; the record is kept with the reason.")},
    )


def source_of(report: Report, place: str) -> dict[str, str]:
    """A report with the page, as the source of a particular."""
    where = f"page {place.strip()}" if place.strip().isdigit() else place.strip()
    link = report.link()
    longest = Particular._meta.get_field("source_url").max_length
    return {
        "source": f"{report.citation().rstrip('.')}, {where}",
        "source_url": link if len(link) <= longest else "",
        "cites": report.pk,
    }
