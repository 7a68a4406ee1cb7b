"""What the room remembers of calls, of applications (closed to the public), of how they were judged, and of awards."""

from whatworks.commission.models.applications import Application, Attachment, Author
from whatworks.commission.models.assessing import (
    Appointment,
    Assessment,
    CallConflict,
    CriterionScore,
    Determination,
    Moderation,
)
from whatworks.commission.models.awards import Award
from whatworks.commission.models.calls import (
    Call,
    CallFact,
    CallLock,
    CallOutcome,
    CallVersion,
)
from whatworks.commission.models.lots import LotCommitment, LotDraw, LotList
from whatworks.commission.models.running import (
    Agreement,
    AwardClaim,
    ClaimApproval,
    Deliverable,
    Milestone,
    Signature,
    Variation,
)

__all__ = [
    "Agreement",
    "Application",
    "Appointment",
    "Assessment",
    "Attachment",
    "Author",
    "Award",
    "AwardClaim",
    "Call",
    "CallConflict",
    "CallFact",
    "CallLock",
    "CallOutcome",
    "CallVersion",
    "ClaimApproval",
    "CriterionScore",
    "Deliverable",
    "Determination",
    "LotCommitment",
    "LotDraw",
    "LotList",
    "Milestone",
    "Moderation",
    "Signature",
    "Variation",
]
