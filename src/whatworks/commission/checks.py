"""How calls are verified: rules have their digests, what was published is what was locked, and every lot is drawn again."""

from __future__ import annotations

import hashlib

from whatworks.commission.methods.lottery import replay
from whatworks.commission.methods.rules import digest
from whatworks.commission.models import Award, CallFact, CallLock, CallOutcome, CallVersion, LotCommitment, LotDraw
from whatworks.errors import WhatworksError
from whatworks.ledger.verification import Difference, Report, check, check_digests

ROWS = {
    "versions of calls": CallVersion, "locks of calls": CallLock, "facts of calls": CallFact, "outcomes of calls": CallOutcome,
    "commitments to a lot": LotCommitment, "lots between applications": LotDraw, "awards": Award,
}  # fmt: skip


@check("commission")
def check_calls(report: Report) -> None:
    """Every row as it was entered; rules and locks have their digests; lots are drawn again."""
    for name, model in ROWS.items():
        check_digests(report, model.objects.all(), name, whole=model)
    for version in CallVersion.objects.iterator(100):
        _same(report, version.pk, "rules", version.digest, digest(version.text))
    for lock in CallLock.objects.select_related("version").iterator(100):
        _same(report, lock.pk, "rules as published", lock.digest, lock.version.digest)
    for drawn in LotDraw.objects.iterator(20):
        _same(report, drawn.pk, "lot", drawn.digest, hashlib.sha256(drawn.document.encode()).hexdigest())
        _drawn(report, drawn)


def _same(report: Report, identifier: str, what: str, stored: str, recomputed: str) -> None:
    if stored != recomputed:
        report.differences.append(Difference(identifier, what, stored, recomputed))


def _drawn(report: Report, drawn: LotDraw) -> None:
    try:
        wrong = replay(drawn.document)
    except WhatworksError as error:
        wrong = [str(error)]
    report.differences += [Difference(drawn.pk, f"lot: {line}", drawn.digest, None) for line in wrong]
