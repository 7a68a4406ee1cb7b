"""The guard of every public box that takes a text: nothing shows before a person read it, and everything can be deleted.

How a room above uses it, in four steps:

1. Its form is a `guarding_forms.GuardedForm` (or puts `GuardedMixin` first among its bases); its template has
   `{% include "convene/_guard.html" %}` right above the box, which has the trap as well.
2. Its view calls `guarding_forms.refuse_flood(request)` before it keeps anything.
3. Its verb calls `take(kind=…, content=…, by=…)` and keeps the `Text` that it gets, never the words. The kinds are in
   `definitions/moderation.toml`; a kind that is not `shown` is only read by those who work here.
4. Where it shows words it asks `words_of(text)`, which is empty unless a moderator let them show (or the kind is only read).

A text in which `methods.identifying` finds something goes into `Quarantined`, a table of its own that only those with the
permission `convene.quarantine` read. `delete` takes the words away for good; the row, its day and its event remain.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from whatworks.convene.guarding_policy import Kind, policy
from whatworks.convene.methods.identifying import likely_identifiers, reasons_of
from whatworks.convene.models import Moderated, Quarantined, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.models import Subject
from whatworks.ledger.work import enqueue
from whatworks.saying import said

Followed = Callable[[Text, str], object]
_when_shown: dict[str, list[Followed]] = {}


def when_shown(*kinds: str) -> Callable[[Followed], Followed]:
    """Declare what else is done, in the same transaction, when a moderator lets a text of a kind show: (text, by)."""

    def declare(step: Followed) -> Followed:
        for kind in kinds:
            _when_shown.setdefault(kind, []).append(step)
        return step

    return declare


PUBLIC_ACTOR = "public"  # somebody who is not signed in; who it was is not known, and is not asked
RULE = "rule:identifying"
KEPT_FOR = datetime.timedelta(
    days=180
)  # a text that was not shown: time to ask why, and for us to answer; then it goes
LONGEST = 5_000  # characters of one text


@transaction.atomic
def take(
    *,
    kind: str,
    content: str,
    by: str = PUBLIC_ACTOR,
    about: Subject | str | None = None,
    where: str = "",
    speaks_as: str = "",
    reply_to: str = "",
    apart: bool = False,
) -> Text:
    """Keep a text of the public: it waits for a moderator, or in doubt (or if `apart` says so) in quarantine.

    Raises InputError for a kind that the policy does not know, an empty text, or one that is too long.
    """
    known, words = _kind(kind), _words(content)
    told = (words, " ".join(speaks_as.split())[:120])
    found = [reason for text in told for reason in reasons_of(likely_identifiers(text))]
    text = Text.objects.create(
        pk=Text.fresh(),
        kind=kind,
        about_id=about.pk if isinstance(about, Subject) else about,
        where=where,
        content=words,
        speaks_as=told[1],
        reply_to=reply_to.strip(),
        state=Text.WAITING if known.shown else Text.KEPT,
        found=list(dict.fromkeys(found)),
        made_at=timezone.now(),
    )
    record(
        verb="convene.say", by=by, about=[text.pk, *([text.about_id] if text.about_id else [])], payload={"kind": kind}
    )
    if found or apart:
        _put_apart(text, by=RULE)
    return text


@transaction.atomic
def show(*, by: str, text: Text) -> Text:
    """Let readers see a text. Raises ConflictError where somebody else decided meanwhile, InputError for a kind only read."""
    held = _waiting(text)
    if not policy().kinds[held.kind].shown:
        raise InputError(said("Texts of this kind are read by those who work here; they are never shown."))
    _decide(held, Text.SHOWN, by=by)
    for step in _when_shown.get(held.kind, ()):
        step(held, by)
    return held


@transaction.atomic
def refuse(*, by: str, text: Text, reason: str) -> Text:
    """Do not show a text, for a reason of the policy. Its words stay for those who work here until they are deleted."""
    if reason not in policy().reasons:
        raise InputError(
            said(
                "“%(reason)s” is no reason of the policy; choose one of %(reasons)s.",
                reason=reason,
                reasons=", ".join(policy().reasons),
            )
        )
    held = _locked(text)
    if held.state not in (Text.WAITING, Text.SHOWN):
        raise _moved(held)
    enqueue(
        kind="convene.forget-text",
        by="rule:retention",
        key=f"convene.forget-text:{held.pk}",
        arguments={"text": held.pk},
        not_before=timezone.now() + KEPT_FOR,
    )
    return _decide(held, Text.REFUSED, by=by, reason=reason)


@transaction.atomic
def quarantine(*, by: str, text: Text) -> Text:
    """Put a text apart that may say who somebody is, though no pattern found it; also one that shows already."""
    held = _locked(text)
    if held.state not in (Text.WAITING, Text.SHOWN, Text.KEPT, Text.REFUSED):
        raise _moved(held)
    _put_apart(held, by=by)
    return held


@transaction.atomic
def release(*, by: str, text: Text) -> Text:
    """Bring a text back from quarantine, after somebody who may read it found that it names nobody: it waits again."""
    held = _locked(text)
    if held.state != Text.QUARANTINED:
        raise _moved(held)
    apart = Quarantined.objects.get(text=held)
    held.content, held.speaks_as = apart.content, apart.speaks_as
    held.state = Text.WAITING if policy().kinds[held.kind].shown else Text.KEPT
    apart.delete()
    held.save(update_fields=["content", "speaks_as", "state"])
    _log(held, "released", by=by)
    return held


@transaction.atomic
def delete(*, by: str, text: Text, reason: str = "") -> Text:
    """Delete the words for good, wherever they lie, with who spoke and where to write to. Done twice, it is done once.

    `by` is `PUBLIC_ACTOR` where whoever sent it deletes it at their private address.
    """
    held = _locked(text)
    if held.state == Text.DELETED:
        return held
    Quarantined.objects.filter(text=held).delete()
    held.content = held.speaks_as = held.reply_to = ""
    held.found = []
    held.state, held.reason, held.decided_by, held.decided_at = Text.DELETED, reason, by, timezone.now()
    held.save()
    _log(held, "deleted", by=by)
    return held


def words_of(text: Text | None) -> str:
    """The words that may be shown where this text belongs: of one that a moderator let through, or that is only read here."""
    return text.content if text is not None and text.state in (Text.SHOWN, Text.KEPT) else ""


def _kind(kind: str) -> Kind:
    known = policy().kinds.get(kind)
    if known is None:
        raise InputError(
            said(
                "“%(kind)s” is no kind of text that the policy knows; it knows %(known)s.",
                kind=kind,
                known=", ".join(policy().kinds),
            )
        )
    return known


def _words(content: str) -> str:
    words = content.replace("\r\n", "\n").replace("\0", " ").strip()
    if not words:
        raise InputError(said("There is nothing in the box; write something."))
    if len(words) > LONGEST:
        raise InputError(
            said("That is %(count)s characters; the most is %(most)s. Shorten it.", count=len(words), most=LONGEST)
        )
    return words


def _locked(text: Text) -> Text:
    return Text.objects.select_for_update().get(pk=text.pk)


def _waiting(text: Text) -> Text:
    held = _locked(text)
    if held.state != Text.WAITING:
        raise _moved(held)
    return held


def _moved(held: Text) -> ConflictError:
    return ConflictError(
        said("This text is “%(state)s” by now; somebody decided about it. Look again.", state=held.state)
    )


def _decide(held: Text, state: str, *, by: str, reason: str = "") -> Text:
    held.state, held.reason, held.decided_by, held.decided_at = state, reason, by, timezone.now()
    held.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    _log(held, state, by=by)
    return held


def _put_apart(held: Text, *, by: str) -> None:
    spans = [[one.start, one.end, one.reason] for one in likely_identifiers(held.content)]
    Quarantined.objects.create(
        pk=Quarantined.fresh(),
        text=held,
        content=held.content,
        speaks_as=held.speaks_as,
        spans=spans,
        at=timezone.now(),
    )
    held.content, held.speaks_as, held.state = "", "", Text.QUARANTINED
    held.save(update_fields=["content", "speaks_as", "state"])
    _log(held, Text.QUARANTINED, by=by)


def _log(held: Text, decision: str, *, by: str) -> None:
    """A line of the public log, and the event. Neither holds words of the text."""
    made = Moderated.objects.create(
        pk=Moderated.fresh(),
        on=timezone.localdate(),
        kind=held.kind,
        decision=decision,
        reason=held.reason if decision in (Text.REFUSED, Text.DELETED) else "",
        policy=policy().version,
        of=held.pk,
        by=by,
    )
    record(verb=f"convene.text-{decision}", by=by, about=[held.pk], made=[made])
