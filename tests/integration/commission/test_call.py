"""A call from its draft to its awards by the room's verbs, with what each refuses."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.integration.commission.verified import differences
from tools.founding_commission import CLOSED, OPEN, RULES
from whatworks.commission import agreeing, applying, assessing, calling, claiming, deciding, giving, lots
from whatworks.commission.models import (
    Agreement,
    Application,
    Award,
    Call,
    CallConflict,
    CallOutcome,
    Determination,
    Signature,
)
from whatworks.commission.weighing import weighed
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger import triggers
from whatworks.people.interests import declare_interest
from whatworks.people.models import Organisation, User
from whatworks.stats.lot import commitment

pytestmark = pytest.mark.django_db


def opened(title: str = "Help in Mereton", text: str = RULES) -> Call:
    made = calling.open_call(by="usr:t", title=title, text=text, demonstration=True)
    calling.publish(by="usr:t", call=made, at=OPEN)
    made.refresh_from_db()
    return made


def begun(call: Call, body: str = "Mereton Vale", email: str = "a@mereton.example") -> tuple[Application, str]:
    made, secret = applying.begin(by="public", call=call, body=body, email=email, at=OPEN)
    user = applying.join(secret=secret, password="three words unrelated 9", at=OPEN)
    return made, user.actor


WHOLE = {
    "cost": 100, "groups": {"kind": "workers in schools", "region": "coast", "size": "small"},
    "gateways": {"leader": "yes", "evaluate": "yes"}, "answers": {"need": "It is needed.", "plan": "We plan."},
}  # fmt: skip


def test_published_rules_are_locked_and_changes_are_versions() -> None:
    """Rules that change after applications were written would be a trap."""
    with pytest.raises(InputError, match="no section"):
        calling.open_call(by="usr:t", title="x", text="")
    call = opened()
    with pytest.raises(ConflictError, match="already"):
        calling.publish(by="usr:t", call=call, at=OPEN)
    changed = RULES.replace("budget = 1200000", "budget = 900000")
    with pytest.raises(InputError, match="Say what changed"):
        calling.add_version(by="usr:t", call=call, seen=1, text=changed, what_changed=" ")
    second = calling.add_version(by="usr:t", call=call, seen=1, text=changed, what_changed="Less money.")
    assert call.rules().about.budget == 1_200_000  # what is published binds
    calling.publish(by="usr:t", call=call, at=OPEN)
    assert call.rules().about.budget == 900_000 and second.lock.digest == second.digest
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        type(second).objects.filter(pk=second.pk).update(text="other")
    assert differences() == []
    triggers.remove()
    type(second).objects.filter(pk=second.pk).update(text=RULES)
    assert {one.identifier for one in differences()} >= {second.pk}


def test_nobody_is_shut_out_early_and_nobody_comes_late() -> None:
    """The refusal says when the call closed and what the time is."""
    call = opened()
    with pytest.raises(ConflictError, match="cannot be closed before"):
        calling.close(by="usr:t", call=call, at=OPEN)
    made, actor = begun(call)
    applying.save(by=actor, application=made, seen=0, values=WHOLE)
    with pytest.raises(ConflictError, match=r"closed at \d\d:\d\d:\d\d.*it is now"):
        applying.submit(by=actor, application=made, at=CLOSED)
    with pytest.raises(ConflictError, match="closed at"):
        applying.begin(by="public", call=call, body="Late", email="l@late.example", at=CLOSED)
    with pytest.raises(ConflictError, match="opens on"):
        applying.begin(
            by="public", call=call, body="Soon", email="s@soon.example", at=OPEN - datetime.timedelta(days=9)
        )
    applying.submit(
        by=actor, application=made, at=datetime.datetime(2026, 4, 10, 17, tzinfo=datetime.UTC)
    )  # the very second
    calling.close(by="usr:t", call=call, at=CLOSED)


def test_several_write_one_application_and_none_undoes_another() -> None:
    """Two authors who save at once must not lose words."""
    call = opened()
    made, actor = begun(call)
    secret = applying.invite(by=actor, application=made, email="b@mereton.example")
    other = applying.join(secret=secret, password="three words unrelated 8")
    assert set(Application.objects.of(other)) == {made} and other.roles() == ["applicant"]
    with pytest.raises(InputError, match="used already"):
        applying.join(secret=secret, password="three words unrelated 7")
    applying.save(by=actor, application=made, seen=0, values={"answers": {"need": "Ours."}})
    with pytest.raises(ConflictError, match="saved meanwhile"):
        applying.save(by=other.actor, application=made, seen=0, values={"answers": {"need": "Mine."}})
    with pytest.raises(InputError, match="Answer yes or no"):
        applying.submit(by=actor, application=made, at=OPEN)
    kept = applying.save(
        by=actor, application=made, seen=1, values={**WHOLE, "answers": {"need": "a " * 301, "plan": "b"}}
    )
    with pytest.raises(InputError, match="301 words"):
        applying.submit(by=actor, application=made, at=OPEN)
    applying.save(by=actor, application=made, seen=kept.saved, values=WHOLE)
    applying.submit(by=actor, application=made, at=OPEN)
    with pytest.raises(ConflictError, match="take it back"):
        applying.save(by=actor, application=made, seen=kept.saved + 1, values=WHOLE)
    applying.take_back(by=actor, application=made, at=OPEN)
    applying.discard(by=actor, application=made)
    assert not Application.objects.filter(pk=made.pk).exists()


def test_a_letter_gives_nobody_elses_account_away(who: Any, built: None) -> None:
    """Somebody with an account signs in; a link alone must not open it."""
    call = opened()
    made, actor = begun(call)
    secret = applying.invite(by=actor, application=made, email="keeper@keeper.example")
    with pytest.raises(ConflictError, match="sign in"):
        applying.join(secret=secret, password="three words unrelated 9")
    with pytest.raises(ForbiddenError, match="somebody else"):
        applying.join(secret=secret, user=who("panel-1"))
    assert applying.join(secret=secret, user=who("keeper")).may("commission.apply")
    weak = applying.invite(by=actor, application=made, email="new@mereton.example")
    with pytest.raises(InputError, match="password"):
        applying.join(secret=weak, password="1234")


def test_files_are_kept_aside_by_digest(settings: Any, tmp_path: Any) -> None:
    """A file that changed on the disk must not pass for what came in."""
    settings.HOME = tmp_path
    made, actor = begun(opened())
    held = applying.attach(by=actor, application=made, name="../../plan.pdf", content=b"%PDF made up")
    assert (held.name, applying.content_of(held)) == ("plan.pdf", b"%PDF made up")
    assert applying.attach(by=actor, application=made, name="again.pdf", content=b"%PDF made up") == held
    with pytest.raises(InputError, match="must end in"):
        applying.attach(by=actor, application=made, name="run.exe", content=b"x")
    (applying.folder() / held.digest).write_bytes(b"other")
    with pytest.raises(InputError, match="not what it was"):
        applying.content_of(held)
    applying.discard(by=actor, application=made)
    assert list(applying.folder().iterdir()) == []


def test_conflicts_are_found_and_a_person_decides(call: Call, who: Any) -> None:
    """By domain here; by interest, tie and authorship in the tests of the rule."""
    held = CallConflict.objects.filter(user=who("panel-5"))
    assert {(one.application.body, one.ground, one.state) for one in held} == {
        ("Larkmere East", "same employer", "proposed"), ("Larkmere West", "same employer", "proposed"),
    }  # fmt: skip
    first, second = held
    with pytest.raises(ForbiddenError, match="Somebody else"):
        assessing.settle_conflict(by=who("panel-5").actor, conflict=first, stands=False, why="x")
    with pytest.raises(InputError, match="Say why"):
        assessing.settle_conflict(by="usr:k", conflict=first, stands=False)
    assessing.settle_conflict(by="usr:k", conflict=first, stands=False, why="They left in 2020.")
    assessing.settle_conflict(by="usr:k", conflict=second, stands=True)
    seen = set(Application.objects.filter(call=call).visible_to(who("panel-5")))
    assert first.application in seen and second.application not in seen
    body = Organisation.objects.register(name="Mereton Town", sort="council")
    Application.objects.filter(call=call, body="Mereton Town").update(organisation=body)
    declare_interest(by=who("panel-2").pk, user=who("panel-2"), about=body.pk, what="I advise them.")
    assessing.declare_ties(by="x", call=call, user=who("panel-3"), ties=["Brookfield council", ""])
    told = set(CallConflict.objects.exclude(user=who("panel-5")).values_list("application__body", "ground", "user"))
    assert told == {
        ("Mereton Town", "declared interest", who("panel-2").pk),
        ("Brookfield North", "declared tie", who("panel-3").pk),
        ("Brookfield South", "declared tie", who("panel-3").pk),
    }


def test_a_decision_stands_apart_and_a_departure_needs_a_reason(call: Call) -> None:
    """Reviews, what was moderated and what was determined are three records."""
    found = weighed(call)
    assert found.portfolio is not None and found.portfolio.chosen is not None
    out = next(one for one in call.applications.judged() if one.pk not in found.portfolio.chosen.names)
    with pytest.raises(InputError, match="departs from what came out"):
        deciding.determine(by="usr:d", application=out, decision="chosen", reasons="Good.")
    with pytest.raises(InputError, match="public words"):
        deciding.determine(by="usr:d", application=out, decision="chosen", why="Nobody else covers the hills.")
    with pytest.raises(ConflictError, match="Not every"):
        deciding.announce(by="usr:d", call=call)
    before = found.values[out.pk]
    assessing.moderate(by="usr:k", application=out, criterion="need", points=4, why="Agreed together.")
    again = weighed(call)
    assert again.values[out.pk] > before and out.assessments.first().scores.exists()


def test_what_is_announced_names_winners_only_and_totals_hold(call: Call, who: Any) -> None:
    """Awards come from decisions, and the public hears how sure they were."""
    chosen = set(weighed(call).portfolio.chosen.names)  # type: ignore[union-attr]
    for one in call.applications.judged():
        decision = Determination.CHOSEN if one.pk in chosen else Determination.DECLINED
        deciding.determine(
            by="usr:d",
            application=one,
            decision=decision,
            reasons="Good." if one.pk in chosen else "",
            feedback="Thank you.",
        )
    made = deciding.announce(by="usr:d", call=call)
    assert made.counts == {"received": 8, "eligible": 8, "chosen": 4, "departures": 0}
    assert (
        made.breadth["price"] == pytest.approx(made.breadth["free"] - made.breadth["chosen"])
        and 0 < made.reliability["icc"] < 1
    )
    assert sorted(Award.objects.filter(call=call).values_list("body", flat=True)) == sorted(
        Application.objects.filter(pk__in=chosen).values_list("body", flat=True)
    )
    assert CallOutcome.objects.count() == 1 and differences() == []
    with pytest.raises(ConflictError):
        deciding.announce(by="usr:d", call=call)


def test_a_lot_only_where_the_rules_have_one_and_in_this_order(call: Call, who: Any) -> None:
    """Rules that were published without a lot cannot be given one afterwards."""
    with pytest.raises(ConflictError, match="have no lot"):
        lots.commit(by="usr:1", call=call, custodian="First", commitment=commitment("a1"))
    with pytest.raises(ConflictError, match="have no lot"):
        lots.freeze(by=who("officer"), call=call)


def test_open_award_data_hold_real_awards_only(call: Call) -> None:
    """Made-up awards among real ones would poison everybody's data; the six councils are there with their source."""
    rows = giving.rows()
    assert sorted(row["recipient"] for row in rows) == [
        "Darlington",
        "Hillingdon",
        "Lambeth",
        "Southampton",
        "Stockport",
        "Wigan",
    ]
    grants = json.loads(giving.as_json())["grants"]
    assert all(one["awardDate"] == "2019-01-25" and "amountAwarded" not in one and one["dataSource"] for one in grants)
    assert giving.as_csv().startswith("Identifier,Title,") and len(giving.as_csv().splitlines()) == 7
    first = Call.objects.get(slug="first-partners-2018")
    assert first.awards.count() == 0 and "21 local authorities" in first.facts.order_by("order")[0].told


