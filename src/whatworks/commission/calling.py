"""A call is opened, its rules come in versions, and what is published binds; then it closes, is assessed and decided."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.commission.methods.rules import digest, read
from whatworks.commission.methods.workflow import APPLY, ASSESS, CALL, DECIDE, PAY, RUN, step
from whatworks.commission.models import Assessment, Call, CallFact, CallLock, CallVersion
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import dated, said

EVERY = frozenset({RUN, ASSESS, DECIDE, PAY, APPLY})  # a verb asks for the state; who may is asked where people come in


@transaction.atomic
def open_call(
    *, by: str, title: str, text: str = "", slug: str = "", elsewhere: bool = False, demonstration: bool = False
) -> Call:
    """Open a call with the first version of its rules; one that others ran has none. Raises InputError for rules that cannot be read."""
    name = " ".join(title.split())
    if not name:
        raise InputError(said("The call has no title; give one."))
    key = slug or slugify(name)[:80].strip("-")
    if not key or Call.objects.filter(slug=key).exists():
        raise ConflictError(said("There is a call named “%(name)s” already; give this one another title.", name=name))
    call: Call = Call.objects.register(
        Call.derived(key), slug=key, title=name, elsewhere=elsewhere, demonstration=demonstration
    )
    made = [] if elsewhere else [_keep(call, 1, text, "", by)]
    record(verb="commission.open", by=by, about=[call], made=made)
    return call


@transaction.atomic
def add_version(*, by: str, call: Call, seen: int, text: str, what_changed: str) -> CallVersion:
    """A new version of the rules; `seen`: the number of the one looked at. Once the call has closed there is none."""
    held = locked(call)
    newest = held.newest()
    if newest is None or newest.number != seen:
        raise ConflictError(said("Somebody else changed the rules meanwhile; look at the newest version."))
    if held.state not in ("draft", "open"):
        raise ConflictError(said("The call has closed; its rules can no longer change."))
    if text.replace("\r\n", "\n") == newest.text:
        raise InputError(said("Nothing is different from version %(n)s; there is nothing to keep.", n=newest.number))
    if not what_changed.strip():
        raise InputError(said("Say what changed and why; applicants read it."))
    made = _keep(held, newest.number + 1, text, what_changed.strip(), by)
    record(verb="commission.version", by=by, about=[held], made=[made])
    return made


def _keep(call: Call, number: int, text: str, changed: str, by: str) -> CallVersion:
    plain = text.replace("\r\n", "\n")
    read(plain)
    kept: CallVersion = CallVersion.objects.register(
        CallVersion.derived(call.pk, number),
        call=call,
        number=number,
        text=plain,
        digest=digest(plain),
        what_changed=changed,
        by=by,
        at=timezone.now(),
    )
    return kept


@transaction.atomic
def publish(*, by: str, call: Call, at: datetime.datetime | None = None) -> CallLock:
    """Publish the newest version: it is locked and binds. Again for an amendment while the call is open."""
    held, now = locked(call), at or timezone.now()
    version = held.newest()
    if version is None or CallLock.objects.filter(version=version).exists():
        raise ConflictError(said("The newest version is published already; write another to change it."))
    move(held, "publish" if held.state == "draft" else "amend")
    closes = read(version.text).about.closes
    if closes <= now:
        raise InputError(said("The call would close on %(day)s, which is past; mend its dates.", day=dated(closes)))
    lock = CallLock.objects.create(
        id=CallLock.derived(version.pk), version=version, digest=version.digest, by=by, at=now
    )
    held.begun = held.begun or timezone.localdate(now)
    held.save(update_fields=["begun"])
    record(verb="commission.publish", by=by, about=[held, version], made=[lock])
    return lock


@transaction.atomic
def close(*, by: str, call: Call, at: datetime.datetime | None = None) -> Call:
    """Close a call whose time is over. Raises ConflictError before that: nobody is shut out early."""
    held = locked(call)
    closes = held.rules().about.closes
    if (at or timezone.now()) < closes:
        raise ConflictError(said("The call is open until %(day)s; it cannot be closed before.", day=dated(closes)))
    move(held, "close")
    record(verb="commission.close", by=by, about=[held])
    return held


@transaction.atomic
def end_scoring(*, by: str, call: Call) -> Call:
    """End scoring: all that was begun is in, and every application was looked at. From here on averages are seen."""
    held = locked(call)
    if held.applications.filter(state="submitted").exists():
        raise ConflictError(said("Some applications have not been checked against the gateways; do that first."))
    begun = Assessment.objects.filter(application__call=held, submitted_at=None).exists()
    bare = [one for one in held.applications.judged() if not one.assessments.exclude(submitted_at=None).exists()]
    if begun or bare:
        raise ConflictError(said("Not every application has been scored, or a score is not handed in yet."))
    move(held, "end scoring")
    record(verb="commission.end-scoring", by=by, about=[held])
    return held


@transaction.atomic
def cancel(*, by: str, call: Call, why: str) -> Call:
    """Cancel a call, with the reason, which is public."""
    held = locked(call)
    if not why.strip():
        raise InputError(said("Say why the call is cancelled; applicants and readers see it."))
    move(held, "cancel")
    record_fact(by=by, call=held, what="Cancelled", told=why.strip(), source="The centre", on=timezone.localdate())
    return held


@transaction.atomic
def record_fact(
    *, by: str, call: Call, what: str, told: str, source: str, source_url: str = "", on: datetime.date | None = None
) -> CallFact:
    """Keep something published about a call, with its source."""
    if not (what.strip() and told.strip() and source.strip()):
        raise InputError(said("A fact of a call needs what it is about, what is said, and its source."))
    number = call.facts.count() + 1
    made = CallFact.objects.create(
        id=CallFact.derived(call.pk, number), call=call, order=number, what=what.strip(), told=told.strip(), on=on,
        source=source.strip(), source_url=source_url,
    )  # fmt: skip
    record(verb="commission.fact", by=by, about=[call], made=[made])
    return made


@transaction.atomic
def elsewhere_decided(*, by: str, call: Call, begun: datetime.date | None) -> Call:
    """Show a call that was run before this record began: only what was published of it is here."""
    held = locked(call)
    if not held.elsewhere or held.state != "draft":
        raise ConflictError(said("Only a call that others ran can be shown as decided at once."))
    held.state, held.begun = "decided", begun
    held.save(update_fields=["state", "begun"])
    record(verb="commission.elsewhere", by=by, about=[held])
    return held


def locked(call: Call) -> Call:
    """The call as it is now, held until the transaction ends."""
    held: Call = Call.objects.select_for_update().get(pk=call.pk)
    return held


def move(call: Call, name: str) -> None:
    """Take a declared way. Raises ConflictError where the state has none of that name."""
    call.state = step(CALL, call.state, name, EVERY).to
    call.save(update_fields=["state"])
