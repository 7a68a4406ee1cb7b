"""Published national and thematic learning from cases: what a publication is, how two people coded it, and what was agreed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from whatworks.ledger.fields import CanonicalField, internal, personal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.scope.models import Intervention

COUNTRIES = (
    "England", "Wales", "Scotland", "Northern Ireland", "United Kingdom", "Ireland", "Australia", "Canada", "New Zealand",
    "United States",
)  # fmt: skip


class CasePublication(SubjectRow):
    """A publication about many cases. No text of it is kept, no number under ten, and of places only the country.

    It is deleted, with all its codes, when its source withdraws it; so it is not append-only.
    """

    NATIONAL, THEMATIC = "national", "thematic"

    kind, prefix = "case publication", "cpu"
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=160)
    year = models.IntegerField()
    country = models.CharField(max_length=20)
    sort = models.CharField(max_length=10)
    cases = models.IntegerField(null=True)  # on which it rests; null where it does not say
    counted = models.CharField(max_length=200, blank=True)  # what that number counts
    summary = models.TextField(blank=True)  # in our own words
    link = models.URLField(max_length=400, blank=True)
    number = models.CharField(max_length=80, blank=True)  # DOI or ISBN
    licence = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300)  # where these facts were read
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject slug title publisher year country sort cases counted summary link number licence source demonstration"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=["national", "thematic"]), name="case_publication_is_not_local"
            ),
            models.CheckConstraint(condition=Q(cases=None) | Q(cases__gte=10), name="case_publication_of_ten_or_more"),
            models.CheckConstraint(condition=Q(country__in=COUNTRIES), name="case_publication_of_a_country"),
        ]


class CaseCoding(Row):
    """What one person coded of a publication, unseen by the other. It never leaves in an open pack."""

    prefix = "cco"
    publication = models.ForeignKey(CasePublication, on_delete=models.PROTECT, related_name="codings")
    version = models.IntegerField()  # of the frame
    coder = models.CharField(max_length=64)
    codes: Any = CanonicalField()  # dimension -> term -> [place, cases]
    at = models.DateTimeField()

    classes: ClassVar = internal("id publication version codes at") | personal("coder")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "version", "coder"], name="case_coded_once_by_each"),
        ]


class CaseSettledQuerySet(models.QuerySet):
    def standing(self) -> CaseSettledQuerySet:
        """The newest of each publication, in the order of titles: what readers see."""
        last = CaseSettled.objects.filter(publication=OuterRef("publication")).order_by("-version").values("pk")[:1]
        held = self.filter(pk=Subquery(last)).select_related("publication")
        return held.order_by("publication__title", "publication__slug")


class CaseSettled(Row):
    """What a publication says by one version of the frame, as two people agreed, or as was settled between them."""

    prefix = "cse"
    publication = models.ForeignKey(CasePublication, on_delete=models.PROTECT, related_name="settled")
    version = models.IntegerField()
    codes: Any = CanonicalField()  # dimension -> term -> place
    shown: Any = CanonicalField(default=dict)  # dimension -> term -> number of cases, where it may be shown
    counts: Any = CanonicalField(default=dict)  # the same before the rules of disclosure; it does not leave
    apart: Any = CanonicalField(default=dict)  # dimension -> terms that only one of the two coded
    why = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id publication version codes shown apart why by at") | internal("counts")
    objects = CaseSettledQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "version"], name="case_settled_once_by_version"),
        ]


class CaseLink(Row):
    """That a theme raises a question about an intervention. It never says that one helps or harms."""

    prefix = "cli"
    theme = models.CharField(max_length=60)  # a key of the frame
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="case_links")
    why = models.CharField(max_length=400)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id theme intervention why by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "intervention"], name="case_theme_linked_once")]


class CaseTombstone(Row):
    """That something was withdrawn by its source and removed on a day. Of what it was, only identifiers that say nothing."""

    prefix = "cto"
    append_only = True
    on = models.DateField()
    removed: Any = CanonicalField()  # identifiers of the rows that are gone

    classes: ClassVar = public("id on removed")
