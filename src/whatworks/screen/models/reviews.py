"""Reviews, the searches behind them, what was judged in or out, and counts that others published."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import Report, Source
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Theme


class ReviewQuerySet(SubjectQuerySet):
    def listed(self) -> ReviewQuerySet:
        """Reviews that readers are shown."""
        return self.filter(listed=True)


class JudgementQuerySet(models.QuerySet):
    def standing(self) -> JudgementQuerySet:
        """Judgements that count: those that were not taken back."""
        return self.filter(withdrawal=None)


class Review(SubjectRow):
    """A question and the body of evidence gathered for it: by systematic search, or trials that could be sourced."""

    SYSTEMATIC, SOURCED = "systematic", "sourced"

    kind, prefix = "review", "rvw"
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    question = models.TextField()
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="reviews")
    sort = models.CharField(max_length=12)
    conducted_by = models.TextField()
    citation = models.TextField(blank=True)
    url = models.URLField(max_length=400, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    last_search = models.DateField(null=True)
    lead = models.TextField(blank=True)
    listed = models.BooleanField(default=True)  # whether readers are shown it; not yet while a team is at work

    classes: ClassVar = public(
        "subject slug title question theme sort conducted_by citation url licence last_search lead listed"
    )
    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            # What was never searched has no date of a last search.
            models.CheckConstraint(
                condition=Q(sort="systematic") | Q(sort="sourced", last_search=None), name="review_search_honest"
            )
        ]

    @property
    def systematic(self) -> bool:
        """Whether there was a systematic search."""
        return self.sort == self.SYSTEMATIC


class Search(Row):
    """One source searched for a review: when, how far back, and how many records it gave."""

    prefix = "sea"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="searches")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="searches")
    covers_from = models.IntegerField(null=True)
    searched_on = models.DateField(null=True)
    lines = models.IntegerField(null=True)
    results = models.IntegerField(null=True)
    duplicates = models.IntegerField(null=True)
    full_texts = models.IntegerField(null=True)
    included = models.IntegerField(null=True)

    classes: ClassVar = public("id review source covers_from searched_on lines results duplicates full_texts included")


class Judgement(Row):
    """What a review decided about a report at a stage: by one person, by agreement of several, or by a third.

    What each screener said is an Opinion. A judgement that no longer counts has a Withdrawal.
    """

    INCLUDE, EXCLUDE = "include", "exclude"
    TITLE, FULL_TEXT = "title and abstract", "full text"

    prefix = "jdg"
    append_only = True
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="judgements")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="judgements")
    stage = models.CharField(max_length=20)
    decision = models.CharField(max_length=8)
    reason = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=120)

    classes: ClassVar = public("id review report stage decision reason detail by")
    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=["include", "exclude"]), name="judgement_known"),
            models.CheckConstraint(condition=Q(stage__in=["title and abstract", "full text"]), name="stage_known"),
        ]


class Withdrawal(Row):
    """That a judgement no longer counts: somebody took an opinion back, or another came that differs."""

    prefix = "wdr"
    append_only = True
    judgement = models.OneToOneField(Judgement, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.CharField(max_length=120)

    classes: ClassVar = public("id judgement by")


class Settlement(Row):
    """That a judgement settles others that differed when their reports were found to be one."""

    prefix = "stl"
    append_only = True
    judgement = models.OneToOneField(Judgement, on_delete=models.PROTECT, related_name="settlement")
    over: Any = CanonicalField()  # identifiers of the judgements that give way to it
    by = models.CharField(max_length=120)

    classes: ClassVar = public("id judgement over by")


class PublishedCount(Row):
    """A count that the review's authors published and for which no records are held here: drawn differently."""

    prefix = "pct"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="published_counts")
    item = models.CharField(max_length=60)
    label = models.CharField(max_length=160)
    n = models.IntegerField()
    source_url = models.URLField(max_length=400)

    classes: ClassVar = public("id review item label n source_url")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "item", "label"], name="published_count_once")]
