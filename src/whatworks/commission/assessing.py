"""Who assesses, what may sway them, and what they score: each alone, with a reason for every score, until all are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from whatworks.collate.models import Report
from whatworks.commission.calling import EVERY
from whatworks.commission.methods.relating import OWN, TIE, Applicant, Judge, grounds
from whatworks.commission.methods.rules import Criterion
from whatworks.commission.methods.workflow import APPLICATION, ASSESS, DECIDE, PAY, RUN, step
from whatworks.commission.models import (
    Application,
    Appointment,
    Assessment,
    Call,
    CallConflict,
    CriterionScore,
    Determination,
    Moderation,
)
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.models import Contrast
from whatworks.ledger.actions import record_node
from whatworks.people.interests import checked_words
from whatworks.people.models import Interest, User
from whatworks.people.roles import roles
from whatworks.saying import said

Given = Mapping[str, tuple[int, str]]  # by criterion: the score and the reason for it


@transaction.atomic
def appoint(*, by: str, call: Call, user: User, role: str) -> Appointment:
    """Appoint somebody to assess the applications of a call, or to decide on them. Done twice, it is done once."""
    needs = {Appointment.ASSESSOR: ASSESS, Appointment.DECIDER: DECIDE}.get(role)
    if needs is None:
        raise InputError(said("Somebody is appointed as assessor or as decider."))
    if not user.may(needs):
        raise InputError(said("They have not the role that this takes; an administrator can give it."))
    if Call.objects.get(pk=call.pk).state in ("decided", "cancelled"):
        raise ConflictError(said("The call is over; nobody is appointed any more."))
    made, new = Appointment.objects.get_or_create(
        call=call, user=user, role=role, defaults={"id": Appointment.fresh(), "by": by, "at": timezone.now()}
    )
    if new:
        record_node(verb="commission.appoint", by=by, about=[call, user.pk, made])
    return made


@transaction.atomic
def declare_ties(*, by: str, call: Call, user: User, ties: Iterable[str]) -> None:
    """Say which bodies one is tied to (employers, family, friends), or that there are none, before seeing any application."""
    held = Appointment.objects.filter(call=call, user=user)
    if not held.exists():
        raise ForbiddenError(said("You are not appointed for this call."))
    told = sorted({" ".join(one.split())[:200] for one in ties if one.strip()})
    held.update(ties=told, declared_at=timezone.now())
    record_node(verb="commission.declare-ties", by=by, about=[call, user.pk])
    find_conflicts(by="rule:conflicts", call=call)


@transaction.atomic
def find_conflicts(*, by: str, call: Call) -> int:
    """Propose every conflict that the record shows, for everybody who has to do with calls. Returns how many are new."""
    judges = [_judge(user, call) for user in people_of(call)]
    new = 0
    for application in call.applications.handed_in():
        applicant = _applicant(application)
        for judge in judges:
            for ground in grounds(judge, applicant):
                _made, fresh = CallConflict.objects.get_or_create(
                    application=application, user_id=judge.account, ground=ground.rule,
                    defaults={"id": CallConflict.fresh(), "seen": str(ground.seen), "at": timezone.now()},
                )  # fmt: skip
                new += fresh
    if new:
        record_node(verb="commission.find-conflicts", by=by, about=[call], payload={"new": new})
    return new


def people_of(call: Call) -> list[User]:
    """Whoever is appointed for a call, and whoever by a role runs, decides or pays."""
    wide = [role.key for role in roles().values() if role.may & {RUN, DECIDE, PAY}]
    chosen = Q(assignments__role__in=wide) | Q(pk__in=call.appointments.values("user"))
    return list(User.objects.filter(chosen).distinct().order_by("pk"))


def _judge(user: User, call: Call) -> Judge:
    interests = Interest.objects.standing().filter(user=user).values_list("about", flat=True)
    ties = [tie for held in call.appointments.filter(user=user) for tie in held.ties]
    return Judge(user.pk, user.name, user.email, frozenset(interests), tuple(ties))


def _applicant(application: Application) -> Applicant:
    subjects = {application.organisation_id, application.area_id, application.intervention_id} - {None}
    authors = application.authors.all()
    written: set[str] = set()
    if application.intervention_id:
        cited = Contrast.objects.filter(intervention=application.intervention_id).values("report")
        for line in Report.objects.filter(pk__in=cited).exclude(authors="").values_list("authors", flat=True):
            written.update(line.split("; "))
    return Applicant(
        application.body, frozenset(subjects), frozenset(one.user_id for one in authors if one.user_id),
        tuple(sorted(one.email for one in authors)), tuple(sorted(written)),
    )  # fmt: skip


@transaction.atomic
def recuse(*, by: str, application: Application, user: User, why: str) -> CallConflict:
    """Say oneself that one is too close. It stands at once."""
    told = checked_words(why, said("Say what ties you to it"))
    made, _new = CallConflict.objects.update_or_create(
        application=application, user=user, ground=TIE,
        defaults={"seen": told, "state": CallConflict.STANDS, "decided_by": by, "at": timezone.now()},
        create_defaults={
            "id": CallConflict.fresh(), "seen": told, "state": CallConflict.STANDS, "decided_by": by, "at": timezone.now(),
        },
    )  # fmt: skip
    _drop_unfinished(application, user)
    record_node(verb="commission.recuse", by=by, about=[application, user.pk])
    return made


@transaction.atomic
def settle_conflict(*, by: str, conflict: CallConflict, stands: bool, why: str = "") -> CallConflict:
    """Decide that a conflict stands, or is none (with the reason). Nobody decides on their own; one's own application always stands."""
    held = CallConflict.objects.select_for_update().get(pk=conflict.pk)
    if held.user_id == by:
        raise ForbiddenError(said("Somebody else must decide on your own conflict."))
    if not stands and held.ground == OWN:
        raise InputError(said("Nobody judges their own application; this conflict stands."))
    if not stands and not why.strip():
        raise InputError(said("Say why this is no conflict; the reason stays on record."))
    held.state = CallConflict.STANDS if stands else CallConflict.DISMISSED
    held.why, held.decided_by, held.at = why.strip(), by, timezone.now()
    held.save()
    if stands:
        _drop_unfinished(held.application, held.user)
    record_node(verb="commission.settle-conflict", by=by, about=[held.application, held.user_id])
    return held


