"""Those who asked hear when what answers their question is published, is checked again, has changed, or is withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from whatworks.convene import enquiring
from whatworks.convene.enquiring_further import TOLD, tell_enquirers, who_asked
from whatworks.convene.enquiring_letters import write
from whatworks.convene.models import Enquiry
from whatworks.ledger.addresses import link_to
from whatworks.ledger.followers import STALE, follow
from whatworks.ledger.models import Artefact, Event
from whatworks.ledger.work import task
from whatworks.publish.answering import answers_of, out_of_use, standing_of
from whatworks.publish.models import Guide, GuideRevision, GuideStanding, Page, PageStanding, Revision
from whatworks.scope.models import Question

KIND, RULE = "convene.tell", "rule:telling"
MOVED, RENEWED, GONE, BACK = "moved", "renewed", "gone", "back"
LETTERS = {
    MOVED: gettext_lazy("What answers a question like yours is being checked again: %(title)s"),
    RENEWED: gettext_lazy("What answers a question like yours has changed: %(title)s"),
    GONE: gettext_lazy("We have withdrawn what answered a question like yours: %(title)s"),
    BACK: gettext_lazy("What answers a question like yours is in use again: %(title)s"),
}
BECAME = {STALE: MOVED}  # by what happened; otherwise it was renewed
BECAME |= {"publish.withdraw": GONE, "publish.withdraw-guide": GONE}
BECAME |= {"publish.reinstate": BACK, "publish.reinstate-guide": BACK}
KEPT: dict[str, Any] = {"page": Page, "guide": Guide}
# The rows that change what a page or a guide says: of which it is, since when, and why.
VERSIONS: tuple[tuple[Any, str, str, str], ...] = (
    (Revision, "page", "approved_at", "what_changed"),
    (PageStanding, "page", "at", "why"),
    (GuideRevision, "guide", "approved_at", "what_changed"),
    (GuideStanding, "guide", "at", "reason"),
)
Answering = dict[str, str]  # what may be named as an answer -> the version that is meant now


def answering(identifiers: Collection[str]) -> Answering:
    """Everything that, named as an answer, means what one of these is a version of: a revision, a withdrawal, a putting back."""
    found: Answering = {}
    for model, of, _since, _why in VERSIONS:
        wanted = [one for one in identifiers if one.startswith(f"{model.prefix}-")]
        rows = list(model.objects.filter(pk__in=wanted).values_list("pk", of)) if wanted else []
        held = KEPT[of].objects.in_bulk([one for _pk, one in rows])
        for pk, one in rows:
            found |= dict.fromkeys(answers_of(held[one]), pk)
    return found


def somebody_asked(identifiers: Collection[str]) -> bool:
    """Whether an enquiry asked what one of these answers."""
    found = answering(identifiers)
    return bool(found) and Enquiry.objects.filter(question__answer__in=found).exists()


@task(KIND)
def tell(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Tell those whom one event concerns."""
    event, what = Event.objects.get(uid=arguments["event"]), BECAME.get(arguments["verb"], RENEWED)
    moved = Artefact.objects.stale().filter(stale_event=event.uid).values_list("pk", flat=True)
    found = answering(list(moved) if what == MOVED else event.subjects)
    for answer in sorted(found):
        if what in (RENEWED, BACK):
            tell_enquirers(by=RULE, subject=answer)
        _tell_again(answer, found[answer], what)


@transaction.atomic
def _tell_again(answer: str, version: str, what: str) -> None:
    """Tell those who know of the answer already what became of it: once for each version, and nothing while it is withdrawn."""
    if what in (MOVED, RENEWED) and out_of_use(answer):
        return
    for enquiry in who_asked(Question.objects.filter(answer=answer)):
        knows = enquiry.history.filter(what=TOLD, to=answer).order_by("number").first()
        if knows is None or enquiry.history.filter(what=what, to=version).exists():
            continue
        if what != MOVED and _known(knows.at, version):
            continue
        assert enquiry.question is not None and enquiry.question.answer is not None
        write(enquiry=enquiry, by=RULE, words=_words(what, link_to(enquiry.question.answer), version))
        enquiring.happened(enquiry, what, timezone.localdate(), by=RULE, to=version)


def _known(told_at: datetime.datetime, version: str) -> bool:
    """Whether the answer stood in this version already when somebody was told of it."""
    return any(
        model.objects.filter(pk=version, **{f"{at}__lte": told_at}).exists() for model, _of, at, _why in VERSIONS
    )


def _why(version: str) -> str:
    """What the people who made a version said of it."""
    said = (model.objects.filter(pk=version).values_list(why, flat=True).first() for model, _of, _at, why in VERSIONS)
    return next((one for one in said if one), "")


def _words(what: str, link: dict[str, str], version: str) -> str:
    """A line that says what became of it, a line that says why, and the address."""
    why = standing_of(version)["checked"] if what == MOVED else _why(version)
    said = str(LETTERS[what]) % {"title": link["text"]}
    return "\n".join(filter(None, (said, why, settings.BASE_URL + link["href"])))


follow("publish.approve", "publish.approve-guide", *BECAME, kind=KIND, wanted=somebody_asked)
