"""How analyses, pooled results and published results look as plain files."""

from whatworks.ledger.packs import Table
from whatworks.synthesise.models import (
    Analysis,
    AnalysisMember,
    Declaration,
    Lock,
    PublishedResult,
    Sensitivity,
    Synthesis,
)

TABLES = [
    Table(Analysis, "synthesise/analyses.csv"),
    Table(AnalysisMember, "synthesise/analysis-members.csv"),
    Table(Declaration, "synthesise/declarations.csv"),
    Table(Lock, "synthesise/locks.csv"),
    Table(Synthesis, "synthesise/syntheses.csv"),
    Table(Sensitivity, "synthesise/sensitivities.csv"),
    Table(PublishedResult, "synthesise/published-results.csv"),
]
