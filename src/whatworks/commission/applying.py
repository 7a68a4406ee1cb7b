"""Applications: begun with an address, written by several, saved and come back to, handed in before the call closes and never after."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from whatworks.commission.calling import EVERY
from whatworks.commission.methods.workflow import APPLICATION, step
from whatworks.commission.models import Application, Attachment, Author, Call
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record_node
from whatworks.people.actions import add_user, give_roles
from whatworks.people.models import Area, User
from whatworks.saying import said
from whatworks.scope.models import Intervention

BODY, ANSWER = 200, 60_000  # the longest name of a body and the longest answer, in characters
LARGEST, MOST_FILES = 10 * 1024 * 1024, 10
MOST_BEGUN = 3  # drafts that one address may begin in one call
ENDINGS = (".pdf", ".docx", ".xlsx", ".csv", ".txt", ".png", ".jpg")
DAYS = 30  # for which a letter's link opens something


@transaction.atomic
def begin(
    *, by: str, call: Call, body: str, email: str, at: datetime.datetime | None = None
) -> tuple[Application, str]:
    """Begin an application. Returns it with the secret of the letter to its first author, which is kept nowhere."""
    now, call = at or timezone.now(), Call.objects.get(pk=call.pk)
    refuse_late(call, now)
    name = " ".join(body.split())[:BODY]
    if not name:
        raise InputError(said("Say which body applies."))
    address = _address(email)
    if Author.objects.filter(application__call=call, email=address, application__state="draft").count() >= MOST_BEGUN:
        raise ConflictError(said("There are drafts with this address already; follow the link in your letter."))
    version = call.standing()
    assert version is not None  # an open call has one
    made = Application.objects.create(id=Application.fresh(), call=call, version=version, body=name, begun_at=now)
    secret = _author(made, address, lead=True, at=now)
    record_node(verb="commission.begin", by=by, about=[call, made])
    return made, secret


@transaction.atomic
def invite(*, by: str, application: Application, email: str) -> str:
    """Ask somebody else to write too. Returns the secret of the letter. The same address again gets a new letter."""
    held = _editable(application)
    address = _address(email)
    known = held.authors.filter(email=address).first()
    if known is not None and known.joined_at is not None:
        raise ConflictError(said("They are an author already."))
    if known is not None:
        known.delete()
    secret = _author(held, address, lead=bool(known and known.lead), at=timezone.now())
    record_node(verb="commission.invite", by=by, about=[held])
    return secret


def _author(application: Application, email: str, *, lead: bool, at: datetime.datetime) -> str:
    secret = secrets.token_urlsafe(32)
    Author.objects.create(
        id=Author.fresh(), application=application, email=email, lead=lead, digest=digest_of(secret), invited_at=at
    )
    return secret


def digest_of(secret: str) -> str:
    """What is kept of a letter's secret; it is random enough that a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invited(secret: str, at: datetime.datetime | None = None) -> Author | None:
    """The author to whom a letter went, where its link still opens something."""
    since = (at or timezone.now()) - datetime.timedelta(days=DAYS)
    found: Author | None = (
        Author.objects.select_related("application__call")
        .filter(digest=digest_of(secret), invited_at__gt=since)
        .first()
    )
    return found


@transaction.atomic
def join(*, secret: str, user: User | None = None, password: str = "", at: datetime.datetime | None = None) -> User:
    """Follow a letter: with an account whose address it went to, or with a password for a new one. The link is used up.

    Raises InputError for a weak password, ForbiddenError for somebody else's letter, ConflictError where there is an account to sign in to.
    """
    author = invited(secret, at)
    if author is None:
        raise InputError(said("This link was used already, or is too old; ask to be invited again."))
    if user is None:
        if User.objects.filter(email__iexact=author.email).exists():
            raise ConflictError(said("There is an account with this address; sign in, then follow the link again."))
        try:
            validate_password(password)
        except ValidationError as error:
            raise InputError(said("Choose another password: %(why)s", why=" ".join(error.messages))) from error
        user, _once = add_user(by="rule:invitation", email=author.email, roles=["applicant"])
        user.set_password(password)
        user.save()
    elif user.email.lower() != author.email:
        raise ForbiddenError(said("This letter went to somebody else; they must follow its link themselves."))
    elif "applicant" not in user.roles():
        give_roles(by="rule:invitation", who=user.pk, roles=["applicant"])
    author.user, author.digest, author.joined_at = user, "", at or timezone.now()
    author.save()
    record_node(verb="commission.join", by=user.actor, about=[author.application])
    return user


@transaction.atomic
def save(*, by: str, application: Application, seen: int, values: Mapping[str, Any]) -> Application:
    """Keep what was written so far. `values`: body, cost, area, intervention, groups, answers, gateways; what is left out stays.

    Raises ConflictError where another author saved meanwhile (`seen` is the count that was looked at).
    """
    held = _editable(application)
    if held.saved != seen:
        raise ConflictError(
            said("Another author saved meanwhile; open the application again and add your words to theirs.")
        )
    rules = held.call.rules()
    if "body" in values:
        held.body = " ".join(str(values["body"]).split())[:BODY] or held.body
    if "cost" in values:
        held.cost = values["cost"]
    held.area = _of(Area, values, "area", held.area)
    held.intervention = _of(Intervention, values, "intervention", held.intervention)
    for name, keys in (("answers", rules.questions), ("gateways", rules.gateways), ("groups", rules.groups)):
        given = values.get(name)
        if given is not None:
            setattr(held, name, {one.key: given[one.key] for one in keys if given.get(one.key) not in (None, "")})
    if any(len(text) > ANSWER for text in held.answers.values()):
        raise InputError(said("An answer is longer than %(most)s characters; shorten it.", most=f"{ANSWER:,}"))
    held.saved += 1
    held.save()
    record_node(verb="commission.save", by=by, about=[held])
    return held


