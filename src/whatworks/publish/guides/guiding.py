"""What people do with guides: open one, write it, send it, send it back, approve it, withdraw it, take it into use again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import computed, freshen, record
from whatworks.ledger.canonical import digest
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Artefact, Event
from whatworks.people.models import Interest
from whatworks.publish.guides.building import SCHEMA, build_guide, says
from whatworks.publish.guides.problems import problems
from whatworks.publish.methods.guide_text import Text, blank_guide, whole
from whatworks.publish.models import Guide, GuideDraft, GuideRevision, GuideStanding
from whatworks.publish.page.building import Built
from whatworks.rate.models import Rating
from whatworks.saying import said, said_of
from whatworks.scope.models import Intervention, Theme

METHOD = "publish.guide"
BY_RULE = "rule"


def slug_of(question: str) -> str:
    """The address that a question gives: its words with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", question.casefold()).strip("-")[:80].strip("-")


@transaction.atomic
def open_guide(*, by: str, question: str, theme: Theme, slug: str = "") -> Guide:
    """Begin a guide with its question. Raises InputError where the question is empty or its address is taken."""
    question, slug = " ".join(question.split()), slug or slug_of(question)
    if not question or not slug:
        raise InputError(said("Ask one question, in words; it becomes the title of the guide."))
    if len(question) > 200:
        raise InputError(said("The question has %(count)s characters; make it 200 or fewer.", count=len(question)))
    if Guide.objects.filter(slug=slug).exists():
        raise ConflictError(
            said("There is a guide at “%(slug)s” already; open that one, or ask another question.", slug=slug)
        )
    guide = Guide.objects.register(Guide.derived(slug), slug=slug, title=question, theme=theme)
    text = blank_guide(question)
    GuideDraft.objects.create(guide=guide, text=text, writers=[by], written_by=by, written_at=timezone.now())
    record(verb="publish.open-guide", by=by, made=[guide], payload={"question": question}, audience=PUBLIC)
    return guide


def draft_of(guide: Guide) -> GuideDraft:
    """The draft of a guide; where nobody has begun one, the text of its newest revision, not saved."""
    held = GuideDraft.objects.filter(guide=guide).first()
    if held:
        held.text = whole(held.text)
        return held
    newest = guide.newest()
    text = whole(newest.text) if newest else blank_guide(guide.title)
    return GuideDraft(guide=guide, text=text, version=0, writers=[])


@transaction.atomic
def write(*, by: str, guide: Guide, text: Text, seen: str) -> GuideDraft:
    """Keep what somebody has written. `seen` is the digest of the text they began from.

    The same text twice is one version. Raises ConflictError where somebody else has written since; nothing is lost,
    since the caller still holds the text.
    """
    Guide.objects.select_for_update().get(pk=guide.pk)
    held: Any = draft_of(guide)
    made = whole(text)
    if held.version and held.text == made:
        return held
    if digest(held.text) != seen:
        raise ConflictError(
            said("Somebody else has written this guide since you began. Both texts are below; yours is not lost.")
        )
    held.text, held.version = made, held.version + 1
    held.writers = sorted({*held.writers, by})
    held.written_by, held.written_at, held.sent_for = by, timezone.now(), ""
    held.save()
    if guide.newest() is None and made["question"]:
        guide.title = made["question"][:200]
        guide.save(update_fields=["title"])
        guide.retitle()
    record(verb="publish.write-guide", by=by, about=[guide], payload={"version": held.version, "text": made})
    return held


@transaction.atomic
def send(*, by: str, guide: Guide, what_for: str, seen: str) -> GuideDraft:
    """Hand the draft to an approver, to ask people about it or to publish it. Refused while it has problems."""
    held = _waiting(guide, seen)
    if what_for not in (GuideDraft.CONSULTATION, GuideDraft.APPROVAL):
        raise InputError(said("Say what it is sent for: a consultation, or approval."))
    if found := problems(held.text):
        raise InputError(
            said_of(
                len(found),
                "It has %(count)s problem to mend first: %(sentence)s",
                "It has %(count)s problems to mend first: %(sentence)s",
                count=len(found),
                sentence=found[0].sentence,
            )
        )
    if held.sent_for != what_for:
        held.sent_for, held.returned = what_for, ""
        held.save()
        record(verb="publish.send-guide", by=by, about=[guide], payload={"for": what_for})
    return held


@transaction.atomic
def send_back(*, by: str, guide: Guide, why: str, seen: str) -> GuideDraft:
    """Give the draft back to its writers, saying why."""
    held = _waiting(guide, seen)
    if not held.sent_for:
        raise ConflictError(said("This draft is with its writers already."))
    if not why.strip():
        raise InputError(said("Say why it goes back; its writers need to know what to change."))
    held.sent_for, held.returned = "", why.strip()
    held.save()
    record(verb="publish.return-guide", by=by, about=[guide], payload={"why": held.returned})
    return held


def _waiting(guide: Guide, seen: str) -> GuideDraft:
    held = GuideDraft.objects.select_for_update().filter(guide=guide).first()
    if held is None:
        raise ConflictError(said("Nobody has written a new draft of “%(title)s”.", title=guide.title))
    held.text = whole(held.text)
    if digest(held.text) != seen:
        raise ConflictError(said("“%(title)s” has changed since you read it; read it again.", title=guide.title))
    return held


