"""How frames, studies, codings, raw numbers, findings and appraisals look as plain files."""

from whatworks.extract.models import (
    Answer,
    Appraisal,
    Arm,
    ArmDetail,
    Coding,
    CodingFrame,
    Component,
    Contrast,
    ContrastDetail,
    Decided,
    Finding,
    Judging,
    Measure,
    Regrouping,
    Sheet,
    Study,
    StudyDetail,
    StudyReport,
)
from whatworks.ledger.packs import Table

TABLES = [
    Table(Study, "extract/studies.csv"),
    Table(StudyDetail, "extract/study-details.csv"),
    Table(StudyReport, "extract/study-reports.csv"),
    Table(Regrouping, "extract/regroupings.csv"),
    Table(Arm, "extract/arms.csv"),
    Table(ArmDetail, "extract/arm-details.csv"),
    Table(Measure, "extract/measures.csv"),
    Table(Contrast, "extract/contrasts.csv"),
    Table(ContrastDetail, "extract/contrast-details.csv"),
    Table(Finding, "extract/findings.csv"),
    Table(Appraisal, "extract/appraisals.csv"),
    Table(Judging, "extract/judgings.csv"),
    Table(Component, "extract/components.csv"),
    Table(CodingFrame, "extract/frames.csv"),
    Table(Coding, "extract/codings.csv"),
    Table(Decided, "extract/decided.csv"),
    # Who answered what stays with the team: an open pack has what stands.
    Table(Sheet, "extract/sheets.csv", closed=True),
    Table(Answer, "extract/answers.csv", closed=True),
]
