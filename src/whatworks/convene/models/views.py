"""Consultations: what was asked, what people answered, which themes two people found in it, and what was promised."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.convene.models.events import Gathering
from whatworks.convene.models.panels import PanelMeeting
from whatworks.convene.models.texts import Text
from whatworks.ledger.fields import CanonicalField, internal, public, secret
from whatworks.ledger.models import Row, Subject, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class ConsultationQuerySet(SubjectQuerySet):
    def asking(self, day: datetime.date) -> ConsultationQuerySet:
        """Those that people can answer on this day."""
        return self.filter(opens_on__lte=day, closes_on__gte=day).order_by("closes_on", "title")


class Consultation(SubjectRow):
    """Questions put to people. `questions` are key, sort (choice, scale or text), words and options, in their order."""

    kind, prefix = "public consultation", "cvw"
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    questions: Any = CanonicalField(default=list)
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, null=True, related_name="consultations")
    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, null=True, related_name="consultations")
    facts: Any = CanonicalField(default=list)
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject slug title about opens_on closes_on questions gathering meeting facts demonstration"
    )
    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(closes_on__gte=models.F("opens_on")), name="consultation_ends_later"
            )
        ]


class Response(Row):
    """One person's answers but for their own words, which are texts of the guard. Who it was is not known."""

    prefix = "rsn"
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="responses")
    answers: Any = CanonicalField(default=dict)  # by key: what was chosen
    scope = models.CharField(max_length=8)
    origin = models.CharField(max_length=200)  # the form, or the name of the file it came in
    token = models.CharField(max_length=64, blank=True)
    on = models.DateField()
    withdrawn_on = models.DateField(null=True)

    classes: ClassVar = internal("id consultation answers scope origin on withdrawn_on") | secret("token")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(scope__in=["count", "quote"]), name="response_scope_known")]


class AnswerQuerySet(models.QuerySet):
    def to_code(self) -> AnswerQuerySet:
        """Answers whose words can be read: not withdrawn, not in quarantine, not refused, not deleted."""
        return (
            self.filter(response__withdrawn_on=None, text__state__in=[Text.WAITING, Text.SHOWN, Text.KEPT])
            .select_related("text", "response")
            .order_by("number")
        )

    def quotable(self) -> AnswerQuerySet:
        """Answers that a report may show: the person allowed it and has not withdrawn, and a moderator let it through."""
        return (
            self.filter(response__withdrawn_on=None, response__scope="quote", text__state=Text.SHOWN)
            .select_related("text", "response")
            .order_by("number")
        )


class Answer(Row):
    """One answer in somebody's own words. The words are in the text; a withdrawn one keeps its number and its place in counts."""

    prefix = "wrd"
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="own_words")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="own_words")
    question = models.CharField(max_length=40)
    number = models.IntegerField()
    text = models.OneToOneField(Text, on_delete=models.PROTECT, related_name="answer")

    classes: ClassVar = internal("id response consultation question number text")
    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="own_words_numbered_once")]


class Theme(SubjectRow):
    """Something that several people said, in words of ours."""

    kind, prefix = "consultation theme", "cth"
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="themes")
    order = models.IntegerField()
    title = models.CharField(max_length=160)
    meaning = models.TextField(blank=True)

    classes: ClassVar = public("subject consultation order title meaning")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "order"], name="theme_ordered_once")]


class ThemeSuggestion(Row):
    """What a machine proposes about an answer. It is never a coding, and never shown to readers."""

    prefix = "tsu"
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="suggestions")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="suggestions")
    score = models.FloatField()
    method = models.CharField(max_length=80)

    classes: ClassVar = internal("id answer theme score method")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "theme"], name="suggested_once")]


class ThemeCoding(Row):
    """Which themes one person found in one answer, without seeing what the other found."""

    prefix = "tco"
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="codings")
    coder = models.CharField(max_length=64)
    themes: Any = CanonicalField(default=list)
    at = models.DateTimeField()

    classes: ClassVar = internal("id answer coder themes at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "coder"], name="coded_once_by_each")]


class ThemeSettled(Row):
    """Which themes stand for an answer: where the two agree by that, else by whoever settled it, saying why."""

    prefix = "tse"
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="settled")
    themes: Any = CanonicalField(default=list)
    why = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id answer themes why by at")


class KeyMessage(SubjectRow):
    """What the centre takes from a consultation, signed by a person; the answers it rests on open from it."""

    kind, prefix = "key message", "kms"
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="messages")
    number = models.IntegerField()
    words = models.TextField()
    themes: Any = CanonicalField(default=list)  # identifiers of the themes it rests on
    source = models.TextField(blank=True)
    address = models.URLField(blank=True, max_length=400)
    signed_by = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)

    classes: ClassVar = public("subject consultation number words themes source address signed_by signed_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="message_numbered_once"),
            models.CheckConstraint(
                condition=Q(signed_by="", signed_at=None) | ~Q(signed_by="") & Q(signed_at__isnull=False),
                name="message_signed_by_somebody",
            ),
        ]

    def subject_title(self) -> str:
        return f"Message {self.number}: {self.words[:120]}"


class MessageDone(Row):
    """What was done about a key message, with what shows it, or why nothing was. The last one stands; earlier ones stay."""

    prefix = "mdo"
    append_only = True
    message = models.ForeignKey(KeyMessage, on_delete=models.PROTECT, related_name="done")
    number = models.IntegerField()
    state = models.CharField(max_length=12)
    words = models.TextField()
    evidence = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.URLField(blank=True, max_length=400)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id message number state words evidence address by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="message_done_numbered_once"),
            models.CheckConstraint(
                condition=Q(state__in=["promised", "under way", "done", "not done"]), name="message_done_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(evidence__isnull=False) | ~Q(address=""), name="message_done_is_shown"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="message_done_says_something"),
        ]
