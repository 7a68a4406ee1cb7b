"""Forgetting that runs by itself: enquiries some time after they were closed, texts some time after they were not shown."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from whatworks.convene import enquiring, guarding
from whatworks.convene.models import Enquiry, Text
from whatworks.ledger.work import task

RULE = "rule:retention"


@task("convene.forget-enquiry")
def forget_enquiry(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Forget who asked and what, unless something happened to the enquiry since."""
    enquiry = Enquiry.objects.filter(pk=arguments["enquiry"]).exclude(state__in=Enquiry.OPEN).first()
    last = enquiry.history.order_by("-number").first() if enquiry else None
    if enquiry and last and last.at + enquiring.KEPT_FOR <= timezone.now():
        enquiring.forget(by=RULE, enquiry=enquiry)


@task("convene.forget-text")
def forget_text(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Delete the words of a text that was not shown, unless somebody decided otherwise since."""
    text = Text.objects.filter(pk=arguments["text"], state=Text.REFUSED).first()
    if text and text.decided_at and text.decided_at + guarding.KEPT_FOR <= timezone.now():
        guarding.delete(by=RULE, text=text, reason=text.reason)
