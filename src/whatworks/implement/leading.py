"""Where sites, what they changed, and questions of practice are read: only what a place and a moderator let show."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.convene.models import Text
from whatworks.implement.models import Adaptation, PracticeQuestion, Site
from whatworks.implement.showing import shown_site
from whatworks.ledger.addresses import Told, lead
from whatworks.publish.models import Page


@lead(Site.kind)
def _site(identifier: str) -> Told:
    held = Site.objects.filter(pk=identifier).first()
    site = shown_site(held.slug) if held else None
    return (site.name, reverse("site", args=[site.slug])) if site else None


@lead(Adaptation.kind)
def _adaptation(identifier: str) -> Told:
    held = Adaptation.objects.select_related("site").filter(pk=identifier).first()
    site = shown_site(held.site.slug) if held else None
    if held is None or site is None:
        return None
    title = _("%(site)s, adaptation %(number)s") % {"site": site.name, "number": held.number}
    return title, f"{reverse('site', args=[site.slug])}#adaptation-{held.number}"


@lead(PracticeQuestion.kind)
def _practice_question(identifier: str) -> Told:
    held = PracticeQuestion.objects.filter(pk=identifier, text__state=Text.SHOWN).first()
    page = Page.objects.filter(intervention=held.intervention_id, revisions__isnull=False).first() if held else None
    if page is None:
        return None
    return _("A question on %(page)s") % {"page": page.title}, f"{reverse('community', args=[page.slug])}#{identifier}"
