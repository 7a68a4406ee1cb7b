"""What the trial room remembers: protocols, locks, draws, what happened to units and what they had, analyses. No row of a participant."""

from whatworks.trial.models.analyses import Correlation, Dataset, Deposit, TrialAnalysis, Unblinding
from whatworks.trial.models.conduct import Delivered, PilotAnswer, ProgressionDecision
from whatworks.trial.models.draws import Allocation, Commitment, ConcealedDraw, FrozenList, Sight, ToldDraw, UnitEvent
from whatworks.trial.models.trials import PublishedResult, Trial, TrialLock, TrialProtocol

__all__ = [
    "Allocation",
    "Commitment",
    "ConcealedDraw",
    "Correlation",
    "Dataset",
    "Delivered",
    "Deposit",
    "FrozenList",
    "PilotAnswer",
    "ProgressionDecision",
    "PublishedResult",
    "Sight",
    "ToldDraw",
    "Trial",
    "TrialAnalysis",
    "TrialLock",
    "TrialProtocol",
    "Unblinding",
    "UnitEvent",
]
