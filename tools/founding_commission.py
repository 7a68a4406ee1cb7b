"""The centre's two true calls, from what was published of them, and a made-up call in Fernshire from its opening to an award.

``python -m tools.founding_commission packs/childrens-social-care`` enters both by the room's own verbs into a centre that holds the pack,
and writes the room's tables beside the pack's; then ``python -m tools.pack`` on the same folder. Nobody who was not chosen is named in it.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from tools.entering import BY, enter

CENTRE = "whatworks-csc.org.uk"
FIRST = f"https://{CENTRE}/whats-new/blog/21-local-partners-to-work-with-new-centre"
PIONEERS = (
    f"https://{CENTRE}/blog/pioneering-new-approaches-to-generating-and-sharing-evidence-in-childrens-social-care/"
)
SIX = f"https://{CENTRE}/blog/six-local-authorities-to-work-with-the-what-works-centre-to-try-to-reduce-the-need-for-children-to-be-in-care/"
SIX_SAYS = "Six local authorities to work with the What Works Centre, 25 January 2019"
SCHOOLS, BUDGETS = "Social Workers in Schools", "Devolved Budgets"
CHOSEN = (
    ("Lambeth", SCHOOLS), ("Stockport", SCHOOLS), ("Southampton", SCHOOLS),
    ("Darlington", BUDGETS), ("Wigan", BUDGETS), ("Hillingdon", BUDGETS),
)  # fmt: skip
DAY = datetime.date(2019, 1, 25)


def true_calls() -> None:
    """What was published of the two calls of 2018, and the six awards whose bodies were named."""
    from whatworks.commission.calling import elsewhere_decided, open_call, record_fact

    first = open_call(by=BY, title="First partners of the centre", slug="first-partners-2018", elsewhere=True)
    told = "21 local authorities and trusts were named as the first partners."
    record_fact(
        by=BY, call=first, what="Answers", told=told, on=datetime.date(2018, 7, 24),
        source="21 local partners to work with new centre", source_url=FIRST,
    )  # fmt: skip
    told = "They were to explore, co-design and test with the centre, at first until December 2018. They were not called pilot sites."
    record_fact(
        by=BY, call=first, what="What it was for", told=told, on=datetime.date(2018, 7, 24),
        source="21 local partners to work with new centre", source_url=FIRST,
    )  # fmt: skip
    told = (
        "The centre asked for “Pioneer” partners, led by local authorities. Likely this is the call that the 21 answered; "
        "no page says so."
    )
    record_fact(
        by=BY, call=first, what="The call", told=told, on=datetime.date(2018, 5, 4), source_url=PIONEERS,
        source="Pioneering new approaches to generating and sharing evidence in children's social care",
    )  # fmt: skip
    told = "The names of the 21 are not held here: the pages we hold do not list them."
    record_fact(by=BY, call=first, what="Partners", told=told, source="This record")
    elsewhere_decided(by=BY, call=first, begun=None)
    six = open_call(by=BY, title="Change Projects", slug="change-projects-2019", elsewhere=True)
    for what, told in (
        ("Answers", "33% of the local authorities of England answered."),
        ("Awards", "Six local authorities were chosen, for two kinds of project: three each."),
        ("Money", "2.4 million pounds to March 2020, subject to the signing of sub-contracts."),
    ):
        record_fact(by=BY, call=six, what=what, told=told, on=DAY, source=SIX_SAYS, source_url=SIX)
    elsewhere_decided(by=BY, call=six, begun=None)
    _six(six)


def _six(call: Any) -> None:
    from whatworks.commission.deciding import record_award
    from whatworks.people.models import Area, Organisation

    for name, kind in CHOSEN:
        record_award(
            by=BY, call=call, body=name, title=f"{kind}: {name}", groups={"kind": kind}, announced_on=DAY,
            ends_on=datetime.date(2020, 3, 31), source=SIX_SAYS, source_url=SIX,
            area=Area.objects.authorities().filter(name=name).first(),
            organisation=Organisation.objects.filter(name=f"{name} (local authority)").first(),
        )  # fmt: skip


RULES = """\
# A made-up call in a made-up county, to show the way from a call to an award.
[call]
plain = "We look for up to four teams in Fernshire that will try one of two ways of helping families earlier."
opens = 2026-03-02T09:00:00Z
closes = 2026-04-10T17:00:00Z
budget = 1200000
most = 4
least = 2
assessors_each = 3
contact = "calls@fernshire.example"