def _drop_unfinished(application: Application, user: User) -> None:
    """What was begun and not handed in goes; a score that was handed in before a conflict was known is kept out by the reader."""
    Assessment.objects.filter(application=application, user=user, submitted_at=None).delete()


@transaction.atomic
def judge_gateways(*, by: str, application: Application, eligible: bool, why: str = "") -> Application:
    """Say whether an application passes the gateways. A refusal needs a reason, which its authors read when the call is decided."""
    held = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    if held.call.state != "assessing":
        raise ConflictError(said("Gateways are checked after the call has closed and before it is decided."))
    if not eligible and not why.strip():
        raise InputError(said("Say which gateway it does not pass, and why; the applicant reads it."))
    held.state = step(APPLICATION, held.state, "find eligible" if eligible else "find not eligible", EVERY).to
    held.save(update_fields=["state"])
    if not eligible:
        no = Determination.DECLINED
        Determination.objects.create(
            id=Determination.fresh(), application=held, decision=no, came_out=no, feedback=why.strip(), by=by,
            at=timezone.now(),
        )  # fmt: skip
    record_node(verb="commission.gateways", by=by, about=[held.call, held], payload={"eligible": eligible})
    return held


@transaction.atomic
def score(*, by: str, user: User, application: Application, given: Given, hand_in: bool) -> Assessment:
    """Keep somebody's scores on an application, each with its reason; handed in, they stay as they are.

    Raises ForbiddenError for one who is not appointed, has not said what they are tied to, or has a conflict; InputError for what lacks.
    """
    held = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    _refuse_stranger(held, user)
    if held.call.state != "assessing" or held.state != "eligible":
        raise ConflictError(said("This application is not being assessed now."))
    made, _new = Assessment.objects.get_or_create(
        application=held, user=user, defaults={"id": Assessment.fresh(), "at": timezone.now()}
    )
    if made.submitted_at is not None:
        raise ConflictError(said("You have handed in your scores on this one; they stay as they are."))
    criteria = {one.key: one for one in held.call.rules().criteria}
    for key, (points, why) in given.items():
        _refuse_score(criteria.get(key), points, why)
        CriterionScore.objects.update_or_create(
            assessment=made, criterion=key, defaults={"score": points, "why": why.strip()},
            create_defaults={"id": CriterionScore.fresh(), "score": points, "why": why.strip()},
        )  # fmt: skip
    if hand_in:
        if lacking := [one.title for key, one in criteria.items() if not made.scores.filter(criterion=key).exists()]:
            raise InputError(said("There is no score yet on “%(title)s”.", title=lacking[0]))
        made.submitted_at = timezone.now()
        made.save(update_fields=["submitted_at"])
    record_node(verb="commission.score", by=by, about=[held], payload={"handed in": hand_in})
    return made


def _refuse_stranger(application: Application, user: User) -> None:
    appointed = application.call.appointments.filter(user=user, role=Appointment.ASSESSOR).first()
    if appointed is None:
        raise ForbiddenError(said("You are not appointed to assess this call."))
    if appointed.declared_at is None:
        raise ForbiddenError(said("Say first which bodies you are tied to, or that there are none."))
    if not Application.objects.filter(pk=application.pk).visible_to(user).exists():
        raise ForbiddenError(said("You have a conflict with this application."))


def _refuse_score(criterion: Criterion | None, points: int, why: str) -> None:
    if criterion is None or points not in criterion.points:
        raise InputError(said("There is no such score, or no such criterion, in the rules of this call."))
    if not why.strip():
        raise InputError(
            said("Give the reason for the score on “%(title)s”; each score needs one.", title=criterion.title)
        )


@transaction.atomic
def moderate(*, by: str, application: Application, criterion: str, points: int, why: str) -> Moderation:
    """Keep what assessors agreed on after scoring ended. Their own scores stay beside it."""
    held = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    if held.call.state != "deciding":
        raise ConflictError(said("Scores are moderated after scoring has ended and before the call is decided."))
    _refuse_score({one.key: one for one in held.call.rules().criteria}.get(criterion), points, why)
    told = {"score": points, "why": why.strip(), "by": by, "at": timezone.now()}
    made, _new = Moderation.objects.update_or_create(
        application=held, criterion=criterion, defaults=told, create_defaults={"id": Moderation.fresh(), **told}
    )
    record_node(verb="commission.moderate", by=by, about=[held])
    return made
