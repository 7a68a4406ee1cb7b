"""What needs a person now: records to screen, conflicts, pages to approve or whose ground has moved, pairs, ratings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from whatworks.collate.models import MatchConflict, MatchProposal, Report
from whatworks.extract.presenters_waiting import Task, appraising_for, coding_for
from whatworks.ledger.models import Artefact, Event, Payload
from whatworks.publish.guides import needs as guides
from whatworks.publish.models import Draft, Revision
from whatworks.publish.who import said
from whatworks.rate.presenters_waiting import Waiting as Rate
from whatworks.rate.presenters_waiting import approving_for, parts_for, rating_for
from whatworks.screen.methods.together import Clash
from whatworks.screen.models import Candidate, Review
from whatworks.screen.presenters_waiting import Waiting, conflicts_for, opinions_wanted
from whatworks.screen.settling import all_clashes

Runs = list[Any]
Item = tuple[Runs, Runs]  # what it is, and a note under it
MOVED = {
    "extract.correct": gettext_lazy("A number behind it was corrected."),
    "collate.retract": gettext_lazy("A report behind it was retracted."),
    "collate.concern": gettext_lazy("A publisher has expressed concern about a report behind it."),
    "collate.correction": gettext_lazy("A report behind it was corrected by its publisher."),
    "collate.reinstate": gettext_lazy("A retracted report behind it was reinstated."),
    "collate.refuse-notice": gettext_lazy("A notice about a report behind it was found to be about another."),
    "trial.deposit": gettext_lazy("A trial of it has a result."),
    "screen.judge": gettext_lazy("A new report was taken in."),
    "collate.match-same": gettext_lazy("Two reports behind it were found to be one."),
    "collate.match-different": gettext_lazy("Two reports behind it were found to be two."),
    "collate.match-linked": gettext_lazy("Two reports behind it were found to be two."),
    "collate.match-open": gettext_lazy("A merge of two reports behind it was taken back."),
    "screen.settle": gettext_lazy("Two judgements behind it were settled."),
    "rate.sign-off": gettext_lazy("People approved a rating behind it."),
    "rate.take-back": gettext_lazy("The approval of a rating behind it was taken back."),
}
OTHERWISE = gettext_lazy("Something behind it has changed.")


@dataclass(frozen=True)
class Need:
    """One kind of thing that waits, who can settle it, and how a row of it reads."""

    slug: str
    title: str
    permission: str
    rows: Callable[[str], Sequence[Any]]  # for an actor: a queryset, or a list
    items: Callable[[Sequence[Any]], list[Item]]


_offered: list[Need] = []


def offer_need(need: Need) -> None:
    """Say, when a higher room loads: this waits for people there. The same again is kept once."""
    if all(one.slug != need.slug for one in _offered):
        _offered.append(need)


def of(user: Any) -> list[Need]:
    """What this person can settle: first what this room and those below know of, then what higher rooms said."""
    return [need for need in (*NEEDS, *_offered) if user.may(need.permission)]


def _drafts(actor: str) -> Sequence[Any]:
    return Draft.objects.select_related("page").order_by("page__title")


def _draft_items(drafts: Sequence[Draft]) -> list[Item]:
    return [([{"link": one.page.title, "href": f"/workspace/drafts/{one.page_id}/"}], why(one)) for one in drafts]


def why(waiting: Draft) -> Runs:
    """Why a page waits for approval: what happened to what it rests on, who did it, and the reason they gave."""
    newest = waiting.page.newest()
    stale = Artefact.objects.filter(pk=newest.pk).values_list("stale_event", flat=True).first() if newest else ""
    event = Event.objects.filter(uid=stale).first() if stale else None
    if event is None:
        return ["; ".join(waiting.reasons)]
    return [f"{MOVED.get(event.verb, OTHERWISE)} {said(event)}. {_reason(event)}"]


def _reason(event: Event) -> str:
    """The reason given with an event, where it is held here."""
    body = Payload.objects.filter(event=event, state=Payload.HELD).values_list("body", flat=True).first()
    reason = json.loads(body).get("reason", "") if body else ""
    return f"“{reason}”" if reason else ""


def _moved(actor: str) -> Sequence[Any]:
    """Revisions that are out of date and have no draft yet; those with one wait for approval."""
    drafted = Revision.objects.filter(page__in=Draft.objects.values("page"))
    moved = Artefact.objects.stale().filter(subject__kind="revision").exclude(pk__in=drafted.values("pk"))
    return moved.select_related("subject").order_by("pk")


def _moved_items(moved: Sequence[Artefact]) -> list[Item]:
    keys, events = [one.pk for one in moved], [one.stale_event for one in moved]
    pages = {one.pk: one.page for one in Revision.objects.filter(pk__in=keys).select_related("page")}
    verbs = dict(Event.objects.filter(uid__in=events).values_list("uid", "verb"))
    return [
        (
            [{"link": pages[one.pk].title, "href": f"/evidence/{pages[one.pk].slug}/"}],
            [str(MOVED.get(verbs.get(one.stale_event, ""), OTHERWISE))],
        )
        for one in moved
        if one.pk in pages
    ]


def _matches(actor: str) -> Sequence[Any]:
    return MatchProposal.objects.waiting().select_related("left", "right")


def _match_items(matches: Sequence[MatchProposal]) -> list[Item]:
    return [
        ([{"link": one.left.title, "href": f"/workspace/matches/{one.pk}/"}, _beside(one)], [one.reason])
        for one in matches
    ]


def _contradictions(actor: str) -> Sequence[Any]:
    return MatchConflict.objects.select_related("left", "right").order_by("pk")


def _contradiction_items(rows: Sequence[MatchConflict]) -> list[Item]:
    note: Runs = [_("A merge would join what somebody keeps apart; it does not stand until that is settled.")]
    return [([{"link": one.left.alone()["title"], "href": "/workspace/merges/contradictions/"}], note) for one in rows]


def _clashes(actor: str) -> Sequence[Any]:
    return all_clashes()


def _clash_items(rows: Sequence[tuple[Review, Clash]]) -> list[Item]:
    titles = dict(Report.objects.filter(pk__in=[one.speaker for _, one in rows]).values_list("pk", "title"))
    return [
        (
            [{"link": titles[one.speaker], "href": f"/workspace/judged/{review.slug}/{one.speaker}/"}],
            [gettext("%(title)s, at %(stage)s.") % {"title": review.title, "stage": one.stage}],
        )
        for review, one in rows
    ]


def _conflict_items(rows: Sequence[Candidate]) -> list[Item]:
    return [
        (
            [{"link": one.report.title, "href": f"/workspace/reviews/{one.review.slug}/conflicts/{one.pk}/"}],
            [_("%(title)s, at %(stage)s.") % {"title": one.review.title, "stage": one.stage}],
        )
        for one in rows
    ]


def _opinion_items(rows: Sequence[Waiting]) -> list[Item]:
    return [
        (
            [{"link": f"{one.review.title}: {one.stage}", "href": one.at}],
            [
                ngettext("%(count)s record to screen.", "%(count)s records to screen.", one.count)
                % {"count": f"{one.count:,}"}
            ],
        )
        for one in rows
    ]


def _beside(match: MatchProposal) -> str:
    """The other title, where it is another."""
    left, right = (re.sub(r"\W", "", one.title).casefold() for one in (match.left, match.right))
    return "" if left == right else _(" and “%(title)s”") % {"title": match.right.title}


def _task_items(rows: Sequence[Task | Rate]) -> list[Item]:
    return [([{"link": one.name, "href": one.at}], [one.asked]) for one in rows]


NEEDS = (
    Need("opinions", gettext_lazy("Records waiting for your opinion"), "screen.say", opinions_wanted, _opinion_items),
    Need("conflicts", gettext_lazy("Conflicts waiting"), "screen.say", conflicts_for, _conflict_items),
    Need("coding", gettext_lazy("Studies waiting for your coding"), "extract.study", coding_for, _task_items),
    Need(
        "appraising",
        gettext_lazy("Risk of bias waiting for your judgement"),
        "extract.study",
        appraising_for,
        _task_items,
    ),
    Need("drafts", gettext_lazy("Pages waiting for approval"), "publish.approve", _drafts, _draft_items),
    Need("moved", gettext_lazy("Published pages whose ground has moved"), "workspace.enter", _moved, _moved_items),
    Need(
        "guide-drafts",
        gettext_lazy("Guides that wait for you to read"),
        "publish.approve",
        guides.sent_drafts,
        guides.sent_items,
    ),
    Need(
        "responses",
        gettext_lazy("Responses without an answer"),
        "publish.write",
        guides.unanswered,
        guides.unanswered_items,
    ),
    Need(
        "guides-moved",
        gettext_lazy("Guides whose ground has moved"),
        "publish.write",
        guides.moved_guides,
        guides.moved_items,
    ),
    Need("guides-due", gettext_lazy("Guides to be reviewed"), "publish.write", guides.due_guides, guides.due_items),
    Need("pairs", gettext_lazy("Are these the same report?"), "collate.match", _matches, _match_items),
    Need(
        "judged", gettext_lazy("Merged reports that were judged differently"), "collate.match", _clashes, _clash_items
    ),
    Need(
        "contradictions",
        gettext_lazy("Decisions on reports that contradict one another"),
        "collate.match",
        _contradictions,
        _contradiction_items,
    ),
    Need("ratings", gettext_lazy("Ratings waiting for you"), "rate.sign", rating_for, _task_items),
    Need("sign-off", gettext_lazy("Ratings waiting to be signed off"), "rate.approve", approving_for, _task_items),
    Need("raters", gettext_lazy("Ratings that need another rater"), "rate.ask", parts_for, _task_items),
)
