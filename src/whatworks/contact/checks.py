"""How contacts are verified: public rows are as entered, and every letter rests on a word of the person that stood when it went."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q

from whatworks.contact.methods.deciding import GIVEN, OBJECTED, WITHDRAWN
from whatworks.contact.models import ConsentRow, Edition, MailingList, Post, SentLetter
from whatworks.ledger.verification import Difference, Report, check, check_digests


@check("contact")
def check_contact(report: Report) -> None:
    """Lists, editions and posts are as their last event says; no letter went without a basis, or after a no."""
    check_digests(report, MailingList.objects.all(), "mailing lists", whole=MailingList)
    check_digests(report, Edition.objects.all(), "editions")
    check_digests(report, Post.objects.all(), "posts")
    sent = SentLetter.objects.filter(state=SentLetter.SENT)
    report.count("letters sent", sent.count())
    without = sent.exclude(consent__act=GIVEN) | sent.filter(consent__at__gt=F("sent_at"))
    for pk in without.values_list("pk", flat=True).distinct():
        report.differences.append(Difference(pk, "a letter that rests on no agreement", None, None))
    no = ConsentRow.objects.filter(
        Q(mailing_list=None) | Q(mailing_list=OuterRef("edition__mailing_list")),
        contact=OuterRef("contact"), act__in=[WITHDRAWN, OBJECTED],
        at__gt=OuterRef("consent__at"), at__lt=OuterRef("edition__begun_at"),
    )  # fmt: skip
    for pk in sent.filter(Exists(no)).values_list("pk", flat=True):
        report.differences.append(Difference(pk, "a letter to somebody who had left", None, None))
