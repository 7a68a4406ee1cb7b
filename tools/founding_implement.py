"""Makes the demonstration's made-up sites in the schools of Fernshire's councils, and writes them into a pack. No such place exists.

``python -m tools.founding_implement packs/childrens-social-care`` enters them by the room's own verbs into a centre that holds the pack,
and writes the room's tables beside the pack's; then ``python -m tools.pack`` on the same folder. They are pinned to the page of their
intervention where it is published (`whatworks.implement.opening.pin_illustrations`).
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

BY = "rule:demonstration"
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
    """Three sites: one that goes on, one whose fidelity falls after an adaptation, and one that stopped."""
    from whatworks.implement.delivering import send_form
    from whatworks.implement.methods.delivering import Done
    from whatworks.implement.opening import agree_to_show, go_on, open_site, write_plan
    from whatworks.scope.models import Intervention
    from whatworks.trial.models import Trial

    trial, about = Trial.objects.get(slug=TRIAL), Intervention.objects.get(slug=INTERVENTION)
    for council in COUNCILS:
        unit = offered(trial, council)
        site = open_site(
            by=BY, name=f"{unit}, a made-up school", sort="school", intervention=about, trial=trial, unit=unit,
            early=council == "Brookfield", demonstration=True, on=BEGUN,
        )  # fmt: skip
        write_plan(by=BY, site=site, seen=0, plan=plan())
        go_on(by=BY, site=site, phase="prepare", on=BEGUN)
        go_on(by=BY, site=site, phase="deliver", on=datetime.date(2025, 10, 1))
        for month, (days, meetings, sessions) in zip(MONTHS, HOW[council], strict=False):
            done = {"in-the-school": Done(10, days), "meets-staff": Done(10, meetings), "goes-home": Done(10, 6)}
            send_form(by=BY, site=site, period=month, done=done, dose=sessions)
        agree_to_show(by=BY, site=site, shown=True)
        ended(site, council)


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
        adapt(by=BY, site=site, change=change, on=datetime.date(2025, 12, 1))
    if council == "Mereton":
        go_on(by=BY, site=site, phase="stopped", on=datetime.date(2025, 12, 1), reason="staff")


def main(folder: Path) -> None:
    """Enter them in a centre that holds the pack, and write the room's tables beside the pack's."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"WHATWORKS_HOME": home, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"}
        import django

        django.setup()
        from whatworks.archive.loading import load_pack
        from whatworks.archive.opening import bring_up_to_date
        from whatworks.implement.pack import TABLES

        bring_up_to_date()
        load_pack(folder=folder, by=BY)
        build()
        (folder / "implement").mkdir(exist_ok=True)
        for table in TABLES:
            for name, text in table.files("open"):
                (folder / name).write_text(text, "utf-8")
                print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
