"""Every state with every role: exactly the ways that are meant, and no other."""

from __future__ import annotations

import importlib

import pytest

from whatworks.commission.methods.workflow import APPLICATION, AWARD, CALL, CLAIM, Workflow, step, steps
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.people.roles import granted, roles

K, Q, D, F, A = "commissioner", "accountable", "decider", "finance", "applicant"
MEANT: dict[str, dict[str, dict[str, set[str]]]] = {
    "call": {
        "draft": {K: {"publish"}}, "open": {K: {"amend", "close", "cancel"}}, "assessing": {K: {"end scoring", "cancel"}},
        "deciding": {K: {"cancel"}, Q: {"announce"}, D: {"announce"}}, "decided": {}, "cancelled": {},
    },
    "application": {
        "draft": {A: {"submit"}}, "submitted": {A: {"take back"}, K: {"find eligible", "find not eligible"}}, "not eligible": {},
        "eligible": {who: {"choose", "hold in reserve", "decline"} for who in (Q, D)},
        "chosen": {who: {"hold in reserve", "decline"} for who in (Q, D)},
        "reserve": {who: {"choose", "decline"} for who in (Q, D)},
        "declined": {who: {"choose", "hold in reserve"} for who in (Q, D)},
    },
    "award": {
        "announced": {who: {"approve", "end"} for who in (Q, D)}, "contracting": {K: {"start"}, Q: {"end"}, D: {"end"}},
        "running": {K: {"begin to close"}, Q: {"end"}, D: {"end"}}, "closing": {K: {"reopen"}, Q: {"complete"}, D: {"complete"}},
        "complete": {}, "ended": {}, "published elsewhere": {},
    },
    "claim": {
        "claimed": {K: {"approve", "refuse"}}, "approved by staff": {F: {"approve", "refuse"}}, "to be paid": {F: {"pay"}}, "paid": {},
        "refused": {},
    },
}  # fmt: skip
FLOWS: dict[str, Workflow] = {"call": CALL, "application": APPLICATION, "award": AWARD, "claim": CLAIM}
EVERY = [(flow, state) for flow, states in FLOWS.items() for state in states]


@pytest.mark.parametrize(("flow", "state"), EVERY)
def test_each_role_in_each_state_has_the_ways_that_are_meant(flow: str, state: str) -> None:
    """A way too many lets an assessor announce; one too few stops a call."""
    for role in roles():
        as_meant(flow, state, role)


def as_meant(flow: str, state: str, role: str) -> None:
    may = granted([role])
    found = {one.name for one in steps(FLOWS[flow], state, may)}
    assert found == MEANT[flow][state].get(role, set())
    for name in {one.name for held in FLOWS[flow].values() for one in held.steps}:
        if name in found:
            assert step(FLOWS[flow], state, name, may).to in FLOWS[flow]
        else:
            with pytest.raises((ConflictError, ForbiddenError)):
                step(FLOWS[flow], state, name, may)


@pytest.mark.parametrize("flow", FLOWS)
def test_states_are_those_meant_and_each_verb_is_there(flow: str) -> None:
    """A state nobody thought of, or a way without a verb, would be found by an applicant."""
    assert set(FLOWS[flow]) == set(MEANT[flow])
    for held in FLOWS[flow].values():
        for one in held.steps:
            module, _, verb = one.verb.rpartition(".")
            assert callable(getattr(importlib.import_module(f"whatworks.commission.{module}"), verb))


def test_an_unknown_state_is_refused() -> None:
    """A row edited by hand must not pass."""
    with pytest.raises(InputError, match="no state"):
        step(CALL, "lost", "close", frozenset())
