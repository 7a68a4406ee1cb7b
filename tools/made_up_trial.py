"""Runs the demonstration's made-up trial from its design to its result, and writes it into a pack. Its places do not exist.

``python -m tools.made_up_trial packs/childrens-social-care`` in a checkout; then ``python -m tools.pack`` on the same folder. The
scores of its children come from the lot (`whatworks.stats.lot`), so that anybody can make them again: ``outcomes()`` below.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.entering import BY, enter

COUNCILS = ("Brookfield", "Fernshire", "Larkmere", "Mereton")
SCHOOLS = 6  # in each council
SECRETS = {
    "Custodian of Fernshire": "made-up-secret-1-of-fernshire",
    "Custodian of Mereton": "made-up-secret-2-of-mereton",
}
TITLE = "Workers in the schools of four made-up councils"
DESIGN = """\
# A made-up trial of made-up places, to show the way from a design to a result.
[design]
kind = "cluster"
outcome = "continuous"
name = "made-up-schools"
question = "Do children feel better supported where a social worker is based in their school?"
alpha = 0.05
power = 0.8

[estimand]
population = "children of 11 to 16 at the schools taking part"
units = "children"
clusters = "schools"
endpoint = "feeling supported, 0 to 40, at 12 months"
summary = "difference in means"
handling = "everybody is analysed in the school in which they were when schools were drawn"

[[arms]]
name = "usual"
gets = "social work as usual"

[[arms]]
name = "offered"
gets = "a social worker in the school"

[size]
clusters = 24
per_cluster = 25
icc = 0.05
effect = 2.0
sd = 7.0
cv = 0.1
attrition = 0.12

[allocation]
method = "stratified"
strata = ["council"]

[analysis]
outcome = "score"
arm = "arm"
cluster = "school"
strata = ["council"]
declared = "lmm-kr"

[[progression]]
name = "schools that agree to be drawn"
red = 0.3
green = 0.6
"""
PARTICULARS = {
    "status": "reported",
    "summary": "A made-up trial. It shows how a trial is designed, drawn, analysed and told here; no such schools or children exist.",
    "setting": "Four made-up councils",
    "eligibility": "Secondary schools; all children on the roll when schools were drawn",
    "funding": "None: it did not take place",
    "ethics": "None: it did not take place",
    "data_protection": "No data of real people",
}


def schools() -> list[tuple[str, str]]:
    """Each school with its council."""
    return [(f"{council} {n}", council) for council in COUNCILS for n in range(1, SCHOOLS + 1)]


def outcomes(arms: dict[str, str]) -> str:
    """The made-up scores as CSV: about 22 children a school, alike within it, a little higher where a worker was offered."""
    from whatworks.stats.lot import Lot, seed_of

    lot = Lot(seed_of("0" * 64, ["made-up children"]))

    def chance() -> float:
        return sum(lot.below(10_000) for _ in range(12)) / 10_000 - 6

    lines = ["school,score"]
    for school, _council in schools():
        level = 24 + 1.5 * chance() + (0.9 if arms[school] == "offered" else 0)
        for _ in range(19 + lot.below(7)):
            lines.append(f"{school},{min(40, max(0, round(level + 6.5 * chance())))}")
    return "\n".join(lines) + "\n"


def build() -> None:
    """The whole trial, as somebody would run it."""
    from whatworks.stats.lot import commitment
    from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind
    from whatworks.trial.drawing import commit, draw, freeze
    from whatworks.trial.models import TrialLock
    from whatworks.trial.opening import lock, open_trial

    trial = open_trial(
        by=BY, title=TITLE, slug="made-up-schools", design=DESIGN, particulars=PARTICULARS, demonstration=True
    )
    protocol = trial.newest()
    assert protocol is not None
    lock(by=BY, protocol=protocol, what=TrialLock.REGISTRATION)
    for name, secret in SECRETS.items():
        commit(by=BY, trial=trial, name=name, commitment=commitment(secret))
    before(trial)
    listed = "unit,council\n" + "".join(f"{school},{council}\n" for school, council in schools())
    freeze(by=BY, trial=trial, listed=listed)
    arms = json.loads(draw(by=BY, trial=trial, secrets=SECRETS).document)["allocation"]
    text = outcomes(arms)
    after(trial, text)
    data = take_in(by=BY, trial=trial, content=text.encode())
    run_blind(by=BY, trial=trial, dataset=data)
    lock_plan(by=BY, trial=trial)
    unblind(by=BY, trial=trial, reason="The data are complete and the plan is locked.")
    run_open(by=BY, trial=trial, dataset=data)


def before(trial) -> None:  # type: ignore[no-untyped-def]  # models can be named only once Django runs
    """Who was asked and who came: two schools too many, one of which declined and one of which was about to close."""
    from django.utils import timezone

    from whatworks.trial.happening import record_events
    from whatworks.trial.methods.flowing import ASSESSED as asked
    from whatworks.trial.methods.flowing import DECLINED, INELIGIBLE, Happening

    day = timezone.localdate()
    events = [Happening(school, asked, day) for school, _ in schools()]
    events += [Happening(f"Mereton {n}", asked, day) for n in (7, 8)]
    events += [Happening("Mereton 7", DECLINED, day, reason="no room for a worker")]
    events += [Happening("Mereton 8", INELIGIBLE, day, reason="about to close")]
    record_events(by=BY, trial=trial, events=events)


def after(trial, text: str) -> None:  # type: ignore[no-untyped-def]
    """Three children of each school were there at the start and not at the end."""
    from django.utils import timezone

    from whatworks.trial.happening import record_events
    from whatworks.trial.methods.flowing import ANALYSED, ENROLLED, LOST, Happening

    day, events = timezone.localdate(), []
    for school, _council in schools():
        there = sum(line.startswith(f"{school},") for line in text.splitlines())
        events += [
            Happening(school, ENROLLED, day, there + 3),
            Happening(school, LOST, day, 3, reason="moved to another school"),
            Happening(school, ANALYSED, day, there),
        ]
    record_events(by=BY, trial=trial, events=events)


def there() -> bool:
    """Whether the pack holds the trial."""
    from whatworks.trial.models import Trial

    return Trial.objects.filter(slug="made-up-schools").exists()


if __name__ == "__main__":
    enter(Path(sys.argv[1]).resolve(), build, rooms=["trial"], there=there)
