"""Where releases are read, for whoever cites them."""

from __future__ import annotations

from django.urls import reverse

from whatworks.archive.models import Release
from whatworks.ledger.addresses import Told, lead


@lead(Release.kind)
def _release(identifier: str) -> Told:
    held = Release.objects.filter(pk=identifier).first()
    return (held.subject_title(), reverse("release", args=[held.number])) if held else None
