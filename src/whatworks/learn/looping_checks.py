"""How answers and the rows of the living loop are verified: each as it was entered; what an answer cites is here."""

from __future__ import annotations

from whatworks.learn.methods.citing import cited
from whatworks.learn.models import PracticeAnswer, SavedSearch, SuggestionDeclined
from whatworks.ledger.models import Subject
from whatworks.ledger.verification import Difference, Report, check, check_digests

ROWS = {"saved searches": SavedSearch, "declined suggestions": SuggestionDeclined, "practice answers": PracticeAnswer}


@check("learn.loop")
def check_loop(report: Report) -> None:
    """Every row as it was entered, and every citation of an answer is of something that is here."""
    for name, model in ROWS.items():
        check_digests(report, model.objects.all(), name, whole=model)
    for answer in PracticeAnswer.objects.order_by("pk"):
        wanted = set(cited(answer.parts))
        held = set(Subject.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        report.count("citations of answers looked up", len(wanted))
        report.differences += [Difference(answer.pk, "cites", key, None) for key in sorted(wanted - held)]
