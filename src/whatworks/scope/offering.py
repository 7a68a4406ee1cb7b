"""Where questions are read."""

from __future__ import annotations

from django.urls import reverse

from whatworks.ledger.addresses import Told, lead
from whatworks.scope.models import Question


@lead(Question.kind)
def _question(identifier: str) -> Told:
    held = Question.objects.filter(pk=identifier).first()
    return (held.wording, reverse("question", args=[identifier])) if held else None
