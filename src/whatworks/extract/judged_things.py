"""What an instrument may judge of a study: the whole of it, one of its reports, or one of its results."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.collate.models import Report
from whatworks.errors import InputError
from whatworks.extract.instruments import Instrument
from whatworks.extract.models import Contrast, Study
from whatworks.saying import said

WHOLE = "the whole study"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that can be judged; neither report nor result is the whole study."""

    study: Study
    report: Report | None = None
    contrast: Contrast | None = None

    @property
    def identifier(self) -> str:
        """What an address calls it."""
        return str((self.contrast or self.report or self.study).pk)

    @property
    def name(self) -> str:
        """What people call it."""
        if self.contrast is not None:
            return f"the result “{result_name(self.contrast)}”"
        return f"the report “{self.report.citation()}”" if self.report is not None else WHOLE

    @property
    def short(self) -> str:
        """The same on a chart, beside the study's name; empty for the whole study."""
        if self.contrast is not None:
            return result_name(self.contrast)
        return str(self.report.title) if self.report is not None else ""


def result_name(contrast: Contrast) -> str:
    """The outcome as measured and when, with what was done."""
    when = "" if contrast.follow_up or contrast.months is None else f", {contrast.months:g} months"
    return f"{contrast.subject_title()}{when} ({contrast.intervention.name})"


def per_result(chosen: Instrument) -> bool:
    """Whether an instrument judges one result at a time, by its own account of what it judges."""
    return chosen.judges.startswith("one result ")


def things_of(study: Study) -> list[Thing]:
    """Everything that can be judged of a study: its results, its reports, the whole."""
    results = Contrast.objects.of_study(study).select_related("intervention")
    reports = [one.report for one in study.tellings.select_related("report").order_by("role", "pk")]
    found = [Thing(study, contrast=one) for one in results]
    return [*found, *(Thing(study, report=one) for one in reports), Thing(study)]


def thing_of(study: Study, chosen: Instrument, identifier: str) -> Thing | None:
    """What an address or a form names; None where it says nothing and an instrument judges one result at a time.

    Raises InputError for what is not of the study.
    """
    held = {one.identifier: one for one in things_of(study)}
    if identifier:
        if identifier not in held:
            raise InputError(said("This is nothing of this study, or not any more; choose again what is judged."))
        return held[identifier]
    asks = per_result(chosen) and any(one.contrast is not None for one in held.values())
    return None if asks else held[str(study.pk)]
