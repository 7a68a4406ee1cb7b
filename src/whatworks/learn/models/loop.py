"""The living loop: searches that are run again, suggestions that were declined, who does what by when, answers written from the store."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import Report, Strategy
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Question
from whatworks.screen.models import Review


class SavedSearchQuerySet(models.QuerySet):
    def standing(self) -> SavedSearchQuerySet:
        """Those that are still to be run again, by review and search."""
        rows = self.filter(ended_on=None).select_related("review", "strategy__source")
        return rows.order_by("review__title", "strategy__name", "pk")


class SavedSearch(Row):
    """That a search is run again for a review, every so many days. The search's words and its runs are those of `collate`."""

    prefix = "svs"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="saved_searches")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="saved_for")
    every_days = models.IntegerField()
    since = models.DateField()
    by = models.CharField(max_length=64)
    ended_on = models.DateField(null=True)

    classes: ClassVar = public("id review strategy every_days since by ended_on")
    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "strategy"], name="search_saved_once"),
            models.CheckConstraint(condition=Q(every_days__gte=1, every_days__lte=1100), name="search_saved_for_days"),
        ]


class SuggestionDeclined(Row):
    """That a suggested report is not given to a review, and why. Taking one in is the review's own act and leaves no row here."""

    prefix = "sdc"
    append_only = True
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id review report reason by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "report"], name="suggestion_declined_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="suggestion_declined_says_why"),
        ]


class WorkShare(Row):
    """Who does a piece of work, and by when. The work itself is derived from what is so: this row neither makes it nor ends it."""

    prefix = "wsh"
    kind = models.CharField(max_length=24)
    about = models.CharField(max_length=24)  # the identifier of what the work is about
    owner = models.CharField(max_length=64)  # an actor; empty: nobody
    due_on = models.DateField(null=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id kind about owner due_on by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="work_shared_once")]


class AnswerDraft(Row):
    """An answer that somebody writes; nobody outside sees it before a second person approves it."""

    prefix = "adr"
    question = models.OneToOneField(Question, on_delete=models.PROTECT, related_name="answer_draft")
    parts: Any = CanonicalField()  # rows of words and cites
    asked_as = models.CharField(max_length=24, blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    sent_back = models.TextField(blank=True)  # why it is not approved yet

    classes: ClassVar = internal("id question parts asked_as by at sent_back")


class PracticeAnswerQuerySet(SubjectQuerySet):
    def newest(self) -> PracticeAnswerQuerySet:
        """The last answer to each question."""
        later = PracticeAnswer.objects.filter(
            question=models.OuterRef("question"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(later)).select_related("question__theme").order_by("-approved_at", "pk")


class PracticeAnswer(SubjectRow):
    """An answer to a question, written from the store: each paragraph with what it rests on. A later one stands beside it."""

    KINDS = ("practitioner", "young person", "parent or carer", "leader", "researcher", "other")

    kind, prefix = "practice answer", "pwr"
    append_only = True
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="practice_answers")
    number = models.IntegerField()
    parts: Any = CanonicalField()  # rows of words and cites
    asked_as = models.CharField(max_length=24, blank=True)  # what kind of person asked; never who
    by = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64)
    approved_at = models.DateTimeField()

    classes: ClassVar = public("subject question number parts asked_as by written_at approved_by approved_at")
    objects = PracticeAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="practice_answer_numbered_once"),
            models.CheckConstraint(condition=~Q(by=models.F("approved_by")), name="practice_answer_by_two"),
            models.CheckConstraint(
                condition=Q(
                    asked_as__in=[
                        "",
                        "practitioner",
                        "young person",
                        "parent or carer",
                        "leader",
                        "researcher",
                        "other",
                    ]
                ),
                name="practice_answer_asked_as_known",
            ),
        ]

    def subject_title(self) -> str:
        return self.question.wording