[[questions]]
key = "need"
asks = "What do families where you work need, and how do you know?"
words = 300

[[questions]]
key = "plan"
asks = "What would you do, with whom, and when?"
words = 500

[[gateways]]
key = "leader"
asks = "Has the director of children's services agreed?"

[[gateways]]
key = "evaluate"
asks = "Will you take part in an evaluation, and a trial if there is one?"

[[criteria]]
key = "need"
title = "Need"
weight = 30

[criteria.anchors]
0 = "No need is shown."
1 = "A need is named, without figures."
2 = "A need is shown by figures."
3 = "A need is shown by figures and by what families say."
4 = "As before, and who is left out is known."

[[criteria]]
key = "plan"
title = "Plan"
weight = 40

[criteria.anchors]
0 = "There is no plan."
1 = "There is a plan without dates or people."
2 = "There is a plan with dates and people."
3 = "As before, and its risks are known."
4 = "As before, and families helped to make it."

[[criteria]]
key = "learning"
title = "Learning"
weight = 30

[criteria.anchors]
0 = "Nothing would be learnt."
1 = "Something would be counted."
2 = "What is counted would show a change."
3 = "It could be compared with what happens elsewhere."
4 = "It could be a fair test."

[[groups]]
key = "kind"
title = "Kind"
values = ["workers in schools", "budgets for families"]

[[groups]]
key = "region"
title = "Part of the county"
values = ["coast", "inland"]

[[groups]]
key = "size"
title = "Size"
values = ["small", "large"]

[[quotas]]
group = "kind"
value = "workers in schools"
least = 2
most = 2

[[quotas]]
group = "kind"
value = "budgets for families"
least = 2
most = 2

[[quotas]]
group = "region"
value = "coast"
least = 2

