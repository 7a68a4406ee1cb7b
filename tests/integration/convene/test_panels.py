"""Panels through the centre: who may apply and be invited, the draw in order only, money, checks of staff, and forgetting."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

import whatworks.convene.standalone as standalone
from whatworks.convene.models import (
    Panel,
    PanelAttendance,
    PanelContact,
    PanelList,
    PanelPayment,
    PanelSaying,
    Text,
)
from whatworks.convene.paneling import Parent, agree, apply, bands_of, invite, open_panel, take_back
from whatworks.convene.paneling_draw import commit, draw, freeze
from whatworks.convene.paneling_meetings import (
    add_staff,
    answer_payment,
    attend,
    came_to,
    delete_saying,
    forget,
    forget_due,
    hold_meeting,
    note,
    offer_payment,
    put_on_duty,
    set_rate,
    tell,
)
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.verification import verify
from whatworks.people.actions import add_user
from whatworks.stats.lot import commitment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 2)
QUOTAS = [["Age", "Under 16", 1, 3], ["Age", "16 and over", 1, 3], ["Area", "Town", 1, 3], ["Area", "Country", 1, 3]]
SECRETS = {"First custodian": "a-made-up-secret-1", "Second custodian": "a-made-up-secret-2"}
PARENT = Parent("A parent in Mereton", "0100 000000", "parent")


def opened(**more: object) -> Panel:
    told: dict[str, object] = {
        "title": "Young people of Fernshire", "sort": "young", "safeguarding": "Safeguarding lead of Fernshire, by telephone",
        "places": 4, "youngest": 11, "oldest": 24, "quotas": QUOTAS, "dbs": "enhanced", "opens_on": DAY,
        "closes_on": DAY + datetime.timedelta(days=20), "other_ways": "Answer our questions by post.", "demonstration": True,
    }  # fmt: skip
    return open_panel(by="usr:t", **{**told, **more})  # type: ignore[arg-type]


def applied(panel: Panel, number: int, age: int = 17, **more: object) -> tuple[PanelContact, str]:
    told: dict[str, object] = {
        "name": f"A young person {number}", "email": f"young{number}@mereton.example", "age": age,
        "bands": {"Age": "Under 16" if age < 16 else "16 and over", "Area": "Town" if number % 3 else "Country"},
        "agrees": ["taking part", "data"], "day": DAY,
    }  # fmt: skip
    return apply(panel=panel, **{**told, **more})  # type: ignore[arg-type]


def drawn(panel: Panel, people: int = 12) -> list[str]:
    """Applications, two custodians, the freeze and the draw; gives the ends of the private addresses."""
    tokens = [applied(panel, n, age=17 + n % 3 if n % 2 else 16)[1] for n in range(people - 3)]
    tokens += [applied(panel, 90 + n, age=14, parent=PARENT, parent_agrees=["taking part"])[1] for n in range(3)]
    for name, secret in SECRETS.items():
        commit(by="usr:c", panel=panel, name=name, commitment=commitment(secret))
    freeze(by="usr:t", panel=panel)
    draw(by="usr:c", panel=panel, secrets=SECRETS)
    return tokens


def test_a_panel_is_drawn_within_its_quotas_and_a_stranger_repeats_the_draw(tmp_path: Path) -> None:
    """Else the draw could be chosen, or the record would hold what people said of themselves."""
    panel = opened()
    drawn(panel)
    made = panel.drawn()
    assert made is not None
    held = json.loads(made.document)
    assert panel.contacts.filter(state="drawn").count() == 4 == len(held["panel"])
    assert set(panel.contacts.filter(state="drawn").values_list("number", flat=True)) == set(held["panel"])
    young = panel.contacts.filter(state="drawn", age__lt=16).count()
    assert 1 <= young <= 3
    assert not PanelList.objects.exists() and all(one.bands == {} for one in panel.contacts.all())
    public = made.document + json.dumps(panel.frozen().published)  # type: ignore[union-attr]
    assert not any(word in public for word in ("Under 16", "Town", "mereton", "young person", "chances"))
    path = tmp_path / "draw.json"
    path.write_text(made.document, "utf-8")
    program = Path(standalone.__file__).with_name("replay_panel.py")
    asked = [sys.executable, "-I", str(program), str(path), panel.frozen().seal]  # type: ignore[union-attr]
    assert subprocess.run(asked, check=False, capture_output=True, timeout=60).returncode == 0
    path.write_text(
        made.document.replace(f'"ticket": {held["ticket"]}', f'"ticket": {(held["ticket"] + 1) % 10_000}'), "utf-8"
    )
    assert subprocess.run(asked, check=False, capture_output=True, timeout=60).returncode == 1
    assert [one for one in verify().differences if one.identifier.startswith(("pnl", "pdw", "pfz", "ppy"))] == []


def test_everybody_not_drawn_is_offered_another_way_in(
    mailoutbox: list[object], django_capture_on_commit_callbacks: object
) -> None:
    panel = opened()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        drawn(panel)
    bodies = [one.body for one in mailoutbox]  # type: ignore[attr-defined]
    assert sum("Answer our questions by post." in body for body in bodies) == 8
    assert sum("You were drawn" in body for body in bodies) == 4


def test_each_step_of_the_draw_has_its_place() -> None:
    panel = opened()
    for n in range(6):
        applied(panel, n, age=14 if n % 2 else 18, parent=PARENT, parent_agrees=["taking part"])
    commit(by="usr:c", panel=panel, name="First custodian", commitment=commitment(SECRETS["First custodian"]))
    with pytest.raises(ConflictError, match="committed already"):
        commit(by="usr:c", panel=panel, name="First custodian", commitment=commitment("another"))
    with pytest.raises(ConflictError, match="not frozen yet"):
        draw(by="usr:c", panel=panel, secrets=SECRETS)
    with pytest.raises(InputError, match="Two people must commit"):
        freeze(by="usr:t", panel=panel)
    commit(by="usr:c", panel=panel, name="Second custodian", commitment=commitment(SECRETS["Second custodian"]))
    freeze(by="usr:t", panel=panel)
    with pytest.raises(ConflictError, match="nobody can commit"):
        commit(by="usr:c", panel=panel, name="Third", commitment=commitment("third"))
    with pytest.raises(ConflictError, match="does not take applications"):
        applied(panel, 50)
    with pytest.raises(InputError, match="does not match"):
        draw(by="usr:c", panel=panel, secrets={**SECRETS, "Second custodian": "guessed"})
    draw(by="usr:c", panel=panel, secrets=SECRETS)
    with pytest.raises(ConflictError, match="made once"):
        draw(by="usr:c", panel=panel, secrets=SECRETS)


def test_an_open_call_is_not_frozen() -> None:
    """Else the list could be closed as soon as it suits somebody."""
    today = timezone.localdate()
    panel = opened(opens_on=today, closes_on=today)
    applied(panel, 1, day=today)
    with pytest.raises(ConflictError, match="still open"):
        freeze(by="usr:t", panel=panel)


def test_under_13_nobody_agrees_alone_that_their_details_are_kept() -> None:
    panel = opened()
    with pytest.raises(InputError, match="Under 13"):
        applied(panel, 1, age=12)
    with pytest.raises(InputError, match="parental responsibility"):
        applied(panel, 1, age=12, agrees=["taking part"])
    assert not PanelContact.objects.exists()
    contact, _ = applied(panel, 1, age=12, agrees=["taking part"], parent=PARENT, parent_agrees=["data"])
    with pytest.raises(InputError, match="Under 13"):
        agree(by="usr:k", contact=contact, by_whom="person", to="data", how="said so")
    with pytest.raises(InputError, match="from 11 to 24"):
        applied(panel, 2, age=10, parent=PARENT, parent_agrees=["data"])


def test_under_16_nobody_is_invited_before_both_agreed() -> None:
    panel = opened()
    contact, _ = applied(panel, 1, age=15)
    PanelContact.objects.update(state="drawn")
    with pytest.raises(InputError, match="under 16"):
        invite(by="usr:k", contact=contact)
    with pytest.raises(InputError, match="which one"):
        agree(by="usr:k", contact=contact, by_whom="parental responsibility", to="taking part", how="form",
              parent=Parent("Duty manager", "by telephone", "local authority"))  # fmt: skip
    council = Parent("Duty manager", "by telephone", "local authority", "Larkmere")
    agree(by="usr:k", contact=contact, by_whom="parental responsibility", to="taking part", how="form", parent=council)
    assert invite(by="usr:k", contact=contact).state == "member"
    take_back(by="public", contact=PanelContact.objects.get(), to="taking part")
    assert PanelContact.objects.get().state == "left"


def test_who_was_not_drawn_is_not_invited_but_where_there_is_room_for_all() -> None:
    panel = opened()
    contact, _ = applied(panel, 1)
    assert invite(by="usr:k", contact=contact).state == "member"  # one applicant, four places, the call is over
    other = opened(title="Another panel")
    drawn(other)
    out = other.contacts.filter(state="not drawn").first()
    with pytest.raises(ConflictError, match="was not drawn"):
        invite(by="usr:k", contact=out)  # type: ignore[arg-type]


def test_quotas_that_cannot_be_met_are_named() -> None:
    panel = opened()
    for n in range(6):
        applied(panel, n, age=18)
    for name, secret in SECRETS.items():
        commit(by="usr:c", panel=panel, name=name, commitment=commitment(secret))
    with pytest.raises(InputError, match="Age, "):
        freeze(by="usr:t", panel=panel)
    assert bands_of(panel) == {"Age": ["Under 16", "16 and over"], "Area": ["Town", "Country"]}


def member(panel: Panel, number: int = 1, age: int = 17) -> PanelContact:
    contact, _ = applied(panel, number, age=age, parent=PARENT, parent_agrees=["taking part"])
    PanelContact.objects.filter(pk=contact.pk).update(state="member")
    contact.refresh_from_db()
    return contact


def test_whose_check_ran_out_is_not_on_duty() -> None:
    panel, on = opened(), DAY + datetime.timedelta(days=40)
    meeting = hold_meeting(by="usr:t", panel=panel, title="First meeting", on=on)
    user, _ = add_user(by="test", email="staff@fernshire.example", roles=["convener"])

    def staff(level: str, until: datetime.date | None, checked: datetime.date | None = DAY) -> None:
        held = add_staff(
            by="usr:t", panel=panel, user=user, part="Facilitator", dbs=level, dbs_on=checked, dbs_until=until
        )
        put_on_duty(by="usr:t", meeting=meeting, staff=held)

    for level, until, checked, why in (
        ("", None, None, "No check"),
        ("basic", on, DAY, "needs “enhanced”"),
        ("enhanced", on - datetime.timedelta(days=1), DAY, "ended before the meeting"),
        ("enhanced", None, DAY, "no end on record"),
        ("enhanced", on, on + datetime.timedelta(days=1), "after the meeting"),
    ):
        with pytest.raises(ConflictError, match=why):
            staff(level, until, checked)
    assert not meeting.duties.exists()
    staff("enhanced barred", on)
    assert meeting.duties.count() == 1 and panel.staff.count() == 1


def test_pay_follows_the_rate_card_of_the_day_and_is_a_voucher_under_16() -> None:
    panel = opened()
    meeting = hold_meeting(by="usr:t", panel=panel, title="First meeting", on=DAY + datetime.timedelta(days=40))
    old = set_rate(by="usr:t", activity="A meeting of half a day", pence=2500, since=DAY)
    new = set_rate(by="usr:t", activity="A meeting of half a day", pence=2750, since=DAY + datetime.timedelta(days=30))
    young, grown = member(panel, 1, age=14), member(panel, 2, age=19)
    with pytest.raises(InputError, match="holds on the day"):
        offer_payment(by="usr:k", meeting=meeting, contact=grown, sort="payment", rate=old)
    with pytest.raises(InputError, match="voucher"):
        offer_payment(by="usr:k", meeting=meeting, contact=young, sort="payment", rate=new)
    voucher = offer_payment(by="usr:k", meeting=meeting, contact=young, sort="voucher", rate=new)
    assert voucher.pence == 2750
    offer_payment(by="usr:k", meeting=meeting, contact=young, sort="expenses", pence=410)
    with pytest.raises(ConflictError, match="cannot become"):
        answer_payment(by="usr:k", payment=voucher, state="paid")
    answer_payment(by="public", payment=voucher, state="declined")
    assert sorted(PanelPayment.objects.values_list("sort", "state")) == [
        ("expenses", "offered"),
        ("voucher", "declined"),
    ]


def test_a_person_is_gone_and_the_counts_stay_right() -> None:
    """Else deleting somebody would rewrite how many came, or leave their words behind in a row, an event or a payload."""
    panel = opened()
    meeting = hold_meeting(by="usr:t", panel=panel, title="First meeting", on=DAY + datetime.timedelta(days=40))
    contact, _ = applied(panel, 1, why="I want workers to listen.")
    PanelContact.objects.update(state="member")
    contact.refresh_from_db()
    attend(by="usr:k", meeting=meeting, contacts=[contact, member(panel, 2)])
    saying = note(by="usr:k", meeting=meeting, contact=contact, words_="Ask us before you move us.")
    tell(by="usr:k", saying=saying, state="used", happened="It is in our first question.")
    rate = set_rate(by="usr:t", activity="A meeting", pence=2500, since=DAY)
    offer_payment(by="usr:k", meeting=meeting, contact=contact, sort="payment", rate=rate)
    who = contact.pk
    forget(contact=contact)
    assert came_to(meeting) == 2 and PanelAttendance.objects.filter(contact=None).count() == 1
    assert PanelPayment.objects.filter(contact=None, pence=2500).count() == 1
    left = PanelSaying.objects.get()
    assert (left.state, left.words, left.happened) == ("deleted", "", "")
    assert Text.objects.get(kind="application").state == "deleted"
    everything = " ".join(
        [*Payload.objects.values_list("body", flat=True), *map(str, Event.objects.values_list("subjects", flat=True))]
    )
    assert not any(word in everything for word in ("A young person 1", "young1@", "before you move", "listen", who))
    with pytest.raises(ConflictError, match="deleted by whoever"):
        tell(by="usr:k", saying=left, state="used", happened="again")


def test_who_is_due_is_forgotten_by_the_job_that_runs() -> None:
    """Else retention would be a promise on paper."""
    from whatworks.ledger.models import Job
    from whatworks.ledger.work import work_off

    panel = opened()
    applied(panel, 1)
    keeps, _ = applied(panel, 2)
    PanelContact.objects.exclude(pk=keeps.pk).update(keep_until=timezone.localdate() - datetime.timedelta(days=1))
    PanelContact.objects.filter(pk=keeps.pk).update(keep_until=timezone.localdate())
    assert Job.objects.filter(kind="convene.forget").exists()
    Job.objects.filter(kind="convene.forget").update(lease_until=timezone.now() - datetime.timedelta(hours=1))
    assert work_off() >= 1
    assert list(PanelContact.objects.values_list("pk", flat=True)) == [keeps.pk]
    assert forget_due(timezone.localdate()) == 0


def test_what_somebody_said_can_be_deleted_alone() -> None:
    panel = opened()
    meeting = hold_meeting(by="usr:t", panel=panel, title="First meeting", on=DAY)
    contact = member(panel)
    saying = note(by="usr:k", meeting=meeting, contact=contact, words_="Something.")
    delete_saying(saying=saying)
    assert PanelSaying.objects.get().words == "" and PanelContact.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"safeguarding": ""}, "safeguarding contact"),
        ({"other_ways": " "}, "another way in"),
        ({"places": 0}, "number of places"),
        ({"quotas": [["Age", "Old", 3, 1]]}, "cannot be"),
        ({"dbs": "strong"}, "no level of check"),
        ({"sort": "everybody"}, "no kind of panel"),
    ],
)
def test_a_call_has_what_it_needs(more: dict[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        opened(**more)
