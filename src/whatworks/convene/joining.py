"""Who asked a question, on its page; what came of the meeting of a panel, on the panel's page and on its members' own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from whatworks.convene.enquiring_further import refuse_words_of
from whatworks.convene.models import Disclosure, Enquiry, PanelMeeting
from whatworks.ledger.addresses import link_to
from whatworks.ledger.sections import Section, offer
from whatworks.publish.answering import standing_of
from whatworks.scope.models import Outcome, Question, Theme
from whatworks.scope.presenters import state_of
from whatworks.scope.questioning import take_up


def asked(question: str) -> Section | None:
    """On a question's page: how many asked it, what we answered some of them for everybody to read, which panel raised it.

    How many stays as it was when somebody is forgotten.
    """
    number = Enquiry.objects.filter(question=question).count()
    answers = list(Disclosure.objects.filter(question=question).order_by("number"))
    meeting = PanelMeeting.objects.filter(pk__in=_origin(question)).select_related("panel").first()
    if not number and meeting is None and not answers:
        return None
    told = {"number": number, "answers": answers, "meeting": meeting}
    return Section(_("Who asked"), render_to_string("convene/asked_here.html", told))


def _origin(question: str) -> Any:
    held = Question.objects.filter(pk=question, origin_kind=PanelMeeting.kind)
    return held.exclude(origin=None).values("origin")


@transaction.atomic
def raise_in_meeting(
    *, by: str, meeting: PanelMeeting, wording: str, theme: Theme | None = None, outcome: Outcome | None = None
) -> Question:
    """Make a question of what was said in a meeting of a panel, in our words. Its members see on their pages what comes of it.

    Raises InputError where the wording names somebody, or carries what a member said.
    """
    refuse_words_of(wording, meeting.sayings.exclude(words="").values_list("words", flat=True))
    return take_up(
        by=by,
        wording=wording,
        theme=theme,
        outcome=outcome,
        origin=meeting.pk,
        origin_kind=PanelMeeting.kind,
        demonstration=meeting.panel.demonstration,
    )


def came_of(meeting: PanelMeeting) -> list[dict[str, Any]]:
    """The questions that a meeting of a panel raised, each with where it stands and what answers it."""
    rows = Question.objects.filter(origin=meeting.pk).select_related("answer").order_by("asked_on", "pk")
    return [
        {
            "question": one,
            "state": state_of(one),
            "answer": link_to(one.answer) if one.answer else None,
            **standing_of(one.answer_id),
        }
        for one in rows
    ]


offer(Question.kind, asked, order=20)
