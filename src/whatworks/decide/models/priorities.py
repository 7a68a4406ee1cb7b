"""Settings of priorities: which questions were put forward, who voted in which group, what came first, and what was done about it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.decide.models.decisions import Resolution
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, Subject, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Question, Theme


class PrioritySettingQuerySet(SubjectQuerySet):
    def shown(self) -> PrioritySettingQuerySet:
        """Those that readers can see: all but what is still put together, the newest first."""
        return self.exclude(state=PrioritySetting.DRAFT).order_by("-opened_at", "title")


class PrioritySetting(SubjectRow):
    """One time of asking groups of people which questions matter most. Its rule is locked by its digest when voting opens."""

    DRAFT, VOTING, CLOSED, PUBLISHED = "draft", "voting", "closed", "published"

    kind, prefix = "priority setting", "pse"
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="priority_settings")
    groups: Any = CanonicalField()  # name -> weight
    shortlist = models.IntegerField()
    choose = models.IntegerField()  # how many questions one voter may tick
    left_out: Any = CanonicalField(default=dict)  # group -> why its ballots do not count
    state = models.CharField(max_length=10, default=DRAFT)
    rule_digest = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True)
    closes_on = models.DateField()
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject slug title theme groups shortlist choose left_out state rule_digest opened_at closes_on demonstration"
    )
    objects = PrioritySettingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", rule_digest="") | (~Q(state="draft") & ~Q(rule_digest="")),
                name="setting_locks_its_rule",
            ),
        ]


class PutForward(Row):
    """A question put forward in a setting, with what was looked up first: is it answered, is something running?"""

    UNCHECKED, UNANSWERED, ANSWERED, RUNNING = "", "unanswered", "answered", "running"

    prefix = "pfw"
    setting = models.ForeignKey(PrioritySetting, on_delete=models.PROTECT, related_name="put_forward")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="put_forward")
    found = models.CharField(max_length=12, blank=True)
    by_what = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    looked = models.TextField(blank=True)  # where and how, in words
    worth = models.TextField(blank=True)  # what knowing would be worth, in words, where it could be reckoned
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id setting question found by_what looked worth by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["setting", "question"], name="put_forward_once"),
            models.CheckConstraint(condition=Q(found="") | ~Q(looked=""), name="put_forward_says_where_looked"),
            models.CheckConstraint(
                condition=Q(found__in=["", "unanswered"]) | Q(by_what__isnull=False),
                name="put_forward_names_what_answers",
            ),
        ]


class Ballot(Row):
    """One voter's points, by question. Who it was is not held: a code handed out is kept as its digest, and opens one ballot once."""

    prefix = "bal"
    setting = models.ForeignKey(PrioritySetting, on_delete=models.PROTECT, related_name="ballots")
    group = models.CharField(max_length=80)
    code_digest = models.CharField(max_length=64)
    points = CanonicalField(null=True)  # question -> points; null until it is used
    cast_on = models.DateField(null=True)  # the day alone: a time could tell who it was

    classes: ClassVar = internal("id setting group code_digest points cast_on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["setting", "code_digest"], name="ballot_code_once")]


class PriorityQuerySet(SubjectQuerySet):
    def by_place(self) -> PriorityQuerySet:
        """First to last."""
        return self.select_related("question", "setting").order_by("setting", "rank", "pk")


class Priority(SubjectRow):
    """A question's place in a published order. What became of it stands in its states."""

    kind, prefix = "priority", "pri"
    append_only = True
    setting = models.ForeignKey(PrioritySetting, on_delete=models.PROTECT, related_name="priorities")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="priorities")
    rank = models.FloatField()
    mean_rank = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    groups = CanonicalField()  # group -> rank
    listed = models.BooleanField()  # whether it came onto the short list
    at = models.DateTimeField()

    classes: ClassVar = public("subject setting question rank mean_rank low high groups listed at")
    objects = PriorityQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["setting", "question"], name="priority_once")]

    def subject_title(self) -> str:
        return self.question.wording

    def standing(self) -> PriorityState | None:
        """What became of it, last."""
        return self.states.order_by("-number").first()


class PriorityState(Row):
    """What was done about a priority, or why not: the reason, who decided, the money, and what came out of it."""

    ACCEPTED, MERGED, ANSWERED, RUNNING, DECLINED, DONE = (
        "accepted",
        "merged",
        "answered",
        "running",
        "declined",
        "done",
    )
    STATES = (ACCEPTED, MERGED, ANSWERED, RUNNING, DECLINED, DONE)

    prefix = "prs"
    append_only = True
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="states")
    number = models.IntegerField()
    state = models.CharField(max_length=10)
    reason = models.TextField()
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, null=True, related_name="+")
    money = models.IntegerField(null=True)  # whole pounds, as decided
    output = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id priority number state reason resolution money output by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["priority", "number"], name="priority_state_numbered_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="priority_state_has_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["merged", "answered", "running", "done"]) | Q(output__isnull=False),
                name="priority_state_names_what",
            ),
        ]
