"""Signing off: an approver who neither rated nor moderated approves what was agreed, sends it back, or takes it back later."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError
from whatworks.extract.models import Contrast, Study
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Event
from whatworks.people.models import User
from whatworks.rate.asking import checked_why, locked, refuse_newer
from whatworks.rate.conflicts import refuse_interest
from whatworks.rate.methods.grade import LOWERING, RAISING
from whatworks.rate.models import Assessment, Moderation, RecordedJudgement, Revocation, Signoff
from whatworks.rate.moderating import last_of, seen_of
from whatworks.rate.rated_things import Thing, thing_rated
from whatworks.saying import said
from whatworks.synthesise.following import ask_followers
from whatworks.synthesise.models import Synthesis

RATED = said("You rated this yourself, so somebody else must sign it off; ask an approver who took no part.")
MODERATED = said("You recorded what was agreed, so somebody else must sign it off; ask an approver who took no part.")
BY = "two raters and an approver of this centre"


def why_not(actor: str, held: Assessment, moderation: Moderation | None) -> str:
    """Why this person cannot sign off what was agreed; empty where they can, as far as their part in it goes."""
    if held.raters.filter(user=actor).exists():
        return RATED  # also who was replaced: they have seen the form and said something
    if moderation is not None and Moderation.objects.filter(assessment=held, by=actor).exists():
        return MODERATED
    return ""


@transaction.atomic
def sign_off(*, by: str, assessment: Assessment | str, seen: str, approve: bool = True, why: str = "") -> Signoff:
    """Approve what was agreed last, or send it back with a reason. `seen` names the agreement that was read.

    Raises ForbiddenError for who rated or moderated it or has an interest, ConflictError where another agreement was
    recorded meanwhile, nothing waits, or something newer has taken the place of what was rated.
    """
    held = locked(assessment)
    moderation = last_of(held)
    if moderation is not None and (done := _already(by, moderation, seen)):
        return done
    if held.state != Assessment.MODERATED or moderation is None:
        raise ConflictError(said("Nothing waits for an approver here: two must rate it, and agree, first."))
    thing = thing_rated(held)
    _refuse_person(by, held, moderation, thing)
    if seen != seen_of(held):
        raise ConflictError(said("Something else was agreed since you read it; read it again, then approve it."))
    told = why.strip() if approve else checked_why(why, said("Say why you send it back"))
    made = _signed(by, moderation, approve, told, _recorded(held, moderation) if approve else None)
    held.state = Assessment.APPROVED if approve else Assessment.COMPARING
    held.save(update_fields=["state"])
    rows: list[Any] = [held, made, *([made.recorded] if made.recorded else [])]
    payload = {"decision": made.decision, "level": moderation.level, "override": moderation.override, "why": told}
    event = record(verb="rate.sign-off", by=by, about=[held.about_id], made=rows, payload=payload, audience=PUBLIC)
    if approve:
        _tell_pages(held, event)
    return made


def _tell_pages(held: Assessment, event: Event) -> None:
    """Mark the pages that show this rating: they say what people judged only once an editor has approved that."""
    mark_stale(*_behind(held), event=event)
    ask_followers(event.actor)


def _behind(held: Assessment) -> list[str]:
    """What pages rest on of that which was rated: the thing itself, and of a study also its results."""
    of = Contrast.objects.filter(study=held.about_id) if held.about.kind == Study.kind else Contrast.objects.none()
    return [held.about_id, *of.order_by("pk").values_list("pk", flat=True)]


def _already(by: str, moderation: Moderation, seen: str) -> Signoff | None:
    done = Signoff.objects.filter(moderation=moderation, by=by).first()
    return done if seen == moderation.pk else None


def _refuse_person(by: str, held: Assessment, moderation: Moderation, thing: Thing) -> None:
    user = User.objects.filter(pk=by).first()
    if user is None or not user.may("rate.approve"):
        raise ForbiddenError(said("Signing off a rating needs the role Approver of ratings; ask an administrator."))
    if refusal := why_not(by, held, moderation):
        raise ForbiddenError(refusal)
    refuse_interest(user, thing)
    refuse_newer(thing)


def _signed(by: str, moderation: Moderation, approve: bool, why: str, recorded: RecordedJudgement | None) -> Signoff:
    made: Signoff = Signoff.objects.create(
        id=Signoff.fresh(),
        moderation=moderation,
        decision=Signoff.APPROVED if approve else Signoff.RETURNED,
        why=why,
        first=moderation.first,
        second=moderation.second,
        moderator=moderation.by,
        by=by,
        at=timezone.now(),
        recorded=recorded,
    )
    return made


def _recorded(held: Assessment, moderation: Moderation) -> RecordedJudgement | None:
    """GRADE of a pooled result as pages show it: how sure people are, and by how many steps each reason moved it."""
    if held.scheme != "grade" or held.about.kind != Synthesis.kind:
        return None
    analysis = Synthesis.objects.get(pk=held.about_id).analysis
    steps = {name: moderation.answers.get(name, {}).get("value") or 0 for name in (*LOWERING, *RAISING)}
    domains = {name: -count if name in LOWERING else count for name, count in steps.items()}
    start = moderation.answers.get("start", {}).get("value") or "not recorded"
    made: RecordedJudgement = RecordedJudgement.objects.register(
        RecordedJudgement.derived(held.pk, moderation.pk),
        scheme="grade",
        analysis=analysis,
        design_start=start[:24],
        domains={name: moved for name, moved in domains.items() if moved or name in LOWERING},
        level=moderation.level.replace("-", " "),
        by=BY,
        source_url="",
    )
    return made


@transaction.atomic
def take_back(*, by: str, assessment: Assessment | str, why: str) -> Revocation:
    """Take an approval back, saying why: the rating is provisional again; what was judged stays readable. Once."""
    held = locked(assessment)
    signoff = Signoff.objects.filter(moderation__assessment=held, decision=Signoff.APPROVED).order_by("at").last()
    if signoff is not None and (done := Revocation.objects.filter(signoff=signoff).first()):
        return done
    if held.state != Assessment.APPROVED or signoff is None:
        raise ConflictError(said("It is not approved, so there is no approval to take back."))
    user = User.objects.filter(pk=by).first()
    if user is None or not user.may("rate.approve"):
        raise ForbiddenError(said("Taking an approval back needs the role Approver of ratings; ask an administrator."))
    refuse_interest(user, thing_rated(held))
    words = checked_why(why, said("Say why the approval is taken back"))
    made: Revocation = Revocation.objects.create(
        id=Revocation.fresh(), signoff=signoff, why=words, by=by, at=timezone.now()
    )
    held.state = Assessment.REVOKED
    held.save(update_fields=["state"])
    told = {"made": [held, made], "payload": {"why": words}, "audience": PUBLIC}
    _tell_pages(held, record(verb="rate.take-back", by=by, about=[held.about_id], **told))
    return made