def announced(call: Call) -> Award:
    """One of the awards, after everything was decided as it came out."""
    chosen = set(weighed(call).portfolio.chosen.names)  # type: ignore[union-attr]
    for one in call.applications.judged():
        decision = Determination.CHOSEN if one.pk in chosen else Determination.DECLINED
        deciding.determine(by="usr:d", application=one, decision=decision, reasons="Good." if one.pk in chosen else "")
    deciding.announce(by="usr:d", call=call)
    found: Award = Award.objects.filter(call=call).order_by("pk")[0]
    return found


TODAY = datetime.date(2026, 5, 1)


def test_nothing_starts_unsigned_and_no_old_version_is_signed(call: Call) -> None:
    """Work begins when both sides signed what stands."""
    award = announced(call)
    with pytest.raises(ConflictError, match="no way"):
        agreeing.move(by="usr:k", award=award, name="start")
    agreeing.move(by="usr:d", award=award, name="approve")
    for kind in Agreement.KINDS:
        agreeing.add_agreement(by="usr:k", award=award, kind=kind, text="Made up, first.")
        newest = agreeing.add_agreement(by="usr:k", award=award, kind=kind, text="Made up, second.")
        with pytest.raises(ConflictError, match="not signed"):
            agreeing.move(by="usr:k", award=award, name="start")
        old = award.agreements.get(kind=kind, number=1)
        with pytest.raises(ConflictError, match="newer version"):
            agreeing.sign(
                by="usr:k", agreement=old, party=Signature.CENTRE, name="An officer", capacity="Director", on=TODAY
            )
        for party in (Signature.CENTRE, Signature.HOLDER):
            agreeing.sign(by="usr:k", agreement=newest, party=party, name="An officer", capacity="Director", on=TODAY)
    assert agreeing.move(by="usr:k", award=award, name="start").state == "running"


