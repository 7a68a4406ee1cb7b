"""Where pages, guides, maps, reviews, reports, studies and numbers are read, for whoever cites them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.extract.models import Appraisal
from whatworks.ledger.addresses import Told, lead
from whatworks.ledger.models import Subject
from whatworks.publish.models import (
    Consultation,
    EvidenceMap,
    Guide,
    GuideRevision,
    MapVersion,
    Package,
    Page,
    Revision,
)
from whatworks.publish.tracing.thread import THREADS
from whatworks.scope.models import Theme
from whatworks.screen.models import Review
from whatworks.synthesise.models import Synthesis


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


@lead(*THREADS)
def _number(identifier: str) -> Told:
    return _titled(identifier, "trace")


@lead("analysis")
def _analysis(identifier: str) -> Told:
    """An analysis is read by what came of it, by our own default where there are several."""
    held = Synthesis.objects.current().filter(analysis=identifier).order_by("role", "pk")
    newest = held.filter(role=Synthesis.DEFAULT).first() or held.first()
    return _titled(newest.pk, "trace") if newest else None


@lead("appraisal")
def _appraisal(identifier: str) -> Told:
    held = Appraisal.objects.filter(pk=identifier).select_related("study").first()
    if held is None or held.study is None:
        return None
    return held.study.name, f"{reverse('study', args=[held.study_id])}#appraisal"


@lead("theme")
def _theme(identifier: str) -> Told:
    held = Theme.objects.filter(pk=identifier).first()
    return (held.name, f"{reverse('store')}?theme={held.slug}") if held else None


@lead("evidence map")
def _map(identifier: str) -> Told:
    held = EvidenceMap.objects.for_readers().filter(pk=identifier).first()
    return (held.title, reverse("map_other", args=[held.slug])) if held else None


@lead("map version")
def _map_version(identifier: str) -> Told:
    held = MapVersion.objects.filter(pk=identifier, map__shown=True).select_related("map").first()
    return (held.map.title, reverse("map_other", args=[held.map.slug])) if held else None


@lead("consultation")
def _consultation(identifier: str) -> Told:
    held = Consultation.objects.filter(pk=identifier).select_related("guide").first()
    if held is None or not Guide.objects.shown().filter(pk=held.guide_id).exists():
        return None
    return held.guide.title, reverse("guide_consultation", args=[held.guide.slug, held.number])


def _titled(identifier: str, address: str) -> Told:
    held = Subject.objects.filter(pk=identifier).first()
    return (held.title, reverse(address, args=[identifier])) if held else None
