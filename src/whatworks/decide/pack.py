"""How decisions and priorities look as plain files. Ballots and interviews leave only in a move or a backup."""

from whatworks.decide.models import (
    Ballot,
    Gate,
    Interviewed,
    Meeting,
    MeetingAction,
    PlanStep,
    PolicyResponse,
    Post,
    Priority,
    PrioritySetting,
    PriorityState,
    PutForward,
    Resolution,
)
from whatworks.ledger.packs import Table

TABLES = [
    Table(Meeting, "decide/meetings.csv"),
    Table(MeetingAction, "decide/actions.csv"),
    Table(Resolution, "decide/decisions.csv"),
    Table(PrioritySetting, "decide/settings.csv"),
    Table(PutForward, "decide/put-forward.csv"),
    Table(Ballot, "decide/ballots.csv", closed=True),
    Table(Priority, "decide/priorities.csv"),
    Table(PriorityState, "decide/priority-states.csv"),
    Table(Gate, "decide/gates.csv"),
    Table(PolicyResponse, "decide/policy-responses.csv"),
    Table(PlanStep, "decide/plan-steps.csv"),
    Table(Post, "decide/posts.csv"),
    Table(Interviewed, "decide/interviews.csv", closed=True),
]
