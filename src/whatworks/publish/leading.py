"""Where pages, guides, maps, reviews, reports, studies and numbers are read, for whoever cites them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.ledger.addresses import Told, lead
from whatworks.ledger.models import Subject
from whatworks.publish.models import Guide, GuideRevision, Package, Page, Revision
from whatworks.screen.models import Review


@lead("page")
def _page(identifier: str) -> Told:
    held = Page.objects.filter(pk=identifier, revisions__isnull=False).first()
    return (held.title, reverse("page", args=[held.slug])) if held else None


@lead("intervention")
def _intervention(identifier: str) -> Told:
    held = Page.objects.filter(intervention=identifier, revisions__isnull=False).first()
    return (held.title, reverse("page", args=[held.slug])) if held else None


@lead("revision")
def _revision(identifier: str) -> Told:
    held = Revision.objects.select_related("page").filter(pk=identifier).first()
    if held is None:
        return None
    title = _("%(page)s, revision %(number)s") % {"page": held.page.title, "number": held.number}
    return title, reverse("page_revision", args=[held.page.slug, held.number])


@lead("guide")
def _guide(identifier: str) -> Told:
    held = Guide.objects.shown().filter(pk=identifier).first()
    return (held.title, reverse("guide", args=[held.slug])) if held else None


@lead("guide revision")
def _guide_revision(identifier: str) -> Told:
    held = GuideRevision.objects.select_related("guide").filter(pk=identifier).first()
    return (held.guide.title, reverse("guide_revision", args=[held.guide.slug, held.number])) if held else None


@lead("package")
def _package(identifier: str) -> Told:
    held = Package.objects.filter(pk=identifier, shown=True).first()
    return (held.title, reverse("package", args=[held.slug])) if held else None


@lead("review")
def _review(identifier: str) -> Told:
    held = Review.objects.listed().filter(pk=identifier).first()
    return (held.subject_title(), reverse("review", args=[held.slug])) if held else None


@lead("report")
def _report(identifier: str) -> Told:
    return _titled(identifier, "report")


@lead("study")
def _study(identifier: str) -> Told:
    return _titled(identifier, "study")


@lead("finding", "contrast", "analysis", "synthesis", "rating")
def _number(identifier: str) -> Told:
    return _titled(identifier, "trace")


def _titled(identifier: str, address: str) -> Told:
    held = Subject.objects.filter(pk=identifier).first()
    return (held.title, reverse(address, args=[identifier])) if held else None
