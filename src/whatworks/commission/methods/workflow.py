"""Which way a call, an application and an award may go: declared, so that every state with every role can be tested.

A state has a name for the people who work here and a public label, which may say less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.saying import Said, said

UNTOLD = Said("", "", 1, {})  # readers are told nothing of such a state
RUN, ASSESS, DECIDE, PAY, APPLY = (
    "commission.run", "commission.assess", "commission.decide", "commission.pay", "commission.apply",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One way to go: its name, where it leads, the permission it takes, and the verb that does it."""

    name: str
    to: str
    needs: str
    verb: str


@dataclass(frozen=True, slots=True)
class State:
    """A state: what readers are told of it (empty: nothing), and the ways out of it."""

    public: Said
    steps: tuple[Step, ...] = ()


Workflow = Mapping[str, State]

CALL: Workflow = {
    "draft": State(UNTOLD, (Step("publish", "open", RUN, "calling.publish"),)),
    "open": State(
        said("Open"),
        (
            Step("amend", "open", RUN, "calling.publish"),
            Step("close", "assessing", RUN, "calling.close"),
            Step("cancel", "cancelled", RUN, "calling.cancel"),
        ),
    ),
    "assessing": State(
        said("Being assessed"),
        (Step("end scoring", "deciding", RUN, "calling.end_scoring"), Step("cancel", "cancelled", RUN, "calling.cancel")),
    ),
    "deciding": State(
        said("Being decided"),
        (Step("announce", "decided", DECIDE, "deciding.announce"), Step("cancel", "cancelled", RUN, "calling.cancel")),
    ),
    "decided": State(said("Decided")),
    "cancelled": State(said("Cancelled")),
}  # fmt: skip

APPLICATION: Workflow = {
    "draft": State(UNTOLD, (Step("submit", "submitted", APPLY, "applying.submit"),)),
    "submitted": State(
        UNTOLD,
        (
            Step("take back", "draft", APPLY, "applying.take_back"),
            Step("find eligible", "eligible", RUN, "assessing.judge_gateways"),
            Step("find not eligible", "not eligible", RUN, "assessing.judge_gateways"),
        ),
    ),
    "not eligible": State(UNTOLD),
    "eligible": State(
        UNTOLD,
        (
            Step("choose", "chosen", DECIDE, "deciding.determine"),
            Step("hold in reserve", "reserve", DECIDE, "deciding.determine"),
            Step("decline", "declined", DECIDE, "deciding.determine"),
        ),
    ),
    "chosen": State(
        said("Chosen"),
        (Step("hold in reserve", "reserve", DECIDE, "deciding.determine"), Step("decline", "declined", DECIDE, "deciding.determine")),
    ),
    "reserve": State(
        UNTOLD,
        (Step("choose", "chosen", DECIDE, "deciding.determine"), Step("decline", "declined", DECIDE, "deciding.determine")),
    ),
    "declined": State(
        UNTOLD,
        (Step("choose", "chosen", DECIDE, "deciding.determine"), Step("hold in reserve", "reserve", DECIDE, "deciding.determine")),
    ),
}  # fmt: skip

AWARD: Workflow = {
    "announced": State(
        said("Chosen; agreements are being signed"),
        (Step("approve", "contracting", DECIDE, "agreeing.move"), Step("end", "ended", DECIDE, "agreeing.move")),
    ),
    "contracting": State(
        said("Chosen; agreements are being signed"),
        (Step("start", "running", RUN, "agreeing.move"), Step("end", "ended", DECIDE, "agreeing.move")),
    ),
    "running": State(
        said("Under way"),
        (Step("begin to close", "closing", RUN, "agreeing.move"), Step("end", "ended", DECIDE, "agreeing.move")),
    ),
    "closing": State(
        said("Coming to its end"),
        (Step("complete", "complete", DECIDE, "agreeing.move"), Step("reopen", "running", RUN, "agreeing.move")),
    ),
    "complete": State(said("Complete")),
    "ended": State(said("Ended early")),
    "published elsewhere": State(said("As published")),
}  # fmt: skip

CLAIM: Workflow = {
    "claimed": State(
        UNTOLD,
        (Step("approve", "approved by staff", RUN, "claiming.approve"), Step("refuse", "refused", RUN, "claiming.approve")),
    ),
    "approved by staff": State(
        UNTOLD,
        (Step("approve", "to be paid", PAY, "claiming.approve"), Step("refuse", "refused", PAY, "claiming.approve")),
    ),
    "to be paid": State(UNTOLD, (Step("pay", "paid", PAY, "claiming.pay"),)),
    "paid": State(UNTOLD),
    "refused": State(UNTOLD),
}  # fmt: skip


def steps(workflow: Workflow, state: str, may: frozenset[str]) -> tuple[Step, ...]:
    """The ways that somebody with these permissions may take from a state."""
    return tuple(one for one in workflow[state].steps if one.needs in may)


def step(workflow: Workflow, state: str, name: str, may: frozenset[str]) -> Step:
    """One way, if it may be taken. Raises ConflictError where the state has no such way, ForbiddenError where the role has not."""
    if state not in workflow:
        raise InputError(said("There is no state “%(state)s”.", state=state))
    found = next((one for one in workflow[state].steps if one.name == name), None)
    if found is None:
        ways = ", ".join(one.name for one in workflow[state].steps) or said("none")
        raise ConflictError(
            said("From “%(state)s” there is no way “%(name)s”; there are: %(ways)s.", state=state, name=name, ways=ways)
        )
    if found.needs not in may:
        raise ForbiddenError(said("To %(name)s takes the permission %(needs)s.", name=name, needs=found.needs))
    return found
