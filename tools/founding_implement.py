"""Makes the demonstration's made-up sites, in schools of Fernshire's councils and by an award, for a pack. No such place exists.

``python -m tools.founding_implement packs/childrens-social-care`` enters them by the room's own verbs into a centre that holds the pack,
and writes the room's tables beside the pack's; then ``python -m tools.pack`` on the same folder. They are pinned to the page of their
intervention where it is published (`whatworks.implement.opening.pin_illustrations`).
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

from tools.entering import BY, day, enter, on

INTERVENTION, TRIAL = "social-workers-in-schools", "made-up-schools"
BEGUN = datetime.date(2025, 9, 1)
COUNCILS = ("Brookfield", "Larkmere", "Mereton")
MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01")
HOW = {  # by council: of ten due each month, how often the two essential components were done; sessions held
    "Brookfield": ((8, 7, 20), (9, 8, 22), (9, 9, 21), (10, 9, 24)),
    "Larkmere": ((9, 8, 18), (8, 8, 17), (5, 6, 12), (4, 6, 10)),
    "Mereton": ((8, 8, 15), (8, 9, 16)),
}


def plan() -> Any:
    """The plan that all three follow."""
    from whatworks.implement.methods.delivering import EVERY, Component, Rule
    from whatworks.implement.methods.planning import Eligible, Indicator, Link, Plan

    return Plan(
        components=(
            Component("in-the-school", "The worker is in the school", "days a month on which a worker was due", 0.8),
            Component("meets-staff", "Meets the safeguarding lead each week", "weekly meetings due", 0.7),
            Component("goes-home", "Sees families at home as well", "home visits planned", 0.5, essential=False),
        ),
        rule=Rule(EVERY, least_dose=8),
        dose_name="Sessions with children",
        logic=(
            Link("input", "A social worker with a desk in the school", "days in the school"),
            Link("activity", "Works with children and families there", "sessions held"),
            Link("mechanism", "Staff ask early, and families know whom to turn to", "questions asked by staff"),
            Link("outcome", "Children feel supported", "the scale of the trial"),
        ),
        indicators=(Indicator("asked-early", "Questions of staff answered within two days", "%"),),
        partners=("The school’s safeguarding lead (made up)", "Youth service of Fernshire (made up)"),
        eligible=Eligible(120, BEGUN.isoformat(), "made up for the demonstration"),
    )


def offered(trial: Any, council: str) -> str:
    """The first school of a council that was drawn to have a worker."""
    drawn = trial.allocations.filter(practice=False).order_by("-number").first()
    arms = json.loads(drawn.document)["allocation"]
    return next(school for school in sorted(arms) if school.startswith(council) and arms[school] == "offered")


def build() -> None:
    """Three schools: one goes on, in one fidelity falls after an adaptation, one stopped; and a team that an award pays."""
    from whatworks.implement.delivering import send_form
    from whatworks.implement.methods.delivering import Done
    from whatworks.implement.opening import agree_to_show, go_on, open_site, write_plan
    from whatworks.scope.models import Intervention
    from whatworks.trial.models import Trial

    trial, about = Trial.objects.get(slug=TRIAL), Intervention.objects.get(slug=INTERVENTION)
    for council in COUNCILS:
        unit = offered(trial, council)
        with on(BEGUN):
            site = open_site(
                by=BY, name=f"{unit}, a made-up school", sort="school", intervention=about, trial=trial, unit=unit,
                early=council == "Brookfield", demonstration=True, on=BEGUN,
            )  # fmt: skip
            write_plan(by=BY, site=site, seen=0, plan=plan())
            go_on(by=BY, site=site, phase="prepare", on=BEGUN)
        with on(day(10, 1, 2025)):
            go_on(by=BY, site=site, phase="deliver", on=day(10, 1, 2025))
        for month, (days, meetings, sessions) in zip(MONTHS, HOW[council], strict=False):
            done = {"in-the-school": Done(10, days), "meets-staff": Done(10, meetings), "goes-home": Done(10, 6)}
            with on(after(month)):
                send_form(by=BY, site=site, period=month, done=done, dose=sessions)
        ended(site, council)
        with on(day(2, 9)):
            agree_to_show(by=BY, site=site, shown=True)
    awarded()


def awarded() -> None:
    """A team that the made-up call chose: it begins, paid by its award."""
    from whatworks.commission.models import Award
    from whatworks.implement.opening import agree_to_show, go_on, open_site, write_plan
    from whatworks.scope.models import Intervention

    award = Award.objects.get(body="Larkmere East", demonstration=True)
    with on(day(5, 5)):
        site = open_site(
            by=BY, name="Larkmere East, a made-up team", sort="team", demonstration=True, on=day(5, 5), award=award,
            intervention=Intervention.objects.get(slug=INTERVENTION),
        )  # fmt: skip
    with on(day(6, 1)):
        write_plan(by=BY, site=site, seen=0, plan=plan())
        go_on(by=BY, site=site, phase="prepare", on=day(6, 1))
        agree_to_show(by=BY, site=site, shown=True)


def after(month: str) -> datetime.date:
    """The fifth day after a month: when its form is sent."""
    year, number = map(int, month.split("-"))
    return day(number % 12 + 1, 5, year + number // 12)


def ended(site: Any, council: str) -> None:
    """What became of two of them."""
    from whatworks.implement.adapting import adapt
    from whatworks.implement.methods.adapting import Change
    from whatworks.implement.opening import go_on

    if council == "Larkmere":
        change = Change(
            "deliver", False, "managers", "context", "organisation", "shortened", "inconsistent", "feasible", "organisation",
            ("in-the-school",),
        )  # fmt: skip
        with on(day(12, 1, 2025)):
            adapt(by=BY, site=site, change=change, on=day(12, 1, 2025))
    if council == "Mereton":
        with on(day(12, 8, 2025)):
            go_on(by=BY, site=site, phase="stopped", on=day(12, 1, 2025), reason="staff")


def there() -> bool:
    """Whether the pack holds the sites."""
    from whatworks.implement.models import Site

    return Site.objects.filter(demonstration=True).exists()


if __name__ == "__main__":
    enter(Path(sys.argv[1]).resolve(), build, rooms=["implement"], there=there)
