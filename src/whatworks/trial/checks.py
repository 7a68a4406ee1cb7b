"""How trials are verified: what was locked, frozen, drawn and analysed comes out again from what it was made of."""

from __future__ import annotations

import hashlib

from whatworks.errors import WhatworksError
from whatworks.ledger.verification import ITERATIVE, Difference, Report, check, check_digests, compare
from whatworks.trial import participants
from whatworks.trial.analysing import computed_panel
from whatworks.trial.inside import digests, vouched
from whatworks.trial.methods.allocating.concealing import differs
from whatworks.trial.methods.allocating.listing import list_digest
from whatworks.trial.methods.allocating.replaying import read_allocation, replay
from whatworks.trial.methods.design import digest
from whatworks.trial.models import (
    Allocation,
    ConcealedDraw,
    Correlation,
    Dataset,
    Delivered,
    FrozenList,
    PilotAnswer,
    ProgressionDecision,
    Sight,
    ToldDraw,
    TrialAnalysis,
    TrialLock,
    TrialProtocol,
    UnitEvent,
)

ROWS = {
    "trial protocols": TrialProtocol,
    "trial locks": TrialLock,
    "frozen lists": FrozenList,
    "allocations": Allocation,
    "told draws": ToldDraw,
    "answers of pilots": PilotAnswer,
    "decisions on going on": ProgressionDecision,
    "events of units": UnitEvent,
    "data sets": Dataset,
    "analyses of trials": TrialAnalysis,
    "correlations": Correlation,
}


@check("trial")
def check_trials(report: Report) -> None:
    """Every row as it was entered; designs, locks and lists have their digests; draws are drawn, and analyses computed, again."""
    for name, model in ROWS.items():
        check_digests(report, model.objects.all(), name, whole=model)
    _check_inside(report)
    for protocol in TrialProtocol.objects.exclude(design="").iterator(200):
        _same(report, protocol.pk, "design", protocol.digest, digest(protocol.design))
    for lock in TrialLock.objects.select_related("protocol").iterator(200):
        _same(report, lock.pk, "what was locked", lock.digest, digest(lock.text) if lock.text else lock.protocol.digest)
    for frozen in FrozenList.objects.iterator(50):
        _same(report, frozen.pk, "list", frozen.digest, list_digest(frozen.listed()))
    for drawn in Allocation.objects.iterator(20):
        _drawn(report, drawn)
    for held in Dataset.objects.select_related("trial").iterator(20):
        _data(report, held)


def _check_inside(report: Report) -> None:
    """What was delivered, and who looked at arms, is as it was written down; none of it may be gone where its payloads are here."""
    for name, model in (("what was delivered", Delivered), ("looks at arms", Sight)):
        held, known = digests(model.objects.all()), vouched(model)
        if not held:
            continue
        report.count(name, len(held))
        for pk in sorted({*held, *known}):
            _same(report, pk, name, known.get(pk, ""), held.get(pk, ""))


def _same(report: Report, identifier: str, what: str, stored: str, recomputed: str) -> None:
    if stored != recomputed:
        report.differences.append(Difference(identifier, what, stored, recomputed))


def _drawn(report: Report, drawn: Allocation) -> None:
    """The file has its digest, and its draw comes out again; of a concealed one the whole file is what was published, where it is here."""
    _same(report, drawn.pk, "allocation", drawn.digest, hashlib.sha256(drawn.document.encode()).hexdigest())
    text = drawn.document
    if drawn.concealed:
        kept = ConcealedDraw.objects.filter(allocation=drawn).values_list("document", flat=True)
        files = [*filter(None, [drawn.whole_file()]), *kept]
        for one in files:
            if what := differs(drawn.document, one):
                report.differences.append(Difference(drawn.pk, f"concealed draw: {what}", drawn.digest, None))
        if not files:
            report.notes.append(f"The arms of {drawn.pk} are concealed and not here; its draw was not repeated.")
            return
        text = files[0]
    try:
        found = replay(read_allocation(text))
    except WhatworksError as error:
        report.differences.append(Difference(drawn.pk, str(error), drawn.digest, None))
        return
    if not found.reproduced:
        report.differences.append(Difference(drawn.pk, f"draw: {found.first_difference}", drawn.digest, None))


def _data(report: Report, held: Dataset) -> None:
    """Where the rows are here: the file has its digest, and every analysis of it comes out again. Where they are not, that is said."""
    if not participants.here(held):
        report.notes.append(
            f"The rows of {held.pk} are not in the store of participants here; its analyses were not computed again."
        )
        return
    for analysis in held.analyses.select_related("trial", "protocol").iterator(10):
        try:
            found = computed_panel(analysis)
        except WhatworksError as error:
            report.differences.append(Difference(analysis.pk, str(error), analysis.digest, None))
            continue
        report.differences += compare(analysis.pk, analysis.panel["panel"], found["panel"], ITERATIVE)
