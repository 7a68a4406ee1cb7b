"""Communities of practice: questions of people who do the work, and answers that say on which evidence they rest."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from whatworks.convene.models import Text
from whatworks.ledger.fields import internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.publish.models import Revision
from whatworks.scope.models import Intervention


class PracticeQuestion(SubjectRow):
    """A question about doing an intervention. Its words are a text that a moderator must show first."""

    kind, prefix = "practice question", "pqn"
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="practice_questions")
    text = models.OneToOneField(Text, on_delete=models.PROTECT, null=True, related_name="+")
    asked_on = models.DateField()

    classes: ClassVar = public("subject intervention asked_on") | internal("text")

    def subject_title(self) -> str:
        return "A question of practice"


class PracticeReply(Row):
    """An answer to a question of practice, tied to the revision of the page that it rests on."""

    prefix = "pqr"
    question = models.ForeignKey(PracticeQuestion, on_delete=models.PROTECT, related_name="replies")
    text = models.OneToOneField(Text, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField()
    by = models.CharField(max_length=64)

    classes: ClassVar = public("id question revision answered_on") | internal("text by")
