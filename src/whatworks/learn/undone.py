"""What did not work, first-class: pilots that stopped, trials that showed no benefit, harm, what was withdrawn, declined or retracted.

Words must be fair. That a trial did not show a benefit is not that it harms, and not that it does nothing; each kind says what it means.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.decide.models import Priority, PriorityState
from whatworks.learn.undone_trials import HARM, MORE, NOT_SHOWN, PILOT, Undone, of_trials
from whatworks.ledger.models import Event, EventSubject
from whatworks.publish.listing import newest_revisions, text_of
from whatworks.publish.models import Guide, Page, PageStanding, Revision
from whatworks.scope.models import Question
from whatworks.screen.models import Judgement
from whatworks.spoken import on_day

WITHDRAWN, DECLINED, RETRACTED = "withdrawn", "declined", "retracted"
STATES = {"worse": HARM, "none": NOT_SHOWN}  # of an outcome of a page, and the kind that it is here
KINDS: Mapping[str, tuple[Any, Any]] = {
    NOT_SHOWN: (
        gettext_lazy("Did not show a benefit"),
        gettext_lazy("It did not show a benefit. That is not the same as doing harm, nor as having no effect."),
    ),
    HARM: (gettext_lazy("Did harm"), gettext_lazy("Something that mattered got worse. Whoever thinks of doing it should know.")),
    MORE: (
        gettext_lazy("More, not fewer, came into contact with care or courts"),
        gettext_lazy("More contact is not by itself worse for a child. Read it with what is known about safety."),
    ),
    PILOT: (
        gettext_lazy("Tried in small, and stopped"),
        gettext_lazy("A small test that stops in time spares families and money. It does not show that the idea cannot work."),
    ),
    WITHDRAWN: (gettext_lazy("Withdrawn by us"), gettext_lazy("We took it back. It stays at its address and says why.")),
    DECLINED: (
        gettext_lazy("Asked for, and not taken up"),
        gettext_lazy("People asked for it and we said no. They can read why, and say that we are wrong."),
    ),
    RETRACTED: (
        gettext_lazy("Taken back by its publisher"),
        gettext_lazy("What was believed because of it must be looked at again."),
    ),
}  # fmt: skip


def everything() -> list[Undone]:
    """Every row, the newest first; those of which no moment is known come last."""
    rows = [*of_trials(), *_of_pages(), *_withdrawn(), *_declined(), *_retracted()]
    return sorted(rows, key=lambda one: (-(one.at.timestamp() if one.at else 0), one.kind, one.title, one.key))


def brief() -> list[Undone]:
    """The same without what stands on the pages themselves: what a search of the store cannot find there."""
    return sorted([*of_trials(), *_declined(), *_retracted()], key=lambda one: (one.kind, one.title, one.key))


def _of_pages() -> Iterator[Undone]:
    """Outcomes that pages say got worse, or that were shown not to change in any way that matters."""
    for revision in newest_revisions():
        for outcome in revision.content["outcomes"]:
            if (kind := STATES.get(outcome["state"].get("key", ""))) is not None:
                yield _of_outcome(revision, outcome, kind)


def _of_outcome(revision: Revision, outcome: Mapping[str, Any], kind: str) -> Undone:
    page = revision.page
    return Undone(
        kind, f"{revision.pk} {outcome['identifier']}", f"{page.title}: {outcome['name']}", page.intervention.lead or page.title,
        text_of(outcome["eyebrow"]), text_of(outcome["sentence"]), reverse("page", args=[page.slug]), revision.approved_at,
        _day(revision.approved_at),
    )  # fmt: skip


def _withdrawn() -> Iterator[Undone]:
    standing = PageStanding.objects.standing()
    for page in Page.objects.filter(pk__in=standing).select_related("intervention").order_by("title", "pk"):
        one = standing[page.pk]
        yield Undone(
            WITHDRAWN, page.pk, page.title, page.intervention.lead or page.title, "", one.why,
            reverse("page", args=[page.slug]), one.at, _day(one.at),
        )  # fmt: skip
    for guide in Guide.objects.shown().filter(standings__withdrawn=True).distinct().order_by("title", "pk"):
        if gone := guide.withdrawn():
            yield Undone(
                WITHDRAWN, guide.pk, guide.title, _("A guide"), "", gone.reason, reverse("guide", args=[guide.slug]), gone.at,
                _day(gone.at),
            )  # fmt: skip


def _declined() -> Iterator[Undone]:
    told: set[str] = set()  # a question that people put forward is told once, with what came of it
    for one in Priority.objects.filter(states__state=PriorityState.DECLINED).distinct().by_place():
        last = one.standing()
        if last is not None and last.state == PriorityState.DECLINED:
            told.add(one.question_id)
            href = f"{reverse('priority_setting', args=[one.setting.slug])}#{one.pk}"
            yield Undone(
                DECLINED, one.pk, one.question.wording, one.setting.title, "", last.reason, href, last.at, _day(last.at),
                one.setting.demonstration,
            )  # fmt: skip
    for question in Question.objects.filter(state=Question.DECLINED).exclude(pk__in=told).order_by("pk"):
        at = _happened("scope.decline-question", question.pk)
        yield Undone(
            DECLINED, question.pk, question.wording, _("A question"), "", question.reason,
            reverse("question", args=[question.pk]), at, _day(at) if at else on_day(question.asked_on), question.demonstration,
        )  # fmt: skip


def _happened(verb: str, subject: str) -> datetime.datetime | None:
    uid = EventSubject.objects.filter(subject=subject, event__verb=verb).order_by("-event__at").values("event")[:1]
    event = Event.objects.filter(pk__in=uid).first()
    return event.at if event else None


def _retracted() -> Iterator[Undone]:
    """Reports that their publishers took back and that a review here had taken in, or a result rests on."""
    included = Judgement.objects.standing().filter(decision=Judgement.INCLUDE).values("report")
    rows = Report.objects.speaking().exclude(retracted_on=None)
    for one in (rows.filter(pk__in=included) | rows.filter(contrasts__isnull=False)).distinct().order_by("title", "pk"):
        day = one.retracted_on
        if day is not None:
            at = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
            yield Undone(
                RETRACTED, one.pk, one.title, _("A report that we had taken in"), one.venue,
                _("Its publisher retracted it on %(day)s.") % {"day": on_day(day)}, reverse("report", args=[one.pk]), at, on_day(day),
            )  # fmt: skip


def _day(at: datetime.datetime) -> str:
    return on_day(timezone.localtime(at))


def counts(rows: Iterable[Undone]) -> list[dict[str, Any]]:
    """How many rows there are of each kind, in the order of the kinds."""
    held = list(rows)
    told = [(key, title, sum(one.kind == key for one in held)) for key, (title, _why) in KINDS.items()]
    return [{"key": key, "title": title, "n": n} for key, title, n in told]


@dataclass(frozen=True, slots=True)
class Told:
    """A row for a page, with the name and the meaning of its kind."""

    row: Undone
    kind: Any
    why: Any


def told(rows: Iterable[Undone]) -> list[Told]:
    """Rows with their kinds in words."""
    return [Told(one, *KINDS[one.kind]) for one in rows]
