"""How trials are verified: what was locked, drawn and analysed is what its digest says."""

from __future__ import annotations

import hashlib

from whatworks.ledger.verification import Difference, Report, check, check_digests
from whatworks.trial.methods.design import digest
from whatworks.trial.models import Allocation, TrialAnalysis, TrialLock, TrialProtocol, UnitEvent


@check("trial")
def check_trials(report: Report) -> None:
    """Recompute the digests of designs, locks and draws; every row must be as it was entered."""
    for rows, name in (
        (TrialProtocol.objects.all(), "protocols"),
        (TrialLock.objects.all(), "locks"),
        (Allocation.objects.all(), "allocations"),
        (UnitEvent.objects.all(), "events of units"),
        (TrialAnalysis.objects.all(), "analyses of trials"),
    ):
        check_digests(report, rows, name)
    for protocol in TrialProtocol.objects.exclude(design="").iterator(200):
        _same(report, protocol.pk, protocol.digest, digest(protocol.design))
    for lock in TrialLock.objects.select_related("protocol").iterator(200):
        _same(report, lock.pk, lock.digest, digest(lock.text) if lock.text else lock.protocol.digest)
    for drawn in Allocation.objects.iterator(50):
        _same(report, drawn.pk, drawn.digest, hashlib.sha256(drawn.document.encode()).hexdigest())


def _same(report: Report, identifier: str, stored: str, recomputed: str) -> None:
    if stored != recomputed:
        report.differences.append(Difference(identifier, "digest", stored, recomputed))
