"""What `verify` asks: every day that is due is what the clock says, what was decided stands as it was, nothing deleted is left."""

from __future__ import annotations

from whatworks.convene import enquiring
from whatworks.convene.models import Challenge, Disclosure, Enquiry, Moderated, Quarantined, Text
from whatworks.ledger.verification import Difference, Report, check, check_digests
from whatworks.scope.models import Question

ROWS = {
    "decisions of moderators": Moderated,
    "answers given to everybody": Disclosure,
    "challenges": Challenge,
    "questions taken up": Question,
}


@check("convene enquiries")
def check_enquiries(report: Report) -> None:
    """Rows as they were entered; the clock of every enquiry run again; no words left of a text that was deleted."""
    for name, model in ROWS.items():
        check_digests(report, model.objects.all(), name)
    for enquiry in Enquiry.objects.order_by("pk").iterator(200):
        report.count("clocks of enquiries")
        standing = enquiring.standing_of(enquiry)
        if (standing.due_on, standing.state) != (enquiry.due_on, enquiry.state):
            stored, now = f"{enquiry.state}, {enquiry.due_on}", f"{standing.state}, {standing.due_on}"
            report.differences.append(Difference(enquiry.pk, "where an enquiry stands", stored, now))
    for left in Quarantined.objects.filter(text__state=Text.DELETED).values_list("text", flat=True):
        report.differences.append(Difference(left, "words of a deleted text", "kept apart", "gone"))
