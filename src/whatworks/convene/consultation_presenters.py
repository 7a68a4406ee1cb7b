"""Consultations as pages and documents show them, built anew each time: what was withdrawn is in none that is built after."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from whatworks.convene.consulting import counts
from whatworks.convene.models import Consultation, KeyMessage
from whatworks.convene.private_addresses import full
from whatworks.convene.theming import agreement, counted, quotes_of
from whatworks.ledger.addresses import link_to
from whatworks.trial.reports.parts import Block, Bullets, Document, Heading, Paragraph, Table

STATES = {
    "promised": gettext_lazy("Promised"),
    "under way": gettext_lazy("Under way"),
    "done": gettext_lazy("Done"),
    "not done": gettext_lazy("Not done"),
}


def message_of(message: KeyMessage) -> dict[str, Any]:
    """One key message: how many answers have its themes, those that may be shown, and what was done."""
    done = list(message.done.select_related("evidence").order_by("-number"))
    return {
        "message": message,
        "themes": list(message.consultation.themes.filter(pk__in=message.themes).order_by("order")),
        "quotes": quotes_of(message),
        "now": done[0] if done else None,
        "shows": link_to(done[0].evidence) if done and done[0].evidence else None,
        "before": done[1:],
        "stands": STATES[done[0].state] if done else "",
    }


def consultation_of(consultation: Consultation) -> dict[str, Any]:
    """A consultation: who answered, counts, themes with how far coders agreed, signed messages."""
    held = consultation.responses
    found = counted(consultation)
    agreed = {one.theme: one for one in agreement(consultation)}
    asking = Consultation.objects.asking(timezone.localdate()).filter(pk=consultation.pk).exists()
    return {
        "held": consultation,
        "asking": asking,
        "responses": held.filter(withdrawn_on=None).count(),
        "withdrawn": held.exclude(withdrawn_on=None).count(),
        "own_words": consultation.own_words.filter(response__withdrawn_on=None).count(),
        "counts": [] if asking else counts(consultation),
        "themes": [
            {"theme": one, "count": found[one.pk], "agreed": agreed[one.title]}
            for one in consultation.themes.order_by("order")
        ],
        "messages": [message_of(one) for one in consultation.messages.exclude(signed_by="").order_by("number")],
    }


def figure(value: float | None) -> str:
    """A figure of agreement with two places; a dash where it has none."""
    return "–" if value is None else f"{value:.2f}"


def document_of(told: dict[str, Any]) -> Document:
    """The key messages as a document."""
    held = told["held"]
    blocks: list[Block] = [Paragraph(_caution(told), "notice")]
    for row in told["messages"]:
        blocks += _message(row)
    rows = tuple(
        (one["theme"].title, str(one["count"]), _interval(one["agreed"].alpha), _interval(one["agreed"].ac1))
        for one in told["themes"]
    )
    if rows:
        blocks.append(Heading(_("Themes, and how far two coders agreed")))
        head = (_("Theme"), _("Answers"), _("Alpha (95%)"), _("AC1 (95%)"))
        blocks.append(
            Table(
                _("Coded by two people apart from each other, before differences were settled."),
                head,
                rows,
                (3, 1, 2, 2),
                (1,),
            )
        )
    return Document(
        kind=_("Key messages"), title=held.title, identifier=held.pk, blocks=tuple(blocks),
        foot=full(reverse("consultation", args=[held.slug])), at=_at(told), language=get_language() or "en-GB",
        notice=_("A demonstration: its answers are made up.") if held.demonstration else "",
    )  # fmt: skip


def _at(told: dict[str, Any]) -> str:
    last: str = max(row["message"].signed_at for row in told["messages"]).isoformat()
    return last


def _caution(told: dict[str, Any]) -> str:
    return _(
        "%(n)s people answered who chose to. Their answers are counted; they say nothing of how many people in all think so."
    ) % {"n": told["responses"]}


def _interval(one: Any) -> str:
    return f"{figure(one.value)} ({figure(one.low)}; {figure(one.high)})" if one.value is not None else "–"


def _message(row: dict[str, Any]) -> list[Block]:
    message = row["message"]
    blocks: list[Block] = [Heading(f"{message.number}. {message.words}")]
    if row["quotes"]:
        blocks.append(Bullets(tuple(f"“{one.text.content}”" for one in row["quotes"][:12])))
    if message.source:
        blocks.append(Paragraph(_("From: %(source)s") % {"source": message.source}, "small"))
    if row["now"]:
        blocks.append(Paragraph(f"{row['stands']}: {row['now'].words}"))
    blocks.append(
        Paragraph(_("All answers: %(address)s") % {"address": full(reverse("message", args=[message.pk]))}, "small")
    )
    return blocks
