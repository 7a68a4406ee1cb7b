"""How judgements are verified: each stands as it was last argued, and what two judged blind is as they gave it."""

from __future__ import annotations

import json

from whatworks.extract.appraising_two import TOLD
from whatworks.extract.models import Agreed, Appraisal, Judging, Verdict
from whatworks.ledger.canonical import digest
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.verification import Difference, Report, check

BLIND = "extract.judge-blind"


@check("extract appraisals")
def check_appraisals(report: Report) -> None:
    """Appraisals say what their last working says; verdicts what their events vouch for; what was agreed rests on them."""
    last = {one.appraisal_id: one for one in Judging.objects.order_by("number").iterator(2000)}
    for row in Appraisal.objects.filter(pk__in=last).iterator(2000):
        report.count("appraisals as argued")
        stands, argued = (row.domains, row.overall), (last[row.pk].domains, last[row.pk].overall)
        if stands != argued:
            report.differences.append(Difference(row.pk, "judgement", stands, argued))
    _check_verdicts(report)


def _check_verdicts(report: Report) -> None:
    held = {one.pk: one for one in Verdict.objects.iterator(2000)}
    vouched: dict[str, str] = {}
    events = Event.objects.filter(verb=BLIND, payload__state=Payload.HELD).values_list("payload__body", flat=True)
    for body in events.iterator(2000):
        told = json.loads(body)
        vouched[told.get("verdict", "")] = told.get("digest", "")
    for pk, one in held.items():
        report.count("verdicts")
        found = digest({name: getattr(one, name) for name in TOLD})
        if vouched.get(pk, found) != found:
            report.differences.append(Difference(pk, "verdict changed outside the ledger", found, vouched[pk]))
    for agreed in Agreed.objects.iterator(2000):
        report.differences += [
            Difference(agreed.pk, "verdict missing", None, pk) for pk in agreed.over if pk not in held
        ]