[selection]
level = 0.5
lot = false
"""
TEAMS = (  # team, cost, kind, region, size, and how good it is meant to be
    ("Brookfield North", 310_000, 0, 1, 1, 2.9),
    ("Brookfield South", 280_000, 1, 1, 1, 2.1),
    ("Larkmere East", 290_000, 0, 0, 0, 2.3),
    ("Larkmere West", 240_000, 1, 0, 0, 1.6),
    ("Mereton Town", 330_000, 1, 1, 1, 3.1),
    ("Mereton Vale", 260_000, 0, 1, 0, 2.7),
    ("Fernshire Coast", 300_000, 1, 0, 1, 2.4),
    ("Fernshire Hills", 220_000, 0, 1, 0, 1.4),
)
SEVERE = {"panel-1": 0.5, "panel-2": -0.4, "panel-3": 0.0, "panel-4": -0.3, "panel-5": 0.2}
OPEN = datetime.datetime(2026, 3, 3, 9, tzinfo=datetime.UTC)
CLOSED = datetime.datetime(2026, 4, 10, 18, tzinfo=datetime.UTC)


def people() -> dict[str, Any]:
    """The accounts of the made-up call, by what they do in it."""
    from whatworks.people.actions import add_user

    kinds = {
        "keeper": "commissioner",
        "officer": "accountable",
        "money": "finance",
        **dict.fromkeys(SEVERE, "assessor"),
    }
    found = {}
    for name, role in kinds.items():
        host = "larkmere.example" if name == "panel-5" else f"{name}.example"
        found[name] = add_user(by=BY, email=f"{name}@{host}", roles=[role], name=name)[0]
    return found


def fictional_call(state: str = "decided") -> Any:
    """The made-up call, as far as `state`: "assessing" (applications in, nothing scored), "deciding" (all scored) or "decided"."""
    from whatworks.commission import assessing, calling

    held = people()
    call = calling.open_call(by=BY, title="Earlier help in Fernshire", text=RULES, demonstration=True)
    calling.publish(by=BY, call=call, at=OPEN)
    for team in TEAMS:
        _apply(call, *team[:5])
    calling.close(by=BY, call=call, at=CLOSED)
    for name in SEVERE:
        assessing.appoint(by=held["keeper"].actor, call=call, user=held[name], role="assessor")
        assessing.declare_ties(by=held[name].actor, call=call, user=held[name], ties=[])
    for one in call.applications.handed_in():
        assessing.judge_gateways(by=held["keeper"].actor, application=one, eligible=True)
    call.refresh_from_db()
    if state == "assessing":
        return call
    _score_all(call, held)
    calling.end_scoring(by=held["keeper"].actor, call=call)
    call.refresh_from_db()
    if state == "decided":
        _decide(call, held)
        call.refresh_from_db()
    return call


def _apply(call: Any, name: str, cost: int, kind: int, region: int, size: int) -> None:
    from whatworks.commission import applying

    values = [
        ("workers in schools", "budgets for families")[kind],
        ("coast", "inland")[region],
        ("small", "large")[size],
    ]
    host = name.split()[0].lower()
    email = f"{name.lower().replace(' ', '-')}@{host}.example"
    made, secret = applying.begin(by="public", call=call, body=name, email=email, at=OPEN)
    author = applying.join(secret=secret, password="made up and never used 2026", at=OPEN)
    applying.save(
        by=author.actor, application=made, seen=0,
        values={
            "cost": cost,
            "groups": dict(zip(("kind", "region", "size"), values, strict=True)),
            "gateways": {"leader": "yes", "evaluate": "yes"},
            "answers": {"need": f"Made up: what families of {name} need.", "plan": f"Made up: what {name} would do."},
        },
    )  # fmt: skip
    applying.submit(by=author.actor, application=made, at=OPEN)


def _score_all(call: Any, held: dict[str, Any]) -> None:
    """Each assessor scores what they may see; scores come from the lot, so that anybody can make them again."""
    from whatworks.commission import assessing
    from whatworks.commission.models import Application
    from whatworks.stats.lot import Lot, seed_of

    lot, worth = Lot(seed_of("0" * 64, ["made-up scores"])), {team[0]: team[5] for team in TEAMS}
    for name, severity in SEVERE.items():
        for one in Application.objects.filter(call=call).judged().visible_to(held[name]):
            given = {}
            for criterion in ("need", "plan", "learning"):
                points = round(worth[one.body] + severity + (lot.below(1601) - 800) / 1000)
                given[criterion] = (min(4, max(0, points)), "Made up, for the demonstration.")
            assessing.score(by=held[name].actor, user=held[name], application=one, given=given, hand_in=True)


def _decide(call: Any, held: dict[str, Any]) -> None:
    from whatworks.commission import deciding
    from whatworks.commission.weighing import weighed

    best = weighed(call).portfolio
    assert best is not None and best.chosen is not None
    for one in call.applications.judged():
        chosen = one.pk in best.chosen.names
        deciding.determine(
            by=held["officer"].actor, application=one, decision="chosen" if chosen else "declined",
            reasons="Made up: a plan that families helped to make." if chosen else "",
            feedback="Made up: what would have made the plan stronger.",
        )  # fmt: skip
    deciding.announce(by=held["officer"].actor, call=call, at=CLOSED)


def build() -> None:
    """Both."""
    true_calls()
    fictional_call()


def there() -> bool:
    """Whether the pack holds them."""
    from whatworks.commission.models import Call

    return Call.objects.exists()


if __name__ == "__main__":
    enter(Path(sys.argv[1]).resolve(), build, rooms=["commission"], there=there)
