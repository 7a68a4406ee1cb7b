"""What we remember of what was decided, by whom, and why."""

from whatworks.decide.models.decisions import Meeting, MeetingAction, Resolution
from whatworks.decide.models.gates import Gate, PlanStep, PolicyResponse
from whatworks.decide.models.posts import Interviewed, Post
from whatworks.decide.models.priorities import Ballot, Priority, PrioritySetting, PriorityState, PutForward

__all__ = [
    "Ballot",
    "Gate",
    "Interviewed",
    "Meeting",
    "MeetingAction",
    "PlanStep",
    "PolicyResponse",
    "Post",
    "Priority",
    "PrioritySetting",
    "PriorityState",
    "PutForward",
    "Resolution",
]
