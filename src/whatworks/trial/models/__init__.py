"""What the trial room remembers: protocols and their locks, draws, what happened to units, and analyses. No row of a participant."""

from whatworks.trial.models.analyses import Correlation, Dataset, Deposit, TrialAnalysis, Unblinding
from whatworks.trial.models.draws import Allocation, Commitment, FrozenList, UnitEvent
from whatworks.trial.models.trials import PublishedResult, Trial, TrialLock, TrialProtocol

__all__ = [
    "Allocation",
    "Commitment",
    "Correlation",
    "Dataset",
    "Deposit",
    "FrozenList",
    "PublishedResult",
    "Trial",
    "TrialAnalysis",
    "TrialLock",
    "TrialProtocol",
    "Unblinding",
    "UnitEvent",
]
