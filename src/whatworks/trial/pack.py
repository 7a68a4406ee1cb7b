"""How trials look as plain files. Participants are in none of them."""

from whatworks.ledger.packs import Table
from whatworks.trial.models import (
    Allocation,
    Commitment,
    Correlation,
    Dataset,
    Deposit,
    FrozenList,
    PublishedResult,
    Trial,
    TrialAnalysis,
    TrialLock,
    TrialProtocol,
    Unblinding,
    UnitEvent,
)

TABLES = [
    Table(Trial, "trial/trials.csv"),
    Table(TrialProtocol, "trial/protocols.csv"),
    Table(TrialLock, "trial/locks.csv"),
    Table(PublishedResult, "trial/published-results.csv"),
    Table(Commitment, "trial/commitments.csv"),
    Table(FrozenList, "trial/frozen-lists.csv"),
    Table(Allocation, "trial/allocations.csv"),
    Table(UnitEvent, "trial/unit-events.csv"),
    Table(Dataset, "trial/datasets.csv"),
    Table(TrialAnalysis, "trial/analyses.csv"),
    Table(Unblinding, "trial/unblindings.csv"),
    Table(Deposit, "trial/deposits.csv"),
    Table(Correlation, "trial/correlations.csv"),
]
