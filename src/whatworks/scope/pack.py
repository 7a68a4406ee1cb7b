"""How themes, outcomes and interventions look as plain files."""

from whatworks.ledger.packs import Table
from whatworks.scope.models import Intervention, Outcome, OutcomeGroup, Particular, Question, Theme

TABLES = [
    Table(Theme, "scope/themes.csv"),
    Table(OutcomeGroup, "scope/outcome-groups.csv"),
    Table(Outcome, "scope/outcomes.csv"),
    Table(Intervention, "scope/interventions.csv"),
    Table(Particular, "scope/particulars.csv"),
    Table(Question, "scope/questions.csv"),
]