def readied(*, by: str, guide: Guide, what_for: str, seen: str) -> tuple[GuideDraft, Built]:
    """The draft that an approver read, built now. Raises where it may not go out, or not by this person."""
    held = GuideDraft.objects.select_for_update().filter(guide=guide).first()
    if held is None or held.sent_for != what_for:
        raise ConflictError(said("“%(title)s” was not sent for this; ask its writers.", title=guide.title))
    if by in held.writers:
        raise ForbiddenError(said("You wrote a part of this guide; somebody who did not must read and approve it."))
    held.text = whole(held.text)
    if found := problems(held.text):
        raise InputError(said("It has a problem to mend first: %(sentence)s", sentence=found[0].sentence))
    built = build_guide(guide, held.text)
    refuse_interested(by, built)
    if seen and seen != digest(built.content):
        raise ConflictError(
            said("“%(title)s” has changed since you read it; read it again, then decide.", title=guide.title)
        )
    return held, built


def refuse_interested(by: str, built: Built) -> None:
    """Refuse an approver who declared an interest in something that the guide rests on."""
    tops = set(Rating.objects.filter(pk__in=built.rests_on).values_list("intervention", flat=True))
    family = Intervention.objects.filter(Q(pk__in=tops) | Q(part_of__in=tops)).values("pk")
    one = Interest.objects.standing().filter(user=by, about__in=family).select_related("about").order_by("pk").first()
    if one:
        raise ForbiddenError(
            said(
                "You declared an interest in %(title)s, on which it rests; somebody else must approve it.",
                title=one.about.title,
            )
        )


@transaction.atomic
def approve_guide(*, by: str, guide: Guide, what_changed: str = "", seen: str = "") -> GuideRevision:
    """Publish the draft as the next revision. `seen` is the digest of what the approver read."""
    Guide.objects.select_for_update().get(pk=guide.pk)
    held, built = readied(by=by, guide=guide, what_for=GuideDraft.APPROVAL, seen=seen)
    newest = guide.newest()
    if newest and not what_changed.strip():
        raise InputError(said("Say in a sentence what changed and why; readers see it in the guide's history."))
    revision = _publish(by, guide, held, built, newest, what_changed.strip() or "First version of this guide.")
    held.delete()
    payload = {"what": revision.what_changed}
    record(verb="publish.approve-guide", by=by, about=[guide], made=[revision], payload=payload, audience=PUBLIC)
    return revision


def _publish(
    by: str, guide: Guide, held: GuideDraft, built: Built, newest: GuideRevision | None, what_changed: str
) -> GuideRevision:
    number, now = (newest.number + 1 if newest else 1), timezone.now()
    approved = {"on": f"{timezone.localtime(now):%-d %B %Y}", "by": approver(by)}
    content = built.content | {"revision": number, "identifier": guide.pk, "approved": approved}
    revision: GuideRevision = GuideRevision.objects.register(
        GuideRevision.derived(guide.pk, number),
        guide=guide,
        number=number,
        content=content,
        text=held.text,
        approved_by=by,
        approved_at=now,
        what_changed=what_changed,
    )
    rest_on(revision, built, newest.pk if newest else "")
    guide.title = content["title"][:200]
    guide.save(update_fields=["title"])
    guide.retitle()
    return revision


def rest_on(output: Any, built: Built, replaces: str) -> None:
    """Say in the ledger what a frozen guide was made from, so that it goes stale with it."""
    rows = list(built.rests_on)
    computed(output=output, method=METHOD, version=str(SCHEMA), inputs=rows, rests_on=rows, replaces=replaces)


def approver(by: str) -> str:
    """Who let it out, in words for readers."""
    return (
        "shown by rule for this demonstration; no person has signed it"
        if by.startswith(BY_RULE)
        else "approved by an editor who did not write it"
    )


@transaction.atomic
def withdraw_guide(*, by: str, guide: Guide, why: str) -> GuideStanding:
    """Withdraw a guide: it stays at its address, and says that it is withdrawn and why."""
    return _stand(by, guide, why, withdrawn=True)


@transaction.atomic
def reinstate_guide(*, by: str, guide: Guide, why: str) -> GuideStanding:
    """Take a withdrawn guide into use again."""
    return _stand(by, guide, why, withdrawn=False)


def _stand(by: str, guide: Guide, why: str, *, withdrawn: bool) -> GuideStanding:
    Guide.objects.select_for_update().get(pk=guide.pk)
    verb = said("withdrawn") if withdrawn else said("taken into use again")
    if not why.strip():
        raise InputError(said("Say why the guide is %(verb)s; readers see the reason.", verb=verb))
    if bool(guide.withdrawn()) == withdrawn or not Guide.objects.shown().filter(pk=guide.pk).exists():
        raise ConflictError(
            said("“%(title)s” cannot be %(verb)s as it stands; read it again.", title=guide.title, verb=verb)
        )
    made = GuideStanding.objects.create(
        id=GuideStanding.fresh(),
        guide=guide,
        number=guide.standings.count() + 1,
        withdrawn=withdrawn,
        reason=why.strip(),
        by=by,
        at=timezone.now(),
    )
    record(
        verb=f"publish.{'withdraw' if withdrawn else 'reinstate'}-guide",
        by=by,
        about=[guide],
        made=[made],
        audience=PUBLIC,
    )
    return made


def look_again(*, unless: Iterable[str] = ()) -> int:
    """Take the stale mark from guides that would come out word for word the same from the same rows.

    After one of the events named in `unless`, a person looks all the same.
    """
    fresh = 0
    eyes = Event.objects.filter(verb__in=list(unless)).values("uid")
    stale = Artefact.objects.stale().exclude(stale_event__in=eyes).values("pk")
    for one in GuideRevision.objects.filter(pk__in=stale).select_related("guide__theme").order_by("pk"):
        built = build_guide(one.guide, whole(one.text))
        held = set(one.subject.rests_on.values_list("input_id", flat=True))
        if says(one.content) == says(built.content) and held == set(built.rests_on):
            freshen(one.pk)
            fresh += 1
    return fresh
