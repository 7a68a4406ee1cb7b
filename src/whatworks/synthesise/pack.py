"""How analyses, pooled results and published results look as plain files."""

from whatworks.ledger.packs import Table
from whatworks.synthesise.models import Analysis, AnalysisMember, PublishedResult, Synthesis

TABLES = [
    Table(Analysis, "synthesise/analyses.csv"),
    Table(AnalysisMember, "synthesise/analysis-members.csv"),
    Table(Synthesis, "synthesise/syntheses.csv"),
    Table(PublishedResult, "synthesise/published-results.csv"),
]