def _of(kind: Any, values: Mapping[str, Any], name: str, now: Any) -> Any:
    return values[name] if name in values and (values[name] is None or isinstance(values[name], kind)) else now


@transaction.atomic
def attach(*, by: str, application: Application, name: str, content: bytes) -> Attachment:
    """Keep a file with an application: its digest here, its bytes in a folder beside the database that nobody is served from."""
    held = _editable(application)
    plain = Path(name.replace("\\", "/")).name[:160]
    if not plain.lower().endswith(ENDINGS):
        raise InputError(said("A file must end in one of %(endings)s.", endings=", ".join(ENDINGS)))
    if not 0 < len(content) <= LARGEST:
        raise InputError(said("A file must hold something, and at most %(most)s MB.", most=LARGEST >> 20))
    digest = hashlib.sha256(content).hexdigest()
    kept: Attachment | None = held.attachments.filter(digest=digest).first()
    if kept is not None:
        return kept
    if held.attachments.count() >= MOST_FILES:
        raise ConflictError(
            said("There are %(most)s files already; an application has at most so many.", most=MOST_FILES)
        )
    made = Attachment.objects.create(
        id=Attachment.fresh(), application=held, name=plain, size=len(content), digest=digest, at=timezone.now()
    )
    _aside(digest, content)
    record_node(verb="commission.attach", by=by, about=[held, made])
    return made


def folder() -> Path:
    """Where attachments lie: for the server's own user alone."""
    return Path(settings.HOME) / "attachments"


def _aside(digest: str, content: bytes) -> None:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder() / digest
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.write_bytes(content)
        partial.chmod(0o600)
        partial.replace(path)


def content_of(attachment: Attachment) -> bytes:
    """The bytes of an attachment. Raises InputError where they are not here, or not what the digest says."""
    path = folder() / attachment.digest
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != attachment.digest:
        raise InputError(said("The file is not here any more, or is not what it was when it came in."))
    return content


@transaction.atomic
def submit(*, by: str, application: Application, at: datetime.datetime | None = None) -> Application:
    """Hand in. Raises InputError that names the first thing lacking, ConflictError that tells the time when it is too late."""
    held, now = (
        Application.objects.select_for_update().select_related("call").get(pk=application.pk),
        at or timezone.now(),
    )
    refuse_late(held.call, now)
    refuse_unfinished(held)
    version = held.call.standing()
    assert version is not None
    held.state = step(APPLICATION, held.state, "submit", EVERY).to
    held.submitted_at, held.version = now, version
    held.save()
    record_node(verb="commission.submit", by=by, about=[held.call, held])
    return held


@transaction.atomic
def take_back(*, by: str, application: Application, at: datetime.datetime | None = None) -> Application:
    """Take an application back to write on, while the call is open."""
    held = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    refuse_late(held.call, at or timezone.now())
    held.state = step(APPLICATION, held.state, "take back", EVERY).to
    held.submitted_at = None
    held.save()
    record_node(verb="commission.take-back", by=by, about=[held.call, held])
    return held


@transaction.atomic
def discard(*, by: str, application: Application) -> None:
    """Delete a draft with its authors and files, truly. What was handed in can be taken back first, while the call is open."""
    held = _editable(application)
    digests = list(held.attachments.values_list("digest", flat=True))
    record_node(verb="commission.discard", by=by, about=[held.call, held])
    held.delete()
    for digest in digests:
        if not Attachment.objects.filter(digest=digest).exists():
            (folder() / digest).unlink(missing_ok=True)


def refuse_late(call: Call, now: datetime.datetime) -> None:
    """Raise ConflictError where a call is not open now, saying when it closed and what the time is."""
    about = call.rules().about if call.standing() else None
    if call.state != "open" or about is None:
        raise ConflictError(said("This call is not open."))
    if now < about.opens:
        raise ConflictError(said("The call opens on %(at)s.", at=_clock(about.opens)))
    if now > about.closes:
        raise ConflictError(
            said(
                "The call closed at %(closed)s; it is now %(now)s. Applications that come later are not taken.",
                closed=_clock(about.closes),
                now=_clock(now),
            )
        )


def _clock(at: datetime.datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M:%S, %-d %B %Y")


def refuse_unfinished(application: Application) -> None:
    """Raise InputError for the first thing that an application lacks."""
    rules = application.call.rules()
    for one in rules.gateways:
        if application.gateways.get(one.key) not in ("yes", "no"):
            raise InputError(said("Answer yes or no: %(asks)s", asks=one.asks))
    for group in rules.groups:
        if application.groups.get(group.key) not in group.values:
            raise InputError(said("Choose one for “%(title)s”.", title=group.title))
    if application.cost is None or application.cost < 0:
        raise InputError(said("Say what it would cost, in whole pounds."))
    for question in rules.questions:
        words = len(application.answers.get(question.key, "").split())
        if not words:
            raise InputError(said("There is no answer yet to: %(asks)s", asks=question.asks))
        if words > question.words:
            raise InputError(
                said(
                    "The answer to “%(asks)s” has %(words)s words; at most %(most)s are taken.",
                    asks=question.asks,
                    words=words,
                    most=question.words,
                )
            )


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InputError(said("That is no e-mail address; write one such as name@council.example.")) from error
    return address


def _editable(application: Application) -> Application:
    held: Application = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    if held.state != "draft":
        raise ConflictError(said("The application was handed in; take it back first, while the call is open."))
    return held
