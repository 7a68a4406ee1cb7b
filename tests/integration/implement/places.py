"""A made-up trial, drawn, and sites of it: what the tests of this room stand on."""

from __future__ import annotations

from typing import Any

from tests.integration.trial.test_drawing import LIST, committed
from whatworks.implement.methods.delivering import EVERY, Component, Done, Rule
from whatworks.implement.methods.planning import Eligible, Indicator, Link, Plan
from whatworks.implement.models import Site
from whatworks.implement.opening import go_on, open_site, write_plan
from whatworks.publish.models import Revision
from whatworks.trial.drawing import draw, freeze
from whatworks.trial.models import Trial, TrialLock
from whatworks.trial.opening import lock, open_trial

BY = "usr:test"
DESIGN = """\
[design]
kind = "cluster"
name = "brookfield"
[[arms]]
name = "usual"
[[arms]]
name = "offered"
gets = "a worker in the school"
[estimand]
population = "children of Brookfield"
endpoint = "wellbeing at 12 months"
units = "children"
[allocation]
method = "stratified"
strata = ["authority"]
%(concealed)s
[analysis]
outcome = "y"
cluster = "school"
declared = "lmm-kr"
received = "taken"
[compliance]
variable = "taken"
rule = "all"
[[component]]
measure = "fidelity"
enough = 0.8
over = "mean"
[[component]]
measure = "sessions"
enough = 10
over = "sum"
"""
PLAN = Plan(
    components=(
        Component("meets", "Meets the family", "meetings", 0.8),
        Component("plan", "The family writes its plan", "plans", 0.5),
        Component("along", "Goes along to school", "visits", 0.5, essential=False),
    ),
    rule=Rule(EVERY),
    dose_name="Sessions held",
    logic=(Link("activity", "A worker meets the family", "meetings held"), Link("outcome", "Children feel supported")),
    indicators=(Indicator("met-in-time", "Families met within ten days", "%"),),
    partners=("Youth service of Brookfield",),
    eligible=Eligible(40, "2026-01-01", "the school roll"),
    feeds=(("fidelity", "score"), ("sessions", "dose")),
)


def any_revision() -> Revision:
    """A published revision of the small pack, which must be built."""
    found = Revision.objects.order_by("page", "number").first()
    assert found is not None
    return found


def drawn_trial(*, concealed: bool = False, title: str = "Workers in Brookfield schools") -> Trial:
    """A trial whose units are drawn."""
    design = DESIGN % {"concealed": "concealed = true" if concealed else ""}
    trial = open_trial(by=BY, title=title, design=design, demonstration=True)
    protocol = trial.newest()
    assert protocol is not None
    lock(by=BY, protocol=protocol, what=TrialLock.REGISTRATION)
    told = committed(trial)
    freeze(by=BY, trial=trial, listed=LIST)
    draw(by=BY, trial=trial, secrets=told)
    return trial


def site_at(name: str = "Brookfield school", **told: Any) -> Site:
    """A site with a plan, delivering since the first day of the year."""
    import datetime

    start = datetime.date(2026, 1, 1)
    revision = told.pop("revision", None) or any_revision()
    site = open_site(by=BY, name=name, sort="school", revision=revision, demonstration=True, on=start, **told)
    write_plan(by=BY, site=site, seen=0, plan=PLAN)
    go_on(by=BY, site=site, phase="prepare", on=start)
    go_on(by=BY, site=site, phase="deliver", on=start)
    return site


def counts(meets: tuple[int, int], plan: tuple[int, int], along: tuple[int, int] = (0, 0)) -> dict[str, Done]:
    """What a form says."""
    return {"meets": Done(*meets), "plan": Done(*plan), "along": Done(*along)}
