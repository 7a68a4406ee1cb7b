"""The one list of work: every item is derived from what is so, and is done when the thing itself is done.

What is kept beside an item is who does it and by when (`models.WorkShare`); whether it is late is worked out when it is read.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.convene.models import Challenge, Enquiry
from whatworks.decide.models import MeetingAction, Priority, Resolution
from whatworks.decide.presenters import IN_TIME
from whatworks.learn.answering import moved_answers
from whatworks.learn.looping import last_run, next_due
from whatworks.learn.looping_suggesting import waiting_reviews
from whatworks.learn.models import AnswerDraft, SavedSearch, WorkShare
from whatworks.ledger.models import Artefact, Event
from whatworks.people.naming import names
from whatworks.publish.models import Draft, Revision
from whatworks.publish.needs import MOVED, OTHERWISE
from whatworks.scope.models import Question
from whatworks.spoken import on_day

SOON = datetime.timedelta(days=14)  # how long before its day a search or a decision to look at again is on the list


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work. `due_on`: the earlier of the day that the thing itself has and of that which was agreed."""

    kind: str
    about: str
    title: str
    href: str
    note: str = ""
    due_on: datetime.date | None = None
    owner: str = ""
    owner_name: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of work: what it is called, who can do it, and what there is of it now."""

    kind: str
    title: Any
    permission: str
    items: Callable[[], Iterable[Item]]


def _searches() -> Iterator[Item]:
    for one in SavedSearch.objects.standing():
        due, last = next_due(one), last_run(one)
        if due <= timezone.localdate() + SOON:
            told = {"review": one.review.title, "last": on_day(last) if last else _("never")}
            note = _("Run it, note the run, bring in what it found. For %(review)s; last run: %(last)s.") % told
            yield Item("search", one.pk, str(one.strategy.name), reverse("strategy", args=[one.strategy_id]), note, due)


def _suggested() -> Iterator[Item]:
    for review, count in waiting_reviews():
        note = ngettext("%(n)s new report may be for it.", "%(n)s new reports may be for it.", count) % {"n": count}
        yield Item("suggested", review.pk, review.title, reverse("loop_suggested", args=[review.slug]), note)


def _stale() -> Iterator[Item]:
    moved = dict(Artefact.objects.stale().filter(subject__kind=Revision.kind).values_list("pk", "stale_event"))
    verbs = dict(Event.objects.filter(uid__in=moved.values()).values_list("uid", "verb"))
    rows = Revision.objects.filter(pk__in=moved).exclude(page__in=Draft.objects.values("page")).defer("content")
    for one in rows.select_related("page").order_by("page__title"):
        note = str(MOVED.get(verbs.get(moved[one.pk], ""), OTHERWISE))
        yield Item("page", one.page_id, one.page.title, reverse("page", args=[one.page.slug]), note)


def _drafts() -> Iterator[Item]:
    for one in Draft.objects.select_related("page").defer("content").order_by("page__title"):
        yield Item("draft", one.page_id, one.page.title, reverse("draft", args=[one.page_id]))


def _challenges() -> Iterator[Item]:
    for one in Challenge.objects.unanswered().select_related("about"):
        note = _("A challenge to how sure we say we are.") if one.rating else ""
        title = one.about.title if one.about else one.where
        yield Item("challenge", one.pk, title, reverse("challenge_answer", args=[one.pk]), note, one.due_on)


def _enquiries() -> Iterator[Item]:
    for one in Enquiry.objects.open():
        yield Item("enquiry", one.pk, one.subject_title(), reverse("enquiry_work", args=[one.pk]), "", one.due_on)


def _questions() -> Iterator[Item]:
    drafted = set(AnswerDraft.objects.values_list("question", flat=True))
    for one in Question.objects.open():
        if one.pk not in drafted:
            note = _("Asked on %(day)s.") % {"day": on_day(one.asked_on)}
            yield Item("question", one.pk, one.wording, reverse("answer_write", args=[one.pk]), note)


def _answers() -> Iterator[Item]:
    for one in AnswerDraft.objects.select_related("question").order_by("at"):
        yield Item(
            "answer",
            one.question_id,
            one.question.wording,
            reverse("answer_check", args=[one.question_id]),
            one.sent_back,
        )


def _moved_answers() -> Iterator[Item]:
    for one in moved_answers():
        note = _("What the answer rests on has moved since.")
        yield Item(
            "moved", one.question_id, one.question.wording, reverse("answer_write", args=[one.question_id]), note
        )


def _priorities() -> Iterator[Item]:
    for one in Priority.objects.filter(listed=True, states__isnull=True).by_place():
        due = timezone.localdate(one.at) + datetime.timedelta(days=IN_TIME)
        yield Item(
            "priority", one.pk, one.question.wording, reverse("answer_priority", args=[one.pk]), one.setting.title, due
        )


def _decisions() -> Iterator[Item]:
    """Decisions whose day to be looked at again has come, those of gates among them."""
    rows = Resolution.objects.standing().filter(review_on__lte=timezone.localdate() + SOON)
    for one in rows.prefetch_related("gates"):
        gate = next(iter(one.gates.all()), None)
        note = _("The gate to “%(stage)s” rests on it.") % {"stage": gate.stage} if gate else ""
        yield Item("decision", one.pk, one.title, reverse("decision", args=[one.pk]), note, one.review_on)


def _actions() -> Iterator[Item]:
    for one in MeetingAction.objects.filter(done_on=None).select_related("meeting").order_by("due_on"):
        note = f"{one.owner}, {one.meeting.body}"
        yield Item("action", one.pk, one.what, reverse("finish_step", args=["action", one.pk]), note, one.due_on)


SOURCES = (
    Source("search", gettext_lazy("Searches to run again"), "collate.match", _searches),
    Source("suggested", gettext_lazy("New reports suggested to reviews"), "learn.loop", _suggested),
    Source("page", gettext_lazy("Pages whose ground has moved"), "workspace.enter", _stale),
    Source("draft", gettext_lazy("Pages that wait for approval"), "publish.approve", _drafts),
    Source("challenge", gettext_lazy("Challenges without an answer"), "convene.answer", _challenges),
    Source("enquiry", gettext_lazy("Enquiries to answer"), "convene.answer", _enquiries),
    Source("question", gettext_lazy("Questions without an answer"), "learn.answer", _questions),
    Source("answer", gettext_lazy("Answers that wait for a second person"), "learn.approve", _answers),
    Source("moved", gettext_lazy("Answers whose ground has moved"), "learn.answer", _moved_answers),
    Source("priority", gettext_lazy("Priorities without an answer"), "decide.prioritise", _priorities),
    Source("decision", gettext_lazy("Decisions and gates to look at again"), "decide.record", _decisions),
    Source("action", gettext_lazy("What meetings asked for"), "decide.record", _actions),
)


def source(kind: str) -> Source | None:
    """The kind of work with this key."""
    return next((one for one in SOURCES if one.kind == kind), None)


def work(kinds: Iterable[str] = ()) -> list[Item]:
    """All that is to be done, or that of some kinds: what is due first before the rest; what has no day comes last."""
    chosen = set(kinds) or {one.kind for one in SOURCES}
    rows = [item for one in SOURCES if one.kind in chosen for item in one.items()]
    shares = {(one.kind, one.about): one for one in WorkShare.objects.filter(kind__in=chosen)}
    called = names(one.owner for one in shares.values() if one.owner)
    told = [_shared(one, shares.get((one.kind, one.about)), called) for one in rows]
    return sorted(told, key=lambda one: (one.due_on or datetime.date.max, one.kind, one.title, one.about))


def _shared(item: Item, share: WorkShare | None, called: dict[str, str]) -> Item:
    days = [day for day in (item.due_on, share.due_on if share else None) if day is not None]
    due, owner = min(days, default=None), share.owner if share else ""
    late = due is not None and due < timezone.localdate()
    return replace(item, due_on=due, owner=owner, owner_name=called.get(owner, ""), late=late)


def mine(actor: str) -> list[Item]:
    """What this person said they would do, and that is still to be done."""
    kinds = set(WorkShare.objects.filter(owner=actor).values_list("kind", flat=True))
    return [one for one in work(kinds) if one.owner == actor] if kinds else []
