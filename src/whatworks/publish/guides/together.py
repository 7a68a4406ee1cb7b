"""What people do when others are asked about a draft: open a consultation, respond, enter a letter, answer."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.publish.guides.building import build_guide
from whatworks.publish.guides.guiding import approver, readied, rest_on
from whatworks.publish.methods.guide_text import Text, whole
from whatworks.publish.models import Consultation, Guide, GuideDraft, Response, ResponseAnswer
from whatworks.publish.page.building import Built
from whatworks.saying import dated, said

ILLUSTRATED = 60  # days for which an illustration can be commented on
LONGEST = 20_000  # characters of a response: a letter of about six pages


@transaction.atomic
def consult(*, by: str, guide: Guide, closes_on: datetime.date, seen: str = "") -> Consultation:
    """Show the draft to everybody, marked as a draft, and ask about it until a day, that day included."""
    Guide.objects.select_for_update().get(pk=guide.pk)
    held, built = readied(by=by, guide=guide, what_for=GuideDraft.CONSULTATION, seen=seen)
    if closes_on <= timezone.localdate():
        raise InputError(
            said(
                "%(closes_on)s is not to come; give people a later day to answer by.",
                closes_on=dated(closes_on),
            )
        )
    made = _put_out(by, guide, built, held.text, closes_on)
    held.sent_for = ""
    held.save()
    return made


@transaction.atomic
def show_illustrations(*, by: str) -> list[Consultation]:
    """Put out, by rule and marked as such, the drafts that ship to show what a guide looks like; each once."""
    drafts = GuideDraft.objects.filter(guide__illustration=True, guide__consultations=None, guide__revisions=None)
    closes_on = timezone.localdate() + datetime.timedelta(days=ILLUSTRATED)
    made = []
    for held in drafts.select_related("guide__theme").order_by("pk"):
        text = whole(held.text)
        made.append(_put_out(by, held.guide, build_guide(held.guide, text), text, closes_on))
    return made


def _put_out(by: str, guide: Guide, built: Built, text: Text, closes_on: datetime.date) -> Consultation:
    before = guide.consulted()
    number, now = (before.number + 1 if before else 1), timezone.now()
    asked = {"number": number, "on": f"{timezone.localtime(now):%-d %B %Y}", "by": approver(by)}
    made: Consultation = Consultation.objects.register(
        Consultation.derived(guide.pk, number),
        guide=guide,
        number=number,
        content=built.content | {"identifier": guide.pk, "consultation": asked},
        text=text,
        opened_by=by,
        opened_at=now,
        closes_on=closes_on,
    )
    rest_on(made, built, before.pk if before else "")
    record(
        verb="publish.consult", by=by, about=[guide], made=[made], payload={"closes": str(closes_on)}, audience=PUBLIC
    )
    return made


@transaction.atomic
def respond(
    *,
    by: str,
    consultation: Consultation,
    speaks_as: str,
    text: str,
    about: str = "",
    may_show: bool = False,
    came_by: str = Response.FORM,
    token: str = "",
) -> Response:
    """Keep what somebody says of a draft. The same form sent twice (one `token`) is one response.

    A letter that came by post may be entered after the last day, since it may have been sent before.
    """
    speaks_as, text = " ".join(speaks_as.split()), text.strip()
    identifier = Response.derived(consultation.pk, by, token) if token else Response.fresh()
    if held := Response.objects.filter(pk=identifier).first():
        return held
    _refuse_unfit(consultation, speaks_as, text, about, came_by)
    made = Response.objects.create(
        id=identifier,
        consultation=consultation,
        about=about,
        speaks_as=speaks_as[:120],
        text=text,
        may_show=may_show,
        came_by=came_by,
        by=by,
        at=timezone.now(),
    )
    record(verb="publish.respond", by=by, about=[consultation], made=[made], payload={"by": came_by})
    return made


def _refuse_unfit(consultation: Consultation, speaks_as: str, text: str, about: str, came_by: str) -> None:
    if came_by == Response.FORM and not consultation.open_on(timezone.localdate()):
        raise ConflictError(
            said(
                "This consultation closed on %(closes_on)s; your words were not kept.",
                closes_on=dated(consultation.closes_on),
            )
        )
    if not text or not speaks_as:
        raise InputError(said("Say what you think of the draft, and as whom you speak, such as “a foster carer”."))
    if len(text) > LONGEST:
        raise InputError(
            said(
                "This has %(count)s characters; make it %(longest)s or fewer, or send a letter.",
                count=f"{len(text):,}",
                longest=f"{LONGEST:,}",
            )
        )
    keys = {one["key"] for one in consultation.content["recommendations"]}
    if about and about not in keys:
        raise InputError(said("Choose the whole guide, or one of its recommendations."))


@transaction.atomic
def answer(*, by: str, response: Response, asked: str, did: str, seen: int = 0) -> ResponseAnswer:
    """Say in public what was asked, in our words, and what we did about it. `seen` is how many answers there were."""
    Guide.objects.select_for_update().get(pk=response.consultation.guide_id)
    asked, did = asked.strip(), did.strip()
    if not asked or not did:
        raise InputError(
            said("Say what was asked, in a sentence without names, and what you did about it or why nothing.")
        )
    held = response.answers.order_by("-number").first()
    if held and (held.asked, held.did, held.by) == (asked, did, by):
        return held
    if seen != (held.number if held else 0):
        raise ConflictError(
            said("Somebody else has answered this since you began; their answer is above, and yours is still here.")
        )
    made = ResponseAnswer.objects.create(
        id=ResponseAnswer.fresh(),
        response=response,
        number=seen + 1,
        asked=asked,
        did=did,
        by=by,
        at=timezone.now(),
    )
    record(verb="publish.answer", by=by, about=[response.consultation_id], made=[made], audience=PUBLIC)
    return made