def test_an_award_runs_to_its_end(call: Call) -> None:
    """Nobody approves twice, nothing closes with a claim open."""
    award, today = announced(call), TODAY
    Award.objects.filter(pk=award.pk).update(state="running")  # as after signing, which the test above goes through
    milestone = agreeing.plan(by="usr:k", award=award, title="Workers in post", due=datetime.date(2026, 9, 1))
    agreeing.accept(
        by="usr:k", deliverable=agreeing.hand_over(by="usr:k", milestone=milestone, title="A list of posts")
    )
    award.refresh_from_db()
    with pytest.raises(InputError, match="are left"):
        claiming.claim(by="usr:h", award=award, amount=award.amount + 1, since=today, until=today, what_for="x")
    asked = claiming.claim(by="usr:h", award=award, amount=1000, since=today, until=today, what_for="Posts")
    with pytest.raises(ForbiddenError, match="cannot approve"):
        claiming.approve(by="usr:h", claim=asked, approved=True)
    claiming.approve(by="usr:k", claim=asked, approved=True)
    with pytest.raises(ForbiddenError, match="second person"):
        claiming.approve(by="usr:k", claim=asked, approved=True)
    with pytest.raises(ConflictError, match="no way"):
        claiming.pay(by="usr:f", claim=asked)
    claiming.approve(by="usr:f", claim=asked, approved=True)
    varied = agreeing.propose_variation(by="usr:k", award=award, why="A longer summer.", more=500)
    with pytest.raises(ForbiddenError, match="Somebody else"):
        agreeing.approve_variation(by="usr:k", variation=varied)
    before = award.amount
    assert agreeing.approve_variation(by="usr:d", variation=varied).amount == before + 500
    agreeing.move(by="usr:k", award=award, name="begin to close")
    with pytest.raises(ConflictError, match="still open"):
        agreeing.move(by="usr:d", award=award, name="complete")
    claiming.pay(by="usr:f", claim=asked)
    assert agreeing.move(by="usr:d", award=award, name="complete").state == "complete"
    assert differences() == []


