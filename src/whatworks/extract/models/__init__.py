"""What the extracting room remembers: studies, what they print, findings computed from it, codings and appraisals."""

from whatworks.extract.models.appraisals import Appraisal, Judging
from whatworks.extract.models.appraising import Agreed, Appraiser, Appraising, Verdict
from whatworks.extract.models.coding import Answer, Coding, CodingFrame, Decided, Sheet
from whatworks.extract.models.findings import Contrast, ContrastDetail, ContrastQuerySet, Finding
from whatworks.extract.models.studies import (
    Arm,
    ArmDetail,
    Component,
    Measure,
    Regrouping,
    Study,
    StudyDetail,
    StudyReport,
)

__all__ = [
    "Agreed",
    "Answer",
    "Appraisal",
    "Appraiser",
    "Appraising",
    "Arm",
    "ArmDetail",
    "Coding",
    "CodingFrame",
    "Component",
    "Contrast",
    "ContrastDetail",
    "ContrastQuerySet",
    "Decided",
    "Finding",
    "Judging",
    "Measure",
    "Regrouping",
    "Sheet",
    "Study",
    "StudyDetail",
    "StudyReport",
    "Verdict",
]
