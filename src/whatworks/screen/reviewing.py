"""What people do before they screen: open a review, agree on its protocol, and say who takes part."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.people.models import User
from whatworks.saying import said
from whatworks.scope.models import Theme
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.methods.protocol import TITLE, Rules, changes, read_rules
from whatworks.screen.models import Candidate, Place, Protocol, Review, Screener

MANAGE = "people.manage"  # who has it looks after the people of the centre, and so of its reviews
PARTS = {
    Screener.SCREENER: gettext_lazy("Screener"),
    Screener.CORE: gettext_lazy("Core screener"),
    Screener.LEAD: gettext_lazy("Lead (also a core screener)"),
}


@transaction.atomic
def open_review(*, by: str, title: str, rules: Rules, theme: Theme, lead: User, conducted_by: str) -> Review:
    """Open a review with its first protocol and its first lead. Readers are not shown it yet.

    Raises ConflictError where a review of that name is here.
    """
    slug = slugify(title)[:50]
    if not slug:
        raise InputError(said("A review needs a name with letters or figures in it, such as “Family group meetings”."))
    if Review.objects.filter(slug=slug).exists():
        raise ConflictError(
            said("There is a review called “%(title)s” already; give this one another name.", title=title)
        )
    review = Review.objects.register(
        slug=slug,
        title=title,
        question=rules.question,
        theme=theme,
        sort=Review.SYSTEMATIC,
        conducted_by=conducted_by,
        listed=False,
    )
    record(verb="screen.open", by=by, made=[review], payload={"title": title})
    _keep_rules(by=by, review=review, rules=rules, number=1, why="")
    _take_part(by=by, review=review, user=lead, part=Screener.LEAD)
    return review


def _keep_rules(*, by: str, review: Review, rules: Rules, number: int, why: str) -> Protocol:
    told = {"rules": rules.to_dict(), "why": why, "by": by, "at": timezone.now()}
    made = Protocol.objects.create(id=Protocol.derived(review.pk, number), review=review, number=number, **told)
    payload = {"number": number, "why": why}
    record(verb="screen.protocol", by=by, about=[review], made=[made], payload=payload, audience=PUBLIC)
    return made


@transaction.atomic
def amend_protocol(*, by: str, review: Review, rules: Rules, why: str, seen: int) -> Protocol:
    """Put a new version of the protocol into force, saying why. What was decided stays decided.

    `seen` is the version that the person was looking at: a ConflictError where there is another by now. Reports that
    nobody has judged yet take the new number of opinions; the random sample and its seed stay as they were drawn.
    """
    Review.objects.select_for_update().get(pk=review.pk)
    held = Protocol.objects.current(review)
    if held is None:
        raise InputError(said("This review has no protocol to change; open the review with one."))
    if held.number != seen:
        raise ConflictError(
            said(
                "The protocol was changed meanwhile (version %(number)s); look at it and change that.",
                number=held.number,
            )
        )
    before = read_rules(held.rules)
    changed = changes(before, rules)
    if not changed:
        return held
    if not why.strip():
        raise InputError(said("Say why the protocol is changed; readers of the review will ask."))
    fixed = {"share", "seed"} & set(changed)
    if fixed and Candidate.objects.filter(review=review).exists():
        raise InputError(
            said("The random sample is drawn when reports are added, so its size and seed cannot change now.")
        )
    made = _keep_rules(by=by, review=review, rules=rules, number=held.number + 1, why=why.strip())
    if {"title", "full_text"} & set(changed):
        _need_again(review, rules)
    if {"learner", "order", "seeds"} & set(changed):
        ask_for_ranking(review, TITLE, by=by)
    return made


def _need_again(review: Review, rules: Rules) -> None:
    aside = (Candidate.OPEN, Candidate.UNSCREENED)  # what a stop left out comes back when the stop is lifted
    untouched = Candidate.objects.filter(review=review, state__in=aside, said=0)
    for stage, sampled in untouched.order_by().values_list("stage", "sampled").distinct():
        rows = untouched.filter(stage=stage, sampled=sampled)
        rows.update(needed=rules.needed(stage, sampled=sampled))


def protocol_of(review: Review) -> Protocol:
    """The protocol in force; an InputError where the review has none (it was published elsewhere)."""
    held = Protocol.objects.current(review)
    if held is None:
        raise InputError(said("“%(title)s” is not screened here: it has no protocol.", title=review.title))
    return held


def rules_of(review: Review) -> Rules:
    """The rules in force; an InputError where the review has none (it was published elsewhere)."""
    return read_rules(protocol_of(review).rules)


@transaction.atomic
def join(*, by: str, review: Review, user: User, part: str = Screener.SCREENER) -> Screener:
    """Let a person take part, or change their part; who had left is back with all they said.

    Raises ForbiddenError where `by` is neither a lead of the review nor an administrator: a review whose only lead was
    erased or deactivated gets another in this way.
    """
    if part not in PARTS:
        raise InputError(
            said("There is no part %(part)s; choose one of %(parts)s.", part=f"{part!r}", parts=", ".join(PARTS))
        )
    refuse_unless_in_charge(review, by)
    if not user.is_active:
        raise InputError(said("This person cannot sign in any more; choose somebody who can."))
    return _take_part(by=by, review=review, user=user, part=part)


def _take_part(*, by: str, review: Review, user: User, part: str) -> Screener:
    row, made = Screener.objects.get_or_create(
        review=review,
        user=user,
        defaults={"id": Screener.derived(review.pk, user.pk), "part": part, "since": timezone.now()},
    )
    if not made:
        if row.part == Screener.LEAD and part != Screener.LEAD:
            _refuse_without_lead(review, row)
        row.part, row.until = part, None
        row.save(update_fields=["part", "until"])
    record(verb="screen.join", by=by, about=[review, user.pk], payload={"part": part})
    return row


@transaction.atomic
def leave(*, by: str, review: Review, user: User) -> Screener:
    """End a person's part. What they said stays; what they hold goes back into the queue.

    Raises ForbiddenError where `by` is neither a lead of the review nor an administrator, InputError for the last lead.
    """
    refuse_unless_in_charge(review, by)
    row = Screener.objects.filter(review=review, user=user, until=None).first()
    if row is None:
        raise ConflictError(said("This person does not take part any more."))
    _refuse_without_lead(review, row)
    row.until = timezone.now()
    row.save(update_fields=["until"])
    Place.objects.filter(candidate__review=review, by=user.pk, done=False).delete()
    record(verb="screen.leave", by=by, about=[review, user.pk])
    return row


def _refuse_without_lead(review: Review, row: Screener) -> None:
    others = Screener.objects.leading().filter(review=review).exclude(pk=row.pk)
    if row.part == Screener.LEAD and not others.exists():
        raise InputError(said("A review needs a lead; make somebody else one first."))


def part_in(review: Review | str, actor: str) -> str:
    """As what a person takes part now; a ForbiddenError where they do not."""
    row = Screener.objects.here().filter(review=review, user=actor).values_list("part", flat=True).first()
    if row is None:
        raise ForbiddenError(said("You do not take part in this review; ask one of its leads to add you."))
    return str(row)


def may_lead(review: Review | str, actor: str) -> bool:
    """Whether this person leads the review."""
    return Screener.objects.leading().filter(review=review, user=actor).exists()


def refuse_unless_in_charge(review: Review | str, actor: str) -> None:
    """A ForbiddenError for whoever neither leads the review nor is an administrator of the centre."""
    if may_lead(review, actor):
        return
    user = User.objects.filter(pk=actor).first()
    if user is None or not user.may(MANAGE):
        raise ForbiddenError(
            said("Only a lead of this review, or an administrator, can change this; ask one of its leads.")
        )


@transaction.atomic
def list_review(*, by: str, review: Review, listed: bool, last_search: datetime.date | None = None) -> Review:
    """Show a review to readers, or no longer."""
    review.listed = listed
    review.last_search = last_search or review.last_search
    review.save(update_fields=["listed", "last_search"])
    record(verb="screen.list", by=by, about=[review], payload={"listed": listed}, audience=PUBLIC)
    return review
