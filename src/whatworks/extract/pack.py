"""How studies, raw numbers, findings and appraisals look as plain files."""

from whatworks.extract.models import Appraisal, Arm, Component, Contrast, Finding, Study, StudyReport
from whatworks.ledger.packs import Table

TABLES = [
    Table(Study, "extract/studies.csv"),
    Table(StudyReport, "extract/study-reports.csv"),
    Table(Arm, "extract/arms.csv"),
    Table(Contrast, "extract/contrasts.csv"),
    Table(Finding, "extract/findings.csv"),
    Table(Appraisal, "extract/appraisals.csv"),
    Table(Component, "extract/components.csv"),
]