def test_those_who_were_chosen_hand_over_and_claim_by_themselves(call: Call) -> None:
    """On the page of their application; what is wrong is said and what was typed stays; others find no such page."""
    award = announced(call)
    Award.objects.filter(pk=award.pk).update(state="running")
    agreeing.plan(by="usr:k", award=award, title="Workers in post", due=datetime.date(2026, 9, 1))
    application = award.application
    assert application is not None
    author, stranger = Client(), Client()
    author.force_login(User.objects.get(pk=application.authors.get().user_id))
    stranger.force_login(User.objects.get(pk=call.applications.exclude(pk=application.pk)[0].authors.get().user_id))
    where = f"/applications/{application.pk}/"
    told = {
        "step": "claim",
        "amount": "0",
        "since": "2026-05-01",
        "until": "2026-06-30",
        "what_for": "Posts of May and June",
    }
    wrong = author.post(where, told)
    assert wrong.status_code == 400 and "How much, in whole pounds?" in wrong.content.decode()
    assert "Posts of May and June" in wrong.content.decode() and not award.claims.exists()
    assert author.post(where, told | {"amount": "1000"}).status_code == 302
    milestone = award.milestones.get()
    handed = {"step": "hand-over", "milestone": milestone.pk, "title": "A list of posts", "where": "By post"}
    wrong = author.post(where, handed | {"title": ""})
    assert wrong.status_code == 400 and 'value="By post"' in wrong.content.decode(), "what was typed is kept"
    assert author.post(where, handed).status_code == 302
    page = author.get(where).content.decode()
    assert "Claim 1: £1,000" in page and "A list of posts (By post)" in page and "not accepted yet" in page
    assert stranger.post(where, told | {"amount": "5"}).status_code == 404 and award.claims.count() == 1
    claiming.approve(by="usr:k", claim=award.claims.get(), approved=False, why="No bill came with it.")
    assert "No bill came with it." in author.get(where).content.decode()
