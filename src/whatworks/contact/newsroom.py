"""Posts and press releases: written, approved by somebody else, public at once or when the embargo ends."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.contact.models import Post
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said

TEXTS = ("title", "summary", "body", "notes_to_editors", "media_contact", "source_url")


@transaction.atomic
def begin_post(*, by: str, sort: str, title: str, summary: str, body: str, made_up: bool = False, **more: str) -> Post:
    """Begin a post or a press release. Nobody outside sees it before it is approved."""
    told = _told({"title": title, "summary": summary, "body": body, **more}, sort)
    slug = slugify(told["title"])[:80].strip("-")
    if not slug or Post.objects.filter(slug=slug).exists():
        raise ConflictError(
            said("There is something called “%(title)s” already; give this another title.", title=told["title"])
        )
    made: Post = Post.objects.register(
        sort=sort, slug=slug, made_up=made_up, written_by=by, changed_at=timezone.now(), **told
    )
    record(verb="contact.begin-post", by=by, about=[made], made=[made])
    return made


def _told(given: dict[str, str], sort: str) -> dict[str, str]:
    if sort not in (Post.POST, Post.RELEASE):
        raise InputError(said("Choose whether it is a post or a press release."))
    told = {name: " ".join(given.get(name, "").split()) for name in TEXTS if name not in ("body", "notes_to_editors")}
    told |= {name: given.get(name, "").strip() for name in ("body", "notes_to_editors")}
    for name, words in (
        ("title", said("a title")),
        ("summary", said("a sentence that sums it up")),
        ("body", said("a text")),
    ):
        if not told[name]:
            raise InputError(said("It needs %(what)s.", what=words))
    if sort == Post.RELEASE and not told["media_contact"]:
        raise InputError(said("A press release says whom journalists can ask: a role and how to reach it."))
    return told


@transaction.atomic
def write_post(*, by: str, post: Post, correction: str = "", **given: str) -> Post:
    """Write on a draft, or correct what is approved: a correction is signed by its words, and shown to readers."""
    held = Post.objects.select_for_update().get(pk=post.pk)
    told = _told({name: getattr(held, name) for name in TEXTS} | given, held.sort)
    if held.approved_at is not None and not correction.strip():
        raise InputError(said("It is approved: say what is corrected and why; readers see that."))
    for name, value in told.items():
        setattr(held, name, value)
    held.correction = " ".join(correction.split()) if held.approved_at else ""
    held.changed_at = timezone.now()
    if held.approved_at is None:
        held.written_by = by
    held.save()
    held.retitle()
    record(verb="contact.write-post", by=by, about=[held], made=[held])
    return held


@transaction.atomic
def approve_post(*, by: str, post: Post, embargo: datetime.datetime | None = None) -> Post:
    """Approve it: public now, or when the embargo ends. Nobody approves what they wrote."""
    held = Post.objects.select_for_update().get(pk=post.pk)
    if held.approved_at is not None:
        raise ConflictError(said("It is approved already."))
    if held.written_by == by:
        raise ForbiddenError(said("You wrote this; somebody else approves it."))
    now = timezone.now()
    if embargo is not None and embargo <= now:
        raise InputError(said("That embargo has ended; choose a later moment, or none."))
    held.approved_by, held.approved_at, held.public_from = by, now, embargo or now
    held.save()
    held.retitle()
    record(verb="contact.approve-post", by=by, about=[held], made=[held])
    return held


@transaction.atomic
def lift(*, by: str, post: Post) -> Post:
    """End an embargo now."""
    held = Post.objects.select_for_update().get(pk=post.pk)
    now = timezone.now()
    if held.approved_at is None or held.public_from is None or held.public_from <= now:
        raise ConflictError(said("There is no embargo on it."))
    held.public_from = held.changed_at = now
    held.save()
    held.retitle()
    record(verb="contact.lift-embargo", by=by, about=[held], made=[held])
    return held


@transaction.atomic
def hold_back(*, by: str, post: Post) -> Post:
    """Make a draft again of what is not public yet."""
    held = Post.objects.select_for_update().get(pk=post.pk)
    if held.approved_at is None or held.public_from is None or held.public_from <= timezone.now():
        raise ConflictError(
            said("Only what is approved and under embargo can be held back. What is public is corrected.")
        )
    held.approved_by, held.approved_at, held.public_from = "", None, None
    held.save()
    record(verb="contact.hold-post-back", by=by, about=[held], made=[held])
    return held
